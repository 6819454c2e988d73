/* Whether the answers that the exploration rests on are those of a machine that holds real
 * records. */
#ifndef KL_TESTS_MODEL_TALLY_SAMPLE_H
#define KL_TESTS_MODEL_TALLY_SAMPLE_H

#include "tests/model/tally_explore.h"

/* Takes states of the graph by chance, and in each an honest seat, which is given a part of what
 * the others said, and of cheats anything: enough VOTEs, too few, conflicting ones, QUITs,
 * OPENs, all in any order. What it then wants must be what the oracle says, or less if the
 * others have ended the tally. Ends the program otherwise. */
void sample_answers(const struct graph *graph, const struct parties *parties, size_t count);

#endif
