/* indicator remove: what was recorded by mistake. */
#include "client/confirm.h"
#include "client/draw.h"
#include "client/observed.h"
#include "client/request.h"

#include <inttypes.h>

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[160], component[64], place[80], period[32], value[KL_DRAW_TEXT_MAX];
	uint64_t revisions = kl_draw_uint(answer, "revision");

	kl_cli_text(answer, "component", "", component, sizeof component);
	kl_cli_text(answer, "place", "", place, sizeof place);
	fprintf(cli->out, "%s%s%s%s%s, %s: ", kl_cli_text(answer, "name", "?", name, sizeof name),
		component[0] ? ", " : "", component, place[0] ? ", " : "", place,
		kl_cli_text(answer, "period", "?", period, sizeof period));
	kl_draw_plain(cli->out, kl_draw_observed(answer, value), 2);
	fputc('\n', cli->out);
	if (revisions > 1)
		fprintf(cli->out, "All %" PRIu64 " revisions of it.\n", revisions);
	if (kl_draw_flag(answer, "table_counts_again"))
		fputs("The row of a table that it stood above counts again.\n", cli->out);
	return KL_OK;
}

static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	static const char *const keys[] = {"period", "place", "component"};

	(void)preview;
	kl_pack_text(pack, "name", cli->args.operands[0]);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		kl_pack_text(pack, keys[i], kl_args_option(&cli->args, keys[i]));
}

static int run(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "indicator remove",
		.fill = fill,
		.draw = draw,
		.question = "Take it out, for good?",
		.done = "Taken out."};

	return kl_confirm_deed(cli, &deed);
}

static const struct kl_option options[] = {
	{"period", "P", "the period it was recorded for"},
	{"place", "PLACE", "the place; without it the whole area is meant"},
	{"component", "NAME", "which number, where an indicator has several"},
	{"dry-run", NULL, "only show what would go"},
	{"yes", NULL, "do not ask: for scripts"},
	{NULL},
};

const struct kl_command kl_verb_indicator_remove = {
	.words = "indicator remove",
	.operands = "NAME",
	.example = "keeplocal indicator remove \"local multiplier\" --period 2106",
	.help = "take out what was recorded by mistake, with all its revisions",
	.more = "Only what was recorded by hand: rows that came in with a table go with "
		"keeplocal undo.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
