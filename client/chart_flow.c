/* The way of money through three rounds: bars on one scale, one beneath the other, and bands from each
 * to the next. The dark stream is what stays; it grows thinner from round to round. */
#include "client/chart.h"

enum {
	BAR = 26,
	PITCH = 118, /* from one round to the next */
	FLOW = 440,  /* width of the stream; words stand beside it */
	FLOW_NARROW = 150,
	BETWEEN = 24, /* stream and words */
	BETWEEN_NARROW = 14,
	GAP = 12, /* between the parts of one round */
	LINE = 18,
	SWATCH = 10,
	FOOT = 92, /* beneath the top of the last bar: its words */
};

static const enum kl_svg_fill fills[KL_WAYS] = {
	[KL_WAY_LOCAL] = KL_FILL_LOCAL,
	[KL_WAY_UNKNOWN] = KL_FILL_UNKNOWN,
	[KL_WAY_ELSEWHERE] = KL_FILL_ELSEWHERE,
};

static const char *const bands[KL_WAYS] = {
	[KL_WAY_LOCAL] = "band-local",
	[KL_WAY_UNKNOWN] = "band-unknown",
	[KL_WAY_ELSEWHERE] = "band-elsewhere",
};

static double flow_width(double width)
{
	return width < KL_CHART_WIDE ? FLOW_NARROW : FLOW;
}

static double all_of(const struct kl_chart_flow *chart)
{
	double sum = 0;

	for (size_t i = 0; i < KL_WAYS; i++)
		sum += chart->first[i];
	return sum > chart->income ? sum : chart->income;
}

double kl_chart_flow_scale(const struct kl_chart_flow *chart, double width)
{
	const double all = all_of(chart);

	return all > 0 ? (flow_width(width) - 2 * GAP) / all : 0;
}

/* Where the parts of a round begin. */
static void places(const double parts[KL_WAYS], double scale, double ret_x[KL_WAYS])
{
	double x = 0;

	for (size_t i = 0; i < KL_WAYS; i++) {
		ret_x[i] = x;
		x += parts[i] * scale + (parts[i] > 0 ? GAP : 0);
	}
}

/* From a stretch of one line to a stretch of the next, as wide at both ends. */
static void draw_band(
	struct kl_html *html, size_t way, double x1, double y1, double x2, double y2, double wide)
{
	const double middle = (y1 + y2) / 2;

	if (wide <= 0)
		return;
	kl_svg_path(html, bands[way],
		"M%.6g,%.6g C%.6g,%.6g %.6g,%.6g %.6g,%.6g h%.6g C%.6g,%.6g %.6g,%.6g %.6g,%.6g z",
		x1, y1, x1, middle, x2, middle, x2, y2, wide, x2 + wide, middle, x1 + wide, middle,
		x1 + wide, y1);
}

/* What it makes of each pound, in the bar, where there is room. */
static void draw_pence(struct kl_html *html, const struct kl_chart_flow *chart, size_t way,
	double part, double x, double y, double wide)
{
	char text[16];
	double room;

	if (chart->income <= 0 || part / chart->income < 0.005)
		return;
	(void)snprintf(text, sizeof text, "%.0fp", 100 * part / chart->income);
	room = kl_html_width(text, 13);
	if (room + 4 > wide)
		return;
	if (fills[way] == KL_FILL_UNKNOWN)
		kl_svg_rect(html, "paper-back", x + (wide - room) / 2, y + 4, room, BAR - 8);
	kl_svg_text(html, fills[way] == KL_FILL_LOCAL ? "inside inverse" : "inside",
		KL_ANCHOR_MIDDLE, x + wide / 2, y + BAR - 7.5, "%s", text);
}

static void draw_parts(struct kl_html *html, const struct kl_chart_flow *chart,
	const double parts[KL_WAYS], const double x[KL_WAYS], double y, double scale)
{
	for (size_t i = 0; i < KL_WAYS; i++) {
		if (parts[i] <= 0)
			continue;
		kl_svg_rect(html, kl_svg_fill_class(fills[i]), x[i], y, parts[i] * scale, BAR);
		draw_pence(html, chart, i, parts[i], x[i], y, parts[i] * scale);
	}
}

static void draw_words(
	struct kl_html *html, const struct kl_chart_flow *chart, size_t round, double width)
{
	const double x = flow_width(width) + (width < KL_CHART_WIDE ? BETWEEN_NARROW : BETWEEN);
	double y = PITCH * (double)round + 14;

	kl_svg_fitted(html, "head", x, y, width - x, 14, chart->heads[round]);
	for (size_t i = 0; i < KL_WAYS; i++) {
		if (!chart->texts[round][i])
			continue;
		y += LINE;
		kl_svg_rect(html, kl_svg_fill_class(fills[i]), x, y - SWATCH + 1, SWATCH, SWATCH);
		kl_svg_fitted(html, "label", x + SWATCH + 6, y, width - x - SWATCH - 6, 13,
			chart->texts[round][i]);
	}
}

void kl_chart_flow(struct kl_html *html, const struct kl_chart_flow *chart, double width)
{
	const double scale = kl_chart_flow_scale(chart, width);
	double third[KL_WAYS] = {0}, x2[KL_WAYS], x3[KL_WAYS], from = 0;

	for (size_t i = 0; i < KL_WAYS; i++)
		for (size_t j = 0; j < KL_WAYS; j++)
			third[j] += chart->second[i][j];
	places(chart->first, scale, x2);
	places(third, scale, x3);
	kl_svg_open(html, width, 2 * PITCH + FOOT, chart->title, chart->description);
	for (size_t i = 0; i < KL_WAYS; i++) {
		double at = x2[i];

		draw_band(html, i, from, BAR, x2[i], PITCH, chart->first[i] * scale);
		from += chart->first[i] * scale;
		for (size_t j = 0; j < KL_WAYS; j++) {
			const double wide = chart->second[i][j] * scale;

			draw_band(html, j, at, PITCH + BAR, x3[j], 2 * PITCH, wide);
			at += wide;
			x3[j] += wide;
		}
	}
	places(third, scale, x3);
	kl_svg_rect(html, "local", 0, 0, chart->income * scale, BAR);
	kl_svg_text(html, "inside inverse", KL_ANCHOR_MIDDLE, chart->income * scale / 2, BAR - 7.5,
		"\u00a31");
	draw_parts(html, chart, chart->first, x2, PITCH, scale);
	draw_parts(html, chart, third, x3, 2 * PITCH, scale);
	for (size_t round = 0; round < KL_CHART_ROUNDS; round++)
		draw_words(html, chart, round, width);
	kl_svg_close(html);
}
