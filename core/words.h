/* Finding things by what people call them: exactly, by part of a name, or nearly.
 *
 * Nobody has to know a code: whatever has a name (members, metrics, indicators, commands) is found
 * here. Whoever has things to find describes them as a list of spellings.
 *
 * spelling  one way to write a thing: its code, its name, its GSS code, ...
 * folded    as compared: lower case (ASCII, Latin-1 and Latin Extended-A), with `_`, `-` and any
 *           run of blanks as one blank; only the first KL_WORDS_TEXT_MAX bytes count */
#ifndef KL_CORE_WORDS_H
#define KL_CORE_WORDS_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	KL_WORDS_TEXT_MAX = 128,
	KL_WORDS_SPELLINGS_MAX = 8,
	KL_WORDS_SHOWN_MAX = 5, /* candidates that a message names */
	KL_WORDS_NEAREST_MAX = 3,
	KL_WORDS_SLIPS_MAX = 8, /* letters in which a near spelling may differ at most */
};

struct kl_words {
	size_t count;
	/* Spelling number `which` of thing `index`, or NULL behind its last. The string lives at least
	 * until the function that asked returns. Messages show spelling 0, and 1 in brackets. */
	const char *(*spelling)(const void *context, size_t index, size_t which);
	const void *context;
	bool names_first; /* spelling 0 is the name; else it is a code, and 1 the name */
};

/* A text as it is compared, for keys. Returns its length. */
size_t kl_words_fold(const char *text, char out[KL_WORDS_TEXT_MAX + 1]);

/* True if `part` occurs in `text`, both folded. An empty part occurs nowhere. */
bool kl_words_contain(const char *text, const char *part);

/* True if both are the same when folded. */
bool kl_words_equal(const char *a, const char *b);

/* Fewest insertions, deletions, replacements and swaps of neighbours (each place used once) that
 * turn one folded text into the other, counted in bytes: Damerau's measure, restricted. */
size_t kl_words_distance(const char *a, const char *b);

/* The one thing that `asked` names: a spelling exactly, or else part of a spelling. `kind` is what
 * messages call the things, in the singular ("metric").
 * KL_E_NOT_FOUND with the nearest as hint, or all of a short list; KL_E_AMBIGUOUS with the candidates. */
int kl_words_find(const struct kl_words *list, const char *kind, const char *asked,
	size_t *ret_index, struct kl_fault *fault);

/* All things of which some spelling contains `asked`, in the order of the list; at most `max` are
 * put into ret_indexes. Returns how many there are, which may be more than `max`. */
size_t kl_words_matches(
	const struct kl_words *list, const char *asked, size_t max, size_t *ret_indexes);

/* Things spelt nearly so, nearest first, none that differs in more than a third of its letters
 * or in more than KL_WORDS_SLIPS_MAX: for "did you mean". At most KL_WORDS_NEAREST_MAX; returns how many. */
size_t kl_words_nearest(
	const struct kl_words *list, const char *asked, size_t ret_indexes[KL_WORDS_NEAREST_MAX]);

#endif
