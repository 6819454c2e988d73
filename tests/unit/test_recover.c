/* Whether a member may add to its own feed: what makes it stop, and what lets it go on. */
#include "protocol/recover.h"
#include "tests/unit/harness.h"

enum { BEAT = 1000 };

static struct kl_recover r;
static struct kl_recover_start start;
static uint64_t now;

static struct kl_id member(int n)
{
	return (struct kl_id){{(uint8_t)n, 1}};
}

static struct kl_head head(uint64_t seq)
{
	struct kl_head h = {seq, {{0}}};

	h.id.b[0] = (uint8_t)seq;
	return h;
}

/* A home whose database goes up to record 10. Member 1 is the convenor. */
static int setup(void **state)
{
	(void)state;
	now = 5000;
	start = (struct kl_recover_start){.now_ms = now,
		.beat_ms = BEAT,
		.convenor = member(1),
		.head = head(10),
		.run = {{7}}};
	return 0;
}

static void begin(size_t others)
{
	kl_recover_begin(&r, &start);
	kl_recover_roster(&r, now, others, false);
}

static void told(int n, uint64_t seq)
{
	struct kl_id m = member(n);
	struct kl_head h = head(seq);

	kl_recover_greeted(&r, now, &m);
	kl_recover_told(&r, now, &m, &h);
}

static void pulled(uint64_t seq)
{
	struct kl_head h = head(seq);

	kl_recover_pulled(&r, now, &h);
}

static void wait_beats(unsigned n)
{
	now += (uint64_t)n * BEAT;
	kl_recover_tick(&r, now);
}

static bool is(enum kl_own_state state)
{
	return kl_recover_state(&r) == state;
}

/* ---- the beginning ---- */

static void nothing_wrong_is_open_at_once(void **state)
{
	(void)state;
	start.highwater = 10;
	begin(5);
	assert_true(is(KL_OWN_OPEN));
	assert_false(kl_recover_speaks(&r)); /* not before somebody has greeted us */
	assert_int_equal(kl_recover_wishes(&r), 0);
	told(2, 10);
	assert_true(kl_recover_speaks(&r));
	assert_int_equal(kl_recover_wishes(&r), KL_RECOVER_SPEAK);
	told(3, 10);
	assert_int_equal(kl_recover_wishes(&r), 0);
}

static void who_never_said_anything_has_nothing_to_recover(void **state)
{
	(void)state;
	start.head.seq = 0;
	start.reasons = KL_RECOVER_MACHINE | KL_RECOVER_RESTORED | KL_RECOVER_COPIED;
	begin(5);
	assert_true(is(KL_OWN_OPEN));
	assert_int_equal(kl_recover_wishes(&r), KL_RECOVER_SETTLE);
}

static void a_wiped_database_that_had_records_recovers(void **state)
{
	(void)state;
	start.head.seq = 0;
	start.highwater = 10;
	begin(0);
	assert_true(is(KL_OWN_RECOVERING));
	wait_beats(200); /* without the roster nobody is asked who could count */
	assert_true(is(KL_OWN_RECOVERING));
}

static void a_highwater_file_ahead_is_a_reason(void **state)
{
	(void)state;
	start.highwater = 12;
	begin(5);
	assert_true(is(KL_OWN_RECOVERING));
	told(1, 10);
	told(2, 10);
	told(3, 10);
	wait_beats(KL_RECOVER_LATE_BEATS + 2); /* records are missing: who has them gets time */
	assert_true(is(KL_OWN_RECOVERING));
	pulled(12);
	told(1, 12);
	told(2, 12);
	wait_beats(KL_RECOVER_GATHER_BEATS);
	assert_true(is(KL_OWN_OPEN));
	assert_int_equal(kl_recover_wishes(&r), KL_RECOVER_SETTLE | KL_RECOVER_SPEAK);
}

static void records_that_are_lost_for_good_stop_nobody_for_ever(void **state)
{
	(void)state;
	start.highwater = 12;
	begin(1);
	told(1, 10);
	wait_beats(KL_RECOVER_MISSING_BEATS - 1);
	assert_true(is(KL_OWN_RECOVERING));
	wait_beats(1);
	assert_true(is(KL_OWN_OPEN));
}

/* ---- who is enough ---- */

static void recover(size_t others)
{
	start.reasons = KL_RECOVER_RESTORED;
	begin(others);
	assert_true(is(KL_OWN_RECOVERING));
}

static void the_convenor_and_another_are_enough_after_two_beats(void **state)
{
	(void)state;
	recover(5);
	told(1, 10);
	wait_beats(KL_RECOVER_GATHER_BEATS);
	assert_true(is(KL_OWN_RECOVERING)); /* one alone */
	told(2, 10);
	assert_true(is(KL_OWN_OPEN));
}

static void nobody_is_believed_at_once(void **state)
{
	(void)state;
	recover(5);
	for (int n = 1; n <= 5; n++)
		told(n, 10);
	assert_true(is(KL_OWN_RECOVERING));
	wait_beats(KL_RECOVER_GATHER_BEATS);
	assert_true(is(KL_OWN_OPEN));
}

static void one_member_twice_is_one(void **state)
{
	(void)state;
	recover(5);
	told(2, 10);
	told(2, 10);
	wait_beats(KL_RECOVER_GATHER_BEATS);
	assert_true(is(KL_OWN_RECOVERING));
}

static void without_the_convenor_most_of_those_greeted_are_enough(void **state)
{
	(void)state;
	recover(9);
	for (int n = 2; n <= 5; n++)
		told(n, n < 4 ? 10 : 7); /* 4 and 5 are behind, and say nothing by that */
	wait_beats(KL_RECOVER_GATHER_BEATS);
	assert_true(is(KL_OWN_RECOVERING));
	told(4, 10);
	assert_true(is(KL_OWN_OPEN));
}

static void a_network_of_two_is_enough_with_one(void **state)
{
	(void)state;
	recover(1);
	told(1, 10);
	wait_beats(KL_RECOVER_GATHER_BEATS);
	assert_true(is(KL_OWN_OPEN));
}

static void later_whoever_answers_is_enough(void **state)
{
	(void)state;
	recover(9);
	wait_beats(500); /* nobody to talk to: that does not count */
	assert_true(is(KL_OWN_RECOVERING));
	told(4, 10);
	wait_beats(KL_RECOVER_LATE_BEATS - 1);
	assert_true(is(KL_OWN_RECOVERING));
	wait_beats(1);
	assert_true(is(KL_OWN_OPEN));
}

static void a_convenor_alone_goes_on_after_a_while(void **state)
{
	(void)state;
	start.is_convenor = true;
	recover(0);
	wait_beats(KL_RECOVER_LATE_BEATS - 1);
	assert_true(is(KL_OWN_RECOVERING));
	wait_beats(1);
	assert_true(is(KL_OWN_OPEN));
	start.highwater = 11;
	recover(0);
	wait_beats(1000);
	assert_true(is(KL_OWN_RECOVERING)); /* somebody has to say so */
	start.go_on = true;
	begin(0);
	assert_true(is(KL_OWN_OPEN));
	assert_int_equal(kl_recover_wishes(&r), KL_RECOVER_SETTLE);
}

static void records_that_come_begin_the_asking_anew(void **state)
{
	(void)state;
	recover(5);
	told(1, 10);
	told(2, 10);
	wait_beats(1);
	pulled(12);
	wait_beats(1);
	told(1, 10);
	told(3, 12);
	assert_true(is(KL_OWN_RECOVERING));
	wait_beats(1);
	assert_true(is(KL_OWN_RECOVERING)); /* the convenor is behind now, and two are needed */
	told(1, 12);
	assert_true(is(KL_OWN_OPEN));
}

/* ---- while it runs ---- */

static void records_of_ours_that_we_did_not_have(void **state)
{
	(void)state;
	begin(5);
	told(1, 10);
	(void)kl_recover_wishes(&r);
	told(2, 11);
	assert_true(kl_recover_is_claim(&r));
	pulled(11);
	assert_true(is(KL_OWN_RECOVERING));
	assert_false(kl_recover_is_claim(&r));
	assert_int_equal(kl_recover_wishes(&r), KL_RECOVER_MARK);
	told(1, 11);
	told(2, 11);
	wait_beats(KL_RECOVER_GATHER_BEATS);
	assert_true(is(KL_OWN_OPEN));
	assert_int_equal(kl_recover_wishes(&r), KL_RECOVER_SETTLE | KL_RECOVER_SPEAK);
}

static void a_claim_that_nobody_shows_is_over_soon(void **state)
{
	(void)state;
	begin(5);
	told(2, 99);
	assert_true(kl_recover_is_claim(&r));
	told(2, 100); /* larger, but no longer */
	wait_beats(KL_RECOVER_CLAIM_BEATS - 1);
	assert_true(is(KL_OWN_RECOVERING));
	wait_beats(1);
	assert_true(is(KL_OWN_OPEN));
	told(2, 101);
	assert_true(is(KL_OWN_RECOVERING));
	wait_beats(KL_RECOVER_CLAIM_BEATS);
	told(2, 102); /* nobody listens any more.. */
	assert_true(is(KL_OWN_OPEN));
	told(3, 102); /* ..to this one */
	assert_true(is(KL_OWN_RECOVERING));
	told(3, 10);
	assert_true(is(KL_OWN_OPEN));
}

static void liars_together_stop_nobody_for_ever(void **state)
{
	int held = 0;

	(void)state;
	begin(100);
	for (int n = 2; n < 100; n++) {
		told(n, 99);
		held += is(KL_OWN_RECOVERING);
		wait_beats(KL_RECOVER_CLAIM_BEATS);
		assert_true(is(KL_OWN_OPEN));
	}
	assert_int_equal(held, KL_RECOVER_CLAIMS_MAX);
}

static void a_liar_does_not_hold_up_who_recovers(void **state)
{
	(void)state;
	recover(5);
	told(1, 10);
	told(2, 10);
	told(3, 99);
	wait_beats(KL_RECOVER_GATHER_BEATS);
	assert_true(is(KL_OWN_RECOVERING));
	wait_beats(KL_RECOVER_CLAIM_BEATS);
	assert_true(is(KL_OWN_OPEN));
	recover(1); /* alone with a liar */
	told(1, 99);
	for (int i = 0; i < KL_RECOVER_LATE_BEATS; i++) {
		wait_beats(1);
		told(1, 99 + (uint64_t)i);
	}
	assert_true(is(KL_OWN_OPEN));
}

static void frozen_and_ended_stay(void **state)
{
	(void)state;
	begin(5);
	kl_recover_froze(&r, true);
	assert_true(is(KL_OWN_FROZEN));
	kl_recover_roster(&r, now, 5, true);
	assert_true(is(KL_OWN_ENDED));
	kl_recover_roster(&r, now, 5, false);
	kl_recover_froze(&r, false);
	assert_true(is(KL_OWN_OPEN));
}

/* ---- two machines ---- */

static struct kl_here from(uint8_t run, uint8_t echo, uint64_t chosen)
{
	return (struct kl_here){.run = {{run}}, .echo = {{echo}}, .chosen = chosen};
}

static bool hear(uint8_t run, uint8_t echo, uint64_t chosen)
{
	struct kl_here here = from(run, echo, chosen);

	return kl_recover_here(&r, now, &here);
}

static void another_run_that_answers_is_a_twin(void **state)
{
	struct kl_feed_key own = {member(9), 0};
	struct kl_here said;

	(void)state;
	begin(5);
	assert_false(hear(7, 0, 0)); /* our own word */
	assert_true(hear(8, 0, 0));  /* perhaps one of before: it is answered, and that is all */
	assert_true(is(KL_OWN_OPEN));
	kl_recover_say(&r, &own, &said);
	assert_int_equal(said.run.b[0], 7);
	assert_int_equal(said.echo.b[0], 8);
	assert_true(hear(8, 6, 0)); /* answers an earlier run of ours */
	assert_true(is(KL_OWN_OPEN));
	assert_true(hear(8, 7, 0));
	assert_true(is(KL_OWN_TWIN));
	assert_int_equal(kl_recover_wishes(&r), KL_RECOVER_PAIR);
	assert_false(hear(8, 7, 0)); /* no talk without an end */
	wait_beats(1000);
	assert_true(is(KL_OWN_TWIN));
}

static void words_are_said_again_while_somebody_may_not_have_heard(void **state)
{
	(void)state;
	begin(5);
	wait_beats(50);
	assert_int_equal(kl_recover_wishes(&r), 0);
	assert_true(hear(8, 0, 0));
	wait_beats(1);
	assert_int_equal(kl_recover_wishes(&r), KL_RECOVER_SAY);
	wait_beats(KL_RECOVER_SAY_BEATS - 1);
	assert_int_equal(kl_recover_wishes(&r), 0);
	wait_beats(1);
	assert_int_equal(kl_recover_wishes(&r), KL_RECOVER_SAY);
	wait_beats(KL_RECOVER_TWIN_BEATS);
	assert_int_equal(kl_recover_wishes(&r), 0); /* nobody is there */
	assert_true(hear(8, 7, 0));
	(void)kl_recover_wishes(&r);
	for (int i = 0; i < 10; i++) {
		wait_beats(KL_RECOVER_SAY_BEATS);
		assert_int_equal(kl_recover_wishes(&r), KL_RECOVER_SAY);
	}
}

static void the_one_that_a_person_chose_goes_on(void **state)
{
	(void)state;
	start.chosen = 100;
	begin(5);
	assert_true(hear(8, 7, 0)); /* so that it hears which one was chosen */
	assert_true(is(KL_OWN_OPEN));
	assert_true(hear(8, 7, 99));
	assert_true(is(KL_OWN_OPEN));
	assert_true(hear(8, 7, 100)); /* chosen, then copied */
	assert_true(is(KL_OWN_TWIN));
	assert_false(r.superseded);
	assert_true(hear(8, 7, 101)); /* the other one was chosen since */
	assert_true(r.superseded);
}

static void a_record_behind_our_own_shows_a_twin(void **state)
{
	struct kl_head own = head(11);

	(void)state;
	begin(5);
	kl_recover_appended(&r, &own);
	pulled(12);
	assert_true(is(KL_OWN_TWIN));
}

static void our_own_keys_at_the_other_end_are_a_twin(void **state)
{
	(void)state;
	begin(5);
	kl_recover_met(&r);
	assert_true(is(KL_OWN_TWIN));
	start.twin = true; /* and so it is after a restart */
	begin(5);
	assert_true(is(KL_OWN_TWIN));
}

static void who_recovers_waits_for_another_run_to_answer(void **state)
{
	(void)state;
	recover(5);
	told(1, 10);
	told(2, 10);
	assert_true(hear(8, 0, 0));
	wait_beats(KL_RECOVER_TWIN_BEATS - 1);
	assert_true(is(KL_OWN_RECOVERING));
	for (uint8_t n = 20; n < 60; n++) { /* old words, said again one after the other */
		(void)hear(n, 0, 0);
		wait_beats(1);
	}
	assert_true(is(KL_OWN_OPEN));
}

/* ---- words that are signed ---- */

static void a_word_is_signed_to_the_last_bit(void **state)
{
	struct kl_id network = member(3), other = member(4);
	struct kl_sign_keys keys;
	uint8_t seed[KL_SEED_BYTES] = {5};
	struct kl_here here = from(1, 2, 3), changed;

	(void)state;
	kl_sign_keys_from_seed(seed, &keys);
	here.feed = (struct kl_feed_key){keys.public_key, 2};
	kl_here_sign(&network, &keys, &here);
	assert_int_equal(kl_here_check(&network, &keys.public_key, &here), 0);
	assert_int_not_equal(kl_here_check(&other, &keys.public_key, &here), 0);
	for (int i = 0; i < 5; i++) {
		changed = here;
		changed.run.b[0] ^= i == 0;
		changed.echo.b[15] ^= i == 1;
		changed.chosen ^= i == 2;
		changed.feed.epoch ^= i == 3;
		changed.feed.author.b[31] ^= i == 4;
		assert_int_not_equal(kl_here_check(&network, &keys.public_key, &changed), 0);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_wrong_is_open_at_once),
		TEST(who_never_said_anything_has_nothing_to_recover),
		TEST(a_wiped_database_that_had_records_recovers),
		TEST(a_highwater_file_ahead_is_a_reason),
		TEST(records_that_are_lost_for_good_stop_nobody_for_ever),
		TEST(the_convenor_and_another_are_enough_after_two_beats),
		TEST(nobody_is_believed_at_once),
		TEST(one_member_twice_is_one),
		TEST(without_the_convenor_most_of_those_greeted_are_enough),
		TEST(a_network_of_two_is_enough_with_one),
		TEST(later_whoever_answers_is_enough),
		TEST(a_convenor_alone_goes_on_after_a_while),
		TEST(records_that_come_begin_the_asking_anew),
		TEST(records_of_ours_that_we_did_not_have),
		TEST(a_claim_that_nobody_shows_is_over_soon),
		TEST(liars_together_stop_nobody_for_ever),
		TEST(a_liar_does_not_hold_up_who_recovers),
		TEST(frozen_and_ended_stay),
		TEST(another_run_that_answers_is_a_twin),
		TEST(words_are_said_again_while_somebody_may_not_have_heard),
		TEST(the_one_that_a_person_chose_goes_on),
		TEST(a_record_behind_our_own_shows_a_twin),
		TEST(our_own_keys_at_the_other_end_are_a_twin),
		TEST(who_recovers_waits_for_another_run_to_answer),
		TEST(a_word_is_signed_to_the_last_bit),
	};

	return RUN(tests);
}
