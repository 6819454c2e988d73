/* What a counted histogram says: quartiles with bounds that are certain, mean, and one's own rank.
 *
 * counts     how many members are in each bin of a level, low to high
 * quartile   the value below which a quarter, half or three quarters of the members are. The
 *            histogram knows the bin, not the value: `low` and `high` are certain, `point` supposes
 *            that a bin's members are spread evenly over it
 * rank       the share of members in lower bins, and in lower bins and one's own
 *
 * Integer arithmetic throughout, so that every member computes the same from the same counts; the
 * floor is towards minus infinity. */
#ifndef KL_CORE_HISTOGRAM_H
#define KL_CORE_HISTOGRAM_H

#include "core/metric.h"

enum {
	KL_HISTOGRAM_MEMBERS_MAX = 65535, /* such that no product below can leave int64_t */
	KL_RANK_SCALE = 10000,
};

struct kl_quartile {
	bool low_open,
		high_open; /* the certain bound lies at an open end: nothing is certain there */
	int64_t low, high; /* scaled; 0 where open */
	int64_t point;
};

struct kl_figures {
	uint32_t n;
	struct kl_quartile quartiles[3]; /* lower quartile, median, upper quartile */
	int64_t mean;                    /* of the bins' mids */
};

/* KL_E_NOT_FOUND if nobody was counted, KL_E_RANGE beyond KL_HISTOGRAM_MEMBERS_MAX. `counts` holds
 * bins->count numbers. */
int kl_histogram_figures(
	const struct kl_bins *bins, const uint32_t *counts, struct kl_figures *ret_figures);

/* Rank of a member of `bin`, in ten-thousandths; errors as above, and KL_E_RANGE for no such bin. */
int kl_histogram_rank(const struct kl_bins *bins, const uint32_t *counts, uint8_t bin,
	uint32_t *ret_low, uint32_t *ret_high);

#endif
