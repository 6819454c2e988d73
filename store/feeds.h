/* Signed feeds: records one after the other, each author's in its own order.
 *
 * feed       the records of one author in one epoch, numbered 1, 2, 3... without gaps
 * record     header (small, hashed and chained), id (its hash), signature (of some records), and a
 *            payload that hangs off the header and can be erased without breaking the chain
 * certified  a record with a signature certifies itself and all before it
 * head       the last record of a feed that is here
 * contested  the first place at which two certified records are known: from there on the feed is
 *            frozen; records before it may still be caught up with and read
 *
 * The store checks places and ids, never hashes or signatures: what it is given was checked. */
#ifndef KL_STORE_FEEDS_H
#define KL_STORE_FEEDS_H

#include "store/batch.h"

enum {
	KL_STORE_HEADER_MAX = 256,
	KL_STORE_PAYLOAD_MAX = 64 << 10,
	KL_STORE_SIGNATURE_BYTES = 64,
	KL_STORE_RUN_RECORDS_MAX = 256,
	KL_STORE_RUN_BYTES_MAX = 1 << 20,
	KL_STORE_PROOF_MAX = 80 << 10, /* two chains of 256 headers */
};

struct kl_feed_id {
	struct kl_id author;
	uint32_t epoch;
};

enum kl_stored_state {
	KL_STORED_HERE,
	KL_STORED_ERASED,  /* taken away, here or before it came here: it will not come back */
	KL_STORED_MISSING, /* not here, and may still come */
};

/* A record going in or coming out. */
struct kl_stored_record {
	uint64_t seq;
	struct kl_id id;
	struct kl_bytes header;   /* 1 to KL_STORE_HEADER_MAX bytes */
	const uint8_t *signature; /* KL_STORE_SIGNATURE_BYTES, or NULL */
	enum kl_stored_state state;
	struct kl_bytes payload; /* up to KL_STORE_PAYLOAD_MAX; empty unless state is HERE */
};

struct kl_feed_head {
	struct kl_feed_id feed;
	uint64_t seq;       /* 0: nothing here yet */
	struct kl_id id;    /* of record `seq`; zeros if seq is 0 */
	uint64_t certified; /* highest signed record; 0: none */
	uint64_t contested; /* 0: not frozen */
	uint64_t bytes;     /* headers, signatures and payloads kept */
};

/* ---- writing ------------------------------------------------------------------------------- */

/* Puts `n` records (1..KL_STORE_RUN_RECORDS_MAX, numbered one after the other) into the batch,
 * everything copied. `prev` is the id before the first one (NULL for seq 1). Inside the commit:
 *   already here, same id     kept as it is; a signature or a payload that was missing is added; an
 *                             erased payload stays erased
 *   another id at its place   conflict
 *   beyond the next place     gap
 *   at or after a contested place   frozen
 * Each of the last three makes the whole commit KL_E_CONFLICT, told apart by kl_batch_conflict().
 * KL_E_INVALID for records that break the limits above. */
int kl_feed_append(struct kl_batch *batch, const struct kl_feed_id *feed, const struct kl_id *prev,
	const struct kl_stored_record *records, size_t n);

enum kl_conflict_kind { KL_CONFLICT_ID, KL_CONFLICT_GAP, KL_CONFLICT_FROZEN };

struct kl_conflict {
	enum kl_conflict_kind kind;
	struct kl_feed_id feed;
	uint64_t seq;      /* ID: where two ids stand; GAP: the place that is missing first */
	struct kl_id here; /* ID: what the store holds there */
	size_t op;         /* which append of this batch, counted from 0 */
};

/* Why the last commit of this batch was KL_E_CONFLICT; KL_E_NOT_FOUND if it was not. */
int kl_batch_conflict(const struct kl_batch *batch, struct kl_conflict *ret_conflict);

/* Erases the payload of a record: the header stays. Free pages of the file keep the bytes until
 * they are used again (see kl_store_compact). Fine if it is not here; the commit is KL_E_NOT_FOUND
 * if the record is not. */
int kl_feed_erase(struct kl_batch *batch, const struct kl_feed_id *feed, uint64_t seq);

/* Keeps the proof that two certified records stand at `seq` (both headers and signatures, in
 * whatever form it is sent on) and freezes the feed from there. A proof for an earlier place takes
 * the place of one for a later; the other way round nothing changes. */
int kl_feed_freeze(
	struct kl_batch *batch, const struct kl_feed_id *feed, uint64_t seq, struct kl_bytes proof);

/* ---- reading ------------------------------------------------------------------------------- */

/* Head of one feed; seq 0 if nothing of it is here. */
int kl_feed_head(
	struct kl_store *store, const struct kl_feed_id *feed, struct kl_feed_head *ret_head);

typedef int kl_feed_head_fn(void *arg, const struct kl_feed_head *head);

/* Calls for each feed, in order of authors, then epochs. */
int kl_feed_visit_heads(struct kl_store *store, kl_feed_head_fn *visit, void *arg);

typedef int kl_record_fn(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *record);

/* One record by its place, or by its id. KL_E_NOT_FOUND. */
int kl_feed_get(struct kl_store *store, const struct kl_feed_id *feed, uint64_t seq,
	kl_record_fn *visit, void *arg);
int kl_feed_get_by_id(
	struct kl_store *store, const struct kl_id *id, kl_record_fn *visit, void *arg);

/* Where a record with this id stands. KL_E_NOT_FOUND. */
int kl_feed_find(struct kl_store *store, const struct kl_id *id, struct kl_feed_id *ret_feed,
	uint64_t *ret_seq);

/* Calls for every record from `from` (1: the first) up to the highest certified one, not beyond a
 * contested place. */
int kl_feed_visit(struct kl_store *store, const struct kl_feed_id *feed, uint64_t from,
	kl_record_fn *visit, void *arg);

/* A run to serve: calls for the longest row of records from `from` that has at most `max_records`
 * and `max_bytes` (of headers, signatures and payloads), ends at a signed record and stays before a
 * contested place. *ret_n: how many, perhaps 0. */
int kl_feed_read_run(struct kl_store *store, const struct kl_feed_id *feed, uint64_t from,
	size_t max_records, size_t max_bytes, kl_record_fn *visit, void *arg, size_t *ret_n);

/* Copies the proof of a fork; *ret_proof is malloc'd, the caller frees it. KL_E_NOT_FOUND. */
int kl_feed_fork(struct kl_store *store, const struct kl_feed_id *feed, uint64_t *ret_seq,
	uint8_t **ret_proof, size_t *ret_len);

#endif
