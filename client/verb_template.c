/* template: tables for people to fill in. */
#include "client/cli.h"
#include "client/template.h"

#include <string.h>

enum { NAMES_MAX = 128 };

/* "suppliers, tenants or places" */
static void list_names(char out[NAMES_MAX])
{
	size_t n = 0;

	for (const struct kl_template *const *t = kl_templates; *t && n < NAMES_MAX; t++)
		n += (size_t)snprintf(out + n, NAMES_MAX - n, "%s%s",
			t == kl_templates ? ""
			: t[1]            ? ", "
					  : " or ",
			(*t)->name);
}

static const struct kl_template *find(struct kl_cli *cli, const char *name)
{
	char names[NAMES_MAX];

	for (const struct kl_template *const *t = kl_templates; *t; t++)
		if (!strcmp((*t)->name, name))
			return *t;
	list_names(names);
	kl_fault(&cli->fault, KL_E_USAGE, "there is no template '%s'", name);
	(void)kl_fault_hint(&cli->fault, "%s", names);
	return NULL;
}

static int open_book(struct kl_cli *cli, const char *path, struct kl_book **ret_book)
{
	return path ? kl_book_new(path, &cli->fault, ret_book)
		    : kl_book_new_stream(cli->out, &cli->fault, ret_book);
}

static int run(struct kl_cli *cli)
{
	const struct kl_template *what = find(cli, cli->args.operands[0]);
	const char *path = kl_args_option(&cli->args, "out");
	struct kl_book *book;
	int rc;

	if (!what)
		return KL_E_USAGE;
	rc = open_book(cli, path, &book);
	if (rc)
		return rc;
	kl_template_write(
		what, path && kl_book_is_xlsx(path), kl_args_flag(&cli->args, "example"), book);
	rc = kl_book_finish(book, &cli->fault);
	kl_book_close(book);
	if (!rc && path && !cli->json)
		fprintf(cli->out, "%s\n", path);
	return rc;
}

static const struct kl_option options[] = {
	{"out", "FILE", "write it there, as CSV or XLSX, instead of as CSV to standard output"},
	{"example", NULL, "in a CSV: with a row or two that are made up; take them out again"},
	{NULL},
};

const struct kl_command kl_verb_template = {
	.words = "template",
	.operands = "suppliers|tenants|tenant-form|places|policy|assessment|indicators|profile",
	.example = "keeplocal template suppliers --out suppliers.xlsx",
	.help = "a table to fill in, as CSV or XLSX",
	.more = "suppliers is for 'lm3 import', tenants for 'enabled import'; tenant-form is what "
		"an anchor gives to each of its tenants; places is for 'spend import --places'; "
		"policy is for 'policy import', "
		"assessment is for 'assess import', indicators for 'indicator import'. An XLSX "
		"brings notes on its heads, drop-downs "
		"and an example on a sheet of its own; "
		"its first sheet is what is read. No file that is there is written over.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
