/* indicator list, show, record, history, choose. */
#include "client/draw.h"
#include "client/request.h"

#include <inttypes.h>
#include <string.h>

/* ---- list ---------------------------------------------------------------------------------- */

static int draw_rows(struct kl_cli *cli, const struct kl_value *answer, const char *key,
	const char *columns, const char *third)
{
	struct kl_cursor cursor = kl_draw_items(answer, key);
	struct kl_table table;
	struct kl_value row;
	int rc;

	kl_table_init(&table, columns);
	while (kl_cursor_next(&cursor, &row)) {
		kl_draw_cell(&table, &row, "code", "?");
		kl_draw_cell(&table, &row, "name", "?");
		kl_draw_cell(&table, &row, third, "");
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "recorded"));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw_list(struct kl_cli *cli, const struct kl_value *answer)
{
	int rc = draw_rows(cli, answer, "indicators", "<code <indicator <kind >recorded", "kind");

	if (rc || !kl_draw_count(answer, "metrics"))
		return rc;
	fputs("\nWhat tallies count can be recorded, too:\n", cli->out);
	return draw_rows(cli, answer, "metrics", "<code <metric <unit >recorded", "unit");
}

static int run_list(struct kl_cli *cli)
{
	return kl_request_show(cli, "indicator list", NULL, draw_list);
}

static const struct kl_option list_options[] = {
	{"characteristic", "N", "only those of one: 1 to 7, or its name"},
	{NULL},
};

const struct kl_command kl_verb_indicator_list = {
	.words = "indicator list",
	.example = "keeplocal indicator list --characteristic 1",
	.help = "the bank of indicators, and the metrics that tallies count",
	.options = list_options,
	.run = run_list,
};

/* ---- show ---------------------------------------------------------------------------------- */

static void draw_components(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "components");
	struct kl_value item;
	char code[64], name[160], unit[32];

	while (kl_cursor_next(&cursor, &item)) {
		bool same;

		kl_cli_text(&item, "component", "", code, sizeof code);
		kl_cli_text(&item, "name", "?", name, sizeof name);
		kl_cli_text(&item, "unit", "?", unit, sizeof unit);
		same = !strcmp(name, unit);
		fprintf(out, "  number: %s%s%s%s%s\n", name, same ? "" : " in ", same ? "" : unit,
			code[0] ? ", --component " : "", code);
	}
}

static int draw_show(struct kl_cli *cli, const struct kl_value *answer)
{
	char code[64], name[160];

	fprintf(cli->out, "%s (%s)\n", kl_cli_text(answer, "name", "?", name, sizeof name),
		kl_cli_text(answer, "code", "?", code, sizeof code));
	kl_draw_line(cli->out, 2, "characteristic", answer, "characteristic");
	kl_draw_line(cli->out, 2, "kind", answer, "kind");
	kl_draw_line(cli->out, 2, "level", answer, "level");
	kl_draw_line(cli->out, 2, "form", answer, "form");
	kl_draw_line(cli->out, 2, "span", answer, "span");
	kl_draw_line(cli->out, 2, "how to collect", answer, "how");
	if (kl_draw_count(answer, "twins"))
		fputs("  never add up with\n", cli->out);
	kl_draw_texts(cli->out, "    ", answer, "twins");
	kl_draw_line(cli->out, 2, "unit", answer, "unit");
	kl_draw_line(cli->out, 2, "what counts", answer, "rule");
	kl_draw_line(cli->out, 2, "bear in mind", answer, "caution");
	draw_components(cli->out, answer);
	fprintf(cli->out, "  recorded: %" PRIu64 "\n", kl_draw_uint(answer, "recorded"));
	return KL_OK;
}

static int run_show(struct kl_cli *cli)
{
	static const char *const keys[] = {"name", NULL};

	return kl_request_show(cli, "indicator show", keys, draw_show);
}

const struct kl_command kl_verb_indicator_show = {
	.words = "indicator show",
	.operands = "NAME",
	.example = "keeplocal indicator show \"local multiplier\"",
	.help = "what an indicator or metric is, and how it is collected",
	.operands_min = 1,
	.operands_max = 1,
	.run = run_show,
};

/* ---- record -------------------------------------------------------------------------------- */

static const char *value_of(const struct kl_value *o, char out[KL_DRAW_TEXT_MAX])
{
	char number[KL_DRAW_NUMBER_MAX];

	kl_draw_in_unit(o, "value", "unit", "", number);
	if (number[0])
		(void)kl_copy_text(out, KL_DRAW_TEXT_MAX, number);
	else
		kl_cli_text(o, "text", "-", out, KL_DRAW_TEXT_MAX);
	return out;
}

static int draw_record(struct kl_cli *cli, const struct kl_value *answer)
{
	char code[64], period[32], value[KL_DRAW_TEXT_MAX];

	fprintf(cli->out, "%s, %s: ", kl_cli_text(answer, "code", "?", code, sizeof code),
		kl_cli_text(answer, "period", "?", period, sizeof period));
	kl_draw_plain(cli->out, value_of(answer, value), 2);
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
		"revision.",
	.options = record_options,
	.operands_min = 2,
	.operands_max = 2,
	.run = run_record,
};

/* ---- history ------------------------------------------------------------------------------- */

static int draw_history(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "observations");
	struct kl_table table;
	struct kl_value row;
	char value[KL_DRAW_TEXT_MAX];
	int rc;

	if (!kl_draw_count(answer, "observations")) {
		fputs("Nothing was recorded yet.\n", cli->out);
		return KL_OK;
	}
	kl_table_init(&table,
		"<period <place <component >revision >value <method <confidence <source "
		"<with_the_one_before");
	while (kl_cursor_next(&cursor, &row)) {
		kl_draw_cell(&table, &row, "period", "?");
		kl_draw_cell(&table, &row, "place", "");
		kl_draw_cell(&table, &row, "component", "");
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "revision"));
		kl_table_cell(&table, "%s", value_of(&row, value));
		kl_draw_cell(&table, &row, "method", "");
		kl_draw_cell(&table, &row, "confidence", "");
		kl_draw_cell(&table, &row, "source", "");
		if (kl_draw_flag(&row, "comparable"))
			kl_table_cell(&table, "comparable");
		else
			kl_draw_cell(&table, &row, "why", "");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int run_history(struct kl_cli *cli)
{
	static const char *const keys[] = {"name", NULL};

	return kl_request_show(cli, "indicator history", keys, draw_history);
}

const struct kl_command kl_verb_indicator_history = {
	.words = "indicator history",
	.operands = "NAME",
	.example = "keeplocal indicator history \"local multiplier\"",
	.help = "all that was recorded of one, and what may be compared",
	.operands_min = 1,
	.operands_max = 1,
	.run = run_history,
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
