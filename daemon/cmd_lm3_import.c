/* lm3 import: a table of suppliers for a project. */
#include "daemon/commands.h"
#include "daemon/lm3_work.h"

#include <stdlib.h>

struct taking {
	struct kl_lm3_work *work;
	char file[256];
	uint64_t rows;
	bool strict; /* there were no answers to be joined by name */
	bool whole;  /* the sum holds all there is */
};

static void destroy(void *data)
{
	struct taking *taking = data;

	kl_lm3_work_destroy(taking->work);
	free(taking);
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct taking *taking = data;

	taking->rows++;
	return kl_lm3_take_supplier(taking->work->sum, row, fault);
}

static void put_answer(
	struct kl_writer *w, const struct taking *taking, const struct kl_lm3_result *result)
{
	kl_write_map(w, 7);
	kl_put_text(w, "project", kl_lm3_project_name(&taking->work->project));
	kl_put_text(w, "file", taking->file);
	kl_put_uint(w, "rows", taking->rows);
	kl_put_uint(w, "suppliers", result->suppliers);
	kl_put_int(w, "supply_chain_pence", result->supply_value);
	kl_put_double(w, "answered_share", result->answered_share);
	kl_put_text(w, "rating", kl_lm3_rating_name(result->rating));
}

/* Answers that came in before count for the new table as well. */
static int join_answers(struct taking *taking, struct kl_fault *fault)
{
	struct kl_lm3_work *work = taking->work;
	int rc;

	kl_lm3_tables_free(&work->tables); /* answers may have come in meanwhile */
	rc = kl_lm3_tables_find(work->node, work->project.key, &work->tables, fault);
	if (rc)
		return rc;
	taking->whole = !taking->strict || !kl_lm3_tables_have_answers(&work->tables);
	return kl_lm3_tables_answers(work->node, &work->tables, work->sum, fault);
}

/* A table that gives no result (all credit notes, too large a sum) does not come in. */
static int end(void *data, struct kl_ask *ask)
{
	struct taking *taking = data;
	struct kl_lm3_result *result;
	int rc;

	if (!taking->rows)
		return kl_fault(&ask->fault, KL_E_INVALID, "the table has no suppliers");
	rc = join_answers(taking, &ask->fault);
	if (rc)
		return rc;
	result = malloc(sizeof *result);
	rc = result ? kl_lm3_sum_result(taking->work->sum, &ask->fault, result) : KL_E_NOMEM;
	if (!rc)
		put_answer(&ask->out, taking, result);
	free(result);
	return rc;
}

static void kept(void *data)
{
	const struct taking *taking = data;

	if (taking->whole)
		kl_lm3_work_kept(taking->work);
}

/* Loose names cost time, and nobody asks for them if there is no answer yet. */
static int look_for_answers(struct taking *taking, struct kl_fault *fault)
{
	struct kl_lm3_work *work = taking->work;
	int rc = kl_lm3_tables_find(work->node, work->project.key, &work->tables, fault);

	if (rc)
		return rc;
	taking->strict = !kl_lm3_tables_have_answers(&work->tables);
	if (taking->strict)
		kl_lm3_sum_strictly(work->sum);
	return KL_OK;
}

int kl_cmd_lm3_import(void *data, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {
		.row = take_row, .end = end, .kept = kept, .destroy = destroy};
	struct taking *taking = calloc(1, sizeof *taking);
	int rc;

	if (!taking)
		return KL_E_NOMEM;
	rc = kl_lm3_work_new(data, ask, KL_LM3_LEDGER_NAMED, &taking->work);
	if (!rc)
		rc = look_for_answers(taking, &ask->fault);
	if (!rc && kl_get_text_or(&ask->args, "file", "", taking->file, sizeof taking->file))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "the name of the file is too long");
	if (rc) {
		destroy(taking);
		return rc;
	}
	return kl_rows_upload(data, ask, KL_LM3_SUPPLIERS, taking->work->project.key,
		kl_bytes_str(taking->file), &sink, taking);
}
