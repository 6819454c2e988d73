#include "protocol/payload_form.h"

#include <string.h>

bool kl_form_is_absent(const struct kl_form_field *field, const void *form)
{
	const void *at = (const char *)form + field->offset;
	enum kl_member_kind kind;
	uint32_t bits;

	switch (field->sort) {
	case KL_FORM_KIND:
		memcpy(&kind, at, sizeof kind);
		return !kind;
	case KL_FORM_COUNT:
	case KL_FORM_TENTHS:
	case KL_FORM_MONEY:
		return !((const struct kl_optional_int *)at)->known;
	case KL_FORM_LIST:
		return !((const struct kl_text_list *)at)->n;
	case KL_FORM_SET:
		memcpy(&bits, at, sizeof bits);
		return !bits;
	default:
		return !*(const char *)at;
	}
}

static void write_list(struct kl_writer *w, const struct kl_text_list *list)
{
	kl_write_array(w, list->n);
	for (size_t i = 0; i < list->n; i++)
		kl_write_text(w, list->items[i]);
}

static void write_set(struct kl_writer *w, const struct kl_slug *words, uint32_t bits)
{
	kl_write_array(w, (size_t)__builtin_popcount(bits));
	for (size_t i = 0; words[i].slug; i++)
		if (bits >> i & 1)
			kl_write_text(w, words[i].slug);
}

void kl_form_write(struct kl_writer *w, const struct kl_form_field *field, const void *form)
{
	const void *at = (const char *)form + field->offset;
	enum kl_member_kind kind;
	uint32_t bits;

	kl_write_text(w, field->name);
	switch (field->sort) {
	case KL_FORM_KIND:
		memcpy(&kind, at, sizeof kind);
		kl_write_uint(w, kind);
		break;
	case KL_FORM_COUNT:
	case KL_FORM_TENTHS:
	case KL_FORM_MONEY:
		kl_write_int(w, ((const struct kl_optional_int *)at)->value);
		break;
	case KL_FORM_FIFTH:
		kl_write_uint(w, *(const uint8_t *)at);
		break;
	case KL_FORM_LIST:
		write_list(w, at);
		break;
	case KL_FORM_SET:
		memcpy(&bits, at, sizeof bits);
		write_set(w, field->words, bits);
		break;
	case KL_FORM_YESNO:
		kl_write_bool(w, *(const uint8_t *)at == KL_YES);
		break;
	default:
		kl_write_text(w, at);
	}
}

static int read_list(const struct kl_value *v, struct kl_text_list *list)
{
	struct kl_cursor c = kl_cursor(v);
	struct kl_value item;

	if (v->type != KL_WIRE_ARRAY)
		return KL_E_MALFORMED;
	while (kl_cursor_next(&c, &item)) {
		int rc;

		if (item.type != KL_WIRE_TEXT)
			return KL_E_MALFORMED;
		rc = kl_form_add_item(list, item.u.bytes);
		if (rc)
			return rc;
	}
	return KL_OK;
}

/* Words that are not known here belong to newer versions and are passed over. */
static int read_set(const struct kl_value *v, const struct kl_slug *words, void *at)
{
	struct kl_cursor c = kl_cursor(v);
	struct kl_value item;
	uint32_t bits = 0;
	size_t place;

	if (v->type != KL_WIRE_ARRAY)
		return KL_E_MALFORMED;
	while (kl_cursor_next(&c, &item)) {
		if (item.type != KL_WIRE_TEXT)
			return KL_E_MALFORMED;
		if (!kl_slug_place(words, item.u.bytes, &place))
			bits |= 1u << place;
	}
	memcpy(at, &bits, sizeof bits);
	return KL_OK;
}

static int read_yes_no(const struct kl_value *v, uint8_t *said)
{
	bool yes;
	int rc = kl_value_bool(v, &yes);

	if (!rc)
		*said = yes ? KL_YES : KL_NO;
	return rc;
}

static int read_kind(const struct kl_value *v, enum kl_member_kind *kind)
{
	uint64_t number;

	if (kl_value_uint(v, KL_MEMBER_CONVENOR, &number))
		return KL_E_MALFORMED;
	*kind = (enum kl_member_kind)number;
	return KL_OK;
}

static int read_value(const struct kl_value *v, const struct kl_form_field *field, void *at)
{
	struct kl_optional_int *n = at;
	uint64_t fifth;

	switch (field->sort) {
	case KL_FORM_KIND:
		return read_kind(v, at);
	case KL_FORM_COUNT:
	case KL_FORM_TENTHS:
	case KL_FORM_MONEY:
		n->known = true;
		return kl_value_int(v, &n->value);
	case KL_FORM_FIFTH:
		if (kl_value_uint(v, 5, &fifth))
			return KL_E_MALFORMED;
		*(uint8_t *)at = (uint8_t)fifth;
		return KL_OK;
	case KL_FORM_LIST:
		return read_list(v, at);
	case KL_FORM_SET:
		return read_set(v, field->words, at);
	case KL_FORM_YESNO:
		return read_yes_no(v, at);
	case KL_FORM_DATE:
		return kl_value_text(v, at, KL_DATE_MAX);
	case KL_FORM_PERIOD:
		return kl_value_text(v, at, KL_PERIOD_TEXT_MAX);
	default:
		return kl_value_text(v, at, field->size);
	}
}

int kl_form_read_value(const struct kl_value *value, const struct kl_form_field *field, void *form,
	struct kl_fault *fault)
{
	int rc = read_value(value, field, (char *)form + field->offset);

	return rc ? kl_fault(fault, rc == KL_E_NOMEM ? rc : KL_E_MALFORMED,
			    "%s: not in the form that a record has", field->name)
		  : KL_OK;
}

int kl_form_read(const struct kl_value *map, const struct kl_form_field *field, void *form,
	struct kl_fault *fault)
{
	struct kl_value v;
	int rc = kl_map_get(map, field->name, &v);

	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	return rc ? kl_fault(fault, KL_E_MALFORMED, "%s: not in the form that a record has",
			    field->name)
		  : kl_form_read_value(&v, field, form, fault);
}
