/* Forms: plain structs that are filled field by field from what people type.
 *
 * A table describes the fields of a struct: name, what sort of thing, where in the struct it stands.
 * One body sets, checks and shows them all, so that a message about a field sounds the same
 * everywhere. */
#ifndef KL_CORE_FORM_H
#define KL_CORE_FORM_H

#include "core/profile.h"

enum kl_form_sort {
	KL_FORM_TEXT,   /* char[size], one line */
	KL_FORM_SLUG,   /* char[KL_SLUG_MAX], a word of `words` */
	KL_FORM_KIND,   /* enum kl_member_kind */
	KL_FORM_GSS,    /* char[KL_GSS_MAX] */
	KL_FORM_ORG_ID, /* char[KL_ORG_ID_MAX] */
	KL_FORM_WEB,    /* char[KL_WEB_MAX] */
	KL_FORM_COUNT,  /* struct kl_optional_int from `low` to `high` */
	KL_FORM_TENTHS, /* the same, typed with one decimal at most: `low` and `high` are tenths */
	KL_FORM_FIFTH,  /* uint8_t 1 to 5 */
	KL_FORM_LIST,   /* struct kl_text_list */
};

struct kl_form_field {
	const char *name, *label;
	enum kl_form_sort sort;
	size_t offset, size;
	const struct kl_slug *words;
	int64_t low, high;
};

/* The fields of the two structs of core/profile.h, in the order in which they are shown; NULL past the
 * last. *ret_base is what the field's offset counts from (the attributes inside of a profile). */
const struct kl_form_field *kl_attributes_form(size_t i);
const struct kl_form_field *kl_profile_form(size_t i, size_t *ret_base);

/* Sets the field from text; an empty text makes it absent. KL_E_INVALID, KL_E_RANGE, KL_E_TOO_BIG
 * with a sentence, KL_E_NOMEM; the struct is untouched then. */
int kl_form_set(
	const struct kl_form_field *field, void *form, const char *value, struct kl_fault *fault);

/* As text, empty if absent, cut to size. */
void kl_form_show(const struct kl_form_field *field, const void *form, char *out, size_t size);

/* Whether what stands in the field could have been set. KL_E_INVALID with a sentence. */
int kl_form_check(const struct kl_form_field *field, const void *form, struct kl_fault *fault);

/* Frees what a list holds. */
void kl_form_clear_list(struct kl_text_list *list);
int kl_form_copy_list(const struct kl_text_list *list, struct kl_text_list *ret_list);
/* Adds one item: KL_E_TOO_BIG, KL_E_INVALID for one that is no plain line, KL_E_NOMEM. */
int kl_form_add_item(struct kl_text_list *list, struct kl_bytes item);

#endif
