/* What was said, sorted by who said it: members and seats, proposals and votes.
 *
 * The fold does the same in its way (tally_record.c). Here it is done once more and by ids, so that one
 * can be held against the other. */
#include "protocol/auditor_in.h"

#include <stdlib.h>
#include <string.h>

/* ---- parts ------------------------------------------------------------------------------------- */

/* Each part of an INTAKE or PROPOSE, opened; the caller ends it with close_part(). */
struct part {
	struct kl_tally_part part;
	uint8_t seat;     /* INTAKE */
	uint32_t attempt; /* PROPOSE */
	union {
		struct kl_tally_intake intake;
		struct kl_tally_propose propose;
	} u;
};

static int open_part(const struct kl_audit_said *said, struct part *ret_part)
{
	int rc;

	memset(ret_part, 0, sizeof *ret_part);
	if (!said->here)
		return KL_E_NOT_FOUND;
	if (said->kind == KL_KIND_TALLY_INTAKE) {
		rc = kl_tally_intake_read(kl_audit_payload(said), &ret_part->u.intake);
		if (rc)
			return rc == KL_E_NOMEM ? rc : KL_E_INVALID;
		ret_part->part = ret_part->u.intake.part;
		ret_part->seat = ret_part->u.intake.seat;
		return KL_OK;
	}
	if (said->kind != KL_KIND_TALLY_PROPOSE)
		return KL_E_INVALID;
	rc = kl_tally_propose_read(kl_audit_payload(said), &ret_part->u.propose);
	if (rc)
		return rc == KL_E_NOMEM ? rc : KL_E_INVALID;
	ret_part->part = ret_part->u.propose.part;
	ret_part->attempt = ret_part->u.propose.attempt;
	return KL_OK;
}

static void close_part(const struct kl_audit_said *said, struct part *part)
{
	if (said->kind == KL_KIND_TALLY_INTAKE)
		kl_tally_intake_deinit(&part->u.intake);
	else
		kl_tally_propose_deinit(&part->u.propose);
}

/* Follows the parts of one record back from its last; gives them in their order. */
static int parts_of(const struct kl_auditor *a, const struct kl_id *last, uint32_t kind,
	const struct kl_id *author, const struct kl_audit_said *ret_parts[KL_TALLY_PARTS_MAX],
	size_t *ret_count)
{
	const struct kl_audit_said *said = kl_auditor_find(a, last);
	size_t wanted = 0;

	for (size_t n = 0;; n++) {
		struct part part;
		int rc;

		if (!said)
			return KL_E_NOT_FOUND;
		if (said->kind != kind || !kl_id_equal(&said->author, author))
			return KL_E_INVALID;
		rc = open_part(said, &part);
		if (rc)
			return rc;
		close_part(said, &part);
		if (n == 0)
			*ret_count = wanted = part.part.number;
		if (part.part.number != wanted - n || part.part.more != (n > 0) ||
			wanted > KL_TALLY_PARTS_MAX)
			return KL_E_INVALID;
		ret_parts[wanted - n - 1] = said;
		if (part.part.number == 1)
			return KL_OK;
		said = kl_auditor_find(a, &part.part.before);
	}
}

/* Appends `more` items; KL_E_NOMEM. */
static int extend(void **items, size_t *count, const void *more, size_t more_count, size_t size)
{
	uint8_t *memory;

	if (more_count == 0)
		return KL_OK;
	memory = realloc(*items, (*count + more_count) * size);
	if (!memory)
		return KL_E_NOMEM;
	memcpy(memory + *count * size, more, more_count * size);
	*items = memory;
	*count += more_count;
	return KL_OK;
}

static int add_entries(struct kl_audit_entries *to, const struct kl_tally_intake *intake)
{
	if (intake->count > 0 && to->count > 0 &&
		intake->entries[0].member <= to->entries[to->count - 1].member)
		return KL_E_INVALID;
	return extend((void **)&to->entries, &to->count, intake->entries, intake->count,
		sizeof *to->entries);
}

int kl_auditor_intake(const struct kl_auditor *a, unsigned seat, const struct kl_id *last,
	struct kl_audit_entries *ret_entries)
{
	const struct kl_audit_said *parts[KL_TALLY_PARTS_MAX];
	struct kl_audit_entries entries = {0};
	size_t count = 0;
	int rc = parts_of(a, last, KL_KIND_TALLY_INTAKE, &a->seats[seat - 1].member, parts, &count);

	for (size_t i = 0; !rc && i < count; i++) {
		struct part part;

		rc = open_part(parts[i], &part);
		if (rc)
			break;
		rc = part.seat == seat ? add_entries(&entries, &part.u.intake) : KL_E_INVALID;
		close_part(parts[i], &part);
	}
	if (rc) {
		free(entries.entries);
		return rc;
	}
	entries.here = true;
	*ret_entries = entries;
	return KL_OK;
}

/* ---- proposals --------------------------------------------------------------------------------- */

static struct kl_audit_proposal *proposal_of(
	struct kl_auditor *a, const struct kl_id *id, uint32_t attempt)
{
	struct kl_audit_proposal *memory;

	for (size_t i = 0; i < a->proposal_count; i++)
		if (kl_id_equal(&a->proposals[i].id, id) && a->proposals[i].attempt == attempt)
			return &a->proposals[i];
	memory = realloc(a->proposals, (a->proposal_count + 1) * sizeof *memory);
	if (!memory) {
		a->rc = KL_E_NOMEM;
		return NULL;
	}
	a->proposals = memory;
	memory += a->proposal_count++;
	memset(memory, 0, sizeof *memory);
	memory->id = *id;
	memory->attempt = attempt;
	memory->leader = (uint8_t)kl_leader(attempt, a->committee.n);
	return memory;
}

static int add_rows(struct kl_audit_proposal *p, const struct kl_tally_propose *propose)
{
	if (propose->part.number == 1) {
		p->cited_count = propose->cited_count;
		memcpy(p->cited, propose->cited, sizeof p->cited);
		p->earlier_count = propose->earlier_count;
		memcpy(p->earlier, propose->earlier, sizeof p->earlier);
	}
	return extend((void **)&p->rows, &p->row_count, propose->rows, propose->row_count,
		sizeof *p->rows);
}

/* Reads a whole proposal that its leader made; one that is not whole stays what votes say of it. */
static void read_proposal(struct kl_auditor *a, struct kl_audit_proposal *p)
{
	const struct kl_audit_said *parts[KL_TALLY_PARTS_MAX];
	size_t count = 0;
	int rc = parts_of(
		a, &p->id, KL_KIND_TALLY_PROPOSE, &a->seats[p->leader - 1].member, parts, &count);

	for (size_t i = 0; !rc && i < count; i++) {
		struct part part;

		rc = open_part(parts[i], &part);
		if (rc)
			break;
		rc = part.attempt == p->attempt ? add_rows(p, &part.u.propose) : KL_E_INVALID;
		close_part(parts[i], &part);
	}
	if (rc == KL_E_NOMEM)
		a->rc = rc;
	p->here = !rc;
}

static void take_propose(struct kl_auditor *a, const struct kl_audit_said *said)
{
	struct part part;
	int rc = open_part(said, &part);

	if (rc == KL_E_NOMEM)
		a->rc = rc;
	if (rc)
		return;
	if (!part.part.more &&
		kl_id_equal(&said->author,
			&a->seats[kl_leader(part.attempt, a->committee.n) - 1].member))
		(void)proposal_of(a, &said->id, part.attempt);
	close_part(said, &part);
}

/* ---- seats ------------------------------------------------------------------------------------- */

/* The seat that a record names, if its author holds it. */
static struct kl_audit_seat *seat_of(
	struct kl_auditor *a, const struct kl_audit_said *said, unsigned seat)
{
	char name[KL_AUDIT_NAME_MAX];

	if (seat >= 1 && seat <= a->committee.n &&
		kl_id_equal(&a->seats[seat - 1].member, &said->author))
		return &a->seats[seat - 1];
	kl_auditor_say(a, KL_AUDIT_SEATS, KL_MARK_NOTE,
		"a %s of %s speaks for seat %u, which that member does not hold: it counts for "
		"nothing",
		kl_kind_name(said->kind), kl_auditor_name(a, &said->author, name), seat);
	return NULL;
}

static void take_accept(struct kl_auditor *a, const struct kl_audit_said *said)
{
	struct kl_tally_accept accept;
	struct kl_audit_seat *seat;

	if (kl_tally_accept_read(kl_audit_payload(said), &accept))
		return;
	seat = seat_of(a, said, accept.seat);
	if (seat && !seat->accept)
		seat->accept = said;
}

static void take_intake(struct kl_auditor *a, const struct kl_audit_said *said)
{
	struct kl_audit_seat *seat;
	struct part part;
	int rc = open_part(said, &part);

	if (rc == KL_E_NOMEM)
		a->rc = rc;
	if (rc)
		return;
	seat = seat_of(a, said, part.seat);
	if (seat && !part.part.more) {
		seat->intakes++;
		if (!seat->intake)
			seat->intake = said;
	}
	close_part(said, &part);
}

static void take_vote(struct kl_auditor *a, const struct kl_audit_said *said)
{
	struct kl_audit_seat *seat;
	struct kl_tally_vote vote;

	if (kl_tally_vote_read(kl_audit_payload(said), &vote) ||
		vote.attempt >= KL_TALLY_ATTEMPTS_MAX)
		return;
	seat = seat_of(a, said, vote.seat);
	if (!seat || seat->vote_count == KL_AUDIT_VOTES_MAX)
		return;
	for (unsigned i = 0; i < seat->vote_count; i++)
		if (seat->votes[i].vote.attempt == vote.attempt &&
			kl_id_equal(&seat->votes[i].vote.proposal, &vote.proposal))
			return;
	seat->votes[seat->vote_count].vote =
		(struct kl_vote){vote.seat, vote.attempt, vote.proposal};
	seat->votes[seat->vote_count++].said = said;
	(void)proposal_of(a, &vote.proposal, vote.attempt);
}

static void take_skip(struct kl_auditor *a, const struct kl_audit_said *said)
{
	struct kl_audit_seat *seat;
	struct kl_tally_skip skip;

	if (kl_tally_skip_read(kl_audit_payload(said), &skip) ||
		skip.attempt >= KL_TALLY_ATTEMPTS_MAX)
		return;
	seat = seat_of(a, said, skip.seat);
	if (!seat || seat->skip_count == KL_AUDIT_VOTES_MAX)
		return;
	for (unsigned i = 0; i < seat->skip_count; i++)
		if (seat->skips[i].attempt == skip.attempt)
			return;
	seat->skips[seat->skip_count++] = (struct kl_skip){skip.seat, skip.attempt};
}

static void take_quit(struct kl_auditor *a, const struct kl_audit_said *said)
{
	struct kl_audit_seat *seat;
	struct kl_tally_quit quit;

	if (kl_tally_quit_read(kl_audit_payload(said), &quit))
		return;
	seat = seat_of(a, said, quit.seat);
	if (!seat || seat->quit)
		return;
	seat->quit = said;
	seat->quitted = quit;
}

static void take_open(struct kl_auditor *a, const struct kl_audit_said *said)
{
	struct kl_audit_sums *sums;
	struct kl_tally_open open;
	int rc = kl_tally_open_read(kl_audit_payload(said), &open);

	if (rc == KL_E_NOMEM)
		a->rc = rc;
	if (rc)
		return;
	sums = seat_of(a, said, open.seat) ? kl_auditor_grow(a, (void **)&a->sums, &a->sums_count,
						     &a->sums_capacity, sizeof *a->sums)
					   : NULL;
	if (sums) {
		sums->said = said;
		sums->seat = open.seat;
		sums->attempt = open.attempt;
		sums->proposal = open.proposal;
		sums->part = open.part;
		sums->first = open.first;
		sums->count = open.count;
		sums->sums = open.sums; /* changes hands */
		open.sums = NULL;
	}
	kl_tally_open_deinit(&open);
}

static bool follows(const struct kl_audit_sums *next, const struct kl_audit_sums *before)
{
	return before->chained && before->seat == next->seat && before->part.more &&
	       before->part.number + 1 == next->part.number &&
	       kl_id_equal(&next->part.before, &before->said->id) &&
	       before->attempt == next->attempt &&
	       kl_id_equal(&before->proposal, &next->proposal) &&
	       before->first + before->count == next->first;
}

/* Puts the parts of OPENs in their places, first ones first. */
static void chain_sums(struct kl_auditor *a)
{
	for (unsigned number = 1; number <= KL_TALLY_PARTS_MAX; number++)
		for (size_t i = 0; i < a->sums_count; i++) {
			struct kl_audit_sums *sums = &a->sums[i];

			if (sums->part.number != number)
				continue;
			sums->chained = number == 1 && sums->first == 0;
			for (size_t k = 0; number > 1 && k < a->sums_count; k++)
				sums->chained |= follows(sums, &a->sums[k]);
			a->seats[sums->seat - 1].opened |= sums->chained && !sums->part.more;
		}
}

/* ---- members ----------------------------------------------------------------------------------- */

static struct kl_audit_member *member_of(struct kl_auditor *a, const struct kl_audit_said *said)
{
	int column = kl_tally_roster_find(&a->t->roster, &said->author);

	return column >= 0 ? &a->members[column] : NULL;
}

static void take_contrib(struct kl_auditor *a, const struct kl_audit_said *said)
{
	struct kl_audit_member *member = member_of(a, said);
	struct kl_tally_contrib contrib;

	if (!member || kl_tally_contrib_read(kl_audit_payload(said), &contrib) ||
		contrib.number < 1 || contrib.number > KL_SHARE_NUMBER_MAX)
		return;
	if (!member->contrib[contrib.number - 1])
		member->contrib[contrib.number - 1] = said;
}

static void take_withdraw(struct kl_auditor *a, const struct kl_audit_said *said)
{
	struct kl_audit_member *member = member_of(a, said);
	struct kl_tally_withdraw withdraw;

	if (!member || kl_tally_withdraw_read(kl_audit_payload(said), &withdraw) ||
		withdraw.number < 1 || withdraw.number > KL_SHARE_NUMBER_MAX)
		return;
	if (!member->withdraw[withdraw.number - 1])
		member->withdraw[withdraw.number - 1] = said;
}

static void take_decline(struct kl_auditor *a, const struct kl_audit_said *said)
{
	struct kl_audit_member *member = member_of(a, said);

	if (member)
		member->declined = true;
}

/* ---- all of them ------------------------------------------------------------------------------- */

static void sort_in(struct kl_auditor *a, const struct kl_audit_said *said)
{
	if (!said->here)
		return;
	switch (said->kind) {
	case KL_KIND_TALLY_ACCEPT:
		take_accept(a, said);
		break;
	case KL_KIND_TALLY_CONTRIB:
		take_contrib(a, said);
		break;
	case KL_KIND_TALLY_WITHDRAW:
		take_withdraw(a, said);
		break;
	case KL_KIND_TALLY_DECLINE:
		take_decline(a, said);
		break;
	case KL_KIND_TALLY_INTAKE:
		take_intake(a, said);
		break;
	case KL_KIND_TALLY_PROPOSE:
		take_propose(a, said);
		break;
	case KL_KIND_TALLY_VOTE:
		take_vote(a, said);
		break;
	case KL_KIND_TALLY_SKIP:
		take_skip(a, said);
		break;
	case KL_KIND_TALLY_QUIT:
		take_quit(a, said);
		break;
	case KL_KIND_TALLY_OPEN:
		take_open(a, said);
		break;
	default: /* looked at where it is asked for */
		break;
	}
}

void kl_auditor_gather(struct kl_auditor *a)
{
	a->members = calloc(a->t->roster.count + 1U, sizeof *a->members);
	a->chosen = calloc(a->t->roster.count + 1U, sizeof *a->chosen);
	a->presence = calloc(a->t->roster.count + 1U, sizeof *a->presence);
	a->late = calloc(a->t->call.metric_count, sizeof *a->late);
	if (!a->members || !a->chosen || !a->presence || !a->late) {
		a->rc = KL_E_NOMEM;
		return;
	}
	kl_tally_controls(&a->t->roster, a->controls);
	for (size_t i = 0; i < a->said_count && !a->rc; i++)
		sort_in(a, &a->said[i]);
	for (size_t i = 0; i < a->proposal_count && !a->rc; i++)
		read_proposal(a, &a->proposals[i]);
	chain_sums(a);
}
