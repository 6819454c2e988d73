/* What an honest seat would say: the real machine, rebuilt from what the seat said and what it
 * knows, and asked at a moment. Answers are remembered, so that each question is put to the machine
 * once.
 *
 * The machine is a fold over committed records, a member's own secrets and the clock: what it wants
 * depends on nothing else. So a seat that crashes at any point between two records comes back as
 * one that is rebuilt from what it had said, and every answer here is that of a seat that has just
 * come back.
 *
 * known      records of others that the seat holds. Of VOTEs and SKIPs the machine wants to know
 *            whether they are enough; how many that are is measured on the machine itself
 *            (oracle_measured); tally_sample.c compares with random records
 * moment     how much time has passed since everything that is known was there */
#ifndef KL_TESTS_MODEL_TALLY_ORACLE_H
#define KL_TESTS_MODEL_TALLY_ORACLE_H

#include "tests/model/tally_said.h"

enum { ANSWER_MAX = 6, ORACLE_NEVER = 255 };

/* Proposals of one attempt, in the order in which they came. */
enum known_order {
	KNOWN_NONE,
	KNOWN_FIRST,
	KNOWN_FIRST_OTHER,
	KNOWN_OTHER,
	KNOWN_OTHER_FIRST,
	KNOWN_ORDERS
};

struct known {
	uint8_t order[SAID_ATTEMPTS];
	uint8_t voted;   /* bit: that proposal has enough VOTEs */
	uint8_t skipped; /* attempt 0 has enough SKIPs */
};

enum moment {
	MOMENT_NOW,
	MOMENT_EIGHTH,  /* of the second window, on the monotonic clock */
	MOMENT_QUARTER, /* and the wall clock has not reached its end */
	MOMENT_LONG,
	MOMENT_END,      /* the wall clock has */
	MOMENT_KEY_LOST, /* at once, but restored without its key */
	MOMENTS
};

struct answer {
	uint8_t count;
	uint8_t at_once; /* so many; the others if the window ends before these are committed */
	struct say says[ANSWER_MAX]; /* in the order in which they would be committed */
};

/* For the committee of the world. */
void oracle_begin(void);
void oracle_end(void);

/* How many seats it takes, by the machine: VOTEs for each proposal, SKIPs of attempt 0, QUITs. */
struct measured {
	uint8_t votes[SAID_PROPOSALS], skips, quits;
};
const struct measured *oracle_measured(void);

const struct answer *oracle_ask(
	unsigned seat, struct said said, struct known known, enum moment moment);

const char *known_text(struct known known, char out[SAID_TEXT_MAX]);
const char *moment_text(enum moment moment);
/* Clocks of the moment, if everything was fed at WORLD_NOW_MS, WORLD_EARLY_MS. */
uint64_t moment_now(enum moment moment);
uint64_t moment_wall(enum moment moment);

/* Questions put so far, and to the machine. */
void oracle_count(size_t *ret_asked, size_t *ret_machines);

#endif
