#include "client/confirm.h"
#include "client/draw.h"

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char tally[80], period[32];

	fprintf(cli->out, "Tally %.16s for %s\n\n",
		kl_cli_text(answer, "tally", "?", tally, sizeof tally),
		kl_cli_text(answer, "period", "?", period, sizeof period));
	kl_draw_wrapped_texts(cli->out, "  - ", answer, "sentences");
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "tally withdraw",
		.fill = kl_deed_tally,
		.draw = draw,
		.question = "Withdraw?",
		.done = "Withdrawn. keeplocal tally show tells whether it came in time."};

	return kl_confirm_deed(cli, &deed);
}

static const struct kl_option options[] = {
	{"dry-run", NULL, "only show what withdrawing does, and what it cannot"},
	{"yes", NULL, "do not ask: for scripts"},
	{NULL},
};

const struct kl_command kl_verb_tally_withdraw = {
	.words = "tally withdraw",
	.operands = "[TALLY]",
	.example = "keeplocal tally withdraw",
	.help = "take back what you contributed, while that can still count",
	.more = "TALLY is the beginning of its id, or its period; without it, the one that has "
		"something of "
		"yours.",
	.options = options,
	.operands_max = 1,
	.run = run,
};
