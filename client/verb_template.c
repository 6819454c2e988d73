/* template: empty tables for people to fill in. */
#include "client/cli.h"
#include "client/suppliers.h"
#include "client/tenants.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Rows that show how a table is filled in. They are made up, and stand in a template only on demand:
 * a row that nobody took out again would be counted. */
static const char supplier_rows[] =
	"Example Catering Ltd,A. Person,office@example.org,1250.50,E08000033,yes,small,0.45\r\n"
	"Example Stationers,,,320,,unknown,,\r\n";

static const char tenant_rows[] = "Example Nursery,childcare,240,180000,9.5,,,,\r\n"
				  "Example Design,graphic design,35,,,,,,\r\n";

/* An anchor gives this to each of its tenants: the report's four questions, one line each. */
static const char form[] =
	"question,answer\r\n"
	"\"Your organisation's name\",\r\n"
	"\"1. What do you do here? (a few words)\",\r\n"
	"\"2. How much floor space do you use? (square metres)\",\r\n"
	"\"3. What was your turnover last year? (pounds)\",\r\n"
	"\"4. How many staff work here? (full-time equivalents: two half-time jobs are one)\",\r\n";

static int tenant_form(FILE *out)
{
	return fputs(form, out) < 0 ? KL_E_IO : KL_OK;
}

struct blank {
	const char *name;
	int (*header)(FILE *out);
	const char *example; /* rows, or NULL */
};

static const struct blank templates[] = {
	{"suppliers", kl_suppliers_template, supplier_rows},
	{"tenants", kl_tenants_template, tenant_rows},
	{"tenant-form", tenant_form, NULL},
};

static const struct blank *find(struct kl_cli *cli, const char *name)
{
	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++)
		if (!strcmp(templates[i].name, name))
			return &templates[i];
	kl_fault(&cli->fault, KL_E_USAGE, "there is no template '%s'", name);
	kl_fault_hint(&cli->fault, "suppliers, tenants or tenant-form");
	return NULL;
}

static int write_to(const struct kl_cli *cli, const struct blank *blank, FILE *out)
{
	int rc = blank->header(out);

	if (!rc && blank->example && kl_args_flag(&cli->args, "example"))
		rc = fputs(blank->example, out) < 0 ? KL_E_IO : KL_OK;
	return rc;
}

static int cannot_write(struct kl_cli *cli, const char *path)
{
	return kl_fault(&cli->fault, KL_E_IO, "%s: %s", path, strerror(errno));
}

/* Never over a file that is there: it may be one that somebody filled in. */
static int write_file(struct kl_cli *cli, const struct blank *blank, const char *path)
{
	FILE *out = fopen(path, "wx");
	int rc;

	if (!out && errno == EEXIST) {
		kl_fault(&cli->fault, KL_E_IO, "%s is already there", path);
		return kl_fault_hint(&cli->fault, "choose another name, or move it away");
	}
	if (!out)
		return cannot_write(cli, path);
	rc = write_to(cli, blank, out);
	if (fclose(out) != 0 || rc) {
		cannot_write(cli, path);
		remove(path);
		return KL_E_IO;
	}
	if (!cli->json)
		fprintf(cli->out, "%s\n", path);
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	const struct blank *blank = find(cli, cli->args.operands[0]);
	const char *path = kl_args_option(&cli->args, "out");
	size_t len = path ? strlen(path) : 0;
	int rc;

	if (!blank)
		return KL_E_USAGE;
	if (len > 5 && !strcmp(path + len - 5, ".xlsx")) {
		kl_fault(&cli->fault, KL_E_USAGE, "%s: spreadsheets (.xlsx) come later", path);
		return kl_fault_hint(
			&cli->fault, "--out FILE.csv: every spreadsheet program opens that");
	}
	if (path)
		return write_file(cli, blank, path);
	rc = write_to(cli, blank, cli->out);
	return rc ? kl_fault(&cli->fault, rc, "cannot write the template") : KL_OK;
}

static const struct kl_option options[] = {
	{"out", "FILE.csv", "write it there, instead of to standard output"},
	{"example", NULL, "with a row or two that are made up; take them out before you use it"},
	{NULL},
};

const struct kl_command kl_verb_template = {
	.words = "template",
	.operands = "suppliers|tenants|tenant-form",
	.example = "keeplocal template suppliers --out suppliers.csv",
	.help = "an empty table to fill in",
	.more = "suppliers is for 'lm3 import', tenants for 'enabled import'; tenant-form is what "
		"an "
		"anchor gives to each of its tenants.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
