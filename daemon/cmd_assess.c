/* assess record, assess show: what assessors think of the area, and on what that rests. */
#include "core/assessment_fill.h"
#include "core/words.h"
#include "daemon/commands.h"
#include "daemon/which_assessment.h"
#include "store/documents.h"

#include <string.h>

enum { ASSIGNMENTS_MAX = 256 }; /* of one field in one ask */

/* ---- the answer ---------------------------------------------------------------------------- */

static void put_rests_on(struct kl_writer *w, unsigned on)
{
	kl_put_array(w, "rests_on",
		(on & KL_RESTS_ON_STATEMENTS ? 1u : 0u) + (on & KL_RESTS_ON_NOTE ? 1u : 0u) +
			(on & KL_RESTS_ON_EVIDENCE ? 1u : 0u));
	if (on & KL_RESTS_ON_STATEMENTS)
		kl_write_text(w, "statements");
	if (on & KL_RESTS_ON_NOTE)
		kl_write_text(w, "note");
	if (on & KL_RESTS_ON_EVIDENCE)
		kl_write_text(w, "evidence");
}

static void put_answer(struct kl_writer *w, const struct kl_assessment *a,
	const struct kl_assessor *assessor, size_t subject)
{
	const struct kl_answer *answer = &assessor->answers[subject];

	kl_write_map(w, 7);
	kl_put_text(w, "assessor", assessor->name);
	kl_put_score(w, "score", kl_answer_score(answer, subject));
	kl_put_score(w, "given", answer->score);
	kl_put_score(w, "follows", kl_answer_following(answer, subject));
	kl_put_array(w, "statements", kl_subject_statements(subject));
	for (unsigned i = 0; i < kl_subject_statements(subject); i++)
		if (answer->statements[i] == KL_NO_SCORE)
			kl_write_nil(w);
		else
			kl_write_int(w, answer->statements[i]);
	put_rests_on(w, kl_answer_rests_on(a, answer, subject));
	kl_put_said(w, "note", answer->note);
}

static bool answered(const struct kl_answer *answer, size_t subject)
{
	return answer->score != KL_NO_SCORE || answer->note[0] ||
	       kl_answer_answered(answer, subject);
}

static void put_answers(struct kl_writer *w, const struct kl_assessment *a, size_t subject)
{
	size_t n = 0;

	for (uint8_t i = 0; i < a->assessor_count; i++)
		n += answered(&a->assessors[i].answers[subject], subject);
	kl_put_array(w, "answers", n);
	for (uint8_t i = 0; i < a->assessor_count; i++)
		if (answered(&a->assessors[i].answers[subject], subject))
			put_answer(w, a, &a->assessors[i], subject);
}

static void put_notes(struct kl_writer *w, const struct kl_subject_notes *n)
{
	kl_put_said(w, "strengths", n->strengths);
	kl_put_said(w, "gaps", n->gaps);
	kl_put_said(w, "opportunities", n->opportunities);
	kl_put_said(w, "private", n->sectors[KL_NOTE_PRIVATE]);
	kl_put_said(w, "public", n->sectors[KL_NOTE_PUBLIC]);
	kl_put_said(w, "social", n->sectors[KL_NOTE_SOCIAL]);
	kl_put_said(w, "action", n->action);
	kl_put_said(w, "owner", n->owner);
	kl_put_said(w, "due", n->due);
	kl_put_array(w, "evidence", n->evidence_count);
	for (uint8_t i = 0; i < n->evidence_count; i++)
		kl_write_text(w, n->evidence[i]);
}

static void put_subject(struct kl_writer *w, const struct kl_assessment *a, size_t subject)
{
	struct kl_assessed r;

	kl_assessment_result(a, subject, &r);
	kl_write_map(w, 20);
	kl_put_text(w, "subject", kl_subject_code(subject));
	kl_put_text(w, "name", kl_subject_name(subject));
	kl_put_assessed(w, &r);
	kl_put_score(w, "counts_as", r.value);
	kl_put_uint(w, "unsupported", r.unsupported);
	kl_put_uint(w, "contradicted", r.contradicted);
	put_answers(w, a, subject);
	put_notes(w, &a->notes[subject]);
}

static void put_texts(struct kl_writer *w, const struct kl_assessment *a)
{
	size_t n = 0;

	for (size_t i = 0; i < KL_PRINCIPLES; i++)
		n += a->principles[i][0] != '\0';
	kl_put_array(w, "principles", n);
	for (size_t i = 0; i < KL_PRINCIPLES; i++) {
		if (!a->principles[i][0])
			continue;
		kl_write_map(w, 2);
		kl_put_text(w, "principle", kl_principle_at(i)->name);
		kl_put_text(w, "note", a->principles[i]);
	}
	kl_put_array(w, "strategies", a->strategy_count);
	for (uint8_t i = 0; i < a->strategy_count; i++) {
		kl_write_map(w, 2);
		kl_put_text(w, "title", a->strategies[i].title);
		kl_put_said(w, "note", a->strategies[i].note);
	}
}

static int answer_whole(struct kl_ask *ask, const struct kl_assessment *a, uint64_t revision)
{
	struct kl_writer *w = &ask->out;

	kl_write_map(w, 7);
	kl_put_period(w, "period", a->period);
	kl_put_said(w, "place", a->place);
	kl_put_uint(w, "revision", revision);
	kl_put_array(w, "assessors", a->assessor_count);
	for (uint8_t i = 0; i < a->assessor_count; i++)
		kl_write_text(w, a->assessors[i].name);
	kl_put_array(w, "subjects", KL_SUBJECTS);
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		put_subject(w, a, s);
	put_texts(w, a);
	return kl_ask_answer(ask);
}

/* ---- record -------------------------------------------------------------------------------- */

/* What stands before the `=`. */
static void left_of(const struct kl_value *item, char out[KL_FILL_TEXT_MAX])
{
	if (kl_value_text(item, out, KL_FILL_TEXT_MAX))
		out[0] = '\0';
	out[strcspn(out, "=")] = '\0';
}

/* The same name twice in one command: one of the two would be lost without a word. */
static int check_twice(const struct kl_value *list, const char *field, struct kl_fault *fault)
{
	struct kl_cursor outer = kl_cursor(list), inner;
	char name[KL_FILL_TEXT_MAX], other[KL_FILL_TEXT_MAX];
	struct kl_value item;

	while (kl_cursor_next(&outer, &item)) {
		left_of(&item, name);
		inner = outer;
		while (kl_cursor_next(&inner, &item)) {
			left_of(&item, other);
			if (kl_words_equal(name, other))
				return kl_fault(
					fault, KL_E_USAGE, "%s: %.64s stands twice", field, name);
		}
	}
	return KL_OK;
}

static int fill_field(struct kl_ask *ask, const char *field, struct kl_assessment *assessment,
	struct kl_assessor *assessor, unsigned *filled)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	int rc = kl_get_array(&ask->args, field, &list);

	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc || list.count > ASSIGNMENTS_MAX)
		return kl_fault(&ask->fault, KL_E_USAGE, "%s: expected up to %d of NAME=VALUE",
			field, ASSIGNMENTS_MAX);
	rc = strcmp(field, "evidence") != 0 ? check_twice(&list, field, &ask->fault) : KL_OK;
	cursor = kl_cursor(&list);
	while (!rc && kl_cursor_next(&cursor, &item)) {
		char typed[KL_FILL_TEXT_MAX];

		if (kl_value_text(&item, typed, sizeof typed))
			return kl_fault(&ask->fault, KL_E_USAGE,
				"%s: expected NAME=VALUE of at most %d bytes", field,
				KL_FILL_TEXT_MAX - 1);
		rc = kl_assessment_fill(assessment, assessor, field, typed, &ask->fault);
		(*filled)++;
	}
	return rc;
}

static int fill(struct kl_ask *ask, struct kl_assessment *assessment)
{
	struct kl_assessor *assessor;
	char name[KL_ASSESSOR_NAME_MAX];
	unsigned filled = 0;
	int rc = kl_ask_needed(
		ask, "assessor", "who assesses? --assessor NAME is needed", name, sizeof name);

	if (!rc)
		rc = kl_assessment_assessor(assessment, name, &assessor, &ask->fault);
	for (size_t i = 0; !rc && kl_fill_fields[i]; i++)
		rc = fill_field(ask, kl_fill_fields[i], assessment, assessor, &filled);
	if (rc || filled)
		return rc;
	kl_fault(&ask->fault, KL_E_USAGE, "nothing to record");
	return kl_fault_hint(&ask->fault,
		"for example: keeplocal assess record --period 2026 --assessor finance C1=2 C2=3");
}

/* The assessment of that period and place as it stands, or a new one. */
static int begin(struct kl_node *node, struct kl_period period, const char *place,
	struct kl_assessment **ret, struct kl_fault *fault)
{
	const struct kl_assessment_choice choice = {&period, place, KL_LATEST};
	uint64_t revision;
	int rc = kl_own_assessment(node, &choice, ret, &revision, fault);

	if (rc != KL_E_NOT_FOUND)
		return rc;
	memset(fault, 0, sizeof *fault);
	*ret = kl_assessment_new(period);
	if (!*ret)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	rc = kl_text_set((*ret)->place, sizeof(*ret)->place, place, false, "the place", fault);
	if (!rc)
		rc = kl_assessment_check(*ret, fault);
	if (rc)
		kl_assessment_destroy(*ret);
	return rc;
}

int kl_cmd_assess_record(void *data, struct kl_ask *ask)
{
	struct kl_assessment *assessment;
	struct kl_period period;
	char place[KL_ASSESSMENT_PLACE_MAX];
	uint64_t revision;
	int rc = kl_ask_period(ask, NULL, &period);

	if (!rc)
		rc = kl_ask_text(ask, "place", place, sizeof place);
	if (!rc)
		rc = begin(data, period, place, &assessment, &ask->fault);
	if (rc)
		return rc;
	rc = fill(ask, assessment);
	if (!rc)
		rc = kl_own_assessment_keep(data, assessment, &revision, &ask->fault);
	if (!rc)
		rc = answer_whole(ask, assessment, revision);
	kl_assessment_destroy(assessment);
	return rc;
}

/* ---- show ---------------------------------------------------------------------------------- */

int kl_cmd_assess_show(void *data, struct kl_ask *ask)
{
	struct kl_assessment *assessment;
	uint64_t revision;
	int rc = kl_ask_assessment(data, ask, &assessment, &revision);

	if (rc)
		return rc;
	rc = answer_whole(ask, assessment, revision);
	kl_assessment_destroy(assessment);
	return rc;
}
