/* Every order of messages, one by one, up to some number of steps: running machines, nothing
 * supposed. */
#ifndef KL_TESTS_MODEL_TALLY_PLAIN_H
#define KL_TESTS_MODEL_TALLY_PLAIN_H

#include "tests/model/tally_explore.h"

enum { PLAIN_SEATS = 3 }; /* honest ones */

struct plain {
	size_t seats;  /* different states of one seat: what it said, holds, wants */
	size_t states; /* of all honest seats together */
	size_t said;   /* different ones of what they said in all */
};

/* For three honest seats and the first attempt. A step: a seat hears the next record of another
 * honest seat's feed, or of the cheats (who speak together here: a proposal, their VOTEs for
 * one, their QUITs); waits; sees the window end; or commits what it wants. All orders of so many
 * steps; each state once. In each, a seat that is rebuilt must want what the running one wants,
 * and what was said must hold the rules and stand in the graph. Ends the program otherwise. */
struct plain plain_explore(
	const struct graph *graph, const struct parties *parties, unsigned depth);

#endif
