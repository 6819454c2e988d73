/* Records of seats for others to see: whole ones out of the store, published as EVIDENCE (see
 * protocol/tally_conflict.h). */
#ifndef KL_DAEMON_EVIDENCE_H
#define KL_DAEMON_EVIDENCE_H

#include "daemon/network.h"

/* Carries out KL_TALLY_EVIDENCE. KL_E_NOT_FOUND if one of the records is not here; else as
 * kl_network_append_all(). */
int kl_evidence_publish(
	struct kl_network *network, const struct kl_tally_effect *effect, struct kl_fault *fault);

#endif
