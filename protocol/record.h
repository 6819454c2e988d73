/* Records: signed, chained by hashes, with payloads that can be taken out again.
 *
 * id         H("KL1/record", header bytes)
 * genesis    what the first record of a feed names as its predecessor:
 *            H("KL1/genesis", network id, author, u32le epoch)
 * signature  Ed25519 over "KL1/signature" | network id | record id, beside the header
 * certified  a record counts once its own signature, or that of one that follows it, was checked: the
 *            ids in between are hashes of each other
 * run        up to 256 neighbouring records of one feed, up to 1 MiB, of which the last is signed:
 *            one signature is verified and everything else is only hashed
 * erased     the payload was removed and the header kept; the chain stays whole
 *
 * H(tag, parts..) is that of core/hash.h. The signature in a stored record was always checked by
 * whoever stored it: kl_run_check() takes away the others.
 *
 * Everything here is a function of bytes; views live as long as the bytes they were read from. */
#ifndef KL_PROTOCOL_RECORD_H
#define KL_PROTOCOL_RECORD_H

#include "core/sign.h"
#include "protocol/header.h"

enum {
	KL_RUN_RECORDS_MAX = 256,
	KL_RUN_BYTES_MAX = 1 << 20,
	/* an encoded record: header, signature, payload and the msgpack around them */
	KL_RECORD_MAX = KL_HEADER_MAX + KL_SIGNATURE_BYTES + KL_PAYLOAD_MAX + 16,
	KL_NETWORK_NONCE_BYTES = 16,
};

#define KL_TAG_NETWORK   "KL1/network"
#define KL_TAG_GENESIS   "KL1/genesis"
#define KL_TAG_RECORD    "KL1/record"
#define KL_TAG_SIGNATURE "KL1/signature"
#define KL_TAG_KEY       "KL1/key"

/* Place in a feed: record number `seq` has this id; seq 0 stands before the first record and then
 * the id is the genesis. */
struct kl_head {
	uint64_t seq;
	struct kl_id id;
};

/* Which feed, and of which network: everything in a record is bound to these. */
struct kl_feed_key {
	struct kl_id author;
	uint32_t epoch;
};

struct kl_record {
	struct kl_bytes header;    /* as it came: what the id is the hash of */
	struct kl_bytes signature; /* 64 bytes, or empty */
	struct kl_bytes payload;   /* empty if erased */
	bool erased;
	struct kl_header h; /* `header` decoded */
	struct kl_id id;
};

/* H("KL1/network", convenor, name, nonce). */
void kl_network_id(const struct kl_id *convenor, const char *name,
	const uint8_t nonce[KL_NETWORK_NONCE_BYTES], struct kl_id *ret_id);

void kl_genesis(const struct kl_id *network, const struct kl_feed_key *feed, struct kl_id *ret_id);

/* First 8 bytes of H("KL1/key", public key). */
void kl_key_id(const struct kl_id *public_key, uint8_t ret_key_id[KL_KEY_ID_BYTES]);

void kl_record_id(struct kl_bytes header, struct kl_id *ret_id);

bool kl_feed_key_equal(const struct kl_feed_key *a, const struct kl_feed_key *b);
int kl_feed_key_compare(const struct kl_feed_key *a, const struct kl_feed_key *b);

/* ---- writing ------------------------------------------------------------------------------- */

/* Who writes. For now the signing key of a feed is its author's identity key. */
struct kl_author {
	struct kl_id network;
	struct kl_feed_key feed;
	const struct kl_sign_keys *keys; /* borrowed */
};

/* Memory for one record that is being written; the record's views point into it and to the payload. */
struct kl_record_memory {
	uint8_t header[KL_HEADER_MAX];
	uint8_t signature[KL_SIGNATURE_BYTES];
};

/* Makes the signed record that follows `head` (seq 0: the first; its id is then ignored). The views
 * in *ret_record point into `memory` and to `payload`. KL_E_TOO_BIG for a payload over 64 KiB. */
int kl_record_make(const struct kl_author *author, const struct kl_head *head, uint32_t kind,
	uint64_t time_ms, struct kl_bytes payload, struct kl_record_memory *memory,
	struct kl_record *ret_record);

/* Appends [header bin, signature bin | nil, payload bin | nil]: the form on the wire, in dumps and
 * in the store. A payload of no bytes that was not erased is an empty bin. */
void kl_record_write(struct kl_writer *w, const struct kl_record *record);

/* ---- reading ------------------------------------------------------------------------------- */

/* Reads one record and checks what it can show by itself: canonical header, length of signature,
 * length and hash of the payload. Neither chain nor signature is checked. KL_E_MALFORMED. */
int kl_record_open(const struct kl_value *value, struct kl_record *ret_record);
int kl_record_decode(struct kl_bytes bytes, struct kl_record *ret_record);

/* How signatures are verified. `verify` is kl_verify_ed25519() unless a test puts a memory in
 * front of it; `count` counts its calls. */
struct kl_verifier {
	bool (*verify)(void *context, const struct kl_id *public_key, struct kl_bytes message,
		const uint8_t signature[KL_SIGNATURE_BYTES]);
	void *context;
	uint64_t count;
};

bool kl_verify_ed25519(void *context, const struct kl_id *public_key, struct kl_bytes message,
	const uint8_t signature[KL_SIGNATURE_BYTES]);

/* Whether the record carries a valid signature of its author's identity key. KL_E_SIGNATURE. */
int kl_record_verify(
	const struct kl_record *record, const struct kl_id *network, struct kl_verifier *verifier);

/* A run as it was checked. */
struct kl_run {
	struct kl_feed_key feed;
	uint64_t from;       /* seq of the first record */
	struct kl_id prev;   /* what the first record names as its predecessor */
	struct kl_head last; /* the last record */
	size_t n;
	struct kl_record *records; /* in the caller's array */
};

/* Checks `n` records as a run of `feed`: neighbours by number and hash, at most 256 records, and
 * the last one certified: by its own signature, or because it is `certified` (may be NULL), a place
 * that the caller knows for certain. One verification, and one more for each other record of a kind
 * that signs itself; other signatures were not checked and are removed from the array. Whether the
 * run fits what the caller holds shows in `prev`; for a run from 1 it is held against the genesis.
 * KL_E_MALFORMED, KL_E_SIGNATURE, KL_E_TOO_BIG. */
int kl_run_check(const struct kl_id *network, const struct kl_feed_key *feed,
	const struct kl_head *certified, struct kl_record *records, size_t n,
	struct kl_verifier *verifier, struct kl_run *ret_run);

/* ---- fork proofs ---------------------------------------------------------------------------
 * Two chains of headers that leave one place and are both certified: nobody but the author can
 * have made them. Kept and passed on as msgpack
 *     [author, epoch, [header, ..], signature, [header, ..], signature]
 * with the chain of the lower first id first; at most 256 headers a chain. */

/* Two chains of 256 headers of at most 147 bytes, the longest that ten fields can take. */
enum { KL_FORK_PROOF_MAX = 80 << 10 };

struct kl_fork {
	struct kl_feed_key feed;
	struct kl_head
		common; /* the last record that both chains share; seq 0: not even the first */
};

/* Appends the proof from two arrays of records that both begin at the first place where they
 * differ; each is cut after its first signed record. KL_E_INVALID if they do not show a fork. */
int kl_fork_write(struct kl_writer *w, const struct kl_record *a, size_t na,
	const struct kl_record *b, size_t nb);

/* Checks a proof to the last bit (two verifications). KL_E_MALFORMED, KL_E_SIGNATURE. */
int kl_fork_check(struct kl_bytes proof, const struct kl_id *network, struct kl_verifier *verifier,
	struct kl_fork *ret_fork);

#endif
