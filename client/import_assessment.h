/* Assessments out of forms that people filled in, as `assess import` and `import` bring them in.
 * Options --period, --assessor, --place and --sheet are those of the command that is running. */
#ifndef KL_CLIENT_IMPORT_ASSESSMENT_H
#define KL_CLIENT_IMPORT_ASSESSMENT_H

#include "client/cli.h"

/* One form, whole or not at all; shows what came of it. */
int kl_import_assessment(struct kl_cli *cli, const char *path);

/* The options, for the tables of such commands. */
#define KL_IMPORT_ASSESSMENT_OPTIONS                                                               \
	{"period", "YEAR", "the year that is assessed; without it, the one in the form"},          \
		{"place", "PLACE", "a part of the area; without it, the one in the form"},         \
	{                                                                                          \
		"assessor", "NAME",                                                                \
			"who assesses, in the first column; without it, the one in the form"       \
	}

#endif
