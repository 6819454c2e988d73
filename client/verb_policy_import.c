/* policy import: a social value policy from a table that was filled in. */
#include "client/confirm.h"
#include "client/notes.h"
#include "client/policy_file.h"
#include "client/policy_preview.h"

/* What the deed asks with: one command reads one file. */
static const struct kl_policy_file *filled_in;

static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	struct kl_writer *w = kl_pack_value(pack, "set");

	(void)cli;
	kl_write_array(w, filled_in->count);
	for (size_t i = 0; i < filled_in->count; i++)
		kl_write_text(w, filled_in->assignments[i]);
	kl_policy_preview_seen(pack, preview);
}

static int confirm(struct kl_cli *cli, const struct kl_policy_file *file)
{
	static const struct kl_deed deed = {.command = "policy set",
		.fill = fill,
		.draw = kl_policy_preview_draw,
		.question = KL_POLICY_PREVIEW_QUESTION,
		.done = KL_POLICY_PREVIEW_DONE};
	int rc;

	filled_in = file;
	rc = kl_confirm_deed(cli, &deed);
	filled_in = NULL;
	return rc;
}

static int run(struct kl_cli *cli)
{
	const char *path = cli->args.operands[0];
	struct kl_policy_file file;
	struct kl_sheet *sheet;
	unsigned count;
	const struct kl_column *columns = kl_policy_columns(&count);
	int rc = kl_sheet_open(
		path, kl_args_option(&cli->args, "sheet"), columns, count, &cli->fault, &sheet);

	if (rc)
		return rc;
	rc = kl_policy_file_read(sheet, &file, &cli->fault);
	if (!rc) {
		rc = confirm(cli, &file);
		if (!rc)
			kl_tell_notes(cli, sheet);
		kl_policy_file_deinit(&file);
	}
	kl_sheet_close(sheet);
	return rc;
}

static const struct kl_option options[] = {
	KL_OPTION_SHEET,
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_policy_import = {
	.words = "policy import",
	.operands = "FILE",
	.example = "keeplocal policy import policy.xlsx",
	.help = "your social value policy from a form that was filled in, CSV or XLSX",
	.more = "The form comes from 'template policy'. What is empty in it changes nothing. What "
		"would "
		"be said is shown first, as with 'policy set'. A file with a bad cell changes "
		"nothing: "
		"file, row and column are named. What was published is not taken back by 'undo', "
		"but by "
		"'policy withdraw'.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
