/* What the exploration says, done: running machines that are told no more than each step needs. */
#ifndef KL_TESTS_MODEL_TALLY_REPLAY_H
#define KL_TESTS_MODEL_TALLY_REPLAY_H

#include "tests/model/tally_explore.h"

/* Takes every `stride`th state of the graph and goes its way with running machines: feeds are
 * delivered up to the records that a seat has to know, cheats add what is missing, clocks go on, and
 * the machine must ask by itself for what is said next. Gives the number of states come to, out of
 * *ret_tried. A seat that holds more already than it has to know may stay silent where one that had
 * forgotten it would speak; so this may be less than all. */
size_t replay(
	const struct graph *graph, const struct parties *parties, size_t stride, size_t *ret_tried);

#endif
