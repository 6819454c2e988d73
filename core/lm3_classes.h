/* All that a result needs to know of the suppliers of a project: a few sums. They can be kept beside
 * the project, so that its score need not be added up from all rows again.
 *
 * class    suppliers of one place (enum kl_where), by whether they answered */
#ifndef KL_CORE_LM3_CLASSES_H
#define KL_CORE_LM3_CLASSES_H

#include "core/lm3.h"

struct kl_lm3_class {
	int64_t value, answered;
	double respent; /* of what was answered: sum of net * share, in pence */
};

struct kl_lm3_classes {
	struct kl_lm3_class of[3]; /* by enum kl_where */
	int64_t value, answered, negative;
	size_t suppliers, negatives;
	uint32_t first_negative;
};

/* KL_E_RANGE if a sum leaves int64_t. */
int kl_lm3_classify(const struct kl_lm3_sum *sum, struct kl_lm3_classes *ret_classes);

/* Sums that no suppliers could have: KL_E_MALFORMED. Fills in those that follow from the others:
 * value and answered. */
int kl_lm3_classes_check(struct kl_lm3_classes *classes);

/* As kl_lm3_sum_result(), but without the warnings that name suppliers. */
int kl_lm3_classes_result(const struct kl_lm3_ledger *ledger, const struct kl_lm3_classes *classes,
	struct kl_fault *fault, struct kl_lm3_result *ret_result);

#endif
