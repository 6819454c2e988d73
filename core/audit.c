#include "core/audit.h"
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

enum { PATTERN_WORDS = KL_AUDIT_ROWS_MAX / 64, CONTROL_WORDS = (KL_CONTROL_NONE + 1) / 64 };

/* One member with the sets it stands in: members of one atom have the same pattern. */
struct placed {
	uint64_t pattern[PATTERN_WORDS];
	uint16_t control;
};

size_t kl_audit_support(const struct kl_population *population, const struct kl_set *set)
{
	uint64_t seen[CONTROL_WORDS] = {0};
	size_t support = 0;

	for (size_t i = kl_set_next(set, 0); i < population->members; i = kl_set_next(set, i + 1)) {
		unsigned control = population->control[i];
		uint64_t bit = UINT64_C(1) << (control % 64);

		if (control == KL_CONTROL_NONE || seen[control / 64] & bit)
			continue;
		seen[control / 64] |= bit;
		support++;
	}
	return support;
}

static int by_pattern_and_control(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	int order = memcmp(x->pattern, y->pattern, sizeof x->pattern);

	return order ? order : (int)x->control - (int)y->control;
}

static bool stands_nowhere(const struct placed *placed)
{
	static const uint64_t nowhere[PATTERN_WORDS];

	return !memcmp(placed->pattern, nowhere, sizeof nowhere);
}

/* Walks over members sorted by pattern, then control: each run of one pattern is an atom, each
 * change of control within it adds one to its support. */
static size_t smallest_run(const struct placed *placed, size_t count)
{
	size_t smallest = SIZE_MAX;

	for (size_t i = 0, next; i < count; i = next) {
		size_t support = 0;

		for (next = i; next < count; next++) {
			if (memcmp(placed[next].pattern, placed[i].pattern,
				    sizeof placed[i].pattern))
				break;
			if (placed[next].control == KL_CONTROL_NONE)
				continue;
			support += next == i || placed[next].control != placed[next - 1].control;
		}
		if (!stands_nowhere(&placed[i]) && support < smallest)
			smallest = support;
	}
	return smallest;
}

/* True if the set names nobody beyond the population. */
static bool is_inside(const struct kl_population *population, const struct kl_set *set)
{
	return kl_set_next(set, population->members) == KL_SET_MEMBERS_MAX;
}

/* As kl_audit_smallest_atom, over sets that lie apart in memory and were checked. */
static int smallest_atom(const struct kl_population *population, const struct kl_set *const *sets,
	size_t count, size_t *ret_support)
{
	struct placed *placed = calloc(population->members + 1, sizeof *placed);

	if (!placed)
		return KL_E_NOMEM;
	for (size_t i = 0; i < population->members; i++) {
		placed[i].control = population->control[i];
		for (size_t s = 0; s < count; s++)
			if (kl_set_has(sets[s], i))
				placed[i].pattern[s / 64] |= UINT64_C(1) << (s % 64);
	}
	qsort(placed, population->members, sizeof *placed, by_pattern_and_control);
	*ret_support = smallest_run(placed, population->members);
	free(placed);
	return KL_OK;
}

int kl_audit_smallest_atom(const struct kl_population *population, const struct kl_set *sets,
	size_t count, size_t *ret_support)
{
	const struct kl_set *apart[KL_AUDIT_ROWS_MAX];

	if (count > KL_AUDIT_ROWS_MAX || population->members > KL_SET_MEMBERS_MAX)
		return KL_E_TOO_BIG;
	for (size_t s = 0; s < count; s++) {
		if (!is_inside(population, &sets[s]))
			return KL_E_INVALID;
		apart[s] = &sets[s];
	}
	return smallest_atom(population, apart, count, ret_support);
}

size_t kl_audit_floor(size_t k, unsigned level)
{
	static const size_t least[KL_LEVELS] = {5, 10, 30};

	KL_ASSERT(level < KL_LEVELS);
	return k > least[level] ? k : least[level];
}

/* Rows that are out, or planned to be: the family grows as cohorts are planned. */
struct family {
	const struct kl_population *population;
	size_t k;
	const struct kl_set *sets[KL_AUDIT_ROWS_MAX];
	uint8_t levels[KL_AUDIT_ROWS_MAX];
	size_t count;
};

/* Would the family, with one more set, keep everybody hidden among the rows of `level` or finer? */
static int test_level(const struct family *family, const struct kl_set *set, unsigned level,
	enum kl_audit_test *ret_test)
{
	const struct kl_set *rows[KL_AUDIT_ROWS_MAX];
	size_t count = 0, support = 0;
	int r;

	for (size_t i = 0; i < family->count; i++)
		if (family->levels[i] >= level)
			rows[count++] = family->sets[i];
	rows[count++] = set;
	r = smallest_atom(family->population, rows, count, &support);
	if (r)
		return r;
	*ret_test = support >= kl_audit_floor(family->k, level) ? KL_AUDIT_ATOMS : KL_AUDIT_REFUSED;
	return KL_OK;
}

static bool lost_too_many(const struct kl_plan_candidate *candidate)
{
	return candidate->has_base &&
	       10 * kl_set_count(&candidate->set) < 7 * kl_set_count(&candidate->base);
}

static int plan_one(struct family *family, const struct kl_plan_candidate *candidate,
	struct kl_plan_row *ret_row)
{
	struct kl_plan_row row = {.why = KL_PLAN_SUBTRACTABLE};
	size_t support = kl_audit_support(family->population, &candidate->set);
	unsigned passed = 0;

	if (support < kl_audit_floor(family->k, 0))
		row.why = KL_PLAN_TOO_SMALL;
	else if (lost_too_many(candidate))
		row.why = KL_PLAN_BELOW_BASE;
	else
		for (; passed < KL_LEVELS; passed++) {
			int r = test_level(family, &candidate->set, passed, &row.test[passed]);

			if (r)
				return r;
			if (row.test[passed] == KL_AUDIT_REFUSED)
				break;
		}
	if (passed) {
		row.why = KL_PLAN_RELEASED;
		row.level = (uint8_t)(passed - 1);
		family->sets[family->count] = &candidate->set;
		family->levels[family->count++] = row.level;
	}
	*ret_row = row;
	return KL_OK;
}

static int check_plan(const struct kl_population *population, size_t k,
	const struct kl_release *earlier, size_t earlier_count,
	const struct kl_plan_candidate *candidates, size_t count)
{
	if (k < KL_AUDIT_K_MIN)
		return KL_E_RANGE;
	if (population->members > KL_SET_MEMBERS_MAX || earlier_count > KL_AUDIT_ROWS_MAX ||
		count > KL_AUDIT_ROWS_MAX - earlier_count)
		return KL_E_TOO_BIG;
	for (size_t i = 0; i < earlier_count; i++) {
		if (earlier[i].level >= KL_LEVELS)
			return KL_E_RANGE;
		if (!is_inside(population, &earlier[i].set))
			return KL_E_INVALID;
	}
	for (size_t i = 0; i < count; i++)
		if (!is_inside(population, &candidates[i].set))
			return KL_E_INVALID;
	return KL_OK;
}

int kl_audit_plan(const struct kl_population *population, size_t k,
	const struct kl_release *earlier, size_t earlier_count,
	const struct kl_plan_candidate *candidates, size_t count, struct kl_plan_row *ret_rows)
{
	struct family family = {.population = population, .k = k};
	struct kl_plan_row *rows;
	int r = check_plan(population, k, earlier, earlier_count, candidates, count);

	if (r)
		return r;
	rows = calloc(count + 1, sizeof *rows);
	if (!rows)
		return KL_E_NOMEM;
	for (size_t i = 0; i < earlier_count; i++) {
		family.sets[i] = &earlier[i].set;
		family.levels[i] = earlier[i].level;
	}
	family.count = earlier_count;
	for (size_t i = 0; !r && i < count; i++)
		r = plan_one(&family, &candidates[i], &rows[i]);
	if (!r)
		memcpy(ret_rows, rows, count * sizeof *rows);
	free(rows);
	return r;
}

const char *kl_plan_why_text(enum kl_plan_why why)
{
	switch (why) {
	case KL_PLAN_RELEASED:
		return "released";
	case KL_PLAN_TOO_SMALL:
		return "too small";
	case KL_PLAN_BELOW_BASE:
		return "below 70 %";
	case KL_PLAN_SUBTRACTABLE:
		break;
	}
	return "could be subtracted";
}
