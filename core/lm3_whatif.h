/* What would become of a score if money went another way.
 *
 * spend    moved from suppliers elsewhere to local ones, both in proportion to what they have now:
 *          it leaves an average supplier elsewhere and reaches an average local one
 * payroll  of staff who live elsewhere, paid to staff who live in the area instead
 *
 * Income stays as it is, and so do all other lines. Suppliers of unknown place give and take nothing.
 * What the moved money does in round 3 is, in each case (low, central, high), what the average of
 * these suppliers does in that case. These assumptions are ours and are shown with the answer. */
#ifndef KL_CORE_LM3_WHATIF_H
#define KL_CORE_LM3_WHATIF_H

#include "core/lm3.h"

/* What is asked: pence, and hundredths of the whole (points of the supply chain, or of payroll). */
struct kl_lm3_change {
	int64_t spend, payroll;
	double spend_points, payroll_points;
};

struct kl_lm3_what_if {
	struct kl_lm3_result before;
	int64_t spend, payroll; /* moved in all, in pence */
	struct kl_lm3_amounts round2, round3;
	struct kl_lm3_shares lm3;
	struct kl_lm3_amounts gained;    /* local income more than before, rounds 2 and 3 */
	struct kl_lm3_shares each_pound; /* the same for each pound that was moved */
};

/* KL_E_INVALID if nothing is moved or an amount is negative; KL_E_RANGE if more is moved than there
 * is; or what kl_lm3_sum_result() says. All in words. */
int kl_lm3_ask_what_if(const struct kl_lm3_sum *sum, const struct kl_lm3_change *change,
	struct kl_fault *fault, struct kl_lm3_what_if *ret);

#endif
