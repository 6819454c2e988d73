/* The cells of a tally: which number of a share vector stands for which bin of which metric.
 *
 * metric     a question with a fixed number of bins ("bin" 0 holds the lowest figures)
 * cell       one bin of one metric; metrics in schema order, bins low to high
 * offset     first cell of a metric
 * one-hot    each answered metric has a 1 in one of its cells and 0 in the others
 * presence   which metrics a member answered: bit m of byte m / 8 counted from the low end. Public
 * level      0 coarse, 1 middle, 2 fine: how far neighbouring bins are put together
 * runs       a level written as lengths of runs of neighbouring bins: 4,4,4,4 makes 4 bins of 16
 *
 * Only counts are needed here; what the bins mean stands in core/metric.h. QB1, definition 5. */
#ifndef KL_CORE_CELLS_H
#define KL_CORE_CELLS_H

#include "core/bytes.h"

enum {
	KL_CELLS_METRICS_MAX = 256,
	KL_CELLS_BINS_MAX = 64,
	KL_CELLS_MAX = 8160, /* such that a sealed full share still fits in a 64 KiB payload */
	KL_PRESENCE_MAX = KL_CELLS_METRICS_MAX / 8,
	KL_LEVELS = 3,
	KL_ABSENT = -1, /* in place of a bin: the member did not answer */
};

struct kl_cells {
	uint16_t metrics;
	uint16_t total; /* L: cells of all metrics */
	uint8_t bins[KL_CELLS_METRICS_MAX];
	uint16_t offset[KL_CELLS_METRICS_MAX];
};

/* A level of one metric; the memory belongs to the schema and must outlive it. */
struct kl_runs {
	const uint8_t *runs;
	uint8_t count; /* bins that remain */
};

/* Layout of metrics with these numbers of bins. KL_E_RANGE if there is no metric, if one has no bin
 * or more than KL_CELLS_BINS_MAX; KL_E_TOO_BIG for too many metrics or cells. */
int kl_cells_init(const uint8_t *bins, size_t metrics, struct kl_cells *ret_cells);

/* Bytes of a presence bitmap of that many metrics. */
static inline size_t kl_presence_len(size_t metrics)
{
	return (metrics + 7) / 8;
}

/* KL_E_MALFORMED unless the bitmap has exactly kl_presence_len(metrics) bytes and its spare bits
 * are zero. Everything below expects a bitmap that passed. */
int kl_presence_check(struct kl_bytes presence, size_t metrics);

static inline bool kl_presence_has(const uint8_t *presence, size_t metric)
{
	return presence[metric / 8] >> (metric % 8) & 1;
}

/* Number of metrics answered. */
size_t kl_presence_count(const uint8_t *presence, size_t metrics);

/* Turns answers (one bin or KL_ABSENT for each metric) into cells of 0 and 1 (`total` of them) and
 * the presence bitmap (kl_presence_len bytes). KL_E_RANGE, with nothing written, if an answer is
 * not a bin of its metric. The cells are the member's secret: wipe them after dealing. */
int kl_cells_one_hot(const struct kl_cells *cells, const int16_t *answers, uint64_t *ret_values,
	uint8_t *ret_presence);

/* KL_E_INVALID unless the runs are 1 or more each and add up to exactly `bins`. */
int kl_runs_check(const struct kl_runs *runs, unsigned bins);

/* Adds up field elements along the runs: sum(runs) elements in, runs->count elements out. Works on
 * shares and on counts alike. `ret_coarse` may be `fine` itself. */
void kl_runs_apply(const struct kl_runs *runs, const uint64_t *fine, uint64_t *ret_coarse);

#endif
