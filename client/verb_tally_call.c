#include "client/amount.h"
#include "client/confirm.h"
#include "client/draw.h"
#include "client/draw_forecast.h"

#include <inttypes.h>

static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	const struct kl_args *args = &cli->args;
	uint64_t minimum;
	bool given;

	(void)preview; /* it names nothing that was not asked for */
	kl_pack_bool(pack, "late", kl_args_flag(args, "late"));
	kl_pack_text(pack, "period", kl_args_option(args, "period"));
	kl_pack_list(pack, "metrics", kl_args_option(args, "metrics"));
	kl_pack_list(pack, "cohorts", kl_args_option(args, "cohorts"));
	kl_pack_text(pack, "contribute_for", kl_args_option(args, "contribute-for"));
	kl_pack_text(pack, "if", kl_args_option(args, "if"));
	kl_pack_list(pack, "without", kl_args_option(args, "without"));
	kl_pack_text(pack, "decide_for", kl_args_option(args, "decide-for"));
	if (!kl_args_uint(args, "minimum", UINT16_MAX, NULL, &given, &minimum) && given)
		kl_pack_int(pack, "minimum", (int64_t)minimum);
}

/* The committee follows from what is known before the call, so a dry run can name it. */
static void draw_committee(struct kl_cli *cli, const struct kl_value *answer, bool called)
{
	const uint64_t readers = kl_draw_uint(answer, "readers");
	char text[512];

	kl_draw_joined(cli->out, "Who offers a seat", answer, "offers", "\n");
	kl_draw_joined(cli->out, called ? "Committee" : "Committee, if it were called now", answer,
		"committee", "\n");
	(void)snprintf(text, sizeof text,
		"Drawn by lot, at most one of each control group, from those that offer a seat%s. "
		"Fewer than "
		"%" PRIu64 " of them together learn nothing; %" PRIu64 " could read every answer.",
		kl_draw_flag(answer, "first") ? "" : " and were there at the call before", readers,
		readers);
	kl_draw_bullet(cli->out, "", text);
	if (kl_draw_flag(answer, "first"))
		kl_draw_bullet(cli->out, "",
			"This is the network's first tally: nothing was drawn before that the "
			"convenor "
			"could not have influenced, and members are told so.");
}

static void draw_warnings(struct kl_cli *cli, const struct kl_value *answer)
{
	char away[512], text[520];

	if (kl_cli_text(answer, "away", "", away, sizeof away)[0]) {
		(void)snprintf(text, sizeof text, "But %s.", away);
		kl_draw_bullet(cli->out, "", text);
	}
	if (!kl_draw_count(answer, "warnings"))
		return;
	fputs("Is that meant?\n", cli->out);
	kl_draw_wrapped_texts(cli->out, "  ! ", answer, "warnings");
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char period[32], tally[80], first[KL_SPAN_TEXT_MAX], then[KL_SPAN_TEXT_MAX];

	fprintf(cli->out,
		"Tally for %s: %" PRIu64 " members, nothing shown of fewer than %" PRIu64
		"; %s to contribute, %s to decide.\n",
		kl_cli_text(answer, "period", "?", period, sizeof period),
		kl_draw_uint(answer, "members"), kl_draw_uint(answer, "minimum"),
		kl_span(kl_draw_uint(answer, "contribute_for_seconds"), first),
		kl_span(kl_draw_uint(answer, "decide_for_seconds"), then));
	kl_draw_joined(cli->out, "Metrics", answer, "metrics", "\n");
	kl_draw_joined(cli->out, "Left out, because too few could count", answer, "left_out", "\n");
	kl_draw_joined(cli->out, "Left out, because they were counted for the period already",
		answer, "counted_already", "\n");
	kl_draw_joined(cli->out, "Cohorts", answer, "cohorts", "\n");
	if (kl_draw_flag(answer, "late"))
		kl_draw_bullet(cli->out, "",
			"A late batch: of what was counted for the period already only those count "
			"that "
			"were not in it then, as a batch of their own; what was shown stays as it "
			"is.");
	kl_cli_text(answer, "tally", "", tally, sizeof tally);
	draw_committee(cli, answer, tally[0]);
	draw_warnings(cli, answer);
	if (tally[0])
		fprintf(cli->out, "Tally: %s\n", tally);
	return kl_draw_forecast(cli, answer);
}

static int write_json(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	rc = kl_forecast_rows(answer, &w);
	if (rc)
		kl_fault(&cli->fault, rc, "no memory for the answer");
	else
		rc = kl_cli_json_written(cli, &w);
	kl_writer_deinit(&w);
	return rc;
}

static void tell(struct kl_cli *cli, const struct kl_value *answer)
{
	char tally[80];

	fprintf(cli->out, "\nCalled. How far it is: keeplocal tally show %.16s\n",
		kl_cli_text(answer, "tally", "?", tally, sizeof tally));
}

static int check(struct kl_cli *cli)
{
	const struct kl_args *args = &cli->args;
	uint64_t minimum;
	bool given;

	if (kl_args_uint(args, "minimum", UINT16_MAX, &cli->fault, &given, &minimum))
		return cli->fault.code;
	if (kl_args_flag(args, "dry-run") ||
		(!kl_args_option(args, "if") && !kl_args_option(args, "without")))
		return KL_OK;
	kl_fault(&cli->fault, KL_E_USAGE,
		"--if and --without suppose who answers, and a call cannot choose that");
	return kl_fault_hint(&cli->fault, "add --dry-run to see what would come out");
}

/* All that a call says was typed with it: scripts are not asked. */
static int run(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "tally call",
		.fill = fill,
		.draw = draw,
		.question = "Call this? All members are asked, and a call cannot be taken back.",
		.tell = tell,
		.json = write_json,
		.typed = true};
	int rc = check(cli);

	return rc ? rc : kl_confirm_deed(cli, &deed);
}

static const struct kl_option options[] = {
	{"period", "P", "what is counted for: 2026, 2026/27"},
	{"metrics", "A,B,..", "which metrics; else all that suit the period"},
	{"cohorts", "A,B,..", "everybody, councils, anchors, type=.., region=.., in that priority"},
	{"contribute-for", "TIME", "how long members may contribute, such as 3w or 30s"},
	{"decide-for", "TIME", "how long the committee may take after that"},
	{"minimum", "N", "smallest cohort that is shown; may only raise the charter's"},
	{"late", NULL, "count those that were not in the period's earlier tally, as a batch apart"},
	{"dry-run", NULL,
		"only forecast which cohorts could be shown, how finely, and why no finer"},
	{"yes", NULL, "do not ask: for scripts"},
	{"if", "SHARE", "forecast for that share of members answering, such as 70%"},
	{"without", "A,B,..", "forecast for all but these members answering"},
	{NULL},
};

const struct kl_command kl_verb_tally_call = {
	.words = "tally call",
	.example = "keeplocal tally call --period 2026 --dry-run",
	.help = "convenor: ask all members to be counted, unseen",
	.options = options,
	.run = run,
};
