/* What others learnt: the newest lessons of members like us, and questions that nobody has answered. */
#include "client/draw.h"
#include "client/report.h"
#include "core/post.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 900 }; /* bytes of a text: a page is no place for all of it */

/* The next question of somebody else. */
static bool next_question(struct kl_cursor *cursor, struct kl_value *ret_question)
{
	while (kl_cursor_next(cursor, ret_question))
		if (!kl_draw_flag(ret_question, "own"))
			return true;
	return false;
}

static bool known(const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->questions.value, "questions");
	struct kl_value question;

	return report->lesson_count > 0 || next_question(&cursor, &question);
}

static const char *why(const struct kl_report *report)
{
	return report->lessons.why;
}

/* "Hall Trust; Calderdale (E08000033); 2015; worked": who, and where if that is no council's own area. */
static void draw_source(struct kl_html *html, const struct kl_value *lesson)
{
	static const char *const keys[] = {"member", "place", "period", "outcome"};
	char member[KL_REPORT_TEXT_MAX], text[KL_REPORT_TEXT_MAX];
	bool any = false;

	kl_report_text(lesson, "member", "", member);
	kl_html_open_class(html, "p", "note");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (!kl_report_text(lesson, keys[i], "", text)[0] ||
			(i == 1 && !strncmp(text, member, strlen(member))))
			continue;
		kl_html_print(html, "%s%s", any ? "; " : "", text);
		any = true;
	}
	kl_html_close(html);
}

/* The beginning of what it says; where it goes on, how to read all of it. */
static void draw_text(struct kl_html *html, const struct kl_value *lesson)
{
	char *text = malloc(KL_POST_TEXT_MAX);
	char shown[SHOWN_MAX], id[KL_REPORT_TEXT_MAX];
	bool whole;

	if (!text)
		return;
	whole = kl_copy_text(
		shown, sizeof shown, kl_cli_text(lesson, "text", "", text, KL_POST_TEXT_MAX));
	free(text);
	if (!shown[0])
		return;
	if (!whole && strrchr(shown, ' ')) /* not in the middle of a word */
		*strrchr(shown, ' ') = '\0';
	kl_html_open_class(html, "p", "said");
	kl_html_text(html, shown);
	if (!whole) {
		kl_html_text(html, " \u2026 ");
		kl_html_put(html, "code", NULL, "keeplocal lesson show %s",
			kl_report_text(lesson, "id", "", id));
	}
	kl_html_close(html);
}

static void draw_lesson(struct kl_html *html, const struct kl_value *lesson)
{
	char title[KL_REPORT_TEXT_MAX];

	kl_html_open_class(html, "div", "story");
	kl_html_open(html, "p");
	kl_html_put(
		html, "strong", NULL, "%s", kl_report_text(lesson, "title", "(untitled)", title));
	kl_html_close(html);
	draw_text(html, lesson);
	draw_source(html, lesson);
	kl_html_close(html);
}

static void draw_questions(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->questions.value, "questions");
	char text[KL_REPORT_TEXT_MAX];
	struct kl_value question;
	bool any = false;

	while (next_question(&cursor, &question)) {
		if (!any) {
			kl_html_put(html, "h3", NULL, "Who knows an answer?");
			kl_html_open(html, "ul");
		}
		any = true;
		kl_html_open(html, "li");
		kl_html_text(html, kl_report_text(&question, "title", "?", text));
		kl_html_print(html, " (%s, ", kl_report_text(&question, "member", "?", text));
		kl_html_put(html, "code", NULL, "keeplocal answer %s",
			kl_report_text(&question, "id", "?", text));
		kl_html_text(html, ")");
		kl_html_close(html);
	}
	if (any)
		kl_html_close(html);
}

static void draw_lessons(struct kl_html *html, const struct kl_report *report)
{
	const unsigned long long found = kl_draw_uint(&report->lessons.value, "found");
	const char *whose = report->lessons_of_all ? "all members" : "members like us";

	kl_html_open(html, "p");
	if (found == 1)
		kl_html_print(html, "The only lesson of %s.", whose);
	else if (found == report->lesson_count)
		kl_html_print(html, "The %llu lessons of %s.", found, whose);
	else
		kl_html_print(html, "The newest of %llu lessons of %s.", found, whose);
	kl_html_close(html);
	for (size_t i = 0; i < report->lesson_count; i++)
		draw_lesson(html, &report->lesson[i].value);
}

static void draw(struct kl_html *html, const struct kl_report *report)
{
	if (report->lesson_count)
		draw_lessons(html, report);
	draw_questions(html, report);
}

static void summary(struct kl_html *html, const struct kl_report *report)
{
	char title[KL_REPORT_TEXT_MAX], member[KL_REPORT_TEXT_MAX];
	const struct kl_value *newest = &report->lesson[0].value;

	if (!report->lesson_count)
		return;
	kl_html_put(html, "li", NULL, "The newest lesson of %s: \u201c%s\u201d (%s).",
		report->lessons_of_all ? "others" : "members like us",
		kl_report_text(newest, "title", "?", title),
		kl_report_text(newest, "member", "?", member));
}

static void methods(struct kl_html *html, const struct kl_report *report)
{
	kl_html_open(html, "ul");
	kl_html_put(html, "li", NULL,
		"Lessons and questions are what members say themselves, in public and signed; "
		"nobody has "
		"reviewed them.");
	if (report->lesson_count && !report->lessons_of_all)
		kl_html_put(html, "li", "ours",
			"Our rule: members like us are the 15 that are nearest.");
	kl_html_close(html);
}

const struct kl_report_section kl_report_lessons = {
	.id = "lessons",
	.title = "What others learnt",
	.others = true,
	.without = "what members like us have learnt",
	.command = "keeplocal lesson list",
	.known = known,
	.why = why,
	.draw = draw,
	.summary = summary,
	.methods = methods,
};
