/* BLAKE2b-256, plain and in the tagged form that every identifier of a tally is made of.
 *
 * tag    a few ASCII characters that say what is being hashed, such as "QB1/seat"; two uses with
 *        different tags can never give the same input
 * part   one byte string of the input; its length goes in before it, so that moving a byte from
 *        one part to the next changes the hash
 *
 *     H(tag, p1, p2, ..) = BLAKE2b-256(u8 len(tag) | tag | for each p: u32le len(p) | p)
 *
 * without key and salt (QB1, definition 1). */
#ifndef KL_CORE_HASH_H
#define KL_CORE_HASH_H

#include "core/bytes.h"

enum { KL_HASH_TAG_MAX = 255 };

/* A hash under way. Copying the struct forks the hash. The content is private. */
struct kl_hash {
	_Alignas(64) uint8_t state[384];
	size_t owed; /* bytes that a part begun with kl_hash_begin still wants */
};

/* Starts H(tag, ...). The tag has at most KL_HASH_TAG_MAX characters. */
void kl_hash_init(struct kl_hash *hash, const char *tag);

/* Adds one whole part. */
void kl_hash_add(struct kl_hash *hash, struct kl_bytes part);

/* Parts of fixed sizes: an id (32 bytes) and numbers, little endian. */
void kl_hash_add_id(struct kl_hash *hash, const struct kl_id *id);
void kl_hash_add_u8(struct kl_hash *hash, uint8_t value);
void kl_hash_add_u16(struct kl_hash *hash, uint16_t value);
void kl_hash_add_u32(struct kl_hash *hash, uint32_t value);
void kl_hash_add_u64(struct kl_hash *hash, uint64_t value);

/* Begins a part of `len` bytes that come in pieces through kl_hash_feed; the pieces must add up to
 * exactly `len` before the next part or the end. */
void kl_hash_begin(struct kl_hash *hash, uint32_t len);
void kl_hash_feed(struct kl_hash *hash, struct kl_bytes piece);

/* The hash; `hash` is wiped and must be initialised again before further use. */
void kl_hash_final(struct kl_hash *hash, struct kl_id *ret_hash);

/* H(tag, parts[0], .. parts[count - 1]) in one go. */
void kl_hash_of(
	const char *tag, const struct kl_bytes *parts, size_t count, struct kl_id *ret_hash);

/* Plain BLAKE2b-256 of some bytes: blob hashes, checksums. */
void kl_blake2b(struct kl_bytes bytes, struct kl_id *ret_hash);

/* Plain BLAKE2b-256 of a stream: pieces go in through kl_hash_feed, kl_hash_final ends it. */
void kl_blake2b_init(struct kl_hash *hash);

#endif
