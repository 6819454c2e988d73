/* Members that may be one organisation twice: they share an identifier, a council area, a web host, or
 * nearly a name.
 *
 * face   what is known of a member that could give it away
 * key    one thing that two faces of one organisation would share. Two faces that are alike have a key
 *        in common, so that whoever looks through many only compares keys; kl_alike_words() then
 *        says whether they are
 *
 * Rules (ours): an org-id in common, whichever of several; both councils of one GSS code, or of codes
 * of which one stands in the other's place (succession.h); the same web host without "www.", but for
 * hosts where everybody may have a page; equal loose names (names.h), unless both say in which council
 * area they are and it is not the same one: there is a Town Hall Trust in many places. Nothing is
 * refused because of it: two branches, or two councils that share a site, are no mistake. */
#ifndef KL_CORE_ALIKE_H
#define KL_CORE_ALIKE_H

#include "core/profile.h"

struct kl_face {
	const char *name; /* "" if not known; so the others */
	enum kl_member_kind kind;
	const char *gss, *org_id, *web;
	const struct kl_text_list *other_org_ids; /* or NULL */
};

enum {
	KL_ALIKE_KEYS_MAX = 16, /* of one face */
	KL_ALIKE_KEY_MAX = 216,
	KL_ALIKE_WORDS_MAX = 400,
};

struct kl_alike_keys {
	size_t n;
	char gss[KL_GSS_MAX];
	char keys[KL_ALIKE_KEYS_MAX][KL_ALIKE_KEY_MAX];
};

void kl_alike_keys(const struct kl_face *face, struct kl_alike_keys *ret_keys);

/* What both share, in words: "the same organisation id (GB-CHC-1036460), nearly the same name"; ""
 * if nothing. Returns `out`. */
const char *kl_alike_words(
	const struct kl_alike_keys *a, const struct kl_alike_keys *b, char out[KL_ALIKE_WORDS_MAX]);

/* The host of a web address in small letters, without "www."; "" if there is none. Returns `out`. */
const char *kl_web_host(const char *web, char out[KL_WEB_MAX]);

#endif
