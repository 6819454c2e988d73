/* The XLSX behind client/book.h. Rows come from top to bottom and are not held in memory. */
#ifndef KL_CLIENT_BOOK_XLSX_H
#define KL_CLIENT_BOOK_XLSX_H

#include "client/book.h"

struct kl_book_xlsx;

/* Writes to a file that is there already, such as the part of a struct kl_new_file. */
int kl_book_xlsx_new(const char *path, struct kl_book_xlsx **ret_xlsx);

/* Ends the file and reads it again: libxlsxwriter does not tell all that could not be written.
 * Frees the writer. KL_E_IO, with errno if a reason is known. */
int kl_book_xlsx_finish(struct kl_book_xlsx *xlsx);
void kl_book_xlsx_drop(struct kl_book_xlsx *xlsx);

/* All of them: 0, KL_E_TOO_BIG or KL_E_NOMEM. The row of the first cell is 0 below the heads. */
int kl_book_xlsx_begin(struct kl_book_xlsx *xlsx, const struct kl_book_sheet *sheet);
int kl_book_xlsx_text(struct kl_book_xlsx *xlsx, uint32_t row, unsigned column, const char *text);
int kl_book_xlsx_number(struct kl_book_xlsx *xlsx, uint32_t row, unsigned column,
	enum kl_book_type type, double value);
int kl_book_xlsx_date(
	struct kl_book_xlsx *xlsx, uint32_t row, unsigned column, int year, int month, int day);

#endif
