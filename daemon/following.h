/* The topics that this member follows: private, kept as one document. */
#ifndef KL_DAEMON_FOLLOWING_H
#define KL_DAEMON_FOLLOWING_H

#include "daemon/network.h"
#include "protocol/doc_inbox.h"

/* None if nothing is followed. KL_E_DAMAGED and what the store says. */
int kl_following_get(
	struct kl_node *node, struct kl_following *ret_following, struct kl_fault *fault);

/* Keeps the list in the place of the one before. As kl_store_commit(). */
int kl_following_keep(
	struct kl_node *node, const struct kl_following *following, struct kl_fault *fault);

/* What somebody means by a topic: "route=asset transfer" (or characteristic, stage, service, place,
 * member, words), or without the first part whatever has that name: a word that posts are marked with,
 * a member, a council area; and if nothing has, the words themselves. `since` is not set. KL_E_USAGE,
 * KL_E_NOT_FOUND, KL_E_AMBIGUOUS with what to type. */
int kl_topic_understand(struct kl_node *node, const char *typed, struct kl_topic *ret_topic,
	struct kl_fault *fault);

/* A topic for people: the name of the word, the member or the place. Returns `out`. */
const char *kl_topic_show(
	struct kl_node *node, const struct kl_topic *topic, char out[KL_TOPIC_TEXT_MAX]);

/* Which topics a post touches: bit 1 << place in the list. Topics of words need what it says: `post`;
 * if that is NULL they are passed over, and *ret_wants_text tells that there are some (may be NULL). */
uint64_t kl_following_touched(const struct kl_following *following, const struct kl_posts *posts,
	const struct kl_posted *posted, const struct kl_post *post, bool *ret_wants_text);

#endif
