/* lm3 answers: what suppliers said when they were asked comes in, all of it or nothing. lm3 asked: who
 * was sent a letter. */
#include "core/words.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/lm3_answer.h"
#include "daemon/lm3_work.h"
#include "protocol/doc_answer.h"
#include "protocol/doc_import.h"

#include <stdlib.h>
#include <string.h>

enum {
	NAMED_MAX = 20,         /* of each list in the answer */
	SUGGESTING_MAX = 20000, /* suppliers among which a nearest name is looked for */
};

struct pair {
	char answer[KL_NAME_MAX], supplier[KL_NAME_MAX];
};

struct taking {
	struct kl_lm3_work *work;
	char file[KL_IMPORT_FILE_MAX];
	bool skip; /* answers of unknown suppliers do not keep the others out */
	struct kl_lm3_result before, after;
	uint64_t rows, taken, replaced, loose_count, stray_count;
	struct pair loose[NAMED_MAX];
	char strays[NAMED_MAX][KL_NAME_MAX];
	bool first_fits_several;
};

static void destroy(void *data)
{
	struct taking *t = data;

	if (t)
		kl_lm3_work_destroy(t->work);
	free(t);
}

static void note_stray(struct taking *t, const char *name, enum kl_lm3_match match)
{
	if (t->stray_count == 0)
		t->first_fits_several = match == KL_LM3_SEVERAL;
	if (t->stray_count < NAMED_MAX)
		(void)kl_copy_text(t->strays[t->stray_count], KL_NAME_MAX, name);
	t->stray_count++;
}

static void note_loose(struct taking *t, const char *name, size_t index)
{
	struct pair *pair = &t->loose[t->loose_count];

	if (t->loose_count++ >= NAMED_MAX)
		return;
	(void)kl_copy_text(pair->answer, sizeof pair->answer, name);
	(void)kl_copy_text(
		pair->supplier, sizeof pair->supplier, kl_lm3_sum_line(t->work->sum, index).name);
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct taking *t = data;
	struct kl_lm3_answer answer;
	enum kl_lm3_match match;
	size_t index = 0;
	int rc = kl_doc_answer_decode(row, &answer);

	if (rc)
		return kl_fault(fault, rc, "an answer cannot be read: %s", kl_error_text(rc));
	t->rows++;
	match = kl_lm3_sum_find(t->work->sum, answer.name, &index);
	if (match == KL_LM3_NO_MATCH || match == KL_LM3_SEVERAL) {
		note_stray(t, answer.name, match);
		return KL_OK;
	}
	if (match == KL_LM3_LOOSE)
		note_loose(t, answer.name, index);
	t->taken++;
	t->replaced += kl_lm3_sum_line(t->work->sum, index).answered;
	(void)kl_lm3_sum_answer(t->work->sum, &answer, &index);
	return KL_OK;
}

/* ---- answers of nobody --------------------------------------------------------------------- */

static const char *spelling(const void *context, size_t index, size_t which)
{
	return which ? NULL : kl_lm3_sum_line(context, index).name;
}

/* The supplier whose name is nearest to that of the first stray; "" if none is near. */
static const char *nearest(const struct taking *t)
{
	const struct kl_words words = {kl_lm3_sum_count(t->work->sum), spelling, t->work->sum};
	size_t found[KL_WORDS_NEAREST_MAX];

	if (words.count > SUGGESTING_MAX || !kl_words_nearest(&words, t->strays[0], found))
		return "";
	return kl_lm3_sum_line(t->work->sum, found[0]).name;
}

static int refuse_strays(const struct taking *t, struct kl_fault *fault)
{
	char names[320] = "";
	const char *near = t->first_fits_several ? "" : nearest(t);

	for (uint64_t i = 0; i < t->stray_count && i < 3; i++) {
		size_t len = strlen(names);

		snprintf(names + len, sizeof names - len, "%s'%.90s'", len ? ", " : "",
			t->strays[i]);
	}
	kl_fault(fault, KL_E_INVALID, "%llu of %llu answers fit%s no supplier of '%.60s': %s%s",
		(unsigned long long)t->stray_count, (unsigned long long)t->rows,
		t->stray_count == 1 ? "s" : "", kl_lm3_project_name(&t->work->project), names,
		t->stray_count > 3 ? ", ..." : "");
	if (t->first_fits_several)
		return kl_fault_hint(fault,
			"'%.60s' fits several suppliers: write its name as in "
			"their table, or leave such out: --skip-unknown",
			t->strays[0]);
	if (near[0])
		return kl_fault_hint(fault,
			"did you mean '%.100s'? Write names as in the table of "
			"suppliers, or leave such out: --skip-unknown",
			near);
	return kl_fault_hint(fault,
		"write names as in the table of suppliers, or leave such answers "
		"out: --skip-unknown");
}

/* ---- the answer ---------------------------------------------------------------------------- */

static void put_state(struct kl_writer *w, const char *key, const struct kl_lm3_result *r)
{
	kl_put_map(w, key, 2);
	kl_put_lm3_shares(w, "lm3", &r->lm3);
	kl_put_lm3_confidence(w, r);
}

static size_t shown(uint64_t count)
{
	return count < NAMED_MAX ? (size_t)count : NAMED_MAX;
}

static void put_answer(struct kl_writer *w, const struct taking *t)
{
	kl_write_map(w, 10);
	kl_put_text(w, "project", kl_lm3_project_name(&t->work->project));
	kl_put_text(w, "file", t->file);
	kl_put_uint(w, "answers", t->rows);
	kl_put_uint(w, "taken", t->taken);
	kl_put_uint(w, "replaced", t->replaced);
	kl_put_uint(w, "left_out_count", t->stray_count);
	kl_put_array(w, "left_out", shown(t->stray_count));
	for (size_t i = 0; i < shown(t->stray_count); i++)
		kl_write_text(w, t->strays[i]);
	kl_put_array(w, "loosely", shown(t->loose_count));
	for (size_t i = 0; i < shown(t->loose_count); i++) {
		kl_write_map(w, 2);
		kl_put_text(w, "answer", t->loose[i].answer);
		kl_put_text(w, "supplier", t->loose[i].supplier);
	}
	put_state(w, "before", &t->before);
	put_state(w, "after", &t->after);
}

static int end(void *data, struct kl_ask *ask)
{
	struct taking *t = data;
	int rc;

	if (!t->rows)
		return kl_fault(&ask->fault, KL_E_INVALID, "there are no answers in the table");
	if (t->stray_count && !(t->skip && t->taken))
		return refuse_strays(t, &ask->fault);
	rc = kl_lm3_sum_result(t->work->sum, &ask->fault, &t->after);
	if (!rc)
		put_answer(&ask->out, t);
	return rc;
}

static void kept(void *data)
{
	const struct taking *t = data;

	kl_lm3_work_grew(t->work);
}

static int check_count(const struct kl_lm3_tables *tables, struct kl_fault *fault)
{
	if (tables->count < KL_LM3_TABLES_MAX)
		return KL_OK;
	return kl_fault(fault, KL_E_TOO_BIG,
		"%d tables of answers and letters are the most for one project", KL_LM3_TABLES_MAX);
}

static int check_room(const struct kl_lm3_work *work, struct kl_fault *fault)
{
	if (!kl_lm3_sum_count(work->sum)) {
		kl_fault(fault, KL_E_NOT_FOUND, "'%.100s' has no suppliers yet",
			kl_lm3_project_name(&work->project));
		return kl_fault_hint(fault, "keeplocal lm3 import NAME suppliers FILE");
	}
	return check_count(&work->tables, fault);
}

/* Everything that is known so far was added up: now the answers. */
static int take_answers(struct kl_lm3_work *work, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {
		.row = take_row, .end = end, .kept = kept, .destroy = destroy};
	struct taking *t = work->wishes;
	int rc;

	work->wishes = NULL;
	t->work = work;
	rc = check_room(work, &ask->fault);
	if (!rc)
		rc = kl_lm3_sum_result(work->sum, &ask->fault, &t->before);
	if (rc) {
		destroy(t);
		return rc;
	}
	rc = kl_rows_upload(work->node, ask, KL_LM3_ANSWERS, work->project.key,
		kl_bytes_str(t->file), &sink, t);
	return rc ? rc : KL_ROWS_GO_ON;
}

int kl_cmd_lm3_answers(void *data, struct kl_ask *ask)
{
	struct kl_lm3_work *work;
	struct taking *t;
	int rc = kl_lm3_work_new(data, ask, KL_LM3_LEDGER_NAMED, &work);

	if (rc)
		return rc;
	work->wishes = t = calloc(1, sizeof *t);
	rc = t ? kl_ask_text(ask, "file", t->file, sizeof t->file) : KL_E_NOMEM;
	if (!rc && kl_get_bool_or(&ask->args, "skip_unknown", false, &t->skip))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "skip_unknown: expected yes or no");
	if (!rc)
		return kl_lm3_work_then(work, ask, take_answers);
	kl_lm3_work_destroy(work);
	return rc;
}

/* ---- who was asked ------------------------------------------------------------------------- */

struct asking {
	struct kl_lm3_project project;
	uint64_t rows;
};

static int take_asked(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct asking *asking = data;
	char supplier[KL_NAME_MAX];
	int rc = kl_doc_asked_decode(row, supplier);

	asking->rows++;
	return rc ? kl_fault(fault, rc, "a row cannot be read: %s", kl_error_text(rc)) : KL_OK;
}

static int end_asked(void *data, struct kl_ask *ask)
{
	const struct asking *asking = data;

	if (!asking->rows)
		return kl_fault(&ask->fault, KL_E_INVALID, "nobody was asked");
	kl_write_map(&ask->out, 2);
	kl_put_text(&ask->out, "project", kl_lm3_project_name(&asking->project));
	kl_put_uint(&ask->out, "asked", asking->rows);
	return KL_OK;
}

static int check_tables(struct kl_node *node, const char *key, struct kl_fault *fault)
{
	struct kl_lm3_tables tables = {.count = 0};
	int rc = kl_lm3_tables_find(node, key, &tables, fault);

	if (!rc)
		rc = check_count(&tables, fault);
	kl_lm3_tables_free(&tables);
	return rc;
}

int kl_cmd_lm3_asked(void *data, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {
		.row = take_asked, .end = end_asked, .destroy = free};
	char name[KL_NAME_MAX], file[KL_IMPORT_FILE_MAX];
	struct asking *asking;
	int rc;

	if ((rc = kl_ask_needed(ask, "name", "which project?", name, sizeof name)) ||
		(rc = kl_ask_text(ask, "file", file, sizeof file)))
		return rc;
	asking = calloc(1, sizeof *asking);
	if (!asking)
		return KL_E_NOMEM;
	rc = kl_lm3_project_named(data, name, &asking->project, &ask->fault);
	if (!rc)
		rc = check_tables(data, asking->project.key, &ask->fault);
	if (rc) {
		free(asking);
		return rc;
	}
	return kl_rows_upload(
		data, ask, KL_LM3_ASKED, asking->project.key, kl_bytes_str(file), &sink, asking);
}
