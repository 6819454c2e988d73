/* What a seat says, and when: whether it sits at all (ACCEPT, QUIT), what it holds (INTAKE), and the
 * order of its duties. Clocks only permit it to speak; what counts is in the records. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

unsigned kl_tally_accepted(const struct kl_tally *t)
{
	unsigned count = 0;

	for (unsigned j = 0; j < t->committee.n; j++)
		count += t->seats[j].accepted;
	return count;
}

/* Whether nobody is waited for. Whoever took its contribution back may give it again, until the first
 * seat has listed what it holds: then it matters more that others name the WITHDRAW. */
bool kl_tally_everybody_spoke(const struct kl_tally *t)
{
	bool listed = false;

	for (unsigned j = 0; j < t->committee.n; j++)
		listed |= kl_seat_intake(&t->seats[j]) != NULL;
	for (unsigned i = 0; i < t->roster.count; i++) {
		const struct kl_tally_column *column = &t->columns[i];

		if (!kl_column_contributes(column) && !column->declined &&
			!(listed && kl_column_withdrawn(column)))
			return false;
	}
	return true;
}

static bool heard_from_half(const struct kl_tally *t)
{
	unsigned heard = 0;

	for (unsigned i = 0; i < t->roster.count; i++)
		heard += t->columns[i].heard || t->own_column == (int)i;
	return 2 * heard >= t->roster.count;
}

bool kl_tally_key_fits(const struct kl_tally *t, const struct kl_tally_seat *seat)
{
	return t->has_key && kl_id_equal(&t->keys.public_key, &seat->key);
}

/* ---- QUIT ----------------------------------------------------------------------------------- */

static bool must_quit(
	struct kl_tallies *book, const struct kl_tally *t, const struct kl_tally_seat *seat)
{
	if (seat->open_parts.count > 0)
		return false;
	if (seat->accepted && !kl_tally_key_fits(t, seat))
		return true; /* restored without its key */
	if (t->has_certified)
		return false;
	if (book->wall_ms >= kl_tally_decide_until(t))
		return true;
	kl_tally_wake(book, kl_tally_decide_until(t) - book->wall_ms);
	if (kl_tally_accepted(t) >= t->committee.qa)
		return false;
	if (book->wall_ms >= kl_tally_accept_until(t))
		return true;
	kl_tally_wake(book, kl_tally_accept_until(t) - book->wall_ms);
	return false;
}

static void quit(struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_seat *seat)
{
	struct kl_tally_quit record = {.tally = t->id, .seat = t->own_seat};
	struct kl_writer w;

	for (unsigned i = 0; i < seat->vote_count && record.vote_count < KL_SEATS_MAX; i++) {
		struct kl_quit_vote *named = &record.votes[record.vote_count++];

		named->attempt = seat->votes[i].attempt;
		named->proposal = seat->votes[i].proposal;
		named->vote = seat->votes[i].id;
	}
	kl_writer_init(&w);
	kl_tally_quit_write(&w, &record);
	kl_tally_append(book, t, KL_KIND_TALLY_QUIT, KL_ASK_QUIT, &w);
}

/* ---- ACCEPT --------------------------------------------------------------------------------- */

static void take_seat(struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_seat *seat)
{
	struct kl_tally_accept record = {.tally = t->id, .seat = t->own_seat};
	struct kl_tally_effect *effect;
	struct kl_writer w;

	if (seat->accepted || !book->options.seat || t->gate != KL_GATE_OPEN || t->has_certified ||
		t->unlinked || book->wall_ms >= kl_tally_accept_until(t) ||
		(t->asked & (KL_DUTY_ACCEPT | KL_ASK_KEY)))
		return;
	if (!t->has_key) {
		effect = kl_tally_effect(book, t, KL_TALLY_KEY_WRITE);
		if (!effect)
			return;
		kl_tally_secret(book, "tally/key", effect->u.key);
		t->asked |= KL_ASK_KEY;
		return;
	}
	record.key = t->keys.public_key;
	kl_writer_init(&w);
	kl_tally_accept_write(&w, &record);
	kl_tally_append(book, t, KL_KIND_TALLY_ACCEPT, KL_DUTY_ACCEPT, &w);
}

/* ---- INTAKE --------------------------------------------------------------------------------- */

enum { ENTRY_BYTES = 95 };

size_t kl_tally_items_in_part(const struct kl_tallies *book, size_t item)
{
	size_t room = book->options.part_bytes;

	return room > KL_PART_FIXED_BYTES + item ? (room - KL_PART_FIXED_BYTES) / item : 1;
}

void kl_tally_next_part(const struct kl_part_said *last, struct kl_tally_part *ret_part)
{
	memset(ret_part, 0, sizeof(*ret_part));
	ret_part->number = 1;
	if (!last)
		return;
	ret_part->number = (uint16_t)(last->part.number + 1);
	ret_part->before = last->id;
}

static void intake(struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_seat *seat)
{
	const struct kl_part_said *last = kl_parts_furthest(&seat->intake_parts, 0, NULL);
	struct kl_tally_intake record = {.tally = t->id, .seat = t->own_seat};
	size_t most = kl_tally_items_in_part(book, ENTRY_BYTES);
	struct kl_writer w;

	if (!seat->accepted || (last && !last->part.more) || t->has_certified ||
		(t->asked & KL_DUTY_INTAKE))
		return;
	if (!last && !kl_tally_everybody_spoke(t) && book->wall_ms < kl_tally_contribute_until(t)) {
		kl_tally_wake(book, kl_tally_contribute_until(t) - book->wall_ms);
		return;
	}
	if (!last && !heard_from_half(t))
		return;
	record.entries = kl_tally_memory(book, (t->roster.count + 1U) * sizeof(*record.entries));
	if (!record.entries)
		return;
	kl_tally_next_part(last, &record.part);
	record.part.more = kl_tally_next_entries(t, last ? last->end : 0, most, &record);
	kl_writer_init(&w);
	kl_tally_intake_write(&w, &record);
	kl_tally_append(book, t, KL_KIND_TALLY_INTAKE, KL_DUTY_INTAKE, &w);
}

/* ---- all of it ------------------------------------------------------------------------------ */

void kl_tally_seat(struct kl_tallies *book, struct kl_tally *t)
{
	const struct kl_tally_seat *seat;

	if (!t->own_seat || kl_tally_nobody_takes_part(t))
		return;
	seat = &t->seats[t->own_seat - 1];
	if (seat->quit || (t->asked & KL_ASK_QUIT))
		return;
	/* What was asked for comes back first: a QUIT names all votes, and follows no OPEN. */
	if (must_quit(book, t, seat)) {
		if (t->asked == 0)
			quit(book, t, seat);
		return;
	}
	take_seat(book, t, seat);
	intake(book, t, seat);
	kl_tally_attempt(book, t);
	kl_tally_open_sums(book, t);
}
