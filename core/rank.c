#include "core/rank.h"

#include <math.h>

double kl_rank_weight(uint64_t documents, uint64_t with)
{
	double n = (double)(with > documents ? documents : with);

	return log1p(((double)documents - n + 0.5) / (n + 0.5));
}

bool kl_hit_before(const struct kl_hit *a, const struct kl_hit *b)
{
	if (a->whole != b->whole)
		return a->whole;
	if (a->score < b->score || a->score > b->score)
		return a->score > b->score;
	return a->arrival > b->arrival;
}

/* A heap whose root is the worst: it makes room for whatever is better. */
static void sink(struct kl_hit *items, size_t n, size_t at)
{
	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		struct kl_hit item = items[at];

		if (child + 1 < n && kl_hit_before(&items[child], &items[child + 1]))
			child++;
		if (kl_hit_before(&items[child], &item))
			return;
		items[at] = items[child];
		items[child] = item;
	}
}

static void rise(struct kl_hit *items, size_t at)
{
	while (at) {
		size_t parent = (at - 1) / 2;
		struct kl_hit item = items[at];

		if (kl_hit_before(&item, &items[parent]))
			return;
		items[at] = items[parent];
		items[parent] = item;
		at = parent;
	}
}

void kl_best_add(struct kl_best *best, const struct kl_hit *hit)
{
	if (best->n < best->max) {
		best->items[best->n] = *hit;
		rise(best->items, best->n++);
	} else if (best->max && kl_hit_before(hit, &best->items[0])) {
		best->items[0] = *hit;
		sink(best->items, best->n, 0);
	}
}

void kl_best_sort(struct kl_best *best)
{
	for (size_t n = best->n; n > 1;) {
		struct kl_hit worst = best->items[0];

		best->items[0] = best->items[--n];
		best->items[n] = worst;
		sink(best->items, n, 0);
	}
}
