#include "core/pursuit.h"
#include "core/hash.h"
#include "core/names.h"
#include "core/words.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 48 };

/* The words of a text without their endings, each as a number: ascending, each once. */
struct word_set {
	size_t n;
	uint64_t items[WORDS_MAX];
};

struct ready {
	struct word_set word, name, words; /* of the code's word, of the name, of both */
};

struct kl_pursuits {
	struct sb_stemmer *stemmer;
	size_t n;
	struct ready activities[];
};

/* ---- words ----------------------------------------------------------------------------------- */

static uint64_t number_of(const void *bytes, size_t len)
{
	const struct kl_bytes part = kl_bytes(bytes, len);
	struct kl_id hash;

	kl_hash_of("keeplocal/pursuit", &part, 1, &hash);
	return kl_get_u64(hash.b);
}

static void add(struct word_set *set, uint64_t number)
{
	size_t at = set->n;

	while (at > 0 && set->items[at - 1] > number)
		at--;
	if (set->n == WORDS_MAX || (at > 0 && set->items[at - 1] == number))
		return;
	memmove(set->items + at + 1, set->items + at, (set->n - at) * sizeof *set->items);
	set->items[at] = number;
	set->n++;
}

static bool is_small_word(const char *word, size_t len)
{
	static const char *const small[] = {"a", "an", "and", "at", "by", "for", "from", "in", "of",
		"on", "or", "our", "the", "to", "with"};

	for (size_t i = 0; i < sizeof small / sizeof *small; i++)
		if (strlen(small[i]) == len && !memcmp(small[i], word, len))
			return true;
	return false;
}

/* Endings are English; a word with other letters counts as it is. */
static void add_word(struct sb_stemmer *stemmer, struct word_set *set, const char *word, size_t len)
{
	const sb_symbol *stem = NULL;

	if (!len || is_small_word(word, len))
		return;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)word[i] >= 0x80) {
			add(set, number_of(word, len));
			return;
		}
	stem = sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)len);
	if (stem)
		add(set, number_of(stem, (size_t)sb_stemmer_length(stemmer)));
}

/* `plain` is what kl_name_words() makes. */
static void words_of(struct sb_stemmer *stemmer, const char *plain, struct word_set *set)
{
	for (size_t len; *plain; plain += len + (plain[len] == ' ')) {
		len = strcspn(plain, " ");
		add_word(stemmer, set, plain, len);
	}
}

/* ---- the bank -------------------------------------------------------------------------------- */

static void make_ready(struct sb_stemmer *stemmer, const struct kl_activity *it, struct ready *out)
{
	const char *dot = strchr(it->code, '.');
	char word[KL_NAME_MAX], name[KL_NAME_MAX];

	kl_name_words(dot ? dot + 1 : it->code, word);
	kl_name_words(it->name, name);
	words_of(stemmer, word, &out->word);
	words_of(stemmer, name, &out->name);
	words_of(stemmer, word, &out->words);
	words_of(stemmer, name, &out->words);
}

struct kl_pursuits *kl_pursuits_new(void)
{
	const size_t n = kl_activity_count();
	struct kl_pursuits *pursuits =
		calloc(1, sizeof *pursuits + n * sizeof *pursuits->activities);

	if (!pursuits)
		return NULL;
	pursuits->n = n;
	pursuits->stemmer = sb_stemmer_new("english", NULL);
	if (!pursuits->stemmer) {
		free(pursuits);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		make_ready(pursuits->stemmer, kl_activity_at(i), &pursuits->activities[i]);
	return pursuits;
}

void kl_pursuits_destroy(struct kl_pursuits *pursuits)
{
	if (!pursuits)
		return;
	sb_stemmer_delete(pursuits->stemmer);
	free(pursuits);
}

/* ---- what an item means ---------------------------------------------------------------------- */

static bool same(const struct word_set *a, const struct word_set *b)
{
	return a->n == b->n && !memcmp(a->items, b->items, a->n * sizeof *a->items);
}

static bool is_called(const struct ready *it, const struct word_set *words)
{
	return same(&it->word, words) || same(&it->name, words);
}

/* The activity with this code, or the number of activities. */
static size_t by_code(const char *item)
{
	size_t i = strchr(item, '.') ? 0 : kl_activity_count(); /* all have a dot, few items do */

	while (i < kl_activity_count() && !kl_words_equal(kl_activity_at(i)->code, item))
		i++;
	return i;
}

static bool has_all(const struct word_set *whole, const struct word_set *part)
{
	size_t k = 0;

	for (size_t i = 0; i < part->n; i++) {
		while (k < whole->n && whole->items[k] < part->items[i])
			k++;
		if (k == whole->n || whole->items[k] != part->items[i])
			return false;
	}
	return true;
}

/* The one activity that has all these words, or the number of activities. */
static size_t only_one(const struct kl_pursuits *pursuits, const struct word_set *words)
{
	size_t found = pursuits->n;

	for (size_t i = 0; i < pursuits->n; i++) {
		if (!has_all(&pursuits->activities[i].words, words))
			continue;
		if (found < pursuits->n)
			return pursuits->n;
		found = i;
	}
	return found;
}

uint64_t kl_pursuit_of(struct kl_pursuits *pursuits, const char *item)
{
	char plain[KL_NAME_MAX];
	struct word_set words = {0};
	size_t found = by_code(item);

	if (found < pursuits->n)
		return found;
	kl_name_words(item, plain);
	words_of(pursuits->stemmer, plain, &words);
	if (!words.n)
		return number_of(plain, strlen(plain)) | KL_PURSUIT_OWN;
	for (size_t i = 0; i < pursuits->n; i++)
		if (is_called(&pursuits->activities[i], &words))
			return i;
	found = only_one(pursuits, &words);
	if (found < pursuits->n)
		return found;
	return number_of(words.items, words.n * sizeof *words.items) | KL_PURSUIT_OWN;
}

const struct kl_activity *kl_pursuit_activity(uint64_t pursuit)
{
	return pursuit < kl_activity_count() ? kl_activity_at((size_t)pursuit) : NULL;
}
