/* assess export: one assessment, signed, for members that are named. */
#include "core/joint.h"
#include "core/words.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/which_assessment.h"
#include "protocol/doc_shared.h"

#include <string.h>

/* ---- what is asked for ----------------------------------------------------------------------- */

/* A member of the network by its whole name, so that it finds itself meant; others as typed. */
static int add_for(
	struct kl_node *node, struct kl_shared *s, const char *typed, struct kl_fault *fault)
{
	const struct kl_roster_member *member;
	struct kl_fault said = {0};
	char *name = s->for_whom[s->for_count];
	int rc = node->network ? kl_find_member(node, typed, &member, &said) : KL_E_NOT_FOUND;

	if (rc && rc != KL_E_NOT_FOUND) {
		*fault = said;
		return rc;
	}
	rc = kl_text_set(
		name, KL_MEMBER_NAME_MAX, rc ? typed : member->name, false, "a name", fault);
	if (!rc && !*name)
		rc = kl_fault(fault, KL_E_USAGE, "--for: a name is empty");
	s->for_count += !rc;
	return rc;
}

static int take_for(struct kl_node *node, struct kl_ask *ask, struct kl_shared *s)
{
	struct kl_value list, item;
	struct kl_cursor c;
	char typed[KL_MEMBER_NAME_MAX];
	int rc = kl_get_array(&ask->args, "for", &list);

	if (rc || !list.count) {
		kl_fault(&ask->fault, KL_E_USAGE, "for whom? --for NAME is needed");
		return kl_fault_hint(&ask->fault, "an assessment is passed on by name: to a "
						  "council or an anchor that you work "
						  "with");
	}
	if (list.count > KL_SHARED_FOR_MAX)
		return kl_fault(
			&ask->fault, KL_E_USAGE, "--for: at most %d names", KL_SHARED_FOR_MAX);
	c = kl_cursor(&list);
	while (!rc && kl_cursor_next(&c, &item)) {
		if (kl_value_text(&item, typed, sizeof typed))
			return kl_fault(&ask->fault, KL_E_USAGE, "--for: a name is too long");
		rc = add_for(node, s, typed, &ask->fault);
	}
	return rc;
}

static int take_flags(struct kl_ask *ask, struct kl_shared *s, bool *ret_dry)
{
	bool no_words = false, no_names = false;

	if (kl_get_bool_or(&ask->args, "without_notes", false, &no_words) ||
		kl_get_bool_or(&ask->args, "without_names", false, &no_names) ||
		kl_get_bool_or(&ask->args, "dry_run", false, ret_dry))
		return kl_fault(&ask->fault, KL_E_USAGE, "a flag is neither true nor false");
	s->words = !no_words;
	s->names = !no_names;
	return KL_OK;
}

/* ---- what leaves ----------------------------------------------------------------------------- */

static int sign(struct kl_node *node, struct kl_shared *s, struct kl_fault *fault)
{
	const struct kl_identity *self = &node->home.identity;
	struct kl_id hash;
	int rc;

	(void)kl_copy_text(s->from, sizeof s->from, self->name);
	s->member.identity = self->sign.public_key;
	memcpy(s->member.curve_key, self->curve.public_key.b, sizeof s->member.curve_key);
	s->member.kind = self->kind;
	kl_today(s->date);
	rc = kl_shared_hash(s, &hash);
	if (rc)
		return kl_fault(fault, rc, "out of memory");
	kl_sign(&self->sign, kl_id_bytes(&hash), s->signature);
	return KL_OK;
}

static void put_content(struct kl_writer *w, const struct kl_assessment *a)
{
	struct kl_assessment_content c;

	kl_assessment_content(a, &c);
	kl_put_map(w, "content", 6);
	kl_put_uint(w, "scores", c.scores);
	kl_put_uint(w, "statements", c.statements);
	kl_put_uint(w, "notes", c.notes);
	kl_put_uint(w, "evidence", c.evidence);
	kl_put_uint(w, "principles", c.principles);
	kl_put_uint(w, "strategies", c.strategies);
}

/* Whether somebody sees to the next action of a subject, who is not named for one before it. */
static bool is_new_owner(const struct kl_assessment *a, size_t subject)
{
	for (size_t s = 0; s < subject; s++)
		if (kl_words_equal(a->notes[s].owner, a->notes[subject].owner))
			return false;
	return *a->notes[subject].owner != '\0';
}

static void put_owners(struct kl_writer *w, const struct kl_assessment *a)
{
	size_t n = 0;

	for (size_t s = 0; s < KL_SUBJECTS; s++)
		n += is_new_owner(a, s);
	kl_put_array(w, "owners", n);
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		if (is_new_owner(a, s))
			kl_write_text(w, a->notes[s].owner);
}

static void put_export(struct kl_writer *w, const struct kl_shared *s, bool dry)
{
	const struct kl_assessment *a = s->assessment;

	kl_write_map(w, 13);
	kl_put_text(w, "from", s->from);
	kl_put_array(w, "for", s->for_count);
	for (uint8_t i = 0; i < s->for_count; i++)
		kl_write_text(w, s->for_whom[i]);
	kl_put_period(w, "period", a->period);
	kl_put_said(w, "place", a->place);
	kl_put_uint(w, "revision", s->revision);
	kl_put_text(w, "date", s->date);
	kl_put_array(w, "assessors", a->assessor_count);
	for (uint8_t i = 0; i < a->assessor_count; i++)
		kl_write_text(w, a->assessors[i].name);
	put_owners(w, a);
	kl_put_bool(w, "words", s->words);
	kl_put_bool(w, "names", s->names);
	put_content(w, a);
	kl_put_bool(w, "exported", !dry);
	kl_write_text(w, "file");
	if (dry)
		kl_write_nil(w);
	else
		kl_doc_shared_encode(w, s);
}

static int export(struct kl_node *node, struct kl_ask *ask, struct kl_shared *s)
{
	bool dry = false;
	int rc = take_flags(ask, s, &dry);

	if (rc)
		return rc;
	if (!s->words)
		kl_assessment_without_words(s->assessment);
	if (!s->names)
		kl_assessment_without_names(s->assessment);
	rc = sign(node, s, &ask->fault);
	if (rc)
		return rc;
	put_export(&ask->out, s, dry);
	return kl_ask_answer(ask);
}

int kl_cmd_assess_export(void *data, struct kl_ask *ask)
{
	struct kl_shared shared = {.for_count = 0};
	int rc = take_for(data, ask, &shared);

	if (!rc)
		rc = kl_ask_assessment(data, ask, &shared.assessment, &shared.revision);
	if (rc)
		return rc;
	rc = export(data, ask, &shared);
	kl_assessment_destroy(shared.assessment);
	return rc;
}
