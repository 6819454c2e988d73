/* The words of a text as they are searched for.
 *
 * word    letters and digits in a row: see below
 * folded  in lower case, without accents, cut after KL_TERM_MAX bytes
 * term    the stem of a folded word by Snowball's English stemmer (Porter 2), so that a search for
 *         "commissioning" finds "commissioned"
 * whole   the term of a compound written with hyphens, beside those of its parts: "co-production" is
 *         found as "coproduction", "production" and "co-production"
 *
 * Rules (ours):
 *   - letters beyond Latin are taken as they are; whatever is no letter or digit ends a word, and so do
 *     bytes that are no UTF-8
 *   - marks that one does not see (soft hyphens, zero-width characters, accents that follow their
 *     letter) are passed over
 *   - an apostrophe inside a word is passed over ("O'Brien" is "obrien"), with the s behind it at
 *     the end of one ("council's" is "council")
 *   - a comma between digits is passed over, a point is kept: "1,200" is "1200", "1.5m" is itself
 *   - words that stand in every text (the, of, and ...) and single letters are no terms
 *   - -ize, -izing, -ization are taken for -ise, -ising, -isation
 *   - what stands in a title counts KL_TERMS_TITLE times as much as in the text
 *
 * A change of any of these is a new KL_TERMS_RULES: an index by other rules is made anew. */
#ifndef KL_CORE_TERMS_H
#define KL_CORE_TERMS_H

#include "core/bytes.h"

enum {
	KL_TERMS_RULES = 1,
	KL_TERM_MAX = 32,    /* bytes of a folded word, or of a term */
	KL_TERMS_MAX = 4096, /* different terms of one text; what follows is not searched for */
	KL_TERMS_TITLE = 3,
	KL_TERM_TITLE_MAX = 7,                /* occurrences that are counted, in the title */
	KL_TERM_TEXT_MAX = 31,                /* and in the text: many say no more than some */
	KL_TERMS_LENGTH_MAX = UINT16_MAX - 1, /* the highest number has a meaning in the index */
};

struct sb_stemmer;

/* ---- words one by one ------------------------------------------------------------------------ */

struct kl_word {
	size_t from, to; /* bytes of the text */
	bool joined;     /* to the word before, by a hyphen */
	uint8_t len;     /* of the folded word */
	char folded[KL_TERM_MAX];
};

/* The next word at or behind *at, which moves behind it. False: there is none. */
bool kl_word_next(struct kl_bytes text, size_t *at, struct kl_word *ret_word);

/* Whether the folded word is none that is searched for. */
bool kl_word_is_stop(const struct kl_word *word);

/* NULL: out of memory. sb_stemmer_delete() is called by kl_stemmer_delete(), which accepts NULL. */
struct sb_stemmer *kl_stemmer_new(void);
void kl_stemmer_delete(struct sb_stemmer *stemmer);

/* The term of a folded word: a view that lives until the next call, of no bytes if memory is short. */
struct kl_bytes kl_stem(struct sb_stemmer *stemmer, const char *folded, size_t len);

/* A compound put together from its parts. Zero it at first. */
struct kl_compound {
	unsigned parts; /* 0: none is going on */
	bool cut, letters;
	uint8_t len;
	char folded[KL_TERM_MAX];
};

/* Takes the next word in. True if `ret_whole` is filled: with the compound that ended before this
 * word. NULL for the word: the text has ended. */
bool kl_compound_take(
	struct kl_compound *compound, const struct kl_word *word, struct kl_word *ret_whole);

/* ---- all terms of a document ----------------------------------------------------------------- */

struct kl_term {
	char text[KL_TERM_MAX];
	uint8_t len;
	uint8_t in_title, in_text; /* occurrences, up to the limits above */
};

struct kl_terms {
	struct kl_term *items; /* in no order that means anything */
	size_t n;
	uint32_t words, title_words; /* that are no stop words, counted each time */
	uint16_t *slots;             /* private */
	struct sb_stemmer *stemmer;
};

/* KL_E_NOMEM. */
int kl_terms_init(struct kl_terms *terms);
void kl_terms_deinit(struct kl_terms *terms); /* zeroed ones are accepted */
void kl_terms_clear(struct kl_terms *terms);

/* Adds the words of a text, or of a title. */
void kl_terms_add(struct kl_terms *terms, struct kl_bytes text, bool title);

/* Length of the document, for ranking: its words, those of the title KL_TERMS_TITLE times; 1 at least,
 * KL_TERMS_LENGTH_MAX at most. */
uint16_t kl_terms_length(const struct kl_terms *terms);

static inline struct kl_bytes kl_term_bytes(const struct kl_term *term)
{
	return kl_bytes(term->text, term->len);
}

#endif
