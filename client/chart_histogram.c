/* How many members stand in which bin, ours marked, with what is certain of the median beneath. */
#include "client/chart.h"

enum {
	HEAD = 34, /* above the highest bar: its count, and the mark of our own bin */
	BARS = 110,
	FOOT = 58, /* edges, and the line of quartiles */
	SIDE = 12, /* half an edge's text stands beside the outermost bars */
	EDGE_TEXT = 11,
};

static const double base = HEAD + BARS;

static double bin_width(const struct kl_chart_histogram *chart, double width)
{
	return (width - 2 * SIDE) / (double)(chart->count ? chart->count : 1);
}

static double bin_x(const struct kl_chart_histogram *chart, size_t bin, double width)
{
	return SIDE + (double)bin * bin_width(chart, width);
}

/* Bins of whole scores: "3", not "3 up to 4". */
static bool is_discrete(const struct kl_chart_histogram *chart)
{
	return chart->count > 1 && !chart->bins[0].open_to && !chart->bins[1].open_from &&
	       chart->bins[0].to < chart->bins[1].from;
}

/* How far into its bin a value is. */
static double within(const struct kl_chart_bin *bin, double value, bool discrete)
{
	if (bin->open_from || bin->open_to)
		return 0.5;
	if (discrete)
		return (value - bin->from + 0.5) / (bin->to - bin->from + 1);
	return bin->to > bin->from ? (value - bin->from) / (bin->to - bin->from) : 0.5;
}

double kl_chart_histogram_x(const struct kl_chart_histogram *chart, double value, double width)
{
	const bool discrete = is_discrete(chart);
	const double slack = discrete ? 0.5 : 0;
	size_t bin = 0;

	while (bin + 1 < chart->count && !chart->bins[bin].open_to &&
		value > chart->bins[bin].to + slack)
		bin++;
	return bin_x(chart, bin, width) +
	       bin_width(chart, width) * within(&chart->bins[bin], value, discrete);
}

static uint64_t highest(const struct kl_chart_histogram *chart)
{
	uint64_t most = 1;

	for (size_t i = 0; i < chart->count; i++)
		if (chart->bins[i].count > most)
			most = chart->bins[i].count;
	return most;
}

static void draw_bars(struct kl_html *html, const struct kl_chart_histogram *chart, double width)
{
	const double step = bin_width(chart, width), scale = BARS / (double)highest(chart);

	for (size_t i = 0; i < chart->count; i++) {
		const double x = bin_x(chart, i, width),
			     height = scale * (double)chart->bins[i].count;
		const bool own = chart->has_own && chart->own_bin == i;

		if (chart->bins[i].count) {
			kl_svg_rect(html, own ? "own" : "elsewhere", x + 1, base - height, step - 2,
				height);
			kl_svg_text(html, "tiny", KL_ANCHOR_MIDDLE, x + step / 2, base - height - 4,
				"%llu", (unsigned long long)chart->bins[i].count);
		}
		if (own) {
			const double top = base - height - (chart->bins[i].count ? 18 : 4);

			kl_svg_path(html, "own", "M%.6g,%.6g l-5,-7 l10,0 z", x + step / 2, top);
			kl_svg_text(html, "us", KL_ANCHOR_MIDDLE, x + step / 2, top - 10, "us");
		}
	}
	kl_svg_line(html, "axis", SIDE, base, width - SIDE, base);
}

/* Every edge if there is room for their texts, else every second, fourth, .. */
static size_t stride_for(const struct kl_chart_histogram *chart, double width)
{
	size_t stride = 1;
	double widest = 0;
	char text[64];

	for (size_t i = 0; i < chart->count; i++) {
		const struct kl_chart_bin *bin = &chart->bins[i];
		const double w = bin->open_from
					 ? 0
					 : kl_html_width(chart->edge(chart->context, bin->from,
								 text, sizeof text),
						   EDGE_TEXT);

		widest = w > widest ? w : widest;
	}
	while (stride < chart->count && (double)stride * bin_width(chart, width) < widest + 6)
		stride *= 2;
	return stride;
}

static void draw_edge(
	struct kl_html *html, const struct kl_chart_histogram *chart, double value, double x)
{
	char text[64];

	kl_svg_line(html, "axis", x, base, x, base + 4);
	kl_svg_text(html, "tiny", KL_ANCHOR_MIDDLE, x, base + 16, "%s",
		chart->edge(chart->context, value, text, sizeof text));
}

/* Scores that stand in one bin, "0\u20131", in its middle. */
static void draw_scores(struct kl_html *html, const struct kl_chart_histogram *chart, double width)
{
	for (size_t i = 0; i < chart->count; i++) {
		const struct kl_chart_bin *bin = &chart->bins[i];
		const double x = bin_x(chart, i, width) + bin_width(chart, width) / 2;
		char from[64], to[64];

		chart->edge(chart->context, bin->from, from, sizeof from);
		chart->edge(chart->context, bin->to, to, sizeof to);
		kl_svg_text(html, "tiny", KL_ANCHOR_MIDDLE, x, base + 16, "%s%s%s", from,
			bin->to > bin->from ? "\u2013" : "", bin->to > bin->from ? to : "");
	}
}

static void draw_edges(struct kl_html *html, const struct kl_chart_histogram *chart, double width)
{
	const size_t stride = stride_for(chart, width), last = chart->count - 1;

	for (size_t i = 0; i < chart->count; i += stride)
		if (!chart->bins[i].open_from)
			draw_edge(html, chart, chart->bins[i].from, bin_x(chart, i, width));
	if (chart->count % stride == 0 && !chart->bins[last].open_to)
		draw_edge(html, chart, chart->bins[last].to, bin_x(chart, chart->count, width));
}

/* A thin line over the middle half, a thick one over where the median certainly is, a diamond at it. */
static void draw_quartiles(
	struct kl_html *html, const struct kl_chart_histogram *chart, double width)
{
	const struct kl_chart_quartile *m = &chart->median;
	const double y = base + 34;
	const double low = m->open_low ? SIDE : kl_chart_histogram_x(chart, m->low, width);
	const double high =
		m->open_high ? width - SIDE : kl_chart_histogram_x(chart, m->high, width);

	kl_svg_line(html, "half", kl_chart_histogram_x(chart, chart->q1.value, width), y,
		kl_chart_histogram_x(chart, chart->q3.value, width), y);
	if (high > low)
		kl_svg_rect(html, "certain", low, y - 4, high - low, 8);
	kl_svg_diamond(html, "median", kl_chart_histogram_x(chart, m->value, width), y, 5.5);
	kl_svg_text(html, "tiny", KL_ANCHOR_MIDDLE, kl_chart_histogram_x(chart, m->value, width),
		y + 20, "median");
}

void kl_chart_histogram(struct kl_html *html, const struct kl_chart_histogram *chart, double width)
{
	kl_svg_open(html, width, HEAD + BARS + FOOT, chart->title, chart->description);
	draw_bars(html, chart, width);
	if (is_discrete(chart))
		draw_scores(html, chart, width);
	else if (chart->count)
		draw_edges(html, chart, width);
	if (chart->has_quartiles)
		draw_quartiles(html, chart, width);
	kl_svg_close(html);
}
