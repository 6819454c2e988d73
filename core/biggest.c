#include "core/biggest.h"
#include "core/error.h"

#include <stdbool.h>

static bool before(struct kl_big a, struct kl_big b)
{
	return a.value != b.value ? a.value > b.value : a.number < b.number;
}

/* A heap: no item stands behind the two at 2i + 1 and 2i + 2. */
static void sink(struct kl_big *items, size_t count, size_t at)
{
	struct kl_big item = items[at];

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= count)
			break;
		if (child + 1 < count && before(items[child + 1], items[child]))
			child++;
		if (!before(items[child], item))
			break;
		items[at] = items[child];
		at = child;
	}
	items[at] = item;
}

void kl_biggest_begin(struct kl_big *items, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sink(items, count, i);
}

struct kl_big kl_biggest_take(struct kl_big *items, size_t *count)
{
	struct kl_big first = items[0];

	KL_ASSERT(*count > 0);
	items[0] = items[--*count];
	if (*count)
		sink(items, *count, 0);
	return first;
}
