#include "core/cells.h"
#include "core/error.h"
#include "tests/unit/harness.h"
#include "tests/unit/qb1.h"

static void known_layout(void **state)
{
	struct qb1_schema schema;
	json_t *root = vectors_load("schema");
	const json_t *offsets = vectors_get(root, "offsets");

	(void)state;
	qb1_schema(&schema);
	assert_int_equal(schema.cells.total, vectors_u64(vectors_get(root, "cells")));
	assert_int_equal(schema.cells.metrics, json_array_size(offsets));
	for (size_t m = 0; m < schema.cells.metrics; m++) {
		assert_int_equal(schema.cells.offset[m], vectors_u64(json_array_get(offsets, m)));
		for (size_t l = 0; l < KL_LEVELS; l++)
			assert_int_equal(
				kl_runs_check(&schema.levels[m][l], schema.cells.bins[m]), 0);
	}
	json_decref(root);
}

static void known_answers_as_cells(void **state)
{
	struct qb1_schema schema;
	json_t *root = vectors_load("shares");
	const json_t *row, *answer;
	size_t i, m;

	(void)state;
	qb1_schema(&schema);
	assert_int_equal(json_array_size(root), 12);
	json_array_foreach(root, i, row)
	{
		const json_t *cells = vectors_get(row, "cells");
		uint8_t presence[KL_PRESENCE_MAX], wanted[KL_PRESENCE_MAX];
		int16_t answers[QB1_METRICS_MAX];
		uint64_t values[KL_CELLS_MAX];
		size_t len = vectors_hex(vectors_get(row, "presence"), wanted, sizeof wanted);

		assert_int_equal(
			json_array_size(vectors_get(row, "answers")), schema.cells.metrics);
		json_array_foreach(vectors_get(row, "answers"), m, answer) answers[m] =
			json_is_null(answer) ? KL_ABSENT : (int16_t)vectors_u64(answer);
		assert_int_equal(kl_cells_one_hot(&schema.cells, answers, values, presence), 0);
		assert_int_equal(kl_presence_check(kl_bytes(wanted, len), schema.cells.metrics), 0);
		assert_memory_equal(presence, wanted, len);
		assert_int_equal(json_array_size(cells), schema.cells.total);
		for (m = 0; m < schema.cells.total; m++)
			assert_true(values[m] == vectors_u64(json_array_get(cells, m)));
	}
	json_decref(root);
}

static void an_answer_outside_the_bins_is_refused(void **state)
{
	static const uint8_t bins[] = {3, 2};
	int16_t answers[] = {2, 2};
	uint64_t values[5] = {77};
	uint8_t presence[1] = {77};
	struct kl_cells cells;

	(void)state;
	assert_int_equal(kl_cells_init(bins, 2, &cells), 0);
	assert_int_equal(kl_cells_one_hot(&cells, answers, values, presence), KL_E_RANGE);
	answers[1] = -2;
	assert_int_equal(kl_cells_one_hot(&cells, answers, values, presence), KL_E_RANGE);
	assert_true(values[0] == 77 && presence[0] == 77);
	answers[1] = KL_ABSENT;
	assert_int_equal(kl_cells_one_hot(&cells, answers, values, presence), 0);
	assert_true(!values[0] && !values[1] && values[2] == 1 && !values[3] && !values[4]);
	assert_int_equal(presence[0], 1);
}

static void spare_bits_of_presence_are_refused(void **state)
{
	uint8_t bits[] = {0xff, 0x1f};

	(void)state;
	assert_int_equal(kl_presence_check(kl_bytes(bits, 2), 13), 0);
	assert_int_equal(kl_presence_count(bits, 13), 13);
	assert_int_equal(kl_presence_check(kl_bytes(bits, 2), 12), KL_E_MALFORMED);
	assert_int_equal(kl_presence_check(kl_bytes(bits, 2), 16), 0);
	assert_int_equal(kl_presence_check(kl_bytes(bits, 2), 17), KL_E_MALFORMED);
	assert_int_equal(kl_presence_check(kl_bytes(bits, 2), 8), KL_E_MALFORMED);
	assert_int_equal(kl_presence_check(kl_bytes(bits, 1), 13), KL_E_MALFORMED);
	bits[1] = 0x20;
	assert_int_equal(kl_presence_check(kl_bytes(bits, 2), 13), KL_E_MALFORMED);
	assert_true(kl_presence_has(bits, 7));
	assert_false(kl_presence_has(bits, 8));
}

static void layouts_that_are_refused(void **state)
{
	uint8_t bins[KL_CELLS_METRICS_MAX + 1];
	struct kl_cells cells = {.metrics = 77};

	(void)state;
	memset(bins, KL_CELLS_BINS_MAX, sizeof bins);
	assert_int_equal(kl_cells_init(bins, 0, &cells), KL_E_RANGE);
	assert_int_equal(kl_cells_init(bins, KL_CELLS_METRICS_MAX + 1, &cells), KL_E_TOO_BIG);
	assert_int_equal(kl_cells_init(bins, 128, &cells), KL_E_TOO_BIG); /* 8,192 cells */
	bins[1] = 0;
	assert_int_equal(kl_cells_init(bins, 2, &cells), KL_E_RANGE);
	bins[1] = KL_CELLS_BINS_MAX + 1;
	assert_int_equal(kl_cells_init(bins, 2, &cells), KL_E_RANGE);
	assert_int_equal(cells.metrics, 77);
	bins[1] = KL_CELLS_BINS_MAX;
	assert_int_equal(kl_cells_init(bins, 127, &cells), 0);
	assert_true(KL_SHARE_BLOB_MAX <= 65536);
}

static void known_coarsenings(void **state)
{
	struct qb1_schema schema;
	json_t *root = vectors_load("coarsen");
	const json_t *row;
	size_t i, j;

	(void)state;
	qb1_schema(&schema);
	assert_true(json_array_size(root) > 0);
	json_array_foreach(root, i, row)
	{
		size_t m = vectors_u64(vectors_get(row, "metric"));
		size_t l = vectors_u64(vectors_get(row, "level"));
		const json_t *in = vectors_get(row, "cells"), *out = vectors_get(row, "out");
		uint64_t cells[KL_CELLS_BINS_MAX];

		assert_true(m < schema.cells.metrics && l < KL_LEVELS);
		assert_int_equal(json_array_size(in), schema.cells.bins[m]);
		assert_int_equal(json_array_size(out), schema.levels[m][l].count);
		for (j = 0; j < json_array_size(in); j++)
			cells[j] = vectors_u64(json_array_get(in, j));
		kl_runs_apply(&schema.levels[m][l], cells, cells);
		for (j = 0; j < json_array_size(out); j++)
			assert_true(cells[j] == vectors_u64(json_array_get(out, j)));
	}
	json_decref(root);
}

static void runs_must_cover_the_bins(void **state)
{
	static const uint8_t lengths[] = {2, 1, 2, 0};
	struct kl_runs runs = {lengths, 3};

	(void)state;
	assert_int_equal(kl_runs_check(&runs, 5), 0);
	assert_int_equal(kl_runs_check(&runs, 4), KL_E_INVALID);
	assert_int_equal(kl_runs_check(&runs, 6), KL_E_INVALID);
	runs.count = 4;
	assert_int_equal(kl_runs_check(&runs, 5), KL_E_INVALID);
	runs.count = 0;
	assert_int_equal(kl_runs_check(&runs, 0), KL_E_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_layout),
		cmocka_unit_test(known_answers_as_cells),
		cmocka_unit_test(an_answer_outside_the_bins_is_refused),
		cmocka_unit_test(spare_bits_of_presence_are_refused),
		cmocka_unit_test(layouts_that_are_refused),
		cmocka_unit_test(known_coarsenings),
		cmocka_unit_test(runs_must_cover_the_bins),
	};

	return RUN(tests);
}
