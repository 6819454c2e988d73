#include "core/set.h"
#include "tests/unit/harness.h"

static void members_come_and_go(void **state)
{
	static const size_t members[] = {0, 1, 63, 64, 127, 1000, KL_SET_MEMBERS_MAX - 1};
	struct kl_set set = {0};
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		kl_set_add(&set, members[i]);
	assert_int_equal(kl_set_count(&set), 7);
	for (size_t i = kl_set_next(&set, 0); i < KL_SET_MEMBERS_MAX; i = kl_set_next(&set, i + 1))
		assert_int_equal(i, members[found++]);
	assert_int_equal(found, 7);
	kl_set_remove(&set, 64);
	assert_false(kl_set_has(&set, 64));
	assert_true(kl_set_has(&set, 63) && kl_set_has(&set, 127));
	assert_int_equal(kl_set_next(&set, 64), 127);
	assert_int_equal(kl_set_next(&set, KL_SET_MEMBERS_MAX), KL_SET_MEMBERS_MAX);
}

static void sets_compare_and_meet(void **state)
{
	struct kl_set a = {0}, b = {0}, both;

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		if (i % 2 == 0)
			kl_set_add(&a, i);
		if (i % 3 == 0)
			kl_set_add(&b, i);
	}
	kl_set_meet(&a, &b, &both);
	assert_int_equal(kl_set_count(&both), 34); /* multiples of six: 0, 6, .. 198 */
	assert_true(kl_set_within(&both, &a) && kl_set_within(&both, &b));
	assert_false(kl_set_within(&a, &b));
	assert_false(kl_set_equal(&a, &b));
	assert_true(kl_set_equal(&a, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_and_go),
		cmocka_unit_test(sets_compare_and_meet),
	};

	return RUN(tests);
}
