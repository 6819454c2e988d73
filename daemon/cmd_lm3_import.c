/* lm3 import: a table of suppliers for a project. */
#include "daemon/commands.h"
#include "daemon/lm3_work.h"

#include <stdlib.h>

struct taking {
	struct kl_lm3_work *work;
	char file[256];
	uint64_t rows;
	bool strict;  /* there were no answers to be joined by name */
	bool joining; /* all rows are there: now the answers */
	bool whole;   /* the sum holds all there is */
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

static int find_tables(struct taking *taking, struct kl_lm3_tables *ret, struct kl_fault *fault)
{
	return kl_lm3_tables_find(taking->work->node, taking->work->project.key, ret, fault);
}

/* Answers that came in before count for the new table as well: a part of them a turn. */
static int join_answers(void *data, struct kl_fault *fault)
{
	struct taking *taking = data;
	struct kl_lm3_work *work = taking->work;
	int rc;

	if (!taking->joining) {
		taking->joining = true;
		kl_lm3_tables_free(&work->tables); /* answers may have come in meanwhile */
		rc = find_tables(taking, &work->tables, fault);
		if (rc)
			return rc;
	}
	return kl_lm3_tables_join(work->node, &work->tables, work->sum, fault);
}

/* Unless answers could not be joined by name, or came in or went away while they were. */
static int is_whole(struct taking *taking, bool *ret_whole, struct kl_fault *fault)
{
	struct kl_lm3_tables now = {.count = 0};
	int rc = find_tables(taking, &now, fault);

	*ret_whole = !rc && kl_lm3_tables_are(&taking->work->tables, &now, 0) &&
		     (!taking->strict || !kl_lm3_tables_have_answers(&now));
	kl_lm3_tables_free(&now);
	return rc;
}

/* A table that gives no result (all credit notes, too large a sum) does not come in. */
static int end(void *data, struct kl_ask *ask)
{
	struct taking *taking = data;
	struct kl_lm3_result *result;
	int rc;

	if (!taking->rows)
		return kl_fault(&ask->fault, KL_E_INVALID, "the table has no suppliers");
	rc = is_whole(taking, &taking->whole, &ask->fault);
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
	int rc = find_tables(taking, &work->tables, fault);

	if (rc)
		return rc;
	taking->strict = !kl_lm3_tables_have_answers(&work->tables);
	if (taking->strict)
		kl_lm3_sum_strictly(work->sum);
	return KL_OK;
}

int kl_cmd_lm3_import(void *data, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {.row = take_row,
		.more = join_answers,
		.end = end,
		.kept = kept,
		.destroy = destroy};
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
