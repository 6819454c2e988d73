#include "client/draw_outlook.h"
#include "client/draw.h"
#include "core/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 256 };

static void line(struct kl_table *table, const char *label, const char *words)
{
	kl_table_cell(table, "%s", label);
	kl_table_cell(table, "%s", words);
}

/* ---- one line for each ----------------------------------------------------------------------- */

static void draw_head(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[256], kind[32], network[256], state[64];

	fprintf(cli->out, "%s, %s; ", kl_cli_text(answer, "name", "?", name, sizeof name),
		strcmp(kl_cli_text(answer, "kind", "?", kind, sizeof kind), "anchor") != 0
			? kind
			: "community anchor");
	if (kl_get_text(answer, "network", network, sizeof network)) {
		fputs("in no network yet\n", cli->out);
		return;
	}
	fprintf(cli->out, "%s, %" PRIu64 " member%s", network, kl_draw_uint(answer, "members"),
		kl_draw_uint(answer, "members") == 1 ? "" : "s");
	if (strcmp(kl_cli_text(answer, "state", "?", state, sizeof state), "active") != 0)
		fprintf(cli->out, " (%s)", state);
	fputc('\n', cli->out);
}

static void assessment_line(struct kl_table *table, const struct kl_value *answer)
{
	char period[32], words[WORDS_MAX];
	struct kl_value a;

	if (kl_get_map(answer, "assessment", &a)) {
		line(table, "seven characteristics", "not assessed yet");
		return;
	}
	(void)snprintf(words, sizeof words,
		"%s: %" PRIu64 " of %" PRIu64 " scored, %" PRIu64 " assessor%s",
		kl_cli_text(&a, "period", "?", period, sizeof period), kl_draw_uint(&a, "scored"),
		kl_draw_uint(&a, "of"), kl_draw_uint(&a, "assessors"),
		kl_draw_uint(&a, "assessors") == 1 ? "" : "s");
	line(table, "seven characteristics", words);
}

/* "1.66 to 2.40, central 2.08, amber" */
static void score_words(const struct kl_value *lm3, const struct kl_value *score, char *out)
{
	double low = 0, central = 0, high = 0;
	char rating[16], caveat[128], sure[160], middle[32] = "";

	(void)kl_get_double(score, "low", &low);
	(void)kl_get_double(score, "high", &high);
	kl_cli_text(lm3, "caveat", "", caveat, sizeof caveat);
	(void)snprintf(sure, sizeof sure, "%s%s%s",
		kl_cli_text(lm3, "rating", "unrated", rating, sizeof rating),
		caveat[0] ? ", but " : "", caveat);
	if (!kl_get_double(score, "central", &central))
		(void)snprintf(middle, sizeof middle, ", central %.2f", central);
	if (high - low >= 0.005)
		(void)snprintf(out, WORDS_MAX, "%.2f to %.2f%s, %s", low, high, middle, sure);
	else
		(void)snprintf(out, WORDS_MAX, "%.2f, %s", low, sure);
}

static void lm3_line(struct kl_table *table, const struct kl_value *answer)
{
	char project[256], period[32], score[WORDS_MAX] = "no suppliers and no payroll yet";
	char words[2 * WORDS_MAX + 64], more[48] = "";
	struct kl_value lm3, range;
	uint64_t projects;

	if (kl_get_map(answer, "lm3", &lm3)) {
		line(table, "local multiplier", "no LM3 project yet");
		return;
	}
	if (!kl_get_map(&lm3, "lm3", &range))
		score_words(&lm3, &range, score);
	projects = kl_draw_uint(&lm3, "projects");
	if (projects > 1)
		(void)snprintf(more, sizeof more, " (and %" PRIu64 " more)", projects - 1);
	(void)snprintf(words, sizeof words, "%.200s, %s: %s%s",
		kl_cli_text(&lm3, "project", "?", project, sizeof project),
		kl_cli_text(&lm3, "period", "?", period, sizeof period), score, more);
	line(table, "local multiplier", words);
}

static void spend_line(struct kl_table *table, const struct kl_value *answer)
{
	char first[32], last[32], kind[32], money[KL_MONEY_TEXT_MAX], words[WORDS_MAX];
	struct kl_value spend;
	int64_t pence = 0;
	bool there = !kl_get_map(answer, "spend", &spend);

	if (!there && strcmp(kl_cli_text(answer, "kind", "", kind, sizeof kind), "council") != 0)
		return;
	if (!there) {
		line(table, "spending", "no file of it yet");
		return;
	}
	(void)kl_get_int(&spend, "total_pence", &pence);
	(void)snprintf(words, sizeof words, "%s to %s: %s in %" PRIu64 " payments",
		kl_cli_text(&spend, "first_day", "?", first, sizeof first),
		kl_cli_text(&spend, "last_day", "?", last, sizeof last),
		kl_money_about(pence, money), kl_draw_uint(&spend, "payments"));
	line(table, "spending", words);
}

static void figure_words(
	const struct kl_value *enabled, const char *key, const char *what, char *out)
{
	char published[64], confidence[16];
	struct kl_value figure;

	if (kl_get_map(enabled, key, &figure)) {
		(void)snprintf(out, WORDS_MAX, "%s not known", what);
		return;
	}
	(void)snprintf(out, WORDS_MAX, "%s %s (%s)", what,
		kl_cli_text(&figure, "published", "?", published, sizeof published),
		kl_cli_text(&figure, "confidence", "not stated", confidence, sizeof confidence));
}

static void enabled_line(struct kl_table *table, const struct kl_value *answer)
{
	char period[32], kind[32], fte[WORDS_MAX], gva[WORDS_MAX], words[2 * WORDS_MAX + 64];
	struct kl_value enabled;
	bool there = !kl_get_map(answer, "enabled", &enabled);

	if (!there && strcmp(kl_cli_text(answer, "kind", "", kind, sizeof kind), "anchor") != 0)
		return;
	if (!there) {
		line(table, "your tenants", "no table of them yet");
		return;
	}
	figure_words(&enabled, "employees_fte", "employees", fte);
	figure_words(&enabled, "gva_pence", "value added", gva);
	(void)snprintf(words, sizeof words, "%s: %s, %s",
		kl_cli_text(&enabled, "period", "?", period, sizeof period), fte, gva);
	line(table, "your tenants", words);
}

static void indicators_line(struct kl_table *table, const struct kl_value *answer)
{
	uint64_t count = kl_draw_uint(answer, "indicators");
	char words[WORDS_MAX] = "none recorded yet";

	if (count)
		(void)snprintf(words, sizeof words, "%" PRIu64 " observation%s", count,
			count == 1 ? "" : "s");
	line(table, "indicators", words);
}

static void inbox_line(struct kl_table *table, const struct kl_value *answer)
{
	struct kl_value inbox;
	char words[WORDS_MAX];
	uint64_t answers, others;

	if (kl_get_map(answer, "inbox", &inbox))
		return;
	answers = kl_draw_uint(&inbox, "answers");
	others = kl_draw_uint(&inbox, "others");
	if (!answers && !others)
		return;
	(void)snprintf(words, sizeof words, "%" PRIu64 " answer%s to you, %" PRIu64 " other%s",
		answers, answers == 1 ? "" : "s", others, others == 1 ? "" : "s");
	line(table, "inbox", words);
}

/* "1 open, 2 deciding, 1 waits for your word" */
static void tallies_line(struct kl_table *table, const struct kl_value *answer)
{
	static const char *const keys[] = {"open", "deciding", "waiting"};
	struct kl_value tallies;
	char words[WORDS_MAX] = "";
	size_t len = 0;

	if (kl_get_map(answer, "tallies", &tallies))
		return;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const uint64_t n = kl_draw_uint(&tallies, keys[i]);

		if (!n)
			continue;
		len += (size_t)snprintf(words + len, sizeof words - len, "%s%" PRIu64 " %s",
			len ? ", " : "", n,
			i < 2    ? keys[i]
			: n == 1 ? "waits for your word"
				 : "wait for your word");
	}
	if (len)
		line(table, "tallies", words);
}

void kl_draw_keep_running(const struct kl_value *answer, char *out, size_t size)
{
	char what[80], until[80];
	struct kl_value duty;

	out[0] = '\0';
	if (!kl_get_map(answer, "keep_running", &duty))
		(void)snprintf(out, size, "keep this machine running until %s (%s)",
			kl_cli_text(&duty, "until_words", "?", until, sizeof until),
			kl_cli_text(&duty, "for", "?", what, sizeof what));
}

static void duty_line(struct kl_table *table, const struct kl_value *answer)
{
	char words[WORDS_MAX];

	kl_draw_keep_running(answer, words, sizeof words);
	if (words[0])
		line(table, "duty", words);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void draw_next(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "next");
	struct kl_value step;
	char command[KL_DRAW_TEXT_MAX], why[KL_DRAW_TEXT_MAX];

	if (kl_draw_count(answer, "next"))
		fputs("\nNext:\n", cli->out);
	while (kl_cursor_next(&cursor, &step))
		fprintf(cli->out, "  %s\n      %s\n",
			kl_cli_text(&step, "command", "?", command, sizeof command),
			kl_cli_text(&step, "why", "", why, sizeof why));
}

int kl_draw_outlook(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_table table;
	char kind[32];
	int rc = KL_OK;

	draw_head(cli, answer);
	kl_table_init(&table, "< <");
	if (strcmp(kl_cli_text(answer, "kind", "", kind, sizeof kind), "convenor") != 0) {
		assessment_line(&table, answer);
		lm3_line(&table, answer);
		spend_line(&table, answer);
		enabled_line(&table, answer);
		indicators_line(&table, answer);
	}
	inbox_line(&table, answer);
	tallies_line(&table, answer);
	duty_line(&table, answer);
	if (table.count > 2) {
		fputc('\n', cli->out);
		rc = kl_table_print(&table, cli->out);
	}
	kl_table_deinit(&table);
	if (!rc)
		draw_next(cli, answer);
	return rc;
}
