#include "daemon/thread.h"

#include <stdlib.h>

struct kl_id kl_thread_root(const struct kl_posts *posts, const struct kl_posted *posted)
{
	struct kl_id root = posted->id;

	for (int i = 0; i < KL_THREAD_STEPS_MAX && posted && posted->kind == KL_ANSWER; i++) {
		if (kl_id_is_zero(
			    &posted->about)) /* its text is gone, and with it what it was about */
			break;
		root = posted->about;
		posted = kl_posts_find(posts, &root);
	}
	return root;
}

uint32_t *kl_thread_counts(const struct kl_posts *posts)
{
	uint32_t *counts = calloc(posts->n + 1, sizeof *counts);

	for (size_t i = 0; counts && i < posts->n; i++) {
		const struct kl_posted *posted = &posts->items[i];
		struct kl_id root;

		if (posted->kind != KL_ANSWER || !kl_post_stands(posted))
			continue;
		root = kl_thread_root(posts, posted);
		posted = kl_posts_find(posts, &root);
		if (posted)
			counts[posted - posts->items]++;
	}
	return counts;
}
