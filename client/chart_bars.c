/* Bars of up to three parts, one for each row: how much is local, how much elsewhere, and how much
 * nobody knows. */
#include "client/chart.h"

enum {
	ROW = 34,
	ROW_NARROW = 50,
	BAR = 20,
	LEFT = 236,   /* of the bars; narrow ones have the label above them */
	RIGHT = 116,  /* space for the amount */
	PADDING = 12, /* within a part, so that its text does not touch the ends */
	TEXT = 13,
};

static bool narrow(double width)
{
	return width < KL_CHART_WIDE;
}

static double length_of(const struct kl_chart_bar *bar)
{
	double sum = 0;

	for (size_t i = 0; i < KL_CHART_PARTS; i++)
		sum += bar->parts[i];
	return sum;
}

static double whole_of(const struct kl_chart_bars *chart)
{
	double most = chart->whole;

	for (size_t i = 0; i < chart->count && chart->whole <= 0; i++)
		if (length_of(&chart->rows[i]) > most)
			most = length_of(&chart->rows[i]);
	return most > 0 ? most : 1;
}

/* Text that would stand on a pattern gets paper behind it. */
static void draw_part(struct kl_html *html, enum kl_svg_fill fill, double x, double y,
	double length, const char *text)
{
	kl_svg_rect(html, kl_svg_fill_class(fill), x, y, length, BAR);
	if (!text || kl_html_width(text, TEXT) + PADDING > length)
		return;
	if (fill == KL_FILL_UNKNOWN)
		kl_svg_rect(html, "paper-back", x + length / 2 - kl_html_width(text, TEXT) / 2,
			y + 2, kl_html_width(text, TEXT), BAR - 4);
	kl_svg_text(html, fill == KL_FILL_LOCAL ? "inside inverse" : "inside", KL_ANCHOR_MIDDLE,
		x + length / 2, y + BAR - 5.5, "%s", text);
}

static void draw_bar(struct kl_html *html, const struct kl_chart_bars *chart,
	const struct kl_chart_bar *bar, double top, double width)
{
	const double left = narrow(width) ? 0 : LEFT;
	const double scale = (width - left - (narrow(width) ? 0 : RIGHT)) / whole_of(chart);
	const double y = narrow(width) ? top + 22 : top + (ROW - BAR) / 2.0;
	const double text_y = narrow(width) ? top + 16 : y + BAR - 5;
	const double amount = kl_html_width(bar->amount, 14);
	double x = left;

	kl_svg_fitted(html, "label", 0, text_y, narrow(width) ? width - amount - 8 : LEFT - 12, 14,
		bar->label);
	for (size_t i = 0; i < KL_CHART_PARTS; i++) {
		const double length = bar->parts[i] * scale;

		if (length <= 0)
			continue;
		draw_part(html, chart->fills[i], x, y, length, bar->texts[i]);
		x += length;
	}
	kl_svg_text(html, "value", KL_ANCHOR_END, width, text_y, "%s", bar->amount);
}

void kl_chart_bars(struct kl_html *html, const struct kl_chart_bars *chart, double width)
{
	const double row = narrow(width) ? ROW_NARROW : ROW;

	kl_svg_open(html, width, row * (double)chart->count, chart->title, chart->description);
	for (size_t i = 0; i < chart->count; i++)
		draw_bar(html, chart, &chart->rows[i], row * (double)i, width);
	kl_svg_close(html);
}
