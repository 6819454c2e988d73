/* What a pound does: the multiplier with its range, and the way of the money through three rounds. */
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "client/report.h"

#include <string.h>

enum { LEAKS_SHOWN = 8 };

static bool known(const struct kl_report *report)
{
	return report->lm3.known;
}

static bool is_point(const struct kl_range *r)
{
	return r->high - r->low < 0.005;
}

static void rating_of(const struct kl_value *lm3, char out[KL_REPORT_TEXT_MAX])
{
	struct kl_value confidence;

	if (kl_get_map(lm3, "confidence", &confidence))
		(void)kl_copy_text(out, KL_REPORT_TEXT_MAX, "unrated");
	else
		kl_report_text(&confidence, "rating", "unrated", out);
}

static const char *rating_words(const char *rating)
{
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

/* ---- the flow ------------------------------------------------------------------------------ */

struct flow {
	struct kl_chart_flow chart;
	char texts[KL_CHART_ROUNDS][KL_WAYS][64];
	char description[1024];
	double unspent;
};

static enum kl_chart_way way_of(const struct kl_value *part)
{
	char kind[KL_REPORT_TEXT_MAX], where[KL_REPORT_TEXT_MAX];

	kl_report_text(part, "kind", "", kind);
	kl_report_text(part, "where", "", where);
	if (!strcmp(where, "unknown"))
		return KL_WAY_UNKNOWN;
	return !strcmp(where, "local") || !strcmp(kind, "payroll local") ||
			       !strcmp(kind, "other local")
		       ? KL_WAY_LOCAL
		       : KL_WAY_ELSEWHERE;
}

/* A part of the project, on the way that it takes: what is certain of each round, what is not known,
 * and the rest. */
static void add_part(struct flow *flow, const struct kl_value *part)
{
	const enum kl_chart_way way = way_of(part);
	struct kl_range two, three;
	char kind[KL_REPORT_TEXT_MAX];
	double spent;

	if (kl_get_double(part, "round1_pence", &spent) ||
		kl_get_range(part, "round2_pence", &two) ||
		kl_get_range(part, "round3_pence", &three))
		return;
	if (!strcmp(kl_report_text(part, "kind", "", kind), "unspent"))
		flow->unspent = spent;
	if (spent <= 0)
		return;
	flow->chart.first[KL_WAY_LOCAL] += two.low;
	flow->chart.first[KL_WAY_UNKNOWN] += two.high - two.low;
	flow->chart.first[KL_WAY_ELSEWHERE] += spent - two.high;
	flow->chart.second[way][KL_WAY_LOCAL] += three.low;
	flow->chart.second[way][KL_WAY_UNKNOWN] += three.high - three.low;
	flow->chart.second[way][KL_WAY_ELSEWHERE] += spent - three.high;
}

static void say(
	struct flow *flow, size_t round, enum kl_chart_way way, const char *words, double pence)
{
	char pounds[KL_POUNDS_TEXT_MAX];

	if (pence < 50)
		return;
	(void)snprintf(flow->texts[round][way], sizeof flow->texts[round][way], "%s %s", words,
		kl_pounds(pence, pounds));
	flow->chart.texts[round][way] = flow->texts[round][way];
}

static double arriving(const struct flow *flow, enum kl_chart_way to)
{
	double sum = 0;

	for (size_t from = 0; from < KL_WAYS; from++)
		sum += flow->chart.second[from][to];
	return sum;
}

static void say_all(struct flow *flow)
{
	static const char *const ways[] = {[KL_WAY_LOCAL] = "stays:",
		[KL_WAY_UNKNOWN] = "not known:",
		[KL_WAY_ELSEWHERE] = "leaves:"};

	say(flow, 0, KL_WAY_LOCAL, "income:", flow->chart.income);
	for (enum kl_chart_way way = 0; way < KL_WAYS; way++) {
		say(flow, 1, way, ways[way], flow->chart.first[way]);
		say(flow, 2, way, ways[way], arriving(flow, way));
	}
}

static void describe(struct flow *flow)
{
	size_t len = 0;

	flow->description[0] = '\0';
	for (size_t round = 0; round < KL_CHART_ROUNDS; round++) {
		for (size_t way = 0; way < KL_WAYS; way++) {
			const char *text = flow->chart.texts[round][way];

			if (!text || len >= sizeof flow->description)
				continue;
			(void)snprintf(flow->description + len, sizeof flow->description - len,
				"Round %zu, %s. ", round + 1, text);
			len = strlen(flow->description);
		}
	}
	flow->chart.description = flow->description;
}

/* False if the rounds are not known. */
static bool read_flow(const struct kl_report *report, struct flow *flow)
{
	struct kl_cursor cursor = kl_draw_items(&report->explained.value, "parts");
	struct kl_value part;

	memset(flow, 0, sizeof *flow);
	if (kl_get_double(&report->explained.value, "round1_pence", &flow->chart.income) ||
		flow->chart.income <= 0)
		return false;
	while (kl_cursor_next(&cursor, &part))
		add_part(flow, &part);
	flow->chart.title = "The way of the money through three rounds of spending";
	flow->chart.heads[0] = "1. Comes in";
	flow->chart.heads[1] = "2. Spent in the area";
	flow->chart.heads[2] = "3. Spent there again";
	say_all(flow);
	describe(flow);
	return true;
}

/* ---- leaks --------------------------------------------------------------------------------- */

static void draw_leaks(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->leaks.value, "leaks");
	char labels[LEAKS_SHOWN][KL_REPORT_TEXT_MAX], amounts[LEAKS_SHOWN][KL_POUNDS_TEXT_MAX],
		words[2048];
	struct kl_chart_bars chart = {.title = "The suppliers with whom most money leaves",
		.fills = {KL_FILL_ELSEWHERE, KL_FILL_UNKNOWN, KL_FILL_LOCAL}};
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
	kl_html_print(html, ". Local means: %s.", kl_report_text(lm3, "area", "?", text));
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
	char text[KL_REPORT_TEXT_MAX], pounds[KL_POUNDS_TEXT_MAX];
	struct flow flow;

	draw_project(html, lm3);
	draw_score(html, lm3);
	if (read_flow(report, &flow)) {
		KL_REPORT_FIGURE(html, kl_chart_flow, &flow.chart,
			"Solid stays in the area, light leaves it, and of what is hatched nobody "
			"knows. In the bars: what becomes of each pound.");
		if (flow.unspent >= 50)
			kl_html_put(html, "p", "note",
				"No line of the ledger accounts for %s of the income; it is drawn "
				"as "
				"if it left.",
				kl_pounds(flow.unspent, pounds));
	}
	if (kl_report_text(lm3, "barred", "", text)[0])
		kl_html_put(html, "p", "warning", "Not comparable with others\u2019: %s.", text);
	kl_report_list(html, "warnings", lm3, "warnings");
	draw_leaks(html, report);
}

static void headline(struct kl_html *html, const struct kl_report *report)
{
	char score[64], value[80], rating[KL_REPORT_TEXT_MAX], note[KL_REPORT_TEXT_MAX + 64];
	struct kl_range r;

	if (kl_get_range(&report->lm3.value, "lm3", &r))
		return;
	score_words(&r, score, sizeof score);
	rating_of(&report->lm3.value, rating);
	(void)snprintf(value, sizeof value, "\u00a3%s", score);
	(void)snprintf(note, sizeof note, "LM3, confidence %s", rating);
	kl_report_tile(html, "made in the area of each £1", value, note);
}

static void summary(struct kl_html *html, const struct kl_report *report)
{
	const struct kl_value *lm3 = &report->lm3.value;
	char text[KL_REPORT_TEXT_MAX], score[64];
	struct kl_range r;

	if (kl_get_range(lm3, "lm3", &r))
		return;
	score_words(&r, score, sizeof score);
	kl_html_open(html, "li");
	kl_html_print(html, "Each £1 of %s makes £%s of income in the area (LM3",
		kl_report_text(lm3, "project", "?", text), score);
	if (!is_point(&r))
		kl_html_print(html, ", certainly between %.2f and %.2f", r.low, r.high);
	rating_of(lm3, text);
	kl_html_print(html, "; confidence %s).", text);
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
	kl_report_cell(table, "%llu suppliers, %s%s, %s",
		(unsigned long long)kl_draw_uint(part, "suppliers"),
		!strcmp(where, "unknown") ? "place " : "", where, answered ? "answered" : "silent");
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
	if (kl_draw_count(lm3, "our_rules"))
		kl_html_put(html, "p", "ours", "Our rules, not the report\u2019s:");
	kl_report_list(html, "ours", lm3, "our_rules");
}

const struct kl_report_section kl_report_lm3 = {
	.id = "lm3",
	.title = "What a pound does here",
	.without = "how much of each pound stays (LM3)",
	.command = "keeplocal lm3 new NAME, then keeplocal lm3 import NAME suppliers FILE",
	.known = known,
	.draw = draw,
	.headline = headline,
	.summary = summary,
	.tables = tables,
	.methods = methods,
};
