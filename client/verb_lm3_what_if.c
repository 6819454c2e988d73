/* lm3 what-if: what would become of the score if money went another way. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "core/money.h"

static void draw_line(
	struct kl_table *table, const char *label, const struct kl_value *answer, const char *key)
{
	char text[KL_RANGE_TEXT_MAX];
	struct kl_value state;
	struct kl_range lm3;

	if (kl_get_map(answer, key, &state) || kl_get_range(&state, "lm3", &lm3))
		return;
	kl_table_cell(table, "  %s", label);
	kl_table_cell(table, "%s", kl_range_score(&lm3, text));
	kl_table_cell(table, "%s", kl_range_pounds(&state, "round2_pence", text));
	kl_table_cell(table, "%s", kl_range_pounds(&state, "round3_pence", text));
}

static void draw_moved(struct kl_cli *cli, const struct kl_value *answer)
{
	char text[KL_MONEY_TEXT_MAX];
	int64_t spend = 0, payroll = 0;

	(void)kl_get_int(answer, "moved_spend_pence", &spend);
	(void)kl_get_int(answer, "moved_payroll_pence", &payroll);
	fputs("\nIf\n", cli->out);
	if (spend)
		fprintf(cli->out,
			"  %s of spend went to local suppliers instead of suppliers elsewhere\n",
			kl_money_format(spend, text));
	if (payroll)
		fprintf(cli->out,
			"  %s of pay went to staff who live in the area instead of others\n",
			kl_money_format(payroll, text));
	fputc('\n', cli->out);
}

static void draw_gain(struct kl_cli *cli, const struct kl_value *answer)
{
	char pounds[KL_RANGE_TEXT_MAX], score[KL_RANGE_TEXT_MAX];
	struct kl_range each, gained;

	if (kl_get_range(answer, "gained_for_each_pound", &each) ||
		kl_get_range(answer, "gained_pence", &gained))
		return;
	fprintf(cli->out, "\n  local income would be %s more%s",
		kl_range_pounds(answer, "gained_pence", pounds), gained.has_central ? "" : "\n");
	if (gained.has_central) {
		char central[KL_MONEY_TEXT_MAX];

		fprintf(cli->out, ", most likely %s\n",
			kl_money_format((int64_t)gained.central, central));
	}
	fprintf(cli->out, "  that is, for each £1 that is moved, £%s\n",
		kl_range_score(&each, score));
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_table table;
	int rc;

	kl_draw_lm3_title(cli, answer);
	draw_moved(cli, answer);
	kl_table_init(&table, "< >LM3 >round_2 >round_3");
	draw_line(&table, "as it is", answer, "before");
	draw_line(&table, "as it would be", answer, "after");
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (rc)
		return rc;
	draw_gain(cli, answer);
	kl_draw_lm3_confidence(cli, answer);
	kl_draw_lm3_proxies(cli, answer);
	fputs("\nThis assumes (keeplocal's own assumptions, not the report's):\n", cli->out);
	kl_draw_texts(cli->out, "  ", answer, "assumptions");
	kl_draw_lm3_warnings(cli, answer);
	return KL_OK;
}

static int pack_money(struct kl_cli *cli, struct kl_pack *pack, const char *option, const char *key)
{
	bool given = false;
	int64_t pence = 0;
	int rc = kl_args_money(&cli->args, option, &cli->fault, &given, &pence);

	if (!rc && given)
		kl_pack_int(pack, key, pence);
	return rc;
}

static int pack_points(
	struct kl_cli *cli, struct kl_pack *pack, const char *option, const char *key)
{
	bool given = false;
	double points = 0;
	int rc = kl_args_double(&cli->args, option, &cli->fault, &given, &points);

	if (!rc && given)
		kl_pack_double(pack, key, points);
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	if (!(rc = pack_money(cli, &pack, "shift-spend", "shift_spend_pence")) &&
		!(rc = pack_points(cli, &pack, "shift-points", "shift_points")) &&
		!(rc = pack_money(cli, &pack, "hire-locally", "hire_locally_pence")) &&
		!(rc = pack_points(cli, &pack, "hire-points", "hire_points")))
		rc = kl_cli_show(cli, "lm3 what-if", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option options[] = {
	{"shift-spend", "POUNDS", "move spend from suppliers elsewhere to local ones"},
	{"shift-points", "N", "the same: N hundredths of all spend with suppliers"},
	{"hire-locally", "POUNDS", "pay that much to staff in the area instead of staff elsewhere"},
	{"hire-points", "N", "the same: N hundredths of the payroll"},
	{NULL},
};

const struct kl_command kl_verb_lm3_what_if = {
	.words = "lm3 what-if",
	.operands = "NAME",
	.example = "keeplocal lm3 what-if jubilee --shift-spend 10000 --hire-points 5",
	.help = "what would become of the score if spend or pay stayed local",
	.more = "Nothing is kept. Several changes may be asked for together. What is assumed is "
		"said "
		"with the answer.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
