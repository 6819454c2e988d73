/* lesson search: lessons by their words, best first, narrowed by filters. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/post_filter.h"
#include "daemon/post_list.h"
#include "daemon/post_text.h"
#include "daemon/search.h"

#include <string.h>

enum { WORDS_MAX = 512, SNIPPET_MAX = 240 };

/* Whether the index means the text that counts. */
static bool wants(void *arg, uint64_t arrival)
{
	struct kl_post_filter *filter = arg;
	const struct kl_posted *posted = kl_posts_at(&filter->network->posts, arrival);

	return posted && posted->text_arrival == arrival && kl_post_stands(posted) &&
	       kl_post_fits(filter, posted);
}

static int put_snippet(
	struct kl_writer *w, const struct kl_post *post, const struct kl_query *query)
{
	char snippet[SNIPPET_MAX];
	int rc = kl_snippet(kl_bytes_str(post->text), query, snippet, sizeof snippet);

	if (!rc)
		kl_put_said(w, "snippet", snippet);
	return rc;
}

static int put_hit(struct kl_network *network, struct kl_writer *w, const struct kl_hit *hit,
	const struct kl_query *query, struct kl_fault *fault)
{
	const struct kl_posted *posted = kl_posts_at(&network->posts, hit->arrival);
	struct kl_post post;
	int rc;

	if (!posted)
		return KL_E_NOT_FOUND;
	rc = kl_post_read(network->node, posted, &post, fault);
	if (rc)
		return rc;
	kl_put_post_row(w, network, posted, &post, 2);
	kl_put_double(w, "score", hit->score);
	rc = put_snippet(w, &post, query);
	kl_post_deinit(&post);
	return rc;
}

static int put_hits(struct kl_network *network, const struct kl_hit *hits, size_t n,
	const struct kl_query *query, struct kl_ask *ask)
{
	struct kl_bytes bytes = {NULL, 0};
	struct kl_writer rows;
	size_t written = 0;
	int rc = KL_OK;

	kl_writer_init(&rows);
	for (size_t i = 0; i < n && (!rc || rc == KL_E_NOT_FOUND) && !kl_post_list_is_full(&rows);
		i++) {
		rc = put_hit(network, &rows, &hits[i], query, &ask->fault);
		written += !rc;
	}
	if (!rc || rc == KL_E_NOT_FOUND)
		rc = kl_writer_bytes(&rows, &bytes);
	kl_put_array(&ask->out, "lessons", written);
	if (!rc && written)
		kl_write_raw(&ask->out, bytes);
	kl_writer_deinit(&rows);
	return rc;
}

/* Words of the search that stand nowhere, so that nobody wonders. */
static void put_words(
	struct kl_writer *w, const char *key, const struct kl_query *query, uint32_t bits)
{
	kl_put_array(w, key, (size_t)__builtin_popcount(bits));
	for (size_t i = 0; i < query->n; i++)
		if (bits >> i & 1)
			kl_write_text_n(
				w, kl_bytes(query->words[i].start.text, query->words[i].start.len));
}

static int search(struct kl_node *node, const char *words, struct kl_post_filter *filter,
	size_t max, struct kl_ask *ask)
{
	struct kl_hit hits[KL_POST_LIST_MAX];
	struct kl_hit_counts counts = {0};
	struct kl_query query;
	int rc = kl_query_read(words, &query, &ask->fault);

	if (!rc)
		rc = kl_search(node, &query, wants, filter, max, hits, &counts, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 7);
	rc = put_hits(node->network, hits, counts.n, &query, ask);
	kl_put_uint(&ask->out, "found", counts.any);
	if (counts.n)
		kl_put_nil(&ask->out, "known");
	else /* whether there is anything to look through */
		kl_put_uint(
			&ask->out, "known", kl_posts_standing(&node->network->posts, KL_LESSON));
	kl_put_uint(&ask->out, "found_whole", counts.whole);
	put_words(&ask->out, "nowhere", &query, counts.nowhere);
	kl_put_uint(&ask->out, "behind", kl_search_behind(node));
	kl_put_uint(&ask->out, "passed_over", node->network->posts.passed_over);
	return rc;
}

int kl_cmd_lesson_search(void *data, struct kl_ask *ask)
{
	struct kl_post_filter filter;
	char words[WORDS_MAX];
	uint64_t max;
	int rc = kl_ask_text(ask, "words", words, sizeof words);

	if (!rc)
		rc = kl_post_filter_ask(data, KL_LESSON, ask, &filter);
	if (!rc)
		rc = kl_ask_number(ask, "n", KL_POST_LIST_MAX, KL_POST_LIST_USUAL, &max);
	if (!rc)
		rc = words[0] ? search(data, words, &filter, (size_t)max, ask)
			      : kl_post_list(data, &filter, (size_t)max, "lessons", ask);
	return rc ? rc : kl_ask_answer(ask);
}
