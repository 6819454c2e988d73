#include "client/confirm.h"

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char tally[80], period[32];

	fprintf(cli->out,
		"Tally %.16s for %s\n\n"
		"  - You are not counted in it, and nobody waits for you: every member sees that.\n"
		"  - It cannot be taken back: this tally takes no answer of yours any more.\n",
		kl_cli_text(answer, "tally", "?", tally, sizeof tally),
		kl_cli_text(answer, "period", "?", period, sizeof period));
	return KL_OK;
}

/* Which tally is meant, and what is said of it, was typed with it: scripts are not asked. */
static int run(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "tally decline",
		.fill = kl_deed_tally,
		.draw = draw,
		.question = "Decline for good?",
		.done = "Declined.",
		.typed = true};

	return kl_confirm_deed(cli, &deed);
}

static const struct kl_option options[] = {
	{"dry-run", NULL, "only show which tally would be declined, and what that means"},
	{"yes", NULL, "do not ask: for scripts"},
	{NULL},
};

const struct kl_command kl_verb_tally_decline = {
	.words = "tally decline",
	.operands = "[TALLY]",
	.example = "keeplocal tally decline",
	.help = "say for good that you will not be counted, so that nobody waits for you",
	.more = "It cannot be taken back: this tally takes no answer of yours any more.\n"
		"TALLY is the beginning of its id, or its period; without it, the one that waits.",
	.options = options,
	.operands_max = 1,
	.run = run,
};
