/* Taking in what seats say. Whatever they say in the place of one thing is kept side by side, so that
 * what follows from it does not depend on which came first. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

/* Where the record at hand belongs. */
struct taking {
	struct kl_tallies *book;
	struct kl_tally *t;
	const struct kl_seat_record *record;
};

/* The seat, if the author holds it. */
static struct kl_tally_seat *seat_of(const struct taking *taking, unsigned seat)
{
	struct kl_tally *t = taking->t;

	if (seat < 1 || seat > t->committee.n)
		return NULL;
	return kl_id_equal(&t->seats[seat - 1].member, &taking->record->author)
		       ? &t->seats[seat - 1]
		       : NULL;
}

static void returned(const struct taking *taking, unsigned ask)
{
	if (taking->record->own)
		taking->t->asked &= ~ask;
}

/* Adds a zeroed item to a short list; NULL if there is no memory. */
static void *add(const struct taking *taking, void **items, uint8_t *count, size_t size)
{
	uint8_t *memory = realloc(*items, (*count + 1U) * size);

	if (!memory) {
		taking->book->rc = KL_E_NOMEM;
		return NULL;
	}
	*items = memory;
	memory += (*count)++ * size;
	memset(memory, 0, size);
	return memory;
}

/* ---- ACCEPT, SKIP --------------------------------------------------------------------------- */

static void take_accept(const struct taking *taking)
{
	struct kl_tally_accept accept;
	struct kl_tally_seat *seat;

	if (kl_tally_accept_read(taking->record->payload, &accept))
		return;
	seat = seat_of(taking, accept.seat);
	if (!seat)
		return;
	returned(taking, KL_DUTY_ACCEPT);
	if (seat->accepted) {
		if (!kl_id_equal(&seat->key, &accept.key))
			seat->other_accept = taking->record->id;
		return;
	}
	seat->accepted = true;
	seat->accept = taking->record->id;
	seat->key = accept.key;
}

static void take_skip(const struct taking *taking)
{
	struct kl_tally_skip skip;
	struct kl_tally_seat *seat;

	if (kl_tally_skip_read(taking->record->payload, &skip))
		return;
	seat = seat_of(taking, skip.seat);
	if (!seat || skip.attempt >= KL_TALLY_ATTEMPTS_MAX)
		return;
	returned(taking, KL_ASK_SKIP);
	if (kl_seat_skipped(seat, skip.attempt))
		return;
	seat->skipped = (uint16_t)(seat->skipped | 1U << skip.attempt);
	seat->skips[skip.attempt] = taking->record->id;
}

/* ---- INTAKE --------------------------------------------------------------------------------- */

/* What a part says of itself, whatever it is a part of. */
static struct kl_part_said part_of(const struct taking *taking, const struct kl_tally_part *part)
{
	return (struct kl_part_said){.id = taking->record->id,
		.payload_hash = taking->record->payload_hash,
		.part = *part};
}

static void take_intake(const struct taking *taking)
{
	const struct kl_part_said *added;
	struct kl_tally_intake intake;
	struct kl_tally_seat *seat;
	struct kl_part_said part;

	if (kl_tally_intake_read(taking->record->payload, &intake))
		return;
	seat = seat_of(taking, intake.seat);
	if (seat) {
		returned(taking, KL_DUTY_INTAKE);
		part = part_of(taking, &intake.part);
		part.items = intake.entries;
		part.count = intake.count;
		if (part.count > 0) {
			part.first = intake.entries[0].member;
			part.end = intake.entries[part.count - 1].member + 1U;
		}
		added = kl_parts_add(
			taking->book, &seat->intake_parts, &part, sizeof(*intake.entries));
		if (added)
			kl_tally_compare_part(taking->book, seat, &seat->intake_parts, added);
		kl_whole_intake(taking->book, seat);
	}
	kl_tally_intake_deinit(&intake);
}

/* ---- PROPOSE -------------------------------------------------------------------------------- */

/* What a first part cites. */
static struct kl_tally_propose *head_of(
	const struct taking *taking, const struct kl_tally_propose *propose)
{
	struct kl_tally_propose *head = malloc(sizeof(*head));

	if (!head) {
		taking->book->rc = KL_E_NOMEM;
		return NULL;
	}
	*head = *propose;
	head->rows = NULL;
	head->row_count = 0;
	return head;
}

static void propose_part(const struct taking *taking, struct kl_tally_seat *seat,
	const struct kl_tally_propose *propose)
{
	struct kl_part_said part = part_of(taking, &propose->part);
	const struct kl_part_said *added;

	part.attempt = propose->attempt;
	part.items = propose->rows;
	part.count = propose->row_count;
	if (propose->part.number == 1 && !(part.head = head_of(taking, propose)))
		return;
	added = kl_parts_add(
		taking->book, &seat->propose_parts, &part, sizeof(struct kl_proposal_row));
	if (!added) {
		free(part.head);
		return;
	}
	kl_tally_compare_part(taking->book, seat, &seat->propose_parts, added);
	kl_whole_proposals(
		taking->book, taking->t, kl_leader(propose->attempt, taking->t->committee.n));
}

static void take_propose(const struct taking *taking)
{
	struct kl_tally_propose propose;
	struct kl_tally_seat *seat;

	if (kl_tally_propose_read(taking->record->payload, &propose))
		return;
	seat = seat_of(taking, kl_leader(propose.attempt, taking->t->committee.n));
	if (seat && propose.attempt < KL_TALLY_ATTEMPTS_MAX) {
		returned(taking, KL_DUTY_PROPOSE);
		propose_part(taking, seat, &propose);
	}
	kl_tally_propose_deinit(&propose);
}

/* ---- VOTE, QUIT ----------------------------------------------------------------------------- */

static bool is_wanted_by(const struct kl_tally_seat *seat, const struct kl_id *vote)
{
	for (unsigned i = 0; i < seat->wanted_count; i++) {
		if (kl_id_equal(&seat->wanted[i], vote))
			return true;
	}
	return false;
}

/* Whether the OPEN of a seat cites the vote at hand: it saw a certificate with it. */
static bool is_wanted(const struct taking *taking)
{
	for (unsigned j = 0; j < taking->t->committee.n; j++) {
		if (is_wanted_by(&taking->t->seats[j], &taking->record->id))
			return true;
	}
	return false;
}

static void take_vote(const struct taking *taking)
{
	struct kl_vote_said *said;
	struct kl_tally_seat *seat;
	struct kl_tally_vote vote;
	unsigned same = 0;

	if (kl_tally_vote_read(taking->record->payload, &vote))
		return;
	seat = seat_of(taking, vote.seat);
	if (!seat || vote.attempt >= KL_TALLY_ATTEMPTS_MAX)
		return;
	returned(taking, KL_DUTY_VOTE);
	for (unsigned i = 0; i < seat->vote_count; i++) {
		if (seat->votes[i].attempt != vote.attempt)
			continue;
		same++;
		if (kl_id_equal(&seat->votes[i].proposal, &vote.proposal))
			return;
	}
	if (same >= KL_TALLY_VOTES_MAX) {
		seat->left_out = true;
		if (!is_wanted(taking) || seat->cited_votes == KL_TALLY_WANTED_MAX)
			return;
		seat->cited_votes++;
	}
	said = add(taking, (void **)&seat->votes, &seat->vote_count, sizeof(*said));
	if (said)
		*said = (struct kl_vote_said){vote.attempt, vote.proposal, taking->record->id};
}

static void take_quit(const struct taking *taking)
{
	struct kl_tally_seat *seat;
	struct kl_tally_quit quit;
	struct kl_quit_said *said;

	if (kl_tally_quit_read(taking->record->payload, &quit))
		return;
	seat = seat_of(taking, quit.seat);
	if (!seat)
		return;
	returned(taking, KL_ASK_QUIT);
	seat->quit = true;
	for (unsigned i = 0; i < seat->quit_count; i++) {
		if (kl_id_equal(&seat->quits[i].id, &taking->record->id))
			return;
	}
	if (seat->quit_count >= KL_TALLY_SAID_MAX)
		return;
	said = add(taking, (void **)&seat->quits, &seat->quit_count, sizeof(*said));
	if (!said)
		return;
	said->id = taking->record->id;
	said->vote_count = quit.vote_count;
	memcpy(said->votes, quit.votes, sizeof(said->votes));
}

/* ---- OPEN ----------------------------------------------------------------------------------- */

/* Rows of which a sum has come are looked at again. */
static void look_at_fresh(struct kl_tally *t, struct kl_tally_seat *seat)
{
	for (size_t i = 0; i < seat->open_parts.count; i++) {
		struct kl_part_said *p = &seat->open_parts.of[i];

		if (!p->fresh)
			continue;
		p->fresh = false;
		seat->opened |= !p->part.more;
		if (t->stale_end == 0 || p->first < t->stale_first)
			t->stale_first = p->first;
		if (t->stale_end < p->end)
			t->stale_end = p->end;
	}
}

static bool is_vote_here(const struct kl_tally *t, const struct kl_id *vote)
{
	for (unsigned j = 0; j < t->committee.n; j++) {
		for (unsigned i = 0; i < t->seats[j].vote_count; i++) {
			if (kl_id_equal(&t->seats[j].votes[i].id, vote))
				return true;
		}
	}
	return false;
}

/* Of a cheat that votes for many things members keep different votes: what somebody saw in a certificate
 * is kept by all. */
static void want_votes(
	const struct taking *taking, struct kl_tally_seat *seat, const struct kl_tally_open *open)
{
	struct kl_tally *t = taking->t;
	bool more = false, left_out = false;

	for (unsigned i = 0; i < open->vote_count && seat->wanted_count < KL_TALLY_WANTED_MAX;
		i++) {
		if (is_vote_here(t, &open->votes[i]))
			continue;
		if (is_wanted_by(seat, &open->votes[i]))
			continue;
		seat->wanted[seat->wanted_count++] = open->votes[i];
		more = true;
	}
	for (unsigned j = 0; j < t->committee.n; j++)
		left_out |= t->seats[j].left_out;
	if (more && left_out)
		kl_tally_want_replay(taking->book, &t->id);
}

/* More rows than the call has metrics and cohorts stand in no proposal. */
static bool rows_fit(const struct kl_tally *t, const struct kl_tally_open *open)
{
	return (size_t)open->first + open->count <=
	       (size_t)t->call.metric_count * t->call.cohort_count;
}

static void open_part(
	const struct taking *taking, struct kl_tally_seat *seat, const struct kl_tally_open *open)
{
	struct kl_part_said part = part_of(taking, &open->part);
	const struct kl_part_said *added;

	part.attempt = open->attempt;
	part.proposal = open->proposal;
	part.first = open->first;
	part.end = open->first + open->count;
	part.items = open->sums;
	part.count = open->count;
	seat->open_parts.sums = true;
	added = kl_parts_add(taking->book, &seat->open_parts, &part, sizeof(*open->sums));
	if (!added)
		return;
	kl_tally_compare_part(taking->book, seat, &seat->open_parts, added);
	look_at_fresh(taking->t, seat);
}

static void take_open(const struct taking *taking)
{
	struct kl_tally_seat *seat;
	struct kl_tally_open open;

	if (kl_tally_open_read(taking->record->payload, &open))
		return;
	seat = seat_of(taking, open.seat);
	if (seat && open.attempt < KL_TALLY_ATTEMPTS_MAX && rows_fit(taking->t, &open)) {
		returned(taking, KL_DUTY_OPEN);
		want_votes(taking, seat, &open);
		open_part(taking, seat, &open);
	}
	kl_tally_open_deinit(&open);
}

/* ---- all of them ---------------------------------------------------------------------------- */

void kl_tally_take_seat(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_seat_record *record)
{
	const struct taking taking = {book, t, record};

	switch (record->kind) {
	case KL_KIND_TALLY_ACCEPT:
		take_accept(&taking);
		break;
	case KL_KIND_TALLY_INTAKE:
		take_intake(&taking);
		break;
	case KL_KIND_TALLY_PROPOSE:
		take_propose(&taking);
		break;
	case KL_KIND_TALLY_VOTE:
		take_vote(&taking);
		break;
	case KL_KIND_TALLY_SKIP:
		take_skip(&taking);
		break;
	case KL_KIND_TALLY_OPEN:
		take_open(&taking);
		break;
	case KL_KIND_TALLY_QUIT:
		take_quit(&taking);
		break;
	default:
		break;
	}
	for (unsigned j = 0; j < t->committee.n; j++) {
		if (kl_id_equal(&t->seats[j].member, &record->author))
			kl_tally_find_conflict(book, &t->seats[j]);
	}
}
