/* Lists of posts: the newest that fit a filter.
 *
 * Newest by the time that their authors claim. A time in the future is worth nothing (ours): a post with
 * such a time stands behind the others. */
#ifndef KL_DAEMON_POST_LIST_H
#define KL_DAEMON_POST_LIST_H

#include "daemon/post_filter.h"

enum { KL_POST_LIST_MAX = 200, KL_POST_LIST_USUAL = 20 };

/* Writes {key: [posts without text], "found": how many fit, "known": how many there are,
 * "passed_over": how many posts of members are not kept here for their number} to ask->out. What the store says of damage. */
int kl_post_list(struct kl_node *node, struct kl_post_filter *filter, size_t max, const char *key,
	struct kl_ask *ask);

/* Whether an answer with these rows could be too long with another. */
bool kl_post_list_is_full(const struct kl_writer *rows);

/* One row, a map: what kl_put_post_head() puts, then title, place, period, outcome, characteristics, and
 * `more` pairs that the caller puts behind them. */
void kl_put_post_row(struct kl_writer *w, const struct kl_network *network,
	const struct kl_posted *posted, const struct kl_post *post, size_t more);

#endif
