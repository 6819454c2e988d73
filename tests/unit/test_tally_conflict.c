/* Which records of a seat contradict each other, and which do not. */
#include "protocol/tally_conflict.h"
#include "core/error.h"
#include "tests/unit/tally_desk.h"

enum { SEAT = 2 };

static const struct kl_id p = {{'p'}}, q = {{'q'}};
static struct kl_verifier verifier = {kl_verify_ed25519, NULL, 0};

static int set_up(void **state)
{
	(void)state;
	desk_begin(0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_end();
	return 0;
}

static struct kl_tally_place place_of(unsigned seat)
{
	return (struct kl_tally_place){
		desk_network, desk_call, *desk_member(seat), (uint8_t)seat, DESK_SEATS};
}

static void check(const struct kl_record *a, const struct kl_record *b, bool conflict)
{
	struct kl_tally_place place = place_of(SEAT);

	assert_int_equal(kl_tally_record_check(a, &place, &verifier), KL_OK);
	assert_int_equal(kl_tally_record_check(b, &place, &verifier), KL_OK);
	assert_int_equal(kl_tally_records_conflict(a, b), conflict);
	assert_int_equal(kl_tally_records_conflict(b, a), conflict);
	assert_false(kl_tally_records_conflict(a, a));
}

static void a_seat_has_one_key(void **state)
{
	(void)state;
	check(desk_accept(SEAT, 1), desk_accept(SEAT, 2), true);
	check(desk_accept(SEAT, 1), desk_accept(SEAT, 1), false);
}

static void an_intake_has_one_part_of_each_number(void **state)
{
	const struct kl_record *first = desk_intake(SEAT, 1, true, NULL);

	(void)state;
	check(first, desk_intake(SEAT, 1, true, NULL), true);
	check(first, desk_intake(SEAT, 2, false, &first->id), false);
	check(desk_intake(SEAT, 2, false, &first->id), desk_intake(SEAT, 2, false, &p), true);
}

static void a_leader_makes_one_proposal_of_an_attempt(void **state)
{
	(void)state;
	check(desk_propose(SEAT, 1, 0), desk_propose(SEAT, 1, 9), true);
	check(desk_propose(SEAT, 1, 0), desk_propose(SEAT, 6, 0), false);
}

static void votes_and_skips_exclude_each_other(void **state)
{
	(void)state;
	check(desk_vote(SEAT, 0, &p), desk_vote(SEAT, 0, &q), true);
	check(desk_vote(SEAT, 0, &p), desk_vote(SEAT, 0, &p), false);
	check(desk_vote(SEAT, 0, &p), desk_vote(SEAT, 1, &q), false);
	check(desk_vote(SEAT, 3, &p), desk_skip(SEAT, 3), true);
	check(desk_vote(SEAT, 3, &p), desk_skip(SEAT, 2), false);
	check(desk_skip(SEAT, 2), desk_skip(SEAT, 3), false);
	check(desk_skip(SEAT, 2), desk_skip(SEAT, 2), false);
}

static void a_quit_names_every_vote_and_is_the_end(void **state)
{
	const struct kl_record *votes[2] = {desk_vote(SEAT, 0, &p), desk_vote(SEAT, 1, &q)};
	const struct kl_record *all = desk_quit(SEAT, votes, 2), *one = desk_quit(SEAT, votes, 1);

	(void)state;
	check(votes[0], all, false);
	check(votes[1], all, false);
	check(votes[0], one, false);
	check(votes[1], one, true);
	check(all, one, true);
	check(all, desk_quit(SEAT, votes, 2), false);
	check(all, desk_skip(SEAT, 2), false);
	check(all, desk_open_sum(SEAT, &p, 1), true);
	check(all, desk_accept(SEAT, 1), false);
}

static void a_seat_opens_one_sum(void **state)
{
	(void)state;
	check(desk_open_sum(SEAT, &p, 1), desk_open_sum(SEAT, &p, 2), true);
	check(desk_open_sum(SEAT, &p, 1), desk_open_sum(SEAT, &q, 1), true);
	check(desk_open_sum(SEAT, &p, 1), desk_open_sum(SEAT, &p, 1), false);
}

/* ---- whose they are ------------------------------------------------------------------------- */

static void only_this_seat_in_this_tally_is_meant(void **state)
{
	const struct kl_record *vote = desk_vote(SEAT, 0, &p);
	struct kl_tally_place place = place_of(SEAT);
	struct kl_record other;

	(void)state;
	assert_int_equal(kl_tally_record_check(vote, &place, &verifier), KL_OK);
	place.tally = p;
	assert_int_equal(kl_tally_record_check(vote, &place, &verifier), KL_E_MALFORMED);
	place = place_of(SEAT);
	place.seat = 3;
	assert_int_equal(kl_tally_record_check(vote, &place, &verifier), KL_E_MALFORMED);
	place = place_of(3);
	assert_int_equal(kl_tally_record_check(vote, &place, &verifier), KL_E_MALFORMED);
	place = place_of(SEAT);
	place.network = p;
	assert_int_equal(kl_tally_record_check(vote, &place, &verifier), KL_E_SIGNATURE);
	place = place_of(SEAT);
	other = *vote;
	other.signature = (struct kl_bytes){0};
	assert_int_equal(kl_tally_record_check(&other, &place, &verifier), KL_E_SIGNATURE);
	other = *vote;
	other.erased = true;
	assert_int_equal(kl_tally_record_check(&other, &place, &verifier), KL_E_MALFORMED);
	assert_int_equal(
		kl_tally_record_check(desk_decline(SEAT), &place, &verifier), KL_E_MALFORMED);
	/* A proposal says no seat: its attempt says who leads. */
	assert_int_equal(kl_tally_record_check(desk_propose(SEAT, 1, 0), &place, &verifier), KL_OK);
	assert_int_equal(
		kl_tally_record_check(desk_propose(SEAT, 0, 0), &place, &verifier), KL_E_MALFORMED);
}

static int check_evidence(const struct kl_record *a, const struct kl_record *b, bool *ret_proves)
{
	const struct kl_record *record = desk_evidence(0, SEAT, a, b);
	struct kl_record records[KL_TALLY_EVIDENCE_MAX];
	struct kl_tally_place place = place_of(SEAT);
	struct kl_tally_evidence evidence;

	assert_int_equal(kl_tally_evidence_read(record->payload, &evidence), KL_OK);
	return kl_tally_evidence_check(&evidence, &place, &verifier, records, ret_proves);
}

static void evidence_proves_if_its_records_contradict(void **state)
{
	struct kl_record forged;
	bool proves;

	(void)state;
	assert_int_equal(
		check_evidence(desk_vote(SEAT, 0, &p), desk_vote(SEAT, 0, &q), &proves), KL_OK);
	assert_true(proves);
	assert_int_equal(
		check_evidence(desk_vote(SEAT, 0, &p), desk_vote(SEAT, 1, &q), &proves), KL_OK);
	assert_false(proves);
	assert_int_equal(check_evidence(desk_vote(SEAT, 0, &p), NULL, &proves), KL_OK);
	assert_false(proves);
	forged = *desk_vote(SEAT, 0, &q);
	forged.signature = desk_vote(SEAT, 0, &p)->signature;
	assert_int_equal(check_evidence(desk_vote(SEAT, 0, &p), &forged, &proves), KL_E_SIGNATURE);
	assert_false(proves);
	assert_int_equal(check_evidence(desk_vote(SEAT, 0, &p), desk_vote(3, 0, &q), &proves),
		KL_E_MALFORMED);
}

/* Whole parts of the largest size fit in, two of them. */
static void two_parts_of_the_largest_size_fit(void **state)
{
	static struct kl_proposal_row rows[KL_TALLY_PART_MAX / 36];
	struct kl_tally_propose propose = {
		.tally = desk_call, .part = {.number = 2, .before = p}, .rows = rows};
	struct kl_bytes payload;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rows[i].metric = (uint16_t)(i / KL_TALLY_COHORTS_MAX);
		rows[i].cohort = (uint8_t)(i % KL_TALLY_COHORTS_MAX);
		memset(rows[i].set.b, 1, KL_ID_BYTES);
	}
	do {
		propose.row_count++;
		kl_writer_reset(&w);
		kl_tally_propose_write(&w, &propose);
		assert_int_equal(kl_writer_bytes(&w, &payload), KL_OK);
	} while (payload.len + 45 <= KL_TALLY_PART_MAX);
	/* around each: header, signature, msgpack; around both: version, tally, seat, arrays */
	assert_true(
		2 * (payload.len + KL_HEADER_MAX + KL_SIGNATURE_BYTES + 16) + 64 <= KL_PAYLOAD_MAX);
	kl_writer_deinit(&w);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_seat_has_one_key),
		TEST(an_intake_has_one_part_of_each_number),
		TEST(a_leader_makes_one_proposal_of_an_attempt),
		TEST(votes_and_skips_exclude_each_other),
		TEST(a_quit_names_every_vote_and_is_the_end),
		TEST(a_seat_opens_one_sum),
		TEST(only_this_seat_in_this_tally_is_meant),
		TEST(evidence_proves_if_its_records_contradict),
		TEST(two_parts_of_the_largest_size_fit),
	};

	return RUN(tests);
}
