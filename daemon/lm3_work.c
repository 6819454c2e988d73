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

static int load(struct kl_ask *ask, enum kl_lm3_wanted wanted, struct kl_lm3_work *work)
{
	char name[KL_NAME_MAX], used[KL_NAME_MAX];
	int rc = kl_ask_needed(ask, "name", "which project?", name, sizeof name);

	if (!rc)
		rc = (wanted == KL_LM3_LEDGER_NAMED ? kl_lm3_project_named : kl_lm3_project_find)(
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

int kl_lm3_work_new(struct kl_node *node, struct kl_ask *ask, enum kl_lm3_wanted wanted,
	struct kl_lm3_work **ret_work)
{
	struct kl_lm3_work *work = calloc(1, sizeof *work);
	int rc;

	if (!work)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory to look at a project");
	work->node = node;
	rc = load(ask, wanted, work);
	if (rc) {
		kl_lm3_work_destroy(work);
		return rc;
	}
	*ret_work = work;
	return KL_OK;
}

void kl_lm3_work_destroy(struct kl_lm3_work *work)
{
	if (!work)
		return;
	kl_lm3_sum_destroy(work->sum);
	free(work->wishes);
	free(work);
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	const struct kl_lm3_work *work = data;

	return kl_lm3_take_row(work->sum, row, fault);
}

static int end(void *data, struct kl_ask *ask)
{
	const struct kl_lm3_work *work = data;

	return work->answer(work, ask);
}

static void destroy(void *data)
{
	kl_lm3_work_destroy(data);
}

int kl_lm3_work_answer(struct kl_lm3_work *work, struct kl_ask *ask,
	int (*answer)(const struct kl_lm3_work *work, struct kl_ask *ask))
{
	static const struct kl_rows_sink sink = {.row = take_row, .end = end, .destroy = destroy};

	work->answer = answer;
	return kl_rows_read(work->node, ask, KL_LM3_SUPPLIERS, work->project.key,
		"adding up suppliers", &sink, work);
}
