/* lm3 compare: projects side by side, such as the same one in several periods. */
#include "core/lm3_compare.h"
#include "daemon/commands.h"
#include "daemon/lm3_answer.h"
#include "daemon/lm3_work.h"

#include <stdlib.h>
#include <string.h>

enum { PROJECTS_MAX = 8 };

/* One project, as far as the answer shows it. */
struct column {
	struct kl_lm3_project project;
	bool in_use;
	struct kl_lm3_result result; /* of a ledger */
	struct kl_lm3_compared compared;
};

struct comparing {
	struct kl_node *node;
	size_t count, done;
	char names[PROJECTS_MAX][KL_NAME_MAX];
	struct column columns[PROJECTS_MAX];
};

/* ---- the answer ---------------------------------------------------------------------------- */

static void put_ledger(struct kl_writer *w, const struct kl_lm3_result *r)
{
	kl_put_int(w, "income_pence", r->income);
	kl_put_lm3_amounts(w, "round2_pence", &r->round2);
	kl_put_lm3_amounts(w, "round3_pence", &r->round3);
	kl_put_int(w, "supply_chain_pence", r->supply_value);
	kl_put_uint(w, "suppliers", r->suppliers);
	kl_put_lm3_local(w, r);
	kl_put_lm3_confidence(w, r);
	kl_put_lm3_proxies(w, r->proxy_local, r->proxy_elsewhere);
}

static void put_unknown(struct kl_writer *w, const struct kl_lm3_record *record)
{
	static const char *const unknown[] = {"income_pence", "round2_pence", "round3_pence",
		"supply_chain_pence", "suppliers", "local_supplier_share", "local_payroll_share",
		"proxies"};

	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		kl_put_nil(w, unknown[i]);
	kl_put_lm3_recorded_confidence(w, record);
}

static void put_column(struct kl_writer *w, struct kl_node *node, const struct column *c)
{
	kl_write_map(w, KL_LM3_HEAD_KEYS + 10);
	kl_put_lm3_head(w, node, &c->project, c->in_use);
	kl_put_lm3_shares(w, "lm3", &c->compared.lm3);
	if (c->project.is_record)
		put_unknown(w, &c->project.u.record);
	else
		put_ledger(w, &c->result);
}

/* From one column to the next. */
static void put_step(struct kl_writer *w, const struct column *a, const struct column *b)
{
	struct kl_lm3_comparison c;

	kl_lm3_compare(&a->compared, &b->compared, &c);
	kl_write_map(w, 6);
	kl_put_text(w, "from", kl_lm3_project_name(&a->project));
	kl_put_text(w, "to", kl_lm3_project_name(&b->project));
	if (c.has_difference)
		kl_put_double(w, "difference", c.difference);
	else
		kl_put_nil(w, "difference");
	kl_put_bool(w, "told", c.told);
	kl_put_bool(w, "comparable", c.reason_count == 0);
	kl_put_array(w, "why_not", c.reason_count);
	for (unsigned i = 0; i < c.reason_count; i++)
		kl_write_text(w, c.reasons[i]);
}

static void put_answer(struct kl_writer *w, const struct comparing *c)
{
	kl_write_map(w, 3);
	kl_put_array(w, "projects", c->count);
	for (size_t i = 0; i < c->count; i++)
		put_column(w, c->node, &c->columns[i]);
	kl_put_array(w, "steps", c->count - 1);
	for (size_t i = 1; i < c->count; i++)
		put_step(w, &c->columns[i - 1], &c->columns[i]);
	kl_put_array(w, "our_rules", 1);
	kl_write_text(w, "a difference is told only where the ranges do not overlap: whatever the "
			 "silent suppliers do, one score is higher");
}

/* ---- one after the other ------------------------------------------------------------------- */

static void note_record(struct column *c)
{
	const struct kl_lm3_record *record = &c->project.u.record;
	double score = record->thousandths / 1000.0;

	c->compared.recorded = true;
	c->compared.rating = record->rating;
	c->compared.lm3 = (struct kl_lm3_shares){score, score, score, true};
}

static int note(const struct kl_lm3_work *work, struct column *c, struct kl_fault *fault)
{
	int rc = KL_OK;

	c->project = work->project;
	c->in_use = work->in_use;
	c->compared = (struct kl_lm3_compared){.area = *kl_lm3_project_area(&c->project),
		.basis = kl_lm3_project_basis(&c->project),
		.period = kl_lm3_project_period(&c->project)};
	if (c->project.is_record) {
		note_record(c);
		return KL_OK;
	}
	rc = kl_lm3_sum_result(work->sum, fault, &c->result);
	if (rc)
		return kl_fault_at(fault, "%.100s", kl_lm3_project_name(&c->project));
	c->compared.proxy_local = c->result.proxy_local;
	c->compared.proxy_elsewhere = c->result.proxy_elsewhere;
	c->compared.rating = c->result.rating;
	c->compared.lm3 = c->result.lm3;
	return KL_OK;
}

static int next(struct comparing *c, struct kl_ask *ask);

static int one_done(struct kl_lm3_work *work, struct kl_ask *ask)
{
	struct comparing *c = work->wishes;
	int rc = note(work, &c->columns[c->done], &ask->fault);

	work->wishes = NULL;
	kl_lm3_work_destroy(work);
	if (!rc && ++c->done < c->count)
		return next(c, ask);
	if (!rc)
		put_answer(&ask->out, c);
	free(c);
	return rc;
}

/* Adds the next project up; the comparison goes with its work. */
static int next(struct comparing *c, struct kl_ask *ask)
{
	struct kl_lm3_work *work;
	int rc = kl_lm3_work_on(c->node, ask, c->names[c->done], KL_LM3_ANY, &work);

	if (rc) {
		free(c);
		return rc;
	}
	work->wishes = c;
	rc = kl_lm3_work_then(work, ask, one_done);
	return rc ? rc : KL_ROWS_GO_ON;
}

static int take_names(struct kl_ask *ask, struct comparing *c)
{
	struct kl_value names, name;
	struct kl_cursor cursor;

	if (kl_get_array(&ask->args, "names", &names) || names.count < 2 ||
		names.count > PROJECTS_MAX)
		return kl_fault(&ask->fault, KL_E_USAGE, "expected the names of 2 to %d projects",
			PROJECTS_MAX);
	cursor = kl_cursor(&names);
	while (kl_cursor_next(&cursor, &name))
		if (kl_value_text(&name, c->names[c->count++], KL_NAME_MAX))
			return kl_fault(&ask->fault, KL_E_USAGE,
				"the name of a project is no plain text, or too long");
	return KL_OK;
}

int kl_cmd_lm3_compare(void *data, struct kl_ask *ask)
{
	struct comparing *c = calloc(1, sizeof *c);
	int rc;

	if (!c)
		return KL_E_NOMEM;
	c->node = data;
	rc = take_names(ask, c);
	if (rc) {
		free(c);
		return rc;
	}
	rc = next(c, ask);
	return rc == KL_ROWS_GO_ON ? KL_OK : rc;
}
