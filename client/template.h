/* Tables for people to fill in: one file template_*.c for each, one line in templates.def.
 *
 * sheet      its columns with notes, widths and choices; they must be those that the reader of the
 *            table knows (tests/unit/test_template.c holds them together)
 * rows       what stands there from the beginning, such as the questions of a form
 * examples   made up; a CSV has them only on demand, for what is not taken out again is counted; an
 *            XLSX has them on a sheet of their own, which no import reads
 * notes      an XLSX has a sheet that says what to write into each column */
#ifndef KL_CLIENT_TEMPLATE_H
#define KL_CLIENT_TEMPLATE_H

#include "client/book.h"

#include <stdbool.h>

struct kl_template {
	const char *name;  /* as it is typed */
	const char *use;   /* for help: what it is for */
	const char *title; /* above the heads in an XLSX */
	struct kl_book_sheet sheet;
	const char *const *examples; /* cell by cell, as many as columns in a row, ended by NULL; or
	                                   NULL */
	void (*rows)(struct kl_book *); /* or NULL */
	const char *const *notes; /* further lines on the sheet of notes, ended by NULL; or NULL */
};

/* All of them, ended by NULL. */
extern const struct kl_template *const kl_templates[];

/* Writes a template into an empty book; `xlsx` as kl_book_is_xlsx() said. The book is to be
 * finished. */
void kl_template_write(
	const struct kl_template *what, bool xlsx, bool examples, struct kl_book *book);

#endif
