/* A value over time. A line leads from one point to the next only where the two may be compared; what
 * was found out in another way has a mark of another shape. */
#include "client/chart.h"

enum {
	TOP = 26, /* room for the text of the highest point */
	PLOT = 70,
	DROP = 26, /* from the lowest point to the axis: the text of that point stands between */
	FOOT = 22,
	SIDE = 34, /* half the text of the first and the last point */
};

static void reach(const struct kl_chart_line *chart, double *ret_low, double *ret_high)
{
	*ret_low = *ret_high = chart->count ? chart->points[0].value : 0;
	for (size_t i = 1; i < chart->count; i++) {
		if (chart->points[i].value < *ret_low)
			*ret_low = chart->points[i].value;
		if (chart->points[i].value > *ret_high)
			*ret_high = chart->points[i].value;
	}
}

double kl_chart_line_x(const struct kl_chart_line *chart, double at, double width)
{
	const double first = chart->points[0].at, last = chart->points[chart->count - 1].at;

	return last > first ? SIDE + (at - first) * (width - 2 * SIDE) / (last - first) : width / 2;
}

double kl_chart_line_y(const struct kl_chart_line *chart, double value)
{
	double low, high;

	reach(chart, &low, &high);
	return high > low ? TOP + PLOT * (high - value) / (high - low) : TOP + PLOT / 2.0;
}

static void draw_mark(struct kl_html *html, unsigned method, double x, double y)
{
	switch (method % 3) {
	case 0:
		kl_svg_circle(html, "point", x, y, 4.5);
		break;
	case 1:
		kl_svg_rect(html, "point open", x - 4, y - 4, 8, 8);
		break;
	default:
		kl_svg_path(html, "point", "M%.6g,%.6g l5,9 l-10,0 z", x, y - 5);
	}
}

/* Text of a value goes above its point unless the line comes from there. */
static double text_y(const struct kl_chart_line *chart, size_t i)
{
	const double y = kl_chart_line_y(chart, chart->points[i].value);
	const bool falls_to = i + 1 == chart->count && i && chart->points[i].joined &&
			      chart->points[i].value < chart->points[chart->points[i].from].value;
	const bool rises_from = i == 0 && chart->count > 1 && chart->points[1].joined &&
				chart->points[1].value > chart->points[0].value;

	return falls_to || rises_from ? y + 18 : y - 10;
}

static void draw_texts(struct kl_html *html, const struct kl_chart_line *chart, double width)
{
	const size_t last = chart->count - 1;

	for (size_t i = 0; i < chart->count; i++) {
		const struct kl_chart_point *p = &chart->points[i];
		const double x = kl_chart_line_x(chart, p->at, width);
		const bool named = i == 0 || i == last || chart->count <= 4;

		kl_svg_line(html, "axis", x, TOP + PLOT + DROP, x, TOP + PLOT + DROP + 3);
		if (!named)
			continue;
		kl_svg_text(html, i == last ? "value" : "small", KL_ANCHOR_MIDDLE, x,
			text_y(chart, i), "%s", p->text);
		kl_svg_text(
			html, "tiny", KL_ANCHOR_MIDDLE, x, TOP + PLOT + DROP + 16, "%s", p->period);
	}
}

static void draw_step(
	struct kl_html *html, const struct kl_chart_line *chart, size_t to, double width)
{
	const struct kl_chart_point *a = &chart->points[chart->points[to].from];
	const struct kl_chart_point *b = &chart->points[to];

	kl_svg_line(html, "trend", kl_chart_line_x(chart, a->at, width),
		kl_chart_line_y(chart, a->value), kl_chart_line_x(chart, b->at, width),
		kl_chart_line_y(chart, b->value));
}

void kl_chart_line(struct kl_html *html, const struct kl_chart_line *chart, double width)
{
	kl_svg_open(html, width, TOP + PLOT + DROP + FOOT, chart->title, chart->description);
	kl_svg_line(
		html, "axis", SIDE - 10, TOP + PLOT + DROP, width - SIDE + 10, TOP + PLOT + DROP);
	for (size_t i = 1; i < chart->count; i++)
		if (chart->points[i].joined)
			draw_step(html, chart, i, width);
	for (size_t i = 0; i < chart->count; i++)
		draw_mark(html, chart->points[i].method,
			kl_chart_line_x(chart, chart->points[i].at, width),
			kl_chart_line_y(chart, chart->points[i].value));
	if (chart->count)
		draw_texts(html, chart, width);
	kl_svg_close(html);
}
