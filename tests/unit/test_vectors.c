#include "tests/unit/vectors.h"
#include "tests/unit/harness.h"

static void a_vector_file_is_found(void **state)
{
	json_t *schema = vectors_load("schema");
	uint8_t id[32];

	(void)state;
	vectors_hex_exact(vectors_get(schema, "round_id"), id, sizeof id);
	assert_int_equal(vectors_u64(vectors_get(schema, "cells")), 32);
	assert_int_equal(json_array_size(vectors_get(schema, "metrics")), 4);
	json_decref(schema);
}

/* All that the two first programs agreed on is here; each file is checked beside its module. */
static void all_vector_files_are_there(void **state)
{
	static const char *const names[] = {"audit", "certificates", "challenges", "coarsen",
		"committee", "expand", "field", "figures", "full", "hash", "judged", "openings",
		"partials", "replies", "schema", "seals", "selection", "shares"};

	(void)state;
	assert_int_equal(sizeof names / sizeof *names, 18);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		json_t *root = vectors_load(names[i]);

		if (json_object_size(root) + json_array_size(root) == 0)
			fail_msg("%s.json is empty", names[i]);
		json_decref(root);
	}
}

static void large_elements_are_decimal_strings(void **state)
{
	json_t *text = json_string("2305843009213693950");

	(void)state;
	assert_true(vectors_u64(text) == UINT64_C(2305843009213693950));
	json_decref(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vector_file_is_found),
		cmocka_unit_test(all_vector_files_are_there),
		cmocka_unit_test(large_elements_are_decimal_strings),
	};

	return RUN(tests);
}
