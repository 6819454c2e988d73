/* enabled factors: the tables that estimates rest on, and which they are from now on. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/draw_enabled.h"
#include "client/factor_files.h"
#include "client/shipped.h"
#include "protocol/doc_factors.h"

#include <stdlib.h>
#include <string.h>

/* Asks with the tables of the program in the request. */
static int show(struct kl_cli *cli, const char *command, struct kl_pack *pack,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer))
{
	int rc = kl_pack_factors(pack, &cli->fault);

	return rc ? rc : kl_cli_show(cli, command, pack, draw);
}

/* ---- factors ------------------------------------------------------------------------------- */

static void draw_own(
	struct kl_cli *cli, const struct kl_value *own, const char *key, const char *label)
{
	struct kl_cursor cursor = kl_draw_items(own, key);
	struct kl_value table;

	while (kl_cursor_next(&cursor, &table))
		kl_draw_factor_table(cli, label, &table);
}

static void draw_periods(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "periods");
	struct kl_value period, factors;
	char name[32];

	while (kl_cursor_next(&cursor, &period)) {
		kl_cli_text(&period, "period", "?", name, sizeof name);
		if (kl_draw_flag(&period, "current")) {
			fprintf(cli->out, "\nThe tenants of %s rest on the tables in use.\n", name);
			continue;
		}
		fprintf(cli->out,
			"\nThe tenants of %s rest on others (keeplocal enabled refresh --period %s "
			"reckons them anew):\n",
			name, name);
		if (!kl_get_map(&period, "factors", &factors))
			kl_draw_factors(cli, &factors);
	}
}

static int draw_factors(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value in_use, own;

	if (kl_get_map(answer, "in_use", &in_use) || kl_get_map(answer, "own", &own))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	fputs("What tenants do not tell is estimated with these tables:\n", cli->out);
	kl_draw_factors(cli, &in_use);
	if (kl_draw_count(&own, "density") || kl_draw_count(&own, "gva_per_job")) {
		fputs("\nYour own tables:\n", cli->out);
		draw_own(cli, &own, "density", "density");
		draw_own(cli, &own, "gva_per_job", "gva");
	}
	draw_periods(cli, answer);
	return KL_OK;
}

static int run_factors(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	rc = show(cli, "enabled factors", &pack, draw_factors);
	kl_pack_deinit(&pack);
	return rc;
}

const struct kl_command kl_verb_enabled_factors = {
	.words = "enabled factors",
	.example = "keeplocal enabled factors",
	.help = "the tables that estimates rest on, with year and source",
	.tables = true,
	.run = run_factors,
};

/* ---- import, use, ratio -------------------------------------------------------------------- */

static int draw_in_use(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value in_use;

	if (kl_get_map(answer, "in_use", &in_use))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	fputs("From now on tenants are reckoned with:\n", cli->out);
	kl_draw_factors(cli, &in_use);
	if (!kl_draw_count(answer, "periods"))
		return KL_OK;
	kl_draw_joined(cli->out, "\nAs before, on other tables, rest the tenants of", answer,
		"periods", "\n");
	fputs("keeplocal enabled refresh --period PERIOD reckons them anew\n", cli->out);
	return KL_OK;
}

static int pack_table(
	struct kl_pack *pack, const char *path, const char *tab, struct kl_fault *fault)
{
	struct kl_factors *factors = calloc(1, sizeof *factors);
	const char *slash = strrchr(path, '/');
	struct kl_writer w;
	struct kl_bytes bytes;
	bool is_gva;
	int rc = factors ? kl_factors_read(path, tab, fault, factors, &is_gva)
			 : kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);

	if (!rc) {
		kl_pack_text(pack, "file", slash ? slash + 1 : path);
		kl_writer_init(&w);
		if (is_gva)
			kl_doc_gva_encode(&w, &factors->gva);
		else
			kl_doc_density_encode(&w, &factors->density);
		rc = kl_writer_bytes(&w, &bytes);
		if (rc)
			kl_fault(fault, rc, "no memory to read %s", path);
		else
			kl_write_bin(
				kl_pack_value(pack, is_gva ? "gva_per_job" : "density"), bytes);
		kl_writer_deinit(&w);
	}
	free(factors);
	return rc;
}

static int run_import(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	rc = pack_table(
		&pack, cli->args.operands[0], kl_args_option(&cli->args, "sheet"), &cli->fault);
	if (!rc)
		rc = show(cli, "enabled factors import", &pack, draw_in_use);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option import_options[] = {
	KL_OPTION_SHEET,
	{NULL},
};

const struct kl_command kl_verb_enabled_factors_import = {
	.words = "enabled factors import",
	.operands = "FILE",
	.example = "keeplocal enabled factors import densities-2026.csv",
	.help = "use a table of your own: densities, or value added for each job",
	.more = "Densities: columns use_class, use, low_m2, high_m2, area_basis. Value added: "
		"section "
		"(letters of SIC 2007), gva_per_job in pounds (or gva_million and jobs), caution. "
		"Above "
		"the header stand rows 'name', 'source' and 'year'; the tables that come with the "
		"program "
		"have the same form. Every version is kept and used from then on; earlier periods "
		"stay as "
		"they were reckoned.",
	.options = import_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_import,
};

static int run_use(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "table", cli->args.operands[0]);
	kl_pack_text(&pack, "version", cli->args.operands[1]);
	rc = show(cli, "enabled factors use", &pack, draw_in_use);
	kl_pack_deinit(&pack);
	return rc;
}

const struct kl_command kl_verb_enabled_factors_use = {
	.words = "enabled factors use",
	.operands = "density|gva VERSION|program",
	.example = "keeplocal enabled factors use gva program",
	.help = "go back to another version of a table, or to the program's",
	.operands_min = 2,
	.operands_max = 2,
	.run = run_use,
};

static int run_ratio(struct kl_cli *cli)
{
	const char *text = cli->args.operands[0];
	struct kl_pack pack;
	uint64_t year = 0;
	double share = 0;
	bool given = false;
	int rc = kl_args_uint(&cli->args, "year", 2200, &cli->fault, &given, &year);

	if (!rc && strcmp(text, "none") != 0)
		rc = kl_read_share("the ratio", text, &cli->fault, &share);
	if (rc)
		return rc;
	kl_pack_init(&pack);
	if (strcmp(text, "none") != 0)
		kl_pack_double(&pack, "share", share);
	if (given)
		kl_pack_int(&pack, "year", (int64_t)year);
	kl_pack_text(&pack, "source", kl_args_option(&cli->args, "source"));
	rc = show(cli, "enabled factors ratio", &pack, draw_in_use);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option ratio_options[] = {
	{"source", "TEXT", "who says so: a survey, a publication"},
	{"year", "YEAR", "the year that it is about"},
	{NULL},
};

const struct kl_command kl_verb_enabled_factors_ratio = {
	.words = "enabled factors ratio",
	.operands = "SHARE|none",
	.example = "keeplocal enabled factors ratio 45% --year 2016 --source \"a survey of "
		   "charities\"",
	.help = "state how much of a turnover is value added",
	.more = "Turnover that a tenant tells becomes value added only by such a ratio; without "
		"one, "
		"value added is estimated from employees. None is assumed by the program.",
	.options = ratio_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_ratio,
};

/* ---- refresh ------------------------------------------------------------------------------- */

static int draw_refresh(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value before, after, factors;
	char period[32];

	if (kl_get_map(answer, "before", &before) || kl_get_map(answer, "after", &after) ||
		kl_get_map(answer, "factors", &factors))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	kl_cli_text(answer, "period", "?", period, sizeof period);
	if (kl_draw_flag(answer, "unchanged")) {
		fprintf(cli->out, "The tenants of %s already rest on the tables in use.\n", period);
		return KL_OK;
	}
	fprintf(cli->out, "%s as it was\n", period);
	kl_draw_enabled_figures(cli, &before);
	fprintf(cli->out, "\n%s with the tables in use\n", period);
	kl_draw_enabled_figures(cli, &after);
	fputs("\nThey are:\n", cli->out);
	kl_draw_factors(cli, &factors);
	fputs(kl_draw_flag(answer, "refreshed") ? "\nReckoned anew; keeplocal undo takes it back.\n"
						: "\nA dry run: nothing was changed.\n",
		cli->out);
	return KL_OK;
}

static int run_refresh(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "period", kl_args_option(&cli->args, "period"));
	if (kl_args_flag(&cli->args, "dry-run"))
		kl_pack_bool(&pack, "dry_run", true);
	rc = show(cli, "enabled refresh", &pack, draw_refresh);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option refresh_options[] = {
	{"period", "PERIOD", "which year (the latest if not said)"},
	{"dry-run", NULL, "only show what would change"},
	{NULL},
};

const struct kl_command kl_verb_enabled_refresh = {
	.words = "enabled refresh",
	.example = "keeplocal enabled refresh --period 2016 --dry-run",
	.help = "reckon the tenants of a period anew, with the tables in use",
	.more = "Other tables never change an earlier result by themselves. Both results are "
		"shown.",
	.options = refresh_options,
	.run = run_refresh,
};
