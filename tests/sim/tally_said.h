/* What records say: for the observer, and in words for whoever reads a trace. */
#ifndef KL_TESTS_SIM_TALLY_SAID_H
#define KL_TESTS_SIM_TALLY_SAID_H

#include "tests/sim/tally_net.h"

/* What stands in the payload of a record of a tally kind; tally -1 if it cannot be read. */
void net_read_said(uint32_t kind, struct kl_bytes payload, struct net_said *ret_said);

enum { NET_TEXT_MAX = 300 };

/* A sentence about it without its subject ("votes for 3fa90c in attempt 0"); empty for a SHARE. */
const char *net_text_of(
	uint32_t kind, struct kl_bytes payload, const struct kl_id *id, char text[NET_TEXT_MAX]);

#endif
