#include "daemon/following.h"
#include "core/harmless.h"
#include "core/words.h"
#include "daemon/find.h"
#include "daemon/post_place.h"
#include "store/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char doc_kind[] = "following", doc_name[] = "topics";

int kl_following_get(
	struct kl_node *node, struct kl_following *ret_following, struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, doc_kind, doc_name, 0, &bytes, &len, NULL);

	ret_following->n = 0;
	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc)
		return kl_fault(
			fault, rc, "what is followed cannot be read: %s", kl_error_text(rc));
	rc = kl_doc_following_decode(kl_bytes(bytes, len), ret_following, fault);
	free(bytes);
	return rc;
}

int kl_following_keep(
	struct kl_node *node, const struct kl_following *following, struct kl_fault *fault)
{
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_doc_following_encode(&w, following);
	rc = kl_writer_bytes(&w, &bytes);
	rc = rc ? kl_fault(fault, rc, "out of memory")
		: kl_node_keep(node, doc_kind, doc_name, bytes, fault);
	kl_writer_deinit(&w);
	return rc;
}

/* ---- what is meant --------------------------------------------------------------------------- */

static int understand_member(
	struct kl_node *node, const char *text, struct kl_topic *topic, struct kl_fault *fault)
{
	const struct kl_roster_member *member;
	int rc = kl_find_member(node, text, &member, fault);

	if (rc)
		return rc;
	topic->kind = KL_TOPIC_MEMBER;
	kl_hex(member->identity.b, KL_ID_BYTES, topic->text);
	return KL_OK;
}

/* The names of a list, as far as a hint holds them. */
static int unknown(enum kl_topic_kind kind, const char *text, struct kl_fault *fault)
{
	const struct kl_slug *word = kl_topic_list(kind);
	char names[200] = ""; /* a hint has no more room */
	size_t n = 0;

	kl_fault(fault, KL_E_NOT_FOUND, "there is no %s \"%.60s\"", kl_topic_kind_name(kind), text);
	for (; word && word->slug && n + strlen(word->name) + 3 < sizeof names; word++)
		n += (size_t)snprintf(
			names + n, sizeof names - n, "%s%s", n ? ", " : "", word->name);
	if (n)
		(void)kl_fault_hint(fault, "there are: %s%s", names, word->slug ? ", ..." : "");
	return KL_E_NOT_FOUND;
}

static int ambiguous(
	const char *text, const struct kl_topic *found, size_t n, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_AMBIGUOUS, "\"%.60s\" could be the %s \"%s\" or the %s \"%s\"%s", text,
		kl_topic_kind_name(found[0].kind), kl_topic_name(&found[0]),
		kl_topic_kind_name(found[1].kind), kl_topic_name(&found[1]),
		n > 2 ? ", and others" : "");
	(void)kl_fault_hint(fault,
		"say which, such as \"%s=%s\", or \"words=%.60s\" for all that "
		"has these words",
		kl_topic_kind_name(found[0].kind), found[0].text, text);
	return KL_E_AMBIGUOUS;
}

/* A word of the list of that kind; of any list if kind is 0. */
static int understand_word(
	enum kl_topic_kind kind, const char *text, struct kl_topic *topic, struct kl_fault *fault)
{
	enum { MANY = 32 };
	struct kl_topic found[MANY];
	char slug[4] = "c"; /* characteristics have numbers, too: "c3" */
	size_t n, kept = 0;

	if (kind == KL_TOPIC_CHARACTERISTIC && text[0] && !text[1])
		text = strncat(slug, text, 1);
	n = kl_topic_matches(text, MANY, found);

	if (n > MANY)
		n = MANY;
	for (size_t i = 0; i < n; i++)
		if (!kind || found[i].kind == kind)
			found[kept++] = found[i];
	if (kept == 1)
		*topic = found[0];
	return kept == 1 ? KL_OK
	       : kept    ? ambiguous(text, found, kept, fault)
			 : unknown(kind, text, fault);
}

static int understand_as(struct kl_node *node, enum kl_topic_kind kind, const char *text,
	struct kl_topic *topic, struct kl_fault *fault)
{
	char place[KL_POST_PLACE_MAX];

	if (kl_topic_list(kind))
		return understand_word(kind, text, topic, fault);
	if (kind == KL_TOPIC_MEMBER)
		return understand_member(node, text, topic, fault);
	topic->kind = kind;
	if (kind != KL_TOPIC_PLACE) {
		(void)kl_copy_text(topic->text, sizeof topic->text, text);
		return KL_OK;
	}
	(void)kl_copy_text(place, sizeof place, text);
	kl_post_place_settle(node, place);
	(void)kl_copy_text(topic->text, sizeof topic->text, place);
	return KL_OK;
}

static int understand_any(
	struct kl_node *node, const char *text, struct kl_topic *topic, struct kl_fault *fault)
{
	char gss[KL_GSS_MAX];
	struct kl_fault none;
	int rc = understand_word((enum kl_topic_kind)0, text, topic, fault);

	if (rc != KL_E_NOT_FOUND)
		return rc;
	rc = node->network ? understand_member(node, text, topic, &none) : KL_E_NOT_FOUND;
	if (rc == KL_E_AMBIGUOUS)
		*fault = none;
	if (!rc || rc == KL_E_AMBIGUOUS)
		return rc;
	return understand_as(node,
		kl_post_place_code(node, text, gss) ? KL_TOPIC_PLACE : KL_TOPIC_WORDS, text, topic,
		fault);
}

int kl_topic_understand(
	struct kl_node *node, const char *typed, struct kl_topic *ret_topic, struct kl_fault *fault)
{
	const char *equals = strchr(typed, '=');
	char name[32];
	enum kl_topic_kind kind = (enum kl_topic_kind)0;
	int rc = kl_text_refuse_harmful(kl_bytes_str(typed), false, "the topic", fault);

	memset(ret_topic, 0, sizeof *ret_topic);
	if (rc)
		return rc;
	if (equals && (size_t)(equals - typed) < sizeof name) {
		(void)kl_copy_text(name, (size_t)(equals - typed) + 1, typed);
		kind = kl_topic_kind_from_name(name);
		if (!kind) {
			kl_fault(fault, KL_E_USAGE, "there is no kind of topic \"%s\"", name);
			return kl_fault_hint(fault, "characteristic, route, stage, service, place, "
						    "member or words stand before =");
		}
		typed = equals + 1;
	}
	typed += strspn(typed, " ");
	if (!*typed || strlen(typed) >= KL_TOPIC_TEXT_MAX)
		return kl_fault(
			fault, KL_E_USAGE, "a topic has 1 to %d bytes", KL_TOPIC_TEXT_MAX - 1);
	return kind ? understand_as(node, kind, typed, ret_topic, fault)
		    : understand_any(node, typed, ret_topic, fault);
}

const char *kl_topic_show(
	struct kl_node *node, const struct kl_topic *topic, char out[KL_TOPIC_TEXT_MAX])
{
	char place[KL_POST_PLACE_MAX];
	struct kl_id id;

	if (topic->kind == KL_TOPIC_MEMBER && node->network &&
		!kl_hex_parse(topic->text, id.b, sizeof id.b))
		(void)kl_copy_text(out, KL_TOPIC_TEXT_MAX, kl_member_name(node->network, &id));
	else if (topic->kind == KL_TOPIC_PLACE)
		(void)kl_copy_text(
			out, KL_TOPIC_TEXT_MAX, kl_post_place_name(node, topic->text, place));
	else
		(void)kl_copy_text(out, KL_TOPIC_TEXT_MAX, kl_topic_name(topic));
	return out;
}

/* ---- what a post touches --------------------------------------------------------------------- */

static bool has_service(
	const struct kl_posts *posts, const struct kl_posted *posted, const char *wanted)
{
	for (size_t i = 0; i < KL_POST_SERVICES_KEPT; i++)
		if (posted->services[i] != KL_POST_NO_WORD &&
			kl_words_contain(kl_posts_service(posts, posted->services[i]), wanted))
			return true;
	return false;
}

static bool has_words(const char *words, const struct kl_post *post)
{
	char *all = malloc(sizeof post->title + sizeof post->text);
	bool has;

	if (!all)
		return false;
	(void)snprintf(
		all, sizeof post->title + sizeof post->text, "%s %s", post->title, post->text);
	has = kl_topic_words_stand_in(words, all);
	free(all);
	return has;
}

static bool touches(const struct kl_topic *topic, const struct kl_posts *posts,
	const struct kl_posted *posted, const struct kl_post *post)
{
	struct kl_id member;

	switch (topic->kind) {
	case KL_TOPIC_CHARACTERISTIC:
		return posted->characteristics & kl_topic_bit(topic);
	case KL_TOPIC_ROUTE:
		return posted->routes & kl_topic_bit(topic);
	case KL_TOPIC_STAGE:
		return posted->stages & kl_topic_bit(topic);
	case KL_TOPIC_SERVICE:
		return has_service(posts, posted, topic->text);
	case KL_TOPIC_PLACE:
		return posted->place != KL_POST_NO_WORD &&
		       kl_words_equal(kl_posts_place(posts, posted->place), topic->text);
	case KL_TOPIC_MEMBER:
		return !kl_hex_parse(topic->text, member.b, sizeof member.b) &&
		       kl_id_equal(&member, &posted->author);
	case KL_TOPIC_WORDS:
		return post && has_words(topic->text, post);
	default:
		return false;
	}
}

uint64_t kl_following_touched(const struct kl_following *following, const struct kl_posts *posts,
	const struct kl_posted *posted, const struct kl_post *post, bool *ret_wants_text)
{
	uint64_t touched = 0;

	if (ret_wants_text)
		*ret_wants_text = false;
	for (size_t i = 0; i < following->n; i++) {
		const struct kl_topic *topic = &following->topics[i];

		if (posted->arrival <= topic->since)
			continue;
		if (ret_wants_text && topic->kind == KL_TOPIC_WORDS)
			*ret_wants_text = true;
		if (touches(topic, posts, posted, post))
			touched |= UINT64_C(1) << i;
	}
	return touched;
}
