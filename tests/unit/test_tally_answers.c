/* The tally machine at one member: its own answers, from the word of the owner to the shares. */
#include "tests/unit/tally_member.h"

/* ---- contributing --------------------------------------------------------------------------- */

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

int main(void)
{
	const struct CMUnitTest tests[] = {
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
	};

	return RUN(tests);
}
