/* A forecast in words: how finely a cohort can be shown, and why no finer. Pure functions. */
#ifndef KL_DAEMON_FORECAST_WORDS_H
#define KL_DAEMON_FORECAST_WORDS_H

#include "daemon/forecast.h"

enum { KL_FORECAST_WORDS_MAX = 1280, KL_BINS_WORDS_MAX = 48 };

/* "16 bins", "16 bins (scores in 5)", "5 bins": how many a level has, over the metrics of a call for which
 * `metrics` has a bit. Returns `out`. */
const char *kl_level_words(const struct kl_tally_call *call, const uint8_t *metrics, unsigned level,
	char out[KL_BINS_WORDS_MAX]);

/* What a cited sum is called: "everybody (45)", "councils (45) of tally 3f09ab12". `tally` is its short
 * id, or NULL for this call. Returns `out`. */
enum { KL_CITED_WORDS_MAX = 128 };
const char *kl_cited_words(
	const char *cohort, unsigned members, const char *tally, char out[KL_CITED_WORDS_MAX]);

/* Why an outcome is no finer than it is, as a clause; "" if it is as fine as can be. `cited` has the words
 * of each that is named. Returns `out`. */
const char *kl_behind_words(const struct kl_tally_call *call,
	const struct kl_forecast_outcome *outcome, const char (*cited)[KL_CITED_WORDS_MAX],
	char out[KL_FORECAST_WORDS_MAX]);

/* How it went with the groups that were tried: "always in 16 bins", "never", "in 17 of 20: 2 times in 16
 * bins, 15 times in 8 bins". Returns `out`. */
const char *kl_tried_words(const struct kl_tally_call *call,
	const struct kl_forecast_outcome *outcome, unsigned tries, char out[KL_FORECAST_WORDS_MAX]);

#endif
