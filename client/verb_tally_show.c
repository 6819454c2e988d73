#include "client/draw.h"

#include <inttypes.h>
#include <string.h>

static void draw_names(
	struct kl_cli *cli, const struct kl_value *answer, const char *key, const char *what)
{
	char title[64];

	snprintf(title, sizeof title, "%s (%zu)", what, kl_draw_count(answer, key));
	kl_draw_joined(cli->out, title, answer, key, "\n");
}

static void draw_not_counted(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "not_counted");
	struct kl_value item;
	char member[256], why[128];

	while (kl_cursor_next(&cursor, &item))
		fprintf(cli->out, "Not counted: %s, because %s\n",
			kl_cli_text(&item, "member", "?", member, sizeof member),
			kl_cli_text(&item, "why", "?", why, sizeof why));
}

static int draw_seats(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "seats");
	struct kl_table table;
	struct kl_value item;
	int rc;

	if (!kl_draw_count(answer, "seats"))
		return KL_OK;
	fputs("\nCommittee:\n", cli->out);
	kl_table_init(&table, ">seat <member <state");
	while (kl_cursor_next(&cursor, &item)) {
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&item, "seat"));
		kl_draw_cell(&table, &item, "member", "?");
		kl_draw_cell(&table, &item, "words", "?");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw_metrics(struct kl_cli *cli, const struct kl_value *answer, const char *state)
{
	struct kl_cursor cursor = kl_draw_items(answer, "metrics");
	struct kl_table table;
	struct kl_value item;
	int rc;

	const bool ended =
		!strcmp(state, "closed") || !strcmp(state, "failed") || !strcmp(state, "stuck");

	fprintf(cli->out, "\n%s:\n", ended ? "Answered" : "Answered so far");
	kl_table_init(&table, "<metric <name >members");
	while (kl_cursor_next(&cursor, &item)) {
		kl_draw_cell(&table, &item, "metric", "?");
		kl_draw_cell(&table, &item, "name", "?");
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&item, "answered"));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char tally[80], period[32], state[32];
	int rc;

	fprintf(cli->out, "Tally %.16s for %s: %s\n",
		kl_cli_text(answer, "tally", "?", tally, sizeof tally),
		kl_cli_text(answer, "period", "?", period, sizeof period),
		kl_cli_text(answer, "state", "?", state, sizeof state));
	kl_draw_wrapped_texts(cli->out, "", answer, "sentences");
	fprintf(cli->out,
		"Nothing is shown of fewer than %" PRIu64 " members; %" PRIu64
		" of the committee together could read answers.\n",
		kl_draw_uint(answer, "minimum"), kl_draw_uint(answer, "readers"));
	draw_names(cli, answer, "contributors", "Contributed");
	draw_names(cli, answer, "decliners", "Declined");
	if (kl_draw_count(answer, "withdrawn"))
		draw_names(cli, answer, "withdrawn", "Withdrawn");
	draw_names(cli, answer, "silent", "Said nothing yet");
	draw_not_counted(cli, answer);
	rc = draw_seats(cli, answer);
	return rc ? rc : draw_metrics(cli, answer, state);
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	if (cli->args.operand_count)
		kl_pack_text(&pack, "tally", cli->args.operands[0]);
	rc = kl_cli_show(cli, "tally show", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

const struct kl_command kl_verb_tally_show = {
	.words = "tally show",
	.operands = "[TALLY]",
	.example = "keeplocal tally show 2026",
	.help = "one tally: its committee, who contributed, how far it is",
	.more = "TALLY is the beginning of its id, or its period; without it, the latest.",
	.operands_max = 1,
	.tables = true,
	.run = run,
};
