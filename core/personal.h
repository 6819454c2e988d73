/* Finds what may be personal data in a text that somebody is about to publish: e-mail addresses,
 * telephone numbers, titles with a name. Ours, and only a hint: it finds some that are none, and misses
 * others; whoever publishes decides. */
#ifndef KL_CORE_PERSONAL_H
#define KL_CORE_PERSONAL_H

#include <stdbool.h>
#include <stddef.h>

enum kl_personal_kind {
	KL_PERSONAL_EMAIL, /* somebody@example.org */
	KL_PERSONAL_PHONE, /* ten to thirteen digits that begin with 0 or +, with blanks, . - ( ) between;
	                      up to fifteen that begin with 00 */
	KL_PERSONAL_NAME, /* Mr, Mrs, Ms, Dr, Cllr and the like before a word with a capital */
};

struct kl_personal {
	enum kl_personal_kind kind;
	size_t begin, len; /* bytes of the text */
};

/* The first one at or behind byte `from`. False if there is none. */
bool kl_personal_find(const char *text, size_t from, struct kl_personal *ret_found);

/* "an e-mail address", "a telephone number", "the name of a person". Never NULL. */
const char *kl_personal_name(enum kl_personal_kind kind);

#endif
