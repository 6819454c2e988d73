/* inbox: answers to oneself, and what others wrote on what one follows. */
#include "client/draw.h"
#include "client/request.h"

#include <inttypes.h>
#include <string.h>

static void draw_topics(FILE *out, const struct kl_value *item)
{
	kl_draw_joined(out, "  topics", item, "topics", "\n");
}

/* One line of who, when and where to read it; then the text. */
static void draw_item(FILE *out, const struct kl_value *item)
{
	char title[KL_DRAW_TEXT_MAX], member[256], why[64], kind[32], id[80], day[32];
	char excerpt[KL_DRAW_TEXT_MAX];

	fprintf(out, "\n%s\n",
		kl_cli_text(item, "title", "(not here any more)", title, sizeof title));
	fprintf(out, "  %s of %s, %s [%s]: %s\n",
		kl_cli_text(item, "kind", "post", kind, sizeof kind),
		kl_cli_text(item, "member", "?", member, sizeof member),
		kl_cli_text(item, "published", "?", day, sizeof day),
		kl_cli_text(item, "id", "", id, sizeof id),
		kl_cli_text(item, "why", "", why, sizeof why));
	draw_topics(out, item);
	kl_cli_text(item, "excerpt", "", excerpt, sizeof excerpt);
	if (excerpt[0]) {
		fputs("    ", out);
		kl_draw_plain(out, excerpt, 4);
		fputs(kl_draw_flag(item, "cut") ? " ...\n" : "\n", out);
	}
}

static void draw_crowded(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "crowded");
	struct kl_value item;
	char member[256], word[KL_DRAW_TEXT_MAX];

	while (kl_cursor_next(&cursor, &item)) {
		uint64_t posts = kl_draw_uint(&item, "posts");
		const char *typed;

		kl_cli_text(&item, "member", "?", member, sizeof member);
		typed = kl_draw_word(member, word);
		fprintf(out,
			"\nand %" PRIu64 " more from %s: keeplocal lesson list --member %s,\n"
			"or keeplocal questions --member %s\n",
			posts, member, typed, typed);
	}
}

static void draw_withdrawn(FILE *out, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "withdrawn");
	struct kl_value item;
	char member[256], kind[32], id[80], day[32];

	if (kl_draw_count(answer, "withdrawn"))
		fputs("\nTaken back by those who wrote it:\n", out);
	while (kl_cursor_next(&cursor, &item))
		fprintf(out, "  %s of %s, %s [%s]\n",
			kl_cli_text(&item, "kind", "?", kind, sizeof kind),
			kl_cli_text(&item, "member", "?", member, sizeof member),
			kl_cli_text(&item, "published", "", day, sizeof day),
			kl_cli_text(&item, "id", "", id, sizeof id));
}

static void draw_end(struct kl_cli *cli, const struct kl_value *answer)
{
	bool all = kl_args_flag(&cli->args, "all"), mark = kl_args_flag(&cli->args, "mark-read");

	if (kl_draw_flag(answer, "goes_on"))
		fputs(all ? "\nThere is more, older than this.\n"
			  : "\nThere is more: mark this read, and look again.\n",
			cli->out);
	if (!all && !mark)
		fputs("\nSeen? keeplocal inbox --mark-read\nA whole thread: keeplocal question "
		      "show "
		      "ID; a lesson: keeplocal lesson show ID\n",
			cli->out);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "items");
	struct kl_value item;
	uint64_t answers = kl_draw_uint(answer, "answers"), others = kl_draw_uint(answer, "others");

	if (!answers && !others && !kl_draw_count(answer, "withdrawn")) {
		fputs("Nothing new.\n", cli->out);
		return KL_OK;
	}
	fprintf(cli->out, "%" PRIu64 " answer%s to you, %" PRIu64 " other%s\n", answers,
		answers == 1 ? "" : "s", others, others == 1 ? "" : "s");
	while (kl_cursor_next(&cursor, &item))
		draw_item(cli->out, &item);
	draw_crowded(cli->out, answer);
	draw_withdrawn(cli->out, answer);
	draw_end(cli, answer);
	return KL_OK;
}

/* Only what was given out whole counts as read. */
static int mark_read(struct kl_cli *cli, uint64_t upto)
{
	struct kl_value answer;
	struct kl_pack pack;
	int rc = fflush(cli->out) || ferror(cli->out)
			 ? kl_fault(&cli->fault, KL_E_IO,
				   "the inbox could not be written, and "
				   "stays unread")
			 : KL_OK;

	kl_pack_init(&pack);
	kl_pack_int(&pack, "upto", (int64_t)upto);
	if (!rc)
		rc = kl_cli_ask(cli, "inbox read", &pack, &answer);
	kl_pack_deinit(&pack);
	return rc;
}

static int look(struct kl_cli *cli, struct kl_value *ret_answer, uint64_t *ret_upto)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_bool(&pack, "all", kl_args_flag(&cli->args, "all"));
	rc = kl_cli_ask(cli, "inbox", &pack, ret_answer);
	kl_pack_deinit(&pack);
	return rc ? rc : kl_get_uint(ret_answer, "upto", UINT64_MAX, ret_upto);
}

/* A part of what arrived in which there is nothing to be told. */
static bool is_empty_part(const struct kl_cli *cli, const struct kl_value *answer)
{
	return !kl_args_flag(&cli->args, "all") && kl_draw_flag(answer, "goes_on") &&
	       !kl_draw_uint(answer, "answers") && !kl_draw_uint(answer, "others") &&
	       !kl_draw_count(answer, "withdrawn");
}

static int run(struct kl_cli *cli)
{
	struct kl_value answer;
	uint64_t upto = 0;
	int rc;

	if (kl_args_flag(&cli->args, "all") && kl_args_flag(&cli->args, "mark-read"))
		return kl_fault(&cli->fault, KL_E_USAGE,
			"--mark-read is for what is new, --all also shows what was read");
	rc = look(cli, &answer, &upto);
	while (!rc && is_empty_part(cli, &answer)) {
		rc = mark_read(cli, upto);
		if (!rc)
			rc = look(cli, &answer, &upto);
	}
	if (!rc)
		rc = kl_cli_give(cli, &answer, draw);
	if (!rc && kl_args_flag(&cli->args, "mark-read"))
		rc = mark_read(cli, upto);
	return rc;
}

static const struct kl_option options[] = {
	{"all", NULL, "also what was read, latest first"},
	{"mark-read", NULL, "what is shown is not told again"},
	{NULL},
};

const struct kl_command kl_verb_inbox = {
	.words = "inbox",
	.example = "keeplocal inbox --mark-read",
	.help = "answers to your questions, and what is new on the topics that you follow",
	.more = "Told once: answers to your questions and lessons, answers to questions that you "
		"answered,\nlessons, questions and answers on topics that you follow, and whether "
		"any of what you\nwere told was corrected or taken back. A member that writes more "
		"than five is only counted\nfrom there on (our rule), so that nobody buries the "
		"others.",
	.options = options,
	.tables = true,
	.run = run,
};
