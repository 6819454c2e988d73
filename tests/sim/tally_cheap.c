/* Signatures and seals at a price that allows for a hundred thousand stories.
 *
 * A signature here is a hash with the member's pen, a secret of the simulator; the verifier looks the
 * pen up. A seal is the key stream of a hash of the recipient and the one-time key: only those who
 * use kl_seal_open() without knowing better are kept out of it, which are all machines. Both hold
 * what the real ones hold: nobody signs for another, and a blob opens for one key or not at all.
 * The linker puts these in place of core/seal.c (--wrap), which stories with `real_seals` still use. */
#include "tests/sim/tally_inside.h"

#include "core/expand.h"
#include "core/hash.h"

#include <string.h>

/* ---- signatures ----------------------------------------------------------------------------- */

void net_sign(int node, struct kl_bytes message, uint8_t ret_signature[KL_SIGNATURE_BYTES])
{
	struct kl_bytes parts[2] = {kl_bytes(net_node[node].pen, KL_SEED_BYTES), message};
	struct kl_id half;

	kl_hash_of("sim/sign", parts, 2, &half);
	memcpy(ret_signature, half.b, KL_ID_BYTES);
	kl_hash_of("sim/sign2", parts, 2, &half);
	memcpy(ret_signature + KL_ID_BYTES, half.b, KL_ID_BYTES);
}

static bool verify(void *context, const struct kl_id *public_key, struct kl_bytes message,
	const uint8_t signature[KL_SIGNATURE_BYTES])
{
	int node = net_node_of(public_key);
	uint8_t right[KL_SIGNATURE_BYTES];

	(void)context;
	if (node < 0)
		return false;
	net_sign(node, message, right);
	return memcmp(right, signature, sizeof(right)) == 0;
}

struct kl_verifier *net_verifier(void)
{
	static struct kl_verifier verifier = {verify, NULL, 0};

	return &verifier;
}

/* ---- seals ---------------------------------------------------------------------------------- */

enum { TAG_BYTES = KL_SEAL_EXTRA - KL_ID_BYTES };

int __real_kl_seal(const struct kl_id *recipient, const uint8_t one_time[KL_SEED_BYTES],
	struct kl_bytes plain, uint8_t *ret_blob);
int __real_kl_seal_open(const struct kl_box_keys *keys, struct kl_bytes blob, uint8_t *ret_plain);
int __wrap_kl_seal(const struct kl_id *recipient, const uint8_t one_time[KL_SEED_BYTES],
	struct kl_bytes plain, uint8_t *ret_blob);
int __wrap_kl_seal_open(const struct kl_box_keys *keys, struct kl_bytes blob, uint8_t *ret_plain);

static void seal_key(
	const uint8_t *one_time_public, const struct kl_id *recipient, struct kl_id *ret_key)
{
	struct kl_bytes parts[2] = {kl_bytes(one_time_public, KL_ID_BYTES), kl_id_bytes(recipient)};

	kl_hash_of("sim/seal", parts, 2, ret_key);
}

static void mix(const struct kl_id *key, const uint8_t *in, size_t len, uint8_t *out)
{
	static uint8_t stream[KL_SHARE_PLAIN_MAX];

	kl_entropy(key->b, "sim/seal", 0, stream, len);
	for (size_t i = 0; i < len; i++)
		out[i] = in[i] ^ stream[i];
}

static void seal_tag(const struct kl_id *key, struct kl_bytes sealed, struct kl_id *ret_tag)
{
	struct kl_bytes parts[2] = {kl_id_bytes(key), sealed};

	kl_hash_of("sim/tag", parts, 2, ret_tag);
}

int __wrap_kl_seal(const struct kl_id *recipient, const uint8_t one_time[KL_SEED_BYTES],
	struct kl_bytes plain, uint8_t *ret_blob)
{
	struct kl_bytes part = kl_bytes(one_time, KL_SEED_BYTES);
	struct kl_id key, tag, public_half;

	if (net_options_now.real_seals)
		return __real_kl_seal(recipient, one_time, plain, ret_blob);
	if (kl_id_is_zero(recipient)) /* as real ones refuse a point of small order */
		return KL_E_INVALID;
	kl_hash_of("sim/once", &part, 1, &public_half);
	memcpy(ret_blob, public_half.b, KL_ID_BYTES);
	seal_key(ret_blob, recipient, &key);
	mix(&key, plain.data, plain.len, ret_blob + KL_SEAL_EXTRA);
	seal_tag(&key, kl_bytes(ret_blob + KL_SEAL_EXTRA, plain.len), &tag);
	memcpy(ret_blob + KL_ID_BYTES, tag.b, TAG_BYTES);
	return KL_OK;
}

int __wrap_kl_seal_open(const struct kl_box_keys *keys, struct kl_bytes blob, uint8_t *ret_plain)
{
	struct kl_id key, tag;

	if (net_options_now.real_seals)
		return __real_kl_seal_open(keys, blob, ret_plain);
	if (blob.len < KL_SEAL_EXTRA)
		return KL_E_MALFORMED;
	seal_key(blob.data, &keys->public_key, &key);
	seal_tag(&key, kl_bytes(blob.data + KL_SEAL_EXTRA, blob.len - KL_SEAL_EXTRA), &tag);
	if (memcmp(tag.b, blob.data + KL_ID_BYTES, TAG_BYTES) != 0)
		return KL_E_MALFORMED;
	mix(&key, blob.data + KL_SEAL_EXTRA, blob.len - KL_SEAL_EXTRA, ret_plain);
	return KL_OK;
}
