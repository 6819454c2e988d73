/* lm3 what-if: what would become of the score if money went another way. */
#include "core/lm3_whatif.h"
#include "daemon/commands.h"
#include "daemon/lm3_answer.h"
#include "daemon/lm3_work.h"

#include <stdlib.h>

static const char *const assumptions[] = {
	"the income, and whatever is not moved, stays as it is",
	"spend leaves suppliers known to be elsewhere, and reaches the present local ones, each in "
	"proportion to what it has now",
	"moved spend is spent again locally as the average of those suppliers does it, in each of "
	"the "
	"three cases",
	"staff who are hired locally are paid what staff elsewhere were paid, and spend as the "
	"proxies "
	"say",
};

static void put_state(struct kl_writer *w, const char *key, const struct kl_lm3_shares *lm3,
	const struct kl_lm3_amounts *round2, const struct kl_lm3_amounts *round3)
{
	kl_put_map(w, key, 3);
	kl_put_lm3_shares(w, "lm3", lm3);
	kl_put_lm3_amounts(w, "round2_pence", round2);
	kl_put_lm3_amounts(w, "round3_pence", round3);
}

static void put_answer(
	struct kl_writer *w, const struct kl_lm3_work *work, const struct kl_lm3_what_if *x)
{
	const struct kl_lm3_result *before = &x->before;
	const size_t count = sizeof assumptions / sizeof *assumptions;

	kl_write_map(w, KL_LM3_HEAD_KEYS + 12);
	kl_put_lm3_head(w, work->node, &work->project, work->in_use);
	kl_put_int(w, "income_pence", before->income);
	kl_put_int(w, "moved_spend_pence", x->spend);
	kl_put_int(w, "moved_payroll_pence", x->payroll);
	put_state(w, "before", &before->lm3, &before->round2, &before->round3);
	put_state(w, "after", &x->lm3, &x->round2, &x->round3);
	kl_put_lm3_amounts(w, "gained_pence", &x->gained);
	kl_put_lm3_shares(w, "gained_for_each_pound", &x->each_pound);
	kl_put_lm3_confidence(w, before);
	kl_put_lm3_proxies(w, before->proxy_local, before->proxy_elsewhere);
	kl_put_array(w, "assumptions", count);
	for (size_t i = 0; i < count; i++)
		kl_write_text(w, assumptions[i]);
	kl_put_lm3_warnings(w, before);
	kl_put_lm3_rules(w, before);
}

/* What is moved was typed: too much of it is not understood, not bad data. */
static int ask_typed(const struct kl_lm3_work *work, struct kl_ask *ask, struct kl_lm3_what_if *ret)
{
	int rc = kl_lm3_sum_result(work->sum, &ask->fault, &ret->before);

	if (rc)
		return rc;
	rc = kl_lm3_ask_what_if(work->sum, work->wishes, &ask->fault, ret);
	if (rc == KL_E_INVALID || rc == KL_E_RANGE)
		rc = ask->fault.code = KL_E_USAGE;
	return rc;
}

static int answer(const struct kl_lm3_work *work, struct kl_ask *ask)
{
	struct kl_lm3_what_if *what_if = malloc(sizeof *what_if);
	int rc = what_if ? ask_typed(work, ask, what_if) : KL_E_NOMEM;

	if (!rc)
		put_answer(&ask->out, work, what_if);
	free(what_if);
	return rc;
}

static int take_change(struct kl_ask *ask, struct kl_lm3_change *change)
{
	if (kl_get_int_or(&ask->args, "shift_spend_pence", 0, &change->spend) ||
		kl_get_int_or(&ask->args, "hire_locally_pence", 0, &change->payroll) ||
		kl_get_double_or(&ask->args, "shift_points", 0, &change->spend_points) ||
		kl_get_double_or(&ask->args, "hire_points", 0, &change->payroll_points))
		return kl_fault(&ask->fault, KL_E_USAGE, "what is moved is no number");
	return KL_OK;
}

int kl_cmd_lm3_what_if(void *data, struct kl_ask *ask)
{
	struct kl_lm3_work *work;
	int rc = kl_lm3_work_new(data, ask, KL_LM3_LEDGER_ONLY, &work);

	if (rc)
		return rc;
	work->wishes = calloc(1, sizeof(struct kl_lm3_change));
	rc = work->wishes ? take_change(ask, work->wishes) : KL_E_NOMEM;
	if (!rc)
		return kl_lm3_work_answer(work, ask, answer);
	kl_lm3_work_destroy(work);
	return rc;
}
