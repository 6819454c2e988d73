/* A running seat: its machine, what it has committed, what it heard, and what it was asked to
 * commit and has not yet. */
#ifndef KL_TESTS_MODEL_TALLY_NODE_H
#define KL_TESTS_MODEL_TALLY_NODE_H

#include "tests/model/tally_machine.h"

enum { NODE_HEARD_MAX = 512, NODE_FEED_MAX = 2 * MACHINE_SAYS_MAX, NODE_PENDING_MAX = 16 };

/* One record as it was said or heard. */
struct heard {
	const struct world_record *record;
	unsigned seat;
	struct say say;
};

struct node {
	unsigned seat;
	bool key;
	struct kl_tallies *book;
	struct said said;
	struct heard feed[NODE_FEED_MAX]; /* its own records */
	unsigned feed_count;
	struct heard heard[NODE_HEARD_MAX]; /* of everybody else, in the order in which it came */
	unsigned heard_count;
	struct heard pending[NODE_PENDING_MAX];
	unsigned pending_count;
	uint64_t now_ms, wall_ms;
};

void node_begin(struct node *node, unsigned seat);
void node_end(struct node *node);

void node_hear(struct node *node, struct heard heard);
void node_event(struct node *node, enum kl_tally_event_kind kind);

/* Commits the first record that is pending; whether the machine is told is another step. */
struct heard node_commit(struct node *node);
void node_feed_back(struct node *node, struct heard heard);

/* What was pending is gone; the machine hears that it failed. */
void node_fail(struct node *node);

/* The machine is lost and made again of what was committed, its own feed anywhere among the
 * others. */
void node_restart(struct node *node);

/* True if a machine that was rebuilt wants the same as the running one, once all waits are over.
 * What was pending is asked for anew. */
bool node_is_as_rebuilt(struct node *node);

#endif
