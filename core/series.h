/* What was observed of one quantity in one place, period after period, put into series.
 *
 * group   all observations of one component and place, in the order of their periods; of each period
 *         the latest revision
 * series  those of a group that may be compared with each other: the same method and version, the same
 *         definition, periods of the same length. Nothing is ever joined across */
#ifndef KL_CORE_SERIES_H
#define KL_CORE_SERIES_H

#include "core/observation.h"
#include "core/trend.h"

enum { KL_SERIES_MAX = 64 }; /* of one group; ways to find a figure out beyond that stay alone */

struct kl_series {
	struct kl_observation last;
	struct kl_period first_period;
	struct kl_trend trend;
};

struct kl_series_group {
	struct kl_series *items;
	size_t n, latest;             /* `latest`: the series of the observation added last */
	bool any;                     /* an observation was added, with a number or not */
	struct kl_observation before; /* that one */
};

/* How an observation stands to those before it. */
struct kl_series_step {
	bool comparable; /* with the one before in its series: */
	int64_t from;    /* the number of that one */
	struct kl_period from_period;
	const char *why; /* not comparable with the observation before, or NULL: it is the first */
};

void kl_series_group_init(struct kl_series_group *group);
void kl_series_group_deinit(struct kl_series_group *group);

/* Adds the next observation. KL_E_NOMEM. */
int kl_series_add(struct kl_series_group *group, const struct kl_observation *observation,
	struct kl_series_step *ret_step);

#endif
