#include "core/unit.h"
#include "tests/unit/harness.h"

#include <math.h>

static void numbers_as_people_type_them(void **state)
{
	static const struct {
		const char *text;
		enum kl_unit unit;
		uint32_t scale;
		int64_t scaled;
	} cases[] = {{"2.43", KL_UNIT_SCORE, 1000, 2430}, {" 26 ", KL_UNIT_COUNT, 1, 26},
		{"£617,010", KL_UNIT_GBP, 1, 617010}, {"617010.99", KL_UNIT_GBP, 1, 617010},
		{"£617,010.5", KL_UNIT_GBP, 100, 61701050}, {"£1.2m", KL_UNIT_GBP, 1, 1200000},
		{"-£50k", KL_UNIT_GBP, 1, -50000}, {"3.5bn", KL_UNIT_GBP, 1, INT64_C(3500000000)},
		{"45%", KL_UNIT_SHARE, 10000, 4500}, {"0.45", KL_UNIT_SHARE, 10000, 4500},
		{"1", KL_UNIT_SHARE, 10000, 10000}, {"28.126%", KL_UNIT_SHARE, 10000, 2812},
		{"7.5%", KL_UNIT_PERCENT, 10, 75}, {"7.5", KL_UNIT_PERCENT, 10, 75},
		{"100 %", KL_UNIT_PERCENT, 10, 1000}, {".5", KL_UNIT_FTE, 10, 5},
		{"1,401", KL_UNIT_FTE, 10, 14010}, {"+3", KL_UNIT_COUNT, 1, 3},
		{"\xe2\x88\x92"
		 "3",
			KL_UNIT_COUNT, 1, -3},
		{"10000000000000", KL_UNIT_COUNT, 1, KL_NUMBER_MAX},
		{"1.00000000000000000000", KL_UNIT_SCORE, 1000, 1000}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_fault fault;
		int64_t scaled = 77;

		assert_int_equal(kl_number_parse(cases[i].text, cases[i].unit, cases[i].scale,
					 &scaled, &fault),
			0);
		assert_int_equal(scaled, cases[i].scaled);
	}
}

/* 2.4999999 thousandths more must not become 2.5: it belongs to the bin below. */
static void digits_beyond_the_scale_never_round_up(void **state)
{
	int64_t scaled;

	(void)state;
	assert_int_equal(kl_number_parse("2.49999999999", KL_UNIT_SCORE, 1000, &scaled, NULL), 0);
	assert_int_equal(scaled, 2499);
	assert_int_equal(kl_number_parse("-2.4991", KL_UNIT_SCORE, 1000, &scaled, NULL), 0);
	assert_int_equal(scaled, -2500);
	assert_int_equal(kl_number_parse("-2.0000000001", KL_UNIT_SCORE, 1000, &scaled, NULL), 0);
	assert_int_equal(scaled, -2001);
}

static void what_is_no_number(void **state)
{
	static const struct {
		const char *text;
		enum kl_unit unit;
	} cases[] = {{"", KL_UNIT_SCORE}, {"abc", KL_UNIT_SCORE}, {"2,43", KL_UNIT_SCORE},
		{"2.4.3", KL_UNIT_SCORE}, {"£2", KL_UNIT_SCORE}, {"45%", KL_UNIT_SCORE},
		{"1e3", KL_UNIT_COUNT}, {"12m", KL_UNIT_COUNT}, {"1,2345", KL_UNIT_GBP},
		{"£", KL_UNIT_GBP}, {"2.", KL_UNIT_FTE}, {"--2", KL_UNIT_FTE}, {"nan", KL_UNIT_FTE},
		{"0x10", KL_UNIT_COUNT}, {"0.75", KL_UNIT_COUNT}, {"3.99", KL_UNIT_PEOPLE},
		{",100", KL_UNIT_GBP}};
	struct kl_fault fault;
	int64_t scaled = 77;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(kl_number_parse(cases[i].text, cases[i].unit, 10, &scaled, &fault),
			KL_E_INVALID);
	assert_string_equal(fault.message, "\",100\" is not an amount in pounds");
	assert_string_equal(fault.hint, "type it as £617,010 or 1.2m");
	assert_int_equal(scaled, 77);
}

static void what_is_out_of_range(void **state)
{
	static const struct {
		const char *text;
		enum kl_unit unit;
	} cases[] = {{"10000000000001", KL_UNIT_COUNT}, {"99999999999999999999999", KL_UNIT_COUNT},
		{"-99999999999999999999999", KL_UNIT_COUNT}, {"1000000bn", KL_UNIT_GBP},
		{"9999999999999bn", KL_UNIT_GBP}, {"1.01", KL_UNIT_SHARE}, {"45", KL_UNIT_SHARE},
		{"-0.01", KL_UNIT_SHARE}, {"101%", KL_UNIT_SHARE}};
	struct kl_fault fault;
	int64_t scaled = 77;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(
			kl_number_parse(cases[i].text, cases[i].unit, 100, &scaled, &fault),
			KL_E_RANGE);
	assert_string_equal(fault.message, "\"101%\" is not a share between 0 and 1");
	assert_int_equal(scaled, 77);
}

static void numbers_as_people_read_them(void **state)
{
	char t[KL_NUMBER_TEXT_MAX];

	(void)state;
	assert_string_equal(kl_number_format(2430, KL_UNIT_SCORE, 1000, t), "2.43");
	assert_string_equal(kl_number_format(3000, KL_UNIT_SCORE, 1000, t), "3");
	assert_string_equal(kl_number_format(2, KL_UNIT_SCORE, 1, t), "2");
	assert_string_equal(kl_number_format(4500, KL_UNIT_SHARE, 10000, t), "45%");
	assert_string_equal(kl_number_format(625, KL_UNIT_SHARE, 10000, t), "6.25%");
	assert_string_equal(kl_number_format(5, KL_UNIT_SHARE, 10, t), "50%");
	assert_string_equal(kl_number_format(75, KL_UNIT_PERCENT, 10, t), "7.5%");
	assert_string_equal(kl_number_format(617010, KL_UNIT_GBP, 1, t), "£617,010");
	assert_string_equal(kl_number_format(1250, KL_UNIT_GBP, 100, t), "£12.50");
	assert_string_equal(kl_number_format(-1200, KL_UNIT_GBP, 100, t), "-£12");
	assert_string_equal(kl_number_format(14010, KL_UNIT_FTE, 10, t), "1,401");
	assert_string_equal(
		kl_number_format(INT64_MIN, KL_UNIT_COUNT, 1, t), "-9,223,372,036,854,775,807");
}

static void what_is_written_can_be_read(void **state)
{
	static const int64_t values[] = {0, 1, 9, 10, 99, 625, 2430, 10000, 617010, -3, -2500};

	(void)state;
	for (int unit = 0; unit < KL_UNIT_COUNT_ALL; unit++)
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			uint32_t scale = kl_unit_scale((enum kl_unit)unit);
			char t[KL_NUMBER_TEXT_MAX];
			int64_t back = 77;

			if (unit == KL_UNIT_SHARE && (values[i] < 0 || values[i] > 10000))
				continue;
			kl_number_format(values[i], (enum kl_unit)unit, scale, t);
			assert_int_equal(
				kl_number_parse(t, (enum kl_unit)unit, scale, &back, NULL), 0);
			assert_int_equal(back, values[i]);
		}
}

static void computed_numbers_keep_their_edge(void **state)
{
	int64_t scaled = 77;

	(void)state;
	assert_int_equal(kl_number_from_double(0.3 / 0.1, 1000, &scaled), 0);
	assert_int_equal(scaled, 3000);
	assert_int_equal(kl_number_from_double(2.4999, 1000, &scaled), 0);
	assert_int_equal(scaled, 2499);
	assert_int_equal(kl_number_from_double(-0.0015, 1000, &scaled), 0);
	assert_int_equal(scaled, -2);
	assert_int_equal(kl_number_from_double(-2, 1000, &scaled), 0);
	assert_int_equal(scaled, -2000);
	assert_int_equal(kl_number_from_double(NAN, 1, &scaled), KL_E_RANGE);
	assert_int_equal(kl_number_from_double(INFINITY, 1, &scaled), KL_E_RANGE);
	assert_int_equal(kl_number_from_double(-1e14, 1, &scaled), KL_E_RANGE);
	assert_int_equal(scaled, -2000);
	assert_true(kl_number_value(2430, 1000) == 2.43);
}

static void units_have_names(void **state)
{
	(void)state;
	for (int i = 0; i < KL_UNIT_COUNT_ALL; i++) {
		enum kl_unit unit;

		assert_int_equal(kl_unit_from_name(kl_unit_name((enum kl_unit)i), &unit), 0);
		assert_int_equal(unit, i);
	}
	assert_int_equal(kl_unit_from_name("furlongs", NULL), KL_E_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_as_people_type_them),
		cmocka_unit_test(digits_beyond_the_scale_never_round_up),
		cmocka_unit_test(what_is_no_number),
		cmocka_unit_test(what_is_out_of_range),
		cmocka_unit_test(numbers_as_people_read_them),
		cmocka_unit_test(what_is_written_can_be_read),
		cmocka_unit_test(computed_numbers_keep_their_edge),
		cmocka_unit_test(units_have_names),
	};

	return RUN(tests);
}
