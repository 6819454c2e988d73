/* A figure of this member that has changed since it was counted: what was shown is never changed, but its
 * owner should know. */
#ifndef KL_DAEMON_MOVED_ANSWER_H
#define KL_DAEMON_MOVED_ANSWER_H

#include "daemon/metric_words.h"
#include "daemon/network.h"

struct kl_moved_answer {
	char contributed[KL_BIN_WORDS_MAX], today[KL_BIN_WORDS_MAX]; /* bins in words */
};

/* True if this member's answer to a metric stands in the certified sums of a tally, and its figure of today
 * would fall into another bin. */
bool kl_moved_answer(struct kl_node *node, const struct kl_tally_view *view, uint16_t metric,
	struct kl_moved_answer *ret_moved);

#endif
