/* Who has not answered, and what their answers would add to confidence.
 *
 * share    of the supply chain's value, what an answer of this supplier would add to the share that
 *          answered
 * to green  how many of them, the largest first, would make the rating green (lm3.h) */
#ifndef KL_CORE_LM3_SILENT_H
#define KL_CORE_LM3_SILENT_H

#include "core/lm3.h"

struct kl_lm3_silence {
	struct kl_lm3_line line;
	double share;
	double answered_share; /* once this one and all before it had answered */
};

struct kl_lm3_silent {
	struct kl_lm3_result result;
	size_t silent; /* suppliers, all of them */
	int64_t silent_value;
	size_t asked;    /* of them, who was asked */
	size_t to_green; /* 0: it is green, or nobody can make it so */
	size_t count;
	struct kl_lm3_silence list[]; /* largest first */
};

/* The `most` largest; who is worth nothing, redacted or below nothing is left out. `unasked_only`:
 * those who were not asked yet. *ret is allocated, free() it. KL_E_NOMEM, or what
 * kl_lm3_sum_result() says. */
int kl_lm3_find_silent(const struct kl_lm3_sum *sum, size_t most, bool unasked_only,
	struct kl_fault *fault, struct kl_lm3_silent **ret);

#endif
