/* What a contributor cannot do with sealed shares, seen at the seats of a whole tally: blobs of somebody
 * else, for another tally or seat, cut, padded or changed, cells that are no answer, two contributions
 * in the place of one. It is not counted, and everybody else is. */
#include "core/field.h"
#include "core/hash.h"
#include "core/share.h"
#include "tests/unit/harness.h"
#include "tests/unit/signed_tally.h"

#include <stdlib.h>

enum { MEMBERS = 7, CHEAT = 4, SCORE = 6, CELLS = 16 };

static struct kl_id tally;

static int begin(void **state)
{
	(void)state;
	signed_begin(MEMBERS);
	tally = signed_call(2026, 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	signed_end();
	return 0;
}

/* ---- dealing by hand ------------------------------------------------------------------------- */

enum twist {
	AS_IT_SHOULD_BE,
	CUT,
	PADDED,
	CHANGED,
	FOR_ANOTHER_AUTHOR,
	FOR_ANOTHER_TALLY,
	FOR_ANOTHER_SEAT,
	FOR_ANOTHER_NUMBER,
	FOR_ANOTHER_POLICY,
	FOR_OTHER_QUESTIONS,
	TWISTS
};

static struct kl_tally_view view_of(const struct kl_id *of)
{
	struct kl_tally_view view;

	assert_int_equal(kl_tallies_view(signed_book(0), of, &view), KL_OK);
	return view;
}

static struct kl_id key_of_seat(const struct kl_tally_view *view, unsigned seat)
{
	struct kl_tally_accept accept;

	for (int home = 1; home <= MEMBERS; home++) {
		const struct signed_record *r;

		if (!kl_id_equal(signed_id(home), &view->seats[seat - 1].member))
			continue;
		r = signed_find(home, KL_KIND_TALLY_ACCEPT, 0);
		assert_int_equal(
			kl_tally_accept_read(kl_bytes(r->payload, r->len), &accept), KL_OK);
		return accept.key;
	}
	fail();
	return (struct kl_id){{0}};
}

static struct kl_share_binding twisted(
	const struct kl_tally_view *view, enum twist twist, unsigned number, unsigned seat)
{
	struct kl_share_binding b = {.tally = view->id,
		.author = *signed_id(CHEAT),
		.policy = view->call->policy,
		.schema = view->call->schema,
		.number = number,
		.seat = (uint8_t)seat};

	if (twist == FOR_ANOTHER_AUTHOR)
		b.author = *signed_id(CHEAT + 1);
	if (twist == FOR_ANOTHER_TALLY)
		b.tally.b[5] ^= 1;
	if (twist == FOR_ANOTHER_SEAT) /* of the same kind: seats 1 and 2 get seeds */
		b.seat = (uint8_t)(seat < 3 ? 3 - seat : seat == 3 ? 4 : 3);
	if (twist == FOR_ANOTHER_NUMBER)
		b.number = number % KL_SHARE_NUMBER_MAX + 1;
	if (twist == FOR_ANOTHER_POLICY)
		b.policy.b[0] ^= 1;
	if (twist == FOR_OTHER_QUESTIONS)
		b.schema.b[0] ^= 1;
	return b;
}

static struct kl_id publish_share(const struct kl_tally_view *view,
	const struct kl_dealing *dealing, enum twist twist, unsigned number, unsigned seat)
{
	const struct kl_share_binding binding = twisted(view, twist, number, seat);
	size_t len = kl_share_blob_len(&view->committee, binding.seat, CELLS);
	struct kl_id recipient = key_of_seat(view, seat), hash;
	uint8_t one_time[KL_SEED_BYTES] = {(uint8_t)seat, (uint8_t)number, (uint8_t)twist, 9};
	uint8_t *blob = calloc(1, len + 1);

	assert_non_null(blob);
	assert_int_equal(kl_deal_blob(dealing, &binding, &recipient, one_time, blob), KL_OK);
	if (twist == CUT)
		len--;
	if (twist == PADDED)
		len++;
	if (twist == CHANGED)
		blob[len / 2] ^= 1;
	kl_blake2b(kl_bytes(blob, len), &hash);
	signed_publish(CHEAT, KL_KIND_TALLY_SHARE, kl_bytes(blob, len));
	free(blob);
	return hash;
}

static void publish_contrib(const struct kl_tally_contrib *contrib)
{
	struct kl_bytes payload;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_contrib_write(&w, contrib);
	assert_int_equal(kl_writer_bytes(&w, &payload), KL_OK);
	signed_publish(CHEAT, KL_KIND_TALLY_CONTRIB, payload);
	kl_writer_deinit(&w);
}

static void deal(enum twist twist, unsigned number, const uint64_t x[CELLS])
{
	const uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES] = {
		{(uint8_t)(7 * number)}, {2}, {(uint8_t)twist}, {4}};
	struct kl_tally_view view = view_of(&tally);
	struct kl_tally_contrib contrib = {.tally = tally,
		.number = (uint8_t)number,
		.presence_len = 1,
		.presence = {1},
		.blob_count = view.committee.n};
	struct kl_dealing dealing;

	assert_int_equal(kl_deal_init(&view.committee, x, CELLS, seeds, &dealing), KL_OK);
	for (unsigned seat = 1; seat <= view.committee.n; seat++) {
		view = view_of(&tally); /* lives until the next step */
		contrib.blobs[seat - 1] = publish_share(&view, &dealing, twist, number, seat);
	}
	kl_deal_deinit(&dealing);
	publish_contrib(&contrib);
}

static void one_hot(uint64_t x[CELLS], unsigned bin)
{
	memset(x, 0, CELLS * sizeof *x);
	x[bin] = 1;
}

/* ---- what comes of it ------------------------------------------------------------------------ */

static void others_contribute(void)
{
	for (int home = 1; home <= MEMBERS; home++)
		if (home != CHEAT)
			signed_contribute(home, &tally, (int16_t)(2 * home), KL_ABSENT);
}

static bool is_counted(int home)
{
	struct kl_tally_view view = view_of(&tally);
	struct kl_tally_member_view member;
	int column = kl_tally_roster_find(view.roster, signed_id(home));

	assert_int_equal(
		kl_tallies_member(signed_book(0), &tally, (uint16_t)column, &member), KL_OK);
	return member.counted;
}

static struct kl_tally_result closed(void)
{
	struct kl_tally_result result;
	struct kl_auditor *a;

	signed_wait(SIGNED_CONTRIBUTE_MS + SIGNED_DECIDE_MS);
	assert_int_equal(view_of(&tally).state, KL_TALLY_CLOSED);
	assert_int_equal(kl_tallies_result(signed_book(0), &tally, 0, 0, &result), KL_OK);
	assert_int_equal(result.opening.state, KL_OPENING_FINAL);
	for (int home = 1; home <= MEMBERS; home++)
		assert_true(home == CHEAT || is_counted(home));
	a = signed_audit(&tally, signed_book(1));
	assert_true(kl_auditor_worst(a) <= KL_MARK_NOTE);
	kl_auditor_destroy(a);
	return result;
}

static void only_others_are_counted(void)
{
	struct kl_tally_result result = closed();

	assert_false(is_counted(CHEAT));
	assert_int_equal(result.n, MEMBERS - 1);
}

static void blobs_that_are_not_what_they_should_be(void **state)
{
	uint64_t x[CELLS];

	end(state);
	one_hot(x, SCORE);
	for (int twist = AS_IT_SHOULD_BE; twist < TWISTS; twist++) {
		begin(state);
		deal((enum twist)twist, 1, x);
		others_contribute();
		if (twist == AS_IT_SHOULD_BE) {
			assert_int_equal(closed().n, MEMBERS);
			assert_true(is_counted(CHEAT));
		} else {
			only_others_are_counted();
		}
		end(state);
	}
	begin(state);
}

static void cells_that_are_no_answer(void **state)
{
	static const struct {
		unsigned cell;
		uint64_t value;
	} changes[] = {{3, 1}, {SCORE, 0}, {SCORE, 2}, {9, KL_FIELD_P - 1}, {0, 5}};

	end(state);
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		uint64_t x[CELLS];

		begin(state);
		one_hot(x, SCORE);
		x[changes[i].cell] = changes[i].value;
		deal(AS_IT_SHOULD_BE, 1, x);
		others_contribute();
		only_others_are_counted();
		end(state);
	}
	begin(state);
}

/* Somebody else's blobs, as they are, under an own name. */
static void blobs_of_somebody_else(void **state)
{
	struct kl_tally_contrib contrib;
	const struct signed_record *r;

	(void)state;
	others_contribute();
	r = signed_find(1, KL_KIND_TALLY_CONTRIB, 0);
	assert_int_equal(kl_tally_contrib_read(kl_bytes(r->payload, r->len), &contrib), KL_OK);
	for (size_t n = 0; n < contrib.blob_count; n++) {
		r = signed_find(1, KL_KIND_TALLY_SHARE, n);
		signed_publish(CHEAT, KL_KIND_TALLY_SHARE, kl_bytes(r->payload, r->len));
	}
	publish_contrib(&contrib);
	only_others_are_counted();
}

/* The own blobs of a tally before: each tally has keys of its own. */
static void blobs_of_an_earlier_tally(void **state)
{
	struct kl_tally_contrib contrib;
	const struct signed_record *r;

	(void)state;
	others_contribute();
	signed_contribute(CHEAT, &tally, SCORE, KL_ABSENT);
	assert_int_equal(closed().n, MEMBERS);
	r = signed_find(CHEAT, KL_KIND_TALLY_CONTRIB, 0);
	assert_int_equal(kl_tally_contrib_read(kl_bytes(r->payload, r->len), &contrib), KL_OK);
	tally = signed_call(2027, 1);
	contrib.tally = tally;
	for (size_t n = 0; n < contrib.blob_count; n++) {
		r = signed_find(CHEAT, KL_KIND_TALLY_SHARE, n);
		signed_publish(CHEAT, KL_KIND_TALLY_SHARE, kl_bytes(r->payload, r->len));
	}
	publish_contrib(&contrib);
	others_contribute();
	only_others_are_counted();
}

static void the_first_of_two_with_one_number_counts(void **state)
{
	struct kl_tally_result result;
	uint64_t x[CELLS];

	(void)state;
	one_hot(x, 15);
	deal(AS_IT_SHOULD_BE, 1, x);
	one_hot(x, 0);
	deal(AS_IT_SHOULD_BE, 1, x);
	others_contribute(); /* bins 2, 4, 6, 10, 12, 14 */
	result = closed();
	assert_true(is_counted(CHEAT));
	assert_int_equal(result.n, MEMBERS);
	assert_int_equal(result.opening.bins, 4);
	assert_int_equal(result.opening.histogram[0], 1);
	assert_int_equal(result.opening.histogram[3], 3);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blobs_that_are_not_what_they_should_be),
		TEST(cells_that_are_no_answer),
		TEST(blobs_of_somebody_else),
		TEST(blobs_of_an_earlier_tally),
		TEST(the_first_of_two_with_one_number_counts),
	};

	return RUN(tests);
}
