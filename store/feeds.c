#include "store/feeds.h"

#include "store/inside.h"

#include <string.h>

enum {
	RECORD_FRONT_BYTES = 6 + KL_ID_BYTES,
	RECORD_ROW_MAX = RECORD_FRONT_BYTES + KL_STORE_SIGNATURE_BYTES + KL_STORE_HEADER_MAX,
	HEAD_ROW_BYTES = 32 + KL_ID_BYTES,
};

/* ---- rows ------------------------------------------------------------------------------------ */

void kl_feed_key(struct kl_key *key, const struct kl_feed_id *feed)
{
	kl_key_init(key);
	kl_key_bytes(key, kl_id_bytes(&feed->author));
	kl_key_u32(key, feed->epoch);
}

void kl_record_key(struct kl_key *key, const struct kl_feed_id *feed, uint64_t seq)
{
	kl_feed_key(key, feed);
	kl_key_u64(key, seq);
}

int kl_record_key_read(struct kl_bytes key, struct kl_feed_id *ret_feed, uint64_t *ret_seq)
{
	if (key.len != KL_RECORD_KEY_BYTES)
		return KL_E_DAMAGED;
	memcpy(ret_feed->author.b, key.data, KL_ID_BYTES);
	ret_feed->epoch = kl_key_get_u32(key.data + KL_ID_BYTES);
	*ret_seq = kl_key_get_u64(key.data + KL_FEED_KEY_BYTES);
	return KL_OK;
}

int kl_record_row_read(struct kl_bytes value, struct kl_record_row *ret_row)
{
	struct kl_record_row row = {0};
	size_t front = RECORD_FRONT_BYTES;

	if (value.len < front || value.data[0] > KL_STORED_MISSING || value.data[1] > 1)
		return KL_E_DAMAGED;
	row.state = (enum kl_stored_state)value.data[0];
	row.payload_size = kl_get_u32(value.data + 2);
	memcpy(row.id.b, value.data + 6, KL_ID_BYTES);
	if (value.data[1]) {
		row.signature = value.data + front;
		front += KL_STORE_SIGNATURE_BYTES;
	}
	if (value.len <= front || value.len - front > KL_STORE_HEADER_MAX)
		return KL_E_DAMAGED;
	row.header = kl_bytes(value.data + front, value.len - front);
	*ret_row = row;
	return KL_OK;
}

static size_t record_row_write(const struct kl_record_row *row, uint8_t out[RECORD_ROW_MAX])
{
	size_t len = RECORD_FRONT_BYTES;

	KL_ASSERT(row->header.data);
	out[0] = (uint8_t)row->state;
	out[1] = row->signature != NULL;
	kl_put_u32(out + 2, row->payload_size);
	memcpy(out + 6, row->id.b, KL_ID_BYTES);
	if (row->signature) {
		memcpy(out + len, row->signature, KL_STORE_SIGNATURE_BYTES);
		len += KL_STORE_SIGNATURE_BYTES;
	}
	memcpy(out + len, row->header.data, row->header.len);
	return len + row->header.len;
}

int kl_head_row_read(struct kl_bytes key, struct kl_bytes value, struct kl_feed_head *ret_head)
{
	struct kl_feed_head head;

	if (key.len != KL_FEED_KEY_BYTES || value.len != HEAD_ROW_BYTES)
		return KL_E_DAMAGED;
	memcpy(head.feed.author.b, key.data, KL_ID_BYTES);
	head.feed.epoch = kl_key_get_u32(key.data + KL_ID_BYTES);
	head.seq = kl_get_u64(value.data);
	head.certified = kl_get_u64(value.data + 8);
	head.contested = kl_get_u64(value.data + 16);
	head.bytes = kl_get_u64(value.data + 24);
	memcpy(head.id.b, value.data + 32, KL_ID_BYTES);
	*ret_head = head;
	return KL_OK;
}

int kl_txn_head(struct kl_txn *txn, const struct kl_feed_id *feed, struct kl_feed_head *ret_head)
{
	struct kl_bytes value;
	struct kl_key key;
	int rc;

	kl_feed_key(&key, feed);
	rc = kl_txn_get(txn, KL_TABLE_HEADS, kl_key_view(&key), &value);
	if (rc == KL_E_NOT_FOUND) {
		*ret_head = (struct kl_feed_head){.feed = *feed};
		return KL_OK;
	}
	return rc < 0 ? rc : kl_head_row_read(kl_key_view(&key), value, ret_head);
}

static int put_head(struct kl_txn *txn, const struct kl_feed_head *head)
{
	uint8_t row[HEAD_ROW_BYTES];
	struct kl_key key;

	kl_feed_key(&key, &head->feed);
	kl_put_u64(row, head->seq);
	kl_put_u64(row + 8, head->certified);
	kl_put_u64(row + 16, head->contested);
	kl_put_u64(row + 24, head->bytes);
	memcpy(row + 32, head->id.b, KL_ID_BYTES);
	return kl_txn_put(txn, KL_TABLE_HEADS, kl_key_view(&key), kl_bytes(row, sizeof row));
}

/* ---- appending ------------------------------------------------------------------------------- */

struct append {
	struct kl_feed_id feed;
	struct kl_id prev; /* zeros before record 1 */
	size_t n, index;   /* index: which append of the batch */
	struct kl_stored_record records[];
};

static int conflict(struct kl_txn *txn, const struct append *append, enum kl_conflict_kind kind,
	uint64_t seq, const struct kl_id *here)
{
	static const char *const why[] = {
		[KL_CONFLICT_ID] = "another record stands there",
		[KL_CONFLICT_GAP] = "that record is missing",
		[KL_CONFLICT_FROZEN] = "the feed is frozen from there on",
	};
	struct kl_conflict what = {
		.kind = kind, .feed = append->feed, .seq = seq, .op = append->index};
	char author[17];

	if (here)
		what.here = *here;
	kl_batch_set_conflict(txn->batch, &what);
	kl_hex(append->feed.author.b, 8, author);
	return kl_fault(txn->fault, KL_E_CONFLICT, "feed %s, epoch %u, record %llu: %s", author,
		(unsigned)append->feed.epoch, (unsigned long long)seq, why[kind]);
}

/* A row in memory of its own: views into the database end with the next write. */
struct own_row {
	struct kl_record_row row;
	uint8_t bytes[RECORD_ROW_MAX];
};

static int read_row(
	struct kl_txn *txn, const struct kl_feed_id *feed, uint64_t seq, struct own_row *ret_own)
{
	struct kl_bytes value;
	struct kl_key key;
	int rc;

	kl_record_key(&key, feed, seq);
	rc = kl_txn_get(txn, KL_TABLE_RECORDS, kl_key_view(&key), &value);
	if (rc < 0)
		return rc;
	if (value.len > sizeof ret_own->bytes)
		return KL_E_DAMAGED;
	memcpy(ret_own->bytes, value.data, value.len);
	return kl_record_row_read(kl_bytes(ret_own->bytes, value.len), &ret_own->row);
}

/* The same for one that the head says must be there. */
static int read_row_below_head(
	struct kl_txn *txn, const struct kl_feed_id *feed, uint64_t seq, struct own_row *ret_own)
{
	int rc = read_row(txn, feed, seq, ret_own);

	if (rc == KL_E_NOT_FOUND)
		return kl_fault(txn->fault, KL_E_DAMAGED, "%s: record %llu of a feed is missing",
			txn->store->dir, (unsigned long long)seq);
	return rc;
}

static int put_row(struct kl_txn *txn, const struct kl_feed_id *feed, uint64_t seq,
	const struct kl_record_row *row)
{
	uint8_t bytes[RECORD_ROW_MAX];
	struct kl_key key;
	size_t len = record_row_write(row, bytes);

	kl_record_key(&key, feed, seq);
	return kl_txn_put(txn, KL_TABLE_RECORDS, kl_key_view(&key), kl_bytes(bytes, len));
}

static int put_payload(
	struct kl_txn *txn, const struct kl_feed_id *feed, uint64_t seq, struct kl_bytes payload)
{
	struct kl_key key;

	kl_record_key(&key, feed, seq);
	return kl_txn_put(txn, KL_TABLE_PAYLOADS, kl_key_view(&key), payload);
}

static int append_new(
	struct kl_txn *txn, const struct kl_stored_record *record, struct kl_feed_head *head)
{
	struct kl_record_row row = {
		.state = record->state,
		.payload_size = (uint32_t)record->payload.len,
		.id = record->id,
		.signature = record->signature,
		.header = record->header,
	};
	struct kl_key key;
	int rc = put_row(txn, &head->feed, record->seq, &row);

	if (rc == KL_OK && record->state == KL_STORED_HERE)
		rc = put_payload(txn, &head->feed, record->seq, record->payload);
	if (rc < 0)
		return rc;
	kl_record_key(&key, &head->feed, record->seq);
	rc = kl_txn_put(txn, KL_TABLE_IDS, kl_id_bytes(&record->id), kl_key_view(&key));
	if (rc < 0)
		return rc;
	head->seq = record->seq;
	head->id = record->id;
	head->bytes += record->header.len + record->payload.len;
	if (record->signature) {
		head->certified = record->seq;
		head->bytes += KL_STORE_SIGNATURE_BYTES;
	}
	return KL_OK;
}

/* A record that is here already may bring the signature or the payload that were missing. */
static int complete_old(struct kl_txn *txn, const struct append *append,
	const struct kl_stored_record *record, struct kl_feed_head *head)
{
	bool sign, fill;
	struct own_row own = {0};
	int rc = read_row_below_head(txn, &head->feed, record->seq, &own);

	if (rc < 0)
		return rc;
	if (!kl_id_equal(&own.row.id, &record->id))
		return conflict(txn, append, KL_CONFLICT_ID, record->seq, &own.row.id);
	sign = record->signature && !own.row.signature;
	fill = record->state == KL_STORED_HERE && own.row.state == KL_STORED_MISSING;
	if (!sign && !fill)
		return KL_OK;
	if (sign) {
		own.row.signature = record->signature;
		head->bytes += KL_STORE_SIGNATURE_BYTES;
		if (record->seq > head->certified)
			head->certified = record->seq;
	}
	if (fill) {
		own.row.state = KL_STORED_HERE;
		own.row.payload_size = (uint32_t)record->payload.len;
		head->bytes += record->payload.len;
		rc = put_payload(txn, &head->feed, record->seq, record->payload);
	}
	return rc < 0 ? rc : put_row(txn, &head->feed, record->seq, &own.row);
}

/* Does the run begin where this feed goes on, or inside it? */
static int check_place(
	struct kl_txn *txn, const struct append *append, const struct kl_feed_head *head)
{
	uint64_t first = append->records[0].seq, last = first + append->n - 1;
	struct own_row before;
	int rc;

	if (head->contested && last >= head->contested)
		return conflict(txn, append, KL_CONFLICT_FROZEN, head->contested, NULL);
	if (first > head->seq + 1)
		return conflict(txn, append, KL_CONFLICT_GAP, head->seq + 1, NULL);
	if (first == 1)
		return KL_OK;
	rc = read_row_below_head(txn, &append->feed, first - 1, &before);
	if (rc < 0)
		return rc;
	if (!kl_id_equal(&before.row.id, &append->prev))
		return conflict(txn, append, KL_CONFLICT_ID, first - 1, &before.row.id);
	return KL_OK;
}

static int apply_append(struct kl_txn *txn, struct kl_change *change)
{
	const struct append *append = change->more;
	struct kl_feed_head head;
	int rc = kl_txn_head(txn, &append->feed, &head);

	if (rc == KL_OK)
		rc = check_place(txn, append, &head);
	for (size_t i = 0; i < append->n && rc == KL_OK; i++) {
		const struct kl_stored_record *record = &append->records[i];

		rc = record->seq > head.seq ? append_new(txn, record, &head)
					    : complete_old(txn, append, record, &head);
	}
	return rc < 0 ? rc : put_head(txn, &head);
}

static int check_records(const struct kl_id *prev, const struct kl_stored_record *records, size_t n)
{
	if (!n || n > KL_STORE_RUN_RECORDS_MAX || !records[0].seq ||
		records[0].seq > UINT64_MAX - KL_STORE_RUN_RECORDS_MAX ||
		(records[0].seq > 1 && !prev))
		return KL_E_INVALID;
	for (size_t i = 0; i < n; i++) {
		const struct kl_stored_record *r = &records[i];

		if (r->seq != records[0].seq + i || !r->header.data || !r->header.len ||
			r->header.len > KL_STORE_HEADER_MAX ||
			r->payload.len > KL_STORE_PAYLOAD_MAX || r->state > KL_STORED_MISSING ||
			(r->state != KL_STORED_HERE && r->payload.len))
			return KL_E_INVALID;
	}
	return KL_OK;
}

static int copy_record(
	struct kl_batch *batch, const struct kl_stored_record *record, struct kl_stored_record *out)
{
	struct kl_bytes signature = {0};

	*out = *record;
	if (kl_batch_copy(batch, record->header, &out->header) < 0 ||
		kl_batch_copy(batch, record->payload, &out->payload) < 0)
		return kl_batch_error(batch);
	if (!record->signature)
		return KL_OK;
	if (kl_batch_copy(
		    batch, kl_bytes(record->signature, KL_STORE_SIGNATURE_BYTES), &signature) < 0)
		return kl_batch_error(batch);
	out->signature = signature.data;
	return KL_OK;
}

int kl_feed_append(struct kl_batch *batch, const struct kl_feed_id *feed, const struct kl_id *prev,
	const struct kl_stored_record *records, size_t n)
{
	struct kl_change *change;
	struct append *append;

	if (check_records(prev, records, n) < 0)
		return kl_batch_fail(batch, KL_E_INVALID);
	append = kl_batch_alloc(batch, sizeof *append + n * sizeof *records);
	if (!append)
		return kl_batch_error(batch);
	append->feed = *feed;
	append->prev = prev ? *prev : (struct kl_id){{0}};
	append->n = n;
	for (size_t i = 0; i < n; i++)
		if (copy_record(batch, &records[i], &append->records[i]) < 0)
			return kl_batch_error(batch);
	change = kl_batch_add(batch);
	if (!change)
		return kl_batch_error(batch);
	append->index = change->index;
	change->apply = apply_append;
	change->more = append;
	return KL_OK;
}

/* ---- erasing and freezing -------------------------------------------------------------------- */

static int apply_erase(struct kl_txn *txn, struct kl_change *change)
{
	const struct kl_feed_id *feed = change->more;
	struct kl_feed_head head;
	struct own_row own;
	struct kl_key key;
	int rc = read_row(txn, feed, change->number, &own);

	if (rc == KL_E_NOT_FOUND)
		return kl_fault(txn->fault, rc, "record %llu of a feed is not here",
			(unsigned long long)change->number);
	if (rc == KL_OK)
		rc = kl_txn_head(txn, feed, &head);
	if (rc < 0)
		return rc;
	head.bytes -= own.row.payload_size;
	own.row.state = KL_STORED_ERASED;
	own.row.payload_size = 0;
	kl_record_key(&key, feed, change->number);
	rc = kl_txn_delete(txn, KL_TABLE_PAYLOADS, kl_key_view(&key));
	if (rc == KL_OK || rc == KL_E_NOT_FOUND)
		rc = put_row(txn, feed, change->number, &own.row);
	return rc < 0 ? rc : put_head(txn, &head);
}

struct kl_change *kl_batch_add_feed(
	struct kl_batch *batch, const struct kl_feed_id *feed, uint64_t seq)
{
	struct kl_feed_id *copy = kl_batch_alloc(batch, sizeof *copy);
	struct kl_change *change = copy ? kl_batch_add(batch) : NULL;

	if (!change)
		return NULL;
	*copy = *feed;
	change->more = copy;
	change->number = seq;
	return change;
}

int kl_feed_erase(struct kl_batch *batch, const struct kl_feed_id *feed, uint64_t seq)
{
	struct kl_change *change = kl_batch_add_feed(batch, feed, seq);

	if (!change)
		return kl_batch_error(batch);
	change->apply = apply_erase;
	return KL_OK;
}

static int apply_freeze(struct kl_txn *txn, struct kl_change *change)
{
	const struct kl_feed_id *feed = change->more;
	struct kl_feed_head head;
	struct kl_key key;
	int rc = kl_txn_head(txn, feed, &head);

	if (rc < 0)
		return rc;
	if (head.contested && head.contested <= change->number)
		return KL_OK;
	head.contested = change->number;
	kl_feed_key(&key, feed);
	rc = kl_txn_put(txn, KL_TABLE_FORKS, kl_key_view(&key), change->value);
	return rc < 0 ? rc : put_head(txn, &head);
}

int kl_feed_freeze(
	struct kl_batch *batch, const struct kl_feed_id *feed, uint64_t seq, struct kl_bytes proof)
{
	struct kl_change *change;
	uint8_t *row;

	if (!seq)
		return kl_batch_fail(batch, KL_E_INVALID);
	if (proof.len > KL_STORE_PROOF_MAX)
		return kl_batch_fail(batch, KL_E_TOO_BIG);
	row = kl_batch_alloc(batch, KL_FORK_FRONT_BYTES + proof.len);
	change = row ? kl_batch_add_feed(batch, feed, seq) : NULL;
	if (!change)
		return kl_batch_error(batch);
	kl_put_u64(row, seq);
	if (proof.len)
		memcpy(row + KL_FORK_FRONT_BYTES, proof.data, proof.len);
	change->value = kl_bytes(row, KL_FORK_FRONT_BYTES + proof.len);
	change->apply = apply_freeze;
	return KL_OK;
}
