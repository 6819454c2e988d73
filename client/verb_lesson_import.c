/* lesson import: a table of lessons, all published at once or none. */
#include "client/confirm.h"
#include "client/draw.h"
#include "client/lessons_file.h"
#include "client/notes.h"
#include "client/post_text.h"

#include <inttypes.h>

static void draw_lesson(FILE *out, const struct kl_value *lesson)
{
	char title[256], place[256];

	fprintf(out, "%s%s%s%s\n", kl_cli_text(lesson, "title", "?", title, sizeof title),
		kl_draw_flag(lesson, "already") ? " (published already, left out)" : "",
		kl_cli_text(lesson, "place", "", place, sizeof place)[0] ? ", " : "", place);
	kl_draw_texts(out, "  is this meant to be public? ", lesson, "warnings");
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "lessons");
	uint64_t fresh = kl_draw_uint(answer, "new");
	struct kl_value lesson;

	while (kl_cursor_next(&cursor, &lesson))
		draw_lesson(cli->out, &lesson);
	if (kl_draw_flag(answer, "unchanged")) {
		fputs("\nAll of them are published already. keeplocal lesson correct ID changes "
		      "one.\n",
			cli->out);
		return KL_OK;
	}
	fprintf(cli->out, "\n%" PRIu64 " lesson%s to publish.\n", fresh, fresh == 1 ? "" : "s");
	if (!kl_draw_flag(answer, "published"))
		kl_draw_post_preview(cli->out, answer);
	return KL_OK;
}

static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	(void)preview;
	kl_lessons_pack(cli->carried, pack);
}

static int run(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "lesson import",
		.fill = fill,
		.draw = draw,
		.question = "Publish them?",
		.done = "Published."};
	struct kl_lessons_file lessons;
	int rc = kl_lessons_read(
		cli->args.operands[0], kl_args_option(&cli->args, "sheet"), &cli->fault, &lessons);

	if (rc)
		return rc;
	kl_tell_notes(cli, lessons.sheet);
	cli->carried = &lessons;
	rc = kl_confirm_deed(cli, &deed);
	cli->carried = NULL;
	kl_lessons_deinit(&lessons);
	return rc;
}

static const struct kl_option options[] = {
	KL_OPTION_SHEET,
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_lesson_import = {
	.words = "lesson import",
	.operands = "FILE",
	.example = "keeplocal lesson import lessons.xlsx",
	.help = "publish the lessons of a table (CSV or XLSX), after a preview",
	.more = "keeplocal template lessons writes the table. Lessons of a title that you have "
		"published already are left out; so a file can be imported again when rows were "
		"added. A bad row keeps all of them back, and is named.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
