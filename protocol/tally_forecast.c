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

int kl_tallies_forecast(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, uint16_t metric, const struct kl_set *assumed,
	struct kl_tally_forecast *ret_rows)
{
	struct kl_id earlier[KL_TALLY_EARLIER_MAX];
	struct kl_outcome_cell *cells;
	struct kl_plan_input *input;
	struct kl_set members;
	int rc = KL_E_NOMEM;

	if (metric >= call->metric_count)
		return KL_E_NOT_FOUND;
	cells = calloc(call->cohort_count + 1U, sizeof(*cells));
	input = calloc(1, sizeof(*input));
	if (!cells || !input)
		goto out;
	input->call = call;
	input->roster = roster;
	input->earlier = earlier;
	rc = kl_tally_earlier(book, call, NULL, earlier, &input->earlier_count);
	if (rc)
		goto out;
	kl_tally_controls(roster, input->controls);
	assume(roster, assumed, &members);
	rc = kl_tally_plan(book, input, metric, &members, &members, cells);
	for (unsigned c = 0; c < call->cohort_count && !rc; c++) {
		ret_rows[c].could = cells[c].n;
		ret_rows[c].counted = cells[c].counted;
		ret_rows[c].needed = (uint16_t)kl_audit_floor(call->minimum, KL_LEVEL_COARSE);
		ret_rows[c].why = cells[c].why;
		ret_rows[c].level = cells[c].level;
	}
out:
	free(cells);
	free(input);
	return rc;
}
