#include "client/draw.h"
#include "client/request.h"

#include <inttypes.h>
#include <string.h>

enum { COUNTED_MAX = 2048 };

/* "primary (3), estimated (1)": how many say what. */
static const char *counted(const struct kl_value *map, const char *key_of, char out[COUNTED_MAX])
{
	struct kl_value methods, key, count;
	struct kl_cursor cursor;
	char text[128];
	size_t len = 0;
	uint64_t n;

	out[0] = '\0';
	if (kl_get_map(map, key_of, &methods))
		return out;
	cursor = kl_cursor(&methods);
	while (kl_cursor_next(&cursor, &key) && kl_cursor_next(&cursor, &count)) {
		if (kl_value_text(&key, text, sizeof text) || kl_value_uint(&count, UINT32_MAX, &n))
			continue;
		(void)snprintf(out + len, COUNTED_MAX - len, "%s%s (%" PRIu64 ")", len ? ", " : "",
			text, n);
		len = strlen(out);
	}
	return out;
}

static bool is_mixed(const struct kl_value *map)
{
	struct kl_value methods;

	return !kl_get_map(map, "methods", &methods) && methods.count > 1;
}

static int draw_places(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "places");
	char text[COUNTED_MAX];
	struct kl_table table;
	struct kl_value place;
	int rc;

	kl_table_init(&table, "<place >members >total <how_it_was_found");
	while (kl_cursor_next(&cursor, &place)) {
		kl_draw_cell(&table, &place, "place", "place unknown");
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&place, "n"));
		kl_draw_cell(&table, &place, "shown", "?");
		kl_table_cell(&table, "%s", counted(&place, "methods", text));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (kl_draw_uint(answer, "places_left_out"))
		fprintf(cli->out, "and %" PRIu64 " more places\n",
			kl_draw_uint(answer, "places_left_out"));
	return rc;
}

static int draw_figures(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const keys[] = {"member", "shown", "method", "confidence"};
	struct kl_value list, item;
	struct kl_cursor cursor;
	struct kl_table table;
	int rc;

	if (kl_get_array(answer, "figures", &list))
		return KL_OK;
	kl_table_init(&table, "<member >value <method <confidence");
	cursor = kl_cursor(&list);
	while (kl_cursor_next(&cursor, &item))
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
			kl_draw_cell(&table, &item, keys[i], "not stated");
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static void draw_head(FILE *out, const struct kl_value *answer)
{
	char name[128], period[32], about[64], shown[64], place[512];
	const uint64_t n = kl_draw_uint(answer, "n");

	kl_cli_text(answer, "place", "", place, sizeof place);
	fprintf(out, "%s, %s", kl_cli_text(answer, "name", "?", name, sizeof name),
		kl_cli_text(answer, "period", "?", period, sizeof period));
	fputs(place[0] ? ", " : "", out);
	kl_draw_plain(out, place, 0);
	fprintf(out, ": %s (%" PRIu64 " %s; to the last digit %s)\n\n",
		kl_cli_text(answer, "published", "?", about, sizeof about), n,
		n == 1 ? "member" : "members",
		kl_cli_text(answer, "shown", "?", shown, sizeof shown));
}

static void draw_foot(FILE *out, const struct kl_value *answer)
{
	const uint64_t lost = kl_draw_uint(answer, "without_place");
	const uint64_t other = kl_draw_uint(answer, "other_periods");
	char text[COUNTED_MAX], warning[512];

	fprintf(out, "\nMethods: %s.\n", counted(answer, "methods", text));
	fprintf(out, "Confidence: %s.\n", counted(answer, "confidence", text));
	if (is_mixed(answer))
		fputs("The figures were found in different ways: the total is no more than their "
		      "sum.\n",
			out);
	if (kl_cli_text(answer, "warning", "", warning, sizeof warning)[0])
		fprintf(out, "Bear in mind: %s.\n", warning);
	if (lost)
		fprintf(out, "Not in it: %" PRIu64 " %s of members whose place nobody knows.\n",
			lost, lost == 1 ? "figure" : "figures");
	if (other)
		fprintf(out,
			"Not in it: %" PRIu64 " %s published this for other periods only "
			"(--period P; keeplocal figure list).\n",
			other, other == 1 ? "member that" : "members that");
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	int rc;

	draw_head(cli->out, answer);
	rc = kl_draw_count(answer, "places") ? draw_places(cli, answer) : draw_figures(cli, answer);
	if (!rc && !kl_draw_count(answer, "places") && kl_draw_uint(answer, "figures_left_out"))
		fprintf(cli->out, "and %" PRIu64 " smaller ones\n",
			kl_draw_uint(answer, "figures_left_out"));
	if (!rc)
		draw_foot(cli->out, answer);
	return rc;
}

static int run(struct kl_cli *cli)
{
	static const char *const keys[] = {"metric", NULL};

	return kl_request_show(cli, "figure total", keys, draw);
}

static const struct kl_option options[] = {
	{"period", "P", "the year; without it, the latest with a figure"},
	{"place", "PLACE", "a council area, a region or a neighbourhood, by code or by name"},
	{"by-place", NULL, "a total for each council area"},
	{"by-region", NULL, "a total for each region"},
	{NULL},
};

const struct kl_command kl_verb_figure_total = {
	.words = "figure total",
	.operands = "METRIC",
	.example = "keeplocal figure total enabled.fte",
	.help = "what the figures published by name add up to",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
