/* What the report rests on: answers of the daemon, asked for one after the other and kept. */
#include "client/draw.h"
#include "client/report.h"
#include "core/period.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t empty_map[] = {0x80};

int kl_report_keep(const struct kl_value *value, struct kl_report_answer *ret_answer)
{
	struct kl_report_answer answer = {.known = true};

	if (value->type != KL_WIRE_MAP)
		return KL_E_MALFORMED;
	answer.bytes = malloc(value->raw.len);
	if (!answer.bytes)
		return KL_E_NOMEM;
	memcpy(answer.bytes, value->raw.data, value->raw.len);
	if (kl_value_open(kl_bytes(answer.bytes, value->raw.len), &answer.value)) {
		free(answer.bytes);
		return KL_E_MALFORMED;
	}
	*ret_answer = answer;
	return KL_OK;
}

static void keep_nothing(struct kl_report_answer *answer, const char *why)
{
	memset(answer, 0, sizeof *answer);
	(void)kl_value_open(kl_bytes(empty_map, sizeof empty_map), &answer->value);
	(void)kl_copy_text(answer->why, sizeof answer->why, why);
}

/* Codes that mean: there is nothing to show. Anything else is trouble, and no page is written. */
static bool is_absence(int code)
{
	static const int codes[] = {KL_E_NOT_FOUND, KL_E_WITHHELD, KL_E_DENIED, KL_E_BUSY,
		KL_E_AMBIGUOUS, KL_E_CONFLICT, KL_E_CONFIG};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i] == code)
			return true;
	return false;
}

int kl_report_ask(struct kl_cli *cli, const char *command, struct kl_pack *pack,
	struct kl_report_answer *ret_answer)
{
	struct kl_value value;
	int rc = kl_cli_ask(cli, command, pack, &value);

	if (is_absence(rc)) {
		keep_nothing(ret_answer,
			rc == KL_E_NOT_FOUND || rc == KL_E_DENIED ? "" : cli->fault.message);
		memset(&cli->fault, 0, sizeof cli->fault);
		return KL_OK;
	}
	if (rc)
		return kl_fault_at(&cli->fault, "%s", command);
	rc = kl_report_keep(&value, ret_answer);
	return rc ? kl_fault(&cli->fault, rc, "%s: the answer cannot be kept", command) : KL_OK;
}

int kl_report_ask_with(struct kl_cli *cli, const char *command, const char *key, const char *text,
	struct kl_report_answer *ret_answer)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, key, text);
	rc = kl_report_ask(cli, command, &pack, ret_answer);
	kl_pack_deinit(&pack);
	return rc;
}

/* ---- spend --------------------------------------------------------------------------------- */

/* Spending is asked for by the year, or whole. */
static int fetch_spend(struct kl_cli *cli, const char *text, struct kl_report *report)
{
	struct kl_period period;

	if (text && !kl_period_parse(text, &period) && kl_period_months(period) != 12) {
		keep_nothing(&report->spend, "");
		return KL_OK;
	}
	return kl_report_ask_with(cli, "spend result", "year", text, &report->spend);
}

/* ---- LM3 ----------------------------------------------------------------------------------- */

/* The project to show: the one that counts if it is of the period; else the only one of it. */
static bool choose_project(const struct kl_report *report, const char *period, char *out)
{
	struct kl_cursor cursor = kl_draw_items(&report->projects.value, "projects");
	char text[KL_REPORT_TEXT_MAX];
	struct kl_value item;
	size_t n = 0;

	out[0] = '\0';
	while (kl_cursor_next(&cursor, &item)) {
		if (period && strcmp(kl_report_text(&item, "period", "", text), period) != 0)
			continue;
		n++;
		kl_report_text(&item, "project", "", text);
		if (n == 1 || kl_draw_flag(&item, "in_use"))
			(void)kl_copy_text(out, KL_REPORT_TEXT_MAX, text);
		if (kl_draw_flag(&item, "in_use"))
			return true;
	}
	return n == 1;
}

/* Of a project whose suppliers are known: the rounds, suppliers put together by kind, and the leaks. */
static int fetch_rounds(struct kl_cli *cli, const char *project, struct kl_report *report)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", project);
	kl_pack_int(&pack, "n", 1);
	rc = kl_report_ask(cli, "lm3 explain", &pack, &report->explained);
	kl_pack_deinit(&pack);
	return rc ? rc : kl_report_ask_with(cli, "lm3 leaks", "name", project, &report->leaks);
}

static int fetch_lm3(
	struct kl_cli *cli, const struct kl_report_wanted *wanted, struct kl_report *report)
{
	char project[KL_REPORT_TEXT_MAX];
	int rc = kl_report_ask(cli, "lm3 list", NULL, &report->projects);

	keep_nothing(&report->lm3, "");
	keep_nothing(&report->explained, "");
	keep_nothing(&report->leaks, "");
	if (rc)
		return rc;
	if (wanted->project) {
		(void)kl_copy_text(project, sizeof project, wanted->project);
	} else if (!choose_project(report, wanted->period, project)) {
		keep_nothing(&report->lm3,
			project[0] ? "there are several LM3 projects, and none is marked as the "
				     "one that counts: keeplocal lm3 use NAME"
				   : "");
		return KL_OK;
	}
	rc = kl_report_ask_with(cli, "lm3 result", "name", project, &report->lm3);
	if (rc || !report->lm3.known || kl_draw_flag(&report->lm3.value, "recorded"))
		return rc;
	return fetch_rounds(cli, project, report);
}

/* ---- indicators ---------------------------------------------------------------------------- */

/* A long history comes in parts, which are put together here: all of it, or, where a period is asked
 * for, what leads up to its end. */
struct parts {
	struct kl_writer items[2];
	size_t counts[2];
	bool limited, within; /* something is of the period itself */
	struct kl_period wanted;
};

static uint32_t end_of(struct kl_period period)
{
	return kl_period_first_month(period) + kl_period_months(period);
}

/* Whether an item belongs into the report: an observation by its period, a series by its last. */
static bool belongs(struct parts *parts, const struct kl_value *item)
{
	char text[KL_REPORT_TEXT_MAX];
	struct kl_period period;

	if (!parts->limited)
		return true;
	kl_report_text(item, "period", "", text);
	if (!text[0])
		kl_report_text(item, "to", "", text);
	if (kl_period_parse(text, &period) || end_of(period) > end_of(parts->wanted))
		return false;
	parts->within |= kl_period_first_month(period) >= kl_period_first_month(parts->wanted);
	return true;
}

static const char *const part_keys[] = {"observations", "series"};

static void take_items(struct parts *parts, const struct kl_value *map)
{
	for (size_t k = 0; k < 2; k++) {
		struct kl_cursor cursor = kl_draw_items(map, part_keys[k]);
		struct kl_value item;

		while (kl_cursor_next(&cursor, &item)) {
			if (!belongs(parts, &item))
				continue;
			kl_write_raw(&parts->items[k], item.raw);
			parts->counts[k]++;
		}
	}
}

static int take_part(void *data, const struct kl_value *part, struct kl_fault *fault)
{
	(void)fault;
	take_items(data, part);
	return KL_OK;
}

static int put_together(const struct parts *parts, struct kl_report_answer *ret_answer)
{
	struct kl_bytes bytes;
	struct kl_value value;
	struct kl_writer w;
	int rc = KL_OK;

	kl_writer_init(&w);
	kl_write_map(&w, 2);
	for (size_t k = 0; k < 2 && !rc; k++) {
		kl_put_array(&w, part_keys[k], parts->counts[k]);
		rc = kl_writer_bytes(&parts->items[k], &bytes);
		if (!rc && bytes.len)
			kl_write_raw(&w, bytes);
	}
	if (!rc)
		rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_value_open(bytes, &value);
	if (!rc)
		rc = kl_report_keep(&value, ret_answer);
	kl_writer_deinit(&w);
	return rc;
}

/* *ret_answer is unknown if nothing is of the report's period. */
static int ask_history(struct kl_cli *cli, const char *code, const struct kl_report *report,
	struct kl_report_answer *ret_answer)
{
	struct parts parts = {.limited = report->period[0] != '\0'};
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	keep_nothing(ret_answer, "");
	if (parts.limited && kl_period_parse(report->period, &parts.wanted))
		return kl_fault(&cli->fault, KL_E_BUG, "a period that is none");
	kl_writer_init(&parts.items[0]);
	kl_writer_init(&parts.items[1]);
	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", code);
	rc = kl_cli_download(cli, "indicator history", &pack, take_part, &parts, &answer);
	if (!rc) {
		take_items(&parts, &answer);
		if (!parts.limited || parts.within)
			rc = put_together(&parts, ret_answer);
		if (rc)
			kl_fault(&cli->fault, rc, "the history of %s cannot be kept", code);
	}
	kl_pack_deinit(&pack);
	kl_writer_deinit(&parts.items[0]);
	kl_writer_deinit(&parts.items[1]);
	return rc;
}

static int fetch_history(struct kl_cli *cli, const char *code, struct kl_report *report)
{
	struct kl_report_answer history;
	int rc = ask_history(cli, code, report, &history);

	if (rc || !history.known)
		return rc;
	if (report->history_count == KL_REPORT_HISTORIES_MAX) {
		free(history.bytes);
		report->histories_left_out++;
		return KL_OK;
	}
	report->histories[report->history_count] = history;
	rc = kl_report_ask_with(
		cli, "indicator show", "name", code, &report->about[report->history_count]);
	report->history_count++;
	return rc;
}

static int fetch_recorded(struct kl_cli *cli, const char *key, struct kl_report *report)
{
	struct kl_cursor cursor = kl_draw_items(&report->indicators.value, key);
	char code[KL_REPORT_TEXT_MAX];
	struct kl_value item;
	int rc = KL_OK;

	while (!rc && kl_cursor_next(&cursor, &item))
		if (kl_draw_uint(&item, "recorded"))
			rc = fetch_history(cli, kl_report_text(&item, "code", "", code), report);
	return rc;
}

static int fetch_indicators(struct kl_cli *cli, struct kl_report *report)
{
	int rc = kl_report_ask(cli, "indicator list", NULL, &report->indicators);

	if (!rc)
		rc = fetch_recorded(cli, "indicators", report);
	if (!rc)
		rc = fetch_recorded(cli, "defined", report);
	return rc ? rc : fetch_recorded(cli, "metrics", report);
}

/* ---- benchmarks ---------------------------------------------------------------------------- */

/* What a row of the list is asked for by. */
static const char *const row_keys[] = {"metric", "cohort", "period"};

static int fetch_benchmark(struct kl_cli *cli, const struct kl_value *row, struct kl_report *report)
{
	char text[KL_REPORT_TEXT_MAX];
	struct kl_pack pack;
	int rc;

	if (report->benchmark_count == KL_REPORT_BENCHMARKS_MAX) {
		report->benchmarks_left_out++;
		return KL_OK;
	}
	kl_pack_init(&pack);
	for (size_t i = 0; i < sizeof row_keys / sizeof *row_keys; i++)
		kl_pack_text(&pack, row_keys[i], kl_report_text(row, row_keys[i], "", text));
	rc = kl_report_ask(cli, "benchmark", &pack, &report->benchmarks[report->benchmark_count]);
	kl_pack_deinit(&pack);
	if (!rc && report->benchmarks[report->benchmark_count].known)
		report->benchmark_count++;
	return rc;
}

/* What two tallies counted (of the first all was withheld, say) stands in the list twice; the daemon
 * answers with the later one. */
static bool stood_before(const struct kl_value *list, const struct kl_value *row)
{
	struct kl_cursor cursor = kl_cursor(list);
	char a[KL_REPORT_TEXT_MAX], b[KL_REPORT_TEXT_MAX];
	struct kl_value item;

	while (kl_cursor_next(&cursor, &item) && item.raw.data != row->raw.data) {
		bool same = true;

		for (size_t i = 0; i < sizeof row_keys / sizeof *row_keys; i++)
			same &= !strcmp(kl_report_text(&item, row_keys[i], "", a),
				kl_report_text(row, row_keys[i], "", b));
		if (same)
			return true;
	}
	return false;
}

/* The rows come latest first: of each metric the period that stands first is shown, or the one asked
 * for. */
static bool is_latest(const struct kl_value *list, const struct kl_value *row)
{
	char metric[KL_REPORT_TEXT_MAX], period[KL_REPORT_TEXT_MAX], text[KL_REPORT_TEXT_MAX];
	struct kl_cursor cursor = kl_cursor(list);
	struct kl_value item;
	struct kl_period mine, other;

	kl_report_text(row, "metric", "", metric);
	kl_report_text(row, "period", "", period);
	if (kl_period_parse(period, &mine))
		return true;
	while (kl_cursor_next(&cursor, &item))
		if (!strcmp(kl_report_text(&item, "metric", "", text), metric) &&
			!kl_period_parse(kl_report_text(&item, "period", "", text), &other) &&
			kl_period_compare(other, mine) > 0)
			return false;
	return true;
}

static int fetch_benchmarks(struct kl_cli *cli, const char *period, struct kl_report *report)
{
	char text[KL_REPORT_TEXT_MAX];
	struct kl_report_answer all;
	struct kl_value list, row;
	struct kl_cursor cursor;
	int rc = kl_report_ask(cli, "benchmark list", NULL, &all);

	if (rc || kl_get_array(&all.value, "benchmarks", &list)) {
		free(all.bytes);
		return rc;
	}
	cursor = kl_cursor(&list);
	while (!rc && kl_cursor_next(&cursor, &row))
		if (!stood_before(&list, &row) &&
			(period ? !strcmp(kl_report_text(&row, "period", "", text), period)
				: is_latest(&list, &row)))
			rc = fetch_benchmark(cli, &row, report);
	free(all.bytes);
	return rc;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static int fetch_figures(struct kl_cli *cli, struct kl_report *report)
{
	char name[KL_REPORT_TEXT_MAX];

	kl_report_text(&report->status.value, "name", "", name);
	return kl_report_ask_with(cli, "figure list", "member", name, &report->figures);
}

/* The map of our own area: characteristics as rows, and the gaps activity by activity. */
static int fetch_coverage(struct kl_cli *cli, struct kl_report *report)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "place", "here");
	kl_pack_text(&pack, "by", "characteristic");
	rc = kl_report_ask(cli, "find grid", &pack, &report->coverage);
	kl_pack_deinit(&pack);
	return rc ? rc : kl_report_ask_with(cli, "find gaps", "place", "here", &report->gaps);
}

static int fetch_all(
	struct kl_cli *cli, const struct kl_report_wanted *wanted, struct kl_report *report)
{
	int rc = kl_report_ask(cli, "status", NULL, &report->status);

	if (!rc)
		rc = kl_report_ask(cli, "profile show", NULL, &report->profile);
	if (!rc)
		rc = kl_report_ask_with(
			cli, "assess show", "period", wanted->period, &report->assessment);
	if (!rc)
		rc = fetch_spend(cli, wanted->period, report);
	if (!rc)
		rc = fetch_lm3(cli, wanted, report);
	if (!rc)
		rc = kl_report_ask_with(
			cli, "enabled result", "period", wanted->period, &report->enabled);
	if (!rc)
		rc = fetch_indicators(cli, report);
	if (!rc)
		rc = fetch_figures(cli, report);
	if (!rc)
		rc = fetch_coverage(cli, report);
	if (!rc)
		rc = fetch_benchmarks(cli, wanted->period, report);
	return rc ? rc : kl_report_fetch_others(cli, report);
}

int kl_report_fetch(
	struct kl_cli *cli, const struct kl_report_wanted *wanted, struct kl_report *ret_report)
{
	int rc;

	memset(ret_report, 0, sizeof *ret_report);
	(void)kl_copy_text(ret_report->period, sizeof ret_report->period,
		wanted->period ? wanted->period : "");
	rc = fetch_all(cli, wanted, ret_report);
	if (rc)
		kl_report_deinit(ret_report);
	return rc;
}

void kl_report_deinit(struct kl_report *report)
{
	struct kl_report_answer *const single[] = {&report->status, &report->profile,
		&report->assessment, &report->projects, &report->lm3, &report->explained,
		&report->leaks, &report->spend, &report->enabled, &report->indicators,
		&report->figures, &report->similar, &report->landscape, &report->lessons,
		&report->questions, &report->coverage, &report->gaps};

	for (size_t i = 0; i < sizeof single / sizeof *single; i++)
		free(single[i]->bytes);
	for (size_t i = 0; i < KL_REPORT_LESSONS_MAX; i++)
		free(report->lesson[i].bytes);
	for (size_t i = 0; i < KL_REPORT_HISTORIES_MAX; i++) {
		free(report->histories[i].bytes);
		free(report->about[i].bytes);
	}
	for (size_t i = 0; i < KL_REPORT_BENCHMARKS_MAX; i++)
		free(report->benchmarks[i].bytes);
	memset(report, 0, sizeof *report);
}
