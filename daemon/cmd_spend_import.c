/* spend import: one spending file. First the payments that are there already are looked through,
 * then the file's own come in, and nothing is kept unless all of them can be. */
#include "core/hash.h"
#include "core/money.h"
#include "core/names.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/rows.h"
#include "daemon/spend_answer.h"
#include "daemon/spend_files.h"
#include "daemon/spend_there.h"
#include "daemon/which_area.h"

#include <stdlib.h>
#include <string.h>

enum repeat { REFUSE, TAKE_ALL, TAKE_NEW };

enum {
	FIRST_REJECTED = 5,
	FIRST_LIKELY = 10957, /* 1 January 2000: no council published its payments before */
	MS_OF_DAY = 24 * 60 * 60 * 1000,
};

/* Payments of days on which hardly anything was paid: after tomorrow, or long ago (ours). Told, since
 * most are slips of a keyboard, and taken, since nobody but their publisher knows. */
struct unlikely {
	uint32_t payments, line; /* of the first */
	int64_t pence;
};

/* Hashes of the keys of names, by the number of their text. */
struct names {
	uint64_t *hashes;
	size_t count, room;
};

struct work {
	struct kl_node *node;
	struct kl_spend_files files;  /* that are there */
	struct kl_spend_there *there; /* their payments; NULL if none is to be looked for */
	uint32_t *found;              /* how many payments of each come in again */
	int64_t found_pence;
	uint64_t found_count;

	uint64_t number; /* of what comes in */
	struct kl_spend_file own;
	int64_t moved; /* all amounts without their sign */
	int32_t tomorrow;
	struct unlikely unlikely;
	enum repeat repeat;
	bool has_area;
	struct kl_area area;
	struct kl_hash content;
	struct names names; /* of the file that is read or comes in */
	unsigned first_count;
	struct kl_rejected first[FIRST_REJECTED];

	struct kl_spend_part part; /* what is kept of a part, for TAKE_NEW */
	struct kl_writer kept;
};

static void destroy(void *data)
{
	struct work *work = data;

	if (!work)
		return;
	free(work->files.items);
	free(work->found);
	free(work->names.hashes);
	kl_spend_there_destroy(work->there);
	kl_spend_part_deinit(&work->part);
	kl_writer_deinit(&work->kept);
	free(work);
}

/* ---- payments ------------------------------------------------------------------------------ */

static int add_name(struct names *names, const char *text)
{
	char key[KL_NAME_MAX];
	size_t room = names->room ? names->room * 2 : 1024;
	uint64_t *more;

	if (names->count >= KL_SPEND_TEXTS_MAX)
		return KL_E_TOO_BIG;
	if (names->count == names->room) {
		more = realloc(names->hashes, room * sizeof *more);
		if (!more)
			return KL_E_NOMEM;
		names->hashes = more;
		names->room = room;
	}
	names->hashes[names->count++] = kl_spend_hash(kl_name_key(text, key));
	return KL_OK;
}

/* Opens a block and takes its texts in; with `part`, they are kept in it, too. */
static int take_texts(struct names *names, const struct kl_value *row, struct kl_spend_part *part,
	struct kl_spend_view *ret_view)
{
	char text[KL_SPEND_TEXT_MAX];
	int rc = kl_spend_view_open(row, ret_view);

	while (!rc && (rc = kl_spend_view_text(ret_view, text)) == 1) {
		rc = add_name(names, text);
		if (!rc && part)
			kl_spend_part_text(part, text);
	}
	return rc;
}

/* The next payment that passed its check, and its print: 1, 0, or an error. */
static int next_payment(const struct names *names, struct kl_spend_view *view,
	struct kl_payment *ret_payment, uint64_t *ret_print)
{
	int rc = kl_spend_view_payment(view, ret_payment);

	if (rc != 1)
		return rc;
	rc = kl_payment_check(ret_payment, (uint32_t)names->count);
	if (rc)
		return rc;
	*ret_print = kl_payment_print(ret_payment, names->hashes[ret_payment->supplier - 1]);
	return 1;
}

/* ---- what is there ------------------------------------------------------------------------- */

struct looking {
	struct work *work;
	size_t file;
};

static void destroy_looking(void *data)
{
	struct looking *looking = data;

	destroy(looking->work);
	free(looking);
}

static int look_at_file(void *data, size_t index, struct kl_fault *fault)
{
	struct looking *looking = data;

	(void)fault;
	looking->file = index;
	looking->work->names.count = 0;
	return KL_OK;
}

static int look_at_block(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct looking *looking = data;
	struct work *work = looking->work;
	struct kl_spend_view view;
	struct kl_payment payment;
	uint64_t print = 0;
	int rc = take_texts(&work->names, row, NULL, &view);

	while (!rc && (rc = next_payment(&work->names, &view, &payment, &print)) == 1)
		rc = kl_spend_there_add(work->there, print, (uint16_t)looking->file);
	return rc ? kl_fault(fault, rc, "a spending file that is there cannot be read") : KL_OK;
}

static int take_file(struct work *work, struct kl_ask *ask);

static int looked(void *data, struct kl_ask *ask)
{
	struct looking *looking = data;
	struct work *work = looking->work;
	int rc;

	looking->work = NULL;
	rc = take_file(work, ask);
	return rc ? rc : KL_ROWS_GO_ON;
}

static int look(struct work *work, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {.table = look_at_file,
		.row = look_at_block,
		.end = looked,
		.destroy = destroy_looking};
	struct looking *looking = calloc(1, sizeof *looking);
	struct kl_import *imports = calloc(work->files.count, sizeof *imports);
	uint64_t count = 0;
	int rc = KL_E_NOMEM;

	if (looking && imports) {
		looking->work = work;
		for (size_t i = 0; i < work->files.count; i++) {
			imports[i] = work->files.items[i].import;
			count += work->files.items[i].file.accepted;
		}
		work->found = calloc(work->files.count, sizeof *work->found);
		work->there = kl_spend_there_new(count);
	}
	if (work->found && work->there) {
		rc = kl_rows_read_all(work->node, ask, imports, work->files.count,
			"looking for payments that are there already", &sink, looking);
	} else {
		free(looking);
		destroy(work);
		kl_fault(&ask->fault, rc, "no memory to look for payments that are there");
	}
	free(imports);
	return rc;
}

/* ---- what comes in ------------------------------------------------------------------------- */

/* As long as this fits, every sum of the file does. */
static int count_moved(struct work *work, int64_t pence)
{
	work->moved += pence < 0 ? -pence : pence;
	return work->moved > KL_SPEND_FILE_PENCE_MAX ? KL_E_RANGE : KL_OK;
}

static int count_rejected(struct work *work, const struct kl_rejected *r)
{
	struct kl_spend_file *f = &work->own;

	f->rejected[r->reason]++;
	f->unreadable += !r->has_pence;
	if (work->first_count < FIRST_REJECTED && r->reason != KL_REJECT_THERE)
		work->first[work->first_count++] = *r;
	f->rejected_pence[r->reason] += r->pence;
	return count_moved(work, r->pence);
}

static void count_unlikely(struct unlikely *u, const struct kl_payment *p)
{
	if (!u->payments++)
		u->line = p->line;
	u->pence += p->pence;
}

static int count_payment(struct work *work, const struct kl_payment *p)
{
	struct kl_spend_file *f = &work->own;

	f->accepted++;
	if (!f->has_days || p->day < f->first)
		f->first = p->day;
	if (!f->has_days || p->day > f->last)
		f->last = p->day;
	f->has_days = true;
	f->pence += p->pence;
	if (p->day < FIRST_LIKELY || p->day > work->tomorrow)
		count_unlikely(&work->unlikely, p);
	return count_moved(work, p->pence);
}

/* A payment that is there already is counted, but not kept a second time. */
static int leave_out(struct work *work, const struct kl_payment *p)
{
	const struct kl_rejected r = {p->line, KL_REJECT_THERE, true, p->pence, ""};

	return count_rejected(work, &r);
}

static int take_payment(struct work *work, const struct kl_payment *p, uint64_t print)
{
	uint16_t file;

	if (work->there && kl_spend_there_take(work->there, print, &file)) {
		work->found[file]++;
		work->found_count++;
		work->found_pence += p->pence;
		if (work->repeat == TAKE_NEW)
			return leave_out(work, p);
	}
	if (work->repeat == TAKE_NEW)
		kl_spend_part_payment(&work->part, p);
	return count_payment(work, p);
}

static int take_block(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct work *work = data;
	struct kl_spend_part *kept = work->repeat == TAKE_NEW ? &work->part : NULL;
	struct kl_spend_view view;
	struct kl_payment payment;
	struct kl_rejected rejected;
	uint64_t print = 0;
	int rc;

	kl_hash_feed(&work->content, row->raw);
	rc = take_texts(&work->names, row, kept, &view);
	while (!rc && (rc = next_payment(&work->names, &view, &payment, &print)) == 1)
		rc = take_payment(work, &payment, print);
	while (!rc && (rc = kl_spend_view_rejected(&view, &rejected)) == 1) {
		rc = count_rejected(work, &rejected);
		if (kept)
			kl_spend_part_reject(kept, &rejected);
	}
	return rc ? kl_fault(fault, rc, "a part of the file cannot be taken: %s", kl_error_text(rc))
		  : KL_OK;
}

/* What is left of a part; never more than what came. */
static int rewrite(void *data, struct kl_bytes *ret_part, struct kl_fault *fault)
{
	struct work *work = data;
	int rc;

	if (work->repeat != TAKE_NEW)
		return KL_OK;
	kl_writer_reset(&work->kept);
	kl_spend_part_write(&work->part, &work->kept);
	rc = kl_writer_bytes(&work->kept, ret_part);
	return rc ? kl_fault(fault, rc, "no memory for a part") : KL_OK;
}

/* ---- the end ------------------------------------------------------------------------------- */

static int repeated_file(
	const struct work *work, const struct kl_spend_entry *there, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_EXISTS, "%.150s is in already: it came in as file %llu, '%.150s'",
		work->own.name, (unsigned long long)there->number, there->file.name);
	return kl_fault_hint(fault,
		"keeplocal spend list shows what is in; --again takes it a second "
		"time all the same");
}

static int repeated_payments(const struct work *work, struct kl_fault *fault)
{
	char count[KL_MONEY_TEXT_MAX], all[KL_MONEY_TEXT_MAX], money[KL_MONEY_TEXT_MAX];
	char where[200] = "";

	for (size_t i = 0; i < work->files.count; i++) {
		size_t n = strlen(where);

		if (work->found[i] && n + 80 < sizeof where)
			snprintf(where + n, sizeof where - n, "%s%u in '%.40s' (file %llu)",
				n ? ", " : "", work->found[i], work->files.items[i].file.name,
				(unsigned long long)work->files.items[i].number);
	}
	kl_fault(fault, KL_E_EXISTS,
		"%.100s: of its %s payments, %s (%s) came in already, with the same day, supplier, "
		"amount and reference: %s",
		work->own.name, kl_count_format(work->own.accepted, all),
		kl_count_format((int64_t)work->found_count, count),
		kl_money_format(work->found_pence, money), where);
	return kl_fault_hint(fault, "--new-only takes the others; --again takes all of them");
}

/* Two files that come in at once saw the same files before them, and chose one number. */
static int check_number(const struct work *work, struct kl_fault *fault)
{
	struct kl_import other;
	char name[24];
	int rc;

	snprintf(name, sizeof name, "%llu", (unsigned long long)work->number);
	rc = kl_import_latest(work->node->store, KL_SPEND_KIND, name, &other);
	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc)
		return kl_fault(fault, rc, "the spending files cannot be read");
	kl_fault(fault, KL_E_BUSY, "%.150s: another spending file came in meanwhile",
		work->own.name);
	return kl_fault_hint(fault, "try again: it is looked through as well then");
}

static int check_repeats(struct work *work, struct kl_fault *fault)
{
	if (work->repeat == TAKE_ALL)
		return KL_OK;
	for (size_t i = 0; i < work->files.count; i++)
		if (kl_id_equal(&work->files.items[i].file.content, &work->own.content))
			return repeated_file(work, &work->files.items[i], fault);
	if (work->repeat == REFUSE && work->found_count)
		return repeated_payments(work, fault);
	if (!work->own.accepted)
		return kl_fault(
			fault, KL_E_EXISTS, "%s: all its payments are in already", work->own.name);
	return KL_OK;
}

static void put_first(struct kl_writer *w, const struct work *work)
{
	kl_put_array(w, "first_rejected", work->first_count);
	for (unsigned i = 0; i < work->first_count; i++) {
		const struct kl_rejected *r = &work->first[i];

		kl_write_map(w, 3);
		kl_put_uint(w, "line", r->line);
		kl_put_text(w, "reason", kl_reject_text(r->reason));
		kl_put_said(w, "row", r->said);
	}
}

static int end(void *data, struct kl_ask *ask)
{
	struct work *work = data;
	struct kl_spend_file *f = &work->own;
	struct kl_writer *w = &ask->out;
	int rc;

	kl_hash_final(&work->content, &f->content);
	if (!f->accepted && !work->found_count)
		return kl_fault(&ask->fault, KL_E_INVALID, "%s has no payments", f->name);
	rc = check_number(work, &ask->fault);
	if (!rc)
		rc = check_repeats(work, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(w, KL_SPEND_FILE_KEYS + 5);
	kl_put_spend_file(w, work->number, f);
	kl_put_int(w, "file_pence", f->pence + kl_spend_file_rejected_pence(f));
	kl_put_uint(w, "payments_there", work->found_count);
	kl_put_int(w, "there_pence", work->found_pence);
	put_first(w, work);
	kl_put_map(w, "unlikely_dates", 3);
	kl_put_uint(w, "payments", work->unlikely.payments);
	kl_put_int(w, "pence", work->unlikely.pence);
	kl_put_uint(w, "first_line", work->unlikely.line);
	return KL_OK;
}

static uint64_t count_rows(const void *data)
{
	const struct work *work = data;

	return work->own.accepted;
}

static int publish(void *data, struct kl_changes *changes, struct kl_fault *fault)
{
	struct work *work = data;
	int rc = kl_spend_file_keep(changes, work->number, &work->own, fault);

	return rc || !work->has_area ? rc : kl_spend_area_keep(changes, &work->area, fault);
}

static int take_file(struct work *work, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {.row = take_block,
		.end = end,
		.rewrite = rewrite,
		.count = count_rows,
		.publish = publish,
		.destroy = destroy};
	char name[24];

	work->names.count = 0;
	kl_blake2b_init(&work->content);
	snprintf(name, sizeof name, "%llu", (unsigned long long)work->number);
	return kl_rows_upload(
		work->node, ask, KL_SPEND_KIND, name, kl_bytes_str(work->own.name), &sink, work);
}

/* ---- the beginning ------------------------------------------------------------------------- */

static int read_args(struct kl_ask *ask, struct work *work)
{
	struct kl_spend_file *f = &work->own;
	char area[KL_AREA_TEXT_MAX];
	bool again, new_only;
	int rc;

	if ((rc = kl_ask_needed(ask, "file", "which file?", f->name, sizeof f->name)) ||
		(rc = kl_ask_text(ask, "amounts", f->amount_column, sizeof f->amount_column)) ||
		(rc = kl_ask_text(ask, "dates", f->dates, sizeof f->dates)) ||
		(rc = kl_ask_text(ask, "area", area, sizeof area)))
		return rc;
	if (kl_get_bool_or(&ask->args, "again", false, &again) ||
		kl_get_bool_or(&ask->args, "new_only", false, &new_only))
		return kl_fault(&ask->fault, KL_E_USAGE, "again, new_only: expected yes or no");
	if (again && new_only)
		return kl_fault(&ask->fault, KL_E_USAGE,
			"either --again or --new-only: all of the payments, or only the new ones");
	work->repeat = again ? TAKE_ALL : new_only ? TAKE_NEW : REFUSE;
	work->has_area = area[0];
	return area[0] ? kl_which_area(work->node, area, &work->area, &ask->fault) : KL_OK;
}

static int prepare(struct kl_ask *ask, struct work *work)
{
	int rc = read_args(ask, work);

	if (!rc)
		rc = kl_spend_files_load(work->node, &work->files, &ask->fault);
	if (rc)
		return rc;
	if (work->files.count >= KL_SPEND_FILES_MAX)
		return kl_fault(&ask->fault, KL_E_TOO_BIG,
			"%zu spending files are in, which is the most", work->files.count);
	for (size_t i = 0; i < work->files.count; i++)
		if (work->files.items[i].number >= work->number)
			work->number = work->files.items[i].number;
	work->number++;
	work->own.imported_ms = kl_node_wall();
	work->tomorrow = (int32_t)(work->own.imported_ms / MS_OF_DAY) + 1;
	return KL_OK;
}

int kl_cmd_spend_import(void *data, struct kl_ask *ask)
{
	struct work *work = calloc(1, sizeof *work);
	int rc;

	if (!work)
		return KL_E_NOMEM;
	work->node = data;
	kl_spend_part_init(&work->part);
	kl_writer_init(&work->kept);
	rc = prepare(ask, work);
	if (rc) {
		destroy(work);
		return rc;
	}
	return work->files.count && work->repeat != TAKE_ALL ? look(work, ask)
							     : take_file(work, ask);
}
