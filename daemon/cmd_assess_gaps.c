/* assess gaps, assess statements: what is weak, and what a score means. */
#include "core/assessment.h"
#include "core/pursuit.h"
#include "daemon/commands.h"
#include "daemon/own_definition.h"
#include "daemon/own_observation.h"
#include "daemon/own_profile.h"
#include "daemon/which_assessment.h"

#include <stdlib.h>
#include <string.h>

enum { GAPS_SHOWN = 3 };

struct gaps {
	struct kl_node *node;
	struct kl_assessment *assessment;
	struct kl_profile profile;
	struct kl_known_list known;
	bool *done; /* of each activity of the bank, whether the profile names it */
	uint8_t shown[KL_SUBJECTS];
	size_t count, scored;
	struct kl_fault *fault;
};

/* ---- what is lacking ------------------------------------------------------------------------- */

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

/* ---- what would show it, and what would help ------------------------------------------------- */

static int put_indicator(
	struct gaps *g, struct kl_writer *w, const struct kl_indicator *it, const char *kind)
{
	struct kl_period latest;
	bool recorded = false;
	int rc = kl_own_observations_latest(g->node, it->code, &recorded, &latest);

	if (rc)
		return kl_fault(
			g->fault, rc, "the observations cannot be read: %s", kl_error_text(rc));
	kl_write_map(w, 6);
	kl_put_text(w, "code", it->code);
	kl_put_text(w, "name", it->name);
	kl_put_text(w, "kind", kind);
	kl_put_text(w, "how", it->how);
	kl_put_bool(w, "recorded", recorded);
	if (recorded)
		kl_put_period(w, "latest", latest);
	else
		kl_put_nil(w, "latest");
	return KL_OK;
}

/* Of what members defined, what the convenor has adopted (whatever its author did later) and what this
 * member defined itself. */
static bool is_ours(const struct kl_known *known, size_t subject)
{
	return known->definition.characteristic == subject &&
	       (known->adopted || (known->own && !known->withdrawn));
}

/* Indicators that would show whether it gets better: of the bank, adopted ones, and one's own. */
static int put_indicators(struct gaps *g, struct kl_writer *w, size_t subject)
{
	struct kl_indicator view;
	size_t n = 0;
	int rc = KL_OK;

	for (size_t i = 0; i < kl_indicator_count(); i++)
		n += kl_indicator_at(i)->characteristic == subject;
	for (size_t i = 0; i < g->known.n; i++)
		n += is_ours(&g->known.items[i], subject);
	kl_put_array(w, "indicators", n);
	for (size_t i = 0; i < kl_indicator_count() && !rc; i++) {
		const struct kl_indicator *it = kl_indicator_at(i);

		if (it->characteristic == subject)
			rc = put_indicator(g, w, it, kl_indicator_kind_name(it->kind));
	}
	for (size_t i = 0; i < g->known.n && !rc; i++) {
		const struct kl_known *known = &g->known.items[i];

		if (!is_ours(known, subject))
			continue;
		kl_definition_view(&known->definition, known->code, &view);
		rc = put_indicator(g, w, &view, known->adopted ? "adopted" : "own");
	}
	return rc;
}

/* Of each activity of the bank, whether the own profile names it, among its activities or services; to
 * be freed. NULL when out of memory. */
static bool *done_in(const struct kl_profile *profile)
{
	const struct kl_text_list *lists[] = {&profile->activities, &profile->services};
	bool *done = calloc(kl_activity_count(), sizeof *done);
	struct kl_pursuits *bank = kl_pursuits_new();

	for (size_t k = 0; done && bank && k < sizeof lists / sizeof *lists; k++)
		for (size_t i = 0; i < lists[k]->n; i++) {
			uint64_t pursuit = kl_pursuit_of(bank, lists[k]->items[i]);

			if (pursuit < kl_activity_count())
				done[pursuit] = true;
		}
	if (!bank) {
		free(done);
		done = NULL;
	}
	kl_pursuits_destroy(bank);
	return done;
}

/* Activities of the bank that would make it stronger, and the indicators that would show them. */
static void put_activities(const struct gaps *g, struct kl_writer *w, size_t subject)
{
	size_t n = 0;

	for (size_t i = 0; i < kl_activity_count(); i++)
		n += kl_activity_at(i)->characteristic == subject;
	kl_put_array(w, "activities", n);
	for (size_t i = 0; i < kl_activity_count(); i++) {
		const struct kl_activity *it = kl_activity_at(i);

		if (it->characteristic != subject)
			continue;
		kl_write_map(w, 4);
		kl_put_text(w, "code", it->code);
		kl_put_text(w, "name", it->name);
		kl_put_bool(w, "in_profile", g->done[i]);
		kl_put_array(w, "shown_by", it->indicator_count);
		for (uint8_t k = 0; k < it->indicator_count; k++)
			kl_write_text(w, it->indicators[k]);
	}
}

/* ---- gaps ---------------------------------------------------------------------------------- */

static int put_gap(struct gaps *g, struct kl_writer *w, size_t subject)
{
	const struct kl_subject_notes *notes = &g->assessment->notes[subject];
	struct kl_assessed r;
	int rc;

	kl_assessment_result(g->assessment, subject, &r);
	kl_write_map(w, 14);
	kl_put_text(w, "subject", kl_subject_code(subject));
	kl_put_text(w, "name", kl_subject_name(subject));
	kl_put_text(w, "meaning",
		subject < KL_CHARACTERISTICS
			? kl_characteristic_at(subject)->definition
			: kl_practice_at(subject - KL_CHARACTERISTICS)->meaning);
	kl_put_assessed(w, &r);
	kl_put_said(w, "gaps", notes->gaps);
	kl_put_said(w, "action", notes->action);
	kl_put_said(w, "owner", notes->owner);
	kl_put_said(w, "due", notes->due);
	put_weak_statements(w, g->assessment, subject);
	rc = put_indicators(g, w, subject);
	if (!rc)
		put_activities(g, w, subject);
	return rc;
}

/* Subjects to be shown: the one that was named, or the weakest. */
static int which(struct gaps *g, struct kl_ask *ask)
{
	char name[256];
	size_t subject;
	int rc = kl_ask_text(ask, "subject", name, sizeof name);

	if (rc)
		return rc;
	g->scored = kl_assessment_weakest(g->assessment, g->shown);
	g->count = g->scored < GAPS_SHOWN ? g->scored : GAPS_SHOWN;
	if (!name[0])
		return KL_OK;
	rc = kl_subject_find(name, &subject, &ask->fault);
	if (rc)
		return rc;
	g->shown[0] = (uint8_t)subject;
	g->count = 1;
	return KL_OK;
}

static int put_gaps(struct gaps *g, struct kl_writer *w)
{
	struct kl_assessed r;
	int rc = KL_OK;

	kl_write_map(w, 4);
	kl_put_period(w, "period", g->assessment->period);
	kl_put_said(w, "place", g->assessment->place);
	kl_put_array(w, "gaps", g->count);
	for (size_t i = 0; i < g->count && !rc; i++)
		rc = put_gap(g, w, g->shown[i]);
	kl_put_array(w, "unscored", KL_SUBJECTS - g->scored);
	for (size_t s = 0; s < KL_SUBJECTS; s++) {
		kl_assessment_result(g->assessment, s, &r);
		if (!r.scores)
			kl_write_text(w, kl_subject_name(s));
	}
	return rc;
}

int kl_cmd_assess_gaps(void *data, struct kl_ask *ask)
{
	struct gaps g = {.node = data, .fault = &ask->fault};
	uint64_t revision;
	int rc = kl_ask_assessment(data, ask, &g.assessment, &revision);

	if (rc)
		return rc;
	rc = kl_known_all(data, &g.known, &ask->fault);
	if (!rc)
		rc = kl_own_profile(data, &g.profile, &ask->fault);
	if (!rc) {
		g.done = done_in(&g.profile);
		rc = g.done ? which(&g, ask) : kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
		if (!rc)
			rc = put_gaps(&g, &ask->out);
		free(g.done);
		kl_profile_deinit(&g.profile);
	}
	kl_known_free(&g.known);
	kl_assessment_destroy(g.assessment);
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
