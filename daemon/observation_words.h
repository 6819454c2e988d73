/* Observations as answers tell them. */
#ifndef KL_DAEMON_OBSERVATION_WORDS_H
#define KL_DAEMON_OBSERVATION_WORDS_H

#include "core/observation.h"
#include "protocol/wire.h"

enum { KL_OBSERVATION_KEYS = 14 };

/* The numbers of an indicator, under "components". */
void kl_put_components(struct kl_writer *w, const struct kl_indicator *indicator);

/* The pairs of one observation; the map is the caller's. Revision 0 (it came in with a table) is nil. */
void kl_put_observation(
	struct kl_writer *w, const struct kl_observation *observation, uint64_t revision);

#endif
