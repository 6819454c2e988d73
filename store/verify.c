#include "store/inside.h"

#include <string.h>
#include <sys/stat.h>

/* One walk over everything. Each check names the table, never what stands in it. */
struct verify {
	struct kl_txn txn;
	struct kl_verify_report report;
	enum kl_table table;
	uint64_t limit, seen; /* entries that the table claims, and that came */
	struct kl_key before;
	uint64_t records, here; /* as the heads say; payloads as the records say */
	uint64_t arrivals;
	struct kl_index_state index;
	uint64_t segment; /* whose lengths these are; UINT64_MAX: none */
	uint8_t lengths[KL_LENGTHS_BYTES];
	struct kl_key term; /* the one before */
};

static int broken(struct verify *v, const char *what)
{
	kl_fault(v->txn.fault, KL_E_DAMAGED, "%s: table %s: %s", v->txn.store->dir,
		kl_table_name(v->table), what);
	kl_fault_hint(v->txn.fault, KL_HINT_DAMAGED);
	return KL_E_DAMAGED;
}

static int compare(struct kl_bytes a, struct kl_bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.data, b.data, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* ---- what the tables hold -------------------------------------------------------------------- */

static int check_record(struct verify *v, struct kl_bytes key, struct kl_bytes value)
{
	struct kl_bytes other = {0};
	struct kl_record_row row;
	bool here;
	int rc;

	if (key.len != KL_RECORD_KEY_BYTES || kl_record_row_read(value, &row) < 0)
		return broken(v, "a record is not readable");
	if (kl_txn_get(&v->txn, KL_TABLE_IDS, kl_id_bytes(&row.id), &other) < 0 ||
		!kl_bytes_equal(other, key))
		return broken(v, "a record is not found by its id");
	rc = kl_txn_get(&v->txn, KL_TABLE_PAYLOADS, key, &other);
	here = row.state == KL_STORED_HERE;
	if ((rc == KL_OK) != here || (here && other.len != row.payload_size))
		return broken(v, "a record and its payload do not fit each other");
	v->here += here;
	return KL_OK;
}

struct row_of_records {
	uint64_t n, certified, bytes;
	struct kl_id last;
};

static int follow(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct row_of_records *row = arg;
	struct kl_record_row record;
	struct kl_feed_id feed;
	uint64_t seq;

	if (kl_record_key_read(key, &feed, &seq) < 0 || kl_record_row_read(value, &record) < 0 ||
		seq != row->n + 1)
		return KL_E_DAMAGED;
	row->n = seq;
	row->last = record.id;
	row->bytes += record.header.len + record.payload_size;
	if (record.signature) {
		row->certified = seq;
		row->bytes += KL_STORE_SIGNATURE_BYTES;
	}
	return KL_VISIT_ON;
}

static int check_head(struct verify *v, struct kl_bytes key, struct kl_bytes value)
{
	struct row_of_records row = {0};
	struct kl_feed_head head;
	struct kl_bytes fork;
	int rc;

	if (kl_head_row_read(key, value, &head) < 0)
		return broken(v, "a head is not readable");
	if (kl_txn_visit(&v->txn, KL_TABLE_RECORDS, key, key, follow, &row) < 0)
		return broken(v, "a feed has gaps");
	if (row.n != head.seq || row.certified != head.certified || row.bytes != head.bytes ||
		!kl_id_equal(&row.last, &head.id))
		return broken(v, "a head does not fit its feed");
	rc = kl_txn_get(&v->txn, KL_TABLE_FORKS, key, &fork);
	if (head.contested ? rc < 0 || fork.len < KL_FORK_FRONT_BYTES ||
				     kl_get_u64(fork.data) != head.contested
			   : rc != KL_E_NOT_FOUND)
		return broken(v, "a head does not fit the proof of its fork");
	v->records += row.n;
	return KL_OK;
}

struct row_of_parts {
	uint32_t n;
	uint64_t bytes;
};

static int count_part(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct row_of_parts *row = arg;

	if (key.len != KL_PART_KEY_BYTES || kl_key_get_u32(key.data + 8) != row->n)
		return KL_E_DAMAGED;
	row->n++;
	row->bytes += value.len;
	return KL_VISIT_ON;
}

static int check_import(struct verify *v, struct kl_bytes value)
{
	struct row_of_parts row = {0};
	struct kl_import_row import;
	struct kl_key prefix;

	if (kl_import_row_read(value, &import) < 0)
		return broken(v, "an import is not readable");
	kl_key_init(&prefix);
	kl_key_u64(&prefix, import.id);
	if (kl_txn_visit_keys(&v->txn, KL_TABLE_PARTS, kl_key_view(&prefix), kl_key_view(&prefix),
		    count_part, &row) < 0 ||
		row.n != import.parts || row.bytes != import.bytes)
		return broken(v, "an import does not have its parts");
	return KL_OK;
}

/* Numbers have no gaps, and lead to a record that leads back. */
static int check_arrival(struct verify *v, struct kl_bytes key, struct kl_bytes value)
{
	struct kl_feed_id feed;
	uint64_t arrival, back, seq;
	struct kl_bytes record;

	if (kl_arrival_key_read(key, &arrival) < 0 || arrival != ++v->arrivals ||
		kl_record_key_read(value, &feed, &seq) < 0)
		return broken(v, "the numbers of arrivals have gaps");
	if (kl_txn_get(&v->txn, KL_TABLE_RECORDS, value, &record) < 0)
		return broken(v, "an arrival without a record");
	if (kl_txn_arrival_of(&v->txn, &feed, seq, &back) < 0 || back != arrival)
		return broken(v, "a record does not know its arrival");
	return KL_OK;
}

static int check_index_state(struct verify *v, struct kl_bytes key, struct kl_bytes value)
{
	if (kl_bytes_equal(key, kl_bytes_str(KL_META_INDEX)) &&
		kl_index_state_read(value, &v->index) < 0)
		return broken(v, "how far the search index goes is not readable");
	return KL_OK;
}

static int check_lengths(struct verify *v, struct kl_bytes key, struct kl_bytes value)
{
	uint64_t first, last = 0;

	if (key.len != KL_SEGMENT_KEY_BYTES || value.len != KL_LENGTHS_BYTES)
		return broken(v, "lengths are not readable");
	first = (uint64_t)kl_key_get_u32(key.data) * KL_SEGMENT_DOCUMENTS;
	for (size_t i = 0; i < KL_SEGMENT_DOCUMENTS; i++)
		if (kl_get_u16(value.data + 2 * i))
			last = first + i;
	if (!last || last > v->index.indexed || v->index.indexed > v->arrivals)
		return broken(v, "the search index has documents that it should not have");
	return KL_OK;
}

/* All postings of a segment follow each other: its lengths are read once. */
static int load_lengths(struct verify *v, struct kl_bytes key)
{
	struct kl_bytes row;

	if (v->segment == kl_key_get_u32(key.data))
		return KL_OK;
	if (kl_txn_get(&v->txn, KL_TABLE_LENGTHS, kl_bytes(key.data, KL_SEGMENT_KEY_BYTES), &row) <
			0 ||
		row.len != KL_LENGTHS_BYTES)
		return KL_E_DAMAGED;
	memcpy(v->lengths, row.data, KL_LENGTHS_BYTES);
	v->segment = kl_key_get_u32(key.data);
	return KL_OK;
}

static int check_postings(struct verify *v, struct kl_bytes postings)
{
	int place = -1;
	uint8_t weight;

	while (postings.len) {
		if (kl_posting_next(&postings, &place, &weight) < 0)
			return broken(v, "postings are not readable");
		if (!weight || !kl_get_u16(v->lengths + (size_t)2 * (size_t)place))
			return broken(v, "postings do not fit their documents");
	}
	return KL_OK;
}

/* Terms rise, also from block to block, and none stands below the key of its block. */
static int check_block(struct verify *v, struct kl_bytes key, struct kl_bytes block)
{
	struct kl_bytes first = {0};
	struct kl_entry entry;
	int rc = KL_OK;

	if (key.len < KL_SEGMENT_KEY_BYTES || load_lengths(v, key) < 0)
		return broken(v, "postings without documents");
	first = kl_bytes(key.data + KL_SEGMENT_KEY_BYTES, key.len - KL_SEGMENT_KEY_BYTES);
	if (!first.len)
		v->term.len = 0;
	while (rc == KL_OK && block.len) {
		if (kl_entry_next(&block, &entry) < 0)
			return broken(v, "postings are not readable");
		if (compare(entry.term, first) < 0 ||
			compare(kl_key_view(&v->term), entry.term) >= 0)
			return broken(v, "terms are out of order");
		kl_key_init(&v->term);
		kl_key_bytes(&v->term, entry.term);
		rc = check_postings(v, entry.postings);
	}
	return rc;
}

/* ---- the walk -------------------------------------------------------------------------------- */

static int check_entry(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct verify *v = arg;

	/* in a damaged tree pages can point back to where one came from */
	if (++v->seen > v->limit)
		return broken(v, "more entries than it should have");
	if (v->seen > 1 && compare(kl_key_view(&v->before), key) >= 0)
		return broken(v, "its keys are out of order");
	kl_key_init(&v->before);
	kl_key_bytes(&v->before, key);
	v->report.entries++;
	v->report.bytes += key.len + value.len;
	switch (v->table) {
	case KL_TABLE_RECORDS:
		return check_record(v, key, value);
	case KL_TABLE_HEADS:
		return check_head(v, key, value);
	case KL_TABLE_IMPORTS:
		return check_import(v, value);
	case KL_TABLE_ARRIVALS:
		return check_arrival(v, key, value);
	case KL_TABLE_META:
		return check_index_state(v, key, value);
	case KL_TABLE_LENGTHS:
		return check_lengths(v, key, value);
	case KL_TABLE_POSTINGS:
		return check_block(v, key, value);
	default:
		return KL_OK;
	}
}

static int check_table(struct verify *v, enum kl_table table)
{
	struct kl_bytes all = {0};
	MDB_stat stat;
	int rc;

	v->table = table;
	v->seen = 0;
	if (mdb_stat(v->txn.txn, v->txn.store->tables[table], &stat))
		return broken(v, "its size is not known");
	v->limit = stat.ms_entries;
	rc = kl_txn_visit(&v->txn, table, all, all, check_entry, v);
	if (rc < 0)
		return rc;
	return v->seen < v->limit ? broken(v, "fewer entries than it should have") : KL_OK;
}

static int entries_fit(struct verify *v, enum kl_table table, uint64_t expected, const char *what)
{
	MDB_stat stat;

	v->table = table;
	if (mdb_stat(v->txn.txn, v->txn.store->tables[table], &stat) || stat.ms_entries != expected)
		return broken(v, what);
	return KL_OK;
}

static int check_all(struct verify *v)
{
	int rc = KL_OK;

	for (int t = 0; t < v->txn.store->n_tables && rc == KL_OK; t++)
		rc = check_table(v, (enum kl_table)t);
	if (rc == KL_OK)
		rc = entries_fit(v, KL_TABLE_RECORDS, v->records, "records outside any feed");
	if (rc == KL_OK)
		rc = entries_fit(v, KL_TABLE_IDS, v->records, "ids without a record");
	if (rc == KL_OK)
		rc = entries_fit(v, KL_TABLE_PAYLOADS, v->here, "payloads without a record");
	if (rc == KL_OK && v->txn.store->n_tables == KL_TABLE_COUNT)
		rc = entries_fit(v, KL_TABLE_ARRIVED, v->arrivals, "records without an arrival");
	return rc;
}

/* No page may be used twice: those of all trees and the free ones are at most those of the file.
 * LMDB keeps its list of free pages as table 0 and the names of tables as table 1. */
static int count_pages(struct verify *v)
{
	MDB_envinfo info;
	MDB_stat stat;
	uint64_t pages = 2, free_pages;
	int rc;

	for (int t = -2; t < v->txn.store->n_tables; t++) {
		MDB_dbi dbi = t < 0 ? (MDB_dbi)(t + 2) : v->txn.store->tables[t];

		if (mdb_stat(v->txn.txn, dbi, &stat))
			return KL_E_DAMAGED;
		pages += stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
	}
	rc = kl_txn_free_pages(&v->txn, true, &free_pages);
	if (rc || mdb_env_info(v->txn.store->env, &info))
		return KL_E_DAMAGED;
	return pages + free_pages > (uint64_t)info.me_last_pgno + 1 ? KL_E_DAMAGED : KL_OK;
}

int kl_store_verify(const char *dir, struct kl_fault *fault, struct kl_verify_report *ret_report)
{
	struct verify v = {.segment = UINT64_MAX};
	struct kl_store *store;
	int rc = kl_store_open_read_only(dir, fault, &store);

	if (rc < 0)
		return rc;
	rc = kl_txn_begin(store, &v.txn);
	if (rc != KL_OK) {
		kl_fault(fault, rc, "%s: the database cannot be read", dir);
		goto close;
	}
	v.txn.fault = fault;
	rc = check_all(&v);
	if (rc == KL_OK && count_pages(&v) < 0)
		rc = kl_fault(fault, KL_E_DAMAGED,
			"%s: the database is damaged: its list of free pages", dir);
	kl_txn_end(&v.txn);
close:
	kl_store_close(store);
	if (rc == KL_E_DAMAGED && fault && !fault->hint[0])
		kl_fault_hint(fault, KL_HINT_DAMAGED);
	if (rc == KL_OK)
		*ret_report = v.report;
	return rc;
}
