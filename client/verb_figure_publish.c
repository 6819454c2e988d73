#include "client/amount.h"
#include "client/confirm.h"
#include "client/draw.h"
#include "client/table.h"

/* What was shown is published, even if the own figures change meanwhile. */
static void fill_from(struct kl_pack *pack, const struct kl_value *preview)
{
	static const char *const keys[] = {"method", "confidence", "source"};
	char text[512];
	double number;

	if (!kl_get_double(preview, "value", &number))
		kl_pack_double(pack, "number", number);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!kl_get_text(preview, keys[i], text, sizeof text))
			kl_pack_text(pack, keys[i], text);
}

static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	kl_pack_text(pack, "metric", cli->args.operands[0]);
	kl_pack_text(pack, "period", kl_args_option(&cli->args, "period"));
	if (preview) {
		fill_from(pack, preview);
		return;
	}
	kl_pack_text(pack, "value", kl_args_option(&cli->args, "value"));
	kl_pack_text(pack, "method", kl_args_option(&cli->args, "method"));
	kl_pack_text(pack, "confidence", kl_args_option(&cli->args, "confidence"));
	kl_pack_text(pack, "source", kl_args_option(&cli->args, "source"));
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const lines[][2] = {{"name", "?"}, {"period", "?"}, {"shown", "?"},
		{"origin", "?"}, {"method", "not stated"}, {"confidence", "not stated"},
		{"source", "not stated"}};
	char text[512], unit[16], amount[KL_AMOUNT_TEXT_MAX];
	struct kl_table table;
	int rc;

	kl_table_init(&table, "< <");
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		kl_table_cell(&table, "%s", i == 2 ? "value" : lines[i][0]);
		kl_table_cell(&table, "%s",
			kl_cli_text(answer, lines[i][0], lines[i][1], text, sizeof text));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (rc)
		return rc;
	kl_cli_text(answer, "unit", "", unit, sizeof unit);
	if (kl_amount(answer, "replaces", unit, "", amount)[0])
		fprintf(cli->out, "It takes the place of %s, which was published before.\n",
			amount);
	if (kl_draw_flag(answer, "unchanged")) {
		fputs("This is what stands under your name already: nothing changes.\n", cli->out);
		return KL_OK;
	}
	fputs("It will stand under your name, for everybody in the network to see; and you will "
	      "no longer count\ntowards the minimum of a tally of it.\n",
		cli->out);
	if (kl_cli_text(answer, "warning", "", text, sizeof text)[0])
		fprintf(cli->out, "Bear in mind: %s.\n", text);
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "figure publish",
		.fill = fill,
		.draw = draw,
		.question = "Publish it by name?",
		.done = "Published."};

	return kl_confirm_deed(cli, &deed);
}

static const struct kl_option options[] = {
	{"period", "P", "the year it belongs to, such as 2026 or 2026/27"},
	{"value", "V", "the value; without it, your own figure is taken"},
	{"method", "TEXT", "how it was found out"},
	{"confidence", "C", "high, moderate or low"},
	{"source", "TEXT", "where it can be read"},
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_figure_publish = {
	.words = "figure publish",
	.operands = "METRIC",
	.example = "keeplocal figure publish enabled.fte --period 2026",
	.help = "publish a figure under your name, after a preview",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
