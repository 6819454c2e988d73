/* Benchmarks: how many members stand where, our place among them, and what was withheld. */
#include "client/amount.h"
#include "client/draw.h"
#include "client/report.h"
#include "core/metric.h"

#include <string.h>

enum { SUMMED_UP_MAX = 4 };

static bool known(const struct kl_report *report)
{
	return report->benchmark_count || kl_draw_count(&report->figures.value, "figures");
}

/* ---- which are shown -------------------------------------------------------------------------- */

static bool is_released(const struct kl_value *benchmark)
{
	struct kl_value histogram;

	return !kl_get_array(benchmark, "histogram", &histogram) && histogram.count &&
	       histogram.count <= KL_CHART_BINS_MAX;
}

/* How well a cohort serves for the picture: our own kind first, then everybody, then the others that
 * we stand in. 0: not at all. */
static int rank_of(const struct kl_report *report, const struct kl_value *benchmark)
{
	char cohort[KL_REPORT_TEXT_MAX], kind[KL_REPORT_TEXT_MAX];
	struct kl_value own;

	if (!is_released(benchmark))
		return 0;
	kl_report_text(benchmark, "cohort", "", cohort);
	kl_report_text(&report->status.value, "kind", "", kind);
	if (kind[0] && !strncmp(cohort, kind, strlen(kind)) && !strcmp(cohort + strlen(kind), "s"))
		return 4;
	if (!strcmp(cohort, "everybody"))
		return 3;
	return !kl_get_map(benchmark, "own", &own) && kl_draw_flag(&own, "in_cohort") ? 2 : 1;
}

/* Whether of all cohorts of the metric this one is shown. */
static bool is_shown(const struct kl_report *report, size_t index)
{
	char metric[KL_REPORT_TEXT_MAX], other[KL_REPORT_TEXT_MAX];
	const int rank = rank_of(report, &report->benchmarks[index].value);

	if (!rank)
		return false;
	kl_report_text(&report->benchmarks[index].value, "metric", "", metric);
	for (size_t i = 0; i < report->benchmark_count; i++) {
		const int its = rank_of(report, &report->benchmarks[i].value);

		if (!strcmp(kl_report_text(&report->benchmarks[i].value, "metric", "", other),
			    metric) &&
			(its > rank || (its == rank && i < index)))
			return false;
	}
	return true;
}

/* ---- one picture ----------------------------------------------------------------------------- */

/* As short as can be: "£1.2m", "45%", "1.875". */
static const char *edge_text(const void *context, double value, char *out, size_t size)
{
	const char *unit = context;

	if (!strcmp(unit, "share"))
		(void)snprintf(out, size, "%.4g%%", 100 * value);
	else if (!strcmp(unit, "percent"))
		(void)snprintf(out, size, "%.4g%%", value);
	else if (!strcmp(unit, "GBP") && value >= 1e6)
		(void)snprintf(out, size, "£%.4gm", value / 1e6);
	else if (!strcmp(unit, "GBP") && value >= 1e3)
		(void)snprintf(out, size, "£%.4gk", value / 1e3);
	else
		(void)snprintf(out, size, "%s%.5g", strcmp(unit, "GBP") ? "" : "£", value);
	return out;
}

static bool read_quartile(
	const struct kl_value *benchmark, const char *key, struct kl_chart_quartile *ret)
{
	struct kl_value map;

	if (kl_get_map(benchmark, key, &map) || kl_get_double(&map, "value", &ret->value))
		return false;
	ret->open_low = kl_get_double(&map, "low", &ret->low) != KL_OK;
	ret->open_high = kl_get_double(&map, "high", &ret->high) != KL_OK;
	return true;
}

static void read_bins(const struct kl_value *benchmark, struct kl_chart_histogram *chart)
{
	struct kl_cursor cursor = kl_draw_items(benchmark, "histogram");
	struct kl_value bin;

	while (chart->count < KL_CHART_BINS_MAX && kl_cursor_next(&cursor, &bin)) {
		struct kl_chart_bin *b = &chart->bins[chart->count++];

		b->open_from = kl_get_double(&bin, "from", &b->from) != KL_OK;
		b->open_to = kl_get_double(&bin, "to", &b->to) != KL_OK;
		b->count = kl_draw_uint(&bin, "count");
	}
}

static void read_chart(const struct kl_value *benchmark, struct kl_chart_histogram *chart)
{
	struct kl_value own;
	uint64_t bin;

	read_bins(benchmark, chart);
	chart->has_quartiles = read_quartile(benchmark, "q1", &chart->q1) &&
			       read_quartile(benchmark, "median", &chart->median) &&
			       read_quartile(benchmark, "q3", &chart->q3);
	if (kl_get_map(benchmark, "own", &own) || kl_get_double(&own, "value", &chart->own) ||
		kl_get_uint(&own, "bin", KL_CHART_BINS_MAX - 1, &bin) || bin >= chart->count)
		return;
	chart->has_own = true;
	chart->own_bin = bin;
}

/* "median 1.84, certainly 1.75 to 1.875" */
static void quartile_words(const struct kl_value *benchmark, const char *key, const char *title,
	char out[KL_REPORT_TEXT_MAX])
{
	char unit[32], value[KL_AMOUNT_TEXT_MAX], low[KL_AMOUNT_TEXT_MAX], high[KL_AMOUNT_TEXT_MAX];
	struct kl_value map;

	out[0] = '\0';
	if (kl_get_map(benchmark, key, &map))
		return;
	kl_cli_text(benchmark, "unit", "", unit, sizeof unit);
	kl_amount(&map, "value", unit, "?", value);
	kl_amount(&map, "low", unit, "", low);
	kl_amount(&map, "high", unit, "", high);
	if (low[0] && !strcmp(low, high))
		(void)snprintf(out, KL_REPORT_TEXT_MAX, "%s %s, certainly", title, value);
	else if (low[0] && high[0])
		(void)snprintf(out, KL_REPORT_TEXT_MAX, "%s %s, certainly %s to %s", title, value,
			low, high);
	else if (low[0])
		(void)snprintf(
			out, KL_REPORT_TEXT_MAX, "%s %s, certainly %s or more", title, value, low);
	else
		(void)snprintf(out, KL_REPORT_TEXT_MAX, "%s %s%s%s%s", title, value,
			high[0] ? ", certainly " : "", high, high[0] ? " or less" : "");
}

/* "We stand at 2.52: 70% of them are in lower bins, 78% in ours or lower", or "". */
static void own_words(const struct kl_value *benchmark, char out[KL_REPORT_TEXT_MAX])
{
	char unit[32], value[KL_AMOUNT_TEXT_MAX], low[KL_PERCENT_TEXT_MAX],
		high[KL_PERCENT_TEXT_MAX];
	struct kl_value own, rank;

	out[0] = '\0';
	if (kl_get_map(benchmark, "own", &own) || kl_get_map(&own, "rank", &rank))
		return;
	kl_cli_text(benchmark, "unit", "", unit, sizeof unit);
	(void)snprintf(out, KL_REPORT_TEXT_MAX,
		"We stand at %s%s: %s of them are in lower bins, %s in ours or lower",
		kl_amount(&own, "value", unit, "?", value),
		kl_draw_flag(&own, "in_cohort") ? "" : " (and are not one of them)",
		kl_report_percent(&rank, "low", "?", low),
		kl_report_percent(&rank, "high", "?", high));
}

static const char *cohort_words(const struct kl_value *benchmark, char out[KL_REPORT_TEXT_MAX])
{
	kl_report_text(benchmark, "cohort", "?", out);
	if (!strcmp(out, "everybody"))
		(void)kl_copy_text(out, KL_REPORT_TEXT_MAX, "members");
	return out;
}

static void draw_benchmark(struct kl_html *html, const struct kl_value *benchmark)
{
	char name[KL_REPORT_TEXT_MAX], cohort[KL_REPORT_TEXT_MAX], period[KL_REPORT_TEXT_MAX],
		median[KL_REPORT_TEXT_MAX], own[KL_REPORT_TEXT_MAX], unit[32],
		description[3 * KL_REPORT_TEXT_MAX], state[32];
	struct kl_chart_histogram chart = {.edge = edge_text, .context = unit};

	kl_cli_text(benchmark, "unit", "", unit, sizeof unit);
	read_chart(benchmark, &chart);
	quartile_words(benchmark, "median", "Median", median);
	own_words(benchmark, own);
	(void)snprintf(description, sizeof description, "%s. %s%s", median, own, own[0] ? "." : "");
	chart.title = kl_report_text(benchmark, "name", "?", name);
	chart.description = description;
	kl_html_open_class(html, "figure", "small");
	kl_html_put(html, "h3", NULL, "%s", name);
	kl_html_put(html, "p", "about", "%llu %s, %s",
		(unsigned long long)kl_draw_uint(benchmark, "n"), cohort_words(benchmark, cohort),
		kl_report_text(benchmark, "period", "?", period));
	kl_chart_histogram(html, &chart, KL_CHART_NARROW);
	kl_html_open(html, "figcaption");
	kl_html_print(html, "%s.", median);
	if (own[0]) {
		kl_html_text(html, " ");
		kl_html_put(html, "strong", NULL, "%s.", own);
	}
	if (!strcmp(kl_cli_text(benchmark, "state", "", state, sizeof state), "unconfirmed"))
		kl_html_text(html, " Unconfirmed: true if those who opened it are honest.");
	kl_html_close(html);
	kl_html_close(html);
}

/* ---- the section ----------------------------------------------------------------------------- */

/* Each warning once. */
static void draw_warnings(struct kl_html *html, const struct kl_report *report)
{
	char warning[KL_REPORT_TEXT_MAX], other[KL_REPORT_TEXT_MAX], name[KL_REPORT_TEXT_MAX];

	for (size_t i = 0; i < report->benchmark_count; i++) {
		bool again = false;

		if (!is_shown(report, i) ||
			!kl_report_text(&report->benchmarks[i].value, "warning", "", warning)[0])
			continue;
		for (size_t j = 0; j < i; j++)
			again |= is_shown(report, j) &&
				 !strcmp(kl_report_text(&report->benchmarks[j].value, "warning", "",
						 other),
					 warning);
		if (!again)
			kl_html_put(html, "p", "warning", "%s: %s.",
				kl_report_text(&report->benchmarks[i].value, "name", "?", name),
				warning);
	}
}

static size_t count_withheld(const struct kl_report *report)
{
	size_t n = 0;

	for (size_t i = 0; i < report->benchmark_count; i++)
		n += !is_released(&report->benchmarks[i].value);
	return n;
}

/* "LM3 score" for "lm3.score". */
static const char *metric_words(const struct kl_value *figure, char out[KL_REPORT_TEXT_MAX])
{
	size_t index;

	kl_report_text(figure, "metric", "?", out);
	if (!kl_metric_index(out, &index))
		(void)kl_copy_text(out, KL_REPORT_TEXT_MAX, kl_metric_name(index));
	return out;
}

static void draw_published(struct kl_html *html, const struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->figures.value, "figures");
	char metric[KL_REPORT_TEXT_MAX], shown[KL_REPORT_TEXT_MAX], period[KL_REPORT_TEXT_MAX];
	struct kl_value figure;

	if (!kl_draw_count(&report->figures.value, "figures"))
		return;
	kl_html_put(html, "h3", NULL, "What we have published under our name");
	kl_html_open(html, "ul");
	while (kl_cursor_next(&cursor, &figure))
		kl_html_put(html, "li", NULL, "%s, %s: %s", metric_words(&figure, metric),
			kl_report_text(&figure, "period", "?", period),
			kl_report_text(&figure, "shown", "?", shown));
	kl_html_close(html);
}

static void draw(struct kl_html *html, const struct kl_report *report)
{
	const size_t withheld = count_withheld(report);

	if (report->benchmark_count)
		kl_html_put(html, "p", NULL,
			"Members\u2019 machines add up answers that no machine has seen singly. "
			"Each "
			"bar is how many stand there, the thick line where the median certainly "
			"is, "
			"the thin one where the middle half is.");
	kl_html_open_class(html, "div", "multiples");
	for (size_t i = 0; i < report->benchmark_count; i++)
		if (is_shown(report, i))
			draw_benchmark(html, &report->benchmarks[i].value);
	kl_html_close(html);
	draw_warnings(html, report);
	if (withheld)
		kl_html_put(html, "p", "note",
			"%zu more sum%s withheld, since too few would stand together in %s; annex "
			"A "
			"says why for each.",
			withheld, withheld == 1 ? " was" : "s were", withheld == 1 ? "it" : "them");
	if (report->benchmarks_left_out)
		kl_html_put(html, "p", "note", "%zu more than one report shows were left out.",
			report->benchmarks_left_out);
	draw_published(html, report);
}

static void summary(struct kl_html *html, const struct kl_report *report)
{
	char name[KL_REPORT_TEXT_MAX], cohort[KL_REPORT_TEXT_MAX], unit[32],
		value[KL_AMOUNT_TEXT_MAX], median[KL_AMOUNT_TEXT_MAX];
	struct kl_value own, middle;

	for (size_t i = 0, n = 0; i < report->benchmark_count && n < SUMMED_UP_MAX; i++) {
		const struct kl_value *b = &report->benchmarks[i].value;

		if (!is_shown(report, i) || kl_get_map(b, "own", &own) ||
			kl_get_map(b, "median", &middle))
			continue;
		kl_cli_text(b, "unit", "", unit, sizeof unit);
		kl_html_put(html, "li", NULL, "%s: we stand at %s, the median of %llu %s is %s.",
			kl_report_text(b, "name", "?", name),
			kl_amount(&own, "value", unit, "?", value),
			(unsigned long long)kl_draw_uint(b, "n"), cohort_words(b, cohort),
			kl_amount(&middle, "value", unit, "?", median));
		n++;
	}
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void benchmark_row(struct kl_report_table *table, const struct kl_value *b)
{
	static const char *const keys[] = {"q1", "median", "q3"};
	char name[KL_REPORT_TEXT_MAX], cohort[KL_REPORT_TEXT_MAX], unit[32],
		text[KL_AMOUNT_TEXT_MAX], low[KL_PERCENT_TEXT_MAX], high[KL_PERCENT_TEXT_MAX];
	struct kl_value map, rank;

	kl_cli_text(b, "unit", "", unit, sizeof unit);
	kl_report_row(table);
	kl_report_cell(table, "%s", kl_report_text(b, "name", "?", name));
	kl_report_cell(table, "%s, %s", kl_report_text(b, "cohort", "?", cohort),
		kl_report_text(b, "period", "?", name));
	kl_report_cell(table, "%llu", (unsigned long long)kl_draw_uint(b, "n"));
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		kl_report_cell(table, "%s",
			kl_get_map(b, keys[i], &map)
				? "\u2013"
				: kl_amount(&map, "value", unit, "\u2013", text));
	kl_report_cell(table, "%s",
		kl_get_map(b, "own", &map) ? "\u2013" : kl_amount(&map, "value", unit, "?", text));
	if (kl_get_map(b, "own", &map) || kl_get_map(&map, "rank", &rank))
		kl_report_cell(table, "\u2013");
	else
		kl_report_cell(table, "%s to %s", kl_report_percent(&rank, "low", "?", low),
			kl_report_percent(&rank, "high", "?", high));
	kl_report_row_end(table);
}

static void withheld_row(struct kl_report_table *table, const struct kl_value *b)
{
	char name[KL_REPORT_TEXT_MAX], cohort[KL_REPORT_TEXT_MAX], why[KL_REPORT_TEXT_MAX];
	struct kl_value withheld;

	kl_report_row(table);
	kl_report_cell(table, "%s", kl_report_text(b, "name", "?", name));
	kl_report_cell(table, "%s, %s", kl_report_text(b, "cohort", "?", cohort),
		kl_report_text(b, "period", "?", name));
	kl_report_cell(table, "%s",
		kl_get_map(b, "withheld", &withheld)
			? "what was opened contradicts itself, and nothing is guessed"
			: kl_report_text(&withheld, "why", "not said", why));
	kl_report_row_end(table);
}

static void tables(struct kl_html *html, const struct kl_report *report)
{
	struct kl_report_table table;

	if (report->benchmark_count > count_withheld(report)) {
		kl_report_table(&table, html,
			"<figure <members >n >lower_quartile >median >upper_quartile >ours "
			">our_rank",
			"Benchmarks of all cohorts");
		for (size_t i = 0; i < report->benchmark_count; i++)
			if (is_released(&report->benchmarks[i].value))
				benchmark_row(&table, &report->benchmarks[i].value);
		kl_report_table_end(&table);
	}
	if (!count_withheld(report))
		return;
	kl_report_table(&table, html, "<figure <members <why", "What was withheld, and why");
	for (size_t i = 0; i < report->benchmark_count; i++)
		if (!is_released(&report->benchmarks[i].value))
			withheld_row(&table, &report->benchmarks[i].value);
	kl_report_table_end(&table);
}

static void methods(struct kl_html *html, const struct kl_report *report)
{
	(void)report;
	kl_html_open(html, "ul");
	kl_html_put(html, "li", NULL,
		"Answers were cut into shares, each sealed to one member of a committee drawn by "
		"lot, and only sums over whole groups of members were opened. Quartiles are "
		"therefore known within the bounds of a bin; our place among them is worked out "
		"on our own machine.");
	kl_html_put(html, "li", "ours",
		"Our rule, not Locality\u2019s: the bins, how they are put together for smaller "
		"groups, and what a member of a bin counts as in a mean.");
	kl_html_close(html);
}

const struct kl_report_section kl_report_benchmarks = {
	.id = "benchmarks",
	.title = "Compared with others",
	.without = "how others do",
	.command = "keeplocal join TICKET, then keeplocal tally contribute",
	.known = known,
	.draw = draw,
	.summary = summary,
	.tables = tables,
	.methods = methods,
};
