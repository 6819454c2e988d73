#include "core/error.h"
#include "tests/unit/harness.h"

static void names_and_codes_agree(void **state)
{
	(void)state;
#define X(name, text, exit_code)                                                                   \
	assert_string_equal(kl_error_name(KL_E_##name), #name);                                    \
	assert_int_equal(kl_error_from_name(#name), KL_E_##name);                                  \
	assert_int_equal(kl_error_exit(KL_E_##name), exit_code);                                   \
	assert_true(KL_E_##name < 0);
	KL_ERROR_MAP(X)
#undef X
	assert_int_equal(kl_error_from_name("OK"), 0);
	assert_int_equal(kl_error_exit(0), 0);
}

static void a_code_from_nowhere_is_our_bug(void **state)
{
	(void)state;
	assert_string_equal(kl_error_name(-9999), "BUG");
	assert_string_equal(kl_error_name(7), "BUG");
	assert_int_equal(kl_error_from_name("NO_SUCH"), KL_E_BUG);
}

static void context_is_added_going_outward(void **state)
{
	struct kl_fault f = {0};

	(void)state;
	assert_int_equal(kl_fault(&f, KL_E_INVALID, "expected an amount, found \"%s\"", "abc"),
		KL_E_INVALID);
	kl_fault_hint(&f, "write it as 1234.56");
	kl_fault_at(&f, "row %d, column \"%s\"", 7, "spend");
	assert_int_equal(kl_fault_at(&f, "suppliers.csv"), KL_E_INVALID);
	assert_string_equal(f.message,
		"suppliers.csv: row 7, column \"spend\": expected an amount, found \"abc\"");
	assert_string_equal(f.hint, "write it as 1234.56");
}

static void long_texts_are_cut_and_null_is_accepted(void **state)
{
	struct kl_fault f = {0};
	char big[2000];

	(void)state;
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	kl_fault(&f, KL_E_IO, "%s", big);
	assert_int_equal(strlen(f.message), KL_FAULT_MESSAGE_MAX - 1);
	kl_fault_at(&f, "%s", big);
	assert_int_equal(strlen(f.message), KL_FAULT_MESSAGE_MAX - 1);
	assert_int_equal(kl_fault(NULL, KL_E_IO, "x"), KL_E_IO);
}

/* What a file or a peer says must not reach a terminal as it stands, nor break the socket that
 * carries the fault. */
static void what_is_quoted_is_made_plain(void **state)
{
	struct kl_fault f = {0};

	(void)state;
	kl_fault(&f, KL_E_INVALID, "found \"%s\"", "\x1b[31m\xff caf\xc3\xa9\xe2\x80\xae");
	assert_string_equal(f.message, "found \"?[31m? caf\xc3\xa9???\"");
	kl_fault_hint(&f, "not %s", "\xc3");
	assert_string_equal(f.hint, "not ?");
	kl_fault_at(&f, "%s", "a\rb.csv");
	assert_memory_equal(f.message, "a?b.csv: found", strlen("a?b.csv: found"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_codes_agree),
		cmocka_unit_test(a_code_from_nowhere_is_our_bug),
		cmocka_unit_test(context_is_added_going_outward),
		cmocka_unit_test(long_texts_are_cut_and_null_is_accepted),
		cmocka_unit_test(what_is_quoted_is_made_plain),
	};

	return RUN(tests);
}
