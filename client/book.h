/* Writes tables that people open with a spreadsheet program: a CSV, or an XLSX with several sheets;
 * the ending of the file's name says which.
 *
 *	static const struct kl_book_column columns[] = {
 *		{"supplier", KL_BOOK_TEXT, .width = 40},
 *		{"spend", KL_BOOK_POUNDS},
 *		{"local", KL_BOOK_TEXT, .choices = yes_no, .note = "yes, no or unknown"},
 *		{"respent_locally", KL_BOOK_SHARE},
 *	};
 *	static const struct kl_book_sheet sheet = {.name = "Suppliers", .columns = columns, .count = 4};
 *
 *	rc = kl_book_new(path, &fault, &book);
 *	if (rc)
 *		return rc;
 *	kl_book_begin(book, &sheet);
 *	kl_book_text(book, "Example Catering Ltd");
 *	kl_book_pounds(book, 125050);
 *	kl_book_text(book, "yes");
 *	kl_book_share(book, 0.45);
 *	kl_book_end_row(book);
 *	rc = kl_book_finish(book, &fault);
 *	kl_book_close(book);
 *
 * Cells follow each other from left to right; what does not fit anywhere is told by
 * kl_book_finish(), so that nothing in between needs to be checked. The file appears when it is
 * finished, whole, and never in the place of another (see client/new_file.h).
 *
 * Text is never a formula, in either form: what begins with = + - or @ stands behind an apostrophe,
 * which client/sheet.h takes away again. In an XLSX money, shares and dates are numbers that look as
 * people expect, heads are bold and stay in view, notes appear on heads, and choices and checks drop
 * down in the rows below. */
#ifndef KL_CLIENT_BOOK_H
#define KL_CLIENT_BOOK_H

#include "core/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
	KL_BOOK_COLUMNS_MAX = 200,
	KL_BOOK_SHEETS_MAX = 64,
	KL_BOOK_ROWS_MAX = 1048576, /* of a sheet in an XLSX; spreadsheets hold no more */
	KL_BOOK_CHOICES_MAX = 255,  /* characters of all choices of a column */
};

enum kl_book_type {
	KL_BOOK_TEXT,
	KL_BOOK_POUNDS, /* from pence: 1,234.50 */
	KL_BOOK_NUMBER, /* any number, as short as it can be written */
	KL_BOOK_COUNT,  /* a whole number: 1,234 */
	KL_BOOK_SHARE,  /* 0..1: 45% in an XLSX, 0.45 in a CSV */
	KL_BOOK_DATE,   /* from "2016-04-05" */
};

struct kl_book_column {
	const char *name;
	enum kl_book_type type;
	unsigned width;             /* characters; 0: as suits name and type */
	const char *note;           /* what to know about the column, or NULL */
	const char *const *choices; /* what may stand there, ended by NULL; or NULL */
};

struct kl_book_sheet {
	const char *name; /* made fit for spreadsheets: at most 31 characters, none of []:*?/\ */
	const char *const *lines; /* above the heads, ended by NULL; or NULL */
	const struct kl_book_column *columns;
	unsigned count;
	bool form; /* people fill it in: choices drop down, figures are checked as they are typed */
};

struct kl_book;

/* Whether a file of this name would be an XLSX. */
bool kl_book_is_xlsx(const char *path);

/* KL_E_USAGE unless the name ends with .csv or .xlsx; what kl_new_file_begin() says. */
int kl_book_new(const char *path, struct kl_fault *fault, struct kl_book **ret_book);

/* A CSV to an open stream, which stays open. KL_E_NOMEM. */
int kl_book_new_stream(FILE *out, struct kl_fault *fault, struct kl_book **ret_book);

/* Begins a sheet; its struct and columns must live as long as rows are written. A CSV holds one. */
void kl_book_begin(struct kl_book *book, const struct kl_book_sheet *sheet);

/* Cells. Any column takes text and nothing at all, beside what its type says. */
void kl_book_text(struct kl_book *book, const char *text);
void kl_book_pounds(struct kl_book *book, int64_t pence);
void kl_book_number(struct kl_book *book, double value);
void kl_book_count(struct kl_book *book, int64_t value);
void kl_book_share(struct kl_book *book, double share);
void kl_book_date(struct kl_book *book, const char *iso); /* what is no date stands as text */
void kl_book_skip(struct kl_book *book);
void kl_book_end_row(struct kl_book *book);

/* Puts the file into its place. KL_E_IO if it cannot be written whole; KL_E_TOO_BIG for more rows or
 * longer text than a spreadsheet can hold. */
int kl_book_finish(struct kl_book *book, struct kl_fault *fault);

/* Also drops what was not finished. */
void kl_book_close(struct kl_book *book);

#endif
