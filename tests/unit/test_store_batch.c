#include "store/env.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>

static struct kl_bytes text(const char *string)
{
	return kl_bytes_str(string);
}

static void expect(struct home *home, const char *key, const char *value)
{
	uint8_t *copy;
	size_t len;

	assert_rc(kl_store_get(home->store, KL_TABLE_DOCUMENTS, text(key), &copy, &len), KL_OK);
	assert_int_equal(len, strlen(value));
	assert_memory_equal(copy, value, len);
	free(copy);
}

static void expect_none(struct home *home, const char *key)
{
	uint8_t *copy;
	size_t len;

	assert_rc(kl_store_get(home->store, KL_TABLE_DOCUMENTS, text(key), &copy, &len),
		KL_E_NOT_FOUND);
}

static void what_was_committed_is_there_after_reopening(void **state)
{
	struct home *home = *state;

	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("a"), text("one"));
	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("b"), text(""));
	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("c"), text("three"));
	kl_batch_delete(home->batch, KL_TABLE_DOCUMENTS, text("c"));
	kl_batch_delete(home->batch, KL_TABLE_DOCUMENTS, text("never there"));
	assert_int_equal(kl_batch_ops(home->batch), 5);
	expect_none(home, "a");
	home_commit(home);
	home_close(home);
	home_open(home);
	expect(home, "a", "one");
	expect(home, "b", "");
	expect_none(home, "c");
}

static void a_batch_copies_what_it_is_given(void **state)
{
	struct home *home = *state;
	char key[] = "key", value[] = "value";

	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text(key), text(value));
	memset(key, 'x', 3);
	memset(value, 'x', 5);
	home_commit(home);
	expect(home, "key", "value");
}

static void limits_stick_to_the_batch(void **state)
{
	struct home *home = *state;
	static uint8_t big[KL_STORE_VALUE_MAX + 1];
	struct kl_fault fault = {0};

	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("good"), text("x"));
	assert_rc(kl_batch_put(
			  home->batch, KL_TABLE_DOCUMENTS, text("big"), kl_bytes(big, sizeof big)),
		KL_E_TOO_BIG);
	assert_rc(kl_store_commit(home->store, home->batch, &fault), KL_E_TOO_BIG);
	expect_none(home, "good");

	kl_batch_reset(home->batch);
	assert_rc(kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, kl_bytes(big, 512), text("x")),
		KL_E_TOO_BIG);
	kl_batch_reset(home->batch);
	assert_rc(kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text(""), text("x")), KL_E_INVALID);
	kl_batch_reset(home->batch);
	for (int i = 0; i < 15; i++)
		assert_rc(kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("k"),
				  kl_bytes(big, KL_STORE_VALUE_MAX)),
			KL_OK);
	assert_rc(kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("k"),
			  kl_bytes(big, KL_STORE_VALUE_MAX)),
		KL_E_TOO_BIG);
}

static void an_empty_batch_is_fine(void **state)
{
	struct home *home = *state;

	home_commit(home);
}

/* The map starts at 64 KiB here: hundreds of commits and single ones that need several doublings. */
static void the_map_grows_while_it_is_written(void **state)
{
	struct home *home = *state;
	struct kl_store_options small = {.map_size = 128 << 10};
	static uint8_t value[60000];
	struct kl_store_info info;
	char key[16];

	home_close(home);
	assert_rc(kl_store_open(home->dir, &small, &home->fault, &home->store), KL_OK);
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 20; i++) {
			snprintf(key, sizeof key, "%d-%d", round, i);
			memset(value, i, sizeof value);
			kl_batch_put(home->batch, KL_TABLE_PARTS, text(key),
				kl_bytes(value, sizeof value));
		}
		home_commit(home);
	}
	assert_rc(kl_store_info(home->store, &info), KL_OK);
	assert_true(info.map_bytes >= 80 * sizeof value);
	assert_int_equal(info.entries[KL_TABLE_PARTS], 80);
	home_close(home);
	home_open(home);
	assert_rc(kl_store_info(home->store, &info), KL_OK);
	assert_int_equal(info.entries[KL_TABLE_PARTS], 80);
}

static void the_map_does_not_grow_beyond_its_limit(void **state)
{
	struct home *home = *state;
	struct kl_store_options small = {.map_size = 256 << 10, .map_max = 1 << 20};
	static uint8_t value[KL_STORE_VALUE_MAX];

	home_close(home);
	assert_rc(kl_store_open(home->dir, &small, &home->fault, &home->store), KL_OK);
	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("first"), text("x"));
	kl_batch_put(home->batch, KL_TABLE_PARTS, text("p"), kl_bytes(value, sizeof value));
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_FULL);
	assert_non_null(strstr(home->fault.message, "limit of 1048576 bytes"));
	assert_false(kl_store_is_broken(home->store));
	expect_none(home, "first");

	kl_batch_reset(home->batch);
	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("small"), text("fits"));
	home_commit(home);
	expect(home, "small", "fits");
}

struct seen {
	char keys[64];
	int stop_after;
};

static int note_key(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct seen *seen = arg;

	(void)value;
	strncat(seen->keys, (const char *)key.data, key.len);
	strcat(seen->keys, " ");
	if (!seen->stop_after)
		return KL_VISIT_ON;
	return --seen->stop_after ? KL_VISIT_ON : KL_VISIT_STOP;
}

static int refuse(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	(void)arg;
	(void)key;
	(void)value;
	return KL_E_DENIED;
}

static void visits_go_in_order_and_end_when_told(void **state)
{
	struct home *home = *state;
	struct seen all = {0}, some = {0}, first = {.stop_after = 1};

	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("b2"), text("x"));
	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("a"), text("x"));
	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("b1"), text("x"));
	kl_batch_put(home->batch, KL_TABLE_DOCUMENTS, text("c"), text("x"));
	home_commit(home);
	assert_rc(kl_store_visit(home->store, KL_TABLE_DOCUMENTS, text(""), note_key, &all), KL_OK);
	assert_string_equal(all.keys, "a b1 b2 c ");
	assert_rc(
		kl_store_visit(home->store, KL_TABLE_DOCUMENTS, text("b"), note_key, &some), KL_OK);
	assert_string_equal(some.keys, "b1 b2 ");
	assert_rc(kl_store_visit(home->store, KL_TABLE_DOCUMENTS, text("b"), note_key, &first),
		KL_OK);
	assert_string_equal(first.keys, "b1 ");
	assert_rc(kl_store_visit(home->store, KL_TABLE_DOCUMENTS, text(""), refuse, NULL),
		KL_E_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(what_was_committed_is_there_after_reopening),
		home_test(a_batch_copies_what_it_is_given),
		home_test(limits_stick_to_the_batch),
		home_test(an_empty_batch_is_fine),
		home_test(the_map_grows_while_it_is_written),
		home_test(the_map_does_not_grow_beyond_its_limit),
		home_test(visits_go_in_order_and_end_when_told),
	};

	return RUN(tests);
}
