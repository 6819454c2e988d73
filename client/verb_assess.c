/* assess record, assess show: the framework assessment, by several assessors. */
#include "client/draw.h"
#include "client/draw_assessment.h"
#include "client/request.h"
#include "core/catalogue.h"

#include <string.h>

/* ---- drawing ------------------------------------------------------------------------------- */

static const char *joined(
	const struct kl_value *map, const char *key, const char *none, char *out, size_t size)
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	struct kl_value item;
	char text[64];
	size_t len = 0;

	(void)kl_copy_text(out, size, none);
	while (kl_cursor_next(&cursor, &item) && len < size) {
		if (kl_value_text(&item, text, sizeof text))
			continue;
		(void)snprintf(out + len, size - len, "%s%s", len ? ", " : "", text);
		len = strlen(out);
	}
	return out;
}

static void draw_answer(FILE *out, const struct kl_value *a)
{
	char name[128], score[KL_DRAW_NUMBER_MAX], follows[KL_DRAW_NUMBER_MAX], on[128];
	unsigned statements, answered = kl_draw_answered(a, &statements);

	fprintf(out, "    %s: %s", kl_cli_text(a, "assessor", "?", name, sizeof name),
		kl_draw_number(a, "score", "no score", score));
	kl_draw_number(a, "follows", "", follows);
	if (follows[0] && strcmp(follows, score) != 0)
		fprintf(out, " (%s follows from the statements)", follows);
	if (!kl_draw_number(a, "score", "", score)[0] && answered)
		fprintf(out,
			", since %u of %u statements are answered and half are needed (our rule)",
			answered, statements);
	fprintf(out, ", rests on %s\n", joined(a, "rests_on", "nothing", on, sizeof on));
	kl_draw_line(out, 6, "note", a, "note");
}

/* True if there is anything beneath the score of a subject. */
static bool has_more(const struct kl_value *s)
{
	static const char *const keys[] = {"strengths", "gaps", "opportunities", "private",
		"public", "social", "action", "owner", "due"};
	char text[KL_DRAW_TEXT_MAX];

	if (kl_draw_count(s, "answers") || kl_draw_count(s, "evidence"))
		return true;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!kl_get_text(s, keys[i], text, sizeof text))
			return true;
	return false;
}

static void draw_subject(FILE *out, const struct kl_value *s)
{
	struct kl_cursor cursor = kl_draw_items(s, "answers");
	struct kl_value a;
	char name[128];

	if (!has_more(s))
		return;
	fprintf(out, "\n  %s\n", kl_cli_text(s, "name", "?", name, sizeof name));
	while (kl_cursor_next(&cursor, &a))
		draw_answer(out, &a);
	kl_draw_line(out, 4, "strengths", s, "strengths");
	kl_draw_line(out, 4, "gaps", s, "gaps");
	kl_draw_line(out, 4, "opportunities", s, "opportunities");
	kl_draw_line(out, 4, "private sector", s, "private");
	kl_draw_line(out, 4, "public sector", s, "public");
	kl_draw_line(out, 4, "social sector", s, "social");
	kl_draw_texts(out, "    evidence: ", s, "evidence");
	kl_draw_line(out, 4, "next", s, "action");
	kl_draw_line(out, 6, "by", s, "owner");
	kl_draw_line(out, 6, "until", s, "due");
}

static void draw_pairs(FILE *out, const struct kl_value *answer, const char *key, const char *title)
{
	struct kl_cursor cursor = kl_draw_items(answer, key);
	struct kl_value item;
	char name[128];

	while (kl_cursor_next(&cursor, &item)) {
		fprintf(out, "\n  %s\n", kl_cli_text(&item, title, "?", name, sizeof name));
		kl_draw_line(out, 4, "note", &item, "note");
	}
}

static int draw_show(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "subjects");
	struct kl_value s;
	int rc;

	rc = kl_draw_assessment_scores(cli, answer);
	if (rc)
		return rc;
	while (kl_cursor_next(&cursor, &s))
		draw_subject(cli->out, &s);
	draw_pairs(cli->out, answer, "principles", "principle");
	draw_pairs(cli->out, answer, "strategies", "title");
	return KL_OK;
}

/* ---- record -------------------------------------------------------------------------------- */

static int run_record(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_request_options(cli, &pack);
	kl_request_operands(cli, &pack, "score", 0);
	rc = kl_cli_show(cli, "assess record", &pack, kl_draw_assessment);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option record_options[] = {
	{"period", "YEAR", "the year that is assessed"},
	{"assessor", "NAME", "who assesses: a department, a board, a group of residents"},
	{"place", "PLACE", "a part of the area; without it the whole area is meant"},
	{"note", "C1=TEXT", "why this assessor scores so", true},
	{"strength", "C1=TEXT", "what is strong", true},
	{"gap", "C1=TEXT", "what is missing", true},
	{"opportunity", "C1=TEXT", "what could become of it", true},
	{"evidence", "C1=TEXT", "an observation, or anything one can look up", true},
	{"private", "C1=TEXT", "a note for the private sector", true},
	{"public", "C1=TEXT", "a note for the public sector", true},
	{"social", "C1=TEXT", "a note for the social sector", true},
	{"action", "C1=TEXT", "what happens next", true},
	{"owner", "C1=NAME", "who sees to it", true},
	{"due", "C1=31/03/2027", "until when: the day first, or 2027-03-31", true},
	{"principle", "NAME=TEXT", "how one of the four principles is kept", true},
	{"strategy", "TITLE=TEXT", "how an existing strategy stands against the framework", true},
	{NULL},
};

const struct kl_command kl_verb_assess_record = {
	.words = "assess record",
	.operands = "[C1=2 C1.3=4 leadership=3]...",
	.example = "keeplocal assess record --period 2026 --assessor finance C1=2 C2=3 "
		   "--note C1=\"two thirds of spending leaves\"",
	.help = "score characteristics, their statements, and the council's practice",
	.more = "0 absent, 1 starting, 2 partial, 3 established, 4 leading: this scale is ours, "
		"the "
		"report has\n"
		"none. A statement is C1.3; once half of a characteristic's statements are "
		"answered, its "
		"score\n"
		"follows from them unless it is given. \"none\" takes a score back. What stands "
		"there "
		"already stays,\n"
		"and every record makes a new revision: none is overwritten.",
	.options = record_options,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run_record,
};

/* ---- show ---------------------------------------------------------------------------------- */

static int run_show(struct kl_cli *cli)
{
	return kl_request_show(cli, "assess show", NULL, draw_show);
}

static const struct kl_option show_options[] = {
	{"period", "YEAR", "the latest, if not given"},
	{"place", "PLACE", "a part of the area"},
	{"revision", "N", "as it stood then; assess history lists them"},
	{NULL},
};

const struct kl_command kl_verb_assess_show = {
	.words = "assess show",
	.example = "keeplocal assess show --period 2026",
	.help = "medians and spread, what each score rests on, and where assessors disagree",
	.options = show_options,
	.tables = true,
	.run = run_show,
};
