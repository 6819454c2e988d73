/* What the sections of the report share: numbers as words, lists, tables. */
#include "client/draw.h"
#include "client/report.h"
#include "core/money.h"
#include "core/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *kl_report_text(const struct kl_value *map, const char *key, const char *none, char *out)
{
	return kl_cli_text(map, key, none, out, KL_REPORT_TEXT_MAX);
}

const char *kl_report_day(
	const struct kl_value *map, const char *key, const char *none, char out[KL_REPORT_TEXT_MAX])
{
	static const char *const months[] = {"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"};
	int year, month, day;

	kl_report_text(map, key, none, out);
	if (!kl_date_check(out, NULL) && sscanf(out, "%4d-%2d-%2d", &year, &month, &day) == 3)
		(void)snprintf(out, KL_REPORT_TEXT_MAX, "%d %s %d", day, months[month - 1], year);
	return out;
}

const char *kl_pounds(double pence, char out[KL_POUNDS_TEXT_MAX])
{
	char count[KL_MONEY_TEXT_MAX];
	const double pounds = pence / 100;
	const int64_t whole = (int64_t)(pounds < 0 ? -pounds + 0.5 : pounds + 0.5);

	(void)snprintf(out, KL_POUNDS_TEXT_MAX, "%s£%s", pounds < 0 && whole ? "-" : "",
		kl_count_format(whole, count));
	return out;
}

const char *kl_pounds_short(double pence, char out[KL_POUNDS_TEXT_MAX])
{
	const double pounds = pence / 100;

	if (pounds >= 1e9)
		(void)snprintf(out, KL_POUNDS_TEXT_MAX, "£%.4gbn", pounds / 1e9);
	else if (pounds >= 1e7)
		(void)snprintf(out, KL_POUNDS_TEXT_MAX, "£%.4gm", pounds / 1e6);
	else
		return kl_pounds(pence, out);
	return out;
}

const char *kl_report_pounds(
	const struct kl_value *map, const char *key, const char *none, char out[KL_POUNDS_TEXT_MAX])
{
	double pence;

	if (!kl_get_double(map, key, &pence))
		return kl_pounds(pence, out);
	(void)kl_copy_text(out, KL_POUNDS_TEXT_MAX, none);
	return out;
}

const char *kl_percent(double share, char out[KL_PERCENT_TEXT_MAX])
{
	if (share > 0 && share < 0.01)
		(void)kl_copy_text(out, KL_PERCENT_TEXT_MAX, "under 1%");
	else if (share < 1 && share > 0.99)
		(void)kl_copy_text(out, KL_PERCENT_TEXT_MAX, "over 99%");
	else
		(void)snprintf(out, KL_PERCENT_TEXT_MAX, "%.0f%%", 100 * share);
	return out;
}

const char *kl_report_percent(const struct kl_value *map, const char *key, const char *none,
	char out[KL_PERCENT_TEXT_MAX])
{
	double share;

	if (!kl_get_double(map, key, &share))
		return kl_percent(share, out);
	(void)kl_copy_text(out, KL_PERCENT_TEXT_MAX, none);
	return out;
}

void kl_report_caption(struct kl_html *html, const char *caption)
{
	if (caption[0])
		kl_html_put(html, "figcaption", NULL, "%s", caption);
}

const char *kl_report_bars_words(const struct kl_chart_bars *chart, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < chart->count && len < size; i++) {
		(void)snprintf(out + len, size - len, "%s: %s. ", chart->rows[i].label,
			chart->rows[i].amount);
		len = strlen(out);
	}
	return out;
}

void kl_report_list(
	struct kl_html *html, const char *class_name, const struct kl_value *map, const char *key)
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	char text[KL_DRAW_TEXT_MAX];
	struct kl_value item;

	if (!kl_draw_count(map, key))
		return;
	kl_html_open_class(html, "ul", class_name);
	while (kl_cursor_next(&cursor, &item))
		if (!kl_value_text(&item, text, sizeof text))
			kl_html_put(html, "li", NULL, "%s", text);
	kl_html_close(html);
}

void kl_report_rules(struct kl_html *html, const struct kl_value *map)
{
	if (kl_draw_count(map, "our_rules"))
		kl_html_put(html, "p", "ours", "Our rules, not Locality\u2019s:");
	kl_report_list(html, "ours", map, "our_rules");
}

void kl_report_tile(struct kl_html *html, const char *label, const char *value, const char *note)
{
	kl_html_open_class(html, "div", "tile");
	kl_html_put(html, "dt", NULL, "%s", label);
	kl_html_put(html, "dd", "figure", "%s", value);
	kl_html_put(html, "dd", "note", "%s", note);
	kl_html_close(html);
}

/* ---- tables -------------------------------------------------------------------------------- */

/* The next heading of "<supplier >spend", without its mark; false at the end. */
static bool next_heading(const char **columns, char *out, size_t size, bool *ret_right)
{
	const char *at = *columns + strspn(*columns, " ");
	const size_t len = strcspn(at, " ");

	if (!*at)
		return false;
	*ret_right = *at == '>';
	(void)snprintf(out, size, "%.*s", (int)len - 1, at + 1);
	for (char *c = out; *c; c++)
		if (*c == '_')
			*c = ' ';
	*columns = at + len;
	return true;
}

void kl_report_table(struct kl_report_table *table, struct kl_html *html, const char *columns,
	const char *caption, ...)
{
	char text[KL_REPORT_TEXT_MAX], heading[64];
	size_t column = 0;
	va_list args;
	bool right;

	*table = (struct kl_report_table){.html = html};
	va_start(args, caption);
	(void)vsnprintf(text, sizeof text, caption, args);
	va_end(args);
	kl_html_open_class(html, "div", "scroll"); /* on a phone it is wider than the page */
	kl_html_attr(html, "tabindex", "0");
	kl_html_attr(html, "role", "region");
	kl_html_attr(html, "aria-label", "%s", text);
	kl_html_open(html, "table");
	kl_html_put(html, "caption", NULL, "%s", text);
	kl_html_open(html, "thead");
	kl_html_open(html, "tr");
	while (next_heading(&columns, heading, sizeof heading, &right)) {
		KL_ASSERT(column < sizeof table->right);
		table->right[column++] = right ? '1' : '0';
		kl_html_open_class(html, "th", right ? "number" : NULL);
		kl_html_attr(html, "scope", "col");
		kl_html_text(html, heading);
		kl_html_close(html);
	}
	kl_html_close(html);
	kl_html_close(html);
	kl_html_open(html, "tbody");
}

void kl_report_row(struct kl_report_table *table)
{
	table->column = 0;
	kl_html_open(table->html, "tr");
}

/* The first cell of a row says what the row is about. */
void kl_report_cell(struct kl_report_table *table, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	kl_html_open_class(table->html, table->column ? "td" : "th",
		table->right[table->column] == '1' ? "number" : NULL);
	if (!table->column)
		kl_html_attr(table->html, "scope", "row");
	kl_html_text(table->html, text ? text : "");
	kl_html_close(table->html);
	free(text);
	table->column++;
}

void kl_report_row_end(struct kl_report_table *table)
{
	kl_html_close(table->html);
}

void kl_report_table_end(struct kl_report_table *table)
{
	kl_html_close(table->html);
	kl_html_close(table->html);
	kl_html_close(table->html);
}
