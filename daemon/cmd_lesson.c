/* lesson add, lesson correct, lesson withdraw: what this member has learnt, for all others to read. */
#include "daemon/commands.h"
#include "daemon/post_deeds.h"

int kl_cmd_lesson_add(void *data, struct kl_ask *ask)
{
	return kl_post_deed_add(data, ask, KL_LESSON, NULL);
}

int kl_cmd_lesson_correct(void *data, struct kl_ask *ask)
{
	return kl_post_deed_correct(data, ask, KL_LESSON);
}

int kl_cmd_lesson_withdraw(void *data, struct kl_ask *ask)
{
	return kl_post_deed_withdraw(data, ask, KL_LESSON);
}
