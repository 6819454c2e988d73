/* lesson search: lessons by their words. */
#include "client/draw.h"
#include "client/post_text.h"

#include <inttypes.h>

static void draw_lesson(FILE *out, const struct kl_value *lesson)
{
	char id[32], title[KL_DRAW_TEXT_MAX], member[KL_POST_AUTHOR_MAX], place[256], day[32];

	fprintf(out, "%s  %s\n", kl_cli_text(lesson, "id", "?", id, sizeof id),
		kl_cli_text(lesson, "title", "?", title, sizeof title));
	fprintf(out, "  by %s, %s%s%s\n", kl_post_author(lesson, member),
		kl_cli_text(lesson, "published", "at some time", day, sizeof day),
		kl_cli_text(lesson, "place", "", place, sizeof place)[0] ? "; " : "", place);
	if (kl_cli_text(lesson, "snippet", "", title, sizeof title)[0]) {
		fputs("  ", out);
		kl_draw_plain(out, title, 2);
		fputc('\n', out);
	}
	fputc('\n', out);
}

static void draw_counts(FILE *out, const struct kl_value *answer)
{
	uint64_t found = kl_draw_uint(answer, "found"), behind = kl_draw_uint(answer, "behind");
	size_t shown = kl_draw_count(answer, "lessons");

	if (!shown)
		fputs(kl_draw_uint(answer, "known") ? "No lesson fits.\n" : KL_NO_LESSONS_YET, out);
	else if (found > shown)
		fprintf(out, "%zu of %" PRIu64 " that fit; --n shows more.\n", shown, found);
	kl_draw_joined(out, "No lesson has", answer, "nowhere", "\n");
	if (behind)
		fprintf(out, "%" PRIu64 " texts that came are not looked through yet: ask again.\n",
			behind);
	if (shown)
		fputs("keeplocal lesson show ID reads one.\n", out);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "lessons");
	struct kl_value item;

	while (kl_cursor_next(&cursor, &item))
		draw_lesson(cli->out, &item);
	draw_counts(cli->out, answer);
	return KL_OK;
}

static void pack_words(const struct kl_cli *cli, struct kl_pack *pack)
{
	char words[1024];
	size_t at = 0;

	words[0] = '\0';
	for (size_t i = 0; i < cli->args.operand_count && at < sizeof words; i++)
		at += (size_t)snprintf(
			words + at, sizeof words - at, "%s%s", i ? " " : "", cli->args.operands[i]);
	kl_pack_text(pack, "words", words);
}

/* A script gets the list alone. */
static int give(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value list;
	int rc;

	if (kl_get_array(answer, "lessons", &list))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the daemon's answer has no list");
	rc = kl_cli_put(cli, &list);
	return rc == 0 ? draw(cli, answer) : rc == 1 ? KL_OK : rc;
}

static int run(struct kl_cli *cli)
{
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	pack_words(cli, &pack);
	kl_post_pack(cli, &pack, NULL);
	rc = kl_post_pack_number(cli, &pack);
	if (!rc)
		rc = kl_cli_ask(cli, "lesson search", &pack, &answer);
	if (!rc)
		rc = give(cli, &answer);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option options[] = {
	KL_POST_FACET_OPTIONS,
	KL_POST_AUTHOR_OPTIONS,
	{"n", "N", "how many at most; 20 if not said"},
	{NULL},
};

const struct kl_command kl_verb_lesson_search = {
	.words = "lesson search",
	.operands = "[WORDS]...",
	.example = "keeplocal lesson search asset transfer --like-me",
	.help = "lessons by their words, best first, narrowed by what they are about",
	.more = "Lessons that have all words come first. Words count in all their forms (transfer, "
		"transferred). Without words the newest come first.",
	.options = options,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.tables = true,
	.run = run,
};
