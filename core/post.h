/* Posts: what members write to each other in public.
 *
 * lesson    something learnt that others can use: what was done, where, and whether it worked
 * question  something that a member would like to know of the others
 * answer    to a question or a lesson, named by the id of its record
 *
 * Absent is an empty text, an empty set or a list of none. A lesson and a question have a title; an
 * answer has a text and says what it is about. A post is public and signed: whatever stands in it can be
 * read, and copied, by every member. */
#ifndef KL_CORE_POST_H
#define KL_CORE_POST_H

#include "core/form.h"

enum kl_post_kind { KL_LESSON = 1, KL_QUESTION = 2, KL_ANSWER = 3 };

enum {
	KL_POST_TITLE_MAX = 201,  /* bytes with the final zero */
	KL_POST_TEXT_MAX = 16384, /* the same */
	KL_POST_PLACE_MAX = KL_PROFILE_TEXT_MAX,
};

struct kl_post {
	enum kl_post_kind kind;
	struct kl_id about; /* answers: the record that is answered; else zeros */
	char title[KL_POST_TITLE_MAX];
	char text[KL_POST_TEXT_MAX];
	char place[KL_POST_PLACE_MAX];     /* GSS code of an area, or the name of a place */
	char period[KL_PERIOD_TEXT_MAX];   /* when it happened */
	uint32_t characteristics;          /* bits of kl_characteristic_words */
	uint32_t stages, routes, barriers; /* of the lists in core/commissioning.h */
	char outcome[KL_SLUG_MAX];         /* of kl_lesson_outcomes */
	struct kl_text_list services;      /* areas of service, in the author's words */
	struct kl_text_list links;         /* web addresses */
};

/* Name of the kind: "lesson". Never NULL. */
const char *kl_post_kind_name(enum kl_post_kind kind);

/* The fields that people fill, in the order in which they are shown: title, text, place, period,
 * characteristics, stages, routes, services, barriers, outcome, links. */
extern const struct kl_form_table kl_post_form;

void kl_post_init(struct kl_post *post, enum kl_post_kind kind);
void kl_post_deinit(struct kl_post *post); /* NULL is accepted */

/* Sets one field by name. As kl_form_table_set(); KL_E_INVALID for a link that is no web address. */
int kl_post_set(struct kl_post *post, const char *field, const char *value, struct kl_fault *fault);

/* The form of every field, and that what a post of the kind needs is there: title, or text and `about`.
 * KL_E_INVALID, KL_E_RANGE with a sentence. */
int kl_post_check(const struct kl_post *post, struct kl_fault *fault);

#endif
