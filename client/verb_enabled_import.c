/* enabled import: a table of tenants, with the factor tables that estimates need. */
#include "client/cli.h"
#include "client/factor_files.h"
#include "client/notes.h"
#include "client/shipped.h"
#include "client/tenants.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	uint64_t tenants, left_out;
	char period[32];

	if (kl_get_uint(answer, "tenants", INT64_MAX, &tenants) ||
		kl_get_uint(answer, "left_out", INT64_MAX, &left_out))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	fprintf(cli->out, "%" PRIu64 " tenant%s for %s", tenants, tenants == 1 ? "" : "s",
		kl_cli_text(answer, "period", "?", period, sizeof period));
	if (left_out)
		fprintf(cli->out,
			"; of %" PRIu64 " too little is known for employees, value added or both",
			left_out);
	fprintf(cli->out, "\n\nNext:\n  keeplocal enabled result --period %s\n", period);
	return KL_OK;
}

static int upload(struct kl_cli *cli, const char *path, struct kl_tenants *tenants,
	struct kl_value *ret_answer)
{
	const char *slash = strrchr(path, '/');
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "file", slash ? slash + 1 : path);
	kl_pack_text(&pack, "period", kl_args_option(&cli->args, "period"));
	if (kl_args_flag(&cli->args, "instead"))
		kl_pack_bool(&pack, "instead", true);
	rc = kl_pack_factors(&pack, &cli->fault);
	if (!rc)
		rc = kl_cli_upload(cli, "enabled import", &pack, kl_tenants_part, tenants, 0,
			"tenants", ret_answer);
	kl_pack_deinit(&pack);
	return rc;
}

static int import(struct kl_cli *cli, const struct kl_activity_word *words, size_t count)
{
	const char *path = cli->args.operands[0];
	struct kl_tenants *tenants;
	struct kl_value answer;
	int rc = kl_tenants_open(
		path, kl_args_option(&cli->args, "sheet"), words, count, &cli->fault, &tenants);

	if (rc)
		return rc;
	rc = upload(cli, path, tenants, &answer);
	if (!rc) {
		kl_tell_notes(cli, kl_tenants_sheet(tenants));
		rc = cli->json ? kl_cli_json(cli, &answer) : draw(cli, &answer);
	}
	kl_tenants_close(tenants);
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct kl_activity_word *words = NULL;
	char path[KL_DATA_PATH_MAX];
	size_t count = 0;
	int rc;

	if ((rc = kl_data_path(KL_DATA_WORDS, &cli->fault, path)) ||
		(rc = kl_activity_words_read(path, &cli->fault, &words, &count)))
		return rc;
	rc = import(cli, words, count);
	free(words);
	return rc;
}

static const struct kl_option options[] = {
	{"period", "PERIOD", "the year that the answers are about (this year if not said)"},
	{"instead", NULL, "take the place of totals that were recorded for the period"},
	KL_OPTION_SHEET,
	{NULL},
};

const struct kl_command kl_verb_enabled_import = {
	.words = "enabled import",
	.operands = "FILE",
	.example = "keeplocal enabled import tenants.csv --period 2016",
	.help = "bring in an anchor's table of tenants (CSV or XLSX)",
	.more = "Columns: tenant, activity, floor_space_m2, turnover, staff_fte and, for who knows "
		"them, sic, use_class, area_basis, gva; an empty cell is not known. A file with a "
		"bad cell changes nothing: file, line and column are named.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
