/* enabled result, record. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/draw_enabled.h"

#include <inttypes.h>
#include <string.h>

/* The few whose answers would help most. */
static void draw_whom(struct kl_cli *cli, const struct kl_value *answer, const char *period)
{
	struct kl_cursor cursor = kl_draw_items(answer, "missing");
	uint64_t more = kl_draw_uint(answer, "missing_more");
	struct kl_value item;

	if (!kl_draw_count(answer, "missing"))
		return;
	fputs("\nWhose answers would help most:\n", cli->out);
	while (kl_cursor_next(&cursor, &item))
		kl_draw_missing(cli, &item);
	if (more)
		fprintf(cli->out, "  and %" PRIu64 " more: keeplocal enabled missing --period %s\n",
			more, period);
}

static int draw_result(struct kl_cli *cli, const struct kl_value *answer)
{
	char period[32], source[512];
	struct kl_value factors;
	uint64_t tenants;

	kl_cli_text(answer, "period", "?", period, sizeof period);
	if (!kl_get_uint(answer, "tenants", INT64_MAX, &tenants))
		fprintf(cli->out, "%s, %" PRIu64 " tenant%s\n", period, tenants,
			tenants == 1 ? "" : "s");
	else
		fprintf(cli->out, "%s, totals recorded without tenants\n  source: %s\n", period,
			kl_cli_text(answer, "source", "?", source, sizeof source));
	kl_draw_enabled_figures(cli, answer);
	kl_draw_titled(cli->out, "Left out:", answer, "left_out");
	draw_whom(cli, answer, period);
	kl_draw_titled(cli->out, "Warnings:", answer, "warnings");
	if (!kl_get_map(answer, "factors", &factors)) {
		fputs("\nEstimates rest on:\n", cli->out);
		kl_draw_factors(cli, &factors);
	}
	return KL_OK;
}

static int run_result(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "period", kl_args_option(&cli->args, "period"));
	rc = kl_cli_show(cli, "enabled result", &pack, draw_result);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option result_options[] = {
	{"period", "PERIOD", "which year (the latest if not said)"},
	{NULL},
};

const struct kl_command kl_verb_enabled_result = {
	.words = "enabled result",
	.example = "keeplocal enabled result --period 2016",
	.help = "the jobs and the value added that an anchor's tenants bring",
	.options = result_options,
	.tables = true,
	.run = run_result,
};

/* ---- record -------------------------------------------------------------------------------- */

static int draw_record(struct kl_cli *cli, const struct kl_value *answer)
{
	char period[32], fte[64], gva[64];

	fprintf(cli->out, "recorded for %s: employees (FTE) %s, gross value added %s\n",
		kl_cli_text(answer, "period", "?", period, sizeof period),
		kl_cli_text(answer, "employees_fte", "not known", fte, sizeof fte),
		kl_cli_text(answer, "gva", "not known", gva, sizeof gva));
	return KL_OK;
}

/* --confidence is for both figures; --fte-confidence and --gva-confidence win. */
static void pack_confidence(
	struct kl_cli *cli, struct kl_pack *pack, const char *option, const char *key)
{
	const char *own = kl_args_option(&cli->args, option);

	kl_pack_text(pack, key, own ? own : kl_args_option(&cli->args, "confidence"));
}

static int run_record(struct kl_cli *cli)
{
	struct kl_pack pack;
	int64_t gva;
	bool given = false;
	int rc = kl_args_money(&cli->args, "gva", &cli->fault, &given, &gva);

	if (rc)
		return rc;
	kl_pack_init(&pack);
	kl_pack_text(&pack, "period", kl_args_option(&cli->args, "period"));
	kl_pack_text(&pack, "fte", kl_args_option(&cli->args, "fte"));
	kl_pack_text(&pack, "fte_method", kl_args_option(&cli->args, "fte-method"));
	pack_confidence(cli, &pack, "fte-confidence", "fte_confidence");
	if (given)
		kl_pack_int(&pack, "gva_pence", gva);
	kl_pack_text(&pack, "gva_method", kl_args_option(&cli->args, "gva-method"));
	pack_confidence(cli, &pack, "gva-confidence", "gva_confidence");
	kl_pack_text(&pack, "source", kl_args_option(&cli->args, "source"));
	if (kl_args_flag(&cli->args, "instead"))
		kl_pack_bool(&pack, "instead", true);
	rc = kl_cli_show(cli, "enabled record", &pack, draw_record);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option record_options[] = {
	{"period", "PERIOD", "the year of the totals"},
	{"fte", "N", "employees of all tenants, in full-time equivalents"},
	{"fte-method", "METHOD", "primary, partly or estimated"},
	{"fte-confidence", "HOW", "high, moderate or low, if it is not that of both figures"},
	{"gva", "POUNDS", "gross value added of all tenants"},
	{"gva-method", "METHOD", "primary, partly or estimated"},
	{"gva-confidence", "HOW", "high, moderate or low, if it is not that of both figures"},
	{"confidence", "HOW", "high, moderate or low, of both figures"},
	{"source", "TEXT", "where the totals stand"},
	{"instead", NULL, "take the place of tenants that were brought in for the period"},
	{NULL},
};

const struct kl_command kl_verb_enabled_record = {
	.words = "enabled record",
	.example = "keeplocal enabled record --period 2016 --fte 312 --fte-method primary "
		   "--gva 70000000 --gva-method estimated --confidence moderate "
		   "--source \"annual report 2016\"",
	.help = "keep totals whose tenants are not at hand",
	.more = "Recording a period once more replaces what was recorded for it.",
	.options = record_options,
	.run = run_record,
};
