#include "core/error.h"
#include "core/hash.h"
#include "core/seal.h"
#include "tests/unit/harness.h"
#include "tests/unit/vectors.h"

#include <sodium.h>
#include <stdlib.h>

enum { PLAIN_MAX = 1024 };

static void check_seal(const json_t *seat)
{
	uint8_t seed[KL_SEED_BYTES], one_time[KL_SEED_BYTES];
	uint8_t plain[PLAIN_MAX], wanted[PLAIN_MAX], blob[PLAIN_MAX], opened[PLAIN_MAX];
	size_t plain_len = vectors_hex(vectors_get(seat, "plaintext"), plain, sizeof plain);
	size_t len = vectors_hex(vectors_get(seat, "blob"), wanted, sizeof wanted);
	struct kl_box_keys keys;
	struct kl_id id, hash;

	vectors_hex_exact(vectors_get(seat, "secret_key"), seed, sizeof seed);
	vectors_hex_exact(vectors_get(seat, "public_key"), id.b, sizeof id.b);
	vectors_hex_exact(vectors_get(seat, "one_time_key"), one_time, sizeof one_time);
	kl_box_keys_from_seed(seed, &keys);
	assert_memory_equal(keys.public_key.b, id.b, sizeof id.b);

	assert_int_equal(len, plain_len + KL_SEAL_EXTRA);
	assert_int_equal(kl_seal(&id, one_time, kl_bytes(plain, plain_len), blob), 0);
	assert_memory_equal(blob, wanted, len);
	assert_int_equal(kl_seal_open(&keys, kl_bytes(wanted, len), opened), 0);
	assert_memory_equal(opened, plain, plain_len);

	kl_blake2b(kl_bytes(blob, len), &hash);
	vectors_hex_exact(vectors_get(seat, "blob_hash"), id.b, sizeof id.b);
	assert_memory_equal(hash.b, id.b, sizeof id.b);
}

static void known_seals(void **state)
{
	json_t *root = vectors_load("seals"), *row, *seat;
	const char *key;
	size_t i, seats = 0;

	(void)state;
	json_array_foreach(root, i, row)
	{
		json_object_foreach(json_object_get(row, "seats"), key, seat)
		{
			check_seal(seat);
			seats++;
		}
	}
	assert_true(json_array_size(root) >= 8);
	assert_int_equal(seats, 3 * json_array_size(root));
	json_decref(root);
}

/* Both directions against libsodium's own sealed boxes. */
static void libsodium_reads_ours_and_we_read_its(void **state)
{
	static const uint8_t plain[] = "nobody shall know";
	uint8_t seed[KL_SEED_BYTES] = {7}, one_time[KL_SEED_BYTES] = {8};
	uint8_t blob[sizeof plain + KL_SEAL_EXTRA], opened[sizeof plain];
	struct kl_box_keys keys;

	(void)state;
	kl_box_keys_from_seed(seed, &keys);
	assert_int_equal(
		kl_seal(&keys.public_key, one_time, kl_bytes(plain, sizeof plain), blob), 0);
	assert_int_equal(
		crypto_box_seal_open(opened, blob, sizeof blob, keys.public_key.b, keys.secret), 0);
	assert_memory_equal(opened, plain, sizeof plain);
	assert_int_equal(crypto_box_seal(blob, plain, sizeof plain, keys.public_key.b), 0);
	memset(opened, 0, sizeof opened);
	assert_int_equal(kl_seal_open(&keys, kl_bytes(blob, sizeof blob), opened), 0);
	assert_memory_equal(opened, plain, sizeof plain);
}

static void what_does_not_open(void **state)
{
	static const uint8_t plain[] = "sealed";
	uint8_t seed[KL_SEED_BYTES] = {7}, one_time[KL_SEED_BYTES] = {8};
	uint8_t blob[sizeof plain + KL_SEAL_EXTRA + 1] = {0};
	uint8_t opened[sizeof plain + 1], untouched[sizeof opened];
	size_t len = sizeof blob - 1;
	struct kl_box_keys keys, others;

	(void)state;
	memset(opened, 0x5a, sizeof opened);
	memset(untouched, 0x5a, sizeof untouched);
	kl_box_keys_from_seed(seed, &keys);
	seed[0] = 9;
	kl_box_keys_from_seed(seed, &others);
	assert_int_equal(
		kl_seal(&keys.public_key, one_time, kl_bytes(plain, sizeof plain), blob), 0);
	assert_int_equal(kl_seal_open(&others, kl_bytes(blob, len), opened), KL_E_MALFORMED);
	for (size_t cut = 0; cut < len; cut++)
		assert_int_equal(kl_seal_open(&keys, kl_bytes(blob, cut), opened), KL_E_MALFORMED);
	assert_int_equal(kl_seal_open(&keys, kl_bytes(blob, len + 1), opened), KL_E_MALFORMED);
	for (size_t at = 0; at < len; at++) {
		blob[at] ^= 1;
		assert_int_equal(kl_seal_open(&keys, kl_bytes(blob, len), opened), KL_E_MALFORMED);
		blob[at] ^= 1;
	}
	assert_memory_equal(opened, untouched, sizeof opened);
}

/* With a point of small order everybody would know the shared key. */
static void nothing_is_sealed_to_an_impossible_key(void **state)
{
	static const struct kl_id zero, one = {{1}};
	uint8_t one_time[KL_SEED_BYTES] = {8}, blob[1 + KL_SEAL_EXTRA], untouched[sizeof blob];

	(void)state;
	memset(blob, 0x5a, sizeof blob);
	memset(untouched, 0x5a, sizeof untouched);
	assert_int_equal(kl_seal(&zero, one_time, kl_bytes("x", 1), blob), KL_E_INVALID);
	assert_int_equal(kl_seal(&one, one_time, kl_bytes("x", 1), blob), KL_E_INVALID);
	assert_memory_equal(blob, untouched, sizeof blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_seals),
		cmocka_unit_test(libsodium_reads_ours_and_we_read_its),
		cmocka_unit_test(what_does_not_open),
		cmocka_unit_test(nothing_is_sealed_to_an_impossible_key),
	};

	return RUN(tests);
}
