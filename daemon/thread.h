/* Threads: a question or a lesson with its answers, in the order in which they arrived.
 *
 * root   what the thread is about: the post that answers nothing. It may be withdrawn, or not be here;
 *        its answers stay
 *
 * A thread has one level here: whoever answers an answer answers its question. Answers that a newer
 * program hangs on answers are shown in the thread of their root. */
#ifndef KL_DAEMON_THREAD_H
#define KL_DAEMON_THREAD_H

#include "daemon/posts.h"

enum { KL_THREAD_STEPS_MAX = 8 /* from an answer to its root */ };

/* The id of the root of a post's thread: its own, if it answers nothing. */
struct kl_id kl_thread_root(const struct kl_posts *posts, const struct kl_posted *posted);

/* For every item of the table how many standing answers its thread has, if it is a root; to be freed.
 * NULL: no memory. */
uint32_t *kl_thread_counts(const struct kl_posts *posts);

#endif
