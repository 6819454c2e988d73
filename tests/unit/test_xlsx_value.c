/* Numbers of a spreadsheet as people mean them. */
#include "client/cell_text.h"
#include "client/xlsx_value.h"
#include "tests/unit/harness.h"

#include <string.h>

static void is(const char *raw, enum kl_xlsx_look look, bool since_1904, const char *expected)
{
	char out[KL_XLSX_VALUE_MAX];

	if (kl_xlsx_value(raw, look, since_1904, out))
		fail_msg("%s was refused", raw);
	assert_string_equal(out, expected);
}

static void numbers(void **state)
{
	static const char *const pairs[][2] = {{"0", "0"}, {"7", "7"}, {"1234567", "1234567"},
		{"1.2000000000000002", "1.2"}, {"1234.5600000000001", "1234.56"}, {"-0.1", "-0.1"},
		{"0.30000000000000004", "0.3"}, {"1E+5", "100000"}, {"1.5e-3", "0.0015"},
		{"-2.5E2", "-250"}, {"123456789012345678", "123456789012346000"},
		{"99999999999.99", "99999999999.99"}, {"-0", "0"}, {"1e300", "1e+300"},
		{"1e-300", "1e-300"}, {"4.9e-324", "0"}, {"007", "7"}, {"0.05", "0.05"}};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		is(pairs[i][0], KL_XLSX_NUMBER, false, pairs[i][1]);
}

static void no_numbers(void **state)
{
	static const char *const texts[] = {
		"", "x", "1x", "0x10", "inf", "nan", "1e999", "--1", "1,5", " 1", "e", "."};
	char out[KL_XLSX_VALUE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(kl_xlsx_value(texts[i], KL_XLSX_NUMBER, false, out), KL_E_INVALID);
}

static void percentages(void **state)
{
	(void)state;
	is("0.45", KL_XLSX_PERCENT, false, "45%");
	is("1", KL_XLSX_PERCENT, false, "100%");
	is("0", KL_XLSX_PERCENT, false, "0%");
	is("0.07", KL_XLSX_PERCENT, false, "7%");
	is("0.57999999999999996", KL_XLSX_PERCENT, false, "58%");
	is("0.005", KL_XLSX_PERCENT, false, "0.5%");
	is("45", KL_XLSX_PERCENT, false, "4500%");
}

static void dates(void **state)
{
	(void)state;
	is("1", KL_XLSX_DATE, false, "1900-01-01");
	is("59", KL_XLSX_DATE, false, "1900-02-28");
	is("60", KL_XLSX_DATE, false, "60"); /* a day that never was */
	is("61", KL_XLSX_DATE, false, "1900-03-01");
	is("42465", KL_XLSX_DATE, false, "2016-04-05");
	is("42429", KL_XLSX_DATE, false, "2016-02-29");
	is("42465.999988", KL_XLSX_DATE, false, "2016-04-05");
	is("36526", KL_XLSX_DATE, false, "2000-01-01");
	is("73050", KL_XLSX_DATE, false, "2099-12-31");
	is("2958465", KL_XLSX_DATE, false, "9999-12-31");
	is("2958466", KL_XLSX_DATE, false, "2958466");
	is("0.5", KL_XLSX_DATE, false, "0.5");
	is("-3", KL_XLSX_DATE, false, "-3");
	is("0", KL_XLSX_DATE, true, "1904-01-01");
	is("41003", KL_XLSX_DATE, true, "2016-04-05");
}

static void formats(void **state)
{
	static const struct {
		const char *format;
		enum kl_xlsx_look look;
	} all[] = {{"General", KL_XLSX_NUMBER}, {"0.00", KL_XLSX_NUMBER}, {"0%", KL_XLSX_PERCENT},
		{"#,##0.0\\ %", KL_XLSX_PERCENT}, {"dd/mm/yyyy", KL_XLSX_DATE},
		{"[$-809]d mmmm yyyy;@", KL_XLSX_DATE}, {"mmm-yy", KL_XLSX_DATE},
		{"mmmm", KL_XLSX_DATE}, {"yyyy\\-mm\\-dd\\ hh:mm", KL_XLSX_DATE},
		{"hh:mm:ss", KL_XLSX_NUMBER}, {"h:mm AM/PM", KL_XLSX_NUMBER},
		{"[h]:mm", KL_XLSX_NUMBER}, {"0.00 \"days\"", KL_XLSX_NUMBER},
		{"0\\d", KL_XLSX_NUMBER}, {"0_d", KL_XLSX_NUMBER}, {"[Red]-0.00", KL_XLSX_NUMBER},
		{"[$\xc2\xa3-809]#,##0.00", KL_XLSX_NUMBER}, {"0.00E+00", KL_XLSX_NUMBER},
		{"0;\"yes\" d", KL_XLSX_NUMBER}, {"\"open", KL_XLSX_NUMBER}, {"\\", KL_XLSX_NUMBER},
		{"@", KL_XLSX_NUMBER}};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (kl_xlsx_look_of_format(all[i].format) != all[i].look)
			fail_msg("%s is taken for something else", all[i].format);
	assert_int_equal(kl_xlsx_look_of_id(0), KL_XLSX_NUMBER);
	assert_int_equal(kl_xlsx_look_of_id(10), KL_XLSX_PERCENT);
	assert_int_equal(kl_xlsx_look_of_id(14), KL_XLSX_DATE);
	assert_int_equal(kl_xlsx_look_of_id(21), KL_XLSX_NUMBER); /* h:mm:ss */
	assert_int_equal(kl_xlsx_look_of_id(22), KL_XLSX_DATE);
	assert_int_equal(kl_xlsx_look_of_id(44), KL_XLSX_NUMBER);
}

static void escapes(void **state)
{
	char text[] = "a_x000D_\n_x005F_x0041_ _x0007_ _x12 _x_xzzzz_";

	(void)state;
	assert_int_equal(kl_xlsx_unescape(text), strlen("a\r\n_x0041_ _x0007_ _x12 _x_xzzzz_"));
	assert_string_equal(text, "a\r\n_x0041_ _x0007_ _x12 _x_xzzzz_");
}

static void letters(void **state)
{
	char out[KL_COLUMN_LETTERS_MAX];

	(void)state;
	assert_string_equal(kl_column_letters(0, out), "A");
	assert_string_equal(kl_column_letters(25, out), "Z");
	assert_string_equal(kl_column_letters(26, out), "AA");
	assert_string_equal(kl_column_letters(701, out), "ZZ");
	assert_string_equal(kl_column_letters(702, out), "AAA");
	assert_string_equal(kl_column_letters(16383, out), "XFD");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(no_numbers),
		cmocka_unit_test(percentages),
		cmocka_unit_test(dates),
		cmocka_unit_test(formats),
		cmocka_unit_test(escapes),
		cmocka_unit_test(letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
