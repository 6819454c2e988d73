#include "core/histogram.h"
#include "tests/unit/harness.h"
#include "tests/unit/vectors.h"

enum { VECTOR_METRICS_MAX = 16, SEED = 20171130 };

static struct kl_metric metrics[VECTOR_METRICS_MAX];

static void read_edges(const json_t *edges, struct kl_metric *m)
{
	m->open_low = json_is_null(json_array_get(edges, 0));
	m->open_high = json_is_null(json_array_get(edges, m->bins));
	for (size_t i = 0; i <= m->bins; i++)
		if (!json_is_null(json_array_get(edges, i)))
			m->edges[i] = vectors_i64(json_array_get(edges, i));
}

/* A metric of the vectors' schema as it would come over the wire. */
static void read_metric(const json_t *json, struct kl_metric *m)
{
	const json_t *levels = vectors_get(json, "levels");
	struct kl_fault fault;

	*m = (struct kl_metric){.name = "of the vectors", .scale = 1, .periods = 1};
	m->bins = (uint8_t)vectors_u64(vectors_get(json, "B"));
	strcpy(m->code, json_string_value(vectors_get(json, "code")));
	read_edges(vectors_get(json, "edges"), m);
	for (size_t i = 0; i < m->bins; i++)
		m->mids[i] = vectors_i64(json_array_get(vectors_get(json, "mids"), i));
	for (size_t level = 0; level < KL_METRIC_LEVELS; level++) {
		const json_t *runs = json_array_get(levels, level);

		m->level_bins[level] = (uint8_t)json_array_size(runs);
		for (size_t i = 0; i < json_array_size(runs); i++)
			m->runs[level][i] = (uint8_t)vectors_u64(json_array_get(runs, i));
	}
	if (kl_metric_check(m, &fault))
		fail_msg("%s", fault.message);
}

static int read_schema(void **state)
{
	json_t *schema = vectors_load("schema");
	const json_t *list = vectors_get(schema, "metrics");

	(void)state;
	assert_true(json_array_size(list) <= VECTOR_METRICS_MAX);
	for (size_t i = 0; i < json_array_size(list); i++)
		read_metric(json_array_get(list, i), &metrics[i]);
	json_decref(schema);
	return 0;
}

/* ---- known answers ------------------------------------------------------------------------- */

static void same_bound(const json_t *expected, bool open, int64_t value)
{
	assert_int_equal(json_is_null(expected), open);
	if (!open)
		assert_int_equal(vectors_i64(expected), value);
}

static void same_edges(const json_t *expected, const struct kl_bins *bins)
{
	assert_int_equal(json_array_size(expected), bins->count + 1);
	for (size_t i = 0; i <= bins->count; i++)
		same_bound(json_array_get(expected, i),
			(i == 0 && bins->open_low) || (i == bins->count && bins->open_high),
			bins->edges[i]);
}

static void same_quartiles(const json_t *expected, const struct kl_figures *figures)
{
	assert_int_equal(json_array_size(expected), 3);
	for (size_t i = 0; i < 3; i++) {
		const json_t *e = json_array_get(expected, i);
		const struct kl_quartile *q = &figures->quartiles[i];

		same_bound(vectors_get(e, "low"), q->low_open, q->low);
		same_bound(vectors_get(e, "high"), q->high_open, q->high);
		assert_int_equal(vectors_i64(vectors_get(e, "point")), q->point);
	}
}

static void same_ranks(const json_t *expected, const struct kl_bins *bins, const uint32_t *counts)
{
	for (uint8_t bin = 0; bin < bins->count; bin++) {
		const json_t *e = json_array_get(expected, bin);
		uint32_t low, high;

		assert_int_equal(kl_histogram_rank(bins, counts, bin, &low, &high), 0);
		assert_int_equal(vectors_u64(json_array_get(e, 0)), low);
		assert_int_equal(vectors_u64(json_array_get(e, 1)), high);
	}
}

static void one_case(const json_t *json)
{
	const struct kl_metric *m = &metrics[vectors_u64(vectors_get(json, "metric"))];
	const json_t *histogram = vectors_get(json, "histogram");
	uint32_t counts[KL_METRIC_BINS_MAX];
	struct kl_figures figures;
	struct kl_bins bins;

	kl_metric_bins(m, (enum kl_level)vectors_u64(vectors_get(json, "level")), &bins);
	assert_int_equal(json_array_size(histogram), bins.count);
	for (size_t i = 0; i < bins.count; i++)
		counts[i] = (uint32_t)vectors_u64(json_array_get(histogram, i));
	same_edges(vectors_get(json, "edges"), &bins);
	assert_int_equal(kl_histogram_figures(&bins, counts, &figures), 0);
	assert_int_equal(figures.n, vectors_u64(vectors_get(json, "n")));
	same_quartiles(vectors_get(json, "quartiles"), &figures);
	assert_int_equal(figures.mean, vectors_i64(vectors_get(json, "mean")));
	same_ranks(vectors_get(json, "rank"), &bins, counts);
}

static void known_answers(void **state)
{
	json_t *cases = vectors_load("figures");

	(void)state;
	assert_true(json_array_size(cases) >= 1);
	for (size_t i = 0; i < json_array_size(cases); i++)
		one_case(json_array_get(cases, i));
	json_decref(cases);
}

/* ---- what must always hold ----------------------------------------------------------------- */

static uint32_t random_state;

static uint32_t draw(uint32_t below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % below;
}

static void sort(int64_t *values, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j > 0 && values[j - 1] > values[j]; j--) {
			int64_t swap = values[j];

			values[j] = values[j - 1];
			values[j - 1] = swap;
		}
}

/* Order statistics of the values themselves around the quartile, which may lie between two. */
static bool holds(const struct kl_quartile *q, const int64_t *sorted, uint32_t a, uint32_t n)
{
	uint32_t first = (a * n + 3) / 4 - 1, second = a * n % 4 ? first : first + 1;

	return (q->low_open || q->low <= sorted[first]) &&
	       (q->high_open || sorted[second] <= q->high);
}

/* Figures of a metric, also below and above its outer edges where these are open. */
static int64_t draw_value(const struct kl_metric *m)
{
	int64_t low = m->edges[0], high = m->edges[m->bins] - 1, span;

	if (m->open_high)
		high = 2 * m->edges[m->bins - 1];
	span = high - low;
	if (m->open_low && draw(4) == 0)
		return low - draw((uint32_t)span);
	return low + draw((uint32_t)span);
}

static unsigned bin_at(const struct kl_metric *m, enum kl_level level, int64_t value)
{
	unsigned upper = m->runs[level][0], at = 0;
	uint8_t fine;

	assert_int_equal(kl_metric_bin(m, value, &fine), 0);
	while (upper <= fine)
		upper += m->runs[level][++at];
	return at;
}

static void certain_bounds_hold_the_true_quartile(void **state)
{
	(void)state;
	random_state = SEED;
	for (int run = 0; run < 3000; run++) {
		enum kl_level level = (enum kl_level)(run % KL_METRIC_LEVELS);
		uint32_t counts[KL_METRIC_BINS_MAX] = {0}, n = 1 + draw(40);
		struct kl_figures figures;
		struct kl_metric m;
		struct kl_bins bins;
		int64_t values[40];

		kl_metric_at(draw((uint32_t)kl_metric_count()), &m);
		for (uint32_t i = 0; i < n; i++) {
			values[i] = draw_value(&m);
			counts[bin_at(&m, level, values[i])]++;
		}
		sort(values, n);
		kl_metric_bins(&m, level, &bins);
		assert_int_equal(kl_histogram_figures(&bins, counts, &figures), 0);
		for (uint32_t a = 1; a <= 3; a++)
			if (!holds(&figures.quartiles[a - 1], values, a, n))
				fail_msg("seed %d, run %d, quartile %u of %s at level %d", SEED,
					run, a, m.code, (int)level);
	}
}

static void the_largest_numbers_stay_in_range(void **state)
{
	struct kl_bins bins = {.count = 2,
		.edges = {-KL_NUMBER_MAX, KL_NUMBER_MAX - 1, KL_NUMBER_MAX},
		.mids = {-1, KL_NUMBER_MAX - 1}};
	uint32_t counts[] = {KL_HISTOGRAM_MEMBERS_MAX - 1, 1};
	struct kl_figures figures;
	uint32_t low = 77, high = 77;

	(void)state;
	assert_int_equal(kl_histogram_figures(&bins, counts, &figures), 0);
	assert_int_equal(figures.quartiles[2].low, -KL_NUMBER_MAX);
	counts[1] = 2;
	assert_int_equal(kl_histogram_figures(&bins, counts, &figures), KL_E_RANGE);
	assert_int_equal(kl_histogram_rank(&bins, counts, 0, &low, &high), KL_E_RANGE);
	counts[0] = counts[1] = 0;
	assert_int_equal(kl_histogram_figures(&bins, counts, &figures), KL_E_NOT_FOUND);
	assert_int_equal(kl_histogram_rank(&bins, counts, 0, &low, &high), KL_E_NOT_FOUND);
	counts[0] = 1;
	assert_int_equal(kl_histogram_rank(&bins, counts, 2, &low, &high), KL_E_RANGE);
	assert_int_equal(low, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(known_answers, read_schema),
		cmocka_unit_test(certain_bounds_hold_the_true_quartile),
		cmocka_unit_test(the_largest_numbers_stay_in_range),
	};

	return RUN(tests);
}
