/* What the database holds: its named tables, their keys, and the version of all that.
 *
 * table     a named LMDB database inside the one environment
 * checksum  every value is followed by 8 bytes: the start of BLAKE2b over table, key and value. It
 *           is checked on each read, so that a damaged byte becomes KL_E_DAMAGED, never a wrong
 *           figure. It is no protection against people: who can write the file can write it too
 * author    32 bytes, the identity of whoever signs a feed
 *
 * Numbers inside keys are big endian (LMDB orders keys by memcmp), numbers inside values little
 * endian. Texts inside keys and values end with a zero byte; they contain none.
 *
 *   table      key                           value (without the checksum)
 *   meta       "schema"                      version u32
 *   meta       "imports"                     highest import id u64, highest order u64, ever given
 *   documents  kind, name, version u64       bytes of the caller
 *   imports    order u64                     import id u64, parts u32, bytes u64, kind, name, note
 *   parts      import id u64, part u32       bytes of the caller
 *   records    author, epoch u32, seq u64    state u8, signed u8, payload size u32, id, signature
 *                                            (64 bytes, if signed), header
 *   payloads   author, epoch u32, seq u64    bytes of the caller
 *   ids        id                            author, epoch u32 (big endian), seq u64 (big endian):
 *                                            the key of the record
 *   heads      author, epoch u32             seq u64, certified u64, contested u64, bytes u64, id
 *   forks      author, epoch u32             seq u64, proof
 *   arrivals   number u64                    author, epoch u32 (big endian), seq u64 (big endian):
 *                                            the key of the record
 *   arrived    author, epoch u32, seq u64    number u64
 *   postings   segment u32, first term       a block: for each term from this one to that of the next
 *              (none: the first block)       block: length u8, term, bytes of its postings N, and for
 *                                            each document that has it, in rising order: places since
 *                                            the one before N, weight u8. N is one byte below 128,
 *                                            else two, big endian, with the highest bit set
 *   lengths    segment u32                   for each place of the segment: length u16; 0: no
 *                                            document there; the highest: one that is struck out
 *
 * The last four came with version 2; in meta they have
 *
 *   meta       "owed"                        empty; there as long as records of before version 2
 *                                            have not been numbered
 *   meta       "numbered"                    rules u32 by which they have been: see arrivals.h
 *   meta       "index"                       rules u32, indexed u64: see index.h
 *
 * A change of any of these layouts is a new version. A database of version 1 becomes one of version
 * 2 when it is opened for writing; to read it through (verify, compact) it may stay as it is. */
#ifndef KL_STORE_SCHEMA_H
#define KL_STORE_SCHEMA_H

#include "core/bytes.h"

enum { KL_SCHEMA_VERSION = 2 };

enum kl_table {
	KL_TABLE_META,
	KL_TABLE_DOCUMENTS,
	KL_TABLE_IMPORTS,
	KL_TABLE_PARTS,
	KL_TABLE_RECORDS,
	KL_TABLE_PAYLOADS,
	KL_TABLE_IDS,
	KL_TABLE_HEADS,
	KL_TABLE_FORKS,
	KL_TABLE_ARRIVALS,
	KL_TABLE_ARRIVED,
	KL_TABLE_POSTINGS,
	KL_TABLE_LENGTHS,
	KL_TABLE_COUNT,
	KL_TABLE_COUNT_1 = KL_TABLE_ARRIVALS, /* of version 1 */
};

enum {
	KL_STORE_KEY_MAX = 511, /* LMDB's own limit */
	KL_CHECKSUM_BYTES = 8,
	KL_STORE_VALUE_MAX = 1 << 20,
	KL_STORE_KIND_MAX = 32,  /* bytes of a kind of documents or imports */
	KL_STORE_NAME_MAX = 255, /* bytes of the name of one */
};

/* Name of the table inside the database; never NULL. */
const char *kl_table_name(enum kl_table table);

/* A key being put together. Parts beyond KL_STORE_KEY_MAX are a mistake of the programmer. */
struct kl_key {
	uint8_t b[KL_STORE_KEY_MAX];
	size_t len;
};

void kl_key_init(struct kl_key *key);
void kl_key_bytes(struct kl_key *key, struct kl_bytes bytes);
void kl_key_text(struct kl_key *key, const char *text); /* with its final zero */
void kl_key_u32(struct kl_key *key, uint32_t value);    /* big endian */
void kl_key_u64(struct kl_key *key, uint64_t value);
struct kl_bytes kl_key_view(const struct kl_key *key);

uint32_t kl_key_get_u32(const uint8_t *in);
uint64_t kl_key_get_u64(const uint8_t *in);

/* The checksum of a value under its key. */
void kl_checksum_make(enum kl_table table, struct kl_bytes key, struct kl_bytes value,
	uint8_t out[KL_CHECKSUM_BYTES]);

/* Checks the checksum behind a stored value and takes it off. KL_E_DAMAGED if it does not fit. */
int kl_checksum_take(enum kl_table table, struct kl_bytes key, struct kl_bytes stored,
	struct kl_bytes *ret_value);

/* Checks a kind or a name: 1 to `max` bytes of plain UTF-8, no controls. KL_E_INVALID otherwise. */
int kl_label_check(const char *text, size_t max);

#endif
