/* Where money leaves the area, supplier by supplier.
 *
 * leaves   of a supplier elsewhere all that is spent with it, at once (round 2); of a local one what
 *          it does not spend again locally (round 3). Of a silent local supplier that is a range, as
 *          in lm3.h
 * comes back  what a supplier elsewhere spends again in the area; the score counts it in round 3
 * apart    suppliers of unknown place: whether anything leaves with them is not known */
#ifndef KL_CORE_LM3_LEAKS_H
#define KL_CORE_LM3_LEAKS_H

#include "core/lm3.h"

enum { KL_LM3_LEAKS_MAX = 200 };

struct kl_lm3_leak {
	struct kl_lm3_line line;
	struct kl_lm3_amounts leaves, comes_back;
};

struct kl_lm3_leaks {
	struct kl_lm3_result result;
	/* All money that leaves. Pay of staff: by the proxies. */
	int64_t suppliers_elsewhere, other_elsewhere, payroll_elsewhere; /* at once */
	struct kl_lm3_amounts suppliers_local;                           /* in the next round */
	int64_t staff_local;
	size_t elsewhere_count, local_count;
	int64_t unknown_value; /* spent with suppliers of unknown place */
	size_t unknown_count;
	size_t count, unknowns;
	struct kl_lm3_leak leaks[KL_LM3_LEAKS_MAX];   /* largest first, unknown places left out */
	struct kl_lm3_leak unknown[KL_LM3_LEAKS_MAX]; /* those, largest first */
};

/* The `most` largest of both lists (at most KL_LM3_LEAKS_MAX). *ret is allocated, free() it.
 * KL_E_NOMEM, or what kl_lm3_sum_result() says. */
int kl_lm3_find_leaks(const struct kl_lm3_sum *sum, size_t most, struct kl_fault *fault,
	struct kl_lm3_leaks **ret);

#endif
