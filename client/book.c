#include "client/book.h"
#include "client/book_xlsx.h"
#include "client/csv_write.h"
#include "client/new_file.h"
#include "core/harmless.h"
#include "core/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_CELL = 32767 /* characters; spreadsheets hold no more */ };

struct kl_book {
	struct kl_new_file file; /* unused when writing to a stream */
	struct kl_csv_writer csv;
	struct kl_book_xlsx *xlsx; /* NULL: a CSV */
	const struct kl_book_sheet *sheet;
	uint32_t row;
	unsigned column;
	bool begun; /* a sheet */
	int code;   /* the first thing that went wrong */
};

static bool ends_with(const char *path, const char *ending)
{
	size_t len = strlen(path), n = strlen(ending);

	return len > n && strcasecmp(path + len - n, ending) == 0;
}

bool kl_book_is_xlsx(const char *path)
{
	return ends_with(path, ".xlsx");
}

static int begin_file(struct kl_book *book, const char *path, struct kl_fault *fault)
{
	int rc = kl_new_file_begin(&book->file, path, fault);

	if (rc || !kl_book_is_xlsx(path)) {
		book->csv.out = book->file.out;
		return rc;
	}
	rc = kl_book_xlsx_new(book->file.part, &book->xlsx);
	return rc ? kl_fault(fault, rc, "no memory to write %s", path) : KL_OK;
}

int kl_book_new(const char *path, struct kl_fault *fault, struct kl_book **ret_book)
{
	struct kl_book *book;
	int rc;

	if (!kl_book_is_xlsx(path) && !ends_with(path, ".csv")) {
		kl_fault(
			fault, KL_E_USAGE, "%s: the name of a table ends with .csv or .xlsx", path);
		(void)kl_fault_hint(fault, "such as --out %s.xlsx", path);
		return KL_E_USAGE;
	}
	book = calloc(1, sizeof *book);
	if (!book)
		return kl_fault(fault, KL_E_NOMEM, "no memory to write %s", path);
	rc = begin_file(book, path, fault);
	if (rc) {
		kl_book_close(book);
		return rc;
	}
	*ret_book = book;
	return KL_OK;
}

int kl_book_new_stream(FILE *out, struct kl_fault *fault, struct kl_book **ret_book)
{
	struct kl_book *book = calloc(1, sizeof *book);

	if (!book)
		return kl_fault(fault, KL_E_NOMEM, "no memory to write a table");
	book->csv.out = out;
	*ret_book = book;
	return KL_OK;
}

void kl_book_close(struct kl_book *book)
{
	if (!book)
		return;
	kl_book_xlsx_drop(book->xlsx);
	kl_new_file_drop(&book->file);
	free(book);
}

static void note(struct kl_book *book, int code)
{
	if (!book->code)
		book->code = code;
}

/* ---- sheets and rows ------------------------------------------------------------------------- */

static void begin_csv(struct kl_book *book, const struct kl_book_sheet *sheet)
{
	KL_ASSERT(!book->begun);
	for (const char *const *line = sheet->lines; line && *line; line++) {
		kl_csv_write_text(&book->csv, *line);
		note(book, kl_csv_write_end(&book->csv));
	}
	for (unsigned i = 0; i < sheet->count; i++)
		kl_csv_write_text(&book->csv, sheet->columns[i].name);
	note(book, kl_csv_write_end(&book->csv));
}

void kl_book_begin(struct kl_book *book, const struct kl_book_sheet *sheet)
{
	KL_ASSERT(sheet->count >= 1 && sheet->count <= KL_BOOK_COLUMNS_MAX && !book->column);
	if (!book->xlsx)
		begin_csv(book, sheet);
	else if (!book->code)
		note(book, kl_book_xlsx_begin(book->xlsx, sheet));
	book->sheet = sheet;
	book->begun = true;
	book->row = 0;
}

void kl_book_end_row(struct kl_book *book)
{
	KL_ASSERT(book->sheet);
	if (!book->xlsx)
		note(book, kl_csv_write_end(&book->csv));
	book->row++;
	book->column = 0;
	if (book->xlsx && book->row >= KL_BOOK_ROWS_MAX - 1)
		note(book, KL_E_TOO_BIG);
}

/* The next column of the row, whose cell is written now. */
static unsigned next(struct kl_book *book)
{
	KL_ASSERT(book->sheet && book->column < book->sheet->count);
	return book->column++;
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* As client/csv_write.h: a spreadsheet would run it, if the sheet is saved as CSV; harmless. */
static void safe_text(struct kl_book *book, unsigned column, const char *text)
{
	const size_t size = 3 * strlen(text) + 2; /* each byte may become U+FFFD */
	const bool escape = strchr("=+-@\t\r", text[0]);
	char *safe = malloc(size);

	if (!safe) {
		note(book, KL_E_NOMEM);
		return;
	}
	safe[0] = '\'';
	(void)kl_text_show(text, true, safe + escape, size - escape);
	note(book, kl_book_xlsx_text(book->xlsx, book->row, column, safe));
	free(safe);
}

void kl_book_text(struct kl_book *book, const char *text)
{
	unsigned column = next(book);

	if (!book->xlsx)
		kl_csv_write_text(&book->csv, text);
	else if (!book->code && text[0])
		safe_text(book, column, text);
}

void kl_book_skip(struct kl_book *book)
{
	kl_book_text(book, "");
}

static void number(struct kl_book *book, enum kl_book_type type, double value)
{
	unsigned column = next(book);

	if (!book->xlsx)
		kl_csv_write_number(&book->csv, value);
	else if (!book->code)
		note(book, kl_book_xlsx_number(book->xlsx, book->row, column, type, value));
}

void kl_book_number(struct kl_book *book, double value)
{
	if (isfinite(value))
		number(book, KL_BOOK_NUMBER, value);
	else
		kl_book_skip(book);
}

void kl_book_share(struct kl_book *book, double share)
{
	if (isfinite(share))
		number(book, KL_BOOK_SHARE, share);
	else
		kl_book_skip(book);
}

/* A double holds every amount up to a hundred billion pounds to the penny. */
void kl_book_pounds(struct kl_book *book, int64_t pence)
{
	if (book->xlsx) {
		number(book, KL_BOOK_POUNDS, (double)pence / 100.0);
		return;
	}
	(void)next(book);
	kl_csv_write_pounds(&book->csv, pence);
}

void kl_book_count(struct kl_book *book, int64_t value)
{
	if (book->xlsx) {
		number(book, KL_BOOK_COUNT, (double)value);
		return;
	}
	(void)next(book);
	kl_csv_write_count(&book->csv, value);
}

void kl_book_date(struct kl_book *book, const char *iso)
{
	int year, month, day;

	if (!book->xlsx || kl_date_check(iso, NULL) ||
		sscanf(iso, "%d-%d-%d", &year, &month, &day) != 3) {
		kl_book_text(book, iso);
		return;
	}
	if (!book->code)
		note(book,
			kl_book_xlsx_date(book->xlsx, book->row, book->column, year, month, day));
	(void)next(book);
}

/* ---- the end --------------------------------------------------------------------------------- */

static int tell(const struct kl_book *book, int code, int error, struct kl_fault *fault)
{
	const char *path = book->file.path[0] ? book->file.path : "the table";

	if (code == KL_E_NOMEM)
		return kl_fault(fault, code, "no memory to write %s", path);
	if (code != KL_E_TOO_BIG)
		return kl_fault(fault, code, "%s: cannot be written whole: %s", path,
			error ? strerror(error) : "is the disk full?");
	kl_fault(fault, code,
		"%s: is more than a spreadsheet holds (%d rows, %d characters in a "
		"cell, %d sheets)",
		path, KL_BOOK_ROWS_MAX, LONGEST_CELL, KL_BOOK_SHEETS_MAX);
	(void)kl_fault_hint(fault, "choose a name that ends with .csv");
	return code;
}

int kl_book_finish(struct kl_book *book, struct kl_fault *fault)
{
	int rc = book->code;

	KL_ASSERT(book->begun && !book->column);
	errno = 0;
	if (!rc && book->xlsx) {
		rc = kl_book_xlsx_finish(book->xlsx);
		book->xlsx = NULL;
	}
	if (!rc && !book->file.out && (fflush(book->csv.out) || ferror(book->csv.out)))
		rc = KL_E_IO;
	if (rc) {
		rc = tell(book, rc, errno, fault);
		kl_new_file_drop(&book->file);
		return rc;
	}
	return book->file.out ? kl_new_file_keep(&book->file, fault) : KL_OK;
}
