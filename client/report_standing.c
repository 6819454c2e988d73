/* Where we stand: the seven characteristics and, for councils, their practice, with the spread of the
 * assessors. */
#include "client/draw.h"
#include "client/draw_assessment.h"
#include "client/report.h"
#include "core/catalogue.h"

#include <string.h>

static bool known(const struct kl_report *report)
{
	return report->assessment.known;
}

static const char *why(const struct kl_report *report)
{
	return report->assessment.why;
}

/* ---- one subject --------------------------------------------------------------------------- */

/* A subject of the answer as the chart takes it; texts live in `name` and `remark`. */
struct subject {
	struct kl_chart_score row;
	char name[96], remark[64];
	int low, high;
	bool is_practice;
};

static void read_scores(const struct kl_value *map, struct kl_chart_score *row)
{
	struct kl_cursor cursor = kl_draw_items(map, "answers");
	struct kl_value answer;
	uint64_t score;

	while (kl_cursor_next(&cursor, &answer))
		if (!kl_get_uint(&answer, "score", KL_CHART_SCORES - 1, &score))
			row->counts[score]++;
}

static void read_subject(const struct kl_value *map, struct subject *ret)
{
	char code[KL_REPORT_TEXT_MAX];
	uint64_t low = 0, high = 0;

	memset(ret, 0, sizeof *ret);
	kl_cli_text(map, "name", "?", ret->name, sizeof ret->name);
	ret->is_practice =
		!strncmp(kl_report_text(map, "subject", "", code), "practice", strlen("practice"));
	ret->row.name = ret->name;
	ret->row.remark = ret->remark;
	ret->row.scored = !kl_get_double(map, "median", &ret->row.median);
	(void)kl_get_uint(map, "low", KL_CHART_SCORES - 1, &low);
	(void)kl_get_uint(map, "high", KL_CHART_SCORES - 1, &high);
	ret->low = (int)low;
	ret->high = (int)high;
	read_scores(map, &ret->row);
	if (ret->high - ret->low >= KL_DRAW_APART)
		(void)snprintf(
			ret->remark, sizeof ret->remark, "%d points apart", ret->high - ret->low);
}

/* The subjects of one kind; how many. */
static size_t read_subjects(
	const struct kl_report *report, bool practice, struct subject out[KL_CHART_SCORE_ROWS_MAX])
{
	struct kl_cursor cursor = kl_draw_items(&report->assessment.value, "subjects");
	struct kl_value map;
	size_t n = 0;

	while (n < KL_CHART_SCORE_ROWS_MAX && kl_cursor_next(&cursor, &map)) {
		read_subject(&map, &out[n]);
		n += out[n].is_practice == practice;
	}
	return n;
}

static size_t scored_of(const struct subject *subjects, size_t n)
{
	size_t scored = 0;

	for (size_t i = 0; i < n; i++)
		scored += subjects[i].row.scored;
	return scored;
}

/* ---- pictures ------------------------------------------------------------------------------ */

/* What the picture says, for those who do not see it. */
static void describe(const struct subject *subjects, size_t n, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && len < size; i++) {
		const struct subject *s = &subjects[i];

		if (!s->row.scored)
			(void)snprintf(out + len, size - len, "%s: not scored. ", s->name);
		else if (s->low == s->high)
			(void)snprintf(out + len, size - len, "%s: %.2g. ", s->name, s->row.median);
		else
			(void)snprintf(out + len, size - len, "%s: median %.2g, from %d to %d. ",
				s->name, s->row.median, s->low, s->high);
		len = strlen(out);
	}
}

static void draw_scores(
	struct kl_html *html, const struct subject *subjects, size_t n, const char *title)
{
	struct kl_chart_scores chart = {.title = title, .count = n};
	char description[2048];

	describe(subjects, n, description, sizeof description);
	chart.description = description;
	for (int s = 0; s < KL_CHART_SCORES; s++)
		chart.words[s] = kl_score_word(s);
	for (size_t i = 0; i < n; i++)
		chart.rows[i] = subjects[i].row;
	KL_REPORT_FIGURE(html, kl_chart_scores, &chart, "");
}

static void draw_actions(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->assessment.value, "subjects");
	char name[KL_REPORT_TEXT_MAX], action[KL_REPORT_TEXT_MAX], owner[KL_REPORT_TEXT_MAX],
		due[KL_REPORT_TEXT_MAX];
	struct kl_value map;
	bool any = false;

	while (kl_cursor_next(&cursor, &map)) {
		if (!kl_report_text(&map, "action", "", action)[0])
			continue;
		if (!any) {
			kl_html_put(html, "h3", NULL, "What happens next");
			kl_html_open(html, "ul");
		}
		any = true;
		kl_html_open(html, "li");
		kl_html_put(html, "strong", NULL, "%s: ", kl_report_text(&map, "name", "?", name));
		kl_html_text(html, action);
		if (kl_report_text(&map, "owner", "", owner)[0])
			kl_html_print(html, " (%s)", owner);
		if (kl_report_day(&map, "due", "", due)[0])
			kl_html_print(html, ", by %s", due);
		kl_html_close(html);
	}
	if (any)
		kl_html_close(html);
}

static void draw(struct kl_html *html, const struct kl_report *report)
{
	struct subject subjects[KL_CHART_SCORE_ROWS_MAX];
	char period[KL_REPORT_TEXT_MAX], place[KL_REPORT_TEXT_MAX];
	size_t n = read_subjects(report, false, subjects);

	kl_html_open(html, "p");
	kl_html_print(html, "Scores for %s",
		kl_report_text(&report->assessment.value, "period", "?", period));
	if (kl_draw_named(&report->assessment.value, "place", "", place, sizeof place)[0])
		kl_html_print(html, ", %s", place);
	kl_html_print(html,
		" by %zu assessor%s. Each ring is what one of them says, the bar "
		"reaches from the lowest to the highest, and the diamond is the median.",
		kl_draw_count(&report->assessment.value, "assessors"),
		kl_draw_count(&report->assessment.value, "assessors") == 1 ? "" : "s");
	kl_html_close(html);
	draw_scores(html, subjects, n, "Scores of the seven characteristics");
	n = read_subjects(report, true, subjects);
	if (scored_of(subjects, n)) {
		kl_html_put(html, "h3", NULL, "The council\u2019s own practice");
		draw_scores(html, subjects, n, "Scores of the council\u2019s practice");
	}
	draw_actions(html, report);
}

/* ---- summary ------------------------------------------------------------------------------- */

/* Names of those with that median, "A, B and C". */
static void names_at(
	const struct subject *subjects, size_t n, double median, char *out, size_t size)
{
	size_t left = 0, len = 0;

	for (size_t i = 0; i < n; i++)
		left += subjects[i].row.scored && subjects[i].row.median == median;
	out[0] = '\0';
	for (size_t i = 0; i < n && len < size; i++) {
		if (!subjects[i].row.scored || subjects[i].row.median != median)
			continue;
		left--;
		(void)snprintf(out + len, size - len, "%s%s", subjects[i].name,
			left > 1 ? ", "
			: left   ? " and "
				 : "");
		len = strlen(out);
	}
}

static void summarise_spread(struct kl_html *html, const struct subject *subjects, size_t n)
{
	const struct subject *widest = NULL;

	for (size_t i = 0; i < n; i++)
		if (subjects[i].row.scored && (!widest || subjects[i].high - subjects[i].low >
								  widest->high - widest->low))
			widest = &subjects[i];
	if (widest && widest->high - widest->low >= KL_DRAW_APART)
		kl_html_print(html, " Assessors are furthest apart on %s, from %s to %s.",
			widest->name, kl_score_word(widest->low), kl_score_word(widest->high));
}

static void summary(struct kl_html *html, const struct kl_report *report)
{
	struct subject subjects[KL_CHART_SCORE_ROWS_MAX];
	const size_t n = read_subjects(report, false, subjects);
	double least = KL_CHART_SCORES, most = -1;
	char names[KL_REPORT_TEXT_MAX], period[KL_REPORT_TEXT_MAX];

	for (size_t i = 0; i < n; i++) {
		if (!subjects[i].row.scored)
			continue;
		least = subjects[i].row.median < least ? subjects[i].row.median : least;
		most = subjects[i].row.median > most ? subjects[i].row.median : most;
	}
	if (most < 0)
		return;
	kl_html_open(html, "li");
	if (scored_of(subjects, n) == n)
		kl_html_text(html, "All seven characteristics of a local economy that holds were");
	else
		kl_html_print(html,
			"Of the seven characteristics of a local economy that holds, %zu %s",
			scored_of(subjects, n), scored_of(subjects, n) == 1 ? "was" : "were");
	kl_html_print(html, " scored for %s, from 0 (absent) to 4 (leading). ",
		kl_report_text(&report->assessment.value, "period", "?", period));
	names_at(subjects, n, most, names, sizeof names);
	if (least < most) {
		kl_html_print(html, "Strongest: %s (%.2g); ", names, most);
		names_at(subjects, n, least, names, sizeof names);
		kl_html_print(html, "weakest: %s (%.2g).", names, least);
	} else {
		kl_html_print(html, "All of them at %.2g.", most);
	}
	summarise_spread(html, subjects, n);
	kl_html_close(html);
}

/* ---- tables -------------------------------------------------------------------------------- */

static void put_scores(struct kl_report_table *table, const struct kl_value *map)
{
	struct kl_cursor cursor = kl_draw_items(map, "answers");
	char text[KL_REPORT_TEXT_MAX], number[KL_DRAW_NUMBER_MAX], line[2048] = "";
	struct kl_value answer;
	size_t len = 0;

	while (len < sizeof line && kl_cursor_next(&cursor, &answer)) {
		(void)snprintf(line + len, sizeof line - len, "%s%s %s", len ? ", " : "",
			kl_report_text(&answer, "assessor", "?", text),
			kl_draw_number(&answer, "score", "no score", number));
		len = strlen(line);
	}
	kl_report_cell(table, "%s", line);
}

/* Notes to one subject, as they were written. */
static void draw_notes(struct kl_html *html, const struct kl_value *map)
{
	static const char *const keys[][2] = {{"strengths", "Strengths"}, {"gaps", "Gaps"},
		{"opportunities", "Opportunities"}, {"private", "Private sector"},
		{"public", "Public sector"}, {"social", "Social sector"}};
	char name[KL_REPORT_TEXT_MAX], text[KL_DRAW_TEXT_MAX];
	bool any = false;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (kl_get_text(map, keys[i][0], text, sizeof text) || !text[0])
			continue;
		if (!any) {
			kl_html_open_class(html, "div", "story");
			kl_html_open(html, "p");
			kl_html_put(
				html, "strong", NULL, "%s", kl_report_text(map, "name", "?", name));
			kl_html_close(html);
		}
		any = true;
		kl_html_put(html, "p", "said", "%s: %s", keys[i][1], text);
	}
	if (any)
		kl_html_close(html);
}

/* What is said of principles, or of strategies. */
static void draw_pairs(struct kl_html *html, const struct kl_report *report, const char *key,
	const char *title, const char *label)
{
	struct kl_cursor cursor = kl_draw_items(&report->assessment.value, key);
	char name[KL_REPORT_TEXT_MAX], note[KL_DRAW_TEXT_MAX];
	struct kl_value map;

	while (kl_cursor_next(&cursor, &map))
		kl_html_put(html, "p", "said", "%s, %s: %s", label,
			kl_report_text(&map, title, "?", name),
			kl_cli_text(&map, "note", "", note, sizeof note));
}

static void draw_all_notes(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->assessment.value, "subjects");
	struct kl_value map;

	while (kl_cursor_next(&cursor, &map))
		draw_notes(html, &map);
	draw_pairs(html, report, "principles", "principle", "Principle");
	draw_pairs(html, report, "strategies", "title", "Strategy");
}

static void tables(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->assessment.value, "subjects");
	char text[KL_REPORT_TEXT_MAX], number[KL_DRAW_NUMBER_MAX];
	struct kl_report_table table;
	struct kl_value map;

	kl_report_table(&table, html, "<subject >median >lowest >highest <assessors",
		"Scores of %s", kl_report_text(&report->assessment.value, "period", "?", text));
	while (kl_cursor_next(&cursor, &map)) {
		if (!kl_draw_count(&map, "answers"))
			continue;
		kl_report_row(&table);
		kl_report_cell(&table, "%s", kl_report_text(&map, "name", "?", text));
		kl_report_cell(&table, "%s", kl_draw_number(&map, "median", "\u2013", number));
		kl_report_cell(&table, "%s", kl_draw_number(&map, "low", "\u2013", number));
		kl_report_cell(&table, "%s", kl_draw_number(&map, "high", "\u2013", number));
		put_scores(&table, &map);
		kl_report_row_end(&table);
	}
	kl_report_table_end(&table);
	draw_all_notes(html, report);
}

/* ---- methods ------------------------------------------------------------------------------- */

static uint64_t unsupported(const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->assessment.value, "subjects");
	struct kl_value map;
	uint64_t n = 0;

	while (kl_cursor_next(&cursor, &map))
		n += kl_draw_uint(&map, "unsupported");
	return n;
}

static void methods(struct kl_html *html, const struct kl_report *report)
{
	const uint64_t bare = unsupported(report);

	kl_html_open(html, "ul");
	kl_html_put(html, "li", NULL,
		"Characteristics and what they look like in a place: Locality, Powerful "
		"Communities, Strong Economies (November 2017), in keeplocal\u2019s own words.");
	kl_html_put(html, "li", "ours",
		"Our rule, not Locality\u2019s: the scale from 0 absent over 1 starting, 2 "
		"partial "
		"and 3 established to 4 leading. Where assessors answered statement by statement, "
		"their score is the median of the answers, half points rounded down, once half of "
		"the statements are answered.");
	kl_html_put(html, "li", "ours",
		"Our rule, not Locality\u2019s: assessors are said to be apart from %d points "
		"on.",
		KL_DRAW_APART);
	if (bare)
		kl_html_put(html, "li", NULL,
			"%llu of the scores rest on nothing that was written down: no statement, "
			"no "
			"note, no evidence.",
			(unsigned long long)bare);
	kl_html_close(html);
}

const struct kl_report_section kl_report_standing = {
	.id = "standing",
	.title = "Where we stand",
	.without = "where we stand on the seven characteristics",
	.command = "keeplocal assess record --period 2026 --assessor NAME C1=2 C2=3",
	.known = known,
	.why = why,
	.draw = draw,
	.summary = summary,
	.tables = tables,
	.methods = methods,
};
