#include "core/lm3_explain.h"
#include "core/biggest.h"
#include "core/lm3_inside.h"

#include <math.h>
#include <stdlib.h>

/* Parts before rounding. */
struct exact {
	double round1;
	struct kl_lm3_cases round2, round3;
};

struct work {
	const struct kl_lm3_sum *sum;
	struct kl_lm3_rates rates;
	struct kl_lm3_explained *out;
	struct exact exact[KL_LM3_PARTS_MAX];
};

static struct kl_lm3_cases point(double value)
{
	return (struct kl_lm3_cases){value, value, value, true};
}

static void plus(struct kl_lm3_cases *to, struct kl_lm3_cases by)
{
	to->low += by.low;
	to->central += by.central;
	to->high += by.high;
	to->has_central = to->has_central && by.has_central;
}

static struct kl_lm3_part *add_part(struct work *work, enum kl_lm3_part_kind kind, int64_t pence)
{
	size_t i = work->out->count++;

	KL_ASSERT(i < KL_LM3_PARTS_MAX);
	work->exact[i] = (struct exact){(double)pence, point(0), point(0)};
	work->out->parts[i] = (struct kl_lm3_part){.kind = kind, .round1 = pence};
	return &work->out->parts[i];
}

/* Pay or another cost; nothing if there is none. */
static void add_cost(
	struct work *work, enum kl_lm3_part_kind kind, int64_t pence, double round2, double round3)
{
	if (!pence)
		return;
	(void)add_part(work, kind, pence);
	work->exact[work->out->count - 1].round2 = point((double)pence * round2);
	work->exact[work->out->count - 1].round3 = point((double)pence * round3);
}

static void add_costs(struct work *work)
{
	const struct kl_lm3_ledger *l = &work->sum->ledger;

	add_cost(work, KL_LM3_PAYROLL_LOCAL, l->payroll_local, 1, l->proxy_local);
	add_cost(work, KL_LM3_PAYROLL_ELSEWHERE, l->payroll_elsewhere, 0, l->proxy_elsewhere);
	add_cost(work, KL_LM3_OTHER_LOCAL, l->other_local, 1, 0);
	add_cost(work, KL_LM3_OTHER_ELSEWHERE, l->other_elsewhere, 0, 0);
}

static void add_to_exact(
	struct exact *exact, const struct kl_lm3_rates *rates, const struct kl_lm3_line *line)
{
	plus(&exact->round2, kl_lm3_times(kl_lm3_local_part(rates, line), (double)line->net));
	plus(&exact->round3, kl_lm3_times(kl_lm3_respent_part(rates, line), (double)line->net));
}

static void add_supplier(struct work *work, uint32_t number)
{
	struct kl_lm3_line line = kl_lm3_sum_line(work->sum, number);
	struct kl_lm3_part *part = add_part(work, KL_LM3_ONE_SUPPLIER, line.net);

	part->line = line;
	part->suppliers = 1;
	add_to_exact(&work->exact[work->out->count - 1], &work->rates, &line);
}

/* Those that are not named, by place and by having answered. */
static void add_others(struct work *work, const struct kl_big *items, size_t count)
{
	struct kl_lm3_part others[6] = {{0}};
	struct exact exact[6];

	for (int k = 0; k < 6; k++)
		exact[k] = (struct exact){0, point(0), point(0)};
	for (size_t i = 0; i < count; i++) {
		struct kl_lm3_line line = kl_lm3_sum_line(work->sum, items[i].number);
		int k = 2 * (int)line.where + !line.answered;

		others[k].round1 += line.net;
		others[k].suppliers++;
		add_to_exact(&exact[k], &work->rates, &line);
	}
	for (int k = 0; k < 6; k++) {
		struct kl_lm3_part *part;

		if (!others[k].suppliers)
			continue;
		part = add_part(work, KL_LM3_MORE_SUPPLIERS, others[k].round1);
		part->suppliers = others[k].suppliers;
		part->line.where = (enum kl_where)(k / 2);
		part->line.answered = k % 2 == 0;
		work->exact[work->out->count - 1].round2 = exact[k].round2;
		work->exact[work->out->count - 1].round3 = exact[k].round3;
	}
}

static int add_suppliers(struct work *work, size_t named, struct kl_fault *fault)
{
	size_t all = kl_lm3_sum_count(work->sum), count = 0;
	struct kl_big *items = malloc((all ? all : 1) * sizeof *items);

	if (!items)
		return kl_fault(fault, KL_E_NOMEM, "no memory to put suppliers in order");
	for (uint32_t i = 0; i < all; i++)
		if (work->sum->entries[i].net > 0)
			items[count++] = (struct kl_big){work->sum->entries[i].net, i};
	kl_biggest_begin(items, count);
	for (size_t i = 0; i < named && count; i++)
		add_supplier(work, kl_biggest_take(items, &count).number);
	add_others(work, items, count);
	free(items);
	return KL_OK;
}

/* ---- rounding ------------------------------------------------------------------------------ */

static int64_t *low_of(struct kl_lm3_amounts *a)
{
	return &a->low;
}

static int64_t *central_of(struct kl_lm3_amounts *a)
{
	return &a->central;
}

static int64_t *high_of(struct kl_lm3_amounts *a)
{
	return &a->high;
}

typedef int64_t *case_fn(struct kl_lm3_amounts *a);

static double exact_case(const struct kl_lm3_cases *c, case_fn *which)
{
	return which == low_of ? c->low : which == high_of ? c->high : c->central;
}

/* Rounds a row of exact values so that their sum is `total`; what a penny is short of after the last
 * goes to the largest part. */
struct carry {
	double exact;
	int64_t given;
};

static int64_t next(struct carry *carry, double value)
{
	int64_t part;

	carry->exact += value;
	part = llround(carry->exact) - carry->given;
	carry->given += part;
	return part;
}

static size_t largest(const struct kl_lm3_explained *out)
{
	size_t at = 0;

	for (size_t i = 1; i < out->count; i++)
		if (out->parts[i].round1 > out->parts[at].round1)
			at = i;
	return at;
}

static void round_case(struct work *work, case_fn *which, const struct kl_lm3_amounts *score)
{
	struct kl_lm3_explained *out = work->out;
	struct kl_lm3_part *rest = &out->parts[largest(out)];
	struct carry two = {0}, three = {0}, thousandths = {0};
	struct kl_lm3_amounts total;

	for (size_t i = 0; i < out->count; i++) {
		const struct exact *e = &work->exact[i];
		double second = exact_case(&e->round2, which),
		       third = exact_case(&e->round3, which);

		*which(&out->parts[i].round2) = next(&two, second);
		*which(&out->parts[i].round3) = next(&three, third);
		*which(&out->parts[i].score) = next(&thousandths,
			(e->round1 + second + third) / (double)out->result.income * 1000);
	}
	total = out->result.round2;
	*which(&rest->round2) += *which(&total) - two.given;
	total = out->result.round3;
	*which(&rest->round3) += *which(&total) - three.given;
	total = *score;
	*which(&rest->score) += *which(&total) - thousandths.given;
}

static void hold_central(struct kl_lm3_amounts *a, bool has_central)
{
	a->has_central = has_central;
	if (!has_central)
		a->central = 0;
}

static void round_all(struct work *work)
{
	struct kl_lm3_explained *out = work->out;
	struct kl_lm3_amounts score = kl_lm3_score_thousandths(&out->result);

	if (!out->count)
		return;
	round_case(work, low_of, &score);
	round_case(work, high_of, &score);
	round_case(work, central_of, &score);
	for (size_t i = 0; i < out->count; i++) {
		struct kl_lm3_part *part = &out->parts[i];

		hold_central(&part->round2, out->result.round2.has_central);
		hold_central(&part->round3, out->result.round3.has_central);
		hold_central(&part->score, score.has_central);
	}
}

struct kl_lm3_amounts kl_lm3_score_thousandths(const struct kl_lm3_result *result)
{
	const struct kl_lm3_shares *s = &result->lm3;

	return (struct kl_lm3_amounts){kl_lm3_thousandths(s->low),
		s->has_central ? kl_lm3_thousandths(s->central) : 0, kl_lm3_thousandths(s->high),
		s->has_central};
}

int kl_lm3_explain(const struct kl_lm3_sum *sum, size_t named, struct kl_fault *fault,
	struct kl_lm3_explained **ret)
{
	struct work *work = malloc(sizeof *work);
	struct kl_lm3_explained *out = calloc(1, sizeof *out);
	struct kl_lm3_classes classes;
	int64_t spent = 0;
	int rc;

	KL_ASSERT(named <= KL_LM3_NAMED_MAX);
	if (!work || !out) {
		kl_fault(fault, KL_E_NOMEM, "no memory to explain a result");
		rc = KL_E_NOMEM;
		goto out;
	}
	rc = kl_lm3_sum_result(sum, fault, &out->result);
	if (rc)
		goto out;
	work->sum = sum;
	work->out = out;
	KL_ASSERT(!kl_lm3_classify(sum, &classes)); /* there is a result, so the sums fit */
	work->rates = kl_lm3_rates(&classes);
	add_costs(work);
	rc = add_suppliers(work, named, fault);
	if (rc)
		goto out;
	for (size_t i = 0; i < out->count; i++)
		spent += out->parts[i].round1;
	if (spent != out->result.income)
		(void)add_part(work, KL_LM3_UNSPENT, out->result.income - spent);
	round_all(work);
	*ret = out;
	out = NULL;
out:
	free(out);
	free(work);
	return rc;
}
