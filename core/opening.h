/* Putting partial sums together: a histogram, or the plain answer that there is none.
 *
 * partial       what one seat published for one metric, cohort and level: a vector of elements
 * waiting       fewer than t partial sums are there
 * final         at least qa = 2t - 1 whole vectors lie on one polynomial of degree t - 1: correct
 *               whatever up to t - 1 seats do
 * unconfirmed   fewer than qa are there and all of them agree: correct if these seats are honest
 * void          they do not agree, or they agree on counts that no cohort of that size can have.
 *               Nothing is guessed
 * liar          a seat whose vector is off the polynomial of a final opening
 *
 * QB1, definition 12. */
#ifndef KL_CORE_OPENING_H
#define KL_CORE_OPENING_H

#include "core/bytes.h"
#include "core/cells.h"
#include "core/committee.h"

enum kl_opening_state {
	KL_OPENING_WAITING,
	KL_OPENING_FINAL,
	KL_OPENING_UNCONFIRMED,
	KL_OPENING_VOID
};

struct kl_partial {
	uint8_t seat;          /* 1..n */
	const uint64_t *cells; /* reduced elements; memory of the caller */
};

struct kl_opening {
	enum kl_opening_state state;
	uint16_t seats; /* bit j - 1: seat j's vector lies on the polynomial (final, unconfirmed) */
	uint16_t liars; /* bit j - 1: seat j's vector does not (final only) */
	uint16_t bins;
	uint32_t histogram[KL_CELLS_BINS_MAX]; /* counts, `bins` of them (final, unconfirmed) */
};

/* Opens one metric of one cohort of `size` members from `count` partial sums of `bins` elements
 * each, in any order. KL_E_INVALID if a seat is named twice or is none of the committee, or if
 * `bins` is 0 or above KL_CELLS_BINS_MAX. The result does not depend on the order. */
int kl_open_partials(const struct kl_committee *committee, const struct kl_partial *partials,
	size_t count, size_t bins, uint32_t size, struct kl_opening *ret_opening);

/* "waiting", "final", "unconfirmed", "void". */
const char *kl_opening_state_name(enum kl_opening_state state);

#endif
