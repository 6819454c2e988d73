/* What a seat publishes: sums of its shares over a cohort, never finer than the certified level.
 *
 * row           the vector of one contributor as this seat holds it (core/share.h)
 * partial sum   for one metric, cohort and level: one element for each remaining bin. Partial sums
 *               of t seats give the cohort's histogram (core/opening.h) */
#ifndef KL_CORE_SUMS_H
#define KL_CORE_SUMS_H

#include "core/bytes.h"
#include "core/cells.h"
#include "core/set.h"

/* Adds up the cells of `metric` over the members of `set` and along `runs`, on the shares: the
 * finer sum never leaves the function and is wiped. rows[i] is the vector of member i, or NULL if
 * this seat holds none; `members` is the number of rows. Writes runs->count elements.
 * KL_E_NOT_FOUND if the set names a member without a row (the sum would be of another set: such a
 * seat does not open), KL_E_INVALID if the runs do not fit the metric or the set is empty. */
int kl_partial_sum(const struct kl_cells *cells, size_t metric, const struct kl_runs *runs,
	const uint64_t *const *rows, size_t members, const struct kl_set *set, uint64_t *ret_sum);

#endif
