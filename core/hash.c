#include "core/hash.h"
#include "core/error.h"

#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(crypto_generichash_blake2b_state) <= sizeof((struct kl_hash *)0)->state,
	"the state of libsodium fits");
_Static_assert(_Alignof(struct kl_hash) >= 64, "libsodium wants its state aligned");

static crypto_generichash_blake2b_state *inside(struct kl_hash *hash)
{
	return (crypto_generichash_blake2b_state *)(void *)hash->state;
}

static void update(struct kl_hash *hash, const void *data, size_t len)
{
	if (len)
		crypto_generichash_blake2b_update(inside(hash), data, len);
}

void kl_hash_init(struct kl_hash *hash, const char *tag)
{
	size_t len = strlen(tag);
	uint8_t prefix = (uint8_t)len;

	KL_ASSERT(len <= KL_HASH_TAG_MAX);
	crypto_generichash_blake2b_init(inside(hash), NULL, 0, KL_ID_BYTES);
	hash->owed = 0;
	update(hash, &prefix, 1);
	update(hash, tag, len);
}

void kl_hash_begin(struct kl_hash *hash, uint32_t len)
{
	uint8_t prefix[4];

	KL_ASSERT(!hash->owed);
	kl_put_u32(prefix, len);
	update(hash, prefix, sizeof prefix);
	hash->owed = len;
}

void kl_hash_feed(struct kl_hash *hash, struct kl_bytes piece)
{
	KL_ASSERT(piece.len <= hash->owed);
	/* A plain stream owes as much as anybody may give. */
	if (hash->owed != SIZE_MAX)
		hash->owed -= piece.len;
	update(hash, piece.data, piece.len);
}

void kl_hash_add(struct kl_hash *hash, struct kl_bytes part)
{
	KL_ASSERT(part.len <= UINT32_MAX);
	kl_hash_begin(hash, (uint32_t)part.len);
	kl_hash_feed(hash, part);
}

void kl_hash_add_id(struct kl_hash *hash, const struct kl_id *id)
{
	kl_hash_add(hash, kl_id_bytes(id));
}

void kl_hash_add_u8(struct kl_hash *hash, uint8_t value)
{
	kl_hash_add(hash, kl_bytes(&value, 1));
}

void kl_hash_add_u16(struct kl_hash *hash, uint16_t value)
{
	uint8_t bytes[2];

	kl_put_u16(bytes, value);
	kl_hash_add(hash, kl_bytes(bytes, sizeof bytes));
}

void kl_hash_add_u32(struct kl_hash *hash, uint32_t value)
{
	uint8_t bytes[4];

	kl_put_u32(bytes, value);
	kl_hash_add(hash, kl_bytes(bytes, sizeof bytes));
}

void kl_hash_add_u64(struct kl_hash *hash, uint64_t value)
{
	uint8_t bytes[8];

	kl_put_u64(bytes, value);
	kl_hash_add(hash, kl_bytes(bytes, sizeof bytes));
}

void kl_hash_final(struct kl_hash *hash, struct kl_id *ret_hash)
{
	KL_ASSERT(!hash->owed || hash->owed == SIZE_MAX);
	crypto_generichash_blake2b_final(inside(hash), ret_hash->b, KL_ID_BYTES);
	kl_wipe(hash, sizeof *hash);
}

void kl_hash_of(const char *tag, const struct kl_bytes *parts, size_t count, struct kl_id *ret_hash)
{
	struct kl_hash hash;

	kl_hash_init(&hash, tag);
	for (size_t i = 0; i < count; i++)
		kl_hash_add(&hash, parts[i]);
	kl_hash_final(&hash, ret_hash);
}

void kl_blake2b_init(struct kl_hash *hash)
{
	crypto_generichash_blake2b_init(inside(hash), NULL, 0, KL_ID_BYTES);
	hash->owed = SIZE_MAX;
}

void kl_blake2b(struct kl_bytes bytes, struct kl_id *ret_hash)
{
	struct kl_hash hash;

	kl_blake2b_init(&hash);
	kl_hash_feed(&hash, bytes);
	kl_hash_final(&hash, ret_hash);
}
