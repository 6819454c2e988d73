#include "core/topic.h"
#include "core/harmless.h"
#include "core/words.h"

#include <ctype.h>
#include <string.h>

static const struct {
	const char *name;
	const struct kl_slug *list;
} kinds[] = {
	[KL_TOPIC_CHARACTERISTIC] = {"characteristic", kl_characteristic_words},
	[KL_TOPIC_ROUTE] = {"route", kl_routes},
	[KL_TOPIC_STAGE] = {"stage", kl_commissioning_stages},
	[KL_TOPIC_SERVICE] = {"service", NULL},
	[KL_TOPIC_PLACE] = {"place", NULL},
	[KL_TOPIC_MEMBER] = {"member", NULL},
	[KL_TOPIC_WORDS] = {"words", NULL},
};

const char *kl_topic_kind_name(enum kl_topic_kind kind)
{
	return kind >= 1 && kind <= KL_TOPIC_KINDS ? kinds[kind].name : "unknown";
}

enum kl_topic_kind kl_topic_kind_from_name(const char *name)
{
	for (int kind = 1; kind <= KL_TOPIC_KINDS; kind++)
		if (kl_words_equal(kinds[kind].name, name))
			return (enum kl_topic_kind)kind;
	return (enum kl_topic_kind)0;
}

const struct kl_slug *kl_topic_list(enum kl_topic_kind kind)
{
	return kind >= 1 && kind <= KL_TOPIC_KINDS ? kinds[kind].list : NULL;
}

static bool is_meant(const struct kl_slug *word, const char *text, bool whole)
{
	if (whole)
		return kl_words_equal(word->slug, text) || kl_words_equal(word->name, text);
	return kl_words_contain(word->slug, text) || kl_words_contain(word->name, text);
}

static size_t matches(const char *text, bool whole, size_t max, struct kl_topic *ret_topics)
{
	size_t n = 0;

	for (int kind = 1; kind <= KL_TOPIC_KINDS; kind++)
		for (const struct kl_slug *word = kinds[kind].list; word && word->slug; word++) {
			if (!is_meant(word, text, whole))
				continue;
			if (n < max) {
				ret_topics[n] = (struct kl_topic){.kind = (enum kl_topic_kind)kind};
				(void)kl_copy_text(
					ret_topics[n].text, KL_TOPIC_TEXT_MAX, word->slug);
			}
			n++;
		}
	return n;
}

size_t kl_topic_matches(const char *text, size_t max, struct kl_topic *ret_topics)
{
	size_t n = matches(text, true, max, ret_topics);

	return n ? n : matches(text, false, max, ret_topics);
}

static const struct kl_slug *word_of(const struct kl_topic *topic)
{
	const struct kl_slug *word = kl_topic_list(topic->kind);

	while (word && word->slug && strcmp(word->slug, topic->text) != 0)
		word++;
	return word && word->slug ? word : NULL;
}

uint32_t kl_topic_bit(const struct kl_topic *topic)
{
	const struct kl_slug *word = word_of(topic);

	return word ? 1u << (word - kl_topic_list(topic->kind)) : 0;
}

const char *kl_topic_name(const struct kl_topic *topic)
{
	const struct kl_slug *word = word_of(topic);

	return word ? word->name : topic->text;
}

int kl_topic_check(const struct kl_topic *topic)
{
	struct kl_id id;

	if (topic->kind < 1 || topic->kind > KL_TOPIC_KINDS || !topic->text[0] ||
		!kl_text_is_plain(kl_bytes_str(topic->text), false))
		return KL_E_MALFORMED;
	if (kl_topic_list(topic->kind) && !word_of(topic))
		return KL_E_MALFORMED;
	if (topic->kind == KL_TOPIC_MEMBER)
		return kl_hex_parse(topic->text, id.b, sizeof id.b);
	return KL_OK;
}

/* ---- words in a text ------------------------------------------------------------------------- */

/* A letter or a digit; all beyond ASCII counts as one. */
static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The next word, folded; how far it goes from `text`, 0 if there is none. A long one is cut. */
static size_t next_word(const char *text, char out[KL_WORDS_TEXT_MAX + 1])
{
	char word[KL_WORDS_TEXT_MAX + 1];
	size_t from = 0, len = 0;

	while (text[from] && !is_letter(text[from]))
		from++;
	while (text[from + len] && is_letter(text[from + len]))
		len++;
	if (!len)
		return 0;
	memcpy(word, text + from, len < sizeof word ? len : sizeof word - 1);
	word[len < sizeof word ? len : sizeof word - 1] = '\0';
	(void)kl_words_fold(word, out);
	return from + len;
}

static bool word_stands_in(const char *word, const char *text)
{
	enum { LONG_ENOUGH = 4 };
	char other[KL_WORDS_TEXT_MAX + 1];
	size_t len = strlen(word);

	for (size_t n; (n = next_word(text, other)) > 0; text += n)
		if (len >= LONG_ENOUGH ? !strncmp(word, other, len) : !strcmp(word, other))
			return true;
	return false;
}

bool kl_topic_words_stand_in(const char *words, const char *text)
{
	char word[KL_WORDS_TEXT_MAX + 1];
	bool any = false;

	for (size_t n; (n = next_word(words, word)) > 0; words += n) {
		if (!word_stands_in(word, text))
			return false;
		any = true;
	}
	return any;
}
