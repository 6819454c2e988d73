/* Reads a table of councils: code and name, and whatever else is known of them.
 *
 * Columns are found by name, in the words of the usual publishers; a year behind a name is the year
 * of its figures ("pop_2020"). Empty cells, "-" and "n/a" are "not known". A cell that cannot be read
 * is a fault that names file, line and column, and its hint the other lines to be put right; so is a
 * code that stands there twice. */
#ifndef KL_CLIENT_COUNCILS_FILE_H
#define KL_CLIENT_COUNCILS_FILE_H

#include "client/sheet.h"
#include "core/council.h"
#include "protocol/wire.h"

struct kl_councils_file;

/* What kl_sheet_open() says. */
int kl_councils_file_open(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_councils_file **ret_file);
void kl_councils_file_close(struct kl_councils_file *file);

/* Next row: 1; 0 at the end; an error with a fault, after which nothing follows. */
int kl_councils_file_next(
	struct kl_councils_file *file, struct kl_fault *fault, struct kl_council *ret_council);

/* The same in parts, for kl_link_upload(). */
int kl_councils_file_part(void *file, struct kl_writer *rows, struct kl_fault *fault);

const struct kl_sheet *kl_councils_file_sheet(const struct kl_councils_file *file);

/* The columns, for telling what a file is: there, type and region must be among them, since a table
 * of suppliers may have names and codes, too. */
const struct kl_column *kl_councils_columns(unsigned *ret_count);

#endif
