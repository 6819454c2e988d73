/* Writes CSV that spreadsheets open without harm: UTF-8, CR LF, and text that begins with = + - or
 * @ behind an apostrophe, since a spreadsheet would run it as a formula. client/csv.h takes that
 * apostrophe away again. What would do harm where it is shown becomes U+FFFD (core/harmless.h). Numbers stay numbers. */
#ifndef KL_CLIENT_CSV_WRITE_H
#define KL_CLIENT_CSV_WRITE_H

#include "core/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct kl_csv_writer {
	FILE *out;
	bool begun; /* a cell of this row is written */
};

void kl_csv_write_text(struct kl_csv_writer *w, const char *text);
void kl_csv_write_pounds(struct kl_csv_writer *w, int64_t pence); /* -1234.56 */
void kl_csv_write_number(struct kl_csv_writer *w, double value);
void kl_csv_write_count(struct kl_csv_writer *w, int64_t value);

/* Ends the row. KL_E_IO if anything could not be written so far. */
int kl_csv_write_end(struct kl_csv_writer *w);

#endif
