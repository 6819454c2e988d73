#include "core/audit.h"
#include "core/echelon.h"
#include "core/error.h"
#include "core/hash.h"

#include <stdlib.h>
#include <string.h>

enum { CONTROL_WORDS = (KL_CONTROL_NONE + 1) / 64 };

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

/* Every set splits each atom into those that stand in it and those that do not. */
int kl_audit_atoms(const struct kl_population *population, const struct kl_set *const *sets,
	size_t count, uint16_t *ret_of, size_t *ret_atoms)
{
	uint16_t *part = calloc(2 * population->members + 2, sizeof *part);
	size_t atoms = 1;

	if (!part)
		return KL_E_NOMEM;
	memset(ret_of, 0, population->members * sizeof *ret_of);
	for (size_t s = 0; s < count; s++) {
		memset(part, 0, 2 * atoms * sizeof *part);
		atoms = 1;
		for (size_t i = 0; i < population->members; i++) {
			size_t place = 2u * ret_of[i] + kl_set_has(sets[s], i);

			if (place > 0 && part[place] == 0)
				part[place] = (uint16_t)atoms++;
			ret_of[i] = part[place];
		}
	}
	free(part);
	*ret_atoms = atoms;
	return KL_OK;
}

struct placed {
	uint16_t atom, control;
};

static int by_atom_and_control(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	return x->atom != y->atom ? (int)x->atom - (int)y->atom : (int)x->control - (int)y->control;
}

/* Walks over members sorted by atom, then control: each change of control within an atom adds one to
 * its support. */
static size_t smallest_run(const struct placed *placed, size_t count)
{
	size_t smallest = SIZE_MAX;

	for (size_t i = 0, next; i < count; i = next) {
		size_t support = 0;

		for (next = i; next < count && placed[next].atom == placed[i].atom; next++) {
			if (placed[next].control == KL_CONTROL_NONE)
				continue;
			support += next == i || placed[next].control != placed[next - 1].control;
		}
		if (placed[i].atom != 0 && support < smallest)
			smallest = support;
	}
	return smallest;
}

int kl_audit_smallest_atom(const struct kl_population *population, const struct kl_set *const *sets,
	size_t count, size_t *ret_support)
{
	struct placed *placed = calloc(population->members + 1, sizeof *placed);
	uint16_t *of = calloc(population->members + 1, sizeof *of);
	size_t atoms;
	int r = placed && of ? kl_audit_atoms(population, sets, count, of, &atoms) : KL_E_NOMEM;

	for (size_t i = 0; !r && i < population->members; i++)
		placed[i] = (struct placed){of[i], population->control[i]};
	if (!r) {
		qsort(placed, population->members, sizeof *placed, by_atom_and_control);
		*ret_support = smallest_run(placed, population->members);
	}
	free(placed);
	free(of);
	return r;
}

int kl_audit_test(const struct kl_population *population, const struct kl_set *const *sets,
	size_t count, const struct kl_id *key, size_t least, bool hasty,
	enum kl_audit_test *ret_test, size_t *ret_smallest)
{
	int r = kl_audit_smallest_atom(population, sets, count, ret_smallest);

	if (r || *ret_smallest >= least) {
		*ret_test = KL_AUDIT_ATOMS;
		return r;
	}
	r = kl_echelon_smallest(population, sets, count, key, hasty ? least : 0, ret_smallest);
	*ret_test = *ret_smallest >= least ? KL_AUDIT_ROWS : KL_AUDIT_REFUSED;
	return r;
}

size_t kl_audit_floor(size_t k, unsigned level)
{
	static const size_t least[KL_LEVELS] = {5, 10, 30};

	KL_ASSERT(level < KL_LEVELS);
	return k > least[level] ? k : least[level];
}

/* True if the set names nobody beyond the population. */
static bool is_inside(const struct kl_population *population, const struct kl_set *set)
{
	return kl_set_next(set, population->members) == KL_SET_MEMBERS_MAX;
}

/* Would the family, with one more set, keep everybody hidden among the rows of `level` or finer? */
static int test_level(const struct kl_audit *audit, const struct kl_set *set, unsigned level,
	struct kl_plan_row *row)
{
	const struct kl_set *rows[KL_AUDIT_ROWS_MAX + 1];
	size_t count = 0, smallest = 0;
	struct kl_hash hash;
	struct kl_id key;
	int r;

	for (size_t i = 0; i < audit->count; i++)
		if (audit->levels[i] >= level)
			rows[count++] = audit->sets[i];
	rows[count++] = set;
	kl_hash_init(&hash, "QB1/audit");
	kl_hash_add_id(&hash, &audit->key);
	kl_hash_add_u8(&hash, (uint8_t)level);
	kl_hash_add_u16(&hash, (uint16_t)audit->count);
	kl_hash_final(&hash, &key);
	/* Of what is withheld altogether, people want to know how many were missing. */
	r = kl_audit_test(audit->population, rows, count, &key, kl_audit_floor(audit->k, level),
		level > 0, &row->test[level], &smallest);
	if (level == 0)
		row->smallest = (uint16_t)smallest;
	return r;
}

static bool lost_too_many(const struct kl_plan_candidate *candidate)
{
	return candidate->has_base &&
	       10 * kl_set_count(&candidate->set) < 7 * kl_set_count(&candidate->base);
}

int kl_audit_begin(struct kl_audit *audit, const struct kl_population *population, size_t k,
	const struct kl_id *key, const struct kl_release *earlier, size_t earlier_count)
{
	if (k < KL_AUDIT_K_MIN)
		return KL_E_RANGE;
	if (population->members > KL_SET_MEMBERS_MAX || earlier_count > KL_AUDIT_ROWS_MAX)
		return KL_E_TOO_BIG;
	audit->population = population;
	audit->k = k;
	audit->key = *key;
	audit->count = earlier_count;
	for (size_t i = 0; i < earlier_count; i++) {
		if (earlier[i].level >= KL_LEVELS)
			return KL_E_RANGE;
		if (!is_inside(population, &earlier[i].set))
			return KL_E_INVALID;
		audit->sets[i] = &earlier[i].set;
		audit->levels[i] = earlier[i].level;
	}
	return KL_OK;
}

int kl_audit_next(struct kl_audit *audit, const struct kl_plan_candidate *candidate,
	struct kl_plan_row *ret_row)
{
	struct kl_plan_row row = {.why = KL_PLAN_SUBTRACTABLE};
	size_t support = kl_audit_support(audit->population, &candidate->set);
	unsigned passed = 0;

	if (audit->count == KL_AUDIT_ROWS_MAX)
		return KL_E_TOO_BIG;
	if (!is_inside(audit->population, &candidate->set))
		return KL_E_INVALID;
	row.smallest = (uint16_t)support;
	if (support < kl_audit_floor(audit->k, 0))
		row.why = KL_PLAN_TOO_SMALL;
	else if (lost_too_many(candidate))
		row.why = KL_PLAN_BELOW_BASE;
	else
		for (; passed < KL_LEVELS; passed++) {
			int r = test_level(audit, &candidate->set, passed, &row);

			if (r)
				return r;
			if (row.test[passed] == KL_AUDIT_REFUSED)
				break;
		}
	if (passed) {
		row.why = KL_PLAN_RELEASED;
		row.level = (uint8_t)(passed - 1);
		audit->sets[audit->count] = &candidate->set;
		audit->levels[audit->count++] = row.level;
	}
	*ret_row = row;
	return KL_OK;
}

int kl_audit_plan(const struct kl_population *population, size_t k, const struct kl_id *key,
	const struct kl_release *earlier, size_t earlier_count,
	const struct kl_plan_candidate *candidates, size_t count, struct kl_plan_row *ret_rows)
{
	struct kl_audit audit;
	struct kl_plan_row *rows;
	int r = kl_audit_begin(&audit, population, k, key, earlier, earlier_count);

	if (!r && count > KL_AUDIT_ROWS_MAX - earlier_count)
		r = KL_E_TOO_BIG;
	if (r)
		return r;
	rows = calloc(count + 1, sizeof *rows);
	if (!rows)
		return KL_E_NOMEM;
	for (size_t i = 0; !r && i < count; i++)
		r = kl_audit_next(&audit, &candidates[i], &rows[i]);
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
