/* Which records get an arrival number (store/arrivals.h): posts and their corrections. */
#ifndef KL_DAEMON_ARRIVALS_H
#define KL_DAEMON_ARRIVALS_H

#include "daemon/node.h"
#include "protocol/record.h"
#include "store/arrivals.h"

/* Puts into the batch that those of the records that are posts get their numbers, behind the records
 * themselves. */
void kl_arrivals_note(struct kl_batch *batch, const struct kl_feed_id *feed,
	const struct kl_record *records, size_t n);

/* Numbers the posts of a database that was made before there were numbers, or by a program that did not
 * know them as posts: feed by feed, each in its order. Nothing to do for any other. Once, before anything else is stored. */
int kl_arrivals_settle(struct kl_node *node, struct kl_fault *fault);

#endif
