#include "core/error.h"
#include "core/sign.h"
#include "tests/unit/harness.h"

/* RFC 8032, section 7.1, test 2. */
static void a_known_signature(void **state)
{
	static const uint8_t message[] = {0x72};
	struct kl_sign_keys keys;
	uint8_t seed[KL_SEED_BYTES], wanted[KL_SIGNATURE_BYTES], got[KL_SIGNATURE_BYTES];
	struct kl_id public_key;

	(void)state;
	assert_int_equal(kl_hex_parse("4ccd089b28ff96da9db6c346ec114e0f"
				      "5b8a319f35aba624da8cf6ed4fb8a6fb",
				 seed, sizeof seed),
		0);
	assert_int_equal(kl_hex_parse("3d4017c3e843895a92b70aa74d1b7ebc"
				      "9c982ccf2ec4968cc0cd55f12af4660c",
				 public_key.b, sizeof public_key.b),
		0);
	assert_int_equal(
		kl_hex_parse("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
			     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
			wanted, sizeof wanted),
		0);
	kl_sign_keys_from_seed(seed, &keys);
	assert_memory_equal(keys.public_key.b, public_key.b, KL_ID_BYTES);
	kl_sign(&keys, kl_bytes(message, 1), got);
	assert_memory_equal(got, wanted, sizeof got);
	assert_int_equal(kl_verify(&public_key, kl_bytes(message, 1), got), 0);
}

static void every_changed_bit_is_noticed(void **state)
{
	uint8_t seed[KL_SEED_BYTES] = {1}, signature[KL_SIGNATURE_BYTES], message[] = "words";
	struct kl_bytes bytes = kl_bytes(message, sizeof message);
	struct kl_sign_keys keys, others;

	(void)state;
	kl_sign_keys_from_seed(seed, &keys);
	seed[0] = 2;
	kl_sign_keys_from_seed(seed, &others);
	kl_sign(&keys, bytes, signature);
	assert_int_equal(kl_verify(&keys.public_key, bytes, signature), 0);
	assert_int_equal(kl_verify(&others.public_key, bytes, signature), KL_E_SIGNATURE);
	for (size_t bit = 0; bit < 8 * sizeof signature; bit++) {
		signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(kl_verify(&keys.public_key, bytes, signature), KL_E_SIGNATURE);
		signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (size_t bit = 0; bit < 8 * sizeof message; bit++) {
		message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(kl_verify(&keys.public_key, bytes, signature), KL_E_SIGNATURE);
		message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
}

/* With the neutral point as public key and R, and S = 0, anybody could "sign" anything. */
static void keys_of_small_order_verify_nothing(void **state)
{
	static const struct kl_id neutral = {{1}};
	uint8_t signature[KL_SIGNATURE_BYTES] = {1};

	(void)state;
	assert_int_equal(kl_verify(&neutral, kl_bytes_str("any"), signature), KL_E_SIGNATURE);
}

/* RFC 7748, section 5.2: the first turn of its iteration multiplies the base point 9 by k = 9. */
static void a_known_box_key(void **state)
{
	uint8_t seed[KL_SEED_BYTES] = {9};
	struct kl_id wanted;
	struct kl_box_keys keys;

	(void)state;
	assert_int_equal(kl_hex_parse("422c8e7a6227d7bca1350b3e2bb7279f"
				      "7897b87bb6854b783c60e80311ae3079",
				 wanted.b, sizeof wanted.b),
		0);
	kl_box_keys_from_seed(seed, &keys);
	assert_memory_equal(keys.public_key.b, wanted.b, sizeof wanted.b);
	assert_memory_equal(keys.secret, seed, sizeof seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_signature),
		cmocka_unit_test(every_changed_bit_is_noticed),
		cmocka_unit_test(keys_of_small_order_verify_nothing),
		cmocka_unit_test(a_known_box_key),
	};

	return RUN(tests);
}
