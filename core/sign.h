/* Keys made from seeds, and signatures. Nothing here draws randomness: seeds come in.
 *
 * signing key   Ed25519; its public half is who a member is
 * box key       X25519; what a blob is sealed to (core/seal.h), and a CURVE key of ZeroMQ */
#ifndef KL_CORE_SIGN_H
#define KL_CORE_SIGN_H

#include "core/bytes.h"

enum { KL_SEED_BYTES = 32, KL_SIGNATURE_BYTES = 64, KL_SIGN_SECRET_BYTES = 64 };

struct kl_sign_keys {
	struct kl_id public_key;
	uint8_t secret[KL_SIGN_SECRET_BYTES]; /* seed, then public key, as libsodium keeps it */
};

struct kl_box_keys {
	struct kl_id public_key;
	uint8_t secret[KL_SEED_BYTES];
};

/* Ed25519 pair of a 32-byte seed (RFC 8032). The caller wipes seed and keys. */
void kl_sign_keys_from_seed(const uint8_t seed[KL_SEED_BYTES], struct kl_sign_keys *ret_keys);

/* Signs `message`; the same message under the same key always gives the same signature. */
void kl_sign(const struct kl_sign_keys *keys, struct kl_bytes message,
	uint8_t ret_signature[KL_SIGNATURE_BYTES]);

/* 0 if the signature is this member's over exactly this message, KL_E_SIGNATURE otherwise (also
 * for public keys that are no point of the curve or have a small order). */
int kl_verify(const struct kl_id *public_key, struct kl_bytes message,
	const uint8_t signature[KL_SIGNATURE_BYTES]);

/* X25519 pair: the seed itself is the secret key, the public half is its product with the base
 * point (RFC 7748). The caller wipes seed and keys. */
void kl_box_keys_from_seed(const uint8_t seed[KL_SEED_BYTES], struct kl_box_keys *ret_keys);

#endif
