/* follow, unfollow, following: topics of which this member wants to hear. Private: nothing leaves. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/following.h"
#include "core/words.h"
#include "store/arrivals.h"

#include <stdlib.h>
#include <string.h>

static size_t place_of(const struct kl_following *following, const struct kl_topic *topic)
{
	size_t i = 0;

	while (i < following->n && (following->topics[i].kind != topic->kind ||
					   !kl_words_equal(following->topics[i].text, topic->text)))
		i++;
	return i;
}

static void put_topic(struct kl_writer *w, struct kl_node *node, const struct kl_topic *topic)
{
	char name[KL_TOPIC_TEXT_MAX];

	kl_put_text(w, "kind", kl_topic_kind_name(topic->kind));
	kl_put_text(w, "topic", kl_topic_show(node, topic, name));
}

static int full(struct kl_fault *fault)
{
	kl_fault(fault, KL_E_TOO_BIG, "at most %d topics are followed", KL_TOPICS_MAX);
	return kl_fault_hint(fault, "keeplocal following lists them, keeplocal unfollow drops one");
}

static int begin(struct kl_node *node, struct kl_following *following, struct kl_topic *topic,
	struct kl_fault *fault)
{
	int rc;

	if (following->n == KL_TOPICS_MAX)
		return full(fault);
	rc = kl_arrival_last(node->store, &topic->since);
	if (rc)
		return kl_fault(fault, rc, "%s", kl_error_text(rc));
	following->topics[following->n++] = *topic;
	return kl_following_keep(node, following, fault);
}

static int end(
	struct kl_node *node, struct kl_following *following, size_t place, struct kl_fault *fault)
{
	memmove(&following->topics[place], &following->topics[place + 1],
		(--following->n - place) * sizeof following->topics[0]);
	return kl_following_keep(node, following, fault);
}

/* Own posts are never told. */
static int refuse_self(
	const struct kl_node *node, const struct kl_topic *topic, struct kl_fault *fault)
{
	char hex[KL_ID_HEX_MAX];

	kl_hex(node->home.identity.sign.public_key.b, KL_ID_BYTES, hex);
	if (topic->kind != KL_TOPIC_MEMBER || strcmp(topic->text, hex) != 0)
		return KL_OK;
	kl_fault(fault, KL_E_USAGE, "that is this member itself: own posts are not told");
	return kl_fault_hint(fault, "answers to them are told anyway; for posts that name it: "
				    "keeplocal follow \"words=NAME\"");
}

static int change(struct kl_node *node, struct kl_ask *ask, bool follow)
{
	struct kl_following *following = malloc(sizeof *following);
	char text[2 * KL_TOPIC_TEXT_MAX];
	struct kl_topic topic;
	size_t place = 0;
	bool there = false;
	int rc;

	if (!following)
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	rc = kl_ask_needed(ask, "topic", "which topic?", text, sizeof text);
	if (!rc)
		rc = kl_following_get(node, following, &ask->fault);
	if (!rc)
		rc = kl_topic_understand(node, text, &topic, &ask->fault);
	if (!rc && follow)
		rc = refuse_self(node, &topic, &ask->fault);
	if (!rc) {
		place = place_of(following, &topic);
		there = place < following->n;
	}
	if (!rc && !follow && !there) {
		rc = kl_fault(&ask->fault, KL_E_NOT_FOUND, "the %s \"%.100s\" is not followed",
			kl_topic_kind_name(topic.kind), kl_topic_name(&topic));
		(void)kl_fault_hint(&ask->fault, "keeplocal following lists what is");
	}
	if (!rc && follow != there)
		rc = follow ? begin(node, following, &topic, &ask->fault)
			    : end(node, following, place, &ask->fault);
	if (!rc) {
		kl_write_map(&ask->out, 4);
		put_topic(&ask->out, node, &topic);
		kl_put_bool(&ask->out, "unchanged", follow && there);
		kl_put_bool(&ask->out, "followed", follow);
	}
	free(following);
	return rc ? rc : kl_ask_answer(ask);
}

int kl_cmd_follow(void *data, struct kl_ask *ask)
{
	return change(data, ask, true);
}

int kl_cmd_unfollow(void *data, struct kl_ask *ask)
{
	return change(data, ask, false);
}

int kl_cmd_following(void *data, struct kl_ask *ask)
{
	struct kl_following *following = malloc(sizeof *following);
	int rc;

	if (!following)
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	rc = kl_following_get(data, following, &ask->fault);
	if (!rc) {
		kl_write_map(&ask->out, 1);
		kl_put_array(&ask->out, "topics", following->n);
		for (size_t i = 0; i < following->n; i++) {
			kl_write_map(&ask->out, 2);
			put_topic(&ask->out, data, &following->topics[i]);
		}
	}
	free(following);
	return rc ? rc : kl_ask_answer(ask);
}
