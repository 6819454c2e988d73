#include "core/similar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = KL_FEATURES - KL_FEATURE_VALUES, NO_TYPE = 0xff };

#define NO_SPREAD 1e-12

/* ---- the table ----------------------------------------------------------------------------- */

void kl_similar_init(struct kl_similar *table, enum kl_member_kind kind)
{
	*table = (struct kl_similar){.kind = kind};
}

void kl_similar_deinit(struct kl_similar *table)
{
	free(table->known);
	free(table->types);
	free(table->wanted);
	free(table->x);
	free(table->begins);
	free(table->marks);
	kl_similar_init(table, table->kind);
}

void kl_similar_clear(struct kl_similar *table)
{
	table->n = table->n_marks = 0;
}

static int resize(void **array, size_t count, size_t size)
{
	void *grown = realloc(*array, count * size);

	if (!grown)
		return KL_E_NOMEM;
	*array = grown;
	return KL_OK;
}

/* Room for one more row; `begins` has one pair more than there are rows. */
static int grow(struct kl_similar *t)
{
	size_t capacity = t->capacity ? 2 * t->capacity : 64;

	if (t->n < t->capacity)
		return KL_OK;
	if (resize((void **)&t->known, capacity, sizeof *t->known) ||
		resize((void **)&t->types, capacity, sizeof *t->types) ||
		resize((void **)&t->wanted, capacity, sizeof *t->wanted) ||
		resize((void **)&t->x, capacity * KL_FEATURE_VALUES, sizeof *t->x) ||
		resize((void **)&t->begins, (capacity + 1) * SETS, sizeof *t->begins))
		return KL_E_NOMEM;
	t->capacity = capacity;
	return KL_OK;
}

static int grow_marks(struct kl_similar *t)
{
	size_t capacity = t->capacity_marks ? 2 * t->capacity_marks : 1024;

	if (t->n_marks + (size_t)SETS * KL_MARKS_MAX <= t->capacity_marks)
		return KL_OK;
	if (resize((void **)&t->marks, capacity, sizeof *t->marks))
		return KL_E_NOMEM;
	t->capacity_marks = capacity;
	return KL_OK;
}

static uint8_t type_number(const char *type)
{
	for (uint8_t i = 0; kl_council_types[i].slug; i++)
		if (!strcmp(kl_council_types[i].slug, type))
			return i;
	return NO_TYPE;
}

static void add_marks(struct kl_similar *t, const struct kl_likeness_set *set)
{
	if (!set->marks) {
		t->n_marks += kl_marks_write(set->texts, &t->marks[t->n_marks]);
		return;
	}
	for (size_t i = 0; i < set->marks->n && i < KL_MARKS_MAX; i++)
		t->marks[t->n_marks++] = set->marks->items[i];
}

int kl_similar_add(struct kl_similar *t, const struct kl_likeness *likeness, bool wanted)
{
	if (grow(t) || grow_marks(t))
		return KL_E_NOMEM;
	t->known[t->n] = likeness->known & kl_features_of(t->kind);
	t->types[t->n] = type_number(likeness->type);
	t->wanted[t->n] = wanted;
	for (unsigned f = 0; f < KL_FEATURE_VALUES; f++) {
		double value = t->known[t->n] >> f & 1 ? likeness->values[f] : 0;

		t->x[t->n * KL_FEATURE_VALUES + f] =
			kl_feature_info(f)->sort == KL_FEATURE_SIZE ? log1p(value) : value;
	}
	for (unsigned s = 0; s < SETS; s++) {
		t->begins[t->n * SETS + s] = (uint32_t)t->n_marks;
		if (t->known[t->n] >> (KL_FEATURE_VALUES + s) & 1)
			add_marks(t, &likeness->sets[s]);
	}
	t->n++;
	t->begins[t->n * SETS] = (uint32_t)t->n_marks;
	return KL_OK;
}

/* ---- a group as seen from one row ---------------------------------------------------------- */

static bool in_group(const struct kl_vantage *v, size_t row)
{
	return v->all_types || v->table->types[row] == v->table->types[v->row];
}

/* Sums of one feature over the group. */
struct sums {
	size_t n;
	double sum, low, high, squares;
};

static void add_up(const struct kl_vantage *v, struct sums sums[KL_FEATURE_VALUES])
{
	const struct kl_similar *t = v->table;

	for (size_t row = 0; row < t->n; row++) {
		if (!in_group(v, row))
			continue;
		for (unsigned f = 0; f < KL_FEATURE_VALUES; f++) {
			double x = t->x[row * KL_FEATURE_VALUES + f];
			struct sums *s = &sums[f];

			if (!(t->known[row] >> f & 1))
				continue;
			if (!s->n || x < s->low)
				s->low = x;
			if (!s->n || x > s->high)
				s->high = x;
			s->sum += x;
			s->n++;
		}
	}
}

/* Squares of what differs from the mean, in a second pass: no digits are lost. */
static void add_squares(const struct kl_vantage *v, struct sums sums[KL_FEATURE_VALUES])
{
	const struct kl_similar *t = v->table;

	for (size_t row = 0; row < t->n; row++) {
		if (!in_group(v, row))
			continue;
		for (unsigned f = 0; f < KL_FEATURE_VALUES; f++) {
			double d;

			if (!(t->known[row] >> f & 1))
				continue;
			d = t->x[row * KL_FEATURE_VALUES + f] - sums[f].sum / (double)sums[f].n;
			sums[f].squares += d * d;
		}
	}
}

/* 1 over the spread of a feature; 0 if it parts nobody. */
static double per_spread(const struct kl_similar *t, const struct sums *s)
{
	double spread;

	if (!s->n)
		return 0;
	spread = t->kind == KL_MEMBER_COUNCIL ? sqrt(s->squares / (double)s->n) : s->high - s->low;
	return spread > NO_SPREAD ? 1 / spread : 0;
}

static void own_slots(struct kl_vantage *v)
{
	const struct kl_similar *t = v->table;
	const uint32_t *begins = &t->begins[v->row * SETS];

	memset(v->slots, 0, sizeof v->slots);
	for (unsigned s = 0; s < SETS; s++)
		for (uint32_t i = begins[s]; i < begins[s + 1]; i++)
			v->slots[s][kl_mark_slot(v->slots[s], t->marks[i])] = t->marks[i];
}

void kl_similar_look(
	const struct kl_similar *table, size_t row, bool all_types, struct kl_vantage *ret_vantage)
{
	struct kl_vantage *v = ret_vantage;
	struct sums sums[KL_FEATURE_VALUES] = {0};

	KL_ASSERT(row < table->n);
	v->table = table;
	v->row = row;
	v->all_types = all_types || table->types[row] == NO_TYPE;
	v->needed = (kl_features_count(kl_features_of(table->kind)) + 1) / 2;
	add_up(v, sums);
	if (table->kind == KL_MEMBER_COUNCIL)
		add_squares(v, sums);
	for (unsigned f = 0; f < KL_FEATURE_VALUES; f++)
		v->per[f] = per_spread(table, &sums[f]);
	own_slots(v);
}

/* ---- distances ----------------------------------------------------------------------------- */

/* What both know and what counts of it. */
static uint32_t shared(const struct kl_vantage *v, size_t other)
{
	return kl_features_counted(v->table->known[v->row] & v->table->known[other]);
}

static double jaccard_distance(const struct kl_vantage *v, unsigned set, size_t other)
{
	const struct kl_similar *t = v->table;
	const uint32_t *mine = &t->begins[v->row * SETS + set];
	const uint32_t *theirs = &t->begins[other * SETS + set];
	uint32_t common = 0, all;

	for (uint32_t i = theirs[0]; i < theirs[1]; i++)
		common += v->slots[set][kl_mark_slot(v->slots[set], t->marks[i])] != 0;
	all = mine[1] - mine[0] + theirs[1] - theirs[0] - common;
	return all ? 1 - (double)common / all : 0;
}

/* How much one feature differs: in standard deviations, or of 1 (Gower). */
static double difference(const struct kl_vantage *v, unsigned feature, size_t other)
{
	const struct kl_similar *t = v->table;
	double d;

	if (feature >= KL_FEATURE_VALUES)
		return jaccard_distance(v, feature - KL_FEATURE_VALUES, other);
	d = fabs(t->x[v->row * KL_FEATURE_VALUES + feature] -
		 t->x[other * KL_FEATURE_VALUES + feature]);
	if (kl_feature_info(feature)->sort == KL_FEATURE_CATEGORY)
		return d > 0;
	return d * v->per[feature];
}

bool kl_similar_distance(
	const struct kl_vantage *v, size_t other, double *ret_distance, unsigned *ret_features)
{
	bool councils = v->table->kind == KL_MEMBER_COUNCIL;
	uint32_t both = shared(v, other);
	unsigned n = (unsigned)__builtin_popcount(both);
	double sum = 0;

	if (!in_group(v, other) || n < v->needed)
		return false;
	for (uint32_t rest = both; rest; rest &= rest - 1) {
		double d = difference(v, (unsigned)__builtin_ctz(rest), other);

		sum += councils ? d * d : d;
	}
	*ret_distance = councils ? sqrt(sum / n) : sum / n;
	*ret_features = n;
	return true;
}

/* Puts one in order among the nearest, if it belongs there; of equal ones the first stays first. */
static void keep_nearest(struct kl_near *near, size_t *n, size_t most, const struct kl_near *one)
{
	size_t at;

	if (*n == most && (!most || one->distance >= near[most - 1].distance))
		return;
	at = *n < most ? (*n)++ : most - 1;
	for (; at && near[at - 1].distance > one->distance; at--)
		near[at] = near[at - 1];
	near[at] = *one;
}

void kl_similar_nearest(const struct kl_vantage *v, bool only_wanted, size_t most,
	struct kl_near *ret_near, struct kl_found *ret_found)
{
	struct kl_found found = {0};

	KL_ASSERT(most <= KL_SIMILAR_SHOWN_MAX);
	for (size_t row = 0; row < v->table->n; row++) {
		struct kl_near one = {.row = (uint32_t)row};

		if (row == v->row || (only_wanted && !v->table->wanted[row]) || !in_group(v, row))
			continue;
		if (!kl_similar_distance(v, row, &one.distance, &one.features)) {
			found.unknown++;
			continue;
		}
		found.compared++;
		keep_nearest(ret_near, &found.n, most, &one);
	}
	for (size_t i = 0; i < found.n; i++) {
		double farthest = ret_near[found.n - 1].distance;

		ret_near[i].rebased = farthest > 0 ? ret_near[i].distance / farthest : 0;
	}
	*ret_found = found;
}

/* ---- why ----------------------------------------------------------------------------------- */

struct measured {
	unsigned feature;
	double difference;
};

/* By difference, of equal ones in the order of the features. */
static unsigned measure_all(
	const struct kl_vantage *v, size_t other, struct measured out[KL_FEATURES])
{
	unsigned n = 0, at;

	for (uint32_t rest = shared(v, other); rest; rest &= rest - 1) {
		struct measured one = {(unsigned)__builtin_ctz(rest), 0};

		one.difference = difference(v, one.feature, other);
		for (at = n++; at && out[at - 1].difference > one.difference; at--)
			out[at] = out[at - 1];
		out[at] = one;
	}
	return n;
}

/* Whether two do not differ in it, or not so that it could be seen. */
static bool looks_same(const struct measured *one, const struct kl_likeness *mine,
	const struct kl_likeness *theirs)
{
	return one->difference == 0 ||
	       (one->feature < KL_FEATURE_VALUES && kl_feature_same(one->feature, mine, theirs));
}

static bool brings_together(const struct kl_vantage *v, const struct measured *one,
	const struct kl_likeness *mine, const struct kl_likeness *theirs)
{
	double alike = v->table->kind == KL_MEMBER_COUNCIL ? KL_SIMILAR_ALIKE_COUNCILS
							   : KL_SIMILAR_ALIKE_ANCHORS;

	if (one->feature >= KL_FEATURE_VALUES)
		return one->difference <= KL_SIMILAR_ALIKE_SETS;
	return looks_same(one, mine, theirs) ||
	       (one->difference < alike && kl_feature_alike(one->feature, mine, theirs));
}

void kl_similar_why(const struct kl_vantage *v, size_t other, const struct kl_likeness *mine,
	const struct kl_likeness *theirs, struct kl_reasons *ret_reasons)
{
	uint32_t known = v->table->known[v->row];
	struct kl_reasons r = {0};
	struct measured all[KL_FEATURES];
	bool near[KL_FEATURES] = {false};
	unsigned n = measure_all(v, other, all), parting = 0, differ = 0;

	for (unsigned i = 0; i < n; i++) {
		near[i] = brings_together(v, &all[i], mine, theirs);
		parting += !near[i];
		if (!looks_same(&all[i], mine, theirs))
			differ = i + 1;
	}
	if (!parting && differ)
		near[differ - 1] = false;
	for (unsigned i = 0; i < n && r.n_together < KL_SIMILAR_REASONS; i++)
		if (near[i])
			r.together[r.n_together++] = all[i].feature;
	for (unsigned i = n; i-- > 0 && r.n_apart < KL_SIMILAR_REASONS;)
		if (!near[i])
			r.apart[r.n_apart++] = all[i].feature;
	r.missing = kl_features_missing(v->table->kind, known & v->table->known[other]) & known;
	*ret_reasons = r;
}
