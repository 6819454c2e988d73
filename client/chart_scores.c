/* Scores of several assessors: rings where they stand, a band from the lowest to the highest, a diamond
 * at the median. Where they stand apart, the band is long: nobody has to read a number for that. */
#include "client/chart.h"

enum {
	HEAD = 34, /* height of the words of the scale */
	ROW = 40,  /* of one row; narrow ones have the name above the track */
	ROW_NARROW = 62,
	LEFT = 252, /* where the track begins */
	LEFT_NARROW = 26,
	RIGHT = 100, /* space behind the track: half a word of the scale, and the median */
	RIGHT_NARROW = 40,
	RING = 7,
};

static bool narrow(double width)
{
	return width < KL_CHART_WIDE;
}

double kl_chart_score_x(double score, double width)
{
	const double left = narrow(width) ? LEFT_NARROW : LEFT;
	const double right = width - (narrow(width) ? RIGHT_NARROW : RIGHT);

	return left + score * (right - left) / (KL_CHART_SCORES - 1);
}

static void draw_scale(
	struct kl_html *html, const struct kl_chart_scores *chart, double width, double height)
{
	for (int s = 0; s < KL_CHART_SCORES; s++) {
		const double x = kl_chart_score_x(s, width);

		kl_svg_line(html, "grid", x, HEAD - 4, x, height - 6);
		kl_svg_text(html, "small", KL_ANCHOR_MIDDLE, x, 12, "%d", s);
		kl_svg_text(html, "small", KL_ANCHOR_MIDDLE, x, 25, "%s", chart->words[s]);
	}
	if (!narrow(width))
		kl_svg_text(html, "small", KL_ANCHOR_END, width, 25, "median");
}

/* Lowest and highest score that anybody gave; false if nobody gave one. */
static bool spread(const struct kl_chart_score *row, int *ret_low, int *ret_high)
{
	bool any = false;

	for (int s = 0; s < KL_CHART_SCORES; s++) {
		if (!row->counts[s])
			continue;
		if (!any)
			*ret_low = s;
		*ret_high = s;
		any = true;
	}
	return any;
}

static void draw_marks(
	struct kl_html *html, const struct kl_chart_score *row, double y, double width)
{
	int low = 0, high = 0;

	kl_svg_line(html, "track", kl_chart_score_x(0, width), y,
		kl_chart_score_x(KL_CHART_SCORES - 1, width), y);
	if (spread(row, &low, &high) && high > low)
		kl_svg_rect(html, "spread", kl_chart_score_x(low, width), y - 4,
			kl_chart_score_x(high, width) - kl_chart_score_x(low, width), 8);
	for (int s = 0; s < KL_CHART_SCORES; s++) {
		if (!row->counts[s])
			continue;
		kl_svg_circle(html, "ring", kl_chart_score_x(s, width), y, RING);
		if (row->counts[s] > 1)
			kl_svg_text(html, "tiny", KL_ANCHOR_MIDDLE, kl_chart_score_x(s, width) + 15,
				y - 7, "\u00d7%u", row->counts[s]);
	}
	kl_svg_diamond(html, "median", kl_chart_score_x(row->median, width), y, 5.5);
	kl_svg_text(html, "value", KL_ANCHOR_END, width, y + 5, "%.2g", row->median);
}

static void draw_row(
	struct kl_html *html, const struct kl_chart_score *row, double top, double width)
{
	const double y = narrow(width) ? top + 42 : top + ROW / 2.0;
	const double room = narrow(width) ? width : LEFT - 16;
	double name_y = narrow(width) ? top + 18 : y + 5;

	if (row->remark[0] && !narrow(width)) {
		name_y = y - 2;
		kl_svg_fitted(html, "tiny", 0, y + 13, room, 11, row->remark);
	} else if (row->remark[0]) {
		kl_svg_text(html, "tiny", KL_ANCHOR_END, width, name_y, "%s", row->remark);
	}
	kl_svg_fitted(html, "label", 0, name_y, room, 14, row->name);
	if (row->scored)
		draw_marks(html, row, y, width);
	else
		kl_svg_text(html, "small paper", KL_ANCHOR_MIDDLE, kl_chart_score_x(2, width),
			y + 4, "not scored yet");
}

void kl_chart_scores(struct kl_html *html, const struct kl_chart_scores *chart, double width)
{
	const double row = narrow(width) ? ROW_NARROW : ROW;
	const double height = HEAD + row * (double)chart->count;

	kl_svg_open(html, width, height, chart->title, chart->description);
	draw_scale(html, chart, width, height);
	for (size_t i = 0; i < chart->count; i++)
		draw_row(html, &chart->rows[i], HEAD + row * (double)i, width);
	kl_svg_close(html);
}
