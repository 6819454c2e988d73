/* policy withdraw: the own policy is taken back. */
#include "client/confirm.h"
#include "client/draw.h"

#include <inttypes.h>

static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	(void)cli;
	(void)pack;
	(void)preview;
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	uint64_t n = kl_draw_uint(answer, "versions");
	char member[256];

	fprintf(cli->out,
		"The policy of %s, %" PRIu64
		" version%s of it: withdrawn, and what %s said is erased "
		"wherever\nkeeplocal runs. Who has read it cannot be made to forget it, so that "
		"its weight "
		"in scoring stays known\nby name to tallies. Your own copy stays in this home; "
		"'policy set' "
		"publishes again.\n",
		kl_cli_text(answer, "member", "?", member, sizeof member), n, n == 1 ? "" : "s",
		n == 1 ? "it" : "they");
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "policy withdraw",
		.fill = fill,
		.draw = draw,
		.question = "Withdraw it?",
		.done = "Withdrawn."};

	return kl_confirm_deed(cli, &deed);
}

static const struct kl_option options[] = {
	{"dry-run", NULL, "only show what would be withdrawn"},
	{"yes", NULL, "do not ask: for scripts"},
	{NULL},
};

const struct kl_command kl_verb_policy_withdraw = {
	.words = "policy withdraw",
	.example = "keeplocal policy withdraw",
	.help = "take your policy back, all of its versions",
	.options = options,
	.run = run,
};
