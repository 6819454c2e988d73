/* Names of organisations as people type them, and a table that finds equal ones again.
 *
 * key    a name made comparable: small letters (Latin letters with accents too), runs of blanks as
 *        one, none at the ends, and "limited" at the end written "ltd". Two names with one key are
 *        taken for one organisation
 * loose  a key that more spellings share: "&" is "and", punctuation is nothing or a blank, Latin
 *        letters have no accents, "the" in front and Ltd, Limited, plc, LLP, CIC, CIO, Co, Company, Inc at the end are dropped, and
 *        what stands behind "t/a" or "trading as" is cut off. Two names with one loose key are
 *        probably one organisation: whoever takes them for one says so
 * table  gives each key a number from 0 upwards in order of first appearance; adding and finding
 *        take the same time however many there are */
#ifndef KL_CORE_NAMES_H
#define KL_CORE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_NAME_MAX = 201,      /* characters with the final zero, of a name and of its key */
	KL_NAMES_MAX = 1 << 20, /* names in one table */
};

/* Writes the key of `name` into `out`; a name that is too long is cut. Never fails; returns
 * `out`. */
const char *kl_name_key(const char *name, char out[KL_NAME_MAX]);

/* Writes the loose key of `name` into `out`; never empty unless the plain key is. Returns `out`. */
const char *kl_name_loose(const char *name, char out[KL_NAME_MAX]);

/* Writes the words of any text into `out`: small letters without accents and digits, apostrophes and
 * full stops left out, "and" for its signs, one blank for whatever else parts them. A text that is too
 * long is cut. Returns `out`. */
const char *kl_name_words(const char *text, char out[KL_NAME_MAX]);

/* The name behind "t/a" or "trading as", or "" if there is none: a view on `name`. */
const char *kl_name_trading(const char *name);

struct kl_names;

/* NULL if there is no memory. Destroying NULL is fine. */
struct kl_names *kl_names_new(void);

/* The same for a table whose names are keys already, such as loose ones: they are equal if they are
 * the same, letter by letter. */
struct kl_names *kl_names_new_of_keys(void);
void kl_names_destroy(struct kl_names *names);

struct kl_names_found {
	uint32_t number;
	bool added;       /* this name was not there before */
	bool other_style; /* there before, but spelled otherwise: Ltd for Limited, capitals */
};

/* Finds or adds. KL_E_NOMEM, or KL_E_TOO_BIG beyond KL_NAMES_MAX. */
int kl_names_add(struct kl_names *names, const char *name, struct kl_names_found *ret_found);

/* Finds without adding. KL_E_NOT_FOUND. */
int kl_names_find(const struct kl_names *names, const char *name, uint32_t *ret_number);

size_t kl_names_count(const struct kl_names *names);

/* The name with this number as it was spelled first; lives until the next kl_names_add(). */
const char *kl_names_at(const struct kl_names *names, uint32_t number);

#endif
