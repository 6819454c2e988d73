/* spend list: the files that came in. spend rejected: their rows that are no payments. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/rows.h"
#include "daemon/spend_answer.h"
#include "daemon/spend_work.h"

#include <stdlib.h>

enum { LISTED_MAX = 200 };

int kl_cmd_spend_list(void *data, struct kl_ask *ask)
{
	struct kl_spend_files files;
	int rc = kl_spend_files_load(data, &files, &ask->fault);
	size_t skipped;

	if (rc)
		return rc;
	skipped = files.count > LISTED_MAX ? files.count - LISTED_MAX : 0;
	kl_write_map(&ask->out, 2);
	kl_put_array(&ask->out, "files", files.count - skipped);
	for (size_t i = skipped; i < files.count; i++) {
		kl_write_map(&ask->out, KL_SPEND_FILE_KEYS);
		kl_put_spend_file(&ask->out, files.items[i].number, &files.items[i].file);
	}
	kl_put_uint(&ask->out, "older", skipped);
	free(files.items);
	return kl_ask_answer(ask);
}

/* ---- rejected ------------------------------------------------------------------------------ */

enum {
	ROWS_BYTES = 56 * 1024, /* of a part on its way: one more row fits in any case */
	PARTS_A_TURN = 32,      /* that are looked through at once */
};

/* A download. What is being looked through: a block of a part of a file. */
struct sending {
	struct kl_node *node;
	struct kl_spend_files files;
	size_t file;
	uint32_t part;
	uint8_t *bytes; /* the part; NULL between two */
	struct kl_cursor blocks;
	struct kl_spend_view view;
	bool in_block;
	struct kl_writer rows;
	uint32_t row_count;
	uint64_t sent;
};

static void destroy(struct sending *s)
{
	free(s->files.items);
	free(s->bytes);
	kl_writer_deinit(&s->rows);
	free(s);
}

static void aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	destroy(data);
}

static void put_rejected(
	struct kl_writer *w, const struct kl_spend_entry *entry, const struct kl_rejected *r)
{
	kl_write_map(w, 5);
	kl_put_text(w, "file", entry->file.name);
	kl_put_uint(w, "line", r->line);
	kl_put_text(w, "reason", kl_reject_text(r->reason));
	if (r->has_pence)
		kl_put_int(w, "pence", r->pence);
	else
		kl_put_nil(w, "pence");
	kl_put_said(w, "row", r->said);
}

/* The next part of the files: 1, or 0 behind the last. */
static int next_part(struct sending *s)
{
	size_t len;
	int rc;

	free(s->bytes);
	s->bytes = NULL;
	while (s->file < s->files.count && s->part >= s->files.items[s->file].import.parts) {
		s->file++;
		s->part = 0;
	}
	if (s->file >= s->files.count)
		return 0;
	rc = kl_import_read_part(
		s->node->store, s->files.items[s->file].import.id, s->part++, &s->bytes, &len);
	if (!rc)
		rc = kl_part_open(kl_bytes(s->bytes, len), &s->blocks);
	return rc ? rc : 1;
}

/* Rows of the part until it ends or enough are there. */
static int collect(struct sending *s)
{
	struct kl_rejected rejected;
	struct kl_value block;
	int rc;

	while (s->rows.buffer.size < ROWS_BYTES) {
		if (!s->in_block) {
			if (!kl_cursor_next(&s->blocks, &block))
				return 0;
			rc = kl_spend_view_open(&block, &s->view);
			if (rc)
				return rc;
			s->in_block = true;
		}
		rc = kl_spend_view_rejected(&s->view, &rejected);
		if (rc < 0)
			return rc;
		s->in_block = rc == 1;
		if (rc == 1) {
			put_rejected(&s->rows, &s->files.items[s->file], &rejected);
			s->row_count++;
		}
	}
	return 1;
}

/* Looks through some parts; *ret_end tells that nothing is left. */
static int look_on(struct sending *s, bool *ret_end)
{
	int rc = 1;

	*ret_end = false;
	for (int i = 0; rc > 0 && i < PARTS_A_TURN; i++) {
		if (!s->bytes) {
			rc = next_part(s);
			*ret_end = rc == 0;
		}
		if (rc <= 0)
			break;
		rc = collect(s);
		if (rc == 1)
			break; /* full: the rest of this part comes with the next */
		if (!rc) {
			free(s->bytes);
			s->bytes = NULL;
			rc = 1;
		}
	}
	return rc < 0 ? rc : KL_OK;
}

static int send_rows(struct sending *s, struct kl_ask *ask)
{
	struct kl_bytes rows;
	int rc = kl_writer_bytes(&s->rows, &rows);

	if (rc)
		return rc;
	kl_write_array(&ask->out, s->row_count);
	if (rows.len)
		kl_write_raw(&ask->out, rows);
	s->sent += s->row_count;
	s->row_count = 0;
	kl_writer_reset(&s->rows);
	return kl_ask_part(ask);
}

static int answer_sent(struct sending *s, struct kl_ask *ask)
{
	uint64_t rejected = 0, there = 0;
	int64_t pence = 0;

	for (size_t i = 0; i < s->files.count; i++) {
		rejected += kl_spend_file_rejected(&s->files.items[i].file);
		pence += kl_spend_file_rejected_pence(&s->files.items[i].file);
		there += s->files.items[i].file.rejected[KL_REJECT_THERE];
	}
	kl_write_map(&ask->out, 4);
	kl_put_uint(&ask->out, "rejected", rejected);
	kl_put_int(&ask->out, "rejected_pence", pence);
	kl_put_uint(&ask->out, "listed", s->sent);
	/* those stand in the file that they came in with */
	kl_put_uint(&ask->out, "already_there", there);
	destroy(s);
	return kl_ask_answer(ask);
}

static int more(struct kl_ask *ask, void *data)
{
	struct sending *s = data;
	bool end = false;
	int rc = look_on(s, &end);

	if (rc)
		return kl_fault(
			&ask->fault, rc, "a spending file cannot be read: %s", kl_error_text(rc));
	return end && !s->row_count ? answer_sent(s, ask) : send_rows(s, ask);
}

int kl_cmd_spend_rejected(void *data, struct kl_ask *ask)
{
	static const struct kl_ask_hooks hooks = {.more = more, .abort = aborted};
	struct kl_spend_work *work;
	struct sending *s;
	int rc = kl_spend_work_new(data, ask, &work);

	if (rc)
		return rc;
	s = calloc(1, sizeof *s);
	if (s) {
		s->node = data;
		s->files = work->files;
		work->files = (struct kl_spend_files){.count = 0};
		kl_writer_init(&s->rows);
	}
	kl_spend_work_destroy(work);
	if (!s)
		return KL_E_NOMEM;
	(void)kl_ask_later(ask, &hooks, s);
	return more(ask, s);
}
