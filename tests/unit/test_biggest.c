#include "core/biggest.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

enum { MANY = 2000 };

static void in_order(void **state)
{
	struct kl_big items[] = {{5, 0}, {9, 1}, {-3, 2}, {9, 3}, {0, 4}};
	static const uint32_t order[] = {1, 3, 0, 4, 2};
	size_t count = 5;

	(void)state;
	kl_biggest_begin(items, count);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(kl_biggest_take(items, &count).number, order[i]);
		assert_int_equal(count, 4 - i);
	}
	kl_biggest_begin(items, 0); /* nothing is put in order without harm */
}

static int larger_first(const void *a, const void *b)
{
	const struct kl_big *x = a, *y = b;

	if (x->value != y->value)
		return x->value > y->value ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

/* The same order as that of a sort, ties and all. */
static void as_sorted(void **state)
{
	static struct kl_big items[MANY], sorted[MANY];
	uint64_t x = 88172645463325252u;
	size_t count = MANY;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		items[i] = sorted[i] = (struct kl_big){(int64_t)(x % 300) - 100, i};
	}
	qsort(sorted, MANY, sizeof *sorted, larger_first);
	kl_biggest_begin(items, count);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(kl_biggest_take(items, &count).number, sorted[i].number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(as_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
