/* Plain tables in aligned columns, and pairs of "name  value".
 *
 *     struct kl_table table;
 *
 *     kl_table_init(&table, "<supplier >spend");     (< left, > right, one word for each column)
 *     kl_table_cell(&table, "%s", name);             (cell by cell, row by row)
 *     kl_table_cell(&table, "%s", kl_money_format(pence, text));
 *     rc = kl_table_print(&table, stdout);
 *     kl_table_deinit(&table);
 *
 * Underscores in a heading are shown as blanks. Width is counted in characters of UTF-8, each one
 * column wide. Control characters in cells are shown as `?`, so that no file can drive a
 * terminal. */
#ifndef KL_CLIENT_TABLE_H
#define KL_CLIENT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { KL_TABLE_COLUMNS_MAX = 12 };

struct kl_table {
	/* All private. */
	char **cells;
	size_t count, capacity, columns;
	bool right[KL_TABLE_COLUMNS_MAX], headed, failed;
};

/* One word for each column: `<` or `>`, then its heading; no headings ("< >") print no first
 * line. At most KL_TABLE_COLUMNS_MAX. */
void kl_table_init(struct kl_table *table, const char *columns);
void kl_table_deinit(struct kl_table *table);

/* Adds the next cell. A failure to get memory sticks and is told by kl_table_print(). */
void kl_table_cell(struct kl_table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints all rows; the last may be short. KL_E_NOMEM or KL_E_IO. */
int kl_table_print(const struct kl_table *table, FILE *out);

/* Characters of a text of UTF-8. */
size_t kl_text_width(const char *text);

#endif
