#include "core/sums.h"
#include "core/error.h"
#include "core/field.h"

static int check_sum(const struct kl_cells *cells, size_t metric, const struct kl_runs *runs,
	const uint64_t *const *rows, size_t members, const struct kl_set *set)
{
	size_t first = kl_set_next(set, 0);

	if (metric >= cells->metrics || kl_runs_check(runs, cells->bins[metric]))
		return KL_E_INVALID;
	if (first == KL_SET_MEMBERS_MAX)
		return KL_E_INVALID;
	for (size_t i = first; i < KL_SET_MEMBERS_MAX; i = kl_set_next(set, i + 1))
		if (i >= members || !rows[i])
			return KL_E_NOT_FOUND;
	return KL_OK;
}

int kl_partial_sum(const struct kl_cells *cells, size_t metric, const struct kl_runs *runs,
	const uint64_t *const *rows, size_t members, const struct kl_set *set, uint64_t *ret_sum)
{
	uint64_t fine[KL_CELLS_BINS_MAX] = {0};
	int r = check_sum(cells, metric, runs, rows, members, set);

	if (r)
		return r;
	for (size_t i = kl_set_next(set, 0); i < KL_SET_MEMBERS_MAX; i = kl_set_next(set, i + 1)) {
		const uint64_t *shares = rows[i] + cells->offset[metric];

		for (unsigned b = 0; b < cells->bins[metric]; b++)
			fine[b] = kl_field_add(fine[b], shares[b]);
	}
	kl_runs_apply(runs, fine, ret_sum);
	kl_wipe(fine, sizeof fine);
	return KL_OK;
}
