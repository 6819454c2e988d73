/* Enabled contribution: the jobs and the value that an anchor's tenants add. */
#include "client/draw.h"
#include "client/report.h"

#include <string.h>

static bool known(const struct kl_report *report)
{
	return report->enabled.known;
}

static const char *why(const struct kl_report *report)
{
	return report->enabled.why;
}

/* One of the two figures. */
struct figure {
	struct kl_value map;
	char published[64], confidence[32], method[32];
	bool money;
};

static bool read_figure(
	const struct kl_report *report, const char *key, bool money, struct figure *ret)
{
	if (kl_get_map(&report->enabled.value, key, &ret->map))
		return false;
	kl_cli_text(&ret->map, "published", "?", ret->published, sizeof ret->published);
	kl_cli_text(&ret->map, "confidence", "not stated", ret->confidence, sizeof ret->confidence);
	kl_cli_text(&ret->map, "method", "", ret->method, sizeof ret->method);
	ret->money = money;
	return true;
}

static const char *method_words(const char *method)
{
	return !strcmp(method, "primary")  ? "as the tenants gave it"
	       : !strcmp(method, "partly") ? "partly given, partly estimated"
					   : "estimated";
}

static void draw_tile(struct kl_html *html, const char *label, const struct figure *f)
{
	char note[128];

	(void)snprintf(
		note, sizeof note, "%s; confidence %s", method_words(f->method), f->confidence);
	kl_report_tile(html, label, f->published, note);
}

static const char *amount(double value, bool money, char out[KL_POUNDS_TEXT_MAX])
{
	if (money)
		return kl_pounds(value, out);
	(void)snprintf(out, KL_POUNDS_TEXT_MAX, "%.1f FTE", value);
	return out;
}

/* What of each figure was given, and what was estimated. */
static void draw_methods_bars(
	struct kl_html *html, const struct figure *const figures[2], const char *const labels[2])
{
	static const char *const keys[KL_CHART_PARTS] = {"primary", "partly", "estimated"};
	char amounts[2][KL_POUNDS_TEXT_MAX], shares[2][KL_CHART_PARTS][KL_PERCENT_TEXT_MAX],
		words[512];
	struct kl_chart_bars chart = {.title = "What of each figure was given, and what estimated",
		.fills = {KL_FILL_LOCAL, KL_FILL_ELSEWHERE, KL_FILL_UNKNOWN},
		.whole = 1};

	for (size_t i = 0; i < 2; i++) {
		struct kl_chart_bar *bar = &chart.rows[chart.count];
		struct kl_value methods;
		double exact, part;

		if (!figures[i] || kl_get_double(&figures[i]->map, "exact", &exact) || exact <= 0 ||
			kl_get_map(&figures[i]->map, "methods", &methods))
			continue;
		bar->label = labels[i];
		bar->amount = amount(exact, figures[i]->money, amounts[i]);
		for (size_t p = 0; p < KL_CHART_PARTS; p++) {
			if (kl_get_double(&methods, keys[p], &part))
				continue;
			bar->parts[p] = part / exact;
			bar->texts[p] = kl_percent(part / exact, shares[i][p]);
		}
		chart.count++;
	}
	chart.description = kl_report_bars_words(&chart, words, sizeof words);
	if (chart.count)
		KL_REPORT_FIGURE(html, kl_chart_bars, &chart,
			"Solid: as tenants gave it. Light: partly given, partly estimated. "
			"Hatched: "
			"estimated from floor space and from published factors.");
}

static void draw_headline(struct kl_html *html, const char *label, const struct figure *f)
{
	char note[64];

	(void)snprintf(note, sizeof note, "confidence %s", f->confidence);
	kl_report_tile(html, label, f->published, note);
}

static void headline(struct kl_html *html, const struct kl_report *report)
{
	struct figure f;

	if (read_figure(report, "employees_fte", false, &f))
		draw_headline(html, "jobs with tenants (FTE)", &f);
	if (read_figure(report, "gva_pence", true, &f))
		draw_headline(html, "value added by tenants", &f);
}

static void draw(struct kl_html *html, const struct kl_report *report)
{
	static const char *const labels[] = {"Employees", "Value added"};
	struct figure fte, gva;
	const bool has_fte = read_figure(report, "employees_fte", false, &fte);
	const bool has_gva = read_figure(report, "gva_pence", true, &gva);
	const struct figure *const figures[] = {has_fte ? &fte : NULL, has_gva ? &gva : NULL};
	char period[KL_REPORT_TEXT_MAX];
	uint64_t tenants;

	kl_report_text(&report->enabled.value, "period", "?", period);
	if (!kl_get_uint(&report->enabled.value, "tenants", INT64_MAX, &tenants))
		kl_html_put(html, "p", "about", "%llu tenant%s, %s.", (unsigned long long)tenants,
			tenants == 1 ? "" : "s", period);
	else
		kl_html_put(html, "p", "about", "Totals recorded for %s.", period);
	kl_html_open_class(html, "dl", "tiles");
	if (has_fte)
		draw_tile(html, "jobs with tenants, in full-time equivalents", &fte);
	if (has_gva)
		draw_tile(html, "gross value added by tenants in a year", &gva);
	kl_html_close(html);
	draw_methods_bars(html, figures, labels);
	if (kl_draw_count(&report->enabled.value, "left_out"))
		kl_html_put(html, "h3", NULL, "Left out, because too little is known");
	kl_report_list(html, NULL, &report->enabled.value, "left_out");
	kl_report_list(html, "warnings", &report->enabled.value, "warnings");
}

static void summary(struct kl_html *html, const struct kl_report *report)
{
	struct figure fte, gva;
	const bool has_fte = read_figure(report, "employees_fte", false, &fte);
	const bool has_gva = read_figure(report, "gva_pence", true, &gva);
	char period[KL_REPORT_TEXT_MAX];

	if (!has_fte && !has_gva)
		return;
	kl_html_open(html, "li");
	kl_html_print(html, "In %s, tenants ",
		kl_report_text(&report->enabled.value, "period", "?", period));
	if (has_fte)
		kl_html_print(html, "employed %s people (full-time equivalents)", fte.published);
	if (has_gva)
		kl_html_print(html, "%sadded %s of value", has_fte ? " and " : "", gva.published);
	kl_html_text(html, ".");
	kl_html_close(html);
}

/* ---- tables and methods ---------------------------------------------------------------------- */

static void method_row(struct kl_report_table *table, const struct figure *f, const char *label)
{
	static const char *const keys[] = {"primary", "partly", "estimated"};
	struct kl_value methods;
	char text[KL_POUNDS_TEXT_MAX];
	double value;

	kl_report_row(table);
	kl_report_cell(table, "%s", label);
	kl_report_cell(table, "%s",
		kl_get_double(&f->map, "exact", &value) ? "?" : amount(value, f->money, text));
	kl_report_cell(table, "%s", f->published);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		kl_report_cell(table, "%s",
			kl_get_map(&f->map, "methods", &methods) ||
					kl_get_double(&methods, keys[i], &value)
				? "\u2013"
				: amount(value, f->money, text));
	kl_report_row_end(table);
}

static void tables(struct kl_html *html, const struct kl_report *report)
{
	struct kl_report_table table;
	char period[KL_REPORT_TEXT_MAX];
	struct figure f;

	kl_report_table(&table, html,
		"<figure >exactly >as_published >given >partly_given >estimated",
		"What tenants add, %s",
		kl_report_text(&report->enabled.value, "period", "?", period));
	if (read_figure(report, "employees_fte", false, &f))
		method_row(&table, &f, "Employees");
	if (read_figure(report, "gva_pence", true, &f))
		method_row(&table, &f, "Gross value added");
	kl_report_table_end(&table);
}

static void factor_item(
	struct kl_html *html, const struct kl_value *factors, const char *key, const char *words)
{
	char name[KL_REPORT_TEXT_MAX], source[KL_REPORT_TEXT_MAX];
	struct kl_value table;

	if (kl_get_map(factors, key, &table))
		return;
	kl_html_put(html, "li", NULL, "%s: %s (%llu). %s", words,
		kl_report_text(&table, "name", "?", name),
		(unsigned long long)kl_draw_uint(&table, "year"),
		kl_report_text(&table, "source", "", source));
}

static void methods(struct kl_html *html, const struct kl_report *report)
{
	struct kl_value factors;
	char source[KL_REPORT_TEXT_MAX];

	kl_html_open(html, "ul");
	kl_html_put(html, "li", NULL,
		"Enabled contribution, as appendix 2 of Locality\u2019s report (2017) describes "
		"it: tenants are asked what they do, on how much floor space, with how many staff "
		"and what turnover; what they do not say is estimated. Totals are told as it asks, "
		"with two significant figures.");
	if (kl_report_text(&report->enabled.value, "source", "", source)[0])
		kl_html_put(html, "li", NULL, "Source: %s", source);
	if (!kl_get_map(&report->enabled.value, "factors", &factors)) {
		factor_item(html, &factors, "density", "Floor space for each employee");
		factor_item(html, &factors, "gva_per_job", "Value added for each employee");
	}
	kl_html_put(html, "li", "ours",
		"Our rule, not Locality\u2019s: confidence is low where more than half of a "
		"figure "
		"rests on floor space, or more than half of the tenants are left out.");
	kl_html_close(html);
}

const struct kl_report_section kl_report_enabled = {
	.id = "enabled",
	.title = "What our tenants add",
	.without = "the jobs and the value that tenants add",
	.command = "keeplocal template tenants --out tenants.csv, then keeplocal enabled import "
		   "tenants.csv",
	.known = known,
	.why = why,
	.draw = draw,
	.headline = headline,
	.summary = summary,
	.tables = tables,
	.methods = methods,
};
