/* lm3 leaks: where money leaves the area, supplier by supplier. */
#include "core/lm3_leaks.h"
#include "daemon/commands.h"
#include "daemon/lm3_answer.h"
#include "daemon/lm3_work.h"

#include <stdlib.h>

enum { SHOWN = 20 };

static void put_leaks(
	struct kl_writer *w, const char *key, const struct kl_lm3_leak *leaks, size_t count)
{
	kl_put_array(w, key, count);
	for (size_t i = 0; i < count; i++) {
		const struct kl_lm3_leak *leak = &leaks[i];

		kl_write_map(w, KL_LM3_SUPPLIER_KEYS + 2);
		kl_put_lm3_supplier(w, &leak->line);
		kl_put_lm3_amounts(w, "leaves_pence", &leak->leaves);
		if (leak->line.where == KL_WHERE_ELSEWHERE)
			kl_put_lm3_amounts(w, "comes_back_pence", &leak->comes_back);
		else
			kl_put_nil(w, "comes_back_pence");
	}
}

static void put_sums(struct kl_writer *w, const struct kl_lm3_leaks *l)
{
	kl_put_map(w, "at_once", 3);
	kl_put_int(w, "suppliers_elsewhere_pence", l->suppliers_elsewhere);
	kl_put_int(w, "payroll_elsewhere_pence", l->payroll_elsewhere);
	kl_put_int(w, "other_elsewhere_pence", l->other_elsewhere);
	kl_put_map(w, "next_round", 2);
	kl_put_lm3_amounts(w, "suppliers_local_pence", &l->suppliers_local);
	kl_put_int(w, "staff_local_pence", l->staff_local);
	kl_put_map(w, "counts", 3);
	kl_put_uint(w, "elsewhere", l->elsewhere_count);
	kl_put_uint(w, "local", l->local_count);
	kl_put_uint(w, "unknown", l->unknown_count);
}

static void put_all(
	struct kl_writer *w, const struct kl_lm3_work *work, const struct kl_lm3_leaks *l)
{
	kl_write_map(w, KL_LM3_HEAD_KEYS + 10);
	kl_put_lm3_head(w, work->node, &work->project, work->in_use);
	kl_put_int(w, "income_pence", l->result.income);
	put_sums(w, l);
	kl_put_int(w, "unknown_pence", l->unknown_value);
	put_leaks(w, "leaks", l->leaks, l->count);
	put_leaks(w, "unknown_places", l->unknown, l->unknowns);
	kl_put_lm3_proxies(w, l->result.proxy_local, l->result.proxy_elsewhere);
	kl_put_lm3_warnings(w, &l->result);
	kl_put_lm3_rules(w, &l->result);
}

static int answer(const struct kl_lm3_work *work, struct kl_ask *ask)
{
	struct kl_lm3_leaks *leaks;
	int rc = kl_lm3_find_leaks(work->sum, work->most, &ask->fault, &leaks);

	if (rc)
		return rc;
	put_all(&ask->out, work, leaks);
	free(leaks);
	return KL_OK;
}

int kl_cmd_lm3_leaks(void *data, struct kl_ask *ask)
{
	return kl_lm3_work_list(data, ask, KL_LM3_LEAKS_MAX, SHOWN, answer);
}
