/* What stands beside members that are shown for another reason: their lessons, their policy. */
#ifndef KL_DAEMON_BESIDE_H
#define KL_DAEMON_BESIDE_H

#include "daemon/network.h"

enum { KL_BESIDE_LESSONS = 3 };

/* The lessons of one member. */
struct kl_beside {
	struct kl_id member;
	size_t total;                                      /* that stand */
	const struct kl_posted *newest[KL_BESIDE_LESSONS]; /* that came here last, newest first */
	size_t n;
};

/* Finds the lessons of `count` members whose ids the caller has put into `members`, which are sorted: one
 * way through all posts. Valid until the next post. */
void kl_beside_lessons(const struct kl_network *network, struct kl_beside *members, size_t count);

/* Those of one member, or NULL. */
const struct kl_beside *kl_beside_find(
	const struct kl_beside *members, size_t count, const struct kl_id *member);

enum { KL_BESIDE_LESSONS_KEYS = 2, KL_BESIDE_POLICY_KEYS = 1 };

/* "lessons": rows as `lesson list` gives them, and "lessons_total". `beside` NULL: no member, both are
 * nil. A lesson whose text cannot be read just now is left out. */
void kl_put_lessons_beside(
	const struct kl_network *network, struct kl_writer *w, const struct kl_beside *beside);

/* "policy": {"title", "web", "date", "class", "why"} of the one in force, or nil. */
void kl_put_policy_beside(const struct kl_network *network, struct kl_writer *w,
	const struct kl_id *member, enum kl_member_kind kind);

#endif
