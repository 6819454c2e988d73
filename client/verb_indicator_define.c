/* indicator define, indicator withdraw: indicators of one's own. */
#include "client/confirm.h"
#include "client/draw.h"
#include "client/observed.h"
#include "client/request.h"

#include <inttypes.h>

/* ---- define -------------------------------------------------------------------------------- */

static void draw_definition(FILE *out, const struct kl_value *answer)
{
	char name[160];

	fprintf(out, "%s, version %" PRIu64 "\n",
		kl_cli_text(answer, "name", "?", name, sizeof name),
		kl_draw_uint(answer, "version"));
	kl_draw_line(out, 2, "characteristic", answer, "characteristic");
	kl_draw_line(out, 2, "level", answer, "level");
	kl_draw_line(out, 2, "form", answer, "form");
	kl_draw_line(out, 2, "span", answer, "span");
	kl_draw_line(out, 2, "how to collect", answer, "how");
	kl_draw_components(out, answer);
	if (kl_draw_uint(answer, "replaces"))
		fprintf(out,
			"It takes the place of version %" PRIu64
			". What was recorded under that one stays, and is not compared with what "
			"follows.\n",
			kl_draw_uint(answer, "replaces"));
	if (kl_draw_flag(answer, "adopted_is_older"))
		fputs("The network adopted another version: names mean that one until the convenor "
		      "adopts this.\n",
			out);
}

static int draw_publish(struct kl_cli *cli, const struct kl_value *answer)
{
	draw_definition(cli->out, answer);
	if (kl_draw_flag(answer, "unchanged"))
		fputs("This is what stands under your name already: nothing changes.\n", cli->out);
	else
		fputs("The definition stands under your name, for everybody in the network to see "
		      "and "
		      "to use. What you record of it stays with you.\n",
			cli->out);
	return KL_OK;
}

static int draw_kept(struct kl_cli *cli, const struct kl_value *answer)
{
	draw_definition(cli->out, answer);
	if (kl_draw_flag(answer, "unchanged"))
		fputs("Nothing changes: it is defined so already.\n", cli->out);
	else if (!kl_draw_flag(answer, "kept"))
		fputs("Nothing was kept: this only shows it.\n", cli->out);
	else
		fputs("Kept, for yourself. --publish lets others use the same.\n", cli->out);
	return KL_OK;
}

static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	static const struct {
		const char *option, *key;
	} options[] = {{"characteristic", "characteristic"}, {"unit", "unit"},
		{"polarity", "polarity"}, {"how", "how"}, {"level", "level"}, {"form", "form"},
		{"span", "span"}};
	size_t many = 0;
	struct kl_writer *w;

	(void)preview;
	kl_pack_text(pack, "name", cli->args.operands[0]);
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		kl_pack_text(pack, options[i].key, kl_args_option(&cli->args, options[i].option));
	while (kl_args_option_at(&cli->args, "component", many))
		many++;
	if (many) {
		w = kl_pack_value(pack, "component");
		kl_write_array(w, many);
		for (size_t i = 0; i < many; i++)
			kl_write_text(w, kl_args_option_at(&cli->args, "component", i));
	}
	kl_pack_bool(pack, "publish", kl_args_flag(&cli->args, "publish"));
}

static int run_define(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "indicator define",
		.fill = fill,
		.draw = draw_publish,
		.question = "Publish the definition under your name?",
		.done = "Published."};
	struct kl_pack pack;
	int rc;

	if (kl_args_flag(&cli->args, "publish"))
		return kl_confirm_deed(cli, &deed);
	kl_pack_init(&pack);
	fill(cli, &pack, NULL);
	kl_pack_bool(&pack, "dry_run", kl_args_flag(&cli->args, "dry-run"));
	rc = kl_cli_show(cli, "indicator define", &pack, draw_kept);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option define_options[] = {
	{"characteristic", "N", "what it is about: 1 to 7, or a name"},
	{"unit", "UNIT", "share, percent, GBP, count, people, FTE, hours, score, ..."},
	{"polarity", "WAY", "what is better: higher, lower or neither"},
	{"how", "TEXT", "how it is collected, so that others would find the same"},
	{"component", "NAME=UNIT", "each of two or three numbers, such as \"meals=count,higher\"",
		true},
	{"level", "LEVEL", "organisation, neighbourhood (if not said) or council"},
	{"form", "FORM", "quantitative (if not said), qualitative or both"},
	{"span", "SPAN", "trend (if not said) or snapshot"},
	{"publish", NULL, "let others use the same definition; values stay with you"},
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_indicator_define = {
	.words = "indicator define",
	.operands = "NAME",
	.example = "keeplocal indicator define \"Meals shared\" --characteristic 6 --unit count "
		   "--polarity higher --how \"Count the plates at each shared meal.\"",
	.help = "an indicator of your own: private, until you publish its definition",
	.more = "The same NAME again changes it: what is not said stays, and a new version begins. "
		"Numbers under different versions are not compared.\n"
		"Published definitions are used by name like the bank's:\n"
		"  keeplocal indicator record \"Meals shared\" 120 --period 2026",
	.options = define_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_define,
};

/* ---- withdraw ------------------------------------------------------------------------------ */

static int draw_withdraw(struct kl_cli *cli, const struct kl_value *answer)
{
	bool done = kl_draw_flag(answer, "withdrawn"), hidden = kl_draw_flag(answer, "private");
	char name[160];

	fprintf(cli->out, "%s, version %" PRIu64 ", %s %s\n",
		kl_cli_text(answer, "name", "?", name, sizeof name),
		kl_draw_uint(answer, "version"), done ? "is" : "would be",
		hidden ? "deleted." : "withdrawn.");
	if (hidden) {
		fputs("It was private, and nothing was recorded under it.\n", cli->out);
		return KL_OK;
	}
	fputs("Whoever records under it may go on: what they recorded stays with them.\n",
		cli->out);
	if (kl_draw_flag(answer, "adopted"))
		fputs("The convenor has adopted it, and it stays so until the convenor ends "
		      "that.\n",
			cli->out);
	return KL_OK;
}

static void fill_withdraw(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	(void)preview;
	kl_pack_text(pack, "name", cli->args.operands[0]);
}

static int run_withdraw(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "indicator withdraw",
		.fill = fill_withdraw,
		.draw = draw_withdraw,
		.question = "Take the definition back?",
		.done = "Taken back."};

	return kl_confirm_deed(cli, &deed);
}

static const struct kl_option withdraw_options[] = {
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_indicator_withdraw = {
	.words = "indicator withdraw",
	.operands = "NAME",
	.example = "keeplocal indicator withdraw \"Meals shared\"",
	.help = "take a definition of your own back",
	.more = "One that you published is withdrawn, and what was recorded under it stays. One "
		"that is private is deleted, if nothing was recorded under it.",
	.options = withdraw_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_withdraw,
};
