/* assess gaps, assess statements. */
#include "client/draw.h"
#include "client/request.h"
#include "core/catalogue.h"

#include <inttypes.h>
#include <string.h>

/* ---- gaps ---------------------------------------------------------------------------------- */

static void draw_missing(FILE *out, const struct kl_value *gap)
{
	struct kl_cursor cursor = kl_draw_items(gap, "statements");
	struct kl_value item;
	char text[512];

	while (kl_cursor_next(&cursor, &item))
		fprintf(out, "    lacking (%" PRIu64 "): %s\n", kl_draw_uint(&item, "lowest"),
			kl_cli_text(&item, "text", "?", text, sizeof text));
}

/* Whether it is listed without --all: what is recorded, and what the report suggests first. */
static bool is_first_choice(const struct kl_value *item)
{
	char kind[16];

	return kl_draw_flag(item, "recorded") ||
	       strcmp(kl_cli_text(item, "kind", "other", kind, sizeof kind), "other") != 0;
}

static void draw_indicator(FILE *out, const struct kl_value *item)
{
	char name[160], code[64], latest[32];

	fprintf(out, "      %s (%s)", kl_cli_text(item, "name", "?", name, sizeof name),
		kl_cli_text(item, "code", "?", code, sizeof code));
	if (kl_draw_flag(item, "recorded"))
		fprintf(out, ", recorded, last of %s",
			kl_cli_text(item, "latest", "?", latest, sizeof latest));
	fputs("\n", out);
}

static void draw_indicators(FILE *out, const struct kl_value *gap, bool all)
{
	struct kl_cursor cursor = kl_draw_items(gap, "indicators");
	struct kl_value item;
	char code[16];
	unsigned others = 0;

	if (kl_draw_count(gap, "indicators"))
		fputs("    would show whether it gets better:\n", out);
	while (kl_cursor_next(&cursor, &item))
		if (all || is_first_choice(&item))
			draw_indicator(out, &item);
		else
			others++;
	if (others)
		fprintf(out, "      and %u more: keeplocal indicator list --characteristic %s\n",
			others, kl_cli_text(gap, "subject", "?", code, sizeof code));
}

static void draw_activities(FILE *out, const struct kl_value *gap)
{
	struct kl_cursor cursor = kl_draw_items(gap, "activities");
	struct kl_value item;
	char name[160];

	if (kl_draw_count(gap, "activities"))
		fputs("    would help, as community anchors do it:\n", out);
	while (kl_cursor_next(&cursor, &item))
		fprintf(out, "      %s%s\n", kl_cli_text(&item, "name", "?", name, sizeof name),
			kl_draw_flag(&item, "in_profile") ? " (you do, says your profile)" : "");
}

static void draw_gap(FILE *out, const struct kl_value *gap, bool all)
{
	char name[128], median[KL_DRAW_NUMBER_MAX], low[KL_DRAW_NUMBER_MAX],
		high[KL_DRAW_NUMBER_MAX];

	fprintf(out, "\n  %s: median %s, from %s to %s\n",
		kl_cli_text(gap, "name", "?", name, sizeof name),
		kl_draw_number(gap, "median", "-", median), kl_draw_number(gap, "low", "-", low),
		kl_draw_number(gap, "high", "-", high));
	kl_draw_line(out, 4, "is", gap, "meaning");
	kl_draw_line(out, 4, "gaps", gap, "gaps");
	draw_missing(out, gap);
	kl_draw_line(out, 4, "next", gap, "action");
	kl_draw_line(out, 6, "by", gap, "owner");
	kl_draw_line(out, 6, "until", gap, "due");
	draw_indicators(out, gap, all);
	draw_activities(out, gap);
}

static int draw_gaps(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "gaps");
	struct kl_value gap;
	char period[32], place[128];

	kl_cli_text(answer, "place", "", place, sizeof place);
	fprintf(cli->out,
		"The weakest of %s%s%s: lowest medians first, and an answer of 0 or 1 says what is "
		"lacking\n(our rules). Indicators and activities are the report's; which of them "
		"fit "
		"is for you to say.\n",
		kl_cli_text(answer, "period", "?", period, sizeof period), place[0] ? ", " : "",
		place);
	while (kl_cursor_next(&cursor, &gap))
		draw_gap(cli->out, &gap, kl_args_flag(&cli->args, "all"));
	if (kl_draw_count(answer, "unscored"))
		fputs("\n  Not scored by anybody:\n", cli->out);
	kl_draw_texts(cli->out, "    ", answer, "unscored");
	return KL_OK;
}

static int run_gaps(struct kl_cli *cli)
{
	static const char *const keys[] = {"subject", NULL};

	return kl_request_show(cli, "assess gaps", keys, draw_gaps);
}

static const struct kl_option gaps_options[] = {
	{"period", "YEAR", "the latest, if not given"},
	{"place", "PLACE", "a part of the area"},
	{"all", NULL, "all indicators, not only those that the report suggests first"},
	{NULL},
};

const struct kl_command kl_verb_assess_gaps = {
	.words = "assess gaps",
	.operands = "[C1|NAME]",
	.example = "keeplocal assess gaps --period 2026",
	.help = "what is weakest, what is lacking, what would show an improvement, what would help",
	.options = gaps_options,
	.operands_max = 1,
	.tables = true,
	.run = run_gaps,
};

/* ---- statements ---------------------------------------------------------------------------- */

static void draw_meaning(FILE *out, const struct kl_value *s)
{
	struct kl_cursor cursor = kl_draw_items(s, "statements");
	struct kl_value item;
	char code[32], name[128], text[512];
	unsigned number = 1;

	fprintf(out, "\n%s  %s\n", kl_cli_text(s, "subject", "?", code, sizeof code),
		kl_cli_text(s, "name", "?", name, sizeof name));
	kl_draw_line(out, 4, "is", s, "meaning");
	while (kl_cursor_next(&cursor, &item))
		if (!kl_value_text(&item, text, sizeof text))
			fprintf(out, "    %s.%u  %s\n", code, number++, text);
	kl_draw_line(out, 4, "one would hope", s, "outcome");
	kl_draw_line(out, 4, "it would show in", s, "indicator");
}

static int draw_statements(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "scale");
	struct kl_value item;
	char word[32];
	int score = 0;

	fputs("Answer each with", cli->out);
	while (kl_cursor_next(&cursor, &item))
		if (!kl_value_text(&item, word, sizeof word))
			fprintf(cli->out, "%s %d %s", score ? "," : "", score, word), score++;
	fputs(" (the scale is ours, the report has none).\n", cli->out);
	cursor = kl_draw_items(answer, "subjects");
	while (kl_cursor_next(&cursor, &item))
		draw_meaning(cli->out, &item);
	return KL_OK;
}

static int run_statements(struct kl_cli *cli)
{
	static const char *const keys[] = {"subject", NULL};

	return kl_request_show(cli, "assess statements", keys, draw_statements);
}

const struct kl_command kl_verb_assess_statements = {
	.words = "assess statements",
	.operands = "[C1|NAME]",
	.example = "keeplocal assess statements C1",
	.help = "what a score rests on: how each characteristic looks in a place",
	.operands_max = 1,
	.tables = true,
	.run = run_statements,
};
