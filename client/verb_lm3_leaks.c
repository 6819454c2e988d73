/* lm3 leaks: where money leaves the area. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "core/money.h"

#include <string.h>

static const char *pounds(const struct kl_value *map, const char *key, char out[KL_MONEY_TEXT_MAX])
{
	int64_t pence = 0;

	(void)kl_get_int(map, key, &pence);
	return kl_money_format(pence, out);
}

static unsigned long long count(const struct kl_value *answer, const char *key)
{
	struct kl_value counts;

	return kl_get_map(answer, "counts", &counts) ? 0 : kl_draw_uint(&counts, key);
}

static const char *plural(unsigned long long n)
{
	return n == 1 ? "" : "s";
}

static void draw_sums(struct kl_cli *cli, const struct kl_value *answer)
{
	unsigned long long elsewhere = count(answer, "elsewhere"), local = count(answer, "local");
	char text[KL_MONEY_TEXT_MAX], range[KL_RANGE_TEXT_MAX];
	struct kl_value once, next;

	if (kl_get_map(answer, "at_once", &once) || kl_get_map(answer, "next_round", &next))
		return;
	fprintf(cli->out, "\nOf %s of income leaves the area at once:\n",
		pounds(answer, "income_pence", text));
	fprintf(cli->out, "  %s with %llu supplier%s elsewhere\n",
		pounds(&once, "suppliers_elsewhere_pence", text), elsewhere, plural(elsewhere));
	fprintf(cli->out, "  %s as pay of staff who live elsewhere\n",
		pounds(&once, "payroll_elsewhere_pence", text));
	fprintf(cli->out, "  %s as other direct costs elsewhere\n",
		pounds(&once, "other_elsewhere_pence", text));
	fputs("and in the next round, because it is not spent again here:\n", cli->out);
	fprintf(cli->out, "  %s of what %llu local supplier%s took in\n",
		kl_range_pounds(&next, "suppliers_local_pence", range), local, plural(local));
	fprintf(cli->out, "  %s of the pay of local staff\n",
		pounds(&next, "staff_local_pence", text));
}

static void why(struct kl_table *table, const struct kl_value *leak, const char *where)
{
	char text[KL_RANGE_TEXT_MAX];
	double respent;

	if (!strcmp(where, "elsewhere"))
		kl_table_cell(table, "elsewhere; comes back: %s",
			kl_range_pounds(leak, "comes_back_pence", text));
	else if (kl_get_double(leak, "respent", &respent))
		kl_table_cell(
			table, "%s, silent", !strcmp(where, "local") ? "local" : "place unknown");
	else
		kl_table_cell(table, "%s, spends %.0f%% again here",
			!strcmp(where, "local") ? "local" : "place unknown", respent * 100);
}

static int draw_table(
	struct kl_cli *cli, const struct kl_value *answer, const char *key, const char *title)
{
	struct kl_cursor leaks = kl_draw_items(answer, key);
	char name[256], where[16], text[KL_RANGE_TEXT_MAX];
	struct kl_value leak;
	struct kl_table table;
	int rc;

	if (!kl_draw_count(answer, key))
		return KL_OK;
	fprintf(cli->out, "\n%s\n\n", title);
	kl_table_init(&table, "<supplier >spend >leaves <why");
	while (kl_cursor_next(&leaks, &leak)) {
		kl_table_cell(
			&table, "  %s", kl_cli_text(&leak, "supplier", "?", name, sizeof name));
		kl_table_cell(&table, "%s", pounds(&leak, "spend_pence", text));
		kl_table_cell(&table, "%s", kl_range_pounds(&leak, "leaves_pence", text));
		why(&table, &leak, kl_cli_text(&leak, "where", "", where, sizeof where));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	unsigned long long unknown = count(answer, "unknown");
	char text[KL_MONEY_TEXT_MAX];
	int rc;

	kl_draw_lm3_title(cli, answer);
	draw_sums(cli, answer);
	if (unknown)
		fprintf(cli->out,
			"Not known: %s with %llu supplier%s whose place nobody wrote down\n",
			pounds(answer, "unknown_pence", text), unknown, plural(unknown));
	rc = draw_table(cli, answer, "leaks", "Suppliers with whom most leaves");
	if (!rc)
		rc = draw_table(cli, answer, "unknown_places", "Suppliers of unknown place");
	if (rc)
		return rc;
	kl_draw_lm3_warnings(cli, answer);
	kl_draw_lm3_rules(cli, answer);
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	return kl_lm3_show(cli, "lm3 leaks", draw);
}

static const struct kl_option options[] = {
	{"n", "N", "the N largest (usually 20, at most 200)"},
	{NULL},
};

const struct kl_command kl_verb_lm3_leaks = {
	.words = "lm3 leaks",
	.operands = "NAME",
	.example = "keeplocal lm3 leaks jubilee",
	.help = "suppliers with whom money leaves the area, largest first",
	.more = "What is spent with a supplier elsewhere leaves at once; of what is spent with a "
		"local one, the part that it does not spend again locally leaves in the next "
		"round. "
		"Suppliers of unknown place stand apart.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
