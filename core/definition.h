/* Indicators that a member defines by itself, beside those of the catalogue.
 *
 * definition  what an indicator of the catalogue is, told by a member: name, characteristic, how it is
 *             collected, its numbers with their units and which way is better
 * slug        its name as a word, from which its code is made: it stays while versions change
 * code        "d.", 16 digits of its author's identity, and the slug: nobody needs to type it
 * version     1, 2, ... of one slug. Whoever changes a definition makes a new version, and numbers
 *             recorded under different versions are not held against each other */
#ifndef KL_CORE_DEFINITION_H
#define KL_CORE_DEFINITION_H

#include "core/bytes.h"
#include "core/catalogue.h"
#include "core/metric.h"

enum {
	KL_DEFINITION_SLUG_MAX = 28, /* all sizes with the final zero */
	KL_DEFINITION_NAME_MAX = 96,
	KL_DEFINITION_HOW_MAX = 400,
	KL_DEFINITION_PART_MAX = 32,
	KL_DEFINITION_VERSION_MAX = 1000,
};

/* A component with memory of its own. */
struct kl_definition_part {
	char code[KL_DEFINITION_PART_MAX]; /* "" where there is only one number */
	char name[KL_DEFINITION_NAME_MAX];
	enum kl_unit unit;
	enum kl_polarity polarity;
};

struct kl_definition {
	char slug[KL_DEFINITION_SLUG_MAX];
	char name[KL_DEFINITION_NAME_MAX];
	char how[KL_DEFINITION_HOW_MAX];
	uint32_t version;
	uint8_t characteristic; /* 0..6 */
	enum kl_indicator_level level;
	enum kl_indicator_form form;
	enum kl_indicator_span span;
	uint8_t part_count;
	struct kl_definition_part parts[KL_COMPONENTS_MAX];
};

/* Lower-case letters, digits and `_` of a name, cut at KL_DEFINITION_SLUG_MAX; "" if it has none. */
void kl_definition_slug(const char *name, char out[KL_DEFINITION_SLUG_MAX]);
bool kl_definition_slug_is_valid(const char *slug);

/* The code of a definition of that author. */
void kl_definition_code(const struct kl_id *author, const char *slug, char out[KL_METRIC_CODE_MAX]);
bool kl_definition_is_code(const char *code);

/* Refuses what is no definition: texts that are not plain or missing, numbers out of range, two
 * components of one code, a code where there is only one number. The fault says what is wrong. */
int kl_definition_check(const struct kl_definition *definition, struct kl_fault *fault);

/* KL_E_EXISTS if an indicator of the catalogue or a metric is called so already. */
int kl_definition_name_check(const char *name, struct kl_fault *fault);

/* True if both say the same, whatever their versions. */
bool kl_definition_same(const struct kl_definition *a, const struct kl_definition *b);

/* The definition as an indicator: a view that lives as long as `definition` and `code`. */
void kl_definition_view(
	const struct kl_definition *definition, const char *code, struct kl_indicator *ret_view);

/* Words as people type them: "neighbourhood", "quantitative", "trend", "higher". KL_E_INVALID. */
int kl_indicator_level_parse(const char *text, enum kl_indicator_level *ret_level);
int kl_indicator_form_parse(const char *text, enum kl_indicator_form *ret_form);
int kl_indicator_span_parse(const char *text, enum kl_indicator_span *ret_span);
int kl_polarity_parse(const char *text, enum kl_polarity *ret_polarity);

#endif
