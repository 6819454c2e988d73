/* assess gaps, assess statements: what is weak, and what a score means. */
#include "core/assessment.h"
#include "daemon/commands.h"
#include "daemon/own_observation.h"
#include "daemon/which_assessment.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

enum { GAPS_SHOWN = 3 };

/* ---- gaps ---------------------------------------------------------------------------------- */

/* The lowest answer that anybody gave to a statement, or KL_NO_SCORE. */
static int8_t lowest_answer(const struct kl_assessment *a, size_t subject, unsigned statement)
{
	int8_t lowest = KL_NO_SCORE;

	for (uint8_t i = 0; i < a->assessor_count; i++) {
		int8_t score = a->assessors[i].answers[subject].statements[statement];

		if (score != KL_NO_SCORE && (lowest == KL_NO_SCORE || score < lowest))
			lowest = score;
	}
	return lowest;
}

/* Statements that somebody answered with absent or starting: they say what is missing. */
static void put_weak_statements(struct kl_writer *w, const struct kl_assessment *a, size_t subject)
{
	unsigned count = kl_subject_statements(subject);
	bool weak[KL_STATEMENTS_MAX] = {false};
	size_t n = 0;

	for (unsigned i = 0; i < count; i++) {
		int8_t lowest = lowest_answer(a, subject, i);

		weak[i] = lowest != KL_NO_SCORE && lowest <= 1;
		n += weak[i];
	}
	kl_put_array(w, "statements", n);
	for (unsigned i = 0; i < count; i++) {
		if (!weak[i])
			continue;
		kl_write_map(w, 3);
		kl_put_uint(w, "statement", i + 1);
		kl_put_text(w, "text", kl_characteristic_at(subject)->statements[i]);
		kl_put_int(w, "lowest", lowest_answer(a, subject, i));
	}
}

static int recorded(struct kl_node *node, const char *code, bool *ret)
{
	size_t count;
	int rc = kl_own_observations_count(node, code, &count);

	*ret = !rc && count;
	return rc;
}

/* Indicators of the bank that would show whether it gets better. */
static int put_indicators(struct kl_node *node, struct kl_writer *w, size_t subject)
{
	size_t n = 0;
	bool have;
	int rc = KL_OK;

	for (size_t i = 0; i < kl_indicator_count(); i++)
		n += kl_indicator_at(i)->characteristic == subject;
	kl_put_array(w, "indicators", n);
	for (size_t i = 0; i < kl_indicator_count() && !rc; i++) {
		const struct kl_indicator *it = kl_indicator_at(i);

		if (it->characteristic != subject)
			continue;
		rc = recorded(node, it->code, &have);
		kl_write_map(w, 4);
		kl_put_text(w, "code", it->code);
		kl_put_text(w, "name", it->name);
		kl_put_text(w, "how", it->how);
		kl_put_bool(w, "recorded", have);
	}
	return rc;
}

static int put_gap(
	struct kl_node *node, struct kl_writer *w, const struct kl_assessment *a, size_t subject)
{
	const struct kl_subject_notes *notes = &a->notes[subject];
	struct kl_assessed r;

	kl_assessment_result(a, subject, &r);
	kl_write_map(w, 11);
	kl_put_text(w, "subject", kl_subject_code(subject));
	kl_put_text(w, "name", kl_subject_name(subject));
	kl_put_double(w, "median", r.median_doubled / 2.0);
	kl_put_int(w, "low", r.lowest);
	kl_put_int(w, "high", r.highest);
	kl_put_said(w, "gaps", notes->gaps);
	kl_put_said(w, "action", notes->action);
	kl_put_said(w, "owner", notes->owner);
	kl_put_said(w, "due", notes->due);
	put_weak_statements(w, a, subject);
	return put_indicators(node, w, subject);
}

static int put_gaps(struct kl_node *node, struct kl_writer *w, const struct kl_assessment *a)
{
	uint8_t weakest[KL_SUBJECTS];
	size_t scored = kl_assessment_weakest(a, weakest);
	size_t n = scored < GAPS_SHOWN ? scored : GAPS_SHOWN;
	struct kl_assessed r;
	int rc = KL_OK;

	kl_write_map(w, 4);
	kl_put_period(w, "period", a->period);
	kl_put_said(w, "place", a->place);
	kl_put_array(w, "gaps", n);
	for (size_t i = 0; i < n && !rc; i++)
		rc = put_gap(node, w, a, weakest[i]);
	kl_put_array(w, "unscored", KL_SUBJECTS - scored);
	for (size_t s = 0; s < KL_SUBJECTS; s++) {
		kl_assessment_result(a, s, &r);
		if (!r.scores)
			kl_write_text(w, kl_subject_name(s));
	}
	return rc;
}

int kl_cmd_assess_gaps(void *data, struct kl_ask *ask)
{
	struct kl_assessment *assessment;
	uint64_t revision;
	int rc = kl_ask_assessment(data, ask, &assessment, &revision);

	if (rc)
		return rc;
	rc = put_gaps(data, &ask->out, assessment);
	kl_assessment_destroy(assessment);
	return rc ? rc : kl_ask_answer(ask);
}

/* ---- statements ---------------------------------------------------------------------------- */

static void put_characteristic(struct kl_writer *w, size_t subject)
{
	const struct kl_characteristic *c = kl_characteristic_at(subject);
	const struct kl_indicator *example = kl_indicator_by_code(c->example_indicator);

	kl_put_text(w, "meaning", c->definition);
	kl_put_array(w, "statements", c->statement_count);
	for (uint8_t i = 0; i < c->statement_count; i++)
		kl_write_text(w, c->statements[i]);
	kl_put_text(w, "outcome", c->outcome);
	kl_put_text(w, "indicator", example ? example->name : NULL);
}

static void put_meaning(struct kl_writer *w, size_t subject)
{
	kl_write_map(w, 6);
	kl_put_text(w, "subject", kl_subject_code(subject));
	kl_put_text(w, "name", kl_subject_name(subject));
	if (subject < KL_CHARACTERISTICS) {
		put_characteristic(w, subject);
		return;
	}
	kl_put_text(w, "meaning", kl_practice_at(subject - KL_CHARACTERISTICS)->meaning);
	kl_put_array(w, "statements", 0);
	kl_put_nil(w, "outcome");
	kl_put_nil(w, "indicator");
}

int kl_cmd_assess_statements(void *data, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;
	char name[256];
	size_t subject = 0;
	int rc = kl_ask_text(ask, "subject", name, sizeof name);

	(void)data;
	if (!rc && name[0])
		rc = kl_subject_find(name, &subject, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(w, 2);
	kl_put_array(w, "scale", KL_SCORE_MAX + 1);
	for (int i = 0; i <= KL_SCORE_MAX; i++)
		kl_write_text(w, kl_score_word(i));
	kl_put_array(w, "subjects", name[0] ? 1 : KL_SUBJECTS);
	if (name[0])
		put_meaning(w, subject);
	for (size_t s = 0; !name[0] && s < KL_SUBJECTS; s++)
		put_meaning(w, s);
	return kl_ask_answer(ask);
}
