#include "client/draw_coverage.h"
#include "client/draw.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS_SHOWN = 8,
	ROWS_SHOWN = 40,
	LABEL_MAX = 52,   /* characters of what a row is about */
	NAMES_SHOWN = 40, /* members named below the grid; of more only their number is told */
	INDENT = 2,
	WIDTH = 80,
	GAP_PLACES_SHOWN = 8,
	GAPS_SHOWN = 12, /* of one sort in one place */
};

/* ---- the grid, side by side ------------------------------------------------------------------ */

static struct kl_value *list_of(const struct kl_value *answer, const char *key, size_t *ret_n)
{
	struct kl_cursor cursor = kl_draw_items(answer, key);
	const size_t n = kl_draw_count(answer, key);
	struct kl_value *items = calloc(n + 1, sizeof *items);

	for (size_t i = 0; items && i < n && kl_cursor_next(&cursor, &items[i]); i++)
		continue;
	*ret_n = items ? n : 0;
	return items;
}

static bool same_text(const struct kl_value *a, const struct kl_value *b, const char *key)
{
	char x[KL_DRAW_TEXT_MAX], y[KL_DRAW_TEXT_MAX];

	return !strcmp(kl_cli_text(a, key, "", x, sizeof x), kl_cli_text(b, key, "", y, sizeof y));
}

int kl_coverage_grid_open(const struct kl_value *answer, struct kl_coverage_grid *ret_grid)
{
	struct kl_cursor cursor = kl_draw_items(answer, "cells");
	struct kl_coverage_grid *g = ret_grid;
	size_t place = 0, row = 0;
	struct kl_value cell;

	*g = (struct kl_coverage_grid){.places = NULL};
	g->places = list_of(answer, "places", &g->n_places);
	g->rows = list_of(answer, "rows", &g->n_rows);
	g->cells = calloc(g->n_places * g->n_rows + 1, sizeof *g->cells);
	if (!g->places || !g->rows || !g->cells)
		return KL_E_NOMEM;
	for (size_t i = 0; i < g->n_places * g->n_rows; i++)
		g->cells[i].type = KL_WIRE_NIL;
	while (kl_cursor_next(&cursor, &cell)) { /* in the order of places, then rows */
		const size_t column = (size_t)kl_draw_uint(&cell, "column");

		row = column == place ? row : 0;
		place = column;
		while (place < g->n_places && row < g->n_rows &&
			!same_text(&g->rows[row], &cell, "what"))
			row++;
		if (place >= g->n_places || row == g->n_rows)
			return KL_E_MALFORMED;
		g->cells[place * g->n_rows + row] = cell;
	}
	return KL_OK;
}

void kl_coverage_grid_free(struct kl_coverage_grid *grid)
{
	free(grid->places);
	free(grid->rows);
	free(grid->cells);
}

uint64_t kl_coverage_grid_count(const struct kl_coverage_grid *grid, size_t place, size_t row)
{
	const struct kl_value *cell = &grid->cells[place * grid->n_rows + row];

	return cell->type == KL_WIRE_NIL ? 0 : kl_draw_uint(cell, "members");
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* What a row is about, cut to fit. */
static const char *label_of(const struct kl_value *row, char out[LABEL_MAX + 4])
{
	char text[KL_DRAW_TEXT_MAX];

	if (!kl_copy_text(out, LABEL_MAX, kl_cli_text(row, "what", "?", text, sizeof text)))
		memcpy(out + strlen(out), "...", sizeof "...");
	return out;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void draw_legend(FILE *out, const struct kl_coverage_grid *g, uint64_t left_out)
{
	const size_t shown = smaller(g->n_places, COLUMNS_SHOWN);
	const uint64_t more = left_out + g->n_places - shown;
	char text[KL_DRAW_TEXT_MAX];

	fputs("Places, those with most members first:\n", out);
	for (size_t i = 0; i < shown; i++) {
		uint64_t n = kl_draw_uint(&g->places[i], "members");

		fprintf(out, "  %zu  ", i + 1);
		kl_draw_plain(out, kl_cli_text(&g->places[i], "place", "?", text, sizeof text), 5);
		fprintf(out, ", %" PRIu64 " %s\n", n, n == 1 ? "member" : "members");
	}
	if (more)
		fprintf(out, "  and %" PRIu64 " more %s: --json and --out FILE.xlsx have them\n",
			more, more == 1 ? "place" : "places");
	fputs("  all: in the whole network, in any place or none\n", out);
}

static bool is_characteristic(const struct kl_value *row)
{
	char code[64];

	return kl_cli_text(row, "code", "", code, sizeof code)[0] && !strchr(code, '.');
}

/* Rows that somebody is in, at most `most`; returns how many there are. */
static size_t rows_of(const struct kl_coverage_grid *g, size_t most, size_t *ret_rows)
{
	size_t n = 0;

	for (size_t r = 0; r < g->n_rows; r++) {
		bool filled = is_characteristic(&g->rows[r]);

		for (size_t i = 0; i < g->n_places && !filled; i++)
			filled = kl_coverage_grid_count(g, i, r) > 0;
		if (filled && n++ < most)
			ret_rows[n - 1] = r;
	}
	return n;
}

static int draw_table(
	FILE *out, const struct kl_coverage_grid *g, const size_t *rows, size_t n_rows)
{
	const size_t columns = smaller(g->n_places, COLUMNS_SHOWN);
	char heads[128] = "< >all", label[LABEL_MAX + 4];
	struct kl_table table;
	int rc;

	for (size_t i = 0; i < columns; i++)
		(void)snprintf(heads + strlen(heads), sizeof heads - strlen(heads), " >%zu", i + 1);
	kl_table_init(&table, heads);
	for (size_t r = 0; r < n_rows; r++) {
		kl_table_cell(&table, "%s", label_of(&g->rows[rows[r]], label));
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&g->rows[rows[r]], "members"));
		for (size_t i = 0; i < columns; i++) {
			uint64_t n = kl_coverage_grid_count(g, i, rows[r]);

			if (n)
				kl_table_cell(&table, "%" PRIu64, n);
			else
				kl_table_cell(&table, "-");
		}
	}
	rc = kl_table_print(&table, out);
	kl_table_deinit(&table);
	return rc;
}

/* A piece of a line that goes on in the next one where it would pass the width. */
static void flow(FILE *out, size_t *column, const char *text)
{
	const size_t width = kl_text_width(text);

	if (*column > INDENT && *column + 1 + width > WIDTH) {
		fprintf(out, "\n%*s", INDENT, "");
		*column = INDENT;
	} else if (*column > INDENT) {
		fputc(' ', out);
		++*column;
	}
	kl_draw_plain(out, text, 0);
	*column += width;
}

/* "1 A, B and 3 more": those of one place. */
static void draw_who(FILE *out, const struct kl_value *cell, size_t *column, size_t number)
{
	struct kl_cursor cursor = kl_draw_items(cell, "who");
	const uint64_t n = kl_draw_uint(cell, "members");
	const size_t named = kl_draw_count(cell, "who");
	struct kl_value item;
	char name[KL_DRAW_TEXT_MAX], text[KL_DRAW_TEXT_MAX + 32], mark[24];
	size_t told = 0;

	(void)snprintf(mark, sizeof mark, "%zu ", number);
	while (kl_cursor_next(&cursor, &item)) {
		if (kl_value_text(&item, name, sizeof name))
			continue;
		(void)snprintf(text, sizeof text, "%s%s%s", told ? "" : mark, name,
			told + 1 < named ? "," : "");
		told++;
		flow(out, column, text);
	}
	if (n > named) {
		(void)snprintf(text, sizeof text, "and %" PRIu64 " more", n - named);
		flow(out, column, text);
	}
}

/* Who it is, row by row, while there is room for it. */
static void draw_names(FILE *out, const struct kl_coverage_grid *g, const size_t *rows,
	size_t n_rows, bool of_one_place)
{
	const size_t columns = smaller(g->n_places, COLUMNS_SHOWN);
	char label[LABEL_MAX + 4];
	uint64_t names = 0;

	for (size_t r = 0; r < n_rows; r++)
		for (size_t i = 0; i < columns; i++)
			names += kl_coverage_grid_count(g, i, rows[r]);
	if (!names || names > NAMES_SHOWN) {
		if (names)
			fprintf(out, "\nWho it is: %s--json, or --out FILE.xlsx\n",
				of_one_place ? "" : "keeplocal find --place PLACE, ");
		return;
	}
	fputs("\nWho it is:\n", out);
	for (size_t r = 0; r < n_rows; r++) {
		size_t column = 0;

		for (size_t i = 0; i < columns; i++) {
			const struct kl_value *cell = &g->cells[i * g->n_rows + rows[r]];

			if (cell->type == KL_WIRE_NIL)
				continue;
			if (!column) {
				kl_draw_plain(out, label_of(&g->rows[rows[r]], label), 0);
				fprintf(out, ":\n%*s", INDENT, "");
				column = INDENT;
			} else {
				fputc(';', out);
				column++;
			}
			draw_who(out, cell, &column, i + 1);
		}
		if (column)
			fputc('\n', out);
	}
}

static void draw_left_out(FILE *out, const struct kl_value *answer,
	const struct kl_coverage_grid *g, size_t rows, size_t shown)
{
	const uint64_t beyond = kl_draw_uint(answer, "rows_left_out");
	const size_t nobody = g->n_rows - rows;

	if (rows + beyond > shown)
		fprintf(out, "and %" PRIu64 " more rows: --json and --out FILE.xlsx have them\n",
			(uint64_t)(rows - shown) + beyond);
	if (nobody)
		fprintf(out, "\nNobody of them says to do %zu more %s of the report: add --gaps\n",
			nobody, nobody == 1 ? "activity" : "activities");
}

int kl_draw_coverage(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_coverage_grid grid;
	size_t rows[ROWS_SHOWN], n, shown;
	char place[KL_DRAW_TEXT_MAX];
	int rc = kl_coverage_grid_open(answer, &grid);

	n = rc ? 0 : rows_of(&grid, ROWS_SHOWN, rows);
	if (n && grid.n_places) {
		shown = smaller(n, ROWS_SHOWN);
		draw_legend(cli->out, &grid, kl_draw_uint(answer, "places_left_out"));
		fputc('\n', cli->out);
		rc = draw_table(cli->out, &grid, rows, shown);
		if (!rc) {
			draw_left_out(cli->out, answer, &grid, n, shown);
			draw_names(cli->out, &grid, rows, shown,
				kl_cli_text(answer, "place", "", place, sizeof place)[0]);
		}
	}
	kl_coverage_grid_free(&grid);
	return rc ? kl_fault(&cli->fault, rc, "the grid: %s", kl_error_text(rc)) : KL_OK;
}

/* ---- gaps ------------------------------------------------------------------------------------ */

enum gap { GAP_NOBODY, GAP_ALONE, GAP_NOWHERE };

static enum gap gap_of(const struct kl_value *gap)
{
	if (kl_draw_uint(gap, "members"))
		return GAP_ALONE;
	return kl_draw_uint(gap, "elsewhere") ? GAP_NOBODY : GAP_NOWHERE;
}

static void draw_gap(FILE *out, const struct kl_value *gap)
{
	const uint64_t elsewhere = kl_draw_uint(gap, "elsewhere");
	char text[KL_DRAW_TEXT_MAX];

	fputs("    ", out);
	kl_draw_plain(out, kl_cli_text(gap, "what", "?", text, sizeof text), 4);
	if (kl_cli_text(gap, "only", "", text, sizeof text)[0]) {
		fputs(": ", out);
		kl_draw_plain(out, text, 4);
	}
	if (elsewhere)
		fprintf(out, " (elsewhere %" PRIu64 ")", elsewhere);
	fputc('\n', out);
}

/* The gaps of one sort in one place, which begin behind `from`; returns how many there are. */
static size_t draw_some(FILE *out, const struct kl_cursor *from, const char *place, enum gap sort,
	const char *title)
{
	struct kl_cursor cursor = *from;
	char text[KL_DRAW_TEXT_MAX];
	struct kl_value gap;
	size_t n = 0;

	while (kl_cursor_next(&cursor, &gap) &&
		!strcmp(kl_cli_text(&gap, "place", "?", text, sizeof text), place)) {
		if (gap_of(&gap) != sort)
			continue;
		if (!n)
			fprintf(out, "  %s:\n", title);
		if (n++ < GAPS_SHOWN)
			draw_gap(out, &gap);
	}
	if (n > GAPS_SHOWN)
		fprintf(out, "    and %zu more: --json and --out FILE.xlsx have them\n",
			(size_t)(n - GAPS_SHOWN));
	return n;
}

/* What to do about it: whom to ask. */
static void draw_next_step(FILE *out, const struct kl_value *answer)
{
	char by[32];

	if (!strcmp(kl_cli_text(answer, "by", "", by, sizeof by), "characteristic"))
		fputs("\nEach activity by itself: keeplocal find --gaps --by activity\n", out);
	else
		fputs("\nWho does it elsewhere, to ask them: keeplocal find --activity NAME\n",
			out);
}

void kl_draw_coverage_gaps(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "gaps"), before = cursor;
	char place[KL_DRAW_TEXT_MAX] = "", text[KL_DRAW_TEXT_MAX];
	const bool more = kl_draw_flag(answer, "more");
	struct kl_value gap;
	size_t places = 0, n;

	for (; kl_cursor_next(&cursor, &gap); before = cursor) {
		kl_cli_text(&gap, "place", "?", text, sizeof text);
		if (places && !strcmp(text, place))
			continue;
		(void)kl_copy_text(place, sizeof place, text);
		if (++places > GAP_PLACES_SHOWN)
			continue;
		fputc('\n', out);
		kl_draw_plain(out, place, 0);
		fputs(":\n", out);
		n = draw_some(out, &before, place, GAP_NOBODY, "Nobody here");
		n += draw_some(out, &before, place, GAP_ALONE, "One member alone");
		if (!n)
			fputs("  What others do elsewhere, two members or more do here.\n", out);
	}
	/* What no member does anywhere is the same in all places. */
	cursor = kl_draw_items(answer, "gaps");
	before = cursor;
	if (kl_cursor_next(&cursor, &gap)) {
		fputc('\n', out);
		(void)draw_some(out, &before, kl_cli_text(&gap, "place", "?", place, sizeof place),
			GAP_NOWHERE, "Nobody in the whole network");
		draw_next_step(out, answer);
	}
	if (places > GAP_PLACES_SHOWN || more)
		fprintf(out, "\nThere are more places: keeplocal find --gaps --place PLACE, or "
			     "--json\n");
}
