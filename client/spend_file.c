#include "client/spend_file.h"
#include "client/spend_columns.h"
#include "client/text_numbers.h"
#include "core/bytes.h"
#include "core/money.h"
#include "protocol/doc_spend.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	UNDECIDED = -1,
	TEXT_COLUMNS = KL_SPEND_COL_BODY + 1,
	DATE_SHOWN_MAX = 32,
	MEMOS = 512,
	PLAIN_DATES = 1000
};

/* The text that stood last in a column, and its number: most rows repeat it. */
struct last {
	char raw[KL_SPEND_TEXT_MAX];
	uint32_t number;
};

/* Dates that were read, found by what they look like: a file has few of them. */
struct memo {
	char text[12];
	int32_t day;
};

struct kl_spend_reader {
	struct kl_sheet *sheet;
	struct kl_spend_options options;
	struct kl_text_numbers numbers;
	struct kl_spend_part part;
	struct kl_spend_read read;
	struct last last[TEXT_COLUMNS];
	struct memo memos[MEMOS];
	int64_t since_total; /* accepted pence since the last total */
	uint32_t rows_since_total;
	char decided_by[DATE_SHOWN_MAX];
	uint32_t decided_line;
	const char *path; /* of the file; not ours */
	enum kl_reject first_reason;
	uint32_t first_line;
	bool ended;
};

static const char *cell(const struct kl_spend_reader *r, enum kl_spend_column column)
{
	return kl_sheet_cell(r->sheet, column);
}

/* ---- the order of dates -------------------------------------------------------------------- */

static void note_decided(struct kl_spend_reader *r, const char *text)
{
	(void)kl_copy_text(r->decided_by, sizeof r->decided_by, text);
	r->decided_line = kl_sheet_line(r->sheet);
}

/* The two orders that nobody has to name. Those of two-digit years first are told by --dates. */
static unsigned usual(unsigned fits)
{
	return fits & (1U << KL_DATES_DMY | 1U << KL_DATES_MDY);
}

/* The order that a date says, or UNDECIDED; *ret_both tells that it is another day in either. */
static int order_of(const int32_t days[KL_DATES_ORDERS], unsigned fits, bool *ret_both)
{
	*ret_both = false;
	if (usual(fits) == 1U << KL_DATES_DMY)
		return KL_DATES_DMY;
	if (usual(fits) == 1U << KL_DATES_MDY)
		return KL_DATES_MDY;
	*ret_both = usual(fits) && days[KL_DATES_DMY] != days[KL_DATES_MDY];
	return UNDECIDED;
}

/* The order that the first date says which says one; UNDECIDED if none does, and *ret_both tells the
 * first date that needs one. A file that has none of those in its first `plain_max` dates is not looked
 * at to its end. */
static int look_for_order(
	struct kl_spend_reader *r, uint32_t plain_max, char ret_both[DATE_SHOWN_MAX])
{
	int32_t days[KL_DATES_ORDERS];
	uint32_t seen = 0;
	unsigned fits;
	bool both;

	ret_both[0] = '\0';
	while ((ret_both[0] || seen < plain_max) && kl_sheet_next(r->sheet, NULL) == 1) {
		const char *text = cell(r, KL_SPEND_COL_DATE);
		int order;

		if (!text[0] || kl_dates_read(text, days, &fits))
			continue;
		seen++;
		order = order_of(days, fits, &both);
		if (order != UNDECIDED) {
			note_decided(r, text);
			return order;
		}
		if (both && !ret_both[0])
			(void)kl_copy_text(ret_both, DATE_SHOWN_MAX, text);
	}
	return UNDECIDED;
}

static int ask_for_order(struct kl_spend_reader *r, const char *both, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_MALFORMED,
		"%s: no date tells whether '%.31s' is day first or month first",
		kl_sheet_name(r->sheet), both);
	return kl_fault_hint(fault, "say which: --dates dmy (day first) or --dates mdy");
}

static int decide_order(struct kl_spend_reader *r, struct kl_fault *fault)
{
	char both[DATE_SHOWN_MAX];
	int order;

	if (r->options.has_order)
		return KL_OK;
	order = look_for_order(r, PLAIN_DATES, both);
	if (order == UNDECIDED && both[0])
		return ask_for_order(r, both, fault);
	r->options.order = order == UNDECIDED ? KL_DATES_DMY : (enum kl_date_order)order;
	return KL_OK;
}

static int contradiction(struct kl_spend_reader *r, const char *text, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_MALFORMED,
		"%s: %s %u says '%.31s' and %s %u '%.31s': one is day first and the other "
		"month first",
		kl_sheet_name(r->sheet), kl_sheet_word(r->sheet), r->decided_line, r->decided_by,
		kl_sheet_word(r->sheet), kl_sheet_line(r->sheet), text);
	return kl_fault_hint(fault, "say which is meant, --dates dmy or --dates mdy: rows of the "
				    "other kind are then rejected");
}

/* ---- opening ------------------------------------------------------------------------------- */

static int open_sheet(struct kl_spend_reader *r, const char *path, struct kl_fault *fault)
{
	int rc = kl_sheet_open(
		path, r->options.tab, kl_spend_columns, KL_SPEND_COLUMNS, fault, &r->sheet);

	if (rc)
		return rc;
	if (kl_sheet_has(r->sheet, KL_SPEND_COL_DATE) || r->options.has_day)
		return KL_OK;
	kl_fault(fault, KL_E_MALFORMED, "%s: no column says when was paid", path);
	return kl_fault_hint(fault, "say of which month it is: --month 2016-04");
}

/* What is there to be read only once. */
static bool is_stream(const char *path)
{
	struct stat st;

	if (!strcmp(path, "-"))
		return true;
	return !stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int open_reader(struct kl_spend_reader *r, const char *path, struct kl_fault *fault)
{
	int rc = kl_text_numbers_init(&r->numbers);

	if (rc)
		return kl_fault(fault, rc, "no memory to read %s", path);
	if (is_stream(path)) {
		kl_fault(fault, KL_E_USAGE,
			"%s: a spending file is read twice, once for the order of its dates, and "
			"what comes through a pipe is gone by then",
			strcmp(path, "-") ? path : "standard input");
		return kl_fault_hint(fault, "save it in a file and give its path");
	}
	rc = open_sheet(r, path, fault);
	if (!rc)
		kl_sheet_forgive(r->sheet);
	if (!rc && kl_sheet_has(r->sheet, KL_SPEND_COL_DATE))
		rc = decide_order(r, fault);
	if (rc)
		return rc;
	kl_sheet_close(r->sheet);
	r->sheet = NULL;
	rc = open_sheet(r, path, fault);
	if (!rc)
		kl_sheet_forgive(r->sheet);
	if (!rc && kl_sheet_has(r->sheet, KL_SPEND_COL_SIGN))
		kl_sheet_tell(r->sheet, "what column '%s' calls CR or credit is taken off",
			kl_sheet_called(r->sheet, KL_SPEND_COL_SIGN));
	if (!rc && kl_sheet_has(r->sheet, KL_SPEND_COL_POSTCODE))
		kl_sheet_tell(r->sheet,
			"column '%s' says where suppliers are: keeplocal spend places %.100s reads "
			"it",
			kl_sheet_called(r->sheet, KL_SPEND_COL_POSTCODE), path);
	return rc;
}

int kl_spend_reader_open(const char *path, const struct kl_spend_options *options,
	struct kl_fault *fault, struct kl_spend_reader **ret_reader)
{
	struct kl_spend_reader *r = calloc(1, sizeof *r);
	int rc;

	if (!r)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	r->options = *options;
	r->path = path;
	kl_spend_part_init(&r->part);
	rc = open_reader(r, path, fault);
	if (rc) {
		kl_spend_reader_close(r);
		return rc;
	}
	*ret_reader = r;
	return KL_OK;
}

void kl_spend_reader_close(struct kl_spend_reader *r)
{
	if (!r)
		return;
	kl_sheet_close(r->sheet);
	kl_spend_part_deinit(&r->part);
	kl_text_numbers_deinit(&r->numbers);
	free(r);
}

/* ---- cells --------------------------------------------------------------------------------- */

/* The number of the text in a column; new ones go into the part. */
static int number_of(struct kl_spend_reader *r, enum kl_spend_column column, uint32_t *ret_number)
{
	const char *raw = cell(r, column);
	struct last *last = &r->last[column];
	char text[KL_SPEND_TEXT_MAX];
	bool is_new = false;
	int rc = KL_OK;

	if (!strcmp(raw, last->raw)) {
		*ret_number = last->number;
		return KL_OK;
	}
	/* What is kept stands on one line already: a text that is found needs no more care. */
	last->number = kl_text_number_there(&r->numbers, raw);
	if (!last->number)
		(void)kl_one_line(raw, text, sizeof text);
	if (!last->number && text[0])
		rc = kl_text_number(&r->numbers, text, KL_SPEND_TEXTS_MAX, &last->number, &is_new);
	if (rc)
		return rc;
	if (is_new)
		kl_spend_part_text(&r->part, text);
	if (!kl_copy_text(last->raw, sizeof last->raw, raw))
		last->raw[0] = '\1'; /* longer than what is remembered: equal to no cell */
	*ret_number = last->number;
	return KL_OK;
}

static struct memo *memo_of(struct kl_spend_reader *r, const char *text)
{
	unsigned hash = 0;

	for (; *text; text++)
		hash = hash * 31 + (unsigned char)*text;
	return &r->memos[hash % MEMOS];
}

/* The order that a later date says, the whole file being read once more for it. */
static int look_through(struct kl_spend_reader *r, int *ret_order, struct kl_fault *fault)
{
	struct kl_sheet *reading = r->sheet;
	char both[DATE_SHOWN_MAX];
	int rc;

	r->sheet = NULL;
	rc = open_sheet(r, r->path, fault);
	if (!rc) {
		kl_sheet_forgive(r->sheet);
		*ret_order = look_for_order(r, UINT32_MAX, both);
	}
	kl_sheet_close(r->sheet);
	r->sheet = reading;
	return rc;
}

/* Until now every date told itself what it is: this one decides for all, or a later one does, or it
 * must be asked about. */
static int decide_late(struct kl_spend_reader *r, const char *text,
	const int32_t days[KL_DATES_ORDERS], unsigned fits, struct kl_fault *fault)
{
	bool both;
	int order = order_of(days, fits, &both);
	int rc = both ? look_through(r, &order, fault) : KL_OK;

	if (rc)
		return rc;
	if (order == UNDECIDED)
		return both ? ask_for_order(r, text, fault) : KL_OK;
	r->options.order = (enum kl_date_order)order;
	if (!both)
		note_decided(r, text);
	return KL_OK;
}

/* KL_E_INVALID for what is no date; a contradiction stops everything unless the order was said. */
static int day_of(struct kl_spend_reader *r, int32_t *ret_day, struct kl_fault *fault)
{
	const char *text = cell(r, KL_SPEND_COL_DATE);
	int32_t days[KL_DATES_ORDERS];
	unsigned fits, order = r->options.order;
	struct memo *memo;
	int rc;

	if (!text[0] && r->options.has_day) {
		*ret_day = r->options.day;
		return KL_OK;
	}
	memo = memo_of(r, text);
	if (!strcmp(text, memo->text)) {
		*ret_day = memo->day;
		return KL_OK;
	}
	if (kl_dates_read(text, days, &fits))
		return KL_E_INVALID;
	if (!r->options.has_order && !r->decided_by[0]) {
		rc = decide_late(r, text, days, fits, fault);
		if (rc)
			return rc;
		order = r->options.order;
	}
	if (!(fits & 1U << order))
		return r->options.has_order || !usual(fits) || !r->decided_by[0]
			       ? KL_E_INVALID
			       : contradiction(r, text, fault);
	*ret_day = memo->day = days[order];
	if (!kl_copy_text(memo->text, sizeof memo->text, text))
		memo->text[0] = '\0';
	return KL_OK;
}

/* ---- rows that are no payments ------------------------------------------------------------- */

/* All that stands in the row, on one line. */
static void say_row(const struct kl_spend_reader *r, char out[KL_SPEND_SAID_MAX])
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < kl_sheet_cells(r->sheet) && n + 8 < KL_SPEND_SAID_MAX; i++) {
		const char *text = kl_sheet_cell_at(r->sheet, i);

		if (!text[0])
			continue;
		if (n) {
			memcpy(out + n, " | ", 4);
			n += 3;
		}
		(void)kl_one_line(text, out + n, KL_SPEND_SAID_MAX - n);
		n = strlen(out);
	}
}

static bool some_cell_says_total(const struct kl_spend_reader *r)
{
	for (unsigned i = 0; i < kl_sheet_cells(r->sheet); i++)
		if (kl_spend_says_total(kl_sheet_cell_at(r->sheet, i)))
			return true;
	return false;
}

/* A sum of what stands above, with or without a word that says so. */
static bool is_total(const struct kl_spend_reader *r, bool has_pence, int64_t pence)
{
	const char *supplier = cell(r, KL_SPEND_COL_SUPPLIER);
	bool whole = supplier[0] && (cell(r, KL_SPEND_COL_DATE)[0] || r->options.has_day);
	bool sum = has_pence && r->rows_since_total > 1 && pence == r->since_total;

	if (whole)
		return ((supplier[0] | 0x20) >= 'a' && kl_spend_is_total(supplier)) ||
		       (sum && kl_spend_says_total(supplier));
	return some_cell_says_total(r) || (sum && !supplier[0]);
}

static bool is_header(const struct kl_spend_reader *r)
{
	return !strcmp(cell(r, KL_SPEND_COL_SUPPLIER),
		       kl_sheet_called(r->sheet, KL_SPEND_COL_SUPPLIER)) &&
	       !strcmp(cell(r, KL_SPEND_COL_AMOUNT),
		       kl_sheet_called(r->sheet, KL_SPEND_COL_AMOUNT));
}

/* What is wrong with a row whose amount was looked at, but for its date; KL_REJECT_COUNT if nothing
 * is. */
static enum kl_reject trouble_of(const struct kl_spend_reader *r, int amount_rc, int64_t pence)
{
	const char *supplier = cell(r, KL_SPEND_COL_SUPPLIER);
	const char *amount = cell(r, KL_SPEND_COL_AMOUNT);
	bool dated = cell(r, KL_SPEND_COL_DATE)[0];

	if (kl_sheet_is_too_wide(r->sheet))
		return KL_REJECT_SHIFTED;
	if (is_total(r, !amount_rc, pence))
		return KL_REJECT_TOTAL;
	if (amount_rc && is_header(r))
		return KL_REJECT_HEADER;
	if (!amount[0])
		return dated && supplier[0] ? KL_REJECT_NO_AMOUNT : KL_REJECT_REMARK;
	if (amount_rc)
		return KL_REJECT_BAD_AMOUNT;
	/* #REF! is what a failed formula leaves, and nobody's name. */
	return supplier[0] && strcmp(supplier, "#REF!") != 0 ? KL_REJECT_COUNT
							     : KL_REJECT_NO_SUPPLIER;
}

static void reject(struct kl_spend_reader *r, enum kl_reject reason, bool has_pence, int64_t pence)
{
	struct kl_rejected rejected = {
		kl_sheet_line(r->sheet), reason, has_pence, has_pence ? pence : 0, ""};

	if (!r->read.rejected) {
		r->first_reason = reason;
		r->first_line = rejected.line;
	}
	say_row(r, rejected.said);
	kl_spend_part_reject(&r->part, &rejected);
	r->read.rejected++;
	if (reason == KL_REJECT_TOTAL) {
		r->since_total = 0;
		r->rows_since_total = 0;
	}
}

/* ---- rows ---------------------------------------------------------------------------------- */

static int count_in(struct kl_spend_reader *r, int32_t day, int64_t pence)
{
	char reference[KL_SPEND_REFERENCE_MAX];
	struct kl_payment p = {kl_sheet_line(r->sheet), day, pence, 0, 0, 0, 0, reference, 0};
	int rc;

	(void)kl_one_line(cell(r, KL_SPEND_COL_REFERENCE), reference, sizeof reference);
	p.reference_len = strlen(reference);
	if ((rc = number_of(r, KL_SPEND_COL_SUPPLIER, &p.supplier)) ||
		(rc = number_of(r, KL_SPEND_COL_DEPARTMENT, &p.department)) ||
		(rc = number_of(r, KL_SPEND_COL_CATEGORY, &p.category)) ||
		(rc = number_of(r, KL_SPEND_COL_BODY, &p.body)))
		return rc;
	kl_spend_part_payment(&r->part, &p);
	r->since_total += pence;
	r->rows_since_total++;
	return KL_OK;
}

static int amount_of(const struct kl_spend_reader *r, int64_t *ret_pence, bool *ret_rounded)
{
	int rc = kl_spend_amount(cell(r, KL_SPEND_COL_AMOUNT), ret_pence, ret_rounded);

	return rc ? rc : kl_spend_amount_signed(cell(r, KL_SPEND_COL_SIGN), ret_pence);
}

static int take_row(struct kl_spend_reader *r, struct kl_fault *fault)
{
	bool rounded = false;
	int64_t pence = 0;
	int32_t day = 0;
	int amount_rc = amount_of(r, &pence, &rounded), rc;
	enum kl_reject trouble = trouble_of(r, amount_rc, pence);
	bool has_pence = !amount_rc && trouble != KL_REJECT_SHIFTED;

	r->read.rows++;
	if (has_pence && kl_money_add(r->read.pence, pence, &r->read.pence))
		return kl_fault(fault, KL_E_RANGE, "%s: the sum of all amounts is too large",
			kl_sheet_name(r->sheet));
	r->read.rounded += rounded;
	if (trouble == KL_REJECT_COUNT && !cell(r, KL_SPEND_COL_DATE)[0] && !r->options.has_day)
		trouble = KL_REJECT_NO_DATE;
	if (trouble == KL_REJECT_COUNT) {
		rc = day_of(r, &day, fault);
		if (rc && rc != KL_E_INVALID)
			return rc;
		trouble = rc ? KL_REJECT_BAD_DATE : KL_REJECT_COUNT;
	}
	if (trouble != KL_REJECT_COUNT) {
		reject(r, trouble, has_pence, pence);
		return KL_OK;
	}
	rc = count_in(r, day, pence);
	return rc ? kl_fault(fault, rc, "%s, %s %u: %s", kl_sheet_name(r->sheet),
			    kl_sheet_word(r->sheet), kl_sheet_line(r->sheet), kl_error_text(rc))
		  : KL_OK;
}

static int check_end(struct kl_spend_reader *r, struct kl_fault *fault)
{
	r->ended = true;
	if (r->read.rows > r->read.rejected)
		return KL_OK;
	kl_fault(fault, KL_E_MALFORMED, "%s: has no payment below its header",
		kl_sheet_name(r->sheet));
	if (!r->read.rows)
		return KL_E_MALFORMED;
	return kl_fault_hint(fault, "line %u: %s; read were the columns '%s', '%s' and '%s'",
		r->first_line, kl_reject_text(r->first_reason),
		kl_sheet_called(r->sheet, KL_SPEND_COL_SUPPLIER),
		kl_sheet_called(r->sheet, KL_SPEND_COL_AMOUNT),
		kl_sheet_called(r->sheet, KL_SPEND_COL_DATE));
}

int kl_spend_reader_part(void *reader, struct kl_writer *out, struct kl_fault *fault)
{
	struct kl_spend_reader *r = reader;

	while (!r->ended && !kl_spend_part_full(&r->part)) {
		int rc = kl_sheet_next(r->sheet, fault);

		if (rc == 1)
			rc = take_row(r, fault);
		else if (!rc)
			rc = check_end(r, fault);
		if (rc)
			return rc;
	}
	if (kl_spend_part_empty(&r->part))
		return 0;
	kl_spend_part_write(&r->part, out);
	return 1;
}

struct kl_spend_read kl_spend_reader_read(const struct kl_spend_reader *reader)
{
	return reader->read;
}

const struct kl_sheet *kl_spend_reader_sheet(const struct kl_spend_reader *reader)
{
	return reader->sheet;
}

const char *kl_spend_reader_amount(const struct kl_spend_reader *reader)
{
	return kl_sheet_called(reader->sheet, KL_SPEND_COL_AMOUNT);
}

const char *kl_spend_reader_dates(const struct kl_spend_reader *r)
{
	static const char *const said[] = {
		"day first, as was said", "month first, as was said", "year first, as was said"};
	static const char *const found[] = {
		"day first, as the file's dates say", "month first, as the file's dates say", ""};

	if (!kl_sheet_has(r->sheet, KL_SPEND_COL_DATE))
		return "none in the file: its month was said";
	if (r->options.has_order)
		return said[r->options.order];
	return r->decided_by[0] ? found[r->options.order]
				: "as each says itself, or a later one does";
}
