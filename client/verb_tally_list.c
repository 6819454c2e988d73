#include "client/draw.h"

#include <inttypes.h>

static const char *answer_word(const struct kl_value *item)
{
	if (kl_draw_flag(item, "contributed"))
		return "contributed";
	if (kl_draw_flag(item, "declined"))
		return "declined";
	return kl_draw_flag(item, "waits") ? "waits for you" : "";
}

/* What this member has said, and what its machine still has to do. */
static void own_cell(struct kl_table *table, const struct kl_value *item)
{
	const char *said = answer_word(item);
	char duty[64];

	kl_cli_text(item, "duty", "", duty, sizeof duty);
	kl_table_cell(table, "%s%s%s", said, said[0] && duty[0] ? "; " : "", duty);
}

static void row(struct kl_table *table, const struct kl_value *item)
{
	char tally[80];

	kl_table_cell(table, "%.16s", kl_cli_text(item, "tally", "?", tally, sizeof tally));
	kl_draw_cell(table, item, "period", "?");
	kl_draw_cell(table, item, "state", "?");
	kl_table_cell(table, "%" PRIu64, kl_draw_uint(item, "metrics"));
	kl_table_cell(table, "%" PRIu64 " of %" PRIu64, kl_draw_uint(item, "contributors"),
		kl_draw_uint(item, "members"));
	own_cell(table, item);
	kl_draw_cell(table, item, "until_words", "");
}

static bool any_duty(const struct kl_value *list)
{
	struct kl_cursor cursor = kl_cursor(list);
	struct kl_value item;
	char duty[64];

	while (kl_cursor_next(&cursor, &item))
		if (kl_cli_text(&item, "duty", "", duty, sizeof duty)[0])
			return true;
	return false;
}

static int draw(struct kl_cli *cli, const struct kl_value *list)
{
	struct kl_cursor cursor = kl_cursor(list);
	struct kl_table table;
	struct kl_value item;
	int rc;

	if (!list->count) {
		fputs("No tally was called yet.\n", cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<tally <period <state >metrics >contributed <you <until");
	while (kl_cursor_next(&cursor, &item))
		row(&table, &item);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (any_duty(list))
		fputs("\nKeep this machine running until then: its daemon does the rest by "
		      "itself.\n",
			cli->out);
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct kl_value answer, list;
	int rc = kl_cli_ask(cli, "tally list", NULL, &answer);

	if (!rc && kl_get_array(&answer, "tallies", &list))
		rc = kl_fault(&cli->fault, KL_E_MALFORMED, "the daemon's answer has no list");
	if (rc)
		return rc;
	return kl_cli_give(cli, &list, draw);
}

const struct kl_command kl_verb_tally_list = {
	.words = "tally list",
	.example = "keeplocal tally list",
	.help = "all tallies: how far they are, and what you said",
	.more = "States: open (contribute now), deciding, closed (see benchmark), failing (too few "
		"seats were\ntaken; see show), failed (may be called again), stuck (neither a "
		"result nor a failure),\nrefused (the call breaks a rule).",
	.tables = true,
	.run = run,
};
