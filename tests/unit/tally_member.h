/* One member's tally machine in a test: five anchors that all sit, a CALL, and what others say. Not each
 * test that includes it uses all of it. */
#ifndef KL_TESTS_UNIT_TALLY_MEMBER_H
#define KL_TESTS_UNIT_TALLY_MEMBER_H

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

static inline struct kl_id id_of(uint8_t byte)
{
	struct kl_id id;

	memset(id.b, byte, sizeof(id.b));
	return id;
}

static inline void make_call(void)
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

static inline int set_up(void **state)
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

static inline int tear_down(void **state)
{
	(void)state;
	kl_tallies_destroy(book);
	kl_writer_deinit(&call_bytes);
	kl_tally_call_deinit(&call);
	return 0;
}

/* ---- events --------------------------------------------------------------------------------- */

static inline int step(struct kl_tally_event event)
{
	event.now_ms = event.wall_ms = now_ms;
	event.tally = call_id;
	memset(event.entropy, ++fresh, sizeof(event.entropy));
	return kl_tallies_step(book, &event, &fault, &update);
}

static inline void feed(enum kl_tally_event_kind kind)
{
	assert_int_equal(step((struct kl_tally_event){.kind = kind}), KL_OK);
}

static inline void feed_record(uint8_t author, uint32_t kind, struct kl_bytes payload)
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

static inline void feed_call(void)
{
	struct kl_bytes bytes;

	assert_int_equal(kl_writer_bytes(&call_bytes, &bytes), KL_OK);
	feed_record(9, KL_KIND_TALLY_CALL, bytes);
}

static inline void feed_call_as_it_is(struct kl_id *ret_id)
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

static inline void feed_key(const uint8_t key[KL_SEED_BYTES])
{
	assert_int_equal(step((struct kl_tally_event){.kind = KL_TALLY_KEY, .u.key = key}), KL_OK);
}

static inline int owner(enum kl_tally_event_kind kind, int16_t bin)
{
	struct kl_tally_event event = {.kind = kind};

	event.u.answers.bins = &bin;
	event.u.answers.count = 1;
	return step(event);
}

static inline const struct kl_tally_effect *only(enum kl_tally_effect_kind kind)
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

static inline size_t wishes(void)
{
	size_t count = 0;

	for (size_t i = 0; i < update.count; i++)
		count += update.effects[i].kind != KL_TALLY_NOTE;
	return count;
}

static inline struct kl_box_keys seat_keys(uint8_t member)
{
	struct kl_box_keys keys;
	uint8_t seed[KL_SEED_BYTES];

	memset(seed, 0x40 + member, sizeof(seed));
	kl_box_keys_from_seed(seed, &keys);
	return keys;
}

static inline uint8_t seat_of(uint8_t member)
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

static inline void feed_accept(uint8_t member)
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
static inline void feed_contrib(uint8_t member, uint8_t presence, uint8_t blobs)
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

static inline void feed_quit(uint8_t member)
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

static inline void feed_decline(uint8_t member, struct kl_id tally)
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

/* As a member that does not sit itself, so that nothing else is asked for. */
static inline void sit_out(void)
{
	struct kl_tallies_options options = {.own = id_of(1), .seat = false};

	kl_tallies_destroy(book);
	assert_int_equal(kl_tallies_new(&options, &book), KL_OK);
	feed(KL_TALLY_READY);
	feed_call();
	assert_int_equal(wishes(), 0);
}

static inline void agree(int16_t bin)
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
