#include "core/query.h"

#include <string.h>

static void set_term(struct kl_query_term *term, struct kl_bytes text)
{
	term->len = (uint8_t)text.len;
	memcpy(term->text, text.data, text.len);
}

static bool same_term(const struct kl_query_term *a, const struct kl_query_term *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

bool kl_query_may_begin(const struct kl_query_word *word)
{
	return word->start.len >= KL_QUERY_START_MIN;
}

static int too_many(struct kl_fault *fault)
{
	return kl_fault(fault, KL_E_USAGE, "a search has at most %d words", KL_QUERY_WORDS_MAX);
}

/* Behind the others, unless the same is asked for already. */
static int add_word(struct kl_query *query, const struct kl_word *word, struct sb_stemmer *stemmer,
	struct kl_fault *fault)
{
	struct kl_query_word made = {.n_terms = 1};

	set_term(&made.terms[0], kl_stem(stemmer, word->folded, word->len));
	set_term(&made.start, kl_bytes(word->folded, word->len));
	if (!made.terms[0].len)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	for (size_t i = 0; i < query->n; i++)
		if (same_term(&query->words[i].terms[0], &made.terms[0]))
			return KL_OK;
	if (query->n == KL_QUERY_WORDS_MAX)
		return too_many(fault);
	query->words[query->n++] = made;
	return KL_OK;
}

/* Each part of the compound is found by the whole, too. */
static void add_whole(struct kl_query *query, size_t first, const struct kl_word *whole,
	struct sb_stemmer *stemmer)
{
	struct kl_query_term term;

	set_term(&term, kl_stem(stemmer, whole->folded, whole->len));
	for (size_t i = first; term.len && i < query->n; i++)
		if (query->words[i].n_terms < KL_QUERY_TERMS_MAX)
			query->words[i].terms[query->words[i].n_terms++] = term;
}

static int read_words(struct kl_bytes text, struct sb_stemmer *stemmer, struct kl_query *query,
	bool *ret_stops, struct kl_fault *fault)
{
	struct kl_compound compound = {0};
	struct kl_word word, whole;
	size_t at = 0, first = 0;
	int rc = KL_OK;

	*ret_stops = false;
	while (!rc && kl_word_next(text, &at, &word)) {
		if (kl_compound_take(&compound, &word, &whole))
			add_whole(query, first, &whole, stemmer);
		if (compound.parts == 1)
			first = query->n;
		if (kl_word_is_stop(&word))
			*ret_stops = true;
		else
			rc = add_word(query, &word, stemmer, fault);
	}
	if (!rc && kl_compound_take(&compound, NULL, &whole))
		add_whole(query, first, &whole, stemmer);
	return rc;
}

int kl_query_read(const char *text, struct kl_query *ret_query, struct kl_fault *fault)
{
	struct kl_query query = {.n = 0};
	struct sb_stemmer *stemmer = kl_stemmer_new();
	bool stops;
	int rc;

	if (!stemmer)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	rc = read_words(kl_bytes_str(text), stemmer, &query, &stops, fault);
	kl_stemmer_delete(stemmer);
	if (rc)
		return rc;
	if (!query.n) {
		kl_fault(fault, KL_E_USAGE,
			stops ? "words like these stand in every text"
			      : "there is no word to search for");
		(void)kl_fault_hint(fault, "name one or two words, such as: asset transfer");
		return KL_E_USAGE;
	}
	*ret_query = query;
	return KL_OK;
}
