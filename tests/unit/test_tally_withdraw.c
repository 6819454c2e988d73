/* Contributions with numbers: taking one back, giving it again, and what a seat lists of all that. */
#include "core/field.h"
#include "core/hash.h"
#include "protocol/tally_book.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

enum { MEMBERS = 5, START_MS = 5000000, CONTRIBUTE_MS = 30000, DECIDE_MS = 20000 };

/* Five anchors with ids 1..5, which all sit, and the convenor 9. The member under test is 1. */
static struct kl_tally_member members[MEMBERS];
static struct kl_tally_roster roster;
static struct kl_tally_call call;
static struct kl_cells cells;
static struct kl_tallies *book;
static struct kl_tally_update update;
static struct kl_fault fault;
static struct kl_id call_id;
static uint64_t now_ms;
static uint8_t fresh;
static uint32_t records;

static struct kl_id id_of(uint8_t byte)
{
	struct kl_id id;

	memset(id.b, byte, sizeof(id.b));
	return id;
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

/* Each record has an id of its own, whatever it says. */
static struct kl_id feed_record(uint8_t author, uint32_t kind, struct kl_writer *w)
{
	struct kl_tally_event event = {.kind = KL_TALLY_RECORD};
	struct kl_hash hash;

	assert_int_equal(kl_writer_bytes(w, &event.u.record.payload), KL_OK);
	event.u.record.author = id_of(author);
	event.u.record.kind = kind;
	event.u.record.time_ms = now_ms;
	kl_blake2b(event.u.record.payload, &event.u.record.payload_hash);
	kl_hash_init(&hash, "test/record");
	kl_hash_add_u32(&hash, records++);
	kl_hash_final(&hash, &event.u.record.id);
	event.u.record.roster = &roster;
	assert_int_equal(step(event), KL_OK);
	kl_writer_deinit(w);
	return event.u.record.id;
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
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_accept_write(&w, &accept);
	feed_record(member, KL_KIND_TALLY_ACCEPT, &w);
}

static struct kl_id feed_withdraw(uint8_t member, uint8_t number)
{
	struct kl_tally_withdraw withdraw = {.tally = call_id, .number = number};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_withdraw_write(&w, &withdraw);
	return feed_record(member, KL_KIND_TALLY_WITHDRAW, &w);
}

static void feed_decline(uint8_t member)
{
	struct kl_tally_decline decline = {.tally = call_id};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_decline_write(&w, &decline);
	feed_record(member, KL_KIND_TALLY_DECLINE, &w);
}

static int owner(enum kl_tally_event_kind kind, int16_t bin)
{
	struct kl_tally_event event = {.kind = kind};

	event.u.answers.bins = &bin;
	event.u.answers.count = 1;
	return step(event);
}

/* The only record that is asked for. */
static const struct kl_tally_effect *only(uint32_t kind)
{
	const struct kl_tally_effect *found = NULL;

	for (size_t i = 0; i < update.count; i++) {
		if (update.effects[i].kind == KL_TALLY_NOTE)
			continue;
		assert_null(found);
		found = &update.effects[i];
	}
	if (!found)
		fail_msg("nothing is asked for");
	assert_int_equal(found->kind, KL_TALLY_APPEND);
	assert_int_equal(found->u.append.kind, kind);
	return found;
}

static size_t wishes(void)
{
	size_t count = 0;

	for (size_t i = 0; i < update.count; i++)
		count += update.effects[i].kind != KL_TALLY_NOTE;
	return count;
}

static struct kl_tally_view view_of(void)
{
	struct kl_tally_view view;

	assert_int_equal(kl_tallies_view(book, &call_id, &view), KL_OK);
	return view;
}

static int set_up_with(bool seat)
{
	struct kl_tallies_options options = {.own = id_of(1), .seat = seat};
	struct kl_writer w;

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
	assert_int_equal(kl_tallies_new(&options, &book), KL_OK);
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
	assert_int_equal(kl_tally_call_cells(&call, &cells), KL_OK);
	kl_writer_init(&w);
	kl_tally_call_write(&w, &call);
	feed(KL_TALLY_READY);
	call_id = feed_record(9, KL_KIND_TALLY_CALL, &w);
	return 0;
}

/* As a member that only contributes. */
static int set_up(void **state)
{
	(void)state;
	return set_up_with(false);
}

/* As a seat, with its key. */
static int sit(void **state)
{
	struct kl_box_keys keys = seat_keys(1);

	(void)state;
	set_up_with(true);
	assert_int_equal(
		step((struct kl_tally_event){.kind = KL_TALLY_KEY, .u.key = keys.secret}), KL_OK);
	for (uint8_t member = 1; member <= MEMBERS; member++)
		feed_accept(member);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kl_tallies_destroy(book);
	kl_tally_call_deinit(&call);
	return 0;
}

/* ---- the owner's word ----------------------------------------------------------------------- */

static void agree(int16_t bin)
{
	struct kl_tally_event event = {.kind = KL_TALLY_ANSWERS};

	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, bin), KL_OK);
	event.u.answers.bins = &bin;
	event.u.answers.count = 1;
	assert_int_equal(step(event), KL_OK);
}

enum { VECTOR_MAX = 64 };

/* Checks the shares and the CONTRIB of the update and feeds them back, as if they were committed; gives
 * what the seat of member 2 was dealt. */
static void commit_contribution(uint8_t number, uint64_t ret_vector[VECTOR_MAX])
{
	struct kl_tally_contrib contrib;
	struct kl_committee committee;
	struct kl_box_keys keys = seat_keys(2);
	struct kl_writer w;

	memset(ret_vector, 0, VECTOR_MAX * sizeof(*ret_vector));
	assert_int_equal(update.count, MEMBERS + 1);
	assert_int_equal(kl_committee_of(MEMBERS, &committee), KL_OK);
	assert_int_equal(
		kl_tally_contrib_read(update.effects[MEMBERS].u.append.payload, &contrib), KL_OK);
	assert_int_equal(contrib.number, number);
	for (uint8_t other = 1; other <= KL_SHARE_NUMBER_MAX; other++) {
		struct kl_share_binding binding = {
			call_id, id_of(1), call.policy, call.schema, other, seat_of(2)};

		assert_int_equal(
			kl_share_open(&committee, &binding, cells.total, &keys,
				update.effects[seat_of(2) - 1].u.append.payload, ret_vector),
			other == number ? KL_OK : KL_E_CONFLICT);
	}
	kl_writer_init(&w);
	kl_tally_contrib_write(&w, &contrib);
	feed_record(1, KL_KIND_TALLY_CONTRIB, &w);
}

static void refused(int code, const char *words)
{
	assert_int_equal(owner(KL_TALLY_WITHDRAW, 0), code);
	assert_non_null(strstr(fault.message, words));
	assert_int_equal(wishes(), 0);
}

static void feed_intake(uint8_t member)
{
	struct kl_tally_intake intake = {
		.tally = call_id, .seat = seat_of(member), .part = {.number = 1}};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_intake_write(&w, &intake);
	feed_record(member, KL_KIND_TALLY_INTAKE, &w);
}

static void owners_hear_why_nothing_is_taken_back(void **state)
{
	struct kl_id kept = call_id;
	uint64_t vector[VECTOR_MAX];

	(void)state;
	refused(KL_E_NOT_FOUND, "no contribution to withdraw");
	call_id = id_of(0x70);
	refused(KL_E_NOT_FOUND, "no such tally");
	call_id = kept;
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 3), KL_OK);
	refused(KL_E_BUSY, "under way");
	feed(KL_TALLY_FAILED);
	feed(KL_TALLY_TICK);
	agree(3);
	for (uint8_t member = 1; member <= MEMBERS; member++)
		feed_accept(member);
	refused(KL_E_BUSY, "withdraw it afterwards");
	feed(KL_TALLY_FAILED);
	feed(KL_TALLY_TICK);
	commit_contribution(1, vector);
	for (uint8_t member = 1; member <= MEMBERS; member++)
		feed_intake(member);
	refused(KL_E_TIMEOUT, "every seat");
	now_ms += CONTRIBUTE_MS;
	refused(KL_E_TIMEOUT, "the time to contribute has passed");
}

static void what_was_dealt_is_taken_back_once(void **state)
{
	struct kl_tally_withdraw withdraw;
	uint64_t vector[VECTOR_MAX];

	(void)state;
	agree(3);
	for (uint8_t member = 1; member <= MEMBERS; member++)
		feed_accept(member);
	commit_contribution(1, vector);
	assert_true(view_of().contributed && view_of().agreed && view_of().number == 1);
	assert_int_equal(owner(KL_TALLY_WITHDRAW, 0), KL_OK);
	assert_int_equal(
		kl_tally_withdraw_read(only(KL_KIND_TALLY_WITHDRAW)->u.append.payload, &withdraw),
		KL_OK);
	assert_int_equal(withdraw.number, 1);
	refused(KL_E_BUSY, "the withdrawal is under way");
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 3), KL_E_EXISTS); /* it stands until then */
	feed_withdraw(1, 1);
	assert_int_equal(wishes(), 0);
	assert_true(view_of().withdrawn && !view_of().contributed && !view_of().agreed);
	assert_int_equal(view_of().withdrawers, 1);
	refused(KL_E_EXISTS, "withdrawn already");
	assert_int_equal(owner(KL_TALLY_DECLINE, 0), KL_OK);
	(void)only(KL_KIND_TALLY_DECLINE);
}

static void the_same_answers_are_dealt_again_with_new_seeds(void **state)
{
	uint64_t first[VECTOR_MAX], second[VECTOR_MAX];
	const int16_t *bins;

	(void)state;
	agree(3);
	for (uint8_t member = 1; member <= MEMBERS; member++)
		feed_accept(member);
	commit_contribution(1, first);
	feed_withdraw(1, 1);
	feed(KL_TALLY_TICK);
	assert_int_equal(wishes(), 0); /* not by itself */
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 9), KL_OK);
	assert_int_equal(kl_tallies_own_answers(book, &call_id, &bins), KL_OK);
	assert_int_equal(bins[0], 3);
	/* If it cannot be stored it is dealt once more, since the owner wants it. */
	feed(KL_TALLY_FAILED);
	feed(KL_TALLY_TICK);
	commit_contribution(2, second);
	for (size_t i = 0; i < kl_share_elements(cells.total); i++)
		assert_int_not_equal(first[i], second[i]);
	assert_true(view_of().contributed && view_of().number == 2);
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 9), KL_E_EXISTS);
	feed_withdraw(1, 2);
	feed_withdraw(1, 3);
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 9), KL_E_DENIED);
	assert_non_null(strstr(fault.message, "3 times"));
}

static void what_was_only_agreed_is_not_dealt_any_more(void **state)
{
	struct kl_tally_withdraw withdraw;
	uint64_t vector[VECTOR_MAX];

	(void)state;
	agree(3);
	assert_int_equal(owner(KL_TALLY_WITHDRAW, 0), KL_OK);
	assert_int_equal(
		kl_tally_withdraw_read(only(KL_KIND_TALLY_WITHDRAW)->u.append.payload, &withdraw),
		KL_OK);
	assert_int_equal(withdraw.number, 1);
	feed_withdraw(1, 1);
	for (uint8_t member = 1; member <= MEMBERS; member++)
		feed_accept(member);
	assert_int_equal(wishes(), 0);
	assert_int_equal(view_of().duties & KL_DUTY_CONTRIBUTE, 0);
	assert_int_equal(owner(KL_TALLY_CONTRIBUTE, 3), KL_OK);
	commit_contribution(2, vector);
}

/* ---- what a seat lists ---------------------------------------------------------------------- */

/* Member deals an answer for the seat under test, as contribution `number`; CONTRIB is given back in
 * ret_contrib and not fed. */
static void feed_share(uint8_t member, uint8_t number, struct kl_tally_contrib *ret_contrib,
	struct kl_dealing *ret_dealing)
{
	struct kl_tally_contrib contrib = {.tally = call_id,
		.number = number,
		.presence_len = 1,
		.presence = {1},
		.blob_count = MEMBERS};
	struct kl_share_binding binding = {
		call_id, id_of(member), call.policy, call.schema, number, seat_of(1)};
	uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES], one_time[KL_SEED_BYTES];
	static uint8_t blob[KL_SHARE_BLOB_MAX];
	struct kl_box_keys keys = seat_keys(1);
	struct kl_tally_event event = {.kind = KL_TALLY_RECORD};
	struct kl_committee committee;
	uint64_t x[64] = {0, 1};

	memset(seeds, 16 * member + number, sizeof(seeds));
	memset(one_time, 16 * number + member, sizeof(one_time));
	assert_int_equal(kl_committee_of(MEMBERS, &committee), KL_OK);
	assert_int_equal(kl_deal_init(&committee, x, cells.total,
				 (const uint8_t(*)[KL_SEED_BYTES])seeds, ret_dealing),
		KL_OK);
	assert_int_equal(
		kl_deal_blob(ret_dealing, &binding, &keys.public_key, one_time, blob), KL_OK);
	event.u.record.payload =
		kl_bytes(blob, kl_share_blob_len(&committee, seat_of(1), cells.total));
	kl_blake2b(event.u.record.payload, &contrib.blobs[seat_of(1) - 1]);
	event.u.record.author = id_of(member);
	event.u.record.id = event.u.record.payload_hash = contrib.blobs[seat_of(1) - 1];
	event.u.record.kind = KL_KIND_TALLY_SHARE;
	assert_int_equal(step(event), KL_OK);
	*ret_contrib = contrib;
}

static struct kl_id feed_contrib(uint8_t member, const struct kl_tally_contrib *contrib)
{
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_contrib_write(&w, contrib);
	return feed_record(member, KL_KIND_TALLY_CONTRIB, &w);
}

/* A share and its CONTRIB; gives the id of the latter. */
static struct kl_id contribute(uint8_t member, uint8_t number)
{
	struct kl_tally_contrib contrib;
	struct kl_dealing dealing;

	feed_share(member, number, &contrib, &dealing);
	kl_deal_deinit(&dealing);
	return feed_contrib(member, &contrib);
}

/* The INTAKE that the seat says once its time has come; the caller deinitialises it. */
static struct kl_tally_intake intake_now(void)
{
	struct kl_tally_intake intake;

	for (uint8_t member = 3; member <= MEMBERS; member++)
		feed_decline(member);
	assert_int_equal(wishes(), 0);
	now_ms += CONTRIBUTE_MS;
	feed(KL_TALLY_TICK);
	assert_int_equal(
		kl_tally_intake_read(only(KL_KIND_TALLY_INTAKE)->u.append.payload, &intake), KL_OK);
	return intake;
}

static void check_entry(const struct kl_id *id, enum kl_intake_status status)
{
	struct kl_tally_intake intake = intake_now();

	assert_int_equal(intake.count, 1);
	assert_int_equal(intake.entries[0].member, 1);
	assert_int_equal(intake.entries[0].status, status);
	assert_true(kl_id_equal(&intake.entries[0].contribution, id));
	kl_tally_intake_deinit(&intake);
}

static void a_good_share_is_listed_with_its_reply(void **state)
{
	struct kl_tally_intake intake;
	struct kl_tally_contrib contrib;
	struct kl_challenge_of of = {.tally = call_id, .author = id_of(2), .number = 1};
	struct kl_challenge challenge;
	struct kl_dealing dealing;
	struct kl_reply reply;

	(void)state;
	feed_share(2, 1, &contrib, &dealing);
	feed_contrib(2, &contrib);
	intake = intake_now();
	of.presence = contrib.presence;
	of.metrics = 1;
	of.blobs = contrib.blobs;
	of.seats = MEMBERS;
	kl_challenge_init(&of, &challenge);
	kl_reply(
		&cells, contrib.presence, &challenge, kl_deal_vector(&dealing, seat_of(1)), &reply);
	assert_int_equal(intake.count, 1);
	assert_int_equal(intake.entries[0].status, KL_INTAKE_OK);
	assert_memory_equal(&intake.entries[0].reply, &reply, sizeof(reply));
	kl_deal_deinit(&dealing);
	kl_tally_intake_deinit(&intake);
}

static void a_share_of_another_number_is_not_taken(void **state)
{
	struct kl_tally_contrib contrib;
	struct kl_dealing dealing;
	struct kl_id id;

	(void)state;
	feed_share(2, 2, &contrib, &dealing);
	kl_deal_deinit(&dealing);
	contrib.number = 1;
	id = feed_contrib(2, &contrib);
	check_entry(&id, KL_INTAKE_BOUND);
}

static void the_withdrawal_stands_for_what_it_takes_back(void **state)
{
	struct kl_id withdraw;

	(void)state;
	contribute(2, 1);
	withdraw = feed_withdraw(2, 1);
	feed_withdraw(2, 1); /* the first counts */
	check_entry(&withdraw, KL_INTAKE_WITHDRAWN);
}

static void the_contribution_after_it_stands_for_itself(void **state)
{
	struct kl_id second;

	(void)state;
	contribute(2, 1);
	feed_withdraw(2, 1);
	second = contribute(2, 2);
	contribute(2, 2); /* the first of that number counts */
	check_entry(&second, KL_INTAKE_OK);
}

/* A member that forked its feed: its WITHDRAW may be known before what it takes back. */
static void a_withdrawal_that_comes_first(void **state)
{
	struct kl_id withdraw;

	(void)state;
	withdraw = feed_withdraw(2, 2);
	assert_int_equal(view_of().withdrawers, 1);
	contribute(2, 1);
	contribute(2, 2);
	check_entry(&withdraw, KL_INTAKE_WITHDRAWN);
}

static void who_only_withdrew_is_not_listed(void **state)
{
	struct kl_tally_intake intake;

	(void)state;
	feed_withdraw(2, 1);
	intake = intake_now();
	assert_int_equal(intake.count, 0);
	kl_tally_intake_deinit(&intake);
}

#define TEST(name, begin) cmocka_unit_test_setup_teardown(name, begin, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(owners_hear_why_nothing_is_taken_back, set_up),
		TEST(what_was_dealt_is_taken_back_once, set_up),
		TEST(the_same_answers_are_dealt_again_with_new_seeds, set_up),
		TEST(what_was_only_agreed_is_not_dealt_any_more, set_up),
		TEST(a_good_share_is_listed_with_its_reply, sit),
		TEST(a_share_of_another_number_is_not_taken, sit),
		TEST(the_withdrawal_stands_for_what_it_takes_back, sit),
		TEST(the_contribution_after_it_stands_for_itself, sit),
		TEST(a_withdrawal_that_comes_first, sit),
		TEST(who_only_withdrew_is_not_listed, sit),
	};

	return RUN(tests);
}
