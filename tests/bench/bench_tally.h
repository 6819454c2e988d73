/* A made-up tally of the size that has to be borne: 120 metrics of 16 bins, 30 cohorts, a committee of 7
 * with threshold 3, up to 400 contributors. What is secret is really dealt and sealed; ids of records
 * are made up of what they say. */
#ifndef KL_TESTS_BENCH_BENCH_TALLY_H
#define KL_TESTS_BENCH_BENCH_TALLY_H

#include "core/judge.h"
#include "protocol/tally_book.h"
#include "tests/bench/bench.h"

enum {
	METRICS = 120,
	BINS = 16,
	CELLS = METRICS * BINS,
	COHORTS = 30,
	MANY = 400,
	FEW = MANY / 4,
	SEATS = 7,
};

enum { PAYLOADS_MAX = MANY + 64 };

extern const struct kl_committee committee;
extern struct kl_cells cells;
extern struct kl_box_keys seats[SEATS];
extern struct kl_tally_member members[MANY];
extern struct kl_cohort cohorts[COHORTS];

/* Members, seats and cohorts: before anything else. */
void made_begin(void);

/* The same numbers each time. */
uint32_t dice(uint32_t sides);

/* Seconds of processor time: the neighbours' work does not count. */
double cpu(void);

/* Gives up with a word if something went wrong. */
void must(int rc, const char *what);

struct contribution {
	struct kl_challenge challenge;
	struct kl_share_binding binding;
	uint8_t presence[KL_PRESENCE_MAX];
	uint8_t *blobs[SEATS]; /* owned */
	struct kl_id hashes[SEATS];
};

void contribution_init(struct contribution *c);
void contribution_deinit(struct contribution *c);
size_t blob_len(unsigned seat);

/* Everything a member does with its answers but writing records. */
void deal(unsigned member, struct contribution *c);
void challenge_of(struct contribution *c);

/* One tally: its CALL, and what everybody says until the leader has proposed. */
struct story {
	unsigned count; /* contributors */
	bool gaps; /* of every fifth metric, others keep their answer to themselves each time */
	struct kl_tally_roster roster;
	struct kl_tally_call call;
	struct kl_id tally;
	struct kl_id seat_members[SEATS];
	struct kl_intake_entry *entries[SEATS];
	struct kl_writer said[PAYLOADS_MAX];
	struct kl_id authors[PAYLOADS_MAX], ids[PAYLOADS_MAX];
	uint32_t kinds[PAYLOADS_MAX];
	size_t said_count;
	struct kl_id intakes[SEATS];
};

/* Tells it up to the proposal, in parts; the last record is the last of these. */
struct story *story_tell(unsigned count, bool gaps);
void story_free(struct story *s);

/* Feeds one of its records, or an event without one; gives the processor time that it took. */
double story_step(struct kl_tallies *book, const struct story *s, enum kl_tally_event_kind kind,
	size_t record);

/* The book of somebody without a seat, after the first so many records. */
struct kl_tallies *story_follow(const struct story *s, size_t records);

#endif
