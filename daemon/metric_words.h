/* Values and bins of a metric in answers: as numbers for programs. Words: core/metric_words.h. */
#ifndef KL_DAEMON_METRIC_WORDS_H
#define KL_DAEMON_METRIC_WORDS_H

#include "core/metric_words.h"
#include "protocol/wire.h"

/* "key": scaled / scale, as a whole number if it is one. */
void kl_put_scaled(struct kl_writer *w, const char *key, int64_t scaled, uint32_t scale);

/* Bin of a level in which a value lies; KL_E_RANGE if it is beyond a closed end. */
int kl_bin_at_level(
	const struct kl_metric *metric, enum kl_level level, int64_t value, uint8_t *ret_bin);

/* The bin of a coarser level that holds a fine one. */
uint8_t kl_bin_coarser(const struct kl_metric *metric, enum kl_level level, uint8_t fine);

#endif
