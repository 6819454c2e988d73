#include "client/json.h"
#include "core/harmless.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int nested(const struct kl_value *value, json_t **ret_json);

/* Integers beyond int64_t do not occur in answers; one that does is shown as near as JSON can. */
static json_t *integer(const struct kl_value *value)
{
	int64_t number;

	if (kl_value_int(value, &number) == KL_OK)
		return json_integer(number);
	return json_real((double)value->u.integer.bits);
}

static json_t *real(const struct kl_value *value)
{
	double number;

	if (kl_value_double(value, &number) != KL_OK)
		return json_null();
	/* 2.0 is printed "2.0": a reader that looks at the type sees a number with a fraction. */
	return json_real(number);
}

static json_t *text(const struct kl_value *value)
{
	return json_stringn((const char *)value->u.bytes.data, value->u.bytes.len);
}

static json_t *hex(const struct kl_value *value)
{
	size_t len = value->u.bytes.len;
	char *digits = malloc(2 * len + 1);
	json_t *json;

	if (!digits)
		return NULL;
	kl_hex(value->u.bytes.data, len, digits);
	json = json_string(digits);
	free(digits);
	return json;
}

static int array(const struct kl_value *value, json_t **ret_json)
{
	struct kl_cursor cursor = kl_cursor(value);
	struct kl_value item;
	json_t *list = json_array();
	int rc = list ? KL_OK : KL_E_NOMEM;

	while (!rc && kl_cursor_next(&cursor, &item)) {
		json_t *json;

		rc = nested(&item, &json);
		if (!rc && json_array_append_new(list, json) != 0)
			rc = KL_E_NOMEM;
	}
	if (rc)
		json_decref(list);
	else
		*ret_json = list;
	return rc;
}

static int add_pair(json_t *object, const struct kl_value *key, const struct kl_value *value)
{
	char name[128];
	json_t *json;
	int rc = kl_value_text(key, name, sizeof name);

	if (!rc)
		rc = nested(value, &json);
	if (!rc && json_object_set_new(object, name, json) != 0)
		rc = KL_E_NOMEM;
	return rc;
}

static int map(const struct kl_value *value, json_t **ret_json)
{
	struct kl_cursor cursor = kl_cursor(value);
	struct kl_value key, content;
	json_t *object = json_object();
	int rc = object ? KL_OK : KL_E_NOMEM;

	while (!rc && kl_cursor_next(&cursor, &key) && kl_cursor_next(&cursor, &content))
		rc = add_pair(object, &key, &content);
	if (rc)
		json_decref(object);
	else
		*ret_json = object;
	return rc;
}

static json_t *scalar(const struct kl_value *value)
{
	switch (value->type) {
	case KL_WIRE_BOOL:
		return json_boolean(value->u.boolean);
	case KL_WIRE_INT:
		return integer(value);
	case KL_WIRE_DOUBLE:
		return real(value);
	case KL_WIRE_TEXT:
		return text(value);
	case KL_WIRE_BIN:
		return hex(value);
	default:
		return json_null();
	}
}

static int nested(const struct kl_value *value, json_t **ret_json)
{
	json_t *json;

	if (value->type == KL_WIRE_ARRAY)
		return array(value, ret_json);
	if (value->type == KL_WIRE_MAP)
		return map(value, ret_json);
	json = scalar(value);
	/* jansson refuses a text that is not UTF-8. */
	if (!json)
		return value->type == KL_WIRE_TEXT ? KL_E_MALFORMED : KL_E_NOMEM;
	*ret_json = json;
	return KL_OK;
}

int kl_json_from_value(const struct kl_value *value, json_t **ret_json)
{
	return nested(value, ret_json);
}

/* ---- the other way --------------------------------------------------------------------------- */

static int write_nested(const json_t *json, struct kl_writer *w, unsigned depth);

static int write_object(const json_t *json, struct kl_writer *w, unsigned depth)
{
	const char *key;
	json_t *value;
	int rc = KL_OK;

	kl_write_map(w, json_object_size(json));
	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		if (rc)
			break;
		kl_write_text(w, key);
		rc = write_nested(value, w, depth);
	}
	return rc;
}

static int write_list(const json_t *json, struct kl_writer *w, unsigned depth)
{
	size_t n = json_array_size(json);
	int rc = KL_OK;

	kl_write_array(w, n);
	for (size_t i = 0; i < n && !rc; i++)
		rc = write_nested(json_array_get(json, i), w, depth);
	return rc;
}

static int write_nested(const json_t *json, struct kl_writer *w, unsigned depth)
{
	if (depth == KL_JSON_DEPTH_MAX)
		return KL_E_MALFORMED;
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return write_object(json, w, depth + 1);
	case JSON_ARRAY:
		return write_list(json, w, depth + 1);
	case JSON_STRING:
		kl_write_text_n(w, kl_bytes(json_string_value(json), json_string_length(json)));
		return KL_OK;
	case JSON_INTEGER:
		kl_write_int(w, json_integer_value(json));
		return KL_OK;
	case JSON_TRUE:
	case JSON_FALSE:
		kl_write_bool(w, json_is_true(json));
		return KL_OK;
	case JSON_NULL:
		kl_write_nil(w);
		return KL_OK;
	default:
		return KL_E_MALFORMED;
	}
}

int kl_json_to_value(const json_t *json, struct kl_writer *w)
{
	return write_nested(json, w, 0);
}

static void put_escape(uint32_t c, FILE *out)
{
	if (c > 0xffff)
		fprintf(out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
			0xdc00 + ((c - 0x10000) & 0x3ff));
	else
		fprintf(out, "\\u%04x", c);
}

/* JSON as jansson writes it. All but ASCII stands inside of strings, where an escape says the same as
 * the character. */
static void put_harmless(const char *text, FILE *out)
{
	struct kl_harmless at = {0};
	struct kl_bytes rest = kl_bytes_str(text);
	bool harmless;

	for (size_t n; rest.len; rest = kl_bytes(rest.data + n, rest.len - n)) {
		uint32_t c;

		n = kl_harmless_next(&at, rest, &harmless);
		if (harmless || !kl_utf8_next(rest, &c))
			fwrite(rest.data, 1, n, out);
		else
			put_escape(c, out);
	}
}

int kl_json_print(const struct kl_value *value, FILE *out, struct kl_fault *fault)
{
	json_t *json = NULL;
	char *text;
	int rc = kl_json_from_value(value, &json);

	if (rc)
		return kl_fault(fault, rc, "the daemon's answer cannot be shown as JSON");
	/* Fifteen digits: 2.43 stays "2.43". */
	text = json_dumps(json, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	json_decref(json);
	if (!text)
		return kl_fault(fault, KL_E_NOMEM, "no memory to show the answer as JSON");
	put_harmless(text, out);
	free(text);
	if (fputc('\n', out) == EOF || ferror(out))
		return kl_fault(fault, KL_E_IO, "cannot write: %s", strerror(errno));
	return KL_OK;
}
