/* A forecast, and what bears on it, as keys of an answer. */
#ifndef KL_DAEMON_FORECAST_ANSWER_H
#define KL_DAEMON_FORECAST_ANSWER_H

#include "daemon/forecast.h"

enum { KL_FORECAST_KEYS = 5, KL_FORECAST_BYTES_MAX = 200 * 1024 };

/* Keys "outcomes", "tries", "not_counted", "unplaced" and "earlier": for each cohort how its metrics
 * fare; which members do not count, or not by themselves, and why; whom the roster confirms nothing
 * of that a cohort goes by; and which tallies have counted some of it for the period. */
void kl_put_forecast(struct kl_writer *w, const struct kl_network *network,
	const struct kl_tally_call *call, const struct kl_tally_roster *roster,
	const struct kl_forecast *forecast);

#endif
