#include "client/draw_assessment.h"
#include "client/draw.h"

#include <inttypes.h>

static void heading(struct kl_cli *cli, const struct kl_value *answer)
{
	char period[32], place[128];

	fprintf(cli->out, "Assessment of %s", kl_cli_text(answer, "period", "?", period, 32));
	if (kl_draw_named(answer, "place", "", place, sizeof place)[0])
		fprintf(cli->out, ", %s", place);
	fprintf(cli->out, ", revision %" PRIu64 "\n\n", kl_draw_uint(answer, "revision"));
}

bool kl_draw_disagree(const struct kl_value *scores)
{
	int64_t low, high;

	return !kl_get_int(scores, "low", &low) && !kl_get_int(scores, "high", &high) &&
	       high - low >= KL_DRAW_APART;
}

void kl_draw_median_cell(struct kl_table *table, const struct kl_value *scores)
{
	char median[KL_DRAW_NUMBER_MAX];
	int64_t low, high;

	kl_draw_number(scores, "median", "-", median);
	if (kl_get_int(scores, "low", &low) || kl_get_int(scores, "high", &high) || low == high)
		kl_table_cell(table, "%s", median);
	else
		kl_table_cell(table, "%s (%" PRId64 "-%" PRId64 ")", median, low, high);
}

unsigned kl_draw_answered(const struct kl_value *answer, unsigned *ret_statements)
{
	struct kl_cursor cursor = kl_draw_items(answer, "statements");
	struct kl_value statement;
	unsigned answered = 0;
	int64_t score;

	*ret_statements = (unsigned)kl_draw_count(answer, "statements");
	while (kl_cursor_next(&cursor, &statement))
		answered += !kl_value_int(&statement, &score);
	return answered;
}

/* How many assessors answered statements, but not enough for a score. */
static unsigned unfinished(const struct kl_value *s)
{
	struct kl_cursor cursor = kl_draw_items(s, "answers");
	struct kl_value answer;
	unsigned n = 0, statements;
	int64_t score;

	while (kl_cursor_next(&cursor, &answer))
		n += kl_get_int(&answer, "score", &score) && kl_draw_answered(&answer, &statements);
	return n;
}

/* What one should know before believing a median. */
static const char *remarks(const struct kl_value *s, char *out, size_t size)
{
	uint64_t unsupported = kl_draw_uint(s, "unsupported"),
		 contradicted = kl_draw_uint(s, "contradicted");
	size_t len = 0;

	out[0] = '\0';
	if (kl_draw_disagree(s))
		len += (size_t)snprintf(out, size, "they disagree; ");
	if (unsupported)
		len += (size_t)snprintf(out + len, size - len, "%" PRIu64 " %s on nothing; ",
			unsupported, unsupported == 1 ? "rests" : "rest");
	if (unfinished(s))
		len += (size_t)snprintf(
			out + len, size - len, "%u answered too few statements; ", unfinished(s));
	if (contradicted)
		len += (size_t)snprintf(out + len, size - len,
			"%" PRIu64 " differ from their statements; ", contradicted);
	if (len)
		out[len - 2] = '\0';
	return out;
}

static void spread(struct kl_table *table, const struct kl_value *s)
{
	int64_t low, high;

	if (kl_get_int(s, "low", &low) || kl_get_int(s, "high", &high))
		kl_table_cell(table, "-");
	else
		kl_table_cell(table, "%" PRId64 "-%" PRId64, low, high);
}

static int draw_table(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "subjects");
	char number[KL_DRAW_NUMBER_MAX], text[160];
	struct kl_table table;
	struct kl_value s;
	bool apart = false;
	int rc;

	kl_table_init(&table, "< <subject >median <spread >assessors <");
	while (kl_cursor_next(&cursor, &s)) {
		kl_draw_cell(&table, &s, "subject", "?");
		kl_draw_cell(&table, &s, "name", "?");
		kl_table_cell(&table, "%s", kl_draw_number(&s, "median", "-", number));
		spread(&table, &s);
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&s, "assessors"));
		kl_table_cell(&table, "%s", remarks(&s, text, sizeof text));
		apart |= kl_draw_disagree(&s);
	}
	rc = kl_table_print(&table, cli->out);
	if (!rc && apart)
		fprintf(cli->out, "\nThey disagree: %d points apart or more (our rule).\n",
			KL_DRAW_APART);
	kl_table_deinit(&table);
	return rc;
}

int kl_draw_assessment_scores(struct kl_cli *cli, const struct kl_value *answer)
{
	heading(cli, answer);
	return draw_table(cli, answer);
}

int kl_draw_assessment(struct kl_cli *cli, const struct kl_value *answer)
{
	int rc;

	rc = kl_draw_assessment_scores(cli, answer);
	fputs("\n", cli->out);
	kl_draw_joined(cli->out, "Assessors so far", answer, "assessors", "\n");
	return rc;
}
