/* Before a tally: what it could release, so that nobody works for nothing. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

static void assume(
	const struct kl_tally_roster *roster, const struct kl_set *assumed, struct kl_set *ret_set)
{
	struct kl_set set = {0};

	for (unsigned i = 0; i < roster->count; i++) {
		if (!assumed || kl_set_has(assumed, i))
			kl_set_add(&set, i);
	}
	*ret_set = set;
}

/* An earlier tally that has not ended here says nothing yet of who was counted. */
static void leave_out_late(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, unsigned metric, struct kl_set *members)
{
	struct kl_set late;

	(void)kl_tally_late(book, call, NULL, (struct kl_late_of){0}, roster, metric, &late);
	for (size_t i = 0; i < KL_SET_WORDS; i++)
		members->words[i] &= ~late.words[i];
}

/* The tally has no id yet, so that its audits have another key: nobody could tell beforehand what that
 * has a bearing on. */
int kl_tallies_forecast_begin(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, uint16_t metric, const struct kl_set *assumed,
	struct kl_tally_plan **ret_plan)
{
	struct kl_id earlier[KL_TALLY_EARLIER_MAX];
	struct kl_plan_input input = {.call = call,
		.roster = roster,
		.first = metric,
		.end = metric + 1U,
		.earlier = earlier};
	struct kl_set *sets, members;
	int rc;

	if (metric >= call->metric_count)
		return KL_E_NOT_FOUND;
	sets = calloc(call->metric_count, 2 * sizeof(*sets));
	if (!sets)
		return KL_E_NOMEM;
	rc = kl_tally_earlier(book, call, NULL, earlier, &input.earlier_count);
	assume(roster, assumed, &members);
	leave_out_late(book, call, roster, metric, &members);
	sets[2 * (size_t)metric] = sets[2 * (size_t)metric + 1] = members;
	input.sets = sets;
	if (!rc)
		rc = kl_tally_plan_new(book, &input, ret_plan);
	free(sets);
	return rc;
}

int kl_tallies_forecast_go_on(
	const struct kl_tallies *book, struct kl_tally_plan *plan, uint64_t effort)
{
	int rc = kl_tally_plan_go_on(book, plan, &effort);

	return rc == KL_E_BUSY && effort > 0 ? KL_E_NOT_FOUND : rc;
}

void kl_tallies_forecast_end(struct kl_tally_plan *plan, const struct kl_tally_call *call,
	uint16_t metric, struct kl_tally_forecast *ret_rows)
{
	for (unsigned c = 0; c < call->cohort_count && ret_rows; c++) {
		const struct kl_outcome_cell *cell =
			&kl_tally_plan_cells(plan)[(size_t)metric * call->cohort_count + c];
		struct kl_tally_forecast *row = &ret_rows[c];

		row->could = cell->n;
		row->counted = cell->counted;
		row->needed = (uint16_t)kl_audit_floor(call->minimum, KL_LEVEL_COARSE);
		row->missing = 0;
		if (cell->why != KL_PLAN_RELEASED && cell->smallest < row->needed)
			row->missing = (uint16_t)(row->needed - cell->smallest);
		row->why = cell->why;
		row->level = cell->level;
	}
	kl_tally_plan_free(plan);
}

int kl_tallies_forecast(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, uint16_t metric, const struct kl_set *assumed,
	struct kl_tally_forecast *ret_rows)
{
	struct kl_tally_plan *plan;
	int rc = kl_tallies_forecast_begin(book, call, roster, metric, assumed, &plan);

	if (rc)
		return rc;
	rc = kl_tallies_forecast_go_on(book, plan, UINT64_MAX);
	kl_tallies_forecast_end(plan, call, metric, rc ? NULL : ret_rows);
	return rc;
}

/* With the least effort there is it is known who could stand in each cohort. */
int kl_tallies_hope(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, uint16_t metric, bool *ret_hope)
{
	struct kl_tally_plan *plan;
	int rc = kl_tallies_forecast_begin(book, call, roster, metric, NULL, &plan);

	if (rc)
		return rc;
	rc = kl_tallies_forecast_go_on(book, plan, 1);
	*ret_hope = false;
	for (unsigned c = 0; c < call->cohort_count; c++)
		*ret_hope |= kl_tally_plan_cells(plan)[(size_t)metric * call->cohort_count + c]
				     .counted >= kl_audit_floor(call->minimum, KL_LEVEL_COARSE);
	kl_tally_plan_free(plan);
	return rc == KL_E_BUSY ? KL_OK : rc;
}

/* ---- what a call passes over ---------------------------------------------------------------- */

/* Control groups of a cohort, without those that have answered in public. */
static size_t hidden_among(const struct kl_tally_roster *roster, const uint16_t *controls,
	const struct kl_set *cohort, const struct kl_set *known)
{
	struct kl_set groups = {{0}};

	for (size_t i = kl_set_next(cohort, 0); i < roster->count; i = kl_set_next(cohort, i + 1))
		if (controls[i] != KL_CONTROL_NONE && !(known && kl_set_has(known, i)))
			kl_set_add(&groups, controls[i]);
	return kl_set_count(&groups);
}

static struct kl_set join(const struct kl_set *a, const struct kl_set *b)
{
	struct kl_set both = *a;

	for (size_t i = 0; b && i < KL_SET_WORDS; i++)
		both.words[i] |= b->words[i];
	return both;
}

int kl_tally_exposes(const struct kl_tally_call *call, const struct kl_tally_roster *roster,
	const struct kl_set *known, unsigned own, bool *ret_exposes)
{
	const size_t needed = kl_audit_floor(call->minimum, KL_LEVEL_COARSE);
	uint16_t *controls = calloc(KL_SET_MEMBERS_MAX, sizeof *controls);

	if (!controls)
		return KL_E_NOMEM;
	kl_tally_controls(roster, controls);
	memset(ret_exposes, 0, call->metric_count * sizeof *ret_exposes);
	for (unsigned c = 0; c < call->cohort_count; c++) {
		struct kl_set cohort;

		if (!kl_cohort_has(&call->cohorts[c], &roster->members[own]))
			continue;
		kl_cohort_members(roster, &call->cohorts[c], NULL, &cohort);
		for (unsigned m = 0; m < call->metric_count; m++) {
			const struct kl_set *named = call->named ? &call->named[m] : NULL;
			struct kl_set all = join(&known[m], named);

			/* Whoever is known has nothing left to hide. */
			if (kl_set_has(&all, own) || (named && kl_set_within(&known[m], named)))
				continue;
			ret_exposes[m] |=
				hidden_among(roster, controls, &cohort, named) >= needed &&
				hidden_among(roster, controls, &cohort, &all) < needed;
		}
	}
	free(controls);
	return KL_OK;
}
