/* spend lm3: everybody who was paid in the period of an LM3 project, as the rows of its table of
 * suppliers, local to the area of the project; who asked brings them in with lm3 import. */
#include "core/lm3.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/lm3_project.h"
#include "daemon/rows.h"
#include "daemon/spend_work.h"
#include "protocol/doc_supplier.h"

#include <stdlib.h>

enum { ROWS_BYTES = 56 * 1024 }; /* of a part on its way; one more row fits in any case */

struct sending {
	struct kl_spend_sum *sum;
	size_t next;
	struct kl_writer rows;
};

static void destroy(struct sending *s)
{
	kl_spend_sum_destroy(s->sum);
	kl_writer_deinit(&s->rows);
	free(s);
}

static void aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	destroy(data);
}

static void put_supplier(struct kl_writer *w, const struct kl_spend_supplier *from)
{
	struct kl_supplier s = {.spend = from->net, .sector = from->sector};

	(void)kl_copy_text(s.name, sizeof s.name, from->name);
	(void)kl_copy_text(s.place, sizeof s.place, from->place);
	s.where = from->class == KL_SPEND_LOCAL       ? KL_WHERE_LOCAL
		  : from->class == KL_SPEND_ELSEWHERE ? KL_WHERE_ELSEWHERE
						      : KL_WHERE_UNKNOWN;
	kl_doc_supplier_encode(w, &s);
}

/* Those to whom anything was paid at all. */
static size_t count_paid(const struct kl_spend_sum *sum, int64_t *ret_pence)
{
	size_t n = 0;

	*ret_pence = 0;
	for (size_t i = 0; i < kl_spend_sum_suppliers(sum); i++) {
		int64_t net = kl_spend_sum_supplier(sum, i).net;

		n += net != 0;
		*ret_pence += net;
	}
	return n;
}

static int send_rows(struct sending *s, struct kl_ask *ask)
{
	struct kl_bytes rows;
	uint32_t count = 0;

	kl_writer_reset(&s->rows);
	for (; s->next < kl_spend_sum_suppliers(s->sum) && s->rows.buffer.size < ROWS_BYTES;
		s->next++) {
		struct kl_spend_supplier supplier = kl_spend_sum_supplier(s->sum, s->next);

		if (!supplier.net)
			continue;
		put_supplier(&s->rows, &supplier);
		count++;
	}
	if (kl_writer_bytes(&s->rows, &rows))
		return KL_E_NOMEM;
	kl_write_array(&ask->out, count);
	if (rows.len)
		kl_write_raw(&ask->out, rows);
	return kl_ask_part(ask);
}

static int more(struct kl_ask *ask, void *data)
{
	struct sending *s = data;
	size_t suppliers;
	int64_t pence;

	if (s->next < kl_spend_sum_suppliers(s->sum))
		return send_rows(s, ask);
	suppliers = count_paid(s->sum, &pence);
	kl_write_map(&ask->out, 2);
	kl_put_uint(&ask->out, "suppliers", suppliers);
	kl_put_int(&ask->out, "total_pence", pence);
	destroy(s);
	return kl_ask_answer(ask);
}

static int answer(struct kl_spend_work *work, struct kl_ask *ask)
{
	static const struct kl_ask_hooks hooks = {.more = more, .abort = aborted};
	struct sending *s;
	int64_t pence;
	int rc;

	if (!count_paid(work->sum, &pence)) {
		kl_fault(&ask->fault, KL_E_NOT_FOUND, "nothing was paid in that time");
		return kl_fault_hint(&ask->fault, "keeplocal spend list shows of when the files "
						  "are; --year says another time");
	}
	s = calloc(1, sizeof *s);
	if (!s)
		return KL_E_NOMEM;
	s->sum = work->sum;
	work->sum = NULL;
	kl_writer_init(&s->rows);
	(void)kl_ask_later(ask, &hooks, s);
	rc = send_rows(s, ask);
	if (rc)
		kl_ask_refuse(ask);
	return KL_ROWS_GO_ON;
}

int kl_cmd_spend_lm3(void *data, struct kl_ask *ask)
{
	struct kl_lm3_project project;
	struct kl_spend_work *work;
	char name[KL_NAME_MAX];
	int rc = kl_ask_needed(ask, "name", "which project?", name, sizeof name);

	if (!rc)
		rc = kl_lm3_project_named(data, name, &project, &ask->fault);
	if (!rc)
		rc = kl_spend_work_new(data, ask, &work);
	if (rc)
		return rc;
	rc = kl_spend_work_around(work, kl_lm3_project_area(&project));
	if (!rc && work->query.all)
		rc = kl_spend_work_within(work, kl_lm3_project_period(&project));
	if (rc) {
		kl_spend_work_destroy(work);
		return rc;
	}
	return kl_spend_work_answer(work, ask, answer);
}
