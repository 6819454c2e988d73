#include "client/draw.h"
#include "client/request.h"

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char metric[64], period[32];

	if (!kl_draw_flag(answer, "withdrawn")) {
		fprintf(cli->out, "%s for %s would be withdrawn. Nothing was published.\n",
			kl_cli_text(answer, "metric", "?", metric, sizeof metric),
			kl_cli_text(answer, "period", "?", period, sizeof period));
		return KL_OK;
	}
	fprintf(cli->out, "%s for %s is withdrawn. Who has read it cannot be made to forget it.\n",
		kl_cli_text(answer, "metric", "?", metric, sizeof metric),
		kl_cli_text(answer, "period", "?", period, sizeof period));
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	static const char *const keys[] = {"metric", NULL};

	return kl_request_show(cli, "figure withdraw", keys, draw);
}

static const struct kl_option options[] = {
	{"period", "P", "the year it belongs to"},
	{"dry-run", NULL, "only show what would be withdrawn"},
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
