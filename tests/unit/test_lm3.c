#include "core/bytes.h"
#include "core/lm3.h"
#include "core/money.h"
#include "tests/unit/harness.h"

#include <math.h>
#include <stdio.h>

/* All sums below are worked by hand; amounts in pounds. */

enum { SILENT = -1 };

static struct kl_lm3_ledger ledger(int64_t payroll_local, int64_t payroll_elsewhere)
{
	struct kl_lm3_ledger l;

	kl_lm3_ledger_init(&l);
	strcpy(l.name, "jubilee");
	assert_int_equal(kl_area_parse("E08000033", NULL, &l.area), 0);
	l.period = (struct kl_period){KL_PERIOD_YEAR, 2016, 0};
	l.payroll_local = payroll_local * 100;
	l.payroll_elsewhere = payroll_elsewhere * 100;
	return l;
}

static struct kl_lm3_sum *sum_of(const struct kl_lm3_ledger *l)
{
	struct kl_fault fault = {0};
	struct kl_lm3_sum *sum = NULL;

	if (kl_lm3_sum_new(l, &fault, &sum))
		fail_msg("%s", fault.message);
	return sum;
}

/* `percent` of what is spent stays: 0 .. 100, or SILENT. */
static void add(
	struct kl_lm3_sum *sum, const char *name, int64_t pounds, enum kl_where where, int percent)
{
	struct kl_supplier s = {
		.spend = pounds * 100, .where = where, .answered = percent != SILENT};
	struct kl_fault fault = {0};

	(void)kl_copy_text(s.name, sizeof s.name, name);
	s.respent = percent == SILENT ? 0 : percent / 100.0;
	if (kl_lm3_sum_add(sum, &s, &fault))
		fail_msg("%s", fault.message);
}

/* Destroys the sum. */
static struct kl_lm3_result result(struct kl_lm3_sum *sum)
{
	struct kl_fault fault = {0};
	struct kl_lm3_result r;

	if (kl_lm3_sum_result(sum, &fault, &r))
		fail_msg("%s", fault.message);
	kl_lm3_sum_destroy(sum);
	return r;
}

static void near(double a, double b)
{
	if (fabs(a - b) > 1e-9)
		fail_msg("%.12f is not %.12f", a, b);
}

static void one_point(const struct kl_lm3_result *r, double score)
{
	assert_true(r->lm3.has_central && r->round2.has_central && r->round3.has_central);
	near(r->lm3.low, score);
	near(r->lm3.central, score);
	near(r->lm3.high, score);
}

static bool warned(const struct kl_lm3_result *r, const char *about)
{
	for (unsigned i = 0; i < r->warning_count; i++)
		if (strstr(r->warnings[i], about))
			return true;
	return false;
}

static void payroll_alone(void **state)
{
	static const struct {
		int local;
		double score;
	} cases[] = {{100, 2.66}, {80, 2.394}, {0, 1.33}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct kl_lm3_ledger l =
			ledger(cases[i].local * 1000, (100 - cases[i].local) * 1000);
		struct kl_lm3_result r = result(sum_of(&l));

		one_point(&r, cases[i].score);
		assert_int_equal(r.income, 10000000);
		assert_int_equal(r.rating, KL_LM3_GREEN);
		assert_int_equal(r.warning_count, 0);
		assert_false(r.has_suppliers);
		near(r.local_payroll, cases[i].local / 100.0);
		near(r.proxy_local, 0.66);
		near(r.proxy_elsewhere, 0.33);
	}
}

/* The ten-pound note of which 80 % stays each time: 10 + 8 + 6.40 = 24.40. */
static void ten_pounds(void **state)
{
	struct kl_lm3_ledger l = ledger(0, 0);
	struct kl_lm3_sum *sum;
	struct kl_lm3_result r;

	(void)state;
	l.has_income = true;
	l.income = 1000;
	sum = sum_of(&l);
	add(sum, "Grocer", 8, KL_WHERE_LOCAL, 80);
	add(sum, "Wholesaler", 2, KL_WHERE_ELSEWHERE, 0);
	r = result(sum);
	one_point(&r, 2.44);
	assert_int_equal(r.round2.central, 800);
	assert_int_equal(r.round3.central, 640);
	near(r.local_supplier.central, 0.8);
}

/* R1 500k, R2 260k, R3 95k: 855 / 500 = 1.71. Payroll 100k local gives 66k of round 3; a local
 * supplier of 160k brings the other 29k. */
static void three_rounds_of_a_budget(void **state)
{
	struct kl_lm3_ledger l = ledger(100000, 0);
	struct kl_supplier s = {.name = "Caterer",
		.spend = 16000000,
		.where = KL_WHERE_LOCAL,
		.answered = true,
		.respent = 0.18125};
	struct kl_lm3_sum *sum;
	struct kl_lm3_result r;

	(void)state;
	l.has_income = true;
	l.income = 50000000;
	sum = sum_of(&l);
	assert_int_equal(kl_lm3_sum_add(sum, &s, NULL), 0);
	r = result(sum);
	one_point(&r, 1.71);
	assert_int_equal(r.round1, 50000000);
	assert_int_equal(r.round2.low, 26000000);
	assert_int_equal(r.round3.high, 9500000);
}

/* Income is payroll 40 + other 10 + 5 + suppliers 45 = 100. Suppliers: local A 20 answers 50 %,
 * local B 10 silent, elsewhere C 5 answers 10 %, elsewhere D 4 silent, E 6 of unknown place silent.
 *   R2: payroll 40 + other 10 + local 30 = 80; E all elsewhere 80, all local 86,
 *       split as the known ones (30 of 39): 80 + 6 * 30/39
 *   R3: 0.66 * 40 = 26.40; answers 10 + 0.50; silent 20
 *       low 36.90, high 56.90; central: (10 + 6*30/39) * 0.5 + (4 + 6*9/39) * 0.1 more */
static void silence_and_unknown_places_make_a_range(void **state)
{
	struct kl_lm3_ledger l = ledger(40, 0);
	struct kl_lm3_sum *sum;
	struct kl_lm3_result r;
	double r2 = 80 + 6 * 30 / 39.0;
	double r3 = 36.9 + (10 + 6 * 30 / 39.0) * 0.5 + (4 + 6 * 9 / 39.0) * 0.1;

	(void)state;
	l.other_local = 1000;
	l.other_elsewhere = 500;
	sum = sum_of(&l);
	add(sum, "A", 20, KL_WHERE_LOCAL, 50);
	add(sum, "B", 10, KL_WHERE_LOCAL, SILENT);
	add(sum, "C", 5, KL_WHERE_ELSEWHERE, 10);
	add(sum, "D", 4, KL_WHERE_ELSEWHERE, SILENT);
	add(sum, "E", 6, KL_WHERE_UNKNOWN, SILENT);
	r = result(sum);
	assert_int_equal(r.income, 10000);
	assert_int_equal(r.round2.low, 8000);
	assert_int_equal(r.round2.high, 8600);
	assert_int_equal(r.round2.central, (int64_t)(r2 * 100 + 0.5));
	assert_int_equal(r.round3.low, 3690);
	assert_int_equal(r.round3.high, 5690);
	assert_int_equal(r.round3.central, (int64_t)(r3 * 100 + 0.5));
	near(r.lm3.low, 1 + (80 + 36.9) / 100);
	near(r.lm3.high, 1 + (86 + 56.9) / 100);
	near(r.lm3.central, 1 + (r2 + r3) / 100);
	near(r.local_supplier.low, 30 / 45.0);
	near(r.local_supplier.high, 36 / 45.0);
	near(r.local_supplier.central, 30 / 39.0);
	near(r.answered_share, 25 / 45.0);
	assert_int_equal(r.rating, KL_LM3_GREEN);
	assert_int_equal(r.warning_count, 0);
}

/* Only the local one of two classes answered (40 %): the silent 10 elsewhere take its mean. */
static void a_class_without_answers_takes_the_other(void **state)
{
	struct kl_lm3_ledger l = ledger(0, 0);
	struct kl_lm3_sum *sum = sum_of(&l);
	struct kl_lm3_result r;

	(void)state;
	add(sum, "A", 30, KL_WHERE_LOCAL, 40);
	add(sum, "B", 10, KL_WHERE_ELSEWHERE, SILENT);
	r = result(sum);
	assert_int_equal(r.round3.low, 1200);
	assert_int_equal(r.round3.central, 1600);
	assert_int_equal(r.round3.high, 2200);

	sum = sum_of(&l);
	add(sum, "A", 30, KL_WHERE_UNKNOWN, 40); /* only one of unknown place answered */
	add(sum, "B", 10, KL_WHERE_LOCAL, SILENT);
	r = result(sum);
	assert_int_equal(r.round3.central, 1600);
	assert_int_equal(r.round2.low, 1000);
	assert_int_equal(r.round2.central, 4000);
}

static void without_anything_to_go_by_there_is_no_central(void **state)
{
	struct kl_lm3_ledger l = ledger(0, 0);
	struct kl_lm3_sum *sum = sum_of(&l);
	struct kl_lm3_result r;

	(void)state;
	add(sum, "A", 30, KL_WHERE_LOCAL, SILENT);
	r = result(sum);
	assert_true(r.round2.has_central);
	assert_false(r.round3.has_central || r.lm3.has_central);
	near(r.lm3.low, 2);
	near(r.lm3.high, 3);
	assert_int_equal(r.rating, KL_LM3_RED);
	assert_true(warned(&r, "no supplier has answered"));

	sum = sum_of(&l);
	add(sum, "A", 30, KL_WHERE_UNKNOWN, 50);
	r = result(sum);
	assert_false(r.round2.has_central || r.lm3.has_central || r.local_supplier.has_central);
	assert_true(r.round3.has_central);
	near(r.lm3.low, 1.5);
	near(r.lm3.high, 2.5);
	assert_true(warned(&r, "no supplier's place is known"));
}

static void confidence_by_value_answered(void **state)
{
	(void)state;
	assert_int_equal(kl_lm3_rate(0, 0), KL_LM3_GREEN);
	assert_int_equal(kl_lm3_rate(50, 100), KL_LM3_GREEN);
	assert_int_equal(kl_lm3_rate(50, 101), KL_LM3_AMBER);
	assert_int_equal(kl_lm3_rate(25, 100), KL_LM3_AMBER);
	assert_int_equal(kl_lm3_rate(25, 101), KL_LM3_RED);
	assert_int_equal(kl_lm3_rate(0, 1), KL_LM3_RED);
	assert_int_equal(kl_lm3_rate(INT64_MAX / 2 + 1, INT64_MAX), KL_LM3_GREEN);
	assert_int_equal(kl_lm3_rate(INT64_MAX / 2, INT64_MAX), KL_LM3_AMBER);
}

/* Two invoices of 60 and a credit note of 20, spelled in three ways, are one supplier of 100. */
static void credit_notes_are_netted(void **state)
{
	struct kl_lm3_ledger l = ledger(0, 0);
	struct kl_lm3_sum *sum = sum_of(&l);
	struct kl_lm3_line line;
	struct kl_lm3_result r;

	(void)state;
	add(sum, "Wem Bakery Ltd", 60, KL_WHERE_UNKNOWN, SILENT);
	add(sum, "WEM BAKERY LIMITED", -20, KL_WHERE_LOCAL, SILENT);
	add(sum, " wem bakery  ltd. ", 60, KL_WHERE_UNKNOWN, 70);
	add(sum, "Other", 0, KL_WHERE_LOCAL, SILENT);
	line = kl_lm3_sum_line(sum, 0);
	assert_string_equal(line.name, "Wem Bakery Ltd");
	assert_int_equal(line.net, 10000);
	assert_int_equal(line.where, KL_WHERE_LOCAL);
	assert_true(line.answered);
	assert_int_equal(kl_lm3_sum_count(sum), 2);
	r = result(sum);
	one_point(&r, 2.7);
	assert_int_equal(r.suppliers, 2);
	assert_true(warned(&r, "probable duplicates: 1 supplier spelled"));
	assert_true(
		warned(&r, "1 credit note of £20 is netted against the invoices of its supplier"));
	assert_int_equal(r.warning_count, 2);
}

static void a_supplier_below_nothing_counts_as_nothing(void **state)
{
	struct kl_lm3_ledger l = ledger(0, 0);
	struct kl_lm3_sum *sum = sum_of(&l);
	struct kl_fault fault = {0};
	struct kl_lm3_result r;

	(void)state;
	add(sum, "A", 100, KL_WHERE_LOCAL, 50);
	add(sum, "Refunder", -40, KL_WHERE_LOCAL, 50);
	r = result(sum);
	one_point(&r, 2.5);
	assert_int_equal(r.income, 10000);
	assert_true(warned(&r, "1 supplier with more credit notes"));
	assert_true(warned(&r, "Refunder"));

	sum = sum_of(&l);
	add(sum, "A", 10, KL_WHERE_LOCAL, 50);
	add(sum, "Refunder", -40, KL_WHERE_LOCAL, 50);
	assert_int_equal(kl_lm3_sum_result(sum, &fault, &r), KL_E_INVALID);
	assert_string_equal(fault.message, "all suppliers together come to -£30");
	kl_lm3_sum_destroy(sum);
}

static void contradictions_are_named(void **state)
{
	struct kl_lm3_ledger l = ledger(0, 0);
	struct kl_lm3_sum *sum = sum_of(&l);
	struct kl_lm3_result r;

	(void)state;
	add(sum, "A", 50, KL_WHERE_LOCAL, 50);
	add(sum, "A", 50, KL_WHERE_ELSEWHERE, 60);
	r = result(sum);
	one_point(&r, 2.5);
	assert_true(warned(&r, "contradict"));
}

static void income_in_no_line_is_a_caveat(void **state)
{
	struct kl_lm3_ledger l = ledger(40, 0);
	struct kl_lm3_result r;
	struct kl_lm3_sum *sum;

	(void)state;
	l.has_income = true;
	l.income = 10000;
	sum = sum_of(&l);
	add(sum, "A", 9, KL_WHERE_LOCAL, 100);
	r = result(sum);
	assert_int_equal(r.rating, KL_LM3_GREEN);
	assert_int_equal(r.unaccounted, 5100);
	assert_string_equal(kl_lm3_caveat(&r), "most of the income stands in no line");
	assert_true(warned(&r, "£51 of the income of £100 stand in no line"));

	l.other_elsewhere = 1000;
	r = result(sum_of(&l));
	assert_int_equal(r.unaccounted, 5000); /* half is not more than half */
	assert_null(kl_lm3_caveat(&r));
	assert_int_equal(r.warning_count, 0);
	l.income = 2000;
	r = result(sum_of(&l));
	assert_int_equal(r.unaccounted, 0);
	assert_null(kl_lm3_caveat(&r));
}

static void impossible_scores_are_warned_about(void **state)
{
	struct kl_lm3_ledger l = ledger(100, 0);
	struct kl_lm3_result r;

	(void)state;
	l.has_income = true;
	l.income = 8000;
	r = result(sum_of(&l));
	near(r.lm3.central, 1 + 166 / 80.0);
	assert_true(warned(&r, "spending of £100 is above the income of £80: a score above 3.00"));
	assert_true(warned(&r, "with payroll only, a score above 2.66"));
}

/* The place decides where nobody said: a postcode of the area is local. */
static void places_are_looked_up_in_the_area(void **state)
{
	struct kl_lm3_ledger l = ledger(0, 0);
	struct kl_supplier s = {.name = "A", .spend = 100, .place = "HX1 5LA"};
	struct kl_lm3_sum *sum;

	(void)state;
	assert_int_equal(kl_area_parse("HX1 HX2", NULL, &l.area), 0);
	sum = sum_of(&l);
	assert_int_equal(kl_lm3_sum_add(sum, &s, NULL), 0);
	assert_int_equal(kl_lm3_sum_line(sum, 0).where, KL_WHERE_LOCAL);
	strcpy(s.name, "B");
	s.where = KL_WHERE_ELSEWHERE; /* what its owner said goes first */
	assert_int_equal(kl_lm3_sum_add(sum, &s, NULL), 0);
	assert_int_equal(kl_lm3_sum_line(sum, 1).where, KL_WHERE_ELSEWHERE);
	kl_lm3_sum_destroy(sum);
}

static void the_range_always_holds_the_central(void **state)
{
	uint32_t seed = 12345;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct kl_lm3_ledger l = ledger(round % 7 * 10, round % 3 * 10);
		struct kl_lm3_sum *sum = sum_of(&l);
		struct kl_lm3_result r;
		char name[16];

		for (int i = 0; i < 12; i++) {
			seed = seed * 1664525u + 1013904223u;
			snprintf(name, sizeof name, "S%u", seed >> 28);
			add(sum, name, (int64_t)(seed >> 8 & 0xff),
				(enum kl_where)((seed >> 16) % 3),
				(seed >> 20) % 2 ? (int)((seed >> 12) % 101) : SILENT);
		}
		r = result(sum);
		if (r.lm3.low < 1 || r.lm3.high > 3 + 1e-9 || r.lm3.low > r.lm3.high ||
			(r.lm3.has_central && (r.lm3.central < r.lm3.low - 1e-9 ||
						      r.lm3.central > r.lm3.high + 1e-9)))
			fail_msg("round %d: %f %f %f", round, r.lm3.low, r.lm3.central, r.lm3.high);
	}
}

static void what_a_ledger_must_hold(void **state)
{
	struct kl_lm3_ledger good = ledger(1, 1), l;
	struct kl_fault fault = {0};
	struct kl_lm3_sum *sum = NULL;
	struct kl_supplier s = {.name = "A", .answered = true, .respent = 1.01};
	struct kl_lm3_result r;

	(void)state;
	assert_int_equal(kl_lm3_ledger_check(&good, &fault), 0);
	l = good, l.payroll_local = -1;
	assert_int_equal(kl_lm3_ledger_check(&l, &fault), KL_E_RANGE);
	assert_string_equal(fault.message, "local payroll is -£0.01; it cannot be negative");
	l = good, l.other_elsewhere = KL_MONEY_MAX + 1;
	assert_int_equal(kl_lm3_ledger_check(&l, &fault), KL_E_RANGE);
	l = good, l.proxy_local = NAN;
	assert_int_equal(kl_lm3_ledger_check(&l, &fault), KL_E_RANGE);
	l = good, l.name[0] = '\0';
	assert_int_equal(kl_lm3_ledger_check(&l, &fault), KL_E_INVALID);
	l = good, l.area.count = 0;
	assert_int_equal(kl_lm3_ledger_check(&l, &fault), KL_E_INVALID);
	assert_int_equal(kl_lm3_sum_new(&l, &fault, &sum), KL_E_INVALID);
	assert_null(sum);

	l = ledger(0, 0);
	sum = sum_of(&l);
	assert_int_equal(kl_lm3_sum_result(sum, &fault, &r), KL_E_INVALID);
	assert_non_null(strstr(fault.message, "no income"));
	assert_int_equal(kl_lm3_sum_add(sum, &s, &fault), KL_E_RANGE);
	s.respent = NAN;
	assert_int_equal(kl_lm3_sum_add(sum, &s, &fault), KL_E_RANGE);
	s.respent = 1, s.spend = -KL_MONEY_MAX - 1;
	assert_int_equal(kl_lm3_sum_add(sum, &s, &fault), KL_E_RANGE);
	s.name[0] = '\0';
	assert_int_equal(kl_lm3_sum_add(sum, &s, &fault), KL_E_INVALID);
	assert_int_equal(kl_lm3_sum_count(sum), 0);
	kl_lm3_sum_destroy(sum);
	kl_lm3_sum_destroy(NULL);
}

/* Scores that the report prints, kept as published. */
static void scores_worked_out_elsewhere(void **state)
{
	struct kl_lm3_record rec = {.name = "Southmead",
		.source = "the report, appendix 1",
		.period = {KL_PERIOD_YEAR, 2017, 0}};
	struct kl_fault fault = {0};
	int t = 7;

	(void)state;
	assert_int_equal(kl_lm3_score_parse("2.55", &t), 0);
	assert_int_equal(t, 2550);
	assert_int_equal(kl_lm3_score_parse(" £2.394 ", &t), 0);
	assert_int_equal(t, 2394);
	assert_int_equal(kl_lm3_score_parse("3", &t), 0);
	assert_int_equal(t, 3000);
	assert_int_equal(kl_lm3_score_parse("0.99", &t), KL_E_RANGE);
	assert_int_equal(kl_lm3_score_parse("3.001", &t), KL_E_RANGE);
	assert_int_equal(kl_lm3_score_parse("24", &t), KL_E_RANGE);
	assert_int_equal(kl_lm3_score_parse("2.3945", &t), KL_E_INVALID);
	assert_int_equal(kl_lm3_score_parse("two", &t), KL_E_INVALID);
	assert_int_equal(kl_lm3_score_parse("", &t), KL_E_INVALID);
	assert_int_equal(t, 3000);
	assert_int_equal(kl_lm3_thousandths(2.394), 2394);

	assert_int_equal(kl_area_parse("E06000023", NULL, &rec.area), 0);
	rec.thousandths = 2550;
	assert_int_equal(kl_lm3_record_check(&rec, &fault), 0);
	rec.thousandths = 3001;
	assert_int_equal(kl_lm3_record_check(&rec, &fault), KL_E_RANGE);
	rec.thousandths = 2550, rec.source[0] = '\0';
	assert_int_equal(kl_lm3_record_check(&rec, &fault), KL_E_INVALID);
}

static void what_may_be_counted(void **state)
{
	struct kl_area council, code;
	struct kl_period year = {KL_PERIOD_YEAR, 2016, 0}, month = {KL_PERIOD_MONTH, 2016, 4};

	(void)state;
	assert_int_equal(kl_area_parse("E06000023", NULL, &council), 0);
	assert_int_equal(kl_area_parse("BS1", NULL, &code), 0);
	assert_null(kl_lm3_barred(KL_LM3_GREEN, true, &council, KL_LM3_TURNOVER, year));
	assert_non_null(kl_lm3_barred(KL_LM3_AMBER, true, &council, KL_LM3_TURNOVER, year));
	assert_non_null(kl_lm3_barred(KL_LM3_UNRATED, true, &council, KL_LM3_TURNOVER, year));
	assert_non_null(kl_lm3_barred(KL_LM3_GREEN, false, &council, KL_LM3_TURNOVER, year));
	assert_non_null(kl_lm3_barred(KL_LM3_GREEN, true, &code, KL_LM3_CONTRACT, year));
	assert_non_null(kl_lm3_barred(KL_LM3_GREEN, true, &council, KL_LM3_BASIS_UNKNOWN, year));
	assert_non_null(kl_lm3_barred(KL_LM3_GREEN, true, &council, KL_LM3_TURNOVER, month));
}

static void words_for_people(void **state)
{
	enum kl_lm3_basis basis = KL_LM3_TURNOVER;
	enum kl_lm3_rating rating = KL_LM3_GREEN;

	(void)state;
	assert_int_equal(kl_lm3_basis_parse("Contract", &basis), 0);
	assert_string_equal(kl_lm3_basis_name(basis), "contract");
	assert_int_equal(kl_lm3_basis_parse("", &basis), KL_E_INVALID);
	assert_int_equal(kl_lm3_rating_parse("RED", &rating), 0);
	assert_string_equal(kl_lm3_rating_name(rating), "red");
	assert_int_equal(kl_lm3_rating_parse("blue", &rating), KL_E_INVALID);
	assert_string_equal(kl_sector_name(KL_SECTOR_SOCIAL), "social enterprise");
	assert_string_equal(kl_where_name(KL_WHERE_ELSEWHERE), "elsewhere");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(payroll_alone),
		cmocka_unit_test(ten_pounds),
		cmocka_unit_test(three_rounds_of_a_budget),
		cmocka_unit_test(silence_and_unknown_places_make_a_range),
		cmocka_unit_test(a_class_without_answers_takes_the_other),
		cmocka_unit_test(without_anything_to_go_by_there_is_no_central),
		cmocka_unit_test(confidence_by_value_answered),
		cmocka_unit_test(credit_notes_are_netted),
		cmocka_unit_test(a_supplier_below_nothing_counts_as_nothing),
		cmocka_unit_test(contradictions_are_named),
		cmocka_unit_test(income_in_no_line_is_a_caveat),
		cmocka_unit_test(impossible_scores_are_warned_about),
		cmocka_unit_test(places_are_looked_up_in_the_area),
		cmocka_unit_test(the_range_always_holds_the_central),
		cmocka_unit_test(what_a_ledger_must_hold),
		cmocka_unit_test(scores_worked_out_elsewhere),
		cmocka_unit_test(what_may_be_counted),
		cmocka_unit_test(words_for_people),
	};

	return RUN(tests);
}
