/* Arrivals: the order in which posts came to this home.
 *
 * arrival  number 1, 2, 3... that this home gives a record when it stores it: in the same commit,
 *          once, without gaps, never again to another. It means nothing to anybody else
 * owed     records of a database of version 1 have no numbers yet, nor have those that were stored when
 *          the program did not know yet that their kind gets one: whoever knows what is a post gives
 *          them once (daemon/arrivals.c)
 * rules    a number that whoever gives them raises when more kinds get one
 *
 * Which records get one is the business of the daemon: lessons, questions, answers and their
 * corrections. "What is new since I looked" is everything above a number; the search index
 * (index.h) calls documents by their arrivals. */
#ifndef KL_STORE_ARRIVALS_H
#define KL_STORE_ARRIVALS_H

#include "store/feeds.h"

/* Gives the record its number, if it has none: what is stored again keeps the first. Put in behind
 * the record itself; the commit is KL_E_NOT_FOUND if the record is not here. */
int kl_arrival_give(struct kl_batch *batch, const struct kl_feed_id *feed, uint64_t seq);

/* The highest number given; 0 if there is none. */
int kl_arrival_last(struct kl_store *store, uint64_t *ret_arrival);

/* The number of a record. KL_E_NOT_FOUND if it has none. */
int kl_arrival_of(
	struct kl_store *store, const struct kl_feed_id *feed, uint64_t seq, uint64_t *ret_arrival);

/* The record with this number. KL_E_NOT_FOUND. */
int kl_arrival_find(
	struct kl_store *store, uint64_t arrival, struct kl_feed_id *ret_feed, uint64_t *ret_seq);

typedef int kl_arrival_fn(void *arg, uint64_t arrival, const struct kl_feed_id *feed, uint64_t seq);

/* Calls for each number from `from` on, in rising order. */
int kl_arrival_visit(struct kl_store *store, uint64_t from, kl_arrival_fn *visit, void *arg);

typedef int kl_arrived_fn(void *arg, uint64_t arrival, const struct kl_feed_id *feed,
	const struct kl_stored_record *record);

/* The same with the records. */
int kl_arrival_read(struct kl_store *store, uint64_t from, kl_arrived_fn *visit, void *arg);

/* Whether numbers are owed by these rules, and that they have been given. */
int kl_arrivals_owed(struct kl_store *store, uint32_t rules, bool *ret_owed);
int kl_arrivals_settled(struct kl_batch *batch, uint32_t rules);

#endif
