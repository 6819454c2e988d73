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
	bool *early; /* set for a part that follows one which is not here */
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

/* True if the entries of a part go on behind those of so many parts of a chain. */
static bool ascends(
	const struct kl_intake_said *said, unsigned parts, const struct kl_tally_intake *intake)
{
	size_t count = parts ? said->chain.parts[parts - 1].end : 0;

	return intake->count == 0 || count == 0 ||
	       intake->entries[0].member > said->entries[count - 1].member;
}

/* The INTAKE that a part belongs to; the first part of another one begins it. */
static struct kl_intake_said *intake_for(const struct taking *taking, struct kl_tally_seat *seat,
	const struct kl_tally_intake *intake)
{
	const struct kl_tally_part *part = &intake->part;
	int branch = -1;
	struct kl_intake_said *said;

	for (int i = 0; i < seat->intake_count; i++) {
		switch (kl_chain_place(&seat->intakes[i].chain, part, &taking->record->id)) {
		case KL_CHAIN_KNOWN:
			return NULL;
		case KL_CHAIN_NEXT:
			return &seat->intakes[i];
		case KL_CHAIN_BRANCH:
			branch = i;
			break;
		case KL_CHAIN_NONE:
			break;
		}
	}
	if (part->number > 1 && branch < 0) {
		*taking->early = true;
		return NULL;
	}
	if (seat->intake_count >= KL_TALLY_INTAKES_MAX)
		return NULL;
	if (branch >= 0 && !ascends(&seat->intakes[branch], part->number - 1U, intake))
		return NULL;
	said = add(taking, (void **)&seat->intakes, &seat->intake_count, sizeof(*said));
	if (said && branch >= 0)
		kl_chain_branch(taking->book, &seat->intakes[branch].chain, part->number - 1U,
			seat->intakes[branch].entries, sizeof(*said->entries), &said->chain,
			(void **)&said->entries, &said->entry_count);
	return said;
}

static void intake_part(const struct taking *taking, struct kl_tally_seat *seat,
	const struct kl_tally_intake *intake)
{
	struct kl_intake_said *said = intake_for(taking, seat, intake);

	if (!said || !ascends(said, said->chain.count, intake))
		return;
	kl_chain_add(taking->book, &said->chain, &intake->part, taking->record,
		(void **)&said->entries, &said->entry_count, intake->entries, intake->count,
		sizeof(*said->entries));
	if (said->chain.complete)
		said->since_ms = taking->book->event->now_ms;
}

static void take_intake(const struct taking *taking)
{
	struct kl_tally_intake intake;
	struct kl_tally_seat *seat;

	if (kl_tally_intake_read(taking->record->payload, &intake))
		return;
	seat = seat_of(taking, intake.seat);
	if (seat) {
		returned(taking, KL_DUTY_INTAKE);
		intake_part(taking, seat, &intake);
	}
	kl_tally_intake_deinit(&intake);
}

/* ---- PROPOSE -------------------------------------------------------------------------------- */

/* An attempt has as many proposals as are kept of one. The first of them makes room only if another one
 * of the attempt is certified and not here. */
static struct kl_tally_proposal *make_room(struct kl_tally *t, uint32_t attempt)
{
	struct kl_tally_proposal *p;
	size_t at = 0;

	if (!t->has_certified || attempt != t->certified_attempt || kl_tally_certified_here(t)) {
		t->left_out = true;
		return NULL;
	}
	while (t->proposals[at]->attempt != attempt)
		at++;
	p = t->proposals[at];
	kl_proposal_clear(p);
	memmove(&t->proposals[at], &t->proposals[at + 1],
		(t->proposal_count - at - 1) * sizeof(struct kl_tally_proposal *));
	t->proposals[t->proposal_count - 1] = p;
	return p;
}

static struct kl_tally_proposal *begin_proposal(const struct taking *taking, uint32_t attempt)
{
	struct kl_tally *t = taking->t;
	struct kl_tally_proposal **place, *p;
	unsigned same = 0;

	for (size_t i = 0; i < t->proposal_count; i++)
		same += t->proposals[i]->attempt == attempt;
	if (same >= KL_TALLY_PROPOSALS_MAX) {
		p = make_room(t, attempt);
		if (p)
			p->attempt = attempt;
		return p;
	}
	p = calloc(1, sizeof(*p));
	place = p ? (struct kl_tally_proposal **)kl_grow(taking->book, (void **)&t->proposals,
			    &t->proposal_count, &t->proposal_capacity, sizeof(p))
		  : NULL;
	if (!place) {
		taking->book->rc = KL_E_NOMEM;
		free(p);
		return NULL;
	}
	p->attempt = attempt;
	*place = p;
	return p;
}

/* The proposal that a part belongs to; the first part of another one begins it. */
static struct kl_tally_proposal *proposal_for(
	const struct taking *taking, const struct kl_tally_propose *propose)
{
	struct kl_tally *t = taking->t;
	const struct kl_tally_proposal *branch = NULL;
	struct kl_tally_proposal *p;

	for (size_t i = 0; i < t->proposal_count; i++) {
		p = t->proposals[i];
		if (p->attempt != propose->attempt)
			continue;
		switch (kl_chain_place(&p->chain, &propose->part, &taking->record->id)) {
		case KL_CHAIN_KNOWN:
			return NULL;
		case KL_CHAIN_NEXT:
			return p;
		case KL_CHAIN_BRANCH:
			branch = p;
			break;
		case KL_CHAIN_NONE:
			break;
		}
	}
	if (propose->part.number > 1 && !branch) {
		*taking->early = true;
		return NULL;
	}
	p = begin_proposal(taking, propose->attempt);
	if (!p || !branch)
		return p;
	p->cited_count = branch->cited_count;
	memcpy(p->cited, branch->cited, sizeof(p->cited));
	p->earlier_count = branch->earlier_count;
	memcpy(p->earlier, branch->earlier, sizeof(p->earlier));
	kl_chain_branch(taking->book, &branch->chain, propose->part.number - 1U, branch->rows,
		sizeof(*p->rows), &p->chain, (void **)&p->rows, &p->row_count);
	return p;
}

static void propose_part(const struct taking *taking, const struct kl_tally_propose *propose)
{
	struct kl_tally_proposal *p = proposal_for(taking, propose);

	if (!p)
		return;
	if (propose->part.number == 1) {
		p->cited_count = propose->cited_count;
		memcpy(p->cited, propose->cited, sizeof(p->cited));
		p->earlier_count = propose->earlier_count;
		memcpy(p->earlier, propose->earlier, sizeof(p->earlier));
	}
	kl_chain_add(taking->book, &p->chain, &propose->part, taking->record, (void **)&p->rows,
		&p->row_count, propose->rows, propose->row_count, sizeof(*p->rows));
}

static void take_propose(const struct taking *taking)
{
	struct kl_tally_propose propose;

	if (kl_tally_propose_read(taking->record->payload, &propose))
		return;
	if (propose.attempt < KL_TALLY_ATTEMPTS_MAX &&
		seat_of(taking, kl_leader(propose.attempt, taking->t->committee.n))) {
		returned(taking, KL_DUTY_PROPOSE);
		propose_part(taking, &propose);
	}
	kl_tally_propose_deinit(&propose);
}

/* ---- VOTE, QUIT ----------------------------------------------------------------------------- */

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
	if (same >= KL_TALLY_VOTES_MAX)
		return;
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

/* True if a part goes on behind so many parts of an OPEN. */
static bool goes_on(
	const struct kl_open_said *said, unsigned parts, const struct kl_tally_open *open)
{
	return open->first == (parts ? said->chain.parts[parts - 1].end : 0) &&
	       open->attempt == said->attempt && kl_id_equal(&open->proposal, &said->proposal);
}

/* The OPEN that a part belongs to; the first part of another one begins it. */
static struct kl_open_said *open_for(
	const struct taking *taking, struct kl_tally_seat *seat, const struct kl_tally_open *open)
{
	unsigned before = open->part.number - 1U;
	struct kl_open_said *said;
	int branch = -1;

	for (int i = 0; i < seat->open_count; i++) {
		switch (kl_chain_place(&seat->opens[i].chain, &open->part, &taking->record->id)) {
		case KL_CHAIN_KNOWN:
			return NULL;
		case KL_CHAIN_NEXT:
			return goes_on(&seat->opens[i], before, open) ? &seat->opens[i] : NULL;
		case KL_CHAIN_BRANCH:
			branch = i;
			break;
		case KL_CHAIN_NONE:
			break;
		}
	}
	*taking->early = branch < 0 && before > 0;
	if (seat->open_count >= KL_TALLY_SAID_MAX ||
		(branch < 0 ? before > 0 || open->first > 0
			    : !goes_on(&seat->opens[branch], before, open)))
		return NULL;
	said = add(taking, (void **)&seat->opens, &seat->open_count, sizeof(*said));
	if (!said)
		return NULL;
	said->attempt = open->attempt;
	said->proposal = open->proposal;
	if (branch >= 0)
		kl_chain_branch(taking->book, &seat->opens[branch].chain, before,
			seat->opens[branch].sums, sizeof(*said->sums), &said->chain,
			(void **)&said->sums, &said->sum_count);
	return said;
}

static void open_part(
	const struct taking *taking, struct kl_tally_seat *seat, const struct kl_tally_open *open)
{
	unsigned known = seat->open_count;
	struct kl_open_said *said = open_for(taking, seat, open);
	struct kl_tally *t = taking->t;
	size_t first = open->first;

	if (!said)
		return;
	if (seat->open_count > known) /* another story begins with parts of the one before */
		first = 0;
	kl_chain_add(taking->book, &said->chain, &open->part, taking->record, (void **)&said->sums,
		&said->sum_count, open->sums, open->count, sizeof(*said->sums));
	if (first < t->stale_first || t->stale_end == 0)
		t->stale_first = first;
	if (t->stale_end < said->sum_count)
		t->stale_end = said->sum_count;
}

static void take_open(const struct taking *taking)
{
	struct kl_tally_seat *seat;
	struct kl_tally_open open;

	if (kl_tally_open_read(taking->record->payload, &open))
		return;
	seat = seat_of(taking, open.seat);
	if (seat && open.attempt < KL_TALLY_ATTEMPTS_MAX) {
		returned(taking, KL_DUTY_OPEN);
		open_part(taking, seat, &open);
	}
	kl_tally_open_deinit(&open);
}

/* ---- parts that came early ------------------------------------------------------------------ */

static void keep_stray(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_seat_record *record)
{
	struct kl_stray *stray;
	unsigned same = 0;
	uint8_t *payload;

	for (size_t i = 0; i < t->stray_count; i++) {
		if (kl_id_equal(&t->strays[i].record.id, &record->id))
			return;
		same += kl_id_equal(&t->strays[i].record.author, &record->author);
	}
	if (same >= KL_TALLY_STRAYS_MAX)
		return;
	payload = malloc(record->payload.len);
	stray = payload ? kl_grow(book, (void **)&t->strays, &t->stray_count, &t->stray_capacity,
				  sizeof(*stray))
			: NULL;
	if (!stray) {
		book->rc = KL_E_NOMEM;
		free(payload);
		return;
	}
	memcpy(payload, record->payload.data, record->payload.len);
	stray->payload = payload;
	stray->record = *record;
	stray->record.payload = kl_bytes(payload, record->payload.len);
}

/* ---- all of them ---------------------------------------------------------------------------- */

/* False if it is a part of which the one before is not here. */
static bool take(struct kl_tallies *book, struct kl_tally *t, const struct kl_seat_record *record)
{
	bool early = false;
	const struct taking taking = {book, t, record, &early};

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
	return !early;
}

/* Whatever was taken may be what one of them waited for. */
static void take_strays(struct kl_tallies *book, struct kl_tally *t)
{
	size_t i = 0;

	while (i < t->stray_count && !book->rc) {
		struct kl_stray stray = t->strays[i];

		if (!take(book, t, &stray.record)) {
			i++;
			continue;
		}
		t->stray_count--;
		memmove(&t->strays[i], &t->strays[i + 1],
			(t->stray_count - i) * sizeof(*t->strays));
		free(stray.payload);
		i = 0;
	}
}

void kl_tally_take_seat(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_seat_record *record)
{
	if (take(book, t, record))
		take_strays(book, t);
	else if (record->loose)
		keep_stray(book, t, record);
	for (unsigned seat = 1; seat <= t->committee.n; seat++) {
		if (kl_id_equal(&t->seats[seat - 1].member, &record->author))
			kl_tally_find_conflict(book, t, seat);
	}
}
