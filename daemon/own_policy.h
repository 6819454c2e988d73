/* This member's own social value policy: a private document until the member is on a roster, then a
 * record of its feed as well. */
#ifndef KL_DAEMON_OWN_POLICY_H
#define KL_DAEMON_OWN_POLICY_H

#include "core/policy.h"
#include "daemon/network.h"

/* The policy as it is kept here, or as it was published; empty if there is none. The caller calls kl_policy_deinit(). KL_E_DAMAGED and
 * others with a sentence. */
int kl_own_policy(struct kl_node *node, struct kl_policy *ret_policy, struct kl_fault *fault);

/* Whether keeping one now publishes it: whether this member is an active one of a network. */
bool kl_own_policy_is_heard(const struct kl_node *node);

/* Keeps it, and publishes it if the member is on a roster: both in one commit. When
 * KL_POLICY_VERSIONS_MAX versions stand already, the oldest is withdrawn with it. */
int kl_own_policy_keep(
	struct kl_node *node, const struct kl_policy *policy, struct kl_fault *fault);

/* Withdraws up to KL_SAYINGS_MAX versions that stand, the newest first, so that from the first commit on
 * none is in force. *ret_n: how many; 0 when none is left. */
int kl_own_policy_withdraw_some(struct kl_network *network, size_t *ret_n, struct kl_fault *fault);

/* Publishes what is kept, if nothing of the kind ever was: once the member has been admitted. What was
 * withdrawn is not published again by itself. */
void kl_own_policy_introduce(struct kl_network *network);

#endif
