#include "core/leftover.h"
#include "tests/unit/harness.h"

enum { MEMBERS = 60, K = 5 };

static uint16_t controls[MEMBERS];
static const struct kl_population population = {controls, MEMBERS};
static struct kl_release before[8];

/* Everybody has a control group of its own, and nothing was released. */
static int set_up(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MEMBERS; i++)
		controls[i] = (uint16_t)i;
	memset(before, 0, sizeof before);
	return 0;
}

static struct kl_set range(size_t from, size_t to)
{
	struct kl_set set = {{0}};

	for (size_t i = from; i < to; i++)
		kl_set_add(&set, i);
	return set;
}

static struct kl_leftover find(size_t count, struct kl_set set, uint8_t level)
{
	struct kl_leftover found;

	kl_leftover_find(&population, K, before, count, &set, level, &found);
	assert_int_equal(found.level, level);
	assert_int_equal(found.needed, kl_audit_floor(K, level));
	return found;
}

static void a_set_that_is_too_small_itself(void **state)
{
	struct kl_leftover found = find(0, range(0, 25), 2);

	(void)state;
	assert_int_equal(found.kind, KL_LEFTOVER_OWN);
	assert_int_equal(found.left_counts, 25);
	assert_int_equal(found.needed, 30);
	assert_int_equal(found.row_count, 0);
	found = find(0, range(0, 0), 0); /* nobody is there */
	assert_int_equal(found.kind, KL_LEFTOVER_OWN);
	assert_int_equal(found.left, 0);
	found = find(0, range(0, 40), 2);
	assert_int_equal(found.kind, KL_LEFTOVER_MANY); /* nothing plain stands behind it */
}

/* The example of the rules: 45 and 35 at 16 bins leave 10. */
static void the_rest_of_a_larger_one(void **state)
{
	struct kl_leftover found;

	(void)state;
	before[0] = (struct kl_release){range(0, 45), 2};
	found = find(1, range(0, 35), 2);
	assert_int_equal(found.kind, KL_LEFTOVER_INSIDE);
	assert_int_equal(found.left, 10);
	assert_int_equal(found.left_counts, 10);
	assert_int_equal(found.rows[0], 0);
	before[0].level = 1; /* then it says nothing at 16 bins */
	assert_int_equal(find(1, range(0, 35), 2).kind, KL_LEFTOVER_MANY);
}

static void the_rest_around_a_smaller_one(void **state)
{
	struct kl_leftover found;

	(void)state;
	before[0] = (struct kl_release){range(50, 60), 2};
	before[1] = (struct kl_release){range(0, 35), 2};
	found = find(2, range(0, 45), 2);
	assert_int_equal(found.kind, KL_LEFTOVER_AROUND);
	assert_int_equal(found.rows[0], 1);
	assert_int_equal(found.left, 10);
}

static void two_that_differ_in_a_few(void **state)
{
	struct kl_leftover found;

	(void)state;
	before[0] = (struct kl_release){range(0, 20), 0};
	found = find(1, range(2, 22), 0);
	assert_int_equal(found.kind, KL_LEFTOVER_BESIDE);
	assert_int_equal(found.left, 4);
	assert_int_equal(find(1, range(3, 23), 0).kind, KL_LEFTOVER_MANY);
}

static void several_that_fill_one_but_for_a_few(void **state)
{
	struct kl_leftover found;

	(void)state;
	before[0] = (struct kl_release){range(0, 50), 0};
	before[1] = (struct kl_release){range(0, 20), 0};
	before[2] = (struct kl_release){range(10, 20), 0}; /* lies in another: it is left out */
	found = find(3, range(20, 47), 0);
	assert_int_equal(found.kind, KL_LEFTOVER_INSIDE);
	assert_int_equal(found.row_count, 2);
	assert_int_equal(found.rows[0], 0);
	assert_int_equal(found.rows[1], 1);
	assert_int_equal(found.left, 3);

	before[0] = (struct kl_release){range(30, 45), 0};
	found = find(2, range(0, 48), 0);
	assert_int_equal(found.kind, KL_LEFTOVER_MANY); /* 13 are left */
	before[2] = (struct kl_release){range(20, 30), 0};
	found = find(3, range(0, 48), 0);
	assert_int_equal(found.kind, KL_LEFTOVER_AROUND);
	assert_int_equal(found.row_count, 3);
	assert_int_equal(found.left, 3);
}

static void members_of_one_group_count_once(void **state)
{
	struct kl_leftover found;

	(void)state;
	before[0] = (struct kl_release){range(0, 20), 0};
	assert_int_equal(find(1, range(0, 15), 0).kind, KL_LEFTOVER_MANY); /* five are enough */
	controls[19] = 18;
	found = find(1, range(0, 15), 0);
	assert_int_equal(found.kind, KL_LEFTOVER_INSIDE);
	assert_int_equal(found.left, 5);
	assert_int_equal(found.left_counts, 4);
	for (unsigned i = 15; i < 20; i++)
		controls[i] = KL_CONTROL_NONE;
	assert_int_equal(find(1, range(0, 15), 0).left_counts, 0);
}

static void the_plainest_reason_is_told(void **state)
{
	struct kl_leftover found;

	(void)state;
	before[0] = (struct kl_release){range(0, 50), 0};
	before[1] = (struct kl_release){range(0, 27), 0};
	before[2] = (struct kl_release){range(30, 42), 0};
	found = find(3, range(30, 40), 0); /* of the 12 two are left; of the 50, with the 27, 13 */
	assert_int_equal(found.kind, KL_LEFTOVER_INSIDE);
	assert_int_equal(found.row_count, 1);
	assert_int_equal(found.rows[0], 2);
	assert_int_equal(found.left, 2);
	assert_int_equal(find(3, range(0, 50), 0).kind, KL_LEFTOVER_MANY); /* the same once more */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_set_that_is_too_small_itself, set_up),
		cmocka_unit_test_setup(the_rest_of_a_larger_one, set_up),
		cmocka_unit_test_setup(the_rest_around_a_smaller_one, set_up),
		cmocka_unit_test_setup(two_that_differ_in_a_few, set_up),
		cmocka_unit_test_setup(several_that_fill_one_but_for_a_few, set_up),
		cmocka_unit_test_setup(members_of_one_group_count_once, set_up),
		cmocka_unit_test_setup(the_plainest_reason_is_told, set_up),
	};

	return RUN(tests);
}
