/* indicator record, choose. */
#include "client/draw.h"
#include "client/observed.h"
#include "client/request.h"

#include <inttypes.h>
#include <string.h>

/* ---- record -------------------------------------------------------------------------------- */

static int draw_record(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[160], component[64], period[32], value[KL_DRAW_TEXT_MAX];

	kl_cli_text(answer, "component", "", component, sizeof component);
	fprintf(cli->out, "%s%s%s, %s: ", kl_cli_text(answer, "name", "?", name, sizeof name),
		component[0] ? ", " : "", component,
		kl_cli_text(answer, "period", "?", period, sizeof period));
	kl_draw_plain(cli->out, kl_draw_observed(answer, value), 2);
	fprintf(cli->out, " (revision %" PRIu64 ")\n", kl_draw_uint(answer, "revision"));
	kl_draw_texts(cli->out, "  ", answer, "warnings");
	return KL_OK;
}

static int run_record(struct kl_cli *cli)
{
	static const char *const keys[] = {"name", "value", NULL};

	return kl_request_show(cli, "indicator record", keys, draw_record);
}

static const struct kl_option record_options[] = {
	{"period", "P", "year, financial year, quarter or month it belongs to"},
	{"place", "PLACE", "a part of the area; without it the whole area is meant"},
	{"component", "NAME", "which number, where an indicator has several"},
	{"text", "TEXT", "what there is to tell beside the number"},
	{"method", "TEXT", "how it was found out"},
	{"method-version", "TEXT", "which version of the method"},
	{"confidence", "HOW", "high, moderate or low"},
	{"source", "TEXT", "where it can be looked up"},
	{"challenger", "NAME", "who tried to prove it wrong"},
	{NULL},
};

const struct kl_command kl_verb_indicator_record = {
	.words = "indicator record",
	.operands = "NAME VALUE",
	.example = "keeplocal indicator record \"local multiplier\" 2.43 --period 2016 "
		   "--method \"LM3 Online\" --confidence high",
	.help = "keep what was found out; stories count where the indicator admits them",
	.more = "The value of any metric can be recorded so, too. Recording again makes a new "
		"revision; keeplocal indicator remove takes out what was a mistake.",
	.options = record_options,
	.operands_min = 2,
	.operands_max = 2,
	.run = run_record,
};

/* ---- choose -------------------------------------------------------------------------------- */

static int draw_choose(struct kl_cli *cli, const struct kl_value *answer)
{
	char metric[64], period[32], shown[KL_DRAW_NUMBER_MAX], origin[256];

	fprintf(cli->out, "%s, %s: %s counts (%s)\n",
		kl_cli_text(answer, "metric", "?", metric, sizeof metric),
		kl_cli_text(answer, "period", "?", period, sizeof period),
		kl_cli_text(answer, "shown", "?", shown, sizeof shown),
		kl_cli_text(answer, "origin", "?", origin, sizeof origin));
	return KL_OK;
}

static int run_choose(struct kl_cli *cli)
{
	static const char *const keys[] = {"name", "route", NULL};

	return kl_request_show(cli, "indicator choose", keys, draw_choose);
}

static const struct kl_option choose_options[] = {
	{"period", "P", "the period it is chosen for"},
	{NULL},
};

const struct kl_command kl_verb_indicator_choose = {
	.words = "indicator choose",
	.operands = "METRIC typed|computed",
	.example = "keeplocal indicator choose maturity.c1 typed --period 2026",
	.help = "which of two values counts, where a typed and a computed one differ",
	.options = choose_options,
	.operands_min = 2,
	.operands_max = 2,
	.run = run_choose,
};
