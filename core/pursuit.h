/* Pursuits: what members say that they do, under one name, however they write it.
 *
 * item     one line of a profile's activities or services, in a member's own words
 * pursuit  what items are taken to mean: an activity of the report's bank (core/activity.h), or else
 *          the words themselves
 *
 * Rules (ours). What counts are words without endings, capitals and accents (kl_name_words()), in any
 * order; "and", "of", "the" and the like do not count. An item means an activity of the bank if it is
 * its code ("a6.food") or has just the words of that code ("food", "youth work") or of its name; or else
 * if all its words are in the name of one activity alone ("lunch clubs" are in that of
 * a7.older_people). Everything else stands for itself: two items with the same words are the same
 * ("Repair cafes", "cafe, repair").
 */
#ifndef KL_CORE_PURSUIT_H
#define KL_CORE_PURSUIT_H

#include "core/activity.h"

#include <stdint.h>

/* Below it, the index of an activity of the bank; from it on, a number that stands for the words. */
#define KL_PURSUIT_OWN (UINT64_C(1) << 63)

struct kl_pursuits; /* the bank, made ready for comparing */

/* NULL if there is no memory. Destroying NULL is fine. */
struct kl_pursuits *kl_pursuits_new(void);
void kl_pursuits_destroy(struct kl_pursuits *pursuits);

/* The pursuit of an item; the same for the same words as long as the program runs. */
uint64_t kl_pursuit_of(struct kl_pursuits *pursuits, const char *item);

/* The activity of a pursuit, or NULL for own words. */
const struct kl_activity *kl_pursuit_activity(uint64_t pursuit);

#endif
