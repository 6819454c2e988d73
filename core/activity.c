#include "core/activity.h"
#include "core/words.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const struct kl_activity activities[] = {
#define ACTIVITY(number, code, name, ...)                                                          \
	{"a" #number "." code, name, (number)-1, {__VA_ARGS__},                                    \
		COUNT_OF(((const char *[]){__VA_ARGS__}))},
#include "core/activities.def"
#undef ACTIVITY
};

size_t kl_activity_count(void)
{
	return COUNT_OF(activities);
}

const struct kl_activity *kl_activity_at(size_t index)
{
	KL_ASSERT(index < COUNT_OF(activities));
	return &activities[index];
}

static const char *spelling(const void *context, size_t index, size_t which)
{
	(void)context;
	return which == 0 ? activities[index].code : which == 1 ? activities[index].name : NULL;
}

int kl_activity_find(
	const char *text, const struct kl_activity **ret_activity, struct kl_fault *fault)
{
	const struct kl_words list = {COUNT_OF(activities), spelling, NULL};
	size_t index;
	int rc = kl_words_find(&list, "activity", text, &index, fault);

	if (!rc)
		*ret_activity = &activities[index];
	return rc;
}

bool kl_activity_shown_by(const struct kl_activity *activity, const struct kl_indicator *indicator)
{
	for (uint8_t i = 0; i < activity->indicator_count; i++)
		if (!strcmp(activity->indicators[i], indicator->code))
			return true;
	return false;
}
