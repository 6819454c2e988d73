/* The report: a page that an officer can hand to a committee.
 *
 * First every answer is fetched from the daemon and kept (report_answers.c), then the page is written
 * from what is kept, without asking anybody. It has a summary in sentences, a section for each kind of
 * figures that there are, the figures behind the pictures as tables, and how each was found.
 *
 * section  a file report_NAME.c each: what there is to say about one kind of figures. It works from
 *          the keys of answers that `--json` prints, and computes nothing but where things go */
#ifndef KL_CLIENT_REPORT_H
#define KL_CLIENT_REPORT_H

#include "client/chart.h"
#include "client/cli.h"
#include "client/html.h"

enum {
	KL_REPORT_HISTORIES_MAX = 48,  /* indicators with observations */
	KL_REPORT_BENCHMARKS_MAX = 96, /* metrics and cohorts */
	KL_REPORT_LESSONS_MAX = 5,
	KL_REPORT_TEXT_MAX = 512,
};

/* An answer of the daemon, kept; or its words for why there is none. */
struct kl_report_answer {
	bool known;
	struct kl_value value; /* a map; of an unknown one, an empty map */
	uint8_t *bytes;
	char why[KL_FAULT_MESSAGE_MAX]; /* unless known; "" if there simply is nothing */
};

struct kl_report {
	char title[KL_REPORT_TEXT_MAX]; /* as typed; "" for the usual one */
	char date[32];                  /* "30 November 2026" */
	char period[16];                /* as asked for, or "" */
	struct kl_report_answer status, profile, assessment, projects, lm3, explained, leaks, spend,
		enabled, indicators, figures;
	struct kl_report_answer similar, landscape, lessons,
		questions;                                     /* of others; see report_others.c */
	struct kl_report_answer lesson[KL_REPORT_LESSONS_MAX]; /* the newest of them, whole */
	size_t lesson_count;
	bool lessons_of_all;                    /* not only of members like us */
	struct kl_report_answer coverage, gaps; /* of our own area */
	struct kl_report_answer histories[KL_REPORT_HISTORIES_MAX];
	struct kl_report_answer about[KL_REPORT_HISTORIES_MAX]; /* the indicator of each history */
	struct kl_report_answer benchmarks[KL_REPORT_BENCHMARKS_MAX];
	size_t history_count, histories_left_out, benchmark_count, benchmarks_left_out;
};

struct kl_report_section {
	const char *id, *title;
	bool others;                   /* tells of others: it is no figure of one's own */
	const char *without, *command; /* what the report lacks without it, and what to type */
	bool (*known)(const struct kl_report *report);
	/* Why it is not, where that is no mere absence: the daemon's words, or "". May be NULL. */
	const char *(*why)(const struct kl_report *report);
	/* All but `draw` may be NULL. */
	void (*draw)(struct kl_html *html, const struct kl_report *report);
	void (*headline)(struct kl_html *html, const struct kl_report *report); /* a tile or two */
	void (*summary)(struct kl_html *html, const struct kl_report *report); /* items of a list */
	void (*tables)(struct kl_html *html, const struct kl_report *report);
	void (*methods)(struct kl_html *html, const struct kl_report *report); /* items of a list */
};

/* In the order of the page, ended by NULL. */
extern const struct kl_report_section *const kl_report_sections[];

/* ---- answers ------------------------------------------------------------------------------- */

struct kl_report_wanted {
	const char *period, *project; /* as typed, or NULL */
};

/* Asks for all there is. What the daemon has not is kept as its words; that it cannot be reached, or
 * that its database is damaged, is a failure. */
int kl_report_fetch(
	struct kl_cli *cli, const struct kl_report_wanted *wanted, struct kl_report *ret_report);
void kl_report_deinit(struct kl_report *report);

/* Asks for what others say in public: who is like us, what policies they
 * have, what they learnt. As above. */
int kl_report_fetch_others(struct kl_cli *cli, struct kl_report *report);

/* Asks for one thing. `pack` may be NULL. */
int kl_report_ask(struct kl_cli *cli, const char *command, struct kl_pack *pack,
	struct kl_report_answer *ret_answer);

/* The same with one argument, which is left out when it is NULL. */
int kl_report_ask_with(struct kl_cli *cli, const char *command, const char *key, const char *text,
	struct kl_report_answer *ret_answer);

/* Keeps a copy of a value. KL_E_NOMEM, or KL_E_MALFORMED unless it is a map. */
int kl_report_keep(const struct kl_value *value, struct kl_report_answer *ret_answer);

/* ---- the page ------------------------------------------------------------------------------ */

extern const char kl_report_css[];

/* Writes the whole page; see kl_html_end(). `html` is initialised by this. */
int kl_report_write(
	struct kl_html *html, const struct kl_report *report, struct kl_bytes *ret_bytes);

/* Why a section is not known, or "". */
const char *kl_report_why(const struct kl_report *report, const struct kl_report_section *section);

/* ---- what sections share ------------------------------------------------------------------- */

/* A picture in both widths with its caption (one sentence, or ""). */
#define KL_REPORT_FIGURE(html, draw, chart, caption)                                               \
	do {                                                                                       \
		kl_html_open_class(html, "figure", NULL);                                          \
		kl_html_open_class(html, "div", "wide");                                           \
		draw(html, chart, KL_CHART_WIDE);                                                  \
		kl_html_close(html);                                                               \
		kl_html_open_class(html, "div", "narrow");                                         \
		draw(html, chart, KL_CHART_NARROW);                                                \
		kl_html_close(html);                                                               \
		kl_report_caption(html, caption);                                                  \
		kl_html_close(html);                                                               \
	} while (0)

void kl_report_caption(struct kl_html *html, const char *caption);

/* Text of a map under `key`, or `none`; `out` is KL_REPORT_TEXT_MAX. Returns `out`. */
const char *kl_report_text(
	const struct kl_value *map, const char *key, const char *none, char *out);

/* A day of the calendar, "2016-04-01", as people write it: "1 April 2016"; any other text as it is.
 * Returns `out`. */
const char *kl_report_day(const struct kl_value *map, const char *key, const char *none,
	char out[KL_REPORT_TEXT_MAX]);

/* Pence under `key` in whole pounds ("£1,234"), or `none`. Returns `out`. */
enum { KL_POUNDS_TEXT_MAX = 40 };
const char *kl_report_pounds(const struct kl_value *map, const char *key, const char *none,
	char out[KL_POUNDS_TEXT_MAX]);
const char *kl_pounds(double pence, char out[KL_POUNDS_TEXT_MAX]);

/* The same where there is little room: from ten millions on four digits, "£12.35m", "£3.5bn". */
const char *kl_pounds_short(double pence, char out[KL_POUNDS_TEXT_MAX]);

/* A share in per cent ("28%"): between 0 and 1% and 99 and 100% never rounded to the end. */
enum { KL_PERCENT_TEXT_MAX = 16 };
const char *kl_percent(double share, char out[KL_PERCENT_TEXT_MAX]);
const char *kl_report_percent(const struct kl_value *map, const char *key, const char *none,
	char out[KL_PERCENT_TEXT_MAX]);

/* "Example Power: £52,000. ..": what bars say in words. Returns `out`. */
const char *kl_report_bars_words(const struct kl_chart_bars *chart, char *out, size_t size);

/* The array's texts as items of a list, under a class; nothing if there are none. */
void kl_report_list(
	struct kl_html *html, const char *class_name, const struct kl_value *map, const char *key);

/* The rules that an answer names as ours, with a line above that says so; nothing if there are none. */
void kl_report_rules(struct kl_html *html, const struct kl_value *map);

/* A key of figures: small words over a large figure, and small words beneath. */
void kl_report_tile(struct kl_html *html, const char *label, const char *value, const char *note);

/* Begins a table: its caption, and the headings (see kl_table_init() for `columns`); rows are begun
 * and ended by kl_report_row(), cells go between. */
struct kl_report_table {
	struct kl_html *html;
	char right[16]; /* of each column, '1' if its cells stand right */
	size_t column;
};
void kl_report_table(struct kl_report_table *table, struct kl_html *html, const char *columns,
	const char *caption, ...) __attribute__((format(printf, 4, 5)));
void kl_report_row(struct kl_report_table *table);
void kl_report_cell(struct kl_report_table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void kl_report_row_end(struct kl_report_table *table);
void kl_report_table_end(struct kl_report_table *table);

#endif
