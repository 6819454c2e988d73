/* Who is like us: a row for each member, with a dot as far from the left, where we stand, as the member
 * is unlike us. */
#include "client/chart.h"

enum {
	HEAD = 30, /* height of the words over the scale */
	ROW = 44,  /* of one row; narrow ones have the name above the track */
	ROW_NARROW = 64,
	LEFT = 324, /* where the track begins: room for the long names of councils */
	LEFT_NARROW = 12,
	RIGHT = 56, /* space behind the track: the distance */
	RIGHT_NARROW = 48,
	DOT = 6,
};

static bool narrow(double width)
{
	return width < KL_CHART_WIDE;
}

double kl_chart_nearest_x(double distance, double width)
{
	const double left = narrow(width) ? LEFT_NARROW : LEFT;
	const double right = width - (narrow(width) ? RIGHT_NARROW : RIGHT);

	return left + distance * (right - left);
}

static void draw_scale(struct kl_html *html, double width, double height)
{
	const double us = kl_chart_nearest_x(0, width);

	kl_svg_text(html, "us", KL_ANCHOR_START, us - DOT, 14, "we");
	kl_svg_text(html, "small", KL_ANCHOR_END, kl_chart_nearest_x(1, width), 14,
		"the least alike of these");
	kl_svg_line(html, "axis", us, HEAD - 8, us, height - 6);
	kl_svg_line(html, "grid", kl_chart_nearest_x(1, width), HEAD - 8,
		kl_chart_nearest_x(1, width), height - 6);
}

static void draw_row(
	struct kl_html *html, const struct kl_chart_near *row, double top, double width)
{
	const double y = narrow(width) ? top + 48 : top + ROW / 2.0;
	const double left =
		narrow(width) ? LEFT_NARROW + 2 * DOT : 0; /* off the line of the scale */
	const double room = narrow(width) ? width - left : LEFT - 16;
	const double name_y = narrow(width) ? top + 16 : y - 2;
	const double x = kl_chart_nearest_x(row->distance, width);

	kl_svg_fitted(
		html, "label", left, row->remark[0] ? name_y : name_y + 6, room, 14, row->name);
	if (row->remark[0])
		kl_svg_fitted(html, "tiny", left, name_y + 15, room, 11, row->remark);
	kl_svg_line(html, "track", kl_chart_nearest_x(0, width), y, x, y);
	kl_svg_circle(html, "point", x, y, DOT);
	kl_svg_text(html, "value", KL_ANCHOR_END, width, y + 5, "%.2f", row->distance);
}

void kl_chart_nearest(struct kl_html *html, const struct kl_chart_nearest *chart, double width)
{
	const double row = narrow(width) ? ROW_NARROW : ROW;
	const double height = HEAD + row * (double)chart->count;

	kl_svg_open(html, width, height, chart->title, chart->description);
	draw_scale(html, width, height);
	for (size_t i = 0; i < chart->count; i++)
		draw_row(html, &chart->rows[i], HEAD + row * (double)i, width);
	kl_svg_close(html);
}
