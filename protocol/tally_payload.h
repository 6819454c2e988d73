/* What the records of a tally say, to the byte (protocol "QB1"; the formats stand in README.md).
 *
 * Every payload but that of SHARE is one canonical msgpack array that begins with the version 1 and
 * (except in CALL) the id of the tally. Canonical is taken literally: what was read is written
 * again, and anything but the same bytes is refused. The payload of a SHARE is the sealed blob
 * itself, so that the payload hash in its header is the blob hash that CONTRIB and the tests name.
 *
 * tally      named by the id of its CALL record
 * roster     the contributors in force at the CALL, in ascending order of their ids; a member is
 *            named by its place in that order ("column"), sets of members are bitmaps over it
 * schema     the metrics with all their bins; its hash is bound into every share
 * policy     minimum, windows and cohorts; its hash is bound into every share too
 * part       a long INTAKE, PROPOSE or OPEN comes as several records of one author. Each names its
 *            number (1, 2, ..), the id of the part before it and whether more follow. The id of the
 *            *last* part is the id of the whole: it holds all the others by their ids
 *
 * Decoders are strict and take memory only for what is really there. Each struct that owns memory
 * has a _deinit, which accepts a zeroed struct. All errors of decoders: KL_E_MALFORMED (form),
 * KL_E_TOO_BIG (a limit below), KL_E_VERSION, KL_E_NOMEM. */
#ifndef KL_PROTOCOL_TALLY_PAYLOAD_H
#define KL_PROTOCOL_TALLY_PAYLOAD_H

#include "core/cells.h"
#include "core/committee.h"
#include "core/judge.h"
#include "core/metric.h"
#include "core/period.h"
#include "core/set.h"
#include "core/share.h"
#include "protocol/cohort.h"
#include "protocol/header.h"
#include "protocol/wire.h"

enum {
	KL_TALLY_VERSION = 1,
	KL_TALLY_MEMBERS_MAX = KL_SET_MEMBERS_MAX - 64, /* the rest: members that left meanwhile */
	KL_TALLY_METRICS_MAX = 128,
	KL_TALLY_COHORTS_MAX = KL_COHORTS_MAX,
	KL_TALLY_EARLIER_MAX = 64,   /* earlier proposals of the period that one PROPOSE counts */
	KL_TALLY_ATTEMPTS_MAX = 10,  /* a QUIT names at most that many votes */
	KL_TALLY_PARTS_MAX = 64,     /* of one INTAKE, PROPOSE or OPEN */
	KL_TALLY_PART_BYTES = 28000, /* items are added to a part up to about this, */
	KL_TALLY_PART_MAX = 31000,   /* and never beyond: two whole parts fit in an EVIDENCE */
	KL_TALLY_CITED_MAX = 64,     /* ids of SKIPs or EVIDENCE that one record lists */
	KL_TALLY_EVIDENCE_MAX = 2,   /* records in one EVIDENCE */
};

/* Windows are milliseconds; weeks are possible, so they are 64 bits wide. */
#define KL_TALLY_WINDOW_MS_MAX (UINT64_C(400) * 24 * 3600 * 1000)

/* ---- CALL ----------------------------------------------------------------------------------- */

struct kl_tally_call {
	struct kl_period period;
	struct kl_metric *metrics; /* the schema, full bins; owned */
	uint16_t metric_count;
	uint64_t contribute_ms; /* windows: the first from the claimed time of the CALL, */
	uint64_t decide_ms;     /* the second from the end of the first */
	struct kl_cohort cohorts[KL_TALLY_COHORTS_MAX]; /* in order of priority */
	uint8_t cohort_count;
	uint16_t minimum;    /* members that must stand in whatever is released; >= 5 */
	struct kl_id schema; /* hashes of the above; decoding checks them */
	struct kl_id policy;
	struct kl_id roster;   /* last roster record in force */
	uint16_t member_count; /* members on that roster */
	bool has_previous;
	struct kl_id previous_call;   /* whose frozen roster the draw uses; zero without */
	struct kl_id previous_result; /* of the last tally closed with a result; zero without */
	uint8_t tries;                /* how often this question failed before */
	struct kl_set offers;         /* members that offer a seat */
	struct kl_set *named; /* for each metric: members whose figure is published; owned */
	struct kl_id earlier[KL_TALLY_EARLIER_MAX]; /* certified PROPOSEs of the period, known */
	uint8_t earlier_count;
	struct kl_id evidence[KL_TALLY_CITED_MAX]; /* EVIDENCE in force, ascending */
	uint8_t evidence_count;
};

void kl_tally_call_deinit(struct kl_tally_call *call);

/* Hashes over the canonical msgpack of schema and policy: H("QB1/schema", ..), H("QB1/policy", ..).
 * KL_E_NOMEM. */
int kl_tally_call_hashes(
	const struct kl_tally_call *call, struct kl_id *ret_schema, struct kl_id *ret_policy);

/* Cells of its metrics. KL_E_RANGE, KL_E_TOO_BIG. */
int kl_tally_call_cells(const struct kl_tally_call *call, struct kl_cells *ret_cells);

/* ---- the other records ---------------------------------------------------------------------- */

struct kl_tally_accept {
	struct kl_id tally;
	uint8_t seat; /* 1..n */
	struct kl_id key;
};

struct kl_tally_contrib {
	struct kl_id tally;
	uint8_t number; /* 1..3 */
	uint8_t presence_len;
	uint8_t presence[KL_PRESENCE_MAX];
	uint8_t blob_count;               /* n */
	struct kl_id blobs[KL_SEATS_MAX]; /* zero: that seat had not accepted */
};

/* "Contributions of mine with numbers up to this one shall not count." It counts if an INTAKE that is
 * cited names it. */
struct kl_tally_withdraw {
	struct kl_id tally;
	uint8_t number; /* 1..3 */
};

/* "I know of this tally and contribute nothing": seats need not wait for this member. */
struct kl_tally_decline {
	struct kl_id tally;
};

struct kl_tally_part {
	uint16_t number;     /* 1, 2, .. */
	bool more;           /* another part follows */
	struct kl_id before; /* the part before; zero for the first */
};

enum kl_intake_status {
	KL_INTAKE_OK,
	KL_INTAKE_MISSING,   /* no share for this seat, or its payload is not here */
	KL_INTAKE_SEALED,    /* the blob does not open, or its form is wrong */
	KL_INTAKE_BOUND,     /* bound to another tally, author, number, seat, policy or schema */
	KL_INTAKE_SECOND,    /* a later contribution of a member that has one */
	KL_INTAKE_WITHDRAWN, /* the member took it back: the entry names its WITHDRAW */
};

struct kl_intake_entry {
	uint16_t member;           /* column of the author */
	struct kl_id contribution; /* id of the CONTRIB, or of the WITHDRAW */
	enum kl_intake_status status;
	struct kl_reply reply; /* to the tests; status OK only, zero and nil otherwise */
};

struct kl_tally_intake {
	struct kl_id tally;
	uint8_t seat;
	struct kl_tally_part part;
	struct kl_intake_entry *entries; /* ascending by member; owned */
	uint16_t count;
};

struct kl_proposal_row {
	uint16_t metric;
	uint8_t cohort;
	uint8_t level;
	struct kl_id set; /* H("QB1/set", id of each CONTRIB by ascending member) */
};

struct kl_proposal_cited {
	uint8_t seat;
	struct kl_id intake; /* id of the whole INTAKE */
};

struct kl_tally_propose {
	struct kl_id tally;
	uint32_t attempt;
	struct kl_tally_part part;
	struct kl_proposal_cited cited[KL_SEATS_MAX]; /* ascending; first part only */
	uint8_t cited_count;
	struct kl_id earlier[KL_TALLY_EARLIER_MAX]; /* ascending; first part only */
	uint8_t earlier_count;
	struct kl_proposal_row *rows; /* by metric, then priority; owned */
	uint16_t row_count;
};

struct kl_tally_vote {
	struct kl_id tally;
	uint32_t attempt;
	uint8_t seat;
	struct kl_id proposal;
};

/* "I have not voted in this attempt and shall not." */
struct kl_tally_skip {
	struct kl_id tally;
	uint32_t attempt;
	uint8_t seat;
};

struct kl_open_sum {
	uint8_t bins; /* 0: this seat cannot give the sum of exactly that set */
	uint64_t cells[KL_CELLS_BINS_MAX];
};

struct kl_tally_open {
	struct kl_id tally;
	uint8_t seat;
	uint32_t attempt;
	struct kl_id proposal;
	struct kl_id votes[KL_SEATS_MAX]; /* the certificate: ids of qv VOTEs, */
	uint8_t vote_count;
	struct kl_id skips[KL_TALLY_CITED_MAX]; /* and of qv SKIPs of each earlier attempt */
	uint8_t skip_count;
	struct kl_tally_part part;
	uint16_t first;           /* row of the proposal that the first sum belongs to */
	struct kl_open_sum *sums; /* owned */
	uint16_t count;
};

struct kl_quit_vote {
	uint32_t attempt;
	struct kl_id proposal;
	struct kl_id vote; /* id of the VOTE record */
};

struct kl_tally_quit {
	struct kl_id tally;
	uint8_t seat;
	struct kl_quit_vote votes[KL_SEATS_MAX];
	uint8_t vote_count;
};

enum kl_close_outcome {
	KL_CLOSE_RESULT = 1, /* everything that could be opened was */
	KL_CLOSE_FAILED = 2, /* qv QUITs */
};

struct kl_tally_close {
	struct kl_id tally;
	enum kl_close_outcome outcome;
	struct kl_id result; /* H("QB1/result", id of the certified PROPOSE); zero if failed */
};

/* What shows that a seat lies, or what somebody holds of a seat whose feed was forked: whole records of
 * that seat (kl_record_write), each with its own signature. */
struct kl_tally_evidence {
	struct kl_id tally;
	uint8_t seat;
	uint8_t count; /* 2: they conflict. 1: it counts by its own signature */
	struct kl_bytes records[KL_TALLY_EVIDENCE_MAX]; /* in the payload that was read */
};

void kl_tally_intake_deinit(struct kl_tally_intake *intake);
void kl_tally_propose_deinit(struct kl_tally_propose *propose);
void kl_tally_open_deinit(struct kl_tally_open *open);

/* H("QB1/result", id of the certified PROPOSE). */
void kl_tally_result_hash(const struct kl_id *proposal, struct kl_id *ret_hash);

/* ---- codecs --------------------------------------------------------------------------------- */

/* Append the canonical encoding; a failed writer says KL_E_NOMEM at the end. */
void kl_tally_call_write(struct kl_writer *w, const struct kl_tally_call *call);
void kl_tally_accept_write(struct kl_writer *w, const struct kl_tally_accept *accept);
void kl_tally_contrib_write(struct kl_writer *w, const struct kl_tally_contrib *contrib);
void kl_tally_withdraw_write(struct kl_writer *w, const struct kl_tally_withdraw *withdraw);
void kl_tally_decline_write(struct kl_writer *w, const struct kl_tally_decline *decline);
void kl_tally_intake_write(struct kl_writer *w, const struct kl_tally_intake *intake);
void kl_tally_propose_write(struct kl_writer *w, const struct kl_tally_propose *propose);
void kl_tally_vote_write(struct kl_writer *w, const struct kl_tally_vote *vote);
void kl_tally_skip_write(struct kl_writer *w, const struct kl_tally_skip *skip);
void kl_tally_open_write(struct kl_writer *w, const struct kl_tally_open *open);
void kl_tally_quit_write(struct kl_writer *w, const struct kl_tally_quit *quit);
void kl_tally_close_write(struct kl_writer *w, const struct kl_tally_close *close);
void kl_tally_evidence_write(struct kl_writer *w, const struct kl_tally_evidence *evidence);

/* Read what the writers wrote, and nothing else. Outputs are to be deinitialised after success. */
int kl_tally_call_read(struct kl_bytes payload, struct kl_tally_call *ret_call);
int kl_tally_accept_read(struct kl_bytes payload, struct kl_tally_accept *ret_accept);
int kl_tally_contrib_read(struct kl_bytes payload, struct kl_tally_contrib *ret_contrib);
int kl_tally_withdraw_read(struct kl_bytes payload, struct kl_tally_withdraw *ret_withdraw);
int kl_tally_decline_read(struct kl_bytes payload, struct kl_tally_decline *ret_decline);
int kl_tally_intake_read(struct kl_bytes payload, struct kl_tally_intake *ret_intake);
int kl_tally_propose_read(struct kl_bytes payload, struct kl_tally_propose *ret_propose);
int kl_tally_vote_read(struct kl_bytes payload, struct kl_tally_vote *ret_vote);
int kl_tally_skip_read(struct kl_bytes payload, struct kl_tally_skip *ret_skip);
int kl_tally_open_read(struct kl_bytes payload, struct kl_tally_open *ret_open);
int kl_tally_quit_read(struct kl_bytes payload, struct kl_tally_quit *ret_quit);
int kl_tally_close_read(struct kl_bytes payload, struct kl_tally_close *ret_close);
int kl_tally_evidence_read(struct kl_bytes payload, struct kl_tally_evidence *ret_evidence);

/* The tally that a payload speaks of, whatever its kind (all but CALL and SHARE). */
int kl_tally_payload_tally(struct kl_bytes payload, struct kl_id *ret_tally);

#endif
