#include "core/lm3_leaks.h"
#include "core/biggest.h"
#include "core/lm3_inside.h"

#include <math.h>
#include <stdlib.h>

static struct kl_lm3_amounts all_of(int64_t pence)
{
	return (struct kl_lm3_amounts){pence, pence, pence, true};
}

static struct kl_lm3_cases not_respent(
	const struct kl_lm3_rates *rates, const struct kl_lm3_line *line)
{
	struct kl_lm3_cases r = kl_lm3_respent_part(rates, line);

	/* Whoever spends everything again leaks nothing. */
	return (struct kl_lm3_cases){1 - r.high, 1 - r.central, 1 - r.low, r.has_central};
}

static struct kl_lm3_leak leak_of(const struct kl_lm3_rates *rates, struct kl_lm3_line line)
{
	struct kl_lm3_leak leak = {.line = line, .leaves = all_of(line.net)};
	struct kl_lm3_cases part;

	if (line.where == KL_WHERE_ELSEWHERE) {
		part = kl_lm3_times(kl_lm3_respent_part(rates, &line), (double)line.net);
		leak.comes_back = kl_lm3_to_pence(&part);
	} else if (line.where == KL_WHERE_LOCAL) {
		part = kl_lm3_times(not_respent(rates, &line), (double)line.net);
		leak.leaves = kl_lm3_to_pence(&part);
	} else {
		leak.leaves = (struct kl_lm3_amounts){.high = line.net};
	}
	return leak;
}

/* By what most likely leaves; without a central value by what is certain to. */
static int64_t weight(const struct kl_lm3_leak *leak)
{
	if (leak->line.where == KL_WHERE_UNKNOWN)
		return leak->line.net;
	return leak->leaves.has_central ? leak->leaves.central : leak->leaves.low;
}

static void count_leak(struct kl_lm3_leaks *l, const struct kl_lm3_leak *leak)
{
	switch (leak->line.where) {
	case KL_WHERE_ELSEWHERE:
		l->suppliers_elsewhere += leak->line.net;
		l->elsewhere_count++;
		break;
	case KL_WHERE_UNKNOWN:
		l->unknown_value += leak->line.net;
		l->unknown_count++;
		break;
	case KL_WHERE_LOCAL:
		l->local_count++;
		l->suppliers_local.low += leak->leaves.low;
		l->suppliers_local.central += leak->leaves.central;
		l->suppliers_local.high += leak->leaves.high;
		l->suppliers_local.has_central &= leak->leaves.has_central;
		break;
	}
}

static void take(const struct kl_lm3_sum *sum, const struct kl_lm3_rates *rates,
	struct kl_big *items, size_t count, size_t most, struct kl_lm3_leak *out, size_t *ret_count)
{
	size_t n = 0;

	kl_biggest_begin(items, count);
	while (n < most && count) {
		uint32_t number = kl_biggest_take(items, &count).number;

		out[n++] = leak_of(rates, kl_lm3_sum_line(sum, number));
	}
	*ret_count = n;
}

static int gather(const struct kl_lm3_sum *sum, const struct kl_lm3_rates *rates, size_t most,
	struct kl_lm3_leaks *l)
{
	size_t all = kl_lm3_sum_count(sum), known = 0, unknown = all;
	struct kl_big *items = malloc((all ? all : 1) * sizeof *items);

	if (!items)
		return KL_E_NOMEM;
	for (uint32_t i = 0; i < all; i++) {
		struct kl_lm3_leak leak;

		if (sum->entries[i].net <= 0)
			continue;
		leak = leak_of(rates, kl_lm3_sum_line(sum, i));
		count_leak(l, &leak);
		if (leak.line.where == KL_WHERE_UNKNOWN)
			items[--unknown] = (struct kl_big){weight(&leak), i};
		else if (leak.leaves.high > 0)
			items[known++] = (struct kl_big){weight(&leak), i};
	}
	take(sum, rates, items, known, most, l->leaks, &l->count);
	take(sum, rates, items + unknown, all - unknown, most, l->unknown, &l->unknowns);
	free(items);
	return KL_OK;
}

int kl_lm3_find_leaks(const struct kl_lm3_sum *sum, size_t most, struct kl_fault *fault,
	struct kl_lm3_leaks **ret)
{
	const struct kl_lm3_ledger *ledger = &sum->ledger;
	struct kl_lm3_leaks *l = calloc(1, sizeof *l);
	struct kl_lm3_classes classes;
	struct kl_lm3_rates rates;
	int rc;

	KL_ASSERT(most <= KL_LM3_LEAKS_MAX);
	if (!l) {
		kl_fault(fault, KL_E_NOMEM, "no memory to look for leaks");
		return KL_E_NOMEM;
	}
	rc = kl_lm3_sum_result(sum, fault, &l->result);
	if (rc) {
		free(l);
		return rc;
	}
	KL_ASSERT(!kl_lm3_classify(sum, &classes)); /* there is a result, so the sums fit */
	rates = kl_lm3_rates(&classes);
	l->suppliers_local.has_central = true;
	l->other_elsewhere = ledger->other_elsewhere;
	l->payroll_elsewhere = ledger->payroll_elsewhere;
	l->staff_local = llround((double)ledger->payroll_local * (1 - ledger->proxy_local));
	rc = gather(sum, &rates, most, l);
	if (rc) {
		free(l);
		return kl_fault(fault, rc, "no memory to put suppliers in order");
	}
	*ret = l;
	return KL_OK;
}
