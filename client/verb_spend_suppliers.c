/* spend suppliers: who is paid most. spend list: the files that are in. */
#include "client/draw.h"
#include "client/verb_spend.h"

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor items = kl_draw_items(answer, "suppliers");
	char money[64], share[16], text[256], count[64];
	struct kl_value item;
	struct kl_table table;
	int rc;

	kl_table_init(&table, "<supplier >spent >by_value >payments <where <sector");
	while (kl_cursor_next(&items, &item)) {
		kl_draw_cell(&table, &item, "supplier", "?");
		kl_table_cell(&table, "%s", kl_spend_money(&item, "pence", money));
		kl_table_cell(&table, "%s", kl_spend_percent(&item, "value_share", share));
		kl_table_cell(&table, "%llu", (unsigned long long)kl_draw_uint(&item, "payments"));
		kl_draw_cell(&table, &item, "where", "?");
		kl_table_cell(&table, "%s", kl_cli_text(&item, "sector", "", text, sizeof text));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	fprintf(cli->out, "%s in all, %s\n",
		kl_spend_count(kl_draw_uint(answer, "count"), "supplier", count),
		kl_spend_money(answer, "total_pence", money));
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	uint64_t n = 0;
	bool given;
	int rc = kl_args_uint(&cli->args, "n", 1000, &cli->fault, &given, &n);

	if (rc)
		return rc;
	kl_pack_init(&pack);
	kl_spend_pack_asked(cli, &pack);
	if (given)
		kl_pack_int(&pack, "n", (int64_t)n);
	rc = kl_cli_show(cli, "spend suppliers", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option options[] = {
	KL_SPEND_ASKED,
	{"n", "N", "how many (20)"},
	{NULL},
};

const struct kl_command kl_verb_spend_suppliers = {
	.words = "spend suppliers",
	.example = "keeplocal spend suppliers --n 50",
	.help = "who is paid most, net of credit notes",
	.options = options,
	.tables = true,
	.run = run,
};

/* ---- list ---------------------------------------------------------------------------------- */

static int draw_list(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor items = kl_draw_items(answer, "files");
	struct kl_value item, rows;
	char money[64];
	struct kl_table table;
	int rc;

	if (!kl_draw_count(answer, "files")) {
		fputs("no spending file is in yet: keeplocal spend import FILE\n", cli->out);
		return KL_OK;
	}
	kl_table_init(&table, ">file <name <from <to >payments >spent >rejected");
	while (kl_cursor_next(&items, &item)) {
		if (kl_get_map(&item, "rows", &rows))
			return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
		kl_table_cell(&table, "%llu", (unsigned long long)kl_draw_uint(&item, "number"));
		kl_draw_cell(&table, &item, "file", "?");
		kl_draw_cell(&table, &item, "first_day", "-");
		kl_draw_cell(&table, &item, "last_day", "-");
		kl_table_cell(&table, "%llu", (unsigned long long)kl_draw_uint(&rows, "accepted"));
		kl_table_cell(&table, "%s", kl_spend_money(&item, "total_pence", money));
		kl_table_cell(&table, "%llu", (unsigned long long)kl_draw_uint(&rows, "rejected"));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (kl_draw_uint(answer, "older"))
		fprintf(cli->out, "and %llu older files\n",
			(unsigned long long)kl_draw_uint(answer, "older"));
	return rc;
}

static int run_list(struct kl_cli *cli)
{
	return kl_cli_show(cli, "spend list", NULL, draw_list);
}

const struct kl_command kl_verb_spend_list = {
	.words = "spend list",
	.example = "keeplocal spend list",
	.help = "the spending files that are in, and what each came to",
	.more = "keeplocal undo takes back the last import.",
	.tables = true,
	.run = run_list,
};
