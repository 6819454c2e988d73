#include "core/lm3_explain.h"
#include "core/lm3_leaks.h"
#include "tests/unit/lm3_sums.h"

#include <stdio.h>
#include <stdlib.h>

static struct kl_lm3_explained *explain(struct kl_lm3_sum *sum, size_t named)
{
	struct kl_fault fault = {0};
	struct kl_lm3_explained *e = NULL;

	if (kl_lm3_explain(sum, named, &fault, &e))
		fail_msg("%s", fault.message);
	return e;
}

static void add_amounts(struct kl_lm3_amounts *to, const struct kl_lm3_amounts *by)
{
	to->low += by->low;
	to->central += by->central;
	to->high += by->high;
	to->has_central = by->has_central;
}

static void same(const struct kl_lm3_amounts *a, const struct kl_lm3_amounts *b)
{
	assert_int_equal(a->low, b->low);
	assert_int_equal(a->high, b->high);
	assert_int_equal(a->has_central, b->has_central);
	if (a->has_central)
		assert_int_equal(a->central, b->central);
}

/* The parts are the whole: to the penny, and to the thousandth. */
static void adds_up(const struct kl_lm3_explained *e)
{
	const struct kl_lm3_amounts score = kl_lm3_score_thousandths(&e->result);
	struct kl_lm3_amounts two = {0}, three = {0}, scores = {0};
	int64_t one = 0;
	size_t suppliers = 0;

	for (size_t i = 0; i < e->count; i++) {
		one += e->parts[i].round1;
		suppliers += e->parts[i].suppliers;
		add_amounts(&two, &e->parts[i].round2);
		add_amounts(&three, &e->parts[i].round3);
		add_amounts(&scores, &e->parts[i].score);
	}
	assert_int_equal(one, e->result.round1);
	same(&two, &e->result.round2);
	same(&three, &e->result.round3);
	same(&scores, &score);
	assert_true(suppliers <= e->result.suppliers);
}

/* 80 % local payroll: 0.8 + 0.8 + 0.528 and 0.2 + 0 + 0.066, together the known 2.394. */
static void payroll(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(80000, 20000);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_lm3_explained *e = explain(sum, 20);

	(void)state;
	assert_int_equal(e->count, 2);
	assert_int_equal(e->parts[0].kind, KL_LM3_PAYROLL_LOCAL);
	assert_int_equal(e->parts[0].round2.central, 8000000);
	assert_int_equal(e->parts[0].round3.central, 5280000);
	assert_int_equal(e->parts[0].score.central, 2128);
	assert_int_equal(e->parts[1].round2.central, 0);
	assert_int_equal(e->parts[1].round3.central, 660000);
	assert_int_equal(e->parts[1].score.central, 266);
	adds_up(e);
	free(e);
	kl_lm3_sum_destroy(sum);
}

/* Ten pounds of which eight go to a local grocer who spends 80 % here. */
static void suppliers(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(0, 0);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_lm3_explained *e;

	(void)state;
	lm3_add(sum, "Wholesaler", 2, KL_WHERE_ELSEWHERE, 0);
	lm3_add(sum, "Grocer", 8, KL_WHERE_LOCAL, 80);
	e = explain(sum, 20);
	assert_int_equal(e->count, 2);
	assert_string_equal(e->parts[0].line.name, "Grocer"); /* the largest first */
	assert_int_equal(e->parts[0].score.central, 800 + 800 + 640);
	assert_int_equal(e->parts[1].score.central, 200);
	adds_up(e);
	free(e);
	kl_lm3_sum_destroy(sum);
}

/* Odd amounts, every class, silence: whatever is named and whatever is not, nothing gets lost. */
static void always_adds_up(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(12345, 6789);
	struct kl_lm3_sum *sum;
	char name[32];

	(void)state;
	l.payroll_local += 33;
	l.other_local = 12301;
	l.other_elsewhere = 7;
	sum = lm3_sum(&l);
	for (int i = 0; i < 300; i++) {
		struct kl_supplier s = {.spend = 1 + i * i * 7919 % 1000003,
			.where = (enum kl_where)(i % 3),
			.answered = i % 5 != 0,
			.respent = i % 11 / 13.0};

		snprintf(name, sizeof name, "Example %d", i);
		strcpy(s.name, name);
		assert_int_equal(kl_lm3_sum_add(sum, &s, NULL), 0);
	}
	for (size_t named = 0; named <= 300; named += 50) {
		struct kl_lm3_explained *e = explain(sum, named);

		adds_up(e);
		assert_int_equal(e->count, 4 + named + (named < 300 ? 6 : 0));
		free(e);
	}
	kl_lm3_sum_destroy(sum);
}

static void income_and_credit(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(100, 0);
	struct kl_lm3_sum *sum;
	struct kl_lm3_explained *e;

	(void)state;
	l.has_income = true;
	l.income = 50000; /* more came in than the lines tell of */
	sum = lm3_sum(&l);
	lm3_add(sum, "Example A", 10, KL_WHERE_LOCAL, LM3_SILENT);
	lm3_add(sum, "Example B", -20, KL_WHERE_LOCAL, 50); /* counts as nothing */
	lm3_add(sum, "Example C", 90, KL_WHERE_ELSEWHERE, LM3_SILENT);
	e = explain(sum, 20);
	assert_int_equal(e->count, 4);
	assert_int_equal(e->parts[3].kind, KL_LM3_UNSPENT);
	assert_int_equal(e->parts[3].round1, 50000 - 20000);
	assert_int_equal(e->parts[3].score.low, 600);
	assert_true(e->parts[0].round2.has_central);
	assert_false(e->parts[0].round3.has_central); /* nobody who counts answered */
	assert_false(e->parts[0].score.has_central);
	adds_up(e);
	free(e);
	kl_lm3_sum_destroy(sum);

	l.income = 5000; /* more was spent than came in */
	sum = lm3_sum(&l);
	e = explain(sum, 20);
	assert_int_equal(e->parts[1].round1, -5000);
	adds_up(e);
	free(e);
	kl_lm3_sum_destroy(sum);
}

static void cannot(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(0, 0);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_fault fault = {0};
	struct kl_lm3_explained *e = NULL;
	struct kl_lm3_leaks *leaks = NULL;

	(void)state;
	assert_int_equal(kl_lm3_explain(sum, 20, &fault, &e), KL_E_INVALID);
	assert_non_null(strstr(fault.message, "no income"));
	assert_null(e);
	assert_int_equal(kl_lm3_find_leaks(sum, 20, &fault, &leaks), KL_E_INVALID);
	assert_null(leaks);
	kl_lm3_sum_destroy(sum);
}

/* ---- leaks --------------------------------------------------------------------------------- */

static void leaks(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(1000, 500);
	struct kl_lm3_sum *sum;
	struct kl_lm3_leaks *k = NULL;

	(void)state;
	l.other_elsewhere = 777;
	sum = lm3_sum(&l);
	lm3_add(sum, "Example Baker", 1000, KL_WHERE_LOCAL, 45);
	lm3_add(sum, "Example Builder", 400, KL_WHERE_LOCAL, LM3_SILENT);
	lm3_add(sum, "Example Power", 600, KL_WHERE_ELSEWHERE, 25);
	lm3_add(sum, "Example Secret", 300, KL_WHERE_UNKNOWN, LM3_SILENT);
	lm3_add(sum, "Example Saint", 50, KL_WHERE_LOCAL, 100); /* nothing leaves */
	assert_int_equal(kl_lm3_find_leaks(sum, 20, NULL, &k), 0);

	assert_int_equal(k->suppliers_elsewhere, 60000);
	assert_int_equal(k->payroll_elsewhere, 50000);
	assert_int_equal(k->other_elsewhere, 777);
	assert_int_equal(k->staff_local, 34000);
	assert_int_equal(k->suppliers_local.low, 55000);
	assert_int_equal(k->suppliers_local.high, 95000);
	assert_true(k->suppliers_local.has_central);
	assert_int_equal(k->unknown_value, 30000);

	assert_int_equal(k->count, 3);
	assert_string_equal(k->leaks[0].line.name, "Example Power");
	assert_int_equal(k->leaks[0].leaves.central, 60000);
	assert_int_equal(k->leaks[0].comes_back.central, 15000);
	assert_string_equal(k->leaks[1].line.name, "Example Baker");
	assert_int_equal(k->leaks[1].leaves.central, 55000);
	assert_string_equal(k->leaks[2].line.name, "Example Builder");
	assert_int_equal(k->leaks[2].leaves.low, 0);
	assert_int_equal(k->leaks[2].leaves.high, 40000);
	/* Local ones who answered spend 500 of 1050 again, by value. */
	assert_int_equal(k->leaks[2].leaves.central, 20952);
	assert_int_equal(k->unknowns, 1);
	assert_string_equal(k->unknown[0].line.name, "Example Secret");
	free(k);

	assert_int_equal(kl_lm3_find_leaks(sum, 1, NULL, &k), 0);
	assert_int_equal(k->count, 1);
	assert_int_equal(k->local_count, 3); /* sums are of all */
	free(k);
	kl_lm3_sum_destroy(sum);
}

static void contacts(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(1, 0);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_supplier s = {.name = "Example Ltd", .spend = 100};
	struct kl_lm3_line line;

	(void)state;
	assert_int_equal(kl_lm3_sum_add(sum, &s, NULL), 0);
	assert_string_equal(kl_lm3_sum_line(sum, 0).contact, "");
	strcpy(s.email, "first@example.org");
	assert_int_equal(kl_lm3_sum_add(sum, &s, NULL), 0);
	strcpy(s.email, "second@example.org");
	strcpy(s.contact, "Ann");
	assert_int_equal(kl_lm3_sum_add(sum, &s, NULL), 0);
	line = kl_lm3_sum_line(sum, 0);
	assert_string_equal(line.email, "first@example.org");
	assert_string_equal(line.contact, "Ann");
	kl_lm3_sum_destroy(sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(payroll),
		cmocka_unit_test(suppliers),
		cmocka_unit_test(always_adds_up),
		cmocka_unit_test(income_and_credit),
		cmocka_unit_test(cannot),
		cmocka_unit_test(leaks),
		cmocka_unit_test(contacts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
