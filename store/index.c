#include "store/index.h"

#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

enum { STATE_BYTES = 12, PAIR_BYTES = 2 };

/* ---- rows ------------------------------------------------------------------------------------ */

static uint64_t segment_of(uint64_t arrival)
{
	return arrival / KL_SEGMENT_DOCUMENTS;
}

void kl_segment_key(struct kl_key *key, uint64_t segment)
{
	KL_ASSERT(segment <= UINT32_MAX);
	kl_key_init(key);
	kl_key_u32(key, (uint32_t)segment);
}

static void posting_key(struct kl_key *key, uint64_t segment, struct kl_bytes term)
{
	kl_segment_key(key, segment);
	kl_key_bytes(key, term);
}

int kl_index_state_read(struct kl_bytes value, struct kl_index_state *ret_state)
{
	if (value.len != STATE_BYTES)
		return KL_E_DAMAGED;
	ret_state->rules = kl_get_u32(value.data);
	ret_state->indexed = kl_get_u64(value.data + 4);
	return KL_OK;
}

int kl_txn_index_state(struct kl_txn *txn, struct kl_index_state *ret_state)
{
	struct kl_bytes value;
	int rc = kl_txn_get(txn, KL_TABLE_META, kl_bytes_str(KL_META_INDEX), &value);

	if (rc == KL_E_NOT_FOUND) {
		*ret_state = (struct kl_index_state){0};
		return KL_OK;
	}
	return rc < 0 ? rc : kl_index_state_read(value, ret_state);
}

static int put_state(struct kl_txn *txn, const struct kl_index_state *state)
{
	uint8_t value[STATE_BYTES];

	kl_put_u32(value, state->rules);
	kl_put_u64(value + 4, state->indexed);
	return kl_txn_put(
		txn, KL_TABLE_META, kl_bytes_str(KL_META_INDEX), kl_bytes(value, sizeof value));
}

int kl_index_state(struct kl_store *store, struct kl_index_state *ret_state)
{
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = kl_txn_index_state(&txn, ret_state);
	kl_txn_end(&txn);
	return rc;
}

static int apply_reset(struct kl_txn *txn, struct kl_change *change)
{
	const struct kl_index_state state = {.rules = (uint32_t)change->number};
	int rc = kl_txn_empty(txn, KL_TABLE_POSTINGS);

	if (rc == KL_OK)
		rc = kl_txn_empty(txn, KL_TABLE_LENGTHS);
	return rc < 0 ? rc : put_state(txn, &state);
}

int kl_index_reset(struct kl_batch *batch, uint32_t rules)
{
	struct kl_change *change = kl_batch_add(batch);

	if (!change)
		return kl_batch_error(batch);
	change->apply = apply_reset;
	change->number = rules;
	return KL_OK;
}

/* The lengths of a segment, zeros where there is no document. *ret_any: whether there is a row. */
static int read_lengths(
	struct kl_txn *txn, uint64_t segment, uint8_t ret_lengths[KL_LENGTHS_BYTES], bool *ret_any)
{
	struct kl_bytes value;
	struct kl_key key;
	int rc;

	kl_segment_key(&key, segment);
	rc = kl_txn_get(txn, KL_TABLE_LENGTHS, kl_key_view(&key), &value);
	*ret_any = rc == KL_OK;
	if (rc == KL_E_NOT_FOUND) {
		memset(ret_lengths, 0, KL_LENGTHS_BYTES);
		return KL_OK;
	}
	if (rc < 0)
		return rc;
	if (value.len != KL_LENGTHS_BYTES)
		return KL_E_DAMAGED;
	memcpy(ret_lengths, value.data, KL_LENGTHS_BYTES);
	return KL_OK;
}

/* A segment without documents has no row. */
static int put_lengths(
	struct kl_txn *txn, uint64_t segment, const uint8_t lengths[KL_LENGTHS_BYTES])
{
	static const uint8_t nothing[KL_LENGTHS_BYTES];
	struct kl_key key;
	int rc;

	kl_segment_key(&key, segment);
	if (memcmp(lengths, nothing, KL_LENGTHS_BYTES) != 0)
		return kl_txn_put(txn, KL_TABLE_LENGTHS, kl_key_view(&key),
			kl_bytes(lengths, KL_LENGTHS_BYTES));
	rc = kl_txn_delete(txn, KL_TABLE_LENGTHS, kl_key_view(&key));
	return rc == KL_E_NOT_FOUND ? KL_OK : rc;
}

/* ---- gathering ------------------------------------------------------------------------------- */

struct posting {
	uint64_t front; /* the first bytes of the term, so that most comparisons need no more */
	uint32_t at;    /* of the term in `texts` */
	uint8_t len, place, weight;
};

struct kl_postings {
	struct posting *items;
	size_t n, room;
	char *texts;
	size_t texts_len, texts_room;
	uint64_t first, last; /* arrivals; 0: none */
	bool sorted;
	uint8_t lengths[KL_LENGTHS_BYTES];
};

struct kl_postings *kl_postings_new(void)
{
	return calloc(1, sizeof(struct kl_postings));
}

void kl_postings_destroy(struct kl_postings *postings)
{
	if (!postings)
		return;
	free(postings->items);
	free(postings->texts);
	free(postings);
}

void kl_postings_clear(struct kl_postings *postings)
{
	postings->n = postings->texts_len = 0;
	postings->first = postings->last = 0;
	memset(postings->lengths, 0, sizeof postings->lengths);
}

size_t kl_postings_count(const struct kl_postings *postings)
{
	return postings->n;
}

static int make_room(struct kl_postings *p, size_t more)
{
	size_t room = p->n + more, texts = p->texts_len + more * KL_TERM_MAX;

	if (room > p->room) {
		struct posting *items = realloc(p->items, 2 * room * sizeof *items);

		if (!items)
			return KL_E_NOMEM;
		p->items = items;
		p->room = 2 * room;
	}
	if (texts > p->texts_room) {
		char *bigger = realloc(p->texts, 2 * texts);

		if (!bigger)
			return KL_E_NOMEM;
		p->texts = bigger;
		p->texts_room = 2 * texts;
	}
	return KL_OK;
}

static void add_posting(struct kl_postings *p, const struct kl_term *term, uint8_t place)
{
	struct posting *posting = &p->items[p->n++];

	*posting = (struct posting){
		.at = (uint32_t)p->texts_len,
		.len = term->len,
		.place = place,
		.weight = (uint8_t)(term->in_title << 5 | term->in_text),
	};
	for (size_t i = 0; i < sizeof posting->front; i++)
		posting->front = posting->front << 8 | (i < term->len ? (uint8_t)term->text[i] : 0);
	memcpy(p->texts + p->texts_len, term->text, term->len);
	p->texts_len += term->len;
}

int kl_postings_add(struct kl_postings *postings, uint64_t arrival, const struct kl_terms *terms)
{
	uint8_t place = (uint8_t)(arrival % KL_SEGMENT_DOCUMENTS);

	KL_ASSERT(arrival > postings->last);
	KL_ASSERT(!postings->first || segment_of(arrival) == segment_of(postings->first));
	if (make_room(postings, terms->n) < 0)
		return KL_E_NOMEM;
	for (size_t i = 0; i < terms->n; i++)
		add_posting(postings, &terms->items[i], place);
	kl_put_u16(postings->lengths + (size_t)2 * place, kl_terms_length(terms));
	if (!postings->first)
		postings->first = arrival;
	postings->last = arrival;
	postings->sorted = false;
	return KL_OK;
}

static struct kl_bytes term_of(const struct kl_postings *p, const struct posting *posting)
{
	return kl_bytes(p->texts + posting->at, posting->len);
}

/* In the order of keys in the database, then of places. */
static int compare(const void *a, const void *b, void *postings)
{
	const struct posting *x = a, *y = b;
	size_t n = x->len < y->len ? x->len : y->len;
	int order;

	if (x->front != y->front)
		return x->front < y->front ? -1 : 1;
	order = memcmp(term_of(postings, x).data, term_of(postings, y).data, n);
	if (!order)
		order = x->len - y->len;
	return order ? order : x->place - y->place;
}

static void sort(struct kl_postings *p)
{
	if (p->n && !p->sorted)
		qsort_r(p->items, p->n, sizeof *p->items, compare, p);
	p->sorted = true;
}

/* The pairs of the term at `from`, behind `len` bytes that stand in `pairs` already. Returns where the
 * next term begins. */
static size_t take_pairs(
	const struct kl_postings *p, size_t from, uint8_t pairs[KL_PAIRS_MAX], size_t *len)
{
	struct kl_bytes term = term_of(p, &p->items[from]);
	size_t i = from;

	for (; i < p->n && kl_bytes_equal(term_of(p, &p->items[i]), term); i++) {
		KL_ASSERT(*len < KL_PAIRS_MAX);
		pairs[(*len)++] = p->items[i].place;
		pairs[(*len)++] = p->items[i].weight;
	}
	return i;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What is written is above all that is there: it goes behind. */
static int write_terms(struct kl_txn *txn, const struct kl_postings *p, bool fresh)
{
	uint64_t segment = segment_of(p->first);
	int rc = KL_OK;

	for (size_t i = 0; i < p->n && rc == KL_OK;) {
		uint8_t pairs[KL_PAIRS_MAX];
		struct kl_bytes there;
		struct kl_key key;
		size_t len = 0;

		posting_key(&key, segment, term_of(p, &p->items[i]));
		rc = fresh ? KL_E_NOT_FOUND
			   : kl_txn_get(txn, KL_TABLE_POSTINGS, kl_key_view(&key), &there);
		if (rc == KL_OK) {
			if (there.len >= sizeof pairs)
				return KL_E_DAMAGED;
			memcpy(pairs, there.data, there.len);
			len = there.len;
		} else if (rc != KL_E_NOT_FOUND) {
			return rc;
		}
		i = take_pairs(p, i, pairs, &len);
		rc = kl_txn_put_behind(
			txn, KL_TABLE_POSTINGS, kl_key_view(&key), kl_bytes(pairs, len));
	}
	return rc;
}

static int write_documents(struct kl_txn *txn, struct kl_postings *p)
{
	uint8_t lengths[KL_LENGTHS_BYTES];
	uint64_t segment = segment_of(p->first);
	bool any;
	int rc = read_lengths(txn, segment, lengths, &any);

	if (rc == KL_OK)
		rc = write_terms(txn, p, !any);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < KL_LENGTHS_BYTES; i++)
		lengths[i] |= p->lengths[i];
	return put_lengths(txn, segment, lengths);
}

static int apply_write(struct kl_txn *txn, struct kl_change *change)
{
	struct kl_postings *p = change->more;
	struct kl_index_state state;
	int rc = kl_txn_index_state(txn, &state);

	if (rc < 0)
		return rc;
	if (change->number < state.indexed || change->number < p->last ||
		(p->first && p->first <= state.indexed))
		return kl_fault(txn->fault, KL_E_CONFLICT,
			"the search index does not go on where it is written");
	sort(p);
	if (p->first)
		rc = write_documents(txn, p);
	state.indexed = change->number;
	return rc < 0 ? rc : put_state(txn, &state);
}

int kl_index_write(struct kl_batch *batch, struct kl_postings *postings, uint64_t indexed)
{
	struct kl_change *change = kl_batch_add(batch);

	if (!change)
		return kl_batch_error(batch);
	change->apply = apply_write;
	change->more = postings;
	change->number = indexed;
	return KL_OK;
}

/* ---- taking out ------------------------------------------------------------------------------ */

struct removal {
	size_t n;
	struct {
		uint8_t len;
		char text[KL_TERM_MAX];
	} terms[];
};

static int remove_pair(struct kl_txn *txn, uint64_t segment, struct kl_bytes term, uint8_t place)
{
	uint8_t pairs[KL_PAIRS_MAX];
	struct kl_bytes there;
	struct kl_key key;
	size_t len = 0;
	int rc;

	posting_key(&key, segment, term);
	rc = kl_txn_get(txn, KL_TABLE_POSTINGS, kl_key_view(&key), &there);
	if (rc < 0)
		return rc == KL_E_NOT_FOUND ? KL_OK : rc;
	if (there.len > sizeof pairs || there.len % PAIR_BYTES)
		return KL_E_DAMAGED;
	for (size_t i = 0; i < there.len; i += PAIR_BYTES) {
		if (there.data[i] == place)
			continue;
		pairs[len++] = there.data[i];
		pairs[len++] = there.data[i + 1];
	}
	if (!len)
		return kl_txn_delete(txn, KL_TABLE_POSTINGS, kl_key_view(&key));
	return kl_txn_put(txn, KL_TABLE_POSTINGS, kl_key_view(&key), kl_bytes(pairs, len));
}

static int apply_remove(struct kl_txn *txn, struct kl_change *change)
{
	const struct removal *removal = change->more;
	uint8_t lengths[KL_LENGTHS_BYTES], place = (uint8_t)(change->number % KL_SEGMENT_DOCUMENTS);
	uint64_t segment = segment_of(change->number);
	struct kl_index_state state;
	bool any;
	int rc = kl_txn_index_state(txn, &state);

	if (rc < 0 || change->number > state.indexed)
		return rc;
	for (size_t i = 0; i < removal->n && rc == KL_OK; i++)
		rc = remove_pair(txn, segment,
			kl_bytes(removal->terms[i].text, removal->terms[i].len), place);
	if (rc == KL_OK)
		rc = read_lengths(txn, segment, lengths, &any);
	if (rc < 0)
		return rc;
	kl_put_u16(lengths + (size_t)2 * place, 0);
	return put_lengths(txn, segment, lengths);
}

int kl_index_remove(struct kl_batch *batch, uint64_t arrival, const struct kl_terms *terms)
{
	struct removal *removal;
	struct kl_change *change;

	removal = kl_batch_alloc(batch, sizeof *removal + terms->n * sizeof removal->terms[0]);
	change = removal ? kl_batch_add(batch) : NULL;
	if (!change)
		return kl_batch_error(batch);
	removal->n = terms->n;
	for (size_t i = 0; i < terms->n; i++) {
		removal->terms[i].len = terms->items[i].len;
		memcpy(removal->terms[i].text, terms->items[i].text, terms->items[i].len);
	}
	change->apply = apply_remove;
	change->more = removal;
	change->number = arrival;
	return KL_OK;
}

/* ---- comparing ------------------------------------------------------------------------------- */

struct comparison {
	const struct kl_postings *postings;
	size_t next; /* the term that must come next */
};

static int compare_term(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct comparison *c = arg;
	const struct kl_postings *p = c->postings;
	uint8_t pairs[KL_PAIRS_MAX];
	size_t len = 0;

	if (c->next == p->n || !kl_bytes_equal(kl_bytes(key.data + KL_SEGMENT_KEY_BYTES,
						       key.len - KL_SEGMENT_KEY_BYTES),
				       term_of(p, &p->items[c->next])))
		return KL_E_CONFLICT;
	c->next = take_pairs(p, c->next, pairs, &len);
	return kl_bytes_equal(value, kl_bytes(pairs, len)) ? KL_VISIT_ON : KL_E_CONFLICT;
}

static int compare_segment(struct kl_txn *txn, struct kl_postings *p, uint64_t segment)
{
	struct comparison c = {.postings = p};
	uint8_t lengths[KL_LENGTHS_BYTES];
	struct kl_key key;
	bool any;
	int rc;

	sort(p);
	kl_segment_key(&key, segment);
	rc = kl_txn_visit(
		txn, KL_TABLE_POSTINGS, kl_key_view(&key), kl_key_view(&key), compare_term, &c);
	if (rc == KL_OK)
		rc = read_lengths(txn, segment, lengths, &any);
	if (rc < 0)
		return rc;
	return c.next == p->n && !memcmp(lengths, p->lengths, sizeof lengths) ? KL_OK
									      : KL_E_CONFLICT;
}

int kl_index_compare(struct kl_store *store, struct kl_postings *postings, uint64_t segment,
	struct kl_fault *fault)
{
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	KL_ASSERT(!postings->first || segment_of(postings->first) == segment);
	if (rc != KL_OK)
		return rc;
	rc = compare_segment(&txn, postings, segment);
	kl_txn_end(&txn);
	if (rc == KL_E_CONFLICT)
		kl_fault(fault, rc,
			"the search index does not say what the posts from arrival %llu on say",
			(unsigned long long)segment * KL_SEGMENT_DOCUMENTS);
	return rc;
}
