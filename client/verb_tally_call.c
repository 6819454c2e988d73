#include "client/amount.h"
#include "client/confirm.h"
#include "client/draw.h"

#include <inttypes.h>

static void fill(struct kl_cli *cli, struct kl_pack *pack)
{
	const struct kl_args *args = &cli->args;
	uint64_t minimum;
	bool given;

	kl_pack_text(pack, "period", kl_args_option(args, "period"));
	kl_pack_list(pack, "metrics", kl_args_option(args, "metrics"));
	kl_pack_list(pack, "cohorts", kl_args_option(args, "cohorts"));
	kl_pack_text(pack, "contribute_for", kl_args_option(args, "contribute-for"));
	kl_pack_text(pack, "decide_for", kl_args_option(args, "decide-for"));
	if (!kl_args_uint(args, "minimum", UINT16_MAX, &cli->fault, &given, &minimum) && given)
		kl_pack_int(pack, "minimum", (int64_t)minimum);
}

static void forecast_row(struct kl_table *table, const struct kl_value *row)
{
	static const char *const numbers[] = {"could", "counted", "needed"};
	char level[32], why[128];

	kl_draw_cell(table, row, "metric", "?");
	kl_draw_cell(table, row, "cohort", "?");
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		kl_table_cell(table, "%" PRIu64, kl_draw_uint(row, numbers[i]));
	if (kl_cli_text(row, "level", "", level, sizeof level)[0])
		kl_table_cell(table, "yes, %s bins", level);
	else
		kl_table_cell(table, "no: %s", kl_cli_text(row, "why", "?", why, sizeof why));
}

static int draw_forecast(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "forecast");
	struct kl_table table;
	struct kl_value item;
	int rc;

	fputs("\nIf everybody contributes:\n", cli->out);
	kl_table_init(&table, "<metric <cohort >members >count >needed <can_be_shown");
	while (kl_cursor_next(&cursor, &item))
		forecast_row(&table, &item);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char period[32], tally[80], first[KL_SPAN_TEXT_MAX], then[KL_SPAN_TEXT_MAX];

	fprintf(cli->out,
		"Tally for %s: %" PRIu64 " members, nothing shown of fewer than %" PRIu64
		"; %s to contribute, %s to decide.\n",
		kl_cli_text(answer, "period", "?", period, sizeof period),
		kl_draw_uint(answer, "members"), kl_draw_uint(answer, "minimum"),
		kl_span(kl_draw_uint(answer, "contribute_for_seconds"), first),
		kl_span(kl_draw_uint(answer, "decide_for_seconds"), then));
	kl_draw_joined(cli->out, "Metrics", answer, "metrics", "\n");
	kl_draw_joined(cli->out, "Left out, because too few could count", answer, "left_out", "\n");
	kl_draw_joined(cli->out, "Cohorts", answer, "cohorts", "\n");
	kl_draw_joined(cli->out, "Who offers a seat", answer, "offers", "\n");
	kl_draw_joined(cli->out, "Committee", answer, "committee", "\n");
	if (kl_cli_text(answer, "tally", "", tally, sizeof tally)[0])
		fprintf(cli->out, "Tally: %s\n", tally);
	return draw_forecast(cli, answer);
}

/* Calling shows nobody's figures: it asks no question, but --dry-run forecasts. */
static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	fill(cli, &pack);
	kl_pack_bool(&pack, "dry_run", kl_args_flag(&cli->args, "dry-run"));
	rc = cli->fault.code ? cli->fault.code : kl_cli_show(cli, "tally call", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option options[] = {
	{"period", "P", "what is counted for: 2026, 2026/27"},
	{"metrics", "A,B,..", "which metrics; else all that suit the period"},
	{"cohorts", "A,B,..", "everybody, councils, anchors, type=.., region=.., in that priority"},
	{"contribute-for", "TIME", "how long members may contribute, such as 3w or 30s"},
	{"decide-for", "TIME", "how long the committee may take after that"},
	{"minimum", "N", "smallest cohort that is shown; may only raise the charter's"},
	{"dry-run", NULL, "only forecast which cohorts could be shown"},
	{NULL},
};

const struct kl_command kl_verb_tally_call = {
	.words = "tally call",
	.example = "keeplocal tally call --period 2026 --dry-run",
	.help = "convenor: ask all members to be counted, unseen",
	.options = options,
	.run = run,
};
