#include "core/error.h"
#include "core/field.h"
#include "core/opening.h"
#include "tests/unit/harness.h"
#include "tests/unit/qb1.h"

struct sums {
	uint64_t cells[KL_SEATS_MAX][KL_CELLS_BINS_MAX];
	struct kl_partial partials[KL_SEATS_MAX];
	size_t count, bins;
};

/* Reads the partial sums of a case, the highest seat first: order must not matter. */
static void read_sums(const json_t *row, struct sums *ret_sums)
{
	const json_t *partials = vectors_get(row, "partials");

	ret_sums->count = 0;
	for (unsigned seat = KL_SEATS_MAX; seat; seat--) {
		const json_t *hex = qb1_of_seat(partials, seat);
		uint64_t *cells = ret_sums->cells[ret_sums->count];

		if (!hex)
			continue;
		ret_sums->bins = qb1_elements_up_to(hex, cells, KL_CELLS_BINS_MAX);
		ret_sums->partials[ret_sums->count++] = (struct kl_partial){(uint8_t)seat, cells};
	}
	assert_int_equal(ret_sums->count, json_object_size(partials));
}

static void check_histogram(const json_t *histogram, const struct kl_opening *opening)
{
	const json_t *count;
	size_t i;

	if (json_is_null(histogram)) {
		assert_int_equal(opening->bins, 0);
		return;
	}
	assert_int_equal(json_array_size(histogram), opening->bins);
	json_array_foreach(histogram, i, count)
		assert_int_equal(opening->histogram[i], vectors_u64(count));
}

static void known_openings(void **state)
{
	json_t *root = vectors_load("openings");
	const json_t *row, *liar;
	unsigned seen[KL_OPENING_VOID + 1] = {0};
	size_t i, j;

	(void)state;
	assert_true(json_array_size(root) >= 64);
	json_array_foreach(root, i, row)
	{
		struct kl_committee committee = qb1_committee(row);
		struct kl_opening opening;
		struct sums sums;
		uint16_t liars = 0;

		read_sums(row, &sums);
		assert_int_equal(kl_open_partials(&committee, sums.partials, sums.count, sums.bins,
					 (uint32_t)vectors_u64(vectors_get(row, "size")), &opening),
			0);
		assert_string_equal(kl_opening_state_name(opening.state),
			json_string_value(vectors_get(row, "state")));
		check_histogram(vectors_get(row, "histogram"), &opening);
		json_array_foreach(vectors_get(row, "liars"), j, liar) liars |=
			(uint16_t)(1u << (vectors_u64(liar) - 1));
		assert_int_equal(opening.liars, liars);
		seen[opening.state]++;
	}
	for (i = 0; i <= KL_OPENING_VOID; i++)
		assert_true(seen[i] > 0);
	json_decref(root);
}

static void known_partial_sums_open(void **state)
{
	json_t *root = vectors_load("partials");
	const json_t *row;
	size_t i;

	(void)state;
	assert_true(json_array_size(root) > 0);
	json_array_foreach(root, i, row)
	{
		struct kl_committee committee = qb1_committee(row);
		struct kl_opening opening;
		struct sums sums;

		read_sums(row, &sums);
		assert_int_equal(
			kl_open_partials(&committee, sums.partials, sums.count, sums.bins,
				(uint32_t)json_array_size(vectors_get(row, "members")), &opening),
			0);
		assert_int_equal(opening.state, KL_OPENING_FINAL);
		assert_int_equal(opening.seats, (1u << committee.n) - 1);
		check_histogram(vectors_get(row, "histogram"), &opening);
	}
	json_decref(root);
}

/* Any t honest seats give the same sums, and nobody's lie can change one that qa stand for. */
static void any_t_seats_give_the_same(void **state)
{
	json_t *root = vectors_load("partials");
	const json_t *row = json_array_get(root, json_array_size(root) - 1);
	struct kl_committee committee = qb1_committee(row);
	uint32_t size = (uint32_t)json_array_size(vectors_get(row, "members"));
	struct sums sums;

	(void)state;
	read_sums(row, &sums);
	for (unsigned mask = 0; mask < 1u << committee.n; mask++) {
		struct kl_partial some[KL_SEATS_MAX];
		struct kl_opening opening;
		size_t count = 0;

		for (unsigned i = 0; i < committee.n; i++)
			if (mask >> i & 1)
				some[count++] = sums.partials[i];
		assert_int_equal(
			kl_open_partials(&committee, some, count, sums.bins, size, &opening), 0);
		if (count < committee.t) {
			assert_int_equal(opening.state, KL_OPENING_WAITING);
			continue;
		}
		assert_int_equal(opening.state,
			count < committee.qa ? KL_OPENING_UNCONFIRMED : KL_OPENING_FINAL);
		check_histogram(vectors_get(row, "histogram"), &opening);
	}
	json_decref(root);
}

/* All seats agree, but on counts that no cohort of 7 can have. The last ones add up to 7 in 64 bits
 * if nobody looks at them one by one. */
static void impossible_counts_are_void(void **state)
{
	enum { BINS = 9 };
	static const uint64_t top = KL_FIELD_P - 1;
	/* constant polynomials: every seat says the counts themselves */
	const struct {
		uint64_t cells[BINS];
		enum kl_opening_state state;
	} cases[] = {
		{{3, 4}, KL_OPENING_FINAL},
		{{8, top}, KL_OPENING_VOID},
		{{3, 3}, KL_OPENING_VOID},
		{{top, top, top, top, top, top, top, top, 23}, KL_OPENING_VOID},
	};
	struct kl_committee committee;
	struct kl_opening opening;

	(void)state;
	assert_int_equal(kl_committee_of(7, &committee), 0);
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		struct kl_partial partials[7];

		for (unsigned i = 0; i < 7; i++)
			partials[i] = (struct kl_partial){(uint8_t)(i + 1), cases[c].cells};
		assert_int_equal(kl_open_partials(&committee, partials, 7, BINS, 7, &opening), 0);
		assert_int_equal(opening.state, cases[c].state);
		assert_int_equal(opening.liars, 0);
	}
}

static void partials_that_are_refused(void **state)
{
	static const uint64_t cells[] = {1};
	struct kl_partial twice[] = {{1, cells}, {2, cells}, {1, cells}};
	struct kl_partial eighth[] = {{8, cells}}, zeroth[] = {{0, cells}};
	struct kl_opening opening = {.bins = 77};
	struct kl_committee committee;

	(void)state;
	assert_int_equal(kl_committee_of(7, &committee), 0);
	assert_int_equal(kl_open_partials(&committee, twice, 3, 1, 1, &opening), KL_E_INVALID);
	assert_int_equal(kl_open_partials(&committee, eighth, 1, 1, 1, &opening), KL_E_INVALID);
	assert_int_equal(kl_open_partials(&committee, zeroth, 1, 1, 1, &opening), KL_E_INVALID);
	assert_int_equal(kl_open_partials(&committee, twice, 2, 0, 1, &opening), KL_E_INVALID);
	assert_int_equal(kl_open_partials(&committee, twice, 2, KL_CELLS_BINS_MAX + 1, 1, &opening),
		KL_E_INVALID);
	assert_int_equal(opening.bins, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_openings),
		cmocka_unit_test(known_partial_sums_open),
		cmocka_unit_test(any_t_seats_give_the_same),
		cmocka_unit_test(impossible_counts_are_void),
		cmocka_unit_test(partials_that_are_refused),
	};

	return RUN(tests);
}
