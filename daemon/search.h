/* Full text of lessons, questions and answers: asked here, kept up to date beside the work.
 *
 * behind  documents that have arrived and are not in the index yet. It follows the feeds within a few
 *         turns of the loop, a little in each, also when it is made anew; whoever asks meanwhile gets
 *         what is there, and should be told
 *
 *     struct kl_query query;
 *     if ((rc = kl_query_read(words, &query, fault)) ||
 *         (rc = kl_search(node, &query, wants, arg, 20, hits, &counts, fault)))
 *             return rc;
 *     for each hit: read its post; kl_snippet(text, &query, line, sizeof line)
 *
 * Whose texts and corrections count is not decided here: the index has every text that is here, and the
 * `wants` callback says of each arrival whether it may be in the answer. */
#ifndef KL_DAEMON_SEARCH_H
#define KL_DAEMON_SEARCH_H

#include "core/query.h"
#include "core/snippet.h"
#include "daemon/node.h"
#include "store/feeds.h"
#include "store/index.h"

/* Opens the index and brings it up to date in the background. */
int kl_search_start(struct kl_node *node, struct kl_fault *fault);
void kl_search_stop(struct kl_node *node); /* the loop must turn once more; a second time is fine */

/* Records may have arrived. */
void kl_search_arrived(struct kl_node *node);

/* How many documents are missing in the index. */
uint64_t kl_search_behind(struct kl_node *node);

/* The best `max` documents for the query that are wanted: those with all words first, then those with
 * some, each by rank (core/rank.h). `ret_hits` has room for `max`; arrivals are those of the records
 * that hold the texts. `wants` (NULL: all) is called for each document that has any of the words, in
 * rising order of arrivals, and commits nothing. What arrived just now is found. */
int kl_search(struct kl_node *node, const struct kl_query *query, kl_wants_fn *wants, void *arg,
	size_t max, struct kl_hit *ret_hits, struct kl_hit_counts *ret_counts,
	struct kl_fault *fault);

/* Puts into the batch that the payload of a record is erased and that it is struck out of the index: from
 * this commit on no search finds it, and its words leave the index within the turns of the loop that
 * follow (after a crash, of the next start). The only way in which texts of posts are erased. Fine if the record comes with the same batch, before this. */
int kl_search_erase(
	struct kl_node *node, struct kl_batch *batch, const struct kl_feed_id *feed, uint64_t seq);

#endif
