/* Figures with more decimals than are kept. */
#include "client/figure_cell.h"
#include "core/enabled.h"
#include "tests/unit/tempfile.h"

static void rounds(const char *text, int decimals, const char *expected)
{
	char out[KL_FIGURE_TEXT_MAX];

	assert_true(kl_figure_round(text, decimals, out));
	assert_string_equal(out, expected);
}

static void is_left(const char *text, int decimals)
{
	char out[KL_FIGURE_TEXT_MAX];

	assert_false(kl_figure_round(text, decimals, out));
}

static void rounding(void **state)
{
	(void)state;
	rounds("92.903", 1, "92.9");
	rounds("2.33", 1, "2.3");
	rounds("9.96", 1, "10.0");
	rounds("95000.333", 2, "95000.33");
	rounds(".126", 2, "0.13");
	is_left("92.9", 1);
	is_left("92", 1);
	is_left("1,200.55", 1);
	is_left("-1.55", 1);
	is_left("1.5.55", 1);
	is_left("1e-3.55", 1);
	is_left("0.00000000000000000000001", 1);
	is_left("", 1);
}

static void cells(void **state)
{
	static const struct kl_column columns[] = {{"floor", {NULL}, true}};
	static const struct kl_figure floor_space = {kl_floor_parse, 1, "square metres"};
	struct kl_fault fault = {0};
	struct kl_sheet *sheet = NULL;
	bool rounded;
	int64_t value = 0;

	(void)state;
	assert_int_equal(kl_sheet_open(temp_text("floor\n85.126\n85.1\nbig\n9999999999.99\n"), NULL,
				 columns, 1, &fault, &sheet),
		0);
	assert_int_equal(kl_sheet_next(sheet, &fault), 1);
	assert_int_equal(kl_figure_read(sheet, 0, &floor_space, &fault, &value, &rounded), 0);
	assert_int_equal(value, 851);
	assert_true(rounded);
	assert_int_equal(kl_sheet_next(sheet, &fault), 1);
	assert_int_equal(kl_figure_read(sheet, 0, &floor_space, &fault, &value, &rounded), 0);
	assert_int_equal(value, 851);
	assert_false(rounded);
	assert_int_equal(kl_sheet_next(sheet, &fault), 1);
	assert_int_equal(
		kl_figure_read(sheet, 0, &floor_space, &fault, &value, &rounded), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "found 'big', expected square metres"));
	assert_int_equal(kl_sheet_next(sheet, &fault), 1);
	assert_int_equal(
		kl_figure_read(sheet, 0, &floor_space, &fault, &value, &rounded), KL_E_RANGE);
	kl_sheet_close(sheet);
	temp_file(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rounding),
		cmocka_unit_test(cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
