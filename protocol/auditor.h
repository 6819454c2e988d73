/* Checks a tally anew: from signed records alone, and says in words what it found.
 *
 * It does not rest on the book that is kept while tallies run (tally.h). Records come in as they are
 * stored, whole feeds from their first record on; headers, hashes, chains and signatures are checked
 * here, the roster is folded here, and what follows from the records is worked out once more. A fold of
 * its own (a book without secrets) is held against that, and so is what this member shows.
 *
 * tally      the one that is checked; others matter as far as it rests on them
 * step       one of the questions that are asked, in this order: see KL_AUDIT_STEPS
 * summary    one sentence that says what came of a step
 * finding    something that has to be said besides: its step, a mark and a sentence
 * mark       nothing   there is nothing to be checked
 *            well      as it must be
 *            note      so it is, and nothing is wrong with it: it may still come, or counts for nothing
 *            not here  cannot be checked from what is here, though somebody else may hold it
 *            wrong     contradicts itself, or something else that is here. What is only missing or
 *                      damaged is never wrong in itself, and nor is what is missing because of it
 *            that of a step is the worst of its findings
 *
 *     kl_auditor_new
 *     kl_auditor_shown   what this member shows at this moment; may be left out
 *     for each feed, the convenor's before all others:
 *             kl_auditor_feed, then for each record in its order kl_auditor_record or, if it cannot
 *             be read, kl_auditor_lost
 *     kl_auditor_work until it is done
 *     kl_auditor_mark, kl_auditor_summary, kl_auditor_finding
 *
 * Pure: bytes come in. All errors are KL_E_NOMEM; then there is nothing to be done but to destroy it.
 * Whatever is wrong with a record is a finding, never an error. */
#ifndef KL_PROTOCOL_AUDITOR_H
#define KL_PROTOCOL_AUDITOR_H

#include "protocol/record.h"
#include "protocol/tally.h"

/* name, word as it is written and shown */
#define KL_AUDIT_STEPS(X)                                                                          \
	X(RECORDS, "records")             /* what was read, and whose */                           \
	X(SIGNATURES, "signatures")       /* headers, hashes, chains, signatures */                \
	X(CALL, "call")                   /* roster, hashes, minimum, what came before */          \
	X(DRAW, "draw")                   /* who sits */                                           \
	X(SEATS, "seats")                 /* who took the seat that was drawn */                   \
	X(CONTRIBUTIONS, "contributions") /* who contributed, and whether its shares are named */  \
	X(INTAKES, "intakes")             /* what the seats list */                                \
	X(TESTS, "tests")                 /* replies of the seats, and what follows from them */   \
	X(MEMBERS, "members")             /* who is in, and why others are not */                  \
	X(RELEASES, "releases")           /* what may be shown, and how finely */                  \
	X(PROPOSALS, "proposals")         /* what was proposed in each attempt */                  \
	X(VOTES, "votes")                 /* votes and skips, certificate or failure */            \
	X(OPENINGS, "openings")           /* sums opened, added up again */                        \
	X(SHOWN, "shown")                 /* what this member shows */                             \
	X(EVIDENCE, "evidence")           /* who was proven false */                               \
	X(CLOSE, "close")                 /* what the convenor says came of it */                  \
	X(LIMITS, "limits")               /* what nobody can check, or nobody any more */

enum kl_audit_step {
#define X(name, word) KL_AUDIT_##name,
	KL_AUDIT_STEPS(X)
#undef X
		KL_AUDIT_STEP_COUNT
};

enum kl_audit_mark { KL_MARK_NOTHING, KL_MARK_WELL, KL_MARK_NOTE, KL_MARK_NOT_HERE, KL_MARK_WRONG };

enum { KL_FINDING_TEXT_MAX = 400, KL_FINDINGS_MAX = 500 };

struct kl_finding {
	enum kl_audit_step step;
	enum kl_audit_mark mark;
	char text[KL_FINDING_TEXT_MAX];
};

/* "records", ..; "nothing", "well", "note", "not here", "wrong". */
const char *kl_audit_step_name(enum kl_audit_step step);
const char *kl_audit_mark_name(enum kl_audit_mark mark);

struct kl_auditor;

struct kl_auditor_options {
	struct kl_id network, convenor; /* as this member's ticket names them: what all rests on */
	struct kl_id tally;
	uint64_t wall_ms;
};

int kl_auditor_new(const struct kl_auditor_options *options, struct kl_auditor **ret_auditor);
void kl_auditor_destroy(struct kl_auditor *auditor); /* NULL is accepted */

/* Takes a copy of what a running book says of the tally. */
int kl_auditor_shown(struct kl_auditor *auditor, const struct kl_tallies *running);

/* A record as it is stored. */
struct kl_audited {
	uint64_t seq;
	struct kl_id id;
	struct kl_bytes header;
	const uint8_t *signature; /* KL_SIGNATURE_BYTES, or NULL */
	bool here;                /* else the payload was erased, or never came */
	struct kl_bytes payload;
	bool contested; /* behind a fork: it certifies what stands before; it counts by its own
			 * signature, if at all */
};

/* The records of this feed follow, from the first on. */
int kl_auditor_feed(struct kl_auditor *auditor, const struct kl_feed_key *feed);
int kl_auditor_record(struct kl_auditor *auditor, const struct kl_audited *record);
int kl_auditor_lost(struct kl_auditor *auditor, uint64_t seq);

/* Everything was given: does a little (some milliseconds, but for what one step of a tally takes).
 * *ret_done: all findings are there. */
int kl_auditor_work(struct kl_auditor *auditor, bool *ret_done);

/* What came of a step; the summary of one that was not reached is empty. */
enum kl_audit_mark kl_auditor_mark(const struct kl_auditor *auditor, enum kl_audit_step step);
const char *kl_auditor_summary(const struct kl_auditor *auditor, enum kl_audit_step step);

/* The worst mark of all steps; at least "well". */
enum kl_audit_mark kl_auditor_worst(const struct kl_auditor *auditor);

/* Findings in the order in which they were made; `ret_more` (may be NULL): how many did not fit. */
size_t kl_auditor_findings(const struct kl_auditor *auditor, size_t *ret_more);
const struct kl_finding *kl_auditor_finding(const struct kl_auditor *auditor, size_t index);

/* A sum that was opened, as it was added up again here. */
struct kl_audited_sum {
	const struct kl_metric *metric;
	const struct kl_cohort *cohort;
	enum kl_level level;
	size_t members;
	const struct kl_opening *opening;
};

/* How many there are; none unless all was there that it takes. Valid as long as the auditor. */
size_t kl_auditor_sums(const struct kl_auditor *auditor);
void kl_auditor_sum(const struct kl_auditor *auditor, size_t index, struct kl_audited_sum *ret_sum);

/* What the auditor's own fold makes of all tallies: for answers that name period and state. */
const struct kl_tallies *kl_auditor_book(const struct kl_auditor *auditor);

#endif
