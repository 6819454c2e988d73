/* EVIDENCE at one member: what it counts, who shows what and when, and who is barred. */
#include "tests/unit/tally_desk.h"

static const struct kl_id p = {{'p'}}, q = {{'q'}};
static const uint64_t turn_ms = DESK_DECIDE_MS / 64;

static int tear_down(void **state)
{
	(void)state;
	desk_end();
	return 0;
}

static void sit(unsigned seat)
{
	desk_begin(seat);
	desk_open();
	desk_hand_in();
}

static void check_wish(unsigned seat, const struct kl_record *a, const struct kl_record *b)
{
	const struct kl_tally_effect *wish = desk_wish(KL_TALLY_EVIDENCE);

	assert_int_equal(wish->u.evidence.seat, seat);
	assert_int_equal(wish->u.evidence.count, b ? 2 : 1);
	assert_true(kl_id_equal(&wish->u.evidence.sources[0].record, &a->id));
	if (b)
		assert_true(kl_id_equal(&wish->u.evidence.sources[1].record, &b->id));
}

/* ---- what it counts ------------------------------------------------------------------------- */

static void a_record_counts_by_its_own_signature(void **state)
{
	const struct kl_record *proposal, *vote;
	struct kl_record forged;

	(void)state;
	sit(0);
	proposal = desk_propose(1, 0, 0);
	desk_feed(desk_evidence(4, 1, proposal, NULL));
	assert_true(desk_progress().proposed);
	for (unsigned seat = 2; seat <= 4; seat++)
		desk_feed(desk_vote(seat, 0, &proposal->id));
	forged = *desk_vote(5, 0, &proposal->id);
	forged.signature = proposal->signature;
	desk_feed(desk_evidence(4, 5, &forged, NULL));
	vote = desk_vote(5, 1, &proposal->id);
	desk_feed(desk_evidence(4, 5, vote, NULL)); /* of another attempt */
	vote = desk_vote(5, 0, &proposal->id);
	desk_feed(desk_evidence(4, 1, vote, NULL)); /* of another seat */
	assert_int_equal(desk_view().state, KL_TALLY_DECIDING);
	desk_feed(desk_evidence(4, 5, vote, NULL));
	assert_int_equal(desk_view().state, KL_TALLY_CLOSED);
}

/* Parts come out of the feeds of several members, and so in any order. */
static void parts_that_came_early_wait(void **state)
{
	const struct kl_record *parts[3];
	const struct kl_id *before = NULL;

	(void)state;
	desk_begin(0);
	desk_open();
	for (uint16_t i = 0; i < 3; i++) {
		parts[i] = desk_intake(2, (uint16_t)(i + 1), i < 2, before);
		before = &parts[i]->id;
	}
	desk_feed(desk_evidence(4, 2, parts[2], NULL));
	desk_feed(desk_evidence(4, 2, parts[1], NULL));
	assert_int_equal(desk_progress().intake.have, 0);
	desk_feed(parts[0]);
	assert_int_equal(desk_progress().intake.have, 1);
}

/* ---- who shows it, and when ----------------------------------------------------------------- */

static void the_convenor_shows_it_at_once(void **state)
{
	const struct kl_record *a, *b;

	(void)state;
	sit(0);
	a = desk_vote(2, 0, &p);
	b = desk_vote(2, 0, &q);
	desk_feed(a);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
	desk_feed(b);
	check_wish(2, a, b);
	assert_true(desk_view().seats[1].conflict && !desk_view().seats[1].proven);
	/* It could not be done: not now, but after a while. */
	desk_wait(1000);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
	assert_in_range(desk_update.wake_ms, 1, 60000);
	desk_wait(desk_update.wake_ms);
	check_wish(2, a, b);
	desk_feed(desk_evidence(0, 2, a, b));
	assert_true(desk_view().seats[1].proven);
	desk_wait(60000);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
}

/* Others may have shown it: the next CALL lists what stands in the convenor's own feed. */
static void the_convenor_shows_it_again(void **state)
{
	const struct kl_record *a, *b, *shown;
	const struct kl_tally_effect *wish;

	(void)state;
	sit(0);
	a = desk_vote(2, 0, &p);
	b = desk_skip(2, 0);
	shown = desk_evidence(4, 2, a, b);
	desk_feed(shown);
	assert_true(desk_view().seats[1].proven);
	wish = desk_wish(KL_TALLY_EVIDENCE);
	for (unsigned i = 0; i < 2; i++)
		assert_true(kl_id_equal(&wish->u.evidence.sources[i].within, &shown->id));
	desk_feed(desk_evidence(0, 2, a, b));
	desk_wait(60000);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
}

static void seats_wait_for_each_other(void **state)
{
	const struct kl_record *a, *b;

	(void)state;
	sit(3);
	a = desk_vote(2, 0, &p);
	b = desk_vote(2, 0, &q);
	desk_feed(a);
	desk_feed(b);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
	desk_wait(3 * turn_ms - 1);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
	assert_int_equal(desk_update.wake_ms, 1);
	desk_wait(1);
	check_wish(2, a, b);
	desk_end();

	sit(3);
	desk_feed(desk_vote(2, 0, &p));
	desk_feed(desk_vote(2, 0, &q));
	desk_feed(desk_evidence(5, 2, desk_vote(2, 1, &p), desk_vote(2, 1, &q)));
	desk_wait(3 * turn_ms);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0); /* one proof is enough */
}

static void what_is_no_proof_proves_nothing(void **state)
{
	const struct kl_record *a, *b;
	struct kl_record forged;

	(void)state;
	sit(3);
	a = desk_vote(2, 0, &p);
	b = desk_skip(2, 1);
	desk_feed(desk_evidence(5, 2, a, b));
	forged = *desk_skip(2, 0);
	forged.signature = a->signature;
	desk_feed(desk_evidence(5, 2, a, &forged));
	assert_false(desk_view().seats[1].proven || desk_view().seats[1].conflict);
	/* Neither does this member say again what convinced nobody. */
	desk_feed(desk_vote(4, 0, &p));
	desk_feed(desk_skip(4, 0));
	desk_wait(3 * turn_ms);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 1);
	desk_feed(desk_evidence(3, 4, a, b));
	desk_wait(60000);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
}

static void nobody_shows_what_it_said_itself(void **state)
{
	(void)state;
	sit(3);
	desk_feed(desk_vote(3, 4, &p));
	desk_feed(desk_vote(3, 4, &q));
	desk_wait(3 * turn_ms);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
}

/* ---- feeds that fork ------------------------------------------------------------------------ */

static void what_stands_behind_a_fork_is_shown(void **state)
{
	const struct kl_record *vote, *skip;

	(void)state;
	sit(3);
	vote = desk_vote(2, 0, &p);
	skip = desk_skip(5, 0);
	desk_feed(vote);
	desk_feed(skip);
	desk_feed_frozen(vote);
	desk_wait(3 * turn_ms);
	check_wish(2, vote, NULL);
	desk_feed(desk_evidence(3, 2, vote, NULL));
	desk_wait(60000);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
	/* Somebody else was first. */
	desk_feed_frozen(skip);
	desk_feed(desk_evidence(4, 5, skip, NULL));
	desk_wait(3 * turn_ms);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
}

/* After a restart the feed ends before the fork: what counted counts all the same. */
static void what_stands_behind_a_fork_counts(void **state)
{
	const struct kl_record *proposal;

	(void)state;
	sit(0);
	proposal = desk_propose(1, 0, 0);
	desk_feed_frozen(proposal);
	check_wish(1, proposal, NULL);
	for (unsigned seat = 1; seat <= 4; seat++)
		desk_feed_frozen(desk_vote(seat, 0, &proposal->id));
	assert_int_equal(desk_view().state, KL_TALLY_CLOSED);
}

enum { MANY = 200 };

static const struct kl_record *find_said(
	const struct kl_record *const *said, const struct kl_tally_source *source)
{
	for (unsigned i = 0; i < MANY; i++)
		if (kl_id_equal(&said[i]->id, &source->record))
			return said[i];
	fail_msg("nobody said that");
	return NULL;
}

/* A liar can sign without end: only what is kept of that is shown, and of parts so many. */
static void what_changes_nothing_is_not_shown(void **state)
{
	const struct kl_record *said[MANY];
	const struct kl_id before = {{7}};
	unsigned shown = 0;

	(void)state;
	sit(0);
	desk_feed(desk_vote(2, 0, &p));
	desk_feed_frozen(desk_vote(2, 0, &p)); /* said already */
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 0);
	for (unsigned i = 0; i < MANY; i++) {
		said[i] = desk_intake(2, 3, true, &before);
		desk_feed_frozen(said[i]);
	}
	desk_wait(10000);
	for (; desk_asks(KL_TALLY_EVIDENCE) > 0; shown++) {
		struct kl_tally_effect wish = *desk_wish(KL_TALLY_EVIDENCE);
		const struct kl_tally_source *sources = wish.u.evidence.sources;

		desk_feed(desk_evidence(0, 2, find_said(said, &sources[0]),
			wish.u.evidence.count == 2 ? find_said(said, &sources[1]) : NULL));
		desk_wait(10000);
	}
	assert_in_range(shown, 2, 128);
}

/* Two stories in two branches, one of them only ever seen in EVIDENCE. */
static void two_branches_make_a_proof(void **state)
{
	const struct kl_record *a, *b, *shown;
	const struct kl_tally_effect *wish;

	(void)state;
	sit(0);
	a = desk_vote(2, 0, &p);
	desk_fork(2);
	b = desk_vote(2, 0, &q);
	desk_feed(a);
	desk_feed_frozen(a);
	assert_int_equal(desk_asks(KL_TALLY_EVIDENCE), 1); /* a alone */
	shown = desk_evidence(4, 2, b, NULL);
	desk_feed(shown);
	desk_feed(desk_evidence(0, 2, a, NULL));
	wish = desk_wish(KL_TALLY_EVIDENCE);
	assert_int_equal(wish->u.evidence.count, 2);
	assert_true(kl_id_equal(&wish->u.evidence.sources[1].record, &b->id));
	assert_true(kl_id_equal(&wish->u.evidence.sources[1].within, &shown->id));
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_record_counts_by_its_own_signature),
		TEST(parts_that_came_early_wait),
		TEST(the_convenor_shows_it_at_once),
		TEST(the_convenor_shows_it_again),
		TEST(seats_wait_for_each_other),
		TEST(what_is_no_proof_proves_nothing),
		TEST(nobody_shows_what_it_said_itself),
		TEST(what_stands_behind_a_fork_is_shown),
		TEST(what_stands_behind_a_fork_counts),
		TEST(what_changes_nothing_is_not_shown),
		TEST(two_branches_make_a_proof),
	};

	return RUN(tests);
}
