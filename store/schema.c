#include "store/schema.h"

#include "core/error.h"

#include <sodium.h>
#include <string.h>

static const char *const names[KL_TABLE_COUNT] = {
	[KL_TABLE_META] = "meta",
	[KL_TABLE_DOCUMENTS] = "documents",
	[KL_TABLE_IMPORTS] = "imports",
	[KL_TABLE_PARTS] = "parts",
	[KL_TABLE_RECORDS] = "records",
	[KL_TABLE_PAYLOADS] = "payloads",
	[KL_TABLE_IDS] = "ids",
	[KL_TABLE_HEADS] = "heads",
	[KL_TABLE_FORKS] = "forks",
	[KL_TABLE_ARRIVALS] = "arrivals",
	[KL_TABLE_ARRIVED] = "arrived",
	[KL_TABLE_POSTINGS] = "postings",
	[KL_TABLE_LENGTHS] = "lengths",
};

const char *kl_table_name(enum kl_table table)
{
	return table < KL_TABLE_COUNT ? names[table] : "?";
}

void kl_key_init(struct kl_key *key)
{
	key->len = 0;
}

void kl_key_bytes(struct kl_key *key, struct kl_bytes bytes)
{
	KL_ASSERT(bytes.len <= sizeof key->b - key->len);
	if (bytes.len)
		memcpy(key->b + key->len, bytes.data, bytes.len);
	key->len += bytes.len;
}

void kl_key_text(struct kl_key *key, const char *text)
{
	kl_key_bytes(key, kl_bytes(text, strlen(text) + 1));
}

void kl_key_u32(struct kl_key *key, uint32_t value)
{
	uint8_t b[4];

	for (int i = 0; i < 4; i++)
		b[i] = (uint8_t)(value >> (8 * (3 - i)));
	kl_key_bytes(key, kl_bytes(b, sizeof b));
}

void kl_key_u64(struct kl_key *key, uint64_t value)
{
	uint8_t b[8];

	for (int i = 0; i < 8; i++)
		b[i] = (uint8_t)(value >> (8 * (7 - i)));
	kl_key_bytes(key, kl_bytes(b, sizeof b));
}

struct kl_bytes kl_key_view(const struct kl_key *key)
{
	return kl_bytes(key->b, key->len);
}

uint32_t kl_key_get_u32(const uint8_t *in)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | in[i];
	return value;
}

uint64_t kl_key_get_u64(const uint8_t *in)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | in[i];
	return value;
}

/* BLAKE2b has no outputs shorter than 16 bytes in libsodium: half of one is kept. */
void kl_checksum_make(enum kl_table table, struct kl_bytes key, struct kl_bytes value,
	uint8_t out[KL_CHECKSUM_BYTES])
{
	uint8_t front[3] = {(uint8_t)table}, hash[crypto_generichash_BYTES_MIN];
	crypto_generichash_state state;

	kl_put_u16(front + 1, (uint16_t)key.len);
	crypto_generichash_init(&state, NULL, 0, sizeof hash);
	crypto_generichash_update(&state, front, sizeof front);
	crypto_generichash_update(&state, key.data, key.len);
	crypto_generichash_update(&state, value.data, value.len);
	crypto_generichash_final(&state, hash, sizeof hash);
	memcpy(out, hash, KL_CHECKSUM_BYTES);
}

int kl_checksum_take(enum kl_table table, struct kl_bytes key, struct kl_bytes stored,
	struct kl_bytes *ret_value)
{
	uint8_t sum[KL_CHECKSUM_BYTES];
	struct kl_bytes value;

	if (stored.len < KL_CHECKSUM_BYTES)
		return KL_E_DAMAGED;
	value = kl_bytes(stored.data, stored.len - KL_CHECKSUM_BYTES);
	kl_checksum_make(table, key, value, sum);
	if (memcmp(sum, stored.data + value.len, sizeof sum) != 0)
		return KL_E_DAMAGED;
	*ret_value = value;
	return KL_OK;
}

int kl_label_check(const char *text, size_t max)
{
	size_t len = strnlen(text, max + 1);

	if (!len || len > max || !kl_text_is_plain(kl_bytes(text, len), false))
		return KL_E_INVALID;
	return KL_OK;
}
