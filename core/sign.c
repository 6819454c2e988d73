#include "core/sign.h"
#include "core/error.h"

#include <sodium.h>
#include <string.h>

_Static_assert(KL_SEED_BYTES == crypto_sign_ed25519_SEEDBYTES, "Ed25519 seed");
_Static_assert(KL_SIGN_SECRET_BYTES == crypto_sign_ed25519_SECRETKEYBYTES, "Ed25519 secret key");
_Static_assert(KL_SIGNATURE_BYTES == crypto_sign_ed25519_BYTES, "Ed25519 signature");
_Static_assert(KL_SEED_BYTES == crypto_scalarmult_curve25519_SCALARBYTES, "X25519 secret key");

void kl_sign_keys_from_seed(const uint8_t seed[KL_SEED_BYTES], struct kl_sign_keys *ret_keys)
{
	crypto_sign_ed25519_seed_keypair(ret_keys->public_key.b, ret_keys->secret, seed);
}

void kl_sign(const struct kl_sign_keys *keys, struct kl_bytes message,
	uint8_t ret_signature[KL_SIGNATURE_BYTES])
{
	crypto_sign_ed25519_detached(ret_signature, NULL, message.data, message.len, keys->secret);
}

int kl_verify(const struct kl_id *public_key, struct kl_bytes message,
	const uint8_t signature[KL_SIGNATURE_BYTES])
{
	if (crypto_sign_ed25519_verify_detached(
		    signature, message.data, message.len, public_key->b))
		return KL_E_SIGNATURE;
	return KL_OK;
}

void kl_box_keys_from_seed(const uint8_t seed[KL_SEED_BYTES], struct kl_box_keys *ret_keys)
{
	memcpy(ret_keys->secret, seed, KL_SEED_BYTES);
	/* Cannot fail: the secret is clamped, so the product is never the neutral point. */
	KL_ASSERT(!crypto_scalarmult_curve25519_base(ret_keys->public_key.b, seed));
}
