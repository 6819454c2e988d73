#include "core/leftover.h"

#include <string.h>

struct search {
	const struct kl_population *population;
	const struct kl_release *before;
	size_t count;
	const struct kl_set *set;
	struct kl_leftover best;
};

static void without(const struct kl_set *a, const struct kl_set *b, struct kl_set *ret_set)
{
	for (size_t i = 0; i < KL_SET_WORDS; i++)
		ret_set->words[i] = a->words[i] & ~b->words[i];
}

static bool plays(const struct search *s, size_t row)
{
	return s->before[row].level >= s->best.level;
}

/* Takes a subtraction over as the reason, if it leaves too few and is plainer than what is known. */
static bool take(struct search *s, enum kl_leftover_kind kind, const struct kl_set *left,
	const uint16_t *rows, size_t row_count)
{
	size_t members = kl_set_count(left), counts = kl_audit_support(s->population, left);

	if ((!members && kind != KL_LEFTOVER_OWN) || counts >= s->best.needed ||
		(s->best.kind != KL_LEFTOVER_MANY && row_count >= s->best.row_count))
		return false;
	s->best.kind = kind;
	s->best.left = (uint16_t)members;
	s->best.left_counts = (uint16_t)counts;
	s->best.row_count = (uint16_t)row_count;
	if (row_count)
		memcpy(s->best.rows, rows, row_count * sizeof *rows);
	return true;
}

/* ---- one other sum ------------------------------------------------------------------------- */

static void with_one(struct search *s, uint16_t row)
{
	const struct kl_set *other = &s->before[row].set;
	struct kl_set more, less, both;

	without(other, s->set, &more);
	without(s->set, other, &less);
	if (kl_set_within(s->set, other)) {
		(void)take(s, KL_LEFTOVER_INSIDE, &more, &row, 1);
		return;
	}
	if (kl_set_within(other, s->set)) {
		(void)take(s, KL_LEFTOVER_AROUND, &less, &row, 1);
		return;
	}
	for (size_t i = 0; i < KL_SET_WORDS; i++)
		both.words[i] = more.words[i] | less.words[i];
	(void)take(s, KL_LEFTOVER_BESIDE, &both, &row, 1);
}

/* ---- several together ---------------------------------------------------------------------- */

/* Takes one sum after the other out of `rest`, as long as each lies in it whole. `rows` has `count`
 * entries already; `skip` is the sum that is being filled. */
static void fill(struct search *s, enum kl_leftover_kind kind, struct kl_set *rest, uint16_t *rows,
	size_t count, size_t skip)
{
	for (size_t r = 0; r < s->count && count < KL_LEFTOVER_ROWS_MAX; r++) {
		const struct kl_set *other = &s->before[r].set;

		if (r == skip || !plays(s, r) || !kl_set_count(other) ||
			!kl_set_within(other, rest))
			continue;
		without(rest, other, rest);
		rows[count++] = (uint16_t)r;
		if (take(s, kind, rest, rows, count))
			return;
	}
}

static void with_several(struct search *s)
{
	uint16_t rows[KL_LEFTOVER_ROWS_MAX];
	struct kl_set rest = *s->set;

	fill(s, KL_LEFTOVER_AROUND, &rest, rows, 0, s->count);
	for (size_t r = 0; r < s->count; r++) {
		if (!plays(s, r) || !kl_set_within(s->set, &s->before[r].set))
			continue;
		without(&s->before[r].set, s->set, &rest);
		rows[0] = (uint16_t)r;
		fill(s, KL_LEFTOVER_INSIDE, &rest, rows, 1, r);
	}
}

void kl_leftover_find(const struct kl_population *population, size_t k,
	const struct kl_release *before, size_t count, const struct kl_set *set, uint8_t level,
	struct kl_leftover *ret_leftover)
{
	struct search s = {.population = population, .before = before, .count = count, .set = set};

	s.best.kind = KL_LEFTOVER_MANY;
	s.best.level = level;
	s.best.needed = (uint16_t)kl_audit_floor(k, level);
	if (!take(&s, KL_LEFTOVER_OWN, set, NULL, 0)) {
		for (size_t r = 0; r < count && r <= UINT16_MAX; r++)
			if (plays(&s, r))
				with_one(&s, (uint16_t)r);
		if (s.best.kind == KL_LEFTOVER_MANY)
			with_several(&s);
	}
	*ret_leftover = s.best;
}
