/* spend suppliers: who is paid most. */
#include "core/money.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/spend_work.h"

#include <stdlib.h>

enum { USUAL = 20, MOST = 1000 };

static const char *class_name(enum kl_spend_class class)
{
	static const char *const names[] = {"unknown", "local", "elsewhere", "redacted"};

	return names[class];
}

static bool everybody(const struct kl_spend_supplier *s)
{
	(void)s;
	return true;
}

static void put_supplier(struct kl_writer *w, const struct kl_spend_supplier *s, int64_t total)
{
	kl_write_map(w, 9);
	kl_put_text(w, "supplier", s->name);
	kl_put_int(w, "pence", s->net);
	kl_put_uint(w, "payments", s->payments);
	if (total > 0 && s->net >= 0 && s->net <= total)
		kl_put_double(w, "value_share", kl_share(s->net, total));
	else
		kl_put_nil(w, "value_share");
	kl_put_text(w, "where", class_name(s->class));
	kl_put_said(w, "place", s->place);
	kl_put_text(w, "sector", kl_sector_name(s->sector));
	kl_put_text(w, "size", kl_size_name(s->size));
	kl_put_said(w, "matched", s->matched);
}

static int answer(struct kl_spend_work *work, struct kl_ask *ask)
{
	int64_t total = kl_spend_pence(kl_spend_sum_total(work->sum));
	uint32_t numbers[MOST];
	size_t n;
	int rc = kl_spend_sum_largest(work->sum, everybody, work->n, numbers, &n);

	if (rc)
		return rc;
	kl_write_map(&ask->out, 3);
	kl_put_uint(&ask->out, "count", kl_spend_sum_suppliers(work->sum));
	kl_put_int(&ask->out, "total_pence", total);
	kl_put_array(&ask->out, "suppliers", n);
	for (size_t i = 0; i < n; i++) {
		struct kl_spend_supplier s = kl_spend_sum_supplier(work->sum, numbers[i]);

		put_supplier(&ask->out, &s, total);
	}
	return KL_OK;
}

int kl_cmd_spend_suppliers(void *data, struct kl_ask *ask)
{
	struct kl_spend_work *work;
	int rc = kl_spend_work_new(data, ask, &work);

	if (rc)
		return rc;
	rc = kl_ask_number(ask, "n", MOST, USUAL, &work->n);
	if (rc) {
		kl_spend_work_destroy(work);
		return rc;
	}
	return kl_spend_work_answer(work, ask, answer);
}
