#include "core/bytes.h"
#include "core/error.h"
#include "tests/unit/harness.h"

static void ids_to_be_compared(void **state)
{
	const struct kl_id id = {
		{0x3f, 0x2a, 0x91, 0xbc, 0x04, 0xde, 0x77, 0xa1, 0xc0, 0x0e, 0xff}};
	char out[KL_FINGERPRINT_MAX];

	(void)state;
	assert_string_equal(kl_fingerprint(&id, out), "3f2a 91bc 04de 77a1 c00e");
	assert_int_equal(strlen(out), KL_FINGERPRINT_MAX - 1);
}

static void hex_there_and_back(void **state)
{
	uint8_t in[3] = {0x00, 0xaf, 0x19}, out[3] = {9, 9, 9};
	char text[7];

	(void)state;
	kl_hex(in, 3, text);
	assert_string_equal(text, "00af19");
	assert_int_equal(kl_hex_parse("00AF19", out, 3), 0);
	assert_memory_equal(in, out, 3);
	assert_int_equal(kl_hex_parse("00af1", out, 3), KL_E_MALFORMED);
	assert_int_equal(kl_hex_parse("00af1g", out, 3), KL_E_MALFORMED);
}

/* RFC 4648, section 10, without the padding. */
static void base32_of_the_rfc(void **state)
{
	static const struct {
		const char *plain, *code;
	} cases[] = {{"", ""}, {"f", "MY"}, {"fo", "MZXQ"}, {"foo", "MZXW6"}, {"foob", "MZXW6YQ"},
		{"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n = strlen(cases[i].plain);
		char code[16], plain[8] = "";

		kl_base32(cases[i].plain, n, code);
		assert_string_equal(code, cases[i].code);
		assert_int_equal(strlen(code), KL_BASE32_LEN(n));
		assert_int_equal(kl_base32_parse(code, plain, n), 0);
		assert_string_equal(plain, cases[i].plain);
	}
}

static void base32_is_strict_where_it_must_be(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(kl_base32_parse("mzxw-6yt b", out, 5), 0);
	assert_int_equal(kl_base32_parse("MZXW6YT1", out, 5), KL_E_MALFORMED); /* no such digit */
	assert_int_equal(kl_base32_parse("MZXW6YTB", out, 4), KL_E_MALFORMED); /* too long */
	assert_int_equal(kl_base32_parse("MZXW6YTB", out, 6), KL_E_MALFORMED); /* too short */
	assert_int_equal(kl_base32_parse("MZ", out, 1), KL_E_MALFORMED);       /* spare bits set */
	assert_int_equal(kl_base32_parse("MZXW6A", out, 3), KL_E_MALFORMED);   /* one digit more */
}

static void numbers_are_little_endian(void **state)
{
	uint8_t b[8];

	(void)state;
	kl_put_u64(b, UINT64_C(0x0102030405060708));
	assert_int_equal(b[0], 8);
	assert_int_equal(kl_get_u64(b), UINT64_C(0x0102030405060708));
	assert_int_equal(kl_get_u32(b), 0x05060708);
	assert_int_equal(kl_get_u16(b), 0x0708);
	kl_put_u16(b, 0xfffe);
	assert_int_equal(kl_get_u16(b), 0xfffe);
	kl_put_u32(b, 0xdeadbeef);
	assert_int_equal(kl_get_u32(b), 0xdeadbeef);
}

static bool plain(const char *text, bool lines)
{
	return kl_text_is_plain(kl_bytes_str(text), lines);
}

static void text_that_a_terminal_can_show(void **state)
{
	(void)state;
	assert_true(plain("Wem Town Hall: £12, naïve \xf0\x9f\x8c\xb3", false));
	assert_false(plain("two\nlines", false));
	assert_true(plain("two\nlines", true));
	assert_false(plain("\x1b[31mred", true));
	assert_false(plain("\xc2\x9b"
			   "31m",
		true)); /* C1 control */
	assert_false(plain("\xe2\x80\xae"
			   "gnp",
		true));                            /* right-to-left override */
	assert_false(plain("\xc0\xaf", true));     /* overlong */
	assert_false(plain("\xed\xa0\x80", true)); /* surrogate */
	assert_false(plain("\xf5\x80\x80\x80", true));
	assert_false(plain("cut \xe2\x82", true));
	assert_false(plain("latin1 \xa3", true));
}

static void copies_are_cut_between_characters(void **state)
{
	char out[6];

	(void)state;
	assert_true(kl_copy_text(out, sizeof out, "abcde"));
	assert_false(kl_copy_text(out, sizeof out, "abcd£"));
	assert_string_equal(out, "abcd");
}

static void views_compare(void **state)
{
	struct kl_id a = {{1}}, b = {{2}}, zero = {{0}};

	(void)state;
	assert_true(kl_bytes_equal(kl_bytes(NULL, 0), kl_bytes_str("")));
	assert_false(kl_bytes_equal(kl_bytes_str("a"), kl_bytes_str("ab")));
	assert_true(kl_id_compare(&a, &b) < 0);
	assert_true(kl_id_is_zero(&zero));
	assert_false(kl_id_is_zero(&a));
	kl_wipe(&a, sizeof a);
	assert_true(kl_id_equal(&a, &zero));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_there_and_back),
		cmocka_unit_test(ids_to_be_compared),
		cmocka_unit_test(base32_of_the_rfc),
		cmocka_unit_test(base32_is_strict_where_it_must_be),
		cmocka_unit_test(numbers_are_little_endian),
		cmocka_unit_test(text_that_a_terminal_can_show),
		cmocka_unit_test(copies_are_cut_between_characters),
		cmocka_unit_test(views_compare),
	};

	return RUN(tests);
}
