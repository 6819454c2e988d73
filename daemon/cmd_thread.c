/* question show: a question, or a lesson, and what was answered, in the order in which it arrived. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/post_text.h"
#include "daemon/thread.h"

#include <stdlib.h>

/* What one answer over the command socket holds of texts; a long thread goes on in the next. */
enum { THREAD_BYTES_MAX = KL_CONTROL_BODY_MAX - KL_POST_TEXT_MAX - 8192 };

struct thread {
	struct kl_network *network;
	struct kl_id root;
	const struct kl_posted *from; /* the first answer that is shown; NULL: from the beginning */
	struct kl_writer rows;
	size_t shown, answers;
	const struct kl_posted *next; /* the first that had no room */
};

static bool is_in(const struct thread *t, const struct kl_posted *posted)
{
	struct kl_id root;

	if (posted->kind != KL_ANSWER || !kl_post_stands(posted))
		return false;
	root = kl_thread_root(&t->network->posts, posted);
	return kl_id_equal(&root, &t->root);
}

static int put_answer(struct thread *t, const struct kl_posted *posted, struct kl_fault *fault)
{
	struct kl_post post;
	int rc = kl_post_read(t->network->node, posted, &post, fault);

	if (rc)
		return rc == KL_E_NOT_FOUND ? KL_OK : rc;
	kl_write_map(&t->rows, KL_POST_KEYS);
	kl_put_post(&t->rows, t->network, posted, &post);
	kl_post_deinit(&post);
	t->shown++;
	return KL_OK;
}

static int put_answers(struct thread *t, struct kl_fault *fault)
{
	const struct kl_posts *posts = &t->network->posts;
	struct kl_bytes bytes = {NULL, 0};
	int rc = KL_OK;

	for (size_t i = 0; i < posts->n && !rc; i++) {
		const struct kl_posted *posted = &posts->items[i];

		if (!is_in(t, posted))
			continue;
		t->answers++;
		if (t->next || (t->from && posted->arrival < t->from->arrival))
			continue;
		rc = kl_writer_bytes(&t->rows, &bytes);
		if (rc)
			break;
		if (bytes.len > THREAD_BYTES_MAX)
			t->next = posted;
		else
			rc = put_answer(t, posted, fault);
	}
	return rc;
}

/* The root, or what is known of one that was withdrawn; nil if it is not here. */
static int put_root(struct kl_writer *w, const struct thread *t, struct kl_fault *fault)
{
	const struct kl_posted *root = kl_posts_find(&t->network->posts, &t->root);
	struct kl_post post;
	int rc;

	if (!root) {
		kl_put_nil(w, "root");
		return KL_OK;
	}
	rc = kl_post_read(t->network->node, root, &post, fault);
	if (rc && rc != KL_E_NOT_FOUND)
		return rc;
	kl_put_map(w, "root", rc ? KL_POST_HEAD_KEYS + 1 : KL_POST_KEYS + 1);
	if (rc) {
		kl_put_post_head(w, t->network, root);
	} else {
		kl_put_post(w, t->network, root, &post);
		kl_post_deinit(&post);
	}
	kl_put_bool(w, "withdrawn", rc == KL_E_NOT_FOUND);
	return KL_OK;
}

static int put_thread(struct thread *t, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;
	char hex[KL_SHORT_ID_MAX];
	struct kl_bytes bytes;
	int rc = put_answers(t, &ask->fault);

	if (!rc)
		rc = kl_writer_bytes(&t->rows, &bytes);
	if (rc)
		return rc;
	kl_write_map(w, 4);
	rc = put_root(w, t, &ask->fault);
	kl_put_array(w, "answers", t->shown);
	if (t->shown)
		kl_write_raw(w, bytes);
	kl_put_uint(w, "count", t->answers);
	kl_put_text(w, "next", t->next ? kl_short_id(&t->next->id, hex) : NULL);
	return rc;
}

static int find_thread(struct kl_node *node, struct kl_ask *ask, struct thread *t)
{
	char id[KL_ID_HEX_MAX + 1], from[KL_ID_HEX_MAX + 1];
	const struct kl_posted *posted = NULL;
	int rc = kl_need_network(node, &t->network, &ask->fault);

	if (!rc)
		rc = kl_ask_needed(ask, "id", "which question?", id, sizeof id);
	if (!rc)
		rc = kl_posts_named(&t->network->posts, id, &posted, &ask->fault);
	if (rc && posted && posted->kind != KL_ANSWER)
		rc = KL_OK; /* withdrawn: its answers stay */
	if (!rc)
		rc = kl_ask_text(ask, "from", from, sizeof from);
	if (rc)
		return rc;
	t->root = kl_thread_root(&t->network->posts, posted);
	return from[0] ? kl_posts_named(&t->network->posts, from, &t->from, &ask->fault) : KL_OK;
}

int kl_cmd_question_show(void *data, struct kl_ask *ask)
{
	struct thread t = {.shown = 0};
	int rc = find_thread(data, ask, &t);

	kl_writer_init(&t.rows);
	if (!rc)
		rc = put_thread(&t, ask);
	kl_writer_deinit(&t.rows);
	return rc ? rc : kl_ask_answer(ask);
}
