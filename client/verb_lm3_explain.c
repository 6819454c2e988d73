/* lm3 explain: what each line of a project adds to its score. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "core/money.h"

#include <math.h>
#include <string.h>

static const char *const cases[] = {"low", "central", "high", NULL};

/* Which case is shown: the one that was asked for, or the central one if there is one. */
static int choose(struct kl_cli *cli, const struct kl_value *answer, const char **ret_case)
{
	const char *asked = kl_args_option(&cli->args, "case");
	struct kl_range score;

	if (kl_get_range(answer, "lm3", &score))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	*ret_case = asked ? asked : score.has_central ? "central" : "low";
	if (asked && !strcmp(asked, "central") && !score.has_central) {
		kl_fault(&cli->fault, KL_E_NOT_FOUND, "there is no central value to explain");
		return kl_fault_hint(&cli->fault, "--case low or --case high; lm3 result says why");
	}
	return KL_OK;
}

static int check_case(struct kl_cli *cli)
{
	const char *asked = kl_args_option(&cli->args, "case");

	for (size_t i = 0; asked && cases[i]; i++)
		if (!strcmp(asked, cases[i]))
			return KL_OK;
	return asked ? kl_fault(&cli->fault, KL_E_USAGE,
			       "--case: found '%s', expected low, central or high", asked)
		     : KL_OK;
}

static const char *where_words(const char *where)
{
	return !strcmp(where, "unknown") ? "place unknown" : where;
}

static void label(struct kl_table *table, const struct kl_value *part)
{
	char kind[32], name[256], where[16];
	bool answered = kl_draw_flag(part, "answered");
	int64_t pence = 0;
	double respent;

	(void)kl_get_int(part, "round1_pence", &pence);

	kl_cli_text(part, "kind", "?", kind, sizeof kind);
	kl_cli_text(part, "where", "", where, sizeof where);
	if (!strcmp(kind, "payroll local"))
		kl_table_cell(table, "  pay of local staff");
	else if (!strcmp(kind, "payroll elsewhere"))
		kl_table_cell(table, "  pay of staff elsewhere");
	else if (!strcmp(kind, "other local"))
		kl_table_cell(table, "  other direct costs, local");
	else if (!strcmp(kind, "other elsewhere"))
		kl_table_cell(table, "  other direct costs, elsewhere");
	else if (!strcmp(kind, "unspent"))
		kl_table_cell(table, pence < 0 ? "  less what was spent above the income"
					       : "  income that no line accounts for");
	else if (!strcmp(kind, "other suppliers"))
		kl_table_cell(table, "  %llu more, %s, %s",
			(unsigned long long)kl_draw_uint(part, "suppliers"), where_words(where),
			answered ? "answered" : "silent");
	else if (!kl_get_double(part, "respent", &respent))
		kl_table_cell(table, "  %s (%s, %.0f%% again)",
			kl_cli_text(part, "supplier", "?", name, sizeof name), where_words(where),
			respent * 100);
	else
		kl_table_cell(table, "  %s (%s, silent)",
			kl_cli_text(part, "supplier", "?", name, sizeof name), where_words(where));
}

static double of_case(const struct kl_value *map, const char *key, const char *which)
{
	struct kl_value range;
	double value = 0;

	if (!kl_get_map(map, key, &range))
		(void)kl_get_double(&range, which, &value);
	return value;
}

static void line(struct kl_table *table, const struct kl_value *part, const char *which)
{
	char text[KL_MONEY_TEXT_MAX];
	int64_t spent = 0;

	(void)kl_get_int(part, "round1_pence", &spent);
	kl_table_cell(table, "%s", kl_money_format(spent, text));
	kl_table_cell(
		table, "%s", kl_money_format(llround(of_case(part, "round2_pence", which)), text));
	kl_table_cell(
		table, "%s", kl_money_format(llround(of_case(part, "round3_pence", which)), text));
	kl_table_cell(table, "%.3f", of_case(part, "lm3", which));
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor parts = kl_draw_items(answer, "parts");
	struct kl_value part;
	struct kl_table table;
	const char *which = NULL;
	int rc = choose(cli, answer, &which);

	if (rc)
		return rc;
	kl_draw_lm3_title(cli, answer);
	fprintf(cli->out, "\nHow the %s value of %.3f comes about (--case shows the others)\n\n",
		which, of_case(answer, "lm3", which));
	kl_table_init(&table, "<line >round_1 >round_2 >round_3 >adds_to_LM3");
	while (kl_cursor_next(&parts, &part)) {
		label(&table, &part);
		line(&table, &part, which);
	}
	kl_table_cell(&table, "  together");
	line(&table, answer, which);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (rc)
		return rc;
	fputs("\n  What a line adds is its three rounds over the income. The lines add up exactly: "
	      "what rounding\n  loses in one is carried to the next.\n",
		cli->out);
	kl_draw_lm3_proxies(cli, answer);
	kl_draw_lm3_confidence(cli, answer);
	kl_draw_lm3_warnings(cli, answer);
	kl_draw_lm3_rules(cli, answer);
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	int rc = check_case(cli);

	return rc ? rc : kl_lm3_show(cli, "lm3 explain", draw);
}

static const struct kl_option options[] = {
	{"n", "N", "name the N largest suppliers (usually 20, at most 300); the rest in groups"},
	{"case", "CASE", "low, central (usually) or high"},
	{NULL},
};

const struct kl_command kl_verb_lm3_explain = {
	.words = "lm3 explain",
	.operands = "NAME",
	.example = "keeplocal lm3 explain jubilee --n 10",
	.help = "what each line of a project adds to its rounds and its score",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
