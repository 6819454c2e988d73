/* What corrections (39) and withdrawals (40) take away: the payload of the record that they name, and
 * of its earlier corrections; and the payload of any record that the convenor erases (22), unless it
 * belongs to the roster, to a tally or to keys. It happens in the commit that stores the correction or the withdrawal, so
 * that no crash comes between the two; what an older program stored without understanding it is caught up
 * with at the next start.
 *
 * post      here: a lesson, a question, an answer or a policy
 * standing  which record decides what a post says: none but itself, its latest correction, or a
 *           withdrawal. Kept as a document of kind "post standing" under the id of the post, because
 *           what was erased does not tell any more what it corrected
 *
 * The rules, the same on every daemon, whatever was erased when:
 *   - both come later in the same author's feed than what they name; nobody touches another's records
 *   - a correction names a lesson, a question or an answer, never a policy (a later policy takes the
 *     place of an earlier one by itself) and never another correction
 *   - of several corrections the last counts; after a withdrawal none does
 *   - to withdraw a correction erases it alone: nothing is left of the post then, until it is corrected
 *     again
 *   - what names nothing of the kind erases nothing
 *
 * What is erased is struck out of the search index in the same commit, and its words leave it in the
 * turns of the loop that follow (search.h).
 * Erasing leaves the header, which proves that something stood there, when, and how long it was. Bytes
 * in pages of the database that are free, or not full, stay until they are used again, or until
 * keeplocald --compact. */
#ifndef KL_DAEMON_ERASURES_H
#define KL_DAEMON_ERASURES_H

#include "daemon/node.h"
#include "protocol/record.h"

/* Adds to the batch, behind records of one feed that it appends, whatever these erase. Needs the network
 * to be open. What the store says of damage; KL_E_NOMEM. */
int kl_erasures_add(
	struct kl_node *node, struct kl_batch *batch, const struct kl_record *records, size_t n);

/* Corrections and withdrawals that were met while the feeds were read, to be looked at when they have
 * been: zeroed at first. */
struct kl_erasures {
	struct kl_id *records;
	size_t n, capacity;
};

/* Remembers a record if it may erase something; an erase (22) is to be in force. KL_E_NOMEM. */
int kl_erasures_note(struct kl_erasures *erasures, const struct kl_record *record);

/* Erases what those should have erased and did not, and forgets them. As kl_store_commit(). */
int kl_erasures_finish(struct kl_node *node, struct kl_erasures *erasures, struct kl_fault *fault);

void kl_erasures_deinit(struct kl_erasures *erasures);

#endif
