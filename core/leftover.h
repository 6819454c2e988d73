/* Why a cohort can be shown no finer, in terms that a person can check: what is left over when sums
 * that come before it are subtracted.
 *
 * The audit (audit.h) decides; this finds the plainest subtraction behind a refusal and never says
 * whether something may be released.
 *
 * set     the members that the refused sum is about
 * before  the sums that are out already, or have priority, each at its level
 * level   the one that was refused; sums of `before` that are coarser play no part
 * left    members that a subtraction would leave, and how many of them count (their support)
 *
 * Looked for in this order: the set itself is too small; it is the rest of one other sum, or one other
 * sum leaves a rest of it; two sums overlap in all but a few; several sums together fill one but for a
 * few. A refusal may rest on something less plain: then it is told as such. */
#ifndef KL_CORE_LEFTOVER_H
#define KL_CORE_LEFTOVER_H

#include "core/audit.h"

enum { KL_LEFTOVER_ROWS_MAX = 64 };

enum kl_leftover_kind {
	KL_LEFTOVER_NONE,   /* nothing was refused */
	KL_LEFTOVER_OWN,    /* the set alone has too few that count */
	KL_LEFTOVER_INSIDE, /* rows[0] without the set, and without the other rows, is too small */
	KL_LEFTOVER_AROUND, /* the set without all of the rows is too small */
	KL_LEFTOVER_BESIDE, /* the set and rows[0] differ in too few */
	KL_LEFTOVER_MANY,   /* only several of the rows together tell too few apart */
};

struct kl_leftover {
	enum kl_leftover_kind kind;
	uint8_t level;        /* that was refused */
	uint16_t needed;      /* that would have to count: kl_audit_floor() */
	uint16_t left;        /* members that would be left; 0 for MANY */
	uint16_t left_counts; /* of these, how many count */
	uint16_t row_count;
	uint16_t rows[KL_LEFTOVER_ROWS_MAX]; /* places in `before` */
};

/* What stands behind the refusal of `set` at `level`. `before` in order of priority; of equally plain
 * reasons that with the first of them is told. */
void kl_leftover_find(const struct kl_population *population, size_t k,
	const struct kl_release *before, size_t count, const struct kl_set *set, uint8_t level,
	struct kl_leftover *ret_leftover);

#endif
