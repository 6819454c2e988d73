#include "client/draw.h"

static int draw(struct kl_cli *cli, const struct kl_value *list)
{
	static const char *const keys[] = {
		"member", "metric", "period", "shown", "method", "confidence"};
	struct kl_cursor cursor = kl_cursor(list);
	struct kl_table table;
	struct kl_value item;
	int rc;

	if (!list->count) {
		fputs("No figure has been published by name.\n", cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<member <metric <period >value <method <confidence");
	while (kl_cursor_next(&cursor, &item))
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			kl_draw_cell(&table, &item, keys[i], "");
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct kl_value answer, list;
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	if (cli->args.operand_count)
		kl_pack_text(&pack, "member", cli->args.operands[0]);
	rc = kl_cli_ask(cli, "figure list", &pack, &answer);
	kl_pack_deinit(&pack);
	if (!rc && kl_get_array(&answer, "figures", &list))
		rc = kl_fault(&cli->fault, KL_E_MALFORMED, "the daemon's answer has no list");
	if (rc)
		return rc;
	return cli->json ? kl_cli_json(cli, &list) : draw(cli, &list);
}

const struct kl_command kl_verb_figure_list = {
	.words = "figure list",
	.operands = "[MEMBER]",
	.example = "keeplocal figure list",
	.help = "figures that members published by name",
	.operands_max = 1,
	.run = run,
};
