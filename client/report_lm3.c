/* What a pound does: the multiplier with its range, and the way of the money through three rounds. */
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "client/report.h"
#include "client/report_flow.h"

#include <string.h>

enum { LEAKS_SHOWN = 8 };

static bool known(const struct kl_report *report)
{
	return report->lm3.known;
}

static const char *why(const struct kl_report *report)
{
	return report->lm3.why;
}

static bool is_point(const struct kl_range *r)
{
	return r->high - r->low < 0.005;
}

/* A text of the confidence. */
static const char *confidence_text(const struct kl_value *lm3, const char *key,
	const char *otherwise, char out[KL_REPORT_TEXT_MAX])
{
	struct kl_value confidence;

	if (!kl_get_map(lm3, "confidence", &confidence))
		return kl_report_text(&confidence, key, otherwise, out);
	(void)kl_copy_text(out, KL_REPORT_TEXT_MAX, otherwise);
	return out;
}

/* "green", or "green, but ..." where the colour does not tell all. */
static void rating_of(const struct kl_value *lm3, char out[KL_REPORT_TEXT_MAX])
{
	char rating[KL_REPORT_TEXT_MAX], caveat[KL_REPORT_TEXT_MAX];

	confidence_text(lm3, "caveat", "", caveat);
	(void)snprintf(out, KL_REPORT_TEXT_MAX, "%.60s%s%.200s",
		confidence_text(lm3, "rating", "unrated", rating), caveat[0] ? ", but " : "",
		caveat);
}

static const char *rating_words(const char *rating)
{
	if (strstr(rating, ", but "))
		return rating;
	return !strcmp(rating, "green")   ? "green: can be relied on"
	       : !strcmp(rating, "amber") ? "amber: ask more suppliers before quoting it"
	       : !strcmp(rating, "red")   ? "red: too few suppliers answered to say much"
					  : "not rated: its source does not say how sure it is";
}

/* "2.43", or "between 2.31 and 2.55" where there is no central value. */
static void score_words(const struct kl_range *r, char *out, size_t size)
{
	if (r->has_central || is_point(r))
		(void)snprintf(out, size, "%.2f", r->has_central ? r->central : r->low);
	else
		(void)snprintf(out, size, "between %.2f and %.2f", r->low, r->high);
}

/* ---- leaks --------------------------------------------------------------------------------- */

static void draw_leaks(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->leaks.value, "leaks");
	char labels[LEAKS_SHOWN][KL_REPORT_TEXT_MAX], amounts[LEAKS_SHOWN][KL_POUNDS_TEXT_MAX],
		words[2048];
	struct kl_chart_bars chart = {.title = "The suppliers with whom most money leaves",
		.fills = {KL_FILL_ELSEWHERE, KL_FILL_UNKNOWN, KL_FILL_LOCAL}};
	char unknown[KL_POUNDS_TEXT_MAX];
	struct kl_value leak;
	struct kl_range leaves;

	while (chart.count < LEAKS_SHOWN && kl_cursor_next(&cursor, &leak)) {
		struct kl_chart_bar *bar = &chart.rows[chart.count];

		if (kl_get_range(&leak, "leaves_pence", &leaves) || leaves.high <= 0)
			continue;
		kl_report_text(&leak, "supplier", "?", labels[chart.count]);
		bar->label = labels[chart.count];
		bar->amount = kl_pounds(leaves.high, amounts[chart.count]);
		bar->parts[0] = leaves.low;
		bar->parts[1] = leaves.high - leaves.low;
		chart.count++;
	}
	if (!chart.count)
		return;
	chart.description = kl_report_bars_words(&chart, words, sizeof words);
	kl_html_put(html, "h3", NULL, "Where most of it leaves");
	KL_REPORT_FIGURE(html, kl_chart_bars, &chart,
		"At most so much leaves with each supplier; hatched is what may leave, since it "
		"did "
		"not say what it spends again here.");
	if (kl_draw_uint(&report->leaks.value, "unknown_pence"))
		kl_html_put(html, "p", "note",
			"Not in the picture: %s with suppliers whose place nobody wrote down.",
			kl_report_pounds(&report->leaks.value, "unknown_pence", "", unknown));
}

/* ---- the section --------------------------------------------------------------------------- */

static void draw_project(struct kl_html *html, const struct kl_value *lm3)
{
	char text[KL_REPORT_TEXT_MAX];

	kl_html_open_class(html, "p", "about");
	kl_html_text(html, kl_report_text(lm3, "project", "?", text));
	if (!strcmp(kl_report_text(lm3, "basis", "", text), "contract"))
		kl_html_text(html, ", one contract");
	else if (!strcmp(text, "turnover"))
		kl_html_text(html, ", its whole turnover");
	kl_html_print(html, ", %s", kl_report_text(lm3, "period", "?", text));
	kl_html_print(
		html, ". Local means: %s.", kl_draw_named(lm3, "area", "?", text, sizeof text));
	kl_html_close(html);
}

static void draw_score(struct kl_html *html, const struct kl_value *lm3)
{
	struct kl_range r;
	char score[64], rating[KL_REPORT_TEXT_MAX];

	if (kl_get_range(lm3, "lm3", &r))
		return;
	rating_of(lm3, rating);
	score_words(&r, score, sizeof score);
	kl_html_open_class(html, "p", "big");
	kl_html_print(html, "Each £1 makes ");
	kl_html_put(html, "strong", NULL, "£%s", score);
	kl_html_print(html, " of income in the area");
	kl_html_close(html);
	kl_html_open(html, "p");
	if (is_point(&r))
		kl_html_print(html, "LM3 is %.2f, the first pound itself counted. ", r.low);
	else
		kl_html_print(html,
			"LM3 is %s, the first pound itself counted; certainly "
			"between %.2f and %.2f. ",
			score, r.low, r.high);
	kl_html_print(html, "Confidence is ");
	kl_html_put(html, "strong", NULL, "%s", rating_words(rating));
	kl_html_text(html, ".");
	kl_html_close(html);
}

static void draw(struct kl_html *html, const struct kl_report *report)
{
	const struct kl_value *lm3 = &report->lm3.value;
	char text[KL_REPORT_TEXT_MAX];

	draw_project(html, lm3);
	draw_score(html, lm3);
	kl_report_flow(html, &report->explained.value);
	if (kl_report_text(lm3, "barred", "", text)[0])
		kl_html_put(html, "p", "warning", "Not comparable with others\u2019: %s.", text);
	kl_report_list(html, "warnings", lm3, "warnings");
	draw_leaks(html, report);
}

static void headline(struct kl_html *html, const struct kl_report *report)
{
	char score[64], value[80], rating[KL_REPORT_TEXT_MAX], note[sizeof rating + 64];
	struct kl_range r;

	if (kl_get_range(&report->lm3.value, "lm3", &r))
		return;
	score_words(&r, score, sizeof score);
	rating_of(&report->lm3.value, rating);
	(void)snprintf(value, sizeof value, "\u00a3%s", score);
	(void)snprintf(note, sizeof note, "LM3, confidence %s", rating);
	kl_report_tile(html, "made here of each £1", value, note);
}

static void summary(struct kl_html *html, const struct kl_report *report)
{
	const struct kl_value *lm3 = &report->lm3.value;
	char text[KL_REPORT_TEXT_MAX], score[64], rating[KL_REPORT_TEXT_MAX];
	struct kl_range r;

	if (kl_get_range(lm3, "lm3", &r))
		return;
	score_words(&r, score, sizeof score);
	kl_html_open(html, "li");
	kl_html_print(html, "Each £1 of %s makes £%s of income in the area (LM3",
		kl_report_text(lm3, "project", "?", text), score);
	if (!is_point(&r))
		kl_html_print(html, ", certainly between %.2f and %.2f", r.low, r.high);
	rating_of(lm3, rating);
	kl_html_print(html, "; confidence %s).", rating);
	kl_html_close(html);
}

/* ---- tables -------------------------------------------------------------------------------- */

static void range_row(struct kl_report_table *table, const char *label, const struct kl_value *map,
	const char *key)
{
	char text[KL_POUNDS_TEXT_MAX];
	struct kl_range r;

	if (kl_get_range(map, key, &r))
		return;
	kl_report_row(table);
	kl_report_cell(table, "%s", label);
	kl_report_cell(table, "%s", kl_pounds(r.low, text));
	kl_report_cell(table, "%s", r.has_central ? kl_pounds(r.central, text) : "\u2013");
	kl_report_cell(table, "%s", kl_pounds(r.high, text));
	kl_report_row_end(table);
}

static void lm3_row(struct kl_report_table *table, const struct kl_value *lm3)
{
	struct kl_range r;

	if (kl_get_range(lm3, "lm3", &r))
		return;
	kl_report_row(table);
	kl_report_cell(table, "LM3");
	kl_report_cell(table, "%.2f", r.low);
	if (r.has_central)
		kl_report_cell(table, "%.2f", r.central);
	else
		kl_report_cell(table, "\u2013");
	kl_report_cell(table, "%.2f", r.high);
	kl_report_row_end(table);
}

static void name_part(struct kl_report_table *table, const struct kl_value *part)
{
	static const char *const words[][2] = {{"payroll local", "pay of staff who live here"},
		{"payroll elsewhere", "pay of staff who live elsewhere"},
		{"other local", "other direct costs here"},
		{"other elsewhere", "other direct costs elsewhere"},
		{"unspent", "accounted for by no line"}};
	char kind[KL_REPORT_TEXT_MAX], where[KL_REPORT_TEXT_MAX], name[KL_REPORT_TEXT_MAX];
	const bool answered = kl_draw_flag(part, "answered");
	const uint64_t suppliers = kl_draw_uint(part, "suppliers");

	kl_report_text(part, "kind", "?", kind);
	kl_report_text(part, "where", "?", where);
	if (kl_report_text(part, "supplier", "", name)[0]) {
		kl_report_cell(table, "%s (%s, %s)", name, where, answered ? "answered" : "silent");
		return;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(kind, words[i][0]) != 0)
			continue;
		kl_report_cell(table, "%s", words[i][1]);
		return;
	}
	kl_report_cell(table, "%llu supplier%s, %s%s, %s", (unsigned long long)suppliers,
		suppliers == 1 ? "" : "s", !strcmp(where, "unknown") ? "place " : "", where,
		answered ? "answered" : "silent");
}

static void draw_parts_table(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->explained.value, "parts");
	char pounds[KL_POUNDS_TEXT_MAX];
	struct kl_report_table table;
	struct kl_value part;

	if (!kl_draw_count(&report->explained.value, "parts"))
		return;
	kl_report_table(&table, html, "<what_it_is_spent_on >round_1 >round_2 >round_3",
		"What each kind of spending adds, most likely values (low ones where there are "
		"none)");
	while (kl_cursor_next(&cursor, &part)) {
		struct kl_range two, three;
		if (kl_get_range(&part, "round2_pence", &two) ||
			kl_get_range(&part, "round3_pence", &three))
			continue;
		kl_report_row(&table);
		name_part(&table, &part);
		kl_report_cell(&table, "%s", kl_report_pounds(&part, "round1_pence", "?", pounds));
		kl_report_cell(
			&table, "%s", kl_pounds(two.has_central ? two.central : two.low, pounds));
		kl_report_cell(&table, "%s",
			kl_pounds(three.has_central ? three.central : three.low, pounds));
		kl_report_row_end(&table);
	}
	kl_report_table_end(&table);
}

static void tables(struct kl_html *html, const struct kl_report *report)
{
	const struct kl_value *lm3 = &report->lm3.value;
	char text[KL_REPORT_TEXT_MAX], pounds[KL_POUNDS_TEXT_MAX];
	struct kl_report_table table;

	kl_report_table(&table, html, "<round >low >most_likely >high", "LM3 of %s",
		kl_report_text(lm3, "project", "?", text));
	if (kl_report_pounds(lm3, "round1_pence", "", pounds)[0]) {
		kl_report_row(&table);
		kl_report_cell(&table, "1: income studied");
		for (int i = 0; i < 3; i++)
			kl_report_cell(&table, "%s", pounds);
		kl_report_row_end(&table);
	}
	range_row(&table, "2: spent in the area", lm3, "round2_pence");
	range_row(&table, "3: spent there again", lm3, "round3_pence");
	lm3_row(&table, lm3);
	kl_report_table_end(&table);
	draw_parts_table(html, report);
}

/* ---- methods ------------------------------------------------------------------------------- */

static void draw_answered(struct kl_html *html, const struct kl_value *lm3)
{
	struct kl_value confidence;
	char share[KL_PERCENT_TEXT_MAX], pounds[KL_POUNDS_TEXT_MAX];

	if (kl_get_map(lm3, "confidence", &confidence) ||
		!kl_report_percent(&confidence, "answered_share", "", share)[0])
		return;
	kl_html_put(html, "li", NULL,
		"Suppliers of %s of the value of the supply chain (%s) said what they spend again "
		"in the area.",
		share, kl_report_pounds(lm3, "supply_chain_pence", "?", pounds));
}

static void methods(struct kl_html *html, const struct kl_report *report)
{
	const struct kl_value *lm3 = &report->lm3.value;
	struct kl_value proxies;
	char source[KL_REPORT_TEXT_MAX], label[KL_REPORT_TEXT_MAX];
	double local, elsewhere;

	kl_html_open(html, "ul");
	kl_html_put(html, "li", NULL,
		"Local Multiplier 3, as appendix 1 of Locality\u2019s report (2017) describes it: "
		"income, and what of it is spent in the area in two further rounds, divided by "
		"income.");
	if (kl_report_text(lm3, "source", "", source)[0])
		kl_html_put(html, "li", NULL, "This score: %s; source: %s.",
			kl_report_text(lm3, "label", "recorded", label), source);
	if (!kl_get_map(lm3, "proxies", &proxies) && !kl_get_double(&proxies, "local", &local) &&
		!kl_get_double(&proxies, "elsewhere", &elsewhere))
		kl_html_put(html, "li", NULL,
			"Staff who live in the area are taken to spend %.2f of their pay there, "
			"others %.2f; LM3 Online\u2019s usual values are 0.66 and 0.33.",
			local, elsewhere);
	draw_answered(html, lm3);
	kl_html_close(html);
	kl_report_rules(html, lm3);
}

const struct kl_report_section kl_report_lm3 = {
	.id = "lm3",
	.title = "What a pound does here",
	.without = "how much of each pound stays (LM3)",
	.command = "keeplocal lm3 new NAME, then keeplocal lm3 import NAME suppliers FILE",
	.known = known,
	.why = why,
	.draw = draw,
	.headline = headline,
	.summary = summary,
	.tables = tables,
	.methods = methods,
};
