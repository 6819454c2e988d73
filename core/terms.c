#include "core/terms.h"
#include "core/error.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>

/* ---- letters --------------------------------------------------------------------------------- */

/* What a character is inside of a text. */
enum sort { OTHER, LETTER, DIGIT, HIDDEN, APOSTROPHE, HYPHEN, COMMA, POINT };

struct letter {
	enum sort sort;
	uint8_t bytes; /* that it takes in the text */
	uint8_t len;   /* of the folded letter, at most 4 */
	char folded[4];
};

/* U+00C0 to U+017F without their accents, two characters each. */
static const char latin[] = "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thss"
			    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thy "
			    "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "
			    "g g g g h h h h i i i i i i i i i i ijijj j k k k l l l l l l l "
			    "l l l n n n n n n n n n o o o o o o oeoer r r r r r s s s s s s "
			    "s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s ";

/* U+FB00 to U+FB06: what comes out of printed pages. */
static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

struct range {
	uint32_t first, last;
};

static bool is_in(uint32_t point, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

/* Accents that follow their letter, marks of direction, characters of no width. */
static bool is_hidden(uint32_t point)
{
	static const struct range ranges[] = {{0xad, 0xad}, {0x300, 0x36f}, {0x61c, 0x61c},
		{0x180e, 0x180e}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f},
		{0xfe00, 0xfe0f}, {0xfeff, 0xfeff}};

	return is_in(point, ranges, sizeof ranges / sizeof *ranges);
}

/* Punctuation, signs and pictures beyond Latin. */
static bool is_sign(uint32_t point)
{
	static const struct range ranges[] = {{0x80, 0xbf}, {0xd7, 0xd7}, {0xf7, 0xf7},
		{0x2000, 0x2bff}, {0x2e00, 0x2e7f}, {0x3000, 0x303f}, {0xe000, 0xf8ff},
		{0xfe10, 0xfe6f}, {0xff00, 0xff0f}, {0xff1a, 0xff20}, {0xfff0, 0xffff},
		{0x1f000, 0x1faff}, {0xe0000, 0x10ffff}};

	return is_in(point, ranges, sizeof ranges / sizeof *ranges);
}

static void fold_to(struct letter *letter, const char *folded, size_t len)
{
	letter->sort = LETTER;
	letter->len = (uint8_t)len;
	memcpy(letter->folded, folded, len);
}

static void look_at_ascii(struct letter *letter, char c)
{
	char lower = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);

	letter->len = 1;
	letter->folded[0] = lower;
	letter->sort = lower >= 'a' && lower <= 'z' ? LETTER
		       : c >= '0' && c <= '9'       ? DIGIT
		       : c == '\''                  ? APOSTROPHE
		       : c == '-'                   ? HYPHEN
		       : c == ','                   ? COMMA
		       : c == '.'                   ? POINT
						    : OTHER;
}

static void look_beyond(struct letter *letter, uint32_t point, const uint8_t *bytes)
{
	if (point == 0x2019 || point == 0x2bc) {
		letter->sort = APOSTROPHE;
	} else if (point == 0x2010 || point == 0x2011) {
		letter->sort = HYPHEN;
	} else if (is_hidden(point)) {
		letter->sort = HIDDEN;
	} else if (is_sign(point)) {
		letter->sort = OTHER;
	} else if (point <= 0x17f) {
		const char *pair = latin + 2 * (size_t)(point - 0xc0);

		fold_to(letter, pair, pair[1] == ' ' ? 1 : 2);
	} else if (point >= 0xfb00 && point <= 0xfb06) {
		fold_to(letter, ligatures[point - 0xfb00], strlen(ligatures[point - 0xfb00]));
	} else {
		fold_to(letter, (const char *)bytes, letter->bytes);
	}
}

/* The character at `at`, which is inside of the text. */
static struct letter look(struct kl_bytes text, size_t at)
{
	struct letter letter = {.sort = OTHER, .bytes = 1};
	uint32_t point;
	size_t n;

	if (text.data[at] < 0x80) {
		look_at_ascii(&letter, (char)text.data[at]);
		return letter;
	}
	n = kl_utf8_next(kl_bytes(text.data + at, text.len - at), &point);
	if (n) {
		letter.bytes = (uint8_t)n;
		look_beyond(&letter, point, text.data + at);
	}
	return letter;
}

/* The sort of what one sees next. */
static enum sort sort_at(struct kl_bytes text, size_t at)
{
	while (at < text.len) {
		struct letter letter = look(text, at);

		if (letter.sort != HIDDEN)
			return letter.sort;
		at += letter.bytes;
	}
	return OTHER;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* A word as far as it was read. */
struct reading {
	struct kl_word *word;
	enum sort before;
	bool cut;
	uint8_t apostrophe; /* what was folded before the last one; 0: none */
};

static void append(struct reading *r, const struct letter *letter)
{
	struct kl_word *word = r->word;

	if (r->cut || word->len + letter->len > KL_TERM_MAX) {
		r->cut = true;
		return;
	}
	memcpy(word->folded + word->len, letter->folded, letter->len);
	word->len = (uint8_t)(word->len + letter->len);
}

/* Takes the character into the word; false if the word ends before it. */
static bool take(struct reading *r, struct kl_bytes text, size_t at, const struct letter *letter)
{
	enum sort next;

	if (letter->sort == HIDDEN)
		return true;
	if (letter->sort == LETTER || letter->sort == DIGIT) {
		append(r, letter);
		r->before = letter->sort;
		return true;
	}
	if (letter->sort != APOSTROPHE && letter->sort != COMMA && letter->sort != POINT)
		return false;
	next = sort_at(text, at + letter->bytes);
	if (letter->sort == APOSTROPHE) {
		r->apostrophe = r->word->len;
		return next == LETTER;
	}
	if (r->before != DIGIT || next != DIGIT)
		return false;
	if (letter->sort == POINT)
		append(r, letter);
	return true;
}

bool kl_word_next(struct kl_bytes text, size_t *at, struct kl_word *ret_word)
{
	struct reading r = {.word = ret_word, .before = OTHER};
	struct letter letter = {.sort = OTHER};
	size_t begin = *at, from = begin;

	for (; from < text.len; from += letter.bytes) {
		letter = look(text, from);
		if (letter.sort == LETTER || letter.sort == DIGIT)
			break;
	}
	*at = from;
	if (from >= text.len)
		return false;
	*ret_word = (struct kl_word){.from = from, .to = from};
	if (begin && begin < from) {
		letter = look(text, begin);
		ret_word->joined = letter.sort == HYPHEN && begin + letter.bytes == from;
	}
	for (size_t i = from; i < text.len; i += letter.bytes) {
		letter = look(text, i);
		if (!take(&r, text, i, &letter))
			break;
		ret_word->to = i + letter.bytes;
	}
	if (r.apostrophe && ret_word->len == r.apostrophe + 1 &&
		ret_word->folded[r.apostrophe] == 's')
		ret_word->len = r.apostrophe;
	*at = ret_word->to;
	return true;
}

static int by_text(const void *key, const void *item)
{
	return strcmp(key, *(const char *const *)item);
}

bool kl_word_is_stop(const struct kl_word *word)
{
	static const char *const words[] = {"about", "all", "also", "an", "and", "any", "are", "as",
		"at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "dont", "for",
		"from", "had", "has", "have", "he", "her", "his", "how", "if", "in", "into", "is",
		"it", "its", "me", "my", "no", "nor", "not", "of", "on", "or", "our", "she", "so",
		"such", "than", "that", "the", "their", "them", "then", "there", "these", "they",
		"this", "those", "to", "us", "was", "we", "were", "what", "when", "which", "who",
		"will", "with", "would", "you", "your"};
	enum { LONGEST = 5 };
	char text[LONGEST + 1];

	if (word->len > LONGEST)
		return false;
	if (word->len < 2)
		return !word->len || word->folded[0] < '0' || word->folded[0] > '9';
	memcpy(text, word->folded, word->len);
	text[word->len] = '\0';
	return bsearch(text, words, sizeof words / sizeof *words, sizeof *words, by_text);
}

bool kl_compound_take(
	struct kl_compound *compound, const struct kl_word *word, struct kl_word *ret_whole)
{
	struct kl_compound *c = compound;
	bool goes_on = word && word->joined && c->parts, ended = false;

	if (!goes_on) {
		ended = c->parts > 1 && !c->cut && c->letters;
		if (ended) {
			*ret_whole = (struct kl_word){.len = c->len};
			memcpy(ret_whole->folded, c->folded, c->len);
		}
		*c = (struct kl_compound){0};
	}
	if (!word)
		return ended;
	c->parts++;
	c->letters |= word->folded[0] < '0' || word->folded[0] > '9';
	if (c->len + word->len > KL_TERM_MAX) {
		c->cut = true;
		return ended;
	}
	memcpy(c->folded + c->len, word->folded, word->len);
	c->len = (uint8_t)(c->len + word->len);
	return ended;
}

/* ---- stems ----------------------------------------------------------------------------------- */

struct sb_stemmer *kl_stemmer_new(void)
{
	return sb_stemmer_new("english", "UTF_8");
}

void kl_stemmer_delete(struct sb_stemmer *stemmer)
{
	if (stemmer)
		sb_stemmer_delete(stemmer);
}

/* "organization" as it is spelt on this side of the ocean. */
static void spell(char *word, size_t len)
{
	static const char *const ends[] = {
		"ize", "izes", "ized", "izer", "izers", "izing", "ization", "izations"};

	for (size_t i = 0; memchr(word, 'z', len) && i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);

		if (len >= n + 3 && !memcmp(word + len - n, ends[i], n))
			word[len - n + 1] = 's';
	}
}

struct kl_bytes kl_stem(struct sb_stemmer *stemmer, const char *folded, size_t len)
{
	char word[KL_TERM_MAX];
	const sb_symbol *stem;
	int n;

	KL_ASSERT(len <= sizeof word);
	memcpy(word, folded, len);
	spell(word, len);
	stem = sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)len);
	if (!stem)
		return kl_bytes("", 0);
	n = sb_stemmer_length(stemmer);
	return kl_bytes(stem, n > KL_TERM_MAX ? KL_TERM_MAX : (size_t)n);
}

/* ---- a document ------------------------------------------------------------------------------ */

enum { SLOTS = 2 * KL_TERMS_MAX };

int kl_terms_init(struct kl_terms *terms)
{
	*terms = (struct kl_terms){
		.items = malloc(KL_TERMS_MAX * sizeof *terms->items),
		.slots = calloc(SLOTS, sizeof *terms->slots),
		.stemmer = kl_stemmer_new(),
	};
	if (terms->items && terms->slots && terms->stemmer)
		return KL_OK;
	kl_terms_deinit(terms);
	return KL_E_NOMEM;
}

void kl_terms_deinit(struct kl_terms *terms)
{
	free(terms->items);
	free(terms->slots);
	kl_stemmer_delete(terms->stemmer);
	*terms = (struct kl_terms){0};
}

void kl_terms_clear(struct kl_terms *terms)
{
	memset(terms->slots, 0, SLOTS * sizeof *terms->slots);
	terms->n = 0;
	terms->words = terms->title_words = 0;
}

static struct kl_term *obtain(struct kl_terms *terms, struct kl_bytes text)
{
	uint32_t hash = 2166136261u;
	struct kl_term *term;
	size_t slot;

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ text.data[i]) * 16777619u;
	for (slot = hash % SLOTS; terms->slots[slot]; slot = (slot + 1) % SLOTS) {
		term = &terms->items[terms->slots[slot] - 1];
		if (term->len == text.len && !memcmp(term->text, text.data, text.len))
			return term;
	}
	if (terms->n == KL_TERMS_MAX)
		return NULL;
	term = &terms->items[terms->n++];
	terms->slots[slot] = (uint16_t)terms->n;
	*term = (struct kl_term){.len = (uint8_t)text.len};
	memcpy(term->text, text.data, text.len);
	return term;
}

static void add(struct kl_terms *terms, const struct kl_word *word, bool title)
{
	struct kl_bytes stem = kl_stem(terms->stemmer, word->folded, word->len);
	struct kl_term *term = stem.len ? obtain(terms, stem) : NULL;

	if (!term)
		return;
	if (title)
		term->in_title += term->in_title < KL_TERM_TITLE_MAX;
	else
		term->in_text += term->in_text < KL_TERM_TEXT_MAX;
}

void kl_terms_add(struct kl_terms *terms, struct kl_bytes text, bool title)
{
	struct kl_compound compound = {0};
	struct kl_word word, whole;
	size_t at = 0;

	while (kl_word_next(text, &at, &word)) {
		if (kl_compound_take(&compound, &word, &whole))
			add(terms, &whole, title);
		if (kl_word_is_stop(&word))
			continue;
		add(terms, &word, title);
		if (title)
			terms->title_words++;
		else
			terms->words++;
	}
	if (kl_compound_take(&compound, NULL, &whole))
		add(terms, &whole, title);
}

uint16_t kl_terms_length(const struct kl_terms *terms)
{
	uint64_t length = (uint64_t)terms->words + (uint64_t)KL_TERMS_TITLE * terms->title_words;

	return length > KL_TERMS_LENGTH_MAX ? KL_TERMS_LENGTH_MAX : length ? (uint16_t)length : 1;
}
