#include "client/amount.h"
#include "client/cli.h"
#include "client/table.h"

#include <inttypes.h>
#include <string.h>

static void draw_names(
	struct kl_cli *cli, const struct kl_value *answer, const char *key, const char *title)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	char text[256];
	const char *between = "";

	if (kl_get_array(answer, key, &list) || !list.count)
		return;
	fprintf(cli->out, "%s (%" PRIu32 "): ", title, list.count);
	cursor = kl_cursor(&list);
	while (kl_cursor_next(&cursor, &item))
		if (!kl_value_text(&item, text, sizeof text)) {
			fprintf(cli->out, "%s%s", between, text);
			between = ", ";
		}
	fputc('\n', cli->out);
}

static int draw_seats(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	struct kl_table table;
	char text[256];
	int rc;

	if (kl_get_array(answer, "seats", &list) || !list.count)
		return KL_OK;
	fputs("\nCommittee:\n", cli->out);
	kl_table_init(&table, ">seat <member <state");
	cursor = kl_cursor(&list);
	while (kl_cursor_next(&cursor, &item)) {
		uint64_t seat = 0;

		(void)kl_get_uint(&item, "seat", UINT32_MAX, &seat);
		kl_table_cell(&table, "%" PRIu64, seat);
		kl_table_cell(&table, "%s", kl_cli_text(&item, "member", "?", text, sizeof text));
		kl_table_cell(&table, "%s", kl_cli_text(&item, "words", "?", text, sizeof text));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw_metrics(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	struct kl_table table;
	char text[256];
	int rc;

	if (kl_get_array(answer, "metrics", &list))
		return KL_OK;
	fputs("\nAnswered so far:\n", cli->out);
	kl_table_init(&table, "<metric <name >members");
	cursor = kl_cursor(&list);
	while (kl_cursor_next(&cursor, &item)) {
		uint64_t answered = 0;

		(void)kl_get_uint(&item, "answered", UINT32_MAX, &answered);
		kl_table_cell(&table, "%s", kl_cli_text(&item, "metric", "?", text, sizeof text));
		kl_table_cell(&table, "%s", kl_cli_text(&item, "name", "?", text, sizeof text));
		kl_table_cell(&table, "%" PRIu64, answered);
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static void draw_own(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value own;
	bool contributed = false, agreed = false, declined = false, waits = false;

	if (kl_get_map(answer, "own", &own))
		return;
	(void)kl_get_bool_or(&own, "contributed", false, &contributed);
	(void)kl_get_bool_or(&own, "agreed", false, &agreed);
	(void)kl_get_bool_or(&own, "declined", false, &declined);
	(void)kl_get_bool_or(&own, "waits", false, &waits);
	if (contributed)
		fputs("You have contributed.\n", cli->out);
	else if (agreed)
		fputs("You have agreed; your shares leave when the committee has taken its "
		      "seats: keep the daemon running.\n",
			cli->out);
	else if (declined)
		fputs("You have declined.\n", cli->out);
	else if (waits)
		fputs("It waits for you: keeplocal tally contribute, or keeplocal tally decline.\n",
			cli->out);
}

static void draw_left(struct kl_cli *cli, const struct kl_value *answer, const char *state)
{
	uint64_t contribute = 0, decide = 0;
	char span[KL_SPAN_TEXT_MAX];

	if (strcmp(state, "open") != 0 && strcmp(state, "deciding") != 0)
		return;
	(void)kl_get_uint(answer, "contribute_left_seconds", INT64_MAX, &contribute);
	(void)kl_get_uint(answer, "decide_left_seconds", INT64_MAX, &decide);
	if (contribute)
		fprintf(cli->out, "Members may contribute for another %s.\n",
			kl_span(contribute, span));
	else if (decide)
		fprintf(cli->out, "The committee has another %s.\n", kl_span(decide, span));
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char tally[80], period[32], state[32], words[512];
	uint64_t minimum = 0, readers = 0;
	int rc;

	(void)kl_get_uint(answer, "minimum", UINT32_MAX, &minimum);
	(void)kl_get_uint(answer, "readers", UINT32_MAX, &readers);
	kl_cli_text(answer, "state", "?", state, sizeof state);
	fprintf(cli->out, "Tally %.16s for %s: %s\n",
		kl_cli_text(answer, "tally", "?", tally, sizeof tally),
		kl_cli_text(answer, "period", "?", period, sizeof period), state);
	fprintf(cli->out, "%s.\n", kl_cli_text(answer, "words", "", words, sizeof words));
	draw_left(cli, answer, state);
	draw_own(cli, answer);
	fprintf(cli->out,
		"Nothing is shown of fewer than %" PRIu64 " members; %" PRIu64
		" of the committee together could read answers.\n",
		minimum, readers);
	draw_names(cli, answer, "contributors", "Contributed");
	draw_names(cli, answer, "decliners", "Declined");
	draw_names(cli, answer, "silent", "Said nothing yet");
	rc = draw_seats(cli, answer);
	return rc ? rc : draw_metrics(cli, answer);
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
	.run = run,
};
