/* Where the money goes: local, elsewhere, unknown, by year and by sector, and the largest leaks. */
#include "client/draw.h"
#include "client/report.h"

#include <inttypes.h>
#include <string.h>

enum { YEARS_SHOWN = 12, SECTORS_SHOWN = 8, LEAKS_SHOWN = 10 };

static bool known(const struct kl_report *report)
{
	return report->spend.known;
}

static const char *why(const struct kl_report *report)
{
	return report->spend.why;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static double pence_of(const struct kl_value *spend, const char *key)
{
	struct kl_value class;
	double pence;

	return kl_get_map(spend, key, &class) || kl_get_double(&class, "pence", &pence) ? 0 : pence;
}

static bool local_share(const struct kl_value *spend, double *ret_share)
{
	struct kl_value local;

	return !kl_get_map(spend, "local", &local) &&
	       !kl_get_double(&local, "value_share", ret_share);
}

static void draw_whole(struct kl_html *html, const struct kl_value *spend)
{
	const double parts[KL_CHART_PARTS] = {pence_of(spend, "local"),
		pence_of(spend, "unknown") + pence_of(spend, "redacted"),
		pence_of(spend, "elsewhere")};
	char texts[KL_CHART_PARTS][KL_POUNDS_TEXT_MAX], total[KL_POUNDS_TEXT_MAX], words[512];
	struct kl_chart_bars chart = {.title = "Spending: local, not known, elsewhere",
		.description = words,
		.fills = {KL_FILL_LOCAL, KL_FILL_UNKNOWN, KL_FILL_ELSEWHERE},
		.count = 1};
	struct kl_chart_bar *bar = &chart.rows[0];

	bar->label = "All spending";
	bar->amount = kl_report_pounds(spend, "total_pence", "?", total);
	for (size_t i = 0; i < KL_CHART_PARTS; i++) {
		bar->parts[i] = parts[i] > 0 ? parts[i] : 0;
		bar->texts[i] = kl_pounds(parts[i], texts[i]);
	}
	(void)snprintf(words, sizeof words, "Local %s, not known %s, elsewhere %s.", texts[0],
		texts[1], texts[2]);
	KL_REPORT_FIGURE(html, kl_chart_bars, &chart,
		"Solid: local. Hatched: nobody knows where. Light: elsewhere.");
}

static void draw_words(struct kl_html *html, const struct kl_value *spend)
{
	char share[KL_PERCENT_TEXT_MAX], most[KL_PERCENT_TEXT_MAX], pounds[KL_POUNDS_TEXT_MAX];
	struct kl_value target;

	if (!kl_report_percent(spend, "local_share_of_known", "", share)[0]) {
		kl_html_open_class(html, "p", "note missing");
		kl_html_text(html, "Where suppliers are is not known yet: ");
		kl_html_put(html, "code", NULL, "keeplocal template places --out places.csv");
		kl_html_text(html, ", then ");
		kl_html_put(html, "code", NULL, "keeplocal spend places places.csv");
		kl_html_close(html);
	}
	kl_html_open(html, "p");
	if (share[0])
		kl_html_print(html, "Of what is known, %s by value is local", share);
	if (share[0] && kl_report_percent(spend, "local_share_at_most", "", most)[0])
		kl_html_print(html, "; if all that is unknown were local, it would be %s", most);
	if (share[0])
		kl_html_text(html, ". ");
	if (!kl_get_map(spend, "target", &target) &&
		kl_report_pounds(&target, "pence", "", pounds)[0])
		kl_html_print(html, "%" PRIu64 " points more of it local would be worth %s.",
			kl_draw_uint(&target, "points"), pounds);
	kl_html_close(html);
}

/* ---- years ----------------------------------------------------------------------------------- */

/* "2016", or "2016/17". */
static const char *year_of(const struct kl_value *row, char out[KL_REPORT_TEXT_MAX])
{
	uint64_t year;

	if (kl_get_uint(row, "year", 9999, &year))
		return kl_report_text(row, "year", "?", out);
	(void)snprintf(out, KL_REPORT_TEXT_MAX, "%" PRIu64, year);
	return out;
}

/* Calendar years, unless the files were asked for by financial year. */
static const char *years_key(const struct kl_report *report)
{
	return strchr(report->period, '/') ? "by_financial_year" : "by_year";
}

static void draw_years(struct kl_html *html, const struct kl_report *report)
{
	const size_t count = kl_draw_count(&report->spend.value, years_key(report));
	struct kl_cursor cursor = kl_draw_items(&report->spend.value, years_key(report));
	char labels[YEARS_SHOWN][KL_REPORT_TEXT_MAX], amounts[YEARS_SHOWN][KL_POUNDS_TEXT_MAX],
		texts[YEARS_SHOWN][2][KL_PERCENT_TEXT_MAX], words[1024];
	struct kl_chart_bars chart = {.title = "Spending by year: local, not known, elsewhere",
		.fills = {KL_FILL_LOCAL, KL_FILL_UNKNOWN, KL_FILL_ELSEWHERE},
		.whole = 1};
	struct kl_value row;
	double local, unknown;

	for (size_t i = 0; i < count && kl_cursor_next(&cursor, &row); i++) {
		struct kl_chart_bar *bar = &chart.rows[chart.count];

		if (count - i > YEARS_SHOWN || kl_get_double(&row, "local_value_share", &local))
			continue;
		if (kl_get_double(&row, "unknown_value_share", &unknown))
			unknown = 0;
		bar->label = year_of(&row, labels[chart.count]);
		bar->amount = kl_report_pounds(&row, "total_pence", "?", amounts[chart.count]);
		bar->parts[0] = local;
		bar->parts[1] = unknown;
		bar->parts[2] = local + unknown < 1 ? 1 - local - unknown : 0;
		bar->texts[0] = kl_percent(local, texts[chart.count][0]);
		bar->texts[1] = kl_percent(unknown, texts[chart.count][1]);
		chart.count++;
	}
	if (chart.count < 2)
		return;
	chart.description = kl_report_bars_words(&chart, words, sizeof words);
	kl_html_put(html, "h3", NULL, "By year");
	KL_REPORT_FIGURE(html, kl_chart_bars, &chart, "By value; at the right, all of the year.");
}

/* ---- sectors --------------------------------------------------------------------------------- */

static const char *sector_words(const char *sector)
{
	static const char *const words[][2] = {{"voluntary", "voluntary and community"},
		{"social enterprise", "social enterprises"}, {"small", "small businesses"},
		{"large", "large businesses"}, {"public", "public sector"},
		{"unknown", "sector not known"}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(sector, words[i][0]))
			return words[i][1];
	return sector;
}

static void draw_sectors(struct kl_html *html, const struct kl_value *spend)
{
	struct kl_cursor cursor = kl_draw_items(spend, "by_sector");
	char labels[SECTORS_SHOWN][KL_REPORT_TEXT_MAX], amounts[SECTORS_SHOWN][KL_POUNDS_TEXT_MAX],
		words[1024];
	struct kl_chart_bars chart = {.title = "Spending by sector, and what of it is local",
		.fills = {KL_FILL_LOCAL, KL_FILL_UNKNOWN, KL_FILL_ELSEWHERE}};
	struct kl_value row;
	double total, local;

	while (chart.count < SECTORS_SHOWN && kl_cursor_next(&cursor, &row)) {
		struct kl_chart_bar *bar = &chart.rows[chart.count];
		const bool is_unknown = !strcmp(
			kl_report_text(&row, "sector", "?", labels[chart.count]), "unknown");

		if (kl_get_double(&row, "total_pence", &total) || total <= 0)
			continue;
		if (kl_get_double(&row, "local_value_share", &local))
			local = 0;
		bar->label = sector_words(labels[chart.count]);
		bar->amount = kl_pounds(total, amounts[chart.count]);
		bar->parts[0] = total * local;
		bar->parts[is_unknown ? 1 : 2] = total * (1 - local);
		chart.count++;
	}
	/* One row that says "not known" is no picture. */
	if (chart.count < 2)
		return;
	chart.description = kl_report_bars_words(&chart, words, sizeof words);
	kl_html_put(html, "h3", NULL, "By sector");
	KL_REPORT_FIGURE(html, kl_chart_bars, &chart,
		"The solid part is local; the rest is elsewhere, or its place is not known.");
}

/* ---- leaks ----------------------------------------------------------------------------------- */

static void draw_leaks(struct kl_html *html, const struct kl_value *spend)
{
	struct kl_cursor cursor = kl_draw_items(spend, "leaks");
	char labels[LEAKS_SHOWN][KL_REPORT_TEXT_MAX], amounts[LEAKS_SHOWN][KL_POUNDS_TEXT_MAX],
		words[2048];
	struct kl_chart_bars chart = {.title = "The largest suppliers elsewhere",
		.fills = {KL_FILL_ELSEWHERE, KL_FILL_UNKNOWN, KL_FILL_LOCAL}};
	struct kl_value row;

	while (chart.count < LEAKS_SHOWN && kl_cursor_next(&cursor, &row)) {
		struct kl_chart_bar *bar = &chart.rows[chart.count];

		if (kl_get_double(&row, "pence", &bar->parts[0]))
			continue;
		bar->label = kl_report_text(&row, "supplier", "?", labels[chart.count]);
		bar->amount = kl_pounds(bar->parts[0], amounts[chart.count]);
		chart.count++;
	}
	if (!chart.count)
		return;
	chart.description = kl_report_bars_words(&chart, words, sizeof words);
	kl_html_put(html, "h3", NULL, "The largest leaks");
	KL_REPORT_FIGURE(
		html, kl_chart_bars, &chart, "Suppliers that are known to be elsewhere, by value.");
}

/* ---- the section ----------------------------------------------------------------------------- */

static void draw_about(struct kl_html *html, const struct kl_value *spend)
{
	char first[KL_REPORT_TEXT_MAX], last[KL_REPORT_TEXT_MAX], area[KL_REPORT_TEXT_MAX];

	kl_html_open_class(html, "p", "about");
	kl_html_print(html, "%" PRIu64 " payments to %" PRIu64 " suppliers, %s to %s.",
		kl_draw_uint(spend, "payments"), kl_draw_uint(spend, "suppliers"),
		kl_report_day(spend, "first_day", "?", first),
		kl_report_day(spend, "last_day", "?", last));
	if (kl_draw_named(spend, "area", "", area, sizeof area)[0])
		kl_html_print(html, " Local means: %s.", area);
	kl_html_close(html);
}

static void draw(struct kl_html *html, const struct kl_report *report)
{
	draw_about(html, &report->spend.value);
	draw_whole(html, &report->spend.value);
	draw_words(html, &report->spend.value);
	draw_years(html, report);
	draw_sectors(html, &report->spend.value);
	draw_leaks(html, &report->spend.value);
	kl_report_list(html, "warnings", &report->spend.value, "warnings");
}

static void headline(struct kl_html *html, const struct kl_report *report)
{
	char value[KL_PERCENT_TEXT_MAX], unknown[KL_PERCENT_TEXT_MAX], note[64];
	double share;

	if (!local_share(&report->spend.value, &share))
		return;
	kl_report_percent(&report->spend.value, "unknown_value_share", "?", unknown);
	(void)snprintf(note, sizeof note, "by value; of %s nobody knows", unknown);
	kl_report_tile(html, "of spending is local", kl_percent(share, value), note);
}

static void summary(struct kl_html *html, const struct kl_report *report)
{
	char pounds[KL_POUNDS_TEXT_MAX], local[KL_PERCENT_TEXT_MAX], unknown[KL_PERCENT_TEXT_MAX];
	double share;

	kl_report_pounds(&report->spend.value, "total_pence", "?", pounds);
	if (!local_share(&report->spend.value, &share)) {
		kl_html_put(html, "li", NULL,
			"%s was spent with %" PRIu64
			" suppliers; which of them are local is not known yet.",
			pounds, kl_draw_uint(&report->spend.value, "suppliers"));
		return;
	}
	kl_html_put(html, "li", NULL,
		"Of %s spent, %s by value went to local suppliers; where %s went is not known.",
		pounds, kl_percent(share, local),
		kl_report_percent(&report->spend.value, "unknown_value_share", "?", unknown));
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void class_row(struct kl_report_table *table, const struct kl_value *spend, const char *key)
{
	char text[KL_POUNDS_TEXT_MAX], share[KL_PERCENT_TEXT_MAX];
	struct kl_value class;

	if (kl_get_map(spend, key, &class))
		return;
	kl_report_row(table);
	kl_report_cell(table, "%s", key);
	kl_report_cell(table, "%s", kl_report_pounds(&class, "pence", "\u2013", text));
	kl_report_cell(table, "%s", kl_report_percent(&class, "value_share", "\u2013", share));
	kl_report_cell(table, "%s", kl_report_percent(&class, "count_share", "\u2013", share));
	kl_report_row_end(table);
}

static void year_table(struct kl_html *html, const struct kl_report *report)
{
	static const char *const keys[] = {"local_value_share", "local_count_share",
		"unknown_value_share", "voluntary_value_share"};
	struct kl_cursor cursor = kl_draw_items(&report->spend.value, years_key(report));
	char text[KL_REPORT_TEXT_MAX], pounds[KL_POUNDS_TEXT_MAX], share[KL_PERCENT_TEXT_MAX];
	struct kl_report_table table;
	struct kl_value row;

	kl_report_table(&table, html,
		"<year >spent >local_by_value >local_by_number >not_known >voluntary_sector",
		"Spending by year");
	while (kl_cursor_next(&cursor, &row)) {
		kl_report_row(&table);
		kl_report_cell(&table, "%s", year_of(&row, text));
		kl_report_cell(&table, "%s", kl_report_pounds(&row, "total_pence", "?", pounds));
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			kl_report_cell(
				&table, "%s", kl_report_percent(&row, keys[i], "\u2013", share));
		kl_report_row_end(&table);
	}
	kl_report_table_end(&table);
}

static void sector_table(struct kl_html *html, const struct kl_value *spend)
{
	struct kl_cursor cursor = kl_draw_items(spend, "by_sector");
	char text[KL_REPORT_TEXT_MAX], pounds[KL_POUNDS_TEXT_MAX], share[KL_PERCENT_TEXT_MAX];
	struct kl_report_table table;
	struct kl_value row;

	kl_report_table(&table, html, "<sector >spent >share >local", "Spending by sector");
	while (kl_cursor_next(&cursor, &row)) {
		kl_report_row(&table);
		kl_report_cell(
			&table, "%s", sector_words(kl_report_text(&row, "sector", "?", text)));
		kl_report_cell(&table, "%s", kl_report_pounds(&row, "total_pence", "?", pounds));
		kl_report_cell(
			&table, "%s", kl_report_percent(&row, "value_share", "\u2013", share));
		kl_report_cell(&table, "%s",
			kl_report_percent(&row, "local_value_share", "\u2013", share));
		kl_report_row_end(&table);
	}
	kl_report_table_end(&table);
}

static void tables(struct kl_html *html, const struct kl_report *report)
{
	static const char *const classes[] = {"local", "elsewhere", "unknown", "redacted"};
	struct kl_report_table table;

	kl_report_table(&table, html, "<where >spent >by_value >by_number_of_payments",
		"Spending, local and not");
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		class_row(&table, &report->spend.value, classes[i]);
	kl_report_table_end(&table);
	year_table(html, report);
	sector_table(html, &report->spend.value);
}

/* ---- methods --------------------------------------------------------------------------------- */

static void methods(struct kl_html *html, const struct kl_report *report)
{
	const struct kl_value *spend = &report->spend.value;
	char pounds[KL_POUNDS_TEXT_MAX];
	struct kl_value rows, places;

	kl_html_open(html, "ul");
	if (!kl_get_map(spend, "rows", &rows))
		kl_html_put(html, "li", NULL,
			"From %" PRIu64 " file%s of spending: %" PRIu64 " rows read, %" PRIu64
			" taken as payments, %" PRIu64 " not (%s).",
			kl_draw_uint(spend, "files"), kl_draw_uint(spend, "files") == 1 ? "" : "s",
			kl_draw_uint(&rows, "read"), kl_draw_uint(&rows, "accepted"),
			kl_draw_uint(&rows, "rejected"),
			kl_report_pounds(spend, "rejected_pence", "?", pounds));
	if (!kl_get_map(spend, "places", &places))
		kl_html_put(html, "li", NULL,
			"Places come from a table of suppliers: %" PRIu64 " of them were found by "
			"their name, %" PRIu64 " by a name that is nearly the same, %" PRIu64
			" not at all.",
			kl_draw_uint(&places, "suppliers_matched"),
			kl_draw_uint(&places, "suppliers_matched_loosely"),
			kl_draw_uint(&places, "suppliers_not_matched"));
	kl_html_close(html);
	kl_report_rules(html, spend);
}

const struct kl_report_section kl_report_spend = {
	.id = "spend",
	.title = "Where the money goes",
	.without = "how much of our spending stays local",
	.command = "keeplocal spend import FILE --places PLACES",
	.known = known,
	.why = why,
	.draw = draw,
	.headline = headline,
	.summary = summary,
	.tables = tables,
	.methods = methods,
};
