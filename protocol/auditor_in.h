/* Inside of the auditor: for the auditor*.c files alone. See auditor.h for what it does.
 *
 * entry      a record of the feed under way that no signature has certified yet
 * certified  its own signature was verified, or that of one that follows it in an unbroken chain
 * spoilt     a record whose content does not fit its header, or that lacks the signature that its kind
 *            must carry: nothing is taken from it
 * said       a certified record that speaks of the tally
 * fold       the auditor's own book: what the machine makes of the certified records */
#ifndef KL_PROTOCOL_AUDITOR_IN_H
#define KL_PROTOCOL_AUDITOR_IN_H

#include "protocol/auditor.h"
#include "protocol/roster.h"
#include "protocol/tally_book.h"

struct kl_audit_entry {
	struct kl_header h;
	struct kl_id id;
	bool is_signed, own; /* carries a signature; and that one was verified */
	uint8_t signature[KL_SIGNATURE_BYTES];
	bool here, spoilt, contested;
	uint8_t *payload; /* of kinds that matter, or NULL */
	size_t len;
};

struct kl_audit_feed {
	struct kl_feed_key key;
	bool convenors, begun;
	uint64_t next; /* seq that is expected */
	bool linked;   /* `last` is the id that the next record has to name */
	struct kl_id last;
	struct kl_audit_entry *entries;
	size_t count, capacity;
};

struct kl_audit_said {
	struct kl_id id, author;
	uint64_t seq, time_ms;
	uint32_t kind;
	bool here;
	uint8_t *payload;
	size_t len;
};

/* The header of a SHARE: who sealed how much under which hash, and whether it is still kept. */
struct kl_audit_share {
	struct kl_id author, blob;
	uint64_t seq;
	uint32_t len;
	bool here;
};

/* What this member shows of one metric of one cohort; rc as kl_tallies_result(). */
struct kl_audit_shown {
	int rc;
	struct kl_tally_result result;
};

/* A member of the frozen roster as the records show it. */
struct kl_audit_member {
	const struct kl_audit_said *contrib[KL_SHARE_NUMBER_MAX]; /* the first of each number */
	const struct kl_audit_said *withdraw[KL_SHARE_NUMBER_MAX];
	bool declined;
};

enum { KL_AUDIT_VOTES_MAX = 64 }; /* of one seat: votes, and skips, that are told apart */

struct kl_audit_vote {
	struct kl_vote vote;
	const struct kl_audit_said *said;
};

/* A seat as the records show it. */
struct kl_audit_seat {
	struct kl_id member;
	const struct kl_audit_said *accept, *quit; /* the first */
	struct kl_tally_quit quitted;
	struct kl_audit_vote votes[KL_AUDIT_VOTES_MAX];
	struct kl_skip skips[KL_AUDIT_VOTES_MAX];
	uint8_t vote_count, skip_count;
	uint16_t intakes;                   /* whole ones: an honest seat gives one */
	const struct kl_audit_said *intake; /* the last part of the first whole one */
	bool opened;                        /* a whole OPEN */
};

/* Part of an OPEN: some rows. */
struct kl_audit_sums {
	const struct kl_audit_said *said;
	uint8_t seat;
	uint32_t attempt;
	struct kl_id proposal;
	struct kl_tally_part part;
	size_t first, count;
	struct kl_open_sum *sums; /* owned */
	bool chained;             /* all parts before it are here */
};

/* What a leader proposed, or what votes name. */
struct kl_audit_proposal {
	struct kl_id id;
	uint32_t attempt;
	uint8_t leader;
	bool here; /* whole; else only votes speak of it */
	struct kl_proposal_cited cited[KL_SEATS_MAX];
	uint8_t cited_count;
	struct kl_id earlier[KL_TALLY_EARLIER_MAX];
	uint8_t earlier_count;
	struct kl_proposal_row *rows; /* owned */
	size_t row_count;
};

/* What one seat lists of one member in a cited INTAKE. */
struct kl_audit_entries {
	struct kl_intake_entry *entries; /* owned; ascending by member */
	size_t count;
	bool here;
};

struct kl_audit_counts {
	uint64_t feeds, records, lost, chained, verified;
	uint64_t unfit; /* signatures that do not fit */
	uint64_t left;  /* records of which nothing was taken */
};

struct kl_auditor {
	struct kl_auditor_options options;
	struct kl_verifier verifier;
	struct kl_audit_counts counts;
	struct kl_audit_feed feed;
	struct kl_roster roster;
	uint64_t
		roster_ends; /* the record of the convenor's feed that could not be folded; 0: none */
	struct kl_tallies *fold;
	struct kl_audit_said *said; /* of each author in its order */
	size_t said_count, said_capacity;
	struct kl_audit_said **by_id; /* once everything was given */
	/* PROPOSEs of all tallies: the fold may leave one out and want it again. */
	struct kl_audit_entry *proposes; /* and votes: what may be wanted again */
	size_t propose_count, propose_capacity;
	size_t handed_on; /* records of seats that came inside of EVIDENCE alone */
	struct kl_audit_share *shares;
	size_t share_count, share_capacity;

	/* What stood before the CALL in the convenor's feed. */
	bool call_seen, call_folded;
	bool convenors_call; /* it stands in the feed that carried the roster then */
	struct kl_id previous, previous_result; /* zero: none */
	struct kl_id last_call, last_result;    /* while reading */

	bool has_shown,
		shown_busy;  /* busy: what is shown is not known, since something is not here */
	bool shown_planning; /* or since it is still worked out */
	enum kl_tally_state shown_state;
	struct kl_audit_shown *shown;
	size_t shown_count;

	bool whole; /* every record that ought to be here is, and is sound */

	/* While the steps are worked through. */
	unsigned step;
	size_t row;                    /* of a step that takes several turns */
	const struct kl_tally *t;      /* of the fold; NULL if it could not be folded */
	struct kl_committee committee; /* as drawn here; n 0: none */
	struct kl_audit_seat seats[KL_SEATS_MAX];
	struct kl_audit_member *members; /* by column of the frozen roster */
	struct kl_audit_sums *sums;
	size_t sums_count, sums_capacity;
	struct kl_audit_proposal *proposals;
	size_t proposal_count, proposal_capacity;
	const struct kl_audit_proposal *certified; /* NULL: none */
	bool failed;                               /* enough seats quit */
	struct kl_audit_entries
		cited[KL_SEATS_MAX];           /* of the certified proposal, or of all seats */
	struct kl_set base, accepted;          /* as computed here */
	struct kl_id *chosen;                  /* for each column, or zero */
	uint8_t (*presence)[KL_PRESENCE_MAX];  /* of the chosen contribution */
	uint16_t controls[KL_SET_MEMBERS_MAX]; /* control group of each column */
	struct kl_set *late;                   /* for each metric: counted before, and not again */
	bool selected;                         /* base and accepted are known */
	struct kl_id *families;                /* hashes of those that were tested */
	size_t family_count, family_capacity;
	bool rows_fit;                      /* rows of it that can be */
	size_t states[KL_OPENING_VOID + 1]; /* rows by how they were opened */
	struct kl_opening *openings;        /* of each row, as far as they were added up; or NULL */
	uint16_t liars;                     /* seats that were overruled */

	char summaries[KL_AUDIT_STEP_COUNT][KL_FINDING_TEXT_MAX];
	enum kl_audit_mark marks[KL_AUDIT_STEP_COUNT];
	struct kl_finding *findings;
	size_t finding_count, finding_capacity, findings_left_out;
	int rc; /* KL_E_NOMEM sticks */
};

/* ---- auditor_words.c ------------------------------------------------------------------------ */

void kl_auditor_say(struct kl_auditor *a, enum kl_audit_step step, enum kl_audit_mark mark,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Two ways of working something out differ, or two records do: wrong if everything is here. Else that may
 * come from what is missing, and nobody can say. */
void kl_auditor_differs(struct kl_auditor *a, enum kl_audit_step step, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The summary of a step that was worked through, or that could not be (another mark than well). */
void kl_auditor_sum_up(struct kl_auditor *a, enum kl_audit_step step, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void kl_auditor_sum_up_as(struct kl_auditor *a, enum kl_audit_step step, enum kl_audit_mark mark,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Name of a member for people, "the convenor", or the beginning of an id. */
enum { KL_AUDIT_NAME_MAX = 96 };
const char *kl_auditor_name(
	const struct kl_auditor *a, const struct kl_id *member, char out[KL_AUDIT_NAME_MAX]);

/* "seat 3 (Wem Rural)". */
const char *kl_auditor_seat_name(
	const struct kl_auditor *a, unsigned seat, char out[KL_AUDIT_NAME_MAX + 16]);

/* "" for one, "s" for others. */
const char *kl_plural(uint64_t count);

/* ---- auditor_read.c ------------------------------------------------------------------------- */

/* Ends the feed under way. */
void kl_auditor_end_feed(struct kl_auditor *a);
void kl_auditor_end_reading(struct kl_auditor *a);

/* A certified record of that id that speaks of the tally, or NULL. */
const struct kl_audit_said *kl_auditor_find(const struct kl_auditor *a, const struct kl_id *id);

/* Remembers a record that speaks of the tally; the payload, from malloc, changes hands. */
void kl_auditor_keep(struct kl_auditor *a, const struct kl_header *h, const struct kl_id *id,
	uint8_t *payload, size_t len, bool here);

static inline struct kl_bytes kl_audit_payload(const struct kl_audit_said *said)
{
	return kl_bytes(said->payload, said->len);
}

/* Grows an array by one zeroed item; NULL sticks KL_E_NOMEM. */
void *kl_auditor_grow(
	struct kl_auditor *a, void **items, size_t *count, size_t *capacity, size_t size);

/* ---- auditor_fold.c ------------------------------------------------------------------------- */

/* Gives a certified record to the fold; `roster`: of a CALL. */
void kl_auditor_fold(
	struct kl_auditor *a, const struct kl_audit_entry *e, const struct kl_tally_roster *roster);

/* Of an attempt with many proposals, or votes, the fold keeps a few, before it knows which are certified: it
 * may want others again. */
void kl_auditor_keep_asked(struct kl_auditor *a, const struct kl_audit_entry *e);

/* Lets the fold go on with what it could not do in one step: it plans a little at a time. True: done. */
bool kl_auditor_settle(struct kl_auditor *a);

/* ---- auditor_facts.c ------------------------------------------------------------------------ */

/* Sorts what was said by who said it, once the seats are known. */
void kl_auditor_gather(struct kl_auditor *a);

/* The entries of the whole INTAKE that ends with this record: KL_E_NOT_FOUND if a part is not here,
 * KL_E_INVALID if the parts are not one INTAKE of that seat, KL_E_NOMEM. */
int kl_auditor_intake(const struct kl_auditor *a, unsigned seat, const struct kl_id *last,
	struct kl_audit_entries *ret_entries);

/* ---- auditor_evidence.c --------------------------------------------------------------------- */

/* Takes the records out of EVIDENCE, once all feeds were read. */
void kl_auditor_open_evidence(struct kl_auditor *a);

/* ---- the steps ------------------------------------------------------------------------------ */

void kl_auditor_check_call(struct kl_auditor *a); /* auditor_call.c */
void kl_auditor_check_draw(struct kl_auditor *a);
void kl_auditor_check_seats(struct kl_auditor *a);
void kl_auditor_check_contributions(struct kl_auditor *a); /* auditor_people.c */
void kl_auditor_check_intakes(struct kl_auditor *a);
void kl_auditor_check_members(struct kl_auditor *a);
void kl_auditor_check_proposals(struct kl_auditor *a); /* auditor_decide.c */
void kl_auditor_check_votes(struct kl_auditor *a);
bool kl_auditor_check_releases(struct kl_auditor *a);               /* true: done */
void kl_auditor_test_family(struct kl_auditor *a, unsigned metric); /* auditor_family.c */
bool kl_auditor_check_openings(struct kl_auditor *a);               /* auditor_open.c; true: done */
void kl_auditor_check_shown(struct kl_auditor *a);                  /* auditor_end.c */
void kl_auditor_check_evidence(struct kl_auditor *a);               /* auditor_evidence.c */
void kl_auditor_check_close(struct kl_auditor *a);
void kl_auditor_tell_limits(struct kl_auditor *a);

/* Members in the sum of a row of the certified proposal, as computed here. */
size_t kl_auditor_row_size(const struct kl_auditor *a, const struct kl_proposal_row *row);

#endif
