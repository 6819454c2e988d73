#include "core/error.h"
#include "core/period.h"
#include "tests/unit/harness.h"

static struct kl_period read(const char *text)
{
	struct kl_period p = {0};

	assert_int_equal(kl_period_parse(text, &p), 0);
	return p;
}

static void four_forms_there_and_back(void **state)
{
	static const struct {
		const char *text, *canonical;
		enum kl_period_kind kind;
	} cases[] = {{"2016", "2016", KL_PERIOD_YEAR},
		{" 2016/17 ", "2016/17", KL_PERIOD_FINANCIAL},
		{"2016/2017", "2016/17", KL_PERIOD_FINANCIAL},
		{"2016-17", "2016/17", KL_PERIOD_FINANCIAL},
		{"1999/00", "1999/00", KL_PERIOD_FINANCIAL},
		{"2016-2017", "2016/17", KL_PERIOD_FINANCIAL},
		{"2016-q3", "2016-Q3", KL_PERIOD_QUARTER}, {"2016-04", "2016-04", KL_PERIOD_MONTH},
		{"2011-12", "2011-12", KL_PERIOD_MONTH}};
	char t[KL_PERIOD_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_period p = read(cases[i].text);

		assert_int_equal(p.kind, cases[i].kind);
		assert_string_equal(kl_period_format(p, t), cases[i].canonical);
		assert_true(kl_period_equal(p, read(t)));
	}
}

static void what_is_no_period(void **state)
{
	static const char *const cases[] = {"", "16", "20166", "2016/18", "2016/16", "2016-Q5",
		"2016-Q0", "2016-13", "2016-00", "1899", "2201", "2016-", "2016/", "2016 17",
		"2016-Q33", "2016-4", "2016/2018", "2016-040"};
	struct kl_period p = {KL_PERIOD_MONTH, 1234, 5};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(kl_period_parse(cases[i], &p), KL_E_INVALID);
	assert_int_equal(p.year, 1234);
}

static bool overlap(const char *a, const char *b)
{
	struct kl_period x, y;

	assert_int_equal(kl_period_parse(a, &x), 0);
	assert_int_equal(kl_period_parse(b, &y), 0);
	assert_int_equal(kl_periods_overlap(x, y), kl_periods_overlap(y, x));
	return kl_periods_overlap(x, y);
}

static void years_and_financial_years_overlap(void **state)
{
	(void)state;
	assert_true(overlap("2016", "2016/17")); /* April to December */
	assert_true(overlap("2017", "2016/17")); /* January to March */
	assert_false(overlap("2018", "2016/17"));
	assert_false(overlap("2016", "2017"));
	assert_true(overlap("2016-Q1", "2016-03"));
	assert_false(overlap("2016-Q1", "2016-04"));
}

static void order_and_neighbours(void **state)
{
	char t[KL_PERIOD_TEXT_MAX];

	(void)state;
	assert_true(kl_period_compare(read("2016"), read("2016/17")) < 0);
	assert_true(kl_period_compare(read("2016-Q1"), read("2016-01")) < 0);
	assert_true(kl_period_compare(read("2016-04"), read("2016-03")) > 0);
	assert_int_equal(kl_period_compare(read("2016"), read("2016")), 0);
	assert_string_equal(kl_period_format(kl_period_previous(read("2016-Q1")), t), "2015-Q4");
	assert_string_equal(kl_period_format(kl_period_previous(read("2016-01")), t), "2015-12");
	assert_string_equal(kl_period_format(kl_period_previous(read("2016/17")), t), "2015/16");
	assert_int_equal(kl_period_months(read("2016/17")), 12);
	assert_int_equal(
		kl_period_first_month(read("2016/17")), kl_period_first_month(read("2016-04")));
}

static void periods_near_each_other(void **state)
{
	static const struct {
		const char *a, *b;
		bool near;
	} cases[] = {{"2016", "2016", true}, {"2016", "2017", true}, {"2016", "2018", false},
		{"2016", "2016/17", true}, {"2016", "2015/16", true}, {"2016", "2017/18", false},
		{"2015/16", "2016/17", true}, {"2014/15", "2016/17", false},
		{"2016-Q4", "2017-Q1", true}, {"2016-Q3", "2017-Q1", false},
		{"2016-Q3", "2016-08", true}, {"2016-12", "2017-01", true},
		{"2016-11", "2017-01", false}, {"2016", "2017-Q1", false}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(
			kl_periods_near(read(cases[i].a), read(cases[i].b)), cases[i].near);
		assert_int_equal(
			kl_periods_near(read(cases[i].b), read(cases[i].a)), cases[i].near);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_forms_there_and_back),
		cmocka_unit_test(what_is_no_period),
		cmocka_unit_test(years_and_financial_years_overlap),
		cmocka_unit_test(order_and_neighbours),
		cmocka_unit_test(periods_near_each_other),
	};

	return RUN(tests);
}
