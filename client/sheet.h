/* A table with a header, whose columns are found by name: a CSV, or a sheet of an XLSX.
 *
 * column   what a reader wants: a name, other names people use for it, and whether it must be there
 * header   the first row, of the first KL_SHEET_HEADER_MAX, in which the names of columns stand;
 *          what is above it is a title and is skipped
 * folded   names are compared without case, blanks and punctuation: "Floor space (m2)" is
 *          floorspacem2
 *
 * The separator of a CSV is the one of comma, semicolon and tab that makes most names of columns
 * known. Messages name lines of a CSV, rows and cells of an XLSX. */
#ifndef KL_CLIENT_SHEET_H
#define KL_CLIENT_SHEET_H

#include "client/csv.h"
#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_SHEET_COLUMNS_MAX = 24,
	KL_SHEET_HEADER_MAX = 30,
	KL_SHEET_ALIASES_MAX = 48,
	KL_SHEET_NOTES_MAX = 24, /* things to tell about a file */
	KL_SHEET_NOTE_MAX = 256,
	KL_SHEET_TITLES_MAX = 8,
	KL_SHEET_TITLE_MAX = 402,
	KL_SHEET_FOUND_MAX = 200,
};

struct kl_column {
	const char *name;
	const char *aliases[KL_SHEET_ALIASES_MAX]; /* ends with NULL; folded or not */
	bool required;
	bool ranked; /* several headers may mean it: the one whose name comes first here is read */
	bool dated;  /* a year may stand behind its names: pop_2020 */
};

struct kl_sheet;

/* Opens a file and finds its header. `tab` names the sheet of a spreadsheet that is meant, NULL
 * being the first; a CSV has none. `columns` must outlive the sheet. Faults name the file, what
 * was found and what was expected: KL_E_MALFORMED if required columns are missing or two columns
 * mean the same, and what kl_grid_open() says. */
int kl_sheet_open(const char *path, const char *tab, const struct kl_column *columns,
	unsigned count, struct kl_fault *fault, struct kl_sheet **ret_sheet);
void kl_sheet_close(struct kl_sheet *sheet);

/* How well a file fits a reader: how many of its columns the header names, and whether all that are
 * required are among them. */
struct kl_sheet_fit {
	unsigned known;
	bool fits;
	char found[KL_SHEET_FOUND_MAX]; /* the columns of the file, for messages; cut */
};

/* Looks only: for telling what a file is. KL_OK whatever the columns are, else as kl_sheet_open(). */
int kl_sheet_fit(const char *path, const char *tab, const struct kl_column *columns, unsigned count,
	struct kl_fault *fault, struct kl_sheet_fit *ret_fit);

/* What stands above the header beside `name` in a row such as "source,Office for National
 * Statistics": one line, "" if there is no such row. */
const char *kl_sheet_title(const struct kl_sheet *sheet, const char *name);

/* Next row that is not blank. 1, 0 at the end, or an error of kl_grid_next(). */
int kl_sheet_next(struct kl_sheet *sheet, struct kl_fault *fault);

/* Whether the current row of a CSV says something behind the last column of the header. */
bool kl_sheet_is_too_wide(const struct kl_sheet *sheet);

/* KL_E_MALFORMED if the current row of a CSV says something behind the last column of the header, or
 * if a column that is read holds what a failed formula leaves (#REF!). */
int kl_sheet_check_row(const struct kl_sheet *sheet, struct kl_fault *fault);

/* Cell of a column of the current row; "" if the file has no such column or the row ends before. */
const char *kl_sheet_cell(const struct kl_sheet *sheet, unsigned column);

/* Characters that cannot be read are question marks from now on, and told at the end: see
 * kl_csv_forgive(). */
void kl_sheet_forgive(struct kl_sheet *sheet);

/* How far the file is read: see kl_csv_progress(). */
void kl_sheet_progress(const struct kl_sheet *sheet, uint64_t *ret_done, uint64_t *ret_total);

/* How the file calls a column; "" if it has none. */
const char *kl_sheet_called(const struct kl_sheet *sheet, unsigned column);

/* All cells of the current row, as they stand in the file. */
unsigned kl_sheet_cells(const struct kl_sheet *sheet);
const char *kl_sheet_cell_at(const struct kl_sheet *sheet, unsigned index);

bool kl_sheet_has(const struct kl_sheet *sheet, unsigned column);

/* Number of the current row, as kl_sheet_word() calls it: "line" of a CSV, "row" of an XLSX. */
uint32_t kl_sheet_line(const struct kl_sheet *sheet);
const char *kl_sheet_word(const struct kl_sheet *sheet);
const char *kl_sheet_name(const struct kl_sheet *sheet);

/* A fault that names file, line and column as the file calls it, what was found and what was
 * expected: "x.csv, line 3, column 'spend': found 'abc', expected an amount in pounds such as
 * 1,234.56"; of an XLSX "x.xlsx, row 3, column 'spend' (cell D3): ...". */
int kl_sheet_fault(const struct kl_sheet *sheet, struct kl_fault *fault, int code, unsigned column,
	const char *expected);

/* Adds to a fault about the current row, as its hint, the lines of later rows that are bad as well:
 * `try_row` reads the current row and returns 0 or an error. Moves to the end of the file. Returns
 * the code of the fault. */
int kl_sheet_look_on(struct kl_sheet *sheet,
	int (*try_row)(const struct kl_sheet *sheet, void *data), void *data,
	struct kl_fault *fault);

/* What is to be told about a file that can be read, such as unknown columns: one sentence each. */
void kl_sheet_tell(struct kl_sheet *sheet, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
unsigned kl_sheet_notes(const struct kl_sheet *sheet);
const char *kl_sheet_note(const struct kl_sheet *sheet, unsigned index);

/* Turns every run of blanks and line ends of `text` into one blank and copies it; false if it does
 * not fit. For names and other text of one line. */
bool kl_one_line(const char *text, char *out, size_t size);

#endif
