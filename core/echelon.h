/* The finer of the two tests of an audit (core/audit.h): which members a sum of some sets, each
 * times any number, can isolate.
 *
 * row        a set as a vector over the members that count, 1 for those that stand in it
 * isolated   whoever holds the sums of some sets also holds that of every linear combination of
 *            their rows; it speaks of the members whose place in it is not 0
 * form       the reduced row echelon form of the rows over the field (core/field.h), with the
 *            columns in some order: the rows that are 1 in a pivot column and 0 in all other ones
 * trial      one form, with the order that a key and the number of the trial decide (QB1, def. 11)
 *
 * Members that do not count have no column. Their answers are known (published by name), or nobody
 * vouches that they are not made up: whoever knows them takes them off, and what is left is what counts. A
 * combination that is 0 on all the others isolates nobody. The columns of one control group stand together,
 * since it counts once. (Def. 11 orders all members alike: with every member counting, and alone in its
 * group, that is the same.)
 *
 * A combination that isolates a smallest number of members is, up to a factor, the only one that is 0
 * on all the others. It stands in every form whose order puts such others first, and each trial has
 * its chance to. So the smallest row of 40 trials never has fewer members than can be isolated, and
 * may in principle have more: it equals the true least in all families that were small enough to
 * try all (tests/unit/test_echelon.c). Everybody draws the same orders, since the key is that of the
 * tally. */
#ifndef KL_CORE_ECHELON_H
#define KL_CORE_ECHELON_H

#include "core/audit.h"

enum { KL_ECHELON_TRIALS = 40 };

/* The order of `columns` control groups, numbered as their first members follow each other, in a trial:
 * Fisher-Yates from the top,
 *
 *     for i = columns - 1 down to 1: swap i with e[columns - 1 - i] mod (i + 1)
 *     e = expand(H("QB1/order", key, u16le trial), columns - 1)
 *
 * At most KL_SET_MEMBERS_MAX. */
void kl_echelon_order(const struct kl_id *key, uint16_t trial, size_t columns, uint16_t *ret_order);

/* Smallest support of a row in all trials; SIZE_MAX if no set has a member that counts. With an `enough` above 0 only
 * that is asked: whatever is as large is not counted further (the answer is then `enough` or more), and
 * the first trial with a smaller row is the last. The sets are as kl_audit_test wants them. KL_E_NOMEM. */
int kl_echelon_smallest(const struct kl_population *population, const struct kl_set *const *sets,
	size_t count, const struct kl_id *key, size_t enough, size_t *ret_support);

#endif
