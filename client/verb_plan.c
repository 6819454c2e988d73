/* plan, plan set, plan list: the ten steps of measuring impact. */
#include "client/draw.h"
#include "client/request.h"

#include <inttypes.h>
#include <string.h>

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_fields(FILE *out, const struct kl_value *step)
{
	struct kl_cursor cursor = kl_draw_items(step, "fields");
	struct kl_value field;
	char name[64];

	while (kl_cursor_next(&cursor, &field))
		kl_draw_line(out, 10, kl_cli_text(&field, "field", "?", name, sizeof name), &field,
			"text");
}

static void draw_step(FILE *out, const struct kl_value *step)
{
	char name[64], state[16], text[512];
	uint64_t of = kl_draw_uint(step, "of");
	bool done = !strcmp(kl_cli_text(step, "state", "?", state, sizeof state), "done");

	fprintf(out, "  %2" PRIu64 "  %-5s %s", kl_draw_uint(step, "step"), state,
		kl_cli_text(step, "name", "?", name, sizeof name));
	if (of)
		fprintf(out, " (%" PRIu64 " of %" PRIu64 " indicators)", kl_draw_uint(step, "have"),
			of);
	fputs("\n", out);
	if (!done)
		fprintf(out, "          %s\n", kl_cli_text(step, "meaning", "", text, sizeof text));
	draw_fields(out, step);
	if (!done && kl_cli_text(step, "missing", "", text, sizeof text)[0])
		fprintf(out, "          missing: %s\n", text);
}

static const char *mark(const struct kl_value *it, const char *key)
{
	return kl_draw_flag(it, key) ? "yes" : "-";
}

static int draw_indicators(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "indicators");
	struct kl_table table;
	struct kl_value it;
	int rc;

	if (!kl_draw_count(answer, "indicators"))
		return KL_OK;
	fputs("\n", out);
	kl_table_init(&table, "<indicator < <observed <checked <in_two_periods");
	while (kl_cursor_next(&cursor, &it)) {
		kl_draw_cell(&table, &it, "name", "?");
		kl_draw_cell(&table, &it, "code", "?");
		kl_table_cell(&table, "%s", mark(&it, "observed"));
		kl_table_cell(&table, "%s", mark(&it, "checked"));
		kl_table_cell(&table, "%s", mark(&it, "compared"));
	}
	rc = kl_table_print(&table, out);
	kl_table_deinit(&table);
	return rc;
}

static int draw_plan(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "steps");
	struct kl_value step, next;
	char name[128], command[512];
	int rc;

	fprintf(cli->out, "Plan \"%s\", revision %" PRIu64 ": %" PRIu64 " of %zu steps done\n\n",
		kl_cli_text(answer, "plan", "?", name, sizeof name),
		kl_draw_uint(answer, "revision"), kl_draw_uint(answer, "done"),
		kl_draw_count(answer, "steps"));
	while (kl_cursor_next(&cursor, &step))
		draw_step(cli->out, &step);
	rc = draw_indicators(cli->out, answer);
	if (rc)
		return rc;
	fputs("\nSteps 5 to 8 follow from what was recorded; when a step is done is our rule (the "
	      "steps are\nthe report's).\n",
		cli->out);
	if (kl_get_map(answer, "next", &next)) {
		fputs("\nAll ten steps are done.\n", cli->out);
		return KL_OK;
	}
	fprintf(cli->out, "\nNext: step %" PRIu64 ", %s\n  %s\n", kl_draw_uint(&next, "step"),
		kl_cli_text(&next, "name", "?", name, sizeof name),
		kl_cli_text(&next, "command", "?", command, sizeof command));
	return KL_OK;
}

static int draw_list(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "plans");
	struct kl_table table;
	struct kl_value row;
	int rc;

	if (!kl_draw_count(answer, "plans")) {
		fputs("There is no plan yet.\n\nNext:\n  keeplocal plan set change=\"what should "
		      "become different\"\n",
			cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<plan >revision >done >indicators <next");
	while (kl_cursor_next(&cursor, &row)) {
		kl_draw_cell(&table, &row, "plan", "?");
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "revision"));
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "done"));
		kl_table_cell(&table, "%" PRIu64, kl_draw_uint(&row, "indicators"));
		kl_draw_cell(&table, &row, "next", "all ten steps are done");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

/* ---- commands ------------------------------------------------------------------------------ */

static int run_plan(struct kl_cli *cli)
{
	static const char *const keys[] = {"plan", NULL};

	return kl_request_show(cli, "plan", keys, draw_plan);
}

static const struct kl_option plan_options[] = {
	{"revision", "N", "as it stood then"},
	{NULL},
};

const struct kl_command kl_verb_plan = {
	.words = "plan",
	.operands = "[NAME]",
	.example = "keeplocal plan",
	.help = "the ten steps of measuring impact: what is done, and what comes next",
	.options = plan_options,
	.operands_max = 1,
	.tables = true,
	.run = run_plan,
};

static int run_set(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_request_options(cli, &pack);
	kl_request_operands(cli, &pack, "set", 0);
	rc = kl_cli_show(cli, "plan set", &pack, draw_plan);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option set_options[] = {
	{"plan", "NAME", "which plan; without it the only one, or a first one"},
	{"indicator", "NAME", "choose an indicator to follow", true},
	{"without-indicator", "NAME", "no longer follow one", true},
	{NULL},
};

const struct kl_command kl_verb_plan_set = {
	.words = "plan set",
	.operands = "[FIELD=TEXT]...",
	.example = "keeplocal plan set change=\"young people find work here\" --indicator "
		   "\"local multiplier\"",
	.help = "write down a step of the plan; every change makes a new revision",
	.more = "Fields: change, activities, area, shows (step 1), collected (2), impacts (3), "
		"collection (4),\n"
		"records (5), challenger, second-source (6), contribution (7), audience, reported "
		"(8),\n"
		"look-back (9), next (10). A step's number means its first field; an empty text "
		"takes one back.",
	.options = set_options,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run_set,
};

static int run_list(struct kl_cli *cli)
{
	return kl_cli_show(cli, "plan list", NULL, draw_list);
}

const struct kl_command kl_verb_plan_list = {
	.words = "plan list",
	.example = "keeplocal plan list",
	.help = "all plans, and where each stands",
	.tables = true,
	.run = run_list,
};
