/* Who is like us: the members that are nearest, what brings us together and what parts us. */
#include "client/draw.h"
#include "client/report.h"

#include <stdlib.h>
#include <string.h>

static bool known(const struct kl_report *report)
{
	return report->similar.known && kl_draw_count(&report->similar.value, "similar") > 0;
}

static const char *why(const struct kl_report *report)
{
	return report->similar.why;
}

/* ---- one member ---------------------------------------------------------------------------- */

struct near {
	char name[KL_REPORT_TEXT_MAX], together[KL_REPORT_TEXT_MAX], apart[KL_REPORT_TEXT_MAX];
	double distance;
	bool member;
};

/* Texts of a list, "A; B", cut to size. */
static void join(const struct kl_value *map, const char *key, char out[KL_REPORT_TEXT_MAX])
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	char text[KL_REPORT_TEXT_MAX];
	struct kl_value item;
	size_t len = 0;

	out[0] = '\0';
	while (len < KL_REPORT_TEXT_MAX && kl_cursor_next(&cursor, &item)) {
		if (kl_value_text(&item, text, sizeof text))
			continue;
		(void)snprintf(
			out + len, KL_REPORT_TEXT_MAX - len, "%s%.400s", len ? "; " : "", text);
		len = strlen(out);
	}
}

static void read_near(const struct kl_value *map, struct near *ret)
{
	ret->member = kl_report_text(map, "member", "", ret->name)[0] != '\0';
	kl_report_text(map, "name", "?", ret->name);
	join(map, "together", ret->together);
	join(map, "apart", ret->apart);
	if (kl_get_double(map, "distance", &ret->distance))
		ret->distance = 1;
}

/* Those that the picture holds; how many. */
static size_t read_nearest(const struct kl_report *report, struct near out[KL_CHART_NEAR_MAX])
{
	struct kl_cursor cursor = kl_draw_items(&report->similar.value, "similar");
	struct kl_value map;
	size_t n = 0;

	while (n < KL_CHART_NEAR_MAX && kl_cursor_next(&cursor, &map))
		read_near(&map, &out[n++]);
	return n;
}

/* ---- the section --------------------------------------------------------------------------- */

static void draw_picture(struct kl_html *html, const struct near *nearest, size_t n)
{
	struct kl_chart_nearest chart = {.title = "How near others are to us", .count = n};
	char description[4096] = "";
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		chart.rows[i] = (struct kl_chart_near){
			nearest[i].name, nearest[i].together, nearest[i].distance};
		if (len < sizeof description)
			(void)snprintf(description + len, sizeof description - len, "%s: %.2f. ",
				nearest[i].name, nearest[i].distance);
		len = strlen(description);
	}
	chart.description = description;
	KL_REPORT_FIGURE(html, kl_chart_nearest, &chart,
		"The further right, the less like us; 1 is the least alike of those shown here.");
}

static void draw_intro(struct kl_html *html, const struct kl_report *report)
{
	const unsigned long long compared = kl_draw_uint(&report->similar.value, "compared"),
				 unknown = kl_draw_uint(&report->similar.value, "unknown");

	kl_html_open(html, "p");
	if (kl_draw_flag(&report->similar.value, "all_types"))
		kl_html_text(html, "No other council of our type is known, so councils of all "
				   "types are compared. ");
	if (compared == 1)
		kl_html_text(html, "Only this one could be compared with us. ");
	else
		kl_html_print(
			html, "%llu could be compared with us; these are the nearest. ", compared);
	if (unknown)
		kl_html_print(html, "Of %llu more too little is known. ", unknown);
	kl_html_text(html, "What worked for those most like us is worth asking about.");
	kl_html_close(html);
}

static void draw(struct kl_html *html, const struct kl_report *report)
{
	struct near *nearest = calloc(KL_CHART_NEAR_MAX, sizeof *nearest);
	const size_t n = nearest ? read_nearest(report, nearest) : 0;

	draw_intro(html, report);
	draw_picture(html, nearest, n);
	for (size_t i = 0; i < n && i < 3; i++) {
		kl_html_open_class(html, "div", "story");
		kl_html_open(html, "p");
		kl_html_put(html, "strong", NULL, "%s", nearest[i].name);
		if (!nearest[i].member)
			kl_html_text(html, ", no member");
		kl_html_close(html);
		if (nearest[i].together[0])
			kl_html_put(html, "p", NULL, "Alike: %s.", nearest[i].together);
		if (nearest[i].apart[0])
			kl_html_put(html, "p", NULL, "Apart: %s.", nearest[i].apart);
		kl_html_close(html);
	}
	free(nearest);
}

static void summary(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->similar.value, "similar");
	struct kl_value map;
	struct near near;

	if (!kl_cursor_next(&cursor, &map))
		return;
	read_near(&map, &near);
	kl_html_open(html, "li");
	kl_html_print(html, "Most like us: %s", near.name);
	if (near.together[0])
		kl_html_print(html, " (%s)", near.together);
	kl_html_text(html, ".");
	kl_html_close(html);
}

static void tables(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->similar.value, "similar");
	struct kl_report_table table;
	struct kl_value map;
	struct near near;

	kl_report_table(
		&table, html, "<who >distance <alike <apart", "Who is like us, the nearest first");
	while (kl_cursor_next(&cursor, &map)) {
		read_near(&map, &near);
		kl_report_row(&table);
		kl_report_cell(&table, "%s", near.name);
		kl_report_cell(&table, "%.2f", near.distance);
		kl_report_cell(&table, "%s", near.together);
		kl_report_cell(&table, "%s", near.apart);
		kl_report_row_end(&table);
	}
	kl_report_table_end(&table);
}

static bool of_councils(const struct kl_report *report)
{
	char kind[KL_REPORT_TEXT_MAX];
	struct kl_value of;

	return !kl_get_map(&report->similar.value, "of", &of) &&
	       !strcmp(kl_report_text(&of, "kind", "", kind), "council");
}

static void methods(struct kl_html *html, const struct kl_report *report)
{
	struct kl_value of;

	kl_html_open(html, "ul");
	kl_html_put(html, "li", NULL,
		of_councils(report)
			? "Distances are Euclid\u2019s over z-scores of what is known of both, as "
			  "in "
			  "CIPFA\u2019s Nearest Neighbours, divided by that of the farthest shown."
			: "Distances are Gower\u2019s over what is known of both, divided by that "
			  "of "
			  "the farthest shown.");
	kl_html_put(html, "li", "ours",
		"Our rule: what is compared (published profiles, what the convenor confirmed, a "
		"table of councils), and that half of it must be known of both.");
	kl_html_close(html);
	if (!kl_get_map(&report->similar.value, "of", &of))
		kl_report_list(html, "warnings", &of, "differ");
}

const struct kl_report_section kl_report_similar = {
	.id = "similar",
	.title = "Who is like us",
	.others = true,
	.without = "who is like us",
	.command = "keeplocal profile set FIELD=VALUE, then keeplocal similar",
	.known = known,
	.why = why,
	.draw = draw,
	.summary = summary,
	.tables = tables,
	.methods = methods,
};
