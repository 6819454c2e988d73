/* Makes parts for an upload out of rows that come one by one. */
#ifndef KL_CLIENT_PART_FEED_H
#define KL_CLIENT_PART_FEED_H

#include "core/error.h"
#include "protocol/part.h"
#include "protocol/wire.h"

#include <stdbool.h>

/* Writes the next row into `row` and returns 1; or 0 at the end, or an error with a fault. */
typedef int kl_part_feed_fn(void *data, struct kl_writer *row, struct kl_fault *fault);

struct kl_part_feed {
	/* All private. */
	struct kl_part part;
	kl_part_feed_fn *row;
	void *data;
	bool ended;
};

void kl_part_feed_init(struct kl_part_feed *feed, kl_part_feed_fn *row, void *data);
void kl_part_feed_deinit(struct kl_part_feed *feed);

/* Writes the next part into the empty `out`: 1, 0 when all rows are out, or an error. */
int kl_part_feed_next(struct kl_part_feed *feed, struct kl_writer *out, struct kl_fault *fault);

#endif
