/* ask, answer, question correct and withdraw, answer correct and withdraw: what this member asks of the
 * others, and what it tells them. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/post_deeds.h"
#include "daemon/thread.h"

int kl_cmd_ask(void *data, struct kl_ask *ask)
{
	return kl_post_deed_add(data, ask, KL_QUESTION, NULL);
}

/* Of an answer the question is meant: a thread has one level. */
int kl_cmd_answer(void *data, struct kl_ask *ask)
{
	char text[KL_ID_HEX_MAX + 1];
	const struct kl_posted *posted;
	struct kl_network *network;
	struct kl_id about;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc)
		rc = kl_ask_needed(ask, "about", "an answer to what?", text, sizeof text);
	if (!rc)
		rc = kl_posts_named(&network->posts, text, &posted, &ask->fault);
	if (rc)
		return rc;
	about = kl_thread_root(&network->posts, posted);
	posted = kl_posts_find(&network->posts, &about);
	if (!posted || !kl_post_stands(posted))
		return kl_fault(&ask->fault, KL_E_NOT_FOUND,
			"what this answers was withdrawn, or has not arrived here");
	return kl_post_deed_add(data, ask, KL_ANSWER, &about);
}

int kl_cmd_question_correct(void *data, struct kl_ask *ask)
{
	return kl_post_deed_correct(data, ask, KL_QUESTION);
}

int kl_cmd_question_withdraw(void *data, struct kl_ask *ask)
{
	return kl_post_deed_withdraw(data, ask, KL_QUESTION);
}

int kl_cmd_answer_correct(void *data, struct kl_ask *ask)
{
	return kl_post_deed_correct(data, ask, KL_ANSWER);
}

int kl_cmd_answer_withdraw(void *data, struct kl_ask *ask)
{
	return kl_post_deed_withdraw(data, ask, KL_ANSWER);
}
