#include "client/table.h"
#include "core/error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

size_t kl_text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

/* Takes over `text`; NULL stands for memory that ran out. */
static void add(struct kl_table *table, char *text)
{
	if (table->count == table->capacity) {
		size_t capacity = table->capacity ? 2 * table->capacity : 64;
		char **cells = realloc(table->cells, capacity * sizeof *cells);

		if (cells) {
			table->cells = cells;
			table->capacity = capacity;
		}
	}
	if (!text || table->count == table->capacity) {
		table->failed = true;
		free(text);
		return;
	}
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	table->cells[table->count++] = text;
}

void kl_table_init(struct kl_table *table, const char *columns)
{
	memset(table, 0, sizeof *table);
	while (*columns) {
		size_t len = strcspn(columns, " ");
		char *heading;

		KL_ASSERT(table->columns < KL_TABLE_COLUMNS_MAX);
		KL_ASSERT(*columns == '<' || *columns == '>');
		table->right[table->columns++] = *columns == '>';
		heading = strndup(columns + 1, len - 1);
		for (char *c = heading; c && *c; c++)
			if (*c == '_')
				*c = ' ';
		table->headed |= len > 1;
		add(table, heading);
		columns += len;
		columns += *columns == ' ';
	}
}

void kl_table_deinit(struct kl_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	memset(table, 0, sizeof *table);
}

void kl_table_cell(struct kl_table *table, const char *format, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vasprintf(&text, format, ap);
	va_end(ap);
	add(table, n < 0 ? NULL : text);
}

/* Blanks are owed until something stands behind them, so that no line ends with any. */
static void print_cell(
	const struct kl_table *table, size_t i, size_t width, size_t *owed, FILE *out)
{
	size_t column = i % table->columns;
	const char *text = table->cells[i];
	size_t pad = width - kl_text_width(text);

	if (column)
		*owed += 2;
	if (table->right[column])
		*owed += pad;
	if (text[0]) {
		fprintf(out, "%*s%s", (int)*owed, "", text);
		*owed = 0;
	}
	if (!table->right[column])
		*owed += pad;
	if (column + 1 == table->columns || i + 1 == table->count) {
		fputc('\n', out);
		*owed = 0;
	}
}

int kl_table_print(const struct kl_table *table, FILE *out)
{
	size_t width[KL_TABLE_COLUMNS_MAX] = {0};
	size_t first = table->headed ? 0 : table->columns, owed = 0;

	if (table->failed)
		return KL_E_NOMEM;
	for (size_t i = first; i < table->count; i++) {
		size_t w = kl_text_width(table->cells[i]);

		if (w > width[i % table->columns])
			width[i % table->columns] = w;
	}
	for (size_t i = first; i < table->count; i++)
		print_cell(table, i, width[i % table->columns], &owed, out);
	return ferror(out) ? KL_E_IO : KL_OK;
}
