/* Who does what in our area, and the gaps: what members say of themselves in their profiles. */
#include "client/draw.h"
#include "client/draw_coverage.h"
#include "client/report.h"

#include <inttypes.h>
#include <string.h>

enum { GAPS_SHOWN = 12, NAMES_MAX = 1024 };

static bool known(const struct kl_report *report)
{
	return kl_draw_count(&report->coverage.value, "places") > 0;
}

static const char *why(const struct kl_report *report)
{
	return report->coverage.known ? "no community anchor of the network works there yet"
				      : report->coverage.why;
}

static const char *place_of(const struct kl_report *report, char out[KL_REPORT_TEXT_MAX])
{
	return kl_report_text(&report->coverage.value, "place", "our area", out);
}

/* "A, B and 3 more", of the members of a cell. */
static const char *names_of(const struct kl_value *cell, char out[NAMES_MAX])
{
	struct kl_cursor cursor = kl_draw_items(cell, "who");
	const uint64_t n = kl_draw_uint(cell, "members");
	char name[KL_REPORT_TEXT_MAX];
	struct kl_value item;
	uint64_t told = 0;
	size_t len = 0;

	out[0] = '\0';
	while (kl_cursor_next(&cursor, &item) && len + sizeof name < NAMES_MAX) {
		if (kl_value_text(&item, name, sizeof name))
			continue;
		(void)snprintf(out + len, NAMES_MAX - len, "%s%s", told++ ? ", " : "", name);
		len = strlen(out);
	}
	if (n > told)
		(void)snprintf(out + len, NAMES_MAX - len, " and %" PRIu64 " more", n - told);
	return out;
}

/* ---- the table ------------------------------------------------------------------------------- */

/* The first column is the area as a whole. */
static void draw_table(struct kl_html *html, const struct kl_coverage_grid *grid)
{
	char what[KL_REPORT_TEXT_MAX], names[NAMES_MAX];
	struct kl_report_table table;

	kl_report_table(&table, html, "<characteristic >members <who",
		"Members whose profiles name something that makes the characteristic stronger");
	for (size_t r = 0; r < grid->n_rows; r++) {
		const uint64_t n = kl_coverage_grid_count(grid, 0, r);

		kl_report_row(&table);
		kl_report_cell(&table, "%s", kl_report_text(&grid->rows[r], "what", "?", what));
		kl_report_cell(&table, "%" PRIu64, n);
		kl_report_cell(&table, "%s", n ? names_of(&grid->cells[r], names) : "nobody");
		kl_report_row_end(&table);
	}
	kl_report_table_end(&table);
}

/* ---- gaps ------------------------------------------------------------------------------------ */

/* Whether it is a gap of the area as a whole that is worth a line: somebody does it elsewhere, or one
 * member alone does it here. */
static bool is_told(const struct kl_value *gap, const char *area, bool alone)
{
	char place[KL_REPORT_TEXT_MAX];

	return !strcmp(kl_report_text(gap, "place", "", place), area) &&
	       (kl_draw_uint(gap, "members") == 1) == alone &&
	       (alone || kl_draw_uint(gap, "elsewhere"));
}

static void draw_gap(struct kl_html *html, const struct kl_value *gap)
{
	char what[KL_REPORT_TEXT_MAX], only[KL_REPORT_TEXT_MAX];
	const uint64_t elsewhere = kl_draw_uint(gap, "elsewhere");

	kl_html_open(html, "li");
	kl_html_text(html, kl_report_text(gap, "what", "?", what));
	if (kl_report_text(gap, "only", "", only)[0])
		kl_html_print(html, ": %s", only);
	else
		kl_html_print(html, " (%" PRIu64 " elsewhere)", elsewhere);
	kl_html_close(html);
}

static void draw_gaps(
	struct kl_html *html, const struct kl_report *report, const char *area, bool alone)
{
	struct kl_cursor cursor = kl_draw_items(&report->gaps.value, "gaps");
	struct kl_value gap;
	size_t n = 0;

	while (kl_cursor_next(&cursor, &gap)) {
		if (!is_told(&gap, area, alone))
			continue;
		if (!n) {
			kl_html_put(html, "h3", NULL,
				alone ? "What one member alone says to do here"
				      : "What nobody here says to do, though others do elsewhere");
			kl_html_open(html, "ul");
		}
		if (n++ < GAPS_SHOWN)
			draw_gap(html, &gap);
	}
	if (n > GAPS_SHOWN)
		kl_html_put(html, "li", NULL, "and %zu more", (size_t)(n - GAPS_SHOWN));
	if (n)
		kl_html_close(html);
}

/* ---- the section ----------------------------------------------------------------------------- */

static void draw(struct kl_html *html, const struct kl_report *report)
{
	const uint64_t n = kl_draw_uint(&report->coverage.value, "looked_at");
	const uint64_t silent = kl_draw_uint(&report->coverage.value, "silent");
	char place[KL_REPORT_TEXT_MAX], area[KL_REPORT_TEXT_MAX];
	struct kl_coverage_grid grid;

	if (!kl_coverage_grid_open(&report->coverage.value, &grid) && grid.n_places) {
		kl_html_open(html, "p");
		kl_html_print(html,
			"%" PRIu64 " %s of our network %s in %s; what they do, as they say it in "
			"their profiles, by the seven characteristics.",
			n, n == 1 ? "community anchor" : "community anchors",
			n == 1 ? "works" : "work", place_of(report, place));
		if (silent)
			kl_html_print(html, " %" PRIu64 " of them say nothing of it.", silent);
		kl_html_close(html);
		draw_table(html, &grid);
		kl_report_text(&grid.places[0], "place", "", area);
		draw_gaps(html, report, area, false);
		draw_gaps(html, report, area, true);
		kl_report_rules(html, &report->coverage.value);
	}
	kl_coverage_grid_free(&grid);
}

/* The characteristics that nobody in the area says to do anything for. */
static void summary(struct kl_html *html, const struct kl_report *report)
{
	const uint64_t n = kl_draw_uint(&report->coverage.value, "looked_at");
	char place[KL_REPORT_TEXT_MAX], what[KL_REPORT_TEXT_MAX];
	struct kl_coverage_grid grid;
	size_t missing = 0;

	if (!kl_coverage_grid_open(&report->coverage.value, &grid) && grid.n_places) {
		kl_html_open(html, "li");
		kl_html_print(html, "%" PRIu64 " %s of our network %s in %s", n,
			n == 1 ? "community anchor" : "community anchors",
			n == 1 ? "works" : "work", place_of(report, place));
		for (size_t r = 0; r < grid.n_rows; r++)
			if (!kl_coverage_grid_count(&grid, 0, r))
				kl_html_print(html, "%s%s",
					missing++ ? ", " : "; nobody says to do anything for: ",
					kl_report_text(&grid.rows[r], "what", "?", what));
		kl_html_text(html, ".");
		kl_html_close(html);
	}
	kl_coverage_grid_free(&grid);
}

static void methods(struct kl_html *html, const struct kl_report *report)
{
	(void)report;
	kl_html_put(html, "li", NULL,
		"What members do is what their public profiles say; where they work is the council "
		"area that the convenor of the network confirmed. What nobody says is unknown.");
}

const struct kl_report_section kl_report_coverage = {
	.id = "coverage",
	.title = "Who does what in our area, and the gaps",
	.without = "who else does what in our area, and what nobody does",
	.command = "keeplocal profile set gss=CODE, then keeplocal find --place here",
	.known = known,
	.why = why,
	.draw = draw,
	.summary = summary,
	.methods = methods,
};
