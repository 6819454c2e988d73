/* Which members a question about policies is about: the arguments of the commands that ask it.
 *
 * region, type   as the convenor confirmed them
 * status, route  as the member's policy in force says
 * like me        this member, and those most like it (nearest.h) */
#ifndef KL_DAEMON_POLICY_FILTER_H
#define KL_DAEMON_POLICY_FILTER_H

#include "daemon/nearest.h"
#include "daemon/network.h"

enum { KL_POLICY_LIKE_ME = 15 };

struct kl_policy_filter {
	char region[KL_SLUG_MAX], type[KL_SLUG_MAX], status[KL_SLUG_MAX];
	uint32_t routes; /* one bit, or 0 */
	bool like_me;
	struct kl_id self;
	struct kl_nearest nearest[KL_POLICY_LIKE_ME];
	size_t n_nearest;
};

/* From "region", "type", "status", "route" (as people name them) and "like_me". KL_E_NOT_FOUND,
 * KL_E_AMBIGUOUS, KL_E_USAGE; what kl_nearest_members() says. */
int kl_policy_filter_read(
	struct kl_node *node, struct kl_ask *ask, struct kl_policy_filter *ret_filter);

/* Whether an active member is meant; `policy` is the one in force, or NULL. */
bool kl_policy_filter_takes(const struct kl_policy_filter *filter,
	const struct kl_roster_member *member, const struct kl_policy *policy);

/* The member whose policy `text` means: where several could be meant, the one of them that has one. As
 * kl_find_member(). */
int kl_find_policy_member(const struct kl_node *node, const char *text,
	const struct kl_roster_member **ret_member, struct kl_fault *fault);

/* "filters": what was asked for, as slugs. */
void kl_put_policy_filter(struct kl_writer *w, const struct kl_policy_filter *filter);

#endif
