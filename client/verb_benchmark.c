#include "client/amount.h"
#include "client/draw.h"

#include <inttypes.h>
#include <string.h>

enum { BAR_WIDTH = 30 }; /* characters of the longest bar */

/* ---- bars ------------------------------------------------------------------------------------ */

static void bar(uint64_t count, uint64_t most, char out[4 * BAR_WIDTH + 1])
{
	static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	uint64_t parts = most ? count * BAR_WIDTH * 8 / most : 0;

	if (count && !parts)
		parts = 1;
	out[0] = '\0';
	for (uint64_t i = 0; i < parts / 8 && i < BAR_WIDTH; i++)
		strcat(out, "█");
	if (parts / 8 < BAR_WIDTH)
		strcat(out, eighths[parts % 8]);
}

static uint64_t highest(const struct kl_value *histogram)
{
	struct kl_cursor cursor = kl_cursor(histogram);
	struct kl_value bin;
	uint64_t most = 0, count;

	while (kl_cursor_next(&cursor, &bin))
		if (!kl_get_uint(&bin, "count", UINT32_MAX, &count) && count > most)
			most = count;
	return most;
}

/* "you" is only where this member's answer stands in the sum. */
static const char *own_mark(const struct kl_value *answer, const struct kl_value *own)
{
	struct kl_value moved;

	if (!kl_draw_flag(own, "counted"))
		return "◁ your figure, not counted here";
	return kl_get_map(answer, "moved", &moved) ? "◀ you" : "◁ your figure today";
}

static int draw_histogram(
	struct kl_cli *cli, const struct kl_value *histogram, const char *mark, uint64_t own)
{
	struct kl_cursor cursor = kl_cursor(histogram);
	uint64_t most = highest(histogram), index = 0;
	struct kl_table table;
	struct kl_value bin;
	int rc;

	kl_table_init(&table, "> > < <");
	while (kl_cursor_next(&cursor, &bin)) {
		char words[128], drawn[4 * BAR_WIDTH + 1];
		uint64_t count = 0;

		(void)kl_get_uint(&bin, "count", UINT32_MAX, &count);
		bar(count, most, drawn);
		kl_table_cell(&table, "%s", kl_cli_text(&bin, "words", "?", words, sizeof words));
		kl_table_cell(&table, "%" PRIu64, count);
		kl_table_cell(&table, "%s", drawn);
		kl_table_cell(&table, "%s", mark && index == own ? mark : "");
		index++;
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

/* ---- figures --------------------------------------------------------------------------------- */

static void quartile_row(struct kl_table *table, const struct kl_value *answer, const char *key,
	const char *title, const char *unit)
{
	char value[KL_AMOUNT_TEXT_MAX], low[KL_AMOUNT_TEXT_MAX], high[KL_AMOUNT_TEXT_MAX];
	struct kl_value q;

	if (kl_get_map(answer, key, &q))
		return;
	kl_amount(&q, "low", unit, "", low);
	kl_amount(&q, "high", unit, "", high);
	kl_table_cell(table, "%s", title);
	kl_table_cell(table, "%s", kl_amount(&q, "value", unit, "?", value));
	if (low[0] && !strcmp(low, high))
		kl_table_cell(table, "certainly %s", low);
	else if (low[0] && high[0])
		kl_table_cell(table, "certainly from %s to %s", low, high);
	else if (low[0])
		kl_table_cell(table, "certainly %s or more", low);
	else if (high[0])
		kl_table_cell(table, "certainly %s or less", high);
	else
		kl_table_cell(table, "nothing is certain");
}

/* How many stand in the first or the last bin. */
static uint64_t at_end(const struct kl_value *answer, bool last)
{
	struct kl_value histogram, bin;
	struct kl_cursor cursor;
	uint64_t n = 0;

	if (kl_get_array(answer, "histogram", &histogram))
		return 0;
	cursor = kl_cursor(&histogram);
	while (kl_cursor_next(&cursor, &bin)) {
		n = kl_draw_uint(&bin, "count");
		if (!last)
			break;
	}
	return n;
}

/* A bin without an end has no middle: what would be taken for one decides what the mean is. */
static void mean_row(struct kl_table *table, const struct kl_value *answer, const char *unit)
{
	char mean[KL_AMOUNT_TEXT_MAX], low[KL_AMOUNT_TEXT_MAX], high[KL_AMOUNT_TEXT_MAX];

	kl_amount(answer, "mean", unit, "?", mean);
	kl_amount(answer, "mean_low", unit, "", low);
	kl_amount(answer, "mean_high", unit, "", high);
	kl_table_cell(table, "mean");
	if (low[0] && high[0]) {
		kl_table_cell(table, "%s", mean);
		kl_table_cell(
			table, "of the middles of the bins; certainly from %s to %s", low, high);
	} else if (low[0]) {
		kl_table_cell(table, "not known");
		kl_table_cell(table,
			"certainly %s or more; %" PRIu64 " in the top bin, which has no upper end",
			low, at_end(answer, true));
	} else if (high[0]) {
		kl_table_cell(table, "not known");
		kl_table_cell(table,
			"certainly %s or less; %" PRIu64 " in the lowest bin, which has no lower "
			"end",
			high, at_end(answer, false));
	} else {
		kl_table_cell(table, "not known");
		kl_table_cell(table, "both end bins have members and no end");
	}
}

static int draw_quartiles(struct kl_cli *cli, const struct kl_value *answer, const char *unit)
{
	struct kl_table table;
	int rc;

	kl_table_init(&table, "< > <");
	quartile_row(&table, answer, "q1", "lower quartile", unit);
	quartile_row(&table, answer, "median", "median", unit);
	quartile_row(&table, answer, "q3", "upper quartile", unit);
	mean_row(&table, answer, unit);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static void draw_own(struct kl_cli *cli, const struct kl_value *own, const char *unit, uint64_t n)
{
	char value[KL_AMOUNT_TEXT_MAX];
	struct kl_value rank;
	bool in_cohort = true;
	double low, high;

	if (kl_get_map(own, "rank", &rank) || kl_get_double(&rank, "low", &low) ||
		kl_get_double(&rank, "high", &high))
		return;
	(void)kl_get_bool_or(own, "in_cohort", true, &in_cohort);
	fprintf(cli->out,
		"\nYou%s: %s. Of the %" PRIu64 ", %.0f%% are in lower bins, and %.0f%% in yours or "
		"lower.\n",
		!in_cohort                     ? " (not in this cohort)"
		: kl_draw_flag(own, "counted") ? ""
					       : " (not counted here)",
		kl_amount(own, "value", unit, "?", value), n, 100 * low, 100 * high);
}

static int draw_figures(struct kl_cli *cli, const struct kl_value *answer, const char *state)
{
	struct kl_value histogram, own;
	char unit[16], warning[512];
	uint64_t n = 0, bin = 0;
	bool has_own =
		!kl_get_map(answer, "own", &own) && !kl_get_uint(&own, "bin", UINT32_MAX, &bin);
	int rc;

	if (kl_get_array(answer, "histogram", &histogram))
		return KL_OK;
	(void)kl_get_uint(answer, "n", UINT32_MAX, &n);
	kl_cli_text(answer, "unit", "", unit, sizeof unit);
	rc = draw_histogram(cli, &histogram, has_own ? own_mark(answer, &own) : NULL, bin);
	if (rc)
		return rc;
	fputc('\n', cli->out);
	rc = draw_quartiles(cli, answer, unit);
	if (rc)
		return rc;
	if (has_own)
		draw_own(cli, &own, unit, n);
	if (kl_cli_text(answer, "warning", "", warning, sizeof warning)[0])
		fprintf(cli->out, "\nBear in mind: %s.\n", warning);
	if (!strcmp(state, "unconfirmed"))
		kl_draw_joined(cli->out,
			"\nUnconfirmed: true if these seats are honest, since only they opened it",
			answer, "opened_by", ".\n");
	kl_draw_joined(cli->out, "\nThese seats opened something else and were overruled", answer,
		"overruled", ".\n");
	return KL_OK;
}

/* ---- which cohort is most like us ------------------------------------------------------------- */

/* Withheld cohorts in which this member stands. */
static void draw_withheld(FILE *out, const struct kl_value *answer, const char *shown)
{
	struct kl_cursor cursor = kl_draw_items(answer, "cohorts");
	struct kl_value item;

	while (kl_cursor_next(&cursor, &item)) {
		char cohort[80], why[512];

		kl_cli_text(&item, "withheld", "", why, sizeof why);
		kl_cli_text(&item, "cohort", "?", cohort, sizeof cohort);
		if (why[0] && kl_draw_flag(&item, "mine") && strcmp(cohort, shown) != 0)
			fprintf(out, "Withheld: %s: %s.\n", cohort, why);
	}
}

/* A released cohort whose members are nearer still, and in which this member does not stand. */
static void draw_outside(FILE *out, const struct kl_value *answer, const char *shown)
{
	struct kl_value outside;
	char cohort[80];
	double nearer = 0;

	if (kl_get_map(answer, "outside", &outside))
		return;
	(void)kl_get_double(&outside, "nearer", &nearer);
	kl_cli_text(&outside, "cohort", "?", cohort, sizeof cohort);
	fprintf(out,
		"Nearer still (%.0f%%), but you do not stand in it, and your figure is not counted "
		"there:\n  %s (n = %" PRIu64 ")%s.\n",
		100 * nearer, cohort, kl_draw_uint(&outside, "n"),
		strcmp(cohort, shown) ? "" : ", shown here");
}

static void draw_suggested(FILE *out, const struct kl_value *answer, const char *shown)
{
	char cohort[80], why[256], metric[80], period[32];
	struct kl_value suggested;

	if (!kl_get_map(answer, "suggested", &suggested)) {
		bool same = !strcmp(
			kl_cli_text(&suggested, "cohort", "?", cohort, sizeof cohort), shown);

		fprintf(out,
			"\nOf the released cohorts in which you stand, most like you: %s (n = "
			"%" PRIu64 ")%s.\n"
			"  Why: %s.\n"
			"  Our rule: mean distances, as keeplocal similar measures them.\n",
			cohort, kl_draw_uint(&suggested, "n"), same ? ", shown here" : "",
			kl_cli_text(&suggested, "why", "?", why, sizeof why));
		if (!same)
			fprintf(out, "  keeplocal benchmark %s --cohort %s --period %s\n",
				kl_cli_text(answer, "metric", "?", metric, sizeof metric), cohort,
				kl_cli_text(answer, "period", "?", period, sizeof period));
	} else if (kl_draw_count(answer, "cohorts")) {
		fputs("\nNo cohort is suggested: you stand in none that was released.\n", out);
	}
	draw_outside(out, answer, shown);
	draw_withheld(out, answer, shown);
	if (kl_draw_count(answer, "unplaced")) {
		kl_draw_joined(out,
			"You stand in no cohort by these, which the convenor had not confirmed of "
			"you",
			answer, "unplaced", ".\n");
		fputs("  For the next tally, ask the convenor to confirm them (network admit).\n",
			out);
	}
}

/* A correction is noted, and changes nothing that was shown. */
static void draw_moved(FILE *out, const struct kl_value *answer)
{
	char was[128], today[128];
	struct kl_value moved;

	if (kl_get_map(answer, "moved", &moved))
		return;
	fprintf(out,
		"\nYou contributed %s; today it would be %s. What was shown is never changed.\n",
		kl_cli_text(&moved, "contributed", "?", was, sizeof was),
		kl_cli_text(&moved, "today", "?", today, sizeof today));
}

/* Late batches, and what came before them. */
static void draw_batches(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "batches");
	char metric[80], period[32], tally[80];
	struct kl_value item;

	kl_cli_text(answer, "metric", "?", metric, sizeof metric);
	kl_cli_text(answer, "period", "?", period, sizeof period);
	while (kl_cursor_next(&cursor, &item))
		if (!kl_value_text(&item, tally, sizeof tally))
			fprintf(out,
				"\nOthers were counted for %s in a batch of their own:\n  "
				"keeplocal "
				"benchmark %s --tally %.16s\n",
				period, metric, tally);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer, const char *why)
{
	char name[128], cohort[80], period[32], tally[80], state[32];
	uint64_t n = 0;
	int rc = KL_OK;

	(void)kl_get_uint(answer, "n", UINT32_MAX, &n);
	kl_cli_text(answer, "state", "withheld", state, sizeof state);
	fprintf(cli->out, "%s, %s, %s\nn = %" PRIu64 ", %s (tally %.16s)\n\n",
		kl_cli_text(answer, "name", "?", name, sizeof name),
		kl_cli_text(answer, "cohort", "?", cohort, sizeof cohort),
		kl_cli_text(answer, "period", "?", period, sizeof period), n, state,
		kl_cli_text(answer, "tally", "?", tally, sizeof tally));
	if (why[0])
		fprintf(cli->out, "%s.\n", why);
	else
		rc = draw_figures(cli, answer, state);
	draw_moved(cli->out, answer);
	draw_batches(cli->out, answer);
	draw_suggested(cli->out, answer, cohort);
	return rc;
}

/* ---- the list -------------------------------------------------------------------------------- */

static int draw_list(struct kl_cli *cli, const struct kl_value *list)
{
	struct kl_cursor cursor = kl_cursor(list);
	struct kl_table table;
	struct kl_value item;
	int rc;

	if (!list->count) {
		fputs("Nothing was counted yet.\n", cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<metric <cohort <period >n < <tally");
	while (kl_cursor_next(&cursor, &item)) {
		char tally[80];

		kl_draw_cell(&table, &item, "metric", "?");
		kl_draw_cell(&table, &item, "cohort", "?");
		kl_draw_cell(&table, &item, "period", "?");
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&item, "n"));
		kl_table_cell(&table, "%s", kl_draw_flag(&item, "withheld") ? "withheld" : "");
		kl_table_cell(&table, "%.16s%s",
			kl_cli_text(&item, "tally", "?", tally, sizeof tally),
			kl_draw_uint(&item, "batch") > 1 ? " (late batch)" : "");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int list_all(struct kl_cli *cli)
{
	struct kl_value answer, list;
	int rc = kl_cli_ask(cli, "benchmark list", NULL, &answer);

	if (!rc && kl_get_array(&answer, "benchmarks", &list))
		rc = kl_fault(&cli->fault, KL_E_MALFORMED, "the daemon's answer has no list");
	if (rc)
		return rc;
	return kl_cli_give(cli, &list, draw_list);
}

/* ---- one ------------------------------------------------------------------------------------- */

/* Why there are no figures, or "". */
static void why_not(const struct kl_value *answer, char *out, size_t size)
{
	struct kl_value withheld;
	char state[32];

	(void)kl_copy_text(out, size, "");
	if (!kl_get_map(answer, "withheld", &withheld))
		kl_cli_text(&withheld, "why", "withheld", out, size);
	else if (!strcmp(kl_cli_text(answer, "state", "", state, sizeof state), "void"))
		(void)kl_copy_text(out, size,
			"The sums that the committee opened contradict each other, and nothing is "
			"guessed");
	else if (!strcmp(state, "waiting"))
		(void)kl_copy_text(out, size,
			"Too few of the committee have opened their part so far: it comes by "
			"itself");
}

static int ask(struct kl_cli *cli, struct kl_value *ret_answer)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "metric", cli->args.operands[0]);
	kl_pack_text(&pack, "cohort", kl_args_option(&cli->args, "cohort"));
	kl_pack_text(&pack, "period", kl_args_option(&cli->args, "period"));
	kl_pack_text(&pack, "tally", kl_args_option(&cli->args, "tally"));
	rc = kl_cli_ask(cli, "benchmark", &pack, ret_answer);
	kl_pack_deinit(&pack);
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct kl_value answer;
	char why[512];
	int rc;

	if (kl_args_flag(&cli->args, "list") || !cli->args.operand_count)
		return list_all(cli);
	rc = ask(cli, &answer);
	if (rc)
		return rc;
	why_not(&answer, why, sizeof why);
	rc = kl_cli_put(cli, &answer);
	if (rc == 0)
		rc = draw(cli, &answer, why);
	if (rc < 0 || !why[0])
		return rc < 0 ? rc : KL_OK;
	return kl_fault(&cli->fault, KL_E_WITHHELD, "there are no figures to show");
}

static const struct kl_option options[] = {
	{"cohort", "C", "everybody (as usual), councils, anchors, type=.., .."},
	{"period", "P", "the year; without it, the latest that was counted"},
	{"tally", "ID", "the beginning of a tally's id, where a period has several (see --list)"},
	{"list", NULL, "what there is, and in which tally"},
	{NULL},
};

const struct kl_command kl_verb_benchmark = {
	.words = "benchmark",
	.operands = "[METRIC]",
	.example = "keeplocal benchmark enabled.fte --cohort anchors",
	.help = "how members compare, counted without seeing anybody's answer",
	.more = "Exit code 1 where nothing can be shown of METRIC: withheld, void, or not opened "
		"yet. Without METRIC\nit lists what there is, and that is no error.",
	.options = options,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
