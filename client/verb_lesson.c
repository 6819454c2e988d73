/* lesson add, lesson correct, lesson withdraw: what one has learnt, for all others to read. */
#include "client/confirm.h"
#include "client/post_deeds.h"
#include "client/post_text.h"

static int run_add(struct kl_cli *cli)
{
	return kl_post_add(cli, "lesson add");
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

static int run_correct(struct kl_cli *cli)
{
	return kl_post_correct(cli, "lesson correct");
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

static int run_withdraw(struct kl_cli *cli)
{
	return kl_post_withdraw(cli, "lesson withdraw");
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
