/* What files `keeplocal import` knows, by their columns, and which command each is for: the table is
 * import_kinds.c. */
#ifndef KL_CLIENT_IMPORT_KINDS_H
#define KL_CLIENT_IMPORT_KINDS_H

#include "client/sheet.h"
#include "core/error.h"

#include <stdbool.h>

enum { KL_IMPORT_OPTIONS_MAX = 8 };

/* How many files of a kind one command takes. */
enum kl_import_files {
	KL_IMPORT_TOGETHER, /* all of them */
	KL_IMPORT_EACH,     /* one; the next with the next command */
	KL_IMPORT_ONE,      /* one, which is the whole: a second would take its place */
};

struct kl_import_kind {
	const char *what;    /* "a table of tenants" */
	const char *command; /* "enabled import" */
	const char *table;   /* lm3 import: the operand behind the project; else NULL */
	enum kl_import_files files;
	const char *options[KL_IMPORT_OPTIONS_MAX]; /* that go on to the command, ended by NULL */
	const struct kl_column *(*columns)(unsigned *ret_count);
};

/* In the order in which they come in; ended by one without `what`. */
extern const struct kl_import_kind kl_import_kinds[];

/* The kind whose columns fit best. KL_E_MALFORMED with the columns that were found if none does,
 * KL_E_AMBIGUOUS with both commands if two fit alike; what kl_sheet_fit() says. */
int kl_import_recognise(const char *path, const char *tab, struct kl_fault *fault,
	const struct kl_import_kind **ret_kind, struct kl_sheet_fit *ret_fit);

#endif
