/* Pictures: whether values land where they must. Numbers are read out of the drawn SVG. */
#include "client/chart.h"
#include "core/error.h"
#include "tests/unit/harness.h"
#include "tests/unit/markup.h"

#include <math.h>
#include <stdio.h>

static const double widths[] = {KL_CHART_WIDE, KL_CHART_NARROW};

/* A picture that was drawn. */
struct picture {
	struct kl_html html;
	struct kl_bytes svg;
};

#define DRAWN(p, draw, chart, width)                                                               \
	do {                                                                                       \
		kl_html_init_piece(&(p)->html);                                                    \
		draw(&(p)->html, chart, width);                                                    \
		assert_int_equal(kl_html_end(&(p)->html, &(p)->svg), KL_OK);                       \
		markup_is_whole((p)->svg);                                                         \
	} while (0)

static void is_near(double got, double wanted)
{
	if (fabs(got - wanted) > 0.01)
		fail_msg("expected %g, got %g", wanted, got);
}

/* ---- scores -------------------------------------------------------------------------------- */

static const struct kl_chart_scores scores = {
	.title = "Scores <of> a place",
	.description = "One & two",
	.words = {"absent", "starting", "partial", "established", "leading"},
	.count = 3,
	.rows = {{.name = "Money flows",
			 .scored = true,
			 .median = 1.5,
			 .counts = {1, 0, 0, 2, 0},
			 .remark = "3 points apart"},
		{.name = "Business",
			.scored = true,
			.median = 4,
			.counts = {0, 0, 0, 0, 1},
			.remark = ""},
		{.name = "Finance", .remark = ""}},
};

static void scores_stand_on_an_even_scale(void **state)
{
	struct picture p;

	(void)state;
	for (size_t w = 0; w < 2; w++) {
		double first, last, step;

		DRAWN(&p, kl_chart_scores, &scores, widths[w]);
		first = markup_number(p.svg, "circle", "ring", 0, "cx");
		last = markup_number(p.svg, "circle", "ring", 2, "cx");
		step = (last - first) / 4;
		assert_true(first >= 0 && last <= widths[w] && step > 40);
		is_near(markup_number(p.svg, "circle", "ring", 1, "cx"), first + 3 * step);
		is_near(kl_chart_score_x(1.5, widths[w]), first + 1.5 * step);
		assert_int_equal(markup_elements(p.svg, "circle", "ring"), 3);
		assert_int_equal(markup_elements(p.svg, "path", "median"), 2);
		/* The band reaches from the lowest to the highest, and only where they differ. */
		assert_int_equal(markup_elements(p.svg, "rect", "spread"), 1);
		is_near(markup_number(p.svg, "rect", "spread", 0, "x"), first);
		is_near(markup_number(p.svg, "rect", "spread", 0, "width"), 3 * step);
		assert_int_equal(markup_count(p.svg, ">\u00d72<"), 1);
		assert_int_equal(markup_count(p.svg, ">not scored yet<"), 1);
		assert_int_equal(markup_count(p.svg, ">1.5<"), 1);
		assert_int_equal(markup_count(p.svg, "Scores &lt;of&gt; a place</title>"), 1);
		assert_int_equal(markup_count(p.svg, "One &amp; two</desc>"), 1);
		kl_html_deinit(&p.html);
	}
}

/* ---- how near others are --------------------------------------------------------------------- */

static const struct kl_chart_nearest nearest = {
	.title = "Who is <like> us",
	.description = "One & two",
	.count = 3,
	.rows = {{.name = "Nobody else's twin", .remark = "", .distance = 0},
		{.name = "Half & half", .remark = "same region", .distance = 0.5},
		{.name = "Far", .remark = "", .distance = 1}},
};

static void a_dot_is_as_far_from_us_as_the_member_is_unlike(void **state)
{
	struct picture p;

	(void)state;
	for (size_t w = 0; w < 2; w++) {
		double us, far;

		DRAWN(&p, kl_chart_nearest, &nearest, widths[w]);
		us = markup_number(p.svg, "circle", "point", 0, "cx");
		far = markup_number(p.svg, "circle", "point", 2, "cx");
		assert_true(us >= 0 && far <= widths[w] && far - us > 150);
		is_near(markup_number(p.svg, "circle", "point", 1, "cx"), us + (far - us) / 2);
		is_near(markup_number(p.svg, "line", "axis", 0, "x1"), us);
		assert_int_equal(markup_elements(p.svg, "line", "track"), 3);
		assert_int_equal(markup_count(p.svg, ">0.50<"), 1);
		assert_int_equal(markup_count(p.svg, ">same region<"), 1);
		assert_int_equal(markup_count(p.svg, "Half &amp; half"), 1);
		assert_int_equal(markup_count(p.svg, "Who is &lt;like&gt; us</title>"), 1);
		kl_html_deinit(&p.html);
	}
}

/* ---- bars ---------------------------------------------------------------------------------- */

static const struct kl_chart_bars bars = {
	.title = "Spend",
	.description = "By year",
	.fills = {KL_FILL_LOCAL, KL_FILL_UNKNOWN, KL_FILL_ELSEWHERE},
	.count = 2,
	.rows = {{.label = "2012",
			 .amount = "£4",
			 .parts = {1, 0, 3},
			 .texts = {"25%", NULL, "75%"}},
		{.label = "2016",
			.amount = "£8",
			.parts = {4, 2, 2},
			.texts = {"50%", "25%", "25%"}}},
};

static void bars_are_as_long_as_their_amounts(void **state)
{
	struct picture p;

	(void)state;
	for (size_t w = 0; w < 2; w++) {
		double unit, end;

		DRAWN(&p, kl_chart_bars, &bars, widths[w]);
		unit = markup_number(p.svg, "rect", "local", 0, "width");
		assert_true(unit > 20);
		is_near(markup_number(p.svg, "rect", "elsewhere", 0, "width"), 3 * unit);
		is_near(markup_number(p.svg, "rect", "local", 1, "width"), 4 * unit);
		is_near(markup_number(p.svg, "rect", "unknown", 0, "width"), 2 * unit);
		/* Parts stand one behind the other, in their order. */
		is_near(markup_number(p.svg, "rect", "unknown", 0, "x"),
			markup_number(p.svg, "rect", "local", 1, "x") + 4 * unit);
		end = markup_number(p.svg, "rect", "elsewhere", 1, "x") + 2 * unit;
		assert_true(end <= widths[w] + 0.01);
		assert_int_equal(markup_elements(p.svg, "rect", "unknown"), 1);
		assert_int_equal(markup_count(p.svg, ">50%<"), 1);
		kl_html_deinit(&p.html);
	}
}

static void a_bar_of_a_known_whole_is_not_stretched(void **state)
{
	struct kl_chart_bars half = bars;
	struct picture p;

	(void)state;
	half.whole = 16;
	DRAWN(&p, kl_chart_bars, &half, KL_CHART_NARROW);
	is_near(markup_number(p.svg, "rect", "local", 1, "width"), KL_CHART_NARROW / 4.0);
	kl_html_deinit(&p.html);
}

/* What a small picture looks like, to the letter. */
static void a_golden_bar(void **state)
{
	static const struct kl_chart_bars one = {.title = "T",
		.description = "D",
		.fills = {KL_FILL_LOCAL, KL_FILL_UNKNOWN, KL_FILL_ELSEWHERE},
		.count = 1,
		.rows = {
			{.label = "a & b", .amount = "£2", .parts = {1, 0, 1}, .texts = {"half"}}}};
	static const char golden[] =
		"\n<svg viewBox=\"0 0 328 50\" style=\"max-width:328px\" role=\"img\" "
		"aria-labelledby=\"t1 d1\">\n<title id=\"t1\">T</title><desc id=\"d1\">D</desc>"
		"<text class=\"label\" x=\"0\" y=\"16\">a &amp; b</text>"
		"<rect class=\"local\" x=\"0\" y=\"22\" width=\"164\" height=\"20\"></rect>"
		"<text class=\"inside inverse\" x=\"82\" y=\"36.5\" "
		"text-anchor=\"middle\">half</text>"
		"<rect class=\"elsewhere\" x=\"164\" y=\"22\" width=\"164\" height=\"20\"></rect>"
		"<text class=\"value\" x=\"328\" y=\"16\" text-anchor=\"end\">£2</text></svg>\n";
	struct picture p;

	(void)state;
	DRAWN(&p, kl_chart_bars, &one, KL_CHART_NARROW);
	assert_string_equal((const char *)p.svg.data, golden);
	kl_html_deinit(&p.html);
}

/* ---- flow ---------------------------------------------------------------------------------- */

static const struct kl_chart_flow flow = {
	.title = "Flow",
	.description = "Three rounds",
	.heads = {"1", "2", "3"},
	.texts = {{"income"}, {"stays", "not known", "leaves"}, {"stays", "not known", "leaves"}},
	.income = 1000,
	.first = {500, 100, 400},
	.second = {{200, 50, 250}, {0, 60, 40}, {30, 0, 370}},
};

/* All that comes in is somewhere in every round, on one scale. */
static void money_is_kept_on_its_way(void **state)
{
	struct picture p;

	(void)state;
	for (size_t w = 0; w < 2; w++) {
		const double scale = kl_chart_flow_scale(&flow, widths[w]);

		DRAWN(&p, kl_chart_flow, &flow, widths[w]);
		assert_true(scale > 0);
		is_near(markup_number(p.svg, "rect", "local", 0, "width"), 1000 * scale);
		is_near(markup_number(p.svg, "rect", "local", 1, "width"), 500 * scale);
		is_near(markup_number(p.svg, "rect", "unknown", 0, "width"), 100 * scale);
		is_near(markup_number(p.svg, "rect", "elsewhere", 0, "width"), 400 * scale);
		is_near(markup_number(p.svg, "rect", "local", 2, "width"), 230 * scale);
		is_near(markup_number(p.svg, "rect", "unknown", 1, "width"), 110 * scale);
		is_near(markup_number(p.svg, "rect", "elsewhere", 1, "width"), 660 * scale);
		/* Three bands lead to the second round, one for each way that is taken to the third. */
		assert_int_equal(markup_elements(p.svg, "path", "band-local"), 1 + 2);
		assert_int_equal(markup_elements(p.svg, "path", "band-unknown"), 1 + 2);
		assert_int_equal(markup_elements(p.svg, "path", "band-elsewhere"), 1 + 3);
		assert_int_equal(markup_count(p.svg, ">\u00a31<"), 1);
		assert_int_equal(markup_count(p.svg, ">50p<"), 1);
		assert_int_equal(markup_count(p.svg, ">23p<"), 1);
		kl_html_deinit(&p.html);
	}
}

static void more_that_goes_out_than_comes_in_still_fits(void **state)
{
	struct kl_chart_flow over = flow;
	struct picture p;

	(void)state;
	over.income = 500;
	DRAWN(&p, kl_chart_flow, &over, KL_CHART_WIDE);
	is_near(markup_number(p.svg, "rect", "local", 0, "width") * 2,
		1000 * kl_chart_flow_scale(&flow, KL_CHART_WIDE));
	kl_html_deinit(&p.html);
}

/* ---- histogram ----------------------------------------------------------------------------- */

static const char *edge(const void *context, double value, char *out, size_t size)
{
	(void)context;
	snprintf(out, size, "%g", value);
	return out;
}

static const struct kl_chart_histogram histogram = {
	.title = "LM3",
	.description = "of members",
	.count = 4,
	.bins = {{.from = 1, .to = 1.5, .count = 2}, {.from = 1.5, .to = 2, .count = 4},
		{.from = 2, .to = 2.5, .count = 0}, {.from = 2.5, .open_to = true, .count = 1}},
	.edge = edge,
	.has_quartiles = true,
	.q1 = {.value = 1.25},
	.median = {.value = 1.75, .low = 1.5, .high = 2},
	.q3 = {.value = 1.9},
	.has_own = true,
	.own_bin = 3,
	.own = 2.9,
};

static void bins_are_as_high_as_their_counts(void **state)
{
	struct picture p;

	(void)state;
	for (size_t w = 0; w < 2; w++) {
		double unit, wide;

		DRAWN(&p, kl_chart_histogram, &histogram, widths[w]);
		unit = markup_number(p.svg, "rect", "elsewhere", 0, "height") / 2;
		is_near(markup_number(p.svg, "rect", "elsewhere", 1, "height"), 4 * unit);
		is_near(markup_number(p.svg, "rect", "own", 0, "height"), unit);
		assert_int_equal(markup_elements(p.svg, "rect", "elsewhere"), 2); /* empty: none */
		/* They stand on one line. */
		is_near(markup_number(p.svg, "rect", "own", 0, "y") + unit,
			markup_number(p.svg, "rect", "elsewhere", 0, "y") + 2 * unit);
		/* The certain median lies exactly under its bin. */
		wide = markup_number(p.svg, "rect", "certain", 0, "width");
		is_near(markup_number(p.svg, "rect", "elsewhere", 1, "x") - 1,
			markup_number(p.svg, "rect", "certain", 0, "x"));
		is_near(markup_number(p.svg, "rect", "elsewhere", 1, "width") + 2, wide);
		is_near(kl_chart_histogram_x(&histogram, 1.75, widths[w]),
			markup_number(p.svg, "rect", "certain", 0, "x") + wide / 2);
		assert_int_equal(markup_count(p.svg, ">us<"), 1);
		kl_html_deinit(&p.html);
	}
}

static void whole_scores_stand_in_the_middle_of_their_bins(void **state)
{
	static const struct kl_chart_histogram discrete = {.title = "T",
		.description = "D",
		.count = 3,
		.bins = {{.from = 0, .to = 1, .count = 1}, {.from = 2, .to = 2, .count = 1},
			{.from = 3, .to = 4, .count = 1}},
		.edge = edge};
	const double wide = kl_chart_histogram_x(&discrete, 2, 300) * 2;
	struct picture p;

	(void)state;
	is_near(wide, 300);
	is_near(kl_chart_histogram_x(&discrete, 0.5, 300) +
			kl_chart_histogram_x(&discrete, 3.5, 300),
		300);
	DRAWN(&p, kl_chart_histogram, &discrete, 300);
	assert_int_equal(markup_count(p.svg, ">0\u20131<"), 1);
	assert_int_equal(markup_count(p.svg, ">2<"), 1);
	assert_int_equal(markup_count(p.svg, ">3\u20134<"), 1);
	kl_html_deinit(&p.html);
}

/* ---- line ---------------------------------------------------------------------------------- */

static const struct kl_chart_line line = {
	.title = "Over time",
	.description = "1 to 4",
	.count = 4,
	.points = {{.at = 0, .period = "2012", .value = 1, .text = "1"},
		{.at = 12, .period = "2013", .value = 3, .text = "3", .joined = true, .from = 0},
		{.at = 24, .period = "2014", .value = 2, .text = "2", .method = 1},
		{.at = 48,
			.period = "2016",
			.value = 4,
			.text = "4",
			.joined = true,
			.from = 2,
			.method = 1}},
};

static void methods_are_never_joined(void **state)
{
	struct picture p;

	(void)state;
	DRAWN(&p, kl_chart_line, &line, KL_CHART_NARROW);
	assert_int_equal(markup_elements(p.svg, "line", "trend"), 2);
	assert_int_equal(markup_elements(p.svg, "circle", "point"), 2);
	assert_int_equal(markup_elements(p.svg, "rect", "point open"), 2);
	is_near(markup_number(p.svg, "line", "trend", 1, "x1"),
		markup_number(p.svg, "rect", "point open", 0, "x") + 4);
	is_near(markup_number(p.svg, "line", "trend", 0, "y2"),
		markup_number(p.svg, "circle", "point", 1, "cy"));
	kl_html_deinit(&p.html);
}

/* Every second figure comes from somewhere else: two lines pass by each other. */
static void a_line_passes_by_what_it_may_not_touch(void **state)
{
	struct kl_chart_line woven = line;
	struct picture p;

	(void)state;
	woven.points[1] = (struct kl_chart_point){
		.at = 12, .period = "2013", .value = 3, .text = "3", .method = 1};
	woven.points[2] = (struct kl_chart_point){
		.at = 24, .period = "2014", .value = 2, .text = "2", .joined = true, .from = 0};
	woven.points[3].from = 1;
	DRAWN(&p, kl_chart_line, &woven, KL_CHART_NARROW);
	assert_int_equal(markup_elements(p.svg, "line", "trend"), 2);
	is_near(markup_number(p.svg, "line", "trend", 0, "x1"),
		markup_number(p.svg, "circle", "point", 0, "cx"));
	is_near(markup_number(p.svg, "line", "trend", 0, "x2"),
		markup_number(p.svg, "circle", "point", 1, "cx"));
	is_near(markup_number(p.svg, "line", "trend", 1, "x1"),
		markup_number(p.svg, "rect", "point open", 0, "x") + 4);
	kl_html_deinit(&p.html);
}

static void time_and_value_are_to_scale(void **state)
{
	const double first = kl_chart_line_x(&line, 0, 300), last = kl_chart_line_x(&line, 48, 300);
	struct kl_chart_line flat = line;

	(void)state;
	is_near(kl_chart_line_x(&line, 12, 300), first + (last - first) / 4);
	is_near(kl_chart_line_y(&line, 1) - kl_chart_line_y(&line, 2),
		kl_chart_line_y(&line, 3) - kl_chart_line_y(&line, 4));
	assert_true(kl_chart_line_y(&line, 4) < kl_chart_line_y(&line, 1));
	flat.count = 1;
	is_near(kl_chart_line_x(&flat, 0, 300), 150);
	assert_true(isfinite(kl_chart_line_y(&flat, 1)));
}

/* ---- long names ----------------------------------------------------------------------------- */

static void long_names_are_cut_and_kept_as_a_title(void **state)
{
	struct kl_chart_bars chart = {.title = "T",
		.description = "D",
		.count = 1,
		.rows = {{.label = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk<b>",
			.amount = "£2",
			.parts = {1}}}};
	struct picture p;

	(void)state;
	DRAWN(&p, kl_chart_bars, &chart, KL_CHART_WIDE);
	assert_int_equal(markup_count(p.svg, "\u2026</text>"), 1);
	assert_int_equal(
		markup_count(p.svg, "<title>Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk"
				    "&lt;b&gt;</title>"),
		1);
	kl_html_deinit(&p.html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores_stand_on_an_even_scale),
		cmocka_unit_test(a_dot_is_as_far_from_us_as_the_member_is_unlike),
		cmocka_unit_test(bars_are_as_long_as_their_amounts),
		cmocka_unit_test(a_bar_of_a_known_whole_is_not_stretched),
		cmocka_unit_test(a_golden_bar),
		cmocka_unit_test(money_is_kept_on_its_way),
		cmocka_unit_test(more_that_goes_out_than_comes_in_still_fits),
		cmocka_unit_test(bins_are_as_high_as_their_counts),
		cmocka_unit_test(whole_scores_stand_in_the_middle_of_their_bins),
		cmocka_unit_test(methods_are_never_joined),
		cmocka_unit_test(a_line_passes_by_what_it_may_not_touch),
		cmocka_unit_test(time_and_value_are_to_scale),
		cmocka_unit_test(long_names_are_cut_and_kept_as_a_title),
	};

	return RUN(tests);
}
