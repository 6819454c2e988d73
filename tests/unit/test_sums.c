#include "core/error.h"
#include "core/opening.h"
#include "core/sums.h"
#include "tests/unit/harness.h"
#include "tests/unit/qb1.h"

#include <stdlib.h>

enum { AUTHORS = 3 };

/* What each seat holds of the three authors of shares.json, for one committee. */
struct holdings {
	struct kl_committee committee;
	struct qb1_schema schema;
	uint64_t shares[KL_SEATS_MAX + 1][AUTHORS][KL_CELLS_BINS_MAX * QB1_METRICS_MAX];
	uint64_t answers[AUTHORS][KL_CELLS_BINS_MAX * QB1_METRICS_MAX];
};

static void holdings_init(struct holdings *h, unsigned n)
{
	json_t *root = vectors_load("shares");
	const json_t *row;
	size_t i, author = 0;

	qb1_schema(&h->schema);
	assert_int_equal(kl_committee_of(n, &h->committee), 0);
	json_array_foreach(root, i, row)
	{
		if (vectors_u64(vectors_get(row, "n")) != n)
			continue;
		assert_true(author < AUTHORS);
		for (unsigned seat = 1; seat <= n; seat++)
			qb1_elements(qb1_of_seat(vectors_get(row, "shares"), seat),
				h->shares[seat][author], kl_share_elements(h->schema.cells.total));
		for (size_t c = 0; c < h->schema.cells.total; c++)
			h->answers[author][c] =
				vectors_u64(json_array_get(vectors_get(row, "cells"), c));
		author++;
	}
	assert_int_equal(author, AUTHORS);
	json_decref(root);
}

/* All seats add up, the sums are opened: the histogram is that of the answers. */
static void check_set(
	const struct holdings *h, const struct kl_set *set, size_t metric, unsigned level)
{
	const struct kl_runs *runs = &h->schema.levels[metric][level];
	size_t offset = h->schema.cells.offset[metric], size = 0;
	uint64_t sums[KL_SEATS_MAX + 1][KL_CELLS_BINS_MAX], wanted[KL_CELLS_BINS_MAX] = {0};
	struct kl_partial partials[KL_SEATS_MAX];
	struct kl_opening opening;

	for (unsigned seat = 1; seat <= h->committee.n; seat++) {
		const uint64_t *rows[] = {
			h->shares[seat][0], h->shares[seat][1], h->shares[seat][2]};

		assert_int_equal(kl_partial_sum(&h->schema.cells, metric, runs, rows, AUTHORS, set,
					 sums[seat]),
			0);
		partials[seat - 1] = (struct kl_partial){(uint8_t)seat, sums[seat]};
	}
	for (size_t a = 0; a < AUTHORS; a++)
		for (unsigned b = 0; kl_set_has(set, a) && b < h->schema.cells.bins[metric]; b++) {
			wanted[b] += h->answers[a][offset + b];
			size += h->answers[a][offset + b];
		}
	kl_runs_apply(runs, wanted, wanted);
	assert_int_equal(kl_open_partials(&h->committee, partials, h->committee.n, runs->count,
				 (uint32_t)size, &opening),
		0);
	assert_int_equal(opening.state, KL_OPENING_FINAL);
	for (unsigned b = 0; b < runs->count; b++)
		assert_int_equal(opening.histogram[b], wanted[b]);
}

static void sums_of_shares_open_to_sums_of_answers(void **state)
{
	static const unsigned sizes[] = {5, 6, 7, 10};
	struct holdings *h = malloc(sizeof *h);

	(void)state;
	assert_non_null(h);
	for (size_t i = 0; i < 4; i++) {
		holdings_init(h, sizes[i]);
		for (unsigned members = 1; members < 1u << AUTHORS; members++) {
			struct kl_set set = {.words = {members}};

			for (size_t m = 0; m < h->schema.cells.metrics; m++)
				for (unsigned l = 0; l < KL_LEVELS; l++)
					check_set(h, &set, m, l);
		}
	}
	free(h);
}

/* The known partial sums of one seat at a coarser level are its fine ones added along the runs. */
static void known_partial_sums_get_coarser(void **state)
{
	struct qb1_schema schema;
	json_t *root = vectors_load("partials");
	const json_t *fine, *coarse;
	size_t i, j, compared = 0;

	(void)state;
	qb1_schema(&schema);
	json_array_foreach(root, i, fine)
	{
		size_t m = vectors_u64(vectors_get(fine, "metric"));
		unsigned n = (unsigned)vectors_u64(vectors_get(fine, "n"));

		if (vectors_u64(vectors_get(fine, "level")) != 2)
			continue;
		json_array_foreach(root, j, coarse)
		{
			const struct kl_runs *runs =
				&schema.levels[m][vectors_u64(vectors_get(coarse, "level"))];

			if (vectors_u64(vectors_get(coarse, "n")) != n ||
				vectors_u64(vectors_get(coarse, "metric")) != m ||
				!json_equal(vectors_get(coarse, "members"),
					vectors_get(fine, "members")))
				continue;
			for (unsigned seat = 1; seat <= n; seat++) {
				uint64_t a[KL_CELLS_BINS_MAX], b[KL_CELLS_BINS_MAX];

				qb1_elements(qb1_of_seat(vectors_get(fine, "partials"), seat), a,
					schema.cells.bins[m]);
				qb1_elements(qb1_of_seat(vectors_get(coarse, "partials"), seat), b,
					runs->count);
				kl_runs_apply(runs, a, a);
				assert_memory_equal(a, b, runs->count * sizeof *a);
				compared++;
			}
		}
	}
	assert_true(compared > 0);
	json_decref(root);
}

/* A seat that lacks a row cannot sum another set instead. */
static void a_missing_row_is_no_smaller_set(void **state)
{
	static const uint8_t bins[] = {2, 3}, lengths[] = {2};
	static const uint64_t row[5 + KL_SHARE_EXTRA] = {1, 2, 3, 4, 5};
	const uint64_t *rows[] = {row, NULL, row};
	struct kl_runs runs = {lengths, 1};
	struct kl_set set = {.words = {7}};
	struct kl_cells cells;
	uint64_t sum = 77;

	(void)state;
	assert_int_equal(kl_cells_init(bins, 2, &cells), 0);
	assert_int_equal(kl_partial_sum(&cells, 0, &runs, rows, 3, &set, &sum), KL_E_NOT_FOUND);
	kl_set_remove(&set, 1);
	assert_int_equal(kl_partial_sum(&cells, 0, &runs, rows, 2, &set, &sum), KL_E_NOT_FOUND);
	assert_int_equal(kl_partial_sum(&cells, 1, &runs, rows, 3, &set, &sum), KL_E_INVALID);
	assert_int_equal(kl_partial_sum(&cells, 2, &runs, rows, 3, &set, &sum), KL_E_INVALID);
	assert_int_equal(
		kl_partial_sum(&cells, 0, &runs, rows, 3, &(struct kl_set){0}, &sum), KL_E_INVALID);
	assert_int_equal(sum, 77);
	assert_int_equal(kl_partial_sum(&cells, 0, &runs, rows, 3, &set, &sum), 0);
	assert_int_equal(sum, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_of_shares_open_to_sums_of_answers),
		cmocka_unit_test(known_partial_sums_get_coarser),
		cmocka_unit_test(a_missing_row_is_no_smaller_set),
	};

	return RUN(tests);
}
