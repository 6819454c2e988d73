/* All that honest seats can come to say in one tally, whatever the cheats do, in whatever order
 * messages arrive, whoever crashes when.
 *
 * state      what each honest seat has said. Seats that lead no attempt are interchangeable
 * step       an honest seat says what the machine would say if it held *any* part of what was said
 *            so far, anything that cheats could say, at any moment. A part of the answer may be all
 *            that is committed: then the seat crashed
 *
 * A seat that may say what it would say with any part of that, may say what it would say with what
 * it really holds: whatever is not come to here can never happen. tally_replay.c takes the same ways
 * with running machines that hear one message after the other: it shows that nothing is supposed
 * which cannot happen. Attempts after the first two are left out: their SKIPs and VOTEs are not said,
 * and SKIPs of the second attempt are never enough. */
#ifndef KL_TESTS_MODEL_TALLY_EXPLORE_H
#define KL_TESTS_MODEL_TALLY_EXPLORE_H

#include "tests/model/tally_oracle.h"

enum { REPRESENTATIVE = 3 }; /* the seat that is asked for all that lead nothing */

struct graph;

/* Explores everything, over the oracle at hand. A state that breaks a rule ends the program with
 * the records that lead to it. `cases` names the case in that. */
struct graph *graph_explore(const struct parties *parties, const char *cases);
void graph_free(struct graph *graph);

size_t graph_states(const struct graph *graph);
size_t graph_steps(const struct graph *graph);

/* What honest seats said in a state, with leaders first. */
void graph_at(const struct graph *graph, size_t index, struct said ret_honest[SAID_HONEST_MAX]);

/* True if honest seats (leaders first, the others in any order) can come to have said that; the
 * index of the state. */
bool graph_find(const struct graph *graph, const struct said *honest, size_t *ret_index);

/* How a state was come to first: who said what, holding what, when. Gives the number of steps. */
enum { GRAPH_WAY_MAX = 64 };
struct graph_step {
	unsigned seat;
	struct say say;
	struct known known;
	enum moment moment;
	bool under_way; /* wanted while the say before was being committed */
};
unsigned graph_way(
	const struct graph *graph, size_t index, struct graph_step ret_way[GRAPH_WAY_MAX]);

/* What an honest seat in that place can say next, in a state: at most `size` of them. */
struct next {
	struct say says[ANSWER_MAX];
	uint8_t count, at_once;
	struct known known;
	enum moment moment;
};
size_t graph_next(const struct parties *parties, const struct said *honest, unsigned place,
	const struct next **ret_next);

/* The seat that an honest place holds: leaders hold theirs, the others the next ones; and that
 * of a cheat, by its number from 0. */
unsigned parties_seat(const struct parties *parties, unsigned place);
unsigned parties_cheat(const struct parties *parties, unsigned number);

#endif
