/* Tenants out of files, as `enabled import` and `import` bring them in: one table, or forms that
 * tenants filled in. Options --period, --instead and --sheet are those of
 * the command that is running. */
#ifndef KL_CLIENT_IMPORT_TENANTS_H
#define KL_CLIENT_IMPORT_TENANTS_H

#include "client/cli.h"

#include <stddef.h>

/* The whole table of a period, in place of the one before. */
int kl_import_tenants(struct kl_cli *cli, const char *path);

/* Forms, joined to the table of the period: who is in it already gets what the form tells, others are
 * added. All come in, or none. */
int kl_import_forms(struct kl_cli *cli, const char *const *paths, size_t count);

/* The options of both, for the tables of such commands. */
#define KL_IMPORT_TENANTS_OPTIONS                                                                  \
	{"period", "PERIOD", "the year that the answers are about (this year if not said)"},       \
	{                                                                                          \
		"instead", NULL, "take the place of totals that were recorded for the period"      \
	}

#endif
