/* Indicators over time: a small picture for each, with a line only where figures may be compared, and
 * what was observed in words. */
#include "client/amount.h"
#include "client/draw.h"
#include "client/report.h"
#include "core/period.h"

#include <string.h>

enum {
	SERIES_MAX = 60, /* pictures of one report */
	WAYS_MAX = 12,
	STORIES_MAX = 24,
	SUMMED_UP_MAX = 4,
};

static bool known(const struct kl_report *report)
{
	return report->history_count > 0;
}

/* ---- one series ---------------------------------------------------------------------------- */

/* Observations of one indicator, one component and one place, as a picture. */
struct series {
	struct kl_chart_line chart;
	char name[KL_REPORT_TEXT_MAX], component[64], component_name[KL_REPORT_TEXT_MAX],
		place[KL_REPORT_TEXT_MAX], better[16], description[1024],
		direction[KL_REPORT_TEXT_MAX];
	char periods[KL_CHART_POINTS_MAX][32], texts[KL_CHART_POINTS_MAX][KL_AMOUNT_TEXT_MAX];
	char ways[WAYS_MAX][KL_REPORT_TEXT_MAX]; /* in which figures were found out */
	size_t way_count;
	bool broken; /* somewhere no line leads on */
};

static bool belongs(const struct series *s, const struct kl_value *observation)
{
	char text[KL_REPORT_TEXT_MAX];

	return !strcmp(kl_report_text(observation, "component", "", text), s->component) &&
	       !strcmp(kl_report_text(observation, "place", "", text), s->place);
}

/* How a figure was found out, and for how long a time: what has to be alike to be compared. */
static unsigned way_of(struct series *s, const struct kl_value *observation, uint32_t months)
{
	char method[KL_REPORT_TEXT_MAX], version[KL_REPORT_TEXT_MAX], way[KL_REPORT_TEXT_MAX];

	(void)snprintf(way, sizeof way, "%u %.200s %.100s", months,
		kl_report_text(observation, "method", "", method),
		kl_report_text(observation, "method_version", "", version));
	for (size_t i = 0; i < s->way_count; i++)
		if (!strcmp(s->ways[i], way))
			return (unsigned)i;
	if (s->way_count == WAYS_MAX)
		return WAYS_MAX - 1;
	(void)kl_copy_text(s->ways[s->way_count], sizeof s->ways[0], way);
	return (unsigned)s->way_count++;
}

/* Whether a line leads to a point from the one just before it. */
static bool follows(size_t index, const struct kl_chart_point *point)
{
	return point->joined && point->from + 1 == index;
}

/* The point that a line may come from: the last one that was found out in the same way. */
static void join(struct series *s, struct kl_chart_point *point, const struct kl_value *observation)
{
	size_t i = s->chart.count;

	if (kl_draw_flag(observation, "comparable"))
		while (i && s->chart.points[i - 1].method != point->method)
			i--;
	else
		i = 0;
	point->joined = i > 0;
	point->from = i ? i - 1 : 0;
	s->broken |= s->chart.count && !follows(s->chart.count, point);
}

/* A number of the series; words alone are no point. */
static void add_point(struct series *s, const struct kl_value *observation)
{
	struct kl_chart_point *point = &s->chart.points[s->chart.count];
	char unit[32], period[KL_REPORT_TEXT_MAX];
	struct kl_period when;

	if (s->chart.count == KL_CHART_POINTS_MAX || kl_draw_flag(observation, "superseded") ||
		kl_get_double(observation, "value", &point->value) ||
		kl_period_parse(kl_report_text(observation, "period", "", period), &when))
		return;
	kl_cli_text(observation, "unit", "", unit, sizeof unit);
	(void)kl_copy_text(s->periods[s->chart.count], sizeof s->periods[0], period);
	kl_amount_exact(observation, "value", unit, "?", s->texts[s->chart.count]);
	point->period = s->periods[s->chart.count];
	point->text = s->texts[s->chart.count];
	point->at = kl_period_first_month(when) + kl_period_months(when) / 2.0;
	point->method = way_of(s, observation, kl_period_months(when));
	join(s, point, observation);
	s->chart.count++;
}

/* What the indicator is called, and which way its component is better. */
static void read_about(const struct kl_value *about, struct series *s)
{
	struct kl_cursor cursor = kl_draw_items(about, "components");
	char text[KL_REPORT_TEXT_MAX];
	struct kl_value component;

	kl_report_text(about, "name", "?", s->name);
	kl_cli_text(about, "better", "", s->better, sizeof s->better);
	while (kl_cursor_next(&cursor, &component)) {
		if (strcmp(kl_report_text(&component, "component", "", text), s->component) != 0)
			continue;
		if (s->component[0])
			kl_report_text(&component, "name", "", s->component_name);
		kl_cli_text(&component, "better", "", s->better, sizeof s->better);
	}
}

static void describe(struct series *s)
{
	size_t len = 0;

	for (size_t i = 0; i < s->chart.count && len < sizeof s->description; i++) {
		const struct kl_chart_point *p = &s->chart.points[i];

		(void)snprintf(s->description + len, sizeof s->description - len, "%s: %s%s. ",
			p->period, p->text,
			i && !follows(i, p) ? ", not comparable with the one before" : "");
		len = strlen(s->description);
	}
	s->chart.title = s->name;
	s->chart.description = s->description;
}

/* Which way it goes, as the daemon says: a sentence for each way of finding out. */
static void read_directions(const struct kl_value *history, struct series *s)
{
	struct kl_cursor cursor = kl_draw_items(history, "series");
	char from[32], to[32], change[96], direction[40];
	struct kl_value row;
	size_t len = 0;

	while (len < sizeof s->direction && kl_cursor_next(&cursor, &row)) {
		if (!belongs(s, &row))
			continue;
		(void)snprintf(s->direction + len, sizeof s->direction - len, "%s to %s: %s, %s. ",
			kl_cli_text(&row, "from", "?", from, sizeof from),
			kl_cli_text(&row, "to", "?", to, sizeof to),
			kl_cli_text(&row, "change", "?", change, sizeof change),
			kl_cli_text(&row, "direction", "?", direction, sizeof direction));
		len = strlen(s->direction);
	}
}

/* The series that the observation `first` begins. */
static void read_series(const struct kl_value *history, const struct kl_value *about,
	const struct kl_value *first, struct series *s)
{
	struct kl_cursor cursor = kl_draw_items(history, "observations");
	struct kl_value observation;

	memset(s, 0, sizeof *s);
	kl_cli_text(first, "component", "", s->component, sizeof s->component);
	kl_report_text(first, "place", "", s->place);
	read_about(about, s);
	while (kl_cursor_next(&cursor, &observation))
		if (belongs(s, &observation))
			add_point(s, &observation);
	describe(s);
	read_directions(history, s);
}

/* Whether no observation before this one is of the same component and place. */
static bool begins_series(const struct kl_value *history, const struct kl_value *observation)
{
	struct kl_cursor cursor = kl_draw_items(history, "observations");
	struct series s = {.component = ""};
	struct kl_value item;

	kl_cli_text(observation, "component", "", s.component, sizeof s.component);
	kl_report_text(observation, "place", "", s.place);
	while (kl_cursor_next(&cursor, &item)) {
		if (item.raw.data == observation->raw.data)
			return true;
		if (belongs(&s, &item))
			return false;
	}
	return true;
}

/* ---- pictures ------------------------------------------------------------------------------ */

static const char *direction_words(const char *better)
{
	return !strcmp(better, "higher")  ? "Higher is better."
	       : !strcmp(better, "lower") ? "Lower is better."
					  : "";
}

static bool draw_series(struct kl_html *html, const struct series *s)
{
	const char *words = direction_words(s->better);

	if (s->chart.count < 2)
		return false;
	kl_html_open_class(html, "figure", "small");
	kl_html_open(html, "h3");
	kl_html_text(html, s->name);
	if (s->component_name[0])
		kl_html_print(html, ": %s", s->component_name);
	kl_html_close(html);
	if (s->place[0])
		kl_html_put(html, "p", "about", "%s", s->place);
	kl_chart_line(html, &s->chart, KL_CHART_NARROW);
	kl_html_open(html, "figcaption");
	kl_html_put(html, "strong", NULL, "%s", s->direction);
	kl_html_text(html, words);
	if (s->broken)
		kl_html_text(html, " Where the line breaks, it was found out in another way.");
	kl_html_close(html);
	kl_html_close(html);
	return true;
}

/* What was observed once has no way to go: the figure alone. */
static bool draw_single(struct kl_html *html, const struct series *s)
{
	char note[2 * KL_REPORT_TEXT_MAX];

	if (s->chart.count != 1)
		return false;
	(void)snprintf(
		note, sizeof note, "%s%s%s", s->periods[0], s->place[0] ? ", " : "", s->place);
	kl_report_tile(html, s->name, s->texts[0], note);
	return true;
}

/* Draws one series, or returns false if that is not for it. */
typedef bool visit_fn(struct kl_html *html, const struct series *s);

/* Draws up to `most` series of the report. */
static void each_series(
	struct kl_html *html, const struct kl_report *report, size_t most, visit_fn *visit)
{
	size_t n = 0;

	for (size_t i = 0; i < report->history_count; i++) {
		const struct kl_value *history = &report->histories[i].value;
		struct kl_cursor cursor = kl_draw_items(history, "observations");
		struct kl_value observation;
		struct series s;

		while (n < most && kl_cursor_next(&cursor, &observation)) {
			if (!begins_series(history, &observation))
				continue;
			read_series(history, &report->about[i].value, &observation, &s);
			n += s.chart.count && visit(html, &s);
		}
	}
}

/* ---- words --------------------------------------------------------------------------------- */

static void draw_story(
	struct kl_html *html, const struct kl_value *about, const struct kl_value *observation)
{
	char text[KL_DRAW_TEXT_MAX], name[KL_REPORT_TEXT_MAX], said[KL_REPORT_TEXT_MAX];

	if (kl_get_text(observation, "text", text, sizeof text) || !text[0])
		return;
	kl_html_open_class(html, "div", "story");
	kl_html_open(html, "p");
	kl_html_put(html, "strong", NULL, "%s", kl_report_text(about, "name", "?", name));
	kl_html_print(html, ", %s", kl_report_text(observation, "period", "?", said));
	if (kl_draw_named(observation, "place", "", said, sizeof said)[0])
		kl_html_print(html, ", %s", said);
	kl_html_close(html);
	kl_html_put(html, "p", "said", "%s", text);
	kl_html_close(html);
}

static void draw_stories(struct kl_html *html, const struct kl_report *report)
{
	char text[KL_DRAW_TEXT_MAX];
	size_t n = 0;

	for (size_t i = 0; i < report->history_count; i++) {
		struct kl_cursor cursor =
			kl_draw_items(&report->histories[i].value, "observations");
		struct kl_value observation;

		while (kl_cursor_next(&cursor, &observation)) {
			if (kl_get_text(&observation, "text", text, sizeof text) || !text[0])
				continue;
			if (n == 0)
				kl_html_put(html, "h3", NULL, "In words");
			if (++n <= STORIES_MAX)
				draw_story(html, &report->about[i].value, &observation);
		}
	}
	if (n > STORIES_MAX)
		kl_html_put(
			html, "p", "note", "And %zu more observations in words.", n - STORIES_MAX);
}

static void draw(struct kl_html *html, const struct kl_report *report)
{
	if (report->period[0])
		kl_html_put(html, "p", "about", "What was observed of %s, and what led up to it.",
			report->period);
	kl_html_open_class(html, "div", "multiples");
	each_series(html, report, SERIES_MAX, draw_series);
	kl_html_close(html);
	kl_html_open_class(html, "dl", "tiles");
	each_series(html, report, SERIES_MAX, draw_single);
	kl_html_close(html);
	draw_stories(html, report);
	if (report->histories_left_out)
		kl_html_put(html, "p", "note",
			"%zu more indicators are recorded than one report shows; keeplocal "
			"indicator history NAME shows each.",
			report->histories_left_out);
}

/* From where to where, of a series in which all may be compared. */
static bool summarise_series(struct kl_html *html, const struct series *s)
{
	const size_t last = s->chart.count - 1;

	if (s->chart.count < 2 || s->broken)
		return false;
	kl_html_open(html, "li");
	kl_html_text(html, s->name);
	if (s->component_name[0])
		kl_html_print(html, ": %s", s->component_name);
	if (s->place[0])
		kl_html_print(html, ", %s", s->place);
	kl_html_print(html, ": %s in %s, %s in %s.", s->texts[0], s->periods[0], s->texts[last],
		s->periods[last]);
	kl_html_close(html);
	return true;
}

static void summary(struct kl_html *html, const struct kl_report *report)
{
	each_series(html, report, SUMMED_UP_MAX, summarise_series);
}

/* ---- tables -------------------------------------------------------------------------------- */

static void observation_row(struct kl_report_table *table, const struct kl_value *about,
	const struct kl_value *observation)
{
	static const char *const keys[] = {"method", "confidence", "source"};
	char text[KL_REPORT_TEXT_MAX], amount[KL_AMOUNT_TEXT_MAX], unit[32],
		place[KL_REPORT_TEXT_MAX];

	kl_cli_text(observation, "unit", "", unit, sizeof unit);
	kl_amount_exact(observation, "value", unit, "in words", amount);
	kl_report_row(table);
	kl_report_text(observation, "component", "", place);
	kl_report_cell(table, "%s%s%s", kl_report_text(about, "name", "?", text),
		place[0] ? ": " : "", place);
	kl_report_text(observation, "period", "?", text);
	kl_draw_named(observation, "place", "", place, sizeof place);
	kl_report_cell(table, "%s%s%s", text, place[0] ? ", " : "", place);
	kl_report_cell(table, "%s", amount);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		kl_report_cell(table, "%s", kl_report_text(observation, keys[i], "\u2013", text));
	kl_report_row_end(table);
}

static void tables(struct kl_html *html, const struct kl_report *report)
{
	struct kl_report_table table;

	kl_report_table(&table, html,
		"<indicator <when_and_where >value <method <confidence <source", "Observations");
	for (size_t i = 0; i < report->history_count; i++) {
		struct kl_cursor cursor =
			kl_draw_items(&report->histories[i].value, "observations");
		struct kl_value observation;

		while (kl_cursor_next(&cursor, &observation))
			observation_row(&table, &report->about[i].value, &observation);
	}
	kl_report_table_end(&table);
}

static void methods(struct kl_html *html, const struct kl_report *report)
{
	char name[KL_REPORT_TEXT_MAX], how[KL_REPORT_TEXT_MAX];

	kl_html_open(html, "ul");
	kl_html_put(html, "li", NULL,
		"Indicators of Locality\u2019s report (2017), chapter 6, in keeplocal\u2019s own "
		"words, or defined by members. Figures that were found out in different ways are "
		"never joined by a line, nor added up.");
	for (size_t i = 0; i < report->history_count; i++)
		if (kl_report_text(&report->about[i].value, "how", "", how)[0] ||
			kl_report_text(&report->about[i].value, "rule", "", how)[0])
			kl_html_put(html, "li", NULL, "%s: %s",
				kl_report_text(&report->about[i].value, "name", "?", name), how);
	kl_html_close(html);
}

const struct kl_report_section kl_report_indicators = {
	.id = "indicators",
	.title = "Over time",
	.without = "indicators over time",
	.command =
		"keeplocal indicator list, then keeplocal indicator record NAME VALUE --period P",
	.known = known,
	.draw = draw,
	.summary = summary,
	.tables = tables,
	.methods = methods,
};
