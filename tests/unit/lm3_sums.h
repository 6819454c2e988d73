/* Made-up LM3 projects for the tests of what is worked out from them; amounts in pounds. */
#ifndef KL_TESTS_UNIT_LM3_SUMS_H
#define KL_TESTS_UNIT_LM3_SUMS_H

#include "core/bytes.h"
#include "core/lm3.h"
#include "tests/unit/harness.h"

enum { LM3_SILENT = -1 };

static inline struct kl_lm3_ledger lm3_ledger(int64_t payroll_local, int64_t payroll_elsewhere)
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

static inline struct kl_lm3_sum *lm3_sum(const struct kl_lm3_ledger *l)
{
	struct kl_fault fault = {0};
	struct kl_lm3_sum *sum = NULL;

	if (kl_lm3_sum_new(l, &fault, &sum))
		fail_msg("%s", fault.message);
	return sum;
}

/* `percent` of what is spent stays: 0 .. 100, or LM3_SILENT. */
static inline void lm3_add(
	struct kl_lm3_sum *sum, const char *name, int64_t pounds, enum kl_where where, int percent)
{
	struct kl_supplier s = {
		.spend = pounds * 100, .where = where, .answered = percent != LM3_SILENT};
	struct kl_fault fault = {0};

	(void)kl_copy_text(s.name, sizeof s.name, name);
	s.respent = percent == LM3_SILENT ? 0 : percent / 100.0;
	if (kl_lm3_sum_add(sum, &s, &fault))
		fail_msg("%s", fault.message);
}

#endif
