/* Attempts at one member: when it proposes, votes, skips and quits, and what follows from what others
 * say, in whatever order it comes. */
#include "tests/unit/tally_desk.h"

#include <stdlib.h>

static const uint64_t first_ms = DESK_DECIDE_MS / 8 * 3, later_ms = DESK_DECIDE_MS / 8;

static int tear_down(void **state)
{
	(void)state;
	desk_end();
	return 0;
}

/* The member of a seat, with all INTAKEs there: attempt 0 is open. */
static void sit(unsigned seat)
{
	desk_begin(seat);
	desk_open();
	desk_hand_in();
	assert_int_equal(desk_said(KL_KIND_TALLY_INTAKE), seat > 0);
	assert_true(desk_progress().attempt_open);
}

static void check_proposal(const struct kl_id *expected)
{
	struct kl_tally_view view = desk_view();

	assert_true(kl_id_equal(&view.proposal, expected));
}

/* Four others skip, whoever sits here. */
static void others_skip(unsigned own, uint32_t attempt)
{
	unsigned count = 0;

	for (unsigned seat = 1; seat <= DESK_SEATS && count < 4; seat++) {
		if (seat == own)
			continue;
		desk_feed(desk_skip(seat, attempt));
		count++;
	}
	desk_carry_out();
}

/* ---- skipping ------------------------------------------------------------------------------- */

static void a_silent_leader_is_waited_for_and_skipped(void **state)
{
	struct kl_tally_skip skip;

	(void)state;
	sit(3);
	assert_int_equal(desk_update.wake_ms, first_ms);
	desk_wait(first_ms - 1);
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 0);
	assert_int_equal(desk_update.wake_ms, 1);
	desk_wait(1);
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 1);
	assert_int_equal(kl_tally_skip_read(desk_last(KL_KIND_TALLY_SKIP)->payload, &skip), KL_OK);
	assert_int_equal(skip.attempt, 0);
	assert_int_equal(skip.seat, 3);
	desk_wait(later_ms);
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 1); /* the next one is not open */
	others_skip(3, 0);
	assert_int_equal(desk_progress().attempt, 1);
	assert_int_equal(desk_progress().leader, 2);
	desk_wait(later_ms - 1);
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 1);
	desk_wait(1);
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 2);
}

static void without_enough_intakes_nothing_is_skipped(void **state)
{
	(void)state;
	desk_begin(3);
	desk_open();
	for (unsigned seat = 1; seat <= DESK_SEATS; seat++) {
		if (seat != 3 && seat != 5)
			desk_feed(desk_intake(seat, 1, false, NULL));
	}
	assert_false(desk_progress().attempt_open);
	assert_int_equal(desk_progress().wait, KL_WAIT_INTAKES);
	assert_int_equal(desk_progress().intake.have, 4);
	assert_int_equal(desk_progress().intake.can, 1U << 4);
	desk_wait(first_ms);
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 0);
}

static void who_voted_never_skips_that_attempt(void **state)
{
	(void)state;
	sit(3);
	desk_feed(desk_propose(1, 0, 0));
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 1);
	/* Not even while the vote is on its way to the disk. */
	desk_wait(first_ms);
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 0);
	desk_carry_out();
	desk_wait(later_ms);
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 0);
	/* Four others may skip it all the same, and then there is another attempt. */
	others_skip(3, 0);
	desk_feed(desk_propose(2, 1, 0));
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 2);
}

static void who_skipped_never_votes_in_that_attempt(void **state)
{
	(void)state;
	sit(3);
	desk_wait(first_ms);
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 1);
	desk_feed(desk_propose(1, 0, 0)); /* the SKIP has not come back */
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 0);
	desk_carry_out();
	desk_wait(1);
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 0);
}

static void what_stands_in_the_own_feed_was_said(void **state)
{
	const struct kl_record *skip;

	(void)state;
	sit(3);
	desk_wait(first_ms);
	desk_carry_out();
	skip = desk_last(KL_KIND_TALLY_SKIP);
	desk_restart();
	desk_feed(skip); /* before anything else is known, as at a start */
	desk_open();
	desk_feed(desk_last(KL_KIND_TALLY_INTAKE));
	desk_feed(skip);
	desk_hand_in();
	desk_feed(desk_propose(1, 0, 0));
	desk_wait(first_ms);
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 0);
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 1);
}

/* The database was put back as it was before the vote; other members hold it, and give it back before
 * this one speaks again (protocol/recover.h). */
static void a_vote_that_came_back_from_others_is_known_again(void **state)
{
	const struct kl_record *vote;

	(void)state;
	sit(3);
	desk_feed(desk_propose(1, 0, 0));
	desk_carry_out();
	vote = desk_last(KL_KIND_TALLY_VOTE);
	assert_non_null(vote);
	desk_restart();
	desk_open();
	desk_feed(desk_last(KL_KIND_TALLY_INTAKE));
	desk_feed(vote);
	desk_hand_in();
	desk_feed(desk_propose(1, 0, 1)); /* it would be as good */
	desk_carry_out();
	desk_wait(first_ms);
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 1);
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 0);
}

static void only_the_attempt_that_is_open_is_voted_in(void **state)
{
	(void)state;
	sit(3);
	desk_feed(desk_propose(2, 1, 0)); /* early */
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 0);
	for (unsigned seat = 1; seat <= 4; seat++) {
		assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 0);
		if (seat != 3)
			desk_feed(desk_skip(seat, 0));
	}
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 0);
	desk_feed(desk_skip(5, 0));
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 1);
}

static void nothing_is_said_of_attempts_beyond_the_last(void **state)
{
	(void)state;
	sit(3);
	for (uint32_t attempt = 0; attempt < KL_TALLY_ATTEMPTS_MAX; attempt++) {
		assert_int_equal(desk_progress().attempt, attempt);
		others_skip(3, attempt);
	}
	assert_false(desk_progress().attempt_open);
	desk_wait(later_ms);
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_SKIP), 0);
	assert_int_equal(desk_said(KL_KIND_TALLY_PROPOSE), 2); /* attempts 2 and 7 are its own */
}

/* ---- leading -------------------------------------------------------------------------------- */

static void the_second_leader_proposes_at_once(void **state)
{
	struct kl_tally_propose propose;

	(void)state;
	sit(2);
	assert_int_equal(desk_said(KL_KIND_TALLY_PROPOSE), 0);
	others_skip(2, 0);
	assert_int_equal(desk_said(KL_KIND_TALLY_PROPOSE), 1);
	assert_int_equal(
		kl_tally_propose_read(desk_last(KL_KIND_TALLY_PROPOSE)->payload, &propose), KL_OK);
	assert_int_equal(propose.attempt, 1);
	assert_int_equal(propose.cited_count, DESK_SEATS);
	kl_tally_propose_deinit(&propose);
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 1);
}

static void a_leader_that_skipped_its_attempt_proposes_nothing(void **state)
{
	const struct kl_record *skip;

	(void)state;
	desk_begin(2);
	skip = desk_skip(2, 1); /* its own, from before it was restarted */
	desk_open();
	desk_feed(skip);
	desk_hand_in();
	others_skip(2, 0);
	desk_wait(later_ms);
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_PROPOSE), 0);
	assert_int_equal(desk_said(KL_KIND_TALLY_VOTE), 0);
}

/* A leader that makes two proposals has no say in which one counts: the votes have. */
static void a_second_proposal_of_an_attempt_is_kept(void **state)
{
	const struct kl_record *second;

	(void)state;
	sit(0);
	desk_feed(desk_propose(1, 0, 9)); /* rests on something that nobody knows */
	second = desk_propose(1, 0, 0);
	desk_feed(second);
	for (unsigned seat = 2; seat <= 5; seat++)
		desk_feed(desk_vote(seat, 0, &second->id));
	assert_int_equal(desk_view().state, KL_TALLY_CLOSED);
	check_proposal(&second->id);
}

/* More proposals than are looked at: the one that is certified is. */
static void what_is_certified_finds_its_place(void **state)
{
	const struct kl_record *last;

	(void)state;
	sit(0);
	for (unsigned i = 0; i < KL_TALLY_PROPOSALS_MAX; i++)
		desk_feed(desk_propose(1, 0, 9 + i));
	last = desk_propose(1, 0, 0);
	desk_feed(last);
	for (unsigned seat = 2; seat <= 5; seat++) {
		assert_int_equal(desk_view().state, KL_TALLY_DECIDING);
		desk_feed(desk_vote(seat, 0, &last->id));
	}
	assert_int_equal(desk_view().state, KL_TALLY_CLOSED);
}

/* A leader that writes proposals for attempts that never come, and a certificate that is here before what
 * it certifies: nothing is asked for again. */
static void proposals_of_no_use_are_not_asked_for(void **state)
{
	const struct kl_record *good;

	(void)state;
	sit(0);
	for (unsigned i = 0; i < 2 * KL_TALLY_PROPOSALS_MAX; i++)
		desk_feed(desk_propose(2, 1, 9 + i));
	good = desk_propose(1, 0, 0);
	for (unsigned seat = 2; seat <= 5; seat++) {
		desk_feed(desk_vote(seat, 0, &good->id));
		assert_int_equal(desk_asks(KL_TALLY_REPLAY), 0);
	}
	assert_int_equal(desk_view().state, KL_TALLY_CERTIFIED);
	desk_feed(good);
	assert_int_equal(desk_asks(KL_TALLY_REPLAY), 0);
	assert_int_equal(desk_view().state, KL_TALLY_CLOSED);
}

/* A cheat that votes for four other things first, then with the others: who heard it in another order has a
 * certificate, and its OPEN cites it. */
static void a_vote_that_an_opening_cites_is_kept(void **state)
{
	const struct kl_record *good, *votes[4];
	unsigned replays = 0;

	(void)state;
	sit(0);
	for (unsigned i = 0; i < 4; i++) {
		const struct kl_id nothing = {{(uint8_t)(i + 1)}};

		desk_feed(desk_vote(2, 0, &nothing));
	}
	good = desk_propose(1, 0, 0);
	desk_feed(good);
	for (unsigned seat = 2; seat <= 5; seat++) {
		votes[seat - 2] = desk_vote(seat, 0, &good->id);
		desk_feed(votes[seat - 2]);
	}
	assert_int_equal(desk_view().state, KL_TALLY_DECIDING);
	desk_feed(desk_open_citing(3, &good->id, votes, 0, 0));
	assert_int_equal(desk_asks(KL_TALLY_REPLAY), 1);
	desk_feed(votes[0]);
	desk_event(KL_TALLY_READY);
	check_proposal(&good->id);
	/* What it cites beside that is looked for once, and no more. */
	for (unsigned i = 0; i < 20; i++) {
		for (unsigned k = 0; k < 4; k++)
			votes[k] = desk_vote(k + 2, 1, &good->id);
		desk_feed(desk_open_citing(4, &good->id, votes, 0, 0));
		replays += desk_asks(KL_TALLY_REPLAY) > 0;
		desk_event(KL_TALLY_READY);
	}
	assert_in_range(replays, 0, 4);
}

/* Rows that no proposal can have are none. */
static void an_opening_has_no_more_rows_than_the_call(void **state)
{
	const struct kl_record *good, *votes[4];

	(void)state;
	sit(0);
	good = desk_propose(1, 0, 0);
	for (unsigned seat = 2; seat <= 5; seat++)
		votes[seat - 2] = desk_vote(seat, 0, &good->id);
	desk_feed(desk_open_citing(3, &good->id, votes, 0, 2));
	desk_feed(desk_open_citing(3, &good->id, votes, 65000, 1));
	assert_false(desk_view().seats[2].opened);
	desk_feed(desk_open_citing(3, &good->id, votes, 0, 1));
	assert_true(desk_view().seats[2].opened);
}

/* ---- quitting ------------------------------------------------------------------------------- */

static void a_quit_names_the_votes_of_all_attempts(void **state)
{
	struct kl_tally_quit quit;

	(void)state;
	sit(3);
	desk_feed(desk_propose(1, 0, 0));
	desk_carry_out();
	others_skip(3, 0);
	desk_feed(desk_propose(2, 1, 0));
	desk_carry_out();
	desk_wait(DESK_CONTRIBUTE_MS + DESK_DECIDE_MS);
	desk_carry_out();
	assert_int_equal(desk_said(KL_KIND_TALLY_QUIT), 1);
	assert_int_equal(kl_tally_quit_read(desk_last(KL_KIND_TALLY_QUIT)->payload, &quit), KL_OK);
	assert_int_equal(quit.vote_count, 2);
	assert_int_equal(quit.votes[0].attempt, 0);
	assert_int_equal(quit.votes[1].attempt, 1);
	assert_true(kl_id_equal(&quit.votes[1].vote, &desk_last(KL_KIND_TALLY_VOTE)->id));
	desk_wait(1000);
	assert_int_equal(desk_asks(KL_TALLY_APPEND), 0);
}

/* ---- what others say, in any order ---------------------------------------------------------- */

enum { SAID_MAX = 64 };

static const struct kl_record *said[SAID_MAX];
static size_t said_count;

static void say(const struct kl_record *record)
{
	assert_true(said_count < SAID_MAX);
	said[said_count++] = record;
}

/* Feeds everything to an empty book, in another order each time, and gives the state. */
static enum kl_tally_state in_some_order(unsigned seed)
{
	srand(seed);
	for (size_t i = said_count; i-- > 1;) {
		size_t k = (size_t)rand() % (i + 1);
		const struct kl_record *kept = said[i];

		said[i] = said[k];
		said[k] = kept;
	}
	desk_restart();
	desk_open();
	for (size_t i = 0; i < said_count; i++)
		desk_feed(said[i]);
	return desk_view().state;
}

static void check_orders(enum kl_tally_state expected, const struct kl_id *proposal)
{
	for (unsigned seed = 1; seed <= 60; seed++) {
		assert_int_equal(in_some_order(seed), expected);
		check_proposal(proposal);
	}
}

static void begin_saying(void)
{
	desk_begin(0);
	desk_open();
	said_count = 0;
	for (unsigned seat = 1; seat <= DESK_SEATS; seat++)
		say(desk_intake(seat, 1, false, NULL));
}

static void a_later_certificate_needs_the_skips_of_all_before(void **state)
{
	static const struct kl_id none;
	const struct kl_record *p;

	(void)state;
	begin_saying();
	p = desk_propose(3, 2, 0);
	say(p);
	for (unsigned seat = 1; seat <= 4; seat++) {
		say(desk_skip(seat, 0));
		say(desk_vote(seat, 2, &p->id));
	}
	for (unsigned seat = 2; seat <= 4; seat++)
		say(desk_skip(seat, 1));
	check_orders(KL_TALLY_DECIDING, &none);
	say(desk_skip(5, 1));
	check_orders(KL_TALLY_CLOSED, &p->id);
}

static void conflicting_votes_all_count(void **state)
{
	const struct kl_record *p, *q;

	(void)state;
	begin_saying();
	p = desk_propose(1, 0, 0);
	q = desk_propose(1, 0, 9);
	say(p);
	say(q);
	for (unsigned seat = 1; seat <= 4; seat++)
		say(desk_vote(seat, 0, &p->id));
	say(desk_vote(1, 0, &q->id));
	say(desk_vote(2, 0, &q->id));
	say(desk_skip(1, 0));
	say(desk_quit(2, NULL, 0));
	check_orders(KL_TALLY_CLOSED, &p->id);
}

/* Four quit, of which some had voted for what is certified: failure comes first, whatever comes first. */
static void failure_comes_before_openings_that_are_not_final(void **state)
{
	const struct kl_record *p, *votes[5];

	(void)state;
	begin_saying();
	p = desk_propose(1, 0, 0);
	for (unsigned seat = 1; seat <= 4; seat++) {
		votes[seat] = desk_vote(seat, 0, &p->id);
		say(votes[seat]);
	}
	for (unsigned seat = 1; seat <= 4; seat++)
		say(desk_quit(seat, &votes[seat], 1));
	check_orders(KL_TALLY_ENDED_FAILED, &p->id);
	say(p); /* it has no rows, so that nobody had to open them */
	check_orders(KL_TALLY_ENDED_FAILED, &p->id);
}

static void quits_alone_are_a_failure(void **state)
{
	static const struct kl_id none;

	(void)state;
	begin_saying();
	for (unsigned seat = 1; seat <= 3; seat++)
		say(desk_quit(seat, NULL, 0));
	check_orders(KL_TALLY_DECIDING, &none);
	say(desk_quit(3, NULL, 0)); /* the same seat again */
	check_orders(KL_TALLY_DECIDING, &none);
	say(desk_quit(4, NULL, 0));
	check_orders(KL_TALLY_ENDED_FAILED, &none);
}

/* A proposal is judged by the INTAKE that it cites, whichever of two came first. */
static void two_intakes_of_a_seat_are_both_known(void **state)
{
	const struct kl_record *p;

	(void)state;
	begin_saying();
	p = desk_propose(1, 0, 0);
	say(p);
	say(desk_intake(5, 1, false, NULL)); /* another one */
	for (unsigned seat = 1; seat <= 4; seat++)
		say(desk_vote(seat, 0, &p->id));
	check_orders(KL_TALLY_CLOSED, &p->id);
}

/* The feed of a seat forks at each part of its INTAKE, and each branch ends there: whoever cites the whole
 * one finds it, in whatever order all of them came. */
static void stories_that_branch_hide_nothing(void **state)
{
	enum { PARTS = 24 };
	const struct kl_record *p, *part = NULL, *whole = NULL;

	(void)state;
	begin_saying();
	for (uint16_t i = 1; i <= PARTS; i++) {
		const struct kl_id before = part ? part->id : (struct kl_id){{0}};

		say(desk_intake(5, i, false, part ? &before : NULL)); /* another end */
		desk_fork(5);
		part = desk_intake(5, i, i < PARTS, part ? &before : NULL);
		say(part);
		whole = part;
	}
	assert_non_null(whole);
	p = desk_propose(1, 0, 0); /* cites what was written last */
	say(p);
	for (unsigned seat = 1; seat <= 4; seat++)
		say(desk_vote(seat, 0, &p->id));
	check_orders(KL_TALLY_CLOSED, &p->id);
}

/* ---- what people are told ------------------------------------------------------------------- */

static void who_can_still_give_what_is_shown(void **state)
{
	struct kl_tally_progress progress;
	const struct kl_record *p;

	(void)state;
	sit(0);
	assert_int_equal(desk_progress().wait, KL_WAIT_PROPOSAL);
	p = desk_propose(1, 0, 0);
	desk_feed(p);
	desk_feed(desk_vote(1, 0, &p->id));
	desk_feed(desk_vote(2, 0, &p->id));
	desk_feed(desk_skip(3, 0));
	desk_feed(desk_quit(4, NULL, 0));
	progress = desk_progress();
	assert_int_equal(progress.wait, KL_WAIT_VOTES);
	assert_string_equal(kl_tally_wait_name(progress.wait), "votes");
	assert_int_equal(progress.vote.have, 2);
	assert_int_equal(progress.vote.need, 4);
	assert_int_equal(progress.vote.can, 1U << 4);
	assert_int_equal(progress.skip.have, 1);
	assert_int_equal(progress.skip.can, 1U << 4);
	assert_int_equal(progress.quit.have, 1);
	assert_int_equal(progress.quit.can, 0x17);
	assert_true(desk_view().seats[0].voted_now && !desk_view().seats[0].skipped_now);
	assert_true(desk_view().seats[2].skipped_now);
	desk_wait(DESK_CONTRIBUTE_MS + DESK_DECIDE_MS);
	assert_int_equal(desk_progress().wait, KL_WAIT_QUITS);
}

static void silence_is_counted_from_the_last_record(void **state)
{
	uint64_t said_ms = desk_now_ms;

	(void)state;
	sit(0);
	said_ms = desk_now_ms;
	desk_wait(5000);
	assert_int_equal(desk_view().seats[2].last_ms, said_ms);
	desk_feed(desk_skip(3, 0));
	assert_int_equal(desk_view().seats[2].last_ms, said_ms + 5000);
	assert_int_equal(desk_view().seats[3].last_ms, said_ms);
}

static void a_stuck_tally_is_noted_by_itself(void **state)
{
	uint64_t waited = 0;

	(void)state;
	sit(0);
	while (desk_view().state != KL_TALLY_STUCK) {
		assert_true(desk_update.wake_ms < UINT64_MAX);
		waited += desk_update.wake_ms;
		desk_wait(desk_update.wake_ms);
	}
	assert_in_range(waited, DESK_CONTRIBUTE_MS, 3 * (DESK_CONTRIBUTE_MS + DESK_DECIDE_MS));
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_silent_leader_is_waited_for_and_skipped),
		TEST(without_enough_intakes_nothing_is_skipped),
		TEST(who_voted_never_skips_that_attempt),
		TEST(who_skipped_never_votes_in_that_attempt),
		TEST(what_stands_in_the_own_feed_was_said),
		TEST(a_vote_that_came_back_from_others_is_known_again),
		TEST(only_the_attempt_that_is_open_is_voted_in),
		TEST(nothing_is_said_of_attempts_beyond_the_last),
		TEST(the_second_leader_proposes_at_once),
		TEST(a_leader_that_skipped_its_attempt_proposes_nothing),
		TEST(a_second_proposal_of_an_attempt_is_kept),
		TEST(what_is_certified_finds_its_place),
		TEST(proposals_of_no_use_are_not_asked_for),
		TEST(a_vote_that_an_opening_cites_is_kept),
		TEST(an_opening_has_no_more_rows_than_the_call),
		TEST(a_quit_names_the_votes_of_all_attempts),
		TEST(a_later_certificate_needs_the_skips_of_all_before),
		TEST(conflicting_votes_all_count),
		TEST(failure_comes_before_openings_that_are_not_final),
		TEST(quits_alone_are_a_failure),
		TEST(two_intakes_of_a_seat_are_both_known),
		TEST(stories_that_branch_hide_nothing),
		TEST(who_can_still_give_what_is_shown),
		TEST(silence_is_counted_from_the_last_record),
		TEST(a_stuck_tally_is_noted_by_itself),
	};

	return RUN(tests);
}
