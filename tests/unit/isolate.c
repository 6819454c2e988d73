#include "tests/unit/isolate.h"

#include "core/error.h"
#include "core/field.h"

#include <string.h>

/* Rows over atoms; those that a choice of zeros leaves. */
struct rows {
	uint64_t cell[ISOLATE_SETS_MAX][ISOLATE_ATOMS_MAX];
	size_t count;
};

struct family {
	const struct kl_population *population;
	size_t first[ISOLATE_ATOMS_MAX]; /* a member of each atom */
	size_t atom_of[KL_SET_MEMBERS_MAX];
	size_t atoms;
	size_t least;
	struct rows rest[ISOLATE_SETS_MAX]; /* after one zero, two zeros, .. */
};

static bool alike(const struct kl_set *const *sets, size_t count, size_t a, size_t b)
{
	for (size_t s = 0; s < count; s++)
		if (kl_set_has(sets[s], a) != kl_set_has(sets[s], b))
			return false;
	return true;
}

static void find_atoms(struct family *f, const struct kl_set *const *sets, size_t count)
{
	for (size_t i = 0; i < f->population->members; i++) {
		size_t a = 0;

		if (f->population->control[i] == KL_CONTROL_NONE)
			continue;

		while (a < f->atoms && !alike(sets, count, i, f->first[a]))
			a++;
		if (a == f->atoms) {
			KL_ASSERT(f->atoms < ISOLATE_ATOMS_MAX);
			f->first[f->atoms++] = i;
		}
		f->atom_of[i] = a;
	}
}

/* Rows that are 0 in the column: one row goes, and is taken from the others as often as it must. False
 * if all of them were 0 there already. */
static bool zero_column(const struct rows *from, size_t column, size_t atoms, struct rows *ret_rows)
{
	size_t pivot = 0;
	uint64_t inverse;

	while (pivot < from->count && from->cell[pivot][column] == 0)
		pivot++;
	if (pivot == from->count)
		return false;
	inverse = kl_field_inverse(from->cell[pivot][column]);
	ret_rows->count = 0;
	for (size_t r = 0; r < from->count; r++) {
		uint64_t times = kl_field_mul(from->cell[r][column], inverse);

		if (r == pivot)
			continue;
		for (size_t a = 0; a < atoms; a++)
			ret_rows->cell[ret_rows->count][a] = kl_field_sub(
				from->cell[r][a], kl_field_mul(times, from->cell[pivot][a]));
		ret_rows->count++;
	}
	return true;
}

static size_t support_of(const struct family *f, const uint64_t *row)
{
	struct kl_set set = {{0}};

	for (size_t i = 0; i < f->population->members; i++)
		if (f->population->control[i] != KL_CONTROL_NONE && row[f->atom_of[i]] != 0)
			kl_set_add(&set, i);
	return kl_audit_support(f->population, &set);
}

static void choose_zeros(struct family *f, const struct rows *rows, size_t from, unsigned zeros)
{
	if (rows->count == 1) {
		size_t support = support_of(f, rows->cell[0]);

		if (support < f->least)
			f->least = support;
		return;
	}
	for (size_t a = from; a < f->atoms; a++) {
		if (zero_column(rows, a, f->atoms, &f->rest[zeros]))
			choose_zeros(f, &f->rest[zeros], a + 1, zeros + 1);
	}
}

static bool is_zero(const uint64_t *row, size_t atoms)
{
	for (size_t a = 0; a < atoms; a++)
		if (row[a] != 0)
			return false;
	return true;
}

/* The rows of a family that are no sums of others. */
static void independent(const struct family *f, const struct kl_set *const *sets, size_t count,
	struct rows *ret_rows)
{
	static struct rows reduced;
	size_t pivots[ISOLATE_SETS_MAX];

	ret_rows->count = reduced.count = 0;
	for (size_t s = 0; s < count; s++) {
		uint64_t *row = ret_rows->cell[ret_rows->count],
			 *rest = reduced.cell[reduced.count];

		for (size_t a = 0; a < f->atoms; a++)
			rest[a] = row[a] = kl_set_has(sets[s], f->first[a]);
		for (size_t r = 0; r < reduced.count; r++) {
			uint64_t times = kl_field_mul(
				rest[pivots[r]], kl_field_inverse(reduced.cell[r][pivots[r]]));

			for (size_t a = 0; a < f->atoms; a++)
				rest[a] = kl_field_sub(
					rest[a], kl_field_mul(times, reduced.cell[r][a]));
		}
		if (is_zero(rest, f->atoms))
			continue;
		pivots[reduced.count] = 0;
		while (rest[pivots[reduced.count]] == 0)
			pivots[reduced.count]++;
		reduced.count++;
		ret_rows->count++;
	}
}

size_t isolate_least(
	const struct kl_population *population, const struct kl_set *const *sets, size_t count)
{
	static struct family family;
	static struct rows rows;

	KL_ASSERT(count < ISOLATE_SETS_MAX);
	family.population = population;
	family.atoms = 0;
	family.least = SIZE_MAX;
	find_atoms(&family, sets, count);
	independent(&family, sets, count, &rows);
	if (rows.count > 0)
		choose_zeros(&family, &rows, 0, 0);
	return family.least;
}

size_t isolate_combined(const struct kl_population *population, const struct kl_set *const *sets,
	const int *factors, size_t count)
{
	struct kl_set set = {{0}};

	for (size_t i = 0; i < population->members; i++) {
		int sum = 0;

		for (size_t s = 0; s < count; s++)
			sum += kl_set_has(sets[s], i) ? factors[s] : 0;
		if (sum != 0)
			kl_set_add(&set, i);
	}
	return kl_audit_support(population, &set);
}
