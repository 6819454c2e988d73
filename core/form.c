#include "core/form.h"
#include "core/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lists --------------------------------------------------------------------------------- */

void kl_form_clear_list(struct kl_text_list *list)
{
	free(list->items);
	*list = (struct kl_text_list){0};
}

int kl_form_copy_list(const struct kl_text_list *list, struct kl_text_list *ret_list)
{
	struct kl_text_list copy = {.n = list->n};

	if (list->n) {
		copy.items = malloc(list->n * sizeof *copy.items);
		if (!copy.items)
			return KL_E_NOMEM;
		memcpy(copy.items, list->items, list->n * sizeof *copy.items);
	}
	*ret_list = copy;
	return KL_OK;
}

int kl_form_add_item(struct kl_text_list *list, struct kl_bytes item)
{
	char(*items)[KL_PROFILE_TEXT_MAX];

	if (list->n == KL_PROFILE_LIST_MAX || item.len >= KL_PROFILE_TEXT_MAX)
		return KL_E_TOO_BIG;
	if (!item.len || !kl_text_is_plain(item, false))
		return KL_E_INVALID;
	items = realloc(list->items, (list->n + 1) * sizeof *items);
	if (!items)
		return KL_E_NOMEM;
	list->items = items;
	memcpy(items[list->n], item.data, item.len);
	items[list->n][item.len] = '\0';
	list->n++;
	return KL_OK;
}

static struct kl_bytes trimmed(const char *text, size_t len)
{
	while (len && *text == ' ') {
		text++;
		len--;
	}
	while (len && text[len - 1] == ' ')
		len--;
	return kl_bytes(text, len);
}

static int set_list(const struct kl_form_field *field, struct kl_text_list *list, const char *value,
	struct kl_fault *fault)
{
	struct kl_text_list fresh = {0};

	while (*value) {
		size_t len = strcspn(value, ";");
		struct kl_bytes item = trimmed(value, len);
		int rc = item.len ? kl_form_add_item(&fresh, item) : KL_OK;

		if (rc) {
			kl_form_clear_list(&fresh);
			return kl_fault(fault, rc,
				"%s: at most %d items of plain text, each under %d bytes, apart "
				"by ';'",
				field->name, KL_PROFILE_LIST_MAX, KL_PROFILE_TEXT_MAX);
		}
		value += len + (value[len] == ';');
	}
	kl_form_clear_list(list);
	*list = fresh;
	return KL_OK;
}

/* ---- words --------------------------------------------------------------------------------- */

static const char *slug_spelling(const void *context, size_t index, size_t which)
{
	const struct kl_slug *words = context;

	return which == 0 ? words[index].slug : which == 1 ? words[index].name : NULL;
}

static int find_slug(const struct kl_form_field *field, const char *value, const char **ret_slug,
	struct kl_fault *fault)
{
	struct kl_words words = {0, slug_spelling, field->words};
	size_t index;
	int rc;

	while (field->words[words.count].slug)
		words.count++;
	rc = kl_words_find(&words, field->name, value, &index, fault);
	if (rc)
		return rc;
	*ret_slug = field->words[index].slug;
	return KL_OK;
}

static bool is_slug(const struct kl_form_field *field, const char *value)
{
	for (const struct kl_slug *w = field->words; w->slug; w++)
		if (!strcmp(w->slug, value))
			return true;
	return false;
}

/* ---- numbers ------------------------------------------------------------------------------- */

/* Digits with commas as people group them, and one decimal if asked for in tenths. */
static bool parse_count(const char *text, bool tenths, int64_t *ret_value)
{
	int64_t value = 0;
	size_t digits = 0;

	for (; (*text >= '0' && *text <= '9') || (*text == ',' && digits); text++) {
		if (*text == ',')
			continue;
		if (++digits > 15)
			return false;
		value = value * 10 + (*text - '0');
	}
	if (tenths)
		value *= 10;
	if (tenths && *text == '.' && text[1] >= '0' && text[1] <= '9') {
		value += text[1] - '0';
		text += 2;
	}
	if (!digits || *text)
		return false;
	*ret_value = value;
	return true;
}

static int count_fault(const struct kl_form_field *field, struct kl_fault *fault)
{
	if (field->sort == KL_FORM_TENTHS)
		return kl_fault(fault, KL_E_INVALID,
			"%s: a number from %" PRId64 " to %" PRId64
			", with one decimal at most, was expected",
			field->name, field->low / 10, field->high / 10);
	return kl_fault(fault, KL_E_INVALID,
		"%s: a whole number from %" PRId64 " to %" PRId64 " was expected", field->name,
		field->low, field->high);
}

static int set_count(const struct kl_form_field *field, struct kl_optional_int *out,
	const char *value, struct kl_fault *fault)
{
	int64_t number;

	if (!*value) {
		*out = (struct kl_optional_int){.known = false};
		return KL_OK;
	}
	if (!parse_count(value, field->sort == KL_FORM_TENTHS, &number) || number < field->low ||
		number > field->high)
		return count_fault(field, fault);
	*out = (struct kl_optional_int){true, number};
	return KL_OK;
}

static int set_fifth(
	const struct kl_form_field *field, uint8_t *out, const char *value, struct kl_fault *fault)
{
	if (*value && (value[0] < '1' || value[0] > '5' || value[1]))
		return kl_fault(fault, KL_E_INVALID,
			"%s: 1 (most deprived) to 5 (least) was expected", field->name);
	*out = *value ? (uint8_t)(*value - '0') : 0;
	return KL_OK;
}

/* ---- texts --------------------------------------------------------------------------------- */

/* Codes and words must be in their form; any other text must be a plain line. */
static int check_text(const struct kl_form_field *field, const char *value, struct kl_fault *fault)
{
	if (!*value)
		return KL_OK;
	if (!kl_text_is_plain(kl_bytes_str(value), false))
		return kl_fault(fault, KL_E_INVALID, "%s: one line of plain text was expected",
			field->name);
	switch (field->sort) {
	case KL_FORM_GSS:
		if (!kl_gss_is_valid(value))
			return kl_fault(fault, KL_E_INVALID,
				"%s: '%s' is no GSS code; they look like E08000032", field->name,
				value);
		return KL_OK;
	case KL_FORM_ORG_ID:
		if (!kl_org_id_is_valid(value))
			return kl_fault(fault, KL_E_INVALID,
				"%s: '%s' is no org-id; they look like GB-CHC-1036460 (charities) "
				"and GB-COH-04113525 (companies)",
				field->name, value);
		return KL_OK;
	case KL_FORM_WEB:
		if (!kl_web_is_valid(value))
			return kl_fault(fault, KL_E_INVALID,
				"%s: an address that begins with https:// was expected",
				field->name);
		return KL_OK;
	case KL_FORM_SLUG:
		if (!is_slug(field, value))
			return kl_fault(fault, KL_E_INVALID, "%s: '%s' is not in the list",
				field->name, value);
		return KL_OK;
	default:
		return KL_OK;
	}
}

static int set_text(
	const struct kl_form_field *field, char *out, const char *value, struct kl_fault *fault)
{
	int rc = KL_OK;

	if (field->sort == KL_FORM_SLUG && *value)
		rc = find_slug(field, value, &value, fault);
	if (rc)
		return rc;
	if (strlen(value) >= field->size)
		return kl_fault(
			fault, KL_E_TOO_BIG, "%s: at most %zu bytes", field->name, field->size - 1);
	rc = check_text(field, value, fault);
	if (!rc)
		memcpy(out, value, strlen(value) + 1);
	return rc;
}

static int set_kind(const struct kl_form_field *field, enum kl_member_kind *out, const char *value,
	struct kl_fault *fault)
{
	if (kl_member_kind_parse(value, out))
		return kl_fault(fault, KL_E_INVALID,
			"%s: council, anchor or convenor was expected, not '%s'", field->name,
			value);
	return KL_OK;
}

/* ---- any field ----------------------------------------------------------------------------- */

int kl_form_set(
	const struct kl_form_field *field, void *form, const char *value, struct kl_fault *fault)
{
	void *at = (char *)form + field->offset;

	switch (field->sort) {
	case KL_FORM_KIND:
		return set_kind(field, at, value, fault);
	case KL_FORM_COUNT:
	case KL_FORM_TENTHS:
		return set_count(field, at, value, fault);
	case KL_FORM_FIFTH:
		return set_fifth(field, at, value, fault);
	case KL_FORM_LIST:
		return set_list(field, at, value, fault);
	default:
		return set_text(field, at, value, fault);
	}
}

static void show_list(const struct kl_text_list *list, char *out, size_t size)
{
	char all[KL_PROFILE_LIST_MAX * (KL_PROFILE_TEXT_MAX + 2) + 1];
	size_t at = 0;

	all[0] = '\0';
	for (size_t i = 0; i < list->n; i++)
		at += (size_t)snprintf(
			all + at, sizeof all - at, "%s%s", i ? "; " : "", list->items[i]);
	(void)kl_copy_text(out, size, all);
}

static void show_count(
	const struct kl_optional_int *n, enum kl_form_sort sort, char *out, size_t size)
{
	if (!n->known)
		*out = '\0';
	else if (sort == KL_FORM_COUNT)
		snprintf(out, size, "%" PRId64, n->value);
	else
		snprintf(out, size, "%" PRId64 ".%" PRId64, n->value / 10, n->value % 10);
}

void kl_form_show(const struct kl_form_field *field, const void *form, char *out, size_t size)
{
	const void *at = (const char *)form + field->offset;
	enum kl_member_kind kind;

	switch (field->sort) {
	case KL_FORM_KIND:
		memcpy(&kind, at, sizeof kind);
		(void)kl_copy_text(out, size, kind ? kl_member_kind_name(kind) : "");
		break;
	case KL_FORM_COUNT:
	case KL_FORM_TENTHS:
		show_count(at, field->sort, out, size);
		break;
	case KL_FORM_FIFTH:
		if (*(const uint8_t *)at)
			snprintf(out, size, "%u", *(const uint8_t *)at);
		else
			*out = '\0';
		break;
	case KL_FORM_LIST:
		show_list(at, out, size);
		break;
	default:
		(void)kl_copy_text(out, size, at);
	}
}

static int check_list(
	const struct kl_form_field *field, const struct kl_text_list *list, struct kl_fault *fault)
{
	if (list->n > KL_PROFILE_LIST_MAX)
		return kl_fault(fault, KL_E_INVALID, "%s: too many items", field->name);
	for (size_t i = 0; i < list->n; i++)
		if (!list->items[i][0] || !kl_text_is_plain(kl_bytes_str(list->items[i]), false))
			return kl_fault(
				fault, KL_E_INVALID, "%s: an item is not plain text", field->name);
	return KL_OK;
}

int kl_form_check(const struct kl_form_field *field, const void *form, struct kl_fault *fault)
{
	const void *at = (const char *)form + field->offset;
	const struct kl_optional_int *n = at;
	enum kl_member_kind kind;

	switch (field->sort) {
	case KL_FORM_KIND:
		memcpy(&kind, at, sizeof kind);
		if (kind < KL_MEMBER_COUNCIL || kind > KL_MEMBER_CONVENOR)
			return kl_fault(fault, KL_E_INVALID,
				"%s: council, anchor or convenor was expected", field->name);
		return KL_OK;
	case KL_FORM_COUNT:
	case KL_FORM_TENTHS:
		if (n->known && (n->value < field->low || n->value > field->high))
			return count_fault(field, fault);
		return KL_OK;
	case KL_FORM_FIFTH:
		if (*(const uint8_t *)at > 5)
			return kl_fault(
				fault, KL_E_INVALID, "%s: 1 to 5 was expected", field->name);
		return KL_OK;
	case KL_FORM_LIST:
		return check_list(field, at, fault);
	default:
		return check_text(field, at, fault);
	}
}
