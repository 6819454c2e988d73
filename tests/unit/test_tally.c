/* The tally machine at one member: what it asks for, in which order, and what it asks for again.
 * Whole tallies of whole networks are in tests/sim. */
#include "core/field.h"
#include "core/hash.h"
#include "protocol/roster.h"
#include "protocol/tally_book.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

enum { MEMBERS = 5, START_MS = 5000000, CONTRIBUTE_MS = 30000, DECIDE_MS = 20000 };

/* Five anchors with ids 1..5, which all sit, and the convenor 9. The member under test is 1. */
static struct kl_tally_member members[MEMBERS];
static struct kl_tally_roster roster;
static struct kl_tally_call call;
static struct kl_writer call_bytes;
static struct kl_id call_id;
static struct kl_tallies *book;
static struct kl_tally_update update;
static struct kl_fault fault;
static uint64_t now_ms;
static uint8_t fresh;

static struct kl_id id_of(uint8_t byte)
{
	struct kl_id id;

	memset(id.b, byte, sizeof(id.b));
	return id;
}

static void make_call(void)
{
	memset(&call, 0, sizeof(call));
	call.period.kind = KL_PERIOD_YEAR;
	call.period.year = 2016;
	call.metrics = calloc(1, sizeof(*call.metrics));
	assert_non_null(call.metrics);
	kl_metric_at(0, &call.metrics[0]);
	call.metric_count = 1;
	call.cohort_count = 1; /* everybody */
	call.contribute_ms = CONTRIBUTE_MS;
	call.decide_ms = DECIDE_MS;
	call.minimum = 5;
}

static int set_up(void **state)
{
	struct kl_tallies_options options = {.own = id_of(1), .seat = true};
	struct kl_bytes bytes;

	(void)state;
	memset(members, 0, sizeof(members));
	for (int i = 0; i < MEMBERS; i++) {
		members[i].id = members[i].control = id_of((uint8_t)(i + 1));
		members[i].verified = members[i].offers_seat = true;
	}
	roster = (struct kl_tally_roster){.hash = id_of(7),
		.convenor = id_of(9),
		.minimum = 5,
		.members = members,
		.count = MEMBERS};
	now_ms = START_MS;
	assert_int_equal(kl_tallies_new(&options, &book), KL_OK);
	make_call();
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
	kl_writer_init(&call_bytes);
	kl_tally_call_write(&call_bytes, &call);
	assert_int_equal(kl_writer_bytes(&call_bytes, &bytes), KL_OK);
	kl_blake2b(bytes, &call_id);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kl_tallies_destroy(book);
	kl_writer_deinit(&call_bytes);
	kl_tally_call_deinit(&call);
	return 0;
}

/* ---- events --------------------------------------------------------------------------------- */

static int step(struct kl_tally_event event)
{
	event.now_ms = event.wall_ms = now_ms;
	event.tally = call_id;
	memset(event.entropy, ++fresh, sizeof(event.entropy));
	return kl_tallies_step(book, &event, &fault, &update);
}

static void feed(enum kl_tally_event_kind kind)
{
	assert_int_equal(step((struct kl_tally_event){.kind = kind}), KL_OK);
}

static void feed_record(uint8_t author, uint32_t kind, struct kl_bytes payload)
{
	struct kl_tally_event event = {.kind = KL_TALLY_RECORD};

	event.u.record.author = id_of(author);
	event.u.record.kind = kind;
	event.u.record.time_ms = now_ms;
	event.u.record.payload = payload;
	kl_blake2b(payload, &event.u.record.payload_hash);
	event.u.record.id = event.u.record.payload_hash;
	event.u.record.roster = &roster;
	assert_int_equal(step(event), KL_OK);
}

static void feed_call(void)
{
	struct kl_bytes bytes;

	assert_int_equal(kl_writer_bytes(&call_bytes, &bytes), KL_OK);
	feed_record(9, KL_KIND_TALLY_CALL, bytes);
}

static void feed_call_as_it_is(struct kl_id *ret_id)
{
	struct kl_bytes bytes;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_call_write(&w, &call);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	kl_blake2b(bytes, ret_id);
	feed_record(9, KL_KIND_TALLY_CALL, bytes);
	kl_writer_deinit(&w);
}

static void feed_key(const uint8_t key[KL_SEED_BYTES])
{
	assert_int_equal(step((struct kl_tally_event){.kind = KL_TALLY_KEY, .u.key = key}), KL_OK);
}

static int owner(enum kl_tally_event_kind kind, int16_t bin)
{
	struct kl_tally_event event = {.kind = kind};

	event.u.answers.bins = &bin;
	event.u.answers.count = 1;
	return step(event);
}

static const struct kl_tally_effect *only(enum kl_tally_effect_kind kind)
{
	const struct kl_tally_effect *found = NULL;

	for (size_t i = 0; i < update.count; i++) {
		if (update.effects[i].kind == KL_TALLY_NOTE)
			continue;
		assert_null(found);
		assert_int_equal(update.effects[i].kind, kind);
		found = &update.effects[i];
	}
	assert_non_null(found);
	assert_true(kl_id_equal(&found->tally, &call_id));
	return found;
}

static size_t wishes(void)
{
	size_t count = 0;

	for (size_t i = 0; i < update.count; i++)
		count += update.effects[i].kind != KL_TALLY_NOTE;
	return count;
}

static struct kl_box_keys seat_keys(uint8_t member)
{
	struct kl_box_keys keys;
	uint8_t seed[KL_SEED_BYTES];

	memset(seed, 0x40 + member, sizeof(seed));
	kl_box_keys_from_seed(seed, &keys);
	return keys;
}

static uint8_t seat_of(uint8_t member)
{
	struct kl_tally_view view;
	struct kl_id id = id_of(member);

	assert_int_equal(kl_tallies_view(book, &call_id, &view), KL_OK);
	for (uint8_t seat = 1; seat <= view.committee.n; seat++) {
		if (kl_id_equal(&view.seats[seat - 1].member, &id))
			return seat;
	}
	fail();
	return 0;
}

static void feed_accept(uint8_t member)
{
	struct kl_tally_accept accept = {
		.tally = call_id, .seat = seat_of(member), .key = seat_keys(member).public_key};
	struct kl_bytes bytes;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_accept_write(&w, &accept);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	feed_record(member, KL_KIND_TALLY_ACCEPT, bytes);
	kl_writer_deinit(&w);
}

/* A contributor's CONTRIB as it should be, but for what a test makes of it. */
static void feed_contrib(uint8_t member, uint8_t presence, uint8_t blobs)
{
	struct kl_tally_contrib contrib = {.tally = call_id,
		.number = 1,
		.presence_len = 1,
		.presence = {presence},
		.blob_count = blobs};
	struct kl_bytes bytes;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_contrib_write(&w, &contrib);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	feed_record(member, KL_KIND_TALLY_CONTRIB, bytes);
	kl_writer_deinit(&w);
}

/* ---- sitting -------------------------------------------------------------------------------- */

static void nothing_is_said_before_everything_is_known(void **state)
{
	(void)state;
	feed_call();
	assert_int_equal(update.count, 0);
	feed(KL_TALLY_READY);
	(void)only(KL_TALLY_KEY_WRITE);
}

static void the_key_is_on_disk_before_it_is_promised(void **state)
{
	struct kl_tally_accept accept;
	uint8_t key[KL_SEED_BYTES];
	struct kl_box_keys keys;
	const struct kl_tally_effect *effect;

	(void)state;
	feed(KL_TALLY_READY);
	feed_call();
	memcpy(key, only(KL_TALLY_KEY_WRITE)->u.key, sizeof(key));
	feed(KL_TALLY_TICK);
	assert_int_equal(wishes(), 0); /* it was asked for, and has not come back */
	feed_key(key);
	effect = only(KL_TALLY_APPEND);
	assert_int_equal(effect->u.append.kind, KL_KIND_TALLY_ACCEPT);
	assert_int_equal(kl_tally_accept_read(effect->u.append.payload, &accept), KL_OK);
	kl_box_keys_from_seed(key, &keys);
	assert_true(kl_id_equal(&accept.key, &keys.public_key));
	assert_int_equal(accept.seat, seat_of(1));
	feed(KL_TALLY_TICK);
	assert_int_equal(wishes(), 0);
}

static void a_key_from_before_a_crash_is_used(void **state)
{
	struct kl_box_keys keys = seat_keys(1);
	struct kl_tally_accept accept;

	(void)state;
	feed_key(keys.secret);
	feed_call();
	feed(KL_TALLY_READY);
	assert_int_equal(
		kl_tally_accept_read(only(KL_TALLY_APPEND)->u.append.payload, &accept), KL_OK);
	assert_true(kl_id_equal(&accept.key, &keys.public_key));
}

static void what_failed_is_asked_again_after_a_while(void **state)
{
	(void)state;
	feed(KL_TALLY_READY);
	feed_call();
	(void)only(KL_TALLY_KEY_WRITE);
	feed(KL_TALLY_FAILED);
	assert_int_equal(wishes(), 0);
	assert_in_range(update.wake_ms, 1, 60000);
	feed(KL_TALLY_TICK);
	(void)only(KL_TALLY_KEY_WRITE);
}

static void without_its_key_a_seat_quits(void **state)
{
	struct kl_tally_quit quit;

	(void)state;
	feed_call();
	feed_accept(1); /* its own, from before it was restored */
	feed(KL_TALLY_READY);
	assert_int_equal(only(KL_TALLY_APPEND)->u.append.kind, KL_KIND_TALLY_QUIT);
	assert_int_equal(kl_tally_quit_read(only(KL_TALLY_APPEND)->u.append.payload, &quit), KL_OK);
	assert_int_equal(quit.vote_count, 0);
}

/* ---- cleaning up ---------------------------------------------------------------------------- */

static void feed_quit(uint8_t member)
{
	struct kl_tally_quit quit = {.tally = call_id, .seat = seat_of(member)};
	struct kl_bytes bytes;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_quit_write(&w, &quit);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	feed_record(member, KL_KIND_TALLY_QUIT, bytes);
	kl_writer_deinit(&w);
}

static size_t asks_for(enum kl_tally_effect_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < update.count; i++)
		count += update.effects[i].kind == kind;
	return count;
}

/* A full disk when a tally ends must not leave its shares and keys there for ever. */
static void what_was_not_removed_is_asked_for_until_it_was(void **state)
{
	(void)state;
	feed_key(seat_keys(1).secret);
	feed_call();
	feed_accept(1);
	feed(KL_TALLY_READY);
	feed_record(2, KL_KIND_TALLY_SHARE, kl_bytes_str("as good as sealed"));
	for (uint8_t member = 2; member <= MEMBERS; member++) {
		assert_int_equal(wishes(), 0);
		feed_quit(member);
	}
	for (int i = 0; i < 3; i++) { /* it cannot be done, and nobody says anything */
		assert_int_equal(wishes(), 2);
		assert_int_equal(asks_for(KL_TALLY_KEY_UNLINK), 1);
		assert_int_equal(asks_for(KL_TALLY_DROP), 1);
		feed(KL_TALLY_TICK);
		assert_int_equal(wishes(), 0);
		assert_in_range(update.wake_ms, 1, 60000);
		now_ms += update.wake_ms;
		feed(KL_TALLY_TICK);
	}
	/* Something else failed before them, so that they were left out. */
	feed(KL_TALLY_FAILED);
	now_ms += 60000;
	feed(KL_TALLY_TICK);
	assert_int_equal(wishes(), 2);
	feed(KL_TALLY_DROPPED);
	now_ms += 60000;
	feed(KL_TALLY_TICK);
	assert_int_equal(wishes(), 1);
	assert_int_equal(asks_for(KL_TALLY_KEY_UNLINK), 1);
	feed(KL_TALLY_UNLINKED);
	now_ms += 60000;
	feed(KL_TALLY_TICK);
	assert_int_equal(wishes(), 0);
	/* One that comes late goes at once. */
	feed_record(3, KL_KIND_TALLY_SHARE, kl_bytes_str("another one"));
	assert_int_equal(only(KL_TALLY_DROP)->u.drop.count, 1);
}

static void feed_decline(uint8_t member, struct kl_id tally)
{
	struct kl_tally_decline decline = {.tally = tally};
	struct kl_bytes bytes;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_decline_write(&w, &decline);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	feed_record(member, KL_KIND_TALLY_DECLINE, bytes);
	kl_writer_deinit(&w);
}

static void feed_failure_of_no_tally(void)
{
	struct kl_id kept = call_id;

	memset(&call_id, 0, sizeof(call_id));
	feed(KL_TALLY_FAILED);
	call_id = kept;
}

static void records_before_their_call_are_asked_for(void **state)
{
	(void)state;
	feed(KL_TALLY_READY);
	feed_decline(3, call_id);
	feed_call();
	assert_int_equal(wishes(), 1);
	assert_int_equal(update.effects[0].kind, KL_TALLY_REPLAY);
	/* If reading fails, on and on, no tally is named, and no READY follows. */
	for (int i = 0; i < 3; i++) {
		feed_failure_of_no_tally();
		assert_int_equal(wishes(), 0);
		assert_in_range(update.wake_ms, 1, 60000);
		feed(KL_TALLY_TICK);
		assert_int_equal(wishes(), 1);
		assert_int_equal(update.effects[0].kind, KL_TALLY_REPLAY);
	}
	feed(KL_TALLY_TICK);
	assert_int_equal(wishes(), 0);
	feed(KL_TALLY_READY);
	(void)only(KL_TALLY_KEY_WRITE);
}

/* Whoever invents tallies cannot keep one that is called later from being heard. */
static void invented_tallies_do_not_push_out_a_real_one(void **state)
{
	(void)state;
	feed(KL_TALLY_READY);
	for (int i = 0; i < 3 * KL_TALLY_UNKNOWN_MAX; i++) {
		feed_decline(4, id_of((uint8_t)(i + 10)));
		if (i == 2 * KL_TALLY_UNKNOWN_MAX)
			feed_decline(3, call_id);
	}
	feed_call();
	assert_int_equal(wishes(), 1);
	assert_int_equal(update.effects[0].kind, KL_TALLY_REPLAY);
	feed_decline(3, call_id);
	feed(KL_TALLY_READY);
	(void)only(KL_TALLY_KEY_WRITE);
}

static void keys_of_unknown_tallies_are_counted(void **state)
{
	(void)state;
	assert_int_equal(kl_tallies_stray_keys(book), 0);
	feed_key(seat_keys(1).secret);
	assert_int_equal(kl_tallies_stray_keys(book), 1);
	feed_call();
	assert_int_equal(kl_tallies_stray_keys(book), 0);
}

/* ---- contributing --------------------------------------------------------------------------- */

/* As a member that does not sit itself, so that nothing else is asked for. */
static void sit_out(void)
{
	struct kl_tallies_options options = {.own = id_of(1), .seat = false};

	kl_tallies_destroy(book);
	assert_int_equal(kl_tallies_new(&options, &book), KL_OK);
	feed(KL_TALLY_READY);
	feed_call();
	assert_int_equal(wishes(), 0);
}

static void agree(int16_t bin)
{
	int16_t kept;
	struct kl_tally_event event = {.kind = KL_TALLY_ANSWERS};

	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, bin), KL_OK);
	assert_int_equal(only(KL_TALLY_KEEP_ANSWERS)->u.answers.count, 1);
	kept = only(KL_TALLY_KEEP_ANSWERS)->u.answers.bins[0];
	assert_int_equal(kept, bin);
	event.u.answers.bins = &kept;
	event.u.answers.count = 1;
	assert_int_equal(step(event), KL_OK);
}

/* Opens the SHAREs of the update with the seats' keys; writes the seeds of seats 1 and 2. */
static void check_shares(int16_t bin, uint8_t ret_seeds[2][KL_SEED_BYTES])
{
	struct kl_committee committee;
	struct kl_tally_contrib contrib;
	struct kl_cells cells;
	uint8_t plain[KL_SHARE_PLAIN_MAX];
	uint64_t vectors[MEMBERS][64], weights[3];
	const uint64_t points[3] = {2, 3, 5};

	assert_int_equal(update.count, MEMBERS + 1);
	assert_int_equal(kl_committee_of(MEMBERS, &committee), KL_OK);
	assert_int_equal(kl_tally_call_cells(&call, &cells), KL_OK);
	assert_int_equal(update.effects[MEMBERS].u.append.kind, KL_KIND_TALLY_CONTRIB);
	assert_int_equal(
		kl_tally_contrib_read(update.effects[MEMBERS].u.append.payload, &contrib), KL_OK);
	assert_int_equal(contrib.presence[0], 1);
	for (uint8_t member = 1; member <= MEMBERS; member++) {
		uint8_t seat = seat_of(member);
		const struct kl_tally_effect *effect = &update.effects[seat - 1];
		struct kl_bytes blob = effect->u.append.payload;
		struct kl_share_binding binding = {
			call_id, id_of(1), call.policy, call.schema, 1, seat};
		struct kl_box_keys keys = seat_keys(member);
		struct kl_id hash;

		assert_int_equal(effect->u.append.kind, KL_KIND_TALLY_SHARE);
		kl_blake2b(blob, &hash);
		assert_true(kl_id_equal(&hash, &contrib.blobs[seat - 1]));
		assert_int_equal(kl_share_open(&committee, &binding, cells.total, &keys, blob,
					 vectors[seat - 1]),
			KL_OK);
		assert_int_equal(kl_seal_open(&keys, blob, plain), KL_OK);
		if (seat <= 2)
			memcpy(ret_seeds[seat - 1], plain + KL_SHARE_HEADER, KL_SEED_BYTES);
	}
	kl_field_weights(points, 3, 0, weights);
	for (unsigned i = 0; i < cells.total; i++) {
		const uint64_t shares[3] = {vectors[1][i], vectors[2][i], vectors[4][i]};

		assert_int_equal(kl_field_dot(weights, shares, 1, 3), (int)i == bin);
	}
}

static void answers_are_kept_before_they_are_shared(void **state)
{
	uint8_t first[2][KL_SEED_BYTES], second[2][KL_SEED_BYTES];

	(void)state;
	sit_out();
	agree(3);
	assert_int_equal(wishes(), 0); /* no seat has accepted */
	for (uint8_t member = 1; member <= 4; member++)
		feed_accept(member);
	assert_int_equal(wishes(), 0);
	feed_accept(5);
	check_shares(3, first);
	assert_memory_not_equal(first[0], first[1], KL_SEED_BYTES);
	/* Half of them may be stored: all is dealt anew, with nothing of the first time in it. */
	feed(KL_TALLY_FAILED);
	assert_int_equal(wishes(), 0);
	feed(KL_TALLY_TICK);
	check_shares(3, second);
	for (int i = 0; i < 2; i++) {
		assert_memory_not_equal(second[i], first[0], KL_SEED_BYTES);
		assert_memory_not_equal(second[i], first[1], KL_SEED_BYTES);
	}
}

/* Also when every seat has accepted, so that nothing else would have to be waited for. */
static void nothing_leaves_before_the_answer_is_kept(void **state)
{
	(void)state;
	sit_out();
	for (uint8_t member = 1; member <= MEMBERS; member++)
		feed_accept(member);
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 3), KL_OK);
	assert_int_equal(wishes(), 1);
	assert_int_equal(only(KL_TALLY_KEEP_ANSWERS)->u.answers.count, 1);
	feed(KL_TALLY_TICK);
	assert_int_equal(wishes(), 0);
}

/* A seat that could change its key could have some shares sealed to one and some to another. */
static void the_first_key_of_a_seat_counts(void **state)
{
	uint8_t seeds[2][KL_SEED_BYTES];
	struct kl_tally_accept accept = {.tally = call_id};
	struct kl_bytes bytes;
	struct kl_writer w;

	(void)state;
	sit_out();
	for (uint8_t member = 1; member <= MEMBERS; member++)
		feed_accept(member);
	accept.seat = seat_of(4);
	accept.key = seat_keys(5).public_key;
	kl_writer_init(&w);
	kl_tally_accept_write(&w, &accept);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	feed_record(4, KL_KIND_TALLY_ACCEPT, bytes);
	kl_writer_deinit(&w);
	agree(3);
	check_shares(3, seeds);
}

static void a_contribution_of_another_form_is_none(void **state)
{
	struct kl_tally_view view;

	(void)state;
	sit_out();
	feed_contrib(2, 0, MEMBERS);     /* no answer to anything */
	feed_contrib(2, 3, MEMBERS);     /* to a question that is not asked */
	feed_contrib(2, 1, MEMBERS - 1); /* for fewer seats than there are */
	assert_int_equal(kl_tallies_view(book, &call_id, &view), KL_OK);
	assert_int_equal(view.contributors, 0);
	feed_contrib(2, 1, MEMBERS);
	assert_int_equal(kl_tallies_view(book, &call_id, &view), KL_OK);
	assert_int_equal(view.contributors, 1);
}

static void feed_answers(int16_t bin)
{
	struct kl_tally_event event = {
		.kind = KL_TALLY_ANSWERS, .u.answers = {.bins = &bin, .count = 1}};

	assert_int_equal(step(event), KL_OK);
}

/* With fewer than 2t - 1 seats nothing can become final: better not to have dealt. */
static void nothing_is_dealt_to_too_few_seats(void **state)
{
	(void)state;
	sit_out();
	agree(3);
	for (uint8_t member = 1; member < MEMBERS; member++)
		feed_accept(member);
	now_ms += CONTRIBUTE_MS / 2;
	feed(KL_TALLY_TICK);
	assert_int_equal(wishes(), 0);
	feed_accept(MEMBERS);
	assert_int_equal(wishes(), MEMBERS + 1);
}

static void nothing_is_dealt_after_the_window(void **state)
{
	(void)state;
	sit_out();
	agree(3);
	now_ms += CONTRIBUTE_MS;
	for (uint8_t member = 1; member <= MEMBERS; member++)
		feed_accept(member);
	assert_int_equal(wishes(), 0);
}

/* An answer that was kept, and a call that has to wait for another: after a restart. */
static void nothing_is_dealt_before_the_gate_is_open(void **state)
{
	struct kl_tally_view view;

	(void)state;
	sit_out();
	call.has_previous = true;
	call.previous_call = call_id;
	feed_call_as_it_is(&call_id);
	assert_int_equal(kl_tallies_view(book, &call_id, &view), KL_OK);
	assert_int_equal(view.gate, KL_GATE_EARLIER);
	feed_answers(3);
	for (uint8_t member = 1; member <= MEMBERS; member++)
		feed_accept(member);
	assert_int_equal(wishes(), 0);
}

static void owners_are_answered_in_words(void **state)
{
	(void)state;
	sit_out();
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 99), KL_E_RANGE);
	assert_non_null(strstr(fault.message, call.metrics[0].code));
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, KL_ABSENT), KL_E_RANGE);
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 1), KL_OK);
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 1), KL_E_BUSY);
	feed(KL_TALLY_FAILED);
	assert_int_equal(owner(KL_TALLY_DECLINE, 0), KL_OK);
	assert_int_equal(only(KL_TALLY_APPEND)->u.append.kind, KL_KIND_TALLY_DECLINE);
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 1), KL_E_EXISTS);
	feed(KL_TALLY_FAILED);
	now_ms += CONTRIBUTE_MS;
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 1), KL_E_TIMEOUT);
	call_id = id_of(0x77);
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 1), KL_E_NOT_FOUND);
}

/* A caller that was refused may drop the update: nothing may have been in it. */
static void a_refusal_brings_no_wishes(void **state)
{
	(void)state;
	feed_key(seat_keys(1).secret);
	feed_call();
	feed(KL_TALLY_READY);
	assert_int_equal(only(KL_TALLY_APPEND)->u.append.kind, KL_KIND_TALLY_ACCEPT);
	feed_accept(1);
	now_ms += CONTRIBUTE_MS + DECIDE_MS;
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 1), KL_E_TIMEOUT);
	assert_int_equal(update.count, 0);
	feed(KL_TALLY_TICK);
	assert_int_equal(wishes(), 1);
	assert_int_equal(only(KL_TALLY_APPEND)->u.append.kind, KL_KIND_TALLY_QUIT);
}

/* What is shown before a second call is what leaves. */
static void answers_to_an_earlier_call_show_before_they_leave_again(void **state)
{
	struct kl_id second, from[1];
	struct kl_metric other;
	int16_t bins[1] = {7};

	(void)state;
	sit_out();
	assert_int_equal(kl_tallies_locked(book, &call_id, bins, from), KL_OK);
	assert_int_equal(bins[0], 7); /* nothing was agreed yet */
	assert_true(kl_id_is_zero(&from[0]));
	agree(3);
	/* Also to itself: whoever takes it back can only give the same again. */
	assert_int_equal(kl_tallies_locked(book, &call_id, bins, from), KL_OK);
	assert_int_equal(bins[0], 3);
	assert_true(kl_id_equal(&from[0], &call_id));
	bins[0] = 7;
	/* Whatever becomes of the first tally: the same question once more. */
	call.has_previous = true;
	call.previous_call = call_id;
	feed_call_as_it_is(&second);
	assert_int_equal(kl_tallies_locked(book, &second, bins, from), KL_OK);
	assert_int_equal(bins[0], 3);
	assert_true(kl_id_equal(&from[0], &call_id));
	/* Other bins by the same name: no answer to them is the one that was agreed. */
	other = call.metrics[0];
	call.metrics[0].discrete = false;
	assert_int_equal(kl_tally_call_hashes(&call, &call.schema, &call.policy), KL_OK);
	call.previous_call = second;
	feed_call_as_it_is(&second);
	bins[0] = 7;
	assert_int_equal(kl_tallies_locked(book, &second, bins, from), KL_OK);
	assert_int_equal(bins[0], KL_ABSENT);
	call.metrics[0] = other;
	second = id_of(0x78);
	assert_int_equal(kl_tallies_locked(book, &second, bins, from), KL_E_NOT_FOUND);
}

/* What left once and is not known any more (a home brought back without its answers) cannot be given the
 * same again: then nothing is. */
static void answers_that_were_lost_are_not_given_anew(void **state)
{
	struct kl_tally_contrib contrib = {.number = 1, .presence_len = 1, .presence = {1}};
	struct kl_id second, from[1];
	struct kl_bytes bytes;
	struct kl_writer w;
	int16_t bins[1] = {7};

	(void)state;
	sit_out();
	contrib.tally = call_id;
	contrib.blob_count = MEMBERS;
	kl_writer_init(&w);
	kl_tally_contrib_write(&w, &contrib);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	feed_record(1, KL_KIND_TALLY_CONTRIB, bytes);
	kl_writer_deinit(&w);
	call.has_previous = true;
	call.previous_call = call_id;
	feed_call_as_it_is(&second);
	assert_int_equal(kl_tallies_locked(book, &second, bins, from), KL_OK);
	assert_int_equal(bins[0], KL_ABSENT);
	assert_true(kl_id_equal(&from[0], &call_id));
}

/* ---- calls ---------------------------------------------------------------------------------- */

static void a_call_that_breaks_a_rule_is_left_alone(void **state)
{
	struct kl_tally_view view;

	(void)state;
	roster.hash = id_of(8); /* not the roster that the CALL names */
	feed(KL_TALLY_READY);
	feed_call();
	assert_int_equal(wishes(), 0);
	assert_int_equal(kl_tallies_view(book, &call_id, &view), KL_OK);
	assert_int_equal(view.state, KL_TALLY_INVALID);
	assert_string_equal(view.why, "it names another roster than the one in force");
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 1), KL_E_DENIED);
}

static void a_call_may_raise_the_minimum_and_not_lower_it(void **state)
{
	struct kl_tally_view view;

	(void)state;
	roster.minimum = 6;
	feed(KL_TALLY_READY);
	feed_call();
	assert_int_equal(kl_tallies_view(book, &call_id, &view), KL_OK);
	assert_int_equal(view.state, KL_TALLY_INVALID);
	assert_string_equal(view.why, "a minimum of 5 is below the charter's 6");
}

static void a_call_is_about_the_cohorts_of_the_charter(void **state)
{
	struct kl_tally_view view;

	(void)state;
	roster.cohorts[0].kind = KL_COHORT_ANCHORS;
	roster.cohort_count = 1;
	feed(KL_TALLY_READY);
	feed_call();
	assert_int_equal(kl_tallies_view(book, &call_id, &view), KL_OK);
	assert_int_equal(view.state, KL_TALLY_INVALID);
	assert_string_equal(view.why, "its cohorts are not those that the charter names");
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_E_DENIED);
	assert_string_equal(fault.message, "its cohorts are not those that the charter names");
	call.cohorts[0].kind = KL_COHORT_ANCHORS;
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
	roster.cohorts[roster.cohort_count++].kind = KL_COHORT_COUNCILS; /* all of them */
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_E_DENIED);
}

/* Nor does a call of anybody else fill the book, which has its limit. */
static void only_the_convenor_calls(void **state)
{
	(void)state;
	roster.convenor = id_of(3);
	feed(KL_TALLY_READY);
	feed_call();
	assert_int_equal(kl_tallies_count(book), 0);
	assert_int_equal(wishes(), 0);
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 1), KL_E_NOT_FOUND);
}

static void feed_second_call(struct kl_id *ret_id)
{
	call.period.year += 2; /* the next one is near */
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
	feed_call_as_it_is(ret_id);
}

static bool asks_for_key(const struct kl_id *tally)
{
	for (size_t i = 0; i < update.count; i++)
		if (update.effects[i].kind == KL_TALLY_KEY_WRITE &&
			kl_id_equal(&update.effects[i].tally, tally))
			return true;
	return false;
}

/* The rest of an update is left out when one thing fails, whatever tally it belongs to. */
static void a_failure_is_made_good_for_every_tally(void **state)
{
	struct kl_id second;

	(void)state;
	feed_call();
	feed_second_call(&second);
	feed(KL_TALLY_READY);
	assert_true(asks_for_key(&call_id) && asks_for_key(&second));
	feed(KL_TALLY_FAILED); /* of the first; what stood behind it was left out as well */
	assert_false(asks_for_key(&call_id) || asks_for_key(&second));
	feed(KL_TALLY_TICK);
	assert_true(asks_for_key(&call_id) && asks_for_key(&second));
}

/* A share that no CONTRIB names may be of any tally: it goes when the last of them has ended. One that
 * is refused was never going on. */
static void a_share_of_no_contribution_goes_at_the_end(void **state)
{
	struct kl_id second;

	(void)state;
	feed_call();
	feed(KL_TALLY_READY);
	for (uint8_t member = 2; member <= MEMBERS; member++)
		feed_quit(member);
	feed_second_call(&second);
	feed_record(2, KL_KIND_TALLY_SHARE, kl_bytes_str("of nobody knows what"));
	assert_int_equal(asks_for(KL_TALLY_DROP), 0);
	assert_in_range(update.wake_ms, 1, CONTRIBUTE_MS + DECIDE_MS + 1);
	now_ms += CONTRIBUTE_MS + DECIDE_MS + 1;
	feed(KL_TALLY_TICK);
	assert_int_equal(asks_for(KL_TALLY_DROP), 1);
	feed(KL_TALLY_DROPPED);

	call.period.year -= 2;
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
	call.tries = 0; /* it failed once */
	feed_call_as_it_is(&second);
	feed_record(3, KL_KIND_TALLY_SHARE, kl_bytes_str("of another one"));
	assert_int_equal(asks_for(KL_TALLY_DROP), 1);
}

/* ---- what was released before --------------------------------------------------------------- */

/* An audit that left one of them out would prove nothing. */
static void more_results_than_can_be_named_are_an_error(void **state)
{
	enum { MANY = KL_TALLY_EARLIER_MAX + 1 };
	static struct kl_tally tallies[MANY];
	static struct kl_tally_proposal proposals[MANY], *lists[MANY];
	static struct kl_chain_part wholes[MANY];
	struct kl_tally *places[MANY];
	struct kl_tallies full = {.tallies = places};
	struct kl_id ids[KL_TALLY_EARLIER_MAX];
	size_t count = 0;

	(void)state;
	for (uint8_t i = 0; i < MANY; i++) {
		places[i] = &tallies[i];
		proposals[i].verdict = KL_VERDICT_GOOD;
		proposals[i].row_count = 1;
		tallies[i].certified = id_of((uint8_t)(MANY - i));
		wholes[i].id = tallies[i].certified;
		proposals[i].chain = (struct kl_chain){&wholes[i], 1, true};
		tallies[i].call = call;
		tallies[i].has_certified = true;
		lists[i] = &proposals[i];
		tallies[i].proposals = &lists[i];
		tallies[i].proposal_count = 1;
	}
	full.count = KL_TALLY_EARLIER_MAX;
	assert_int_equal(kl_tally_earlier(&full, &call, NULL, ids, &count), KL_OK);
	assert_int_equal(count, KL_TALLY_EARLIER_MAX);
	for (size_t i = 1; i < count; i++)
		assert_true(kl_id_compare(&ids[i - 1], &ids[i]) < 0);
	full.count = MANY;
	assert_int_equal(kl_tally_earlier(&full, &call, NULL, ids, &count), KL_E_TOO_BIG);
	proposals[0].verdict = KL_VERDICT_BAD;
	assert_int_equal(kl_tally_earlier(&full, &call, NULL, ids, &count), KL_OK);
}

/* ---- the frozen roster ---------------------------------------------------------------------- */

static void contributors_are_frozen_with_their_attributes(void **state)
{
	struct kl_roster_member all[4] = {0};
	struct kl_roster whole = {.members = all, .n_members = 4, .capacity = 4};
	struct kl_tally_roster frozen;
	struct kl_cohort cohort;
	struct kl_id id = id_of(3);

	(void)state;
	whole.hash = id_of(6);
	whole.feed.author = id_of(9);
	whole.charter.minimum = 7;
	for (uint8_t i = 0; i < 4; i++)
		all[i].identity = id_of((uint8_t)(i + 1));
	all[0].attributes.kind = KL_MEMBER_COUNCIL;
	strcpy(all[0].attributes.type, "unitary");
	all[1].attributes.kind = KL_MEMBER_ANCHOR;
	all[1].state = KL_MEMBER_SUSPENDED;
	all[2].attributes.kind = KL_MEMBER_ANCHOR;
	all[2].attributes.deprivation_quintile = 1;
	strcpy(all[2].attributes.control_group, "one trust");
	all[3].attributes.kind = KL_MEMBER_ANCHOR;
	strcpy(all[3].attributes.control_group, "one trust");
	assert_int_equal(kl_tally_roster_freeze(&whole, &frozen), KL_OK);
	assert_int_equal(frozen.count, 3);
	assert_int_equal(frozen.minimum, 7);
	assert_int_equal(kl_tally_roster_find(&frozen, &id), 1);
	assert_true(kl_id_equal(&frozen.members[1].control, &frozen.members[2].control));
	assert_false(kl_id_equal(&frozen.members[0].control, &frozen.members[1].control));
	assert_int_equal(kl_cohort_parse(kl_bytes_str("type=unitary"), &cohort), KL_OK);
	assert_true(kl_cohort_has(&cohort, &frozen.members[0]));
	assert_false(kl_cohort_has(&cohort, &frozen.members[1]));
	assert_int_equal(kl_cohort_parse(kl_bytes_str("deprivation=1"), &cohort), KL_OK);
	assert_true(kl_cohort_has(&cohort, &frozen.members[1]));
	assert_false(kl_cohort_has(&cohort, &frozen.members[2]));
	kl_tally_roster_deinit(&frozen);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_said_before_everything_is_known),
		TEST(the_key_is_on_disk_before_it_is_promised),
		TEST(a_key_from_before_a_crash_is_used),
		TEST(what_failed_is_asked_again_after_a_while),
		TEST(without_its_key_a_seat_quits),
		TEST(answers_are_kept_before_they_are_shared),
		TEST(nothing_leaves_before_the_answer_is_kept),
		TEST(the_first_key_of_a_seat_counts),
		TEST(a_contribution_of_another_form_is_none),
		TEST(nothing_is_dealt_to_too_few_seats),
		TEST(nothing_is_dealt_after_the_window),
		TEST(nothing_is_dealt_before_the_gate_is_open),
		TEST(owners_are_answered_in_words),
		TEST(answers_to_an_earlier_call_show_before_they_leave_again),
		TEST(answers_that_were_lost_are_not_given_anew),
		TEST(a_refusal_brings_no_wishes),
		TEST(what_was_not_removed_is_asked_for_until_it_was),
		TEST(records_before_their_call_are_asked_for),
		TEST(invented_tallies_do_not_push_out_a_real_one),
		TEST(keys_of_unknown_tallies_are_counted),
		TEST(a_call_that_breaks_a_rule_is_left_alone),
		TEST(a_call_may_raise_the_minimum_and_not_lower_it),
		TEST(a_call_is_about_the_cohorts_of_the_charter),
		TEST(only_the_convenor_calls),
		TEST(a_failure_is_made_good_for_every_tally),
		TEST(a_share_of_no_contribution_goes_at_the_end),
		TEST(more_results_than_can_be_named_are_an_error),
		cmocka_unit_test(contributors_are_frozen_with_their_attributes),
	};

	return RUN(tests);
}
