/* Seats that contradict themselves, and feeds that fork: taking EVIDENCE in, finding what there is to
 * show, and showing it. */
#include "protocol/tally_book.h"
#include "protocol/tally_conflict.h"

#include <string.h>

enum { TURNS = 64 }; /* publishers wait for each other: so many turns in the decide window */

/* ---- finding -------------------------------------------------------------------------------- */

static void note_conflict(struct kl_tallies *book, struct kl_tally_seat *seat,
	const struct kl_id *a, const struct kl_id *b)
{
	struct kl_seat_proof *proof = &seat->proof;

	if (proof->conflicts)
		return;
	proof->conflicts = true;
	proof->records[0] = *a;
	proof->records[1] = *b;
	proof->since_ms = book->event->now_ms;
}

/* Whether two parts stand in each other's place: of one number, and in a proposal of one attempt behind
 * one part; two parts of an OPEN may say the same. */
static bool parts_clash(
	const struct kl_parts *parts, const struct kl_part_said *a, const struct kl_part_said *b)
{
	if (a->part.number != b->part.number || kl_id_equal(&a->id, &b->id))
		return false;
	if (parts->sums)
		return !kl_id_equal(&a->payload_hash, &b->payload_hash);
	return a->attempt == b->attempt;
}

void kl_tally_compare_part(struct kl_tallies *book, struct kl_tally_seat *seat,
	const struct kl_parts *parts, const struct kl_part_said *added)
{
	for (size_t i = 0; i < parts->count && !seat->proof.conflicts; i++) {
		const struct kl_part_said *other = &parts->of[i];

		if (parts_clash(parts, other, added) &&
			(parts != &seat->propose_parts ||
				kl_id_equal(&other->part.before, &added->part.before)))
			note_conflict(book, seat, &other->id, &added->id);
	}
}

static bool quit_names(
	const struct kl_quit_said *quit, uint32_t attempt, const struct kl_id *proposal)
{
	for (unsigned i = 0; i < quit->vote_count; i++) {
		if (quit->votes[i].attempt == attempt &&
			kl_id_equal(&quit->votes[i].proposal, proposal))
			return true;
	}
	return false;
}

static bool quits_differ(const struct kl_quit_said *a, const struct kl_quit_said *b)
{
	for (unsigned i = 0; i < a->vote_count; i++) {
		if (!quit_names(b, a->votes[i].attempt, &a->votes[i].proposal))
			return true;
	}
	return false;
}

static void compare_votes(struct kl_tallies *book, struct kl_tally_seat *seat)
{
	for (unsigned i = 0; i < seat->vote_count; i++) {
		const struct kl_vote_said *vote = &seat->votes[i];

		for (unsigned k = 0; k < i; k++) {
			if (seat->votes[k].attempt == vote->attempt)
				note_conflict(book, seat, &seat->votes[k].id, &vote->id);
		}
		if (kl_seat_skipped(seat, vote->attempt))
			note_conflict(book, seat, &vote->id, &seat->skips[vote->attempt]);
		for (unsigned k = 0; k < seat->quit_count; k++) {
			if (!quit_names(&seat->quits[k], vote->attempt, &vote->proposal))
				note_conflict(book, seat, &vote->id, &seat->quits[k].id);
		}
	}
}

static void compare_quits(struct kl_tallies *book, struct kl_tally_seat *seat)
{
	if (seat->quit_count == 0)
		return;
	if (seat->open_parts.count > 0)
		note_conflict(book, seat, &seat->open_parts.of[0].id, &seat->quits[0].id);
	for (unsigned i = 1; i < seat->quit_count; i++) {
		if (quits_differ(&seat->quits[0], &seat->quits[i]) ||
			quits_differ(&seat->quits[i], &seat->quits[0]))
			note_conflict(book, seat, &seat->quits[0].id, &seat->quits[i].id);
	}
}

void kl_tally_find_conflict(struct kl_tallies *book, struct kl_tally_seat *seat)
{
	if (seat->proof.conflicts || book->rc)
		return;
	if (!kl_id_is_zero(&seat->other_accept))
		note_conflict(book, seat, &seat->accept, &seat->other_accept);
	compare_votes(book, seat);
	compare_quits(book, seat);
}

/* ---- taking in ------------------------------------------------------------------------------ */

static struct kl_shown *shown_of(const struct kl_tally *t, const struct kl_id *record)
{
	for (size_t i = 0; i < t->shown_count; i++) {
		if (kl_id_equal(&t->shown[i].record, record))
			return &t->shown[i];
	}
	return NULL;
}

/* True if everybody sees the record in some EVIDENCE, or will. */
static bool is_shown(const struct kl_tally *t, const struct kl_id *record)
{
	const struct kl_shown *shown = shown_of(t, record);

	return shown && !shown->loose;
}

static void note_shown(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_id *record, bool loose)
{
	const struct kl_id *within = &book->event->u.record.id;
	struct kl_shown *shown = shown_of(t, record);

	if (shown && (loose ? !kl_id_equal(&shown->within, within) : !shown->loose))
		return;
	if (!shown)
		shown = kl_grow(book, (void **)&t->shown, &t->shown_count, &t->shown_capacity,
			sizeof(*shown));
	if (shown)
		*shown = (struct kl_shown){*record, *within, loose};
}

/* Whether something of the record is kept: anything else can be shown without end and changes nothing. */
static bool is_kept(const struct kl_tally_seat *seat, const struct kl_id *record)
{
	if (kl_id_equal(&seat->accept, record) || kl_id_equal(&seat->other_accept, record) ||
		kl_parts_has(&seat->intake_parts, record) ||
		kl_parts_has(&seat->propose_parts, record) ||
		kl_parts_has(&seat->open_parts, record))
		return true;
	for (unsigned i = 0; i < seat->vote_count; i++) {
		if (kl_id_equal(&seat->votes[i].id, record))
			return true;
	}
	for (unsigned i = 0; i < KL_TALLY_ATTEMPTS_MAX; i++) {
		if (kl_id_equal(&seat->skips[i], record))
			return true;
	}
	for (unsigned i = 0; i < seat->quit_count; i++) {
		if (kl_id_equal(&seat->quits[i].id, record))
			return true;
	}
	return false;
}

/* Remembers a record of a seat that not everybody will get by itself. */
static void note_frozen(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_id *record, unsigned seat)
{
	struct kl_frozen *frozen;
	unsigned count = 0;

	for (size_t i = 0; i < t->frozen_count; i++) {
		if (kl_id_equal(&t->frozen[i].record, record))
			return;
		count += t->frozen[i].seat == seat;
	}
	if (count == KL_TALLY_FROZEN_MAX || !is_kept(&t->seats[seat - 1], record))
		return;
	frozen = kl_grow(
		book, (void **)&t->frozen, &t->frozen_count, &t->frozen_capacity, sizeof(*frozen));
	if (!frozen)
		return;
	frozen->record = *record;
	frozen->seat = (uint8_t)seat;
	frozen->since_ms = book->event->now_ms;
}

/* What is shown behind a fork is shown to some: it has to be shown once more. */
static void take_shown(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_record *record, unsigned seat)
{
	bool loose = book->event->kind == KL_TALLY_FROZEN;
	const struct kl_seat_record taken = {.author = record->h.author,
		.id = record->id,
		.payload_hash = record->h.payload_hash,
		.kind = record->h.kind,
		.payload = record->payload};

	note_shown(book, t, &record->id, loose);
	kl_tally_take_seat(book, t, &taken);
	if (loose)
		note_frozen(book, t, &record->id, seat);
}

static void note_proof(struct kl_tallies *book, const struct kl_tally *t,
	struct kl_tally_seat *seat, const struct kl_record *records)
{
	const struct kl_tally_event *event = book->event;
	struct kl_seat_proof *proof = &seat->proof;

	note_conflict(book, seat, &records[0].id, &records[1].id);
	if (event->kind == KL_TALLY_FROZEN) {
		proof->proven &= !kl_id_equal(&proof->evidence, &event->u.record.id);
	} else if (!proof->proven) {
		proof->proven = true;
		proof->evidence = event->u.record.id;
	}
	if (!proof->convenor_has && event->kind == KL_TALLY_RECORD &&
		kl_id_equal(&event->u.record.author, &t->convenor)) {
		proof->convenor_has = true;
		proof->convenors = event->u.record.id;
	}
}

/* What this member has shown it does not show again, whatever came of it. */
static void note_own(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_evidence *evidence)
{
	struct kl_record record;

	t->evidence_next_ms = 0;
	t->seats[evidence->seat - 1].proof.said |= evidence->count == 2;
	for (unsigned i = 0; i < evidence->count; i++) {
		if (!kl_record_decode(evidence->records[i], &record))
			note_shown(book, t, &record.id, false);
	}
}

void kl_tally_take_evidence(struct kl_tallies *book, struct kl_tally *t, struct kl_bytes payload)
{
	struct kl_tally_place place = {.network = book->options.network, .tally = t->id};
	struct kl_record records[KL_TALLY_EVIDENCE_MAX];
	struct kl_tally_evidence evidence;
	bool proves;

	if (kl_tally_evidence_read(payload, &evidence) || evidence.seat < 1 ||
		evidence.seat > t->committee.n)
		return;
	if (kl_id_equal(&book->event->u.record.author, &book->options.own))
		note_own(book, t, &evidence);
	place.member = t->seats[evidence.seat - 1].member;
	place.seat = evidence.seat;
	place.n = t->committee.n;
	if (kl_tally_evidence_check(&evidence, &place, book->options.verifier, records, &proves))
		return;
	for (unsigned i = 0; i < evidence.count && !book->rc; i++)
		take_shown(book, t, &records[i], evidence.seat);
	if (proves)
		note_proof(book, t, &t->seats[evidence.seat - 1], records);
}

void kl_tally_note_frozen(struct kl_tallies *book, struct kl_tally *t, const struct kl_id *record)
{
	const struct kl_id *author = &book->event->u.record.author;
	unsigned seat = 1;

	while (seat <= t->committee.n && !kl_id_equal(&t->seats[seat - 1].member, author))
		seat++;
	if (seat <= t->committee.n)
		note_frozen(book, t, record, seat);
}

/* ---- showing -------------------------------------------------------------------------------- */

/* How long this member waits for others to show something: the convenor not at all, then seats in their
 * order, then all other members one after the other: what a seat said to them alone nobody else has. */
static uint64_t turn_of(const struct kl_tallies *book, const struct kl_tally *t)
{
	uint64_t one = t->call.decide_ms / TURNS;

	if (kl_id_equal(&t->convenor, &book->options.own))
		return 0;
	if (t->own_seat)
		return one * t->own_seat;
	return one * (t->committee.n + 1U) +
	       t->call.decide_ms / 2 * (uint64_t)t->own_column / t->roster.count;
}

/* True once it is this member's turn to show what is known here since then. */
static bool is_due(struct kl_tallies *book, const struct kl_tally *t, uint64_t since_ms)
{
	uint64_t turn = turn_of(book, t);
	uint64_t held = book->event->now_ms - since_ms;

	if (held >= turn)
		return true;
	kl_tally_wake(book, turn - held);
	return false;
}

static void show(struct kl_tallies *book, struct kl_tally *t, uint8_t seat,
	const struct kl_id *records, uint8_t count)
{
	struct kl_tally_effect *effect;

	if (!kl_tally_time_to_clean(book, &t->evidence_next_ms))
		return;
	effect = kl_tally_effect(book, t, KL_TALLY_EVIDENCE);
	if (!effect)
		return;
	effect->u.evidence.seat = seat;
	effect->u.evidence.count = count;
	for (unsigned i = 0; i < count; i++) {
		const struct kl_shown *shown = shown_of(t, &records[i]);

		effect->u.evidence.sources[i].record = records[i];
		if (shown)
			effect->u.evidence.sources[i].within = shown->within;
	}
}

static bool show_proof(struct kl_tallies *book, struct kl_tally *t, bool convenor)
{
	for (uint8_t seat = 1; seat <= t->committee.n; seat++) {
		const struct kl_seat_proof *proof = &t->seats[seat - 1].proof;

		if (!proof->conflicts || proof->said || seat == t->own_seat ||
			(convenor ? proof->convenor_has : proof->proven) ||
			!is_due(book, t, proof->since_ms))
			continue;
		show(book, t, seat, proof->records, 2);
		return true;
	}
	return false;
}

static void show_frozen(struct kl_tallies *book, struct kl_tally *t)
{
	for (size_t i = 0; i < t->frozen_count; i++) {
		const struct kl_frozen *frozen = &t->frozen[i];

		if (is_shown(t, &frozen->record) || frozen->seat == t->own_seat ||
			!is_due(book, t, frozen->since_ms))
			continue;
		show(book, t, frozen->seat, &frozen->record, 1);
		return;
	}
}

/* The convenor comes first, since it needs the proof in its own feed for the next CALL: then one copy is
 * usually all there is. */
void kl_tally_publish(struct kl_tallies *book, struct kl_tally *t)
{
	bool convenor = kl_id_equal(&t->convenor, &book->options.own);

	if (!book->ready || (!convenor && !t->own_seat && t->own_column < 0))
		return;
	if (!show_proof(book, t, convenor))
		show_frozen(book, t);
}

struct kl_tally_seat *kl_tallies_proved_by(const struct kl_tallies *book,
	const struct kl_id *evidence, const struct kl_tally **ret_tally)
{
	for (size_t i = 0; i < book->count; i++) {
		struct kl_tally *t = book->tallies[i];

		for (unsigned j = 0; j < t->committee.n; j++) {
			const struct kl_seat_proof *proof = &t->seats[j].proof;

			if (!proof->convenor_has || !kl_id_equal(&proof->convenors, evidence))
				continue;
			if (ret_tally)
				*ret_tally = t;
			return &t->seats[j];
		}
	}
	return NULL;
}
