/* Long pseudo-random sequences out of 32 bytes: field elements for tallies (QB1, definition 2), and
 * the many secrets that one step of a state machine needs. */
#ifndef KL_CORE_EXPAND_H
#define KL_CORE_EXPAND_H

#include "core/bytes.h"

enum { KL_ENTROPY_BYTES = 32 };

/* `count` elements of the field (core/field.h): the keystream of ChaCha20 under `key` (8-byte nonce
 * of zeros, 64-bit block counter from 0) is read as little-endian 64-bit words, each cut to 61 bits;
 * a word that equals p is skipped. */
void kl_expand(const uint8_t key[KL_ENTROPY_BYTES], size_t count, uint64_t *ret_elements);

/* The same sequence piece by piece, for those who need each element once and want no memory for all
 * of them. Pieces one after the other are what kl_expand gives at once. */
enum { KL_EXPANSION_CHUNK = 1024 };

struct kl_expansion {
	uint8_t key[KL_ENTROPY_BYTES];
	uint8_t chunk[KL_EXPANSION_CHUNK];
	size_t at;      /* bytes of the chunk that were read */
	uint64_t block; /* of the stream, the next to be made */
};

void kl_expansion_init(struct kl_expansion *expansion, const uint8_t key[KL_ENTROPY_BYTES]);
void kl_expansion_next(struct kl_expansion *expansion, size_t count, uint64_t *ret_elements);
/* Wipes it: what it was made from may be secret. */
void kl_expansion_deinit(struct kl_expansion *expansion);

/* `len` secret bytes for one use in one step. `entropy` are 32 fresh random bytes that the world
 * handed to the step; `label` (at most 255 characters) names the use and `counter` numbers uses
 * with the same label, so that no two uses of one step get related bytes:
 *
 *     the first `len` bytes of ChaCha20's keystream (nonce zero) under the key
 *     H("keeplocal/entropy", entropy, label, u32le counter)
 *
 * An answer for a greater `len` begins with the answer for a smaller one. */
void kl_entropy(const uint8_t entropy[KL_ENTROPY_BYTES], const char *label, uint32_t counter,
	void *ret_bytes, size_t len);

#endif
