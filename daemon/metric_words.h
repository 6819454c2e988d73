/* Values and bins of a metric in answers: as numbers for programs, as words for people. */
#ifndef KL_DAEMON_METRIC_WORDS_H
#define KL_DAEMON_METRIC_WORDS_H

#include "core/metric.h"
#include "protocol/wire.h"

enum { KL_BIN_WORDS_MAX = 2 * KL_NUMBER_TEXT_MAX + 32 };

/* "key": scaled / scale, as a whole number if it is one. */
void kl_put_scaled(struct kl_writer *w, const char *key, int64_t scaled, uint32_t scale);

/* "20 up to 50 FTE", "20,000 FTE or more", "below £50", "3", "0 to 1". Returns `out`. */
const char *kl_bin_words(const struct kl_metric *metric, const struct kl_bins *bins, uint8_t bin,
	char out[KL_BIN_WORDS_MAX]);

/* A value as people read it, with what it counts: "60.5 FTE", "2.43". Returns `out`. */
const char *kl_value_words(
	const struct kl_metric *metric, int64_t value, char out[KL_BIN_WORDS_MAX]);

/* Bin of a level in which a value lies; KL_E_RANGE if it is beyond a closed end. */
int kl_bin_at_level(
	const struct kl_metric *metric, enum kl_level level, int64_t value, uint8_t *ret_bin);

/* The bin of a coarser level that holds a fine one. */
uint8_t kl_bin_coarser(const struct kl_metric *metric, enum kl_level level, uint8_t fine);

#endif
