/* Which way a figure goes: from one period to the next, and over several.
 *
 * series     numbers of one quantity in the order of their periods, each comparable with the others
 *            (see kl_observation_comparable())
 * direction  whether that is better or worse by the polarity of what was counted. Of what is neither
 *            better nor worse when it is higher, no direction is clear
 * trend      the direction of a series. It is clear only if the figure never went the other way in
 *            between. That rule is ours: a step back makes "better" a matter for people */
#ifndef KL_CORE_TREND_H
#define KL_CORE_TREND_H

#include "core/catalogue.h"
#include "core/metric.h"
#include "core/unit.h"

#include <stddef.h>
#include <stdint.h>

enum kl_way { KL_WAY_SAME, KL_WAY_BETTER, KL_WAY_WORSE, KL_WAY_UNCLEAR };

struct kl_trend {
	size_t count;
	int64_t first, last;
	size_t rises, falls;
};

/* "same", "better", "worse", "no clear direction". */
const char *kl_way_name(enum kl_way direction);

/* From one number to the next. */
enum kl_way kl_way_of(enum kl_polarity polarity, int64_t from, int64_t to);

/* The next number of a series; the trend begins as {0}. */
void kl_trend_add(struct kl_trend *trend, int64_t number);

/* Of fewer than two numbers: KL_WAY_SAME. */
enum kl_way kl_trend_way(const struct kl_trend *trend, enum kl_polarity polarity);

enum { KL_CHANGE_TEXT_MAX = KL_NUMBER_TEXT_MAX + 24 };

/* "up by £1,200", "down by 5 points" (of shares and percentages), "unchanged". Returns `out`. */
const char *kl_change_words(
	int64_t from, int64_t to, enum kl_unit unit, uint32_t scale, char out[KL_CHANGE_TEXT_MAX]);

/* Which way a metric is better: more of it, but for what a member has decided (the weight of social
 * value in a tender), which is neither. */
enum kl_polarity kl_metric_polarity(const struct kl_metric *metric);

#endif
