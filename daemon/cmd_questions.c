/* questions: what members ask, latest first, or by their words, best first. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/post_filter.h"
#include "daemon/post_list.h"
#include "daemon/post_text.h"
#include "daemon/search.h"
#include "daemon/thread.h"

#include <stdlib.h>

enum { WORDS_MAX = 512 };

struct questions {
	struct kl_post_filter filter;
	struct kl_network *network;
	bool open, mine;
	char words[WORDS_MAX];
	uint32_t *answers; /* of each item of the table of posts */
	const struct kl_posted *listed[KL_POST_LIST_MAX];
	size_t n, max, found;
};

static int take_arguments(struct kl_node *node, struct kl_ask *ask, struct questions *q)
{
	uint64_t max;
	int rc = kl_post_filter_ask(node, KL_QUESTION, ask, &q->filter);

	if (!rc && (kl_get_bool_or(&ask->args, "open", false, &q->open) ||
			   kl_get_bool_or(&ask->args, "mine", false, &q->mine)))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "--open and --mine take no value");
	if (!rc)
		rc = kl_ask_text(ask, "words", q->words, sizeof q->words);
	if (!rc)
		rc = kl_ask_number(ask, "n", KL_POST_LIST_MAX, KL_POST_LIST_USUAL, &max);
	if (rc)
		return rc;
	q->max = (size_t)max;
	q->network = node->network;
	q->answers = kl_thread_counts(&q->network->posts);
	return q->answers ? KL_OK : kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
}

static uint32_t answers_of(const struct questions *q, const struct kl_posted *posted)
{
	return q->answers[posted - q->network->posts.items];
}

static bool fits(struct questions *q, const struct kl_posted *posted)
{
	if (!kl_post_stands(posted) || !kl_post_fits(&q->filter, posted))
		return false;
	if (q->open && answers_of(q, posted))
		return false;
	return !q->mine || kl_id_equal(&posted->author, &q->network->own.author);
}

/* Latest arrivals first: what a question's author claims of the time puts nothing in front. */
static void list_all(struct questions *q)
{
	const struct kl_posts *posts = &q->network->posts;

	for (size_t i = posts->n; i-- > 0;) {
		if (!fits(q, &posts->items[i]))
			continue;
		q->found++;
		if (q->n < q->max)
			q->listed[q->n++] = &posts->items[i];
	}
}

/* Whether the index means the text that counts. */
static bool wants(void *arg, uint64_t arrival)
{
	struct questions *q = arg;
	const struct kl_posted *posted = kl_posts_at(&q->network->posts, arrival);

	return posted && posted->text_arrival == arrival && fits(q, posted);
}

static int list_found(struct questions *q, struct kl_fault *fault)
{
	struct kl_hit hits[KL_POST_LIST_MAX];
	struct kl_hit_counts counts = {0};
	struct kl_query query;
	int rc = kl_query_read(q->words, &query, fault);

	if (!rc)
		rc = kl_search(q->network->node, &query, wants, q, q->max, hits, &counts, fault);
	if (rc)
		return rc;
	q->found = counts.any;
	for (size_t i = 0; i < counts.n; i++)
		q->listed[q->n++] = kl_posts_at(&q->network->posts, hits[i].arrival);
	return KL_OK;
}

static bool is_full(const struct kl_writer *rows)
{
	enum { ROW_BYTES_MAX = 4096 };

	return rows->buffer.size > KL_CONTROL_BODY_MAX - ROW_BYTES_MAX;
}

static int put_rows(
	struct questions *q, struct kl_writer *rows, size_t *ret_n, struct kl_fault *fault)
{
	*ret_n = 0;
	for (size_t i = 0; i < q->n && !is_full(rows); i++) {
		struct kl_post post;
		int rc = kl_post_read(q->network->node, q->listed[i], &post, fault);

		if (rc == KL_E_NOT_FOUND)
			continue;
		if (rc)
			return rc;
		kl_put_post_row(rows, q->network, q->listed[i], &post, 1);
		kl_put_uint(rows, "answers", answers_of(q, q->listed[i]));
		kl_post_deinit(&post);
		++*ret_n;
	}
	return KL_OK;
}

static int put_list(struct questions *q, struct kl_ask *ask)
{
	struct kl_bytes bytes;
	struct kl_writer rows;
	size_t n;
	int rc;

	kl_writer_init(&rows);
	rc = put_rows(q, &rows, &n, &ask->fault);
	if (!rc)
		rc = kl_writer_bytes(&rows, &bytes);
	if (!rc) {
		kl_write_map(&ask->out, 3);
		kl_put_array(&ask->out, "questions", n);
		if (n)
			kl_write_raw(&ask->out, bytes);
		kl_put_uint(&ask->out, "found", q->found);
		kl_put_uint(&ask->out, "behind", kl_search_behind(q->network->node));
	}
	kl_writer_deinit(&rows);
	return rc;
}

int kl_cmd_questions(void *data, struct kl_ask *ask)
{
	struct questions q = {.n = 0};
	int rc = take_arguments(data, ask, &q);

	if (!rc && q.words[0])
		rc = list_found(&q, &ask->fault);
	else if (!rc)
		list_all(&q);
	if (!rc)
		rc = put_list(&q, ask);
	free(q.answers);
	return rc ? rc : kl_ask_answer(ask);
}
