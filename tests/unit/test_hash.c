#include "core/hash.h"
#include "tests/unit/harness.h"
#include "tests/unit/vectors.h"

static void known_hashes(void **state)
{
	json_t *root = vectors_load("hash");
	const json_t *row;
	size_t i, j;

	(void)state;
	assert_int_equal(json_array_size(root), 6);
	json_array_foreach(root, i, row)
	{
		const json_t *parts = vectors_get(row, "parts"), *part;
		struct kl_hash hash;
		struct kl_id got, wanted;

		kl_hash_init(&hash, json_string_value(vectors_get(row, "tag")));
		json_array_foreach(parts, j, part)
		{
			uint8_t bytes[64];
			size_t len = vectors_hex(part, bytes, sizeof bytes);

			kl_hash_add(&hash, kl_bytes(bytes, len));
		}
		kl_hash_final(&hash, &got);
		vectors_hex_exact(vectors_get(row, "out"), wanted.b, sizeof wanted.b);
		assert_memory_equal(got.b, wanted.b, sizeof got.b);
	}
	json_decref(root);
}

/* "ab", "c" and "a", "bc" are different inputs, and so are other tags. */
static void the_borders_of_parts_count(void **state)
{
	struct kl_bytes left[] = {kl_bytes_str("ab"), kl_bytes_str("c")};
	struct kl_bytes right[] = {kl_bytes_str("a"), kl_bytes_str("bc")};
	struct kl_id a, b, c;

	(void)state;
	kl_hash_of("QB1/chal", left, 2, &a);
	kl_hash_of("QB1/chal", right, 2, &b);
	kl_hash_of("QB1/seat", left, 2, &c);
	assert_false(kl_id_equal(&a, &b));
	assert_false(kl_id_equal(&a, &c));
}

static void a_part_may_come_in_pieces(void **state)
{
	struct kl_bytes whole[] = {kl_bytes_str("one two"), kl_bytes_str("")};
	struct kl_hash hash, fork;
	struct kl_id got, forked, wanted;

	(void)state;
	kl_hash_of("T", whole, 2, &wanted);
	kl_hash_init(&hash, "T");
	kl_hash_begin(&hash, 7);
	kl_hash_feed(&hash, kl_bytes_str("one"));
	fork = hash;
	kl_hash_feed(&hash, kl_bytes_str(" two"));
	kl_hash_begin(&hash, 0);
	kl_hash_final(&hash, &got);
	assert_memory_equal(got.b, wanted.b, sizeof got.b);
	kl_hash_feed(&fork, kl_bytes_str(" six"));
	kl_hash_begin(&fork, 0);
	kl_hash_final(&fork, &forked);
	assert_false(kl_id_equal(&forked, &wanted));
}

static void numbers_are_little_endian_parts(void **state)
{
	static const uint8_t bytes[] = {1, 3, 2, 7, 6, 5, 4, 15, 14, 13, 12, 11, 10, 9, 8};
	struct kl_bytes parts[] = {kl_bytes(bytes, 1), kl_bytes(bytes + 1, 2),
		kl_bytes(bytes + 3, 4), kl_bytes(bytes + 7, 8)};
	struct kl_hash hash;
	struct kl_id got, wanted;

	(void)state;
	kl_hash_of("T", parts, 4, &wanted);
	kl_hash_init(&hash, "T");
	kl_hash_add_u8(&hash, 1);
	kl_hash_add_u16(&hash, 0x0203);
	kl_hash_add_u32(&hash, 0x04050607);
	kl_hash_add_u64(&hash, UINT64_C(0x08090a0b0c0d0e0f));
	kl_hash_final(&hash, &got);
	assert_memory_equal(got.b, wanted.b, sizeof got.b);
}

/* BLAKE2b-256 of nothing and of "abc", as b2sum -l 256 prints them. */
static void plain_hashes(void **state)
{
	char hex[KL_ID_HEX_MAX];
	struct kl_hash hash;
	struct kl_id id;

	(void)state;
	kl_blake2b(kl_bytes(NULL, 0), &id);
	kl_hex(id.b, sizeof id.b, hex);
	assert_string_equal(
		hex, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
	kl_blake2b_init(&hash);
	kl_hash_feed(&hash, kl_bytes_str("a"));
	kl_hash_feed(&hash, kl_bytes_str("bc"));
	kl_hash_final(&hash, &id);
	kl_hex(id.b, sizeof id.b, hex);
	assert_string_equal(
		hex, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_hashes),
		cmocka_unit_test(the_borders_of_parts_count),
		cmocka_unit_test(a_part_may_come_in_pieces),
		cmocka_unit_test(numbers_are_little_endian_parts),
		cmocka_unit_test(plain_hashes),
	};

	return RUN(tests);
}
