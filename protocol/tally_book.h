/* Inside of the tally machine: for the tally*.c files alone. See tally.h for what it does.
 *
 * parts      the parts of the long records of one seat, as they come
 * chained    a part of which all parts before it are here; whole: and none follows it
 * attempt    one try to get a proposal certified; it is open here once qv seats have skipped each
 *            earlier one (attempt 0: once qa INTAKEs are here)
 * share      a SHARE that was seen in some feed; it belongs to a tally once a CONTRIB names it
 * opened     a share of this seat, opened; it counts once a CONTRIB names its blob
 * asked      a duty whose effect is out and has not come back: it is not asked for twice
 * shown      a record that somebody's EVIDENCE holds
 * outcome    what follows from cited INTAKEs: who is in, and what is released; everybody computes
 *            it */
#ifndef KL_PROTOCOL_TALLY_BOOK_H
#define KL_PROTOCOL_TALLY_BOOK_H

#include "core/certificate.h"
#include "protocol/tally.h"

enum {
	KL_TALLY_WHY_MAX = 200,
	KL_TALLY_OPENED_MAX = 4,  /* shares of one author that one seat keeps until CONTRIB */
	KL_TALLY_VOTES_MAX = 4,   /* of one seat in one attempt; an honest one gives one */
	KL_TALLY_SAID_MAX = 4,    /* QUITs of one seat; an honest one gives one */
	KL_TALLY_WANTED_MAX = 16, /* votes that the OPENs of one seat cite and nobody knew */
	KL_TALLY_FROZEN_MAX =
		2 * KL_TALLY_PARTS_MAX, /* records of one seat that are shown from behind a fork */
	KL_PARTS_BYTES_MAX = 4 << 20, /* of one kind that one seat says: two of the longest OPENs */
	KL_TALLY_SELECTED_MAX = 16,   /* selections that are remembered */
	KL_TALLY_EFFORT = 500000,     /* for plans in one step: about 10 ms */
	KL_TALLY_RETRY_MS = 1000,
	KL_TALLY_CLEAN_MS =
		10000, /* until it is asked again to remove what is not wanted any more */
};

/* Duties beside those of the view; all are bits of kl_tally.asked. */
enum {
	KL_ASK_KEY = 64,
	KL_ASK_QUIT = 128,
	KL_ASK_ANSWERS = 256,
	KL_ASK_DECLINE = 512,
	KL_ASK_CLOSE = 1024,
	KL_ASK_SKIP = 2048,
	KL_ASK_WITHDRAW = 4096,
};

struct kl_share_opened {
	struct kl_id blob;
	uint8_t number; /* of the contribution that it says it belongs to */
	enum kl_intake_status status;
	uint64_t *vector; /* secret; NULL unless the status is ok */
};

/* One contribution of a member. */
struct kl_contribution {
	bool here;
	struct kl_id id; /* of the CONTRIB */
	uint8_t presence[KL_PRESENCE_MAX];
	/* as this seat holds it */
	enum kl_intake_status status;
	struct kl_reply reply; /* to the tests, if the status is ok */
	uint64_t *vector;      /* secret; NULL if there is none */
};

/* What is known of one member of the frozen roster. Of several records with one number the first
 * counts. */
struct kl_tally_column {
	uint64_t last_ms; /* wall clock: last heard of */
	bool heard, declined;
	struct kl_contribution contributions[KL_SHARE_NUMBER_MAX]; /* number k at k - 1 */
	struct kl_id withdrawals[KL_SHARE_NUMBER_MAX]; /* ids of WITHDRAWs, likewise; zero: none */
	struct kl_share_opened opened[KL_TALLY_OPENED_MAX];
	uint8_t opened_next;
};

struct kl_part_said {
	struct kl_id id, payload_hash;
	struct kl_tally_part part;
	uint32_t attempt;      /* PROPOSE, OPEN */
	struct kl_id proposal; /* OPEN */
	unsigned first, end;   /* members of its entries, or rows of its sums; PROPOSE: 0 */
	void *items;           /* entries, rows or sums; owned */
	size_t count;
	struct kl_tally_propose *head; /* PROPOSE, number 1: what it cites, without rows; owned */
	bool chained;
	bool fresh; /* chained, and nobody has looked at it yet */
};

struct kl_parts {
	bool sums; /* of OPENs: no row is left out */
	struct kl_part_said *of;
	size_t count, capacity, bytes;
};

/* A chained part and all before it, the first one first. */
struct kl_path {
	const struct kl_part_said *of[KL_TALLY_PARTS_MAX];
	unsigned count;
};

/* A whole INTAKE. */
struct kl_intake_said {
	struct kl_id id; /* of its last part */
	struct kl_intake_entry *entries;
	size_t entry_count;
	uint64_t since_ms; /* monotonic: since when the whole of it is here */
};

struct kl_vote_said {
	uint32_t attempt;
	struct kl_id proposal;
	struct kl_id id; /* of the VOTE */
};

struct kl_quit_said {
	struct kl_id id;
	struct kl_quit_vote votes[KL_SEATS_MAX];
	uint8_t vote_count;
};

/* Two records of a seat that contradict each other, and who has shown them to all. */
struct kl_seat_proof {
	bool conflicts;
	struct kl_id records[2];
	uint64_t since_ms; /* monotonic: since when that is known here */
	bool said;         /* this member has published an EVIDENCE of two */
	bool proven;       /* an EVIDENCE of two is here */
	struct kl_id evidence;
	bool convenor_has; /* one stands in the convenor's feed: what a CALL can list */
	struct kl_id convenors;
	uint8_t listed; /* valid CALLs that listed it */
};

/* What a seat has said. Whoever lies may say several things in the place of one: all are kept, since
 * others may have heard another one first. */
struct kl_tally_seat {
	struct kl_id member;
	int column; /* on the frozen roster; -1 if the member is not on it any more */
	bool accepted;
	struct kl_id key;
	struct kl_id accept, other_accept; /* ids; the other one has another key: zero, if honest */
	struct kl_parts intake_parts, propose_parts, open_parts;
	struct kl_intake_said *intakes; /* the first whole one, and those that proposals cite */
	size_t intake_count, intake_capacity;
	struct kl_vote_said *votes;
	uint8_t vote_count;
	uint16_t skipped;                          /* bit a: attempt a */
	struct kl_id skips[KL_TALLY_ATTEMPTS_MAX]; /* ids of these SKIPs */
	bool quit;
	struct kl_quit_said *quits;
	uint8_t quit_count;
	bool opened;                              /* an OPEN of it is whole */
	bool left_out;                            /* one of its votes was: there were too many */
	uint8_t cited_votes;                      /* of `votes`, those beyond KL_TALLY_VOTES_MAX */
	struct kl_id wanted[KL_TALLY_WANTED_MAX]; /* ids of VOTEs, of any seat, that it cites */
	uint8_t wanted_count;
	struct kl_seat_proof proof;
};

/* The INTAKEs that a proposal cites; NULL for a seat without. */
struct kl_cited {
	const struct kl_intake_said *of[KL_SEATS_MAX];
};

/* Who is in, if exactly these INTAKEs are cited. */
struct kl_selected {
	struct kl_id tally;
	struct kl_id intakes[KL_SEATS_MAX]; /* of cited seats, ids of the whole; zero for others */
	struct kl_set base;                 /* authors that at least t cited seats acknowledge */
	struct kl_set accepted;             /* authors for whom all of the chosen seats stand */
	struct kl_set refused;              /* in `base`, but their shares did not pass the tests */
	uint8_t numbers[KL_TALLY_MEMBERS_MAX]; /* of the contribution that is looked at; 0: none */
	uint16_t stand[KL_TALLY_MEMBERS_MAX];  /* bit j - 1: cited seat j stands for it */
};

struct kl_outcome_cell {
	enum kl_plan_why why;
	uint8_t level;
	uint16_t n, counted;
	uint16_t smallest; /* as in kl_plan_row */
};

struct kl_outcome {
	struct kl_selected who;
	struct kl_set *late;           /* for each metric: members that were counted before */
	struct kl_outcome_cell *cells; /* metric * cohorts + cohort */
	struct kl_proposal_row *rows;
	size_t row_count;
};

enum kl_verdict { KL_VERDICT_WAIT, KL_VERDICT_GOOD, KL_VERDICT_BAD };

/* A whole proposal. */
struct kl_tally_proposal {
	struct kl_id id; /* of its last part */
	uint32_t attempt;
	size_t begun; /* which of the leader's parts its first one was */
	struct kl_proposal_cited cited[KL_SEATS_MAX];
	uint8_t cited_count;
	struct kl_id earlier[KL_TALLY_EARLIER_MAX];
	uint8_t earlier_count;
	struct kl_proposal_row *rows;
	size_t row_count;
	enum kl_verdict verdict; /* GOOD: the outcome is there and the rows are exactly its rows */
	struct kl_outcome outcome;
};

/* A record that an EVIDENCE holds. */
struct kl_shown {
	struct kl_id record, within;
	bool loose; /* that EVIDENCE stands behind a fork itself: not everybody will see it */
};

/* A record of a seat from behind the place where its feed forks. */
struct kl_frozen {
	struct kl_id record;
	uint8_t seat;
	uint64_t since_ms; /* monotonic */
};

/* A record of a seat, wherever it came from. */
struct kl_seat_record {
	struct kl_id author, id, payload_hash;
	uint32_t kind;
	struct kl_bytes payload;
	bool own; /* this member wrote it, and it has come back */
};

struct kl_tally {
	struct kl_id id, convenor;
	uint64_t called_ms;
	struct kl_tally_call call;
	struct kl_tally_roster roster;
	struct kl_set *cohorts; /* of the call: who of the roster stands in them; owned */
	struct kl_cells cells;
	struct kl_committee committee;
	enum kl_tally_gate gate;
	char why[KL_TALLY_WHY_MAX];
	int own_column;
	uint8_t own_seat; /* 0: none */

	struct kl_tally_column *columns;
	struct kl_tally_seat seats[KL_SEATS_MAX];
	struct kl_tally_proposal **proposals;
	size_t proposal_count, proposal_capacity;
	uint32_t attempt;           /* that is open here */
	uint64_t attempt_since_ms;  /* monotonic: since when; 0: not even the first is open */
	struct kl_tally_plan *plan; /* the latest, maybe still in the making */
	bool has_certified;
	uint32_t certified_attempt;
	struct kl_id certified;
	bool failed;
	bool closed;
	bool close_seen;
	bool closed_failed;            /* the convenor closed it as failed, */
	size_t closed_failed_at;       /* when so many tallies had been called */
	struct kl_opening *openings;   /* one for each row of the certified proposal */
	size_t stale_first, stale_end; /* rows of it to look at again */

	struct kl_shown *shown;
	size_t shown_count, shown_capacity;
	struct kl_frozen *frozen;
	size_t frozen_count, frozen_capacity;
	struct kl_tally_barred *barred; /* one for each EVIDENCE that the CALL lists */
	uint64_t evidence_next_ms;      /* monotonic: not to be asked for before */

	bool has_key;
	struct kl_box_keys keys;
	bool unlinked;           /* the key is not to be used any more */
	bool key_stays;          /* its file may still be there */
	uint64_t unlink_next_ms; /* monotonic: not to be asked for before */
	uint64_t drop_next_ms;
	int16_t *answers; /* agreed and kept; NULL: none */
	bool again;       /* the owner took a contribution back and wants to give another one */
	unsigned asked;
	int noted; /* the state that was told last; -1: none */
};

struct kl_share_seen {
	struct kl_id author, blob, record;
	int tally;   /* index in the book; -1: no CONTRIB named it yet */
	int dropper; /* index of the tally whose DROP was asked for and has it in it; -1: none */
};

/* Secrets that came before their CALL. */
struct kl_tally_early {
	struct kl_id tally;
	bool has_key;
	uint8_t key[KL_SEED_BYTES];
	int16_t *answers;
	size_t answer_count;
};

struct kl_block {
	void *data;
	size_t len;
};

struct kl_tallies {
	struct kl_tallies_options options;
	struct kl_verifier verifier; /* unless the options name one */
	struct kl_tally **tallies;
	size_t count, capacity;
	struct kl_share_seen *shares;
	size_t share_count, share_capacity;
	struct kl_tally_early *early;
	size_t early_count, early_capacity;
	struct kl_id unknown[KL_TALLY_UNKNOWN_MAX];
	size_t unknown_count;
	struct kl_selected *selected; /* the latest KL_TALLY_SELECTED_MAX, in turn */
	size_t selected_count, selected_next;
	bool unknown_more;        /* than could be kept: any CALL may be one of them */
	bool replay;              /* a CALL came after records that speak of it */
	struct kl_id replay_of;   /* that one; zeros: several */
	struct kl_id last_result; /* of the last CLOSE with a result in the convenor's feed */
	bool replaying;           /* REPLAY is out: READY follows */
	bool ready;
	bool backoff;     /* an effect failed: wait for a TICK */
	bool planning;    /* a plan is in the making, and goes on with the next step */
	uint64_t wall_ms; /* of the last event */
	uint64_t now_ms;  /* likewise; monotonic */
	/* the step at hand */
	size_t touched; /* index of the tally that the record speaks of; SIZE_MAX: none */
	const struct kl_tally_event *event;
	struct kl_tally_effect *effects;
	size_t effect_count, effect_capacity;
	struct kl_block *blocks;
	size_t block_count, block_capacity;
	uint64_t wake_ms;
	uint32_t draws;       /* uses of the entropy in this step */
	uint64_t effort_left; /* for plans in this step */
	int rc;               /* KL_E_NOMEM sticks */
};

/* ---- tally.c -------------------------------------------------------------------------------- */

/* Grows an array of the book by one; NULL sticks KL_E_NOMEM. The new item is zeroed. */
void *kl_grow(struct kl_tallies *book, void **items, size_t *count, size_t *capacity, size_t size);

/* Zeroed memory that lives until the next step and is wiped then; NULL sticks KL_E_NOMEM. */
void *kl_tally_memory(struct kl_tallies *book, size_t len);

/* Adds an effect to the update; NULL sticks KL_E_NOMEM. */
struct kl_tally_effect *kl_tally_effect(
	struct kl_tallies *book, const struct kl_tally *t, enum kl_tally_effect_kind kind);

/* APPEND of what the writer holds, and deinitialises it; `ask` is remembered as asked. */
void kl_tally_append(struct kl_tallies *book, struct kl_tally *t, uint32_t kind, unsigned ask,
	struct kl_writer *w);

/* 32 fresh secret bytes for one use. */
void kl_tally_secret(struct kl_tallies *book, const char *label, uint8_t ret_bytes[KL_SEED_BYTES]);

/* Asks for all that speaks of the tally to be fed once more. */
void kl_tally_want_replay(struct kl_tallies *book, const struct kl_id *tally);

/* Asks to be woken in so many milliseconds at the latest. */
void kl_tally_wake(struct kl_tallies *book, uint64_t in_ms);

struct kl_tally *kl_tallies_find(const struct kl_tallies *book, const struct kl_id *id);

/* ---- tally_clean.c, tally_free.c ------------------------------------------------------------ */

/* Whether something that is asked for until it was done is to be asked for now. */
bool kl_tally_time_to_clean(struct kl_tallies *book, uint64_t *next_ms);

/* Asks to erase the shares of a tally that has ended (its index in the book); they are gone. */
void kl_tally_drop_shares(struct kl_tallies *book, struct kl_tally *t, int index);
void kl_tally_dropped(struct kl_tallies *book, const struct kl_id *tally);

/* Forgets the key at once, and asks to remove its file; it is removed. */
void kl_tally_unlink_key(struct kl_tallies *book, struct kl_tally *t);
void kl_tally_unlinked(struct kl_tallies *book, const struct kl_id *tally);

void kl_tally_vectors_wipe(struct kl_tally *t);
void kl_tally_free(struct kl_tally *t);

/* ---- tally_gate.c --------------------------------------------------------------------------- */

/* Makes the tally of a CALL; the CALL is taken over. Breaches make it invalid, with the reason. */
int kl_tally_create(struct kl_tallies *book, const struct kl_tally_event *event,
	struct kl_tally_call *call, struct kl_tally **ret_tally);

/* Looks again whether the tally may go on. */
void kl_tally_gate(struct kl_tallies *book, struct kl_tally *t);

/* True if the gate keeps everybody out of it, for good. */
bool kl_tally_nobody_takes_part(const struct kl_tally *t);

/* True if both count one metric in one period. */
bool kl_calls_overlap(const struct kl_tally_call *a, const struct kl_tally_call *b);

/* Index of the metric of that code in a call, or -1. */
int kl_call_metric(const struct kl_tally_call *call, const char *code);

uint64_t kl_tally_accept_until(const struct kl_tally *t);
uint64_t kl_tally_contribute_until(const struct kl_tally *t);
uint64_t kl_tally_decide_until(const struct kl_tally *t);

/* ---- tally_record.c ------------------------------------------------------------------------- */

void kl_tally_record(struct kl_tallies *book);

/* The tally a payload speaks of; NULL if it is not here or invalid. One whose CALL is not here yet is
 * remembered, so that its records can be asked for again. */
struct kl_tally *kl_tally_of(struct kl_tallies *book, struct kl_bytes payload);

/* A member was in touch at that time (wall clock). */
void kl_tally_heard(struct kl_tally *t, const struct kl_id *member, uint64_t at_ms);

/* A record that this member was asked for has come back, if it is its own. */
void kl_tally_returned(struct kl_tallies *book, struct kl_tally *t, unsigned ask);

/* ---- tally_parts.c -------------------------------------------------------------------------- */

/* Adds a part; its items (of `size` bytes) are copied, its head is taken over. NULL if it is here already,
 * or if there would be more than KL_PARTS_BYTES_MAX. */
const struct kl_part_said *kl_parts_add(struct kl_tallies *book, struct kl_parts *parts,
	const struct kl_part_said *part, size_t size);
void kl_parts_free(struct kl_parts *parts);

bool kl_parts_has(const struct kl_parts *parts, const struct kl_id *id);

/* The last part of the whole with that id, or NULL. */
const struct kl_part_said *kl_parts_whole(const struct kl_parts *parts, const struct kl_id *id);
/* The chained part of highest number of an attempt (and proposal; NULL: of any), or NULL. */
const struct kl_part_said *kl_parts_furthest(
	const struct kl_parts *parts, uint32_t attempt, const struct kl_id *proposal);

/* The way to a chained part; how many items lie on it; all of them in one row (NULL: no memory). */
void kl_parts_path(
	const struct kl_parts *parts, const struct kl_part_said *last, struct kl_path *ret_path);
size_t kl_path_items(const struct kl_path *path);
void *kl_path_join(struct kl_tallies *book, const struct kl_path *path, size_t size);

/* ---- tally_whole.c -------------------------------------------------------------------------- */

/* Puts together the whole INTAKEs and proposals of a seat as far as they are needed: the first INTAKE and
 * those that are cited; KL_TALLY_PROPOSALS_MAX proposals of an attempt, and what is certified or named in
 * a QUIT. */
void kl_whole_intake(struct kl_tallies *book, struct kl_tally_seat *seat);
void kl_whole_cited(struct kl_tallies *book, struct kl_tally *t,
	const struct kl_proposal_cited *cited, unsigned count);
void kl_whole_proposals(struct kl_tallies *book, struct kl_tally *t, unsigned seat);
void kl_whole_wanted(struct kl_tallies *book, struct kl_tally *t);

/* ---- tally_take_seat.c ---------------------------------------------------------------------- */

void kl_tally_take_seat(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_seat_record *record);

/* ---- tally_evidence.c ----------------------------------------------------------------------- */

void kl_tally_take_evidence(struct kl_tallies *book, struct kl_tally *t, struct kl_bytes payload);

/* Notes that a record stands behind the fork of its author's feed. */
void kl_tally_note_frozen(struct kl_tallies *book, struct kl_tally *t, const struct kl_id *record);

/* Publishes what shows that a seat lies, and what only this member may hold of a forked feed: the
 * convenor first, then seat after seat, then everybody else, each only what nobody has shown. */
void kl_tally_publish(struct kl_tallies *book, struct kl_tally *t);

/* Looks whether a seat contradicts itself; in long records, as their parts come: whether a new one stands
 * in the place of another. */
void kl_tally_find_conflict(struct kl_tallies *book, struct kl_tally_seat *seat);
void kl_tally_compare_part(struct kl_tallies *book, struct kl_tally_seat *seat,
	const struct kl_parts *parts, const struct kl_part_said *added);

/* The seat that an EVIDENCE in the convenor's feed proved false; NULL if it is none. */
struct kl_tally_seat *kl_tallies_proved_by(const struct kl_tallies *book,
	const struct kl_id *evidence, const struct kl_tally **ret_tally);

/* ---- tally_bar.c ---------------------------------------------------------------------------- */

/* Whether a CALL lists the evidence that it has to. KL_E_DENIED. */
int kl_tally_check_evidence(
	const struct kl_tallies *book, const struct kl_tally_call *call, struct kl_fault *fault);
/* Fills in what a CALL has to list. KL_E_BUSY while some of it does not stand in the convenor's feed
 * yet. */
int kl_tally_list_evidence(
	const struct kl_tallies *book, struct kl_tally_call *call, struct kl_fault *fault);
/* Takes in that a valid CALL listed it. KL_E_NOMEM. */
int kl_tally_bar(struct kl_tallies *book, struct kl_tally *t);
bool kl_tally_is_barred(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_id *member);

/* ---- tally_take_share.c --------------------------------------------------------------------- */

void kl_tally_take_share(struct kl_tallies *book);
void kl_tally_take_contrib(struct kl_tallies *book, struct kl_bytes payload);
void kl_tally_take_decline(struct kl_tallies *book, struct kl_bytes payload);

/* ---- tally_withdraw.c ----------------------------------------------------------------------- */

void kl_tally_take_withdraw(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_seat_record *record);

/* Highest number of a contribution that is here; of a WITHDRAW; 0: none. */
unsigned kl_column_last(const struct kl_tally_column *column);
unsigned kl_column_withdrawn(const struct kl_tally_column *column);
/* True if there is a contribution that was not taken back. */
bool kl_column_contributes(const struct kl_tally_column *column);

/* The owner takes back what it contributed or agreed to. */
int kl_tally_take_back(struct kl_tallies *book, struct kl_tally *t, struct kl_fault *fault);

/* ---- tally_select.c ------------------------------------------------------------------------- */

/* Fills the next entries of this seat's INTAKE, from column `from` on; true if more remain than `most`. */
bool kl_tally_next_entries(
	const struct kl_tally *t, unsigned from, size_t most, struct kl_tally_intake *intake);

/* True if every WITHDRAW that an INTAKE names is here: without it nobody knows what counts. */
bool kl_tally_resolved(const struct kl_tally *t, const struct kl_intake_said *said);

/* From cited INTAKEs to who is in. KL_E_INVALID if fewer than qa are cited; KL_E_BUSY while a CONTRIB
 * that counts or a WITHDRAW that is named is not here; KL_E_NOMEM. */
int kl_tally_select(struct kl_tallies *book, const struct kl_tally *t, const struct kl_cited *cited,
	struct kl_selected *ret_who);

/* True if a seat holds the contribution of a member that is in, as far as can be told: it stands for it,
 * or was not cited, so that nobody tested what it holds. */
uint16_t kl_selected_seats(const struct kl_selected *who); /* that were cited */
bool kl_selected_holds(const struct kl_selected *who, unsigned seat, size_t member);

/* The first tally before `before` of which something may have been opened that cannot be told here: what
 * it proposed has not come. A call near it is neither proposed nor voted for. NULL: none. */
const struct kl_tally *kl_tally_awaited(const struct kl_tallies *book,
	const struct kl_tally_call *call, const struct kl_tally *before);

/* ---- tally_late.c --------------------------------------------------------------------------- */

/* What is taken into account of earlier tallies: these proposals; ids NULL: what is certified here. */
struct kl_late_of {
	const struct kl_id *ids;
	size_t count;
};

/* Members (columns of `roster`) that a tally before `before` (NULL: any) counted for this metric and
 * the period of the call, and released something of it: they are not counted again. What was certified
 * counts, unless the convenor had closed that tally as failed when it called `before`: that stands in
 * its feed before the CALL, so that no later news changes it. KL_E_BUSY while it is not known here
 * which one of those named is certified. */
int kl_tally_late(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally *before, struct kl_late_of of, const struct kl_tally_roster *roster,
	unsigned metric, struct kl_set *ret_set);

/* ---- tally_set.c ---------------------------------------------------------------------------- */

/* Members out of `from` whose contribution answers a metric and that were not counted before. */
void kl_tally_answered(const struct kl_tally *t, const struct kl_outcome *outcome, unsigned metric,
	const struct kl_set *from, struct kl_set *ret_set);

/* Of the accepted members of an outcome, those of a cohort that are counted for a metric. */
void kl_tally_cohort_set(const struct kl_tally *t, const struct kl_outcome *outcome,
	unsigned metric, unsigned cohort, struct kl_set *ret_set);

/* The INTAKEs that are cited, of seats of the committee; false while one of them is not here. */
bool kl_tally_cited(const struct kl_tally *t, const struct kl_proposal_cited *cited, unsigned count,
	struct kl_cited *ret_cited);

/* The outcome for cited INTAKEs and earlier proposals: KL_E_BUSY while something is not here yet,
 * KL_E_NOMEM. */
int kl_tally_outcome(struct kl_tallies *book, struct kl_tally *t, const struct kl_cited *cited,
	const struct kl_id *earlier, size_t earlier_count, struct kl_outcome *ret_outcome);
void kl_outcome_deinit(struct kl_outcome *outcome);

/* Computes outcome and verdict of a whole proposal, as far as that can be done now. */
void kl_tally_judge(struct kl_tallies *book, struct kl_tally *t, struct kl_tally_proposal *p);

struct kl_tally_proposal *kl_tally_certified_proposal(const struct kl_tally *t);

/* A whole proposal of any tally in the book, by id. */
struct kl_tally_proposal *kl_tallies_proposal(
	const struct kl_tallies *book, const struct kl_id *id, struct kl_tally **ret_tally);

/* ---- tally_plan.c --------------------------------------------------------------------------- */

/* What a plan is made from. */
struct kl_plan_input {
	struct kl_id tally; /* zeros: not called yet */
	const struct kl_tally_call *call;
	const struct kl_tally_roster *roster;
	unsigned first, end; /* metrics to plan: from the first up to, but not with, the end */
	const struct kl_set
		*sets; /* for each metric two: who answered it of `base`, of `accepted` */
	const struct kl_id *earlier; /* whole proposals that count as released */
	size_t earlier_count;
};

/* Key of all audits of a tally: H("QB1/plan", tally). Zeros stand for one that is not called yet. */
void kl_tally_plan_key(const struct kl_id *tally, struct kl_id *ret_key);

/* Numbers the control groups of a roster; KL_CONTROL_NONE for members that are not verified. */
void kl_tally_controls(
	const struct kl_tally_roster *roster, uint16_t ret_controls[KL_SET_MEMBERS_MAX]);

/* Begins a plan; call and roster must outlive it. KL_E_BUSY if an earlier proposal is not here,
 * KL_E_TOO_BIG if its rosters have too many members, KL_E_NOMEM. NULL may be freed. */
int kl_tally_plan_new(const struct kl_tallies *book, const struct kl_plan_input *input,
	struct kl_tally_plan **ret_plan);
void kl_tally_plan_free(struct kl_tally_plan *plan);
bool kl_tally_plan_is_of(const struct kl_tally_plan *plan, const struct kl_plan_input *input);

/* Goes on until all is planned, or `effort_left` is used up (KL_E_BUSY). One cohort among r rows and m
 * members takes (r + 1)^2 * (m + 1). Equal metrics are planned once. KL_E_NOMEM. */
int kl_tally_plan_go_on(
	const struct kl_tallies *book, struct kl_tally_plan *plan, uint64_t *effort_left);

/* What came of it: metric * cohorts + cohort. */
const struct kl_outcome_cell *kl_tally_plan_cells(const struct kl_tally_plan *plan);

/* The cells of a plan of the tally, as soon as it is made: as much of it as this step has effort left
 * for. KL_E_BUSY before (then the machine is woken again), and as kl_tally_plan_new. */
int kl_tally_planned(struct kl_tallies *book, struct kl_tally *t, const struct kl_plan_input *input,
	struct kl_outcome_cell *ret_cells);

/* ---- tally_earlier.c ------------------------------------------------------------------------ */

/* True if answers of two periods to the question of that code are one answer or about the same. */
bool kl_tally_near(const char *code, struct kl_period a, struct kl_period b);

/* True if both count a question in periods that are near in this sense. */
bool kl_calls_near(const struct kl_tally_call *a, const struct kl_tally_call *b);

/* Proposals of earlier tallies that must be counted as released for this call, ascending. KL_E_BUSY
 * while one that a QUIT names is not here, or cannot be judged yet: it may have been opened.
 * KL_E_TOO_BIG if there are more than can be named: then nothing may be released any more, since an
 * audit that leaves one out proves nothing. */
int kl_tally_earlier(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally *before, struct kl_id ret_ids[KL_TALLY_EARLIER_MAX],
	size_t *ret_count);

/* ---- tally_contribute.c --------------------------------------------------------------------- */

int kl_tally_agree(struct kl_tallies *book, struct kl_tally *t, struct kl_fault *fault);
int kl_tally_refuse(struct kl_tallies *book, struct kl_tally *t, struct kl_fault *fault);
void kl_tally_contribute(struct kl_tallies *book, struct kl_tally *t);
/* True if shares of this member are to be dealt as soon as they can be. */
bool kl_tally_is_to_deal(const struct kl_tally *t);

/* ---- tally_seat.c --------------------------------------------------------------------------- */

/* What the seat has to do now, in a fixed order; each effect at most once until it came back. */
void kl_tally_seat(struct kl_tallies *book, struct kl_tally *t);

unsigned kl_tally_accepted(const struct kl_tally *t);
bool kl_tally_everybody_spoke(const struct kl_tally *t);

/* Whether the key that this member holds is the one that its seat promised. */
bool kl_tally_key_fits(const struct kl_tally *t, const struct kl_tally_seat *seat);

/* How many items of so many bytes fit in a part beside its fixed fields. */
size_t kl_tally_items_in_part(const struct kl_tallies *book, size_t item);

/* What the part behind `last` (NULL: the first one) says of its place. */
void kl_tally_next_part(const struct kl_part_said *last, struct kl_tally_part *ret_part);

enum { KL_PART_FIXED_BYTES = 200 };

/* ---- tally_attempt.c: PROPOSE, VOTE, SKIP --------------------------------------------------- */

void kl_tally_attempt(struct kl_tallies *book, struct kl_tally *t);

/* The INTAKE of a seat that was whole first, or NULL. */
const struct kl_intake_said *kl_seat_intake(const struct kl_tally_seat *seat);
/* Its first VOTE in an attempt, or NULL. */
const struct kl_vote_said *kl_seat_vote(const struct kl_tally_seat *seat, uint32_t attempt);
bool kl_seat_skipped(const struct kl_tally_seat *seat, uint32_t attempt);
/* Seats, its own with them, whose INTAKE the leader of the first attempt waits for, and for how long at most
 * as far as is known here; 0: it may propose. */
uint16_t kl_tally_lists_out(
	const struct kl_tallies *book, const struct kl_tally *t, uint64_t *ret_left_ms);

/* ---- tally_open.c --------------------------------------------------------------------------- */

void kl_tally_open_sums(struct kl_tallies *book, struct kl_tally *t);

/* ---- tally_settle.c ------------------------------------------------------------------------- */

/* Which attempt is open, whether a proposal is certified, the tally failed or closed: looks again.
 * All of it follows from which records are here, not from their order. */
void kl_tally_settle(struct kl_tallies *book, struct kl_tally *t);

/* ---- tally_result.c ------------------------------------------------------------------------- */

enum kl_tally_state kl_tally_state_of(const struct kl_tally *t, uint64_t wall_ms);
uint64_t kl_tally_stuck_after(const struct kl_tally *t);
/* See the view. */
bool kl_tally_is_doomed(const struct kl_tally *t, uint64_t wall_ms);

#endif
