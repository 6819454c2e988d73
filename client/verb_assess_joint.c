/* assess joint, assess forget: the own assessment beside those that others have passed on. */
#include "client/draw.h"
#include "client/draw_assessment.h"
#include "client/part_feed.h"
#include "client/request.h"
#include "client/shared_file.h"
#include "protocol/assess_rows.h"

#include <inttypes.h>
#include <string.h>

/* ---- sending the files ----------------------------------------------------------------------- */

/* All files, read and checked for their form before anything goes up. */
struct pieces {
	struct kl_writer files[KL_TABLE_COLUMNS_MAX];
	size_t count, at, offset;
};

static int next_piece(void *data, struct kl_writer *row, struct kl_fault *fault)
{
	struct pieces *p = data;
	struct kl_bytes bytes;
	size_t left;

	if (p->at == p->count)
		return 0;
	if (kl_writer_bytes(&p->files[p->at], &bytes))
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	left = bytes.len - p->offset;
	bytes = kl_bytes(bytes.data + p->offset, left < KL_PIECE_MAX ? left : KL_PIECE_MAX);
	kl_file_piece_encode(row, &(struct kl_file_piece){(uint32_t)p->at, bytes});
	p->offset += bytes.len;
	if (bytes.len == left) {
		p->at++;
		p->offset = 0;
	}
	return 1;
}

static int next_part(void *data, struct kl_writer *rows, struct kl_fault *fault)
{
	return kl_part_feed_next(data, rows, fault);
}

static int read_files(struct kl_cli *cli, struct pieces *p)
{
	const struct kl_args *args = &cli->args;
	int rc = KL_OK;

	for (; p->count < args->operand_count && !rc; p->count++) {
		kl_writer_init(&p->files[p->count]);
		rc = kl_shared_file_read(
			args->operands[p->count], &p->files[p->count], &cli->fault);
	}
	return rc;
}

static void name_files(const struct kl_cli *cli, struct kl_pack *pack)
{
	struct kl_writer *w = kl_pack_value(pack, "files");

	kl_write_array(w, cli->args.operand_count);
	for (size_t i = 0; i < cli->args.operand_count; i++) {
		const char *slash = strrchr(cli->args.operands[i], '/');
		char name[120];

		(void)kl_copy_text(name, sizeof name, slash ? slash + 1 : cli->args.operands[i]);
		kl_text_make_plain(name, false);
		kl_write_text(w, name);
	}
}

/* ---- drawing ------------------------------------------------------------------------------- */

/* What one should know before believing what a file says. */
static void draw_remarks(FILE *out, const struct kl_value *m)
{
	char verified[16], calls[128], name[128];

	if (!strcmp(kl_cli_text(m, "verified", "", verified, sizeof verified), "signature"))
		fprintf(out,
			"      unchanged since it was signed, but by nobody on your network's "
			"roster: ask them\n      whether their member id begins with %.13s\n",
			kl_cli_text(m, "member", "?", name, sizeof name));
	kl_cli_text(m, "name", "?", name, sizeof name);
	kl_cli_text(m, "calls_itself", name, calls, sizeof calls);
	if (strcmp(name, calls) != 0)
		fprintf(out, "      calls itself %s\n", calls);
	if (!kl_draw_flag(m, "for_us")) {
		fputs("      not made for you: ", out);
		kl_draw_joined(out, "it is for", m, "for", "\n");
	}
	if (!kl_draw_flag(m, "words"))
		fputs("      without own words\n", out);
}

static void draw_member(FILE *out, const struct kl_value *m, char letter)
{
	char name[128], period[32], place[128], date[16];

	fprintf(out, "  %c  %s: %s", letter, kl_cli_text(m, "name", "?", name, sizeof name),
		kl_cli_text(m, "period", "?", period, sizeof period));
	if (kl_cli_text(m, "place", "", place, sizeof place)[0])
		fprintf(out, ", %s", place);
	fprintf(out, ", revision %" PRIu64 ", %" PRIu64 " assessor%s", kl_draw_uint(m, "revision"),
		kl_draw_uint(m, "assessors"), kl_draw_uint(m, "assessors") == 1 ? "" : "s");
	if (kl_draw_flag(m, "own"))
		fputs(" (you)\n", out);
	else
		fprintf(out, ", signed %s\n", kl_cli_text(m, "date", "?", date, sizeof date));
	draw_remarks(out, m);
}

/* True if the members speak of different periods or places. */
static bool mixed(const struct kl_value *answer, const char *key)
{
	struct kl_cursor cursor = kl_draw_items(answer, "members");
	char first[128] = "", text[128];
	struct kl_value m;

	for (bool begun = false; kl_cursor_next(&cursor, &m); begun = true) {
		kl_cli_text(&m, key, "", text, sizeof text);
		if (begun && strcmp(first, text) != 0)
			return true;
		memcpy(first, text, sizeof first);
	}
	return false;
}

static void draw_members(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "members");
	struct kl_value m;
	char letter = 'A';

	while (kl_cursor_next(&cursor, &m))
		draw_member(out, &m, letter++);
	if (!kl_draw_flag(answer, "own"))
		fputs("  You have assessed nothing yet: keeplocal assess record begins.\n", out);
	if (mixed(answer, "period"))
		fputs("  Bear in mind: they are not of the same period.\n", out);
	if (mixed(answer, "place"))
		fputs("  Bear in mind: they are not of the same place.\n", out);
}

static const char *view_in_words(const struct kl_value *s)
{
	static const char *const words[][2] = {{"agree", "they agree"}, {"differ", "they differ"},
		{"one", "only one has scored it"}, {"nobody", "nobody has scored it"}};
	char view[16];

	kl_cli_text(s, "view", "", view, sizeof view);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(view, words[i][0]))
			return words[i][1];
	return "";
}

static int draw_scores(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "subjects"), scores;
	size_t members = kl_draw_count(answer, "members");
	char columns[8 * KL_TABLE_COLUMNS_MAX] = "< <subject";
	struct kl_table table;
	struct kl_value s, score;
	int rc;

	for (size_t i = 0; i < members; i++)
		(void)snprintf(columns + strlen(columns), sizeof columns - strlen(columns), " <%c",
			(char)('A' + i));
	(void)snprintf(columns + strlen(columns), sizeof columns - strlen(columns), " <");
	kl_table_init(&table, columns);
	while (kl_cursor_next(&cursor, &s)) {
		kl_draw_cell(&table, &s, "subject", "?");
		kl_draw_cell(&table, &s, "name", "?");
		scores = kl_draw_items(&s, "scores");
		while (kl_cursor_next(&scores, &score))
			kl_draw_median_cell(&table, &score);
		kl_table_cell(&table, "%s", view_in_words(&s));
	}
	rc = kl_table_print(&table, out);
	kl_table_deinit(&table);
	return rc;
}

static void draw_said(FILE *out, const struct kl_value *talk)
{
	struct kl_cursor cursor = kl_draw_items(talk, "said");
	struct kl_value said;
	char name[128];

	while (kl_cursor_next(&cursor, &said)) {
		fprintf(out, "      %s\n", kl_cli_text(&said, "name", "?", name, sizeof name));
		kl_draw_line(out, 8, "strengths", &said, "strengths");
		kl_draw_line(out, 8, "gaps", &said, "gaps");
		kl_draw_line(out, 8, "next", &said, "action");
	}
}

static void draw_talk(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "talk_about");
	char name[128], low[128], high[128], number[KL_DRAW_NUMBER_MAX];
	struct kl_value talk;
	unsigned place = 1;

	if (!kl_draw_count(answer, "talk_about")) {
		fputs("\nWherever more than one has scored, the medians lie less than a point "
		      "apart.\n",
			out);
		return;
	}
	fputs("\nTalk first about what they see most differently (the order is ours: medians a "
	      "point or\nmore apart, the farthest first):\n",
		out);
	while (kl_cursor_next(&cursor, &talk)) {
		fprintf(out, "\n  %u. %s: %s apart, %s lowest, %s highest\n", place++,
			kl_cli_text(&talk, "name", "?", name, sizeof name),
			kl_draw_number(&talk, "distance", "?", number),
			kl_cli_text(&talk, "lowest", "?", low, sizeof low),
			kl_cli_text(&talk, "highest", "?", high, sizeof high));
		draw_said(out, &talk);
	}
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	int rc;

	fputs("Side by side, by name; nothing is pooled\n\n", cli->out);
	draw_members(cli->out, answer);
	fputs("\n", cli->out);
	rc = draw_scores(cli->out, answer);
	if (rc)
		return rc;
	draw_talk(cli->out, answer);
	if (kl_draw_flag(answer, "kept"))
		fputs("\nKept here until: keeplocal assess forget NAME\n", cli->out);
	else
		fputs("\nNothing of the files was kept (--keep does).\n", cli->out);
	return KL_OK;
}

/* ---- commands ------------------------------------------------------------------------------ */

static int ask(struct kl_cli *cli, struct pieces *p)
{
	struct kl_part_feed feed;
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	kl_part_feed_init(&feed, next_piece, p);
	kl_pack_init(&pack);
	kl_request_options(cli, &pack);
	name_files(cli, &pack);
	rc = kl_cli_upload(cli, "assess joint", &pack, next_part, &feed, 0, "assessments", &answer);
	if (!rc)
		rc = kl_cli_give(cli, &answer, draw);
	kl_pack_deinit(&pack);
	kl_part_feed_deinit(&feed);
	return rc;
}

static int run_joint(struct kl_cli *cli)
{
	struct pieces pieces = {.count = 0};
	int rc = read_files(cli, &pieces);

	if (!rc)
		rc = ask(cli, &pieces);
	while (pieces.count)
		kl_writer_deinit(&pieces.files[--pieces.count]);
	return rc;
}

static const struct kl_option joint_options[] = {
	{"period", "YEAR", "of yours, and of what was kept; without it, the one of the files"},
	{"place", "PLACE", "a part of the area: of yours, and of what was kept"},
	{"keep", NULL, "keep what the others have passed on, to show it again without the files"},
	{NULL},
};

const struct kl_command kl_verb_assess_joint = {
	.words = "assess joint",
	.operands = "[FILE]...",
	.example = "keeplocal assess joint council.json example-trust.json",
	.help = "your assessment beside those that others have passed on to you",
	.more = "Each member's median stands beside the others', with its spread: where they "
		"agree, "
		"and\n"
		"what to talk about first. Files come from 'assess export' of the others; without "
		"any,\n"
		"those are shown that were kept.",
	.options = joint_options,
	.operands_max = KL_TABLE_COLUMNS_MAX - 4,
	.tables = true,
	.run = run_joint,
};

static int draw_forget(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[128];

	fprintf(cli->out, "What %s had passed on is no longer kept here.\n",
		kl_cli_text(answer, "name", "?", name, sizeof name));
	return KL_OK;
}

static int run_forget(struct kl_cli *cli)
{
	static const char *const keys[] = {"member", NULL};

	return kl_request_show(cli, "assess forget", keys, draw_forget);
}

const struct kl_command kl_verb_assess_forget = {
	.words = "assess forget",
	.operands = "NAME",
	.example = "keeplocal assess forget \"Example Trust\"",
	.help = "delete what a member has passed on and was kept",
	.operands_min = 1,
	.operands_max = 1,
	.run = run_forget,
};
