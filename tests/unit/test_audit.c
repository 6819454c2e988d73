#include "core/audit.h"
#include "core/error.h"
#include "core/hash.h"
#include "tests/unit/harness.h"
#include "tests/unit/isolate.h"
#include "tests/unit/qb1.h"

#include <stdio.h>
#include <stdlib.h>

enum { SETS_MAX = 64 };

static uint16_t controls[KL_SET_MEMBERS_MAX];
static const struct kl_id some_key = {{7}};

/* The families of these tests lie here. */
static struct kl_set sets[SETS_MAX];
static const struct kl_set *family[SETS_MAX];

static void use_sets(void)
{
	for (size_t s = 0; s < SETS_MAX; s++)
		family[s] = &sets[s];
}

static size_t read_family(const json_t *row)
{
	const json_t *list = vectors_get(row, "sets"), *set;
	size_t s;

	assert_in_range(json_array_size(list), 1, SETS_MAX);
	json_array_foreach(list, s, set) qb1_set(set, &sets[s]);
	return json_array_size(list);
}

/* Verdict and test for one k: [true, "rref"]. */
static void check_verdict(const json_t *row, const struct kl_population *population, size_t count,
	size_t k, const json_t *wanted)
{
	const char *by = json_string_value(json_array_get(wanted, 1));
	size_t exact = vectors_u64(vectors_get(row, "exact_minimum")), smallest = 0;
	enum kl_audit_test test;
	struct kl_id key;

	vectors_hex_exact(vectors_get(row, "key"), key.b, sizeof key.b);
	for (unsigned hasty = 0; hasty < 2; hasty++) {
		assert_int_equal(
			kl_audit_test(population, family, count, &key, k, hasty, &test, &smallest),
			0);
		if (!json_is_true(json_array_get(wanted, 0))) {
			assert_int_equal(test, KL_AUDIT_REFUSED);
			assert_true(
				smallest < k && smallest >= exact && (hasty || smallest == exact));
			assert_string_equal(by, "rref");
			continue;
		}
		assert_int_equal(test, !strcmp(by, "atoms") ? KL_AUDIT_ATOMS : KL_AUDIT_ROWS);
		assert_true(smallest >= k && smallest <= exact);
	}
}

static void known_families(void **state)
{
	json_t *root = vectors_load("audit");
	const json_t *families = vectors_get(root, "families"), *row, *verdict;
	const char *k;
	size_t i;

	(void)state;
	assert_true(json_array_size(families) >= 60);
	json_array_foreach(families, i, row)
	{
		struct kl_population population = qb1_population(row, controls);
		size_t count = read_family(row), support = 0;

		assert_int_equal(kl_audit_smallest_atom(&population, family, count, &support), 0);
		if (support != vectors_u64(vectors_get(row, "smallest_atom")))
			fail_msg("%s: smallest atom is %zu",
				json_string_value(vectors_get(row, "name")), support);
		/* sufficient: what can be isolated is never smaller than the smallest atom */
		assert_true(support <= vectors_u64(vectors_get(row, "exact_minimum")));
		assert_true(json_object_size(vectors_get(row, "verdicts")) >= 5);
		json_object_foreach((json_t *)(uintptr_t)vectors_get(row, "verdicts"), k, verdict)
			check_verdict(row, &population, count, strtoul(k, NULL, 10), verdict);
	}
	json_decref(root);
}

/* "atoms/atoms" and level 1: two levels passed. */
static void check_row(const json_t *wanted, const struct kl_plan_row *got)
{
	const json_t *level = vectors_get(wanted, "level");
	const char *why = json_string_value(vectors_get(wanted, "why"));

	if (json_is_null(level)) {
		assert_true(got->why != KL_PLAN_RELEASED);
		assert_string_equal(kl_plan_why_text(got->why), why);
		return;
	}
	assert_int_equal(got->why, KL_PLAN_RELEASED);
	assert_int_equal(got->level, vectors_u64(level));
	for (unsigned l = 0; l <= got->level; l++) {
		assert_int_equal(strncmp(why + 6 * l, "atoms", 5), 0);
		assert_int_equal(got->test[l], KL_AUDIT_ATOMS);
	}
	for (unsigned l = got->level + 1u; l < KL_LEVELS; l++)
		assert_int_equal(got->test[l],
			l == got->level + 1u ? KL_AUDIT_REFUSED : KL_AUDIT_NOT_TESTED);
}

static void check_plan(const json_t *row)
{
	static struct kl_plan_candidate candidates[SETS_MAX];
	static struct kl_release earlier[SETS_MAX];
	static struct kl_plan_row rows[SETS_MAX];
	struct kl_population population = qb1_population(row, controls);
	const json_t *list = vectors_get(row, "candidates"), *past = vectors_get(row, "earlier");
	const json_t *base = vectors_get(row, "base"), *entry;
	struct kl_id key;
	size_t i;

	assert_in_range(json_array_size(list), 1, SETS_MAX);
	assert_in_range(json_array_size(past), 0, SETS_MAX);
	json_array_foreach(list, i, entry)
	{
		const char *cohort = json_string_value(vectors_get(entry, "cohort"));
		const json_t *members = json_object_get(base, cohort);

		qb1_set(vectors_get(entry, "members"), &candidates[i].set);
		candidates[i].has_base = members != NULL;
		qb1_set(members, &candidates[i].base);
	}
	json_array_foreach(past, i, entry)
	{
		qb1_set(vectors_get(entry, "members"), &earlier[i].set);
		earlier[i].level = (uint8_t)vectors_u64(vectors_get(entry, "level"));
	}
	vectors_hex_exact(vectors_get(row, "key"), key.b, sizeof key.b);
	assert_int_equal(
		kl_audit_plan(&population, vectors_u64(vectors_get(row, "k")), &key, earlier,
			json_array_size(past), candidates, json_array_size(list), rows),
		0);
	json_array_foreach(vectors_get(row, "out"), i, entry) check_row(entry, &rows[i]);
}

static void known_plans(void **state)
{
	json_t *root = vectors_load("audit");
	const json_t *plans = vectors_get(root, "plans"), *row;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(plans), 9);
	json_array_foreach(plans, i, row) check_plan(row);
	json_decref(root);
}

/* Members one by one against all others: what "smallest atom" means, without sorting. */
static size_t smallest_atom_by_hand(const struct kl_population *population, size_t count)
{
	size_t smallest = SIZE_MAX;

	for (size_t i = 0; i < population->members; i++) {
		struct kl_set atom = {0};
		bool anywhere = false;
		size_t support;

		for (size_t j = 0; j < population->members; j++) {
			bool same = true;

			for (size_t s = 0; s < count; s++)
				same &= kl_set_has(&sets[s], i) == kl_set_has(&sets[s], j);
			if (same)
				kl_set_add(&atom, j);
		}
		for (size_t s = 0; s < count; s++)
			anywhere |= kl_set_has(&sets[s], i);
		support = kl_audit_support(population, &atom);
		if (anywhere && support < smallest)
			smallest = support;
	}
	return smallest;
}

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16 & 0x7fff;
}

static void random_families_agree_with_the_definition(void **state)
{
	unsigned seed = 20240601;

	(void)state;
	for (unsigned trial = 0; trial < 300; trial++) {
		unsigned start = seed;
		struct kl_population population = {controls, 1 + next_random(&seed) % 40};
		size_t count = next_random(&seed) % 5, support = 0;

		memset(sets, 0, sizeof sets);
		for (size_t i = 0; i < population.members; i++) {
			unsigned group = next_random(&seed) % 30;

			controls[i] = group < 3 ? KL_CONTROL_NONE : (uint16_t)group;
			for (size_t s = 0; s < count; s++)
				if (next_random(&seed) % 3)
					kl_set_add(&sets[s], i);
		}
		assert_int_equal(kl_audit_smallest_atom(&population, family, count, &support), 0);
		if (support != smallest_atom_by_hand(&population, count))
			fail_msg("seed %u: smallest atom is %zu", start, support);
	}
}

/* Two companies of one council, and a member that nobody confirmed, make no crowd. */
static void only_confirmed_control_groups_count(void **state)
{
	static const uint16_t groups[] = {7, 7, 8, KL_CONTROL_NONE, 9, KL_CONTROL_NONE};
	struct kl_population population = {groups, 6};
	struct kl_set set = {.words = {0x3f}}, unknown = {.words = {0x28}};
	const struct kl_set *first = &set, *second = &unknown;
	size_t support = 77;

	(void)state;
	assert_int_equal(kl_audit_support(&population, &set), 3);
	assert_int_equal(kl_audit_support(&population, &unknown), 0);
	assert_int_equal(kl_audit_smallest_atom(&population, &second, 1, &support), 0);
	assert_int_equal(support, 0); /* unconfirmed members alone are nobody to hide among */
	assert_int_equal(kl_audit_smallest_atom(&population, &first, 0, &support), 0);
	assert_true(support == SIZE_MAX);
}

static void floors(void **state)
{
	(void)state;
	assert_int_equal(kl_audit_floor(5, 0), 5);
	assert_int_equal(kl_audit_floor(5, 1), 10);
	assert_int_equal(kl_audit_floor(10, 0), 10);
	assert_int_equal(kl_audit_floor(10, 2), 30);
	assert_int_equal(kl_audit_floor(40, 2), 40);
}

/* 40 members after 10 of them went out at the coarse level: their difference can only be formed in
 * coarse bins, so it limits that level alone. Had the 10 gone out one level finer, it would limit
 * the middle level too. */
static void coarse_rows_limit_only_coarse_levels(void **state)
{
	static struct kl_plan_candidate candidate = {.set = {.words = {(UINT64_C(1) << 40) - 1}}};
	static struct kl_release earlier = {.set = {.words = {0x3ff}}};
	struct kl_population population = {controls, 40};
	struct kl_plan_row row;

	(void)state;
	for (uint16_t i = 0; i < 40; i++)
		controls[i] = i;
	assert_int_equal(
		kl_audit_plan(&population, 5, &some_key, &earlier, 1, &candidate, 1, &row), 0);
	assert_int_equal(row.level, 2);
	earlier.set.words[0] = 0xff;
	assert_int_equal(
		kl_audit_plan(&population, 5, &some_key, &earlier, 1, &candidate, 1, &row), 0);
	assert_int_equal(row.level, 2);
	earlier.level = 1;
	assert_int_equal(
		kl_audit_plan(&population, 5, &some_key, &earlier, 1, &candidate, 1, &row), 0);
	assert_int_equal(row.level, 0);
	earlier.set.words[0] = 0xf;
	assert_int_equal(
		kl_audit_plan(&population, 5, &some_key, &earlier, 1, &candidate, 1, &row), 0);
	assert_int_equal(row.why, KL_PLAN_SUBTRACTABLE);
}

static void plans_that_are_refused(void **state)
{
	static const uint16_t groups[] = {0, 1, 2, 3, 4, 5};
	static struct kl_plan_candidate candidate = {.set = {.words = {0x3f}}};
	static struct kl_release earlier = {.set = {.words = {0x3f}}, .level = KL_LEVELS};
	struct kl_population population = {groups, 6}, small = {groups, 5};
	struct kl_plan_row row = {.level = 77};

	(void)state;
	assert_int_equal(
		kl_audit_plan(&population, 4, &some_key, NULL, 0, &candidate, 1, &row), KL_E_RANGE);
	assert_int_equal(kl_audit_plan(&population, 5, &some_key, &earlier, 1, &candidate, 1, &row),
		KL_E_RANGE);
	assert_int_equal(
		kl_audit_plan(&small, 5, &some_key, NULL, 0, &candidate, 1, &row), KL_E_INVALID);
	assert_int_equal(kl_audit_plan(&population, 5, &some_key, NULL, 0, &candidate,
				 KL_AUDIT_ROWS_MAX + 1, &row),
		KL_E_TOO_BIG);
	assert_int_equal(row.level, 77);
	assert_int_equal(kl_audit_plan(&population, 5, &some_key, NULL, 0, &candidate, 1, &row), 0);
	assert_int_equal(row.why, KL_PLAN_RELEASED);
	assert_int_equal(row.level, 0);
}

enum { CANDIDATES = 6 };

/* Everybody, halves and thirds at random, and something that came out before. */
static struct kl_population random_candidates(
	unsigned *seed, struct kl_plan_candidate *ret_candidates, struct kl_release *ret_earlier)
{
	struct kl_population population = {controls, 15 + next_random(seed) % 100};

	memset(ret_candidates, 0, CANDIDATES * sizeof *ret_candidates);
	memset(ret_earlier, 0, sizeof *ret_earlier);
	ret_earlier->level = (uint8_t)(next_random(seed) % KL_LEVELS);
	for (size_t i = 0; i < population.members; i++) {
		bool alone = next_random(seed) % 10;

		controls[i] = next_random(seed) % 20 ? (uint16_t)(alone ? i : 0) : KL_CONTROL_NONE;
		kl_set_add(&ret_candidates[0].set, i);
		kl_set_add(&ret_candidates[1 + next_random(seed) % 2].set, i);
		kl_set_add(&ret_candidates[3 + next_random(seed) % 3].set, i);
		if (next_random(seed) % 4)
			kl_set_add(&ret_earlier->set, i);
	}
	return population;
}

/* The least that the rows of a level or finer isolate; what came before alone, and with the plan. */
static void least_of_level(const struct kl_population *population, unsigned level,
	const struct kl_plan_candidate *candidates, const struct kl_release *earlier,
	const struct kl_plan_row *rows, size_t *ret_before, size_t *ret_after)
{
	size_t count = 0;

	if (earlier->level >= level)
		family[count++] = &earlier->set;
	*ret_before = isolate_least(population, family, count);
	for (size_t c = 0; c < CANDIDATES; c++)
		if (rows[c].why == KL_PLAN_RELEASED && rows[c].level >= level)
			family[count++] = &candidates[c].set;
	*ret_after = isolate_least(population, family, count);
	use_sets();
}

/* Whatever is released may be combined in every way: at every level no fewer than its floor can be
 * isolated. */
static void nothing_planned_can_be_taken_apart(void **state)
{
	static struct kl_plan_candidate candidates[CANDIDATES];
	static struct kl_release earlier;
	static struct kl_plan_row rows[CANDIDATES];
	unsigned seed = 7, by_rows = 0, withheld = 0;

	(void)state;
	for (unsigned trial = 0; trial < 100; trial++) {
		unsigned start = seed;
		struct kl_population population = random_candidates(&seed, candidates, &earlier);

		assert_int_equal(kl_audit_plan(&population, 5, &some_key, &earlier, 1, candidates,
					 CANDIDATES, rows),
			0);
		for (unsigned level = 0; level < KL_LEVELS; level++) {
			size_t floor = kl_audit_floor(5, level), before, after;

			least_of_level(
				&population, level, candidates, &earlier, rows, &before, &after);
			if (before >= floor && after < floor)
				fail_msg("seed %u: level %u can be taken apart", start, level);
			for (size_t c = 0; c < CANDIDATES; c++)
				by_rows += rows[c].test[level] == KL_AUDIT_ROWS;
		}
		for (size_t c = 0; c < CANDIDATES; c++)
			withheld += rows[c].why == KL_PLAN_SUBTRACTABLE;
	}
	assert_true(by_rows > 100 && withheld > 10); /* neither is done by luck */
}

/* The orders of an audit are its own: key, level and number of rows before it. Four parties of nine
 * are hidden in everybody and their pairs; without a row that the key orders, nobody could tell. */
static void keys_of_an_audit(void **state)
{
	static struct kl_plan_candidate candidates[3];
	struct kl_population population = {controls, 12};
	struct kl_plan_row rows[3];
	enum kl_audit_test test;
	struct kl_hash hash;
	size_t smallest;
	struct kl_id key;

	(void)state;
	for (uint16_t i = 0; i < 12; i++)
		controls[i] = i;
	/* 0-5, 3-8 and 6-11: atoms of three, and yet five is the least that can be isolated */
	for (size_t i = 0; i < 6; i++) {
		kl_set_add(&candidates[0].set, i);
		kl_set_add(&candidates[1].set, i + 3);
		kl_set_add(&candidates[2].set, i + 6);
	}
	assert_int_equal(kl_audit_plan(&population, 5, &some_key, NULL, 0, candidates, 3, rows), 0);
	assert_int_equal(rows[0].test[0], KL_AUDIT_ATOMS);
	assert_int_equal(rows[1].test[0], KL_AUDIT_ROWS);
	assert_int_equal(rows[2].test[0], KL_AUDIT_ROWS);
	for (size_t c = 0; c < 3; c++) {
		assert_int_equal(rows[c].why, KL_PLAN_RELEASED);
		assert_int_equal(rows[c].level, 0);
		assert_int_equal(rows[c].test[1], KL_AUDIT_REFUSED);
		family[c] = &candidates[c].set;
	}
	kl_hash_init(&hash, "QB1/audit");
	kl_hash_add_id(&hash, &some_key);
	kl_hash_add_u8(&hash, 0);
	kl_hash_add_u16(&hash, 2);
	kl_hash_final(&hash, &key);
	assert_int_equal(
		kl_audit_test(&population, family, 3, &key, 5, false, &test, &smallest), 0);
	assert_int_equal(rows[2].smallest, smallest);
	use_sets();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_families),
		cmocka_unit_test(known_plans),
		cmocka_unit_test(random_families_agree_with_the_definition),
		cmocka_unit_test(only_confirmed_control_groups_count),
		cmocka_unit_test(floors),
		cmocka_unit_test(coarse_rows_limit_only_coarse_levels),
		cmocka_unit_test(plans_that_are_refused),
		cmocka_unit_test(nothing_planned_can_be_taken_apart),
		cmocka_unit_test(keys_of_an_audit),
	};

	use_sets();
	return RUN(tests);
}
