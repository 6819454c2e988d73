/* What a call could release, put as a person asks for it.
 *
 * supposed  who is taken to answer: all members but those left out by name, or a share of them, which is
 *           tried out with several groups of that size, always the same for one call
 * cell      one metric of one cohort; outcome: all metrics of a cohort that fare alike
 * behind    the plainest subtraction for which a cohort is shown no finer (core/leftover.h)
 * cited     a sum that this subtraction takes part in: a cohort with priority, or one that an earlier
 *           tally has released for the period */
#ifndef KL_DAEMON_FORECAST_H
#define KL_DAEMON_FORECAST_H

#include "core/leftover.h"
#include "daemon/network.h"

enum {
	KL_FORECAST_CITED_MAX = 6,
	KL_FORECAST_TRIES = 20,
	KL_FORECAST_TRIES_MIN = 5,
	KL_FORECAST_BUDGET_MS = 1500, /* after which no further groups are tried */
};

struct kl_forecast_cited {
	int16_t tally; /* index in the book; -1: this call */
	uint8_t cohort;
	uint16_t members;
};

struct kl_forecast_behind {
	enum kl_leftover_kind kind;
	uint8_t level; /* that was refused */
	uint16_t needed, left, left_counts;
	uint16_t cited_count; /* of which the first KL_FORECAST_CITED_MAX are named */
	struct kl_forecast_cited cited[KL_FORECAST_CITED_MAX];
};

struct kl_forecast_cell {
	struct kl_tally_forecast row;
	struct kl_forecast_behind behind;
	uint8_t tries[KL_LEVELS + 1]; /* of the groups tried: withheld, then by level */
};

struct kl_forecast_outcome {
	uint8_t cohort;
	uint8_t metrics[KL_PRESENCE_MAX]; /* bit by bit, as in core/cells.h */
	uint16_t metric_count;
	struct kl_forecast_cell cell;
};

struct kl_supposed {
	struct kl_set answering; /* columns of the roster */
	uint8_t percent;         /* of these; 100: all */
};

struct kl_forecast {
	struct kl_forecast_outcome *outcomes; /* by cohort; owned */
	size_t count;
	unsigned tries;   /* groups that were tried; 0 if all are supposed to answer */
	uint16_t members; /* how many are supposed to answer */
};

/* Everybody on the roster. */
void kl_suppose_all(const struct kl_tally_roster *roster, struct kl_supposed *ret_supposed);

/* As kl_tallies_forecast(), for all metrics, a little at a time: the rest of the daemon must not wait for
 * all of it. Book, call and roster are borrowed until the end; other tallies may come in meanwhile.
 * KL_E_NOMEM, and what kl_tallies_forecast() says. */
struct kl_forecasting;
int kl_forecast_begin(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, const struct kl_supposed *supposed,
	struct kl_forecasting **ret_forecasting);

/* A few cohorts of one metric, and further ones for as long as that time has not passed. */
int kl_forecast_go_on(struct kl_forecasting *forecasting, uint64_t for_ms, bool *ret_done);

/* What came out of it, once it is done. */
int kl_forecast_end(const struct kl_forecasting *forecasting, struct kl_forecast *ret_forecast);
void kl_forecast_abandon(struct kl_forecasting *forecasting); /* NULL is accepted */

void kl_forecast_deinit(struct kl_forecast *forecast);

/* Puts together what fares alike: `cells` has one entry for each metric and cohort, metric by metric;
 * `ret_outcomes` has room for as many. How many there are. */
size_t kl_forecast_group(const struct kl_forecast_cell *cells, unsigned metrics, unsigned cohorts,
	struct kl_forecast_outcome *ret_outcomes);

#endif
