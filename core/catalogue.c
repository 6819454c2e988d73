#include "core/catalogue.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>

/* ---- the tables ---------------------------------------------------------------------------- */

#define STATEMENTS(number, ...) static const char *const statements_##number[] = {__VA_ARGS__};
#include "core/catalogue.def"
#undef STATEMENTS

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const struct kl_characteristic characteristics[KL_CHARACTERISTICS] = {
#define CHARACTERISTIC(number, name, definition, outcome, example)                                 \
	[(number)-1] = {"c" #number, name, definition, statements_##number,                        \
		COUNT_OF(statements_##number), outcome, example},
#include "core/catalogue.def"
#undef CHARACTERISTIC
};

static const struct kl_tenet principles[KL_PRINCIPLES] = {
#define PRINCIPLE(number, name, meaning) [(number)-1] = {"principle." #number, name, meaning},
#include "core/catalogue.def"
#undef PRINCIPLE
};

static const struct kl_tenet practices[KL_PRACTICES] = {
#define PRACTICE(number, name, meaning) [(number)-1] = {"practice." #number, name, meaning},
#include "core/catalogue.def"
#undef PRACTICE
};

#define FORM_QUANTITATIVE KL_QUANTITATIVE
#define FORM_QUALITATIVE  KL_QUALITATIVE
#define FORM_BOTH         KL_BOTH_FORMS

static const struct kl_indicator indicators[] = {
#define COMPONENT(code, name, unit, polarity)                                                      \
	{                                                                                          \
		code, name, KL_UNIT_##unit, KL_##polarity##_BETTER                                 \
	}
#define INDICATOR(code, number, kind, level, form, span, name, how, ...)                           \
	{code, name, (number)-1, KL_INDICATOR_##kind, KL_OF_##level, FORM_##form, KL_##span, how,  \
		{__VA_ARGS__}, COUNT_OF(((struct kl_component[]){__VA_ARGS__}))},
#include "core/catalogue.def"
#include "core/catalogue_others.def"
#undef INDICATOR
#undef COMPONENT
};

static const struct {
	const char *codes[2];
} twins[] = {
#define TWINS(a, b) {{a, b}},
#include "core/catalogue_others.def"
#undef TWINS
};

const struct kl_characteristic *kl_characteristic_at(size_t index)
{
	KL_ASSERT(index < KL_CHARACTERISTICS);
	return &characteristics[index];
}

const struct kl_tenet *kl_principle_at(size_t index)
{
	KL_ASSERT(index < KL_PRINCIPLES);
	return &principles[index];
}

const struct kl_tenet *kl_practice_at(size_t index)
{
	KL_ASSERT(index < KL_PRACTICES);
	return &practices[index];
}

size_t kl_indicator_count(void)
{
	return COUNT_OF(indicators);
}

const struct kl_indicator *kl_indicator_at(size_t index)
{
	KL_ASSERT(index < COUNT_OF(indicators));
	return &indicators[index];
}

const struct kl_indicator *kl_indicator_by_code(const char *code)
{
	for (size_t i = 0; i < COUNT_OF(indicators); i++)
		if (!strcmp(indicators[i].code, code))
			return &indicators[i];
	return NULL;
}

size_t kl_indicator_twins(
	const struct kl_indicator *indicator, const struct kl_indicator *ret_twins[KL_TWINS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < COUNT_OF(twins); i++)
		for (int side = 0; side < 2; side++)
			if (!strcmp(twins[i].codes[side], indicator->code)) {
				KL_ASSERT(count < KL_TWINS_MAX);
				ret_twins[count++] = kl_indicator_by_code(twins[i].codes[!side]);
			}
	return count;
}

/* ---- finding ------------------------------------------------------------------------------- */

/* The number alone is accepted too: "1" for "c1", "p1" for "practice.1". */
static const char *subject_spelling(const void *context, size_t index, size_t which)
{
	static const char *const short_codes[KL_SUBJECTS] = {
		"1", "2", "3", "4", "5", "6", "7", "p1", "p2", "p3", "p4"};

	(void)context;
	if (which == 0)
		return kl_subject_code(index);
	if (which == 1)
		return kl_subject_name(index);
	return which == 2 ? short_codes[index] : NULL;
}

static const char *principle_spelling(const void *context, size_t index, size_t which)
{
	(void)context;
	return which == 0 ? principles[index].name : which == 1 ? principles[index].code : NULL;
}

static const char *indicator_spelling(const void *context, size_t index, size_t which)
{
	(void)context;
	return which == 0 ? indicators[index].code : which == 1 ? indicators[index].name : NULL;
}

static const char *component_spelling(const void *context, size_t index, size_t which)
{
	const struct kl_indicator *indicator = context;
	const struct kl_component *c = &indicator->components[index];

	return which == 0 ? c->code : which == 1 ? c->name : NULL;
}

int kl_characteristic_find(const char *text, size_t *ret_index, struct kl_fault *fault)
{
	const struct kl_words list = {KL_CHARACTERISTICS, subject_spelling, NULL};

	return kl_words_find(&list, "characteristic", text, ret_index, fault);
}

int kl_subject_find(const char *text, size_t *ret_subject, struct kl_fault *fault)
{
	const struct kl_words list = {KL_SUBJECTS, subject_spelling, NULL};

	return kl_words_find(&list, "characteristic or practice", text, ret_subject, fault);
}

int kl_principle_find(const char *text, size_t *ret_index, struct kl_fault *fault)
{
	const struct kl_words list = {KL_PRINCIPLES, principle_spelling, NULL};

	return kl_words_find(&list, "principle", text, ret_index, fault);
}

int kl_indicator_find(
	const char *text, const struct kl_indicator **ret_indicator, struct kl_fault *fault)
{
	const struct kl_words list = {COUNT_OF(indicators), indicator_spelling, NULL};
	size_t index;
	int rc = kl_words_find(&list, "indicator", text, &index, fault);

	if (rc)
		return rc;
	*ret_indicator = &indicators[index];
	return KL_OK;
}

static int many_components(const struct kl_indicator *indicator, struct kl_fault *fault)
{
	char codes[128] = "";
	size_t used = 0;

	for (uint8_t i = 0; i < indicator->component_count; i++) {
		const char *between = i == 0                               ? ""
				      : i + 1 < indicator->component_count ? ", "
									   : " and ";

		used += (size_t)snprintf(codes + used, sizeof codes - used, "%s%.32s", between,
			indicator->components[i].code);
	}
	if (kl_indicator_by_code(indicator->code))
		kl_fault(fault, KL_E_AMBIGUOUS, "%s (%s) has more than one number: %s",
			indicator->code, indicator->name, codes);
	else /* nobody needs to see the code of what a member defined */
		kl_fault(fault, KL_E_AMBIGUOUS, "%s has more than one number: %s", indicator->name,
			codes);
	(void)kl_fault_hint(fault, "say which, and record the others by themselves");
	return KL_E_AMBIGUOUS;
}

int kl_component_find(const struct kl_indicator *indicator, const char *text,
	const struct kl_component **ret_component, struct kl_fault *fault)
{
	const struct kl_words list = {indicator->component_count, component_spelling, indicator};
	size_t index = 0;
	int rc;

	if (!*text && indicator->component_count > 1)
		return many_components(indicator, fault);
	if (*text) {
		rc = kl_words_find(&list, "component", text, &index, fault);
		if (rc) {
			(void)kl_fault_at(fault, "%s (%s)", indicator->code, indicator->name);
			return rc;
		}
	}
	*ret_component = &indicator->components[index];
	return KL_OK;
}

/* ---- what is scored ------------------------------------------------------------------------ */

const char *kl_subject_code(size_t subject)
{
	KL_ASSERT(subject < KL_SUBJECTS);
	if (subject < KL_CHARACTERISTICS)
		return characteristics[subject].code;
	return practices[subject - KL_CHARACTERISTICS].code;
}

const char *kl_subject_name(size_t subject)
{
	KL_ASSERT(subject < KL_SUBJECTS);
	if (subject < KL_CHARACTERISTICS)
		return characteristics[subject].name;
	return practices[subject - KL_CHARACTERISTICS].name;
}

uint8_t kl_subject_statements(size_t subject)
{
	KL_ASSERT(subject < KL_SUBJECTS);
	return subject < KL_CHARACTERISTICS ? characteristics[subject].statement_count : 0;
}

const char *kl_subject_metric(size_t subject)
{
	static const char *const metrics[KL_CHARACTERISTICS] = {"maturity.c1", "maturity.c2",
		"maturity.c3", "maturity.c4", "maturity.c5", "maturity.c6", "maturity.c7"};

	KL_ASSERT(subject < KL_SUBJECTS);
	return subject < KL_CHARACTERISTICS ? metrics[subject] : kl_subject_code(subject);
}

const char *kl_score_word(int score)
{
	static const char *const words[] = {
		"absent", "starting", "partial", "established", "leading"};

	KL_ASSERT(score >= 0 && score <= KL_SCORE_MAX);
	return words[score];
}

/* ---- words for the codes ------------------------------------------------------------------- */

const char *kl_indicator_kind_name(enum kl_indicator_kind kind)
{
	static const char *const names[] = {"key", "example", "other"};

	return names[kind];
}

const char *kl_indicator_level_name(enum kl_indicator_level level)
{
	static const char *const names[] = {"organisation", "neighbourhood", "council"};

	return names[level];
}

const char *kl_indicator_form_name(enum kl_indicator_form form)
{
	static const char *const names[] = {"quantitative", "qualitative", "both"};

	return names[form];
}

const char *kl_indicator_span_name(enum kl_indicator_span span)
{
	static const char *const names[] = {"snapshot", "trend"};

	return names[span];
}

const char *kl_polarity_name(enum kl_polarity polarity)
{
	static const char *const names[] = {"higher", "lower", "neither"};

	return names[polarity];
}
