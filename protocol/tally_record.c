/* Taking committed records in. A record that breaks a rule changes nothing. */
#include "protocol/tally_book.h"

void kl_tally_heard(struct kl_tally *t, const struct kl_id *member, uint64_t at_ms)
{
	int column = kl_tally_roster_find(&t->roster, member);

	if (column < 0)
		return;
	t->columns[column].heard = true;
	if (t->columns[column].last_ms < at_ms)
		t->columns[column].last_ms = at_ms;
}

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
		uint64_t said_ms = book->event->u.record.time_ms;

		kl_tally_heard(t, &book->event->u.record.author,
			said_ms < book->wall_ms ? said_ms : book->wall_ms);
		book->touched = 0;
		while (book->tallies[book->touched] != t)
			book->touched++;
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

static bool is_own(const struct kl_tallies *book)
{
	return kl_id_equal(&book->event->u.record.author, &book->options.own);
}

void kl_tally_returned(struct kl_tallies *book, struct kl_tally *t, unsigned ask)
{
	if (is_own(book))
		t->asked &= ~ask;
}

/* Those that count by their own signature, wherever they came from. */
static void take_signed(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	bool frozen = book->event->kind == KL_TALLY_FROZEN;
	const struct kl_seat_record record = {.author = book->event->u.record.author,
		.id = book->event->u.record.id,
		.payload_hash = book->event->u.record.payload_hash,
		.kind = book->event->u.record.kind,
		.payload = payload,
		.own = is_own(book)};

	if (!t)
		return;
	if (record.kind == KL_KIND_TALLY_WITHDRAW) {
		kl_tally_take_withdraw(book, t, &record);
		return;
	}
	kl_tally_take_seat(book, t, &record);
	if (frozen)
		kl_tally_note_frozen(book, t, &record.id);
}

static void take_evidence(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);

	if (t)
		kl_tally_take_evidence(book, t, payload);
}

static void take_close(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	struct kl_tally_close close;

	if (!t || kl_tally_close_read(payload, &close) ||
		!kl_id_equal(&t->convenor, &book->event->u.record.author))
		return;
	kl_tally_returned(book, t, KL_ASK_CLOSE);
	if (close.outcome == KL_CLOSE_FAILED && !t->closed_failed) {
		t->closed_failed = true;
		t->closed_failed_at = book->count;
	}
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
	case KL_KIND_TALLY_CONTRIB:
		kl_tally_take_contrib(book, payload);
		break;
	case KL_KIND_TALLY_DECLINE:
		kl_tally_take_decline(book, payload);
		break;
	case KL_KIND_TALLY_WITHDRAW:
	case KL_KIND_TALLY_ACCEPT:
	case KL_KIND_TALLY_INTAKE:
	case KL_KIND_TALLY_PROPOSE:
	case KL_KIND_TALLY_VOTE:
	case KL_KIND_TALLY_SKIP:
	case KL_KIND_TALLY_OPEN:
	case KL_KIND_TALLY_QUIT:
		take_signed(book, payload);
		break;
	case KL_KIND_TALLY_EVIDENCE:
		take_evidence(book, payload);
		break;
	case KL_KIND_TALLY_CLOSE:
		take_close(book, payload);
		break;
	default: /* kinds that a later version may understand */
		break;
	}
}
