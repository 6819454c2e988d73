/* Councils that were merged, split or coded anew, and what stands in their place today: a table of
 * public facts (successions.def), each with its source.
 *
 * old code   a GSS code that is in use no more: E10000009, Dorset County Council, until 2019
 * successor  a code in use today to which an old one leads, over as many changes as there were
 * line       a code with all those that lead to it and all that it leads to
 *
 * Figures and observations that were recorded under an old code stay with it. Whether they speak of
 * the same ground as today's council is not known from codes alone; so an old area is never taken for
 * a new one but where it plainly lies within it (kl_succession_within(), a rule of ours). */
#ifndef KL_CORE_SUCCESSION_H
#define KL_CORE_SUCCESSION_H

#include <stdbool.h>
#include <stddef.h>

enum kl_succession_how {
	KL_SUCCESSION_MERGED,  /* became part of a new council */
	KL_SUCCESSION_SPLIT,   /* was divided between several */
	KL_SUCCESSION_RECODED, /* the same council under another code */
};

struct kl_succession {
	unsigned year;
	enum kl_succession_how how;
	const char *from, *from_name;
	const char *to, *to_name;
	const char *source;
};

extern const struct kl_succession kl_successions[]; /* by year */
extern const size_t kl_successions_count;

enum {
	KL_SUCCESSORS_MAX = 4,    /* successors of one code */
	KL_PREDECESSORS_MAX = 16, /* changes that lead to one code */
	KL_SUCCESSION_WORDS_MAX = 320,
	KL_SUCCESSORS_TEXT_MAX = 16 * KL_SUCCESSORS_MAX,
};

/* The codes in use today in place of this one: none if it is no old code. Returns how many. */
size_t kl_succession_today(const char *gss, const char *ret_codes[KL_SUCCESSORS_MAX]);

/* The changes that led to a code, directly or over others, first to last. Returns how many. */
size_t kl_succession_before(
	const char *gss, const struct kl_succession *ret_changes[KL_PREDECESSORS_MAX]);

/* The first change of an old code; NULL for another. */
const struct kl_succession *kl_succession_of(const char *gss);

/* What an old code or a name of a council that is no more (both whole, in large or small letters)
 * means; NULL. */
const struct kl_succession *kl_succession_find(const char *text);

/* The old area `place` lies within `area`: all that came of it went into that one code, over as many
 * changes as there were. So does a code that was only coded anew, either way. Never true for equal
 * codes. */
bool kl_succession_within(const char *place, const char *area);

/* The same council under both codes, whichever is the older; never true for equal codes. */
bool kl_succession_recoded(const char *a, const char *b);

/* The codes in use today in place of one, for people: "E06000061, E06000062"; "" if it is no old code.
 * Returns `out`. */
const char *kl_succession_today_words(const char *gss, char out[KL_SUCCESSORS_TEXT_MAX]);

/* Both have something to do with one council of today. */
bool kl_succession_touches(const char *a, const char *b);

/* "Dorset County Council (E10000009) became part of Dorset Council (E06000059) in 2019". Returns
 * `out`. */
const char *kl_succession_words(
	const struct kl_succession *change, char out[KL_SUCCESSION_WORDS_MAX]);

#endif
