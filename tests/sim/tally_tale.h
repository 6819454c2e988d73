/* Any story: everything about it is drawn from its seed. */
#ifndef KL_TESTS_SIM_TALLY_TALE_H
#define KL_TESTS_SIM_TALLY_TALE_H

#include <stdbool.h>
#include <stdint.h>

/* What came of many tales. */
struct tale_figures {
	uint64_t tales, tallies, refused;
	uint64_t states[8]; /* by enum kl_tally_state */
	uint64_t lying_seats, false_contributors, cuts, people, withdrawn, worlds, opened,
		passed_over;
};

extern struct tale_figures tale_figures;

/* Tells the tale of a seed; a failure ends the program. `beyond`: t seats cheat instead of t - 1, which
 * no protocol of this kind survives: for those who want to see that the observer sees it. */
void tale_tell(uint64_t seed, bool beyond);

#endif
