#include "client/draw.h"
#include "client/request.h"

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const keys[] = {
		"member", "metric", "period", "shown", "method", "confidence"};
	struct kl_cursor cursor = kl_draw_items(answer, "figures");
	struct kl_table table;
	struct kl_value item;
	int rc;

	if (!kl_draw_count(answer, "figures")) {
		fputs("No figure has been published by name.\n", cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<member <metric <period >value <method <confidence");
	while (kl_cursor_next(&cursor, &item))
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			kl_draw_cell(&table, &item, keys[i], "");
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (!rc && kl_draw_flag(answer, "more"))
		fprintf(cli->out, "\nThere are more than one list can hold.%s\n",
			cli->args.operand_count
				? ""
				: " Fewer: keeplocal figure list MEMBER, or --place "
				  "PLACE");
	return rc;
}

static int run(struct kl_cli *cli)
{
	static const char *const keys[] = {"member", NULL};

	return kl_request_show(cli, "figure list", keys, draw);
}

static const struct kl_option options[] = {
	{"place", "PLACE", "a council area, a region or a neighbourhood, by code or by name"},
	{NULL},
};

const struct kl_command kl_verb_figure_list = {
	.words = "figure list",
	.operands = "[MEMBER]",
	.example = "keeplocal figure list",
	.help = "figures that members published by name",
	.options = options,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
