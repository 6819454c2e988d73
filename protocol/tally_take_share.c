/* Taking in what contributors say: SHAREs, CONTRIBs, DECLINEs. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

/* ---- shares --------------------------------------------------------------------------------- */

/* Whether a share of that blob was tried for the tally and is kept. */
static bool is_kept(const struct kl_tally_column *column, const struct kl_id *blob)
{
	for (unsigned i = 0; i < KL_TALLY_OPENED_MAX; i++) {
		if (kl_id_equal(&column->opened[i].blob, blob))
			return true;
	}
	return false;
}

/* Keeps what came out of a share until the CONTRIB says whether it counts; the oldest goes. */
static void keep_opened(
	struct kl_tally *t, struct kl_tally_column *column, const struct kl_share_opened *share)
{
	struct kl_share_opened *place = &column->opened[column->opened_next];

	if (place->vector) {
		kl_wipe(place->vector, kl_share_elements(t->cells.total) * sizeof(uint64_t));
		free(place->vector);
	}
	*place = *share;
	column->opened_next = (uint8_t)((column->opened_next + 1) % KL_TALLY_OPENED_MAX);
}

/* Tries a blob with the key of one tally in which this member sits. */
static void try_share(struct kl_tallies *book, struct kl_tally *t)
{
	const struct kl_tally_event *event = book->event;
	struct kl_share_binding expected = {
		.tally = t->id,
		.author = event->u.record.author,
		.policy = t->call.policy,
		.schema = t->call.schema,
		.number = 1,
		.seat = t->own_seat,
	};
	struct kl_share_opened share = {
		.blob = event->u.record.payload_hash, .status = KL_INTAKE_OK};
	int column = kl_tally_roster_find(&t->roster, &event->u.record.author);
	uint32_t number = 0;
	int rc;

	if (!t->own_seat || !t->has_key || t->closed || t->failed || column < 0 ||
		kl_column_last(&t->columns[column]) == KL_SHARE_NUMBER_MAX ||
		is_kept(&t->columns[column], &event->u.record.payload_hash) ||
		event->u.record.payload.len !=
			kl_share_blob_len(&t->committee, t->own_seat, t->cells.total))
		return;
	share.vector = calloc(kl_share_elements(t->cells.total), sizeof(*share.vector));
	if (!share.vector) {
		book->rc = KL_E_NOMEM;
		return;
	}
	rc = kl_share_open_any(&t->committee, &expected, t->cells.total, &t->keys,
		event->u.record.payload, share.vector, &number);
	share.number = (uint8_t)number;
	if (rc != KL_OK) {
		kl_wipe(share.vector, kl_share_elements(t->cells.total) * sizeof(*share.vector));
		free(share.vector);
		share.vector = NULL;
		share.status = KL_INTAKE_BOUND;
	}
	if (rc == KL_E_NOMEM)
		book->rc = rc;
	if (rc == KL_OK || rc == KL_E_CONFLICT)
		keep_opened(t, &t->columns[column], &share);
}

static void forget_share(struct kl_tallies *book, size_t index)
{
	book->share_count--;
	memmove(&book->shares[index], &book->shares[index + 1],
		(book->share_count - index) * sizeof(*book->shares));
}

static struct kl_share_seen *share_seen(
	const struct kl_tallies *book, const struct kl_tally_event *event)
{
	for (size_t i = 0; i < book->share_count; i++) {
		if (kl_id_equal(&book->shares[i].record, &event->u.record.id))
			return &book->shares[i];
	}
	return NULL;
}

/* Remembers a share; of too many that no CONTRIB names, its author's oldest is forgotten. */
static struct kl_share_seen *note_share(struct kl_tallies *book, const struct kl_tally_event *event)
{
	size_t waiting = 0, oldest = 0;
	struct kl_share_seen *share;

	for (size_t i = 0; i < book->share_count; i++) {
		if (book->shares[i].tally < 0 &&
			kl_id_equal(&book->shares[i].author, &event->u.record.author) &&
			waiting++ == 0)
			oldest = i;
	}
	if (waiting >= KL_TALLY_STRAY_MAX)
		forget_share(book, oldest);
	share = kl_grow(book, (void **)&book->shares, &book->share_count, &book->share_capacity,
		sizeof(*book->shares));
	if (!share)
		return NULL;
	share->author = event->u.record.author;
	share->blob = event->u.record.payload_hash;
	share->record = event->u.record.id;
	share->tally = share->dropper = -1;
	return share;
}

void kl_tally_take_share(struct kl_tallies *book)
{
	const struct kl_tally_event *event = book->event;
	struct kl_share_seen *share = share_seen(book, event);

	if (event->u.record.erased || (share && share->tally >= 0))
		return;
	if (!share)
		share = note_share(book, event);
	/* One that was seen before the CALL of its tally is tried when it is fed again. */
	for (size_t i = 0; share && i < book->count && !book->rc; i++)
		try_share(book, book->tallies[i]);
}

static void forget_opened(const struct kl_tally *t, struct kl_tally_column *column)
{
	for (unsigned i = 0; i < KL_TALLY_OPENED_MAX; i++) {
		struct kl_share_opened *opened = &column->opened[i];

		if (opened->vector)
			kl_wipe(opened->vector,
				kl_share_elements(t->cells.total) * sizeof(uint64_t));
		free(opened->vector);
		memset(opened, 0, sizeof(*opened));
	}
}

/* What this seat makes of its share of a contribution. */
static void settle_share(const struct kl_tally *t, struct kl_tally_column *column,
	const struct kl_tally_contrib *contrib, bool share_seen)
{
	struct kl_contribution *contribution = &column->contributions[contrib->number - 1];
	const struct kl_id *blob = &contrib->blobs[t->own_seat - 1];

	contribution->status = share_seen ? KL_INTAKE_SEALED : KL_INTAKE_MISSING;
	for (unsigned i = 0; i < KL_TALLY_OPENED_MAX && !kl_id_is_zero(blob); i++) {
		struct kl_share_opened *opened = &column->opened[i];

		if (!kl_id_equal(&opened->blob, blob))
			continue;
		contribution->status = opened->status;
		if (opened->status != KL_INTAKE_OK)
			break;
		if (opened->number != contrib->number) {
			contribution->status = KL_INTAKE_BOUND;
			break;
		}
		contribution->vector = opened->vector;
		opened->vector = NULL;
		break;
	}
	forget_opened(t, column);
}

/* Works out what this seat says to the tests. */
static void reply(const struct kl_tally *t, const struct kl_tally_contrib *contrib,
	const struct kl_id *author, struct kl_contribution *contribution)
{
	const struct kl_challenge_of of = {.tally = t->id,
		.author = *author,
		.number = contrib->number,
		.presence = contrib->presence,
		.metrics = t->call.metric_count,
		.blobs = contrib->blobs,
		.seats = t->committee.n};
	struct kl_challenge challenge;

	kl_challenge_init(&of, &challenge);
	kl_reply(&t->cells, contrib->presence, &challenge, contribution->vector,
		&contribution->reply);
}

/* Assigns the SHAREs that the CONTRIB names; true if that of `blob` is among them. */
static bool claim_shares(struct kl_tallies *book, int index, const struct kl_tally_contrib *contrib,
	const struct kl_id *blob)
{
	bool seen = false;

	for (size_t i = 0; i < book->share_count; i++) {
		struct kl_share_seen *share = &book->shares[i];

		if (share->tally >= 0 ||
			!kl_id_equal(&share->author, &book->event->u.record.author))
			continue;
		for (unsigned j = 0; j < contrib->blob_count; j++) {
			if (!kl_id_equal(&share->blob, &contrib->blobs[j]))
				continue;
			share->tally = index;
			share->dropper = -1; /* it is its tally's from now on */
			seen |= blob && kl_id_equal(&share->blob, blob);
		}
	}
	return seen;
}

static bool contrib_fits(const struct kl_tally *t, const struct kl_tally_contrib *contrib)
{
	return contrib->blob_count == t->committee.n &&
	       kl_presence_check(kl_bytes(contrib->presence, contrib->presence_len),
		       t->call.metric_count) == KL_OK &&
	       kl_presence_count(contrib->presence, t->call.metric_count) > 0;
}

void kl_tally_take_contrib(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	struct kl_tally_contrib contrib;
	struct kl_contribution *contribution;
	int index = 0, place;
	bool seen;

	if (!t || kl_tally_contrib_read(payload, &contrib))
		return;
	place = kl_tally_roster_find(&t->roster, &book->event->u.record.author);
	if (place < 0 || !contrib_fits(t, &contrib))
		return;
	kl_tally_returned(book, t, KL_DUTY_CONTRIBUTE);
	contribution = &t->columns[place].contributions[contrib.number - 1];
	if (contribution->here)
		return;
	while (book->tallies[index] != t)
		index++;
	contribution->here = true;
	contribution->id = book->event->u.record.id;
	memcpy(contribution->presence, contrib.presence, sizeof(contribution->presence));
	if (place == t->own_column)
		t->again = false;
	seen = claim_shares(
		book, index, &contrib, t->own_seat ? &contrib.blobs[t->own_seat - 1] : NULL);
	if (!t->own_seat)
		return;
	settle_share(t, &t->columns[place], &contrib, seen);
	if (contribution->vector)
		reply(t, &contrib, &book->event->u.record.author, contribution);
}

void kl_tally_take_decline(struct kl_tallies *book, struct kl_bytes payload)
{
	struct kl_tally *t = kl_tally_of(book, payload);
	struct kl_tally_decline decline;
	int place;

	if (!t || kl_tally_decline_read(payload, &decline))
		return;
	place = kl_tally_roster_find(&t->roster, &book->event->u.record.author);
	if (place < 0)
		return;
	kl_tally_returned(book, t, KL_ASK_DECLINE);
	t->columns[place].declined = true;
}
