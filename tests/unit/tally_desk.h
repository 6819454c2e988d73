/* The tally machine of one member at a desk: the test writes what the other seats say, record by record,
 * with real signatures, and looks at what the machine asks for.
 *
 * Five anchors sit (n 5, t 3, qa 5, qv 4); seat 0 stands for the convenor. Everybody declines, so that
 * proposals have no rows: votes, skips and quits need no shares. */
#ifndef KL_TESTS_UNIT_TALLY_DESK_H
#define KL_TESTS_UNIT_TALLY_DESK_H

#include "protocol/record.h"
#include "protocol/tally.h"
#include "tests/unit/harness.h"

enum { DESK_SEATS = 5, DESK_CONTRIBUTE_MS = 30000, DESK_DECIDE_MS = 64000 };

extern struct kl_tallies *desk_book;
extern struct kl_tally_update desk_update; /* of the last step */
extern struct kl_id desk_call;             /* id of the CALL, which is called at desk_now_ms */
extern uint64_t desk_now_ms;
extern struct kl_id desk_network;

/* A book of the member that holds that seat (0: the convenor's). Nothing was fed. */
void desk_begin(unsigned own_seat);
void desk_end(void);
/* The same member after a restart: an empty book. */
void desk_restart(void);

/* CALL, own key, ACCEPTs and DECLINEs of everybody; READY. */
void desk_open(void);
/* The INTAKEs of all but the own seat, and whatever the own seat says of itself until then. */
void desk_hand_in(void);

void desk_event(enum kl_tally_event_kind kind);
void desk_wait(uint64_t ms); /* and TICK */
void desk_feed(const struct kl_record *record);
void desk_feed_frozen(const struct kl_record *record);

/* Carries out what was asked for, up to the end: own records come back, with all that follows. */
void desk_carry_out(void);
/* Own records of a kind that were asked for since desk_begin; the last of them, or NULL. */
size_t desk_said(uint32_t kind);
const struct kl_record *desk_last(uint32_t kind);
/* What the last step asked for, as far as it is of that kind. */
size_t desk_asks(enum kl_tally_effect_kind kind);
const struct kl_tally_effect *desk_wish(enum kl_tally_effect_kind kind);

/* Records of seats, written and not yet fed. */
const struct kl_record *desk_accept(unsigned seat, uint8_t key);
const struct kl_record *desk_decline(unsigned seat);
const struct kl_record *desk_intake(
	unsigned seat, uint16_t part, bool more, const struct kl_id *before);
/* Cites the INTAKEs written last; `salt` makes another one of the same. */
const struct kl_record *desk_propose(unsigned seat, uint32_t attempt, unsigned salt);
const struct kl_record *desk_vote(unsigned seat, uint32_t attempt, const struct kl_id *proposal);
const struct kl_record *desk_skip(unsigned seat, uint32_t attempt);
const struct kl_record *desk_quit(
	unsigned seat, const struct kl_record *const *votes, size_t count);
const struct kl_record *desk_open_sum(unsigned seat, const struct kl_id *proposal, uint64_t cell);
/* `rows` of them from row `first` on, citing these four votes. */
const struct kl_record *desk_open_citing(unsigned seat, const struct kl_id *proposal,
	const struct kl_record *const votes[4], unsigned first, unsigned rows);
/* By `author`, about what seat `seat` said; `b` may be NULL. */
const struct kl_record *desk_evidence(
	unsigned author, unsigned seat, const struct kl_record *a, const struct kl_record *b);
/* The same place of a seat's feed again: what is written now stands beside what was written last. */
void desk_fork(unsigned seat);

struct kl_tally_view desk_view(void);
struct kl_tally_progress desk_progress(void);
const struct kl_id *desk_member(unsigned seat);

#endif
