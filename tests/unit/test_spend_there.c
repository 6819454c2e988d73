/* Payments that are there already are found as often as they are there. */
#include "core/error.h"
#include "daemon/spend_there.h"
#include "tests/unit/harness.h"

static void each_is_found_once(void **state)
{
	struct kl_spend_there *there = kl_spend_there_new(4);
	uint16_t file = 9;

	(void)state;
	assert_int_equal(kl_spend_there_add(there, 5, 0), 0);
	assert_int_equal(kl_spend_there_add(there, 5, 1), 0);
	assert_int_equal(kl_spend_there_add(there, UINT64_MAX, 2), 0);
	assert_int_equal(kl_spend_there_add(there, UINT64_MAX - 1, 2), 0);
	assert_int_equal(kl_spend_there_add(there, 6, 2), KL_E_TOO_BIG);
	assert_true(kl_spend_there_take(there, 5, &file));
	assert_int_equal(file, 0);
	assert_true(kl_spend_there_take(there, 5, &file));
	assert_int_equal(file, 1);
	assert_false(kl_spend_there_take(there, 5, &file));
	assert_false(kl_spend_there_take(there, 7, &file));
	assert_true(kl_spend_there_take(there, UINT64_MAX, &file));
	assert_int_equal(file, 2);
	kl_spend_there_destroy(there);
}

static void many_are_found_and_no_others(void **state)
{
	enum { MANY = 100000 };
	struct kl_spend_there *there = kl_spend_there_new(MANY);
	uint16_t file;

	(void)state;
	for (uint64_t i = 0; i < MANY; i++)
		assert_int_equal(kl_spend_there_add(there, i * UINT64_C(0x9e3779b97f4a7c15),
					 (uint16_t)(i % 100)),
			0);
	for (uint64_t i = 0; i < MANY; i++) {
		assert_false(
			kl_spend_there_take(there, i * UINT64_C(0x9e3779b97f4a7c15) + 1, &file));
		assert_true(kl_spend_there_take(there, i * UINT64_C(0x9e3779b97f4a7c15), &file));
		assert_int_equal(file, i % 100);
	}
	kl_spend_there_destroy(there);
}

static void none_are_there(void **state)
{
	struct kl_spend_there *there = kl_spend_there_new(0);
	uint16_t file;

	(void)state;
	assert_false(kl_spend_there_take(there, 1, &file));
	kl_spend_there_destroy(there);
	kl_spend_there_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found_once),
		cmocka_unit_test(many_are_found_and_no_others),
		cmocka_unit_test(none_are_there),
	};

	return RUN(tests);
}
