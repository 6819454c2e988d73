#include "core/expand.h"
#include "core/error.h"
#include "core/field.h"
#include "core/hash.h"

#include <sodium.h>
#include <string.h>

_Static_assert(KL_ENTROPY_BYTES == crypto_stream_chacha20_KEYBYTES, "ChaCha20 key");

enum { BLOCK = 64, CHUNK = 16 * BLOCK };

static const uint8_t no_nonce[crypto_stream_chacha20_NONCEBYTES];

void kl_expand(const uint8_t key[KL_ENTROPY_BYTES], size_t count, uint64_t *ret_elements)
{
	uint8_t chunk[CHUNK];
	size_t done = 0;

	for (uint64_t block = 0; done < count; block += CHUNK / BLOCK) {
		memset(chunk, 0, sizeof chunk);
		crypto_stream_chacha20_xor_ic(chunk, chunk, sizeof chunk, no_nonce, block, key);
		for (size_t i = 0; i < CHUNK && done < count; i += KL_ELEMENT_BYTES) {
			uint64_t word = kl_get_u64(chunk + i) & KL_FIELD_P;

			if (word != KL_FIELD_P)
				ret_elements[done++] = word;
		}
	}
	kl_wipe(chunk, sizeof chunk);
}

void kl_entropy(const uint8_t entropy[KL_ENTROPY_BYTES], const char *label, uint32_t counter,
	void *ret_bytes, size_t len)
{
	struct kl_hash hash;
	struct kl_id key;

	KL_ASSERT(strlen(label) <= 255);
	kl_hash_init(&hash, "keeplocal/entropy");
	kl_hash_add(&hash, kl_bytes(entropy, KL_ENTROPY_BYTES));
	kl_hash_add(&hash, kl_bytes_str(label));
	kl_hash_add_u32(&hash, counter);
	kl_hash_final(&hash, &key);
	crypto_stream_chacha20(ret_bytes, len, no_nonce, key.b);
	kl_wipe(&key, sizeof key);
}
