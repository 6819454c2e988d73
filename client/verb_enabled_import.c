/* enabled import: a table of tenants, or the forms that they filled in. */
#include "client/cli.h"
#include "client/import_tenants.h"
#include "client/tenant_forms.h"

static int count_forms(struct kl_cli *cli, size_t *ret_forms)
{
	const struct kl_args *args = &cli->args;
	size_t forms = 0;

	for (size_t i = 0; i < args->operand_count; i++) {
		struct kl_sheet_fit fit;
		int rc = kl_tenant_form_fit(
			args->operands[i], kl_args_option(args, "sheet"), &cli->fault, &fit);

		if (rc)
			return rc;
		forms += fit.fits;
	}
	*ret_forms = forms;
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	const struct kl_args *args = &cli->args;
	size_t forms;
	int rc = count_forms(cli, &forms);

	if (rc)
		return rc;
	if (forms == args->operand_count)
		return kl_import_forms(cli, args->operands, forms);
	if (args->operand_count == 1)
		return kl_import_tenants(cli, args->operands[0]);
	kl_fault(&cli->fault, KL_E_USAGE, "%s",
		forms ? "tables and forms at once" : "several tables of tenants at once");
	return kl_fault_hint(&cli->fault,
		"a table is the whole list of a period: bring in one, then all forms together");
}

static const struct kl_option options[] = {
	KL_IMPORT_TENANTS_OPTIONS,
	KL_OPTION_SHEET,
	{NULL},
};

const struct kl_command kl_verb_enabled_import = {
	.words = "enabled import",
	.operands = "FILE...",
	.example = "keeplocal enabled import tenants.csv --period 2016",
	.help = "bring in an anchor's table of tenants, or forms that they filled in",
	.more = "A table: columns tenant, activity, floor_space_m2, turnover, staff_fte and, for "
		"who "
		"knows them, sic, use_class, area_basis, gva; an empty cell is not known. It takes "
		"the "
		"place of the period's table before. Forms ('keeplocal template tenant-form'), one "
		"file "
		"for each tenant: they are joined to the period's table by name (Ltd and the like "
		"make no difference), and an answer left out changes "
		"nothing. A file with a bad cell changes nothing: file, line and column are named.",
	.options = options,
	.operands_min = 1,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run,
};
