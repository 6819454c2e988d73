/* That a tally ends. */
#ifndef KL_TESTS_MODEL_TALLY_END_H
#define KL_TESTS_MODEL_TALLY_END_H

#include "tests/model/tally_explore.h"

struct ends {
	size_t states;                  /* looked at */
	size_t certified, failed, both; /* of these, how they end */
};

/* For a committee of which n - qv seats never say anything after their INTAKE, the leaders in
 * question among them: from each state of the graph, if everything that was said reaches
 * everybody and clocks go on, the tally ends as certified or failed, and every member comes to
 * the same state whatever the order in which it hears. From the beginning, if a leader of the
 * two speaks, it is certified and everybody opens. Ends the program otherwise. */
struct ends ends_check(const struct graph *graph, const struct parties *parties);

#endif
