/* lm3 new, lm3 set: a project and its figures but for its suppliers. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "core/money.h"

#include <string.h>

struct amount {
	const char *option, *key;
};

static const struct amount amounts[] = {
	{"payroll-local", "payroll_local_pence"},
	{"payroll-elsewhere", "payroll_elsewhere_pence"},
	{"other-local", "other_local_pence"},
	{"other-elsewhere", "other_elsewhere_pence"},
	{"income", "income_pence"},
};

static const struct amount proxies[] = {
	{"proxy-local", "proxy_local"},
	{"proxy-elsewhere", "proxy_elsewhere"},
};

static int pack_figures(struct kl_cli *cli, struct kl_pack *pack)
{
	bool given = false;
	int64_t pence;
	double share;
	int rc;

	for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
		rc = kl_args_money(&cli->args, amounts[i].option, &cli->fault, &given, &pence);
		if (rc)
			return rc;
		if (given)
			kl_pack_int(pack, amounts[i].key, pence);
	}
	for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++) {
		rc = kl_args_share(&cli->args, proxies[i].option, &cli->fault, &given, &share);
		if (rc)
			return rc;
		if (given)
			kl_pack_double(pack, proxies[i].key, share);
	}
	return KL_OK;
}

static void money_line(
	struct kl_table *table, const struct kl_value *answer, const char *key, const char *label)
{
	char text[KL_MONEY_TEXT_MAX];
	int64_t pence;

	if (kl_get_int(answer, key, &pence))
		return;
	kl_table_cell(table, "  %s", label);
	kl_table_cell(table, "%s", kl_money_format(pence, text));
}

int kl_draw_lm3_project(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_table table;
	struct kl_value shares;
	char text[512];
	double local, elsewhere, score;
	int rc;

	kl_draw_lm3_title(cli, answer);
	kl_table_init(&table, "< >");
	money_line(&table, answer, "income_pence", "income studied");
	money_line(&table, answer, "payroll_local_pence", "payroll, local staff");
	money_line(&table, answer, "payroll_elsewhere_pence", "payroll, staff elsewhere");
	money_line(&table, answer, "other_local_pence", "other direct costs, local");
	money_line(&table, answer, "other_elsewhere_pence", "other direct costs, elsewhere");
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (!kl_get_map(answer, "proxies", &shares) && !kl_get_double(&shares, "local", &local) &&
		!kl_get_double(&shares, "elsewhere", &elsewhere))
		fprintf(cli->out,
			"  of their pay staff spend locally: %.2f if local, %.2f if not\n", local,
			elsewhere);
	if (!kl_get_double(answer, "score", &score))
		fprintf(cli->out, "  LM3 %.2f, %s\n  source: %s\n", score,
			kl_cli_text(answer, "label", "recorded", text, sizeof text),
			kl_cli_text(answer, "source", "?", text + 256, sizeof text - 256));
	return rc;
}

static int draw_new(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[256], word[KL_DRAW_TEXT_MAX];
	int rc = kl_draw_lm3_project(cli, answer);

	kl_draw_word(kl_cli_text(answer, "project", "NAME", name, sizeof name), word);
	fprintf(cli->out,
		"\nNext:\n"
		"  keeplocal lm3 import %s suppliers FILE   brings in the suppliers "
		"(keeplocal template suppliers)\n"
		"  keeplocal lm3 result %s\n",
		word, word);
	return rc;
}

static int ask(struct kl_cli *cli, const char *command,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer))
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	kl_pack_text(&pack, "area", kl_args_option(&cli->args, "area"));
	kl_pack_text(&pack, "period", kl_args_option(&cli->args, "period"));
	kl_pack_text(&pack, "basis", kl_args_option(&cli->args, "basis"));
	rc = pack_figures(cli, &pack);
	if (!rc)
		rc = kl_cli_show(cli, command, &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

static int run_new(struct kl_cli *cli)
{
	return ask(cli, "lm3 new", draw_new);
}

static int run_set(struct kl_cli *cli)
{
	return ask(cli, "lm3 set", kl_draw_lm3_project);
}

static const struct kl_option options[] = {
	{"area", "AREA",
		"what counts as local: GSS codes, postcode districts, 12km LAT,LON, or a "
		"council by name; your own council area if not said"},
	{"period", "PERIOD", "2016, 2016/17, 2016-Q3 or 2016-04"},
	{"basis", "BASIS", "turnover (the whole of it, as usual) or contract (one contract)"},
	{"payroll-local", "POUNDS", "pay of staff who live in the area"},
	{"payroll-elsewhere", "POUNDS", "pay of other staff"},
	{"other-local", "POUNDS", "utilities, phones, finance charges, rates: the local part"},
	{"other-elsewhere", "POUNDS", "the same, elsewhere"},
	{"income", "POUNDS", "income studied; else payroll, other costs and suppliers together"},
	{"proxy-local", "SHARE", "of their pay local staff spend locally (usually 0.66)"},
	{"proxy-elsewhere", "SHARE", "of their pay other staff spend locally (usually 0.33)"},
	{NULL},
};

const struct kl_command kl_verb_lm3_new = {
	.words = "lm3 new",
	.operands = "NAME",
	.example = "keeplocal lm3 new jubilee --area E08000033 --period 2016 "
		   "--payroll-local 80000 --payroll-elsewhere 20000",
	.help = "begin a project whose local multiplier is to be measured",
	.more = "Amounts are without VAT, tax and National Insurance.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_new,
};

const struct kl_command kl_verb_lm3_set = {
	.words = "lm3 set",
	.operands = "NAME",
	.example = "keeplocal lm3 set jubilee --other-local 1200",
	.help = "change figures of a project; what is not named stays",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_set,
};
