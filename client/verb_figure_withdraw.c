#include "client/cli.h"

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char metric[64], period[32];

	fprintf(cli->out, "%s for %s is withdrawn. Who has read it cannot be made to forget it.\n",
		kl_cli_text(answer, "metric", "?", metric, sizeof metric),
		kl_cli_text(answer, "period", "?", period, sizeof period));
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "metric", cli->args.operands[0]);
	kl_pack_text(&pack, "period", kl_args_option(&cli->args, "period"));
	rc = kl_cli_show(cli, "figure withdraw", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option options[] = {
	{"period", "P", "the year it belongs to"},
	{NULL},
};

const struct kl_command kl_verb_figure_withdraw = {
	.words = "figure withdraw",
	.operands = "METRIC",
	.example = "keeplocal figure withdraw enabled.fte --period 2026",
	.help = "take a published figure back",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
