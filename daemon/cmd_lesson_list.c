/* lesson list, lesson show: what members have learnt, narrowed by filters, newest first. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/post_filter.h"
#include "daemon/post_list.h"
#include "daemon/post_text.h"
#include "daemon/thread.h"

#include <stdlib.h>

int kl_cmd_lesson_list(void *data, struct kl_ask *ask)
{
	struct kl_post_filter filter;
	uint64_t max;
	int rc = kl_post_filter_ask(data, KL_LESSON, ask, &filter);

	if (!rc)
		rc = kl_ask_number(ask, "n", KL_POST_LIST_MAX, KL_POST_LIST_USUAL, &max);
	if (!rc)
		rc = kl_post_list(data, &filter, (size_t)max, "lessons", ask);
	return rc ? rc : kl_ask_answer(ask);
}

int kl_cmd_lesson_show(void *data, struct kl_ask *ask)
{
	char text[KL_ID_HEX_MAX + 1];
	const struct kl_posted *posted;
	struct kl_network *network;
	struct kl_post post;
	uint32_t *answers;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc)
		rc = kl_ask_needed(ask, "id", "which lesson?", text, sizeof text);
	if (!rc)
		rc = kl_posts_named(&network->posts, text, &posted, &ask->fault);
	if (!rc && posted->kind != KL_LESSON)
		rc = kl_fault(&ask->fault, KL_E_NOT_FOUND, "%s is no lesson, but a %s", text,
			kl_post_kind_name(posted->kind));
	if (!rc)
		rc = kl_post_read(data, posted, &post, &ask->fault);
	if (rc)
		return rc;
	answers = kl_thread_counts(&network->posts);
	kl_write_map(&ask->out, KL_POST_KEYS + 1);
	kl_put_post(&ask->out, network, posted, &post);
	kl_put_uint(&ask->out, "answers", answers ? answers[posted - network->posts.items] : 0);
	free(answers);
	kl_post_deinit(&post);
	return kl_ask_answer(ask);
}
