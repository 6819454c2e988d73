/* Reads one sheet of an XLSX, row by row, as client/csv.h reads a CSV.
 *
 * row     what has a cell in it; line is its number in the sheet, and gaps between cells are empty
 * cell    the text that is meant: see client/xlsx_value.h for numbers; yes and no of a spreadsheet
 *         are TRUE and FALSE; of a formula its last result, and KL_XLSX_NO_RESULT if it has none; of
 *         a failed formula its error, such as #REF!
 * merged  cells: the value belongs to the first of them, the others are empty
 *
 * The sheet is unpacked as it is read; texts that cells share are held in memory. */
#ifndef KL_CLIENT_XLSX_H
#define KL_CLIENT_XLSX_H

#include "client/csv.h"
#include "client/xlsx_tabs.h"
#include "core/error.h"

#include <stddef.h>
#include <stdint.h>

enum { KL_XLSX_ROWS_MAX = 1048576, KL_XLSX_MERGES_MAX = 8, KL_XLSX_REF_MAX = 24 };

#define KL_XLSX_SHEET_MAX (UINT64_C(1) << 30) /* bytes of a sheet, unpacked */

#define KL_XLSX_NO_RESULT "#NO RESULT"

struct kl_xlsx;

/* What is told behind the last row. */
struct kl_xlsx_remarks {
	uint32_t hidden_rows;
	uint32_t merge_count;
	char merges[KL_XLSX_MERGES_MAX][KL_XLSX_REF_MAX]; /* the first of them: "A1:C1" */
	uint32_t merges_end[KL_XLSX_MERGES_MAX];          /* their last rows */
};

/* Opens the sheet called `tab` (NULL: the first that is not hidden). Faults name the file: those of
 * kl_archive_open(), and KL_E_USAGE if there is no such sheet. */
int kl_xlsx_open(
	const char *path, const char *tab, struct kl_fault *fault, struct kl_xlsx **ret_xlsx);
void kl_xlsx_close(struct kl_xlsx *xlsx);

/* The file, and the sheet if it has several: as messages name it. */
const char *kl_xlsx_name(const struct kl_xlsx *xlsx);
const struct kl_xlsx_tab *kl_xlsx_tab(const struct kl_xlsx *xlsx);

/* The sheets that are not read and not hidden, as 'A', 'B'; how many. */
unsigned kl_xlsx_others(const struct kl_xlsx *xlsx, char *out, size_t size);

/* Begins the sheet again. */
int kl_xlsx_rewind(struct kl_xlsx *xlsx, struct kl_fault *fault);

/* As kl_csv_next(). Faults name sheet and cell. */
int kl_xlsx_next(struct kl_xlsx *xlsx, struct kl_csv_row *row, struct kl_fault *fault);

/* Whole once kl_xlsx_next() returned 0. */
const struct kl_xlsx_remarks *kl_xlsx_remarks(const struct kl_xlsx *xlsx);

#endif
