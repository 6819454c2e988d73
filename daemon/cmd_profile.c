/* profile ...: what a member says about itself in public. */
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/own_profile.h"

#include <string.h>

/* Fields as "name": text; what the roster confirms stands beside what is said. */
static void put_profile(struct kl_writer *w, const char *member, const struct kl_profile *profile,
	bool published, const struct kl_roster_member *confirmed)
{
	char text[4096];
	const char *name, *label;
	size_t n = 0;

	for (size_t i = 0; kl_profile_field(profile, i, &name, &label, text, sizeof text); i++)
		n += text[0] != '\0';
	kl_write_map(w, 4);
	kl_put_text(w, "member", member);
	kl_put_bool(w, "published", published);
	kl_put_bool(w, "confirmed", confirmed != NULL);
	kl_put_array(w, "fields", n);
	for (size_t i = 0; kl_profile_field(profile, i, &name, &label, text, sizeof text); i++) {
		if (!text[0])
			continue;
		kl_write_map(w, 3);
		kl_put_text(w, "field", name);
		kl_put_text(w, "label", label);
		kl_put_text(w, "value", text);
	}
}

static int show_own(struct kl_node *node, struct kl_ask *ask)
{
	struct kl_profile profile;
	const struct kl_roster_member *self = node->network ? kl_network_self(node->network) : NULL;
	int rc = kl_own_profile(node, &profile, &ask->fault);

	if (rc)
		return rc;
	put_profile(&ask->out, profile.name, &profile, self != NULL, self);
	kl_profile_deinit(&profile);
	return kl_ask_answer(ask);
}

int kl_cmd_profile_show(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	const struct kl_roster_member *member;
	const struct kl_member *said;
	char name[256];
	int rc;

	if (kl_get_text(&ask->args, "member", name, sizeof name))
		return show_own(node, ask);
	rc = kl_find_member(node, name, &member, &ask->fault);
	if (rc)
		return rc;
	said = kl_members_find(&node->network->members, &member->identity);
	if (!said || !said->has_profile)
		return kl_fault(&ask->fault, KL_E_NOT_FOUND, "%s has published no profile yet",
			member->name);
	put_profile(&ask->out, member->name, &said->profile, true, member);
	return kl_ask_answer(ask);
}

int kl_cmd_profile_set(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_profile profile;
	struct kl_value list, item;
	struct kl_cursor cursor;
	bool dry = false;
	int rc;

	if (kl_get_array(&ask->args, "set", &list) || !list.count ||
		kl_get_bool_or(&ask->args, "dry_run", false, &dry))
		return kl_fault(
			&ask->fault, KL_E_USAGE, "expected FIELD=VALUE, such as population=211439");
	rc = kl_own_profile(node, &profile, &ask->fault);
	if (rc)
		return rc;
	cursor = kl_cursor(&list);
	while (!rc && kl_cursor_next(&cursor, &item)) {
		char assignment[4096];

		rc = kl_value_text(&item, assignment, sizeof assignment);
		rc = rc ? kl_fault(&ask->fault, KL_E_USAGE, "a field is too long")
			: kl_profile_assign(&profile, assignment, &ask->fault);
	}
	if (!rc)
		rc = kl_profile_check(&profile, &ask->fault);
	if (!rc && !dry)
		rc = kl_own_profile_keep(node, &profile, &ask->fault);
	if (!rc)
		put_profile(&ask->out, profile.name, &profile,
			!dry && node->network && kl_network_self(node->network), NULL);
	kl_profile_deinit(&profile);
	return rc ? rc : kl_ask_answer(ask);
}
