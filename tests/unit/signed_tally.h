/* A whole tally made of records that are really signed, in one process and without waiting: everybody
 * hears everything at once. For tests that look at what is left afterwards.
 *
 * home    who says what; number 0 is the convenor, which contributes nothing
 * feed    the records of one home, as every store holds them in the end */
#ifndef KL_TESTS_UNIT_SIGNED_TALLY_H
#define KL_TESTS_UNIT_SIGNED_TALLY_H

#include "protocol/auditor.h"
#include "protocol/tally_payload.h"

enum {
	SIGNED_HOMES_MAX = 12,
	SIGNED_METRICS = 2, /* lm3.score of 16 bins, maturity.c1 of 5 */
	SIGNED_CONTRIBUTE_MS = 30000,
	SIGNED_DECIDE_MS = 20000,
};

struct signed_record {
	uint8_t header[KL_HEADER_MAX];
	size_t header_len;
	uint8_t signature[KL_SIGNATURE_BYTES];
	bool is_signed;
	uint8_t *payload;
	size_t len;
	bool here, lost, contested; /* lost: it cannot be read; contested: behind a fork */
	struct kl_id id;
	struct kl_header h;
};

struct signed_feed {
	struct signed_record *records;
	size_t count;
};

extern struct signed_feed signed_feeds[SIGNED_HOMES_MAX];
extern struct kl_id signed_network;

/* A network of a convenor and `members` anchors, by name "Member 1".. */
void signed_begin(int members);
void signed_end(void);

const struct kl_id *signed_id(int home);
const struct kl_tallies *signed_book(int home);

/* Takes a home out of everything that follows: it says nothing and hears nothing. */
void signed_silence(int home);
/* Brings it back: it hears all that was said meanwhile. */
void signed_return(int home);
/* Lets time pass, a second at a time. */
void signed_wait(uint64_t ms);

/* The convenor calls a tally of `metrics` questions for a year; gives its id. */
struct kl_id signed_call(int year, int metrics);
void signed_contribute(int home, const struct kl_id *tally, int16_t score, int16_t maturity);
void signed_decline(int home, const struct kl_id *tally);
void signed_withdraw(int home, const struct kl_id *tally);

/* Signs any record into a feed, and lets nobody hear of it. */
struct signed_record *signed_say(int home, uint32_t kind, struct kl_bytes payload);

/* The same, and everybody hears of it. */
struct kl_id signed_publish(int home, uint32_t kind, struct kl_bytes payload);

/* Shows records of a seat to all, as EVIDENCE of somebody. */
struct kl_id signed_show(int home, const struct kl_id *tally, unsigned seat,
	const struct kl_id *ids, unsigned count);

/* Called before a record is signed; may change what it says (same length). */
extern void (*signed_tamper)(int home, uint32_t kind, uint8_t *payload, size_t len);

/* The record number `n` (0: the first) of that kind in a feed; asserts that it is there. */
struct signed_record *signed_find(int home, uint32_t kind, size_t n);

/* Makes headers, hashes and signatures of a feed fit its contents again, from a record on: what an
 * author could do that forges its own feed, and whoever edits a database cannot. */
void signed_again(int home, size_t from);

/* Gives everything to an auditor and lets it work; `running` may be NULL. The caller destroys it. */
struct kl_auditor *signed_audit(const struct kl_id *tally, const struct kl_tallies *running);

#endif
