/* Values and bins of a metric as people read them. */
#ifndef KL_CORE_METRIC_WORDS_H
#define KL_CORE_METRIC_WORDS_H

#include "core/metric.h"

enum { KL_BIN_WORDS_MAX = 2 * KL_NUMBER_TEXT_MAX + 32 };

/* "20 up to 50 FTE", "20,000 FTE or more", "below £50", "3", "0 to 1". Returns `out`. */
const char *kl_bin_words(const struct kl_metric *metric, const struct kl_bins *bins, uint8_t bin,
	char out[KL_BIN_WORDS_MAX]);

/* A value as people read it, with what it counts: "60.5 FTE", "2.43". Returns `out`. */
const char *kl_value_words(
	const struct kl_metric *metric, int64_t value, char out[KL_BIN_WORDS_MAX]);

#endif
