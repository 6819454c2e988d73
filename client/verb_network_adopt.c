/* network adopt: a member's definition, proposed to everybody by the convenor. */
#include "client/confirm.h"
#include "client/draw.h"

#include <inttypes.h>

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[160], author[256];
	bool adopted = kl_draw_flag(answer, "adopted");

	fprintf(cli->out, "%s, version %" PRIu64 ", by %s\n",
		kl_cli_text(answer, "name", "?", name, sizeof name),
		kl_draw_uint(answer, "version"),
		kl_cli_text(answer, "author", "a former member", author, sizeof author));
	if (kl_draw_flag(answer, "unchanged"))
		fputs("It is adopted already: nothing changes.\n", cli->out);
	else if (adopted)
		fputs("Everybody in the network finds it first and marked as adopted, whatever its "
		      "author does later.\n",
			cli->out);
	else
		fputs("It is adopted no longer; who has recorded under it keeps that.\n", cli->out);
	return KL_OK;
}

static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	(void)preview;
	kl_pack_text(pack, "name", cli->args.operands[0]);
	kl_pack_bool(pack, "end", kl_args_flag(&cli->args, "end"));
}

static int run(struct kl_cli *cli)
{
	static const struct kl_deed adopt = {.command = "network adopt",
		.fill = fill,
		.draw = draw,
		.question = "Propose it to everybody?",
		.done = "Published."};
	static const struct kl_deed end = {.command = "network adopt",
		.fill = fill,
		.draw = draw,
		.question = "End its adoption?",
		.done = "Published."};

	return kl_confirm_deed(cli, kl_args_flag(&cli->args, "end") ? &end : &adopt);
}

static const struct kl_option options[] = {
	{"end", NULL, "end an adoption"},
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_network_adopt = {
	.words = "network adopt",
	.operands = "DEFINITION",
	.example = "keeplocal network adopt \"Meals shared\"",
	.help = "convenor: propose a member's definition of an indicator to everybody",
	.more = "What was adopted is the version that stands now: a later one has to be adopted "
		"again.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
