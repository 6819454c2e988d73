/* What each line of a project adds to its rounds and its score.
 *
 * part   a line: pay of local staff, a supplier, or suppliers of one kind that are too many to name.
 *        The parts of a round add up to that round to the penny, and their scores to the score in
 *        thousandths: what is lost by rounding is carried from each part to the next
 * unspent  what of the income no line accounts for; negative if more was spent than came in */
#ifndef KL_CORE_LM3_EXPLAIN_H
#define KL_CORE_LM3_EXPLAIN_H

#include "core/lm3.h"

enum kl_lm3_part_kind {
	KL_LM3_PAYROLL_LOCAL,
	KL_LM3_PAYROLL_ELSEWHERE,
	KL_LM3_OTHER_LOCAL,
	KL_LM3_OTHER_ELSEWHERE,
	KL_LM3_ONE_SUPPLIER,
	KL_LM3_MORE_SUPPLIERS, /* all others that are alike in place, and in having answered */
	KL_LM3_UNSPENT,
};

enum {
	KL_LM3_NAMED_MAX = 300, /* suppliers by name */
	KL_LM3_PARTS_MAX = KL_LM3_NAMED_MAX + 4 + 6 + 1,
};

struct kl_lm3_part {
	enum kl_lm3_part_kind kind;
	struct kl_lm3_line line; /* of one supplier; of more only where and answered */
	size_t suppliers;
	int64_t round1;
	struct kl_lm3_amounts round2, round3;
	struct kl_lm3_amounts score; /* thousandths */
};

struct kl_lm3_explained {
	struct kl_lm3_result result;
	size_t count;
	struct kl_lm3_part parts[KL_LM3_PARTS_MAX]; /* largest suppliers first */
};

/* Names the `named` largest suppliers (at most KL_LM3_NAMED_MAX) and puts the others together.
 * *ret is allocated, free() it. KL_E_NOMEM, or what kl_lm3_sum_result() says. */
int kl_lm3_explain(const struct kl_lm3_sum *sum, size_t named, struct kl_fault *fault,
	struct kl_lm3_explained **ret);

/* Thousandths of the score of a result, as they are shown: half up. */
struct kl_lm3_amounts kl_lm3_score_thousandths(const struct kl_lm3_result *result);

#endif
