/* What waits for this member: answers to it, and posts on what it follows.
 *
 * told      everything up to the read mark, an arrival (store/arrivals.h): the mark moves when somebody
 *           has seen what is listed, so that nothing is told twice, also after a restart
 * item      a post that is told with its text: an answer to this member's question or lesson; an answer
 *           to a question that it had answered before; a post on a topic (daemon/following.h); a
 *           correction of something that was told
 * crowded   posts of a member that has written more than KL_INBOX_OF_ONE_MAX of them: only counted, so
 *           that a flood buries nobody else's
 *
 * Posts that were withdrawn are not listed; of those that had been told it is said that they were. Ours:
 * all limits. A list that is full, or that was work enough for one callback (texts are read for topics of
 * words), goes on after the mark has moved: nothing falls out of it. */
#ifndef KL_DAEMON_INBOX_H
#define KL_DAEMON_INBOX_H

#include "daemon/following.h"

enum {
	KL_INBOX_ITEMS_MAX = 100,
	KL_INBOX_OF_ONE_MAX = 5,
	KL_INBOX_CROWDED_MAX = 64,
	KL_INBOX_EFFORT_MAX = 400000, /* of one look, as bytes of text that are looked through */
};

enum kl_inbox_why {
	KL_INBOX_TO_QUESTION = 1, /* an answer to a question of this member */
	KL_INBOX_TO_LESSON,       /* or to a lesson of it */
	KL_INBOX_TOO,             /* an answer to a question that it answered, too */
	KL_INBOX_TOPIC,           /* touches topics */
	KL_INBOX_CORRECTED,       /* was told, and says something else now */
};

struct kl_inbox_item {
	const struct kl_posted *posted;
	enum kl_inbox_why why;
	uint64_t topics; /* bits, as kl_following_touched() */
};

struct kl_inbox {
	struct kl_inbox_item
		items[KL_INBOX_ITEMS_MAX]; /* as they arrived; all of it: latest first */
	size_t n;
	struct {
		struct kl_id member;
		size_t posts;
	} crowded[KL_INBOX_CROWDED_MAX];
	size_t n_crowded;
	struct kl_id withdrawn[KL_INBOX_TOLD_MAX];
	size_t n_withdrawn;
	size_t answers, others; /* that wait, crowded ones too: `others` is all but answers to it */
	uint64_t upto;          /* everything up to this arrival is in here */
	bool goes_on;           /* and there is more behind it */
	struct kl_following following;
	struct kl_read_mark mark;
};

/* Looks for what waits, up to the arrival `limit` (UINT64_MAX: all). `all`: what was told, too, latest
 * first. The posts live until the next record is taken in. KL_E_DENIED outside of a network. */
int kl_inbox_look(struct kl_node *node, bool all, uint64_t limit, struct kl_inbox *ret_inbox,
	struct kl_fault *fault);

/* Keeps that everything up to `upto` was told: exactly what kl_inbox_look() with that limit lists. A
 * mark never moves back. As kl_store_commit(). */
int kl_inbox_told(struct kl_node *node, uint64_t upto, struct kl_fault *fault);

#endif
