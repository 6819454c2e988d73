/* What a member does with posts of its own: publish, correct and withdraw, as commands do it, with a
 * preview first. The same for lessons, questions and answers (cmd_lesson.c, cmd_question.c). */
#ifndef KL_DAEMON_POST_DEEDS_H
#define KL_DAEMON_POST_DEEDS_H

#include "core/post.h"
#include "daemon/control.h"
#include "daemon/node.h"

/* Each answers the ask, or returns why not; with "dry_run" nothing happens. */

/* Publishes what the arguments say (own_post.h); `about` is what an answer answers, else NULL. */
int kl_post_deed_add(struct kl_node *node, struct kl_ask *ask, enum kl_post_kind kind,
	const struct kl_id *about);

/* The post of this kind that "id" names gets the fields that are given, or is taken back. */
int kl_post_deed_correct(struct kl_node *node, struct kl_ask *ask, enum kl_post_kind kind);
int kl_post_deed_withdraw(struct kl_node *node, struct kl_ask *ask, enum kl_post_kind kind);

#endif
