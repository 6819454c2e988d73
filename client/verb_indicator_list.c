/* indicator list, indicator show, activity list: what can be recorded, and what anchors do. */
#include "client/draw.h"
#include "client/observed.h"
#include "client/request.h"
#include "core/catalogue.h"

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

/* Its name: answers hold the code. */
static const char *characteristic_of(const struct kl_value *row)
{
	char code[16];
	size_t index;

	kl_cli_text(row, "characteristic", "", code, sizeof code);
	if (kl_characteristic_find(code, &index, NULL))
		return "";
	return kl_characteristic_at(index)->name;
}

static const char *standing(const struct kl_value *row)
{
	if (kl_draw_flag(row, "adopted"))
		return "adopted";
	if (kl_draw_flag(row, "withdrawn"))
		return "withdrawn";
	if (kl_draw_flag(row, "own"))
		return kl_draw_flag(row, "published") ? "published" : "private";
	return "published";
}

static int draw_defined(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "defined");
	struct kl_table table;
	struct kl_value row;
	int rc;

	fputs("Defined by members (adopted: the convenor proposes it to everybody):\n", cli->out);
	kl_table_init(&table, "<indicator <by <standing >version <characteristic >recorded");
	while (kl_cursor_next(&cursor, &row)) {
		kl_draw_cell(&table, &row, "name", "?");
		if (kl_draw_flag(&row, "own"))
			kl_table_cell(&table, "yourself");
		else
			kl_draw_cell(&table, &row, "author", "no longer a member");
		kl_table_cell(&table, "%s", standing(&row));
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "version"));
		kl_table_cell(&table, "%s", characteristic_of(&row));
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "recorded"));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (kl_draw_uint(answer, "defined_left_off"))
		fprintf(cli->out, "%" PRIu64 " more are not shown: ask for WORDS of their names\n",
			kl_draw_uint(answer, "defined_left_off"));
	return rc;
}

static int draw_list(struct kl_cli *cli, const struct kl_value *answer)
{
	const char *between = "";
	int rc = KL_OK;

	if (kl_draw_count(answer, "defined")) {
		rc = draw_defined(cli, answer);
		between = "\n";
	}
	if (!rc && kl_draw_count(answer, "indicators")) {
		fprintf(cli->out, "%sThe bank of indicators:\n", between);
		rc = draw_rows(
			cli, answer, "indicators", "<code <indicator <kind >recorded", "kind");
		between = "\n";
	}
	if (!rc && kl_draw_count(answer, "metrics")) {
		fprintf(cli->out, "%sWhat tallies count can be recorded, too:\n", between);
		rc = draw_rows(cli, answer, "metrics", "<code <metric <unit >recorded", "unit");
		between = "\n";
	}
	if (!rc && !between[0])
		fputs("None is like that.\n", cli->out);
	return rc;
}

static int run_list(struct kl_cli *cli)
{
	static const char *const keys[] = {"words", NULL};

	return kl_request_show(cli, "indicator list", keys, draw_list);
}

static const struct kl_option list_options[] = {
	{"characteristic", "N", "only those of one: 1 to 7, or its name"},
	{"kind", "KIND", "key (suggested by the report), example, other, or defined (by members)"},
	{"level", "LEVEL", "organisation, neighbourhood or council"},
	{"recorded", NULL, "only those of which something was recorded"},
	{NULL},
};

const struct kl_command kl_verb_indicator_list = {
	.words = "indicator list",
	.operands = "[WORDS]",
	.example = "keeplocal indicator list --characteristic 1 --kind key",
	.help = "what can be recorded: what members defined, the bank, and what tallies count",
	.more = "WORDS are looked for in names: keeplocal indicator list housing",
	.options = list_options,
	.operands_max = 1,
	.tables = true,
	.run = run_list,
};

/* ---- show ---------------------------------------------------------------------------------- */

static void draw_list_of(
	FILE *out, const char *title, const struct kl_value *answer, const char *key)
{
	if (!kl_draw_count(answer, key))
		return;
	fprintf(out, "  %s\n", title);
	kl_draw_texts(out, "    - ", answer, key);
}

static void draw_definition(FILE *out, const struct kl_value *answer)
{
	char author[256];

	if (!kl_draw_uint(answer, "version"))
		return;
	kl_cli_text(answer, "author", "somebody who is no longer a member", author, sizeof author);
	fprintf(out, "  defined by %s, version %" PRIu64 ", %s\n",
		kl_draw_flag(answer, "own") ? "yourself" : author, kl_draw_uint(answer, "version"),
		standing(answer));
}

static int draw_show(struct kl_cli *cli, const struct kl_value *answer)
{
	char code[64], name[160];

	kl_cli_text(answer, "name", "?", name, sizeof name);
	if (kl_draw_uint(answer, "version"))
		fprintf(cli->out, "%s\n", name);
	else
		fprintf(cli->out, "%s (%s)\n", name,
			kl_cli_text(answer, "code", "?", code, sizeof code));
	draw_definition(cli->out, answer);
	kl_draw_line(cli->out, 2, "characteristic", answer, "characteristic");
	kl_draw_line(cli->out, 2, "kind", answer, "kind");
	kl_draw_line(cli->out, 2, "level", answer, "level");
	kl_draw_line(cli->out, 2, "form", answer, "form");
	kl_draw_line(cli->out, 2, "span", answer, "span");
	kl_draw_line(cli->out, 2, "how to collect", answer, "how");
	kl_draw_components(cli->out, answer);
	draw_list_of(cli->out, "counts in part the same as (do not add up)", answer, "twins");
	draw_list_of(cli->out, "activities that would show in it", answer, "activities");
	kl_draw_line(cli->out, 2, "unit", answer, "unit");
	kl_draw_line(cli->out, 2, "what counts", answer, "rule");
	kl_draw_line(cli->out, 2, "bear in mind", answer, "caution");
	fprintf(cli->out, "  recorded: %" PRIu64 "\n", kl_draw_uint(answer, "recorded"));
	if (kl_draw_count(answer, "components") && !kl_draw_uint(answer, "version"))
		fputs("From the report's bank, in our words. How to collect it, its unit, which "
		      "way is better\nand what else shows in it are our judgement.\n",
			cli->out);
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
	.more = "Names and characteristics are the report's bank in our words; how to collect, "
		"units, which way is better, twins and which activity shows in what are our "
		"judgement.",
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run_show,
};

/* ---- activities ---------------------------------------------------------------------------- */

static int draw_activities(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "activities");
	struct kl_value row, indicator;
	const char *characteristic, *before = "";
	char name[256], shown[256];

	if (!kl_draw_count(answer, "activities"))
		fputs("None is like that.\n", cli->out);
	while (kl_cursor_next(&cursor, &row)) {
		struct kl_cursor indicators = kl_draw_items(&row, "indicators");

		characteristic = characteristic_of(&row);
		if (strcmp(before, characteristic) != 0)
			fprintf(cli->out, "%s%s\n", before[0] ? "\n" : "", characteristic);
		before = characteristic;
		fprintf(cli->out, "- %s\n", kl_cli_text(&row, "name", "?", name, sizeof name));
		while (kl_cursor_next(&indicators, &indicator))
			fprintf(cli->out, "    shows in: %s\n",
				kl_cli_text(&indicator, "name", "?", shown, sizeof shown));
	}
	if (before[0])
		fputs("\nThe report ties activities to characteristics; in which indicators they "
		      "show is our judgement.\n",
			cli->out);
	return KL_OK;
}

static int run_activities(struct kl_cli *cli)
{
	static const char *const keys[] = {"words", NULL};

	return kl_request_show(cli, "activity list", keys, draw_activities);
}

static const struct kl_option activity_options[] = {
	{"characteristic", "N", "only those of one: 1 to 7, or its name"},
	{NULL},
};

const struct kl_command kl_verb_activity_list = {
	.words = "activity list",
	.operands = "[WORDS]",
	.example = "keeplocal activity list --characteristic 6",
	.help = "what community anchors do for each characteristic, and where it shows",
	.more = "The report ties activities to characteristics; in which indicators they show is "
		"our "
		"judgement.",
	.options = activity_options,
	.operands_max = 1,
	.tables = true,
	.run = run_activities,
};
