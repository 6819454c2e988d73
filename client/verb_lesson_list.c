/* lesson list, lesson show: what members have learnt. */
#include "client/draw.h"
#include "client/post_text.h"
#include "client/request.h"

#include <inttypes.h>

/* ---- list ------------------------------------------------------------------------------------ */

static int draw_list(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const keys[] = {"place", "outcome", "published"};
	char author[KL_POST_AUTHOR_MAX];
	size_t shown = kl_draw_count(answer, "lessons");
	uint64_t found = kl_draw_uint(answer, "found");
	struct kl_cursor cursor = kl_draw_items(answer, "lessons");
	struct kl_table table;
	struct kl_value item;
	int rc;

	if (!shown) {
		fputs(kl_draw_uint(answer, "known") ? "No lesson fits.\n" : KL_NO_LESSONS_YET,
			cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<id <lesson <by <where <outcome <published");
	while (kl_cursor_next(&cursor, &item)) {
		kl_draw_cell(&table, &item, "id", "");
		kl_draw_cell(&table, &item, "title", "");
		kl_table_cell(&table, "%s", kl_post_author(&item, author));
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			kl_draw_cell(&table, &item, keys[i], "");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (rc)
		return rc;
	if (found > shown)
		fprintf(cli->out, "\n%zu of %" PRIu64 "; --n shows more.\n", shown, found);
	if (kl_draw_uint(answer, "passed_over"))
		fprintf(cli->out,
			"\n%" PRIu64
			" posts of members who publish very many are not kept in this list.\n",
			kl_draw_uint(answer, "passed_over"));
	fputs("\nkeeplocal lesson show ID reads one.\n", cli->out);
	return KL_OK;
}

static int run_list(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_post_pack(cli, &pack, NULL);
	rc = kl_post_pack_number(cli, &pack);
	if (!rc)
		rc = kl_cli_show(cli, "lesson list", &pack, draw_list);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option list_options[] = {
	KL_POST_FACET_OPTIONS,
	KL_POST_AUTHOR_OPTIONS,
	{"n", "N", "how many at most; 20 if not said"},
	{NULL},
};

const struct kl_command kl_verb_lesson_list = {
	.words = "lesson list",
	.example = "keeplocal lesson list --route \"asset transfer\" --outcome worked",
	.help = "lessons of all members, newest first, narrowed by what they are about",
	.more = "Of several words of one option any will do; all options have to fit. A lesson "
		"that names no place counts for the area of its author.",
	.options = list_options,
	.tables = true,
	.run = run_list,
};

/* ---- show ------------------------------------------------------------------------------------ */

static int draw_show(struct kl_cli *cli, const struct kl_value *answer)
{
	char member[KL_POST_AUTHOR_MAX], day[32], corrected[32], id[80];

	kl_draw_post(cli->out, answer);
	kl_cli_text(answer, "corrected", "", corrected, sizeof corrected);
	fprintf(cli->out, "\nby %s, %s%s%s\n", kl_post_author(answer, member),
		kl_cli_text(answer, "published", "at some time", day, sizeof day),
		corrected[0] ? ", corrected " : "", corrected);
	if (kl_draw_uint(answer, "answers"))
		fprintf(cli->out,
			"%" PRIu64 " said something about it: keeplocal question show %s\n",
			kl_draw_uint(answer, "answers"),
			kl_cli_text(answer, "id", "", id, sizeof id));
	return KL_OK;
}

static int run_show(struct kl_cli *cli)
{
	static const char *const keys[] = {"id", NULL};

	return kl_request_show(cli, "lesson show", keys, draw_show);
}

const struct kl_command kl_verb_lesson_show = {
	.words = "lesson show",
	.operands = "ID",
	.example = "keeplocal lesson show 3f09ab12",
	.help = "one lesson, whole",
	.operands_min = 1,
	.operands_max = 1,
	.run = run_show,
};
