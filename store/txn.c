#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

static MDB_val to_mdb(struct kl_bytes bytes)
{
	union {
		const uint8_t *in;
		void *out;
	} data = {.in = bytes.data}; /* LMDB's type has no const; it does not write to keys */

	return (MDB_val){.mv_size = bytes.len, .mv_data = data.out};
}

static struct kl_bytes from_mdb(const MDB_val *value)
{
	return kl_bytes(value->mv_data, value->mv_size);
}

static int damaged(struct kl_txn *txn, enum kl_table table)
{
	return kl_fault(txn->fault, KL_E_DAMAGED, "%s: an entry of table %s is damaged",
		txn->store->dir, kl_table_name(table));
}

static int translate(struct kl_txn *txn, enum kl_table table, int rc)
{
	int code = kl_lmdb_error(rc);

	if (rc == MDB_MAP_FULL)
		txn->map_full = true;
	if (code < 0 && code != KL_E_NOT_FOUND)
		kl_fault(txn->fault, code, "%s: table %s: %s", txn->store->dir,
			kl_table_name(table), mdb_strerror(rc));
	return code;
}

int kl_txn_begin(struct kl_store *store, struct kl_txn *ret_txn)
{
	struct kl_txn txn = {.store = store};
	int code;

	if (!store->env)
		return KL_E_IO;
	code = kl_lmdb_error(mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn.txn));
	if (code != KL_OK)
		return code;
	store->reading++;
	*ret_txn = txn;
	return KL_OK;
}

void kl_txn_end(struct kl_txn *txn)
{
	mdb_txn_abort(txn->txn);
	txn->store->reading--;
}

int kl_txn_get(
	struct kl_txn *txn, enum kl_table table, struct kl_bytes key, struct kl_bytes *ret_value)
{
	MDB_val k = to_mdb(key), v;
	int rc = translate(txn, table, mdb_get(txn->txn, txn->store->tables[table], &k, &v));

	if (rc != KL_OK)
		return rc;
	if (kl_checksum_take(table, key, from_mdb(&v), ret_value) < 0)
		return damaged(txn, table);
	return KL_OK;
}

/* The value goes straight into LMDB's page, the checksum behind it. */
static int put(struct kl_txn *txn, enum kl_table table, struct kl_bytes key, struct kl_bytes value,
	unsigned flags)
{
	MDB_val k = to_mdb(key), v = {.mv_size = value.len + KL_CHECKSUM_BYTES};
	uint8_t sum[KL_CHECKSUM_BYTES];
	int rc;

	kl_checksum_make(table, key, value, sum);
	rc = mdb_put(txn->txn, txn->store->tables[table], &k, &v, MDB_RESERVE | flags);
	if (rc == MDB_KEYEXIST && flags & MDB_APPEND) /* not above all of them */
		return KL_E_EXISTS;
	if (rc)
		return translate(txn, table, rc);
	if (value.len)
		memcpy(v.mv_data, value.data, value.len);
	memcpy((uint8_t *)v.mv_data + value.len, sum, sizeof sum);
	return KL_OK;
}

int kl_txn_put(struct kl_txn *txn, enum kl_table table, struct kl_bytes key, struct kl_bytes value)
{
	return put(txn, table, key, value, 0);
}

int kl_txn_put_behind(
	struct kl_txn *txn, enum kl_table table, struct kl_bytes key, struct kl_bytes value)
{
	int rc = put(txn, table, key, value, MDB_APPEND);

	return rc == KL_E_EXISTS ? put(txn, table, key, value, 0) : rc;
}

int kl_txn_delete(struct kl_txn *txn, enum kl_table table, struct kl_bytes key)
{
	MDB_val k = to_mdb(key);

	return translate(txn, table, mdb_del(txn->txn, txn->store->tables[table], &k, NULL));
}

int kl_txn_empty(struct kl_txn *txn, enum kl_table table)
{
	return translate(txn, table, mdb_drop(txn->txn, txn->store->tables[table], 0));
}

static bool starts_with(struct kl_bytes key, struct kl_bytes prefix)
{
	return key.len >= prefix.len && (!prefix.len || !memcmp(key.data, prefix.data, prefix.len));
}

int kl_txn_last(struct kl_txn *txn, enum kl_table table, struct kl_bytes prefix,
	struct kl_bytes *ret_key, struct kl_bytes *ret_value)
{
	uint8_t after[KL_STORE_KEY_MAX];
	MDB_val k, v;
	MDB_cursor *cursor;
	size_t len = prefix.len;
	int rc;

	/* the first key that is above all keys with this prefix: the one before it is ours */
	if (len)
		memcpy(after, prefix.data, len);
	while (len && after[len - 1] == 0xff)
		len--;
	rc = mdb_cursor_open(txn->txn, txn->store->tables[table], &cursor);
	if (rc)
		return translate(txn, table, rc);
	if (len) {
		after[len - 1]++;
		k = to_mdb(kl_bytes(after, len));
		rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);
		if (!rc || rc == MDB_NOTFOUND)
			rc = mdb_cursor_get(cursor, &k, &v, rc ? MDB_LAST : MDB_PREV);
	} else {
		rc = mdb_cursor_get(cursor, &k, &v, MDB_LAST);
	}
	if (!rc && !starts_with(from_mdb(&k), prefix))
		rc = MDB_NOTFOUND;
	mdb_cursor_close(cursor);
	rc = translate(txn, table, rc);
	if (rc != KL_OK)
		return rc;
	if (ret_value && kl_checksum_take(table, from_mdb(&k), from_mdb(&v), ret_value) < 0)
		return damaged(txn, table);
	*ret_key = from_mdb(&k);
	return KL_OK;
}

static int seek_floor(MDB_cursor *cursor, struct kl_bytes wanted, MDB_val *k, MDB_val *v)
{
	int rc;

	*k = to_mdb(wanted);
	rc = mdb_cursor_get(cursor, k, v, MDB_SET_RANGE);
	if (!rc && kl_bytes_equal(from_mdb(k), wanted))
		return 0;
	if (rc && rc != MDB_NOTFOUND)
		return rc;
	return mdb_cursor_get(cursor, k, v, rc ? MDB_LAST : MDB_PREV);
}

int kl_txn_floor(struct kl_txn *txn, enum kl_table table, struct kl_bytes prefix,
	struct kl_bytes wanted, struct kl_bytes *ret_key, struct kl_bytes *ret_value,
	struct kl_bytes *ret_next)
{
	MDB_val k, v, next = {0}, unused;
	MDB_cursor *cursor;
	int rc = mdb_cursor_open(txn->txn, txn->store->tables[table], &cursor);

	if (rc)
		return translate(txn, table, rc);
	rc = seek_floor(cursor, wanted, &k, &v);
	if (!rc && !starts_with(from_mdb(&k), prefix))
		rc = MDB_NOTFOUND;
	if (!rc && (mdb_cursor_get(cursor, &next, &unused, MDB_NEXT) ||
			   !starts_with(from_mdb(&next), prefix)))
		next = (MDB_val){0};
	mdb_cursor_close(cursor);
	rc = translate(txn, table, rc);
	if (rc != KL_OK)
		return rc;
	if (kl_checksum_take(table, from_mdb(&k), from_mdb(&v), ret_value) < 0)
		return damaged(txn, table);
	*ret_key = from_mdb(&k);
	*ret_next = from_mdb(&next);
	return KL_OK;
}

/* The value inside a stored one; the bytes are not touched unless `check`. */
static int inner(struct kl_txn *txn, enum kl_table table, bool check, const MDB_val *k,
	const MDB_val *v, struct kl_bytes *ret_value)
{
	int rc = KL_OK;

	if (check)
		rc = kl_checksum_take(table, from_mdb(k), from_mdb(v), ret_value);
	else if (v->mv_size < KL_CHECKSUM_BYTES)
		rc = KL_E_DAMAGED;
	else
		*ret_value = kl_bytes(v->mv_data, v->mv_size - KL_CHECKSUM_BYTES);
	return rc < 0 ? damaged(txn, table) : KL_OK;
}

static int walk(struct kl_txn *txn, enum kl_table table, bool check, struct kl_bytes prefix,
	struct kl_bytes from, kl_visit_fn *visit, void *arg)
{
	MDB_val k = to_mdb(from), v;
	MDB_cursor *cursor;
	struct kl_bytes value;
	int rc = mdb_cursor_open(txn->txn, txn->store->tables[table], &cursor), code = KL_OK;

	if (rc)
		return translate(txn, table, rc);
	rc = mdb_cursor_get(cursor, &k, &v, from.len ? MDB_SET_RANGE : MDB_FIRST);
	while (!rc && starts_with(from_mdb(&k), prefix)) {
		code = inner(txn, table, check, &k, &v, &value);
		if (code == KL_OK)
			code = visit(arg, from_mdb(&k), value);
		if (code != KL_VISIT_ON)
			break;
		rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	if (code != KL_VISIT_ON)
		return code < 0 ? code : KL_OK;
	return rc && rc != MDB_NOTFOUND ? translate(txn, table, rc) : KL_OK;
}

int kl_txn_visit(struct kl_txn *txn, enum kl_table table, struct kl_bytes prefix,
	struct kl_bytes from, kl_visit_fn *visit, void *arg)
{
	return walk(txn, table, true, prefix, from, visit, arg);
}

int kl_txn_visit_keys(struct kl_txn *txn, enum kl_table table, struct kl_bytes prefix,
	struct kl_bytes from, kl_visit_fn *visit, void *arg)
{
	return walk(txn, table, false, prefix, from, visit, arg);
}

int kl_copy_bytes(struct kl_bytes bytes, uint8_t **ret_copy, size_t *ret_len)
{
	uint8_t *copy = malloc(bytes.len ? bytes.len : 1);

	if (!copy)
		return KL_E_NOMEM;
	if (bytes.len)
		memcpy(copy, bytes.data, bytes.len);
	*ret_copy = copy;
	*ret_len = bytes.len;
	return KL_OK;
}

int kl_store_get(struct kl_store *store, enum kl_table table, struct kl_bytes key,
	uint8_t **ret_copy, size_t *ret_len)
{
	struct kl_txn txn;
	struct kl_bytes value;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = kl_txn_get(&txn, table, key, &value);
	if (rc == KL_OK)
		rc = kl_copy_bytes(value, ret_copy, ret_len);
	kl_txn_end(&txn);
	return rc;
}

int kl_store_visit(struct kl_store *store, enum kl_table table, struct kl_bytes prefix,
	kl_visit_fn *visit, void *arg)
{
	struct kl_txn txn;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = kl_txn_visit(&txn, table, prefix, prefix, visit, arg);
	kl_txn_end(&txn);
	return rc;
}
