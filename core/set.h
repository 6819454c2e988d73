/* Sets of members as bitmaps: who stands in a cohort. A member is its column number, 0 first, in
 * whatever order the owner of the sets keeps (members ascending in a tally). */
#ifndef KL_CORE_SET_H
#define KL_CORE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KL_SET_MEMBERS_MAX = 2048, KL_SET_WORDS = KL_SET_MEMBERS_MAX / 64 };

struct kl_set {
	uint64_t words[KL_SET_WORDS];
};

static inline bool kl_set_has(const struct kl_set *set, size_t member)
{
	return set->words[member / 64] >> (member % 64) & 1;
}

/* `member` is below KL_SET_MEMBERS_MAX. */
static inline void kl_set_add(struct kl_set *set, size_t member)
{
	set->words[member / 64] |= UINT64_C(1) << (member % 64);
}

static inline void kl_set_remove(struct kl_set *set, size_t member)
{
	set->words[member / 64] &= ~(UINT64_C(1) << (member % 64));
}

/* Number of members. */
size_t kl_set_count(const struct kl_set *set);

bool kl_set_equal(const struct kl_set *a, const struct kl_set *b);

/* True if every member of `a` stands in `b` too. */
bool kl_set_within(const struct kl_set *a, const struct kl_set *b);

/* The members of both. */
void kl_set_meet(const struct kl_set *a, const struct kl_set *b, struct kl_set *ret_set);

/* The smallest member >= `from`, or KL_SET_MEMBERS_MAX if there is none: for loops over a set. */
size_t kl_set_next(const struct kl_set *set, size_t from);

#endif
