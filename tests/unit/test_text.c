#include "core/text.h"
#include "tests/unit/harness.h"

static void texts_are_kept_whole_or_refused(void **state)
{
	struct kl_fault fault;
	char out[8] = "before";

	(void)state;
	assert_int_equal(
		kl_text_set(out, sizeof out, "12345678", false, "the note", &fault), KL_E_TOO_BIG);
	assert_string_equal(fault.message, "the note is too long: 8 bytes");
	assert_string_equal(fault.hint, "at most 7 bytes are kept");
	assert_int_equal(kl_text_set(out, sizeof out, "a\nb", false, "it", &fault), KL_E_INVALID);
	assert_int_equal(kl_text_set(out, sizeof out, "\x1b[2J", true, "it", &fault), KL_E_INVALID);
	assert_int_equal(kl_text_set(out, sizeof out, "\xff", true, "it", &fault), KL_E_INVALID);
	assert_string_equal(out, "before");
	assert_int_equal(kl_text_set(out, sizeof out, "a\nb", true, "it", &fault), 0);
	assert_string_equal(out, "a\nb");
	assert_int_equal(kl_text_set(out, sizeof out, "1234567", false, "it", &fault), 0);
}

static void arrays_from_elsewhere_are_checked(void **state)
{
	char array[4] = {'a', 'b', 'c', 'd'};

	(void)state;
	assert_int_equal(kl_text_check(array, sizeof array, true, "it", NULL), KL_E_MALFORMED);
	array[3] = '\0';
	assert_int_equal(kl_text_check(array, sizeof array, true, "it", NULL), 0);
	array[1] = '\n';
	assert_int_equal(kl_text_check(array, sizeof array, false, "it", NULL), KL_E_MALFORMED);
}

static void days_of_the_calendar(void **state)
{
	static const char *const good[] = {
		"2026-11-30", "2024-02-29", "2000-02-29", "1900-01-01", "2200-12-31"};
	static const char *const bad[] = {"", "2026-11-31", "2023-02-29", "1900-02-29",
		"2026-13-01", "2026-00-10", "2026-01-00", "26-01-01", "2026-1-01", "2026/01/01",
		"1899-01-01", "2201-01-01", "2026-01-01 ", "soon", "2026-01-0x"};
	struct kl_fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_int_equal(kl_date_check(good[i], &fault), 0);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(kl_date_check(bad[i], &fault), KL_E_INVALID);
	assert_string_equal(fault.message, "\"2026-01-0x\" is not a date");
}

static void dates_as_people_write_them(void **state)
{
	static const char *const good[][2] = {{"2027-03-31", "2027-03-31"},
		{"31/03/2027", "2027-03-31"}, {"4/11/2016", "2016-11-04"}, {"1.2.27", "2027-02-01"},
		{"31 March 2027", "2027-03-31"}, {"Mar 31, 2027", "2027-03-31"},
		{"2027-03-31 00:00:00", "2027-03-31"}, {"46477", "2027-03-31"}, {"", ""}};
	static const char *const bad[] = {"03/31/2027", "31/02/2027", "2027-02-30", "31/03",
		"spring 2027", "x", "31/03/2027 perhaps", "01/01/2201"};
	char out[KL_DATE_MAX];
	struct kl_fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(kl_date_set(out, good[i][0], &fault), 0);
		assert_string_equal(out, good[i][1]);
	}
	strcpy(out, "2026-11-30");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(kl_date_set(out, bad[i], &fault), KL_E_INVALID);
	assert_string_equal(out, "2026-11-30");
	assert_non_null(strstr(fault.hint, "the day stands first"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_kept_whole_or_refused),
		cmocka_unit_test(arrays_from_elsewhere_are_checked),
		cmocka_unit_test(days_of_the_calendar),
		cmocka_unit_test(dates_as_people_write_them),
	};

	return RUN(tests);
}
