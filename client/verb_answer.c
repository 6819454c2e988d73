/* answer, answer correct, answer withdraw: what one knows of what others ask. */
#include "client/confirm.h"
#include "client/post_deeds.h"
#include "client/post_text.h"

static int run_answer(struct kl_cli *cli)
{
	return kl_post_add_about(cli, "answer");
}

static int run_correct(struct kl_cli *cli)
{
	return kl_post_correct(cli, "answer correct");
}

static int run_withdraw(struct kl_cli *cli)
{
	return kl_post_withdraw(cli, "answer withdraw");
}

static const struct kl_option answer_options[] = {
	KL_POST_TEXT_OPTIONS,
	{"link", "URL", "where more can be read", true},
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_answer = {
	.words = "answer",
	.operands = "QUESTION-ID",
	.example = "keeplocal answer 3f09ab12 --text \"We did, with a trust of neighbours.\"",
	.help = "answer a question, or say something about a lesson, after a preview",
	.more = "An answer is public and signed. The id of another answer means its question, too. "
		"Long texts:\n--text-file FILE.",
	.options = answer_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_answer,
};

const struct kl_command kl_verb_answer_correct = {
	.words = "answer correct",
	.operands = "ID",
	.example = "keeplocal answer correct 3f09ab12 --text \"It took two years.\"",
	.help = "change an answer of your own",
	.more = "The old text is erased, here at once and on other machines when they hear of it.",
	.options = answer_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_correct,
};

static const struct kl_option withdraw_options[] = {
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_answer_withdraw = {
	.words = "answer withdraw",
	.operands = "ID",
	.example = "keeplocal answer withdraw 3f09ab12",
	.help = "take an answer of your own back, for good",
	.options = withdraw_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_withdraw,
};
