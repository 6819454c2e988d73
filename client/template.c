#include "client/template.h"
#include "client/words_in.h"
#include "core/money.h"

#include <stdlib.h>
#include <string.h>

#define KL_TEMPLATE(name) extern const struct kl_template kl_template_##name;
#include "client/templates.def"
#undef KL_TEMPLATE

const struct kl_template *const kl_templates[] = {
#define KL_TEMPLATE(name) &kl_template_##name,
#include "client/templates.def"
#undef KL_TEMPLATE
	NULL,
};

/* A cell of an example, as the type of its column wants it. */
static void put_cell(struct kl_book *book, const struct kl_book_column *column, const char *text)
{
	int64_t pence;
	double share;

	if (column->type == KL_BOOK_POUNDS && !kl_money_parse(text, &pence))
		kl_book_pounds(book, pence);
	else if (column->type == KL_BOOK_SHARE && !kl_share_parse(text, &share))
		kl_book_share(book, share);
	else if (column->type == KL_BOOK_NUMBER && text[0])
		kl_book_number(book, strtod(text, NULL));
	else if (column->type == KL_BOOK_DATE)
		kl_book_date(book, text);
	else
		kl_book_text(book, text);
}

static void put_examples(const struct kl_template *what, struct kl_book *book)
{
	unsigned column = 0;

	for (const char *const *cell = what->examples; cell && *cell; cell++) {
		put_cell(book, &what->sheet.columns[column], *cell);
		if (++column < what->sheet.count)
			continue;
		column = 0;
		kl_book_end_row(book);
	}
	KL_ASSERT(column == 0);
}

static const struct kl_book_column note_columns[] = {
	{"column", KL_BOOK_TEXT, .width = 24},
	{"what to write", KL_BOOK_TEXT, .width = 100},
};

static const struct kl_book_sheet note_sheet = {
	.name = "Notes", .columns = note_columns, .count = 2};

static void put_notes(const struct kl_template *what, struct kl_book *book)
{
	kl_book_begin(book, &note_sheet);
	for (unsigned i = 0; i < what->sheet.count; i++) {
		const struct kl_book_column *column = &what->sheet.columns[i];

		if (!column->note)
			continue;
		kl_book_text(book, column->name);
		kl_book_text(book, column->note);
		kl_book_end_row(book);
	}
	for (const char *const *line = what->notes; line && *line; line++) {
		kl_book_skip(book);
		kl_book_text(book, *line);
		kl_book_end_row(book);
	}
}

/* Sheets outlive the book only as long as the writing, which is over when this returns; their heads
 * are written at once. */
static void write_xlsx(const struct kl_template *what, struct kl_book *book)
{
	const char *const lines[] = {what->title, NULL};
	struct kl_book_sheet sheet = what->sheet, example = what->sheet;

	sheet.lines = lines;
	sheet.form = true;
	kl_book_begin(book, &sheet);
	if (what->rows)
		what->rows(book);
	if (what->examples) {
		example.name = "Example";
		kl_book_begin(book, &example);
		put_examples(what, book);
	}
	put_notes(what, book);
}

void kl_template_write(
	const struct kl_template *what, bool xlsx, bool examples, struct kl_book *book)
{
	if (xlsx) {
		write_xlsx(what, book);
		return;
	}
	kl_book_begin(book, &what->sheet);
	if (what->rows)
		what->rows(book);
	if (examples)
		put_examples(what, book);
}
