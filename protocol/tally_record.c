/* Taking committed records in. A record that breaks a rule changes nothing. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

struct kl_tally *kl_tally_of(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t;
	struct kl_id id;

	if (kl_tally_payload_tally(payload, &id))
		return NULL;
	t = kl_tallies_find(book, &id);
	if (t && t->gate == KL_GATE_INVALID)
		return NULL;
	if (t) {
		int column = kl_tally_roster_find(&t->roster, &book->event->u.record.author);

		if (column >= 0)
			t->columns[column].heard = true;
		return t;
	}
	for (size_t i = 0; i < book->unknown_count; i++) {
		if (kl_id_equal(&book->unknown[i], &id))
			return NULL;
	}
	if (book->unknown_count < KL_TALLY_UNKNOWN_MAX)
		book->unknown[book->unknown_count++] = id;
	else
		book->unknown_more = true; /* somebody invents them */
	return NULL;
}

/* The seat, if the author holds it. */
static struct kl_tally_seat *seat_of(struct kl_tally *t, const struct kl_id *author, unsigned seat)
{
	if (seat < 1 || seat > t->committee.n)
		return NULL;
	return kl_id_equal(&t->seats[seat - 1].member, author) ? &t->seats[seat - 1] : NULL;
}

static bool is_own(const struct kl_tallies *book)
{
	return kl_id_equal(&book->event->u.record.author, &book->options.own);
}

void kl_tally_returned(struct kl_tallies *book, struct kl_tally *t, unsigned ask)
{
	if (is_own(book))
		t->asked &= ~ask;
}

/* ---- chains of parts ------------------------------------------------------------------------ */

/* True if this is the next part; then the chain has grown by it. */
static bool chain_take(
	struct kl_chain *chain, const struct kl_tally_part *part, const struct kl_id *id)
{
	if (chain->complete || part->number != chain->parts + 1)
		return false;
	if (part->number > 1 && !kl_id_equal(&part->before, &chain->last))
		return false;
	if (part->number == 1)
		chain->first = *id;
	chain->last = *id;
	chain->parts = part->number;
	chain->complete = !part->more;
	return true;
}

/* Appends `count` items; false if there is no memory. */
static bool extend(struct kl_tallies *book, void **items, size_t *count, const void *more,
	size_t more_count, size_t size)
{
	uint8_t *memory;

	if (more_count == 0)
		return true;
	memory = realloc(*items, (*count + more_count) * size);
	if (!memory) {
		book->rc = KL_E_NOMEM;
		return false;
	}
	memcpy(memory + *count * size, more, more_count * size);
	*items = memory;
	*count += more_count;
	return true;
}

/* ---- seats ---------------------------------------------------------------------------------- */

static void take_accept(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	struct kl_tally_accept accept;
	struct kl_tally_seat *seat;

	if (!t || kl_tally_accept_read(payload, &accept))
		return;
	seat = seat_of(t, &book->event->u.record.author, accept.seat);
	if (!seat)
		return;
	kl_tally_returned(book, t, KL_DUTY_ACCEPT);
	if (seat->accepted)
		return;
	seat->accepted = true;
	seat->key = accept.key;
}

static void intake_part(
	struct kl_tallies *book, struct kl_tally_seat *seat, const struct kl_tally_intake *intake)
{
	const struct kl_tally_event *event = book->event;

	if (intake->count > 0 && seat->entry_count > 0 &&
		intake->entries[0].member <= seat->entries[seat->entry_count - 1].member)
		return;
	if (!chain_take(&seat->intake, &intake->part, &event->u.record.id))
		return;
	extend(book, (void **)&seat->entries, &seat->entry_count, intake->entries, intake->count,
		sizeof(*seat->entries));
	if (seat->intake.complete)
		seat->intake_since_ms = event->now_ms;
}

static void take_intake(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	struct kl_tally_intake intake;
	struct kl_tally_seat *seat;

	if (!t || kl_tally_intake_read(payload, &intake))
		return;
	seat = seat_of(t, &book->event->u.record.author, intake.seat);
	if (seat) {
		kl_tally_returned(book, t, KL_DUTY_INTAKE);
		intake_part(book, seat, &intake);
	}
	kl_tally_intake_deinit(&intake);
}

static void take_vote(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	struct kl_tally_seat *seat;
	struct kl_tally_vote vote;

	if (!t || kl_tally_vote_read(payload, &vote))
		return;
	seat = seat_of(t, &book->event->u.record.author, vote.seat);
	if (!seat)
		return;
	kl_tally_returned(book, t, KL_DUTY_VOTE);
	for (unsigned i = 0; i < seat->vote_count; i++) {
		if (seat->votes[i].attempt == vote.attempt &&
			kl_id_equal(&seat->votes[i].proposal, &vote.proposal))
			return;
	}
	if (seat->vote_count >= KL_TALLY_VOTES_MAX)
		return;
	seat->vote_ids[seat->vote_count] = book->event->u.record.id;
	seat->votes[seat->vote_count].seat = vote.seat;
	seat->votes[seat->vote_count].attempt = vote.attempt;
	seat->votes[seat->vote_count++].proposal = vote.proposal;
}

static void take_quit(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	struct kl_tally_seat *seat;
	struct kl_tally_quit quit;

	if (!t || kl_tally_quit_read(payload, &quit))
		return;
	seat = seat_of(t, &book->event->u.record.author, quit.seat);
	if (!seat)
		return;
	kl_tally_returned(book, t, KL_ASK_QUIT);
	if (seat->quit)
		return;
	seat->quit = true;
	seat->quit_vote_count = quit.vote_count;
	memcpy(seat->quit_votes, quit.votes, sizeof(seat->quit_votes));
}

static void open_part(
	struct kl_tallies *book, struct kl_tally_seat *seat, const struct kl_tally_open *open)
{
	if (open->attempt != 0 || open->first != seat->sum_count ||
		(open->part.number > 1 && !kl_id_equal(&open->proposal, &seat->open_proposal)))
		return;
	if (!chain_take(&seat->open, &open->part, &book->event->u.record.id))
		return;
	seat->open_proposal = open->proposal;
	extend(book, (void **)&seat->sums, &seat->sum_count, open->sums, open->count,
		sizeof(*seat->sums));
}

static void take_open(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	struct kl_tally_seat *seat;
	struct kl_tally_open open;

	if (!t || kl_tally_open_read(payload, &open))
		return;
	seat = seat_of(t, &book->event->u.record.author, open.seat);
	if (seat) {
		kl_tally_returned(book, t, KL_DUTY_OPEN);
		open_part(book, seat, &open);
		if (open.first < t->stale_first || t->stale_end == 0)
			t->stale_first = open.first;
		if (t->stale_end < (size_t)open.first + open.count)
			t->stale_end = (size_t)open.first + open.count;
	}
	kl_tally_open_deinit(&open);
}

/* ---- proposals ------------------------------------------------------------------------------ */

/* The proposal that a part belongs to; a first part begins a new one, unless it was seen. */
static struct kl_tally_proposal *proposal_of(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_part *part)
{
	const struct kl_id *id = &book->event->u.record.id;

	for (unsigned i = 0; i < t->proposal_count; i++) {
		struct kl_tally_proposal *p = t->proposals[i];

		if (part->number == 1 && kl_id_equal(&p->chain.first, id))
			return NULL;
		if (part->number > 1 && kl_id_equal(&p->chain.last, &part->before))
			return p;
	}
	if (part->number != 1 || t->proposal_count >= KL_TALLY_PROPOSALS_MAX)
		return NULL;
	t->proposals[t->proposal_count] = calloc(1, sizeof(struct kl_tally_proposal));
	if (!t->proposals[t->proposal_count]) {
		book->rc = KL_E_NOMEM;
		return NULL;
	}
	return t->proposals[t->proposal_count++];
}

static void propose_part(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_propose *propose)
{
	struct kl_tally_proposal *p = proposal_of(book, t, &propose->part);

	if (!p || !chain_take(&p->chain, &propose->part, &book->event->u.record.id))
		return;
	if (propose->part.number == 1) {
		p->cited_count = propose->cited_count;
		memcpy(p->cited, propose->cited, sizeof(p->cited));
		p->earlier_count = propose->earlier_count;
		memcpy(p->earlier, propose->earlier, sizeof(p->earlier));
	}
	extend(book, (void **)&p->rows, &p->row_count, propose->rows, propose->row_count,
		sizeof(*p->rows));
}

/* Only the first attempt can be certified as long as nobody can skip one. */
static void take_propose(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	struct kl_tally_propose propose;

	if (!t || kl_tally_propose_read(payload, &propose))
		return;
	if (propose.attempt == 0 &&
		seat_of(t, &book->event->u.record.author, kl_leader(0, t->committee.n))) {
		kl_tally_returned(book, t, KL_DUTY_PROPOSE);
		propose_part(book, t, &propose);
	}
	kl_tally_propose_deinit(&propose);
}

static void take_close(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	struct kl_tally_close close;

	if (!t || kl_tally_close_read(payload, &close) ||
		!kl_id_equal(&t->convenor, &book->event->u.record.author))
		return;
	kl_tally_returned(book, t, KL_ASK_CLOSE);
	if (t->close_seen)
		return;
	t->close_seen = true;
	if (close.outcome == KL_CLOSE_RESULT)
		book->last_result = close.result;
}

/* ---- all of them ---------------------------------------------------------------------------- */

void kl_tally_record(struct kl_tallies *book)
{
	const struct kl_tally_event *event = book->event;
	struct kl_bytes payload = event->u.record.payload;

	if (event->u.record.kind == KL_KIND_TALLY_SHARE) {
		kl_tally_take_share(book);
		return;
	}
	if (event->u.record.erased)
		return;
	switch (event->u.record.kind) {
	case KL_KIND_TALLY_ACCEPT:
		take_accept(book, payload);
		break;
	case KL_KIND_TALLY_CONTRIB:
		kl_tally_take_contrib(book, payload);
		break;
	case KL_KIND_TALLY_DECLINE:
		kl_tally_take_decline(book, payload);
		break;
	case KL_KIND_TALLY_INTAKE:
		take_intake(book, payload);
		break;
	case KL_KIND_TALLY_PROPOSE:
		take_propose(book, payload);
		break;
	case KL_KIND_TALLY_VOTE:
		take_vote(book, payload);
		break;
	case KL_KIND_TALLY_OPEN:
		take_open(book, payload);
		break;
	case KL_KIND_TALLY_QUIT:
		take_quit(book, payload);
		break;
	case KL_KIND_TALLY_CLOSE:
		take_close(book, payload);
		break;
	default: /* kinds that a later version may understand */
		break;
	}
}
