/* lm3 result: the multiplier of a project as a range. */
#include "daemon/commands.h"
#include "daemon/lm3_answer.h"
#include "daemon/lm3_work.h"

#include <stdlib.h>

static void put_supply(struct kl_writer *w, const struct kl_lm3_result *r)
{
	kl_put_lm3_confidence(w, r);
	kl_put_uint(w, "suppliers", r->suppliers);
	kl_put_int(w, "supply_chain_pence", r->supply_value);
	kl_put_int(w, "answered_pence", r->answered_value);
	kl_put_lm3_local(w, r);
}

static void put_result(
	struct kl_writer *w, const struct kl_lm3_work *work, const struct kl_lm3_result *r)
{
	kl_write_map(w, KL_LM3_HEAD_KEYS + 15);
	kl_put_lm3_head(w, work->node, &work->project, work->in_use);
	kl_put_int(w, "income_pence", r->income);
	kl_put_int(w, "round1_pence", r->round1);
	kl_put_lm3_amounts(w, "round2_pence", &r->round2);
	kl_put_lm3_amounts(w, "round3_pence", &r->round3);
	kl_put_lm3_shares(w, "lm3", &r->lm3);
	put_supply(w, r);
	kl_put_lm3_proxies(w, r->proxy_local, r->proxy_elsewhere);
	kl_put_lm3_barred(w, &work->project, r->rating, &r->lm3);
	kl_put_lm3_warnings(w, r);
	kl_put_lm3_rules(w, r);
}

static int answer(const struct kl_lm3_work *work, struct kl_ask *ask)
{
	struct kl_lm3_result *result = malloc(sizeof *result);
	int rc = result ? kl_lm3_sum_result(work->sum, &ask->fault, result) : KL_E_NOMEM;

	if (!rc)
		put_result(&ask->out, work, result);
	free(result);
	return rc;
}

/* A score worked out elsewhere: no rounds are known, and its range is one point. */
static void put_record(struct kl_writer *w, const struct kl_lm3_work *work)
{
	static const char *const unknown[] = {"income_pence", "round1_pence", "round2_pence",
		"round3_pence", "local_supplier_share", "local_payroll_share", "proxies"};
	const struct kl_lm3_record *record = &work->project.u.record;
	const double score = record->thousandths / 1000.0;
	const struct kl_lm3_shares lm3 = {score, score, score, true};

	kl_write_map(w, KL_LM3_HEAD_KEYS + 13);
	kl_put_lm3_head(w, work->node, &work->project, work->in_use);
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		kl_put_nil(w, unknown[i]);
	kl_put_lm3_shares(w, "lm3", &lm3);
	kl_put_lm3_recorded_confidence(w, record);
	kl_put_lm3_barred(w, &work->project, record->rating, &lm3);
	kl_put_text(w, "source", record->source);
	kl_put_text(w, "label", KL_LM3_RECORD_LABEL);
	kl_put_array(w, "warnings", 0);
}

int kl_cmd_lm3_result(void *data, struct kl_ask *ask)
{
	struct kl_lm3_work *work;
	int rc = kl_lm3_work_new(data, ask, KL_LM3_ANY, &work);

	if (rc)
		return rc;
	if (!work->project.is_record)
		return kl_lm3_work_answer(work, ask, answer);
	put_record(&ask->out, work);
	kl_lm3_work_destroy(work);
	return kl_ask_answer(ask);
}
