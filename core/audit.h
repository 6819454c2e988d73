/* What may be released: how few members any combination of released sums could isolate.
 *
 * set        the members that stand in one released sum (core/set.h)
 * level      how fine its bins are (core/cells.h): finer sums say more, so they need more members
 * control    the control group of a member; two members of one group count once
 * verified   a member whose attributes were confirmed; others count nothing (invented members must
 *            not make a crowd)
 * support    of some members: number of different control groups among the verified ones
 * family     sets that somebody could combine by adding and subtracting
 * atom       the members that stand in exactly the same sets of a family, and in at least one. All
 *            that combining can isolate is made of whole atoms
 * floor      the least support allowed at a level: max(k, 5 | 10 | 30)
 *
 * Two tests, which look at membership alone, so that a refusal tells nothing about figures. The first
 * is sufficient: if every atom is large enough, then so is everything that can be isolated. It refuses
 * some families that hide everybody well enough; these are looked at row by row (core/echelon.h). */
#ifndef KL_CORE_AUDIT_H
#define KL_CORE_AUDIT_H

#include "core/bytes.h"
#include "core/cells.h"
#include "core/set.h"

enum {
	KL_AUDIT_K_MIN = 5,      /* no policy may go below */
	KL_AUDIT_ROWS_MAX = 512, /* sets of one family */
	KL_CONTROL_NONE = 0xffff /* in place of a control group: not verified */
};

/* The members that all sets are about. `control` has one entry for each of them: any number that
 * names its control group, or KL_CONTROL_NONE. Memory of the caller. */
struct kl_population {
	const uint16_t *control;
	size_t members; /* at most KL_SET_MEMBERS_MAX */
};

/* Support of a set. */
size_t kl_audit_support(const struct kl_population *population, const struct kl_set *set);

/* Numbers the atoms of a family: `ret_of` has for each member that of its atom. Number 0 is for the
 * members that stand in no set, of whom there may be none; the others have one member or more.
 * KL_E_NOMEM. */
int kl_audit_atoms(const struct kl_population *population, const struct kl_set *const *sets,
	size_t count, uint16_t *ret_of, size_t *ret_atoms);

/* Support of the smallest atom of a family; SIZE_MAX if the family has no atom (no sets, or only
 * empty ones), since then there is nothing to isolate. KL_E_NOMEM. */
int kl_audit_smallest_atom(const struct kl_population *population, const struct kl_set *const *sets,
	size_t count, size_t *ret_support);

/* max(k, 5 | 10 | 30) for level 0 | 1 | 2. */
size_t kl_audit_floor(size_t k, unsigned level);

/* Which test let a family pass. */
enum kl_audit_test { KL_AUDIT_NOT_TESTED, KL_AUDIT_REFUSED, KL_AUDIT_ATOMS, KL_AUDIT_ROWS };

/* Whether at least `least` members are isolated by whatever the family can be combined to, with the
 * orders of `key` for the second test. `ret_smallest`: support of the smallest atom if that is enough,
 * else of the smallest row. With `hasty` only the verdict counts, and the number stops where that is
 * clear.
 * At most KL_AUDIT_ROWS_MAX sets, none of which names a member beyond the population. KL_E_NOMEM. */
int kl_audit_test(const struct kl_population *population, const struct kl_set *const *sets,
	size_t count, const struct kl_id *key, size_t least, bool hasty,
	enum kl_audit_test *ret_test, size_t *ret_smallest);

/* One set that was released, or is going to be, at a level. */
struct kl_release {
	struct kl_set set;
	uint8_t level; /* 0..KL_LEVELS - 1 */
};

enum kl_plan_why {
	KL_PLAN_RELEASED,     /* at `level` */
	KL_PLAN_TOO_SMALL,    /* the cohort itself is below the floor of level 0 */
	KL_PLAN_BELOW_BASE,   /* it lost more than 30 % of those that t cited seats acknowledge */
	KL_PLAN_SUBTRACTABLE, /* with what else is released, fewer could be isolated */
};

struct kl_plan_candidate {
	struct kl_set set;  /* members that stand in the cohort */
	struct kl_set base; /* members that should: those that at least t cited seats acknowledge */
	bool has_base;      /* false: the 70 % rule is not asked */
};

struct kl_plan_row {
	enum kl_plan_why why;
	uint8_t level;     /* only if released */
	uint16_t smallest; /* if too small or subtractable: support of what could be isolated */
	enum kl_audit_test test[KL_LEVELS]; /* how each level up to the first refusal fared */
};

/* A plan in the making: all rows that are out, or planned to be. Holds pointers to their sets and to the
 * population, which must outlive it. */
struct kl_audit {
	const struct kl_population *population;
	size_t k;
	struct kl_id key;
	const struct kl_set *sets[KL_AUDIT_ROWS_MAX];
	uint8_t levels[KL_AUDIT_ROWS_MAX];
	size_t count;
};

/* Begins with what was released before. KL_E_RANGE if k is below KL_AUDIT_K_MIN or a level is unknown,
 * KL_E_TOO_BIG beyond KL_AUDIT_ROWS_MAX rows or KL_SET_MEMBERS_MAX members, KL_E_INVALID if a set names
 * a member that the population lacks. */
int kl_audit_begin(struct kl_audit *audit, const struct kl_population *population, size_t k,
	const struct kl_id *key, const struct kl_release *earlier, size_t earlier_count);

/* Plans the release of the next cohort; those with priority come first. It is shown as finely as
 * possible: at a level is allowed what, together with everything shown at that level or finer in the
 * period (earlier releases, cohorts planned before it), isolates kl_audit_floor(k, l) members or
 * more, and the same holds at all coarser levels l. If not even the coarsest is, it is withheld, as
 * it is if 10 |set| < 7 |base|. A withheld cohort leaves no row behind. The key of the audit of a level
 * is H("QB1/audit", key, u8 level, u16le rows so far), where all rows of all levels count that came
 * before the cohort. KL_E_TOO_BIG, KL_E_INVALID as above, KL_E_NOMEM. */
int kl_audit_next(struct kl_audit *audit, const struct kl_plan_candidate *candidate,
	struct kl_plan_row *ret_row);

/* All of it: `count` cohorts, in order of priority. Nothing is written unless all could be planned. */
int kl_audit_plan(const struct kl_population *population, size_t k, const struct kl_id *key,
	const struct kl_release *earlier, size_t earlier_count,
	const struct kl_plan_candidate *candidates, size_t count, struct kl_plan_row *ret_rows);

/* "released", "too small", "below 70 %", "could be subtracted". */
const char *kl_plan_why_text(enum kl_plan_why why);

#endif
