/* assess import: filled-in forms. */
#include "client/import_assessment.h"

static int run(struct kl_cli *cli)
{
	int rc = KL_OK;

	for (size_t i = 0; i < cli->args.operand_count && !rc; i++)
		rc = kl_import_assessment(cli, cli->args.operands[i]);
	return rc;
}

static const struct kl_option options[] = {
	KL_IMPORT_ASSESSMENT_OPTIONS,
	KL_OPTION_SHEET,
	{NULL},
};

const struct kl_command kl_verb_assess_import = {
	.words = "assess import",
	.operands = "FILE...",
	.example = "keeplocal assess import assessment.xlsx",
	.help = "an assessment from a form that was filled in, CSV or XLSX",
	.more = "The form comes from 'template assessment'. What is empty in it changes nothing, "
		"so that\n"
		"several assessors can fill in one each; or one form together, with a pair of "
		"columns each.\n"
		"A file is taken in whole, or not at all.",
	.options = options,
	.operands_min = 1,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run,
};
