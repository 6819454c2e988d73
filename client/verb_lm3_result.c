/* lm3 result: the multiplier in words, with how far it can be trusted. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/table.h"
#include "client/lm3_draw.h"
#include "core/money.h"

#include <string.h>

static bool is_point(const struct kl_range *r)
{
	return r->high - r->low < 0.005;
}

static void draw_words(struct kl_cli *cli, const struct kl_range *lm3)
{
	if (is_point(lm3)) {
		fprintf(cli->out, "\n  LM3 %.2f\n", lm3->low);
		fprintf(cli->out,
			"  Each £1 of income makes £%.2f of income in the area, itself counted.\n",
			lm3->low);
		return;
	}
	if (lm3->has_central)
		fprintf(cli->out, "\n  LM3 %.2f, certainly between %.2f and %.2f\n", lm3->central,
			lm3->low, lm3->high);
	else
		fprintf(cli->out, "\n  LM3 between %.2f and %.2f\n", lm3->low, lm3->high);
	fprintf(cli->out,
		"  Each £1 of income makes £%.2f to £%.2f of income in the area, itself counted%s",
		lm3->low, lm3->high, lm3->has_central ? "" : ".\n");
	if (lm3->has_central)
		fprintf(cli->out, ", most likely £%.2f.\n", lm3->central);
}

/* ---- rounds -------------------------------------------------------------------------------- */

static void pounds(struct kl_table *table, double pence)
{
	char text[KL_MONEY_TEXT_MAX];

	kl_table_cell(table, "%s", kl_money_format((int64_t)(pence + 0.5), text));
}

static void round_line(struct kl_table *table, const char *label, const struct kl_range *r)
{
	kl_table_cell(table, "  %s", label);
	pounds(table, r->low);
	if (r->has_central)
		pounds(table, r->central);
	else
		kl_table_cell(table, "-");
	pounds(table, r->high);
}

static int draw_rounds(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_range one = {.has_central = true}, two, three;
	struct kl_table table;
	int rc;

	if (kl_get_double(answer, "round1_pence", &one.low))
		return KL_OK; /* a recorded score knows no rounds */
	one.central = one.high = one.low;
	if (kl_get_range(answer, "round2_pence", &two) ||
		kl_get_range(answer, "round3_pence", &three))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	fputc('\n', cli->out);
	kl_table_init(&table, "< >low >central >high");
	round_line(&table, "round 1: income studied", &one);
	round_line(&table, "round 2: spent locally", &two);
	round_line(&table, "round 3: spent again locally", &three);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

/* ---- what it rests on ---------------------------------------------------------------------- */

static void draw_share(
	struct kl_cli *cli, const struct kl_value *answer, const char *key, const char *label)
{
	struct kl_range r;
	double share;

	if (!kl_get_double(answer, key, &share))
		fprintf(cli->out, "  %.0f%% of %s\n", share * 100, label);
	else if (kl_get_range(answer, key, &r))
		return;
	else if (r.high - r.low < 0.005)
		fprintf(cli->out, "  %.0f%% of %s\n", r.low * 100, label);
	else
		fprintf(cli->out, "  %.0f%% to %.0f%% of %s\n", r.low * 100, r.high * 100, label);
}

static void draw_basis(struct kl_cli *cli, const struct kl_value *answer)
{
	draw_share(cli, answer, "local_payroll_share", "payroll goes to local staff");
	draw_share(cli, answer, "local_supplier_share",
		"spending with suppliers goes to local ones, by value");
	kl_draw_lm3_proxies(cli, answer);
}

static void draw_source(struct kl_cli *cli, const struct kl_value *answer)
{
	char label[128], source[512];

	if (kl_get_text(answer, "source", source, sizeof source))
		return;
	fprintf(cli->out, "  %s: %s\n",
		kl_cli_text(answer, "label", "recorded", label, sizeof label), source);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_range lm3;
	char barred[256];
	int rc;

	if (kl_get_range(answer, "lm3", &lm3))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	kl_draw_lm3_title(cli, answer);
	draw_words(cli, &lm3);
	draw_source(cli, answer);
	rc = draw_rounds(cli, answer);
	if (rc)
		return rc;
	kl_draw_lm3_confidence(cli, answer);
	draw_basis(cli, answer);
	kl_draw_lm3_warnings(cli, answer);
	if (!kl_get_text(answer, "barred", barred, sizeof barred))
		fprintf(cli->out, "\nCannot be counted in a tally: %s.\n", barred);
	kl_draw_lm3_rules(cli, answer);
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	rc = kl_cli_show(cli, "lm3 result", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

const struct kl_command kl_verb_lm3_result = {
	.words = "lm3 result",
	.operands = "NAME",
	.example = "keeplocal lm3 result jubilee",
	.help = "the local multiplier of a project, as a range with its confidence",
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
