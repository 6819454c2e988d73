/* Records that are stored, told to the tallies once more: one after the other out of the store, as many in a
 * turn of the loop as its caller has time for. They are long, and anybody can make them many. */
#ifndef KL_DAEMON_RETELLING_H
#define KL_DAEMON_RETELLING_H

#include "daemon/network.h"

enum {
	KL_KIND_TALLY_FIRST = 64, /* kinds kept for tallies (header.h) */
	KL_KIND_TALLY_LAST = 95,
};

/* A feed that is still to be told, or its end behind a fork. */
struct kl_retold;

struct kl_retelling {
	struct kl_retold *feeds;
	size_t n, at, capacity;
	struct kl_id tally; /* told is what speaks of it, and SHAREs; zeros: everything */
	bool whole;         /* all feeds are told, and whoever began it waits for the end */
};

/* Begins with all feeds: those that carried the roster, as each names the next, then the others, each with what stands behind a fork or behind the
 * end that the roster sets (FROZEN). KL_E_NOMEM, KL_E_IO and the like: nothing was begun. */
int kl_retelling_begin(
	struct kl_network *network, struct kl_retelling *retelling, const struct kl_id *tally);

/* Adds what is stored of one feed behind its fork or end, if it has one. KL_E_NOMEM. */
int kl_retelling_add_frozen(struct kl_retelling *retelling, const struct kl_feed_id *feed);

/* Called from within a transaction: it must not commit. */
typedef void kl_retold_fn(struct kl_network *network, const struct kl_record *record, bool frozen);

/* Goes on: tells at most one record of a tally, never a CALL. KL_E_NOT_FOUND: everything was told. */
int kl_retelling_next(
	struct kl_network *network, struct kl_retelling *retelling, kl_retold_fn *tell);

/* Ends it, wherever it stands. */
void kl_retelling_end(struct kl_retelling *retelling);

#endif
