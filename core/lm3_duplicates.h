/* Suppliers of a project that are probably one: spelled in two ways and added up as one already
 * (names.h), or alike but for punctuation and legal form and counted apart (the loose key there). */
#ifndef KL_CORE_LM3_DUPLICATES_H
#define KL_CORE_LM3_DUPLICATES_H

#include "core/lm3.h"

struct kl_lm3_duplicate {
	struct kl_lm3_line line;
	const char *other; /* the other spelling, or the other supplier; lives as line.name does */
	bool apart;        /* counted apart: `other_line` is that supplier */
	struct kl_lm3_line other_line;
};

struct kl_lm3_duplicates {
	size_t merged, apart; /* how many there are of each kind */
	size_t count;
	struct kl_lm3_duplicate list[]; /* counted apart first, each kind by spend */
};

/* At most `most` of each kind. *ret is allocated, free() it. KL_E_NOMEM. */
int kl_lm3_find_duplicates(
	const struct kl_lm3_sum *sum, size_t most, struct kl_lm3_duplicates **ret);

#endif
