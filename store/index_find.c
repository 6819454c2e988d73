#include "store/index.h"

#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

/* The documents of a segment that have a term. Views live as long as the transaction. */
struct list {
	uint32_t segment;
	struct kl_bytes postings;
};

/* All lists of a word of the search, by rising segments. */
struct lists {
	struct list *items;
	size_t n, room, next; /* next: of the segment that is looked at */
	uint64_t with;        /* documents; those of two terms are counted twice */
	double weight;
};

struct lengths {
	uint32_t segment;
	const uint8_t *row;
};

struct search {
	struct kl_txn txn;
	const struct kl_query *query;
	kl_wants_fn *wants;
	void *arg;
	struct kl_best best;
	struct kl_hit_counts found;
	struct lists words[KL_QUERY_WORDS_MAX];
	struct lengths *segments;
	size_t n_segments, segments_room;
	uint64_t documents, total; /* total: of their lengths */
};

/* 0: no document, or none that stands. */
static uint16_t length_at(const uint8_t *row, size_t place)
{
	uint16_t length = kl_get_u16(row + 2 * place);

	return length == KL_LENGTH_STRUCK ? 0 : length;
}

/* ---- gathering the lists --------------------------------------------------------------------- */

static int note_segment(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct search *s = arg;

	if (key.len != KL_SEGMENT_KEY_BYTES || value.len != KL_LENGTHS_BYTES)
		return KL_E_DAMAGED;
	if (s->n_segments == s->segments_room) {
		size_t room = s->segments_room ? 2 * s->segments_room : 64;
		struct lengths *more = realloc(s->segments, room * sizeof *more);

		if (!more)
			return KL_E_NOMEM;
		s->segments = more;
		s->segments_room = room;
	}
	s->segments[s->n_segments++] = (struct lengths){kl_key_get_u32(key.data), value.data};
	for (size_t i = 0; i < KL_SEGMENT_DOCUMENTS; i++) {
		uint16_t length = length_at(value.data, i);

		s->documents += length > 0;
		s->total += length;
	}
	return KL_VISIT_ON;
}

/* Counts the documents, and so sees that the postings can be read. */
static int count_documents(struct kl_bytes postings, uint64_t *with)
{
	int place = -1, rc = KL_OK;
	uint8_t weight;

	for (; postings.len && rc == KL_OK; (*with)++)
		rc = kl_posting_next(&postings, &place, &weight);
	return rc;
}

static int note_list(struct lists *lists, uint32_t segment, struct kl_bytes postings)
{
	if (lists->n == lists->room) {
		size_t room = lists->room ? 2 * lists->room : 64;
		struct list *more = realloc(lists->items, room * sizeof *more);

		if (!more)
			return KL_E_NOMEM;
		lists->items = more;
		lists->room = room;
	}
	lists->items[lists->n++] = (struct list){segment, postings};
	return count_documents(postings, &lists->with);
}

static int order_of(struct kl_bytes a, struct kl_bytes b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int gather_term(
	struct search *s, struct lists *lists, uint32_t segment, struct kl_bytes term)
{
	struct kl_bytes key, block, next;
	struct kl_entry entry;
	struct kl_key front;
	int rc, order = -1;

	kl_segment_key(&front, segment);
	rc = kl_txn_block(&s->txn, &front, term, &key, &block, &next);
	if (rc < 0)
		return rc == KL_E_NOT_FOUND ? KL_OK : rc;
	while (rc == KL_OK && block.len && order < 0) {
		rc = kl_entry_next(&block, &entry);
		order = rc == KL_OK ? order_of(entry.term, term) : 0;
	}
	return rc == KL_OK && !order ? note_list(lists, segment, entry.postings) : rc;
}

/* The lists of the word's own terms. */
static int gather(struct search *s, size_t word)
{
	const struct kl_query_word *asked = &s->query->words[word];
	int rc = KL_OK;

	for (size_t i = 0; i < s->n_segments; i++)
		for (size_t k = 0; k < asked->n_terms && rc == KL_OK; k++)
			rc = gather_term(s, &s->words[word], s->segments[i].segment,
				kl_bytes(asked->terms[k].text, asked->terms[k].len));
	return rc;
}

struct beginning {
	struct lists *lists;
	struct kl_bytes start;
	uint32_t segment;
	size_t left; /* terms of the segment that may still be taken */
};

static int note_beginnings(void *arg, struct kl_bytes key, struct kl_bytes block)
{
	struct beginning *b = arg;
	struct kl_entry entry;
	int rc = KL_OK;

	(void)key;
	while (rc == KL_OK && block.len) {
		bool begins;

		rc = kl_entry_next(&block, &entry);
		if (rc < 0)
			break;
		begins = entry.term.len >= b->start.len &&
			 !memcmp(entry.term.data, b->start.data, b->start.len);
		if (!begins && order_of(entry.term, b->start) > 0)
			return KL_VISIT_STOP;
		if (begins && !b->left--)
			return KL_VISIT_STOP;
		if (begins)
			rc = note_list(b->lists, b->segment, entry.postings);
	}
	return rc;
}

static int gather_beginnings(struct search *s, struct lists *lists, struct kl_bytes start)
{
	int rc = KL_OK;

	for (size_t i = 0; i < s->n_segments && rc == KL_OK; i++) {
		struct beginning b = {
			lists, start, s->segments[i].segment, KL_INDEX_BEGINNINGS_MAX};
		struct kl_bytes key, block, next;
		struct kl_key front;

		kl_segment_key(&front, b.segment);
		rc = kl_txn_block(&s->txn, &front, start, &key, &block, &next);
		if (rc == KL_OK)
			rc = kl_txn_visit(&s->txn, KL_TABLE_POSTINGS, kl_key_view(&front), key,
				note_beginnings, &b);
		else if (rc == KL_E_NOT_FOUND)
			rc = KL_OK;
	}
	return rc;
}

/* A word that stands nowhere: other words that begin so, or nearly so. */
static int gather_begun(struct search *s, size_t word)
{
	const struct kl_query_word *asked = &s->query->words[word];
	struct lists *lists = &s->words[word];
	size_t len = asked->start.len;
	int rc = KL_OK;

	for (size_t off = 0; off <= KL_INDEX_SHORTENED_MAX && !lists->n && rc == KL_OK; off++)
		if (off ? len >= off + KL_INDEX_SHORTENED_MIN : kl_query_may_begin(asked))
			rc = gather_beginnings(s, lists, kl_bytes(asked->start.text, len - off));
	if (lists->n)
		s->found.begun |= 1u << word;
	else
		s->found.nowhere |= 1u << word;
	return rc;
}

static int gather_all(struct search *s)
{
	struct kl_bytes all = {0};
	int rc = kl_txn_visit(&s->txn, KL_TABLE_LENGTHS, all, all, note_segment, s);

	for (size_t i = 0; i < s->query->n && rc == KL_OK; i++) {
		rc = gather(s, i);
		if (rc == KL_OK && !s->words[i].n)
			rc = gather_begun(s, i);
		s->words[i].weight = kl_rank_weight(s->documents, s->words[i].with);
	}
	return rc;
}

/* ---- scoring --------------------------------------------------------------------------------- */

/* The documents of one segment, by place. */
struct scores {
	double score[KL_SEGMENT_DOCUMENTS];
	uint32_t words[KL_SEGMENT_DOCUMENTS]; /* bits of those that stand in it */
};

/* Adds up how often any of the word's terms stands in each document. */
static bool count_word(
	struct lists *lists, uint32_t segment, uint16_t occurrences[KL_SEGMENT_DOCUMENTS])
{
	bool any = false;

	for (; lists->next < lists->n && lists->items[lists->next].segment == segment;
		lists->next++) {
		struct kl_bytes postings = lists->items[lists->next].postings;
		int place = -1;
		uint8_t weight;

		if (!any)
			memset(occurrences, 0, KL_SEGMENT_DOCUMENTS * sizeof *occurrences);
		any = true;
		while (postings.len && kl_posting_next(&postings, &place, &weight) == KL_OK)
			occurrences[place] =
				(uint16_t)(occurrences[place] + (weight & KL_TERM_TEXT_MAX) +
					   KL_TERMS_TITLE * (weight >> 5));
	}
	return any;
}

static void add_word(struct search *s, struct scores *scores, size_t word,
	const struct lengths *lengths, double mean)
{
	uint16_t occurrences[KL_SEGMENT_DOCUMENTS];
	struct lists *lists = &s->words[word];

	if (!count_word(lists, lengths->segment, occurrences))
		return;
	for (size_t i = 0; i < KL_SEGMENT_DOCUMENTS; i++) {
		uint16_t length = length_at(lengths->row, i);

		if (occurrences[i] && length) {
			double burden = kl_rank_burden(length, mean);

			scores->score[i] += kl_rank_score(lists->weight, occurrences[i], burden);
			scores->words[i] |= 1u << word;
		}
	}
}

static void take_document(struct search *s, uint64_t arrival, double score, uint32_t words)
{
	struct kl_hit hit = {arrival, score, words == (1u << s->query->n) - 1};

	if (s->wants && !s->wants(s->arg, arrival))
		return;
	s->found.any++;
	s->found.whole += hit.whole;
	kl_best_add(&s->best, &hit);
}

static void score_segment(struct search *s, const struct lengths *lengths)
{
	double mean = (double)s->total / (double)s->documents;
	struct scores scores = {0};

	for (size_t i = 0; i < s->query->n; i++)
		add_word(s, &scores, i, lengths, mean);
	for (size_t i = 0; i < KL_SEGMENT_DOCUMENTS; i++)
		if (scores.words[i])
			take_document(s, (uint64_t)lengths->segment * KL_SEGMENT_DOCUMENTS + i,
				scores.score[i], scores.words[i]);
}

int kl_index_find(struct kl_store *store, const struct kl_query *query, kl_wants_fn *wants,
	void *arg, size_t max, struct kl_hit *ret_hits, struct kl_hit_counts *ret_counts)
{
	struct search s = {.query = query,
		.wants = wants,
		.arg = arg,
		.best = {.items = ret_hits, .max = max}};
	int rc = kl_txn_begin(store, &s.txn);

	if (rc != KL_OK)
		return rc;
	rc = gather_all(&s);
	for (size_t i = 0; i < s.n_segments && rc == KL_OK; i++)
		score_segment(&s, &s.segments[i]);
	kl_txn_end(&s.txn);
	for (size_t i = 0; i < query->n; i++)
		free(s.words[i].items);
	free(s.segments);
	if (rc < 0)
		return rc;
	kl_best_sort(&s.best);
	s.found.n = s.best.n;
	*ret_counts = s.found;
	return KL_OK;
}
