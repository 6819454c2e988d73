/* assess history: all revisions of all assessments. */
#include "client/draw.h"
#include "client/request.h"
#include "core/catalogue.h"

#include <inttypes.h>

/* Rows come in parts; what is shown is one answer. */
struct rows {
	struct kl_writer w;
	uint32_t count;
};

static int take_part(void *data, const struct kl_value *part, struct kl_fault *fault)
{
	struct kl_cursor cursor = kl_cursor(part);
	struct rows *rows = data;
	struct kl_value row;

	(void)fault;
	while (kl_cursor_next(&cursor, &row)) {
		kl_write_raw(&rows->w, row.raw);
		rows->count++;
	}
	return KL_OK;
}

static void practice_cell(struct kl_table *table, const struct kl_value *medians)
{
	char text[128] = "", number[KL_DRAW_NUMBER_MAX];
	size_t len = 0;

	for (size_t s = KL_CHARACTERISTICS; s < KL_SUBJECTS && len < sizeof text; s++) {
		kl_draw_number(medians, kl_subject_code(s), "-", number);
		len += (size_t)snprintf(
			text + len, sizeof text - len, "%s%s", len ? " " : "", number);
	}
	kl_table_cell(table, "%s", text);
}

static void draw_row(struct kl_table *table, const struct kl_value *row)
{
	struct kl_value medians;
	char number[KL_DRAW_NUMBER_MAX];

	if (kl_get_map(row, "medians", &medians))
		return;
	kl_draw_cell(table, row, "period", "?");
	kl_draw_cell(table, row, "place", "");
	kl_table_cell(table, "%" PRIu64, kl_draw_uint(row, "revision"));
	kl_table_cell(table, "%zu", kl_draw_count(row, "assessors"));
	for (size_t s = 0; s < KL_CHARACTERISTICS; s++)
		kl_table_cell(
			table, "%s", kl_draw_number(&medians, kl_subject_code(s), "-", number));
	practice_cell(table, &medians);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "revisions");
	struct kl_table table;
	struct kl_value row;
	int rc;

	if (!kl_draw_count(answer, "revisions")) {
		fputs("Nothing was assessed yet.\n\nNext:\n  keeplocal template assessment --out "
		      "assessment.xlsx\n  keeplocal assess record --period 2026 --assessor NAME "
		      "C1=2\n",
			cli->out);
		return KL_OK;
	}
	kl_table_init(&table,
		"<period <place >revision >assessors >C1 >C2 >C3 >C4 >C5 >C6 >C7 <practice");
	while (kl_cursor_next(&cursor, &row))
		draw_row(&table, &row);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

/* One map of all rows, as if it had come in one piece. */
static int show(struct kl_cli *cli, const struct rows *rows)
{
	struct kl_bytes all, bytes;
	struct kl_value answer;
	struct kl_writer w;
	int rc = kl_writer_bytes(&rows->w, &all);

	kl_writer_init(&w);
	kl_write_map(&w, 1);
	kl_put_array(&w, "revisions", rows->count);
	if (!rc && rows->count)
		kl_write_raw(&w, all);
	if (!rc)
		rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_value_open(bytes, &answer);
	if (rc)
		rc = kl_fault(
			&cli->fault, rc, "the history cannot be shown: %s", kl_error_text(rc));
	else
		rc = kl_cli_give(cli, &answer, draw);
	kl_writer_deinit(&w);
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct rows rows = {.count = 0};
	struct kl_value end;
	struct kl_pack pack;
	int rc;

	kl_writer_init(&rows.w);
	kl_pack_init(&pack);
	kl_request_options(cli, &pack);
	rc = kl_cli_download(cli, "assess history", &pack, take_part, &rows, &end);
	if (!rc)
		rc = show(cli, &rows);
	kl_pack_deinit(&pack);
	kl_writer_deinit(&rows.w);
	return rc;
}

static const struct kl_option options[] = {
	{"period", "YEAR", "all, if not given"},
	{"place", "PLACE", "a part of the area"},
	{NULL},
};

const struct kl_command kl_verb_assess_history = {
	.words = "assess history",
	.example = "keeplocal assess history",
	.help = "all revisions with their medians; none is ever overwritten",
	.options = options,
	.tables = true,
	.run = run,
};
