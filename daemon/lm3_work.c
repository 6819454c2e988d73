#include "daemon/lm3_work.h"
#include "daemon/ask_args.h"

#include <stdlib.h>
#include <string.h>

static int no_ledger(struct kl_ask *ask, const struct kl_lm3_project *project)
{
	kl_fault(&ask->fault, KL_E_INVALID,
		"'%.100s' is a score that was worked out elsewhere, without suppliers",
		project->u.record.name);
	return kl_fault_hint(&ask->fault, "begin a ledger: keeplocal lm3 new NAME");
}

static int load(
	struct kl_ask *ask, const char *name, enum kl_lm3_wanted wanted, struct kl_lm3_work *work)
{
	char used[KL_NAME_MAX];
	int rc = (wanted == KL_LM3_LEDGER_NAMED ? kl_lm3_project_named : kl_lm3_project_find)(
		work->node, name, &work->project, &ask->fault);

	if (rc)
		return rc;
	rc = kl_lm3_in_use(work->node, used);
	if (rc)
		return kl_fault(&ask->fault, rc, "the projects cannot be read");
	work->in_use = !strcmp(work->project.key, used);
	if (!work->project.is_record)
		return kl_lm3_sum_new(&work->project.u.ledger, &ask->fault, &work->sum);
	return wanted == KL_LM3_ANY ? KL_OK : no_ledger(ask, &work->project);
}

int kl_lm3_work_on(struct kl_node *node, struct kl_ask *ask, const char *name,
	enum kl_lm3_wanted wanted, struct kl_lm3_work **ret_work)
{
	struct kl_lm3_work *work = calloc(1, sizeof *work);
	int rc;

	if (!work)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory to look at a project");
	work->node = node;
	rc = load(ask, name, wanted, work);
	if (rc) {
		kl_lm3_work_destroy(work);
		return rc;
	}
	*ret_work = work;
	return KL_OK;
}

int kl_lm3_work_new(struct kl_node *node, struct kl_ask *ask, enum kl_lm3_wanted wanted,
	struct kl_lm3_work **ret_work)
{
	char name[KL_NAME_MAX];
	int rc = kl_ask_needed(ask, "name", "which project?", name, sizeof name);

	return rc ? rc : kl_lm3_work_on(node, ask, name, wanted, ret_work);
}

void kl_lm3_work_destroy(struct kl_lm3_work *work)
{
	if (!work)
		return;
	kl_lm3_sum_destroy(work->sum);
	kl_lm3_tables_free(&work->tables);
	free(work->wishes);
	free(work);
}

/* ---- adding up ------------------------------------------------------------------------------ */

/* What the reading holds on to: the work may be handed on before it ends. */
struct holder {
	struct kl_lm3_work *work;
};

static int begin_table(void *data, size_t index, struct kl_fault *fault)
{
	const struct holder *holder = data;

	(void)fault;
	holder->work->tables.current = index;
	return KL_OK;
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	const struct holder *holder = data;

	return kl_lm3_tables_row(&holder->work->tables, holder->work->sum, row, fault);
}

static int end(void *data, struct kl_ask *ask)
{
	struct holder *holder = data;
	struct kl_lm3_work *work = holder->work;

	if (work->sum)
		kl_lm3_tables_keep(work->node, work->project.key, &work->tables,
			&work->project.u.ledger.area, work->sum);
	if (work->answer)
		return work->answer(work, ask);
	holder->work = NULL;
	return work->then(work, ask);
}

static void destroy(void *data)
{
	struct holder *holder = data;

	kl_lm3_work_destroy(holder->work);
	free(holder);
}

static int add_up(struct kl_lm3_work *work, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {
		.table = begin_table, .row = take_row, .end = end, .destroy = destroy};
	struct holder *holder = malloc(sizeof *holder);
	int rc;

	if (!holder) {
		kl_lm3_work_destroy(work);
		return KL_E_NOMEM;
	}
	holder->work = work;
	rc = work->sum
		     ? kl_lm3_tables_find(work->node, work->project.key, &work->tables, &ask->fault)
		     : KL_OK;
	if (rc) {
		destroy(holder);
		return rc;
	}
	return kl_rows_read_all(work->node, ask, work->tables.imports, work->tables.count,
		"adding up suppliers", &sink, holder);
}

int kl_lm3_work_answer(struct kl_lm3_work *work, struct kl_ask *ask, kl_lm3_answer_fn *answer)
{
	work->answer = answer;
	work->then = NULL;
	return add_up(work, ask);
}

int kl_lm3_work_list(struct kl_node *node, struct kl_ask *ask, uint64_t max, uint64_t usual,
	kl_lm3_answer_fn *answer)
{
	struct kl_lm3_work *work;
	int rc = kl_lm3_work_new(node, ask, KL_LM3_LEDGER_ONLY, &work);

	if (rc)
		return rc;
	rc = kl_ask_number(ask, "n", max, usual, &work->most);
	if (!rc)
		return kl_lm3_work_answer(work, ask, answer);
	kl_lm3_work_destroy(work);
	return rc;
}

int kl_lm3_work_then(struct kl_lm3_work *work, struct kl_ask *ask, kl_lm3_then_fn *then)
{
	work->answer = NULL;
	work->then = then;
	return add_up(work, ask);
}

static void keep(struct kl_lm3_work *work, bool only_grown)
{
	struct kl_lm3_tables tables = {.count = 0};

	if (!kl_lm3_tables_find(work->node, work->project.key, &tables, NULL) &&
		(!only_grown || kl_lm3_tables_are(&work->tables, &tables, 1)))
		kl_lm3_tables_keep(work->node, work->project.key, &tables,
			&work->project.u.ledger.area, work->sum);
	kl_lm3_tables_free(&tables);
}

void kl_lm3_work_kept(struct kl_lm3_work *work)
{
	keep(work, false);
}

void kl_lm3_work_grew(struct kl_lm3_work *work)
{
	keep(work, true);
}

static int nothing_more(const struct kl_lm3_work *work, struct kl_ask *ask)
{
	(void)work;
	(void)ask;
	return KL_OK;
}

static bool are_kept(struct kl_node *node, const struct kl_lm3_project *project)
{
	struct kl_lm3_tables tables = {.count = 0};
	struct kl_lm3_classes classes;
	bool kept =
		!kl_lm3_tables_find(node, project->key, &tables, NULL) &&
		!kl_lm3_tables_kept(node, project->key, &tables, &project->u.ledger.area, &classes);

	kl_lm3_tables_free(&tables);
	return kept;
}

int kl_lm3_work_afresh(struct kl_node *node, struct kl_ask *ask, const char *name)
{
	struct kl_lm3_project project;
	struct kl_lm3_work *work;
	int rc = kl_lm3_project_get(node, name, &project);

	if (rc == KL_E_NOT_FOUND || (!rc && (project.is_record || are_kept(node, &project))))
		return kl_ask_answer(ask);
	if (!rc)
		rc = kl_lm3_work_on(node, ask, name, KL_LM3_LEDGER_NAMED, &work);
	return rc ? rc : kl_lm3_work_answer(work, ask, nothing_more);
}
