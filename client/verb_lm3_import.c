/* lm3 import: tables of a project go up in parts, and come in whole or not at all. Suppliers stand
 * here, the others in files of their own (lm3_import.h). */
#include "client/cli.h"
#include "client/draw.h"
#include "client/lm3_import.h"
#include "client/lm3_spend.h"
#include "client/notes.h"
#include "client/suppliers.h"
#include "core/money.h"

#include <inttypes.h>
#include <string.h>

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[256], rows[KL_MONEY_TEXT_MAX], suppliers[KL_MONEY_TEXT_MAX];
	char value[KL_MONEY_TEXT_MAX], rating[16], word[KL_DRAW_TEXT_MAX];
	uint64_t row_count, supplier_count;
	int64_t pence;
	double answered;

	if (kl_get_uint(answer, "rows", INT64_MAX, &row_count) ||
		kl_get_uint(answer, "suppliers", INT64_MAX, &supplier_count) ||
		kl_get_int(answer, "supply_chain_pence", &pence) ||
		kl_get_double(answer, "answered_share", &answered))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	kl_cli_text(answer, "project", "?", name, sizeof name);
	fprintf(cli->out, "%s: %s row%s, %s supplier%s, %s spent with them\n", name,
		kl_count_format((int64_t)row_count, rows), row_count == 1 ? "" : "s",
		kl_count_format((int64_t)supplier_count, suppliers), supplier_count == 1 ? "" : "s",
		kl_money_format(pence, value));
	fprintf(cli->out, "suppliers of %.0f%% of that value answered: %s\n", answered * 100,
		kl_cli_text(answer, "rating", "?", rating, sizeof rating));
	kl_draw_word(name, word);
	fprintf(cli->out, "\nNext:\n  keeplocal lm3 result %s\n", word);
	if (strcmp(rating, "green") != 0)
		fprintf(cli->out,
			"  keeplocal lm3 survey %s --out FOLDER   letters to those who did not "
			"answer\n",
			word);
	return KL_OK;
}

static int upload(
	struct kl_cli *cli, const char *path, struct kl_suppliers *suppliers, struct kl_value *ret)
{
	const char *slash = strrchr(path, '/');
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	kl_pack_text(&pack, "file", slash ? slash + 1 : path);
	cli->reading = kl_suppliers_sheet(suppliers);
	rc = kl_cli_upload(
		cli, "lm3 import", &pack, kl_suppliers_part, suppliers, 0, "suppliers", ret);
	kl_pack_deinit(&pack);
	return rc;
}

static int import_suppliers(struct kl_cli *cli)
{
	const char *path = cli->args.operands[2];
	struct kl_suppliers *suppliers;
	struct kl_value answer;
	int rc;

	if (cli->args.operand_count > 3)
		return kl_fault(&cli->fault, KL_E_USAGE, "expected one file with all suppliers");
	rc = kl_suppliers_open(path, kl_args_option(&cli->args, "sheet"), &cli->fault, &suppliers);
	if (rc)
		return rc;
	rc = upload(cli, path, suppliers, &answer);
	if (!rc) {
		kl_tell_notes(cli, kl_suppliers_sheet(suppliers));
		rc = cli->json ? kl_cli_json(cli, &answer) : draw(cli, &answer);
	}
	kl_suppliers_close(suppliers);
	return rc;
}

/* Everybody who was paid in the spending files that are in. */
static int import_spend(struct kl_cli *cli)
{
	return kl_lm3_import_spend(cli, draw);
}

static const struct {
	const char *word;
	bool files; /* follow the word */
	int (*run)(struct kl_cli *cli);
} kinds[] = {
	{"suppliers", true, import_suppliers},
	{"answers", true, kl_lm3_import_answers},
	{"spend", false, import_spend},
};

static int run(struct kl_cli *cli)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(cli->args.operands[1], kinds[i].word) != 0)
			continue;
		if (kinds[i].files == (cli->args.operand_count > 2))
			return kinds[i].run(cli);
		kl_fault(&cli->fault, KL_E_USAGE,
			kinds[i].files ? "'%s' wants a file behind it"
				       : "no file stands behind '%s': the spending files that are "
					 "in are meant",
			kinds[i].word);
		return kl_fault_hint(&cli->fault, "keeplocal help lm3 import");
	}
	kl_fault(&cli->fault, KL_E_USAGE,
		"expected 'suppliers' or 'answers' before the file, or 'spend', found '%s'",
		cli->args.operands[1]);
	return kl_fault_hint(&cli->fault, "keeplocal lm3 import NAME suppliers FILE");
}

static const struct kl_option options[] = {
	KL_OPTION_SHEET,
	{"year", "PERIOD", "spend: payments of this time; of the project's period if not said"},
	{"skip-unknown", NULL, "answers: leave out those of nobody in the table of suppliers"},
	{NULL},
};

const struct kl_command kl_verb_lm3_import = {
	.words = "lm3 import",
	.operands = "NAME suppliers|answers FILE.. | NAME spend",
	.example = "keeplocal lm3 import jubilee suppliers suppliers.csv",
	.help = "bring the suppliers of a project in, or what they answered",
	.more = "suppliers: one table (CSV or XLSX) with the columns supplier, contact, email, "
		"spend, "
		"place, local (yes, no, unknown), sector, respent_locally (a share from 0 to 1 or "
		"45%, "
		"empty if the supplier did not answer), and for a radius latitude and longitude; "
		"supplier and spend must be there, and other programs' names for them are known; "
		"a total at the end is not read as a supplier. "
		"The "
		"newest table of a project counts. answers: the forms that came back, or one table "
		"of "
		"answers, with the columns supplier, respent_locally and local; a later answer "
		"takes "
		"the place of an earlier one. A file with a bad cell changes nothing: file, line "
		"and "
		"column are named. spend: everybody who was paid in the spending files that are in "
		"(spend import), net of credit notes, with place and sector from the table of "
		"places.",
	.options = options,
	.operands_min = 2,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run,
};
