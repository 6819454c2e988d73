#include "core/echelon.h"
#include "core/error.h"
#include "tests/unit/harness.h"
#include "tests/unit/isolate.h"
#include "tests/unit/qb1.h"

enum { SETS_MAX = 16 };

static uint16_t controls[KL_SET_MEMBERS_MAX];
static struct kl_set sets[SETS_MAX];
static const struct kl_set *family[SETS_MAX];
static const struct kl_id some_key = {{1, 2, 3}};

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16 & 0x7fff;
}

static size_t smallest(const struct kl_population *population, size_t count, size_t enough)
{
	size_t support = 77;

	assert_int_equal(
		kl_echelon_smallest(population, family, count, &some_key, enough, &support), 0);
	return support;
}

static void known_orders(void **state)
{
	static uint16_t order[KL_SET_MEMBERS_MAX];
	json_t *root = vectors_load("audit");
	const json_t *orders = vectors_get(root, "orders"), *row, *place;
	size_t i, j;

	(void)state;
	assert_true(json_array_size(orders) >= 3);
	json_array_foreach(orders, i, row)
	{
		size_t columns = vectors_u64(vectors_get(row, "columns"));
		struct kl_id key;

		assert_in_range(columns, 1, KL_SET_MEMBERS_MAX);
		assert_int_equal(json_array_size(vectors_get(row, "order")), columns);
		vectors_hex_exact(vectors_get(row, "key"), key.b, sizeof key.b);
		kl_echelon_order(
			&key, (uint16_t)vectors_u64(vectors_get(row, "trial")), columns, order);
		json_array_foreach(vectors_get(row, "order"), j, place)
			assert_int_equal(order[j], vectors_u64(place));
	}
	json_decref(root);
}

static void known_families(void **state)
{
	json_t *root = vectors_load("audit");
	const json_t *families = vectors_get(root, "families"), *row, *set;
	size_t i, s;

	(void)state;
	assert_true(json_array_size(families) >= 60);
	json_array_foreach(families, i, row)
	{
		struct kl_population population = qb1_population(row, controls);
		size_t count = json_array_size(vectors_get(row, "sets")), support = 0;
		struct kl_id key;

		assert_in_range(count, 1, SETS_MAX);
		json_array_foreach(vectors_get(row, "sets"), s, set) qb1_set(set, &sets[s]);
		vectors_hex_exact(vectors_get(row, "key"), key.b, sizeof key.b);
		assert_int_equal(
			kl_echelon_smallest(&population, family, count, &key, 0, &support), 0);
		if (support != vectors_u64(vectors_get(row, "rref_minimum_40")) ||
			isolate_least(&population, family, count) !=
				vectors_u64(vectors_get(row, "exact_minimum")))
			fail_msg("%s: smallest row is %zu",
				json_string_value(vectors_get(row, "name")), support);
	}
	json_decref(root);
}

/* Up to six sets over up to 18 members that count, some of them of one group, and many more that do not:
 * none, a few, or up to 240. */
static struct kl_population random_family(unsigned *seed, size_t *ret_count)
{
	static const unsigned others[] = {0, 4, 40, 240};
	size_t counting = 2 + next_random(seed) % 17;
	struct kl_population population = {
		controls, counting + next_random(seed) % (others[next_random(seed) % 4] + 1)};

	*ret_count = 1 + next_random(seed) % 6;
	memset(sets, 0, sizeof sets);
	for (size_t i = 0; i < population.members; i++) {
		unsigned group = next_random(seed) % 40;

		controls[i] = i >= counting || group == 0 ? KL_CONTROL_NONE
							  : (uint16_t)(group < 4 ? 60000 : i);
		for (size_t s = 0; s < *ret_count; s++)
			if (next_random(seed) % 2)
				kl_set_add(&sets[s], i);
	}
	return population;
}

/* What this shows: on families as small as these, the 40 forms always find the very least that can be
 * isolated. Of larger ones it is shown nowhere; there the rows can only be too large, never too small. */
static void small_families_equal_brute_force(void **state)
{
	unsigned seed = 20240602, finer = 0;

	(void)state;
	for (unsigned trial = 0; trial < 1000; trial++) {
		unsigned start = seed;
		size_t count, least, atom, rows;
		struct kl_population population = random_family(&seed, &count);

		least = isolate_least(&population, family, count);
		rows = smallest(&population, count, 0);
		assert_int_equal(kl_audit_smallest_atom(&population, family, count, &atom), 0);
		if (rows != least)
			fail_msg("seed %u: %zu, and %zu by trying everything", start, rows, least);
		assert_true(atom <= least);
		finer += atom < least;
	}
	assert_true(finer > 100); /* it does let families pass that the first test refuses */
}

/* One member stands in the first set alone; every other that counts, in two neighbouring sets, so that the
 * alternating sum isolates it. Each set has members of its own besides, whose figures are public: the sum is
 * not 0 there, and that hides nobody. The same with companies of one owner in their place. */
static void whom_everybody_knows_hides_nobody(void **state)
{
	enum { ROWS = 6, BETWEEN = 12, OTHERS = 280 };

	(void)state;
	for (unsigned owned = 0; owned < 2; owned++) {
		struct kl_population population = {controls, 0};

		memset(sets, 0, sizeof sets);
		for (size_t s = 0; s + 1 < ROWS; s++)
			for (size_t i = 0; i < BETWEEN; i++) {
				kl_set_add(&sets[s], population.members);
				kl_set_add(&sets[s + 1], population.members);
				controls[population.members] = (uint16_t)population.members;
				population.members++;
			}
		controls[population.members] = (uint16_t)population.members;
		kl_set_add(&sets[0], population.members++);
		for (size_t i = 0; i < OTHERS; i++) {
			controls[population.members] =
				owned ? (uint16_t)(60000 + i % ROWS) : KL_CONTROL_NONE;
			kl_set_add(&sets[i % ROWS], population.members++);
		}
		for (uint8_t k = 0; k < 100; k++) {
			const struct kl_id key = {{k}};
			size_t least = 77;

			assert_int_equal(
				kl_echelon_smallest(&population, family, ROWS, &key, 0, &least), 0);
			assert_int_equal(least, owned ? 1 + ROWS : 1);
		}
	}
}

/* A sum over members that everybody knows isolates nobody, and is no reason to withhold others. */
static void sums_over_the_known_tell_nothing(void **state)
{
	struct kl_population population = {controls, 30};

	(void)state;
	memset(sets, 0, sizeof sets);
	for (size_t i = 0; i < 30; i++) {
		controls[i] = i < 20 ? (uint16_t)i : KL_CONTROL_NONE;
		kl_set_add(&sets[0], i);
		if (i < 20 || i > 25)
			kl_set_add(&sets[1], i);
	}
	assert_int_equal(smallest(&population, 2, 0), 20);
}

/* The brute force itself: every combination with factors from -2 to 2 isolates at least as many, and
 * in most families one of them exactly as many. */
static void brute_force_is_the_least_of_all(void **state)
{
	unsigned seed = 99, reached = 0;

	(void)state;
	for (unsigned trial = 0; trial < 40; trial++) {
		size_t count, least, best = SIZE_MAX;
		struct kl_population population = random_family(&seed, &count);
		int factors[4] = {0};

		count = count < 4 ? count : 4;
		least = isolate_least(&population, family, count);
		for (unsigned code = 0; code < 5 * 5 * 5 * 5; code++) {
			bool zero = true, any = false;
			size_t support;

			for (unsigned s = 0, rest = code; s < 4; s++, rest /= 5) {
				factors[s] = s < count ? (int)(rest % 5) - 2 : 0;
				zero &= factors[s] == 0;
			}
			support = isolate_combined(&population, family, factors, count);
			for (size_t i = 0; i < population.members; i++) {
				int sum = 0;

				for (size_t s = 0; s < count; s++)
					sum += kl_set_has(family[s], i) ? factors[s] : 0;
				any |= sum != 0 && controls[i] != KL_CONTROL_NONE;
			}
			if (zero || !any)
				continue;
			assert_true(support >= least);
			best = support < best ? support : best;
		}
		reached += best == least;
	}
	assert_true(reached >= 36);
}

/* Whoever has one sum more can isolate no more members at the least. */
static void one_set_more_never_hides_anybody(void **state)
{
	unsigned seed = 5;

	(void)state;
	for (unsigned trial = 0; trial < 100; trial++) {
		size_t count, before = SIZE_MAX;
		struct kl_population population = random_family(&seed, &count);

		for (size_t some = 0; some <= count; some++) {
			size_t now = smallest(&population, some, 0);

			assert_true(now <= before);
			before = now;
		}
	}
}

/* A set that says nothing new, or the same in another order, changes no verdict. */
static void only_what_is_spanned_counts(void **state)
{
	unsigned seed = 17;

	(void)state;
	for (unsigned trial = 0; trial < 100; trial++) {
		size_t count, before;
		struct kl_population population = random_family(&seed, &count);

		before = smallest(&population, count, 0);
		sets[count] = sets[0]; /* twice */
		assert_int_equal(smallest(&population, count + 1, 0), before);
		memset(&sets[count], 0, sizeof sets[count]); /* empty */
		assert_int_equal(smallest(&population, count + 1, 0), before);
		family[0] = &sets[count - 1];
		family[count - 1] = &sets[0];
		assert_int_equal(smallest(&population, count, 0), before);
		family[0] = &sets[0];
		family[count - 1] = &sets[count - 1];
	}
}

static void groups_and_unverified_members(void **state)
{
	static const uint16_t groups[] = {7, 7, 7, 8, KL_CONTROL_NONE, KL_CONTROL_NONE};
	struct kl_population population = {groups, 6};

	(void)state;
	memset(sets, 0, sizeof sets);
	sets[0].words[0] = 0x3f;
	assert_int_equal(smallest(&population, 1, 0), 2);
	sets[1].words[0] =
		0x07; /* one group, and the rest: another group with two nobody confirmed */
	assert_int_equal(smallest(&population, 2, 0), 1);
	sets[1].words[0] = 0x30; /* these alone are nobody, and taking them off changes nothing */
	assert_int_equal(smallest(&population, 2, 0), 2);
	assert_true(smallest(&population, 0, 0) == SIZE_MAX);
	sets[0].words[0] = 0;
	assert_true(smallest(&population, 1, 0) == SIZE_MAX);
}

/* Stopping early never changes a verdict. */
static void stopping_early(void **state)
{
	unsigned seed = 23;

	(void)state;
	for (unsigned trial = 0; trial < 200; trial++) {
		size_t count, all, some, enough = next_random(&seed) % 8;
		struct kl_population population = random_family(&seed, &count);

		all = smallest(&population, count, 0);
		some = smallest(&population, count, enough);
		assert_int_equal(some < enough, all < enough);
		assert_true(some >= (all < enough ? all : enough));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_orders),
		cmocka_unit_test(known_families),
		cmocka_unit_test(small_families_equal_brute_force),
		cmocka_unit_test(whom_everybody_knows_hides_nobody),
		cmocka_unit_test(sums_over_the_known_tell_nothing),
		cmocka_unit_test(brute_force_is_the_least_of_all),
		cmocka_unit_test(one_set_more_never_hides_anybody),
		cmocka_unit_test(only_what_is_spanned_counts),
		cmocka_unit_test(groups_and_unverified_members),
		cmocka_unit_test(stopping_early),
	};

	for (size_t s = 0; s < SETS_MAX; s++)
		family[s] = &sets[s];
	return RUN(tests);
}
