/* policy show, policy set: a member's social value policy, in public. */
#include "core/day.h"
#include "core/hash.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/own_policy.h"
#include "daemon/policy_answer.h"
#include "daemon/policy_filter.h"

#include <string.h>

enum { ASSIGNMENT_MAX = 16 << 10 };

/* ---- show ---------------------------------------------------------------------------------- */

/* What is kept here; whether it stands in the feed as well. */
static int show_own(struct kl_node *node, struct kl_ask *ask)
{
	const struct kl_policy *public_one =
		node->network
			? kl_policy_in_force(&node->network->policies, &node->network->own.author)
			: NULL;
	struct kl_policy own;
	int rc = kl_own_policy(node, &own, &ask->fault);

	if (rc)
		return rc;
	if (kl_policy_is_empty(&own)) {
		kl_policy_deinit(&own);
		kl_fault(&ask->fault, KL_E_NOT_FOUND, "you have not said anything of a policy yet");
		(void)kl_fault_hint(&ask->fault,
			node->home.identity.kind == KL_MEMBER_CONVENOR
				? "keeplocal policy list names the members that have one"
				: "keeplocal policy set FIELD=VALUE..., or keeplocal template "
				  "policy");
		return KL_E_NOT_FOUND;
	}
	kl_write_map(&ask->out, 6);
	kl_put_text(&ask->out, "member", node->home.identity.name);
	kl_put_bool(&ask->out, "published", public_one != NULL);
	kl_put_nil(&ask->out, "time");
	kl_put_policy_fields(&ask->out, &own);
	kl_put_policy_class(&ask->out, &own, node->home.identity.kind);
	kl_policy_deinit(&own);
	return kl_ask_answer(ask);
}

static int has_none(const struct kl_roster_member *member, const struct kl_member_policy *said,
	struct kl_fault *fault)
{
	return kl_fault(fault, KL_E_NOT_FOUND,
		said && said->n ? "%s has withdrawn its policy" : "%s has published no policy",
		member->name);
}

int kl_cmd_policy_show(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	const struct kl_roster_member *member;
	const struct kl_member_policy *said;
	char name[256], time[KL_UTC_TEXT_MAX];
	int rc;

	if (kl_get_text(&ask->args, "member", name, sizeof name))
		return show_own(node, ask);
	rc = kl_find_policy_member(node, name, &member, &ask->fault);
	if (rc)
		return rc;
	said = kl_policies_find(&node->network->policies, &member->identity);
	if (!said || !said->policy)
		return has_none(member, said, &ask->fault);
	kl_write_map(&ask->out, 6);
	kl_put_text(&ask->out, "member", member->name);
	kl_put_bool(&ask->out, "published", true);
	kl_put_text(&ask->out, "time", kl_utc_format(kl_policy_newest(said)->time_ms, time));
	kl_put_policy_fields(&ask->out, said->policy);
	kl_put_policy_class(&ask->out, said->policy, member->attributes.kind);
	return kl_ask_answer(ask);
}

/* ---- set ----------------------------------------------------------------------------------- */

struct draft {
	struct kl_node *node;
	struct kl_policy before, after;
	struct kl_id id; /* of what it says */
	bool dry, heard, unchanged;
};

static int read_draft(struct draft *d, struct kl_ask *ask)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	char text[ASSIGNMENT_MAX];
	unsigned n = 1;
	int rc = KL_OK;

	if (kl_get_array(&ask->args, "set", &list) || !list.count)
		return kl_fault(
			&ask->fault, KL_E_USAGE, "expected FIELD=VALUE, such as weight_percent=20");
	for (cursor = kl_cursor(&list); !rc && kl_cursor_next(&cursor, &item); n++) {
		rc = kl_value_text(&item, text, sizeof text);
		rc = rc ? kl_fault(&ask->fault, KL_E_USAGE,
				  "value %u of %u is too long, or has characters that are no plain "
				  "text",
				  n, (unsigned)list.count)
			: kl_policy_assign(&d->after, text, &ask->fault);
	}
	return rc ? rc : kl_policy_check(&d->after, &ask->fault);
}

static int identify(struct draft *d, struct kl_fault *fault)
{
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_payload_policy_write(&w, &d->after);
	rc = kl_writer_bytes(&w, &bytes);
	if (rc)
		kl_fault(fault, rc, "out of memory");
	else
		kl_blake2b(bytes, &d->id);
	kl_writer_deinit(&w);
	return rc;
}

/* What a person said yes to is exactly what comes to be. */
static int check_seen(const struct draft *d, struct kl_ask *ask)
{
	char hex[KL_ID_HEX_MAX], seen[KL_ID_HEX_MAX];

	if (kl_get_text(&ask->args, "draft", seen, sizeof seen))
		return KL_OK;
	kl_hex(d->id.b, KL_ID_BYTES, hex);
	return strcmp(hex, seen) != 0 ? kl_fault(&ask->fault, KL_E_BUSY,
						"the policy was changed by somebody else just now: "
						"look at it again")
				      : KL_OK;
}

/* Nothing to do: it says what it said, and stands where it would. */
static bool is_unchanged(const struct draft *d)
{
	for (size_t i = 0; i < kl_policy_form.n; i++)
		if (!kl_policy_same(i, &d->before, &d->after))
			return false;
	return !d->heard ||
	       kl_policy_in_force(&d->node->network->policies, &d->node->network->own.author);
}

static int may_say(const struct draft *d, struct kl_fault *fault)
{
	const struct kl_network *network = d->node->network;
	const struct kl_roster_member *self = network ? kl_network_self(network) : NULL;

	if (d->node->home.identity.kind == KL_MEMBER_CONVENOR)
		return kl_fault(fault, KL_E_DENIED,
			"a convenor buys nothing for a place: policies are those of councils and "
			"community anchors");
	if (self && self->state != KL_MEMBER_ACTIVE)
		return kl_fault(fault, KL_E_DENIED,
			"only active members of a network say what "
			"their policy is");
	return d->heard ? kl_network_may_append(d->node->network, fault) : KL_OK;
}

static void put_draft(struct kl_writer *w, const struct draft *d)
{
	char hex[KL_ID_HEX_MAX];

	kl_hex(d->id.b, KL_ID_BYTES, hex);
	kl_write_map(w, 9);
	kl_put_text(w, "member", d->node->home.identity.name);
	kl_put_bool(w, "published", d->heard && !d->dry);
	kl_put_bool(w, "public", d->heard);
	kl_put_bool(w, "unchanged", d->unchanged);
	kl_put_text(w, "draft", hex);
	kl_put_policy_changes(w, &d->before, &d->after);
	kl_put_policy_fields(w, &d->after);
	kl_put_policy_class(w, &d->after, d->node->home.identity.kind);
}

static int set(struct draft *d, struct kl_ask *ask)
{
	int rc = may_say(d, &ask->fault);

	if (!rc)
		rc = read_draft(d, ask);
	if (!rc)
		rc = identify(d, &ask->fault);
	if (!rc)
		rc = check_seen(d, ask);
	if (rc)
		return rc;
	d->unchanged = is_unchanged(d);
	if (!d->dry && !d->unchanged)
		rc = kl_own_policy_keep(d->node, &d->after, &ask->fault);
	if (!rc)
		put_draft(&ask->out, d);
	return rc;
}

int kl_cmd_policy_set(void *data, struct kl_ask *ask)
{
	struct draft draft = {.node = data, .heard = kl_own_policy_is_heard(data)};
	int rc;

	if (kl_get_bool_or(&ask->args, "dry_run", false, &draft.dry))
		return kl_fault(&ask->fault, KL_E_USAGE, "dry_run is yes or no");
	rc = kl_own_policy(data, &draft.before, &ask->fault);
	if (rc)
		return rc;
	rc = kl_policy_copy(&draft.before, &draft.after);
	if (rc)
		kl_policy_init(&draft.after);
	else
		rc = set(&draft, ask);
	kl_policy_deinit(&draft.before);
	kl_policy_deinit(&draft.after);
	return rc ? rc : kl_ask_answer(ask);
}
