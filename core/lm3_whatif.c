#include "core/lm3_whatif.h"
#include "core/lm3_inside.h"
#include "core/money.h"

#include <math.h>

/* What an average supplier of a class spends again locally of each pound. Without such suppliers:
 * nothing, what those who answered do, everything. */
static struct kl_lm3_cases average(
	const struct kl_lm3_classes *classes, const struct kl_lm3_rates *rates, enum kl_where where)
{
	const struct kl_lm3_class *of = &classes->of[where];
	double mean = where == KL_WHERE_LOCAL ? rates->respent_local : rates->respent_elsewhere;
	double value = (double)of->value, silent = (double)(of->value - of->answered);

	if (!of->value)
		return (struct kl_lm3_cases){0, mean, 1, rates->has_respent};
	return (struct kl_lm3_cases){of->respent / value, (of->respent + silent * mean) / value,
		(of->respent + silent) / value, !silent || rates->has_respent};
}

/* The points of a whole in pence, beside the pence that were asked for. */
static int amount(const char *what, int64_t pence, double points, int64_t whole,
	struct kl_fault *fault, int64_t *ret_pence)
{
	if (pence < 0 || !(points >= 0))
		return kl_fault(fault, KL_E_INVALID, "%s: what is moved cannot be negative", what);
	if (pence > KL_MONEY_MAX || points > 100)
		return kl_fault(fault, KL_E_RANGE, "%s: more than there is", what);
	*ret_pence = pence + kl_money_times(whole, points / 100);
	return KL_OK;
}

static int check_there(
	const char *what, const char *from, int64_t moved, int64_t there, struct kl_fault *fault)
{
	char a[KL_MONEY_TEXT_MAX], b[KL_MONEY_TEXT_MAX];

	if (moved <= there)
		return KL_OK;
	return kl_fault(fault, KL_E_RANGE, "%s of %s cannot be moved: %s %s",
		kl_money_format(moved, a), what, kl_money_format(there, b), from);
}

static int measure(const struct kl_lm3_sum *sum, const struct kl_lm3_classes *classes,
	const struct kl_lm3_change *change, struct kl_fault *fault, struct kl_lm3_what_if *w)
{
	const struct kl_lm3_ledger *l = &sum->ledger;
	int rc;

	if ((rc = amount("spend", change->spend, change->spend_points, classes->value, fault,
		     &w->spend)) ||
		(rc = amount("payroll", change->payroll, change->payroll_points,
			 l->payroll_local + l->payroll_elsewhere, fault, &w->payroll)))
		return rc;
	if (!w->spend && !w->payroll) {
		kl_fault(fault, KL_E_INVALID, "nothing would be moved");
		return kl_fault_hint(fault, "--shift-spend 10000, --shift-points 10, "
					    "--hire-locally 10000 or --hire-points 10");
	}
	if ((rc = check_there("spend", "is spent with suppliers that are known to be elsewhere",
		     w->spend, classes->of[KL_WHERE_ELSEWHERE].value, fault)) ||
		(rc = check_there("payroll", "goes to staff who live elsewhere", w->payroll,
			 l->payroll_elsewhere, fault)))
		return rc;
	return KL_OK;
}

/* By how much round 3 grows. */
static struct kl_lm3_cases more_respent(const struct kl_lm3_sum *sum,
	const struct kl_lm3_classes *classes, const struct kl_lm3_what_if *w)
{
	const struct kl_lm3_ledger *l = &sum->ledger;
	struct kl_lm3_rates rates = kl_lm3_rates(classes);
	struct kl_lm3_cases here = average(classes, &rates, KL_WHERE_LOCAL);
	struct kl_lm3_cases there = average(classes, &rates, KL_WHERE_ELSEWHERE);
	double spend = (double)w->spend;
	double pay = (double)w->payroll * (l->proxy_local - l->proxy_elsewhere);

	return (struct kl_lm3_cases){spend * (here.low - there.low) + pay,
		spend * (here.central - there.central) + pay,
		spend * (here.high - there.high) + pay,
		!w->spend || (here.has_central && there.has_central)};
}

static struct kl_lm3_amounts plus(struct kl_lm3_amounts a, const struct kl_lm3_amounts *b)
{
	return (struct kl_lm3_amounts){a.low + b->low, a.central + b->central, a.high + b->high,
		a.has_central && b->has_central};
}

/* Of each pound of `pence`. */
static struct kl_lm3_shares over(const struct kl_lm3_amounts *a, int64_t pence)
{
	double by = (double)pence;

	return (struct kl_lm3_shares){(double)a->low / by,
		a->has_central ? (double)a->central / by : 0, (double)a->high / by, a->has_central};
}

static struct kl_lm3_shares more(
	const struct kl_lm3_shares *before, const struct kl_lm3_amounts *gained, int64_t income)
{
	struct kl_lm3_shares by = over(gained, income);
	bool has_central = before->has_central && by.has_central;

	return (struct kl_lm3_shares){before->low + by.low,
		has_central ? before->central + by.central : 0, before->high + by.high,
		has_central};
}

int kl_lm3_ask_what_if(const struct kl_lm3_sum *sum, const struct kl_lm3_change *change,
	struct kl_fault *fault, struct kl_lm3_what_if *ret)
{
	struct kl_lm3_what_if w = {.spend = 0};
	struct kl_lm3_classes classes;
	struct kl_lm3_amounts two, three;
	struct kl_lm3_cases respent;
	int rc = kl_lm3_sum_result(sum, fault, &w.before);

	if (rc)
		return rc;
	KL_ASSERT(!kl_lm3_classify(sum, &classes)); /* there is a result, so the sums fit */
	rc = measure(sum, &classes, change, fault, &w);
	if (rc)
		return rc;
	respent = more_respent(sum, &classes, &w);
	two = (struct kl_lm3_amounts){
		w.spend + w.payroll, w.spend + w.payroll, w.spend + w.payroll, true};
	three = (struct kl_lm3_amounts){llround(respent.low), llround(respent.central),
		llround(respent.high), respent.has_central};
	w.round2 = plus(w.before.round2, &two);
	w.round3 = plus(w.before.round3, &three);
	w.gained = plus(two, &three);
	w.each_pound = over(&w.gained, w.spend + w.payroll);
	w.lm3 = more(&w.before.lm3, &w.gained, w.before.income);
	*ret = w;
	return KL_OK;
}
