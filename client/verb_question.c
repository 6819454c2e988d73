/* ask, questions, question show, question correct, question withdraw. */
#include "client/confirm.h"
#include "client/draw.h"
#include "client/post_deeds.h"
#include "client/post_text.h"
#include "client/request.h"

#include <inttypes.h>

/* ---- ask, correct, withdraw ------------------------------------------------------------------ */

static int run_ask(struct kl_cli *cli)
{
	return kl_post_add_titled(cli, "ask");
}

static int run_correct(struct kl_cli *cli)
{
	return kl_post_correct(cli, "question correct");
}

static int run_withdraw(struct kl_cli *cli)
{
	return kl_post_withdraw(cli, "question withdraw");
}

static const struct kl_option ask_options[] = {
	KL_POST_TEXT_OPTIONS,
	KL_POST_FACET_OPTIONS,
	{"link", "URL", "where more can be read", true},
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_ask = {
	.words = "ask",
	.operands = "TITLE",
	.example =
		"keeplocal ask \"Who has let a park run itself?\" --text \"We think of a trust.\" "
		"--route \"asset transfer\"",
	.help = "ask all members something, after a preview",
	.more = "A question is public and signed. keeplocal inbox tells of answers; 'keeplocal "
		"question correct'\nchanges it, 'keeplocal question withdraw' takes it back.",
	.options = ask_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_ask,
};

static const struct kl_option correct_options[] = {
	{"title", "TITLE", "the question in one line"},
	KL_POST_TEXT_OPTIONS,
	KL_POST_FACET_OPTIONS,
	{"link", "URL", "where more can be read", true},
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_question_correct = {
	.words = "question correct",
	.operands = "ID",
	.example = "keeplocal question correct 3f09ab12 --title \"Who has let a park run itself?\"",
	.help = "change a question of your own: what is not said stays",
	.more = "The old text is erased, here at once and on other machines when they hear of it.",
	.options = correct_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_correct,
};

static const struct kl_option withdraw_options[] = {
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_question_withdraw = {
	.words = "question withdraw",
	.operands = "ID",
	.example = "keeplocal question withdraw 3f09ab12",
	.help = "take a question of your own back, for good; its answers stay",
	.options = withdraw_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_withdraw,
};

/* ---- the list -------------------------------------------------------------------------------- */

static int draw_list(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const keys[] = {"id", "title", "member", "place", "published"};
	size_t shown = kl_draw_count(answer, "questions");
	uint64_t found = kl_draw_uint(answer, "found");
	struct kl_cursor cursor = kl_draw_items(answer, "questions");
	struct kl_table table;
	struct kl_value item;
	int rc;

	if (!shown) {
		fputs("No question fits: keeplocal ask TITLE asks one.\n", cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<id <question <by <where <asked >answers");
	while (kl_cursor_next(&cursor, &item)) {
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			kl_draw_cell(&table, &item, keys[i], "");
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&item, "answers"));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (rc)
		return rc;
	if (found > shown)
		fprintf(cli->out, "\n%zu of %" PRIu64 "; --n shows more.\n", shown, found);
	if (kl_draw_uint(answer, "behind"))
		fputs("\nSome texts that arrived lately are not among what is searched yet.\n",
			cli->out);
	fputs("\nkeeplocal question show ID reads a thread, keeplocal answer ID adds to it.\n",
		cli->out);
	return KL_OK;
}

/* What was typed as words, one behind the other. */
static void pack_words(const struct kl_cli *cli, struct kl_pack *pack)
{
	char words[1024] = "";
	size_t n = 0;

	for (size_t i = 0; i < cli->args.operand_count && n < sizeof words; i++)
		n += (size_t)snprintf(
			words + n, sizeof words - n, "%s%s", i ? " " : "", cli->args.operands[i]);
	if (words[0])
		kl_pack_text(pack, "words", words);
}

static int run_list(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	pack_words(cli, &pack);
	kl_post_pack(cli, &pack, NULL);
	rc = kl_post_pack_number(cli, &pack);
	if (!rc)
		rc = kl_cli_show(cli, "questions", &pack, draw_list);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option list_options[] = {
	{"open", NULL, "only those without an answer"},
	{"mine", NULL, "only your own"},
	KL_POST_FACET_OPTIONS,
	KL_POST_AUTHOR_OPTIONS,
	{"n", "N", "how many at most; 20 if not said"},
	{NULL},
};

const struct kl_command kl_verb_questions = {
	.words = "questions",
	.operands = "[WORDS]...",
	.example = "keeplocal questions --open asset transfer",
	.help = "what members ask, latest first; with words: by how well they fit",
	.more = "Of several words of one option any will do; all options have to fit.",
	.options = list_options,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.tables = true,
	.run = run_list,
};

/* ---- a thread -------------------------------------------------------------------------------- */

static void draw_by(FILE *out, const struct kl_value *post)
{
	char member[256], day[32], corrected[32], id[80];

	kl_cli_text(post, "corrected", "", corrected, sizeof corrected);
	fprintf(out, "%s, %s%s%s [%s]\n", kl_cli_text(post, "member", "?", member, sizeof member),
		kl_cli_text(post, "published", "at some time", day, sizeof day),
		corrected[0] ? ", corrected " : "", corrected,
		kl_cli_text(post, "id", "", id, sizeof id));
}

static void draw_root(FILE *out, const struct kl_value *answer)
{
	char kind[32];
	struct kl_value root;

	if (kl_get_map(answer, "root", &root)) {
		fputs("What this answers has not arrived here.\n", out);
		return;
	}
	if (kl_draw_flag(&root, "withdrawn"))
		fprintf(out, "This %s was withdrawn; its answers stay.\n",
			kl_cli_text(&root, "kind", "question", kind, sizeof kind));
	else
		kl_draw_post(out, &root);
	draw_by(out, &root);
}

static int draw_thread(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "answers");
	uint64_t count = kl_draw_uint(answer, "count");
	struct kl_value item;
	char next[80];

	draw_root(cli->out, answer);
	fprintf(cli->out, "\n%" PRIu64 " answer%s%s\n", count, count == 1 ? "" : "s",
		count ? ":" : " yet.");
	while (kl_cursor_next(&cursor, &item)) {
		fputc('\n', cli->out);
		draw_by(cli->out, &item);
		kl_draw_post(cli->out, &item);
	}
	if (kl_cli_text(answer, "next", "", next, sizeof next)[0])
		fprintf(cli->out, "\nIt goes on: --from %s\n", next);
	return KL_OK;
}

static int run_show(struct kl_cli *cli)
{
	static const char *const keys[] = {"id", NULL};

	return kl_request_show(cli, "question show", keys, draw_thread);
}

static const struct kl_option show_options[] = {
	{"from", "ANSWER-ID", "of a long thread: from that answer on"},
	{NULL},
};

const struct kl_command kl_verb_question_show = {
	.words = "question show",
	.operands = "ID",
	.example = "keeplocal question show 3f09ab12",
	.help = "a question, or a lesson, with its answers in the order in which they arrived",
	.more = "The id of any answer will do, too. What was taken back is gone.",
	.options = show_options,
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run_show,
};
