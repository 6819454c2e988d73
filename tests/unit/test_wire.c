#include "core/error.h"
#include "protocol/wire.h"
#include "tests/unit/harness.h"

#include <math.h>

static void write_and_read_back(void **state)
{
	static const struct kl_id id = {{7, 8, 9}};
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_value map, list, item;
	struct kl_cursor c;
	char text[16];
	int64_t i;
	uint64_t u;
	double d;
	bool b;
	struct kl_id got;

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, 8);
	kl_put_text(&w, "name", "Wem");
	kl_put_int(&w, "low", INT64_MIN);
	kl_put_uint(&w, "high", UINT64_MAX);
	kl_put_double(&w, "score", 2.43);
	kl_put_bool(&w, "yes", true);
	kl_put_nil(&w, "none");
	kl_put_id(&w, "id", &id);
	kl_put_array(&w, "list", 3);
	for (int k = -1; k < 2; k++)
		kl_write_int(&w, k * 1000);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_value_open(bytes, &map), 0);
	assert_int_equal(map.count, 8);
	assert_int_equal(kl_get_text(&map, "name", text, sizeof text), 0);
	assert_string_equal(text, "Wem");
	assert_int_equal(kl_get_text(&map, "name", text, 3), KL_E_TOO_BIG);
	assert_int_equal(kl_get_int(&map, "low", &i), 0);
	assert_true(i == INT64_MIN);
	assert_int_equal(kl_get_int(&map, "high", &i), KL_E_MALFORMED);
	assert_int_equal(kl_get_uint(&map, "high", UINT64_MAX, &u), 0);
	assert_true(u == UINT64_MAX);
	assert_int_equal(kl_get_uint(&map, "high", 10, &u), KL_E_MALFORMED);
	assert_int_equal(kl_get_double(&map, "score", &d), 0);
	assert_true(d == 2.43);
	assert_int_equal(kl_get_bool_or(&map, "yes", false, &b), 0);
	assert_true(b);
	assert_int_equal(kl_get_bool_or(&map, "none", true, &b), 0);
	assert_true(b);
	assert_int_equal(kl_get_int_or(&map, "absent", -3, &i), 0);
	assert_int_equal(i, -3);
	assert_int_equal(kl_get_int(&map, "absent", &i), KL_E_NOT_FOUND);
	assert_int_equal(kl_get_int(&map, "name", &i), KL_E_MALFORMED);
	assert_int_equal(kl_get_id(&map, "id", &got), 0);
	assert_true(kl_id_equal(&got, &id));
	assert_int_equal(kl_get_array(&map, "list", &list), 0);
	c = kl_cursor(&list);
	for (int k = -1; k < 2; k++) {
		assert_true(kl_cursor_next(&c, &item));
		assert_int_equal(kl_value_int(&item, &i), 0);
		assert_int_equal(i, k * 1000);
	}
	assert_false(kl_cursor_next(&c, &item));
	kl_writer_deinit(&w);
}

static int scan(const char *bytes, size_t n)
{
	size_t len;

	return kl_wire_scan(kl_bytes(bytes, n), &len);
}

static void claims_are_held_against_what_is_there(void **state)
{
	char deep[64];

	(void)state;
	assert_int_equal(scan("\xdd\xff\xff\xff\xff", 5), KL_E_MALFORMED); /* 4 billion items */
	assert_int_equal(scan("\xdf\x7f\xff\xff\xff", 5), KL_E_MALFORMED);
	assert_int_equal(scan("\xc6\xff\xff\xff\xff"
			      "abc",
				 8),
		KL_E_MALFORMED);
	assert_int_equal(scan("\xdb\x00\x00\x00\x04"
			      "abc",
				 8),
		KL_E_MALFORMED);
	assert_int_equal(scan("", 0), KL_E_MALFORMED);
	assert_int_equal(scan("\xc1", 1), KL_E_MALFORMED);
	assert_int_equal(scan("\xd4\x01\x02", 3), KL_E_MALFORMED); /* ext types have no use here */
	assert_int_equal(scan("\x92\x01", 2), KL_E_MALFORMED);
	memset(deep, 0x91, sizeof deep);
	deep[sizeof deep - 1] = 1;
	assert_int_equal(scan(deep, sizeof deep), KL_E_TOO_BIG);
	assert_int_equal(
		scan(deep + sizeof deep - 1 - KL_WIRE_DEPTH_MAX, 1 + KL_WIRE_DEPTH_MAX), 0);
}

static void one_value_to_the_last_byte(void **state)
{
	struct kl_value v;

	(void)state;
	assert_int_equal(kl_value_open(kl_bytes_str("\x01\x02"), &v), KL_E_MALFORMED);
	assert_int_equal(kl_value_open(kl_bytes_str("\x01"), &v), 0);
}

static void a_key_that_stands_twice_is_refused(void **state)
{
	struct kl_value map, v;

	(void)state;
	assert_int_equal(kl_value_open(kl_bytes_str("\x82\xa1"
						    "a\x01\xa1"
						    "a\x02"),
				 &map),
		0);
	assert_int_equal(kl_map_get(&map, "a", &v), KL_E_MALFORMED);
	assert_int_equal(kl_map_get(&map, "b", &v), KL_E_NOT_FOUND);
	assert_int_equal(kl_value_open(kl_bytes_str("\x81\x01\x02"), &map), 0);
	assert_int_equal(kl_map_get(&map, "a", &v), KL_E_MALFORMED); /* keys are strings */
}

static void text_must_be_fit_to_show(void **state)
{
	struct kl_value v;
	char out[16];

	(void)state;
	assert_int_equal(kl_value_open(kl_bytes_str("\xa2\x1b["), &v), 0);
	assert_int_equal(kl_value_text(&v, out, sizeof out), KL_E_MALFORMED);
	assert_int_equal(kl_value_open(kl_bytes_str("\xa2\xc3\x28"), &v), 0);
	assert_int_equal(kl_value_text(&v, out, sizeof out), KL_E_MALFORMED);
}

/* Every value of msgpack's number types, against the library's own reader. */
static void numbers_agree_with_the_library(void **state)
{
	static const int64_t numbers[] = {0, 1, 127, 128, 255, 256, 65535, 65536, 4294967295,
		4294967296, INT64_MAX, -1, -32, -33, -128, -129, -32768, -32769, INT32_MIN,
		(int64_t)INT32_MIN - 1, INT64_MIN};

	(void)state;
	for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
		struct kl_writer w;
		struct kl_bytes bytes;
		struct kl_value v;
		msgpack_unpacked u;
		int64_t got;

		kl_writer_init(&w);
		kl_write_int(&w, numbers[k]);
		assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
		assert_int_equal(kl_value_open(bytes, &v), 0);
		assert_int_equal(kl_value_int(&v, &got), 0);
		assert_true(got == numbers[k]);
		msgpack_unpacked_init(&u);
		assert_int_equal(msgpack_unpack_next(&u, (const char *)bytes.data, bytes.len, NULL),
			MSGPACK_UNPACK_SUCCESS);
		assert_true(u.data.via.i64 == got);
		msgpack_unpacked_destroy(&u);
		kl_writer_deinit(&w);
	}
}

static void no_nan_no_infinity(void **state)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_value v;
	double d = 1;

	(void)state;
	kl_writer_init(&w);
	kl_write_double(&w, (double)INFINITY);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_value_open(bytes, &v), 0);
	assert_int_equal(kl_value_double(&v, &d), KL_E_MALFORMED);
	assert_true(d == 1);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_and_read_back),
		cmocka_unit_test(claims_are_held_against_what_is_there),
		cmocka_unit_test(one_value_to_the_last_byte),
		cmocka_unit_test(a_key_that_stands_twice_is_refused),
		cmocka_unit_test(text_must_be_fit_to_show),
		cmocka_unit_test(numbers_agree_with_the_library),
		cmocka_unit_test(no_nan_no_infinity),
	};

	return RUN(tests);
}
