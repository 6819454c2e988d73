/* Money that would go another way, and scores side by side. */
#include "core/lm3_compare.h"
#include "core/lm3_whatif.h"
#include "tests/unit/lm3_sums.h"

#include <math.h>

static void near(double a, double b)
{
	if (fabs(a - b) > 1e-9)
		fail_msg("%.12f is not %.12f", a, b);
}

static struct kl_lm3_what_if ask(const struct kl_lm3_sum *sum, struct kl_lm3_change change)
{
	struct kl_fault fault = {0};
	struct kl_lm3_what_if w;

	if (kl_lm3_ask_what_if(sum, &change, &fault, &w))
		fail_msg("%s", fault.message);
	return w;
}

/* From 80 % to 100 % local staff: the known 2.394 becomes the known 2.66; each pound that moves makes
 * 1 + 0.66 - 0.33 more. */
static void hiring_locally(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(80000, 20000);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_lm3_what_if w = ask(sum, (struct kl_lm3_change){.payroll_points = 20});

	(void)state;
	assert_int_equal(w.payroll, 2000000);
	near(w.before.lm3.central, 2.394);
	near(w.lm3.low, 2.66);
	near(w.lm3.central, 2.66);
	near(w.lm3.high, 2.66);
	assert_int_equal(w.gained.central, 2660000);
	near(w.each_pound.central, 1.33);
	w = ask(sum, (struct kl_lm3_change){.payroll = 1000000, .payroll_points = 10});
	near(w.lm3.central, 2.66); /* pounds and points together */
	kl_lm3_sum_destroy(sum);
}

/* All spend elsewhere moved to a baker who spends 80 % here, away from a power company that spends
 * 20 % here: ten pounds become 10 + 10 + 8. */
static void shifting_spend(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(0, 0);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_lm3_what_if w;

	(void)state;
	lm3_add(sum, "Example Baker", 6, KL_WHERE_LOCAL, 80);
	lm3_add(sum, "Example Power", 4, KL_WHERE_ELSEWHERE, 20);
	w = ask(sum, (struct kl_lm3_change){.spend = 400});
	near(w.before.lm3.central, 1 + 0.6 + 0.48 + 0.08);
	near(w.lm3.central, 2.8);
	assert_int_equal(w.round2.central, 1000);
	assert_int_equal(w.round3.central, 800);
	near(w.each_pound.central, 1.6);
	w = ask(sum, (struct kl_lm3_change){.spend_points = 10});
	assert_int_equal(w.spend, 100);
	kl_lm3_sum_destroy(sum);
}

/* Silent suppliers: each case is measured by its own averages, and the order of the cases holds. */
static void ranges_stay_ranges(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(1000, 1000);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_lm3_what_if w;

	(void)state;
	lm3_add(sum, "Example Baker", 100, KL_WHERE_LOCAL, 50);
	lm3_add(sum, "Example Builder", 300, KL_WHERE_LOCAL, LM3_SILENT);
	lm3_add(sum, "Example Power", 400, KL_WHERE_ELSEWHERE, LM3_SILENT);
	lm3_add(sum, "Example Secret", 200, KL_WHERE_UNKNOWN, LM3_SILENT);
	w = ask(sum, (struct kl_lm3_change){.spend = 10000});
	/* local: 50, 200, 350 of 400; elsewhere: 0, 200 (as the baker), 400 of 400 */
	assert_int_equal(w.round3.low - w.before.round3.low, 1250);
	assert_int_equal(w.round3.central - w.before.round3.central, 0);
	assert_int_equal(w.round3.high - w.before.round3.high, -1250);
	assert_int_equal(w.round2.high - w.before.round2.high, 10000);
	assert_true(w.lm3.low <= w.lm3.central && w.lm3.central <= w.lm3.high);
	kl_lm3_sum_destroy(sum);
}

static void nobody_local_yet(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(0, 0);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_lm3_what_if w;

	(void)state;
	lm3_add(sum, "Example Power", 10, KL_WHERE_ELSEWHERE, 20);
	w = ask(sum, (struct kl_lm3_change){.spend = 1000});
	near(w.lm3.low, 2.0);
	near(w.lm3.central, 2.2); /* as those who answered */
	near(w.lm3.high, 3.0);
	kl_lm3_sum_destroy(sum);
}

static void cannot_be_moved(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(50, 20);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_fault fault = {0};
	struct kl_lm3_what_if w;
	static const struct kl_lm3_change bad[] = {{.spend = 0}, {.spend = -1}, {.spend = 3001},
		{.payroll = 2001}, {.payroll_points = 101}, {.spend_points = -1},
		{.spend_points = NAN}, {.spend = INT64_MAX}};

	(void)state;
	lm3_add(sum, "Example Power", 30, KL_WHERE_ELSEWHERE, 20);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_true(kl_lm3_ask_what_if(sum, &bad[i], &fault, &w) < 0);
		assert_true(fault.message[0]);
	}
	kl_lm3_sum_destroy(sum);
}

/* ---- side by side -------------------------------------------------------------------------- */

static struct kl_lm3_compared score(double low, double central, double high)
{
	struct kl_lm3_compared c = {.period = {KL_PERIOD_YEAR, 2016, 0},
		.proxy_local = 0.66,
		.proxy_elsewhere = 0.33,
		.rating = KL_LM3_GREEN,
		.lm3 = {low, central, high, true}};

	assert_int_equal(kl_area_parse("E08000033", NULL, &c.area), 0);
	return c;
}

static void side_by_side(void **state)
{
	struct kl_lm3_compared a = score(2.1, 2.2, 2.3), b = score(2.4, 2.45, 2.5);
	struct kl_lm3_comparison c;

	(void)state;
	b.period.year = 2017;
	kl_lm3_compare(&a, &b, &c);
	assert_int_equal(c.reason_count, 0);
	assert_true(c.has_difference && c.told);
	near(c.difference, 0.25);
	b.lm3.low = 2.25;
	kl_lm3_compare(&a, &b, &c);
	assert_false(c.told);
}

static void what_cannot_be_compared(void **state)
{
	struct kl_lm3_compared a = score(2.1, 2.2, 2.3), b = a;
	struct kl_lm3_comparison c;

	(void)state;
	b.basis = KL_LM3_CONTRACT;
	b.period.kind = KL_PERIOD_QUARTER;
	b.period.number = 1;
	b.proxy_local = 0.5;
	b.rating = KL_LM3_AMBER;
	b.lm3.has_central = false;
	assert_int_equal(kl_area_parse("HX1", NULL, &b.area), 0);
	kl_lm3_compare(&a, &b, &c);
	assert_int_equal(c.reason_count, 5);
	assert_false(c.has_difference);
	b = a;
	b.recorded = true;
	kl_lm3_compare(&a, &b, &c);
	assert_int_equal(c.reason_count, 1);
	assert_non_null(strstr(c.reasons[0], "worked out elsewhere"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hiring_locally),
		cmocka_unit_test(shifting_spend),
		cmocka_unit_test(ranges_stay_ranges),
		cmocka_unit_test(nobody_local_yet),
		cmocka_unit_test(cannot_be_moved),
		cmocka_unit_test(side_by_side),
		cmocka_unit_test(what_cannot_be_compared),
	};

	return RUN(tests);
}
