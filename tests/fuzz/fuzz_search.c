/* Full text: any bytes are words, terms, questions and snippets. What stands in a text is found by
 * asking for it. And blocks of the index, as a damaged database may have them. */
#include "core/snippet.h"
#include "store/inside.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

static bool has_term(const struct kl_terms *terms, const struct kl_query_term *term)
{
	for (size_t i = 0; i < terms->n; i++)
		if (kl_bytes_equal(
			    kl_term_bytes(&terms->items[i]), kl_bytes(term->text, term->len)))
			return true;
	return false;
}

/* Whoever types the text finds it: every word of the query is a term of it. */
static int check_query(const uint8_t *data, size_t len, const struct kl_terms *terms)
{
	char *text = fuzz_text(data, len), out[100];
	struct kl_query query;
	int rc = strlen(text) == len ? kl_query_read(text, &query, NULL) : KL_E_USAGE;

	if (!rc) {
		FUZZ_CHECK(query.n >= 1 && query.n <= KL_QUERY_WORDS_MAX);
		for (size_t i = 0; i < query.n; i++)
			FUZZ_CHECK(has_term(terms, &query.words[i].terms[0]));
		for (size_t size = KL_SNIPPET_MIN; size < sizeof out; size += 31) {
			FUZZ_CHECK(!kl_snippet(kl_bytes(data, len), &query, out, size));
			FUZZ_CHECK(strlen(out) < size);
			FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(out), false));
		}
	}
	free(text);
	return rc == KL_OK;
}

static void check_words(struct kl_bytes text)
{
	struct kl_word word;
	size_t at = 0, before = 0;

	while (kl_word_next(text, &at, &word)) {
		FUZZ_CHECK(word.from >= before && word.from < word.to && word.to <= text.len);
		FUZZ_CHECK(word.len >= 1 && word.len <= KL_TERM_MAX);
		FUZZ_CHECK(kl_text_is_plain(kl_bytes(word.folded, word.len), false));
		FUZZ_CHECK(!word.joined || (before && word.from > before));
		FUZZ_CHECK(at == word.to);
		before = at;
	}
	FUZZ_CHECK(at == text.len);
}

void kl_fuzz_samples_search(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "Asset transfer of the town hall");
	fuzz_sample_text(corpus, "co-production, not-for-profit: £1,200 or 1.5m in 2016-17");
	fuzz_sample_text(corpus, "the council's café and O’Brien’s naïve organization");
	fuzz_sample_text(corpus, "社区 中心 e\xef\xac\x80ort \xf0\x9f\x8c\x8d");
	fuzz_seed_text(corpus, "co\xc2\xadop\xe2\x80\x8b-e\xcc\x81lan \xe2\x80\xae\xff\xc3");
	fuzz_seed_text(corpus, "'s 1,2,3.4.5 a-b-c-d-e");
	fuzz_seed_text(corpus, "");
}

int kl_fuzz_search(const uint8_t *data, size_t len)
{
	struct kl_bytes text = kl_bytes(data, len);
	struct kl_terms terms;
	int accepted;

	check_words(text);
	FUZZ_CHECK(!kl_terms_init(&terms));
	kl_terms_add(&terms, text, false);
	FUZZ_CHECK(terms.n <= KL_TERMS_MAX && kl_terms_length(&terms) >= 1);
	for (size_t i = 0; i < terms.n; i++)
		FUZZ_CHECK(terms.items[i].len && terms.items[i].len <= KL_TERM_MAX &&
			   terms.items[i].in_text && !terms.items[i].in_title);
	accepted = check_query(data, len, &terms);
	kl_terms_deinit(&terms);
	return accepted;
}

/* ---- blocks of the index --------------------------------------------------------------------- */

void kl_fuzz_samples_index_block(struct fuzz_corpus *corpus)
{
	static const uint8_t two[] = {5, 'a', 's', 's', 'e', 't', 4, 0, 1, 9, 33, 4, 'h', 'a', 'l',
		'l', 3, 0x81, 0x2c, 2};

	fuzz_sample(corpus, two, sizeof two);
	fuzz_sample(corpus, two, 11);
	fuzz_sample(corpus, "", 0);
}

/* Documents rise and stay in their segment. */
static bool check_postings(struct kl_bytes postings)
{
	int place = -1, before;
	uint8_t weight;

	do {
		before = place;
		if (kl_posting_next(&postings, &place, &weight)) {
			FUZZ_CHECK(place == before);
			return false;
		}
		FUZZ_CHECK(place > before && place < KL_SEGMENT_DOCUMENTS);
	} while (postings.len);
	return true;
}

int kl_fuzz_index_block(const uint8_t *data, size_t len)
{
	struct kl_bytes rest = kl_bytes(data, len);
	struct kl_entry entry;

	while (rest.len) {
		struct kl_bytes before = rest;

		if (kl_entry_next(&rest, &entry)) {
			FUZZ_CHECK(rest.data == before.data && rest.len == before.len);
			return 0;
		}
		FUZZ_CHECK(rest.len < before.len);
		FUZZ_CHECK(entry.term.len >= 1 && entry.term.len <= KL_TERM_MAX);
		FUZZ_CHECK(fuzz_inside(data, len, entry.term));
		FUZZ_CHECK(entry.postings.len && fuzz_inside(data, len, entry.postings));
		if (!check_postings(entry.postings))
			return 0;
	}
	return 1;
}
