#include "core/form.h"
#include "core/harmless.h"
#include "core/money.h"
#include "core/org_id.h"

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

	if (kl_text_refuse_harmful(kl_bytes_str(value), false, field->name, fault))
		return KL_E_INVALID;
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
	struct kl_words words = {kl_slug_count(field->words), slug_spelling, field->words};
	size_t index, len = strlen(field->name);
	char one[32]; /* of the words of a set: route, of routes */
	int rc;

	len -= field->sort == KL_FORM_SET && field->name[len - 1] == 's';
	(void)snprintf(one, sizeof one, "%.*s", (int)len, field->name);
	rc = kl_words_find(&words, one, value, &index, fault);
	if (rc)
		return rc;
	*ret_slug = field->words[index].slug;
	return KL_OK;
}

size_t kl_slug_count(const struct kl_slug *words)
{
	size_t n = 0;

	while (words[n].slug)
		n++;
	return n;
}

int kl_slug_place(const struct kl_slug *words, struct kl_bytes slug, size_t *ret_place)
{
	for (size_t i = 0; words[i].slug; i++)
		if (strlen(words[i].slug) == slug.len &&
			!memcmp(words[i].slug, slug.data, slug.len)) {
			*ret_place = i;
			return KL_OK;
		}
	return KL_E_NOT_FOUND;
}

const char *kl_slug_name(const struct kl_slug *words, const char *slug)
{
	size_t place;

	return kl_slug_place(words, kl_bytes_str(slug), &place) ? slug : words[place].name;
}

static bool is_slug(const struct kl_form_field *field, const char *value)
{
	size_t place;

	return !kl_slug_place(field->words, kl_bytes_str(value), &place);
}

/* Words apart by `;`, as in lists. */
static int set_set(
	const struct kl_form_field *field, void *at, const char *value, struct kl_fault *fault)
{
	uint32_t bits = 0;

	while (*value) {
		size_t len = strcspn(value, ";"), place;
		struct kl_bytes item = trimmed(value, len);
		char word[KL_WORDS_TEXT_MAX];
		const char *slug;
		int rc;

		value += len + (value[len] == ';');
		if (!item.len)
			continue;
		if (item.len >= sizeof word)
			return kl_fault(fault, KL_E_TOO_BIG, "%s: a word is too long", field->name);
		memcpy(word, item.data, item.len);
		word[item.len] = '\0';
		rc = find_slug(field, word, &slug, fault);
		if (rc)
			return rc;
		(void)kl_slug_place(field->words, kl_bytes_str(slug), &place);
		bits |= 1u << place;
	}
	memcpy(at, &bits, sizeof bits);
	return KL_OK;
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

static int money_fault(const struct kl_form_field *field, struct kl_fault *fault)
{
	char low[KL_MONEY_TEXT_MAX], high[KL_MONEY_TEXT_MAX];

	return kl_fault(fault, KL_E_INVALID, "%s: an amount from %s to %s was expected",
		field->name, kl_money_format(field->low, low), kl_money_format(field->high, high));
}

static int set_money(const struct kl_form_field *field, struct kl_optional_int *out,
	const char *value, struct kl_fault *fault)
{
	int64_t pence = 0;

	if (*value && (kl_money_parse(value, &pence) || pence < field->low || pence > field->high))
		return money_fault(field, fault);
	*out = (struct kl_optional_int){*value != '\0', pence};
	return KL_OK;
}

static int set_yes_no(
	const struct kl_form_field *field, uint8_t *out, const char *value, struct kl_fault *fault)
{
	bool yes = kl_words_equal(value, "yes"), no = kl_words_equal(value, "no");

	if (*value && !yes && !no)
		return kl_fault(fault, KL_E_INVALID, "%s: yes or no was expected, not '%s'",
			field->name, value);
	*out = yes ? KL_YES : no ? KL_NO : KL_UNSAID;
	return KL_OK;
}

static int set_period(
	const struct kl_form_field *field, char *out, const char *value, struct kl_fault *fault)
{
	struct kl_period period;

	if (!*value) {
		*out = '\0';
		return KL_OK;
	}
	if (kl_period_parse(value, &period))
		return kl_fault(fault, KL_E_INVALID,
			"%s: '%s' is no period; they look like 2016, 2016/17, 2016-Q3 or 2016-04",
			field->name, value);
	(void)kl_period_format(period, out);
	return KL_OK;
}

static int set_date(
	const struct kl_form_field *field, char *out, const char *value, struct kl_fault *fault)
{
	int rc = kl_date_set(out, value, fault);

	return rc ? kl_fault_at(fault, "%s", field->name), rc : KL_OK;
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
	if (!kl_text_is_plain(kl_bytes_str(value), field->sort == KL_FORM_PROSE))
		return kl_fault(fault, KL_E_INVALID, "%s: %s was expected", field->name,
			field->sort == KL_FORM_PROSE ? "plain text in UTF-8"
						     : "one line of plain text");
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
	char gss[KL_GSS_MAX];
	int rc = KL_OK;

	if (field->sort == KL_FORM_SLUG && *value)
		rc = find_slug(field, value, &value, fault);
	if (field->sort == KL_FORM_GSS && kl_gss_typed(value, gss))
		value = gss;
	if (rc)
		return rc;
	if (strlen(value) >= field->size && field->sort != KL_FORM_GSS) /* which is no code then */
		return kl_fault(
			fault, KL_E_TOO_BIG, "%s: at most %zu bytes", field->name, field->size - 1);
	rc = kl_text_refuse_harmful(
		kl_bytes_str(value), field->sort == KL_FORM_PROSE, field->name, fault);
	if (!rc)
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
	case KL_FORM_SET:
		return set_set(field, at, value, fault);
	case KL_FORM_YESNO:
		return set_yes_no(field, at, value, fault);
	case KL_FORM_MONEY:
		return set_money(field, at, value, fault);
	case KL_FORM_DATE:
		return set_date(field, at, value, fault);
	case KL_FORM_PERIOD:
		return set_period(field, at, value, fault);
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

static const char *yes_no_name(uint8_t said)
{
	return said == KL_YES ? "yes" : said == KL_NO ? "no" : "";
}

static void show_set(const struct kl_slug *words, uint32_t bits, char *out, size_t size)
{
	size_t at = 0;

	*out = '\0';
	for (size_t i = 0; words[i].slug && at < size; i++)
		if (bits >> i & 1)
			at += (size_t)snprintf(
				out + at, size - at, "%s%s", at ? "; " : "", words[i].slug);
}

static void show_money(const struct kl_optional_int *n, char *out, size_t size)
{
	char text[KL_MONEY_TEXT_MAX];

	(void)kl_copy_text(out, size, n->known ? kl_money_format(n->value, text) : "");
}

void kl_form_show(const struct kl_form_field *field, const void *form, char *out, size_t size)
{
	const void *at = (const char *)form + field->offset;
	enum kl_member_kind kind;
	uint32_t bits;

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
	case KL_FORM_SET:
		memcpy(&bits, at, sizeof bits);
		show_set(field->words, bits, out, size);
		break;
	case KL_FORM_YESNO:
		(void)kl_copy_text(out, size, yes_no_name(*(const uint8_t *)at));
		break;
	case KL_FORM_MONEY:
		show_money(at, out, size);
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

static int check_set(const struct kl_form_field *field, const void *at, struct kl_fault *fault)
{
	uint32_t bits;
	size_t n = kl_slug_count(field->words);

	memcpy(&bits, at, sizeof bits);
	return n < 32 && bits >> n ? kl_fault(fault, KL_E_INVALID,
					     "%s: a word that is not in the list", field->name)
				   : KL_OK;
}

static int check_period(
	const struct kl_form_field *field, const char *value, struct kl_fault *fault)
{
	char canonical[KL_PERIOD_TEXT_MAX];
	int rc = set_period(field, canonical, value, fault);

	if (rc || !strcmp(canonical, value))
		return rc;
	return kl_fault(
		fault, KL_E_INVALID, "%s: '%s' is not written as periods are", field->name, value);
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
	case KL_FORM_SET:
		return check_set(field, at, fault);
	case KL_FORM_YESNO:
		return *(const uint8_t *)at > KL_NO
			       ? kl_fault(fault, KL_E_INVALID, "%s: yes or no was expected",
					 field->name)
			       : KL_OK;
	case KL_FORM_MONEY:
		return n->known && (n->value < field->low || n->value > field->high)
			       ? money_fault(field, fault)
			       : KL_OK;
	case KL_FORM_DATE:
		return *(const char *)at ? kl_date_check(at, fault) : KL_OK;
	case KL_FORM_PERIOD:
		return check_period(field, at, fault);
	default:
		return check_text(field, at, fault);
	}
}

/* ---- forms of one table -------------------------------------------------------------------- */

/* Fields by name, as many as a hint holds. */
static void hint_fields(const struct kl_words *words, struct kl_fault *fault)
{
	char text[KL_FAULT_HINT_MAX - 16] = "";
	size_t len = 0, i;

	for (i = 0; i < words->count; i++) {
		int n = snprintf(text + len, sizeof text - len, "%s%s", i ? ", " : "",
			words->spelling(words->context, i, 0));

		if (n < 0 || (size_t)n >= sizeof text - len) {
			text[len] = '\0';
			break;
		}
		len += (size_t)n;
	}
	(void)kl_fault_hint(fault, "fields: %s%s", text, i < words->count ? ", ..." : "");
}

int kl_form_find(
	const struct kl_words *words, const char *name, size_t *ret_index, struct kl_fault *fault)
{
	size_t near[KL_WORDS_NEAREST_MAX];

	for (size_t i = 0; i < words->count; i++)
		for (size_t k = 0; words->spelling(words->context, i, k); k++)
			if (kl_words_equal(words->spelling(words->context, i, k), name)) {
				*ret_index = i;
				return KL_OK;
			}
	kl_fault(fault, KL_E_NOT_FOUND, "there is no field '%s'", name);
	if (kl_words_nearest(words, name, near))
		kl_fault_hint(
			fault, "did you mean %s?", words->spelling(words->context, near[0], 0));
	else
		hint_fields(words, fault);
	return KL_E_NOT_FOUND;
}

static const char *table_spelling(const void *context, size_t index, size_t which)
{
	const struct kl_form_field *field = &((const struct kl_form_table *)context)->fields[index];

	return which == 0 ? field->name : which == 1 ? field->label : NULL;
}

int kl_form_table_set(const struct kl_form_table *table, void *form, const char *field,
	const char *value, struct kl_fault *fault)
{
	const struct kl_words names = {table->n, table_spelling, table};
	size_t index = 0;
	int rc = kl_form_find(&names, field, &index, fault);

	return rc ? rc : kl_form_set(&table->fields[index], form, value, fault);
}

int kl_form_table_check(const struct kl_form_table *table, const void *form, struct kl_fault *fault)
{
	int rc = KL_OK;

	for (size_t i = 0; !rc && i < table->n; i++)
		rc = kl_form_check(&table->fields[i], form, fault);
	return rc;
}

int kl_form_split(const char *assignment, char ret_field[KL_SLUG_MAX], const char **ret_value,
	const char *example, struct kl_fault *fault)
{
	const char *equals = strchr(assignment, '=');
	size_t len = equals ? (size_t)(equals - assignment) : 0;

	if (!len || len >= KL_SLUG_MAX)
		return kl_fault(fault, KL_E_USAGE, "'%s': FIELD=VALUE was expected, such as %s",
			assignment, example);
	memcpy(ret_field, assignment, len);
	ret_field[len] = '\0';
	*ret_value = equals + 1;
	return KL_OK;
}
