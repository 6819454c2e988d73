/* Metrics of a cohort that fare alike, put together. */
#include "daemon/forecast.h"

#include <string.h>

static bool same_row(const struct kl_tally_forecast *a, const struct kl_tally_forecast *b)
{
	return a->could == b->could && a->counted == b->counted && a->needed == b->needed &&
	       a->missing == b->missing && a->why == b->why &&
	       (a->why != KL_PLAN_RELEASED || a->level == b->level);
}

static bool same_behind(const struct kl_forecast_behind *a, const struct kl_forecast_behind *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == KL_LEFTOVER_NONE)
		return true;
	if (a->level != b->level || a->needed != b->needed || a->left != b->left ||
		a->left_counts != b->left_counts || a->cited_count != b->cited_count)
		return false;
	for (unsigned i = 0; i < a->cited_count && i < KL_FORECAST_CITED_MAX; i++)
		if (a->cited[i].tally != b->cited[i].tally ||
			a->cited[i].cohort != b->cited[i].cohort ||
			a->cited[i].members != b->cited[i].members)
			return false;
	return true;
}

static bool alike(const struct kl_forecast_cell *a, const struct kl_forecast_cell *b)
{
	return same_row(&a->row, &b->row) && same_behind(&a->behind, &b->behind) &&
	       !memcmp(a->tries, b->tries, sizeof a->tries);
}

size_t kl_forecast_group(const struct kl_forecast_cell *cells, unsigned metrics, unsigned cohorts,
	struct kl_forecast_outcome *ret_outcomes)
{
	size_t count = 0;

	for (unsigned c = 0; c < cohorts; c++) {
		const size_t first = count;

		for (unsigned m = 0; m < metrics; m++) {
			const struct kl_forecast_cell *cell = &cells[m * cohorts + c];
			size_t at = first;

			while (at < count && !alike(&ret_outcomes[at].cell, cell))
				at++;
			if (at == count) {
				memset(&ret_outcomes[count], 0, sizeof *ret_outcomes);
				ret_outcomes[count].cohort = (uint8_t)c;
				ret_outcomes[count++].cell = *cell;
			}
			ret_outcomes[at].metric_count++;
			ret_outcomes[at].metrics[m / 8] =
				(uint8_t)(ret_outcomes[at].metrics[m / 8] | 1U << m % 8);
		}
	}
	return count;
}
