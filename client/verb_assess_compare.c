/* assess compare: versions of an assessment side by side. */
#include "client/draw.h"
#include "client/draw_assessment.h"
#include "client/request.h"

#include <inttypes.h>
#include <string.h>

/* ---- the table ----------------------------------------------------------------------------- */

static void draw_versions(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "versions");
	struct kl_value v;
	char period[32], place[128];

	for (char letter = 'A'; kl_cursor_next(&cursor, &v); letter++) {
		uint64_t assessors = kl_draw_uint(&v, "assessors");

		fprintf(out, "  %c  %s", letter, kl_cli_text(&v, "period", "?", period, 32));
		if (kl_cli_text(&v, "place", "", place, sizeof place)[0])
			fprintf(out, ", %s", place);
		fprintf(out, ", revision %" PRIu64 ", %" PRIu64 " assessor%s\n",
			kl_draw_uint(&v, "revision"), assessors, assessors == 1 ? "" : "s");
	}
}

static void moved_cell(struct kl_table *table, const struct kl_value *s)
{
	double moved;

	if (kl_get_double(s, "moved", &moved))
		kl_table_cell(table, "-");
	else
		kl_table_cell(table, moved > 0 || moved < 0 ? "%+g" : "%g", moved);
}

/* Why the movement is not to be believed yet. */
static void doubts_cell(struct kl_table *table, const struct kl_value *s)
{
	struct kl_cursor cursor = kl_draw_items(s, "doubts");
	char text[256] = "", doubt[96];
	struct kl_value item;
	size_t len = 0;

	while (kl_cursor_next(&cursor, &item) && len < sizeof text) {
		if (kl_value_text(&item, doubt, sizeof doubt))
			continue;
		(void)snprintf(text + len, sizeof text - len, "%s%s", len ? "; " : "", doubt);
		len = strlen(text);
	}
	kl_table_cell(table, "%s", text);
}

static int draw_table(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "subjects"), scores;
	size_t versions = kl_draw_count(answer, "versions");
	char columns[160] = "<subject";
	struct kl_table table;
	struct kl_value s, score;
	int rc;

	for (size_t i = 0; i < versions; i++)
		(void)snprintf(columns + strlen(columns), sizeof columns - strlen(columns), " <%c",
			(char)('A' + i));
	(void)snprintf(columns + strlen(columns), sizeof columns - strlen(columns), " >moved <");
	kl_table_init(&table, columns);
	while (kl_cursor_next(&cursor, &s)) {
		kl_draw_cell(&table, &s, "name", "?");
		scores = kl_draw_items(&s, "scores");
		while (kl_cursor_next(&scores, &score))
			kl_draw_median_cell(&table, &score);
		moved_cell(&table, &s);
		doubts_cell(&table, &s);
	}
	rc = kl_table_print(&table, out);
	kl_table_deinit(&table);
	return rc;
}

/* ---- who disagreed ------------------------------------------------------------------------- */

static bool disagreed(const struct kl_value *s)
{
	struct kl_cursor cursor = kl_draw_items(s, "scores");
	struct kl_value score;

	while (kl_cursor_next(&cursor, &score))
		if (kl_draw_disagree(&score))
			return true;
	return kl_draw_uint(s, "went_up") && kl_draw_uint(s, "went_down");
}

static void draw_assessors(FILE *out, const struct kl_value *s)
{
	struct kl_cursor cursor = kl_draw_items(s, "assessors"), scores;
	struct kl_value assessor, score;
	char name[128];
	int64_t number;

	while (kl_cursor_next(&cursor, &assessor)) {
		fprintf(out, "    %s:", kl_cli_text(&assessor, "assessor", "?", name, 128));
		scores = kl_draw_items(&assessor, "scores");
		for (char letter = 'A'; kl_cursor_next(&scores, &score); letter++)
			if (kl_value_int(&score, &number))
				fprintf(out, "  %c -", letter);
			else
				fprintf(out, "  %c %" PRId64, letter, number);
		fputs("\n", out);
	}
}

static void draw_disagreement(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "subjects");
	struct kl_value s;
	char name[128];
	bool any = false;

	while (kl_cursor_next(&cursor, &s)) {
		if (!disagreed(&s))
			continue;
		if (!any)
			fputs("\nWho disagreed (ours: two points apart or more, or opposite "
			      "ways):\n",
				out);
		any = true;
		fprintf(out, "\n  %s\n", kl_cli_text(&s, "name", "?", name, sizeof name));
		draw_assessors(out, &s);
	}
	if (!any)
		fputs("\nNowhere were assessors two points apart or more.\n", out);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	int rc;

	fputs("Medians, and from the lowest to the highest score; what speaks against a movement "
	      "is "
	      "our rule\n\n",
		cli->out);
	draw_versions(cli->out, answer);
	fputs("\n", cli->out);
	rc = draw_table(cli->out, answer);
	if (!rc)
		draw_disagreement(cli->out, answer);
	return rc;
}

static int run(struct kl_cli *cli)
{
	return kl_request_show(cli, "assess compare", NULL, draw);
}

static const struct kl_option options[] = {
	{"period", "YEAR", "two of them or more; or the one whose revisions are meant", true},
	{"revision", "N", "two of them or more, of one period", true},
	{"place", "PLACE", "a part of the area"},
	{NULL},
};

const struct kl_command kl_verb_assess_compare = {
	.words = "assess compare",
	.example = "keeplocal assess compare --period 2025 --period 2026",
	.help = "versions side by side: what moved, how far to believe it, and who disagreed",
	.options = options,
	.tables = true,
	.run = run,
};
