#include "store/arrivals.h"

#include "store/inside.h"

enum { ARRIVAL_BYTES = 8 }; /* of a key in arrivals, and of a value in arrived */

/* ---- giving ---------------------------------------------------------------------------------- */

int kl_arrival_key_read(struct kl_bytes key, uint64_t *ret_arrival)
{
	if (key.len != ARRIVAL_BYTES)
		return KL_E_DAMAGED;
	*ret_arrival = kl_key_get_u64(key.data);
	return KL_OK;
}

int kl_arrived_row_read(struct kl_bytes value, uint64_t *ret_arrival)
{
	if (value.len != ARRIVAL_BYTES)
		return KL_E_DAMAGED;
	*ret_arrival = kl_get_u64(value.data);
	return KL_OK;
}

int kl_txn_last_arrival(struct kl_txn *txn, uint64_t *ret_arrival)
{
	struct kl_bytes key;
	int rc = kl_txn_last(txn, KL_TABLE_ARRIVALS, kl_bytes(NULL, 0), &key, NULL);

	if (rc == KL_E_NOT_FOUND) {
		*ret_arrival = 0;
		return KL_OK;
	}
	return rc < 0 ? rc : kl_arrival_key_read(key, ret_arrival);
}

static int put_number(struct kl_txn *txn, const struct kl_key *record, uint64_t arrival)
{
	uint8_t value[ARRIVAL_BYTES];
	struct kl_key number;
	int rc;

	kl_key_init(&number);
	kl_key_u64(&number, arrival);
	rc = kl_txn_put(txn, KL_TABLE_ARRIVALS, kl_key_view(&number), kl_key_view(record));
	if (rc < 0)
		return rc;
	kl_put_u64(value, arrival);
	return kl_txn_put(
		txn, KL_TABLE_ARRIVED, kl_key_view(record), kl_bytes(value, sizeof value));
}

static int apply_give(struct kl_txn *txn, struct kl_change *change)
{
	struct kl_bytes value;
	struct kl_key record;
	uint64_t last;
	int rc;

	kl_record_key(&record, change->more, change->number);
	rc = kl_txn_get(txn, KL_TABLE_ARRIVED, kl_key_view(&record), &value);
	if (rc != KL_E_NOT_FOUND)
		return rc;
	rc = kl_txn_get(txn, KL_TABLE_RECORDS, kl_key_view(&record), &value);
	if (rc == KL_E_NOT_FOUND)
		return kl_fault(txn->fault, rc, "record %llu of a feed is not here",
			(unsigned long long)change->number);
	if (rc == KL_OK)
		rc = kl_txn_last_arrival(txn, &last);
	return rc < 0 ? rc : put_number(txn, &record, last + 1);
}

int kl_arrival_give(struct kl_batch *batch, const struct kl_feed_id *feed, uint64_t seq)
{
	struct kl_change *change = kl_batch_add_feed(batch, feed, seq);

	if (!change)
		return kl_batch_error(batch);
	change->apply = apply_give;
	return KL_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

int kl_arrival_last(struct kl_store *store, uint64_t *ret_arrival)
{
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = kl_txn_last_arrival(&txn, ret_arrival);
	kl_txn_end(&txn);
	return rc;
}

int kl_txn_arrival_of(
	struct kl_txn *txn, const struct kl_feed_id *feed, uint64_t seq, uint64_t *ret_arrival)
{
	struct kl_bytes value;
	struct kl_key record;
	int rc;

	kl_record_key(&record, feed, seq);
	rc = kl_txn_get(txn, KL_TABLE_ARRIVED, kl_key_view(&record), &value);
	return rc < 0 ? rc : kl_arrived_row_read(value, ret_arrival);
}

int kl_arrival_of(
	struct kl_store *store, const struct kl_feed_id *feed, uint64_t seq, uint64_t *ret_arrival)
{
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = kl_txn_arrival_of(&txn, feed, seq, ret_arrival);
	kl_txn_end(&txn);
	return rc;
}

int kl_arrival_find(
	struct kl_store *store, uint64_t arrival, struct kl_feed_id *ret_feed, uint64_t *ret_seq)
{
	struct kl_bytes value;
	struct kl_key number;
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	kl_key_init(&number);
	kl_key_u64(&number, arrival);
	rc = kl_txn_get(&txn, KL_TABLE_ARRIVALS, kl_key_view(&number), &value);
	if (rc == KL_OK)
		rc = kl_record_key_read(value, ret_feed, ret_seq);
	kl_txn_end(&txn);
	return rc;
}

struct visitor {
	struct kl_txn *txn;
	kl_arrival_fn *visit;
	kl_arrived_fn *read; /* instead of `visit` */
	void *arg;
	uint64_t arrival; /* the record that is being read */
};

static int tell_arrived(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *record)
{
	struct visitor *v = arg;

	return v->read(v->arg, v->arrival, feed, record);
}

static int tell(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct visitor *v = arg;
	struct kl_feed_id feed;
	uint64_t seq;
	int rc;

	if (kl_arrival_key_read(key, &v->arrival) < 0 || kl_record_key_read(value, &feed, &seq) < 0)
		return KL_E_DAMAGED;
	if (v->visit)
		return v->visit(v->arg, v->arrival, &feed, seq);
	rc = kl_txn_record(v->txn, &feed, seq, tell_arrived, v);
	return rc == KL_E_NOT_FOUND ? KL_E_DAMAGED : rc;
}

static int walk(struct kl_store *store, uint64_t from, struct visitor v)
{
	struct kl_bytes all = {0};
	struct kl_key first;
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	v.txn = &txn;
	kl_key_init(&first);
	kl_key_u64(&first, from);
	rc = kl_txn_visit(&txn, KL_TABLE_ARRIVALS, all, kl_key_view(&first), tell, &v);
	kl_txn_end(&txn);
	return rc;
}

int kl_arrival_visit(struct kl_store *store, uint64_t from, kl_arrival_fn *visit, void *arg)
{
	return walk(store, from, (struct visitor){.visit = visit, .arg = arg});
}

int kl_arrival_read(struct kl_store *store, uint64_t from, kl_arrived_fn *visit, void *arg)
{
	return walk(store, from, (struct visitor){.read = visit, .arg = arg});
}

/* ---- after an upgrade ------------------------------------------------------------------------ */

int kl_arrivals_owed(struct kl_store *store, uint32_t rules, bool *ret_owed)
{
	struct kl_bytes value;
	struct kl_txn txn;
	bool owed = true;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = kl_txn_get(&txn, KL_TABLE_META, kl_bytes_str(KL_META_OWED), &value);
	if (rc == KL_E_NOT_FOUND) {
		rc = kl_txn_get(&txn, KL_TABLE_META, kl_bytes_str(KL_META_NUMBERED), &value);
		owed = rc || value.len != 4 || kl_get_u32(value.data) != rules;
	}
	kl_txn_end(&txn);
	if (rc < 0 && rc != KL_E_NOT_FOUND)
		return rc;
	*ret_owed = owed;
	return KL_OK;
}

int kl_arrivals_settled(struct kl_batch *batch, uint32_t rules)
{
	uint8_t value[4];

	kl_put_u32(value, rules);
	kl_batch_delete(batch, KL_TABLE_META, kl_bytes_str(KL_META_OWED));
	return kl_batch_put(batch, KL_TABLE_META, kl_bytes_str(KL_META_NUMBERED),
		kl_bytes(value, sizeof value));
}
