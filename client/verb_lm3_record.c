/* lm3 record, use, list: scores worked out elsewhere, and which project counts. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/table.h"
#include "client/lm3_draw.h"

static int run_record(struct kl_cli *cli)
{
	static const char *const keys[] = {"score", "area", "period", "source", "confidence", NULL};
	const char *basis = kl_args_option(&cli->args, "basis");
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	for (size_t i = 0; keys[i]; i++)
		kl_pack_text(&pack, keys[i], kl_args_option(&cli->args, keys[i]));
	kl_pack_text(&pack, "basis", basis ? basis : "turnover");
	rc = kl_cli_show(cli, "lm3 record", &pack, kl_draw_lm3_project);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option record_options[] = {
	{"score", "SCORE", "from 1.00 to 3.00, such as 2.43"},
	{"area", "AREA",
		"what counted as local: GSS codes, postcode districts, 12km LAT,LON, or a "
		"council by name; your own council area if not said"},
	{"period", "PERIOD", "2016, 2016/17, 2016-Q3 or 2016-04"},
	{"source", "TEXT", "where the score stands"},
	{"confidence", "RATING", "green, amber or red, as the source says; only green is counted"},
	{"basis", "BASIS", "turnover (taken if not said) or contract"},
	{NULL},
};

const struct kl_command kl_verb_lm3_record = {
	.words = "lm3 record",
	.operands = "NAME",
	.example = "keeplocal lm3 record halifax --score 2.43 --area E08000033 --period 2016 "
		   "--basis contract --confidence green --source \"Locality 2017, appendix 1\"",
	.help = "keep a score that was worked out elsewhere",
	.more = "It is kept as its source says and never computed again. Recording it once more "
		"under the same name replaces it.",
	.options = record_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_record,
};

static int draw_use(struct kl_cli *cli, const struct kl_value *answer)
{
	kl_draw_lm3_title(cli, answer);
	return KL_OK;
}

static int run_use(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	rc = kl_cli_show(cli, "lm3 use", &pack, draw_use);
	kl_pack_deinit(&pack);
	return rc;
}

const struct kl_command kl_verb_lm3_use = {
	.words = "lm3 use",
	.operands = "NAME",
	.example = "keeplocal lm3 use jubilee",
	.help = "mark the project that counts, when a period has several",
	.operands_min = 1,
	.operands_max = 1,
	.run = run_use,
};

static void list_row(struct kl_table *table, const struct kl_value *project)
{
	char text[1024];
	double score;

	kl_table_cell(table, "%s", kl_cli_text(project, "project", "?", text, sizeof text));
	kl_table_cell(table, "%s", kl_cli_text(project, "period", "?", text, sizeof text));
	kl_table_cell(table, "%s", kl_cli_text(project, "basis", "?", text, sizeof text));
	kl_table_cell(table, "%s", kl_draw_named(project, "area", "?", text, sizeof text));
	if (kl_draw_flag(project, "recorded") && !kl_get_double(project, "score", &score))
		kl_table_cell(table, "recorded: %.2f", score);
	else
		kl_table_cell(table, "ledger");
	kl_table_cell(table, "%s", kl_draw_flag(project, "in_use") ? "yes" : "");
}

static int draw_list(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value list, project;
	struct kl_cursor cursor;
	struct kl_table table;
	int rc;

	if (kl_get_array(answer, "projects", &list))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	if (!list.count) {
		fputs("no LM3 projects yet: keeplocal lm3 new NAME begins one\n", cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<project <period <basis <area <what <counts");
	cursor = kl_cursor(&list);
	while (kl_cursor_next(&cursor, &project))
		list_row(&table, &project);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int run_list(struct kl_cli *cli)
{
	return kl_cli_show(cli, "lm3 list", NULL, draw_list);
}

const struct kl_command kl_verb_lm3_list = {
	.words = "lm3 list",
	.example = "keeplocal lm3 list",
	.help = "all projects, and which one counts",
	.tables = true,
	.run = run_list,
};
