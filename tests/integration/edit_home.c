/* Changes what a stopped daemon has stored, so that the database is sound and what stands in it is not:
 * checksums are made anew. What somebody could do who has the disk, but nobody's key.
 *
 *     edit_home HOME KIND N content|signature|header OFFSET
 *
 * Turns over one bit of the byte OFFSET (from the end) of the N-th record (0: the first) of a kind, in
 * order of authors and places. Prints author and number of the record.
 *
 *     edit_home HOME version N
 *
 * Makes the database one of version N: 1 has fewer tables, a newer one is as it is.
 *
 *     edit_home HOME unnumbered
 *
 * Leaves the database as a program would that did not yet know any posts: none of them is numbered. */
#include "protocol/header.h"
#include "store/inside.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct kl_fault fault;

static _Noreturn void bail_out(const char *what)
{
	fprintf(stderr, "edit_home: %s: %s\n", what, fault.message);
	exit(1);
}

struct wanted {
	uint32_t kind;
	unsigned long left;
	struct kl_key key; /* of the record that was found; the same in both tables */
	bool found;
};

static int look(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct wanted *wanted = arg;
	struct kl_record_row row;
	struct kl_header header;

	if (kl_record_row_read(value, &row) || kl_header_decode(row.header, &header))
		return KL_E_DAMAGED;
	if (header.kind != wanted->kind || wanted->left-- > 0)
		return KL_VISIT_ON;
	memcpy(wanted->key.b, key.data, key.len);
	wanted->key.len = key.len;
	wanted->found = true;
	return KL_VISIT_STOP;
}

/* Place of the byte in the value: content is a value of its own, the others stand in the record's row. */
static size_t place_of(const char *what, size_t offset, const struct kl_record_row *row,
	const uint8_t *value, size_t len)
{
	const uint8_t *end = value + len;

	if (!strcmp(what, "signature") && row->signature)
		end = row->signature + KL_STORE_SIGNATURE_BYTES;
	else if (!strcmp(what, "header"))
		end = row->header.data + row->header.len;
	else if (strcmp(what, "content") != 0)
		bail_out("nothing of that kind");
	return (size_t)(end - value) - offset;
}

static void turn_over(
	struct kl_store *store, const struct wanted *wanted, const char *what, size_t offset)
{
	enum kl_table table = strcmp(what, "content") ? KL_TABLE_RECORDS : KL_TABLE_PAYLOADS;
	MDB_val key = {wanted->key.len, (void *)(uintptr_t)wanted->key.b}, old, new;
	struct kl_record_row row = {0};
	uint8_t *value;
	MDB_txn *txn;
	size_t len;

	if (mdb_txn_begin(store->env, NULL, 0, &txn) ||
		mdb_get(txn, store->tables[table], &key, &old))
		bail_out("the record");
	len = old.mv_size - KL_CHECKSUM_BYTES;
	value = malloc(old.mv_size);
	if (!value)
		bail_out("memory");
	memcpy(value, old.mv_data, old.mv_size);
	if (table == KL_TABLE_RECORDS && kl_record_row_read(kl_bytes(value, len), &row))
		bail_out("the record");
	value[place_of(what, offset, &row, value, len)] ^= 1;
	kl_checksum_make(table, kl_key_view(&wanted->key), kl_bytes(value, len), value + len);
	new = (MDB_val){old.mv_size, value};
	if (mdb_put(txn, store->tables[table], &key, &new, 0) || mdb_txn_commit(txn))
		bail_out("the change");
	free(value);
}

static void put_meta(
	struct kl_store *store, MDB_txn *txn, const char *name, const uint8_t *bytes, size_t len)
{
	uint8_t value[16 + KL_CHECKSUM_BYTES];
	MDB_val key = {strlen(name), (void *)(uintptr_t)name};
	MDB_val data = {len + KL_CHECKSUM_BYTES, value};

	memcpy(value, bytes, len);
	kl_checksum_make(KL_TABLE_META, kl_bytes_str(name), kl_bytes(value, len), value + len);
	if (mdb_put(txn, store->tables[KL_TABLE_META], &key, &data, 0))
		bail_out(name);
}

static void delete_meta(struct kl_store *store, MDB_txn *txn, const char *name)
{
	MDB_val key = {strlen(name), (void *)(uintptr_t)name};
	int rc = mdb_del(txn, store->tables[KL_TABLE_META], &key, NULL);

	if (rc && rc != MDB_NOTFOUND)
		bail_out(name);
}

static void set_version(struct kl_store *store, uint32_t version)
{
	uint8_t value[4];
	MDB_txn *txn;

	if (mdb_txn_begin(store->env, NULL, 0, &txn))
		bail_out("a transaction");
	for (int t = KL_TABLE_COUNT_1; version == 1 && t < KL_TABLE_COUNT; t++)
		if (mdb_drop(txn, store->tables[t], 1))
			bail_out("a table");
	if (version == 1) {
		delete_meta(store, txn, KL_META_INDEX);
		delete_meta(store, txn, KL_META_NUMBERED);
	}
	kl_put_u32(value, version);
	put_meta(store, txn, "schema", value, sizeof value);
	if (mdb_txn_commit(txn))
		bail_out("the change");
}

/* What stands in `records` stays: only that nobody gave it a number. */
static void forget_numbers(struct kl_store *store)
{
	const int tables[] = {
		KL_TABLE_ARRIVALS, KL_TABLE_ARRIVED, KL_TABLE_POSTINGS, KL_TABLE_LENGTHS};
	uint8_t value[12] = {0};
	MDB_txn *txn;

	if (mdb_txn_begin(store->env, NULL, 0, &txn))
		bail_out("a transaction");
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (mdb_drop(txn, store->tables[tables[i]], 0))
			bail_out("a table");
	put_meta(store, txn, KL_META_INDEX, value, sizeof value);
	put_meta(store, txn, KL_META_NUMBERED, value, 4);
	if (mdb_txn_commit(txn))
		bail_out("the change");
}

/* What concerns the whole database. */
static bool change_whole(struct kl_store *store, int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[2], "version"))
		set_version(store, (uint32_t)strtoul(argv[3], NULL, 10));
	else if (argc == 3 && !strcmp(argv[2], "unnumbered"))
		forget_numbers(store);
	else
		return false;
	kl_store_close(store);
	return true;
}

int main(int argc, char **argv)
{
	struct kl_feed_id feed;
	struct wanted wanted = {0};
	struct kl_store *store;
	struct kl_txn txn;
	char data[PATH_MAX], hex[KL_ID_HEX_MAX];
	uint64_t seq;

	if (argc < 3) {
		fputs("usage: edit_home HOME KIND N content|signature|header OFFSET\n", stderr);
		return 64;
	}
	snprintf(data, sizeof data, "%s/data", argv[1]);
	if (kl_store_open(data, NULL, &fault, &store))
		bail_out(data);
	if (change_whole(store, argc, argv))
		return 0;
	if (argc != 6)
		bail_out("arguments");
	wanted.kind = (uint32_t)strtoul(argv[2], NULL, 10);
	wanted.left = strtoul(argv[3], NULL, 10);
	if (kl_txn_begin(store, &txn))
		bail_out("reading");
	if (kl_txn_visit(&txn, KL_TABLE_RECORDS, kl_bytes(NULL, 0), kl_bytes(NULL, 0), look,
		    &wanted) < 0 ||
		!wanted.found)
		bail_out("no such record");
	kl_txn_end(&txn);
	turn_over(store, &wanted, argv[4], strtoul(argv[5], NULL, 10));
	kl_store_close(store);
	if (kl_record_key_read(kl_key_view(&wanted.key), &feed, &seq))
		bail_out("the key");
	kl_hex(feed.author.b, KL_ID_BYTES, hex);
	printf("%s %llu\n", hex, (unsigned long long)seq);
	return 0;
}
