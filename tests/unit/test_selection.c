/* Who is in: known answers, and the rules one by one. */
#include "core/error.h"
#include "core/judge.h"
#include "core/selection.h"
#include "tests/unit/harness.h"
#include "tests/unit/qb1.h"

static const unsigned sizes[] = {5, 6, 7, 10};

/* ---- known answers -------------------------------------------------------------------------- */

enum { AUTHORS_MAX = 32 };

struct known {
	struct kl_committee committee;
	uint16_t cited;
	const char *authors[AUTHORS_MAX]; /* ascending */
	size_t count;
	uint16_t stand[AUTHORS_MAX];
	struct kl_chosen chosen[AUTHORS_MAX];
	struct kl_set base;
};

/* Every author that somebody names, ascending: hex sorts as the bytes do. */
static void collect_authors(json_t *cited, struct known *known)
{
	const char *seat, *author;
	json_t *entries, *entry;

	json_object_foreach(cited, seat, entries)
	{
		json_object_foreach(entries, author, entry)
		{
			size_t place = known->count;

			while (place && strcmp(known->authors[place - 1], author) > 0)
				place--;
			if (place && !strcmp(known->authors[place - 1], author))
				continue;
			assert_in_range(known->count, 0, AUTHORS_MAX - 1);
			memmove(known->authors + place + 1, known->authors + place,
				(known->count++ - place) * sizeof *known->authors);
			known->authors[place] = author;
		}
	}
}

static void judge_author(const json_t *row, size_t i, struct known *known)
{
	const json_t *own = json_object_get(vectors_get(row, "seat_of_author"), known->authors[i]);
	struct kl_said said[KL_SEATS_MAX] = {0};
	struct kl_reply replies[KL_SEATS_MAX];
	const struct kl_reply *places[KL_SEATS_MAX] = {0};

	for (unsigned seat = 1; seat <= known->committee.n; seat++) {
		const json_t *entries = qb1_of_seat(vectors_get(row, "cited"), seat);
		const json_t *entry = json_object_get(entries, known->authors[i]);
		uint8_t bytes[KL_REPLY_BYTES];

		if (!entry)
			continue;
		said[seat - 1].kind = KL_SAID_HOLDS;
		said[seat - 1].number = 1;
		vectors_hex_exact(vectors_get(entry, "contribution"), said[seat - 1].contribution.b,
			KL_ID_BYTES);
		vectors_hex_exact(vectors_get(entry, "replies"), bytes, sizeof bytes);
		assert_int_equal(
			kl_reply_decode(kl_bytes(bytes, sizeof bytes), &replies[seat - 1]), 0);
	}
	if (!kl_choose(&known->committee, said, &known->chosen[i]))
		return;
	kl_set_add(&known->base, i);
	for (unsigned j = 0; j < known->committee.n; j++)
		places[j] = known->chosen[i].seats >> j & 1 ? &replies[j] : NULL;
	known->stand[i] =
		kl_verdict(&known->committee, places, own ? (unsigned)vectors_u64(own) : 0);
}

static void check_authors(const json_t *row, const struct known *known, const struct kl_set *in)
{
	const json_t *contributors = vectors_get(row, "contributors");
	const json_t *base = vectors_get(row, "base"), *wanted;
	size_t i;

	assert_int_equal(kl_set_count(in), json_array_size(contributors));
	assert_int_equal(kl_set_count(&known->base), json_array_size(base));
	for (i = 0; i < known->count; i++) {
		bool is_in = false, is_base = false;
		size_t k;

		json_array_foreach(base, k, wanted) is_base |=
			!strcmp(json_string_value(wanted), known->authors[i]);
		json_array_foreach(contributors, k, wanted)
		{
			struct kl_id id;

			if (strcmp(json_string_value(vectors_get(wanted, "author")),
				    known->authors[i]))
				continue;
			is_in = true;
			vectors_hex_exact(vectors_get(wanted, "contribution"), id.b, KL_ID_BYTES);
			assert_true(kl_id_equal(&known->chosen[i].contribution, &id));
		}
		assert_int_equal(kl_set_has(in, i), is_in);
		assert_int_equal(kl_set_has(&known->base, i), is_base);
	}
}

static void known_selections(void **state)
{
	json_t *root = vectors_load("selection");
	const json_t *row;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(root), 7);
	json_array_foreach(root, i, row)
	{
		struct known known = {.committee = qb1_committee(row)};
		const json_t *best = vectors_get(row, "Q"), *seat;
		uint16_t seats, wanted = 0;
		struct kl_set in;
		size_t k;

		for (unsigned j = 0; j < known.committee.n; j++)
			if (qb1_of_seat(vectors_get(row, "cited"), j + 1))
				known.cited = (uint16_t)(known.cited | 1u << j);
		collect_authors(vectors_get(row, "cited"), &known);
		for (k = 0; k < known.count; k++)
			judge_author(row, k, &known);
		assert_int_equal(kl_select(&known.committee, known.cited, known.stand, known.count,
					 &in, &seats),
			0);
		json_array_foreach(best, k, seat) wanted =
			(uint16_t)(wanted | 1u << (vectors_u64(seat) - 1));
		assert_int_equal(seats, wanted);
		check_authors(row, &known, &in);
	}
	json_decref(root);
}

/* ---- choosing a contribution ---------------------------------------------------------------- */

static struct kl_said holding(uint8_t id, uint8_t number)
{
	return (struct kl_said){.kind = KL_SAID_HOLDS, .number = number, .contribution = {{id}}};
}

static struct kl_said withdrawing(uint8_t number)
{
	return (struct kl_said){.kind = KL_SAID_WITHDRAWN, .number = number};
}

static struct kl_committee seven(void)
{
	struct kl_committee committee;

	assert_int_equal(kl_committee_of(7, &committee), 0);
	return committee;
}

static void the_contribution_that_most_seats_hold(void **state)
{
	struct kl_committee committee = seven();
	struct kl_said said[KL_SEATS_MAX] = {{0}};
	struct kl_chosen chosen;

	(void)state;
	assert_false(kl_choose(&committee, said, &chosen));
	said[0] = said[6] = holding(9, 1);
	assert_false(kl_choose(&committee, said, &chosen)); /* two are fewer than t */
	said[3] = holding(9, 1);
	assert_true(kl_choose(&committee, said, &chosen));
	assert_int_equal(chosen.contribution.b[0], 9);
	assert_int_equal(chosen.seats, 0x49);
	said[1] = said[2] = said[4] = holding(8, 2); /* three each: the lower id */
	assert_true(kl_choose(&committee, said, &chosen));
	assert_int_equal(chosen.contribution.b[0], 8);
	assert_int_equal(chosen.number, 2);
	said[5] = holding(9, 1);
	assert_true(kl_choose(&committee, said, &chosen));
	assert_int_equal(chosen.contribution.b[0], 9);
	assert_int_equal(chosen.seats, 0x69);
	assert_int_equal(chosen.withdrawn, 0);
}

static void a_withdrawal_that_one_seat_names_counts(void **state)
{
	struct kl_committee committee = seven();
	struct kl_said said[KL_SEATS_MAX] = {{0}};
	struct kl_chosen chosen;

	(void)state;
	for (unsigned j = 0; j < 6; j++)
		said[j] = holding(1, 1);
	said[6] = withdrawing(1);
	assert_false(kl_choose(&committee, said, &chosen));
	assert_int_equal(chosen.withdrawn, 1);
	/* A later contribution is another matter. */
	for (unsigned j = 0; j < 3; j++)
		said[j] = holding(2, 2);
	assert_true(kl_choose(&committee, said, &chosen));
	assert_int_equal(chosen.contribution.b[0], 2);
	assert_int_equal(chosen.seats, 7);
	said[5] = withdrawing(2);
	assert_false(kl_choose(&committee, said, &chosen));
	assert_int_equal(chosen.withdrawn, 2);
	/* One that is not known here cannot be told from a later one: so it is not known who is in. */
	for (unsigned j = 0; j < 5; j++)
		said[j] = holding(3, 0);
	assert_true(kl_choose(&committee, said, &chosen));
	assert_int_equal(chosen.number, 0);
}

/* What a seat says that is none of this committee means nothing. */
static void seats_beyond_the_last_are_not_heard(void **state)
{
	struct kl_said said[KL_SEATS_MAX] = {{0}};
	struct kl_committee committee;
	struct kl_chosen chosen;

	(void)state;
	assert_int_equal(kl_committee_of(5, &committee), 0);
	said[0] = said[1] = holding(1, 1);
	said[5] = said[6] = said[7] = holding(1, 1);
	said[9] = withdrawing(3);
	assert_false(kl_choose(&committee, said, &chosen));
	assert_int_equal(chosen.withdrawn, 0);
}

/* ---- the best subset ------------------------------------------------------------------------ */

static uint64_t luck = 1;

static uint64_t next_random(void)
{
	luck ^= luck << 13;
	luck ^= luck >> 7;
	luck ^= luck << 17;
	return luck;
}

/* Written down once more from the definition, over all subsets as numbers: the first in
 * lexicographic order is the one whose lowest seats are lowest, so seat 1 is the highest bit here. */
static uint16_t best_by_definition(const struct kl_committee *committee, uint16_t cited,
	const uint16_t *stand, size_t authors, size_t *ret_most)
{
	uint16_t best = 0;
	size_t most = 0;

	for (unsigned code = (1u << committee->n); code-- > 0;) {
		uint16_t seats = 0;
		size_t count = 0;

		for (unsigned j = 0; j < committee->n; j++)
			seats = (uint16_t)(seats | (code >> (committee->n - 1 - j) & 1) << j);
		if (__builtin_popcount(seats) != committee->qa || seats & ~cited)
			continue;
		for (size_t i = 0; i < authors; i++)
			count += !(seats & ~stand[i]);
		if (!best || count > most) {
			best = seats;
			most = count;
		}
	}
	*ret_most = most;
	return best;
}

static void check_random_choice(const struct kl_committee *committee, size_t authors)
{
	uint16_t stand[40], cited = (uint16_t)(next_random() & ((1u << committee->n) - 1));
	uint16_t seats = 0, best, all;
	struct kl_set in;
	size_t most;

	for (size_t i = 0; i < authors; i++) /* most seats stand for most authors */
		stand[i] = (uint16_t)((next_random() | next_random() | next_random()) & cited);
	if (__builtin_popcount(cited) < committee->qa) {
		assert_int_equal(
			kl_select(committee, cited, stand, authors, &in, &seats), KL_E_INVALID);
		return;
	}
	best = best_by_definition(committee, cited, stand, authors, &most);
	assert_int_equal(kl_select(committee, cited, stand, authors, &in, &seats), 0);
	assert_int_equal(kl_set_count(&in), most);
	all = cited;
	for (size_t i = 0; i < authors; i++) {
		assert_int_equal(kl_set_has(&in, i), !(best & ~stand[i]));
		if (kl_set_has(&in, i))
			all &= stand[i];
	}
	assert_int_equal(seats, all);
	assert_int_equal(kl_select(committee, cited, stand, authors, &in, NULL), 0);
}

static void the_best_subset_is_the_first_of_the_best(void **state)
{
	(void)state;
	for (size_t s = 0; s < 4; s++) {
		struct kl_committee committee;

		assert_int_equal(kl_committee_of(sizes[s], &committee), 0);
		for (size_t authors = 0; authors < 40; authors++)
			check_random_choice(&committee, authors);
	}
}

static void what_cannot_be_chosen_from_is_refused(void **state)
{
	static uint16_t stand[KL_SET_MEMBERS_MAX + 1];
	struct kl_committee committee = seven();
	struct kl_set in;

	(void)state;
	assert_int_equal(kl_select(&committee, 0x0f, stand, 1, &in, NULL), KL_E_INVALID);
	assert_int_equal(kl_select(&committee, 0xff, stand, 1, &in, NULL), KL_E_INVALID);
	assert_int_equal(kl_select(&committee, 0x7f, stand, KL_SET_MEMBERS_MAX + 1, &in, NULL),
		KL_E_TOO_BIG);
	assert_int_equal(kl_select(&committee, 0x7f, stand, KL_SET_MEMBERS_MAX, &in, NULL), 0);
	assert_int_equal(kl_set_count(&in), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_selections),
		cmocka_unit_test(the_contribution_that_most_seats_hold),
		cmocka_unit_test(a_withdrawal_that_one_seat_names_counts),
		cmocka_unit_test(seats_beyond_the_last_are_not_heard),
		cmocka_unit_test(the_best_subset_is_the_first_of_the_best),
		cmocka_unit_test(what_cannot_be_chosen_from_is_refused),
	};

	return RUN(tests);
}
