/* enabled tenants: what counts for each. enabled missing: whom to ask. enabled set: one tenant. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/draw_enabled.h"
#include "client/factor_files.h"
#include "client/request.h"
#include "client/sheet.h"
#include "client/shipped.h"
#include "core/enabled.h"
#include "core/money.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- tenants ------------------------------------------------------------------------------- */

enum { INDUSTRY_MAX = 64 };

/* "health and care (Q)*": the star marks a judgement of ours. */
static const char *industry(const struct kl_value *tenant, char out[INDUSTRY_MAX])
{
	char name[40], section[4];

	if (kl_get_text(tenant, "industry", name, sizeof name))
		return "?";
	(void)snprintf(out, INDUSTRY_MAX, "%s (%s)%s", name,
		kl_cli_text(tenant, "sic", "?", section, sizeof section),
		kl_draw_flag(tenant, "sic_judged") ? "*" : "");
	return out;
}

static const char *use_class(const struct kl_value *tenant, char out[KL_USE_CLASS_MAX + 2])
{
	char name[KL_USE_CLASS_MAX];

	if (kl_get_text(tenant, "use_class", name, sizeof name))
		return "?";
	(void)snprintf(out, KL_USE_CLASS_MAX + 2, "%s%s", name,
		kl_draw_flag(tenant, "use_class_judged") ? "*" : "");
	return out;
}

/* A figure that counts; "~" before what was estimated. */
static void figure_cell(struct kl_table *table, const struct kl_value *tenant, const char *key,
	const char *method_key, bool money)
{
	char method[16], text[KL_MONEY_TEXT_MAX];
	const char *mark;
	double value;

	if (kl_get_double(tenant, key, &value)) {
		kl_table_cell(table, "left out");
		return;
	}
	mark = strcmp(kl_cli_text(tenant, method_key, "", method, sizeof method), "primary") != 0
		       ? "~"
		       : "";
	if (money)
		kl_table_cell(table, "%s%s", mark, kl_money_format((int64_t)value, text));
	else
		kl_table_cell(table, "%s%.1f", mark, value);
}

static void tenant_row(struct kl_table *table, const struct kl_value *tenant)
{
	char sector[INDUSTRY_MAX], class[KL_USE_CLASS_MAX + 2];

	kl_draw_cell(table, tenant, "tenant", "?");
	kl_draw_cell(table, tenant, "activity", "?");
	kl_table_cell(table, "%s", industry(tenant, sector));
	kl_table_cell(table, "%s", use_class(tenant, class));
	figure_cell(table, tenant, "counted_fte", "fte_method", false);
	figure_cell(table, tenant, "counted_gva_pence", "gva_method", true);
}

static int draw_tenants(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "tenants");
	uint64_t more = kl_draw_uint(answer, "more");
	struct kl_value tenant;
	struct kl_table table;
	char period[32];
	int rc;

	fprintf(cli->out, "Tenants of %s\n",
		kl_cli_text(answer, "period", "?", period, sizeof period));
	if (!kl_draw_count(answer, "tenants")) {
		fputs("none fits\n", cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<tenant <activity <industry_(SIC) <use_class >FTE >value_added");
	while (kl_cursor_next(&cursor, &tenant))
		tenant_row(&table, &tenant);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (more)
		fprintf(cli->out, "and %" PRIu64 " more: --match TEXT shows those you mean\n",
			more);
	fputs("\n* our judgement, from the words of the activity; ~ estimated\n"
	      "keeplocal enabled set TENANT --sic INDUSTRY --use-class CLASS changes a judgement\n",
		cli->out);
	return rc;
}

static int run_tenants(struct kl_cli *cli)
{
	return kl_request_show(cli, "enabled tenants", NULL, draw_tenants);
}

static const struct kl_option tenants_options[] = {
	{"period", "PERIOD", "which year (the latest if not said)"},
	{"match", "TEXT", "only those whose name or activity has this in it"},
	{NULL},
};

const struct kl_command kl_verb_enabled_tenants = {
	.words = "enabled tenants",
	.example = "keeplocal enabled tenants --period 2016",
	.help = "each tenant: what it was taken for, and what counts for it",
	.options = tenants_options,
	.tables = true,
	.run = run_tenants,
};

/* ---- missing ------------------------------------------------------------------------------- */

static void draw_effect(
	struct kl_cli *cli, const struct kl_value *answer, const char *key, const char *label)
{
	char now[16], then[16];
	struct kl_value effect;
	uint64_t answers;

	if (kl_get_map(answer, key, &effect))
		return;
	answers = kl_draw_uint(&effect, "answers");
	fprintf(cli->out, "confidence in %s is %s", label,
		kl_cli_text(&effect, "confidence", "?", now, sizeof now));
	if (answers)
		fprintf(cli->out, "; the first %" PRIu64 " answer%s of the list would make it %s",
			answers, answers == 1 ? "" : "s",
			kl_cli_text(&effect, "would_be", "?", then, sizeof then));
	fputc('\n', cli->out);
}

static void draw_whom(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "missing");
	uint64_t more = kl_draw_uint(answer, "missing_more");
	struct kl_value item;

	while (kl_cursor_next(&cursor, &item))
		kl_draw_missing(cli, &item);
	if (more)
		fprintf(cli->out, "  and %" PRIu64 " more\n", more);
}

static int draw_missing(struct kl_cli *cli, const struct kl_value *answer)
{
	char period[32], order[256];

	kl_cli_text(answer, "period", "?", period, sizeof period);
	if (!kl_draw_count(answer, "missing")) {
		fprintf(cli->out,
			"%s: no answer of a tenant is missing that would change a figure\n",
			period);
		draw_effect(cli, answer, "employees_fte", "employees");
		draw_effect(cli, answer, "gva_pence", "value added");
		return KL_OK;
	}
	fprintf(cli->out, "%s, whose answers would help most\n", period);
	draw_whom(cli, answer);
	fputc('\n', cli->out);
	draw_effect(cli, answer, "employees_fte", "employees");
	draw_effect(cli, answer, "gva_pence", "value added");
	fprintf(cli->out,
		"order: %s\n\nNext:\n  keeplocal template tenant-form --out form.csv\n"
		"  keeplocal enabled import form.csv --period %s\n"
		"  keeplocal enabled set TENANT --staff N --period %s\n",
		kl_cli_text(answer, "order", "?", order, sizeof order), period, period);
	return KL_OK;
}

static int run_missing(struct kl_cli *cli)
{
	return kl_request_show(cli, "enabled missing", NULL, draw_missing);
}

static const struct kl_option missing_options[] = {
	{"period", "PERIOD", "which year (the latest if not said)"},
	{NULL},
};

const struct kl_command kl_verb_enabled_missing = {
	.words = "enabled missing",
	.example = "keeplocal enabled missing --period 2016",
	.help = "which tenants to ask what, whose answer would help most first",
	.options = missing_options,
	.tables = true,
	.run = run_missing,
};

/* ---- set ----------------------------------------------------------------------------------- */

/* What the words of a new activity say, for what is not given. */
static int pack_judgement(struct kl_cli *cli, struct kl_pack *pack)
{
	struct kl_tenant tenant = {.section = 0};
	const char *activity = kl_args_option(&cli->args, "activity");
	struct kl_activity_word *words;
	char path[KL_DATA_PATH_MAX], section[2] = "";
	size_t count = 0;
	int rc;

	if (!activity)
		return KL_OK;
	if ((rc = kl_data_path(KL_DATA_WORDS, &cli->fault, path)) ||
		(rc = kl_activity_words_read(path, &cli->fault, &words, &count)))
		return rc;
	(void)kl_one_line(activity, tenant.activity, sizeof tenant.activity);
	(void)kl_tenant_judge(&tenant, words, count);
	free(words);
	if (tenant.section_judged && !kl_args_option(&cli->args, "sic")) {
		section[0] = tenant.section;
		kl_pack_text(pack, "sic", section);
		kl_pack_bool(pack, "sic_judged", true);
	}
	if (tenant.use_class_judged && !kl_args_option(&cli->args, "use-class")) {
		kl_pack_text(pack, "use_class", tenant.use_class);
		kl_pack_bool(pack, "use_class_judged", true);
	}
	return KL_OK;
}

static void draw_now(struct kl_cli *cli, const struct kl_value *answer)
{
	char activity[256], sector[INDUSTRY_MAX], class[KL_USE_CLASS_MAX + 2];

	fprintf(cli->out, "  does: %s\n  industry: %s\n  use class: %s\n",
		kl_cli_text(answer, "activity", "not said", activity, sizeof activity),
		industry(answer, sector), use_class(answer, class));
	if (kl_draw_flag(answer, "sic_judged") || kl_draw_flag(answer, "use_class_judged"))
		fputs("  * our judgement: --sic and --use-class decide yourself\n", cli->out);
}

static int draw_set(struct kl_cli *cli, const struct kl_value *answer)
{
	char tenant[256], period[32];
	const char *what = kl_draw_uint(answer, "added")        ? "added"
			   : kl_args_flag(&cli->args, "remove") ? "taken out"
								: "brought up to date";

	kl_cli_text(answer, "period", "?", period, sizeof period);
	fprintf(cli->out, "%s, %s: %s\n", period,
		kl_cli_text(answer, "tenant", "?", tenant, sizeof tenant), what);
	if (!kl_args_flag(&cli->args, "remove"))
		draw_now(cli, answer);
	fprintf(cli->out, "\n%" PRIu64 " tenants; keeplocal undo takes this back\n",
		kl_draw_uint(answer, "tenants"));
	return KL_OK;
}

static int run_set(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "tenant", cli->args.operands[0]);
	kl_request_options(cli, &pack);
	rc = pack_judgement(cli, &pack);
	if (!rc)
		rc = kl_pack_factors(&pack, &cli->fault);
	if (!rc)
		rc = kl_cli_show(cli, "enabled set", &pack, draw_set);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option set_options[] = {
	{"period", "PERIOD", "which year (the latest, or this year if there is none)"},
	{"new", NULL, "a tenant that is not there yet"},
	{"remove", NULL, "take the tenant out"},
	{"activity", "WORDS", "what it does"},
	{"floor-space", "M2", "how much floor space it uses"},
	{"turnover", "POUNDS", "its turnover in a year"},
	{"staff", "N", "its staff, in full-time equivalents"},
	{"sic", "INDUSTRY",
		"its industry: part of its name, a section A to U, or a code of SIC 2007"},
	{"use-class", "CLASS", "the use of its space: office, retail, or a class such as B1a"},
	{"measured", "BASIS", "how the space was measured: NIA, GIA or GEA"},
	{"gva", "POUNDS", "its own gross value added"},
	{"instead", NULL, "take the place of totals that were recorded for the period"},
	{NULL},
};

const struct kl_command kl_verb_enabled_set = {
	.words = "enabled set",
	.operands = "TENANT",
	.example = "keeplocal enabled set \"Example Design\" --sic M --use-class B1a --period 2016",
	.help = "correct one tenant, add one (--new) or take one out, without a table",
	.more = "TENANT is the name, or any part of it that fits one tenant only. What is not said "
		"stays as it was. A section and use class that you say are never overruled by our "
		"judgement of the activity.",
	.options = set_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_set,
};
