/* What members let everybody know by name, of that which a tally asks: whoever did hides nobody in its
 * sums.
 *
 * public    a figure published under the member's name for the period of the call, or its weight in
 *           scoring with its policy, in whatever period: a weight changes seldom (ours). It stays so
 *           after it was withdrawn, since others have seen it
 * named     public, as the CALL says it; what a member knows by itself may be more */
#ifndef KL_DAEMON_PUBLIC_ANSWERS_H
#define KL_DAEMON_PUBLIC_ANSWERS_H

#include "daemon/network.h"

/* For each metric of the call the columns of the roster whose answer is public, as far as is known
 * here. The caller frees it; NULL if there is no memory. */
struct kl_set *kl_public_answers(const struct kl_network *network,
	const struct kl_tally_roster *roster, const struct kl_tally_call *call);

#endif
