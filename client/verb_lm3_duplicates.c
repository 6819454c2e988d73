/* lm3 duplicates: suppliers that are probably one. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "core/money.h"

#include <inttypes.h>

static void draw_row(struct kl_table *table, const struct kl_value *pair, bool apart)
{
	char text[256], money[KL_MONEY_TEXT_MAX];
	int64_t pence = 0;

	(void)kl_get_int(pair, "spend_pence", &pence);
	kl_table_cell(table, "  %s", kl_cli_text(pair, "supplier", "?", text, sizeof text));
	kl_table_cell(table, "%s", kl_money_format(pence, money));
	kl_table_cell(table, "%s", kl_cli_text(pair, "other", "?", text, sizeof text));
	if (!apart)
		return;
	pence = 0;
	(void)kl_get_int(pair, "other_spend_pence", &pence);
	kl_table_cell(table, "%s", kl_money_format(pence, money));
}

static int draw_kind(
	struct kl_cli *cli, const struct kl_value *answer, bool apart, const char *title)
{
	struct kl_cursor cursor = kl_draw_items(answer, "duplicates");
	struct kl_value pair;
	struct kl_table table;
	int rc;

	if (!kl_draw_uint(answer, apart ? "counted_apart" : "counted_as_one"))
		return KL_OK;
	fprintf(cli->out, "\n%s\n\n", title);
	kl_table_init(&table,
		apart ? "<supplier >spend <and >spend" : "<supplier >spend_together <also_spelled");
	while (kl_cursor_next(&cursor, &pair))
		if (kl_draw_flag(&pair, "counted_apart") == apart)
			draw_row(&table, &pair, apart);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	int rc;

	kl_draw_lm3_title(cli, answer);
	if (!kl_draw_count(answer, "duplicates")) {
		fputs("  no two suppliers look like one\n", cli->out);
		return KL_OK;
	}
	rc = draw_kind(cli, answer, true,
		"Counted apart, but probably one: write them alike in the table if they are");
	if (!rc)
		rc = draw_kind(
			cli, answer, false, "Spelled in two ways and counted as one already");
	if (!rc)
		fputs("\nWhich names are taken for one is keeplocal's own rule: Ltd is Limited, "
		      "and "
		      "capitals do\nnot matter; punctuation, 'and' for &, 'the' and other legal "
		      "forms only make them suspicious.\n",
			cli->out);
	return rc;
}

static int run(struct kl_cli *cli)
{
	return kl_lm3_show(cli, "lm3 duplicates", draw);
}

static const struct kl_option options[] = {
	{"n", "N", "the N largest of each kind (usually 50, at most 200)"},
	{NULL},
};

const struct kl_command kl_verb_lm3_duplicates = {
	.words = "lm3 duplicates",
	.operands = "NAME",
	.example = "keeplocal lm3 duplicates jubilee",
	.help = "suppliers of a project that are probably one",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
