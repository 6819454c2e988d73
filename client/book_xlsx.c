#include "client/book_xlsx.h"
#include "client/new_file.h"
#include "core/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

enum {
	TYPES = KL_BOOK_DATE + 1,
	NAME_MAX_BYTES = LXW_SHEETNAME_MAX + 1,
	LINE_OF_NOTE = 42, /* characters in a line of a note */
	NOTE_PIXELS = 300,
	PAPER_A4 = 9,
	TAIL = 32, /* bytes at the end of a part that are looked at */
};

/* The library takes them as texts that may change. */
static char author[] = "keeplocal";
static char choose[] = "Please choose one of the list, or leave it empty.";
static char a_share[] = "A share from 0% to 100% is expected, such as 45%.";
static char a_number[] = "A number is expected, such as 1234.50.";

struct kl_book_xlsx {
	char path[KL_NEW_FILE_PATH_MAX + 16];
	lxw_workbook *workbook;
	lxw_worksheet *worksheet;
	lxw_row_t first; /* row below the heads */
	lxw_format *formats[TYPES], *head, *title;
	unsigned sheets;
	char names[KL_BOOK_SHEETS_MAX][NAME_MAX_BYTES];
};

static int code_of(lxw_error error)
{
	switch (error) {
	case LXW_NO_ERROR:
		return KL_OK;
	case LXW_ERROR_MEMORY_MALLOC_FAILED:
		return KL_E_NOMEM;
	case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED:
	case LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE:
		return KL_E_TOO_BIG;
	default:
		return KL_E_IO;
	}
}

/* ---- the workbook ---------------------------------------------------------------------------- */

static bool add_formats(struct kl_book_xlsx *x)
{
	static const char *const looks[TYPES] = {
		[KL_BOOK_TEXT] = "@",
		[KL_BOOK_POUNDS] = "#,##0.00",
		[KL_BOOK_NUMBER] = "General",
		[KL_BOOK_COUNT] = "#,##0",
		[KL_BOOK_SHARE] = "0.0%",
		[KL_BOOK_DATE] = "yyyy-mm-dd",
	};

	for (unsigned i = 0; i < TYPES; i++) {
		x->formats[i] = workbook_add_format(x->workbook);
		if (!x->formats[i])
			return false;
		format_set_num_format(x->formats[i], looks[i]);
	}
	x->head = workbook_add_format(x->workbook);
	x->title = workbook_add_format(x->workbook);
	if (!x->head || !x->title)
		return false;
	format_set_bold(x->head);
	format_set_bottom(x->head, LXW_BORDER_THIN);
	format_set_bg_color(x->head, 0xE6ECEB);
	format_set_bold(x->title);
	return true;
}

int kl_book_xlsx_new(const char *path, struct kl_book_xlsx **ret_xlsx)
{
	struct kl_book_xlsx *x = calloc(1, sizeof *x);
	char dir[sizeof x->path];
	char *slash;
	lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = dir};

	if (!x)
		return KL_E_NOMEM;
	KL_ASSERT(strlen(path) < sizeof x->path);
	strcpy(x->path, path);
	/* What the library puts aside goes to the same disk. */
	strcpy(dir, path);
	slash = strrchr(dir, '/');
	if (slash)
		slash[1] = '\0';
	else
		strcpy(dir, ".");
	x->workbook = workbook_new_opt(path, &options);
	if (!x->workbook || !add_formats(x)) {
		kl_book_xlsx_drop(x);
		return KL_E_NOMEM;
	}
	*ret_xlsx = x;
	return KL_OK;
}

void kl_book_xlsx_drop(struct kl_book_xlsx *xlsx)
{
	if (!xlsx)
		return;
	lxw_workbook_free(xlsx->workbook);
	free(xlsx);
}

/* ---- is it whole ----------------------------------------------------------------------------- */

/* Reads a part to its end, which zip checks against its sum; true if it closes what it opened. */
static bool is_whole(zip_t *zip, zip_uint64_t index)
{
	char buffer[16384], tail[TAIL] = "";
	zip_file_t *file = zip_fopen_index(zip, index, 0);
	const char *name = zip_get_name(zip, index, 0);
	zip_int64_t n = -1;
	size_t len = 0;

	while (file && (n = zip_fread(file, buffer, sizeof buffer)) > 0) {
		size_t keep = (size_t)n < TAIL ? (size_t)n : TAIL;

		if (len + keep > TAIL) {
			memmove(tail, tail + len + keep - TAIL, TAIL - keep);
			len = TAIL - keep;
		}
		memcpy(tail + len, buffer + n - keep, keep);
		len += keep;
	}
	if (file)
		(void)zip_fclose(file);
	if (n < 0 || !len || !name)
		return false;
	return !strstr(name, "worksheets/sheet") ||
	       memmem(tail, len, "</worksheet>", strlen("</worksheet>"));
}

static bool can_be_read(const char *path, unsigned sheets)
{
	zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
	zip_int64_t count = zip ? zip_get_num_entries(zip, 0) : 0;
	bool whole = count > (zip_int64_t)sheets;

	for (zip_int64_t i = 0; whole && i < count; i++)
		whole = is_whole(zip, (zip_uint64_t)i);
	if (zip)
		zip_discard(zip);
	return whole;
}

/* The library prints what goes wrong to standard error; our own messages say it to people. */
static lxw_error close_quietly(lxw_workbook *workbook)
{
	int keep = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	lxw_error error;
	int saved;

	if (keep >= 0 && null >= 0)
		(void)dup2(null, STDERR_FILENO);
	errno = 0;
	error = workbook_close(workbook);
	saved = errno;
	if (keep >= 0) {
		(void)dup2(keep, STDERR_FILENO);
		close(keep);
	}
	if (null >= 0)
		close(null);
	errno = saved;
	return error;
}

int kl_book_xlsx_finish(struct kl_book_xlsx *xlsx)
{
	int rc = code_of(close_quietly(xlsx->workbook)), error = errno;

	if (!rc && !can_be_read(xlsx->path, xlsx->sheets))
		rc = KL_E_IO;
	free(xlsx);
	errno = rc ? error : 0;
	return rc;
}

/* ---- a sheet --------------------------------------------------------------------------------- */

static bool is_taken(const struct kl_book_xlsx *x, const char *name)
{
	for (unsigned i = 0; i < x->sheets; i++)
		if (strcasecmp(x->names[i], name) == 0)
			return true;
	return false;
}

/* A name that spreadsheets take, and that no other sheet has. */
static void fit_name(const struct kl_book_xlsx *x, const char *name, char out[NAME_MAX_BYTES])
{
	char base[NAME_MAX_BYTES - 4];

	(void)kl_copy_text(base, sizeof base, name[0] ? name : "Sheet");
	for (char *c = base; *c; c++)
		if (strchr("[]:*?/\\'", *c))
			*c = ' ';
	strcpy(out, base);
	for (unsigned n = 2; is_taken(x, out); n++)
		snprintf(out, NAME_MAX_BYTES, "%s %u", base, n % 100);
}

static unsigned width_of(const struct kl_book_column *column)
{
	unsigned name = (unsigned)strlen(column->name) + 3;
	unsigned least = column->type == KL_BOOK_TEXT ? 16 : 13;

	return column->width ? column->width : name > least ? name : least;
}

static lxw_error add_note(struct kl_book_xlsx *x, lxw_col_t column, const char *note)
{
	size_t lines = strlen(note) / LINE_OF_NOTE + 2;
	lxw_comment_options options = {
		.author = author, .width = NOTE_PIXELS, .height = (uint16_t)(lines * 18)};

	return worksheet_write_comment_opt(x->worksheet, x->first - 1, column, note, &options);
}

/* What may be typed below a head: a drop-down, or a check of figures. */
static lxw_error add_check(
	struct kl_book_xlsx *x, lxw_col_t column, const struct kl_book_column *what)
{
	char text[KL_BOOK_CHOICES_MAX + 1], *list[KL_BOOK_CHOICES_MAX], *to = text;
	lxw_data_validation check = {.error_title = author};
	unsigned n = 0;

	if (what->choices) {
		for (; what->choices[n]; n++) {
			size_t len = strlen(what->choices[n]) + 1;

			KL_ASSERT(to + len <= text + sizeof text && n + 1 < KL_BOOK_CHOICES_MAX);
			list[n] = memcpy(to, what->choices[n], len);
			to += len;
		}
		list[n] = NULL;
		check.validate = LXW_VALIDATION_TYPE_LIST;
		check.value_list = list;
		check.error_message = choose;
	} else if (what->type == KL_BOOK_SHARE) {
		check.validate = LXW_VALIDATION_TYPE_DECIMAL;
		check.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
		check.maximum_number = 1;
		check.error_message = a_share;
	} else if (what->type == KL_BOOK_POUNDS || what->type == KL_BOOK_NUMBER) {
		check.validate = LXW_VALIDATION_TYPE_DECIMAL;
		check.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
		check.minimum_number = -1e11;
		check.maximum_number = 1e11;
		check.error_message = a_number;
	} else {
		return LXW_NO_ERROR;
	}
	return worksheet_data_validation_range(
		x->worksheet, x->first, column, LXW_ROW_MAX - 1, column, &check);
}

static lxw_error add_column(
	struct kl_book_xlsx *x, lxw_col_t i, const struct kl_book_column *column, bool form)
{
	lxw_error error = worksheet_set_column(
		x->worksheet, i, i, width_of(column), x->formats[column->type]);

	if (!error)
		error = worksheet_write_string(
			x->worksheet, x->first - 1, i, column->name, x->head);
	if (!error && column->note)
		error = add_note(x, i, column->note);
	if (!error && form)
		error = add_check(x, i, column);
	return error;
}

/* One page wide on A4, the heads on every page. */
static void set_print(struct kl_book_xlsx *x)
{
	worksheet_set_paper(x->worksheet, PAPER_A4);
	worksheet_set_landscape(x->worksheet);
	worksheet_fit_to_pages(x->worksheet, 1, 0);
	worksheet_repeat_rows(x->worksheet, x->first - 1, x->first - 1);
}

int kl_book_xlsx_begin(struct kl_book_xlsx *x, const struct kl_book_sheet *sheet)
{
	char *name;
	lxw_row_t row = 0;
	lxw_error error = LXW_NO_ERROR;

	if (x->sheets == KL_BOOK_SHEETS_MAX)
		return KL_E_TOO_BIG;
	name = x->names[x->sheets];
	fit_name(x, sheet->name, name);
	x->worksheet = workbook_add_worksheet(x->workbook, name);
	if (!x->worksheet)
		return KL_E_NOMEM;
	x->sheets++;
	for (const char *const *line = sheet->lines; line && *line && !error; line++, row++)
		error = worksheet_write_string(
			x->worksheet, row, 0, *line, row == 0 ? x->title : NULL);
	x->first = row + 1;
	for (unsigned i = 0; i < sheet->count && !error; i++)
		error = add_column(x, (lxw_col_t)i, &sheet->columns[i], sheet->form);
	if (error)
		return code_of(error);
	worksheet_freeze_panes(x->worksheet, x->first, 0);
	/* A postcode or a code of digits is text on purpose. */
	(void)worksheet_ignore_errors(
		x->worksheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
	set_print(x);
	return KL_OK;
}

/* ---- cells ----------------------------------------------------------------------------------- */

int kl_book_xlsx_text(struct kl_book_xlsx *x, uint32_t row, unsigned column, const char *text)
{
	return code_of(worksheet_write_string(
		x->worksheet, x->first + row, (lxw_col_t)column, text, x->formats[KL_BOOK_TEXT]));
}

int kl_book_xlsx_number(
	struct kl_book_xlsx *x, uint32_t row, unsigned column, enum kl_book_type type, double value)
{
	return code_of(worksheet_write_number(
		x->worksheet, x->first + row, (lxw_col_t)column, value, x->formats[type]));
}

int kl_book_xlsx_date(
	struct kl_book_xlsx *x, uint32_t row, unsigned column, int year, int month, int day)
{
	lxw_datetime date = {.year = year, .month = month, .day = day};

	return code_of(worksheet_write_datetime(
		x->worksheet, x->first + row, (lxw_col_t)column, &date, x->formats[KL_BOOK_DATE]));
}
