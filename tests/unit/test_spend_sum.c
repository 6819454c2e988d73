/* Where the money goes, worked by hand. */
#include "core/day.h"
#include "core/money.h"
#include "core/spend_sum.h"
#include "tests/unit/harness.h"

static struct kl_spend_sum *sum_of(const struct kl_spend_query *query)
{
	static const struct kl_place places[] = {
		{"Example Bakery Ltd", "HX1 1AA", KL_WHERE_UNKNOWN, KL_SECTOR_SMALL, KL_SIZE_MICRO},
		{"Example Power plc", "LS1 1AA", KL_WHERE_UNKNOWN, KL_SECTOR_LARGE, KL_SIZE_LARGE},
		{"Example Trust", "Halifax", KL_WHERE_LOCAL, KL_SECTOR_VOLUNTARY, KL_SIZE_SMALL},
		{"Example Somewhere", "Leeds", KL_WHERE_UNKNOWN, KL_SECTOR_UNKNOWN,
			KL_SIZE_UNKNOWN},
	};
	struct kl_spend_sum *sum = kl_spend_sum_new(query);

	assert_non_null(sum);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		assert_int_equal(kl_spend_sum_place(sum, &places[i]), 0);
	return sum;
}

static void text(struct kl_spend_sum *sum, const char *name)
{
	assert_int_equal(kl_spend_sum_text(sum, name), 0);
}

static void pay(struct kl_spend_sum *sum, uint32_t supplier, uint32_t category, int month, int year,
	int64_t pounds)
{
	struct kl_payment p = {.day = kl_day_from(year, month, 10),
		.pence = pounds * 100,
		.supplier = supplier,
		.category = category,
		.reference = ""};

	assert_int_equal(kl_spend_sum_add(sum, &p), 0);
}

/* Two files; the second numbers its texts anew and spells a supplier otherwise. */
static void fill(struct kl_spend_sum *sum)
{
	kl_spend_sum_file(sum);
	text(sum, "Example Bakery Limited");
	text(sum, "Food");
	text(sum, "Example Power plc");
	text(sum, "REDACTED PERSONAL DATA");
	pay(sum, 1, 2, 1, 2016, 300);
	pay(sum, 1, 2, 2, 2016, -100);
	pay(sum, 3, 0, 4, 2016, 500);
	pay(sum, 4, 2, 4, 2016, 50);
	kl_spend_sum_file(sum);
	text(sum, "EXAMPLE TRUST LTD");
	text(sum, "example bakery ltd");
	text(sum, "FOOD");
	text(sum, "Example Stranger");
	text(sum, "Example Somewhere");
	pay(sum, 2, 3, 3, 2017, 200);
	pay(sum, 1, 0, 4, 2017, 150);
	pay(sum, 4, 0, 4, 2017, 80);
	pay(sum, 5, 0, 4, 2017, 20);
}

static void shares(const struct kl_spend_cut *cut, double value, double count)
{
	double share;

	assert_true(kl_spend_share(cut, KL_SPEND_LOCAL, &share));
	assert_true(share > value - 1e-12 && share < value + 1e-12);
	assert_true(kl_spend_count_share(cut, KL_SPEND_LOCAL, &share));
	assert_true(share > count - 1e-12 && share < count + 1e-12);
}

static void everything_is_cut_and_adds_up(void **state)
{
	struct kl_spend_query query = {.all = true, .has_area = true};
	struct kl_spend_sum *sum;
	const struct kl_spend_cut *total;
	int64_t credit, sectors = 0, sizes = 0, months = 0, categories = 0;
	int32_t first, last;

	(void)state;
	assert_int_equal(kl_area_parse("HX1 HX2", NULL, &query.area), 0);
	sum = sum_of(&query);
	fill(sum);
	total = kl_spend_sum_total(sum);
	assert_int_equal(kl_spend_pence(total), 120000);
	assert_int_equal(kl_spend_payments(total), 7);
	assert_int_equal(total->pence[KL_SPEND_LOCAL], 55000); /* 300 - 100 + 200 + 150 */
	assert_int_equal(total->pence[KL_SPEND_ELSEWHERE], 50000);
	assert_int_equal(total->pence[KL_SPEND_UNKNOWN], 10000);
	assert_int_equal(total->pence[KL_SPEND_REDACTED], 5000);
	shares(total, 550 / 1200.0, 3 / 7.0);
	assert_int_equal(kl_spend_sum_credits(sum, &credit), 1);
	assert_int_equal(credit, -10000);
	for (int s = 0; s < KL_SECTOR_COUNT; s++)
		sectors += kl_spend_pence(kl_spend_sum_sector(sum, (enum kl_sector)s));
	for (int s = 0; s < KL_SIZE_COUNT; s++)
		sizes += kl_spend_pence(kl_spend_sum_size(sum, (enum kl_size)s));
	for (size_t i = 0; i < kl_spend_sum_months(sum); i++)
		months += kl_spend_pence(&kl_spend_sum_month(sum, i)->all);
	for (size_t i = 0; i < kl_spend_sum_groups(sum, KL_SPEND_CATEGORY); i++)
		categories += kl_spend_pence(kl_spend_sum_group(sum, KL_SPEND_CATEGORY, i));
	assert_int_equal(sectors, 120000);
	assert_int_equal(sizes, 120000);
	assert_int_equal(months, 120000);
	assert_int_equal(categories, 120000);
	assert_int_equal(kl_spend_sum_groups(sum, KL_SPEND_CATEGORY), 2);
	assert_string_equal(kl_spend_sum_group_name(sum, KL_SPEND_CATEGORY, 1), "Food");
	assert_int_equal(kl_spend_pence(kl_spend_sum_group(sum, KL_SPEND_CATEGORY, 1)), 45000);
	assert_int_equal(kl_spend_pence(kl_spend_sum_sector(sum, KL_SECTOR_VOLUNTARY)), 15000);
	assert_true(kl_spend_sum_days(sum, &first, &last));
	assert_int_equal(first, kl_day_from(2016, 1, 10));
	assert_int_equal(last, kl_day_from(2017, 4, 10));
	kl_spend_sum_destroy(sum);
}

static bool all(const struct kl_spend_supplier *s)
{
	(void)s;
	return true;
}

static bool unknown(const struct kl_spend_supplier *s)
{
	return s->class == KL_SPEND_UNKNOWN;
}

static void suppliers_are_netted_and_joined(void **state)
{
	struct kl_spend_query query = {.all = true, .has_area = true};
	struct kl_spend_supplier s;
	struct kl_spend_sum *sum;
	uint32_t numbers[10];
	size_t n;

	(void)state;
	assert_int_equal(kl_area_parse("HX1 HX2", NULL, &query.area), 0);
	sum = sum_of(&query);
	fill(sum);
	assert_int_equal(kl_spend_sum_suppliers(sum), 6);
	assert_int_equal(kl_spend_sum_largest(sum, all, 3, numbers, &n), 0);
	assert_int_equal(n, 3);
	s = kl_spend_sum_supplier(sum, numbers[0]);
	assert_string_equal(s.name, "Example Power plc");
	s = kl_spend_sum_supplier(sum, numbers[1]);
	assert_string_equal(s.name, "Example Bakery Limited");
	assert_int_equal(s.net, 40000);
	assert_int_equal(s.payments, 2);
	assert_false(s.loose);
	assert_int_equal(s.class, KL_SPEND_LOCAL);
	s = kl_spend_sum_supplier(sum, numbers[2]);
	assert_string_equal(s.matched, "Example Trust");
	assert_true(s.loose);
	assert_int_equal(kl_spend_sum_largest(sum, unknown, 10, numbers, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(kl_spend_sum_supplier(sum, numbers[0]).name, "Example Stranger");
	assert_string_equal(kl_spend_sum_supplier(sum, numbers[1]).matched, "Example Somewhere");
	kl_spend_sum_destroy(sum);
}

static void a_question_about_a_span_counts_only_that(void **state)
{
	struct kl_spend_query query = {
		.from = kl_day_from(2016, 4, 1), .to = kl_day_from(2017, 3, 31)};
	struct kl_spend_sum *sum = sum_of(&query);
	double share;

	(void)state;
	fill(sum);
	assert_int_equal(kl_spend_pence(kl_spend_sum_total(sum)), 75000);
	/* Without an area only what its owner says is known, and in this year nothing is. */
	assert_false(kl_spend_share(kl_spend_sum_total(sum), KL_SPEND_LOCAL, &share));
	assert_true(kl_spend_share(kl_spend_sum_total(sum), KL_SPEND_UNKNOWN, &share));
	kl_spend_sum_destroy(sum);
}

static void shares_that_mean_nothing_are_not_given(void **state)
{
	struct kl_spend_cut cut = {.pence = {[KL_SPEND_LOCAL] = -5, [KL_SPEND_ELSEWHERE] = 100},
		.payments = {[KL_SPEND_ELSEWHERE] = 1}};
	double share;

	(void)state;
	assert_false(kl_spend_share(&cut, KL_SPEND_LOCAL, &share));
	assert_false(kl_spend_share(&cut, KL_SPEND_ELSEWHERE, &share));
	cut.pence[KL_SPEND_LOCAL] = 0;
	assert_true(kl_spend_share(&cut, KL_SPEND_LOCAL, &share));
	assert_true(share == 0);
	cut.pence[KL_SPEND_ELSEWHERE] = 0;
	assert_false(kl_spend_share(&cut, KL_SPEND_LOCAL, &share));
}

static void what_is_out_of_bounds_is_refused(void **state)
{
	struct kl_spend_query query = {.all = true};
	struct kl_spend_sum *sum = kl_spend_sum_new(&query);
	struct kl_payment p = {.day = 1, .pence = KL_MONEY_MAX, .supplier = 1, .reference = ""};
	int rc = 0;

	(void)state;
	assert_int_equal(kl_spend_sum_add(sum, &p), KL_E_MALFORMED); /* no text has this number */
	text(sum, "A");
	for (int i = 0; !rc && i < 1000000; i++)
		rc = kl_spend_sum_add(sum, &p);
	assert_int_equal(rc, KL_E_RANGE);
	kl_spend_sum_destroy(sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_cut_and_adds_up),
		cmocka_unit_test(suppliers_are_netted_and_joined),
		cmocka_unit_test(a_question_about_a_span_counts_only_that),
		cmocka_unit_test(shares_that_mean_nothing_are_not_given),
		cmocka_unit_test(what_is_out_of_bounds_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
