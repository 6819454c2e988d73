#include "core/snippet.h"

#include <string.h>

static const char dots[] = "...";

enum { DOTS = sizeof dots - 1 };

/* A word of the search that stands in the text. */
struct match {
	size_t from, to;
	uint32_t word; /* its bit */
};

struct matches {
	struct match items[KL_SNIPPET_MATCHES_MAX];
	size_t n;
};

static bool begins(struct kl_bytes text, const struct kl_query_term *start)
{
	return text.len >= start->len && !memcmp(text.data, start->text, start->len);
}

/* `loose`: words of the search that are taken for beginnings, too. */
static bool fits(const struct kl_query *query, size_t i, uint32_t loose, struct kl_bytes stem,
	const struct kl_word *word)
{
	const struct kl_query_word *asked = &query->words[i];

	for (size_t k = 0; k < asked->n_terms; k++)
		if (kl_bytes_equal(stem, kl_bytes(asked->terms[k].text, asked->terms[k].len)))
			return true;
	return loose >> i & 1 && kl_query_may_begin(asked) &&
	       begins(kl_bytes(word->folded, word->len), &asked->start);
}

/* Returns the bits of the words that were found. */
static uint32_t find_matches(struct kl_bytes text, const struct kl_query *query, uint32_t loose,
	struct sb_stemmer *stemmer, struct matches *m)
{
	uint32_t found = 0;
	struct kl_word word;
	size_t at = 0;

	m->n = 0;
	while (m->n < KL_SNIPPET_MATCHES_MAX && kl_word_next(text, &at, &word)) {
		struct kl_bytes stem = kl_stem(stemmer, word.folded, word.len);

		for (size_t i = 0; i < query->n; i++)
			if (fits(query, i, loose, stem, &word)) {
				m->items[m->n++] = (struct match){word.from, word.to, 1u << i};
				found |= 1u << i;
				break;
			}
	}
	return found;
}

/* The row of matches within `width` bytes that has the most different words, then the most at all. */
static struct match best_row(const struct matches *m, size_t width)
{
	struct match best = {0};
	unsigned best_points = 0;

	for (size_t i = 0; i < m->n; i++) {
		uint32_t words = 0;
		unsigned points, n = 0;
		size_t to = m->items[i].to;

		for (size_t j = i; j < m->n && m->items[j].to - m->items[i].from <= width; j++) {
			words |= m->items[j].word;
			to = m->items[j].to;
			n++;
		}
		points = (unsigned)__builtin_popcount(words) * KL_SNIPPET_MATCHES_MAX + n;
		if (n && points > best_points) {
			best = (struct match){m->items[i].from, to, words};
			best_points = points;
		}
	}
	return best;
}

/* Whether a sentence begins at `at`. */
static bool begins_sentence(struct kl_bytes text, size_t at)
{
	static const char ends[] = {'.', '!', '?', ':', '\n'};
	size_t i = at;

	while (i && (text.data[i - 1] == ' ' || text.data[i - 1] == '\n'))
		i--;
	return i < at && (!i || memchr(ends, text.data[i - 1], sizeof ends) ||
				 memchr(text.data + i, '\n', at - i));
}

/* Where a piece of at most `width` bytes begins that has the row inside: a third of what is left stands
 * before it at most, from the beginning of a sentence if there is one, or of a word; but the text's own
 * beginning is left out only if the row stands behind it. */
static size_t begin_before(struct kl_bytes text, const struct match *row, size_t width)
{
	size_t spare = row->to - row->from < width ? width - (row->to - row->from) : 0;
	size_t earliest, from = row->from, at = 0;
	struct kl_word word;

	if (text.len <= width || row->from <= spare / 3 || row->to <= 2 * width / 3)
		return 0;
	earliest = row->from - spare / 3;
	while (kl_word_next(text, &at, &word) && word.from <= row->from) {
		if (word.from < earliest)
			continue;
		if (begins_sentence(text, word.from))
			return word.from;
		if (word.from < from)
			from = word.from;
	}
	return from;
}

/* On one line, with single blanks. Returns how many bytes of the text went in. */
static size_t write_line(struct kl_bytes text, char *out, size_t room, size_t *ret_len)
{
	size_t len = 0, i = 0;
	bool blank = false;

	while (i < text.len) {
		uint8_t c = text.data[i];
		uint32_t point;
		size_t n = kl_utf8_next(kl_bytes(text.data + i, text.len - i), &point);

		if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
			blank = len > 0;
			i++;
			continue;
		}
		n = n ? n : 1;
		if (len + blank + n > room)
			break;
		if (blank)
			out[len++] = ' ';
		blank = false;
		memcpy(out + len, text.data + i, n);
		len += n;
		i += n;
	}
	*ret_len = len;
	return i;
}

/* Takes off what was begun of a word, if there is a blank in the second half of the line. */
static size_t end_of_word(const char *out, size_t len)
{
	for (size_t end = len; end > len / 2; end--)
		if (out[end - 1] == ' ')
			return end - 1;
	return len;
}

static void write_piece(struct kl_bytes text, size_t from, char *out, size_t size)
{
	size_t front = from ? DOTS : 0, room = size - 1 - front - DOTS, len, done;
	struct kl_bytes rest = kl_bytes(text.data + from, text.len - from);

	memcpy(out, dots, front);
	done = write_line(rest, out + front, room, &len);
	if (done < rest.len) {
		bool inside = rest.data[done] != ' ' && rest.data[done] != '\n';

		len = inside ? end_of_word(out + front, len) : len;
		memcpy(out + front + len, dots, DOTS);
		len += DOTS;
	}
	out[front + len] = '\0';
	kl_text_make_plain(out, false);
}

int kl_snippet(struct kl_bytes text, const struct kl_query *query, char *out, size_t size)
{
	struct sb_stemmer *stemmer = kl_stemmer_new();
	struct matches matches;
	struct match row;
	uint32_t found;
	size_t width;

	KL_ASSERT(size >= KL_SNIPPET_MIN && query->n <= KL_QUERY_WORDS_MAX);
	if (!stemmer)
		return KL_E_NOMEM;
	width = size - 1 - 2 * DOTS;
	found = find_matches(text, query, 0, stemmer, &matches);
	if (found != (1u << query->n) - 1)
		(void)find_matches(text, query, ~found, stemmer, &matches);
	kl_stemmer_delete(stemmer);
	row = best_row(&matches, width);
	write_piece(text, begin_before(text, &row, width), out, size);
	return KL_OK;
}
