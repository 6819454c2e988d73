#include "store/feeds.h"

#include "store/inside.h"

/* ---- heads ----------------------------------------------------------------------------------- */

int kl_feed_head(
	struct kl_store *store, const struct kl_feed_id *feed, struct kl_feed_head *ret_head)
{
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = kl_txn_head(&txn, feed, ret_head);
	kl_txn_end(&txn);
	return rc;
}

struct heads {
	kl_feed_head_fn *visit;
	void *arg;
};

static int tell_head(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	const struct heads *heads = arg;
	struct kl_feed_head head;

	if (kl_head_row_read(key, value, &head) < 0)
		return KL_E_DAMAGED;
	return heads->visit(heads->arg, &head);
}

int kl_feed_visit_heads(struct kl_store *store, kl_feed_head_fn *visit, void *arg)
{
	struct heads heads = {.visit = visit, .arg = arg};

	return kl_store_visit(store, KL_TABLE_HEADS, kl_bytes(NULL, 0), tell_head, &heads);
}

/* ---- records --------------------------------------------------------------------------------- */

struct reader {
	struct kl_txn *txn;
	kl_record_fn *visit;
	void *arg;
	uint64_t expected, last; /* the row ends with `last` */
};

static int tell_record(struct reader *reader, const struct kl_feed_id *feed, uint64_t seq,
	const struct kl_record_row *row)
{
	struct kl_stored_record record = {
		.seq = seq,
		.id = row->id,
		.header = row->header,
		.signature = row->signature,
		.state = row->state,
	};
	struct kl_key key;
	int rc;

	if (row->state == KL_STORED_HERE) {
		kl_record_key(&key, feed, seq);
		rc = kl_txn_get(reader->txn, KL_TABLE_PAYLOADS, kl_key_view(&key), &record.payload);
		if (rc < 0)
			return rc == KL_E_NOT_FOUND ? KL_E_DAMAGED : rc;
		if (record.payload.len != row->payload_size)
			return KL_E_DAMAGED;
	}
	return reader->visit(reader->arg, feed, &record);
}

static int tell_row(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct reader *reader = arg;
	struct kl_record_row row;
	struct kl_feed_id feed;
	uint64_t seq;
	int rc;

	if (kl_record_key_read(key, &feed, &seq) < 0 || kl_record_row_read(value, &row) < 0 ||
		seq != reader->expected)
		return KL_E_DAMAGED;
	rc = tell_record(reader, &feed, seq, &row);
	if (rc != KL_VISIT_ON)
		return rc;
	reader->expected++;
	return seq == reader->last ? KL_VISIT_STOP : KL_VISIT_ON;
}

/* Tells of the records from..last, which the caller knows to be there. */
static int read_rows(struct kl_txn *txn, const struct kl_feed_id *feed, uint64_t from,
	uint64_t last, kl_record_fn *visit, void *arg)
{
	struct reader reader = {
		.txn = txn, .visit = visit, .arg = arg, .expected = from, .last = last};
	struct kl_key prefix, first;

	if (from > last)
		return KL_OK;
	kl_feed_key(&prefix, feed);
	kl_record_key(&first, feed, from);
	return kl_txn_visit(txn, KL_TABLE_RECORDS, kl_key_view(&prefix), kl_key_view(&first),
		tell_row, &reader);
}

int kl_txn_record(struct kl_txn *txn, const struct kl_feed_id *feed, uint64_t seq,
	kl_record_fn *visit, void *arg)
{
	struct reader reader = {.txn = txn, .visit = visit, .arg = arg};
	struct kl_record_row row;
	struct kl_bytes value;
	struct kl_key key;
	int rc;

	kl_record_key(&key, feed, seq);
	rc = kl_txn_get(txn, KL_TABLE_RECORDS, kl_key_view(&key), &value);
	if (rc == KL_OK)
		rc = kl_record_row_read(value, &row);
	if (rc == KL_OK)
		rc = tell_record(&reader, feed, seq, &row);
	return rc;
}

int kl_feed_get(struct kl_store *store, const struct kl_feed_id *feed, uint64_t seq,
	kl_record_fn *visit, void *arg)
{
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = kl_txn_record(&txn, feed, seq, visit, arg);
	kl_txn_end(&txn);
	return rc < 0 ? rc : KL_OK;
}

static int find(
	struct kl_txn *txn, const struct kl_id *id, struct kl_feed_id *ret_feed, uint64_t *ret_seq)
{
	struct kl_bytes value;
	int rc = kl_txn_get(txn, KL_TABLE_IDS, kl_id_bytes(id), &value);

	return rc < 0 ? rc : kl_record_key_read(value, ret_feed, ret_seq);
}

int kl_feed_get_by_id(
	struct kl_store *store, const struct kl_id *id, kl_record_fn *visit, void *arg)
{
	struct kl_feed_id feed;
	struct kl_txn txn;
	uint64_t seq;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = find(&txn, id, &feed, &seq);
	if (rc == KL_OK)
		rc = kl_txn_record(&txn, &feed, seq, visit, arg);
	kl_txn_end(&txn);
	return rc < 0 ? rc : KL_OK;
}

int kl_feed_find(struct kl_store *store, const struct kl_id *id, struct kl_feed_id *ret_feed,
	uint64_t *ret_seq)
{
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = find(&txn, id, ret_feed, ret_seq);
	kl_txn_end(&txn);
	return rc;
}

/* ---- rows of records ------------------------------------------------------------------------- */

/* The last record that may be shown: a certified one certifies all before it, also across a
 * contested place. */
static uint64_t last_shown(const struct kl_feed_head *head)
{
	if (head->contested && head->contested <= head->certified)
		return head->contested - 1;
	return head->certified;
}

int kl_feed_visit(struct kl_store *store, const struct kl_feed_id *feed, uint64_t from,
	kl_record_fn *visit, void *arg)
{
	struct kl_feed_head head;
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = kl_txn_head(&txn, feed, &head);
	if (rc == KL_OK)
		rc = read_rows(&txn, feed, from ? from : 1, last_shown(&head), visit, arg);
	kl_txn_end(&txn);
	return rc;
}

struct measure {
	size_t records_left, bytes_left;
	uint64_t last, end; /* end: the last signed record that fits; 0: none */
};

static int measure_row(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct measure *measure = arg;
	struct kl_record_row row;
	struct kl_feed_id feed;
	uint64_t seq;
	size_t size;

	if (kl_record_key_read(key, &feed, &seq) < 0 || kl_record_row_read(value, &row) < 0)
		return KL_E_DAMAGED;
	size = row.header.len + row.payload_size + (row.signature ? KL_STORE_SIGNATURE_BYTES : 0);
	if (seq > measure->last || !measure->records_left || size > measure->bytes_left)
		return KL_VISIT_STOP;
	measure->records_left--;
	measure->bytes_left -= size;
	if (row.signature)
		measure->end = seq;
	return KL_VISIT_ON;
}

static int read_run(struct kl_txn *txn, const struct kl_feed_id *feed, uint64_t from,
	struct measure *measure, kl_record_fn *visit, void *arg)
{
	struct kl_feed_head head;
	struct kl_key prefix, first;
	int rc = kl_txn_head(txn, feed, &head);

	if (rc < 0)
		return rc;
	measure->last = last_shown(&head);
	kl_feed_key(&prefix, feed);
	kl_record_key(&first, feed, from);
	rc = kl_txn_visit(txn, KL_TABLE_RECORDS, kl_key_view(&prefix), kl_key_view(&first),
		measure_row, measure);
	return rc < 0 ? rc : read_rows(txn, feed, from, measure->end, visit, arg);
}

int kl_feed_read_run(struct kl_store *store, const struct kl_feed_id *feed, uint64_t from,
	size_t max_records, size_t max_bytes, kl_record_fn *visit, void *arg, size_t *ret_n)
{
	struct measure measure = {.records_left = max_records, .bytes_left = max_bytes};
	struct kl_txn txn;
	int rc;

	if (!from)
		return KL_E_INVALID;
	rc = kl_txn_begin(store, &txn);
	if (rc != KL_OK)
		return rc;
	rc = read_run(&txn, feed, from, &measure, visit, arg);
	kl_txn_end(&txn);
	if (rc < 0)
		return rc;
	*ret_n = measure.end >= from ? (size_t)(measure.end - from + 1) : 0;
	return KL_OK;
}

int kl_feed_fork(struct kl_store *store, const struct kl_feed_id *feed, uint64_t *ret_seq,
	uint8_t **ret_proof, size_t *ret_len)
{
	struct kl_bytes value;
	struct kl_txn txn;
	struct kl_key key;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	kl_feed_key(&key, feed);
	rc = kl_txn_get(&txn, KL_TABLE_FORKS, kl_key_view(&key), &value);
	if (rc == KL_OK && value.len < KL_FORK_FRONT_BYTES)
		rc = KL_E_DAMAGED;
	if (rc == KL_OK)
		rc = kl_copy_bytes(
			kl_bytes(value.data + KL_FORK_FRONT_BYTES, value.len - KL_FORK_FRONT_BYTES),
			ret_proof, ret_len);
	if (rc == KL_OK)
		*ret_seq = kl_get_u64(value.data);
	kl_txn_end(&txn);
	return rc;
}
