/* What can be isolated out of sums of sets, found by trying everything: what an audit is held
 * against. It shares no code with core/echelon.c but the arithmetic of the field. */
#ifndef KL_TESTS_UNIT_ISOLATE_H
#define KL_TESTS_UNIT_ISOLATE_H

#include "core/audit.h"

enum { ISOLATE_SETS_MAX = 20, ISOLATE_ATOMS_MAX = 64 };

/* Smallest support of any linear combination of the sets that is not 0 on all members that count;
 * SIZE_MAX if there is none. A
 * combination that is 0 on as many atoms as can be (rank - 1 of them that do not depend on each other)
 * is the only one, up to a factor, that is 0 there, and every other combination has one of these
 * within it: so all choices of such atoms are gone through. Modulo p = 2^61 - 1 this is the answer for
 * whole numbers as well, since no determinant of so few sets reaches p. Time grows as atoms over
 * rank - 1: for small families. */
size_t isolate_least(
	const struct kl_population *population, const struct kl_set *const *sets, size_t count);

/* Support of one combination: the sum of factors[s] times the set s. */
size_t isolate_combined(const struct kl_population *population, const struct kl_set *const *sets,
	const int *factors, size_t count);

#endif
