/* Topics: what a member follows, so that it hears of what others write about them. Nobody learns what
 * one follows.
 *
 * topic   one of the words that posts are marked with (a characteristic, a route, a stage), a service,
 *         a place, a member, or words that stand in the title or the text
 * since   the arrival (store/arrivals.h) after which it is followed: what came before is not told */
#ifndef KL_CORE_TOPIC_H
#define KL_CORE_TOPIC_H

#include "core/commissioning.h"
#include "core/error.h"

#include <stdbool.h>

enum kl_topic_kind {
	KL_TOPIC_CHARACTERISTIC = 1,
	KL_TOPIC_ROUTE,
	KL_TOPIC_STAGE,
	KL_TOPIC_SERVICE,
	KL_TOPIC_PLACE,
	KL_TOPIC_MEMBER,
	KL_TOPIC_WORDS,
	KL_TOPIC_KINDS = KL_TOPIC_WORDS,
};

enum { KL_TOPIC_TEXT_MAX = 128, KL_TOPICS_MAX = 64 /* followed at one time */ };

struct kl_topic {
	enum kl_topic_kind kind;
	char text[KL_TOPIC_TEXT_MAX]; /* slug of a list; member id in hex; else as typed */
	uint64_t since;
};

/* "route"; and back: 0 if there is no such kind. */
const char *kl_topic_kind_name(enum kl_topic_kind kind);
enum kl_topic_kind kl_topic_kind_from_name(const char *name);

/* The list that the words of a kind come from, or NULL for those that have none. */
const struct kl_slug *kl_topic_list(enum kl_topic_kind kind);

/* Which words of the lists `text` means: the slugs of all kinds that have one whose slug or name it is
 * or is a part of, whole ones before parts. At most `max` are put into ret_topics; returns how many
 * there are. */
size_t kl_topic_matches(const char *text, size_t max, struct kl_topic *ret_topics);

/* Bit of a topic with a list, as in posts: 1 << place in it. */
uint32_t kl_topic_bit(const struct kl_topic *topic);

/* The topic's text as people read it: the name of the word instead of its slug. */
const char *kl_topic_name(const struct kl_topic *topic);

/* The form of a kept topic. KL_E_MALFORMED. */
int kl_topic_check(const struct kl_topic *topic);

/* True if every word of `words` stands in `text` (folded as kl_words_fold() does, word for word, a word
 * of four letters and more also as the beginning of a longer one: "transfer" finds "transferred").
 * At least one word. */
bool kl_topic_words_stand_in(const char *words, const char *text);

#endif
