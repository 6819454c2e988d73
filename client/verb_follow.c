/* follow, unfollow, following: of what one wants to hear. */
#include "client/draw.h"
#include "client/request.h"

#define TOPICS                                                                                     \
	"A topic is a characteristic, a route, a stage of commissioning, a service, a place, a "   \
	"member,\nor words that stand in a title or a text. Plain words are looked for among "     \
	"all of these;\nkind=topic says which is meant: \"route=asset transfer\", "                \
	"service=libraries, place=Calderdale,\nmember=\"Example Trust\", "                         \
	"words=\"community shares\". Nobody learns what you follow."

static void name_topic(FILE *out, const struct kl_value *answer)
{
	char kind[32], topic[KL_DRAW_TEXT_MAX];

	fprintf(out, "the %s \"%s\"", kl_cli_text(answer, "kind", "topic", kind, sizeof kind),
		kl_cli_text(answer, "topic", "?", topic, sizeof topic));
}

static int draw_follow(struct kl_cli *cli, const struct kl_value *answer)
{
	fputs(kl_draw_flag(answer, "unchanged") ? "You follow " : "You now follow ", cli->out);
	name_topic(cli->out, answer);
	fputs(kl_draw_flag(answer, "unchanged")
			? " already.\n"
			: ": what arrives from now on is told by keeplocal inbox.\n",
		cli->out);
	return KL_OK;
}

static int draw_unfollow(struct kl_cli *cli, const struct kl_value *answer)
{
	fputs("You no longer follow ", cli->out);
	name_topic(cli->out, answer);
	fputs(".\n", cli->out);
	return KL_OK;
}

static int draw_following(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "topics");
	struct kl_value topic;
	struct kl_table table;
	int rc;

	if (!kl_draw_count(answer, "topics")) {
		fputs("You follow nothing yet, such as: keeplocal follow \"asset transfer\"\n",
			cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<kind <topic");
	while (kl_cursor_next(&cursor, &topic)) {
		kl_draw_cell(&table, &topic, "kind", "?");
		kl_draw_cell(&table, &topic, "topic", "?");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static const char *const keys[] = {"topic", NULL};

static int run_follow(struct kl_cli *cli)
{
	return kl_request_show(cli, "follow", keys, draw_follow);
}

static int run_unfollow(struct kl_cli *cli)
{
	return kl_request_show(cli, "unfollow", keys, draw_unfollow);
}

static int run_following(struct kl_cli *cli)
{
	return kl_request_show(cli, "following", NULL, draw_following);
}

const struct kl_command kl_verb_follow = {
	.words = "follow",
	.operands = "TOPIC",
	.example = "keeplocal follow \"asset transfer\"",
	.help = "hear of lessons and questions on a topic, or of a member",
	.more = TOPICS,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_follow,
};

const struct kl_command kl_verb_unfollow = {
	.words = "unfollow",
	.operands = "TOPIC",
	.example = "keeplocal unfollow \"asset transfer\"",
	.help = "hear of a topic no more",
	.more = TOPICS,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_unfollow,
};

const struct kl_command kl_verb_following = {
	.words = "following",
	.example = "keeplocal following",
	.help = "the topics that you follow",
	.tables = true,
	.run = run_following,
};
