/* The largest of many, one after the other, without sorting all of them: putting n in order for it
 * costs about 2n comparisons, and each one that is taken out about 2 log n. */
#ifndef KL_CORE_BIGGEST_H
#define KL_CORE_BIGGEST_H

#include <stddef.h>
#include <stdint.h>

struct kl_big {
	int64_t value;
	uint32_t number; /* of equal values the lower number comes first */
};

/* Puts the items in order for taking. */
void kl_biggest_begin(struct kl_big *items, size_t count);

/* Takes the largest out; *count, which must not be 0, becomes one less. */
struct kl_big kl_biggest_take(struct kl_big *items, size_t *count);

#endif
