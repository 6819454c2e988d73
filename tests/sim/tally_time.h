/* What is going to happen, in order of virtual time. */
#ifndef KL_TESTS_SIM_TALLY_TIME_H
#define KL_TESTS_SIM_TALLY_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum what { MESSAGE, WAKE, SYNC, UP };

struct net_event {
	uint64_t at, order; /* of two at one time, the one that was planned first */
	enum what what;
	int node, author;
	unsigned branch;
	size_t seq;
	bool erased;
};

void net_plan(struct net_event event);
uint64_t net_next_at(void); /* UINT64_MAX: nothing is planned */
struct net_event net_next_event(void);
void net_forget_events(void);

#endif
