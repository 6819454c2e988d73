/* network reset, erase, next-convenor: what a convenor does when something of a member's went wrong. */
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

static const struct kl_option dry_options[] = {
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

/* ---- erase --------------------------------------------------------------------------------- */

static int draw_erase(struct kl_cli *cli, const struct kl_value *answer)
{
	char member[256], kind[64], record[80];
	bool dry = kl_draw_unpublished(cli->out, answer);

	fprintf(cli->out, "What %s said in this %s %s erased on every machine that hears of it.\n",
		kl_cli_text(answer, "member", "?", member, sizeof member),
		kl_cli_text(answer, "kind", "record", kind, sizeof kind), dry ? "would be" : "is");
	fprintf(cli->out, "  Record: %s\n",
		kl_cli_text(answer, "record", "?", record, sizeof record));
	kl_draw_line(cli->out, 2, "Reason", answer, "reason");
	fputs("That there was a record, by whom and when, stays; so does whatever somebody "
	      "copied.\n",
		cli->out);
	return KL_OK;
}

static int run_erase(struct kl_cli *cli)
{
	static const char *const keys[] = {"record", NULL};

	return kl_request_show(cli, "network erase", keys, draw_erase);
}

static const struct kl_option erase_options[] = {
	{"profile-of", "MEMBER", "the last profile of a member, instead of an id"},
	{"reason", "TEXT", "as everybody will read it"},
	DRY_RUN,
	{NULL},
};

const struct kl_command kl_verb_network_erase = {
	.words = "network erase",
	.operands = "[ID]",
	.example = "keeplocal network erase 3f09ab12 --reason \"names a tenant\"",
	.help = "erase what a member published, on every machine, when it cannot or does not",
	.more = "Members take back their own words (lesson withdraw, question withdraw, policy "
		"withdraw);\n"
		"this is for what a member cannot reach any more, or must not stay. ID is that of "
		"a "
		"lesson,\n"
		"question or answer, or the whole id of any other record. Records of the roster "
		"and "
		"of tallies\n"
		"are never erased. It cannot be undone.",
	.options = erase_options,
	.operands_max = 1,
	.run = run_erase,
};

/* ---- next convenor ------------------------------------------------------------------------- */

static int draw_next(struct kl_cli *cli, const struct kl_value *answer)
{
	char member[256];
	bool dry = kl_draw_unpublished(cli->out, answer);

	fprintf(cli->out, "%s %s the convenor of the network.\n",
		kl_cli_text(answer, "member", "?", member, sizeof member), dry ? "would be" : "is");
	if (kl_draw_flag(answer, "stays"))
		fputs("You stay a member of it.\n", cli->out);
	else
		fprintf(cli->out,
			"You %s a member of it: your feed ends, and nobody links with you any "
			"more. To "
			"stay,\nfirst admit yourself as a council or anchor (keeplocal network "
			"admit).\n",
			dry ? "would not be" : "are not");
	fputs("Tickets that lead to your address alone do so no longer than it answers: the next "
	      "convenor\nhands out new ones.\n",
		cli->out);
	return KL_OK;
}

static int run_next(struct kl_cli *cli)
{
	static const char *const keys[] = {"member", NULL};

	return kl_request_show(cli, "network next-convenor", keys, draw_next);
}

const struct kl_command kl_verb_network_next_convenor = {
	.words = "network next-convenor",
	.operands = "MEMBER",
	.example = "keeplocal network next-convenor Bradford --dry-run",
	.help = "hand the network over to a member, at once",
	.more = "From then on that member keeps the roster, and calls tallies; it holds no seat in "
		"them.\n"
		"Only the convenor can do this: without the keys in its home nobody can, so keep "
		"a\n"
		"backup of it. Not while a tally is open. It comes back to no former convenor.",
	.options = dry_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_next,
};
