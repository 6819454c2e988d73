#include "core/certificate.h"
#include "tests/unit/harness.h"
#include "tests/unit/qb1.h"

#include <stdlib.h>

enum { VOTES_MAX = 64 };

/* Vectors name proposals by letters. */
static struct kl_id proposal_of(const json_t *name)
{
	struct kl_id id = {{0}};

	strncpy((char *)id.b, json_string_value(name), KL_ID_BYTES - 1);
	return id;
}

static size_t read_votes(const json_t *row, struct kl_vote *ret_votes)
{
	const json_t *votes = vectors_get(row, "votes"), *vote;
	size_t i;

	assert_in_range(json_array_size(votes), 0, VOTES_MAX);
	json_array_foreach(votes, i, vote) ret_votes[i] =
		(struct kl_vote){(uint8_t)vectors_u64(json_array_get(vote, 0)),
			(uint32_t)vectors_u64(json_array_get(vote, 1)),
			proposal_of(json_array_get(vote, 2))};
	return json_array_size(votes);
}

static size_t read_skips(const json_t *row, struct kl_skip *ret_skips)
{
	json_t *seats;
	const char *attempt;
	size_t i, count = 0;

	json_object_foreach(vectors_get(row, "skips"), attempt,
		seats) for (i = 0; i < json_array_size(seats); i++)
	{
		assert_in_range(count, 0, VOTES_MAX - 1);
		ret_skips[count++] =
			(struct kl_skip){(uint8_t)vectors_u64(json_array_get(seats, i)),
				(uint32_t)strtoul(attempt, NULL, 10)};
	}
	return count;
}

static void known_certificates(void **state)
{
	json_t *root = vectors_load("certificates");
	const json_t *row;
	size_t i, certified = 0;

	(void)state;
	json_array_foreach(root, i, row)
	{
		struct kl_committee committee = qb1_committee(row);
		struct kl_vote votes[VOTES_MAX];
		struct kl_skip skips[VOTES_MAX];
		size_t vote_count = read_votes(row, votes), skip_count = read_skips(row, skips);
		struct kl_id proposal = proposal_of(vectors_get(row, "proposal"));
		bool wanted = json_is_true(vectors_get(row, "certified"));

		assert_int_equal(committee.qv, vectors_u64(vectors_get(row, "votes_needed")));
		assert_int_equal(
			kl_certified(&committee, votes, vote_count, skips, skip_count,
				(uint32_t)vectors_u64(vectors_get(row, "attempt")), &proposal),
			wanted);
		certified += wanted;
	}
	assert_true(certified && certified < json_array_size(root));
	json_decref(root);
}

/* Whoever votes, at most one of two proposals is certified as long as t - 1 seats cheat and the
 * others vote once: tried for every split of honest votes, with all cheats voting for both. */
static void two_proposals_are_never_both_certified(void **state)
{
	static const struct kl_id x = {{1}}, y = {{2}};
	static const unsigned sizes[] = {5, 6, 7, 10};

	(void)state;
	for (size_t s = 0; s < 4; s++) {
		struct kl_committee c;
		unsigned cheats, once = 0;

		assert_int_equal(kl_committee_of(sizes[s], &c), 0);
		cheats = c.t - 1u;
		for (unsigned split = 0; split < 1u << (c.n - cheats); split++) {
			struct kl_vote votes[2 * KL_SEATS_MAX];
			bool for_x, for_y;
			size_t count = 0;

			for (unsigned seat = 1; seat <= c.n; seat++) {
				bool cheat = seat <= cheats;
				bool says_x = !cheat && split >> (seat - cheats - 1) & 1;

				if (cheat || says_x)
					votes[count++] = (struct kl_vote){(uint8_t)seat, 0, x};
				if (cheat || !says_x)
					votes[count++] = (struct kl_vote){(uint8_t)seat, 0, y};
			}
			for_x = kl_certified(&c, votes, count, NULL, 0, 0, &x);
			for_y = kl_certified(&c, votes, count, NULL, 0, 0, &y);
			assert_false(for_x && for_y);
			once += for_x || for_y;
		}
		assert_true(once > 0);
	}
}

static void attempts_open_one_after_the_other(void **state)
{
	struct kl_committee c;
	struct kl_skip skips[16];
	size_t count = 0;

	(void)state;
	assert_int_equal(kl_committee_of(7, &c), 0);
	for (uint8_t seat = 1; seat <= 5; seat++) {
		assert_int_equal(kl_open_attempt(&c, skips, count), 0);
		skips[count++] = (struct kl_skip){seat, 0};
		skips[count++] = (struct kl_skip){seat, 2};
	}
	assert_true(kl_skipped(&c, skips, count, 0) && kl_skipped(&c, skips, count, 2));
	assert_int_equal(kl_open_attempt(&c, skips, count), 1); /* nobody skipped 1 */
	for (uint8_t seat = 3; seat <= 7; seat++)
		skips[count++] = (struct kl_skip){seat, 1};
	assert_int_equal(kl_open_attempt(&c, skips, count), 3);
}

static void seats_that_are_none_count_nothing(void **state)
{
	static const uint8_t quits[] = {1, 2, 3, 4, 4, 0, 8, 200, 5};
	static const struct kl_id x = {{1}};
	struct kl_vote votes[] = {{1, 0, x}, {2, 0, x}, {3, 0, x}, {4, 0, x}, {0, 0, x}, {8, 0, x},
		{255, 0, x}, {33, 0, x}, {5, 0, x}};
	struct kl_committee c;

	(void)state;
	assert_int_equal(kl_committee_of(7, &c), 0);
	assert_false(kl_failed(&c, quits, 8));
	assert_true(kl_failed(&c, quits, 9));
	assert_false(kl_certified(&c, votes, 8, NULL, 0, 0, &x));
	assert_true(kl_certified(&c, votes, 9, NULL, 0, 0, &x));
}

/* An attempt named by a peer costs no more than what was said about attempts. */
static void a_far_attempt_is_answered_at_once(void **state)
{
	static const struct kl_id x = {{1}};
	struct kl_vote votes[5];
	struct kl_committee c;

	(void)state;
	assert_int_equal(kl_committee_of(7, &c), 0);
	for (uint8_t i = 0; i < 5; i++)
		votes[i] = (struct kl_vote){(uint8_t)(i + 1), UINT32_MAX, x};
	assert_false(kl_certified(&c, votes, 5, NULL, 0, UINT32_MAX, &x));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_certificates),
		cmocka_unit_test(two_proposals_are_never_both_certified),
		cmocka_unit_test(attempts_open_one_after_the_other),
		cmocka_unit_test(seats_that_are_none_count_nothing),
		cmocka_unit_test(a_far_attempt_is_answered_at_once),
	};

	return RUN(tests);
}
