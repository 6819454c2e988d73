#include "core/audit.h"
#include "core/error.h"
#include "tests/unit/harness.h"
#include "tests/unit/vectors.h"

#include <stdio.h>
#include <stdlib.h>

enum { SETS_MAX = 64 };

static uint16_t controls[KL_SET_MEMBERS_MAX];

static void read_set(const json_t *members, struct kl_set *ret_set)
{
	const json_t *member;
	size_t i;

	memset(ret_set, 0, sizeof *ret_set);
	json_array_foreach(members, i, member)
	{
		assert_in_range(vectors_u64(member), 0, KL_SET_MEMBERS_MAX - 1);
		kl_set_add(ret_set, vectors_u64(member));
	}
}

static struct kl_population read_population(const json_t *row)
{
	const json_t *control = json_object_get(row, "control");
	size_t members = vectors_u64(vectors_get(row, "members"));

	assert_in_range(members, 1, KL_SET_MEMBERS_MAX);
	for (size_t i = 0; i < members; i++) {
		const json_t *group = json_array_get(control, i);

		if (!control)
			controls[i] = (uint16_t)i; /* plans: everybody has a group of its own */
		else
			controls[i] = json_is_null(group) ? KL_CONTROL_NONE
							  : (uint16_t)vectors_u64(group);
	}
	return (struct kl_population){controls, members};
}

static void known_atoms(void **state)
{
	static struct kl_set sets[SETS_MAX];
	json_t *root = vectors_load("audit");
	const json_t *families = vectors_get(root, "families"), *row, *set;
	size_t i, s;

	(void)state;
	assert_true(json_array_size(families) >= 60);
	json_array_foreach(families, i, row)
	{
		struct kl_population population = read_population(row);
		size_t count = json_array_size(vectors_get(row, "sets")), support = 0;

		assert_in_range(count, 1, SETS_MAX);
		json_array_foreach(vectors_get(row, "sets"), s, set) read_set(set, &sets[s]);
		assert_int_equal(kl_audit_smallest_atom(&population, sets, count, &support), 0);
		if (support != vectors_u64(vectors_get(row, "smallest_atom")))
			fail_msg("%s: smallest atom is %zu",
				json_string_value(vectors_get(row, "name")), support);
		/* sufficient: what can be isolated is never smaller than the smallest atom */
		assert_true(support <= vectors_u64(vectors_get(row, "exact_minimum")));
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
	struct kl_population population = read_population(row);
	const json_t *list = vectors_get(row, "candidates"), *past = vectors_get(row, "earlier");
	const json_t *base = vectors_get(row, "base"), *entry;
	size_t i;

	assert_in_range(json_array_size(list), 1, SETS_MAX);
	assert_in_range(json_array_size(past), 0, SETS_MAX);
	json_array_foreach(list, i, entry)
	{
		const char *cohort = json_string_value(vectors_get(entry, "cohort"));
		const json_t *members = json_object_get(base, cohort);

		read_set(vectors_get(entry, "members"), &candidates[i].set);
		candidates[i].has_base = members != NULL;
		read_set(members, &candidates[i].base);
	}
	json_array_foreach(past, i, entry)
	{
		read_set(vectors_get(entry, "members"), &earlier[i].set);
		earlier[i].level = (uint8_t)vectors_u64(vectors_get(entry, "level"));
	}
	assert_int_equal(kl_audit_plan(&population, vectors_u64(vectors_get(row, "k")), earlier,
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
static size_t smallest_atom_by_hand(
	const struct kl_population *population, const struct kl_set *sets, size_t count)
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
	static struct kl_set sets[SETS_MAX];
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
		assert_int_equal(kl_audit_smallest_atom(&population, sets, count, &support), 0);
		if (support != smallest_atom_by_hand(&population, sets, count))
			fail_msg("seed %u: smallest atom is %zu", start, support);
	}
}

/* Two companies of one council, and a member that nobody confirmed, make no crowd. */
static void only_confirmed_control_groups_count(void **state)
{
	static const uint16_t groups[] = {7, 7, 8, KL_CONTROL_NONE, 9, KL_CONTROL_NONE};
	struct kl_population population = {groups, 6};
	struct kl_set set = {.words = {0x3f}}, unknown = {.words = {0x28}};
	size_t support = 77;

	(void)state;
	assert_int_equal(kl_audit_support(&population, &set), 3);
	assert_int_equal(kl_audit_support(&population, &unknown), 0);
	assert_int_equal(kl_audit_smallest_atom(&population, &unknown, 1, &support), 0);
	assert_int_equal(support, 0); /* unconfirmed members alone are nobody to hide among */
	assert_int_equal(kl_audit_smallest_atom(&population, &set, 0, &support), 0);
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
	assert_int_equal(kl_audit_plan(&population, 5, &earlier, 1, &candidate, 1, &row), 0);
	assert_int_equal(row.level, 2);
	earlier.set.words[0] = 0xff;
	assert_int_equal(kl_audit_plan(&population, 5, &earlier, 1, &candidate, 1, &row), 0);
	assert_int_equal(row.level, 2);
	earlier.level = 1;
	assert_int_equal(kl_audit_plan(&population, 5, &earlier, 1, &candidate, 1, &row), 0);
	assert_int_equal(row.level, 0);
	earlier.set.words[0] = 0xf;
	assert_int_equal(kl_audit_plan(&population, 5, &earlier, 1, &candidate, 1, &row), 0);
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
	assert_int_equal(kl_audit_plan(&population, 4, NULL, 0, &candidate, 1, &row), KL_E_RANGE);
	assert_int_equal(
		kl_audit_plan(&population, 5, &earlier, 1, &candidate, 1, &row), KL_E_RANGE);
	assert_int_equal(kl_audit_plan(&small, 5, NULL, 0, &candidate, 1, &row), KL_E_INVALID);
	assert_int_equal(
		kl_audit_plan(&population, 5, NULL, 0, &candidate, KL_AUDIT_ROWS_MAX + 1, &row),
		KL_E_TOO_BIG);
	assert_int_equal(row.level, 77);
	assert_int_equal(kl_audit_plan(&population, 5, NULL, 0, &candidate, 1, &row), 0);
	assert_int_equal(row.why, KL_PLAN_RELEASED);
	assert_int_equal(row.level, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_atoms),
		cmocka_unit_test(known_plans),
		cmocka_unit_test(random_families_agree_with_the_definition),
		cmocka_unit_test(only_confirmed_control_groups_count),
		cmocka_unit_test(floors),
		cmocka_unit_test(coarse_rows_limit_only_coarse_levels),
		cmocka_unit_test(plans_that_are_refused),
	};

	return RUN(tests);
}
