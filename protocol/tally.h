/* Counting unseen: all tallies of a network as one member sees them, without I/O.
 *
 * The machine is a fold over committed records plus this member's own durable secrets. What it
 * wants done comes back as effects; what the world did goes in as the next event. After a restart
 * the same records and secrets are fed again, then READY: the machine stands where it stood and
 * asks for the same things. What a seat said is what its own feed holds, so it never says a second
 * thing.
 *
 * book       all tallies of the network at one member; there is one machine, not one for each tally
 * column     place of a member among the contributors of the frozen roster, by ascending id
 * gate       why this member takes no part (yet): see enum kl_tally_gate
 * duty       something that this member still has to say in a tally
 * evidence   two records of one seat that no honest seat makes both (tally_conflict.h). Whoever's seat
 *            was proven false is barred from the committees of the next KL_TALLY_BARRED calls
 * durable    own records are committed before they come back as RECORD and before they are sent
 *
 * Feeding the machine, at start:
 *     kl_tallies_new
 *     KEY        for each key file home/tally/ID.key
 *     ANSWERS    for each document of kept answers
 *     RECORD     each committed record of a tally kind: of each author in its order, authors in any
 *                order (the convenor's feed together with the roster, since a CALL needs it)
 *     FROZEN     of a feed that is frozen by a fork: each record of a tally kind that is stored here
 *                behind the last common place, in order, after those before it
 *     READY      nothing is asked for before
 * and then as things happen: RECORD, HEARD, CONTRIBUTE, DECLINE, WITHDRAW, TICK, and FROZEN when a feed
 * is frozen. Records that were fed before are recognised and change nothing.
 *
 * Carrying out an update: its effects in their order. If one cannot be done, leave out the rest;
 * but go on after a KEY_UNLINK, DROP or EVIDENCE that could not be done, since no other effect rests on
 * them. Then feed what came of them, in the same order: RECORD for each own record that was committed,
 * KEY, ANSWERS, UNLINKED, DROPPED, or FAILED for the one that could not be done (the machine asks
 * again with a later TICK; for what UNLINKED, DROPPED or the RECORD of an EVIDENCE does not answer it
 * asks again by itself, for as long as it takes). What an update points to is there until the book is
 * stepped again; of an event nothing is kept but copies. */
#ifndef KL_PROTOCOL_TALLY_H
#define KL_PROTOCOL_TALLY_H

#include "core/audit.h"
#include "core/error.h"
#include "core/expand.h"
#include "core/opening.h"
#include "protocol/record.h"
#include "protocol/tally_payload.h"

enum {
	KL_TALLIES_MAX = 4096,      /* in one book; further CALLs are not followed */
	KL_TALLY_STRAY_MAX = 64,    /* SHAREs of one author that wait for their CONTRIB */
	KL_TALLY_PROPOSALS_MAX = 4, /* of one attempt; an honest leader makes one */
	KL_TALLY_UNKNOWN_MAX = 64,  /* tallies spoken of before their CALL came */
	KL_TALLY_BARRED = 4, /* calls in a row whose committees a seat proven false is not in */
};

/* ---- the frozen roster ---------------------------------------------------------------------- */

struct kl_tally_member {
	struct kl_id id;
	struct kl_id control; /* its control group; its own id if it stands alone */
	bool verified;        /* kind and control group confirmed from a public register */
	bool council;         /* else an anchor */
	bool offers_seat;     /* as it publishes; only used when a CALL is made */
	char type[KL_COHORT_VALUE_MAX];
	char region[KL_COHORT_VALUE_MAX];
	char rural[KL_COHORT_VALUE_MAX];
	char income[KL_COHORT_VALUE_MAX];
	uint8_t deprivation; /* quintile 1..5, 0 unknown */
};

struct kl_tally_roster {
	struct kl_id hash;                        /* last roster record in force */
	struct kl_id convenor;                    /* who may call */
	uint16_t minimum;                         /* smallest cohort by the charter */
	struct kl_cohort cohorts[KL_COHORTS_MAX]; /* by the charter, in order of priority */
	uint8_t cohort_count;                     /* 0: whoever calls chooses them */
	struct kl_tally_member *members;          /* contributors, ascending by id; owned */
	uint16_t count;
};

struct kl_roster;

/* The contributors of a roster as it stands, all of them offering a seat. KL_E_TOO_BIG above
 * KL_TALLY_MEMBERS_MAX, KL_E_NOMEM. */
int kl_tally_roster_freeze(const struct kl_roster *roster, struct kl_tally_roster *ret_roster);
void kl_tally_roster_deinit(struct kl_tally_roster *roster);

/* Column of a member, or -1. */
int kl_tally_roster_find(const struct kl_tally_roster *roster, const struct kl_id *member);

/* True if the rule takes in the member. */
bool kl_cohort_has(const struct kl_cohort *cohort, const struct kl_tally_member *member);

/* Columns of the members that the rule takes in, out of `from` (NULL: of all). */
void kl_cohort_members(const struct kl_tally_roster *roster, const struct kl_cohort *cohort,
	const struct kl_set *from, struct kl_set *ret_set);

/* The cohorts of a call when nobody says which: everybody, councils, anchors; then the types of
 * councils, regions, deprivation quintiles, rural-urban classes and income bands of anchors that have
 * `minimum` members of different control groups or more, kind after kind in that order, within a kind
 * the largest first, then by name. Large ones come first since a cohort that is as good as the rest of a
 * larger one hides nobody in it: it then is the small one that is shown less finely, or not at all.
 * KL_E_NOMEM. */
int kl_cohorts_usual(const struct kl_tally_roster *roster, uint16_t minimum,
	struct kl_cohort ret_cohorts[KL_COHORTS_MAX], uint8_t *ret_count);

/* ---- events --------------------------------------------------------------------------------- */

enum kl_tally_event_kind {
	KL_TALLY_RECORD,
	KL_TALLY_FROZEN,   /* as RECORD; others hold another end, and are shown what signs itself */
	KL_TALLY_KEY,      /* a key file that is there: at start, and when KEY_WRITE was done */
	KL_TALLY_ANSWERS,  /* kept answers: at start, and when KEEP_ANSWERS was done */
	KL_TALLY_UNLINKED, /* KEY_UNLINK was done */
	KL_TALLY_DROPPED,  /* DROP was done */
	KL_TALLY_READY,    /* everything that was stored has been fed */
	KL_TALLY_HEARD,    /* this member was in touch just now (a link, or a record of any kind) */
	KL_TALLY_CONTRIBUTE, /* the owner agreed to contribute these answers */
	KL_TALLY_DECLINE,    /* the owner (or the lack of any answer) says no to this tally */
	KL_TALLY_WITHDRAW,   /* the owner takes back what it contributed, or agreed to */
	KL_TALLY_FAILED, /* an effect could not be done, and the rest of its update was left out */
	KL_TALLY_TICK,
};

struct kl_tally_event {
	enum kl_tally_event_kind kind;
	uint64_t now_ms;                   /* monotonic: how long something was held */
	uint64_t wall_ms;                  /* since 1970: windows */
	uint8_t entropy[KL_ENTROPY_BYTES]; /* fresh for each step */
	struct kl_id tally; /* KEY, ANSWERS, UNLINKED, DROPPED, CONTRIBUTE, DECLINE, WITHDRAW */
	union {
		struct {
			struct kl_id author;
			struct kl_id id;
			uint32_t kind;
			uint64_t time_ms;          /* claimed */
			struct kl_id payload_hash; /* header field 9 */
			struct kl_bytes payload;
			bool erased;
			/* CALL only: the roster at that place of the convenor's feed; borrowed */
			const struct kl_tally_roster *roster;
		} record;
		const uint8_t *key;  /* KEY: 32 bytes */
		struct kl_id member; /* HEARD */
		struct {
			const int16_t *bins; /* one for each metric: a bin or KL_ABSENT */
			size_t count;
		} answers; /* ANSWERS, CONTRIBUTE */
	} u;
};

/* ---- updates -------------------------------------------------------------------------------- */

enum kl_tally_effect_kind {
	KL_TALLY_APPEND,    /* sign and store this record in the own feed, then feed and relay it */
	KL_TALLY_KEY_WRITE, /* write home/tally/ID.key, sync file and folder, then feed KEY */
	KL_TALLY_KEY_UNLINK,   /* overwrite and unlink it, then feed UNLINKED */
	KL_TALLY_KEEP_ANSWERS, /* commit the private document, then feed ANSWERS */
	KL_TALLY_DROP, /* erase the payloads of those of these that are here, then feed DROPPED */
	/* feed RECORD and FROZEN again of all that is stored and speaks of this tally (zeros: of any), and
	 * of all SHAREs; then READY. It may take as long as it does: what happens meanwhile is fed, too */
	KL_TALLY_REPLAY,
	KL_TALLY_EVIDENCE, /* find these records, and append EVIDENCE with them whole */
	KL_TALLY_NOTE,     /* the state of a tally changed: for logs and watchers */
};

/* Where a record is to be found: it is stored by its id, or whole inside of an EVIDENCE. */
struct kl_tally_source {
	struct kl_id record;
	struct kl_id within; /* id of that EVIDENCE; zero: it is stored itself */
};

struct kl_tally_effect {
	enum kl_tally_effect_kind kind;
	struct kl_id tally;
	union {
		struct {
			uint32_t kind;
			struct kl_bytes payload;
		} append;
		uint8_t key[KL_SEED_BYTES];
		struct {
			const int16_t *bins;
			size_t count;
		} answers;
		struct {
			const struct kl_id *ids;
			size_t count;
		} drop;
		struct {
			uint8_t seat, count; /* count: 1 or 2 */
			struct kl_tally_source sources[KL_TALLY_EVIDENCE_MAX];
		} evidence;
		int state; /* NOTE: enum kl_tally_state */
	} u;
};

struct kl_tally_update {
	const struct kl_tally_effect *effects;
	size_t count;
	/* Feed TICK after that many milliseconds at the latest; UINT64_MAX: nothing waits. */
	uint64_t wake_ms;
};

struct kl_tallies_options {
	struct kl_id own;
	bool seat;                    /* willing to sit */
	size_t part_bytes;            /* 0: KL_TALLY_PART_BYTES; tests make it small */
	struct kl_id network;         /* what signatures in EVIDENCE are bound to */
	struct kl_verifier *verifier; /* of these; borrowed; NULL: kl_verify_ed25519() */
	uint64_t effort;              /* for plans in one step; 0: as much as takes about 10 ms */
};

struct kl_tallies;

/* KL_E_NOMEM. Secrets are wiped when the book goes. NULL is accepted by destroy. */
int kl_tallies_new(const struct kl_tallies_options *options, struct kl_tallies **ret_book);
void kl_tallies_destroy(struct kl_tallies *book);

/* The network has another convenor: it closes, and shows EVIDENCE in, what the former one called. To be
 * said between the record that names it and what follows. */
void kl_tallies_hand_over(struct kl_tallies *book, const struct kl_id *convenor);

/* Whether to take seats from now on; those that were taken are served. */
void kl_tallies_offer_seat(struct kl_tallies *book, bool seat);

/* Takes one event in. Records that break a rule are ignored: that is no error. CONTRIBUTE, DECLINE and
 * WITHDRAW answer KL_E_NOT_FOUND (no such tally, nothing to take back), KL_E_DENIED (gate, not a
 * contributor, taken back too often), KL_E_EXISTS (already done, counted for the period already),
 * KL_E_BUSY (under way), KL_E_RANGE (an answer is no bin, or there is none), KL_E_TIMEOUT (the window
 * has passed, or nobody could name a WITHDRAW any more); `fault` (may be NULL) says why in words;
 * nothing changes then, and the update is empty. CONTRIBUTE after a WITHDRAW deals the answers that
 * were kept at the first time once more, whatever it brings; if a crash comes between, the owner says
 * so again. KL_E_NOMEM: the book is not to be used any more; make a new one
 * from what is stored. */
int kl_tallies_step(struct kl_tallies *book, const struct kl_tally_event *event,
	struct kl_fault *fault, struct kl_tally_update *ret_update);

/* ---- asking --------------------------------------------------------------------------------- */

enum kl_tally_state {
	KL_TALLY_OPEN,         /* taking contributions */
	KL_TALLY_DECIDING,     /* at least one seat has closed its intake */
	KL_TALLY_CERTIFIED,    /* a proposal has its votes; sums are being opened */
	KL_TALLY_CLOSED,       /* nothing more will come: see the results */
	KL_TALLY_ENDED_FAILED, /* qv seats have quit */
	KL_TALLY_STUCK,        /* both windows passed long ago and neither came */
	KL_TALLY_INVALID,      /* the CALL breaks a rule: nobody takes part */
};

enum kl_tally_gate {
	KL_GATE_OPEN,
	KL_GATE_INVALID, /* see `why` of the view */
	KL_GATE_EARLIER, /* an earlier tally for the same question and period, or one near, goes on */
	KL_GATE_TRIES,   /* it says a wrong number of earlier failures: nobody takes part */
	KL_GATE_PREVIOUS, /* the result that the draw rests on is not known here yet */
};

/* Name of a state or gate, for logs and JSON: "open", "deciding", ..; "earlier", .. */
const char *kl_tally_state_name(enum kl_tally_state state);
const char *kl_tally_gate_name(enum kl_tally_gate gate);

struct kl_tally_seat_view {
	struct kl_id member;
	bool accepted, intake, opened, quit;
	bool voted;     /* in any attempt */
	bool voted_now; /* in the attempt at hand; */
	bool skipped_now;
	uint64_t last_ms; /* wall clock: last heard of; 0: never since the CALL */
	bool conflict;    /* two of its records contradict each other; */
	bool proven;      /* and an EVIDENCE shows that to everybody */
	bool liar;        /* it gave a sum that is not the sum: see kl_opening.liars */
};

enum {
	KL_DUTY_ACCEPT = 1,
	KL_DUTY_CONTRIBUTE = 2, /* agreed, but the shares are not out yet: keep running */
	KL_DUTY_INTAKE = 4,
	KL_DUTY_PROPOSE = 8,
	KL_DUTY_VOTE = 16,
	KL_DUTY_OPEN = 32,
};

struct kl_tally_view {
	struct kl_id id;
	struct kl_id convenor;
	const struct kl_tally_call *call;     /* lives as long as the book */
	const struct kl_tally_roster *roster; /* frozen */
	enum kl_tally_state state;
	enum kl_tally_gate gate;
	const char *why;               /* of the gate, a sentence; "" if it is open */
	struct kl_committee committee; /* n 0: none could be drawn */
	struct kl_tally_seat_view seats[KL_SEATS_MAX];
	uint8_t own_seat;    /* 0: none */
	unsigned duties;     /* KL_DUTY_* */
	bool may_contribute; /* a contributor on the frozen roster */
	/* this member: agreed or contributed, and did not take it back; or took back its last word */
	bool agreed, contributed, declined, withdrawn;
	uint8_t number; /* of its latest contribution, 1..3; 0: none */
	uint16_t contributors, decliners, withdrawers;
	uint64_t called_ms;           /* claimed time of the CALL */
	uint64_t contribute_until_ms; /* wall clock */
	uint64_t decide_until_ms;
	/* Too few seats were taken in time, as far as is known here: nothing can come of it, and it has failed
	 * once enough of them have quit. */
	bool doomed;
	bool certified;
	struct kl_id proposal; /* certified; zero before */
	struct kl_id result;   /* H("QB1/result", proposal); zero before */
};

/* How far something has come of which a number of seats is needed. */
struct kl_tally_need {
	uint8_t have, need;
	uint16_t can; /* bit j - 1: seat j has not said it and still can */
};

enum kl_tally_wait {
	KL_WAIT_NOTHING,       /* it has ended, or nobody takes part */
	KL_WAIT_GATE,          /* see the gate of the view */
	KL_WAIT_ACCEPTS,       /* of seats */
	KL_WAIT_CONTRIBUTIONS, /* of members, until the end of the first window */
	KL_WAIT_INTAKES,       /* of seats */
	KL_WAIT_PROPOSAL,      /* of the leader of the attempt */
	KL_WAIT_VOTES,         /* of seats; or SKIPs, which open the next attempt */
	KL_WAIT_OPENINGS,      /* of seats */
	KL_WAIT_QUITS,         /* of seats: the time to decide has passed */
};

/* What a tally waits for, and who can still give it. */
struct kl_tally_progress {
	enum kl_tally_wait wait;
	bool attempt_open; /* the attempt at hand: its number, and the seat that leads it */
	uint32_t attempt;
	uint8_t leader;
	bool proposed; /* the whole of a proposal of that attempt is here */
	/* Bit j - 1: the leader may still wait for what seat j lists, and for how long at most; 0: it may
	 * propose. */
	uint16_t lists_out;
	uint64_t lists_left_ms;
	struct kl_tally_need accept; /* need: qa, or the tally fails */
	struct kl_tally_need intake; /* need: qa */
	struct kl_tally_need vote;   /* for the proposal of the attempt that has most; need: qv */
	struct kl_tally_need skip;   /* of the attempt; need: qv */
	struct kl_tally_need open;   /* of what is certified; need: qa for a final result */
	struct kl_tally_need quit;   /* need: qv, then it has failed */
	/* This member neither proposes nor votes before what may have been opened in an earlier tally,
	 * which this one has to count, has arrived: a proposal that a QUIT names, or what that cites. */
	bool lacks_earlier;
	struct kl_id lacks_of; /* that tally */
};

/* KL_E_NOT_FOUND. */
int kl_tallies_progress(const struct kl_tallies *book, const struct kl_id *tally,
	struct kl_tally_progress *ret_progress);

/* "nothing", "gate", "accepts", "contributions", "intakes", "proposal", "votes", "openings", "quits" */
const char *kl_tally_wait_name(enum kl_tally_wait wait);

/* Keys that were given for tallies of which no CALL is known. */
size_t kl_tallies_stray_keys(const struct kl_tallies *book);

/* Number of tallies and the id of one, in the order in which they came. */
size_t kl_tallies_count(const struct kl_tallies *book);
const struct kl_id *kl_tallies_at(const struct kl_tallies *book, size_t index);

/* KL_E_NOT_FOUND. Views live until the next step. */
int kl_tallies_view(
	const struct kl_tallies *book, const struct kl_id *tally, struct kl_tally_view *ret_view);

/* Whether WITHDRAW would be taken now; answers and words as kl_tallies_step. */
int kl_tallies_may_withdraw(
	const struct kl_tallies *book, const struct kl_id *tally, struct kl_fault *fault);

/* What one member of the frozen roster did. KL_E_NOT_FOUND. */
struct kl_tally_member_view {
	bool contributed, declined;
	bool withdrawn; /* took its latest contribution back; it may be counted all the same, if no
			 * seat named that in time */
	uint8_t number; /* of its latest contribution; 0: none */
	bool counted;   /* its contribution stands in the certified sets */
	bool refused;   /* it does not: its shares did not pass the tests */
	const uint8_t *presence; /* bitmap of the metrics answered; NULL without contribution */
	uint64_t last_ms;        /* wall clock: last heard of; 0: never since the CALL */
};
int kl_tallies_member(const struct kl_tallies *book, const struct kl_id *tally, uint16_t column,
	struct kl_tally_member_view *ret_member);

/* Whether the answer of one member to a metric stands in the certified sets: it is counted, answered
 * the metric, and was not counted for it in an earlier tally of the period. */
bool kl_tallies_counts(
	const struct kl_tallies *book, const struct kl_id *tally, uint16_t column, uint16_t metric);

/* The bins that this member agreed to contribute (one for each metric), or KL_E_NOT_FOUND. The
 * memory lives until the next step. */
int kl_tallies_own_answers(
	const struct kl_tallies *book, const struct kl_id *tally, const int16_t **ret_bins);

/* Replaces in `bins` (one for each metric of a tally) whatever this member agreed to in an earlier
 * tally for the same question and period, or in this one before it took that back: that leaves again,
 * or stays again, whatever its figures have become since, for two sums with two answers of one member
 * would show their difference. What was counted and released for the period is absent. CONTRIBUTE does
 * the same, so this shows beforehand what will leave. `ret_from`: for each metric the tally in which it
 * was agreed, or zero. KL_E_NOT_FOUND. */
int kl_tallies_locked(const struct kl_tallies *book, const struct kl_id *tally, int16_t *bins,
	struct kl_id *ret_from);

/* A member whose seat in an earlier tally was proven false. */
struct kl_tally_barred {
	struct kl_id member;
	struct kl_id tally; /* in which it sat */
	uint8_t seat;
	struct kl_id evidence;
};

/* Members that a call keeps off its committee; and those of which this member knows the same and which
 * the call does not keep off, though it could. They give the number of all, and the first `max`. */
size_t kl_tallies_barred(const struct kl_tallies *book, const struct kl_id *tally,
	struct kl_tally_barred *ret_members, size_t max);
size_t kl_tallies_passed_over(const struct kl_tallies *book, const struct kl_id *tally,
	struct kl_tally_barred *ret_members, size_t max);

struct kl_tally_result {
	enum kl_plan_why why;      /* KL_PLAN_RELEASED, or why it is withheld */
	uint16_t answered;         /* members of the cohort whose answer was contributed for it */
	uint16_t n;                /* of these, how many are in the sum */
	uint16_t counted;          /* of these, how many count towards the minimum */
	uint16_t needed;           /* the minimum of the coarsest level */
	uint8_t level;             /* if released */
	struct kl_opening opening; /* if released: state, histogram and seats */
};

/* One metric of one cohort, after the certificate. KL_E_NOT_FOUND before, or for unknown numbers;
 * KL_E_BUSY while something that was certified is not here yet, or what of it may be shown is still being
 * worked out: kl_tallies_planning() tells which. */
int kl_tallies_result(const struct kl_tallies *book, const struct kl_id *tally, uint16_t metric,
	uint8_t cohort, struct kl_tally_result *ret_result);

/* Whether what may be released is still being worked out, as after each start: it takes moments. */
bool kl_tallies_planning(const struct kl_tallies *book);

/* ---- calling -------------------------------------------------------------------------------- */

struct kl_tally_forecast {
	uint16_t could;   /* members of the cohort that could contribute */
	uint16_t counted; /* of these, how many would count towards the minimum */
	uint16_t needed;  /* the minimum of the coarsest level */
	uint16_t missing; /* if withheld: so many more, at least, would have to be there */
	enum kl_plan_why why;
	uint8_t level; /* finest level, if released */
};

/* Whether something of that metric of a call was released for its period already. A call for it then is
 * a late batch: it counts only members that were not counted then, audited together with what was
 * released. */
bool kl_tallies_counted(
	const struct kl_tallies *book, const struct kl_tally_call *call, unsigned metric);

/* Whether this member was counted for a metric in an earlier tally of the period: it is not asked again. */
bool kl_tallies_own_counted(
	const struct kl_tallies *book, const struct kl_id *tally, uint16_t metric);

/* Which cohorts one metric of a call can release if exactly the members in `assumed` (NULL:
 * everybody who may) contribute: one row for each cohort of the call. Earlier tallies of the period
 * are taken into account as the book knows them. KL_E_NOT_FOUND for an unknown metric, KL_E_TOO_BIG
 * if more came before than can be taken into account, KL_E_BUSY if something that may have been
 * opened in a tally that failed has not come yet, KL_E_NOMEM. */
int kl_tallies_forecast(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, uint16_t metric, const struct kl_set *assumed,
	struct kl_tally_forecast *ret_rows);

/* The same a little at a time, so that nobody waits for all of it. `go_on` uses so much effort up (10,000
 * take some 0.2 ms), and works on one cohort more at most: KL_E_BUSY while there is more to do,
 * KL_E_NOT_FOUND if what came before is not here any more. `end` frees it; rows NULL: what came out is
 * not wanted. Call and roster are borrowed until then. */
struct kl_tally_plan;
int kl_tallies_forecast_begin(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, uint16_t metric, const struct kl_set *assumed,
	struct kl_tally_plan **ret_plan);
int kl_tallies_forecast_go_on(
	const struct kl_tallies *book, struct kl_tally_plan *plan, uint64_t effort);
void kl_tallies_forecast_end(struct kl_tally_plan *plan, const struct kl_tally_call *call,
	uint16_t metric, struct kl_tally_forecast *ret_rows);

/* Whether there is a cohort in which enough members could count towards a metric of the call, whatever
 * else is released: a quick question. Errors as above. */
int kl_tallies_hope(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, uint16_t metric, bool *ret_hope);

/* For each metric of a call whether an answer of the member in column `own` could be shown in a cohort in
 * which fewer than the minimum keep theirs to themselves: `known` holds for each metric the columns
 * whose answers are public by name, of which the call may name fewer. What a call cannot be held to by
 * all (not everybody knows the same), each member holds it to before it answers. KL_E_NOMEM. */
int kl_tally_exposes(const struct kl_tally_call *call, const struct kl_tally_roster *roster,
	const struct kl_set *known, unsigned own, bool *ret_exposes);

/* Completes a CALL that names period, metrics, windows, cohorts, minimum and `named`: fills hashes,
 * roster, offers, the earlier call and result, tries and earlier proposals from book and roster.
 * Refuses in words what every member would refuse: fewer than five that offer a seat, a minimum
 * below the charter's, fewer than the minimum who could contribute (of a late batch: who were not
 * counted before), an earlier tally for the same question and period (or one near, if answers hardly
 * change) that has not ended. The payload is then kl_tally_call_write's. KL_E_DENIED, KL_E_BUSY,
 * KL_E_INVALID, KL_E_NOMEM. */
int kl_tallies_prepare(const struct kl_tallies *book, const struct kl_tally_roster *roster,
	struct kl_tally_call *call, struct kl_fault *fault);

/* The first tally that has to end before such a call can be made; NULL: none. Lives until the next step. */
const struct kl_id *kl_tallies_in_the_way(
	const struct kl_tallies *book, const struct kl_tally_call *call);

/* Who would sit if that call, completed as above, were made now: fills seats 1..n. KL_E_DENIED as above,
 * KL_E_NOMEM. */
int kl_tallies_draw(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, struct kl_committee *ret_committee,
	struct kl_id *ret_seats, struct kl_fault *fault);

#endif
