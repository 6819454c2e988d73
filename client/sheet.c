#include "client/sheet.h"
#include "core/bytes.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOLDED_MAX = 64, NONE = -1, SHOWN_MAX = 40, LIST_MAX = 200, MORE_SHOWN = 8 };

struct kl_sheet {
	struct kl_csv *csv;
	const struct kl_column *columns;
	unsigned count;
	int at[KL_SHEET_COLUMNS_MAX]; /* cell of each column, or NONE */
	char called[KL_SHEET_COLUMNS_MAX][SHOWN_MAX + 4];
	unsigned note_count;
	char notes[KL_SHEET_NOTES_MAX][KL_SHEET_NOTE_MAX];
	unsigned title_count;
	struct title {
		char name[FOLDED_MAX];
		char text[KL_SHEET_TITLE_MAX];
	} titles[KL_SHEET_TITLES_MAX];
	unsigned width; /* cells of the header */
	struct kl_csv_row row;
};

/* Letters and digits only, small. */
static void fold(const char *text, char out[FOLDED_MAX])
{
	size_t n = 0;

	for (; *text && n + 1 < FOLDED_MAX; text++)
		if (isalnum((unsigned char)*text))
			out[n++] = (char)tolower((unsigned char)*text);
	out[n] = '\0';
}

static int find_column(const struct kl_sheet *sheet, const char *header)
{
	char wanted[FOLDED_MAX], name[FOLDED_MAX];

	fold(header, wanted);
	for (unsigned c = 0; wanted[0] && c < sheet->count; c++) {
		fold(sheet->columns[c].name, name);
		if (strcmp(name, wanted) == 0)
			return (int)c;
		for (const char *const *alias = sheet->columns[c].aliases; *alias; alias++) {
			fold(*alias, name);
			if (strcmp(name, wanted) == 0)
				return (int)c;
		}
	}
	return NONE;
}

/* ---- finding the header ---------------------------------------------------------------------- */

struct header {
	char separator;
	unsigned rows; /* to skip, itself included */
	unsigned known, required;
	bool found;
};

static unsigned count_known(const struct kl_sheet *sheet, unsigned *ret_required)
{
	bool seen[KL_SHEET_COLUMNS_MAX] = {false};
	unsigned known = 0;

	*ret_required = 0;
	for (unsigned i = 0; i < sheet->row.count; i++) {
		int c = find_column(sheet, sheet->row.cells[i]);

		if (c == NONE || seen[c])
			continue;
		seen[c] = true;
		known++;
		*ret_required += sheet->columns[c].required;
	}
	return known;
}

/* The row with most required names, then most names; the first of equals. */
static struct header find_header(struct kl_sheet *sheet)
{
	static const char separators[] = {',', ';', '\t'};
	struct header best = {.separator = ','};

	for (size_t i = 0; i < sizeof separators; i++) {
		struct kl_csv_at at = {0};

		for (unsigned n = 1; n <= KL_SHEET_HEADER_MAX &&
				     kl_csv_peek(sheet->csv, separators[i], &at, &sheet->row);
			n++) {
			struct header h = {.separator = separators[i], .rows = n, .found = true};

			h.known = count_known(sheet, &h.required);
			if (h.known &&
				(h.required > best.required ||
					(h.required == best.required && h.known > best.known)))
				best = h;
		}
	}
	return best;
}

static unsigned count_required(const struct kl_sheet *sheet)
{
	unsigned n = 0;

	for (unsigned c = 0; c < sheet->count; c++)
		n += sheet->columns[c].required;
	return n;
}

static void append(char list[LIST_MAX], const char *text)
{
	size_t n = strlen(list);
	char shown[SHOWN_MAX];

	(void)kl_one_line(text, shown, sizeof shown);
	if (shown[0] && n + strlen(shown) + 8 < LIST_MAX)
		snprintf(list + n, LIST_MAX - n, "%s%s", n ? ", " : "", shown);
	else if (shown[0] && n >= 3 && strcmp(list + n - 3, "...") != 0 && n + 6 < LIST_MAX)
		snprintf(list + n, LIST_MAX - n, ", ...");
}

/* What stands in the first row that says anything, split by whatever splits it most. */
static void list_found(struct kl_sheet *sheet, const struct header *h, char list[LIST_MAX])
{
	static const char separators[] = {',', ';', '\t'};
	unsigned most = 0;

	list[0] = '\0';
	for (size_t i = 0; i < sizeof separators; i++) {
		struct kl_csv_at at = {0};
		unsigned n = 0;

		if (h->found && separators[i] != h->separator)
			continue;
		while (kl_csv_peek(sheet->csv, separators[i], &at, &sheet->row))
			if (++n == h->rows || (!h->found && !sheet->row.blank))
				break;
		if (!n || sheet->row.count <= most)
			continue;
		most = sheet->row.count;
		list[0] = '\0';
		for (unsigned c = 0; c < sheet->row.count; c++)
			append(list, sheet->row.cells[c]);
	}
}

static int missing(struct kl_sheet *sheet, const struct header *h, struct kl_fault *fault)
{
	char found[LIST_MAX], lacking[LIST_MAX] = "", expected[LIST_MAX] = "";
	bool seen[KL_SHEET_COLUMNS_MAX] = {false};

	list_found(sheet, h, found);
	if (h->found)
		for (unsigned i = 0; i < sheet->row.count; i++) {
			int c = find_column(sheet, sheet->row.cells[i]);

			if (c != NONE)
				seen[c] = true;
		}
	for (unsigned c = 0; c < sheet->count; c++) {
		append(expected, sheet->columns[c].name);
		if (sheet->columns[c].required && !seen[c])
			append(lacking, sheet->columns[c].name);
	}
	if (!found[0])
		kl_fault(fault, KL_E_MALFORMED, "%s: is empty", kl_csv_name(sheet->csv));
	else
		kl_fault(fault, KL_E_MALFORMED, "%s: column missing: %s; found: %s",
			kl_csv_name(sheet->csv), lacking, found);
	kl_fault_hint(fault, "columns that can be read: %s", expected);
	return KL_E_MALFORMED;
}

void kl_sheet_tell(struct kl_sheet *sheet, const char *format, ...)
{
	va_list args;

	if (sheet->note_count == KL_SHEET_NOTES_MAX)
		return;
	va_start(args, format);
	vsnprintf(sheet->notes[sheet->note_count++], KL_SHEET_NOTE_MAX, format, args);
	va_end(args);
}

/* One sentence for all columns that nobody asked for. */
static void tell_unknown(struct kl_sheet *sheet, const char *list, unsigned count)
{
	if (count == 1)
		kl_sheet_tell(sheet, "column '%s' is not known and is not read", list);
	else if (count)
		kl_sheet_tell(sheet, "%u columns are not known and are not read: %s", count, list);
}

/* Takes the header, which is the current row, apart. */
static int map_columns(struct kl_sheet *sheet, struct kl_fault *fault)
{
	char unknown[LIST_MAX] = "";
	unsigned unknown_count = 0;

	for (unsigned i = 0; i < sheet->row.count; i++) {
		const char *header = sheet->row.cells[i];
		int c = find_column(sheet, header);
		char shown[SHOWN_MAX];

		(void)kl_one_line(header, shown, sizeof shown);
		if (c == NONE) {
			append(unknown, shown);
			unknown_count += shown[0] != '\0';
			continue;
		}
		if (sheet->at[c] != NONE)
			return kl_fault(fault, KL_E_MALFORMED,
				"%s: columns '%s' and '%s' both mean %s", kl_csv_name(sheet->csv),
				sheet->called[c], shown, sheet->columns[c].name);
		sheet->at[c] = (int)i;
		(void)kl_copy_text(sheet->called[c], sizeof sheet->called[c], shown);
	}
	tell_unknown(sheet, unknown, unknown_count);
	return KL_OK;
}

static void keep_title(struct kl_sheet *sheet)
{
	struct title *title = &sheet->titles[sheet->title_count];

	if (sheet->row.count < 2 || !sheet->row.cells[1][0] ||
		sheet->title_count == KL_SHEET_TITLES_MAX)
		return;
	fold(sheet->row.cells[0], title->name);
	(void)kl_one_line(sheet->row.cells[1], title->text, sizeof title->text);
	sheet->title_count++;
}

const char *kl_sheet_title(const struct kl_sheet *sheet, const char *name)
{
	for (unsigned i = 0; i < sheet->title_count; i++)
		if (strcmp(sheet->titles[i].name, name) == 0)
			return sheet->titles[i].text;
	return "";
}

static int read_header(struct kl_sheet *sheet, struct kl_fault *fault)
{
	struct header h = find_header(sheet);
	int rc;

	if (h.required < count_required(sheet) || !h.found)
		return missing(sheet, &h, fault);
	kl_csv_set_separator(sheet->csv, h.separator);
	for (unsigned n = 0; n < h.rows; n++) {
		rc = kl_csv_next(sheet->csv, &sheet->row, fault);
		if (rc <= 0)
			return rc ? rc : KL_E_BUG;
		if (n + 1 < h.rows)
			keep_title(sheet);
	}
	sheet->width = sheet->row.count;
	return map_columns(sheet, fault);
}

/* A sheet whose header is not looked for yet. */
static int open_file(const char *path, const char *tab, const struct kl_column *columns,
	unsigned count, struct kl_fault *fault, struct kl_sheet **ret_sheet)
{
	struct kl_sheet *sheet;
	int rc;

	KL_ASSERT(count <= KL_SHEET_COLUMNS_MAX);
	if (tab) {
		kl_fault(fault, KL_E_USAGE, "%s: is no spreadsheet with several sheets", path);
		return kl_fault_hint(fault, "leave --sheet out");
	}
	sheet = calloc(1, sizeof *sheet);
	if (!sheet)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	sheet->columns = columns;
	sheet->count = count;
	for (unsigned c = 0; c < count; c++)
		sheet->at[c] = NONE;
	rc = kl_csv_open(path, fault, &sheet->csv);
	if (rc) {
		kl_sheet_close(sheet);
		return rc;
	}
	*ret_sheet = sheet;
	return KL_OK;
}

int kl_sheet_open(const char *path, const char *tab, const struct kl_column *columns,
	unsigned count, struct kl_fault *fault, struct kl_sheet **ret_sheet)
{
	struct kl_sheet *sheet;
	int rc = open_file(path, tab, columns, count, fault, &sheet);

	if (rc)
		return rc;
	rc = read_header(sheet, fault);
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
	struct kl_sheet *sheet;
	struct header h;
	int rc = open_file(path, tab, columns, count, fault, &sheet);

	if (rc)
		return rc;
	h = find_header(sheet);
	*ret_fit = (struct kl_sheet_fit){
		.known = h.known, .fits = h.found && h.required == count_required(sheet)};
	kl_sheet_close(sheet);
	return KL_OK;
}

void kl_sheet_close(struct kl_sheet *sheet)
{
	if (!sheet)
		return;
	kl_csv_close(sheet->csv);
	free(sheet);
}

/* ---- reading --------------------------------------------------------------------------------- */

int kl_sheet_next(struct kl_sheet *sheet, struct kl_fault *fault)
{
	int rc;

	while ((rc = kl_csv_next(sheet->csv, &sheet->row, fault)) == 1)
		if (!sheet->row.blank)
			return 1;
	return rc;
}

/* Something behind the last column: most likely £1,234.50 without quotes, which would otherwise be
 * read as one pound. */
int kl_sheet_check_width(const struct kl_sheet *sheet, struct kl_fault *fault)
{
	unsigned cells = sheet->row.count;

	while (cells > sheet->width && !sheet->row.cells[cells - 1][0])
		cells--;
	if (cells <= sheet->width)
		return KL_OK;
	return kl_fault(fault, KL_E_MALFORMED,
		"%s, line %u: found %u cells, expected the %u of the header; what has a comma in "
		"it stands in quotes, such as \"1,234.50\"",
		kl_sheet_name(sheet), sheet->row.line, cells, sheet->width);
}

const char *kl_sheet_cell(const struct kl_sheet *sheet, unsigned column)
{
	int at = sheet->at[column];

	return at == NONE || (unsigned)at >= sheet->row.count ? "" : sheet->row.cells[at];
}

bool kl_sheet_has(const struct kl_sheet *sheet, unsigned column)
{
	return sheet->at[column] != NONE;
}

uint32_t kl_sheet_line(const struct kl_sheet *sheet)
{
	return sheet->row.line;
}

const char *kl_sheet_name(const struct kl_sheet *sheet)
{
	return kl_csv_name(sheet->csv);
}

int kl_sheet_fault(const struct kl_sheet *sheet, struct kl_fault *fault, int code, unsigned column,
	const char *expected)
{
	const char *cell = kl_sheet_cell(sheet, column);
	char shown[SHOWN_MAX];

	(void)kl_one_line(cell, shown, sizeof shown);
	if (!shown[0])
		return kl_fault(fault, code, "%s, line %u, column '%s': found nothing, expected %s",
			kl_sheet_name(sheet), sheet->row.line, sheet->called[column], expected);
	return kl_fault(fault, code, "%s, line %u, column '%s': found '%s', expected %s",
		kl_sheet_name(sheet), sheet->row.line, sheet->called[column], shown, expected);
}

int kl_sheet_look_on(struct kl_sheet *sheet,
	int (*try_row)(const struct kl_sheet *sheet, void *data), void *data,
	struct kl_fault *fault)
{
	char lines[LIST_MAX] = "";
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
		kl_fault_hint(
			fault, "also to be put right: lines %s and %u more", lines, bad - shown);
	else if (bad)
		kl_fault_hint(fault, "also to be put right: line%s %s", bad > 1 ? "s" : "", lines);
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
