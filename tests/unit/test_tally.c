/* The tally machine at one member: what it asks for, in which order, and what it asks for again.
 * Whole tallies of whole networks are in tests/sim. */
#include "tests/unit/tally_member.h"

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
	assert_true(kl_id_equal(&update.effects[0].tally, &call_id)); /* nothing else is needed */
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
	assert_string_equal(
		view.why, "it names other cohorts than the charter of the network does");
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_E_DENIED);
	assert_string_equal(
		fault.message, "it names other cohorts than the charter of the network does");
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

static void is_replay_of(const struct kl_id *tally)
{
	assert_int_equal(asks_for(KL_TALLY_REPLAY), 1);
	assert_int_equal(update.effects[0].kind, KL_TALLY_REPLAY);
	assert_true(kl_id_equal(&update.effects[0].tally, tally));
}

/* What was told again spoke of one tally alone: the next one is asked for as well, and both if the first
 * time comes to nothing. */
static void each_call_is_asked_for_by_itself(void **state)
{
	static const struct kl_id all;
	struct kl_id second;

	(void)state;
	feed(KL_TALLY_READY);
	for (int i = 0; i <= KL_TALLY_UNKNOWN_MAX; i++)
		feed_decline(4, id_of((uint8_t)(i + 10)));
	feed_call();
	is_replay_of(&call_id);
	feed_second_call(&second);
	assert_int_equal(asks_for(KL_TALLY_REPLAY), 0);
	feed(KL_TALLY_READY);
	is_replay_of(&second);

	call.period.year += 2;
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
	feed_call_as_it_is(&second);
	feed_failure_of_no_tally();
	feed(KL_TALLY_TICK);
	is_replay_of(&all);
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
		proposals[i].id = tallies[i].certified;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_said_before_everything_is_known),
		TEST(the_key_is_on_disk_before_it_is_promised),
		TEST(a_key_from_before_a_crash_is_used),
		TEST(what_failed_is_asked_again_after_a_while),
		TEST(without_its_key_a_seat_quits),
		TEST(what_was_not_removed_is_asked_for_until_it_was),
		TEST(records_before_their_call_are_asked_for),
		TEST(invented_tallies_do_not_push_out_a_real_one),
		TEST(keys_of_unknown_tallies_are_counted),
		TEST(a_call_that_breaks_a_rule_is_left_alone),
		TEST(a_call_may_raise_the_minimum_and_not_lower_it),
		TEST(a_call_is_about_the_cohorts_of_the_charter),
		TEST(only_the_convenor_calls),
		TEST(each_call_is_asked_for_by_itself),
		TEST(a_failure_is_made_good_for_every_tally),
		TEST(a_share_of_no_contribution_goes_at_the_end),
		TEST(more_results_than_can_be_named_are_an_error),
		cmocka_unit_test(contributors_are_frozen_with_their_attributes),
	};

	return RUN(tests);
}
