/* Two records of one seat that contradict each other: what EVIDENCE proves.
 *
 * An honest seat says one thing in each place, and keeps its word:
 *
 *     ACCEPT, ACCEPT       different keys
 *     INTAKE, INTAKE       two parts of the same number
 *     PROPOSE, PROPOSE     two parts of one attempt with the same number behind the same part
 *     VOTE, VOTE           different proposals in one attempt
 *     VOTE, SKIP           of one attempt
 *     VOTE, QUIT           the QUIT does not name that vote
 *     OPEN, QUIT           both
 *     QUIT, QUIT           different votes
 *     OPEN, OPEN           two parts of the same number with different content
 *
 * Two records are different if their ids are. */
#ifndef KL_PROTOCOL_TALLY_CONFLICT_H
#define KL_PROTOCOL_TALLY_CONFLICT_H

#include "protocol/record.h"
#include "protocol/tally_payload.h"

/* Whose records are looked at. */
struct kl_tally_place {
	struct kl_id network, tally, member;
	uint8_t seat;
	uint8_t n; /* seats of the committee */
};

/* Whether a record is one that this seat made in this tally: its author, a kind that seats say, its
 * payload here, and its own signature. KL_E_MALFORMED, KL_E_SIGNATURE, or what the decoders say. */
int kl_tally_record_check(const struct kl_record *record, const struct kl_tally_place *place,
	struct kl_verifier *verifier);

/* Whether two records that passed kl_tally_record_check() contradict each other. */
bool kl_tally_records_conflict(const struct kl_record *a, const struct kl_record *b);

/* Opens the records of EVIDENCE and checks each; *ret_proves: there are two, and they contradict each
 * other. Errors as kl_tally_record_check(). */
int kl_tally_evidence_check(const struct kl_tally_evidence *evidence,
	const struct kl_tally_place *place, struct kl_verifier *verifier,
	struct kl_record ret_records[KL_TALLY_EVIDENCE_MAX], bool *ret_proves);

#endif
