#include "core/expand.h"
#include "core/field.h"
#include "core/hash.h"
#include "tests/unit/harness.h"
#include "tests/unit/vectors.h"

enum { COUNT = 2000 };

static void known_expansions(void **state)
{
	static uint64_t elements[COUNT];
	static uint8_t bytes[COUNT * KL_ELEMENT_BYTES];
	json_t *root = vectors_load("expand");
	const json_t *row, *value;
	size_t i, j;

	(void)state;
	assert_true(json_array_size(root) >= 2);
	json_array_foreach(root, i, row)
	{
		const json_t *first = vectors_get(row, "first");
		struct kl_id key, digest, wanted;

		assert_int_equal(vectors_u64(vectors_get(row, "count")), COUNT);
		vectors_hex_exact(vectors_get(row, "key"), key.b, sizeof key.b);
		kl_expand(key.b, COUNT, elements);
		assert_int_equal(json_array_size(first), 16);
		json_array_foreach(first, j, value) assert_true(elements[j] == vectors_u64(value));
		kl_field_encode_all(elements, COUNT, bytes);
		kl_blake2b(kl_bytes(bytes, sizeof bytes), &digest);
		vectors_hex_exact(vectors_get(row, "elements_blake2b"), wanted.b, sizeof wanted.b);
		assert_memory_equal(digest.b, wanted.b, sizeof wanted.b);
	}
	json_decref(root);
}

/* Lengths around the pieces in which the stream is made. */
static void a_shorter_expansion_is_a_beginning(void **state)
{
	static const uint8_t key[KL_ENTROPY_BYTES] = {3};
	uint64_t all[400], some[400];

	(void)state;
	kl_expand(key, 400, all);
	for (size_t count = 0; count <= 400; count += 1 + (count > 140) * 20) {
		memset(some, 0xff, sizeof some);
		kl_expand(key, count, some);
		assert_memory_equal(some, all, count * sizeof *some);
		for (size_t i = count; i < 400; i++)
			assert_true(some[i] == UINT64_MAX);
	}
}

/* Pieces of any lengths, also across the chunks in which the stream is made. */
static void pieces_make_up_the_whole(void **state)
{
	static const uint8_t key[KL_ENTROPY_BYTES] = {4};
	struct kl_expansion expansion;
	uint64_t all[600], pieces[600];

	(void)state;
	kl_expand(key, 600, all);
	for (size_t step = 1; step < 300; step += 1 + step / 4) {
		kl_expansion_init(&expansion, key);
		for (size_t done = 0; done < 600; done += step)
			kl_expansion_next(
				&expansion, step < 600 - done ? step : 600 - done, pieces + done);
		assert_memory_equal(pieces, all, sizeof all);
		kl_expansion_deinit(&expansion);
		for (size_t i = 0; i < sizeof expansion; i++)
			assert_int_equal(((const uint8_t *)&expansion)[i], 0);
	}
}

/* Written from the definition, with the hash of core/hash.h and a keystream known from elsewhere:
 * under a given key, the words of kl_expand are the same stream without its three highest bits. */
static void entropy_follows_its_definition(void **state)
{
	uint8_t entropy[KL_ENTROPY_BYTES] = {9}, bytes[64];
	struct kl_hash hash;
	struct kl_id key;
	uint64_t elements[8];

	(void)state;
	kl_entropy(entropy, "one-time", 5, bytes, sizeof bytes);
	kl_hash_init(&hash, "keeplocal/entropy");
	kl_hash_add(&hash, kl_bytes(entropy, sizeof entropy));
	kl_hash_add(&hash, kl_bytes_str("one-time"));
	kl_hash_add_u32(&hash, 5);
	kl_hash_final(&hash, &key);
	kl_expand(key.b, 8, elements);
	for (size_t i = 0; i < 8; i++)
		assert_true((kl_get_u64(bytes + 8 * i) & KL_FIELD_P) == elements[i]);
}

static void uses_of_one_step_differ(void **state)
{
	uint8_t entropy[KL_ENTROPY_BYTES] = {9}, a[40], b[40];

	(void)state;
	kl_entropy(entropy, "seed", 0, a, sizeof a);
	kl_entropy(entropy, "seed", 0, b, 7);
	assert_memory_equal(a, b, 7);
	kl_entropy(entropy, "seed", 1, b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	kl_entropy(entropy, "key", 0, b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	entropy[31] = 1;
	kl_entropy(entropy, "seed", 0, b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_expansions),
		cmocka_unit_test(a_shorter_expansion_is_a_beginning),
		cmocka_unit_test(pieces_make_up_the_whole),
		cmocka_unit_test(entropy_follows_its_definition),
		cmocka_unit_test(uses_of_one_step_differ),
	};

	return RUN(tests);
}
