#include "core/error.h"
#include "core/money.h"
#include "tests/unit/harness.h"

static void amounts_as_people_write_them(void **state)
{
	static const struct {
		const char *text;
		int64_t pence;
	} cases[] = {{"0", 0}, {"1234.5", 123450}, {"£1,234.56", 123456}, {"(1,234.56)", -123456},
		{" -1,234.56 ", -123456}, {"-£1,234", -123400}, {"£-12", -1200},
		{"12.00 CR", -1200}, {"12.00DR", 1200}, {"12.50-", -1250}, {".5", 50},
		{"1.500", 150}, {"+3", 300},
		{"\xe2\x88\x92"
		 "3",
			-300},
		{"100000000000", KL_MONEY_MAX}, {"£ 5", 500}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t pence = 77;

		assert_int_equal(kl_money_parse(cases[i].text, &pence), 0);
		assert_int_equal(pence, cases[i].pence);
	}
}

static void what_is_not_an_amount(void **state)
{
	static const char *const cases[] = {"", " ", "abc", "1.2.3", "1,23", "1,2345", ",123",
		"1.234", "(5", "--5", "(-5)", "-5 CR", "5p", "1 2", "£", ".", "1.", "1e3", "0x10",
		"12,34,567"};
	int64_t pence = 77;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(kl_money_parse(cases[i], &pence), KL_E_INVALID);
	assert_int_equal(kl_money_parse("100000000000.01", &pence), KL_E_RANGE);
	assert_int_equal(kl_money_parse("99999999999999999999999999", &pence), KL_E_RANGE);
	assert_int_equal(pence, 77);
}

static void amounts_as_people_read_them(void **state)
{
	char t[KL_MONEY_TEXT_MAX];

	(void)state;
	assert_string_equal(kl_money_format(123456, t), "£1,234.56");
	assert_string_equal(kl_money_format(-5, t), "-£0.05");
	assert_string_equal(kl_money_format(123400, t), "£1,234");
	assert_string_equal(kl_money_format(INT64_MIN, t), "-£92,233,720,368,547,758.08");
	assert_string_equal(kl_count_format(1401, t), "1,401");
	assert_string_equal(kl_count_format(-999, t), "-999");
	assert_string_equal(kl_count_format(1000000, t), "1,000,000");
}

/* The report presents 1,399 FTE as about 1,400 and £119,609,964 as about £120m. */
static void two_figures_and_about(void **state)
{
	char t[KL_MONEY_TEXT_MAX];

	(void)state;
	assert_int_equal(kl_round_two_figures(1399), 1400);
	assert_int_equal(kl_round_two_figures(1401), 1400);
	assert_int_equal(kl_round_two_figures(99), 99);
	assert_int_equal(kl_round_two_figures(995), 1000);
	assert_int_equal(kl_round_two_figures(-1250), -1300);
	assert_string_equal(kl_money_about(INT64_C(11960996400), t), "about £120m");
	assert_string_equal(kl_money_about(INT64_C(125000000), t), "about £1.3m");
	assert_string_equal(kl_money_about(INT64_C(61701000), t), "about £620,000");
	assert_string_equal(kl_money_about(INT64_C(350000000000), t), "about £3.5bn");
	assert_string_equal(kl_money_about(INT64_C(99960000000), t), "about £1bn");
	assert_string_equal(kl_money_about(4950, t), "about £50");
	assert_string_equal(kl_money_about(-4950, t), "about -£50");
}

static void sums_never_wrap(void **state)
{
	int64_t sum = 5;

	(void)state;
	assert_int_equal(kl_money_add(INT64_MAX, 1, &sum), KL_E_RANGE);
	assert_int_equal(sum, 5);
	assert_int_equal(kl_money_add(-2, 1, &sum), 0);
	assert_int_equal(sum, -1);
	assert_int_equal(kl_money_times(101, 0.5), 51);
	assert_int_equal(kl_money_times(-101, 0.5), -51);
	assert_true(kl_share(1, 4) == 0.25);
	assert_true(kl_share(1, 0) == 0.0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_as_people_write_them),
		cmocka_unit_test(what_is_not_an_amount),
		cmocka_unit_test(amounts_as_people_read_them),
		cmocka_unit_test(two_figures_and_about),
		cmocka_unit_test(sums_never_wrap),
	};

	return RUN(tests);
}
