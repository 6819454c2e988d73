/* lm3 silent: who has not answered, and what an answer would be worth. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "core/money.h"

#include <inttypes.h>
#include <string.h>

static void draw_head(struct kl_cli *cli, const struct kl_value *answer)
{
	uint64_t silent = kl_draw_uint(answer, "silent"), needed;
	char value[KL_MONEY_TEXT_MAX], rating[16];
	struct kl_value confidence;
	int64_t pence = 0;

	kl_draw_lm3_title(cli, answer);
	kl_draw_lm3_confidence(cli, answer);
	(void)kl_get_int(answer, "silent_pence", &pence);
	fprintf(cli->out,
		"  %" PRIu64 " supplier%s with %s did not answer; %" PRIu64 " of them %s asked\n",
		silent, silent == 1 ? "" : "s", kl_money_format(pence, value),
		kl_draw_uint(answer, "asked"), kl_draw_uint(answer, "asked") == 1 ? "was" : "were");
	if (kl_get_map(answer, "confidence", &confidence) ||
		!strcmp(kl_cli_text(&confidence, "rating", "", rating, sizeof rating), "green"))
		return;
	if (kl_get_uint(answer, "answers_to_green", UINT32_MAX, &needed))
		fputs("  their answers alone cannot make it green: too much is redacted\n",
			cli->out);
	else if (needed == 1)
		fputs("  one answer would make it green: the first below\n", cli->out);
	else
		fprintf(cli->out,
			"  %" PRIu64 " answers would make it green: those of the %" PRIu64
			" largest\n",
			needed, needed);
}

static void draw_row(struct kl_table *table, const struct kl_value *supplier)
{
	char text[512], money[KL_MONEY_TEXT_MAX];
	double adds = 0, then = 0;
	int64_t spend = 0;

	(void)kl_get_int(supplier, "spend_pence", &spend);
	(void)kl_get_double(supplier, "adds_share", &adds);
	(void)kl_get_double(supplier, "answered_share", &then);
	kl_table_cell(table, "  %s", kl_cli_text(supplier, "supplier", "?", text, sizeof text));
	kl_table_cell(table, "%s", kl_money_format(spend, money));
	kl_table_cell(table, "%.1f%%", adds * 100);
	kl_table_cell(table, "%.0f%%", then * 100);
	kl_table_cell(table, "%s", kl_cli_text(supplier, "asked", "no", text, sizeof text));
	kl_table_cell(table, "%s", kl_cli_text(supplier, "contact", "", text, sizeof text));
	kl_table_cell(table, "%s", kl_cli_text(supplier, "email", "", text, sizeof text));
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor suppliers = kl_draw_items(answer, "suppliers");
	bool all_asked = kl_draw_uint(answer, "asked") >= kl_draw_uint(answer, "silent");
	char name[256], word[KL_DRAW_TEXT_MAX];
	struct kl_value supplier;
	struct kl_table table;
	int rc;

	draw_head(cli, answer);
	if (!kl_draw_count(answer, "suppliers"))
		return KL_OK;
	fputc('\n', cli->out);
	kl_table_init(&table, "<supplier >spend >adds >then_answered <asked <contact <email");
	while (kl_cursor_next(&suppliers, &supplier))
		draw_row(&table, &supplier);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	fprintf(cli->out,
		"\nNext:\n  keeplocal lm3 survey %s --out FOLDER%s   writes a letter to each%s\n",
		kl_draw_word(kl_cli_text(answer, "project", "NAME", name, sizeof name), word),
		all_asked ? " --again" : "", all_asked ? " once more" : "");
	return rc;
}

static int run(struct kl_cli *cli)
{
	return kl_lm3_show(cli, "lm3 silent", draw);
}

static const struct kl_option options[] = {
	{"n", "N", "the N whose answer is worth most (usually 20, at most 200)"},
	{NULL},
};

const struct kl_command kl_verb_lm3_silent = {
	.words = "lm3 silent",
	.operands = "NAME",
	.example = "keeplocal lm3 silent jubilee",
	.help = "who has not answered the survey, largest first, and how many answers make it "
		"green",
	.more = "Suppliers with whom nothing is left after credit notes, and redacted names, are "
		"left "
		"out.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
