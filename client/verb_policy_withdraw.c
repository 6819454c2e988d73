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
	const char *will = kl_draw_flag(answer, "withdrawn") ? "is" : "would be";
	char member[256];

	fprintf(cli->out, "The policy of %s %s withdrawn, in %" PRIu64 " version%s.\n\n",
		kl_cli_text(answer, "member", "?", member, sizeof member), will, n,
		n == 1 ? "" : "s");
	fprintf(cli->out,
		"What it said %s erased wherever keeplocal runs. Who has read it cannot be made to "
		"forget it, so\nthat a weight in scoring stays known by name to tallies. Your own "
		"copy "
		"stays in this home:\n'policy set' publishes it again.\n",
		will);
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
