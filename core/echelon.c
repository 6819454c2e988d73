#include "core/echelon.h"
#include "core/error.h"
#include "core/expand.h"
#include "core/field.h"
#include "core/hash.h"

#include <stdlib.h>
#include <string.h>

enum { CONTROL_WORDS = (KL_CONTROL_NONE + 1) / 64 };

/* Members of one atom have equal columns, so that one column stands for all of them: in any order of
 * the members, the first of an atom is where a pivot can be, and the others never are. Members that do
 * not count have no column.
 *
 * The form is `solve` times the rows: a square matrix, which is all that a trial changes. The rows
 * themselves are 0 and 1, mostly 0, so an entry of the form is a sum of a few entries of `solve`. */
struct work {
	const struct kl_population *population;
	size_t sets, atoms;
	size_t rank; /* pivots of a form: the same in all trials; before the first, no fewer */
	uint16_t *atom_of;    /* of each member; the first are those that stand nowhere */
	uint16_t *members;    /* those that count, atom after atom */
	uint16_t *members_at; /* atoms + 1: where those of an atom begin */
	size_t groups;
	uint16_t *grouped;    /* members that count, control group after control group */
	uint16_t *grouped_at; /* groups + 1: where those of a group begin */
	uint16_t *sets_of;    /* numbers of the sets that an atom stands in, atom after atom */
	uint32_t *sets_at;    /* atoms + 1 */
	/* the trial at hand */
	uint16_t *order;  /* of control groups */
	uint64_t *solve;  /* sets x sets */
	uint64_t *column; /* of the form, for one atom */
	uint16_t *filled; /* places of a row of `solve` that are not 0 */
	bool *pivoted;    /* rows that have their pivot */
	bool *tried;      /* atoms whose first member has come */
	uint64_t seen[CONTROL_WORDS];
};

void kl_echelon_order(const struct kl_id *key, uint16_t trial, size_t columns, uint16_t *ret_order)
{
	uint64_t draws[KL_SET_MEMBERS_MAX];
	struct kl_hash hash;
	struct kl_id seed;

	KL_ASSERT(columns <= KL_SET_MEMBERS_MAX);
	for (size_t i = 0; i < columns; i++)
		ret_order[i] = (uint16_t)i;
	if (columns < 2)
		return;
	kl_hash_init(&hash, "QB1/order");
	kl_hash_add_id(&hash, key);
	kl_hash_add_u16(&hash, trial);
	kl_hash_final(&hash, &seed);
	kl_expand(seed.b, columns - 1, draws);
	for (size_t i = columns - 1; i > 0; i--) {
		size_t j = draws[columns - 1 - i] % (i + 1);
		uint16_t moved = ret_order[i];

		ret_order[i] = ret_order[j];
		ret_order[j] = moved;
	}
}

/* ---- the rows ------------------------------------------------------------------------------- */

static void work_deinit(struct work *work)
{
	free(work->atom_of);
	free(work->members);
	free(work->members_at);
	free(work->grouped);
	free(work->grouped_at);
	free(work->sets_of);
	free(work->sets_at);
	free(work->order);
	free(work->solve);
	free(work->column);
	free(work->filled);
	free(work->pivoted);
	free(work->tried);
	free(work);
}

/* There is at most one atom for each member, and the one of those that stand nowhere. */
static struct work *work_new(const struct kl_population *population, size_t sets)
{
	struct work *work = calloc(1, sizeof *work);
	size_t members = population->members;

	if (!work)
		return NULL;
	work->population = population;
	work->sets = work->rank = sets;
	work->atom_of = calloc(members + 1, sizeof *work->atom_of);
	work->members = calloc(members + 1, sizeof *work->members);
	work->members_at = calloc(members + 3, sizeof *work->members_at);
	work->grouped = calloc(members + 1, sizeof *work->grouped);
	work->grouped_at = calloc(members + 3, sizeof *work->grouped_at);
	work->sets_of = calloc(members * sets + 1, sizeof *work->sets_of);
	work->sets_at = calloc(members + 3, sizeof *work->sets_at);
	work->order = calloc(members + 1, sizeof *work->order);
	work->solve = calloc(sets * sets + 1, sizeof *work->solve);
	work->column = calloc(sets + 1, sizeof *work->column);
	work->filled = calloc(sets + 1, sizeof *work->filled);
	work->pivoted = calloc(sets + 1, sizeof *work->pivoted);
	work->tried = calloc(members + 2, sizeof *work->tried);
	if (work->atom_of && work->members && work->members_at && work->grouped &&
		work->grouped_at && work->sets_of && work->sets_at && work->order && work->solve &&
		work->column && work->filled && work->pivoted && work->tried)
		return work;
	work_deinit(work);
	return NULL;
}

static bool counts(const struct work *work, size_t member)
{
	return work->population->control[member] != KL_CONTROL_NONE;
}

/* The members that count, sorted by the number that `of` has for each: `ret_at` has `numbers` + 1
 * entries, all of them 0, and room for one more. */
static void sort_members(const struct work *work, const uint16_t *of, size_t numbers,
	uint16_t *ret_members, uint16_t *ret_at)
{
	size_t members = work->population->members;

	for (size_t i = 0; i < members; i++)
		ret_at[of[i] + 1] += counts(work, i);
	for (size_t n = 0; n < numbers; n++)
		ret_at[n + 1] = (uint16_t)(ret_at[n + 1] + ret_at[n]);
	/* Each begins where it should, moves on with each member, and is put back by one place. */
	for (size_t i = 0; i < members; i++)
		if (counts(work, i))
			ret_members[ret_at[of[i]]++] = (uint16_t)i;
	memmove(ret_at + 1, ret_at, numbers * sizeof *ret_at);
	ret_at[0] = 0;
}

/* Control groups get their numbers in the order of their first members. */
static int sort_groups(struct work *work)
{
	uint16_t *number = calloc(KL_CONTROL_NONE, sizeof *number); /* plus one; 0: none yet */
	uint16_t *of = calloc(work->population->members + 1, sizeof *of);

	for (size_t i = 0; number && of && i < work->population->members; i++) {
		uint16_t control = work->population->control[i];

		if (!counts(work, i))
			continue;
		if (number[control] == 0)
			number[control] = (uint16_t)++work->groups;
		of[i] = (uint16_t)(number[control] - 1);
	}
	if (number && of)
		sort_members(work, of, work->groups, work->grouped, work->grouped_at);
	free(number);
	free(of);
	return number && of ? KL_OK : KL_E_NOMEM;
}

static int read_rows(struct work *work, const struct kl_set *const *sets)
{
	uint32_t place = 0;
	int r = kl_audit_atoms(work->population, sets, work->sets, work->atom_of, &work->atoms);

	if (!r)
		r = sort_groups(work);
	if (r)
		return r;
	sort_members(work, work->atom_of, work->atoms, work->members, work->members_at);
	for (size_t a = 0; a < work->atoms; a++) {
		work->sets_at[a] = place;
		for (size_t s = 0; s < work->sets; s++)
			if (work->members_at[a] < work->members_at[a + 1] &&
				kl_set_has(sets[s], work->members[work->members_at[a]]))
				work->sets_of[place++] = (uint16_t)s;
	}
	work->sets_at[work->atoms] = place;
	return KL_OK;
}

/* ---- one trial ------------------------------------------------------------------------------ */

/* Entry of the form. */
static uint64_t entry(const struct work *work, size_t row, size_t atom)
{
	const uint64_t *solve = work->solve + row * work->sets;
	kl_u128 sum = 0;

	for (uint32_t i = work->sets_at[atom]; i < work->sets_at[atom + 1]; i++)
		sum += solve[work->sets_of[i]];
	return kl_field_reduce_wide(sum);
}

/* Most pivots are 1 or -1, of which each is its own inverse. */
static uint64_t inverse(uint64_t element)
{
	return element == 1 || element == KL_FIELD_P - 1 ? element : kl_field_inverse(element);
}

/* Makes the column of the atom 1 in the pivot row and 0 in all others. */
static void eliminate(struct work *work, size_t pivot, size_t atom)
{
	uint64_t *own = work->solve + pivot * work->sets, scale;
	size_t filled = 0;

	for (size_t row = 0; row < work->sets; row++)
		work->column[row] = entry(work, row, atom);
	scale = inverse(work->column[pivot]);
	for (size_t s = 0; s < work->sets; s++) {
		if (own[s] == 0)
			continue;
		own[s] = kl_field_mul(own[s], scale);
		work->filled[filled++] = (uint16_t)s;
	}
	for (size_t row = 0; row < work->sets; row++) {
		uint64_t *other = work->solve + row * work->sets, factor = work->column[row];

		if (row == pivot || factor == 0)
			continue;
		for (size_t i = 0; i < filled; i++) {
			size_t s = work->filled[i];

			other[s] = kl_field_sub(other[s], kl_field_mul(factor, own[s]));
		}
	}
	work->pivoted[pivot] = true;
}

/* A row without pivot yet that is not 0 at the atom; none: the number of rows. */
static size_t find_pivot(const struct work *work, size_t atom)
{
	size_t row = 0;

	while (row < work->sets && (work->pivoted[row] || entry(work, row, atom) == 0))
		row++;
	return row;
}

/* Makes a pivot of the atom's column, if the rows left allow it; true if they do. */
static bool try_atom(struct work *work, size_t atom)
{
	size_t pivot;

	if (work->tried[atom])
		return false;
	work->tried[atom] = true;
	pivot = find_pivot(work, atom);
	if (pivot == work->sets)
		return false;
	eliminate(work, pivot, atom);
	return true;
}

static void reduce(struct work *work, const struct kl_id *key, uint16_t trial)
{
	size_t left = work->rank;

	memset(work->solve, 0, work->sets * work->sets * sizeof *work->solve);
	memset(work->pivoted, 0, work->sets * sizeof *work->pivoted);
	memset(work->tried, 0, work->atoms * sizeof *work->tried);
	for (size_t s = 0; s < work->sets; s++)
		work->solve[s * work->sets + s] = 1;
	kl_echelon_order(key, trial, work->groups, work->order);
	for (size_t i = 0; i < work->groups; i++) {
		size_t group = work->order[i];

		for (size_t m = work->grouped_at[group];
			m < work->grouped_at[group + 1] && left > 0; m++)
			left -= try_atom(work, work->atom_of[work->grouped[m]]);
	}
	work->rank -= left;
}

/* Support of a row of the form, counted up to `most`. */
static size_t support_of(struct work *work, size_t row, size_t most)
{
	size_t support = 0;

	memset(work->seen, 0, sizeof work->seen);
	for (size_t a = 0; a < work->atoms && support < most; a++) {
		if (entry(work, row, a) == 0)
			continue;
		for (size_t i = work->members_at[a]; i < work->members_at[a + 1]; i++) {
			unsigned control = work->population->control[work->members[i]];
			uint64_t bit = UINT64_C(1) << (control % 64);

			if (work->seen[control / 64] & bit)
				continue;
			work->seen[control / 64] |= bit;
			support++;
		}
	}
	return support;
}

int kl_echelon_smallest(const struct kl_population *population, const struct kl_set *const *sets,
	size_t count, const struct kl_id *key, size_t enough, size_t *ret_support)
{
	struct work *work = work_new(population, count);
	size_t smallest = SIZE_MAX, most = enough > 0 ? enough : SIZE_MAX;
	int r;

	if (!work)
		return KL_E_NOMEM;
	r = read_rows(work, sets);
	for (uint16_t trial = 0; !r && trial < KL_ECHELON_TRIALS && smallest >= enough; trial++) {
		reduce(work, key, trial);
		for (size_t row = 0; row < count; row++) {
			size_t support;

			if (!work->pivoted[row]) /* a sum of others: nothing of its own */
				continue;
			support = support_of(work, row, smallest < most ? smallest : most);
			if (support < smallest)
				smallest = support;
		}
	}
	*ret_support = smallest;
	work_deinit(work);
	return r;
}
