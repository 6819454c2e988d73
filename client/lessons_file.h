/* Reads a table of lessons: title, text, place, period, characteristics, stages, routes, services,
 * barriers, outcome, links; a row for each. Several words of one cell are apart by `;`.
 *
 * What the words mean is for the daemon to say; here is held that every row has a title, that no title
 * stands twice, and that all of them fit one request. */
#ifndef KL_CLIENT_LESSONS_FILE_H
#define KL_CLIENT_LESSONS_FILE_H

#include "client/pack.h"
#include "client/sheet.h"

enum {
	KL_LESSONS_ROWS_MAX = 200,        /* of one file; the daemon takes no more at once */
	KL_LESSONS_BYTES_MAX = 200 << 10, /* of all of them */
};

struct kl_lessons_file {
	struct kl_sheet *sheet; /* for what is to be told of the file */
	struct kl_writer rows;  /* one map each: the names that options have, and "where" */
	size_t n;
};

/* Reads the whole file. What kl_sheet_open() says; KL_E_MALFORMED with file, line and column;
 * KL_E_TOO_BIG. */
int kl_lessons_read(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_lessons_file *ret_lessons);
void kl_lessons_deinit(struct kl_lessons_file *lessons);

/* Adds them as an array under "lessons". */
void kl_lessons_pack(const struct kl_lessons_file *lessons, struct kl_pack *pack);

/* Columns of the table, for telling whether a file is one, and for templates. */
const struct kl_column *kl_lessons_columns(unsigned *ret_count);

#endif
