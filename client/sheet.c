#include "client/cell_text.h"
#include "client/sheet_own.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MORE_SHOWN = 8, PLACE_MAX = 120 };

void kl_sheet_tell(struct kl_sheet *sheet, const char *format, ...)
{
	va_list args;

	if (sheet->note_count == KL_SHEET_NOTES_MAX)
		return;
	va_start(args, format);
	vsnprintf(sheet->notes[sheet->note_count++], KL_SHEET_NOTE_MAX, format, args);
	va_end(args);
}

/* The sheets that our templates bring along, with nothing to read on them. */
static bool of_a_template(const char *others)
{
	return !strcmp(others, "'Example', 'Notes'") || !strcmp(others, "'Notes'");
}

/* Sheets that nobody asked for. */
static void tell_others(struct kl_sheet *sheet)
{
	const struct kl_xlsx *book = kl_grid_book(sheet->grid);
	char others[KL_SHEET_LIST_MAX];

	if (book && kl_xlsx_others(book, others, sizeof others) && !of_a_template(others))
		kl_sheet_tell(sheet, "other sheets are not read: %s", others);
}

/* A sheet whose header is not looked for yet. */
static int open_file(const char *path, const char *tab, const struct kl_column *columns,
	unsigned count, struct kl_fault *fault, struct kl_sheet **ret_sheet)
{
	struct kl_sheet *sheet;
	int rc;

	KL_ASSERT(count <= KL_SHEET_COLUMNS_MAX);
	sheet = calloc(1, sizeof *sheet);
	if (!sheet)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	sheet->columns = columns;
	sheet->count = count;
	for (unsigned c = 0; c < count; c++)
		sheet->at[c] = KL_SHEET_NONE;
	rc = kl_grid_open(path, tab, fault, &sheet->grid);
	if (rc) {
		kl_sheet_close(sheet);
		return rc;
	}
	if (!tab)
		tell_others(sheet);
	*ret_sheet = sheet;
	return KL_OK;
}

int kl_sheet_open(const char *path, const char *tab, const struct kl_column *columns,
	unsigned count, struct kl_fault *fault, struct kl_sheet **ret_sheet)
{
	struct kl_sheet *sheet = NULL;
	int rc = open_file(path, tab, columns, count, fault, &sheet);

	if (rc)
		return rc;
	rc = kl_sheet_read_header(sheet, fault);
	if (rc) {
		kl_sheet_close(sheet);
		return rc;
	}
	*ret_sheet = sheet;
	return KL_OK;
}

int kl_sheet_fit(const char *path, const char *tab, const struct kl_column *columns, unsigned count,
	struct kl_fault *fault, struct kl_sheet_fit *ret_fit)
{
	struct kl_sheet *sheet = NULL;
	int rc = open_file(path, tab, columns, count, fault, &sheet);

	if (rc)
		return rc;
	*ret_fit = kl_sheet_measure(sheet);
	kl_sheet_close(sheet);
	return KL_OK;
}

void kl_sheet_close(struct kl_sheet *sheet)
{
	if (!sheet)
		return;
	kl_grid_close(sheet->grid);
	free(sheet);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Where several cells were made one, all but the first are empty. */
static void tell_merges(struct kl_sheet *sheet, const struct kl_xlsx_remarks *remarks)
{
	char list[KL_SHEET_LIST_MAX] = "";

	for (unsigned i = 0; i < remarks->merge_count && i < KL_XLSX_MERGES_MAX; i++)
		if (remarks->merges_end[i] >= sheet->header_line)
			kl_sheet_list(list, remarks->merges[i]);
	if (list[0])
		kl_sheet_tell(sheet,
			"cells are merged (%s): what is in them counts for the first only", list);
}

/* What an XLSX tells behind its last row, and what stood beside the table. */
static void tell_end(struct kl_sheet *sheet)
{
	const struct kl_xlsx *book = kl_grid_book(sheet->grid);
	const struct kl_xlsx_remarks *remarks;

	if (sheet->ended)
		return;
	sheet->ended = true;
	if (kl_grid_forgiven(sheet->grid))
		kl_sheet_tell(sheet, "%u row%s characters that cannot be read: they are shown as ?",
			kl_grid_forgiven(sheet->grid),
			kl_grid_forgiven(sheet->grid) == 1 ? " holds" : "s hold");
	if (!book)
		return;
	remarks = kl_xlsx_remarks(book);
	tell_merges(sheet, remarks);
	if (remarks->hidden_rows)
		kl_sheet_tell(sheet, "%u row%s hidden, by a filter perhaps, and read like others",
			remarks->hidden_rows, remarks->hidden_rows == 1 ? " is" : "s are");
	if (sheet->beside)
		kl_sheet_tell(sheet,
			"in %u row%s something stands beside the table, first in %s: it is not "
			"read",
			sheet->beside, sheet->beside == 1 ? "" : "s", sheet->first_beside);
}

/* Cells of the row behind the last column of the header, up to the last that says something. */
static unsigned cells_said(const struct kl_sheet *sheet)
{
	unsigned cells = sheet->row.count;

	while (cells > sheet->width && !sheet->row.cells[cells - 1][0])
		cells--;
	return cells;
}

static void note_beside(struct kl_sheet *sheet)
{
	unsigned cells = cells_said(sheet);
	char letters[KL_COLUMN_LETTERS_MAX];

	if (cells > sheet->width && !sheet->beside++)
		snprintf(sheet->first_beside, sizeof sheet->first_beside, "%s%u",
			kl_column_letters(cells - 1, letters), sheet->row.line);
}

int kl_sheet_next(struct kl_sheet *sheet, struct kl_fault *fault)
{
	int rc;

	while ((rc = kl_grid_next(sheet->grid, &sheet->row, fault)) == 1) {
		if (sheet->row.blank)
			continue;
		if (kl_grid_book(sheet->grid))
			note_beside(sheet);
		return 1;
	}
	if (!rc)
		tell_end(sheet);
	return rc;
}

/* Something behind the last column: in a CSV most likely £1,234.50 without quotes, which would
 * otherwise be read as one pound. In a spreadsheet it stands beside the table. */
static int check_width(const struct kl_sheet *sheet, struct kl_fault *fault)
{
	unsigned cells = cells_said(sheet);

	if (cells <= sheet->width || kl_grid_book(sheet->grid))
		return KL_OK;
	return kl_fault(fault, KL_E_MALFORMED,
		"%s, line %u: found %u cells, expected the %u of the header; what has a comma in "
		"it stands in quotes, such as \"1,234.50\"",
		kl_sheet_name(sheet), sheet->row.line, cells, sheet->width);
}

/* What a spreadsheet shows where a formula failed. */
static bool is_failure(const char *cell)
{
	static const char *const failures[] = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!",
		"#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!",
		"#CONNECT!", "#BUSY!", "#GETTING_DATA"};

	if (cell[0] != '#')
		return false;
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
		if (strcmp(failures[i], cell) == 0)
			return true;
	return false;
}

/* "line 3, column 'spend'" or "row 3, column 'spend' (cell D3)". */
static const char *place(const struct kl_sheet *sheet, unsigned column, char out[PLACE_MAX])
{
	char letters[KL_COLUMN_LETTERS_MAX];
	int n = snprintf(out, PLACE_MAX, "%s %u, column '%s'", kl_grid_word(sheet->grid),
		sheet->row.line, sheet->called[column]);

	if (kl_grid_book(sheet->grid) && sheet->at[column] != KL_SHEET_NONE)
		snprintf(out + n, PLACE_MAX - (size_t)n, " (cell %s%u)",
			kl_column_letters((unsigned)sheet->at[column], letters), sheet->row.line);
	return out;
}

static int check_formulas(const struct kl_sheet *sheet, struct kl_fault *fault)
{
	for (unsigned c = 0; c < sheet->count; c++) {
		const char *cell = kl_sheet_cell(sheet, c);
		char where[PLACE_MAX];

		if (is_failure(cell))
			return kl_fault(fault, KL_E_MALFORMED,
				"%s, %s: the formula there failed (%s); expected its result",
				kl_sheet_name(sheet), place(sheet, c, where), cell);
		if (strcmp(cell, KL_XLSX_NO_RESULT) == 0)
			return kl_fault(fault, KL_E_MALFORMED,
				"%s, %s: found a formula that was never worked out; open the file "
				"in a spreadsheet program and save it",
				kl_sheet_name(sheet), place(sheet, c, where));
	}
	return KL_OK;
}

bool kl_sheet_is_too_wide(const struct kl_sheet *sheet)
{
	return check_width(sheet, NULL) != KL_OK;
}

int kl_sheet_check_row(const struct kl_sheet *sheet, struct kl_fault *fault)
{
	int rc = check_width(sheet, fault);

	return rc ? rc : check_formulas(sheet, fault);
}

const char *kl_sheet_cell(const struct kl_sheet *sheet, unsigned column)
{
	int at = sheet->at[column];

	return at == KL_SHEET_NONE || (unsigned)at >= sheet->row.count ? "" : sheet->row.cells[at];
}

void kl_sheet_forgive(struct kl_sheet *sheet)
{
	kl_grid_forgive(sheet->grid);
}

void kl_sheet_progress(const struct kl_sheet *sheet, uint64_t *ret_done, uint64_t *ret_total)
{
	kl_grid_progress(sheet->grid, ret_done, ret_total);
}

const char *kl_sheet_called(const struct kl_sheet *sheet, unsigned column)
{
	return sheet->called[column];
}

unsigned kl_sheet_cells(const struct kl_sheet *sheet)
{
	return sheet->row.count;
}

const char *kl_sheet_cell_at(const struct kl_sheet *sheet, unsigned index)
{
	return sheet->row.cells[index];
}

bool kl_sheet_has(const struct kl_sheet *sheet, unsigned column)
{
	return sheet->at[column] != KL_SHEET_NONE;
}

uint32_t kl_sheet_line(const struct kl_sheet *sheet)
{
	return sheet->row.line;
}

const char *kl_sheet_word(const struct kl_sheet *sheet)
{
	return kl_grid_word(sheet->grid);
}

const char *kl_sheet_name(const struct kl_sheet *sheet)
{
	return kl_grid_name(sheet->grid);
}

int kl_sheet_fault(const struct kl_sheet *sheet, struct kl_fault *fault, int code, unsigned column,
	const char *expected)
{
	const char *cell = kl_sheet_cell(sheet, column);
	char shown[KL_SHEET_SHOWN_MAX], where[PLACE_MAX];

	(void)kl_one_line(cell, shown, sizeof shown);
	(void)place(sheet, column, where);
	if (!shown[0])
		return kl_fault(fault, code, "%s, %s: found nothing, expected %s",
			kl_sheet_name(sheet), where, expected);
	return kl_fault(fault, code, "%s, %s: found '%s', expected %s", kl_sheet_name(sheet), where,
		shown, expected);
}

/* An empty cell is often the second of two that were made one. A title above the header is not. */
static void hint_at_merges(const struct kl_sheet *sheet, struct kl_fault *fault)
{
	const struct kl_xlsx *book = kl_grid_book(sheet->grid);
	const struct kl_xlsx_remarks *remarks = book ? kl_xlsx_remarks(book) : NULL;

	for (unsigned i = 0; remarks && i < remarks->merge_count && i < KL_XLSX_MERGES_MAX; i++) {
		if (remarks->merges_end[i] < sheet->header_line)
			continue;
		(void)kl_fault_hint(fault,
			"cells are merged there, such as %s: unmerge them and fill each row",
			remarks->merges[i]);
		return;
	}
}

int kl_sheet_look_on(struct kl_sheet *sheet,
	int (*try_row)(const struct kl_sheet *sheet, void *data), void *data,
	struct kl_fault *fault)
{
	char lines[KL_SHEET_LIST_MAX] = "";
	unsigned bad = 0, shown = 0;

	while (kl_sheet_next(sheet, NULL) == 1) {
		size_t n = strlen(lines);

		if (!try_row(sheet, data))
			continue;
		bad++;
		if (shown == MORE_SHOWN)
			continue;
		snprintf(lines + n, sizeof lines - n, "%s%u", shown++ ? ", " : "", sheet->row.line);
	}
	if (bad > shown)
		kl_fault_hint(fault, "also to be put right: %ss %s and %u more",
			kl_grid_word(sheet->grid), lines, bad - shown);
	else if (bad)
		kl_fault_hint(fault, "also to be put right: %s%s %s", kl_grid_word(sheet->grid),
			bad > 1 ? "s" : "", lines);
	else
		hint_at_merges(sheet, fault);
	return fault ? fault->code : KL_E_MALFORMED;
}

unsigned kl_sheet_notes(const struct kl_sheet *sheet)
{
	return sheet->note_count;
}

const char *kl_sheet_note(const struct kl_sheet *sheet, unsigned index)
{
	return sheet->notes[index];
}

/* Takes the last character off whose first bytes are in `out` and whose others are not. */
static size_t without_half(char *out, size_t n, char next)
{
	bool lead = false;

	while (((unsigned char)next & 0xc0) == 0x80 && n && !lead)
		lead = ((unsigned char)out[--n] & 0xc0) == 0xc0;
	return n;
}

bool kl_one_line(const char *text, char *out, size_t size)
{
	size_t n = 0;
	bool gap = false;

	for (; *text; text++) {
		if (isspace((unsigned char)*text)) {
			gap = n > 0;
			continue;
		}
		if (n + gap + 1 >= size) {
			out[without_half(out, n, *text)] = '\0';
			return false;
		}
		if (gap)
			out[n++] = ' ';
		gap = false;
		out[n++] = *text;
	}
	out[n] = '\0';
	return true;
}
