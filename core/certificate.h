/* When a proposal counts, and when a tally has failed: pure questions about who said what.
 *
 * vote   a seat stands for one proposal in one attempt
 * skip   a seat has not voted in an attempt and never will
 * quit   a seat will never vote or open in this tally again
 *
 * A proposal is certified in an attempt iff qv different seats voted for it in that attempt and,
 * for every earlier attempt, qv different seats skipped it (QB1, definition 10). A tally has failed
 * iff qv seats quit. Since any two sets of qv seats share an honest one, no two proposals can be
 * certified, and whatever gets its votes in a tally that failed, before or after, is named in a QUIT
 * of an honest seat: failure comes first, and later audits count it as released. Callers check
 * signatures first; seats outside 1..n are ignored, repetition does not count. */
#ifndef KL_CORE_CERTIFICATE_H
#define KL_CORE_CERTIFICATE_H

#include "core/bytes.h"
#include "core/committee.h"

struct kl_vote {
	uint8_t seat;
	uint32_t attempt;
	struct kl_id proposal; /* id of the PROPOSE record */
};

struct kl_skip {
	uint8_t seat;
	uint32_t attempt;
};

/* True if the proposal is certified in that attempt. The work is bounded by the number of votes
 * plus skips, squared, whatever attempt is named. */
bool kl_certified(const struct kl_committee *committee, const struct kl_vote *votes,
	size_t vote_count, const struct kl_skip *skips, size_t skip_count, uint32_t attempt,
	const struct kl_id *proposal);

/* True if qv seats skipped that one attempt. */
bool kl_skipped(const struct kl_committee *committee, const struct kl_skip *skips, size_t count,
	uint32_t attempt);

/* The first attempt that was not skipped: the one that is open now. */
uint32_t kl_open_attempt(
	const struct kl_committee *committee, const struct kl_skip *skips, size_t count);

/* True if qv different seats are among these that quit. */
bool kl_failed(const struct kl_committee *committee, const uint8_t *quits, size_t count);

#endif
