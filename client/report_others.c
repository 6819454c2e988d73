/* What the report says of others rests on: answers about what they publish. */
#include "client/draw.h"
#include "client/report.h"

#include <stdlib.h>
#include <string.h>

enum { NEAREST = 10, LESSONS = 20, QUESTIONS = 5 }; /* on one page; the command shows more */

/* Lets go of an answer before another takes its place. */
static void forget(struct kl_report_answer *answer)
{
	free(answer->bytes);
	memset(answer, 0, sizeof *answer);
}

static int ask_similar(struct kl_cli *cli, bool all_types, struct kl_report *report)
{
	struct kl_pack pack;
	int rc;

	forget(&report->similar);
	kl_pack_init(&pack);
	kl_pack_int(&pack, "n", NEAREST);
	kl_pack_bool(&pack, "all_types", all_types);
	rc = kl_report_ask(cli, "similar", &pack, &report->similar);
	kl_pack_deinit(&pack);
	return rc;
}

/* Of our own type; where there is nobody else of it, of all types. */
static int fetch_similar(struct kl_cli *cli, struct kl_report *report)
{
	int rc = ask_similar(cli, false, report);

	if (!rc && report->similar.known && !kl_draw_count(&report->similar.value, "similar"))
		rc = ask_similar(cli, true, report);
	return rc;
}

/* ---- lessons ------------------------------------------------------------------------------- */

static int list_lessons(struct kl_cli *cli, bool like_me, struct kl_report *report)
{
	struct kl_pack pack;
	int rc;

	forget(&report->lessons);
	kl_pack_init(&pack);
	kl_pack_int(&pack, "n", LESSONS);
	kl_pack_bool(&pack, "like_me", like_me);
	rc = kl_report_ask(cli, "lesson list", &pack, &report->lessons);
	kl_pack_deinit(&pack);
	return rc;
}

/* Those of members like us; where there are none, those of everybody. */
static int fetch_lessons(struct kl_cli *cli, struct kl_report *report)
{
	struct kl_cursor cursor;
	struct kl_value row;
	int rc = list_lessons(cli, true, report);

	report->lessons_of_all = !rc && !kl_draw_count(&report->lessons.value, "lessons");
	if (report->lessons_of_all)
		rc = list_lessons(cli, false, report);
	if (rc)
		return rc;
	cursor = kl_draw_items(&report->lessons.value, "lessons");
	while (!rc && report->lesson_count < KL_REPORT_LESSONS_MAX &&
		kl_cursor_next(&cursor, &row)) {
		struct kl_report_answer *lesson = &report->lesson[report->lesson_count];
		char record[KL_REPORT_TEXT_MAX];

		if (kl_draw_flag(&row, "own"))
			continue;
		rc = kl_report_ask_with(cli, "lesson show", "id",
			kl_report_text(&row, "record", "", record), lesson);
		report->lesson_count += !rc && lesson->known;
	}
	return rc;
}

/* Those that nobody has answered. */
static int fetch_questions(struct kl_cli *cli, struct kl_report *report)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_int(&pack, "n", QUESTIONS);
	kl_pack_bool(&pack, "open", true);
	rc = kl_report_ask(cli, "questions", &pack, &report->questions);
	kl_pack_deinit(&pack);
	return rc;
}

int kl_report_fetch_others(struct kl_cli *cli, struct kl_report *report)
{
	int rc = fetch_similar(cli, report);

	if (!rc)
		rc = kl_report_ask(cli, "policy landscape", NULL, &report->landscape);
	if (!rc)
		rc = fetch_lessons(cli, report);
	return rc ? rc : fetch_questions(cli, report);
}
