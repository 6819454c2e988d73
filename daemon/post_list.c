#include "daemon/post_list.h"
#include "daemon/post_text.h"

enum {
	ROW_KEYS = KL_POST_HEAD_KEYS + 5,
	ROW_BYTES_MAX = 2048,
	AHEAD_MS = 3600000, /* ours: by so much clocks may differ without a lie */
};

/* The newest so far, newest first. */
struct newest {
	const struct kl_posted *items[KL_POST_LIST_MAX];
	size_t n, max, found;
	uint64_t now;
};

/* What claims to come from the future comes last; what is a little ahead of this clock is of now. */
static uint64_t age_key(const struct newest *list, const struct kl_posted *posted)
{
	if (posted->time_ms <= list->now)
		return posted->time_ms;
	return posted->time_ms - list->now > AHEAD_MS ? 0 : list->now;
}

static bool is_newer(
	const struct newest *list, const struct kl_posted *a, const struct kl_posted *b)
{
	uint64_t x = age_key(list, a), y = age_key(list, b);

	return x != y ? x > y : a->arrival > b->arrival;
}

static void take(struct newest *list, const struct kl_posted *posted)
{
	size_t at = list->n;

	list->found++;
	while (at && is_newer(list, posted, list->items[at - 1])) {
		if (at < list->max)
			list->items[at] = list->items[at - 1];
		at--;
	}
	if (at == list->max)
		return;
	list->items[at] = posted;
	list->n += list->n < list->max;
}

void kl_put_post_row(struct kl_writer *w, const struct kl_network *network,
	const struct kl_posted *posted, const struct kl_post *post, size_t more)
{
	kl_write_map(w, ROW_KEYS + more);
	kl_put_post_head(w, network, posted);
	kl_put_post_field(w, network->node, post, "title");
	kl_put_post_field(w, network->node, post, "place");
	kl_put_post_field(w, network->node, post, "period");
	kl_put_post_field(w, network->node, post, "outcome");
	kl_put_post_field(w, network->node, post, "characteristics");
}

bool kl_post_list_is_full(const struct kl_writer *w)
{
	return w->buffer.size > KL_CONTROL_BODY_MAX - 2 * ROW_BYTES_MAX;
}

/* Rows first, as their number is known when all were read. */
static int put_rows(struct kl_network *network, const struct newest *list, struct kl_writer *rows,
	size_t *ret_n, struct kl_fault *fault)
{
	*ret_n = 0;
	for (size_t i = 0; i < list->n && !kl_post_list_is_full(rows); i++) {
		struct kl_post post;
		int rc = kl_post_read(network->node, list->items[i], &post, fault);

		if (rc == KL_E_NOT_FOUND)
			continue;
		if (rc)
			return rc;
		kl_put_post_row(rows, network, list->items[i], &post, 0);
		kl_post_deinit(&post);
		(*ret_n)++;
	}
	return KL_OK;
}

int kl_post_list(struct kl_node *node, struct kl_post_filter *filter, size_t max, const char *key,
	struct kl_ask *ask)
{
	const struct kl_posts *posts = &node->network->posts;
	struct newest list = {.max = max, .now = kl_node_wall()};
	struct kl_bytes bytes;
	struct kl_writer rows;
	size_t n, known = 0;
	int rc;

	for (size_t i = 0; i < posts->n; i++) {
		const struct kl_posted *p = &posts->items[i];

		if (!kl_post_stands(p) || (filter->kind && p->kind != filter->kind))
			continue;
		known++;
		if (kl_post_fits(filter, p))
			take(&list, p);
	}
	kl_writer_init(&rows);
	rc = put_rows(node->network, &list, &rows, &n, &ask->fault);
	if (!rc)
		rc = kl_writer_bytes(&rows, &bytes);
	if (!rc) {
		kl_write_map(&ask->out, 4);
		kl_put_array(&ask->out, key, n);
		if (n)
			kl_write_raw(&ask->out, bytes);
		kl_put_uint(&ask->out, "found", list.found);
		kl_put_uint(&ask->out, "known", known);
		kl_put_uint(&ask->out, "passed_over", posts->passed_over);
	}
	kl_writer_deinit(&rows);
	return rc;
}
