#include "core/expand.h"
#include "core/error.h"
#include "core/field.h"
#include "core/hash.h"

#include <sodium.h>
#include <string.h>

_Static_assert(KL_ENTROPY_BYTES == crypto_stream_chacha20_KEYBYTES, "ChaCha20 key");

enum { BLOCK = 64 };
_Static_assert(KL_EXPANSION_CHUNK % BLOCK == 0, "whole blocks of the stream");

static const uint8_t no_nonce[crypto_stream_chacha20_NONCEBYTES];

void kl_expansion_init(struct kl_expansion *expansion, const uint8_t key[KL_ENTROPY_BYTES])
{
	memcpy(expansion->key, key, sizeof expansion->key);
	expansion->at = KL_EXPANSION_CHUNK;
	expansion->block = 0;
}

static void next_chunk(struct kl_expansion *expansion)
{
	memset(expansion->chunk, 0, sizeof expansion->chunk);
	crypto_stream_chacha20_xor_ic(expansion->chunk, expansion->chunk, sizeof expansion->chunk,
		no_nonce, expansion->block, expansion->key);
	expansion->block += KL_EXPANSION_CHUNK / BLOCK;
	expansion->at = 0;
}

void kl_expansion_next(struct kl_expansion *expansion, size_t count, uint64_t *ret_elements)
{
	size_t done = 0;

	while (done < count) {
		uint64_t word;

		if (expansion->at == KL_EXPANSION_CHUNK)
			next_chunk(expansion);
		word = kl_get_u64(expansion->chunk + expansion->at) & KL_FIELD_P;
		expansion->at += KL_ELEMENT_BYTES;
		if (word != KL_FIELD_P)
			ret_elements[done++] = word;
	}
}

void kl_expansion_deinit(struct kl_expansion *expansion)
{
	kl_wipe(expansion, sizeof *expansion);
}

void kl_expand(const uint8_t key[KL_ENTROPY_BYTES], size_t count, uint64_t *ret_elements)
{
	struct kl_expansion expansion;

	kl_expansion_init(&expansion, key);
	kl_expansion_next(&expansion, count, ret_elements);
	kl_expansion_deinit(&expansion);
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
