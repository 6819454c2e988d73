/* Sealed blobs: anyone can write one to a public key, only the holder of the secret key opens it.
 *
 * The format is that of libsodium's crypto_box_seal, which draws its own one-time key; here that
 * key comes in, so that a whole tally can be simulated and repeated:
 *
 *     nonce = BLAKE2b-192(one-time public key | recipient)
 *     blob  = one-time public key (32) | box of the plaintext under that nonce (16 + plaintext)
 *
 * A one-time secret must be fresh for each blob and must not be kept: whoever has it can read the
 * blob. A seal says nothing about who wrote it; what a blob is bound to stands inside. */
#ifndef KL_CORE_SEAL_H
#define KL_CORE_SEAL_H

#include "core/bytes.h"
#include "core/sign.h"

enum { KL_SEAL_EXTRA = 48 }; /* a blob is that many bytes longer than its plaintext */

/* Writes the blob of `plain`, plain.len + KL_SEAL_EXTRA bytes, to `ret_blob` (not overlapping).
 * KL_E_INVALID if `recipient` is a public key that no honest member can have (small order). */
int kl_seal(const struct kl_id *recipient, const uint8_t one_time[KL_SEED_BYTES],
	struct kl_bytes plain, uint8_t *ret_blob);

/* Opens a blob into `ret_plain`, blob.len - KL_SEAL_EXTRA bytes (not overlapping), which is
 * untouched on failure. KL_E_MALFORMED if the blob is too short, was sealed to another key, or any
 * bit of it changed: these cannot be told apart. */
int kl_seal_open(const struct kl_box_keys *keys, struct kl_bytes blob, uint8_t *ret_plain);

#endif
