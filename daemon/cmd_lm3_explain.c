/* lm3 explain: what each line of a project adds to its rounds and its score. */
#include "core/lm3_explain.h"
#include "daemon/commands.h"
#include "daemon/lm3_answer.h"
#include "daemon/lm3_work.h"

#include <stdlib.h>

enum { NAMED = 20 };

static const char *const kinds[] = {
	[KL_LM3_PAYROLL_LOCAL] = "payroll local",
	[KL_LM3_PAYROLL_ELSEWHERE] = "payroll elsewhere",
	[KL_LM3_OTHER_LOCAL] = "other local",
	[KL_LM3_OTHER_ELSEWHERE] = "other elsewhere",
	[KL_LM3_ONE_SUPPLIER] = "supplier",
	[KL_LM3_MORE_SUPPLIERS] = "other suppliers",
	[KL_LM3_UNSPENT] = "unspent",
};

static void put_part(struct kl_writer *w, const struct kl_lm3_part *part)
{
	bool supplier = part->kind == KL_LM3_ONE_SUPPLIER;
	bool any = supplier || part->kind == KL_LM3_MORE_SUPPLIERS;

	kl_write_map(w, 10);
	kl_put_text(w, "kind", kinds[part->kind]);
	kl_put_text(w, "supplier", supplier ? part->line.name : NULL);
	kl_put_uint(w, "suppliers", part->suppliers);
	kl_put_text(w, "where", any ? kl_where_name(part->line.where) : NULL);
	if (any)
		kl_put_bool(w, "answered", part->line.answered);
	else
		kl_put_nil(w, "answered");
	if (supplier && part->line.answered)
		kl_put_double(w, "respent", part->line.respent);
	else
		kl_put_nil(w, "respent");
	kl_put_int(w, "round1_pence", part->round1);
	kl_put_lm3_amounts(w, "round2_pence", &part->round2);
	kl_put_lm3_amounts(w, "round3_pence", &part->round3);
	kl_put_lm3_thousandths(w, "lm3", &part->score);
}

static void put_all(
	struct kl_writer *w, const struct kl_lm3_work *work, const struct kl_lm3_explained *e)
{
	const struct kl_lm3_amounts score = kl_lm3_score_thousandths(&e->result);

	kl_write_map(w, KL_LM3_HEAD_KEYS + 9);
	kl_put_lm3_head(w, work->node, &work->project, work->in_use);
	kl_put_int(w, "round1_pence", e->result.round1);
	kl_put_lm3_amounts(w, "round2_pence", &e->result.round2);
	kl_put_lm3_amounts(w, "round3_pence", &e->result.round3);
	kl_put_lm3_thousandths(w, "lm3", &score);
	kl_put_lm3_confidence(w, &e->result);
	kl_put_array(w, "parts", e->count);
	for (size_t i = 0; i < e->count; i++)
		put_part(w, &e->parts[i]);
	kl_put_lm3_proxies(w, e->result.proxy_local, e->result.proxy_elsewhere);
	kl_put_lm3_warnings(w, &e->result);
	kl_put_lm3_rules(w, &e->result);
}

static int answer(const struct kl_lm3_work *work, struct kl_ask *ask)
{
	struct kl_lm3_explained *explained;
	int rc = kl_lm3_explain(work->sum, work->most, &ask->fault, &explained);

	if (rc)
		return rc;
	put_all(&ask->out, work, explained);
	free(explained);
	return KL_OK;
}

int kl_cmd_lm3_explain(void *data, struct kl_ask *ask)
{
	return kl_lm3_work_list(data, ask, KL_LM3_NAMED_MAX, NAMED, answer);
}
