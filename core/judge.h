/* Whether what was dealt is one answer to each question: tests on shares that nobody can read.
 *
 * challenge   what a contribution is asked: numbers that follow from everything the contributor had
 *             to fix first (tally, author, number, presence, all blobs), so it cannot choose them
 * repetition  the tests are put KL_SHARE_TESTS times; a wrong contribution passes all of them with
 *             a probability of 2^-178
 * reply       what one seat works out from its share: one element for each test and repetition.
 *             Blinded by w and mask of the share, it says nothing of the answer
 * e           one-hot test. For a metric, z = sum r x, s = sum r^2 x, u = sum x over its cells;
 *             e = w + sum over metrics of lambda (z^2 - s) + mu (u - present). If each answered
 *             metric has one 1 and all other cells are 0, the e of all seats lie on a polynomial of
 *             degree 2t - 2 that is 0 at 0
 * c           consistency test: c = mask + sum r x over all cells lies on one of degree t - 1
 * verdict     which seats' replies lie on such polynomials together
 *
 * QB1, definitions 7 and 8. What no test stops: a lie inside a legal bin. With exactly 2t - 1
 * replies a seat in league with the contributor can make a wrong contribution pass, never read one. */
#ifndef KL_CORE_JUDGE_H
#define KL_CORE_JUDGE_H

#include "core/bytes.h"
#include "core/cells.h"
#include "core/committee.h"
#include "core/expand.h"
#include "core/share.h"

enum {
	KL_REPLY_ELEMENTS = 2 * KL_SHARE_TESTS,
	KL_REPLY_BYTES = 8 * KL_REPLY_ELEMENTS,
	KL_OWN_SEAT_FROM = 7, /* seats from which on nobody's own reply counts for it */
};

/* What a challenge follows from: the public part of a contribution. */
struct kl_challenge_of {
	struct kl_id tally;
	struct kl_id author;
	uint32_t number;         /* of the contribution, 1..3 */
	const uint8_t *presence; /* kl_presence_len(metrics) bytes, checked */
	size_t metrics;
	const struct kl_id *blobs; /* one for each seat, zero for a seat without ACCEPT */
	unsigned seats;            /* n */
};

/* A key for each repetition. Its expansion (core/expand.h) is r for each cell, lambda for each
 * metric, mu for each metric. */
struct kl_challenge {
	uint8_t keys[KL_SHARE_TESTS][KL_ENTROPY_BYTES];
};

struct kl_reply {
	uint64_t e[KL_SHARE_TESTS];
	uint64_t c[KL_SHARE_TESTS];
};

/* keys[rep] = H("QB1/chal", tally, author, u32le number, presence, blobs one after the other,
 * u8 rep). */
void kl_challenge_init(const struct kl_challenge_of *of, struct kl_challenge *ret_challenge);

/* The reply of a seat with that vector (kl_share_elements(cells->total)). Runs over the challenge
 * as it is expanded and keeps nothing of the vector. Constant time in the vector. */
void kl_reply(const struct kl_cells *cells, const uint8_t *presence,
	const struct kl_challenge *challenge, const uint64_t *vector, struct kl_reply *ret_reply);

/* KL_REPLY_BYTES: e_1 e_2 e_3 c_1 c_2 c_3. KL_E_MALFORMED if one is no element or of any other
 * length. */
void kl_reply_encode(const struct kl_reply *reply, uint8_t ret_bytes[KL_REPLY_BYTES]);
int kl_reply_decode(struct kl_bytes bytes, struct kl_reply *ret_reply);

/* Of seats that hold a contribution (bit j - 1 for seat j), those whose replies are heard: from
 * n = KL_OWN_SEAT_FROM on all but the seat that the contributor holds (0: none). */
uint16_t kl_replies_heard(const struct kl_committee *committee, uint16_t seats, unsigned own_seat);

/* The verdict over the replies of seats that acknowledge one contribution: `replies[j - 1]` is seat
 * j's, NULL without. `own_seat`: the seat that the contributor holds, 0 if none.
 *
 * Of the replies that are heard at least 2t - 1 must be there, and all must fit; if they do not and
 * there are at least 2t + 1, the lowest seat without which all others fit is set aside. Gives the seats
 * that stand together, bit j - 1 for seat j (the own seat stands, whether its reply was heard or not),
 * or 0: the contribution is refused. */
uint16_t kl_verdict(const struct kl_committee *committee,
	const struct kl_reply *const replies[KL_SEATS_MAX], unsigned own_seat);

#endif
