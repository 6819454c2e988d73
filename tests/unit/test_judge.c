/* Challenges, replies and verdicts against known answers, and that nothing but one answer to each
 * question passes. */
#include "core/error.h"
#include "core/field.h"
#include "core/judge.h"
#include "tests/unit/harness.h"
#include "tests/unit/qb1.h"

#include <stdlib.h>

static const unsigned sizes[] = {5, 6, 7, 10};

/* ---- known answers -------------------------------------------------------------------------- */

struct asked {
	struct kl_id author;
	uint8_t presence[KL_PRESENCE_MAX];
	struct kl_id blobs[KL_SEATS_MAX];
};

/* Reads what a case of challenges.json or full.json was asked from. */
static struct kl_challenge_of read_asked(const struct qb1_schema *schema, const json_t *row,
	const struct kl_cells *cells, struct asked *asked)
{
	const json_t *blobs = vectors_get(row, "blob_hashes");
	struct kl_challenge_of of = {.tally = schema->tally,
		.number = 1,
		.presence = asked->presence,
		.metrics = cells->metrics,
		.blobs = asked->blobs,
		.seats = (unsigned)vectors_u64(vectors_get(row, "n"))};

	vectors_hex_exact(vectors_get(row, "author"), asked->author.b, KL_ID_BYTES);
	vectors_hex_exact(
		vectors_get(row, "presence"), asked->presence, kl_presence_len(cells->metrics));
	assert_int_equal(json_array_size(blobs), of.seats);
	for (unsigned j = 0; j < of.seats; j++)
		vectors_hex_exact(json_array_get(blobs, j), asked->blobs[j].b, KL_ID_BYTES);
	of.author = asked->author;
	return of;
}

static void check_repetition(const json_t *known, const struct kl_cells *cells, const uint8_t *key)
{
	uint64_t got[64], wanted[64];
	size_t total = cells->total, metrics = cells->metrics;
	struct kl_id wanted_key;

	assert_true(total + 2 * metrics <= 64);
	vectors_hex_exact(vectors_get(known, "key"), wanted_key.b, KL_ID_BYTES);
	assert_memory_equal(key, wanted_key.b, KL_ID_BYTES);
	qb1_elements(vectors_get(known, "r"), wanted, total);
	qb1_elements(vectors_get(known, "lam"), wanted + total, metrics);
	qb1_elements(vectors_get(known, "mu"), wanted + total + metrics, metrics);
	kl_expand(key, total + 2 * metrics, got);
	assert_memory_equal(got, wanted, (total + 2 * metrics) * sizeof *got);
}

static void known_challenges(void **state)
{
	struct qb1_schema schema;
	json_t *root = vectors_load("challenges");
	const json_t *row;
	size_t i;

	(void)state;
	qb1_schema(&schema);
	assert_int_equal(json_array_size(root), 12);
	json_array_foreach(root, i, row)
	{
		struct asked asked;
		struct kl_challenge_of of = read_asked(&schema, row, &schema.cells, &asked);
		const json_t *repetitions = vectors_get(row, "repetitions");
		struct kl_challenge challenge;

		of.number = (uint32_t)vectors_u64(vectors_get(row, "serial"));
		kl_challenge_init(&of, &challenge);
		assert_int_equal(json_array_size(repetitions), KL_SHARE_TESTS);
		for (size_t rep = 0; rep < KL_SHARE_TESTS; rep++)
			check_repetition(json_array_get(repetitions, rep), &schema.cells,
				challenge.keys[rep]);
	}
	json_decref(root);
}

/* The entry of a file with the committee and author of `row`. */
static const json_t *same_case(const json_t *root, const json_t *row)
{
	const json_t *other;
	size_t i;

	json_array_foreach(
		root, i, other) if (json_equal(vectors_get(other, "n"), vectors_get(row, "n")) &&
				    json_equal(vectors_get(other, "author"),
					    vectors_get(row, "author"))) return other;
	fail_msg("no case of %s", json_string_value(vectors_get(row, "author")));
	return NULL;
}

static void check_reply(const json_t *known, const struct kl_reply *reply)
{
	uint8_t wanted[KL_REPLY_BYTES], got[KL_REPLY_BYTES];
	struct kl_reply read;

	vectors_hex_exact(known, wanted, sizeof wanted);
	kl_reply_encode(reply, got);
	assert_memory_equal(got, wanted, sizeof got);
	assert_int_equal(kl_reply_decode(kl_bytes(got, sizeof got), &read), 0);
	assert_memory_equal(&read, reply, sizeof read);
}

static void known_replies(void **state)
{
	struct qb1_schema schema;
	json_t *root = vectors_load("replies"), *challenges = vectors_load("challenges");
	json_t *shares = vectors_load("shares");
	const json_t *row;
	size_t i;

	(void)state;
	qb1_schema(&schema);
	assert_int_equal(json_array_size(root), 12);
	json_array_foreach(root, i, row)
	{
		const json_t *dealt = vectors_get(same_case(shares, row), "shares");
		const json_t *known = vectors_get(row, "replies");
		struct asked asked;
		struct kl_challenge_of of =
			read_asked(&schema, same_case(challenges, row), &schema.cells, &asked);
		struct kl_challenge challenge;

		kl_challenge_init(&of, &challenge);
		assert_int_equal(json_object_size(known), of.seats);
		for (unsigned seat = 1; seat <= of.seats; seat++) {
			uint64_t vector[128];
			struct kl_reply reply;

			qb1_elements(qb1_of_seat(dealt, seat), vector,
				kl_share_elements(schema.cells.total));
			kl_reply(&schema.cells, asked.presence, &challenge, vector, &reply);
			check_reply(qb1_of_seat(known, seat), &reply);
		}
	}
	json_decref(root);
	json_decref(challenges);
	json_decref(shares);
}

/* 120 metrics of 16 bins: what a whole return is asked. */
static void known_replies_of_a_whole_return(void **state)
{
	static uint64_t x[QB1_FULL_METRICS * QB1_FULL_BINS];
	uint8_t bins[QB1_FULL_METRICS];
	struct qb1_schema schema;
	struct kl_cells cells;
	json_t *root = vectors_load("full");
	const json_t *row;
	size_t i;

	(void)state;
	qb1_schema(&schema);
	memset(bins, QB1_FULL_BINS, sizeof bins);
	assert_int_equal(kl_cells_init(bins, QB1_FULL_METRICS, &cells), 0);
	for (size_t m = 0; m < QB1_FULL_METRICS; m++)
		for (size_t b = 0; b < QB1_FULL_BINS; b++)
			x[m * QB1_FULL_BINS + b] = b == (7 * m + 3) % QB1_FULL_BINS;
	assert_int_equal(json_array_size(root), 4);
	json_array_foreach(root, i, row)
	{
		struct kl_committee committee = qb1_committee(row);
		struct asked asked;
		struct kl_challenge_of of = read_asked(&schema, row, &cells, &asked);
		struct kl_reply replies[KL_SEATS_MAX];
		const struct kl_reply *places[KL_SEATS_MAX] = {0};
		struct kl_challenge challenge;
		struct kl_dealing dealing;

		kl_challenge_init(&of, &challenge);
		qb1_deal(row, &committee, x, cells.total, &dealing);
		for (unsigned seat = 1; seat <= committee.n; seat++) {
			kl_reply(&cells, asked.presence, &challenge, kl_deal_vector(&dealing, seat),
				&replies[seat - 1]);
			places[seat - 1] = &replies[seat - 1];
			check_reply(
				qb1_of_seat(vectors_get(row, "replies"), seat), &replies[seat - 1]);
		}
		assert_int_equal(kl_verdict(&committee, places, 0), (1u << committee.n) - 1);
		kl_deal_deinit(&dealing);
	}
	json_decref(root);
}

static uint16_t seats_of(const json_t *list)
{
	uint16_t seats = 0;
	const json_t *seat;
	size_t i;

	json_array_foreach(list, i, seat) seats = (uint16_t)(seats | 1u << (vectors_u64(seat) - 1));
	return seats;
}

static void known_verdicts(void **state)
{
	json_t *root = vectors_load("judged");
	const json_t *row;
	size_t i, refused = 0;

	(void)state;
	assert_int_equal(json_array_size(root), 60);
	json_array_foreach(root, i, row)
	{
		struct kl_committee committee = qb1_committee(row);
		const json_t *own = vectors_get(row, "own_seat");
		const json_t *wanted = vectors_get(row, "stand_together");
		struct kl_reply replies[KL_SEATS_MAX];
		const struct kl_reply *places[KL_SEATS_MAX] = {0};

		for (unsigned seat = 1; seat <= committee.n; seat++) {
			const json_t *reply = qb1_of_seat(vectors_get(row, "replies"), seat);
			uint8_t bytes[KL_REPLY_BYTES];

			if (!reply)
				continue;
			vectors_hex_exact(reply, bytes, sizeof bytes);
			assert_int_equal(
				kl_reply_decode(kl_bytes(bytes, sizeof bytes), &replies[seat - 1]),
				0);
			places[seat - 1] = &replies[seat - 1];
		}
		if (kl_verdict(&committee, places,
			    json_is_null(own) ? 0 : (unsigned)vectors_u64(own)) != seats_of(wanted))
			fail_msg("%u seats, \"%s\"", committee.n,
				json_string_value(vectors_get(row, "case")));
		refused += json_is_null(wanted);
	}
	assert_in_range(refused, 1, 59);
	json_decref(root);
}

/* ---- every pattern of cells ----------------------------------------------------------------- */

/* Two questions of 3 and 2 bins. */
enum { FIRST = 3, SECOND = 2, CELLS = FIRST + SECOND };

struct fixture {
	struct kl_committee committee;
	struct kl_cells cells;
	struct kl_dealing dealing;
	struct kl_reply replies[KL_SEATS_MAX];
	const struct kl_reply *places[KL_SEATS_MAX];
};

static void ask(struct fixture *f, const uint8_t *presence, uint8_t round)
{
	struct kl_id blobs[KL_SEATS_MAX] = {{{round}}};
	struct kl_challenge_of of = {.tally = {{1}},
		.author = {{2}},
		.number = 1,
		.presence = presence,
		.metrics = 2,
		.blobs = blobs,
		.seats = f->committee.n};
	struct kl_challenge challenge;

	kl_challenge_init(&of, &challenge);
	for (unsigned seat = 1; seat <= f->committee.n; seat++) {
		kl_reply(&f->cells, presence, &challenge, kl_deal_vector(&f->dealing, seat),
			&f->replies[seat - 1]);
		f->places[seat - 1] = &f->replies[seat - 1];
	}
}

/* Deals these cells as they are and has all seats reply. */
static void deal(struct fixture *f, unsigned n, const uint64_t *x, uint8_t presence, uint8_t round)
{
	static const uint8_t bins[] = {FIRST, SECOND};
	uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES];

	assert_int_equal(kl_committee_of(n, &f->committee), 0);
	assert_int_equal(kl_cells_init(bins, 2, &f->cells), 0);
	for (uint8_t i = 0; i < KL_THRESHOLD_MAX; i++)
		memset(seeds[i], 10 * round + i + 1, KL_SEED_BYTES);
	memset(f->places, 0, sizeof f->places);
	assert_int_equal(kl_deal_init(&f->committee, x, CELLS,
				 (const uint8_t(*)[KL_SEED_BYTES])seeds, &f->dealing),
		0);
	ask(f, &presence, round);
}

static uint16_t everybody(const struct fixture *f)
{
	return (uint16_t)((1u << f->committee.n) - 1);
}

/* One 1 and zeros if the question was answered, zeros if it was not. */
static bool is_answer(const uint64_t *x, size_t bins, bool present)
{
	size_t ones = 0;

	for (size_t i = 0; i < bins; i++) {
		if (x[i] > 1)
			return false;
		ones += x[i];
	}
	return ones == present;
}

static const uint64_t values[] = {0, 1, 2, KL_FIELD_P - 1, (KL_FIELD_P + 1) / 2};

static size_t check_patterns(unsigned n, size_t from, size_t bins, uint8_t presence)
{
	size_t patterns = 1, honest = 0, kinds = sizeof values / sizeof *values;

	for (size_t i = 0; i < bins; i++)
		patterns *= kinds;
	for (size_t pattern = 0; pattern < patterns; pattern++) {
		uint64_t x[CELLS] = {0};
		size_t rest = pattern;
		struct fixture f;
		bool good;

		x[from ? 0 : FIRST] = presence >> (from ? 0 : 1) & 1; /* the other question */
		for (size_t i = 0; i < bins; i++, rest /= kinds)
			x[from + i] = values[rest % kinds];
		good = is_answer(x, FIRST, presence & 1) &&
		       is_answer(x + FIRST, SECOND, presence >> 1);
		deal(&f, n, x, presence, (uint8_t)pattern);
		if (kl_verdict(&f.committee, f.places, 0) != (good ? everybody(&f) : 0))
			fail_msg("%u seats, pattern %zu of %zu bins is %s", n, pattern, bins,
				good ? "refused" : "taken");
		honest += good;
		kl_deal_deinit(&f.dealing);
	}
	return honest;
}

static void nothing_but_one_answer_to_each_question_passes(void **state)
{
	(void)state;
	for (size_t s = 0; s < 4; s++) {
		assert_int_equal(check_patterns(sizes[s], 0, FIRST, 3), 3);
		assert_int_equal(check_patterns(sizes[s], 0, FIRST, 2), 1); /* not answered */
		assert_int_equal(check_patterns(sizes[s], FIRST, SECOND, 3), 2);
		assert_int_equal(check_patterns(sizes[s], FIRST, SECOND, 1), 1);
	}
}

/* ---- replies and shares that are changed ---------------------------------------------------- */

static const uint64_t honest_x[CELLS] = {0, 1, 0, 1, 0};

static uint64_t *element_of(struct kl_reply *reply, size_t i)
{
	return i < KL_SHARE_TESTS ? &reply->e[i] : &reply->c[i - KL_SHARE_TESTS];
}

/* 2t + 1 replies are enough to tell who it was; below that the contribution is refused. */
static uint16_t without(const struct fixture *f, unsigned seat)
{
	if (f->committee.n < 2 * f->committee.t + 1)
		return 0;
	return (uint16_t)(everybody(f) & ~(1u << (seat - 1)));
}

static void a_changed_reply_is_found(void **state)
{
	(void)state;
	for (size_t s = 0; s < 4; s++) {
		struct fixture f;

		deal(&f, sizes[s], honest_x, 3, 1);
		for (unsigned seat = 1; seat <= f.committee.n; seat++) {
			for (size_t i = 0; i < KL_REPLY_ELEMENTS; i++) {
				uint64_t *element = element_of(&f.replies[seat - 1], i);
				uint64_t kept = *element;

				*element = kl_field_add(kept, 1);
				assert_int_equal(
					kl_verdict(&f.committee, f.places, 0), without(&f, seat));
				*element = kept;
			}
		}
		assert_int_equal(kl_verdict(&f.committee, f.places, 0), everybody(&f));
		kl_deal_deinit(&f.dealing);
	}
}

/* Shares that are no shares of one polynomial: every element of a vector counts. */
static void a_changed_share_is_found(void **state)
{
	static const uint8_t presence = 3;

	(void)state;
	for (size_t s = 0; s < 4; s++) {
		struct fixture f;

		deal(&f, sizes[s], honest_x, presence, 2);
		for (unsigned seat = 1; seat <= f.committee.n; seat += 2) {
			for (size_t i = 0; i < kl_share_elements(CELLS); i++) {
				size_t place = seat * kl_share_elements(CELLS) + i;

				f.dealing.rows[place] = kl_field_add(f.dealing.rows[place], 7);
				ask(&f, &presence, (uint8_t)i);
				assert_int_equal(
					kl_verdict(&f.committee, f.places, 0), without(&f, seat));
				f.dealing.rows[place] = kl_field_sub(f.dealing.rows[place], 7);
			}
		}
		kl_deal_deinit(&f.dealing);
	}
}

static void two_liars_are_too_many(void **state)
{
	(void)state;
	for (size_t s = 0; s < 4; s++) {
		struct fixture f;

		deal(&f, sizes[s], honest_x, 3, 3);
		for (unsigned a = 0; a < f.committee.n; a++) {
			for (unsigned b = a + 1; b < f.committee.n; b++) {
				f.replies[a].c[0] ^= 1;
				f.replies[b].e[2] ^= 2;
				assert_int_equal(kl_verdict(&f.committee, f.places, 0), 0);
				f.replies[a].c[0] ^= 1;
				f.replies[b].e[2] ^= 2;
			}
		}
		kl_deal_deinit(&f.dealing);
	}
}

/* Which seats are heard, how many must be, and from how many on one may be set aside. */
static void every_set_of_seats(void **state)
{
	(void)state;
	for (size_t s = 0; s < 4; s++) {
		struct fixture f;

		deal(&f, sizes[s], honest_x, 3, 4);
		for (unsigned heard = 0; heard < 1u << f.committee.n; heard++) {
			const struct kl_reply *places[KL_SEATS_MAX] = {0};
			int count = __builtin_popcount(heard), lowest = __builtin_ctz(heard | 1024);
			unsigned wanted = count >= f.committee.qa ? heard : 0;

			for (unsigned j = 0; j < f.committee.n; j++)
				places[j] = heard >> j & 1 ? &f.replies[j] : NULL;
			assert_int_equal(kl_verdict(&f.committee, places, 0), wanted);
			if (!heard)
				continue;
			f.replies[lowest].e[1] ^= 1;
			wanted = count > 2 * f.committee.t ? heard & ~(1u << lowest) : 0;
			assert_int_equal(kl_verdict(&f.committee, places, 0), wanted);
			f.replies[lowest].e[1] ^= 1;
		}
		kl_deal_deinit(&f.dealing);
	}
}

/* From seven seats on nobody can make its own contribution pass, or spoil it, by its own reply. */
static void the_own_seat_is_not_heard(void **state)
{
	(void)state;
	for (size_t s = 0; s < 4; s++) {
		struct fixture f;

		deal(&f, sizes[s], honest_x, 3, 5);
		for (unsigned own = 1; own <= f.committee.n; own++) {
			const struct kl_reply *kept = f.places[own - 1];
			unsigned others = (unsigned)everybody(&f) & ~(1u << (own - 1));

			assert_int_equal(kl_verdict(&f.committee, f.places, own), everybody(&f));
			f.replies[own - 1].e[0] ^= 1;
			assert_int_equal(kl_verdict(&f.committee, f.places, own),
				sizes[s] < KL_OWN_SEAT_FROM ? 0 : everybody(&f));
			f.places[own - 1] = NULL;
			assert_int_equal(kl_verdict(&f.committee, f.places, own),
				f.committee.n - 1u >= f.committee.qa ? others : 0);
			f.places[own - 1] = kept;
			f.replies[own - 1].e[0] ^= 1;
		}
		kl_deal_deinit(&f.dealing);
	}
}

/* Whatever a contribution says in public is what it is asked from. */
static void the_challenge_holds_everything(void **state)
{
	uint8_t presence[1] = {3};
	struct kl_id blobs[7] = {{{1}}, {{2}}, {{3}}, {{4}}, {{5}}, {{6}}, {{7}}};
	struct kl_challenge_of of = {.tally = {{1}},
		.author = {{2}},
		.number = 1,
		.presence = presence,
		.metrics = 2,
		.blobs = blobs,
		.seats = 7};
	struct kl_challenge seen[8];

	(void)state;
	kl_challenge_init(&of, &seen[0]);
	of.tally.b[31] ^= 1;
	kl_challenge_init(&of, &seen[1]);
	of.author.b[0] ^= 1;
	kl_challenge_init(&of, &seen[2]);
	of.number = 2;
	kl_challenge_init(&of, &seen[3]);
	presence[0] = 1;
	kl_challenge_init(&of, &seen[4]);
	blobs[6].b[31] ^= 1;
	kl_challenge_init(&of, &seen[5]);
	of.seats = 6;
	kl_challenge_init(&of, &seen[6]);
	of.metrics = 9;
	of.presence = blobs[0].b;
	kl_challenge_init(&of, &seen[7]);
	for (size_t a = 0; a < 8; a++) {
		assert_memory_not_equal(seen[a].keys[0], seen[a].keys[1], KL_ENTROPY_BYTES);
		assert_memory_not_equal(seen[a].keys[1], seen[a].keys[2], KL_ENTROPY_BYTES);
		for (size_t b = 0; b < a; b++)
			for (size_t rep = 0; rep < KL_SHARE_TESTS; rep++)
				assert_memory_not_equal(
					seen[a].keys[rep], seen[b].keys[rep], KL_ENTROPY_BYTES);
	}
}

static void replies_of_another_form_are_refused(void **state)
{
	uint8_t bytes[KL_REPLY_BYTES + 1] = {0};
	struct kl_reply reply = {.e = {1}}, untouched = reply;

	(void)state;
	for (size_t len = 0; len <= sizeof bytes; len++)
		assert_int_equal(kl_reply_decode(kl_bytes(bytes, len), &reply),
			len == KL_REPLY_BYTES ? KL_OK : KL_E_MALFORMED);
	reply = untouched;
	for (size_t i = 0; i < KL_REPLY_ELEMENTS; i++) {
		kl_put_u64(bytes + 8 * i, KL_FIELD_P);
		assert_int_equal(
			kl_reply_decode(kl_bytes(bytes, KL_REPLY_BYTES), &reply), KL_E_MALFORMED);
		assert_memory_equal(&reply, &untouched, sizeof reply);
		kl_put_u64(bytes + 8 * i, KL_FIELD_P - 1);
	}
	assert_int_equal(kl_reply_decode(kl_bytes(bytes, KL_REPLY_BYTES), &reply), KL_OK);
	assert_true(reply.c[2] == KL_FIELD_P - 1);
}

/* The largest elements in the most bins: sums of products stay within their bits. */
static void the_widest_metric(void **state)
{
	static const uint8_t bins[] = {KL_CELLS_BINS_MAX}, presence[] = {1};
	uint64_t vector[KL_CELLS_BINS_MAX + KL_SHARE_EXTRA], r[KL_CELLS_BINS_MAX + 2];
	uint64_t z = 0, s = 0, e, most = KL_FIELD_P - 1;
	struct kl_challenge challenge = {{{7}}};
	struct kl_cells cells;
	struct kl_reply reply;

	(void)state;
	assert_int_equal(kl_cells_init(bins, 1, &cells), 0);
	for (size_t i = 0; i < sizeof vector / sizeof *vector; i++)
		vector[i] = most;
	kl_reply(&cells, presence, &challenge, vector, &reply);
	kl_expand(challenge.keys[0], KL_CELLS_BINS_MAX + 2, r);
	for (size_t i = 0; i < KL_CELLS_BINS_MAX; i++) {
		z = kl_field_add(z, kl_field_mul(r[i], most));
		s = kl_field_add(s, kl_field_mul(kl_field_mul(r[i], r[i]), most));
	}
	assert_true(reply.c[0] == kl_field_add(most, z));
	e = kl_field_mul(r[KL_CELLS_BINS_MAX], kl_field_sub(kl_field_mul(z, z), s));
	/* 64 times -1, less one that is present */
	e = kl_field_add(e, kl_field_mul(r[KL_CELLS_BINS_MAX + 1], KL_FIELD_P - 65));
	assert_true(reply.e[0] == kl_field_add(most, e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_challenges),
		cmocka_unit_test(known_replies),
		cmocka_unit_test(known_replies_of_a_whole_return),
		cmocka_unit_test(known_verdicts),
		cmocka_unit_test(nothing_but_one_answer_to_each_question_passes),
		cmocka_unit_test(a_changed_reply_is_found),
		cmocka_unit_test(a_changed_share_is_found),
		cmocka_unit_test(two_liars_are_too_many),
		cmocka_unit_test(every_set_of_seats),
		cmocka_unit_test(the_own_seat_is_not_heard),
		cmocka_unit_test(the_challenge_holds_everything),
		cmocka_unit_test(replies_of_another_form_are_refused),
		cmocka_unit_test(the_widest_metric),
	};

	return RUN(tests);
}
