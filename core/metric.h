/* Metrics: quantities with bins that were fixed before anybody knew a value, so that a tally can
 * count how many members are in which.
 *
 * scaled   values and edges are whole numbers, value * scale: see core/unit.h
 * bin      the values from its lower edge up to, but not with, its upper edge; the last closed edge
 *          belongs to the last bin. An *open* bin has no edge at its outer end
 * mid      what a member of a bin counts as in a mean: the floor of the mean of its edges, and for
 *          an open bin a number that stands in the metric
 * level    how coarsely a figure may be shown: neighbouring bins are put together by runs (4,4,4,4
 *          makes 4 bins of 16). Each coarser level consists of whole bins of the finer one
 *
 * The product's own metrics stand in core/metric.def. One that comes over the wire has the same
 * form and passes kl_metric_check() before anything else looks at it. */
#ifndef KL_CORE_METRIC_H
#define KL_CORE_METRIC_H

#include "core/error.h"
#include "core/period.h"
#include "core/unit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_METRIC_BINS_MAX = 16,
	KL_METRIC_CODE_MAX = 48, /* with the final zero */
	KL_METRIC_NAME_MAX = 96,
};

enum kl_level { KL_LEVEL_COARSE, KL_LEVEL_MIDDLE, KL_LEVEL_FINE, KL_METRIC_LEVELS };

struct kl_metric {
	char code[KL_METRIC_CODE_MAX];
	char name[KL_METRIC_NAME_MAX];
	enum kl_unit unit;
	uint32_t scale;  /* a power of ten up to KL_SCALE_MAX */
	uint8_t periods; /* kinds allowed: bits 1 << KL_PERIOD_... */
	bool discrete;   /* every bin is one whole score: "3", not "3 up to 4" */
	bool open_low, open_high;
	uint8_t bins;
	int64_t edges[KL_METRIC_BINS_MAX + 1]; /* bins + 1; that of an open end is 0 and unused */
	int64_t mids[KL_METRIC_BINS_MAX];
	uint8_t level_bins[KL_METRIC_LEVELS]; /* bins that remain at each level */
	uint8_t runs[KL_METRIC_LEVELS][KL_METRIC_BINS_MAX];
};

/* The bins of one level. The mid of a merged bin is the floor of the mean of its fine mids. */
struct kl_bins {
	uint8_t count;
	bool open_low, open_high;
	int64_t edges[KL_METRIC_BINS_MAX + 1];
	int64_t mids[KL_METRIC_BINS_MAX];
};

/* Number of metrics in the product's catalogue, and the one at an index below it. */
size_t kl_metric_count(void);
void kl_metric_at(size_t index, struct kl_metric *ret_metric);

/* Code and name of the same; static memory. */
const char *kl_metric_code(size_t index);
const char *kl_metric_name(size_t index);

/* Finds a metric of the catalogue by its code or any unambiguous part of its name. KL_E_NOT_FOUND
 * with the nearest, KL_E_AMBIGUOUS with the candidates. */
int kl_metric_find(const char *text, struct kl_metric *ret_metric, struct kl_fault *fault);

/* Index of exactly that code, or KL_E_NOT_FOUND. */
int kl_metric_index(const char *code, size_t *ret_index);

/* Whether a member's answer hardly changes from one period to the next; true for a code that is not in
 * the catalogue, since nobody here knows better: then more is looked at together. */
bool kl_metric_is_slow(const char *code);

/* For people, of a metric in the catalogue (static memory; "" for a code that is not in it): which
 * value a member puts in, and what to bear in mind when comparing (may be ""). */
const char *kl_metric_rule(const char *code);
const char *kl_metric_caution(const char *code);

/* KL_E_MALFORMED, with a fault that names the metric and the trouble, unless: the code is made of
 * a-z, 0-9, `.` and `_`; the name is plain text; unit, scale and periods are known; there are 2 to
 * 16 bins with ascending edges within KL_NUMBER_MAX; mids are the floor of the mean of their edges,
 * or beyond the edge of an open bin; every level has at least two bins, whose runs add up
 * and are nested, the fine level being the bins themselves. No number in the metric is trusted. */
int kl_metric_check(const struct kl_metric *metric, struct kl_fault *fault);

/* True if a value has the same bin in both, and the same runs put bins together: code, name, mids and
 * periods may differ. */
bool kl_metric_same_bins(const struct kl_metric *a, const struct kl_metric *b);

/* Fills in what follows from edges, open ends and scale: level runs (pairs and fours; scores of
 * five bins 2,1,2) and the mids of closed bins. For those who write metrics. */
void kl_metric_complete(struct kl_metric *metric);

/* The bins of a level of a metric that passed the check. */
void kl_metric_bins(const struct kl_metric *metric, enum kl_level level, struct kl_bins *ret_bins);

/* Bin (fine) in which a value falls; KL_E_RANGE if it is beyond a closed end. */
int kl_metric_bin(const struct kl_metric *metric, int64_t value, uint8_t *ret_bin);

/* Reads a value as people type it and checks that it has a bin; the fault says what is expected. */
int kl_metric_parse(const struct kl_metric *metric, const char *text, int64_t *ret_value,
	struct kl_fault *fault);

/* KL_E_RANGE, with a fault, for a value that no bin takes. */
int kl_metric_value_check(const struct kl_metric *metric, int64_t value, struct kl_fault *fault);

/* As people read it: "2.43", "45%", "£617,010". Returns `out`. */
const char *kl_metric_format(
	const struct kl_metric *metric, int64_t value, char out[KL_NUMBER_TEXT_MAX]);

enum { KL_METRIC_PERIODS_MAX = 160 };

/* The kinds of periods it is given for, each with an example. Returns `out`. */
const char *kl_metric_periods(const struct kl_metric *metric, char out[KL_METRIC_PERIODS_MAX]);

/* KL_E_INVALID, with a fault that names the kinds allowed, if the period is of another kind. */
int kl_metric_period_check(
	const struct kl_metric *metric, struct kl_period period, struct kl_fault *fault);

#endif
