/* lesson add, lesson correct, lesson withdraw: what one has learnt, for all others to read. */
#include "client/confirm.h"
#include "client/draw.h"
#include "client/post_text.h"

#include <stdlib.h>

/* ---- add ------------------------------------------------------------------------------------- */

static int draw_add(struct kl_cli *cli, const struct kl_value *answer)
{
	char id[32];

	kl_draw_post(cli->out, answer);
	if (kl_cli_text(answer, "same_title", "", id, sizeof id)[0])
		fprintf(cli->out,
			"\nYou have published a lesson of this title already: keeplocal lesson "
			"correct %s changes that one.\n",
			id);
	if (kl_draw_flag(answer, "published")) /* nobody was asked */
		fprintf(cli->out, "\nIts id is %s.\n",
			kl_cli_text(answer, "id", "?", id, sizeof id));
	else
		kl_draw_post_preview(cli->out, answer);
	return KL_OK;
}

/* To whom has seen the preview. */
static int tell_id(struct kl_cli *cli, const struct kl_value *answer)
{
	char id[32];

	if (!cli->json && !kl_args_flag(&cli->args, "yes"))
		fprintf(cli->out, "\nIts id is %s.\n",
			kl_cli_text(answer, "id", "?", id, sizeof id));
	return KL_OK;
}

static void fill_add(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	(void)preview;
	kl_post_pack(cli, pack, cli->carried);
}

static int with_text(struct kl_cli *cli, const struct kl_deed *deed)
{
	char *text;
	int rc = kl_post_text_read(cli, &text);

	if (rc)
		return rc;
	cli->carried = text;
	rc = kl_confirm_deed(cli, deed);
	cli->carried = NULL;
	free(text);
	return rc;
}

static int run_add(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "lesson add",
		.fill = fill_add,
		.draw = draw_add,
		.carry = tell_id,
		.question = "Publish it?",
		.done = "Published."};

	return with_text(cli, &deed);
}

static const struct kl_option add_options[] = {
	{"title", "TITLE", "one line that says what was learnt"},
	KL_POST_TEXT_OPTIONS,
	KL_POST_FACET_OPTIONS,
	{"link", "URL", "where more can be read", true},
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_lesson_add = {
	.words = "lesson add",
	.example = "keeplocal lesson add --title \"Begin with the caretaker\" --text-file "
		   "lesson.txt --characteristic 4 --route \"asset transfer\" --outcome worked",
	.help = "publish what you have learnt, after a preview",
	.more = "A lesson is public and signed: every member reads it. 'keeplocal lesson correct' "
		"changes it, 'keeplocal lesson withdraw' takes it back. Many at once: keeplocal "
		"template lessons, then keeplocal lesson import.",
	.options = add_options,
	.run = run_add,
};

/* ---- correct --------------------------------------------------------------------------------- */

static int draw_correct(struct kl_cli *cli, const struct kl_value *answer)
{
	kl_draw_post(cli->out, answer);
	if (kl_draw_flag(answer, "unchanged"))
		fputs("\nThis is what it says already: nothing changes.\n", cli->out);
	else if (!kl_draw_flag(answer, "published"))
		kl_draw_post_preview(cli->out, answer);
	return KL_OK;
}

static void fill_correct(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	(void)preview;
	kl_pack_text(pack, "id", cli->args.operands[0]);
	kl_post_pack(cli, pack, cli->carried);
}

static int run_correct(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "lesson correct",
		.fill = fill_correct,
		.draw = draw_correct,
		.question = "Put it in the place of the old text?",
		.done = "Corrected."};

	return with_text(cli, &deed);
}

const struct kl_command kl_verb_lesson_correct = {
	.words = "lesson correct",
	.operands = "ID",
	.example = "keeplocal lesson correct 3f09ab12 --outcome partly",
	.help = "change a lesson of your own: what is not said stays",
	.more = "The old text is erased, here at once and on other machines when they hear of it. "
		"--barrier \"\" and the like make a field empty.",
	.options = add_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_correct,
};

/* ---- withdraw -------------------------------------------------------------------------------- */

static int draw_withdraw(struct kl_cli *cli, const struct kl_value *answer)
{
	char title[256];

	fprintf(cli->out,
		"%s\n\nIts text is erased here at once, and on other machines as soon as they hear "
		"of it. That there\nwas a lesson, and when, stays known; and so does whatever "
		"somebody copied or printed.\n",
		kl_cli_text(answer, "title", "?", title, sizeof title));
	return KL_OK;
}

static void fill_withdraw(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	(void)preview;
	kl_pack_text(pack, "id", cli->args.operands[0]);
}

static int run_withdraw(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "lesson withdraw",
		.fill = fill_withdraw,
		.draw = draw_withdraw,
		.question = "Take it back, for good?",
		.done = "Withdrawn."};

	return kl_confirm_deed(cli, &deed);
}

static const struct kl_option withdraw_options[] = {
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_lesson_withdraw = {
	.words = "lesson withdraw",
	.operands = "ID",
	.example = "keeplocal lesson withdraw 3f09ab12",
	.help = "take a lesson of your own back, for good",
	.options = withdraw_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_withdraw,
};
