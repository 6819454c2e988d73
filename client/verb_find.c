/* find: who does what where, as a list, a grid and its gaps. */
#include "client/answer.h"
#include "client/draw.h"
#include "client/draw_coverage.h"
#include "client/parts.h"

#include <inttypes.h>
#include <string.h>

enum { MEMBERS_SHOWN = 15, DOES_MAX = 75, MATRIX_PLACES_MAX = 150 };

/* ---- drawing --------------------------------------------------------------------------------- */

/* Appends as much as fits; false if it was cut. */
static bool append(char *out, const char *text)
{
	const size_t len = strlen(out);

	return kl_copy_text(out + len, DOES_MAX - len, text);
}

/* "A; B; C", of what a member says that it does, cut to fit. */
static const char *does(const struct kl_value *member, char out[KL_DRAW_TEXT_MAX])
{
	static const char *const keys[] = {"activities", "services"};
	char text[KL_DRAW_TEXT_MAX];
	struct kl_value item;
	bool whole = true;

	out[0] = '\0';
	for (size_t k = 0; whole && k < sizeof keys / sizeof *keys; k++) {
		struct kl_cursor cursor = kl_draw_items(member, keys[k]);

		while (whole && kl_cursor_next(&cursor, &item))
			if (!kl_value_text(&item, text, sizeof text))
				whole = append(out, out[0] ? "; " : "") && append(out, text);
	}
	if (!whole)
		memcpy(out + strlen(out), " ...", sizeof " ...");
	if (!out[0])
		(void)kl_copy_text(out, KL_DRAW_TEXT_MAX, "says nothing of what it does");
	return out;
}

static void draw_asked(FILE *out, const struct kl_value *answer)
{
	static const char *const words[][3] = {{"anchor", "community anchor", "community anchors"},
		{"council", "council", "councils"}, {"any", "member", "members"}};
	const uint64_t found = kl_draw_uint(answer, "found");
	const uint64_t of = kl_draw_uint(answer, "looked_at");
	char kind[32], place[KL_DRAW_TEXT_MAX];
	size_t k = 0;

	kl_cli_text(answer, "kind", "any", kind, sizeof kind);
	while (k < 2 && strcmp(words[k][0], kind) != 0)
		k++;
	if (found)
		fprintf(out, "%" PRIu64 " %s", found, words[k][found == 1 ? 1 : 2]);
	else
		fprintf(out, "No %s", words[k][1]);
	if (of != found)
		fprintf(out, " of %" PRIu64, of);
	if (kl_cli_text(answer, "place", "", place, sizeof place)[0]) {
		fputs(", ", out);
		kl_draw_plain(out, place, 0);
	}
	fputs("\n", out);
}

static void draw_members(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "members");
	const uint64_t found = kl_draw_uint(answer, "found");
	char asked[KL_DRAW_TEXT_MAX], place[KL_DRAW_TEXT_MAX], text[KL_DRAW_TEXT_MAX];
	struct kl_value member;
	size_t n = 0;

	kl_cli_text(answer, "place", "", asked, sizeof asked);
	for (; n < MEMBERS_SHOWN && kl_cursor_next(&cursor, &member); n++) {
		kl_draw_plain(out, kl_cli_text(&member, "member", "?", text, sizeof text), 0);
		kl_cli_text(&member, "place", "place unknown", place, sizeof place);
		if (strcmp(place, asked) != 0) {
			fputs(", ", out);
			kl_draw_plain(out, place, 0);
		}
		fputs("\n    ", out);
		kl_draw_plain(out, does(&member, text), 4);
		fputc('\n', out);
	}
	if (found > n)
		fprintf(out, "and %" PRIu64 " more: --json and --out FILE.xlsx have them all\n",
			found - n);
}

/* What the figures leave out, and the rules. */
static void draw_notes(FILE *out, const struct kl_value *answer)
{
	const uint64_t silent = kl_draw_uint(answer, "silent");
	const uint64_t own = kl_draw_uint(answer, "own_words_only");
	const uint64_t lost = kl_draw_uint(answer, "without_area");

	fputc('\n', out);
	if (silent)
		fprintf(out,
			"%" PRIu64 " of %" PRIu64 " say nothing in their profile of what they do "
			"(profile set activities=...).\n",
			silent, kl_draw_uint(answer, "looked_at"));
	if (own)
		fprintf(out,
			"%" PRIu64 " %s it only in words of their own, which belong to no "
			"characteristic.\n",
			own, own == 1 ? "says" : "say");
	if (lost)
		fprintf(out,
			"Of %" PRIu64 " nobody knows the council area, which a profile can name "
			"(gss=CODE).\n",
			lost);
	fputs("Our rules:\n", out);
	kl_draw_texts(out, "  ", answer, "our_rules");
}

static void draw_nobody(FILE *out, const struct kl_value *answer)
{
	char place[KL_DRAW_TEXT_MAX], kind[32];

	kl_cli_text(answer, "place", "any place", place, sizeof place);
	kl_cli_text(answer, "kind", "any", kind, sizeof kind);
	fprintf(out, "No %s works in %s, as far as the roster and profiles say.\n",
		strcmp(kind, "any") != 0 ? kind : "member", place);
	fputs("Who is on the network: keeplocal network members\n", out);
}

static int draw_find(struct kl_cli *cli, const struct kl_value *answer)
{
	int rc = KL_OK;

	if (!kl_draw_uint(answer, "looked_at")) {
		draw_nobody(cli->out, answer);
		return KL_OK;
	}
	draw_asked(cli->out, answer);
	fputc('\n', cli->out);
	draw_members(cli->out, answer);
	if (kl_draw_count(answer, "places")) {
		fputc('\n', cli->out);
		rc = kl_draw_coverage(cli, answer);
	}
	draw_notes(cli->out, answer);
	return rc;
}

static int draw_gaps(struct kl_cli *cli, const struct kl_value *answer)
{
	if (!kl_draw_uint(answer, "looked_at")) {
		draw_nobody(cli->out, answer);
		return KL_OK;
	}
	if (!kl_draw_count(answer, "gaps") &&
		kl_draw_uint(answer, "without_area") == kl_draw_uint(answer, "looked_at"))
		fputs("No gap can be told: of nobody the council area is known.\n", cli->out);
	else if (!kl_draw_count(answer, "gaps"))
		fputs("There is no gap: all that was asked for is done by two members or more.\n",
			cli->out);
	else
		fputs("What nobody in a place says to do though others do, and what one alone does "
		      "there:\n",
			cli->out);
	kl_draw_coverage_gaps(cli->out, answer);
	draw_notes(cli->out, answer);
	return KL_OK;
}

/* ---- the answer in one ----------------------------------------------------------------------- */

static void put_from(struct kl_writer *w, const struct kl_parts *parts, const char *key)
{
	struct kl_value value;

	kl_write_text(w, key);
	if (kl_map_get(&parts->first, key, &value))
		kl_write_nil(w);
	else
		kl_write_raw(w, value.raw);
}

static int write_whole(
	const struct kl_parts *members, const struct kl_parts *grid, struct kl_writer *w)
{
	static const char *const of_grid[] = {"places_left_out", "places", "rows_left_out", "rows"};
	const size_t n = sizeof of_grid / sizeof *of_grid;

	kl_write_map(w, kl_parts_pairs(members) + n + 3);
	kl_parts_put(members, w);
	kl_put_bool(w, "more", members->more || grid->more);
	kl_parts_put_list(members, w);
	for (size_t i = 0; i < n; i++)
		put_from(w, grid, of_grid[i]);
	kl_parts_put_list(grid, w);
	return w->failed ? KL_E_NOMEM : KL_OK;
}

static size_t matrix_places(const struct kl_coverage_grid *g)
{
	return g->n_places < MATRIX_PLACES_MAX ? g->n_places : MATRIX_PLACES_MAX;
}

/* Whether a name of a place is that of another column, too: a neighbourhood may be called like its
 * area, or however somebody likes. */
static bool has_name_twice(const struct kl_coverage_grid *g)
{
	static const char *const keys[] = {"what", "code", "characteristic", "members in all"};
	char name[KL_DRAW_TEXT_MAX], other[KL_DRAW_TEXT_MAX];
	bool twice = false;

	for (size_t i = 0; i < matrix_places(g); i++) {
		kl_cli_text(&g->places[i], "place", "?", name, sizeof name);
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
			twice |= !strcmp(name, keys[k]);
		for (size_t k = 0; k < i && !twice; k++)
			twice = !strcmp(name,
				kl_cli_text(&g->places[k], "place", "?", other, sizeof other));
	}
	return twice;
}

/* A row of the grid as a table has it: a column for each place, under its name, with a number before
 * it if names alone would not do. */
static void put_matrix_row(
	struct kl_writer *w, const struct kl_coverage_grid *g, size_t row, bool numbered)
{
	static const char *const keys[] = {"what", "code", "characteristic"};
	const size_t places = matrix_places(g);
	char text[KL_DRAW_TEXT_MAX], head[KL_DRAW_TEXT_MAX + 24];

	kl_write_map(w, sizeof keys / sizeof *keys + 1 + places);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		kl_cli_text(&g->rows[row], keys[i], "", text, sizeof text);
		kl_put_text(w, keys[i], text[0] ? text : NULL);
	}
	kl_put_uint(w, "members in all", kl_draw_uint(&g->rows[row], "members"));
	for (size_t i = 0; i < places; i++) {
		kl_cli_text(&g->places[i], "place", "?", text, sizeof text);
		(void)snprintf(head, sizeof head, "%zu %s", i + 1, text);
		kl_put_uint(w, numbered ? head : text, kl_coverage_grid_count(g, i, row));
	}
}

/* Tables begin with the grid as people draw it; the cells with names follow. */
static int write_tables(struct kl_cli *cli, const struct kl_value *whole, const char *path)
{
	static const char *const keys[] = {"place", "activity", "service", "kind", "found",
		"looked_at", "our_rules", "cells", "members", "places"};
	const size_t n = sizeof keys / sizeof *keys;
	struct kl_coverage_grid grid;
	struct kl_value tables, value;
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc = kl_coverage_grid_open(whole, &grid);
	const bool numbered = !rc && has_name_twice(&grid);

	kl_writer_init(&w);
	kl_write_map(&w, n + 1);
	kl_put_array(&w, "grid", rc ? 0 : grid.n_rows);
	for (size_t i = 0; !rc && i < grid.n_rows; i++)
		put_matrix_row(&w, &grid, i, numbered);
	for (size_t i = 0; i < n; i++) {
		kl_write_text(&w, keys[i]);
		if (kl_map_get(whole, keys[i], &value))
			kl_write_nil(&w);
		else
			kl_write_raw(&w, value.raw);
	}
	if (!rc)
		rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_value_open(bytes, &tables);
	if (rc == KL_E_MALFORMED)
		rc = KL_E_BUSY; /* members moved between two answers: asked again, it is whole */
	rc = rc ? kl_fault(&cli->fault, rc, "the tables: %s", kl_error_text(rc))
		: kl_answer_write(cli, &tables, path);
	kl_writer_deinit(&w);
	kl_coverage_grid_free(&grid);
	return rc;
}

static int give_whole(
	struct kl_cli *cli, const struct kl_parts *members, const struct kl_parts *grid)
{
	const char *path = kl_args_option(&cli->args, "out");
	struct kl_value whole;
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	rc = write_whole(members, grid, &w);
	if (!rc)
		rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_value_open(bytes, &whole);
	if (rc)
		(void)kl_fault(&cli->fault, rc, "the whole map: %s", kl_error_text(rc));
	else if (path)
		rc = write_tables(cli, &whole, path);
	if (!rc && cli->json)
		rc = kl_cli_json(cli, &whole);
	else if (!rc && !path)
		rc = draw_find(cli, &whole);
	kl_writer_deinit(&w);
	return rc;
}

static int run_gaps(struct kl_cli *cli, size_t parts)
{
	struct kl_parts gaps;
	int rc = kl_parts_fetch(cli, "find gaps", NULL, "gaps", parts, &gaps);

	if (!rc)
		rc = kl_parts_give(cli, &gaps, draw_gaps);
	kl_parts_deinit(&gaps);
	return rc;
}

static int run(struct kl_cli *cli)
{
	/* A terminal shows the beginning. */
	const bool all = cli->json || kl_args_option(&cli->args, "out");
	struct kl_parts members, grid;
	int rc;

	if (kl_args_flag(&cli->args, "gaps"))
		return run_gaps(cli, all ? KL_PARTS_ALL : 1);
	rc = kl_parts_fetch(cli, "find", NULL, "members", all ? KL_PARTS_ALL : 1, &members);
	if (!rc) {
		rc = kl_parts_fetch(cli, "find grid", NULL, "cells", all ? KL_PARTS_ALL : 1, &grid);
		if (!rc)
			rc = give_whole(cli, &members, &grid);
		kl_parts_deinit(&grid);
	}
	kl_parts_deinit(&members);
	return rc;
}

static const struct kl_option options[] = {
	{"place", "PLACE", "a council area, a region or a neighbourhood, by code or name; here"},
	{"activity", "NAME", "what they do: any part of its name, of the report's or their own"},
	{"service", "NAME", "what they offer, in the words of their profiles"},
	{"kind", "KIND", "anchor (usually), council or any"},
	{"by", "ROWS", "rows of the grid: characteristic or activity"},
	{"gaps", NULL, "what nobody does in a place, and what one member alone does"},
	{NULL},
};

const struct kl_command kl_verb_find = {
	.words = "find",
	.example = "keeplocal find --place here --gaps",
	.help = "who does what where: a list, a grid of what is covered, and the gaps",
	.more = "It rests on what members say in their profiles (keeplocal profile set "
		"activities=...)\n"
		"and on the council areas that the convenor confirmed. Of one council area the "
		"grid\n"
		"has the neighbourhoods that members name. Activities of the report are listed by\n"
		"keeplocal activity list.",
	.options = options,
	.tables = true,
	.run = run,
};
