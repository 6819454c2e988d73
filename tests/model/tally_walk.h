/* The other way round: whole committees of running machines, messages one by one. */
#ifndef KL_TESTS_MODEL_TALLY_WALK_H
#define KL_TESTS_MODEL_TALLY_WALK_H

#include "tests/model/tally_explore.h"

struct walked {
	size_t steps;   /* deliveries, ticks, commits, crashes, .. */
	size_t records; /* that honest seats committed */
	size_t states;  /* different ones, of those in the graph */
};

/* Walks at random, `count` times, always the same for a seed: honest seats run, hear each
 * other's feeds in order and cheats at any time, commit one record after the other, fail to,
 * crash and come back, lose their key. Whatever comes of it must hold the rules and stand in the
 * graph, and a seat that was rebuilt must want what the running one wants. Ends the program
 * otherwise. */
struct walked walk(
	const struct graph *graph, const struct parties *parties, uint64_t seed, size_t count);

#endif
