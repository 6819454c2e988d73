/* assess import: filled-in forms. */
#include "client/assessment_form.h"
#include "client/draw.h"
#include "client/draw_assessment.h"
#include "client/notes.h"
#include "client/part_feed.h"
#include "client/request.h"

#include <inttypes.h>
#include <string.h>

/* ---- sending ------------------------------------------------------------------------------- */

struct feed {
	const struct kl_filled_form *form;
	size_t at;
};

static int next_row(void *data, struct kl_writer *row, struct kl_fault *fault)
{
	struct feed *feed = data;

	(void)fault;
	if (feed->at == feed->form->count)
		return 0;
	kl_form_row_encode(row, &feed->form->rows[feed->at++]);
	return 1;
}

static int next_part(void *data, struct kl_writer *rows, struct kl_fault *fault)
{
	return kl_part_feed_next(data, rows, fault);
}

static void pack_form(const struct kl_cli *cli, struct kl_pack *pack, const char *path,
	const struct kl_filled_form *form)
{
	const char *slash = strrchr(path, '/'), *assessor = kl_args_option(&cli->args, "assessor"),
		   *period = kl_args_option(&cli->args, "period"),
		   *place = kl_args_option(&cli->args, "place");
	struct kl_writer *w;
	char name[120];

	(void)kl_copy_text(name, sizeof name, slash ? slash + 1 : path);
	kl_text_make_plain(name, false);
	kl_pack_text(pack, "file", name);
	kl_pack_text(pack, "period", period ? period : form->period);
	kl_pack_text(pack, "place", place ? place : form->place);
	w = kl_pack_value(pack, "assessors");
	kl_write_array(w, KL_FORM_ASSESSORS_MAX);
	for (unsigned i = 0; i < KL_FORM_ASSESSORS_MAX; i++)
		kl_write_text(w, !i && assessor ? assessor : form->assessors[i]);
}

/* ---- drawing ------------------------------------------------------------------------------- */

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	const uint64_t rows = kl_draw_uint(answer, "rows");
	int rc = kl_draw_assessment(cli, answer);
	char file[128];

	if (rc)
		return rc;
	fprintf(cli->out, "\n%" PRIu64 " answer%s came in from %s; keeplocal undo takes %s back.\n",
		rows, rows == 1 ? "" : "s", kl_cli_text(answer, "file", "?", file, sizeof file),
		rows == 1 ? "it" : "them");
	if (kl_draw_count(answer, "replaced"))
		fputs("What others had written was replaced (assess show --revision has it):\n",
			cli->out);
	kl_draw_texts(cli->out, "  ", answer, "replaced");
	return KL_OK;
}

/* ---- one file ------------------------------------------------------------------------------ */

static int send_form(struct kl_cli *cli, const char *path, const struct kl_filled_form *form)
{
	struct feed data = {form, 0};
	struct kl_part_feed feed;
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	kl_part_feed_init(&feed, next_row, &data);
	kl_pack_init(&pack);
	pack_form(cli, &pack, path, form);
	rc = kl_cli_upload(cli, "assess import", &pack, next_part, &feed, 0, "answers", &answer);
	if (rc)
		(void)kl_fault_at(&cli->fault, "%s", path);
	else
		rc = cli->json ? kl_cli_json(cli, &answer) : draw(cli, &answer);
	kl_pack_deinit(&pack);
	kl_part_feed_deinit(&feed);
	return rc;
}

static int check_period(struct kl_cli *cli, const char *path, const struct kl_filled_form *form)
{
	if (form->period[0] || kl_args_option(&cli->args, "period"))
		return KL_OK;
	kl_fault(&cli->fault, KL_E_MALFORMED, "%s does not say which year is assessed", path);
	return kl_fault_hint(&cli->fault, "fill in the row \"period\", or say --period YEAR");
}

static int import_file(struct kl_cli *cli, const char *path)
{
	struct kl_filled_form form;
	struct kl_sheet *sheet;
	int rc = kl_sheet_open(path, kl_args_option(&cli->args, "sheet"), kl_assessment_columns,
		KL_FORM_COLUMNS, &cli->fault, &sheet);

	if (rc)
		return rc;
	rc = kl_assessment_form_read(sheet, &form, &cli->fault);
	if (!rc) {
		rc = check_period(cli, path, &form);
		if (!rc)
			rc = send_form(cli, path, &form);
		if (!rc)
			kl_tell_notes(cli, sheet);
		kl_filled_form_deinit(&form);
	}
	kl_sheet_close(sheet);
	return rc;
}

/* ---- the command --------------------------------------------------------------------------- */

static int run(struct kl_cli *cli)
{
	int rc = KL_OK;

	for (size_t i = 0; i < cli->args.operand_count && !rc; i++)
		rc = import_file(cli, cli->args.operands[i]);
	return rc;
}

static const struct kl_option options[] = {
	{"period", "YEAR", "the year that is assessed; without it, the one in the form"},
	{"place", "PLACE", "a part of the area; without it, the one in the form"},
	{"assessor", "NAME", "who assesses, in the first column; without it, the one in the form"},
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
