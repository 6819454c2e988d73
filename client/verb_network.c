/* network create, ticket, admit, suspend, retire, remove: what a convenor does. */
#include "client/draw.h"
#include "client/draw_profile.h"
#include "client/request.h"

#include <string.h>

#define DRY_RUN                                                                                    \
	{                                                                                          \
		"dry-run", NULL, "only show what would be published"                               \
	}

static const struct kl_option dry_options[] = {
	DRY_RUN,
	{NULL},
};

/* ---- create, ticket ------------------------------------------------------------------------ */

static int draw_create(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[256];

	if (kl_draw_unpublished(cli->out, answer)) {
		fprintf(cli->out, "%s would be founded, with you as its convenor.\n",
			kl_cli_text(answer, "network", "?", name, sizeof name));
		return KL_OK;
	}
	fprintf(cli->out,
		"%s is founded. Admit members with keeplocal network admit MEMBER-ID --name NAME,\n"
		"and hand each the ticket that keeplocal network ticket prints.\n",
		kl_cli_text(answer, "network", "?", name, sizeof name));
	return KL_OK;
}

static int run_create(struct kl_cli *cli)
{
	static const char *const keys[] = {"name", NULL};

	return kl_request_show(cli, "network create", keys, draw_create);
}

const struct kl_command kl_verb_network_create = {
	.words = "network create",
	.operands = "NAME",
	.example = "keeplocal network create \"Keep it Local\"",
	.help = "found a network, as its convenor",
	.options = dry_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_create,
};

static int draw_ticket(struct kl_cli *cli, const struct kl_value *answer)
{
	char ticket[4096];

	fprintf(cli->out, "Members type keeplocal join and then this:\n%s\n",
		kl_cli_text(answer, "ticket", "?", ticket, sizeof ticket));
	return KL_OK;
}

static int run_ticket(struct kl_cli *cli)
{
	return kl_request_show(cli, "network ticket", NULL, draw_ticket);
}

const struct kl_command kl_verb_network_ticket = {
	.words = "network ticket",
	.example = "keeplocal network ticket",
	.help = "the way into the network, for admitted members; the last line is the ticket",
	.run = run_ticket,
};

/* ---- admit --------------------------------------------------------------------------------- */

static int draw_admit(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const fields[][2] = {{"type", "Type"}, {"gss", "GSS code"},
		{"region", "Region"}, {"rural_urban", "Rural or urban"},
		{"income_band", "Income band"}, {"control_group", "Control group"}};
	char name[256], kind[32];
	bool dry = kl_draw_unpublished(cli->out, answer);

	fprintf(cli->out, "%s %s admitted (%s).\n",
		kl_cli_text(answer, "admitted", "?", name, sizeof name), dry ? "would be" : "is",
		kl_cli_text(answer, "kind", "?", kind, sizeof kind));
	for (size_t i = 0; dry && i < sizeof fields / sizeof *fields; i++)
		kl_draw_line(cli->out, 2, fields[i][1], answer, fields[i][0]);
	if (dry && kl_draw_uint(answer, "deprivation_quintile"))
		fprintf(cli->out, "  Deprivation quintile: %u\n",
			(unsigned)kl_draw_uint(answer, "deprivation_quintile"));
	kl_draw_alike(cli, answer);
	kl_draw_titled(cli->out, "To be looked at:", answer, "warnings");
	return KL_OK;
}

static int run_admit(struct kl_cli *cli)
{
	static const char *const keys[] = {"member_id", NULL};

	return kl_request_show(cli, "network admit", keys, draw_admit);
}

static const struct kl_option admit_options[] = {
	{"name", "NAME", "as everybody will see it"},
	{"kind", "KIND", "council or anchor, if the member id says otherwise"},
	{"type", "TYPE", "of a council: county, unitary, metropolitan district, ..."},
	{"gss", "CODE", "of a council, or of the council area an anchor works in"},
	{"region", "REGION", "such as West Midlands"},
	{"deprivation-quintile", "1-5", "1 is the most deprived fifth"},
	{"rural-urban", "CLASS", "such as urban"},
	{"income-band", "BAND", "of an anchor"},
	{"control-group", "NAME", "members under one management"},
	DRY_RUN,
	{NULL},
};

const struct kl_command kl_verb_network_admit = {
	.words = "network admit",
	.operands = "MEMBER",
	.example = "keeplocal network admit MEMBER-ID --name \"Bradford Council\" --kind council "
		   "--type \"metropolitan district\"",
	.help = "put a member on the roster",
	.more = "What is confirmed here is what cohorts rest on: a member's own profile cannot "
		"change it.\n"
		"MEMBER is a member id; for whoever is on the roster already, the name will do.\n"
		"Admitting a member again changes what is confirmed, or ends a suspension:\n"
		"  keeplocal network admit Bradford",
	.options = admit_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_admit,
};

/* ---- suspend, retire, remove --------------------------------------------------------------- */

static int draw_change(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const done[][3] = {
		{"suspend", "is suspended", "would be suspended"},
		{"retire", "has left in good order", "would have left in good order"},
		{"remove", "is removed", "would be removed"},
	};
	char member[256], change[64];
	bool dry = kl_draw_unpublished(cli->out, answer);
	const char *text = kl_cli_text(answer, "change", "?", change, sizeof change);

	for (size_t i = 0; i < sizeof done / sizeof *done; i++)
		if (!strcmp(done[i][0], text))
			text = done[i][1 + dry];
	fprintf(cli->out, "%s %s.\n", kl_cli_text(answer, "member", "?", member, sizeof member),
		text);
	kl_draw_line(cli->out, 2, "Reason", answer, "reason");
	return KL_OK;
}

static int run_change(struct kl_cli *cli)
{
	static const char *const keys[] = {"member", NULL};

	return kl_request_show(cli, cli->args.command->words, keys, draw_change);
}

static const struct kl_option reason_options[] = {
	{"reason", "TEXT", "as everybody will read it"},
	DRY_RUN,
	{NULL},
};

#define CHANGE(verb, does)                                                                         \
	const struct kl_command kl_verb_network_##verb = {                                         \
		.words = "network " #verb,                                                         \
		.operands = "MEMBER",                                                              \
		.example = "keeplocal network " #verb " Bradford --reason \"asked for it\"",       \
		.help = does,                                                                      \
		.options = reason_options,                                                         \
		.operands_min = 1,                                                                 \
		.operands_max = 1,                                                                 \
		.run = run_change,                                                                 \
	}

CHANGE(suspend, "keep a member out for a while; admit brings it back");
CHANGE(retire, "a member has left in good order; what it said in public stays");
CHANGE(remove, "a member is excluded, and its links are cut");
