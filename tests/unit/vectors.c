#include "tests/unit/vectors.h"
#include "core/bytes.h"
#include "tests/unit/harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_LEN_MAX = 4096 };

json_t *vectors_load(const char *name)
{
	const char *folder = getenv("KL_VECTORS");
	char path[PATH_LEN_MAX];
	json_error_t error;
	json_t *root;

	if (!folder || !*folder)
		folder = KL_VECTORS_DIR;
	snprintf(path, sizeof path, "%s/%s.json", folder, name);
	root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		fail_msg("%s: line %d: %s", path, error.line, error.text);
	return root;
}

json_t *vectors_get(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	if (!value)
		fail_msg("vector has no member \"%s\"", key);
	return value;
}

size_t vectors_hex(const json_t *string, void *out, size_t size)
{
	size_t digits = json_string_length(string);

	if (!json_is_string(string) || digits % 2 || digits / 2 > size ||
		kl_hex_parse(json_string_value(string), out, digits / 2))
		fail_msg("vector is not hex of at most %zu bytes", size);
	return digits / 2;
}

void vectors_hex_exact(const json_t *string, void *out, size_t len)
{
	assert_int_equal(vectors_hex(string, out, len), len);
}

uint64_t vectors_u64(const json_t *number)
{
	uint64_t value = 0;
	char *end = NULL;

	if (json_is_integer(number) && json_integer_value(number) >= 0)
		return (uint64_t)json_integer_value(number);
	if (json_is_string(number) && *json_string_value(number) != '-') {
		errno = 0;
		value = strtoull(json_string_value(number), &end, 10);
	}
	if (!end || *end || end == json_string_value(number) || errno)
		fail_msg("vector is not a number");
	return value;
}

int64_t vectors_i64(const json_t *number)
{
	if (!json_is_integer(number))
		fail_msg("vector is not a whole number");
	return json_integer_value(number);
}
