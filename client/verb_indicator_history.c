/* indicator history: what was recorded of one, and which way it goes. */
#include "client/draw.h"
#include "client/observed.h"
#include "client/request.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_MAX = 40 }; /* bytes of words that the table holds */

/* ---- taking -------------------------------------------------------------------------------- */

/* A long record comes in parts; they are put together here. */
struct record {
	struct kl_writer observations, series;
	size_t n_observations, n_series;
};

static void take_items(
	const struct kl_value *part, const char *key, struct kl_writer *w, size_t *count)
{
	struct kl_cursor cursor = kl_draw_items(part, key);
	struct kl_value item;

	while (kl_cursor_next(&cursor, &item)) {
		kl_write_raw(w, item.raw);
		++*count;
	}
}

static int take_part(void *data, const struct kl_value *part, struct kl_fault *fault)
{
	struct record *record = data;

	(void)fault;
	take_items(part, "observations", &record->observations, &record->n_observations);
	take_items(part, "series", &record->series, &record->n_series);
	return KL_OK;
}

static void put_items(struct kl_writer *w, const char *key, const struct kl_writer *items, size_t n)
{
	struct kl_bytes bytes = {0};

	kl_put_array(w, key, n);
	if (n && !kl_writer_bytes(items, &bytes))
		kl_write_raw(w, bytes);
}

/* The whole, as if it had come in one answer. */
static int put_together(struct kl_cli *cli, const struct record *record,
	const struct kl_value *answer, struct kl_writer *w, struct kl_value *ret)
{
	struct kl_bytes bytes;
	char text[256];
	int rc;

	kl_write_map(w, 6);
	kl_put_text(w, "code", kl_cli_text(answer, "code", "?", text, sizeof text));
	kl_cli_text(answer, "name", "", text, sizeof text);
	kl_put_text(w, "name", text[0] ? text : NULL);
	kl_put_uint(w, "recorded", kl_draw_uint(answer, "recorded"));
	kl_put_uint(w, "left_off", kl_draw_uint(answer, "left_off"));
	put_items(w, "observations", &record->observations, record->n_observations);
	put_items(w, "series", &record->series, record->n_series);
	rc = kl_writer_bytes(w, &bytes);
	if (!rc)
		rc = kl_value_open(bytes, ret);
	return rc ? kl_fault(&cli->fault, rc, "the history: %s", kl_error_text(rc)) : KL_OK;
}

/* ---- drawing ------------------------------------------------------------------------------- */

/* ": better" or ": worse"; nothing where the change says all, or where neither is better. */
static const char *judged(const struct kl_value *row, char out[48])
{
	char direction[40];

	kl_cli_text(row, "direction", "", direction, sizeof direction);
	out[0] = '\0';
	if (!strcmp(direction, "better") || !strcmp(direction, "worse"))
		(void)snprintf(out, 48, ": %s", direction);
	return out;
}

static void draw_direction(struct kl_table *table, const struct kl_value *row)
{
	char change[80], since[32], direction[48], why[120];

	if (kl_draw_flag(row, "superseded")) {
		kl_table_cell(table, "replaced by a later revision");
	} else if (kl_draw_flag(row, "comparable")) {
		kl_table_cell(table, "%s since %s%s%s",
			kl_cli_text(row, "change", "?", change, sizeof change),
			kl_cli_text(row, "since", "?", since, sizeof since), judged(row, direction),
			kl_draw_flag(row, "overlaps") ? " (the two periods overlap)" : "");
	} else if (kl_cli_text(row, "why", "", why, sizeof why)[0]) {
		kl_table_cell(table, "not compared: %s", why);
	} else {
		kl_table_cell(table, "%s", "");
	}
}

/* Words alone that would make the table too wide: they are told below it. */
static bool is_long(const struct kl_value *row)
{
	char text[KL_DRAW_TEXT_MAX];
	double number;

	return kl_get_double(row, "value", &number) &&
	       (strlen(kl_cli_text(row, "text", "", text, sizeof text)) > SHORT_MAX ||
		       strchr(text, '\n'));
}

static const char *draw_value(const struct kl_value *row, char out[KL_DRAW_TEXT_MAX])
{
	if (is_long(row))
		return kl_draw_flag(row, "superseded") ? "words" : "words, below";
	return kl_draw_observed(row, out);
}

static int draw_observations(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "observations");
	struct kl_table table;
	struct kl_value row;
	char value[KL_DRAW_TEXT_MAX];
	int rc;

	kl_table_init(&table,
		"<component <place <period >revision >value <method <confidence <source "
		"<change");
	while (kl_cursor_next(&cursor, &row)) {
		kl_draw_cell(&table, &row, "component", "");
		kl_table_cell(&table, "%s", kl_draw_named(&row, "place", "", value, sizeof value));
		kl_draw_cell(&table, &row, "period", "?");
		if (kl_draw_uint(&row, "revision"))
			kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "revision"));
		else
			kl_table_cell(&table, "table");
		kl_table_cell(&table, "%s", draw_value(&row, value));
		kl_draw_cell(&table, &row, "method", "");
		kl_draw_cell(&table, &row, "confidence", "");
		kl_draw_cell(&table, &row, "source", "");
		draw_direction(&table, &row);
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

/* What there was to tell beside a number; a few words alone stand in the table. */
static void draw_stories(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "observations");
	struct kl_value row;
	char text[KL_DRAW_TEXT_MAX], period[32], place[80];
	bool any = false;
	double number;

	while (kl_cursor_next(&cursor, &row)) {
		if (kl_draw_flag(&row, "superseded") ||
			(kl_get_double(&row, "value", &number) && !is_long(&row)) ||
			!kl_cli_text(&row, "text", "", text, sizeof text)[0])
			continue;
		fputs(any ? "" : "\nWhat was told:\n", out);
		any = true;
		kl_draw_named(&row, "place", "", place, sizeof place);
		fprintf(out, "  %s%s%s: ", kl_cli_text(&row, "period", "?", period, sizeof period),
			place[0] ? ", " : "", place);
		kl_draw_plain(out, text, 4);
		fputc('\n', out);
	}
}

static void draw_one_series(FILE *out, const struct kl_value *s)
{
	char component[64], place[80], method[120], from[32], to[32], change[80], direction[48];
	uint64_t rises = kl_draw_uint(s, "rises"), falls = kl_draw_uint(s, "falls");

	kl_cli_text(s, "component", "", component, sizeof component);
	kl_draw_named(s, "place", "", place, sizeof place);
	kl_cli_text(s, "method", "", method, sizeof method);
	fprintf(out, "  %s%s%s%s%s to %s: %s%s", component, component[0] ? ", " : "", place,
		place[0] ? ", " : "", kl_cli_text(s, "from", "?", from, sizeof from),
		kl_cli_text(s, "to", "?", to, sizeof to),
		kl_cli_text(s, "change", "?", change, sizeof change), judged(s, direction));
	if (rises && falls)
		fprintf(out, ": no clear direction (rises: %" PRIu64 ", falls: %" PRIu64 ")", rises,
			falls);
	if (method[0])
		fprintf(out, ", by %s", method);
	if (kl_draw_uint(s, "version"))
		fprintf(out, ", as defined in version %" PRIu64, kl_draw_uint(s, "version"));
	fputc('\n', out);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "series");
	struct kl_value series;
	char name[160];
	int rc;

	if (!kl_draw_count(answer, "observations")) {
		fputs("Nothing was recorded yet.\n", cli->out);
		return KL_OK;
	}
	if (kl_cli_text(answer, "name", "", name, sizeof name)[0])
		fprintf(cli->out, "%s\n\n", name);
	rc = draw_observations(cli, answer);
	if (!rc && kl_draw_uint(answer, "left_off"))
		fprintf(cli->out,
			"%" PRIu64 " earlier ones are not shown: --place, --component and --since "
			"narrow it down.\n",
			kl_draw_uint(answer, "left_off"));
	if (!rc && kl_draw_count(answer, "series"))
		fputs("\nOver time, where periods may be compared (a direction is clear only "
		      "without a step back:\nthat rule is ours):\n",
			cli->out);
	while (!rc && kl_cursor_next(&cursor, &series))
		draw_one_series(cli->out, &series);
	if (!rc)
		draw_stories(cli->out, answer);
	return rc;
}

/* ---- the command --------------------------------------------------------------------------- */

static int show(struct kl_cli *cli, const struct record *record, const struct kl_value *answer)
{
	struct kl_writer w;
	struct kl_value whole;
	int rc;

	kl_writer_init(&w);
	rc = put_together(cli, record, answer, &w, &whole);
	if (!rc)
		rc = kl_cli_give(cli, &whole, draw);
	kl_writer_deinit(&w);
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct record record = {.n_observations = 0};
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	kl_writer_init(&record.observations);
	kl_writer_init(&record.series);
	kl_pack_init(&pack);
	kl_request_options(cli, &pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	rc = kl_cli_download(cli, "indicator history", &pack, take_part, &record, &answer);
	kl_pack_deinit(&pack);
	if (!rc)
		rc = show(cli, &record, &answer);
	kl_writer_deinit(&record.observations);
	kl_writer_deinit(&record.series);
	return rc;
}

static const struct kl_option options[] = {
	{"place", "PLACE", "only one place"},
	{"component", "NAME", "only one number, where an indicator has several"},
	{"since", "P", "only from this period on"},
	{NULL},
};

const struct kl_command kl_verb_indicator_history = {
	.words = "indicator history",
	.operands = "NAME",
	.example = "keeplocal indicator history \"local multiplier\"",
	.help = "all that was recorded of one, and whether it gets better",
	.more = "Only what was found out in the same way, under the same definition and for "
		"periods of "
		"the same length is compared. A series goes one way only if it never went the "
		"other "
		"in between: that rule is ours.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
