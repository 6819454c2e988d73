/* Who counts a tally: how many seats there are, how many are needed for what, and the draw.
 *
 * eligible   members that offered to sit and were on the frozen roster, counted by control group
 * control    what a member belongs to (two companies of one council share it); an opaque id
 * n, t       seats; how many of them together can read an answer (t - 1 learn nothing)
 * seat       1..n; also the point at which its shares are evaluated
 * qa         2t - 1: INTAKEs cited, replies of tests, agreeing partial sums
 * qv         floor((n + t - 1) / 2) + 1: VOTEs, SKIPs, QUITs; any two such sets share t seats or
 *            more, so at least one honest one
 * attempt    0, 1, ..: one try to get a proposal certified, with one leader */
#ifndef KL_CORE_COMMITTEE_H
#define KL_CORE_COMMITTEE_H

#include "core/bytes.h"

enum {
	KL_SEATS_MAX = 10,
	KL_THRESHOLD_MAX = 4,
	KL_ELIGIBLE_MIN = 5,
	KL_CANDIDATES_MAX = 4096, /* members that can stand in one draw */
};

struct kl_committee {
	uint8_t n;
	uint8_t t;
	uint8_t qa;
	uint8_t qv;
};

struct kl_candidate {
	struct kl_id member;
	struct kl_id control;
};

/* Parameters by the number of eligible control groups: 5 -> n 5 t 3, 6 -> n 6 t 3, 7..39 -> n 7
 * t 3, 40 and more -> n 10 t 4. KL_E_DENIED below KL_ELIGIBLE_MIN: no tally then. */
int kl_committee_for(size_t eligible, struct kl_committee *ret_committee);

/* Parameters of a committee of n seats, as a record names it. KL_E_INVALID if none has n seats. */
int kl_committee_of(unsigned n, struct kl_committee *ret_committee);

/* H("QB1/committee", previous, roster, u8 tries). `previous` is the result hash of the last
 * certified tally (zeros before the first one), `roster` the roster hash that the previous CALL
 * froze (at the first tally: that of the CALL itself), `tries` how often this question failed. */
void kl_draw_seed(const struct kl_id *previous, const struct kl_id *roster, uint8_t tries,
	struct kl_id *ret_seed);

/* Number of different control groups among the candidates. KL_E_TOO_BIG, KL_E_NOMEM. */
int kl_control_groups(const struct kl_candidate *candidates, size_t count, size_t *ret_groups);

/* Fills seats 1..n (ret_seats[0] is seat 1): candidates in ascending order of H("QB1/seat", seed,
 * member), then member; from each control group only the first. The order of `candidates` does not
 * matter. KL_E_DENIED if there are fewer than n control groups, KL_E_INVALID if n is 0 or above
 * KL_SEATS_MAX, KL_E_TOO_BIG, KL_E_NOMEM. */
int kl_draw(const struct kl_id *seed, const struct kl_candidate *candidates, size_t count,
	unsigned n, struct kl_id *ret_seats);

/* Turns a subset of 0..count-1, `size` places in ascending order, into the next one in lexicographic
 * order; false after the last. The first is 0..size-1. */
bool kl_next_subset(uint8_t *subset, unsigned size, unsigned count);

/* Seat that leads an attempt: 1 + attempt mod n. */
unsigned kl_leader(uint32_t attempt, unsigned n);

#endif
