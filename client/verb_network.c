/* network create, ticket, admit, suspend, retire, remove: what a convenor does. */
#include "client/draw.h"
#include "client/draw_profile.h"
#include "client/request.h"
#include "core/form.h"
#include "core/profile.h"

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
	char ticket[4096], network[80], convenor[80];

	fprintf(cli->out,
		"Network id %s, convenor id %s:\n"
		"keeplocal status shows the same to whoever has joined.\n"
		"Members type keeplocal join and then this:\n%s\n",
		kl_cli_text(answer, "network_short", "?", network, sizeof network),
		kl_cli_text(answer, "convenor_short", "?", convenor, sizeof convenor),
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

/* "type, region, rural urban". */
static void draw_field_names(struct kl_cli *cli, const struct kl_value *answer, const char *key)
{
	struct kl_cursor cursor = kl_draw_items(answer, key);
	struct kl_value item;
	const char *sep = "";

	while (kl_cursor_next(&cursor, &item)) {
		char name[64];

		if (kl_value_text(&item, name, sizeof name))
			continue;
		for (char *c = name; *c; c++)
			*c = *c == '_' ? ' ' : *c;
		fprintf(cli->out, "%s%s", sep, name);
		sep = ", ";
	}
	fputc('\n', cli->out);
}

/* What was confirmed from the table of councils, or could be. */
static void draw_from_table(struct kl_cli *cli, const struct kl_value *answer)
{
	char council[256], name[256];

	kl_cli_text(answer, "council", "?", council, sizeof council);
	if (kl_draw_count(answer, "filled"))
		fprintf(cli->out, "What you did not say is from your table of councils: %s.\n",
			council);
	if (!kl_draw_count(answer, "fillable"))
		return;
	fprintf(cli->out, "\nYour table of councils knows more of %s:\n  ", council);
	draw_field_names(cli, answer, "fillable");
	if (kl_draw_flag(answer, "published"))
		fprintf(cli->out,
			"  it counts for cohorts once you confirm it: keeplocal network admit "
			"\"%s\" "
			"--fill\n",
			kl_cli_text(answer, "admitted", "?", name, sizeof name));
	else
		fputs("  with --fill it is confirmed, too\n", cli->out);
}

static int draw_admit(struct kl_cli *cli, const struct kl_value *answer)
{
	static const struct {
		const char *key, *label;
		const struct kl_slug *words;
	} fields[] = {{"type", "Type", kl_council_types}, {"gss", "GSS code", NULL},
		{"region", "Region", kl_regions},
		{"rural_urban", "Rural or urban", kl_rural_urban_classes},
		{"income_band", "Income band", kl_income_bands},
		{"control_group", "Control group", NULL}};
	char name[256], kind[32];
	bool dry = kl_draw_unpublished(cli->out, answer);
	bool shown = dry || kl_draw_count(answer, "filled");

	fprintf(cli->out, "%s %s admitted (%s).\n",
		kl_cli_text(answer, "admitted", "?", name, sizeof name), dry ? "would be" : "is",
		kl_cli_text(answer, "kind", "?", kind, sizeof kind));
	for (size_t i = 0; shown && i < sizeof fields / sizeof *fields; i++) {
		char text[256];

		kl_cli_text(answer, fields[i].key, "", text, sizeof text);
		if (text[0])
			fprintf(cli->out, "  %s: %s\n", fields[i].label,
				fields[i].words ? kl_slug_name(fields[i].words, text) : text);
	}
	if (shown && kl_draw_uint(answer, "deprivation_quintile"))
		fprintf(cli->out, "  Deprivation quintile: %u\n",
			(unsigned)kl_draw_uint(answer, "deprivation_quintile"));
	draw_from_table(cli, answer);
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
	{"fill", NULL, "confirm what your table of councils says of its area, too"},
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
		"--fill takes what you do not name from your table of councils (reference "
		"import):\n"
		"a council's type, and region, deprivation quintile and class of the area. "
		"Without\n"
		"it nothing is confirmed that you did not type.\n"
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
