/* profile show, profile set: what members say about themselves in public. */
#include "client/draw.h"
#include "client/request.h"

static int draw_profile(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "fields");
	struct kl_value field;
	struct kl_table table;
	char member[256];
	bool dry = cli->args.command->operands_min && kl_args_flag(&cli->args, "dry-run");
	int rc;

	fprintf(cli->out, "%s%s\n\n", kl_cli_text(answer, "member", "?", member, sizeof member),
		dry                                 ? " (nothing was changed)"
		: kl_draw_flag(answer, "published") ? ""
						    : " (not published yet)");
	kl_table_init(&table, "<what <value <field");
	while (kl_cursor_next(&cursor, &field)) {
		kl_draw_cell(&table, &field, "label", "?");
		kl_draw_cell(&table, &field, "value", "");
		kl_draw_cell(&table, &field, "field", "");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int run_show(struct kl_cli *cli)
{
	static const char *const keys[] = {"member", NULL};

	return kl_request_show(cli, "profile show", keys, draw_profile);
}

const struct kl_command kl_verb_profile_show = {
	.words = "profile show",
	.operands = "[MEMBER]",
	.example = "keeplocal profile show Calderdale",
	.help = "what a member says about itself; without a name, your own",
	.operands_max = 1,
	.tables = true,
	.run = run_show,
};

static int run_set(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_request_options(cli, &pack);
	kl_request_operands(cli, &pack, "set", 0);
	rc = kl_cli_show(cli, "profile set", &pack, draw_profile);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option set_options[] = {
	{"dry-run", NULL, "show what would be published, and change nothing"},
	{NULL},
};

const struct kl_command kl_verb_profile_set = {
	.words = "profile set",
	.operands = "FIELD=VALUE...",
	.example = "keeplocal profile set population=211439 region=\"Yorkshire and The Humber\"",
	.help = "say something about yourself in public; an empty value takes a field back",
	.options = set_options,
	.operands_min = 1,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run_set,
};
