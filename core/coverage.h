/* Who does what where: a map of community organisations as a grid, and its gaps.
 *
 * place    where a member works: a column of the grid. A number stands for it, the caller knows its name
 * pursuit  what a member says that it does (core/pursuit.h)
 * row      of the grid: a pursuit, or all of the bank that belong to one of the seven characteristics
 * cell     of a row and a place: how many members there do that, and who
 * gap      a cell with nobody, or with one member alone
 *
 * A member counts once in a cell however often it says the thing, and in every place that it names.
 * Own words belong to no characteristic (ours: the report ties only its own activities to them). What
 * nobody says of itself is unknown, not absent: a gap says that no member here says so.
 *
 * The time it takes is that of looking at each item of each member once, twice with who() */
#ifndef KL_CORE_COVERAGE_H
#define KL_CORE_COVERAGE_H

#include "core/profile.h"
#include "core/pursuit.h"

enum {
	KL_COVERAGE_ROWS_MAX = 400,   /* of one grid; further own words, the rarest, are left out */
	KL_COVERAGE_PLACES_MAX = 500, /* of one grid; the United Kingdom has about 400 councils */
	KL_COVERAGE_WHO_MAX = 20,     /* members that a cell names */
	KL_COVERAGE_MEMBER_PLACES_MAX = 1 + KL_PROFILE_LIST_MAX, /* an area and neighbourhoods */
};

/* What the map takes of a member; all of it is the caller's. */
struct kl_coverage_member {
	const struct kl_text_list *services, *activities;
	const uint64_t *pursuits; /* of each service, then of each activity */
	const uint64_t *places;   /* none: it is in no column, but in the sums of rows */
	size_t n_places;
};

struct kl_coverage_wanted {
	bool characteristics; /* the seven as rows; else pursuits */
	/* Only what fits, unless NULL: a part of an activity's name or code or of own words, or the
	 * same words in another order. An activity is looked for among activities, a service among
	 * services, and either everywhere if the bank has it. With both, the rows are those of either. */
	const char *activity, *service;
};

struct kl_coverage_row {
	uint64_t pursuit;  /* or the number of the characteristic, 0 .. 6 */
	const char *words; /* own words as the first member spells them; NULL otherwise */
	uint32_t members;  /* that do it, in any place or none */
};

struct kl_coverage_place {
	uint64_t place;
	uint32_t members; /* there, whatever they do */
	uint32_t member,
		which; /* the first of them, and which of its places this is: for its name */
};

struct kl_coverage_table; /* what each pursuit is to the grid */

struct kl_coverage {
	struct kl_coverage_row
		*rows; /* the bank in its order, then own words, most members first */
	struct kl_coverage_place *places; /* most members first */
	size_t n_rows, n_places;
	size_t all_rows, all_places; /* with those that were left out */
	uint32_t *counts;            /* see kl_coverage_at() */
	struct kl_coverage_table *table;
};

/* Adds up. Every activity of the bank that fits has a row, also if nobody does it; own words only if
 * somebody says them. KL_E_NOMEM; then there is nothing to free. The result points into `wanted` and
 * to the texts of the members. */
int kl_coverage_make(struct kl_pursuits *pursuits, const struct kl_coverage_member *members,
	size_t n, const struct kl_coverage_wanted *wanted, struct kl_coverage *ret_coverage);
void kl_coverage_deinit(struct kl_coverage *coverage);

/* How many members are in a cell. */
static inline uint32_t kl_coverage_at(const struct kl_coverage *c, size_t place, size_t row)
{
	return c->counts[place * c->n_rows + row];
}

/* Who is in the cells from number `from` to before `to` (place * n_rows + row): the numbers of the
 * first KL_COVERAGE_WHO_MAX members of each, in their order. Only as many as the cell counts are
 * written. The members are those that the grid was made of. KL_E_NOMEM. */
int kl_coverage_who(const struct kl_coverage *coverage, const struct kl_coverage_member *members,
	size_t n, size_t from, size_t to, uint32_t (*ret_who)[KL_COVERAGE_WHO_MAX]);

/* Whether a member of the grid does what is wanted: both, if both were asked for. */
bool kl_coverage_fits(const struct kl_coverage *coverage, const struct kl_coverage_member *member);

#endif
