/* inbox, inbox read: what waits for this member, and that it has been seen. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/inbox.h"
#include "daemon/post_text.h"

#include <stdlib.h>
#include <string.h>

enum { EXCERPT_MAX = 281 /* bytes of a text that a list shows, with the final zero */ };

static const char *why_name(enum kl_inbox_why why)
{
	static const char *const names[] = {[KL_INBOX_TO_QUESTION] = "answers your question",
		[KL_INBOX_TO_LESSON] = "answers your lesson",
		[KL_INBOX_TOO] = "answers a question that you answered, too",
		[KL_INBOX_TOPIC] = "is on what you follow",
		[KL_INBOX_CORRECTED] = "was corrected"};

	return names[why];
}

/* The title of a post, or of what it answers; "" if that is not here. */
static void find_title(
	struct kl_node *node, const struct kl_posted *posted, struct kl_post *room, char *out)
{
	if (posted && posted->kind == KL_ANSWER)
		posted = kl_posts_find(&node->network->posts, &posted->about);
	out[0] = '\0';
	if (!posted || kl_post_read(node, posted, room, NULL))
		return;
	(void)kl_copy_text(out, KL_POST_TITLE_MAX, room->title);
	kl_post_deinit(room);
}

static void put_topics(struct kl_writer *w, struct kl_node *node,
	const struct kl_following *following, uint64_t topics)
{
	char name[KL_TOPIC_TEXT_MAX];

	kl_put_array(w, "topics", (size_t)__builtin_popcountll(topics));
	for (size_t i = 0; i < following->n; i++)
		if (topics >> i & 1)
			kl_write_text(w, kl_topic_show(node, &following->topics[i], name));
}

static void put_item(struct kl_writer *w, struct kl_node *node, const struct kl_inbox *inbox,
	const struct kl_inbox_item *item, struct kl_post *room)
{
	char title[KL_POST_TITLE_MAX], excerpt[EXCERPT_MAX] = "";
	bool cut = false;

	find_title(node, item->posted, room, title);
	if (!kl_post_read(node, item->posted, room, NULL)) {
		cut = !kl_copy_text(excerpt, sizeof excerpt, room->text);
		kl_post_deinit(room);
	}
	kl_write_map(w, KL_POST_HEAD_KEYS + 5);
	kl_put_post_head(w, node->network, item->posted);
	kl_put_said(w, "title", title);
	kl_put_said(w, "excerpt", excerpt);
	kl_put_bool(w, "cut", cut);
	kl_put_text(w, "why", why_name(item->why));
	put_topics(w, node, &inbox->following, item->topics);
}

static void put_crowded(struct kl_writer *w, struct kl_node *node, const struct kl_inbox *inbox)
{
	kl_put_array(w, "crowded", inbox->n_crowded);
	for (size_t i = 0; i < inbox->n_crowded; i++) {
		kl_write_map(w, 2);
		kl_put_text(w, "member", kl_member_name(node->network, &inbox->crowded[i].member));
		kl_put_uint(w, "posts", inbox->crowded[i].posts);
	}
}

static void put_withdrawn(struct kl_writer *w, struct kl_node *node, const struct kl_inbox *inbox)
{
	kl_put_array(w, "withdrawn", inbox->n_withdrawn);
	for (size_t i = 0; i < inbox->n_withdrawn; i++) {
		const struct kl_posted *posted =
			kl_posts_find(&node->network->posts, &inbox->withdrawn[i]);

		kl_write_map(w, KL_POST_HEAD_KEYS);
		kl_put_post_head(w, node->network, posted);
	}
}

static void put_inbox(struct kl_writer *w, struct kl_node *node, const struct kl_inbox *inbox,
	struct kl_post *room)
{
	kl_write_map(w, 7);
	kl_put_uint(w, "answers", inbox->answers);
	kl_put_uint(w, "others", inbox->others);
	kl_put_array(w, "items", inbox->n);
	for (size_t i = 0; i < inbox->n; i++)
		put_item(w, node, inbox, &inbox->items[i], room);
	put_crowded(w, node, inbox);
	put_withdrawn(w, node, inbox);
	kl_put_uint(w, "upto", inbox->upto);
	kl_put_bool(w, "goes_on", inbox->goes_on);
}

int kl_cmd_inbox(void *data, struct kl_ask *ask)
{
	struct kl_inbox *inbox = malloc(sizeof *inbox);
	struct kl_post *room = malloc(sizeof *room);
	bool all = false;
	int rc = KL_OK;

	if (!inbox || !room) {
		free(inbox);
		free(room);
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	}
	if (kl_get_bool_or(&ask->args, "all", false, &all))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "--all takes no value");
	if (!rc)
		rc = kl_inbox_look(data, all, UINT64_MAX, inbox, &ask->fault);
	if (!rc)
		put_inbox(&ask->out, data, inbox, room);
	free(inbox);
	free(room);
	return rc ? rc : kl_ask_answer(ask);
}

int kl_cmd_inbox_read(void *data, struct kl_ask *ask)
{
	uint64_t upto;
	int rc;

	if (kl_get_uint(&ask->args, "upto", UINT64_MAX, &upto))
		return kl_fault(&ask->fault, KL_E_USAGE, "up to which arrival was it read?");
	rc = kl_inbox_told(data, upto, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 1);
	kl_put_uint(&ask->out, "upto", upto);
	return kl_ask_answer(ask);
}
