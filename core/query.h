/* What somebody searches for, taken apart into words.
 *
 * term   what is looked up for a word: its stem, and for a part of "co-production" the whole as well
 * start  the word as it was typed, folded: a word that stands nowhere is taken for the beginning of
 *        one ("commiss"), if it has three letters at least (ours)
 *
 * Words are joined by "or", but those documents come first that have all of them: see core/rank.h. */
#ifndef KL_CORE_QUERY_H
#define KL_CORE_QUERY_H

#include "core/error.h"
#include "core/terms.h"

enum { KL_QUERY_WORDS_MAX = 16, KL_QUERY_TERMS_MAX = 2, KL_QUERY_START_MIN = 3 };

struct kl_query_term {
	uint8_t len;
	char text[KL_TERM_MAX];
};

struct kl_query_word {
	struct kl_query_term terms[KL_QUERY_TERMS_MAX];
	size_t n_terms;
	struct kl_query_term start;
};

struct kl_query {
	struct kl_query_word words[KL_QUERY_WORDS_MAX]; /* all different */
	size_t n;
};

/* KL_E_USAGE if there is no word to look for (none at all, or only such as stand in every text), or too
 * many; KL_E_NOMEM. */
int kl_query_read(const char *text, struct kl_query *ret_query, struct kl_fault *fault);

/* Whether the beginning of a word is long enough to be looked up. */
bool kl_query_may_begin(const struct kl_query_word *word);

#endif
