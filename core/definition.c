#include "core/definition.h"
#include "core/text.h"
#include "core/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { AUTHOR_HEX = 16 };

/* ---- its code ------------------------------------------------------------------------------ */

void kl_definition_slug(const char *name, char out[KL_DEFINITION_SLUG_MAX])
{
	size_t n = 0;

	for (; *name && n + 1 < KL_DEFINITION_SLUG_MAX; name++) {
		unsigned char c = (unsigned char)*name;

		if (c < 0x80 && isalnum(c))
			out[n++] = (char)tolower(c);
		else if (n && out[n - 1] != '_')
			out[n++] = '_';
	}
	while (n && out[n - 1] == '_')
		n--;
	out[n] = '\0';
}

bool kl_definition_slug_is_valid(const char *slug)
{
	size_t n = strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && !slug[n] && n < KL_DEFINITION_SLUG_MAX;
}

void kl_definition_code(const struct kl_id *author, const char *slug, char out[KL_METRIC_CODE_MAX])
{
	char hex[AUTHOR_HEX + 1];

	kl_hex(author->b, AUTHOR_HEX / 2, hex);
	(void)snprintf(out, KL_METRIC_CODE_MAX, "d.%s.%.*s", hex, KL_DEFINITION_SLUG_MAX - 1, slug);
}

bool kl_definition_is_code(const char *code)
{
	return !strncmp(code, "d.", 2) && strspn(code + 2, "0123456789abcdef") >= AUTHOR_HEX &&
	       code[2 + AUTHOR_HEX] == '.' && kl_definition_slug_is_valid(code + 3 + AUTHOR_HEX);
}

/* ---- checking ------------------------------------------------------------------------------ */

static int check_needed(const char *array, size_t size, const char *what, struct kl_fault *fault)
{
	int rc = kl_text_check(array, size, false, what, fault);

	if (!rc && !array[0])
		return kl_fault(fault, KL_E_INVALID, "%s is missing", what);
	return rc;
}

static int check_part(const struct kl_definition *d, uint8_t index, struct kl_fault *fault)
{
	const struct kl_definition_part *part = &d->parts[index];
	int rc = kl_text_check(part->code, sizeof part->code, false, "a component", fault);

	if (!rc)
		rc = check_needed(part->name, sizeof part->name, "the name of a number", fault);
	if (rc)
		return rc;
	if ((unsigned)part->unit >= KL_UNIT_COUNT_ALL ||
		(unsigned)part->polarity > KL_NEITHER_BETTER)
		return kl_fault(fault, KL_E_MALFORMED, "no such unit, or no such polarity");
	if ((d->part_count > 1) != kl_definition_slug_is_valid(part->code) ||
		(d->part_count == 1 && part->code[0]))
		return kl_fault(fault, KL_E_INVALID,
			"several numbers have a code each, and a single one has none");
	for (uint8_t i = 0; i < index; i++)
		if (!strcmp(d->parts[i].code, part->code))
			return kl_fault(
				fault, KL_E_INVALID, "component %s stands twice", part->code);
	return KL_OK;
}

int kl_definition_check(const struct kl_definition *definition, struct kl_fault *fault)
{
	const struct kl_definition *d = definition;
	int rc = check_needed(d->name, sizeof d->name, "the name", fault);

	if (!rc)
		rc = check_needed(d->how, sizeof d->how, "how it is collected", fault);
	if (!rc)
		rc = kl_text_check(d->slug, sizeof d->slug, false, "the code", fault);
	if (rc)
		return rc;
	if (!kl_definition_slug_is_valid(d->slug))
		return kl_fault(
			fault, KL_E_INVALID, "a code is made of lower-case letters, digits and _");
	if (!d->version || d->version > KL_DEFINITION_VERSION_MAX)
		return kl_fault(fault, KL_E_RANGE, "versions are counted from 1 to %d",
			KL_DEFINITION_VERSION_MAX);
	if (d->characteristic >= KL_CHARACTERISTICS || (unsigned)d->level > KL_OF_COUNCIL ||
		(unsigned)d->form > KL_BOTH_FORMS || (unsigned)d->span > KL_TREND)
		return kl_fault(
			fault, KL_E_MALFORMED, "no such characteristic, level, form or span");
	if (!d->part_count || d->part_count > KL_COMPONENTS_MAX)
		return kl_fault(
			fault, KL_E_RANGE, "an indicator has one to %d numbers", KL_COMPONENTS_MAX);
	for (uint8_t i = 0; !rc && i < d->part_count; i++)
		rc = check_part(d, i, fault);
	return rc;
}

int kl_definition_name_check(const char *name, struct kl_fault *fault)
{
	const char *taken = NULL;

	for (size_t i = 0; i < kl_indicator_count() && !taken; i++)
		if (kl_words_equal(kl_indicator_at(i)->name, name) ||
			kl_words_equal(kl_indicator_at(i)->code, name))
			taken = kl_indicator_at(i)->code;
	for (size_t i = 0; i < kl_metric_count() && !taken; i++)
		if (kl_words_equal(kl_metric_name(i), name) ||
			kl_words_equal(kl_metric_code(i), name))
			taken = kl_metric_code(i);
	if (!taken)
		return KL_OK;
	kl_fault(fault, KL_E_EXISTS, "\"%s\" is what %s of the catalogue is called", name, taken);
	(void)kl_fault_hint(fault,
		"use that one (keeplocal indicator show %s), or choose a name "
		"that says what differs",
		taken);
	return KL_E_EXISTS;
}

bool kl_definition_same(const struct kl_definition *a, const struct kl_definition *b)
{
	bool same = !strcmp(a->slug, b->slug) && !strcmp(a->name, b->name) &&
		    !strcmp(a->how, b->how) && a->characteristic == b->characteristic &&
		    a->level == b->level && a->form == b->form && a->span == b->span &&
		    a->part_count == b->part_count;

	for (uint8_t i = 0; same && i < a->part_count; i++)
		same = !strcmp(a->parts[i].code, b->parts[i].code) &&
		       !strcmp(a->parts[i].name, b->parts[i].name) &&
		       a->parts[i].unit == b->parts[i].unit &&
		       a->parts[i].polarity == b->parts[i].polarity;
	return same;
}

void kl_definition_view(
	const struct kl_definition *definition, const char *code, struct kl_indicator *ret_view)
{
	const struct kl_definition *d = definition;
	struct kl_indicator view = {.code = code,
		.name = d->name,
		.characteristic = d->characteristic,
		.kind = KL_INDICATOR_OTHER,
		.level = d->level,
		.form = d->form,
		.span = d->span,
		.how = d->how,
		.component_count = d->part_count};

	for (uint8_t i = 0; i < d->part_count; i++)
		view.components[i] = (struct kl_component){
			d->parts[i].code, d->parts[i].name, d->parts[i].unit, d->parts[i].polarity};
	*ret_view = view;
}

/* ---- words --------------------------------------------------------------------------------- */

#define PARSE(what, last, name_of)                                                                 \
	for (int i = 0; i <= (last); i++)                                                          \
		if (kl_words_equal(text, name_of(i))) {                                            \
			*(what) = i;                                                               \
			return KL_OK;                                                              \
		}                                                                                  \
	return KL_E_INVALID

int kl_indicator_level_parse(const char *text, enum kl_indicator_level *ret_level)
{
	PARSE(ret_level, KL_OF_COUNCIL, kl_indicator_level_name);
}

int kl_indicator_form_parse(const char *text, enum kl_indicator_form *ret_form)
{
	PARSE(ret_form, KL_BOTH_FORMS, kl_indicator_form_name);
}

int kl_indicator_span_parse(const char *text, enum kl_indicator_span *ret_span)
{
	PARSE(ret_span, KL_TREND, kl_indicator_span_name);
}

int kl_polarity_parse(const char *text, enum kl_polarity *ret_polarity)
{
	PARSE(ret_polarity, KL_NEITHER_BETTER, kl_polarity_name);
}
