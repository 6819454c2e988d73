/* Forms: plain structs that are filled field by field from what people type.
 *
 * A table describes the fields of a struct: name, what sort of thing, where in the struct it stands.
 * One body sets, checks and shows them all, so that a message about a field sounds the same
 * everywhere. */
#ifndef KL_CORE_FORM_H
#define KL_CORE_FORM_H

#include "core/period.h"
#include "core/profile.h"
#include "core/text.h"
#include "core/words.h"

enum kl_form_sort {
	KL_FORM_TEXT,   /* char[size], one line */
	KL_FORM_PROSE,  /* char[size], several lines */
	KL_FORM_SLUG,   /* char[KL_SLUG_MAX], a word of `words` */
	KL_FORM_KIND,   /* enum kl_member_kind */
	KL_FORM_GSS,    /* char[KL_GSS_MAX] */
	KL_FORM_ORG_ID, /* char[KL_ORG_ID_MAX] */
	KL_FORM_WEB,    /* char[KL_WEB_MAX] */
	KL_FORM_COUNT,  /* struct kl_optional_int from `low` to `high` */
	KL_FORM_TENTHS, /* the same, typed with one decimal at most: `low` and `high` are tenths */
	KL_FORM_FIFTH,  /* uint8_t 1 to 5 */
	KL_FORM_LIST,   /* struct kl_text_list */
	KL_FORM_SET,    /* uint32_t: bits of `words`, 1 << place */
	KL_FORM_YESNO,  /* enum kl_yes_no */
	KL_FORM_MONEY,  /* struct kl_optional_int in pence, from `low` to `high` */
	KL_FORM_DATE,   /* char[KL_DATE_MAX], 2026-11-30; typed as kl_date_set() reads it */
	KL_FORM_PERIOD, /* char[KL_PERIOD_TEXT_MAX], in its canonical form */
};

enum kl_yes_no { KL_UNSAID, KL_YES, KL_NO }; /* kept in one byte */

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

/* A whole struct that is one table of fields. */
struct kl_form_table {
	const struct kl_form_field *fields;
	size_t n;
};

/* The field of that name or label: whole names only, as half a name would set something that nobody
 * meant. KL_E_NOT_FOUND with "did you mean" or the names. */
int kl_form_find(
	const struct kl_words *names, const char *name, size_t *ret_index, struct kl_fault *fault);

/* Sets one field of the struct by its name. As kl_form_find() and kl_form_set(). */
int kl_form_table_set(const struct kl_form_table *table, void *form, const char *field,
	const char *value, struct kl_fault *fault);

/* Checks every field. As kl_form_check(). */
int kl_form_table_check(
	const struct kl_form_table *table, const void *form, struct kl_fault *fault);

/* Cuts "FIELD=VALUE" in two; *ret_value is a view into it. KL_E_USAGE with `example` in the sentence. */
int kl_form_split(const char *assignment, char ret_field[KL_SLUG_MAX], const char **ret_value,
	const char *example, struct kl_fault *fault);

/* The word of a slug for people; the slug itself if it is not in the list. */
const char *kl_slug_name(const struct kl_slug *words, const char *slug);

/* How many words the list has. */
size_t kl_slug_count(const struct kl_slug *words);

/* Place of a slug in its list, exactly spelt. KL_E_NOT_FOUND. */
int kl_slug_place(const struct kl_slug *words, struct kl_bytes slug, size_t *ret_place);

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
