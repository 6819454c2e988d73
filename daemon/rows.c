#include "daemon/rows.h"
#include "core/bytes.h"
#include "protocol/part.h"

#include <stdlib.h>
#include <string.h>

enum { COMMIT_BYTES = 4 << 20 };

/* The rows of one part, one by one. *ret_rows (may be NULL) grows by their number. */
static int give_rows(struct kl_bytes part, const struct kl_rows_sink *sink, void *data,
	uint64_t *ret_rows, struct kl_fault *fault)
{
	struct kl_cursor rows;
	struct kl_value row;
	uint64_t n = 0;
	int rc = kl_part_open(part, &rows);

	if (rc)
		return kl_fault(
			fault, rc, "a part of the table cannot be read: %s", kl_error_text(rc));
	for (; !rc && kl_cursor_next(&rows, &row); n++)
		rc = sink->row(data, &row, fault);
	if (!rc && ret_rows)
		*ret_rows += n;
	return rc;
}

int kl_rows_part(struct kl_node *node, const struct kl_import *import, uint32_t index,
	const struct kl_rows_sink *sink, void *data, struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_import_read_part(node->store, import->id, index, &bytes, &len);

	if (rc)
		return kl_fault(fault, rc, "a stored table cannot be read: %s", kl_error_text(rc));
	rc = give_rows(kl_bytes(bytes, len), sink, data, NULL, fault);
	free(bytes);
	return rc;
}

int kl_rows_each(struct kl_node *node, const struct kl_import *imports, size_t count,
	const struct kl_rows_sink *sink, void *data, struct kl_fault *fault)
{
	int rc = KL_OK;

	for (size_t t = 0; !rc && t < count; t++) {
		if (sink->table)
			rc = sink->table(data, t, fault);
		for (uint32_t i = 0; !rc && i < imports[t].parts; i++)
			rc = kl_rows_part(node, &imports[t], i, sink, data, fault);
	}
	return rc;
}

int kl_rows_all(struct kl_node *node, const char *kind, const char *name,
	const struct kl_rows_sink *sink, void *data, struct kl_fault *fault)
{
	struct kl_import import;
	int rc = kl_import_latest(node->store, kind, name, &import);

	if (rc)
		return rc == KL_E_NOT_FOUND ? rc
					    : kl_fault(fault, rc, "a stored table cannot be read");
	return kl_rows_each(node, &import, 1, sink, data, fault);
}

/* ---- reading, a part a turn ---------------------------------------------------------------- */

struct reading {
	uv_idle_t idle; /* first: freed as what it is */
	struct kl_node *node;
	struct kl_ask *ask;
	const struct kl_rows_sink *sink;
	void *data;
	const char *what;
	uint64_t done, total; /* parts of all tables */
	size_t table, tables;
	uint32_t next; /* part of that table */
	struct kl_import imports[];
};

static void idle_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void end_reading(struct reading *r)
{
	r->sink->destroy(r->data);
	uv_idle_stop(&r->idle);
	uv_close((uv_handle_t *)&r->idle, idle_closed);
}

static void reading_aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	end_reading(data);
}

static const struct kl_ask_hooks reading_hooks = {.abort = reading_aborted};

/* One part, or the step to the next table. */
static int read_a_part(struct reading *r)
{
	const struct kl_import *import = &r->imports[r->table];
	struct kl_fault *fault = &r->ask->fault;
	int rc = KL_OK;

	if (r->next == 0 && r->sink->table)
		rc = r->sink->table(r->data, r->table, fault);
	if (!rc && r->next < import->parts) {
		rc = kl_rows_part(r->node, import, r->next, r->sink, r->data, fault);
		r->next++;
		r->done++;
	}
	if (!rc && r->next >= import->parts) {
		r->table++;
		r->next = 0;
	}
	return rc;
}

static void read_on(uv_idle_t *idle)
{
	struct reading *r = idle->data;
	struct kl_ask *ask = r->ask;
	int rc = r->table < r->tables ? read_a_part(r) : KL_OK;

	if (!rc && r->table < r->tables) {
		kl_ask_progress(ask, r->done, r->total, r->what);
		return;
	}
	if (!rc)
		rc = r->sink->end(r->data, ask);
	if (rc == KL_ROWS_GO_ON) {
		end_reading(r);
		return;
	}
	if (rc) {
		if (!ask->fault.code)
			kl_fault(&ask->fault, rc, "%s: %s", r->what, kl_error_text(rc));
		kl_ask_refuse(ask); /* and through it reading_aborted() */
		return;
	}
	kl_ask_answer(ask);
	end_reading(r);
}

static int start_reading(struct reading *r)
{
	r->idle.data = r;
	if (uv_idle_init(&r->node->uv, &r->idle))
		return KL_E_NOMEM;
	uv_idle_start(&r->idle, read_on); /* cannot fail with a callback */
	return kl_ask_later(r->ask, &reading_hooks, r);
}

int kl_rows_read_all(struct kl_node *node, struct kl_ask *ask, const struct kl_import *imports,
	size_t count, const char *what, const struct kl_rows_sink *sink, void *data)
{
	struct reading *r = calloc(1, sizeof *r + count * sizeof *imports);
	int rc;

	if (!r) {
		sink->destroy(data);
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory to read a table");
	}
	r->node = node;
	r->ask = ask;
	r->sink = sink;
	r->data = data;
	r->what = what;
	r->tables = count;
	for (size_t i = 0; i < count; i++) {
		r->imports[i] = imports[i];
		r->total += imports[i].parts;
	}
	rc = start_reading(r);
	if (rc) {
		sink->destroy(data);
		free(r);
		return kl_fault(&ask->fault, rc, "no memory to read a table");
	}
	return KL_OK;
}

int kl_rows_read(struct kl_node *node, struct kl_ask *ask, const char *kind, const char *name,
	const char *what, const struct kl_rows_sink *sink, void *data)
{
	struct kl_import import;
	int rc = kl_import_latest(node->store, kind, name, &import);

	if (rc && rc != KL_E_NOT_FOUND) {
		sink->destroy(data);
		return kl_fault(&ask->fault, rc, "a stored table cannot be read");
	}
	return kl_rows_read_all(node, ask, &import, rc ? 0 : 1, what, sink, data);
}

/* ---- taking an upload ---------------------------------------------------------------------- */

struct taking {
	uv_idle_t idle; /* first: freed as what it is */
	bool idling;    /* everything arrived, and sink->more() is at work */
	struct kl_ask *ask;
	struct kl_node *node;
	const struct kl_rows_sink *sink;
	void *data;
	struct kl_batch *batch;
	uint64_t id, rows;
	uint32_t parts;
	char kind[KL_STORE_KIND_MAX + 1], name[KL_STORE_NAME_MAX + 1];
	char file[KL_IMPORT_FILE_MAX];
};

static void end_taking(struct taking *t)
{
	t->sink->destroy(t->data);
	kl_batch_destroy(t->batch);
	if (!t->idling) {
		free(t);
		return;
	}
	uv_idle_stop(&t->idle);
	uv_close((uv_handle_t *)&t->idle, idle_closed);
}

/* What was staged of an upload that will not be finished goes at once, or else at the next start. */
static void taking_aborted(struct kl_ask *ask, void *data)
{
	struct taking *t = data;

	(void)ask;
	(void)kl_import_discard(t->node->store, t->id, NULL);
	end_taking(t);
}

static int take_part(struct kl_ask *ask, void *data, const struct kl_value *rows)
{
	struct taking *t = data;
	struct kl_bytes part = rows->raw;
	int rc = give_rows(part, t->sink, t->data, &t->rows, &ask->fault);

	if (!rc && t->sink->rewrite)
		rc = t->sink->rewrite(t->data, &part, &ask->fault);
	if (rc)
		return rc;
	if (t->parts == KL_STORE_PARTS_MAX)
		return kl_fault(&ask->fault, KL_E_TOO_BIG, "the table is larger than %d parts",
			KL_STORE_PARTS_MAX);
	if (kl_batch_bytes(t->batch) + part.len > COMMIT_BYTES) {
		rc = kl_store_commit(t->node->store, t->batch, &ask->fault);
		if (rc)
			return rc;
		kl_batch_reset(t->batch);
	}
	/* An error sticks to the batch and comes out of the commit. */
	(void)kl_import_part(t->batch, t->id, t->parts++, part);
	return KL_OK;
}

/* Everything that becomes visible with the last commit. */
static int gather_end(struct kl_ask *ask, struct taking *t)
{
	const struct kl_import_about about = {
		t->kind, t->name, t->file, t->sink->count ? t->sink->count(t->data) : t->rows};
	struct kl_changes *changes = kl_changes_on(t->node, t->batch);
	int rc = t->sink->publish ? t->sink->publish(t->data, changes, &ask->fault) : KL_OK;

	if (!rc)
		rc = kl_changes_end(changes, t->id, t->parts, &about, &ask->fault);
	kl_changes_destroy(changes);
	return rc;
}

/* Stages what is left, hears the sink, and only then makes everything visible. */
static int finish(struct kl_ask *ask, struct taking *t)
{
	int rc = t->sink->end(t->data, ask);

	if (!rc)
		rc = gather_end(ask, t);
	if (!rc)
		rc = kl_store_commit(t->node->store, t->batch, &ask->fault);
	if (rc)
		return rc;
	if (t->sink->kept)
		t->sink->kept(t->data);
	end_taking(t);
	return kl_ask_answer(ask);
}

static void do_more(uv_idle_t *idle)
{
	struct taking *t = idle->data;
	struct kl_ask *ask = t->ask;
	int rc = t->sink->more(t->data, &ask->fault);

	if (rc == KL_ROWS_GO_ON)
		return;
	if (!rc)
		rc = finish(ask, t);
	if (!rc)
		return;
	if (!ask->fault.code)
		kl_fault(&ask->fault, rc, "%s: %s", ask->command, kl_error_text(rc));
	kl_ask_refuse(ask); /* and through it taking_aborted() */
}

static int take_end(struct kl_ask *ask, void *data)
{
	struct taking *t = data;

	if (!t->sink->more)
		return finish(ask, t);
	if (uv_idle_init(&t->node->uv, &t->idle))
		return KL_E_NOMEM;
	t->ask = ask;
	t->idle.data = t;
	t->idling = true;
	uv_idle_start(&t->idle, do_more); /* cannot fail with a callback */
	return KL_OK;
}

static const struct kl_ask_hooks taking_hooks = {
	.part = take_part, .end = take_end, .abort = taking_aborted};

int kl_rows_upload(struct kl_node *node, struct kl_ask *ask, const char *kind, const char *name,
	struct kl_bytes file, const struct kl_rows_sink *sink, void *data)
{
	struct taking *t = calloc(1, sizeof *t);
	int rc = t ? kl_import_begin(node->store, &t->id) : KL_E_NOMEM;

	KL_ASSERT(file.len < KL_IMPORT_FILE_MAX);
	if (!rc)
		t->batch = kl_batch_new();
	if (rc || !t->batch) {
		sink->destroy(data);
		free(t);
		return kl_fault(&ask->fault, rc ? rc : KL_E_NOMEM, "no import can be begun");
	}
	t->node = node;
	t->sink = sink;
	t->data = data;
	(void)kl_copy_text(t->kind, sizeof t->kind, kind);
	(void)kl_copy_text(t->name, sizeof t->name, name);
	memcpy(t->file, file.data, file.len);
	return kl_ask_upload(ask, &taking_hooks, t);
}

/* ---- turning back -------------------------------------------------------------------------- */

struct undoing {
	struct kl_node *node;
	struct kl_batch *batch;
	const char *name;
	size_t count;
};

static int undo_one(void *arg, const struct kl_import *import)
{
	struct undoing *u = arg;

	if (strcmp(import->name, u->name) != 0)
		return KL_VISIT_ON;
	u->count++;
	return kl_changes_drop(u->node, u->batch, import);
}

int kl_rows_undo(struct kl_node *node, struct kl_batch *batch, const char *kind, const char *name,
	size_t *ret_count)
{
	struct undoing u = {node, batch, name, 0};
	int rc = kl_import_visit(node->store, kind, undo_one, &u);

	if (!rc && ret_count)
		*ret_count = u.count;
	return rc;
}
