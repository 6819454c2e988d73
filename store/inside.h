/* What the files of this folder share and nobody else sees: transactions and changes.
 *
 * txn     one LMDB transaction with the tables of its store; reads check checksums
 * change  one entry of a batch; its function is applied inside the commit, and applied again from
 *         the start when the map had to grow: it touches nothing but its own `result` */
#ifndef KL_STORE_INSIDE_H
#define KL_STORE_INSIDE_H

#include "store/batch.h"
#include "store/feeds.h"
#include "store/index.h"

#include <lmdb.h>

struct kl_store {
	char *dir;
	int dir_fd; /* holds the flock that keeps others out; -1 while closed */
	MDB_env *env;
	MDB_dbi tables[KL_TABLE_COUNT];
	int n_tables; /* of its version; fewer than KL_TABLE_COUNT only while it is read through */
	struct kl_store_options options; /* defaults filled in */
	bool read_only, broken, held;
	struct kl_fault hold; /* why, while it is held */
	enum kl_lack lack;    /* of the last commit that found no space */
	unsigned reading;     /* transactions open: a commit is a mistake meanwhile */
	uint64_t next_import; /* 0: not looked up yet */
};

struct kl_txn {
	struct kl_store *store;
	MDB_txn *txn;
	struct kl_fault *fault;
	struct kl_batch *batch; /* NULL when reading */
	bool map_full;          /* a write failed for want of address space: grow and start again */
};

struct kl_change {
	int (*apply)(struct kl_txn *txn, struct kl_change *change);
	enum kl_table table;
	struct kl_bytes key, value; /* in the batch's memory, as `more` is */
	void *more;
	uint64_t number, result;
	uint64_t *ret_result; /* gets `result` when the commit went well; may be NULL */
	size_t index;
};

/* Every code of LMDB and errno that comes out of it becomes one of ours here. */
int kl_lmdb_error(int rc);

/* How many pages are free, and whether LMDB's lists of them make sense; thorough: also that none stands
 * there twice. KL_E_DAMAGED. */
int kl_txn_free_pages(struct kl_txn *txn, bool thorough, uint64_t *ret_pages);

/* Whether the disk, or what this process may write, lacks so many bytes. */
bool kl_store_disk_is_full(const struct kl_store *store, uint64_t need);

#define KL_DATA_FILE     "data.mdb"
#define KL_LOCK_FILE     "lock.mdb"
#define KL_DATA_FILE_NEW "data.mdb.new" /* a compaction that did not get to its end */

/* Reading: every begin has its end in the same function. */
int kl_txn_begin(struct kl_store *store, struct kl_txn *ret_txn);
void kl_txn_end(struct kl_txn *txn);

/* View of a value, until the next write or the end of the transaction. */
int kl_txn_get(
	struct kl_txn *txn, enum kl_table table, struct kl_bytes key, struct kl_bytes *ret_value);
/* The value must not be a view that came out of the same transaction. */
int kl_txn_put(struct kl_txn *txn, enum kl_table table, struct kl_bytes key, struct kl_bytes value);
/* The same, quicker and into full pages, for a key that is most likely above all of the table. */
int kl_txn_put_behind(
	struct kl_txn *txn, enum kl_table table, struct kl_bytes key, struct kl_bytes value);
int kl_txn_delete(struct kl_txn *txn, enum kl_table table, struct kl_bytes key);
int kl_txn_empty(struct kl_txn *txn, enum kl_table table); /* all keys of it */

/* Highest key of the table that starts with `prefix`. KL_E_NOT_FOUND. `ret_value` may be NULL: then
 * the value is not looked at, and not checked. */
int kl_txn_last(struct kl_txn *txn, enum kl_table table, struct kl_bytes prefix,
	struct kl_bytes *ret_key, struct kl_bytes *ret_value);

/* The highest key not above `wanted` that starts with `prefix`, and the key behind it if that starts so,
 * too (else empty). KL_E_NOT_FOUND. */
int kl_txn_floor(struct kl_txn *txn, enum kl_table table, struct kl_bytes prefix,
	struct kl_bytes wanted, struct kl_bytes *ret_key, struct kl_bytes *ret_value,
	struct kl_bytes *ret_next);

/* Calls from the first key that is not below `from`, as long as keys start with `prefix`. */
int kl_txn_visit(struct kl_txn *txn, enum kl_table table, struct kl_bytes prefix,
	struct kl_bytes from, kl_visit_fn *visit, void *arg);

/* The same, but values are not read and not checked: only their length may be used, and what is big
 * stays on the disk. */
int kl_txn_visit_keys(struct kl_txn *txn, enum kl_table table, struct kl_bytes prefix,
	struct kl_bytes from, kl_visit_fn *visit, void *arg);

/* malloc'd copy, never NULL on success. */
int kl_copy_bytes(struct kl_bytes bytes, uint8_t **ret_copy, size_t *ret_len);

/* A zeroed change at the end of the batch, or NULL (then the batch's error is set). */
struct kl_change *kl_batch_add(struct kl_batch *batch);
/* Memory that lives until the batch is reset, aligned for anything; NULL as above. */
void *kl_batch_alloc(struct kl_batch *batch, size_t size);
int kl_batch_copy(struct kl_batch *batch, struct kl_bytes bytes, struct kl_bytes *ret_copy);
/* Notes the first error; returns `code`. */
int kl_batch_fail(struct kl_batch *batch, int code);
int kl_batch_error(const struct kl_batch *batch);
void kl_batch_set_conflict(struct kl_batch *batch, const struct kl_conflict *conflict);

#define KL_HINT_DAMAGED                                                                            \
	"Nothing was changed. Restore the last backup, or move data/ away and start afresh: what " \
	"the network knows comes back by itself."

#define KL_META_OWED     "owed"
#define KL_META_NUMBERED "numbered"
#define KL_META_INDEX    "index"

/* ---- layouts that more than one file reads --------------------------------------------------- */

struct kl_import_row {
	uint64_t id, bytes;
	uint32_t parts;
	const char *kind, *name;
	struct kl_bytes note;
};

int kl_import_row_read(struct kl_bytes value, struct kl_import_row *ret_row);
int kl_import_is_visible(struct kl_txn *txn, uint64_t id, bool *ret_visible);

struct kl_record_row {
	enum kl_stored_state state;
	uint32_t payload_size;
	struct kl_id id;
	const uint8_t *signature; /* or NULL */
	struct kl_bytes header;
};

int kl_record_row_read(struct kl_bytes value, struct kl_record_row *ret_row);
int kl_head_row_read(struct kl_bytes key, struct kl_bytes value, struct kl_feed_head *ret_head);
int kl_txn_head(struct kl_txn *txn, const struct kl_feed_id *feed, struct kl_feed_head *ret_head);
void kl_feed_key(struct kl_key *key, const struct kl_feed_id *feed);
void kl_record_key(struct kl_key *key, const struct kl_feed_id *feed, uint64_t seq);

int kl_record_key_read(struct kl_bytes key, struct kl_feed_id *ret_feed, uint64_t *ret_seq);

/* One record with its payload: what `visit` returns, or KL_E_NOT_FOUND. */
int kl_txn_record(struct kl_txn *txn, const struct kl_feed_id *feed, uint64_t seq,
	kl_record_fn *visit, void *arg);

/* A change with the feed as `more` and the place as `number`. NULL: the batch's error says why. */
struct kl_change *kl_batch_add_feed(
	struct kl_batch *batch, const struct kl_feed_id *feed, uint64_t seq);

int kl_arrival_key_read(struct kl_bytes key, uint64_t *ret_arrival);
int kl_arrived_row_read(struct kl_bytes value, uint64_t *ret_arrival);
int kl_txn_last_arrival(struct kl_txn *txn, uint64_t *ret_arrival);
int kl_txn_arrival_of(
	struct kl_txn *txn, const struct kl_feed_id *feed, uint64_t seq, uint64_t *ret_arrival);

/* One term of a block of the index, with its postings; views into the block. */
struct kl_entry {
	struct kl_bytes term, postings;
};

/* Takes the entry at the front off. KL_E_DAMAGED, also if there is nothing. */
int kl_entry_next(struct kl_bytes *rest, struct kl_entry *ret_entry);

/* Takes the posting at the front off: *place, -1 before the first, moves on to its document. */
int kl_posting_next(struct kl_bytes *postings, int *place, uint8_t *ret_weight);

/* The block of the segment that has the term, or would have it, and the key of the next block of the
 * segment (empty: none). KL_E_NOT_FOUND if the segment has none. */
int kl_txn_block(struct kl_txn *txn, const struct kl_key *segment, struct kl_bytes term,
	struct kl_bytes *ret_key, struct kl_bytes *ret_value, struct kl_bytes *ret_next);

void kl_segment_key(struct kl_key *key, uint64_t segment);
int kl_index_state_read(struct kl_bytes value, struct kl_index_state *ret_state);
int kl_txn_index_state(struct kl_txn *txn, struct kl_index_state *ret_state);

enum {
	KL_SEGMENT_KEY_BYTES = 4,
	KL_LENGTHS_BYTES = 2 * KL_SEGMENT_DOCUMENTS,
	KL_LENGTH_STRUCK = UINT16_MAX, /* instead of a length: its words are to be swept out */
	KL_FEED_KEY_BYTES = 36,
	KL_RECORD_KEY_BYTES = 44,
	KL_FORK_FRONT_BYTES = 8,
	KL_PART_KEY_BYTES = 12,
};

#endif
