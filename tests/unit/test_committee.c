#include "core/committee.h"
#include "core/error.h"
#include "tests/unit/harness.h"
#include "tests/unit/vectors.h"

enum { ELIGIBLE = 45 };

static void read_candidates(const json_t *root, struct kl_candidate *ret_candidates)
{
	const json_t *rows = vectors_get(root, "eligible"), *row;
	size_t i;

	assert_int_equal(json_array_size(rows), ELIGIBLE);
	json_array_foreach(rows, i, row)
	{
		vectors_hex_exact(vectors_get(row, "key"), ret_candidates[i].member.b, 32);
		vectors_hex_exact(vectors_get(row, "control"), ret_candidates[i].control.b, 32);
	}
}

static void check_draw(
	const json_t *root, const json_t *draw, const struct kl_candidate *candidates)
{
	struct kl_id previous, roster, seed, wanted, seats[KL_SEATS_MAX];
	unsigned n = (unsigned)vectors_u64(vectors_get(draw, "n"));
	const json_t *list = vectors_get(draw, "seats");

	vectors_hex_exact(vectors_get(root, "previous_result"), previous.b, 32);
	vectors_hex_exact(vectors_get(root, "roster_hash"), roster.b, 32);
	kl_draw_seed(&previous, &roster, (uint8_t)vectors_u64(vectors_get(draw, "tries")), &seed);
	vectors_hex_exact(vectors_get(draw, "seed"), wanted.b, 32);
	assert_memory_equal(seed.b, wanted.b, 32);
	assert_int_equal(json_array_size(list), n);
	assert_int_equal(kl_draw(&seed, candidates, ELIGIBLE, n, seats), 0);
	for (unsigned i = 0; i < n; i++) {
		vectors_hex_exact(json_array_get(list, i), wanted.b, 32);
		assert_memory_equal(seats[i].b, wanted.b, 32);
	}
}

static void known_draws_in_any_order_of_members(void **state)
{
	struct kl_candidate candidates[ELIGIBLE], turned[ELIGIBLE];
	json_t *root = vectors_load("committee");
	const json_t *draws = vectors_get(root, "draws"), *draw;
	size_t i, groups = 0;

	(void)state;
	read_candidates(root, candidates);
	for (i = 0; i < ELIGIBLE; i++)
		turned[i] = candidates[ELIGIBLE - 1 - i];
	assert_int_equal(json_array_size(draws), 3);
	json_array_foreach(draws, i, draw)
	{
		check_draw(root, draw, candidates);
		check_draw(root, draw, turned);
	}
	assert_int_equal(kl_control_groups(candidates, ELIGIBLE, &groups), 0);
	assert_int_equal(groups, ELIGIBLE - 8); /* nine of them belong to one group */
	json_decref(root);
}

static void known_parameters(void **state)
{
	json_t *root = vectors_load("committee");
	const json_t *rows = vectors_get(root, "parameters"), *row;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(rows), 8);
	json_array_foreach(rows, i, row)
	{
		size_t eligible = vectors_u64(vectors_get(row, "eligible"));
		struct kl_committee got = {.n = 77};

		if (json_is_null(vectors_get(row, "n"))) {
			assert_int_equal(kl_committee_for(eligible, &got), KL_E_DENIED);
			assert_int_equal(got.n, 77);
			continue;
		}
		assert_int_equal(kl_committee_for(eligible, &got), 0);
		assert_int_equal(got.n, vectors_u64(vectors_get(row, "n")));
		assert_int_equal(got.t, vectors_u64(vectors_get(row, "t")));
		assert_int_equal(got.qa, vectors_u64(vectors_get(row, "acknowledgements")));
		assert_int_equal(got.qv, vectors_u64(vectors_get(row, "votes")));
	}
	json_decref(root);
}

/* The table against the formulas it stands for. Two quorums of qv share t seats or more, of which
 * at most t - 1 cheat; and with t - 1 seats silent for good, qv can still be reached where n is 7
 * or 10 (with 5 or 6 members everybody sits, and nobody may be missing for long). */
static void the_table_keeps_its_promises(void **state)
{
	struct kl_committee c;

	(void)state;
	for (unsigned n = 0; n <= 12; n++) {
		if (kl_committee_of(n, &c)) {
			assert_true(n < 5 || n == 8 || n == 9 || n > 10);
			continue;
		}
		assert_int_equal(c.qa, 2 * c.t - 1);
		assert_int_equal(c.qv, (c.n + c.t - 1) / 2 + 1);
		assert_true(2 * c.qv - c.n >= c.t);
		assert_true(c.qa <= c.n && c.qv <= c.n);
		assert_true(c.n <= KL_SEATS_MAX && c.t <= KL_THRESHOLD_MAX);
	}
}

static void known_leaders(void **state)
{
	json_t *root = vectors_load("committee");
	const json_t *rows = vectors_get(root, "leaders"), *row;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(rows), 6);
	json_array_foreach(rows, i, row)
		assert_int_equal(kl_leader((uint32_t)vectors_u64(vectors_get(row, "attempt")),
					 (unsigned)vectors_u64(vectors_get(row, "n"))),
			vectors_u64(vectors_get(row, "seat")));
	assert_int_equal(kl_leader(UINT32_MAX, 7), 1 + UINT32_MAX % 7);
	json_decref(root);
}

static void too_few_groups_fill_no_committee(void **state)
{
	struct kl_candidate six[6] = {0};
	struct kl_id seed = {{1}}, seats[KL_SEATS_MAX] = {{{77}}};

	(void)state;
	for (uint8_t i = 0; i < 6; i++) {
		six[i].member.b[0] = (uint8_t)(1 + i);
		six[i].control.b[0] = i < 2 ? 1 : i; /* the first two belong together */
	}
	assert_int_equal(kl_draw(&seed, six, 6, 6, seats), KL_E_DENIED);
	assert_int_equal(kl_draw(&seed, six, 0, 5, seats), KL_E_DENIED);
	assert_int_equal(kl_draw(&seed, six, 6, 0, seats), KL_E_INVALID);
	assert_int_equal(kl_draw(&seed, six, 6, KL_SEATS_MAX + 1, seats), KL_E_INVALID);
	assert_int_equal(kl_draw(&seed, six, KL_CANDIDATES_MAX + 1, 5, seats), KL_E_TOO_BIG);
	assert_int_equal(seats[0].b[0], 77);
	assert_int_equal(kl_draw(&seed, six, 6, 5, seats), 0);
	/* five groups for five seats: everybody sits, and of the first two only one */
	for (uint8_t i = 0, first_two = 0; i < 5; i++) {
		first_two += seats[i].b[0] <= 2;
		assert_true(first_two <= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_draws_in_any_order_of_members),
		cmocka_unit_test(known_parameters),
		cmocka_unit_test(the_table_keeps_its_promises),
		cmocka_unit_test(known_leaders),
		cmocka_unit_test(too_few_groups_fill_no_committee),
	};

	return RUN(tests);
}
