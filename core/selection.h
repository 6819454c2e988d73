/* Who is in a tally: from what cited seats say of each author to one set that everybody computes.
 *
 * cited      seats whose INTAKE the proposal names
 * said       what one cited seat says of one author: that it holds a contribution, or that the
 *            author withdrew
 * chosen     of an author's contributions, the one that most cited seats hold
 * base       authors of whom at least t cited seats hold the chosen contribution
 * stand      seats that hold it and passed the tests together (core/judge.h)
 * accepted   authors for whom all seats of the best qa-subset stand: who is counted
 *
 * QB1, definition 9; withdrawals are ours: one that any cited seat names disregards the author's
 * contributions up to its number. Nothing here depends on the order in which anything arrived. */
#ifndef KL_CORE_SELECTION_H
#define KL_CORE_SELECTION_H

#include "core/bytes.h"
#include "core/committee.h"
#include "core/set.h"

enum kl_said_kind { KL_SAID_NOTHING, KL_SAID_HOLDS, KL_SAID_WITHDRAWN };

struct kl_said {
	enum kl_said_kind kind;
	uint8_t number; /* of the contribution or withdrawal, 1..3; 0: not known here (holds) */
	struct kl_id contribution; /* holds */
};

struct kl_chosen {
	struct kl_id contribution;
	uint8_t number;    /* 0: not known here; then it is not known either who is in */
	uint16_t seats;    /* bit j - 1: seat j holds it */
	uint8_t withdrawn; /* numbers up to this one are disregarded; 0: none */
};

/* Chooses among an author's contributions: said[j - 1] is what cited seat j says, nothing for a seat
 * that is not cited. Ties go to the lowest id. False if fewer than t seats hold one: the author is
 * not in `base`; only `withdrawn` is filled then. */
bool kl_choose(const struct kl_committee *committee, const struct kl_said said[KL_SEATS_MAX],
	struct kl_chosen *ret_chosen);

/* The best subset: of all qa seats out of `cited` (bit j - 1 for seat j), in lexicographic order, the
 * first with most accepted authors. `stand[i]`: the seats that stand for author i, 0 if it is out.
 * `ret_seats` (may be NULL): that subset and every other cited seat that stands for all accepted.
 * KL_E_INVALID if fewer than qa are cited or a seat is none of the committee, KL_E_TOO_BIG above
 * KL_SET_MEMBERS_MAX authors. */
int kl_select(const struct kl_committee *committee, uint16_t cited, const uint16_t *stand,
	size_t authors, struct kl_set *ret_accepted, uint16_t *ret_seats);

#endif
