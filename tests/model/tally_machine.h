/* One honest seat as a real machine: feeding it with what it said and knows, reading what it
 * wants. */
#ifndef KL_TESTS_MODEL_TALLY_MACHINE_H
#define KL_TESTS_MODEL_TALLY_MACHINE_H

#include "tests/model/tally_said.h"
#include "tests/model/tally_world.h"

/* A machine with everything up to the INTAKEs, not READY yet. */
struct kl_tallies *machine_new(unsigned seat, bool key);

/* The record that a seat would make of it. `said`: what it said before, for QUIT. Proposals have
 * more parts than one: part by part; NULL after the last record. */
const struct world_record *machine_record(
	unsigned seat, struct said said, struct say say, unsigned part);

/* What a seat said, in the order in which it may have said it. */
enum { MACHINE_SAYS_MAX = 2 * SAID_ATTEMPTS + 1 };
unsigned machine_says(unsigned seat, struct said said, struct say ret_says[MACHINE_SAYS_MAX]);

/* Feeds a record, or all of what a seat said; what the machine wants thereupon is passed over. */
void machine_feed(struct kl_tallies *book, const struct world_record *record);
void machine_feed_said(struct kl_tallies *book, unsigned seat, struct said said);
void machine_feed_proposal(struct kl_tallies *book, unsigned proposal);

/* Reads an effect as a say, of a seat that said `said` when it will be committed. False: it says
 * nothing that the model looks at. */
bool machine_reads(
	unsigned seat, struct said said, const struct kl_tally_effect *effect, struct say *ret_say);

#endif
