/* lm3 compare: projects side by side, such as one in several periods. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "client/request.h"
#include "core/money.h"

#include <string.h>

enum { COLUMNS_MAX = 8, CELL_MAX = 256 };

typedef const char *cell_fn(const struct kl_value *project, char out[CELL_MAX]);

static const char *text_of(const struct kl_value *p, const char *key, char out[CELL_MAX])
{
	return kl_cli_text(p, key, "-", out, CELL_MAX);
}

static const char *period(const struct kl_value *p, char out[CELL_MAX])
{
	return text_of(p, "period", out);
}

static const char *basis(const struct kl_value *p, char out[CELL_MAX])
{
	return text_of(p, "basis", out);
}

static const char *area(const struct kl_value *p, char out[CELL_MAX])
{
	char text[1024];

	kl_draw_named(p, "area", "-", text, sizeof text);
	snprintf(out, CELL_MAX, "%.30s%s", text, strlen(text) > 30 ? ".." : "");
	return out;
}

static const char *score(const struct kl_value *p, char out[CELL_MAX])
{
	char text[KL_RANGE_TEXT_MAX];
	struct kl_range lm3;

	if (kl_get_range(p, "lm3", &lm3))
		return "-";
	snprintf(out, CELL_MAX, "%s%s", kl_range_score(&lm3, text),
		kl_draw_flag(p, "recorded") ? ", recorded" : "");
	return out;
}

static const char *rating(const struct kl_value *p, char out[CELL_MAX])
{
	struct kl_value map;
	char text[32], caveat[128];
	double share;

	if (kl_get_map(p, "confidence", &map))
		return "-";
	kl_cli_text(&map, "rating", "-", text, sizeof text);
	kl_cli_text(&map, "caveat", "", caveat, sizeof caveat);
	if (kl_get_double(&map, "answered_share", &share))
		snprintf(out, CELL_MAX, "%s", text);
	else
		snprintf(out, CELL_MAX, "%s, %.0f%% answered%s%s", text, share * 100,
			caveat[0] ? ", but " : "", caveat);
	return out;
}

static const char *pounds(const struct kl_value *p, const char *key, char out[CELL_MAX])
{
	char text[KL_RANGE_TEXT_MAX], money[KL_MONEY_TEXT_MAX];
	int64_t pence;

	if (!kl_get_int(p, key, &pence))
		snprintf(out, CELL_MAX, "%s", kl_money_format(pence, money));
	else
		snprintf(out, CELL_MAX, "%s", kl_range_pounds(p, key, text)[0] ? text : "-");
	return out;
}

static const char *income(const struct kl_value *p, char out[CELL_MAX])
{
	return pounds(p, "income_pence", out);
}

static const char *round2(const struct kl_value *p, char out[CELL_MAX])
{
	return pounds(p, "round2_pence", out);
}

static const char *round3(const struct kl_value *p, char out[CELL_MAX])
{
	return pounds(p, "round3_pence", out);
}

static const char *supply(const struct kl_value *p, char out[CELL_MAX])
{
	return pounds(p, "supply_chain_pence", out);
}

static const char *local_payroll(const struct kl_value *p, char out[CELL_MAX])
{
	double share;

	if (kl_get_double(p, "local_payroll_share", &share))
		return "-";
	snprintf(out, CELL_MAX, "%.0f%%", share * 100);
	return out;
}

static const char *local_suppliers(const struct kl_value *p, char out[CELL_MAX])
{
	struct kl_range r;

	if (kl_get_range(p, "local_supplier_share", &r))
		return "-";
	if (r.high - r.low < 0.005)
		snprintf(out, CELL_MAX, "%.0f%%", r.low * 100);
	else
		snprintf(out, CELL_MAX, "%.0f%% to %.0f%%", r.low * 100, r.high * 100);
	return out;
}

static const char *proxies(const struct kl_value *p, char out[CELL_MAX])
{
	double local, elsewhere;
	struct kl_value map;

	if (kl_get_map(p, "proxies", &map) || kl_get_double(&map, "local", &local) ||
		kl_get_double(&map, "elsewhere", &elsewhere))
		return "-";
	snprintf(out, CELL_MAX, "%.2f, %.2f", local, elsewhere);
	return out;
}

static const struct {
	const char *label;
	cell_fn *cell;
} lines[] = {
	{"period", period},
	{"about", basis},
	{"area", area},
	{"LM3", score},
	{"confidence", rating},
	{"round 1: income studied", income},
	{"round 2: spent locally", round2},
	{"round 3: spent again locally", round3},
	{"payroll to local staff", local_payroll},
	{"spend with suppliers", supply},
	{"of it with local ones", local_suppliers},
	{"proxies: local staff, others", proxies},
};

static int draw_table(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char shape[] = "< < < < < < < < <";
	struct kl_cursor cursor;
	struct kl_value project;
	struct kl_table table;
	char text[CELL_MAX];
	int rc;

	cursor = kl_draw_items(answer, "projects");
	/* A column for each project, behind that of the labels. */
	kl_table_init(&table, shape + 2 * (COLUMNS_MAX - kl_draw_count(answer, "projects")));
	kl_table_cell(&table, "%s", "");
	while (kl_cursor_next(&cursor, &project))
		kl_table_cell(&table, "%s", text_of(&project, "project", text));
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		kl_table_cell(&table, "  %s", lines[i].label);
		cursor = kl_draw_items(answer, "projects");
		while (kl_cursor_next(&cursor, &project))
			kl_table_cell(&table, "%s", lines[i].cell(&project, text));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static void draw_step(struct kl_cli *cli, const struct kl_value *step)
{
	char from[256], to[256];
	double difference;

	fprintf(cli->out, "\nFrom %s to %s: ", kl_cli_text(step, "from", "?", from, sizeof from),
		kl_cli_text(step, "to", "?", to, sizeof to));
	if (kl_get_double(step, "difference", &difference))
		fputs("there is no central value to set against the other\n", cli->out);
	else
		fprintf(cli->out, "%+.2f%s\n", difference,
			kl_draw_flag(step, "told") ? ""
						   : ", but the ranges overlap: it cannot be told");
	if (kl_draw_flag(step, "comparable"))
		return;
	fputs("  They cannot be compared:\n", cli->out);
	kl_draw_texts(cli->out, "    ", step, "why_not");
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor steps = kl_draw_items(answer, "steps");
	struct kl_value step;
	int rc;

	if (kl_draw_count(answer, "projects") > COLUMNS_MAX)
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	rc = draw_table(cli, answer);
	if (rc)
		return rc;
	while (kl_cursor_next(&steps, &step))
		draw_step(cli, &step);
	kl_draw_lm3_rules(cli, answer);
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	if (cli->args.operand_count > COLUMNS_MAX)
		return kl_fault(&cli->fault, KL_E_USAGE, "at most %d projects fit side by side",
			COLUMNS_MAX);
	kl_pack_init(&pack);
	kl_request_operands(cli, &pack, "names", 0);
	rc = kl_cli_show(cli, "lm3 compare", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

const struct kl_command kl_verb_lm3_compare = {
	.words = "lm3 compare",
	.operands = "NAME NAME..",
	.example = "keeplocal lm3 compare jubilee-2016 jubilee-2017",
	.help = "projects side by side: what changed, and whether they may be compared at all",
	.more = "Up to eight. Scores are comparable if area, basis, length of the period and "
		"proxies "
		"are the same and both are green.",
	.operands_min = 2,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.tables = true,
	.run = run,
};
