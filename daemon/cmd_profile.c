/* profile ...: what a member says about itself in public. */
#include "core/council.h"
#include "core/succession.h"
#include "daemon/alike_members.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/own_profile.h"
#include "daemon/profile_answer.h"
#include "daemon/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- show ------------------------------------------------------------------------------------ */

/* How a council that is no more leads to this member. */
static void put_note(struct kl_writer *w, const char *asked, const char *gss)
{
	const struct kl_succession *change = asked[0] ? kl_succession_find(asked) : NULL;
	char words[KL_SUCCESSION_WORDS_MAX];

	if (change && strcmp(change->from, gss) != 0 && kl_succession_touches(change->from, gss))
		kl_put_text(w, "note", kl_succession_words(change, words));
	else
		kl_put_nil(w, "note");
}

/* A council that says to come before or after itself, or before and after the same one. */
static const char *circle(const struct kl_profile *profile)
{
	const char *gss = profile->attributes.gss;

	if (profile->replaces[0] && !strcmp(profile->replaces, gss))
		return "Replaces names its own code: the code of the council before it belongs "
		       "there";
	if (profile->replaced_by[0] && !strcmp(profile->replaced_by, gss))
		return "Replaced by names its own code: that field is for a council that is no "
		       "more, "
		       "and takes it out of comparisons";
	if (profile->replaces[0] && !strcmp(profile->replaces, profile->replaced_by))
		return "Replaces and Replaced by name the same code: one of them is wrong";
	return NULL;
}

static void put_warnings(struct kl_writer *w, struct kl_node *node,
	const struct kl_profile *profile, const char *gss)
{
	char warning[KL_PROFILE_WARNING_MAX];
	bool any = kl_gss_warning(node, gss, warning);
	const char *round = circle(profile);

	kl_put_array(w, "warnings", (size_t)any + (round != NULL));
	if (any)
		kl_write_text(w, warning);
	if (round)
		kl_write_text(w, round);
}

struct shown {
	const char *member, *asked;
	const struct kl_id *id;
	const struct kl_profile *profile;
	const struct kl_roster_member *confirmed;
	bool published, own;
};

static int put_shown(struct kl_node *node, struct kl_ask *ask, const struct shown *s)
{
	const char *gss = s->confirmed && s->confirmed->attributes.gss[0]
				  ? s->confirmed->attributes.gss
				  : s->profile->attributes.gss;
	struct kl_writer *w = &ask->out;

	kl_write_map(w, 10);
	kl_put_text(w, "member", s->member);
	kl_put_text(w, "kind", kl_member_kind_name(s->profile->attributes.kind));
	kl_put_bool(w, "own", s->own);
	kl_put_bool(w, "published", s->published);
	put_note(w, s->asked, gss);
	kl_put_profile_fields(w, node, s->profile, s->confirmed);
	kl_put_profile_missing(w, s->profile);
	kl_put_council_history(
		w, s->profile->attributes.kind == KL_MEMBER_COUNCIL || kl_succession_of(gss) ? gss
											     : "");
	kl_put_alike_to(w, "alike", node->network, s->id, s->profile, s->confirmed);
	put_warnings(w, node, s->profile, gss);
	return kl_ask_answer(ask);
}

static int show_own(struct kl_node *node, struct kl_ask *ask)
{
	struct kl_profile profile;
	const struct kl_roster_member *self = node->network ? kl_network_self(node->network) : NULL;
	struct shown shown = {.asked = "", .profile = &profile, .confirmed = self, .own = true};
	int rc = kl_own_profile(node, &profile, &ask->fault);

	if (rc)
		return rc;
	shown.member = profile.name;
	shown.id = &node->home.identity.sign.public_key;
	shown.published = kl_own_profile_is_public(node);
	rc = put_shown(node, ask, &shown);
	kl_profile_deinit(&profile);
	return rc;
}

int kl_cmd_profile_show(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	const struct kl_roster_member *member;
	const struct kl_member *said;
	struct shown shown = {.published = true};
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
	shown.member = member->name;
	shown.asked = name;
	shown.id = &member->identity;
	shown.profile = &said->profile;
	shown.confirmed = member;
	return put_shown(node, ask, &shown);
}

/* ---- set ------------------------------------------------------------------------------------- */

/* A change of the own profile: typed fields, or what the table of councils says, or both. */
struct change {
	struct kl_profile before, after;
	const struct kl_council *council; /* whose row fills, or NULL */
	struct kl_council_says says[KL_COUNCIL_SAYS_MAX];
	size_t n_says;
	bool dry, fill, overwrite;
};

static void field_text(
	const struct kl_profile *profile, const char *field, char out[KL_PROFILE_VALUE_MAX])
{
	const char *label;
	size_t i = 0;

	out[0] = '\0';
	if (!kl_profile_field_find(field, &i, NULL))
		(void)kl_profile_field(profile, i, &field, &label, out, KL_PROFILE_VALUE_MAX);
}

static int take_typed(struct kl_ask *ask, struct kl_profile *profile)
{
	char assignment[KL_SLUG_MAX + KL_PROFILE_VALUE_MAX];
	struct kl_value list, item;
	struct kl_cursor cursor;
	int rc = KL_OK;

	if (kl_get_array(&ask->args, "set", &list))
		return KL_OK;
	cursor = kl_cursor(&list);
	while (!rc && kl_cursor_next(&cursor, &item)) {
		rc = kl_value_text(&item, assignment, sizeof assignment);
		rc = rc ? kl_refuse_typed(&item, "a field", sizeof assignment - 1, &ask->fault)
			: kl_profile_assign(profile, assignment, &ask->fault);
	}
	return rc;
}

/* Another council than the profile has: its row would be mixed with what is said of the first. */
static int check_same_council(
	struct kl_node *node, const struct change *c, const char *named, struct kl_fault *fault)
{
	const char *said = c->after.attributes.gss;

	if (!named[0] || !said[0] || c->overwrite || kl_reference_gss(node, said) == c->council)
		return KL_OK;
	kl_fault(fault, KL_E_CONFLICT, "your profile says %s, and %s is %s", said, c->council->name,
		c->council->gss);
	return kl_fault_hint(fault,
		"keeplocal profile fill takes the row of %s; --overwrite takes that of %s in place "
		"of what you said",
		said, kl_council_short(c->council));
}

/* The row that is named, or that of the profile's own code, or that of the member's own name. */
static int find_row(struct kl_node *node, struct kl_ask *ask, const char *named, struct change *c)
{
	const struct kl_attributes *a = &c->after.attributes;
	const char *text = named[0]                       ? named
			   : a->gss[0]                    ? a->gss
			   : a->kind == KL_MEMBER_COUNCIL ? c->after.name
							  : "";
	int rc;

	if (!text[0]) {
		kl_fault(&ask->fault, KL_E_USAGE, "of which council area?");
		return kl_fault_hint(&ask->fault,
			"name the council that you work in: keeplocal profile fill \"NAME or GSS "
			"code\"");
	}
	rc = kl_reference_find(node, text, &c->council, &ask->fault);
	return rc ? rc : check_same_council(node, c, named, &ask->fault);
}

/* Nothing that a person said is replaced unless that is asked for. */
static int fill(struct kl_node *node, struct kl_ask *ask, struct change *c)
{
	char named[KL_MEMBER_NAME_MAX], said[KL_PROFILE_VALUE_MAX];
	int rc = kl_ask_text(ask, "council", named, sizeof named);

	if (!rc)
		rc = find_row(node, ask, named, c);
	if (rc)
		return rc;
	c->n_says = kl_council_says(c->council, c->after.attributes.kind, c->says);
	for (size_t i = 0; !rc && i < c->n_says; i++) {
		field_text(&c->after, c->says[i].field, said);
		if (!strcmp(c->says[i].field, "gss") &&
			kl_reference_gss(node, said) == c->council) /* perhaps by another code */
			(void)kl_copy_text(c->says[i].value, sizeof c->says[i].value, said);
		if (!said[0] || c->overwrite)
			rc = kl_profile_set(
				&c->after, c->says[i].field, c->says[i].value, &ask->fault);
	}
	return rc;
}

static int make_change(struct kl_node *node, struct kl_ask *ask, struct change *c)
{
	struct kl_value list;
	bool typed = !kl_get_array(&ask->args, "set", &list) && list.count;
	int rc;

	if (kl_get_bool_or(&ask->args, "dry_run", false, &c->dry) ||
		kl_get_bool_or(&ask->args, "fill", false, &c->fill) ||
		kl_get_bool_or(&ask->args, "overwrite", false, &c->overwrite) ||
		(!typed && !c->fill))
		return kl_fault(
			&ask->fault, KL_E_USAGE, "expected FIELD=VALUE, such as population=211439");
	rc = take_typed(ask, &c->after);
	if (!rc && c->fill)
		rc = fill(node, ask, c);
	return rc ? rc : kl_profile_check(&c->after, &ask->fault);
}

/* What a field was and will be. */
static void put_changes(struct kl_writer *w, struct kl_node *node, const struct change *c)
{
	char before[KL_PROFILE_VALUE_MAX], after[KL_PROFILE_VALUE_MAX], words[KL_PROFILE_VALUE_MAX];
	const char *name, *label;
	size_t n = 0;

	for (int writing = 0; writing < 2; writing++) {
		if (writing)
			kl_put_array(w, "changes", n);
		for (size_t i = 0;
			kl_profile_field(&c->before, i, &name, &label, before, sizeof before) &&
			kl_profile_field(&c->after, i, &name, &label, after, sizeof after);
			i++) {
			if (!strcmp(before, after))
				continue;
			n++;
			if (!writing)
				continue;
			kl_write_map(w, 5);
			kl_put_text(w, "field", name);
			kl_put_text(w, "label", label);
			kl_put_said(w, "before",
				kl_profile_words(node, i, before, words, sizeof words));
			kl_put_said(w, "value", after);
			kl_put_said(
				w, "words", kl_profile_words(node, i, after, words, sizeof words));
		}
	}
}

/* What the person said and the table says otherwise: it stays as it was. */
static void put_kept(struct kl_writer *w, struct kl_node *node, const struct change *c)
{
	char said[KL_PROFILE_VALUE_MAX], words[KL_PROFILE_VALUE_MAX];
	const char *name, *label;
	size_t n = 0;

	for (int writing = 0; writing < 2; writing++) {
		if (writing)
			kl_put_array(w, "kept", n);
		for (size_t k = 0; k < c->n_says; k++) {
			size_t i = 0;

			if (kl_profile_field_find(c->says[k].field, &i, NULL) ||
				!kl_profile_field(&c->after, i, &name, &label, said, sizeof said) ||
				!strcmp(said, c->says[k].value))
				continue;
			n++;
			if (!writing)
				continue;
			kl_write_map(w, 4);
			kl_put_text(w, "field", name);
			kl_put_text(w, "label", label);
			kl_put_said(
				w, "said", kl_profile_words(node, i, said, words, sizeof words));
			kl_put_said(w, "table",
				kl_profile_words(node, i, c->says[k].value, words, sizeof words));
		}
	}
}

/* Whose row it was, how many fields the table of councils could still fill, and how many councils are in
 * that table. */
static void put_source(struct kl_writer *w, struct kl_node *node, const struct change *c)
{
	const struct kl_council *row = kl_reference_gss(node, c->after.attributes.gss);
	struct kl_council_says says[KL_COUNCIL_SAYS_MAX];
	const struct kl_reference *table;
	char said[KL_PROFILE_VALUE_MAX];
	uint64_t more = 0;
	size_t n = row ? kl_council_says(row, c->after.attributes.kind, says) : 0;

	for (size_t i = 0; i < n; i++) {
		field_text(&c->after, says[i].field, said);
		more += !said[0];
	}
	kl_put_text(w, "council", c->council ? c->council->name : NULL);
	if (c->council && c->council->population_year &&
		c->after.attributes.kind == KL_MEMBER_COUNCIL)
		kl_put_uint(w, "population_year", c->council->population_year);
	else
		kl_put_nil(w, "population_year");
	kl_put_uint(w, "fillable", more);
	kl_put_uint(w, "table", kl_reference_get(node, &table, NULL) ? 0 : table->n);
}

static bool is_unchanged(const struct change *c)
{
	char before[KL_PROFILE_VALUE_MAX], after[KL_PROFILE_VALUE_MAX];
	const char *name, *label;

	for (size_t i = 0; kl_profile_field(&c->before, i, &name, &label, before, sizeof before) &&
			   kl_profile_field(&c->after, i, &name, &label, after, sizeof after);
		i++)
		if (strcmp(before, after) != 0)
			return false;
	return true;
}

static void put_set(struct kl_writer *w, struct kl_node *node, const struct change *c)
{
	const struct kl_roster_member *self = node->network ? kl_network_self(node->network) : NULL;
	bool public = kl_own_profile_is_public(node);

	kl_write_map(w, 14);
	kl_put_text(w, "member", c->after.name);
	kl_put_text(w, "kind", kl_member_kind_name(c->after.attributes.kind));
	kl_put_bool(w, "published", public && !c->dry);
	kl_put_bool(w, "private", !public);
	kl_put_bool(w, "unchanged", is_unchanged(c));
	put_source(w, node, c);
	put_changes(w, node, c);
	put_kept(w, node, c);
	kl_put_profile_fields(w, node, &c->after, self);
	kl_put_alike_to(
		w, "alike", node->network, &node->home.identity.sign.public_key, &c->after, self);
	put_warnings(w, node, &c->after, c->after.attributes.gss);
}

int kl_cmd_profile_set(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct change c = {.dry = false};
	int rc = kl_own_profile(node, &c.before, &ask->fault);

	if (rc)
		return rc;
	rc = kl_profile_copy(&c.before, &c.after);
	if (rc) {
		kl_profile_deinit(&c.before);
		return kl_fault(&ask->fault, rc, "out of memory");
	}
	rc = make_change(node, ask, &c);
	if (!rc && !c.dry && !is_unchanged(&c))
		rc = kl_own_profile_keep(node, &c.after, &ask->fault);
	if (!rc)
		put_set(&ask->out, node, &c);
	kl_profile_deinit(&c.before);
	kl_profile_deinit(&c.after);
	return rc ? rc : kl_ask_answer(ask);
}
