/* This member's own profile before anybody else sees it: a private document, from which the first
 * record of the feed is made once the member is on a roster. */
#ifndef KL_DAEMON_OWN_PROFILE_H
#define KL_DAEMON_OWN_PROFILE_H

#include "core/profile.h"
#include "daemon/node.h"

/* The profile as it stands: kept, or else name, kind and GSS code of the identity. The caller calls
 * kl_profile_deinit(). */
int kl_own_profile(struct kl_node *node, struct kl_profile *ret_profile, struct kl_fault *fault);

/* Whether it is published as it changes: this member is on a roster. Else it will be, once it is
 * admitted. */
bool kl_own_profile_is_public(const struct kl_node *node);

/* Keeps it, and publishes it if the member is on a roster: both in one commit, so that no crash can
 * leave one without the other. */
int kl_own_profile_keep(
	struct kl_node *node, const struct kl_profile *profile, struct kl_fault *fault);

#endif
