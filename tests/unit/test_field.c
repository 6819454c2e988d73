#include "core/error.h"
#include "core/field.h"
#include "tests/unit/harness.h"
#include "tests/unit/vectors.h"

#include <stdlib.h>

static void known_arithmetic(void **state)
{
	json_t *root = vectors_load("field");
	const json_t *cases = vectors_get(root, "cases"), *row;
	size_t i;

	(void)state;
	assert_true(vectors_u64(vectors_get(root, "p")) == KL_FIELD_P);
	assert_int_equal(json_array_size(cases), 300);
	json_array_foreach(cases, i, row)
	{
		uint64_t a = vectors_u64(vectors_get(row, "a"));
		uint64_t b = vectors_u64(vectors_get(row, "b"));
		const json_t *inverse = vectors_get(row, "inv_a");

		assert_true(kl_field_add(a, b) == vectors_u64(vectors_get(row, "add")));
		assert_true(kl_field_sub(a, b) == vectors_u64(vectors_get(row, "sub")));
		assert_true(kl_field_mul(a, b) == vectors_u64(vectors_get(row, "mul")));
		if (json_is_null(inverse))
			assert_true(!a && !kl_field_inverse(a));
		else
			assert_true(kl_field_inverse(a) == vectors_u64(inverse));
	}
	json_decref(root);
}

static void known_encodings(void **state)
{
	json_t *root = vectors_load("field");
	const json_t *encode = vectors_get(root, "encode"), *row;
	uint8_t wanted[KL_ELEMENT_BYTES], got[KL_ELEMENT_BYTES];
	uint64_t element;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(encode), 40);
	json_array_foreach(encode, i, row)
	{
		uint64_t value = vectors_u64(vectors_get(row, "value"));

		vectors_hex_exact(vectors_get(row, "hex"), wanted, sizeof wanted);
		kl_field_encode(value, got);
		assert_memory_equal(got, wanted, sizeof got);
		assert_int_equal(kl_field_decode(wanted, &element), 0);
		assert_true(element == value);
	}
	json_decref(root);
}

static void what_is_no_element(void **state)
{
	json_t *root = vectors_load("field");
	const json_t *refused = vectors_get(root, "refused"), *row;
	uint8_t bytes[3 * KL_ELEMENT_BYTES] = {0};
	uint64_t element = 77, elements[3] = {77, 77, 77};
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(refused), 5);
	json_array_foreach(refused, i, row)
	{
		uint8_t *third = bytes + 2 * KL_ELEMENT_BYTES;

		vectors_hex_exact(row, third, KL_ELEMENT_BYTES);
		assert_int_equal(kl_field_decode(third, &element), KL_E_MALFORMED);
		assert_int_equal(kl_field_decode_all(kl_bytes(bytes, sizeof bytes), elements, 3),
			KL_E_MALFORMED);
	}
	assert_int_equal(kl_field_decode_all(kl_bytes(bytes, 17), elements, 2), KL_E_MALFORMED);
	assert_int_equal(kl_field_decode_all(kl_bytes(bytes, 16), elements, 1), KL_E_MALFORMED);
	assert_true(element == 77 && elements[0] == 77);
	assert_int_equal(kl_field_decode_all(kl_bytes(bytes, 16), elements, 2), 0);
	assert_true(!elements[0] && !elements[1] && elements[2] == 77);
	json_decref(root);
}

static void known_interpolations(void **state)
{
	json_t *root = vectors_load("field");
	json_t *cases = vectors_get(root, "interpolate"), *row, *value;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(cases), 6);
	json_array_foreach(cases, i, row)
	{
		uint64_t points[KL_FIELD_POINTS_MAX], values[KL_FIELD_POINTS_MAX];
		uint64_t weights[KL_FIELD_POINTS_MAX];
		uint64_t at = vectors_u64(vectors_get(row, "at"));
		const char *key;
		size_t n = 0;

		json_object_foreach(json_object_get(row, "points"), key, value)
		{
			assert_in_range(n, 0, KL_FIELD_POINTS_MAX - 1);
			points[n] = strtoull(key, NULL, 10);
			values[n++] = vectors_u64(value);
		}
		kl_field_weights(points, n, at, weights);
		assert_true(kl_field_dot(weights, values, 1, n) ==
			    vectors_u64(vectors_get(row, "value")));
	}
	json_decref(root);
}

/* The widest sum that kl_field_dot promises to hold. */
static void twenty_largest_products_do_not_wrap(void **state)
{
	uint64_t largest[KL_FIELD_POINTS_MAX];

	(void)state;
	for (size_t i = 0; i < KL_FIELD_POINTS_MAX; i++)
		largest[i] = KL_FIELD_P - 1;
	/* (-1) * (-1), twenty times */
	assert_int_equal(kl_field_dot(largest, largest, 1, KL_FIELD_POINTS_MAX), 20);
	assert_int_equal(
		kl_field_reduce_wide(~(kl_u128)0), 63); /* 2^128 - 1 = 64 - 1 as 2^61 = 1 */
	assert_int_equal(kl_field_reduce(UINT64_MAX), 7);
	assert_int_equal(kl_field_reduce(KL_FIELD_P), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_arithmetic),
		cmocka_unit_test(known_encodings),
		cmocka_unit_test(what_is_no_element),
		cmocka_unit_test(known_interpolations),
		cmocka_unit_test(twenty_largest_products_do_not_wrap),
	};

	return RUN(tests);
}
