/* Records of the convenor that everybody folds into the roster. */
#ifndef KL_DAEMON_ENACT_H
#define KL_DAEMON_ENACT_H

#include "daemon/network.h"

/* Tries a roster record on a copy of the roster before it is signed: what everybody would refuse is
 * refused here, in words. */
int kl_rehearse(const struct kl_author *author, const struct kl_head *head,
	const struct kl_roster *roster, uint32_t kind, struct kl_bytes payload,
	struct kl_fault *fault);

/* Rehearses what stands in the writer, then appends it. A dry run ends with the rehearsal. */
int kl_enact(struct kl_network *network, uint32_t kind, const struct kl_writer *w, bool dry,
	struct kl_fault *fault);

#endif
