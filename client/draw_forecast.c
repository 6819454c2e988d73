#include "client/draw_forecast.h"
#include "client/draw.h"

#include <inttypes.h>
#include <string.h>

/* ---- for programs ---------------------------------------------------------------------------- */

static size_t count_rows(const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "outcomes");
	struct kl_value outcome;
	size_t n = 0;

	while (kl_cursor_next(&cursor, &outcome))
		n += kl_draw_count(&outcome, "metrics");
	return n;
}

static void write_row(
	struct kl_writer *w, const struct kl_value *outcome, const struct kl_value *metric)
{
	static const char *const keys[] = {
		"cohort", "could", "counted", "needed", "released", "level", "why"};
	struct kl_value value;

	kl_write_map(w, 1 + sizeof keys / sizeof *keys);
	kl_write_text(w, "metric");
	kl_write_raw(w, metric->raw);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		kl_write_text(w, keys[i]);
		if (kl_map_get(outcome, keys[i], &value))
			kl_write_nil(w);
		else
			kl_write_raw(w, value.raw);
	}
}

int kl_forecast_rows(const struct kl_value *answer, struct kl_writer *w)
{
	struct kl_cursor cursor = kl_cursor(answer), metrics;
	struct kl_value key, outcome, metric;
	struct kl_bytes bytes;

	kl_write_map(w, answer->count + 1U);
	while (kl_cursor_next(&cursor, &key)) /* keys and values in turn */
		kl_write_raw(w, key.raw);
	kl_put_array(w, "forecast", count_rows(answer));
	cursor = kl_draw_items(answer, "outcomes");
	while (kl_cursor_next(&cursor, &outcome)) {
		metrics = kl_draw_items(&outcome, "metrics");
		while (kl_cursor_next(&metrics, &metric))
			write_row(w, &outcome, &metric);
	}
	return kl_writer_bytes(w, &bytes);
}

/* ---- for people ------------------------------------------------------------------------------ */

enum { NAMED_MAX = 2, NAME_MAX_BYTES = 64 };

static bool has_text(const struct kl_value *map, const char *key, const char *wanted)
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	struct kl_value item;
	char text[64];

	while (kl_cursor_next(&cursor, &item))
		if (!kl_value_text(&item, text, sizeof text) && !strcmp(text, wanted))
			return true;
	return false;
}

/* Texts of `map` that are not among those of `without` (NULL: all), the first few. How many. */
static size_t take_names(const struct kl_value *map, const struct kl_value *without,
	char names[NAMED_MAX][NAME_MAX_BYTES])
{
	struct kl_cursor cursor = kl_draw_items(map, "metrics");
	struct kl_value item;
	size_t n = 0;
	char text[NAME_MAX_BYTES];

	while (n < NAMED_MAX && kl_cursor_next(&cursor, &item))
		if (!kl_value_text(&item, text, sizeof text) &&
			!(without && has_text(without, "metrics", text)))
			(void)kl_copy_text(names[n++], NAME_MAX_BYTES, text);
	return n;
}

/* "all 20", "all but enabled.fte", "enabled.fte", "enabled.fte and 3 more" */
static void metrics_cell(
	struct kl_table *table, const struct kl_value *answer, const struct kl_value *outcome)
{
	const size_t all = kl_draw_count(answer, "metrics"), n = kl_draw_count(outcome, "metrics");
	char names[NAMED_MAX][NAME_MAX_BYTES] = {"", ""};

	if (n == all && n > NAMED_MAX) {
		kl_table_cell(table, "all %zu", n);
	} else if (n > NAMED_MAX && n + NAMED_MAX >= all) {
		const size_t not_it = take_names(answer, outcome, names);

		kl_table_cell(table, "all but %s%s%s", names[0], not_it > 1 ? ", " : "", names[1]);
	} else {
		(void)take_names(outcome, NULL, names);
		if (n > NAMED_MAX)
			kl_table_cell(table, "%s and %zu more", names[0], n - 1);
		else
			kl_table_cell(table, "%s%s%s", names[0], n > 1 ? ", " : "", names[1]);
	}
}

static bool is_tried(const struct kl_value *answer)
{
	return kl_draw_uint(answer, "tries") > 0;
}

static void outcome_row(
	struct kl_table *table, const struct kl_value *answer, const struct kl_value *outcome)
{
	struct kl_value tries;

	kl_draw_cell(table, outcome, "cohort", "?");
	metrics_cell(table, answer, outcome);
	kl_table_cell(table, "%" PRIu64, kl_draw_uint(outcome, "could"));
	kl_table_cell(table, "%" PRIu64, kl_draw_uint(outcome, "counted"));
	kl_draw_cell(table, outcome, "bins", "no");
	if (!kl_get_map(outcome, "tried", &tries))
		kl_draw_cell(table, &tries, "words", "");
	kl_draw_cell(table, outcome, "because", "");
}

static void draw_head(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value supposed;
	uint64_t members;

	if (kl_get_map(answer, "supposed", &supposed))
		return;
	members = kl_draw_uint(&supposed, "members");
	if (is_tried(answer))
		fprintf(cli->out,
			"\nIf everybody answers; and with %" PRIu64 " groups of %" PRIu64
			" members who do:\n",
			kl_draw_uint(answer, "tries"), members);
	else if (kl_draw_count(&supposed, "without"))
		fprintf(cli->out, "\nIf %" PRIu64 " members answer, all but those left out:\n",
			members);
	else
		fputs("\nIf everybody answers:\n", cli->out);
}

static int draw_outcomes(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "outcomes");
	struct kl_table table;
	struct kl_value item;
	int rc;

	draw_head(cli, answer);
	kl_table_init(&table,
		is_tried(answer) ? "<cohort <metrics >members >count <shown <tried <why_no_finer"
				 : "<cohort <metrics >members >count <shown <why_no_finer");
	while (kl_cursor_next(&cursor, &item))
		outcome_row(&table, answer, &item);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

/* "A", "A and B", "A, B and C" */
static void print_names(FILE *out, const struct kl_value *map, const char *key)
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	size_t left = kl_draw_count(map, key);
	struct kl_value item;
	bool any = false;

	for (; kl_cursor_next(&cursor, &item); left--) {
		char text[KL_DRAW_TEXT_MAX];

		if (kl_value_text(&item, text, sizeof text))
			continue;
		fputs(!any ? "" : left == 1 ? " and " : ", ", out);
		kl_draw_plain(out, text, 0);
		any = true;
	}
}

static void draw_not_counted(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "not_counted");
	struct kl_value item;

	if (kl_draw_count(answer, "not_counted"))
		fputs("\nWho does not count, or not alone:\n", cli->out);
	while (kl_cursor_next(&cursor, &item)) {
		char why[64];

		kl_cli_text(&item, "why", "", why, sizeof why);
		fputs("  ", cli->out);
		print_names(cli->out, &item, "members");
		if (!strcmp(why, "same control group"))
			fputs(": one control group, which counts as one member\n", cli->out);
		else if (!strcmp(why, "published by name")) {
			fputs(": published under its name: ", cli->out);
			print_names(cli->out, &item, "metrics");
			fputc('\n', cli->out);
		} else {
			fprintf(cli->out, ": %s\n", why);
		}
	}
}

static void draw_unplaced(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "unplaced");
	struct kl_value item;

	if (kl_draw_count(answer, "unplaced"))
		fputs("\nIn no cohort of that kind, since the roster does not say it of them:\n",
			cli->out);
	while (kl_cursor_next(&cursor, &item)) {
		char attribute[32];

		fprintf(cli->out, "  %s: ",
			kl_cli_text(&item, "attribute", "?", attribute, sizeof attribute));
		print_names(cli->out, &item, "members");
		fputc('\n', cli->out);
	}
}

static void draw_earlier(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "earlier");
	struct kl_value item;

	if (kl_draw_count(answer, "earlier"))
		fputs("\nCalled before, for some of it:\n", cli->out);
	while (kl_cursor_next(&cursor, &item)) {
		char tally[80], period[32], state[32];
		const uint64_t metrics = kl_draw_uint(&item, "metrics");

		fprintf(cli->out, "  %.16s for %s, %s: %" PRIu64 " of these metrics\n",
			kl_cli_text(&item, "tally", "?", tally, sizeof tally),
			kl_cli_text(&item, "period", "?", period, sizeof period),
			kl_cli_text(&item, "state", "?", state, sizeof state), metrics);
	}
}

int kl_draw_forecast(struct kl_cli *cli, const struct kl_value *answer)
{
	const int rc = draw_outcomes(cli, answer);

	draw_not_counted(cli, answer);
	draw_unplaced(cli, answer);
	draw_earlier(cli, answer);
	return rc;
}
