#include "core/seal.h"
#include "core/error.h"

#include <sodium.h>

_Static_assert(KL_SEAL_EXTRA == crypto_box_SEALBYTES, "length of a seal");
_Static_assert(KL_ID_BYTES == crypto_box_PUBLICKEYBYTES, "length of a public key");

static void seal_nonce(const uint8_t *one_time_public, const struct kl_id *recipient,
	uint8_t ret_nonce[crypto_box_NONCEBYTES])
{
	crypto_generichash_blake2b_state state;

	crypto_generichash_blake2b_init(&state, NULL, 0, crypto_box_NONCEBYTES);
	crypto_generichash_blake2b_update(&state, one_time_public, crypto_box_PUBLICKEYBYTES);
	crypto_generichash_blake2b_update(&state, recipient->b, KL_ID_BYTES);
	crypto_generichash_blake2b_final(&state, ret_nonce, crypto_box_NONCEBYTES);
}

int kl_seal(const struct kl_id *recipient, const uint8_t one_time[KL_SEED_BYTES],
	struct kl_bytes plain, uint8_t *ret_blob)
{
	uint8_t nonce[crypto_box_NONCEBYTES], shared[crypto_box_BEFORENMBYTES];
	struct kl_box_keys keys;
	int r = KL_E_INVALID;

	kl_box_keys_from_seed(one_time, &keys);
	/* The shared key comes first, so that a bad recipient leaves the output alone. */
	if (crypto_box_beforenm(shared, recipient->b, keys.secret))
		goto out;
	seal_nonce(keys.public_key.b, recipient, nonce);
	crypto_box_easy_afternm(ret_blob + KL_ID_BYTES, plain.data, plain.len, nonce, shared);
	for (int i = 0; i < KL_ID_BYTES; i++)
		ret_blob[i] = keys.public_key.b[i];
	r = KL_OK;
out:
	kl_wipe(shared, sizeof shared);
	kl_wipe(&keys, sizeof keys);
	return r;
}

int kl_seal_open(const struct kl_box_keys *keys, struct kl_bytes blob, uint8_t *ret_plain)
{
	uint8_t nonce[crypto_box_NONCEBYTES];

	if (blob.len < KL_SEAL_EXTRA)
		return KL_E_MALFORMED;
	seal_nonce(blob.data, &keys->public_key, nonce);
	/* libsodium checks the tag before it writes a byte of plaintext. */
	if (crypto_box_open_easy(ret_plain, blob.data + KL_ID_BYTES, blob.len - KL_ID_BYTES, nonce,
		    blob.data, keys->secret))
		return KL_E_MALFORMED;
	return KL_OK;
}
