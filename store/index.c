#include "store/index.h"

#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

enum {
	STATE_BYTES = 12,
	/* A block of this size, its key and checksum stand twice in a page of LMDB. Only the postings of
	 * one very common term may be more. */
	BLOCK_BYTES = 1900,
	SWEEP_BLOCKS = 128, /* that are looked through in one commit */
};

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

/* The lengths of a segment, zeros where there is no document. */
static int read_lengths(struct kl_txn *txn, uint64_t segment, uint8_t ret_lengths[KL_LENGTHS_BYTES])
{
	struct kl_bytes value;
	struct kl_key key;
	int rc;

	kl_segment_key(&key, segment);
	rc = kl_txn_get(txn, KL_TABLE_LENGTHS, kl_key_view(&key), &value);
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
	uint16_t place;
	uint8_t len, weight;
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

static void add_posting(struct kl_postings *p, const struct kl_term *term, uint16_t place)
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
	uint16_t place = (uint16_t)(arrival % KL_SEGMENT_DOCUMENTS);

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

/* ---- blocks ---------------------------------------------------------------------------------- */

/* Bytes that grow. */
struct out {
	uint8_t *data;
	size_t len, room;
	bool failed; /* out of memory: nothing more is put in */
};

static void put(struct out *out, const void *data, size_t len)
{
	if (out->len + len > out->room) {
		size_t room = 2 * (out->len + len);
		uint8_t *more = realloc(out->data, room);

		if (!more) {
			out->failed = true;
			return;
		}
		out->data = more;
		out->room = room;
	}
	if (len)
		memcpy(out->data + out->len, data, len);
	out->len += len;
}

static void put_number(struct out *out, unsigned number)
{
	uint8_t bytes[2] = {(uint8_t)(0x80 | number >> 8), (uint8_t)number};

	KL_ASSERT(number < 0x8000);
	if (number < 0x80)
		put(out, &bytes[1], 1);
	else
		put(out, bytes, 2);
}

static void put_entry(struct out *out, struct kl_bytes term, struct kl_bytes postings)
{
	uint8_t len = (uint8_t)term.len;

	put(out, &len, 1);
	put(out, term.data, term.len);
	put_number(out, (unsigned)postings.len);
	put(out, postings.data, postings.len);
}

/* The posting behind one at `*before` (-1: none). */
static void put_posting(struct out *out, int *before, uint16_t place, uint8_t weight)
{
	put_number(out, (unsigned)(place - *before - 1));
	put(out, &weight, 1);
	*before = place;
}

/* What is done to a segment: terms in rising order, and what becomes of the postings of each. */
struct edit {
	size_t n;
	void *arg;
	struct kl_bytes (*term)(void *arg, size_t i);
	/* Puts the postings of term `i` into `out` (none: the term goes), which has `old` ones so far.
	 * Returns the next term's number. */
	size_t (*change)(void *arg, size_t i, struct kl_bytes old, struct out *out);
	struct out postings, block, old; /* for the functions below */
};

/* A block as it is, its memory in edit->old. */
struct there {
	struct kl_key key;
	struct kl_bytes entries;
	struct kl_key next; /* key of the block behind, empty if there is none in the segment */
};

static int order_of(struct kl_bytes a, struct kl_bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.data, b.data, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static struct kl_bytes term_of_key(const struct kl_key *key)
{
	return kl_bytes(key->b + KL_SEGMENT_KEY_BYTES, key->len - KL_SEGMENT_KEY_BYTES);
}

static void change_term(struct edit *edit, size_t *i, struct kl_bytes old)
{
	struct kl_bytes term = edit->term(edit->arg, *i);

	edit->postings.len = 0;
	*i = edit->change(edit->arg, *i, old, &edit->postings);
	if (edit->postings.len)
		put_entry(&edit->block, term, kl_bytes(edit->postings.data, edit->postings.len));
}

/* The block with the changes from `*i` on that belong into it, in edit->block. */
static int merge(struct edit *edit, const struct there *there, size_t *i)
{
	struct kl_bytes rest = there->entries;
	struct kl_entry entry = {{0}};
	bool has = rest.len > 0;
	int rc = has ? kl_entry_next(&rest, &entry) : KL_OK;

	edit->block.len = 0;
	while (rc == KL_OK) {
		bool more = *i < edit->n &&
			    (!there->next.len || order_of(edit->term(edit->arg, *i),
							 term_of_key(&there->next)) < 0);
		int order;

		if (!has && !more)
			break;
		order = !has ? 1 : !more ? -1 : order_of(entry.term, edit->term(edit->arg, *i));
		if (order < 0)
			put_entry(&edit->block, entry.term, entry.postings);
		else
			change_term(edit, i, order ? kl_bytes("", 0) : entry.postings);
		if (order > 0)
			continue;
		has = rest.len > 0;
		rc = has ? kl_entry_next(&rest, &entry) : KL_OK;
	}
	return rc;
}

/* Writes what was merged: in place of the block, cut into several of about the same size if it is too
 * much for one. */
static int write_block(struct kl_txn *txn, struct edit *edit, const struct kl_key *first)
{
	size_t parts = (edit->block.len + BLOCK_BYTES - 1) / BLOCK_BYTES;
	size_t enough = parts ? edit->block.len / parts : 0;
	struct kl_bytes rest = kl_bytes(edit->block.data, edit->block.len);
	struct kl_key key = *first;
	int rc = KL_OK;

	if (!rest.len && key.len > KL_SEGMENT_KEY_BYTES) {
		rc = kl_txn_delete(txn, KL_TABLE_POSTINGS, kl_key_view(&key));
		return rc == KL_E_NOT_FOUND ? KL_OK : rc;
	}
	do {
		struct kl_bytes block = rest;
		struct kl_entry entry;

		while (rc == KL_OK && rest.len && (size_t)(rest.data - block.data) < enough) {
			struct kl_bytes before = rest;

			rc = kl_entry_next(&rest, &entry);
			if (rest.data - block.data > BLOCK_BYTES && before.data > block.data) {
				rest = before;
				break;
			}
		}
		block.len = (size_t)(rest.data - block.data);
		if (rc == KL_OK)
			rc = kl_txn_put_behind(txn, KL_TABLE_POSTINGS, kl_key_view(&key), block);
		if (rc == KL_OK && rest.len) {
			struct kl_bytes peek = rest;

			rc = kl_entry_next(&peek, &entry);
			key.len = KL_SEGMENT_KEY_BYTES;
			kl_key_bytes(&key, entry.term);
		}
	} while (rc == KL_OK && rest.len);
	return rc;
}

/* The block that has the term, or would have it. */
static int find_block(struct kl_txn *txn, struct edit *edit, uint64_t segment, struct kl_bytes term,
	struct there *there)
{
	struct kl_bytes key, value, next;
	int rc;

	kl_segment_key(&there->key, segment);
	there->next.len = 0;
	there->entries = kl_bytes("", 0);
	rc = kl_txn_block(txn, &there->key, term, &key, &value, &next);
	if (rc < 0)
		return rc == KL_E_NOT_FOUND ? KL_OK : rc;
	kl_key_init(&there->key);
	kl_key_bytes(&there->key, key);
	kl_key_init(&there->next);
	kl_key_bytes(&there->next, next);
	edit->old.len = 0;
	put(&edit->old, value.data, value.len); /* views end with the next write */
	if (edit->old.failed)
		return KL_E_NOMEM;
	there->entries = kl_bytes(edit->old.data, edit->old.len);
	return KL_OK;
}

static int edit_segment(struct kl_txn *txn, struct edit *edit, uint64_t segment)
{
	struct there there;
	int rc = KL_OK;

	for (size_t i = 0; i < edit->n && rc == KL_OK;) {
		rc = find_block(txn, edit, segment, edit->term(edit->arg, i), &there);
		if (rc == KL_OK)
			rc = merge(edit, &there, &i);
		if (rc == KL_OK && (edit->block.failed || edit->postings.failed))
			rc = KL_E_NOMEM;
		if (rc == KL_OK)
			rc = write_block(txn, edit, &there.key);
	}
	free(edit->postings.data);
	free(edit->block.data);
	free(edit->old.data);
	return rc;
}

/* ---- writing --------------------------------------------------------------------------------- */

static struct kl_bytes gathered_term(void *postings, size_t i)
{
	const struct kl_postings *p = postings;

	return term_of(p, &p->items[i]);
}

/* Where the postings end. */
static int last_place(struct kl_bytes postings)
{
	int place = -1;
	uint8_t weight;

	while (postings.len && kl_posting_next(&postings, &place, &weight) == KL_OK)
		;
	return place;
}

/* What was gathered is above all that is there: it goes behind. */
static size_t add_gathered(void *postings, size_t i, struct kl_bytes old, struct out *out)
{
	const struct kl_postings *p = postings;
	struct kl_bytes term = term_of(p, &p->items[i]);
	int before = last_place(old);

	put(out, old.data, old.len);
	for (; i < p->n && kl_bytes_equal(term_of(p, &p->items[i]), term); i++)
		put_posting(out, &before, p->items[i].place, p->items[i].weight);
	return i;
}

static int write_documents(struct kl_txn *txn, struct kl_postings *p)
{
	struct edit edit = {.n = p->n, .arg = p, .term = gathered_term, .change = add_gathered};
	uint8_t lengths[KL_LENGTHS_BYTES];
	uint64_t segment = segment_of(p->first);
	int rc = read_lengths(txn, segment, lengths);

	if (rc == KL_OK)
		rc = edit_segment(txn, &edit, segment);
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

static bool is_struck(const uint8_t lengths[KL_LENGTHS_BYTES], int place)
{
	return kl_get_u16(lengths + (size_t)2 * (size_t)place) == KL_LENGTH_STRUCK;
}

static void forget_struck(uint8_t lengths[KL_LENGTHS_BYTES])
{
	for (int place = 0; place < KL_SEGMENT_DOCUMENTS; place++)
		if (is_struck(lengths, place))
			kl_put_u16(lengths + (size_t)2 * (size_t)place, 0);
}

/* Puts those postings into `out` whose documents are not struck. */
static int put_standing(
	struct out *out, const uint8_t lengths[KL_LENGTHS_BYTES], struct kl_bytes postings)
{
	int place = -1, before = -1, rc = KL_OK;
	uint8_t weight;

	while (postings.len && rc == KL_OK) {
		rc = kl_posting_next(&postings, &place, &weight);
		if (rc == KL_OK && !is_struck(lengths, place))
			put_posting(out, &before, (uint16_t)place, weight);
	}
	return rc;
}

static int apply_strike(struct kl_txn *txn, struct kl_change *change)
{
	uint8_t lengths[KL_LENGTHS_BYTES], *length;
	uint64_t segment = segment_of(change->number);
	struct kl_index_state state;
	int rc = kl_txn_index_state(txn, &state);

	if (rc < 0 || change->number > state.indexed)
		return rc;
	rc = read_lengths(txn, segment, lengths);
	length = lengths + (size_t)2 * (change->number % KL_SEGMENT_DOCUMENTS);
	if (rc < 0 || !kl_get_u16(length))
		return rc;
	kl_put_u16(length, KL_LENGTH_STRUCK);
	return put_lengths(txn, segment, lengths);
}

int kl_index_strike(struct kl_batch *batch, uint64_t arrival)
{
	struct kl_change *change = kl_batch_add(batch);

	if (!change)
		return kl_batch_error(batch);
	change->apply = apply_strike;
	change->number = arrival;
	return KL_OK;
}

static int find_struck(void *segment, struct kl_bytes key, struct kl_bytes value)
{
	if (key.len != KL_SEGMENT_KEY_BYTES || value.len != KL_LENGTHS_BYTES)
		return KL_E_DAMAGED;
	for (int place = 0; place < KL_SEGMENT_DOCUMENTS; place++)
		if (is_struck(value.data, place)) {
			*(uint64_t *)segment = kl_key_get_u32(key.data);
			return KL_VISIT_STOP;
		}
	return KL_VISIT_ON;
}

int kl_index_struck(struct kl_store *store, uint64_t *ret_segment)
{
	uint64_t segment = UINT64_MAX;
	struct kl_bytes all = {0};
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = kl_txn_visit(&txn, KL_TABLE_LENGTHS, all, all, find_struck, &segment);
	kl_txn_end(&txn);
	*ret_segment = segment;
	return rc < 0 ? rc : segment == UINT64_MAX ? KL_E_NOT_FOUND : KL_OK;
}

/* Writes the block without what is struck, if anything in it is. */
static int sweep_block(struct kl_txn *txn, struct edit *edit, const struct there *there,
	const uint8_t lengths[KL_LENGTHS_BYTES])
{
	struct kl_bytes rest = there->entries;
	bool changed = false;
	int rc = KL_OK;

	edit->block.len = 0;
	while (rest.len && rc == KL_OK) {
		struct kl_entry entry;

		rc = kl_entry_next(&rest, &entry);
		edit->postings.len = 0;
		if (rc == KL_OK)
			rc = put_standing(&edit->postings, lengths, entry.postings);
		if (rc < 0)
			break;
		if (edit->postings.len)
			put_entry(&edit->block, entry.term,
				kl_bytes(edit->postings.data, edit->postings.len));
		changed |= edit->postings.len != entry.postings.len;
	}
	if (rc == KL_OK && (edit->block.failed || edit->postings.failed))
		rc = KL_E_NOMEM;
	return rc == KL_OK && changed ? write_block(txn, edit, &there->key) : rc;
}

/* The first block stays as long as anything of its segment does. */
static int end_sweep(struct kl_txn *txn, uint64_t segment, uint8_t lengths[KL_LENGTHS_BYTES])
{
	static const uint8_t nothing[KL_LENGTHS_BYTES];
	struct kl_key key;
	int rc = KL_OK;

	forget_struck(lengths);
	kl_segment_key(&key, segment);
	if (!memcmp(lengths, nothing, sizeof nothing))
		rc = kl_txn_delete(txn, KL_TABLE_POSTINGS, kl_key_view(&key));
	return rc < 0 && rc != KL_E_NOT_FOUND ? rc : put_lengths(txn, segment, lengths);
}

static int apply_sweep(struct kl_txn *txn, struct kl_change *change)
{
	struct kl_index_sweep *sweep = change->more;
	uint8_t lengths[KL_LENGTHS_BYTES];
	struct edit edit = {.n = 0};
	struct there there = {.key = {.len = 0}};
	int rc = read_lengths(txn, sweep->segment, lengths);

	sweep->next = sweep->from; /* a commit may be made twice: `from` stays as it is */
	for (size_t i = 0; i < SWEEP_BLOCKS && rc == KL_OK; i++) {
		rc = find_block(txn, &edit, sweep->segment,
			kl_bytes(sweep->next.text, sweep->next.len), &there);
		if (rc == KL_OK)
			rc = sweep_block(txn, &edit, &there, lengths);
		sweep->next.len = 0;
		if (rc < 0 || !there.next.len)
			break;
		sweep->next.len = there.next.len - KL_SEGMENT_KEY_BYTES;
		memcpy(sweep->next.text, there.next.b + KL_SEGMENT_KEY_BYTES, sweep->next.len);
	}
	free(edit.postings.data);
	free(edit.block.data);
	free(edit.old.data);
	return rc < 0 || sweep->next.len ? rc : end_sweep(txn, sweep->segment, lengths);
}

int kl_index_sweep(struct kl_batch *batch, struct kl_index_sweep *sweep)
{
	struct kl_change *change = kl_batch_add(batch);

	if (!change)
		return kl_batch_error(batch);
	change->apply = apply_sweep;
	change->more = sweep;
	return KL_OK;
}

/* ---- comparing ------------------------------------------------------------------------------- */

struct comparison {
	struct kl_postings *postings;
	size_t next; /* the term that must come next */
	const uint8_t *lengths;
	struct out out, standing;
};

static int compare_entry(struct comparison *c, const struct kl_entry *entry)
{
	const struct kl_postings *p = c->postings;
	int rc;

	c->standing.len = 0;
	rc = put_standing(&c->standing, c->lengths, entry->postings);
	if (rc < 0 || !c->standing.len)
		return rc;
	if (c->next == p->n || !kl_bytes_equal(entry->term, term_of(p, &p->items[c->next])))
		return KL_E_CONFLICT;
	c->out.len = 0;
	c->next = add_gathered(c->postings, c->next, kl_bytes("", 0), &c->out);
	if (c->out.failed || c->standing.failed)
		return KL_E_NOMEM;
	return kl_bytes_equal(kl_bytes(c->standing.data, c->standing.len),
		       kl_bytes(c->out.data, c->out.len))
		       ? KL_OK
		       : KL_E_CONFLICT;
}

static int compare_block(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct kl_entry entry;
	int rc = KL_OK;

	(void)key;
	while (rc == KL_OK && value.len) {
		rc = kl_entry_next(&value, &entry);
		if (rc == KL_OK)
			rc = compare_entry(arg, &entry);
	}
	return rc;
}

static int compare_segment(struct kl_txn *txn, struct kl_postings *p, uint64_t segment)
{
	uint8_t lengths[KL_LENGTHS_BYTES];
	struct comparison c = {.postings = p, .lengths = lengths};
	struct kl_key key;
	int rc = read_lengths(txn, segment, lengths);

	if (rc < 0)
		return rc;
	sort(p);
	kl_segment_key(&key, segment);
	rc = kl_txn_visit(
		txn, KL_TABLE_POSTINGS, kl_key_view(&key), kl_key_view(&key), compare_block, &c);
	free(c.out.data);
	free(c.standing.data);
	if (rc < 0)
		return rc;
	forget_struck(lengths);
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
