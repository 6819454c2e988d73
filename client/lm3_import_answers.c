/* lm3 import NAME answers: what suppliers answered goes up in parts, and comes in whole or not at
 * all. */
#include "client/answers.h"
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "client/lm3_import.h"
#include "client/notes.h"
#include "core/bytes.h"

#include <inttypes.h>
#include <string.h>

enum { LABEL_MAX = 240 };

static void draw_lists(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor pairs = kl_draw_items(answer, "loosely");
	uint64_t left_out = kl_draw_uint(answer, "left_out_count");
	char one[256], other[256];
	struct kl_value pair;

	if (kl_draw_count(answer, "loosely"))
		fputs("\nTaken for one although they are spelled otherwise (please look):\n",
			cli->out);
	while (kl_cursor_next(&pairs, &pair))
		fprintf(cli->out, "  %s  is  %s\n",
			kl_cli_text(&pair, "answer", "?", one, sizeof one),
			kl_cli_text(&pair, "supplier", "?", other, sizeof other));
	if (!left_out)
		return;
	fprintf(cli->out, "\nLeft out, since no supplier is called so (%" PRIu64 "):\n", left_out);
	kl_draw_texts(cli->out, "  ", answer, "left_out");
}

static void draw_state(struct kl_cli *cli, const struct kl_value *answer, const char *key)
{
	struct kl_value state, confidence;
	char score[KL_RANGE_TEXT_MAX], rating[16], caveat[128];
	struct kl_range lm3;
	double share;

	if (kl_get_map(answer, key, &state) || kl_get_range(&state, "lm3", &lm3) ||
		kl_get_map(&state, "confidence", &confidence) ||
		kl_get_double(&confidence, "answered_share", &share))
		return;
	fprintf(cli->out, "  %s LM3 %s, %.0f%% of the value answered: ", key,
		kl_range_score(&lm3, score), share * 100);
	kl_draw_lm3_rating(cli, kl_cli_text(&confidence, "rating", "?", rating, sizeof rating));
	kl_cli_text(&confidence, "caveat", "", caveat, sizeof caveat);
	fprintf(cli->out, "%s%s\n", caveat[0] ? ", but " : "", caveat);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[256], word[KL_DRAW_TEXT_MAX];
	uint64_t taken = kl_draw_uint(answer, "taken");
	uint64_t replaced = kl_draw_uint(answer, "replaced");

	kl_cli_text(answer, "project", "?", name, sizeof name);
	fprintf(cli->out, "%s: %" PRIu64 " answer%s taken in", name, taken, taken == 1 ? "" : "s");
	if (replaced)
		fprintf(cli->out, ", %" PRIu64 " in the place of an earlier one", replaced);
	fputs("\n\n", cli->out);
	draw_state(cli, answer, "before");
	draw_state(cli, answer, "after");
	draw_lists(cli, answer);
	kl_draw_word(name, word);
	fprintf(cli->out,
		"\nNext:\n"
		"  keeplocal lm3 silent %s   who has not answered yet\n"
		"  keeplocal lm3 result %s\n",
		word, word);
	return KL_OK;
}

static void tell(void *data, const struct kl_sheet *sheet)
{
	kl_tell_notes(data, sheet);
}

/* How a list of imports calls them: "first.xlsx", or "first.xlsx and 11 more". */
static const char *label(const struct kl_cli *cli, char out[LABEL_MAX])
{
	const char *path = cli->args.operands[2], *slash = strrchr(path, '/');
	size_t more = cli->args.operand_count - 3;

	(void)kl_copy_text(out, LABEL_MAX - 32, slash ? slash + 1 : path);
	if (more)
		snprintf(out + strlen(out), LABEL_MAX - strlen(out), " and %zu more", more);
	return out;
}

static int upload(struct kl_cli *cli, struct kl_answers *answers, struct kl_value *ret_answer)
{
	char file[LABEL_MAX];
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	kl_pack_text(&pack, "file", label(cli, file));
	kl_pack_bool(&pack, "skip_unknown", kl_args_flag(&cli->args, "skip-unknown"));
	rc = kl_cli_upload(
		cli, "lm3 answers", &pack, kl_answers_part, answers, 0, "answers", ret_answer);
	kl_pack_deinit(&pack);
	return rc;
}

int kl_lm3_import_answers(struct kl_cli *cli)
{
	struct kl_answers *answers;
	struct kl_value answer;
	int rc = kl_answers_open(cli->args.operands + 2, cli->args.operand_count - 2,
		kl_args_option(&cli->args, "sheet"), &cli->fault, &answers);

	if (rc)
		return rc;
	kl_answers_tell(answers, tell, cli);
	rc = upload(cli, answers, &answer);
	if (!rc && kl_answers_empty(answers))
		fprintf(cli->err, "keeplocal: %u row%s without an answer left out\n",
			kl_answers_empty(answers), kl_answers_empty(answers) == 1 ? "" : "s");
	if (!rc)
		rc = cli->json ? kl_cli_json(cli, &answer) : draw(cli, &answer);
	kl_answers_close(answers);
	return rc;
}
