#include "core/error.h"
#include "tests/sim/tally_time.h"

#include <stdlib.h>

static struct net_event *heap;
static size_t heap_count, heap_capacity;
static uint64_t orders;

static bool sooner(const struct net_event *a, const struct net_event *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void net_plan(struct net_event event)
{
	size_t i;

	if (heap_count == heap_capacity) {
		heap_capacity = heap_capacity ? 2 * heap_capacity : 1024;
		heap = realloc(heap, heap_capacity * sizeof(*heap));
		KL_ASSERT(heap);
	}
	event.order = orders++;
	i = heap_count++;
	for (; i > 0 && sooner(&event, &heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = event;
}

struct net_event net_next_event(void)
{
	struct net_event first = heap[0], last = heap[--heap_count];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= heap_count)
			break;
		if (child + 1 < heap_count && sooner(&heap[child + 1], &heap[child]))
			child++;
		if (!sooner(&heap[child], &last))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = last;
	return first;
}

uint64_t net_next_at(void)
{
	return heap_count ? heap[0].at : UINT64_MAX;
}

void net_forget_events(void)
{
	free(heap);
	heap = NULL;
	heap_count = heap_capacity = 0;
	orders = 0;
}
