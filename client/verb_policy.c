/* policy show, policy set: a member's social value policy, in public. */
#include "client/confirm.h"
#include "client/draw.h"
#include "client/draw_policy.h"
#include "client/policy_preview.h"
#include "client/request.h"

static int draw_show(struct kl_cli *cli, const struct kl_value *answer)
{
	char text[256];

	fprintf(cli->out, "%s", kl_cli_text(answer, "member", "?", text, sizeof text));
	if (!kl_draw_flag(answer, "published"))
		fputs(" (not published)", cli->out);
	else if (kl_cli_text(answer, "time", "", text, sizeof text)[0])
		fprintf(cli->out, " (published on %.10s)", text);
	fputs("\n\n", cli->out);
	kl_draw_policy(cli->out, answer);
	return KL_OK;
}

static int run_show(struct kl_cli *cli)
{
	static const char *const keys[] = {"member", NULL};

	return kl_request_show(cli, "policy show", keys, draw_show);
}

const struct kl_command kl_verb_policy_show = {
	.words = "policy show",
	.operands = "[MEMBER]",
	.example = "keeplocal policy show Bristol",
	.help = "the social value policy of a member; without a name, your own",
	.operands_max = 1,
	.tables = true,
	.run = run_show,
};

static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	kl_request_operands(cli, pack, "set", 0);
	kl_policy_preview_seen(pack, preview);
}

static int run_set(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "policy set",
		.fill = fill,
		.draw = kl_policy_preview_draw,
		.question = KL_POLICY_PREVIEW_QUESTION,
		.done = KL_POLICY_PREVIEW_DONE};

	return kl_confirm_deed(cli, &deed);
}

static const struct kl_option set_options[] = {
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_policy_set = {
	.words = "policy set",
	.operands = "FIELD=VALUE...",
	.example = "keeplocal policy set status=adopted forms=\"policy; lead officer\" "
		   "weight_percent=20",
	.help = "say what your social value policy is, after a preview; an empty value takes a "
		"field "
		"back",
	.more = "Fields: status, forms, title, web, date, summary, applied, applied_above, "
		"tender_percent, weight_percent, outputs, in_design, in_specification, "
		"in_monitoring, "
		"measured, asks, reported, corporate, co_produced, small_providers, measures, "
		"pathway, "
		"routes. 'keeplocal template policy' is a form with a note on each. Several words "
		"or "
		"measures stand apart by ';'. Before you are in a network the policy is kept here; "
		"it is published once you are on the roster.",
	.options = set_options,
	.operands_min = 1,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run_set,
};
