/* Records of seats for others to see: whole ones out of the store, published as EVIDENCE, and those that
 * stand behind the place where a feed is frozen by a fork, or ended by the roster (see
 * protocol/tally_conflict.h). */
#ifndef KL_DAEMON_EVIDENCE_H
#define KL_DAEMON_EVIDENCE_H

#include "daemon/network.h"

/* Carries out KL_TALLY_EVIDENCE. KL_E_NOT_FOUND if one of the records is not here; else as
 * kl_network_append_all(). */
int kl_evidence_publish(
	struct kl_network *network, const struct kl_tally_effect *effect, struct kl_fault *fault);

typedef void kl_frozen_fn(struct kl_network *network, const struct kl_record *record);

/* Calls for each record that is stored of a frozen feed from the contested place on, or behind the place where
 * the roster ends a feed, in order; for none of any other feed. Calls come from within a transaction: they
 * must not commit. */
int kl_evidence_frozen(
	struct kl_network *network, const struct kl_feed_id *feed, kl_frozen_fn *visit);

#endif
