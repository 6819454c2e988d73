#include "client/draw.h"

#include <inttypes.h>
#include <string.h>

/* "A, B", or nothing. */
static void names_cell(struct kl_table *table, const struct kl_value *map)
{
	struct kl_cursor cursor = kl_draw_items(map, "members");
	struct kl_value item;
	char text[KL_DRAW_TEXT_MAX], line[KL_DRAW_TEXT_MAX] = "";
	size_t len = 0;

	while (len < sizeof line && kl_cursor_next(&cursor, &item))
		if (!kl_value_text(&item, text, sizeof text))
			len += (size_t)snprintf(
				line + len, sizeof line - len, "%s%s", len ? ", " : "", text);
	kl_table_cell(table, "%s", len ? line : "nobody: no member is called so");
}

static void seats_cell(struct kl_table *table, const struct kl_value *map)
{
	struct kl_cursor cursor = kl_draw_items(map, "seats");
	struct kl_value item;
	char line[KL_DRAW_TEXT_MAX] = "";
	size_t len = 0;

	while (len < sizeof line && kl_cursor_next(&cursor, &item)) {
		char tally[80], state[32];

		len += (size_t)snprintf(line + len, sizeof line - len, "%s%.16s (%s)",
			len ? ", " : "", kl_cli_text(&item, "tally", "?", tally, sizeof tally),
			kl_cli_text(&item, "state", "?", state, sizeof state));
	}
	kl_table_cell(table, "%s", line);
}

static void veto_row(struct kl_table *table, const struct kl_value *map)
{
	kl_draw_cell(table, map, "veto", "?");
	names_cell(table, map);
	seats_cell(table, map);
}

static int draw_vetoes(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "vetoes");
	struct kl_value item;
	struct kl_table table;
	int rc;

	if (!kl_draw_count(answer, "vetoes")) {
		fputs("No member's seat is refused.\n", cli->out);
		return KL_OK;
	}
	fputs("No answer of this member leaves for a committee on which one of these sits:\n",
		cli->out);
	kl_table_init(&table, "<veto <fits <drawn_for_tally");
	while (kl_cursor_next(&cursor, &item))
		veto_row(&table, &item);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw_tried(struct kl_cli *cli, const struct kl_value *tried)
{
	char veto[256];
	struct kl_table table;
	int rc;

	fprintf(cli->out, "\nveto = %s would refuse:\n",
		kl_cli_text(tried, "veto", "?", veto, sizeof veto));
	kl_table_init(&table, "<veto <fits <drawn_for_tally");
	veto_row(&table, tried);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value tried;
	char path[4096];
	int rc = draw_vetoes(cli, answer);
	const uint64_t pid = kl_draw_uint(answer, "pid");

	if (!rc && !kl_get_map(answer, "tried", &tried))
		rc = draw_tried(cli, &tried);
	fprintf(cli->out,
		"\nA line \"veto = NAME\" for each member in\n  %s\nrefuses its seat, also with "
		"consent = always. NAME is part of a name, the GSS code of a council\nor a member "
		"id; names are the convenor's to give. After a change, type this on the machine "
		"of\nthe daemon, or start it again:\n  kill -HUP %" PRIu64 "\n",
		kl_cli_text(answer, "settings", "?", path, sizeof path), pid);
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	if (cli->args.operand_count)
		kl_pack_text(&pack, "name", cli->args.operands[0]);
	rc = cli->args.operand_count && !cli->args.operands[0][0]
		     ? kl_fault(&cli->fault, KL_E_USAGE,
			       "whose seat? Part of a name, a GSS code or a member id")
		     : KL_OK;
	if (!rc)
		rc = kl_cli_show(cli, "tally veto", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

const struct kl_command kl_verb_tally_veto = {
	.words = "tally veto",
	.operands = "[NAME]",
	.example = "keeplocal tally veto \"Example Trust\"",
	.help = "whose seat on a committee you refuse; with NAME, whom that would refuse",
	.operands_max = 1,
	.run = run,
};
