#include "client/cli.h"

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char tally[80];
	bool declined = false;

	(void)kl_get_bool_or(answer, "declined", false, &declined);
	fprintf(cli->out, "%s tally %.16s.\n", declined ? "Declined" : "This would decline",
		kl_cli_text(answer, "tally", "?", tally, sizeof tally));
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	if (cli->args.operand_count)
		kl_pack_text(&pack, "tally", cli->args.operands[0]);
	kl_pack_bool(&pack, "dry_run", kl_args_flag(&cli->args, "dry-run"));
	rc = kl_cli_show(cli, "tally decline", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option options[] = {
	{"dry-run", NULL, "only show which tally would be declined"},
	{NULL},
};

const struct kl_command kl_verb_tally_decline = {
	.words = "tally decline",
	.operands = "[TALLY]",
	.example = "keeplocal tally decline",
	.help = "say that you will not be counted, so that nobody waits for you",
	.options = options,
	.operands_max = 1,
	.run = run,
};
