/* similar: who is most like this member, or like a council, and why. */
#include "client/draw.h"
#include "core/profile.h"

#include <inttypes.h>
#include <string.h>

/* ---- drawing --------------------------------------------------------------------------------- */

/* The plain name of a type of council, or "". */
static const char *type_name(const struct kl_value *who)
{
	char text[64];

	kl_cli_text(who, "type", "", text, sizeof text);
	for (const struct kl_slug *type = kl_council_types; type->slug; type++)
		if (!strcmp(type->slug, text))
			return type->name;
	return "";
}

/* What is peculiar to one: that it is no member, and its type where types are mixed. */
static void draw_remarks(FILE *out, const struct kl_value *one, bool types)
{
	bool member = kl_draw_flag(one, "is_member");
	const char *type = types ? type_name(one) : "";

	if (type[0] || !member)
		fprintf(out, " (%s%s%s)", type, type[0] && !member ? ", " : "",
			member ? "" : "no member");
}

/* "lesson TITLE [ID]" for each, and how many more there are. */
static void draw_lessons(FILE *out, const struct kl_value *one)
{
	struct kl_cursor cursor = kl_draw_items(one, "lessons");
	uint64_t shown = kl_draw_count(one, "lessons"), total = kl_draw_uint(one, "lessons_total");
	struct kl_value lesson;

	while (kl_cursor_next(&cursor, &lesson)) {
		char title[KL_DRAW_TEXT_MAX], id[64];

		fprintf(out, "      lesson ");
		kl_draw_plain(out, kl_cli_text(&lesson, "title", "?", title, sizeof title), 13);
		fprintf(out, " [%s]\n", kl_cli_text(&lesson, "id", "?", id, sizeof id));
	}
	if (total > shown)
		fprintf(out, "             and %" PRIu64 " more\n", total - shown);
}

static void draw_policy(FILE *out, const struct kl_value *one)
{
	char title[KL_DRAW_TEXT_MAX], class[64];
	struct kl_value policy;

	if (kl_get_map(one, "policy", &policy))
		return;
	fprintf(out, "      policy %s", kl_cli_text(&policy, "class", "?", class, sizeof class));
	if (kl_cli_text(&policy, "title", "", title, sizeof title)[0]) {
		fputs(": ", out);
		kl_draw_plain(out, title, 13);
	}
	fputc('\n', out);
}

static void draw_one(FILE *out, const struct kl_value *one, bool types, uint64_t features)
{
	char name[KL_DRAW_TEXT_MAX];
	double distance = 0;
	uint64_t over = kl_draw_uint(one, "features");

	(void)kl_get_double(one, "distance", &distance);
	fprintf(out, "\n%.2f  %s", distance, kl_cli_text(one, "name", "?", name, sizeof name));
	draw_remarks(out, one, types);
	fputc('\n', out);
	kl_draw_texts(out, "      alike  ", one, "together");
	kl_draw_texts(out, "      apart  ", one, "apart");
	if (kl_draw_count(one, "missing")) {
		fprintf(out, "      over %" PRIu64 " of %" PRIu64 " things", over, features);
		kl_draw_joined(out, "; not known of it", one, "missing", "\n");
	}
	kl_draw_texts(out, "      note   ", one, "differ");
	draw_policy(out, one);
	draw_lessons(out, one);
}

static const char *whom(const struct kl_value *answer, bool councils)
{
	if (kl_draw_flag(answer, "members"))
		return councils ? "member councils" : "member anchors";
	return councils ? "councils" : "community anchors";
}

static void draw_head(FILE *out, const struct kl_value *answer, const struct kl_value *of)
{
	char name[KL_DRAW_TEXT_MAX], kind[16];
	bool councils = !strcmp(kl_cli_text(of, "kind", "", kind, sizeof kind), "council");
	uint64_t compared = kl_draw_uint(answer, "compared"),
		 unknown = kl_draw_uint(answer, "unknown");
	const char *type = kl_draw_flag(answer, "all_types") ? "" : type_name(of);

	fprintf(out, "Most like %s,\nof %" PRIu64 " %s",
		kl_cli_text(of, "name", "?", name, sizeof name), compared, whom(answer, councils));
	if (councils && type[0])
		fprintf(out, " of its type (%s)", type);
	fputs(".\n", out);
	kl_draw_joined(out, "The name fits others in part", answer, "also", ".\n");
	if (unknown)
		fprintf(out, "Not compared: %" PRIu64 " of whom too little is known.\n", unknown);
	kl_draw_joined(out, "Not known of it, and so not compared", of, "missing", ".\n");
	kl_draw_texts(out, "Note: ", of, "differ");
}

static void draw_foot(FILE *out, const struct kl_value *answer, const struct kl_value *of)
{
	char kind[16];
	bool councils = !strcmp(kl_cli_text(of, "kind", "", kind, sizeof kind), "council");

	if (!kl_draw_count(answer, "similar")) {
		fputs(councils ? "\nNobody to compare with. --all-types compares councils of all "
				 "types; a table of councils "
				 "brings those that are no members: keeplocal reference import "
				 "FILE\n"
			       : "\nNobody to compare with: other anchors have to tell more of "
				 "themselves first.\n",
			out);
		return;
	}
	fputs("\n0 is the same, 1 the farthest that is shown. ", out);
	fputs(councils ? "Distances are Euclid's over z-scores, as in CIPFA's\n"
			 "Nearest Neighbours; what is compared is our choice, since CIPFA's "
			 "variables are not public.\n"
		       : "Distances are Gower's; what is compared is our\nchoice.\n",
		out);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "similar");
	struct kl_value of, one;

	if (kl_get_map(answer, "of", &of))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the daemon's answer has no \"of\"");
	draw_head(cli->out, answer, &of);
	while (kl_cursor_next(&cursor, &one))
		draw_one(cli->out, &one, kl_draw_flag(answer, "all_types"),
			kl_draw_uint(answer, "features"));
	draw_foot(cli->out, answer, &of);
	return KL_OK;
}

/* ---- asking ---------------------------------------------------------------------------------- */

static int ask(struct kl_cli *cli, struct kl_value *ret_answer)
{
	struct kl_pack pack;
	uint64_t n = 0;
	bool given = false;
	int rc = kl_args_uint(&cli->args, "n", UINT32_MAX, &cli->fault, &given, &n);

	if (rc)
		return rc;
	kl_pack_init(&pack);
	if (cli->args.operand_count)
		kl_pack_text(&pack, "member", cli->args.operands[0]);
	if (given)
		kl_pack_int(&pack, "n", (int64_t)n);
	kl_pack_bool(&pack, "all_types", kl_args_flag(&cli->args, "all-types"));
	kl_pack_bool(&pack, "members", kl_args_flag(&cli->args, "members"));
	kl_pack_bool(&pack, "lessons", kl_args_flag(&cli->args, "lessons"));
	kl_pack_bool(&pack, "policies", kl_args_flag(&cli->args, "policies"));
	rc = kl_cli_ask(cli, "similar", &pack, ret_answer);
	kl_pack_deinit(&pack);
	return rc;
}

/* Scripts get the list alone. */
static int run(struct kl_cli *cli)
{
	struct kl_value answer, list;
	int rc = ask(cli, &answer);

	if (!rc && kl_get_array(&answer, "similar", &list))
		rc = kl_fault(&cli->fault, KL_E_MALFORMED, "the daemon's answer has no list");
	if (rc)
		return rc;
	rc = kl_cli_put(cli, &list);
	if (rc)
		return rc < 0 ? rc : KL_OK;
	return draw(cli, &answer);
}

static const struct kl_option options[] = {
	{"n", "N", "how many are shown, up to 100 (30 with lessons or policies); 15 if not said"},
	{"all-types", NULL, "councils of all types, not only of the same one"},
	{"members", NULL, "only members, no councils of the reference table"},
	{"lessons", NULL, "the newest lessons of each beside it"},
	{"policies", NULL, "the social value policy of each beside it, with its class"},
	{NULL},
};

const struct kl_command kl_verb_similar = {
	.words = "similar",
	.operands = "[MEMBER|COUNCIL]",
	.example = "keeplocal similar --n 5",
	.help = "who is most like this member (or another, or any council), and why",
	.more = "Compared is what members publish of themselves and what the table of councils "
		"says of them (keeplocal reference import FILE); of councils in it the table "
		"counts, so that all figures are of one year. Half of what there is to compare "
		"must be known of both: six things of councils, ten of community anchors. A "
		"council may be named by its code, or by the name that the table has for it; a "
		"whole name comes before a part of one.",
	.options = options,
	.operands_max = 1,
	.tables = true,
	.run = run,
};
