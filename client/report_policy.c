/* How councils of the network ask for social value, beside what was published of England's, and where we
 * stand among them. */
#include "client/draw.h"
#include "client/report.h"

#include <string.h>

enum { ROWS_MAX = 12, LABEL_MAX = 64, AMOUNT_MAX = 32 };

static bool known(const struct kl_report *report)
{
	const struct kl_value *map = &report->landscape.value;

	return report->landscape.known && kl_draw_uint(map, "councils") > kl_draw_uint(map, "none");
}

static const char *why(const struct kl_report *report)
{
	return report->landscape.why;
}

static bool own_class(const struct kl_report *report, struct kl_value *ret_own)
{
	return !kl_get_map(&report->landscape.value, "own", ret_own);
}

/* ---- the picture --------------------------------------------------------------------------- */

/* Bars, with their texts. */
struct bars {
	struct kl_chart_bars chart;
	char labels[ROWS_MAX][LABEL_MAX], amounts[ROWS_MAX][AMOUNT_MAX];
};

static struct kl_chart_bar *add(struct bars *b, const char *label, bool own)
{
	const size_t i = b->chart.count++;

	(void)snprintf(b->labels[i], LABEL_MAX, "%.55s%s", label, own ? " (we)" : "");
	b->chart.rows[i].label = b->labels[i];
	b->chart.rows[i].amount = b->amounts[i];
	return &b->chart.rows[i];
}

static void add_count(struct bars *b, const char *label, bool own, unsigned part, uint64_t n)
{
	struct kl_chart_bar *bar = add(b, label, own);

	bar->parts[part] = (double)n;
	(void)snprintf(b->amounts[bar - b->chart.rows], AMOUNT_MAX, "%llu", (unsigned long long)n);
}

static void add_share(struct bars *b, const char *label, bool own, unsigned part, double share)
{
	struct kl_chart_bar *bar = add(b, label, own);

	bar->parts[part] = share;
	(void)kl_percent(share, b->amounts[bar - b->chart.rows]);
}

/* A class: how many councils, or, where there are enough for shares, ours above England's. */
static void add_class(struct bars *b, const struct kl_value *row)
{
	char name[KL_REPORT_TEXT_MAX], label[LABEL_MAX];
	double share, published;

	kl_report_text(row, "class", "?", name);
	if (kl_get_double(row, "share", &share)) {
		add_count(b, name, kl_draw_flag(row, "own"), 0, kl_draw_uint(row, "n"));
		return;
	}
	b->chart.whole = 1;
	add_share(b, name, kl_draw_flag(row, "own"), 0, share);
	(void)snprintf(label, sizeof label, "%.30s, England 2016", name);
	if (!kl_get_double(row, "published_share", &published))
		add_share(b, label, false, 1, published);
}

static bool has_shares(const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->landscape.value, "classes");
	struct kl_value row;
	double share;

	return kl_cursor_next(&cursor, &row) && !kl_get_double(&row, "share", &share);
}

static void draw_picture(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->landscape.value, "classes");
	struct bars b = {.chart = {.title = "Councils of the network by class",
				 .fills = {KL_FILL_LOCAL, KL_FILL_ELSEWHERE, KL_FILL_UNKNOWN}}};
	const bool shares = has_shares(report);
	char words[1024], text[KL_REPORT_TEXT_MAX];
	struct kl_value row, own;

	while (b.chart.count + 2 < ROWS_MAX && kl_cursor_next(&cursor, &row))
		add_class(&b, &row);
	if (!shares) {
		add_count(&b, "unclassified",
			own_class(report, &own) &&
				!strcmp(kl_report_text(&own, "class", "", text), "unclassified"),
			2, kl_draw_uint(&report->landscape.value, "unclassified"));
		add_count(&b, "no policy published", false, 1,
			kl_draw_uint(&report->landscape.value, "none"));
	}
	b.chart.description = kl_report_bars_words(&b.chart, words, sizeof words);
	KL_REPORT_FIGURE(html, kl_chart_bars, &b.chart,
		shares ? "Solid: councils of this network. Light: what was published of England."
		       : "Solid: classified. Hatched: what is published does not decide. Light: "
			 "nothing is published.");
}

/* ---- the section --------------------------------------------------------------------------- */

static void draw_own(struct kl_html *html, const struct kl_report *report)
{
	char class[KL_REPORT_TEXT_MAX], reason[KL_REPORT_TEXT_MAX];
	struct kl_value own;

	if (!own_class(report, &own))
		return;
	kl_html_open(html, "p");
	kl_html_put(html, "strong", NULL, "We are %s", kl_report_text(&own, "class", "?", class));
	kl_html_print(html, ", because %s.", kl_report_text(&own, "why", "?", reason));
	kl_html_close(html);
}

static void draw_routes(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->landscape.value, "routes");
	char text[KL_REPORT_TEXT_MAX];
	struct kl_value row;
	bool any = false;

	while (kl_cursor_next(&cursor, &row)) {
		const unsigned long long n = kl_draw_uint(&row, "n");

		if (!n)
			continue;
		if (!any) {
			kl_html_put(html, "h3", NULL, "Routes that they use");
			kl_html_open(html, "ul");
		}
		any = true;
		kl_html_put(html, "li", NULL, "%s: %llu%s", kl_report_text(&row, "name", "?", text),
			n, kl_draw_flag(&row, "own") ? ", we too" : "");
	}
	if (any)
		kl_html_close(html);
}

/* " England in 2016: embracer 14%, adopter 19%, ..", as the daemon tells it. */
static void draw_published(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->landscape.value, "classes");
	char name[KL_REPORT_TEXT_MAX], share[KL_PERCENT_TEXT_MAX];
	struct kl_value row;
	bool any = false;

	while (kl_cursor_next(&cursor, &row)) {
		kl_html_print(html, "%s%s %s", any ? ", " : " Councils in England in 2016: ",
			kl_report_text(&row, "class", "?", name),
			kl_report_percent(&row, "published_share", "\u2013", share));
		any = true;
	}
	if (any)
		kl_html_text(html, ".");
}

static void draw(struct kl_html *html, const struct kl_report *report)
{
	const struct kl_value *map = &report->landscape.value;
	const unsigned long long councils = kl_draw_uint(map, "councils"),
				 none = kl_draw_uint(map, "none");

	kl_html_open(html, "p");
	kl_html_print(html,
		"Of %llu councils of the network %llu have published how they ask for social "
		"value when they buy.",
		councils, councils - none);
	draw_published(html, report);
	kl_html_close(html);
	draw_picture(html, report);
	draw_own(html, report);
	draw_routes(html, report);
}

static void summary(struct kl_html *html, const struct kl_report *report)
{
	const struct kl_value *map = &report->landscape.value;
	char class[KL_REPORT_TEXT_MAX];
	struct kl_value own;

	kl_html_open(html, "li");
	kl_html_print(html,
		"%llu of %llu councils of the network have published a social value policy",
		(unsigned long long)(kl_draw_uint(map, "councils") - kl_draw_uint(map, "none")),
		(unsigned long long)kl_draw_uint(map, "councils"));
	if (own_class(report, &own))
		kl_html_print(html, "; ours is %s", kl_report_text(&own, "class", "?", class));
	kl_html_text(html, ".");
	kl_html_close(html);
}

static void tables(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->landscape.value, "classes");
	char text[KL_REPORT_TEXT_MAX], share[KL_PERCENT_TEXT_MAX], published[KL_PERCENT_TEXT_MAX];
	struct kl_report_table table;
	struct kl_value row;

	kl_report_table(&table, html, "<class >councils >share >England_2016",
		"Councils of the network by class");
	while (kl_cursor_next(&cursor, &row)) {
		kl_report_row(&table);
		kl_report_cell(&table, "%s", kl_report_text(&row, "class", "?", text));
		kl_report_cell(&table, "%llu", (unsigned long long)kl_draw_uint(&row, "n"));
		kl_report_cell(&table, "%s", kl_report_percent(&row, "share", "\u2013", share));
		kl_report_cell(&table, "%s",
			kl_report_percent(&row, "published_share", "\u2013", published));
		kl_report_row_end(&table);
	}
	kl_report_table_end(&table);
}

static void methods(struct kl_html *html, const struct kl_report *report)
{
	char source[KL_REPORT_TEXT_MAX];

	kl_html_open(html, "ul");
	kl_html_put(html, "li", NULL,
		"Classes and published shares: %s. What the published rules do not decide is "
		"unclassified, and nothing that is not said counts as no.",
		kl_report_text(&report->landscape.value, "source", "?", source));
	kl_html_put(html, "li", "ours",
		"Our rules: what counts as most tenders, as a significant and as a conservative "
		"weight; and that shares of the network are given from 20 classified councils "
		"on.");
	kl_html_close(html);
}

const struct kl_report_section kl_report_policy = {
	.id = "policy",
	.title = "Social value, ours and others\u2019",
	.others = true,
	.without = "how others ask for social value",
	.command = "keeplocal policy landscape, then keeplocal policy set FIELD=VALUE",
	.known = known,
	.why = why,
	.draw = draw,
	.summary = summary,
	.tables = tables,
	.methods = methods,
};
