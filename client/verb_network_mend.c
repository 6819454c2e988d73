/* network reset: what a convenor does when something of a member's went wrong. */
#include "client/draw.h"
#include "client/request.h"

#include <inttypes.h>

#define DRY_RUN                                                                                    \
	{                                                                                          \
		"dry-run", NULL, "only show what would be published"                               \
	}

static const struct kl_option reason_options[] = {
	{"reason", "TEXT", "as everybody will read it"},
	DRY_RUN,
	{NULL},
};

/* ---- reset --------------------------------------------------------------------------------- */

static int draw_reset(struct kl_cli *cli, const struct kl_value *answer)
{
	char member[256];
	bool dry = kl_draw_unpublished(cli->out, answer);

	kl_cli_text(answer, "member", "?", member, sizeof member);
	fprintf(cli->out,
		"The feed of %s %s anew behind its %" PRIu64 " records that everybody has alike.\n"
		"What it signed behind them, in two ways, counts for nobody.\n",
		member, dry ? "would go on" : "goes on", kl_draw_uint(answer, "kept"));
	kl_draw_line(cli->out, 2, "Reason", answer, "reason");
	fputs("Only one machine may go on with its home: if two do, the feed forks again.\n",
		cli->out);
	return KL_OK;
}

static int run_reset(struct kl_cli *cli)
{
	static const char *const keys[] = {"member", NULL};

	return kl_request_show(cli, "network reset", keys, draw_reset);
}

const struct kl_command kl_verb_network_reset = {
	.words = "network reset",
	.operands = "MEMBER",
	.example = "keeplocal network reset Bradford --reason \"an old copy was put back\"",
	.help = "let a member go on whose feed was forked",
	.more = "A feed is forked when one home ran on two machines, or an old copy of it was put "
		"back:\n"
		"then two different records stand at one place, and everybody stops reading the "
		"feed\n"
		"there. First make sure that one machine alone runs with that home. After the "
		"reset its\n"
		"daemon goes on by itself; what the member said before the fork stays, tallies "
		"keep what\n"
		"they counted, and what it said behind the fork has to be said again.",
	.options = reason_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_reset,
};
