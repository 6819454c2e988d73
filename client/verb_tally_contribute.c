#include "client/confirm.h"
#include "client/draw.h"

#include <inttypes.h>

static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	kl_deed_tally(cli, pack, preview);
	kl_pack_list(pack, "metrics", kl_args_option(&cli->args, "metrics"));
}

/* Rows of texts under these keys; nothing if there are none. */
static int draw_rows(struct kl_cli *cli, const struct kl_value *answer, const char *key,
	const char *title, const char *columns, const char *const *keys)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	struct kl_table table;
	int rc;

	if (kl_get_array(answer, key, &list) || !list.count)
		return KL_OK;
	fprintf(cli->out, "\n%s\n", title);
	kl_table_init(&table, columns);
	cursor = kl_cursor(&list);
	while (kl_cursor_next(&cursor, &item))
		for (const char *const *k = keys; *k; k++)
			kl_draw_cell(&table, &item, *k, "");
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

/* Names of metrics that this member has answered in public. */
static void draw_public(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "metrics");
	struct kl_value metric;
	bool any = false;
	char name[128];

	while (kl_cursor_next(&cursor, &metric)) {
		if (!kl_draw_flag(&metric, "public"))
			continue;
		if (!any)
			fputs("\nPublic under your name already, so that nothing hides it and you "
			      "hide "
			      "nobody:\n",
				cli->out);
		any = true;
		fprintf(cli->out, "  %s\n", kl_cli_text(&metric, "name", "?", name, sizeof name));
	}
}

/* What there is to know of somebody who sits. */
static void draw_seat(struct kl_cli *cli, const struct kl_value *seat, bool all_new)
{
	char member[256], veto[256], group[128];

	fprintf(cli->out, "  %s%s", kl_cli_text(seat, "member", "?", member, sizeof member),
		kl_draw_flag(seat, "own") ? " (you)" : "");
	if (kl_draw_flag(seat, "new_member"))
		fputs("; new on the roster", cli->out);
	else if (kl_draw_flag(seat, "newly_seated") && !all_new)
		fputs("; newly seated", cli->out);
	if (kl_cli_text(seat, "control_group", "", group, sizeof group)[0]) {
		fprintf(cli->out, "; of the control group %s", group);
		kl_draw_joined(cli->out, ", to which also belong", seat, "group_members", "");
	}
	if (kl_cli_text(seat, "veto", "", veto, sizeof veto)[0])
		fprintf(cli->out, "  <-- your veto list refuses it (veto = %s)", veto);
	fputc('\n', cli->out);
}

static bool all_newly_seated(const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "committee");
	struct kl_value seat;

	while (kl_cursor_next(&cursor, &seat))
		if (!kl_draw_flag(&seat, "newly_seated"))
			return false;
	return true;
}

static void draw_committee(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "committee");
	const bool all_new = all_newly_seated(answer);
	struct kl_value seat;

	fprintf(cli->out,
		"\nIn shares, one for each of the committee, of which any %" PRIu64
		" make it whole:\n",
		kl_draw_uint(answer, "readers"));
	while (kl_cursor_next(&cursor, &seat))
		draw_seat(cli, &seat, all_new);
	if (all_new)
		fputs("None of them has sat before.\n", cli->out);
	if (kl_draw_flag(answer, "vetoed"))
		fputs("\nNothing leaves while somebody sits whom you refuse: decline (keeplocal "
		      "tally "
		      "decline), or take\nthe name off the list (keeplocal tally veto says where "
		      "it "
		      "stands).\n",
			cli->out);
}

static void draw_texts(
	struct kl_cli *cli, const struct kl_value *answer, const char *key, const char *title)
{
	if (!kl_draw_count(answer, key))
		return;
	fprintf(cli->out, "\n%s\n", title);
	kl_draw_wrapped_texts(cli->out, "  - ", answer, key);
}

static void draw_false(
	struct kl_cli *cli, const struct kl_value *answer, const char *key, const char *title)
{
	struct kl_cursor cursor = kl_draw_items(answer, key);
	struct kl_value item;

	if (kl_draw_count(answer, key))
		fprintf(cli->out, "\n%s\n", title);
	while (kl_cursor_next(&cursor, &item)) {
		char member[256], tally[80];

		fprintf(cli->out, "  - %s (seat %" PRIu64 " of tally %.16s)%s\n",
			kl_cli_text(&item, "member", "?", member, sizeof member),
			kl_draw_uint(&item, "seat"),
			kl_cli_text(&item, "tally", "?", tally, sizeof tally),
			kl_draw_flag(&item, "sits") ? "; it sits on this one" : "");
	}
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const leaves[] = {"name", "shown", "bin", NULL};
	static const char *const stays[] = {"metric", "why", NULL};
	char tally[80], period[32], until[64];
	int rc;

	fprintf(cli->out, "Tally %.16s for %s; you may answer until %s\n",
		kl_cli_text(answer, "tally", "?", tally, sizeof tally),
		kl_cli_text(answer, "period", "?", period, sizeof period),
		kl_cli_text(answer, "until_words", "?", until, sizeof until));
	rc = draw_rows(cli, answer, "metrics",
		"This leaves your machine:", "<metric >your_value <what_is_counted", leaves);
	if (rc)
		return rc;
	draw_public(cli, answer);
	draw_committee(cli, answer);
	rc = draw_rows(cli, answer, "left_out", "This stays:", "<metric <why", stays);
	if (rc)
		return rc;
	draw_texts(cli, answer, "new_members", "New on the roster since the tally before:");
	draw_texts(cli, answer, "passed_over",
		"These offer a seat, but the convenor's call did not let them be drawn:");
	draw_texts(cli, answer, "wrongly_counted",
		"These have published something that is asked for, but the call counts them "
		"towards the\nminimum all the same; there is less to hide you than it says:");
	draw_false(cli, answer, "barred",
		"Kept off this committee, since they were proven false on an earlier one:");
	draw_false(cli, answer, "not_barred",
		"Proven false on an earlier committee, as your machine knows, yet this call does "
		"not keep "
		"them off:");
	draw_texts(cli, answer, "stray_vetoes",
		"These names on your veto list fit no member, and so refuse nobody:");
	draw_texts(cli, answer, "learn", "What they could learn:");
	draw_texts(cli, answer, "risks", "You should know:");
	return KL_OK;
}

/* With a vetoed seat nothing can be agreed to: nobody is asked. */
static int check(struct kl_cli *cli, const struct kl_value *preview)
{
	if (!kl_draw_flag(preview, "vetoed"))
		return KL_OK;
	return kl_fault(&cli->fault, KL_E_DENIED,
		"somebody on your veto list sits on the committee: nothing has left");
}

/* Whether anything is still waited for before the shares leave. */
static bool all_seats_are_taken(const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "committee");
	struct kl_value seat;

	while (kl_cursor_next(&cursor, &seat))
		if (!kl_draw_flag(&seat, "accepted"))
			return false;
	return true;
}

static void tell(struct kl_cli *cli, const struct kl_value *answer)
{
	char late[256];

	fprintf(cli->out, "\nAgreed. The shares leave %s: keep the daemon running.\n",
		all_seats_are_taken(answer) ? "now" : "once the committee has taken its seats");
	if (kl_cli_text(answer, "late", "", late, sizeof late)[0])
		fprintf(cli->out, "But %s.\n", late);
}

static int run(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "tally contribute",
		.fill = fill,
		.draw = draw,
		.check = check,
		.question = "Contribute this?",
		.tell = tell};

	return kl_confirm_deed(cli, &deed);
}

static const struct kl_option options[] = {
	{"metrics", "A,B,..", "only these metrics"},
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_tally_contribute = {
	.words = "tally contribute",
	.operands = "[TALLY]",
	.example = "keeplocal tally contribute --dry-run",
	.help = "be counted: shows what leaves and to whom, then asks once",
	.more = "TALLY is the beginning of its id, or its period; without it, the one that waits.",
	.options = options,
	.operands_max = 1,
	.run = run,
};
