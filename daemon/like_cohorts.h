/* Which of the cohorts of a tally is most like this member: a suggestion beside a benchmark.
 *
 * The rule is ours. How far a cohort is: the mean of the distances (core/similar.h, councils of all
 * types together) between this member and the others in the cohort, as the tally froze them. Where
 * there is no distance, a council counts for an anchor, and the other way round, as the farthest of
 * the own kind, and one of whom too little is known as the mean of the own kind.
 *
 * nearer     1 - (how far the cohort is) / (how far everybody on that roster is): 0.28 means that its
 *            members are on average 28% nearer than everybody
 * suggested  of the cohorts that were released and in which this member stands, the nearest; of equal
 *            ones that with more answers, then the one that the call names first. If nobody can be
 *            compared: the one with the fewest answers, for its rule is the narrowest
 * outside    the nearest of those that were released and in which it does not stand, if that is nearer
 *            still: its figures were not counted there, and its rank is that of a stranger; so it is told,
 *            but not suggested
 * unplaced   what cohorts of the call go by and the convenor had not confirmed of this member when the
 *            tally was called: it stands in none of these cohorts
 *
 * Only what was released is suggested; what was withheld is told with the reason. */
#ifndef KL_DAEMON_LIKE_COHORTS_H
#define KL_DAEMON_LIKE_COHORTS_H

#include "daemon/network.h"

enum { KL_WITHHELD_WORDS_MAX = 256, KL_LIKE_COHORTS_KEYS = 4 };

/* Why a sum is not shown, for people. Returns `out`. */
const char *kl_withheld_words(
	const struct kl_tally_result *result, char out[KL_WITHHELD_WORDS_MAX]);

/* Puts the keys "suggested" and "outside" (nil if there is none), "unplaced" and "cohorts" (those that
 * somebody answered for) of one metric of a tally into an answer. */
void kl_put_like_cohorts(struct kl_node *node, struct kl_writer *w,
	const struct kl_tally_view *view, uint16_t metric);

#endif
