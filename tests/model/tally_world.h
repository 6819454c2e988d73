/* One tally, prepared once by real machines up to the point where the committee begins to decide:
 * all seats have accepted, everybody has contributed, all INTAKEs are there. From then on any seat
 * can be rebuilt from these records, and any record that somebody could add can be had.
 *
 * world      the tally at hand; there is one at a time
 * seat       1..n; the members hold them in the order of the draw
 * variant    0: what an honest leader of the attempt proposes; 1: another valid proposal of the
 *            same leader, which only a cheat makes
 * early      within the second window; late: after its end */
#ifndef KL_TESTS_MODEL_TALLY_WORLD_H
#define KL_TESTS_MODEL_TALLY_WORLD_H

#include "protocol/tally.h"

enum {
	WORLD_ATTEMPTS = 2,
	WORLD_VARIANTS = 2,
	WORLD_PARTS = 2,
	WORLD_START_MS = 5000000,
	WORLD_CONTRIBUTE_MS = 40000,
	WORLD_DECIDE_MS = 80000,
	WORLD_NOW_MS = 1000000, /* monotonic, when everything that is known is fed */
	WORLD_EARLY_MS = WORLD_START_MS + WORLD_CONTRIBUTE_MS + 1, /* wall clock */
	WORLD_LATE_MS = WORLD_EARLY_MS + WORLD_DECIDE_MS,
};

struct world_record {
	struct kl_id id, hash, author;
	uint32_t kind;
	uint64_t time_ms;
	struct kl_bytes payload;
};

/* What a seat voted for: 0 nothing, else variant + 1. */
struct world_votes {
	uint8_t in[WORLD_ATTEMPTS];
};

/* Prepares a tally with a committee of n seats. */
void world_begin(unsigned n);
void world_end(void);

const struct kl_committee *world_committee(void);
const struct kl_id *world_tally(void);
unsigned world_leader(unsigned attempt); /* a seat */

/* The records after the INTAKEs. They live until the end of the world. */
const struct world_record *world_proposal(unsigned attempt, unsigned variant, unsigned part);
unsigned world_parts(unsigned attempt, unsigned variant);
const struct kl_id *world_proposal_id(unsigned attempt, unsigned variant);
const struct world_record *world_vote(unsigned seat, unsigned attempt, unsigned variant);
const struct world_record *world_skip(unsigned seat, unsigned attempt);
const struct world_record *world_quit(unsigned seat, struct world_votes votes);
const struct world_record *world_open(unsigned seat, unsigned attempt, unsigned variant);

/* What a seat would say that speaks as another one, or leads where it does not: the same payload under
 * its name. It counts for nothing. */
const struct world_record *world_forged(unsigned seat, const struct world_record *record);

/* A new machine of that seat, which was given its key (unless that was lost) and all records up
 * to the INTAKEs, but not READY. With shares it can give sums; without, which is much quicker,
 * its OPENs have none in them. */
struct kl_tallies *world_book(unsigned seat, bool key, bool shares);

unsigned world_members(void);
const struct kl_id *world_member(unsigned member);

/* The seat of a member, by its place on the roster; 0: none. */
unsigned world_seat_of(unsigned member);

/* Any record; the same author, kind and payload are the same record. */
const struct world_record *world_record(
	const struct kl_id *author, uint32_t kind, struct kl_bytes payload);

/* A CALL for the same questions, as the convenor with that book would make it at that time. */
const struct world_record *world_call(const struct kl_tallies *book, uint64_t wall_ms);

/* One event. The update lives until the next one. */
struct kl_tally_update world_step(
	struct kl_tallies *book, struct kl_tally_event *event, uint64_t now_ms, uint64_t wall_ms);
struct kl_tally_update world_feed(struct kl_tallies *book, const struct world_record *record,
	uint64_t now_ms, uint64_t wall_ms);
struct kl_tally_update world_tell(
	struct kl_tallies *book, enum kl_tally_event_kind kind, uint64_t now_ms, uint64_t wall_ms);

/* The same numbers for the same seed. */
void world_seed(uint64_t seed);
uint64_t world_random(uint64_t below);

/* Ends the program with a sentence. */
_Noreturn void world_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define WORLD_CHECK(condition, ...)                                                                \
	do {                                                                                       \
		if (!(condition))                                                                  \
			world_fail(__VA_ARGS__);                                                   \
	} while (0)

#endif
