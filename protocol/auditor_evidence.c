/* Seats that contradict themselves, and what others hold of a feed that was forked: records inside of
 * records, each with its own signature. */
#include "protocol/auditor_in.h"
#include "protocol/tally_conflict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- what EVIDENCE holds is said, too ---------------------------------------------------------- */

static bool is_known(const struct kl_auditor *a, const struct kl_id *id)
{
	for (size_t i = 0; i < a->said_count; i++)
		if (kl_id_equal(&a->said[i].id, id))
			return true;
	return false;
}

static void take_record(struct kl_auditor *a, struct kl_bytes bytes)
{
	struct kl_record record;
	struct kl_id tally;
	uint8_t *payload;

	if (kl_record_decode(bytes, &record) || record.erased ||
		!kl_kind_signs_itself(record.h.kind) || record.h.kind == KL_KIND_TALLY_CALL ||
		kl_tally_payload_tally(record.payload, &tally) ||
		!kl_id_equal(&tally, &a->options.tally) || is_known(a, &record.id) ||
		kl_record_verify(&record, &a->options.network, &a->verifier))
		return;
	payload = malloc(record.payload.len + 1);
	if (!payload) {
		a->rc = KL_E_NOMEM;
		return;
	}
	if (record.payload.len)
		memcpy(payload, record.payload.data, record.payload.len);
	kl_auditor_keep(a, &record.h, &record.id, payload, record.payload.len, true);
	a->handed_on++;
	a->counts.verified++;
}

void kl_auditor_open_evidence(struct kl_auditor *a)
{
	size_t count = a->said_count; /* what is taken out of them comes behind */

	for (size_t i = 0; i < count && !a->rc; i++) {
		struct kl_tally_evidence evidence;

		if (a->said[i].kind != KL_KIND_TALLY_EVIDENCE || !a->said[i].here ||
			kl_tally_evidence_read(kl_audit_payload(&a->said[i]), &evidence))
			continue;
		for (unsigned k = 0; k < evidence.count && !a->rc; k++)
			take_record(a, evidence.records[k]);
	}
}

/* ---- what it proves ---------------------------------------------------------------------------- */

static void tell_proof(struct kl_auditor *a, unsigned seat, const struct kl_audit_said *said,
	const struct kl_record records[2])
{
	char name[KL_AUDIT_NAME_MAX + 16], shower[KL_AUDIT_NAME_MAX];

	kl_auditor_say(a, KL_AUDIT_EVIDENCE, KL_MARK_NOTE,
		"%s was proven false by %s: a %s and a %s of its own contradict each other. It may "
		"not "
		"sit on the committees of the next %d calls",
		kl_auditor_seat_name(a, seat, name), kl_auditor_name(a, &said->author, shower),
		kl_kind_name(records[0].h.kind), kl_kind_name(records[1].h.kind), KL_TALLY_BARRED);
}

/* Bit of the seat that a record of evidence proves false, if it does. */
static uint16_t check_one(struct kl_auditor *a, const struct kl_audit_said *said, uint16_t proven)
{
	struct kl_tally_place place = {
		.network = a->options.network, .tally = a->options.tally, .n = a->committee.n};
	struct kl_record records[KL_TALLY_EVIDENCE_MAX];
	struct kl_tally_evidence evidence;
	char name[KL_AUDIT_NAME_MAX];
	bool proves = false;

	if (kl_tally_evidence_read(kl_audit_payload(said), &evidence) || evidence.seat < 1 ||
		evidence.seat > a->committee.n)
		return 0;
	place.seat = evidence.seat;
	place.member = a->seats[evidence.seat - 1].member;
	if (kl_tally_evidence_check(&evidence, &place, &a->verifier, records, &proves) ||
		(evidence.count == 2 && !proves)) {
		kl_auditor_say(a, KL_AUDIT_EVIDENCE, KL_MARK_NOTE,
			"what %s shows of seat %u proves nothing",
			kl_auditor_name(a, &said->author, name), evidence.seat);
		return 0;
	}
	if (proves && !(proven >> (evidence.seat - 1) & 1))
		tell_proof(a, evidence.seat, said, records);
	return proves ? (uint16_t)(1U << (evidence.seat - 1)) : 0;
}

static void compare_proven(struct kl_auditor *a, uint16_t proven)
{
	char name[KL_AUDIT_NAME_MAX + 16];

	for (unsigned j = 0; j < a->committee.n; j++) {
		const struct kl_seat_proof *proof = &a->t->seats[j].proof;

		if (proof->proven != (proven >> j & 1))
			kl_auditor_differs(a, KL_AUDIT_EVIDENCE,
				"the two ways of working it out disagree on whether %s was "
				"proven false",
				kl_auditor_seat_name(a, j + 1, name));
		else if (proof->conflicts && !proof->proven)
			kl_auditor_say(a, KL_AUDIT_EVIDENCE, KL_MARK_NOTE,
				"%s contradicts itself, and nobody has shown that to all yet",
				kl_auditor_seat_name(a, j + 1, name));
	}
}

void kl_auditor_check_evidence(struct kl_auditor *a)
{
	uint16_t proven = 0;
	unsigned count;

	for (size_t i = 0; i < a->said_count; i++)
		if (a->said[i].kind == KL_KIND_TALLY_EVIDENCE && a->said[i].here)
			proven = (uint16_t)(proven | check_one(a, &a->said[i], proven));
	compare_proven(a, proven);
	count = (unsigned)__builtin_popcount(proven);
	if (!count && !a->handed_on)
		kl_auditor_sum_up(a, KL_AUDIT_EVIDENCE, "No seat was proven false");
	else
		kl_auditor_sum_up(a, KL_AUDIT_EVIDENCE,
			"%u seat%s proven false; %zu record%s of seats came from others, each by "
			"its "
			"own signature",
			count, count == 1 ? " was" : "s were", a->handed_on,
			kl_plural(a->handed_on));
}
