/* Reads tables as people export them: comma, semicolon or tab, with or without a byte order mark,
 * UTF-8 or Windows-1252, lines ending in CR LF, LF or CR.
 *
 * row       the cells between two line ends that stand outside quotes
 * cell      UTF-8 without blanks around it; one that was escaped against formulas (see csv_write.h)
 *           has lost its apostrophe
 * line      number of the line of the file that a row begins on, from 1: quoted cells may hold line
 *           ends, so rows and lines differ
 * sample    what of the file is in memory before the first row was read: rows can be looked at in
 *           it with any separator, to find the header
 *
 * A row that is not UTF-8 is taken for Windows-1252; its five undefined bytes are refused by line.
 * The file is read in pieces and never held whole. */
#ifndef KL_CLIENT_CSV_H
#define KL_CLIENT_CSV_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_CSV_ROW_MAX = 64 * 1024, /* bytes of one row */
	KL_CSV_CELLS_MAX = 1024,
	KL_CSV_TEXT_MAX = 3 * KL_CSV_ROW_MAX + KL_CSV_CELLS_MAX, /* a row as UTF-8 */
};

#define KL_CSV_FILE_MAX (INT64_C(1) << 30) /* bytes */

struct kl_csv_row {
	uint32_t line;
	unsigned count;                      /* cells, at least 1 */
	const char *cells[KL_CSV_CELLS_MAX]; /* until the next row is read */
	bool blank;                          /* nothing in any cell */
	char text[KL_CSV_TEXT_MAX]; /* holds those that do not stand in the reader itself */
};

struct kl_csv;

/* Opens `path`, "-" being standard input. KL_E_NOT_FOUND; KL_E_IO for what cannot be read;
 * KL_E_MALFORMED for what may not be read or is plainly no CSV (a folder, a spreadsheet, UTF-16,
 * binary); KL_E_NOMEM. Faults name the file. */
int kl_csv_open(const char *path, struct kl_fault *fault, struct kl_csv **ret_csv);
void kl_csv_close(struct kl_csv *csv);

/* The name of the file, as messages give it. */
const char *kl_csv_name(const struct kl_csv *csv);

/* How the file is to be split from now on: ',' (at first), ';' or '\t'. */
void kl_csv_set_separator(struct kl_csv *csv, char separator);

/* Looks at the sample from its beginning, one row after the other, without moving on: `*at` begins
 * as {0}. Returns 1 with a row, 0 behind the last whole row of the sample. Errors in a row end it,
 * too. */
struct kl_csv_at {
	size_t offset;
	uint32_t lines;
};
int kl_csv_peek(struct kl_csv *csv, char separator, struct kl_csv_at *at, struct kl_csv_row *row);

/* Next row, blank ones too. Returns 1, or 0 at the end of the file; KL_E_MALFORMED, KL_E_TOO_BIG,
 * KL_E_IO with a fault that names file and line. After an error the reader is at its end. */
int kl_csv_next(struct kl_csv *csv, struct kl_csv_row *row, struct kl_fault *fault);

/* From now on a character that can be neither read nor shown is a question mark, and no error: for
 * files that nobody will put right. The number of rows in which that happened. */
void kl_csv_forgive(struct kl_csv *csv);
uint32_t kl_csv_forgiven(const struct kl_csv *csv);

/* How many bytes of the file are behind us, and how many there are; 0 for what is no file. */
void kl_csv_progress(const struct kl_csv *csv, uint64_t *ret_done, uint64_t *ret_total);

#endif
