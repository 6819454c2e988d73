#include "protocol/tally_conflict.h"

#include "core/committee.h"
#include "core/error.h"

#include <string.h>

/* What matters of a record of a seat, whatever its kind. */
struct said {
	uint32_t kind;
	struct kl_id tally;
	uint8_t seat; /* 0 in PROPOSE: its attempt says who leads */
	uint32_t attempt;
	struct kl_id name; /* key of ACCEPT, proposal of VOTE, part before of PROPOSE */
	uint16_t part;
	struct kl_tally_quit quit;
};

static int read_intake(struct kl_bytes payload, struct said *said)
{
	struct kl_tally_intake intake;
	int rc = kl_tally_intake_read(payload, &intake);

	if (rc)
		return rc;
	said->tally = intake.tally;
	said->seat = intake.seat;
	said->part = intake.part.number;
	kl_tally_intake_deinit(&intake);
	return KL_OK;
}

static int read_propose(struct kl_bytes payload, struct said *said)
{
	struct kl_tally_propose propose;
	int rc = kl_tally_propose_read(payload, &propose);

	if (rc)
		return rc;
	said->tally = propose.tally;
	said->attempt = propose.attempt;
	said->part = propose.part.number;
	said->name = propose.part.before;
	kl_tally_propose_deinit(&propose);
	return KL_OK;
}

static int read_open(struct kl_bytes payload, struct said *said)
{
	struct kl_tally_open open;
	int rc = kl_tally_open_read(payload, &open);

	if (rc)
		return rc;
	said->tally = open.tally;
	said->seat = open.seat;
	said->part = open.part.number;
	kl_tally_open_deinit(&open);
	return KL_OK;
}

static int read_accept(struct kl_bytes payload, struct said *said)
{
	struct kl_tally_accept accept;
	int rc = kl_tally_accept_read(payload, &accept);

	if (rc)
		return rc;
	said->tally = accept.tally;
	said->seat = accept.seat;
	said->name = accept.key;
	return KL_OK;
}

static int read_vote(struct kl_bytes payload, struct said *said)
{
	struct kl_tally_vote vote;
	int rc = kl_tally_vote_read(payload, &vote);

	if (rc)
		return rc;
	said->tally = vote.tally;
	said->seat = vote.seat;
	said->attempt = vote.attempt;
	said->name = vote.proposal;
	return KL_OK;
}

static int read_skip(struct kl_bytes payload, struct said *said)
{
	struct kl_tally_skip skip;
	int rc = kl_tally_skip_read(payload, &skip);

	if (rc)
		return rc;
	said->tally = skip.tally;
	said->seat = skip.seat;
	said->attempt = skip.attempt;
	return KL_OK;
}

static int read_quit(struct kl_bytes payload, struct said *said)
{
	int rc = kl_tally_quit_read(payload, &said->quit);

	said->tally = said->quit.tally;
	said->seat = said->quit.seat;
	return rc;
}

static int read_said(const struct kl_record *record, struct said *ret_said)
{
	memset(ret_said, 0, sizeof(*ret_said));
	ret_said->kind = record->h.kind;
	switch (record->h.kind) {
	case KL_KIND_TALLY_ACCEPT:
		return read_accept(record->payload, ret_said);
	case KL_KIND_TALLY_INTAKE:
		return read_intake(record->payload, ret_said);
	case KL_KIND_TALLY_PROPOSE:
		return read_propose(record->payload, ret_said);
	case KL_KIND_TALLY_VOTE:
		return read_vote(record->payload, ret_said);
	case KL_KIND_TALLY_SKIP:
		return read_skip(record->payload, ret_said);
	case KL_KIND_TALLY_OPEN:
		return read_open(record->payload, ret_said);
	case KL_KIND_TALLY_QUIT:
		return read_quit(record->payload, ret_said);
	default:
		return KL_E_MALFORMED;
	}
}

int kl_tally_record_check(const struct kl_record *record, const struct kl_tally_place *place,
	struct kl_verifier *verifier)
{
	struct said said;
	unsigned seat;
	int rc;

	if (record->erased || !kl_id_equal(&record->h.author, &place->member))
		return KL_E_MALFORMED;
	rc = read_said(record, &said);
	if (rc)
		return rc;
	seat = said.kind == KL_KIND_TALLY_PROPOSE ? kl_leader(said.attempt, place->n) : said.seat;
	if (seat != place->seat || !kl_id_equal(&said.tally, &place->tally))
		return KL_E_MALFORMED;
	return kl_record_verify(record, &place->network, verifier);
}

static bool names_vote(const struct kl_tally_quit *quit, uint32_t attempt, const struct kl_id *name)
{
	for (unsigned i = 0; i < quit->vote_count; i++) {
		if (quit->votes[i].attempt == attempt &&
			kl_id_equal(&quit->votes[i].proposal, name))
			return true;
	}
	return false;
}

static bool names_all_of(const struct kl_tally_quit *a, const struct kl_tally_quit *b)
{
	for (unsigned i = 0; i < b->vote_count; i++) {
		if (!names_vote(a, b->votes[i].attempt, &b->votes[i].proposal))
			return false;
	}
	return true;
}

/* Two records of one kind. */
static bool same_kind_conflict(const struct said *a, const struct said *b, bool same_content)
{
	switch (a->kind) {
	case KL_KIND_TALLY_ACCEPT:
		return !kl_id_equal(&a->name, &b->name);
	case KL_KIND_TALLY_INTAKE:
		return a->part == b->part;
	case KL_KIND_TALLY_PROPOSE:
		return a->attempt == b->attempt && a->part == b->part &&
		       kl_id_equal(&a->name, &b->name);
	case KL_KIND_TALLY_VOTE:
		return a->attempt == b->attempt && !kl_id_equal(&a->name, &b->name);
	case KL_KIND_TALLY_OPEN:
		return a->part == b->part && !same_content;
	case KL_KIND_TALLY_QUIT:
		return !names_all_of(&a->quit, &b->quit) || !names_all_of(&b->quit, &a->quit);
	default:
		return false;
	}
}

/* `a` is of the lower kind. */
static bool different_kinds_conflict(const struct said *a, const struct said *b)
{
	if (a->kind == KL_KIND_TALLY_VOTE && b->kind == KL_KIND_TALLY_SKIP)
		return a->attempt == b->attempt;
	if (a->kind == KL_KIND_TALLY_VOTE && b->kind == KL_KIND_TALLY_QUIT)
		return !names_vote(&b->quit, a->attempt, &a->name);
	return a->kind == KL_KIND_TALLY_OPEN && b->kind == KL_KIND_TALLY_QUIT;
}

bool kl_tally_records_conflict(const struct kl_record *a, const struct kl_record *b)
{
	struct said first, second;

	if (kl_id_equal(&a->id, &b->id) || read_said(a, &first) || read_said(b, &second))
		return false;
	if (first.kind == second.kind)
		return same_kind_conflict(
			&first, &second, kl_id_equal(&a->h.payload_hash, &b->h.payload_hash));
	return first.kind < second.kind ? different_kinds_conflict(&first, &second)
					: different_kinds_conflict(&second, &first);
}

int kl_tally_evidence_check(const struct kl_tally_evidence *evidence,
	const struct kl_tally_place *place, struct kl_verifier *verifier,
	struct kl_record ret_records[KL_TALLY_EVIDENCE_MAX], bool *ret_proves)
{
	*ret_proves = false;
	for (unsigned i = 0; i < evidence->count; i++) {
		int rc = kl_record_decode(evidence->records[i], &ret_records[i]);

		if (!rc)
			rc = kl_tally_record_check(&ret_records[i], place, verifier);
		if (rc)
			return rc;
	}
	*ret_proves =
		evidence->count == 2 && kl_tally_records_conflict(&ret_records[0], &ret_records[1]);
	return KL_OK;
}
