#include "client/draw.h"

#include <inttypes.h>

static void draw_methods(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value methods, key, count;
	struct kl_cursor cursor;
	char text[128];
	uint64_t n;
	bool first = true;

	if (kl_get_map(answer, "methods", &methods))
		return;
	fputs("Methods: ", cli->out);
	cursor = kl_cursor(&methods);
	while (kl_cursor_next(&cursor, &key) && kl_cursor_next(&cursor, &count)) {
		if (kl_value_text(&key, text, sizeof text) || kl_value_uint(&count, UINT32_MAX, &n))
			continue;
		fprintf(cli->out, "%s%s (%" PRIu64 ")", first ? "" : ", ", text, n);
		first = false;
	}
	fputs(".\n", cli->out);
}

static int draw_figures(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const keys[] = {"member", "shown", "method", "confidence"};
	struct kl_value list, item;
	struct kl_cursor cursor;
	struct kl_table table;
	int rc;

	if (kl_get_array(answer, "figures", &list))
		return KL_OK;
	kl_table_init(&table, "<member >value <method <confidence");
	cursor = kl_cursor(&list);
	while (kl_cursor_next(&cursor, &item))
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			kl_draw_cell(&table, &item, keys[i], "");
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[128], period[32], about[64], shown[64], warning[512];
	uint64_t n = 0;
	int rc;

	(void)kl_get_uint(answer, "n", UINT32_MAX, &n);
	fprintf(cli->out, "%s, %s: %s (%" PRIu64 " %s; to the last digit %s)\n\n",
		kl_cli_text(answer, "name", "?", name, sizeof name),
		kl_cli_text(answer, "period", "?", period, sizeof period),
		kl_cli_text(answer, "published", "?", about, sizeof about), n,
		n == 1 ? "member" : "members",
		kl_cli_text(answer, "shown", "?", shown, sizeof shown));
	rc = draw_figures(cli, answer);
	if (rc)
		return rc;
	fputc('\n', cli->out);
	draw_methods(cli, answer);
	if (kl_cli_text(answer, "warning", "", warning, sizeof warning)[0])
		fprintf(cli->out, "Bear in mind: %s.\n", warning);
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "metric", cli->args.operands[0]);
	kl_pack_text(&pack, "period", kl_args_option(&cli->args, "period"));
	rc = kl_cli_show(cli, "figure total", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option options[] = {
	{"period", "P", "the year; without it, the latest with a figure"},
	{NULL},
};

const struct kl_command kl_verb_figure_total = {
	.words = "figure total",
	.operands = "METRIC",
	.example = "keeplocal figure total enabled.fte",
	.help = "what the figures published by name add up to",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
