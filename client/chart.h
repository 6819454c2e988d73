/* The shapes of picture that a report is made of. Each is a struct with what there is to show, and a
 * function that lays it out: nothing is computed here but where things go.
 *
 * A picture that fills the page is drawn twice, KL_CHART_WIDE and KL_CHART_NARROW pixels wide, and
 * the style sheet shows the one that fits: so text has its size on a desk, on paper and on a phone.
 * Small ones stand side by side and are always narrow. Every picture says in words what it shows
 * (`title`, `description`); its figures stand in a table at the end of the report. */
#ifndef KL_CLIENT_CHART_H
#define KL_CLIENT_CHART_H

#include "client/svg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KL_CHART_WIDE = 720, KL_CHART_NARROW = 328 };

/* ---- scores of several assessors: a row for each subject ------------------------------------- */

enum { KL_CHART_SCORES = 5, KL_CHART_SCORE_ROWS_MAX = 16 };

struct kl_chart_score {
	const char *name;
	bool scored;
	double median;
	unsigned counts[KL_CHART_SCORES]; /* how many assessors gave each score */
	const char *remark;               /* under the name; "" for none */
};

struct kl_chart_scores {
	const char *title, *description;
	const char *words[KL_CHART_SCORES]; /* "absent" .. */
	size_t count;
	struct kl_chart_score rows[KL_CHART_SCORE_ROWS_MAX];
};

void kl_chart_scores(struct kl_html *html, const struct kl_chart_scores *chart, double width);

/* Where a score lies in a picture of that width. */
double kl_chart_score_x(double score, double width);

/* ---- how near others are to us: a row for each ------------------------------------------------ */

enum { KL_CHART_NEAR_MAX = 15 };

struct kl_chart_near {
	const char *name, *remark; /* the remark stands under the name; "" for none */
	double distance;           /* 0 as we are .. 1 the least alike of those shown */
};

struct kl_chart_nearest {
	const char *title, *description;
	size_t count;
	struct kl_chart_near rows[KL_CHART_NEAR_MAX];
};

void kl_chart_nearest(struct kl_html *html, const struct kl_chart_nearest *chart, double width);

/* Where a distance lies in a picture of that width. */
double kl_chart_nearest_x(double distance, double width);

/* ---- bars of three parts: local, unknown, elsewhere, and the like ---------------------------- */

enum { KL_CHART_PARTS = 3, KL_CHART_BARS_MAX = 24 };

struct kl_chart_bar {
	const char *label, *amount; /* left, and right, of the bar */
	double parts[KL_CHART_PARTS];
	const char *texts[KL_CHART_PARTS]; /* shown in a part where there is room; NULL for none */
};

struct kl_chart_bars {
	const char *title, *description;
	enum kl_svg_fill fills[KL_CHART_PARTS];
	double whole; /* what the whole width stands for; 0: the largest bar */
	size_t count;
	struct kl_chart_bar rows[KL_CHART_BARS_MAX];
};

void kl_chart_bars(struct kl_html *html, const struct kl_chart_bars *chart, double width);

/* ---- the way of money through three rounds ---------------------------------------------------- */

enum kl_chart_way { KL_WAY_LOCAL, KL_WAY_UNKNOWN, KL_WAY_ELSEWHERE, KL_WAYS };

enum { KL_CHART_ROUNDS = 3 };

struct kl_chart_flow {
	const char *title, *description;
	const char *heads[KL_CHART_ROUNDS];          /* beside each round */
	const char *texts[KL_CHART_ROUNDS][KL_WAYS]; /* beneath; NULL for none */
	double income;                               /* all that comes in */
	double first[KL_WAYS];           /* where it goes: what stands in the second round */
	double second[KL_WAYS][KL_WAYS]; /* and where that goes: [from][to] */
};

void kl_chart_flow(struct kl_html *html, const struct kl_chart_flow *chart, double width);

/* Pixels for one unit of money, the same in all rounds. */
double kl_chart_flow_scale(const struct kl_chart_flow *chart, double width);

/* ---- how many members are in which bin ------------------------------------------------------- */

enum { KL_CHART_BINS_MAX = 16 };

struct kl_chart_bin {
	double from, to;
	bool open_from, open_to; /* then the edge means nothing */
	uint64_t count;
};

struct kl_chart_quartile {
	double value, low, high;
	bool open_low, open_high;
};

struct kl_chart_histogram {
	const char *title, *description;
	size_t count;
	struct kl_chart_bin bins[KL_CHART_BINS_MAX];
	/* The text of an edge, as short as can be; `context` comes back. */
	const char *(*edge)(const void *context, double value, char *out, size_t size);
	const void *context;
	bool has_quartiles;
	struct kl_chart_quartile q1, median, q3;
	bool has_own;
	size_t own_bin;
	double own;
};

void kl_chart_histogram(struct kl_html *html, const struct kl_chart_histogram *chart, double width);

/* Where a value lies: within its bin, by its distance from the edges; in an open bin in the middle. */
double kl_chart_histogram_x(const struct kl_chart_histogram *chart, double value, double width);

/* ---- a value over time ------------------------------------------------------------------------ */

enum { KL_CHART_POINTS_MAX = 40 };

struct kl_chart_point {
	double at;          /* in time: any unit, ascending */
	const char *period; /* its name */
	double value;
	const char *text; /* the value as people read it */
	bool joined;      /* may be compared with an earlier point: a line leads from there */
	size_t from;      /* that point, when joined */
	unsigned
		method; /* the same number: found in the same way; shown by the shape of the mark */
};

struct kl_chart_line {
	const char *title, *description;
	size_t count;
	struct kl_chart_point points[KL_CHART_POINTS_MAX];
};

void kl_chart_line(struct kl_html *html, const struct kl_chart_line *chart, double width);

double kl_chart_line_x(const struct kl_chart_line *chart, double at, double width);
double kl_chart_line_y(const struct kl_chart_line *chart, double value);

#endif
