#include "daemon/metric_words.h"
#include "tests/unit/harness.h"

#include <string.h>

static struct kl_metric metric_of(const char *code)
{
	struct kl_metric metric;
	size_t index;

	assert_int_equal(kl_metric_index(code, &index), 0);
	kl_metric_at(index, &metric);
	return metric;
}

static const char *words(const struct kl_metric *metric, enum kl_level level, uint8_t bin,
	char out[KL_BIN_WORDS_MAX])
{
	struct kl_bins bins;

	kl_metric_bins(metric, level, &bins);
	return kl_bin_words(metric, &bins, bin, out);
}

static void bins_in_words(void **state)
{
	const struct kl_metric fte = metric_of("enabled.fte"), gva = metric_of("enabled.gva");
	const struct kl_metric score = metric_of("maturity.c1"), lm3 = metric_of("lm3.score");
	char out[KL_BIN_WORDS_MAX];

	(void)state;
	assert_string_equal(words(&fte, KL_LEVEL_FINE, 5, out), "20 up to 30 FTE");
	assert_string_equal(words(&fte, KL_LEVEL_COARSE, 1, out), "15 up to 75 FTE");
	assert_string_equal(words(&fte, KL_LEVEL_FINE, 15, out), "2,000 FTE or more");
	assert_string_equal(words(&gva, KL_LEVEL_FINE, 1, out), "£50,000 up to £100,000");
	assert_string_equal(words(&score, KL_LEVEL_FINE, 3, out), "3");
	assert_string_equal(words(&score, KL_LEVEL_COARSE, 0, out), "0 to 1");
	assert_string_equal(words(&score, KL_LEVEL_COARSE, 1, out), "2");
	assert_string_equal(words(&lm3, KL_LEVEL_FINE, 6, out), "1.75 up to 1.875");
}

static void a_bin_that_is_open_below(void **state)
{
	struct kl_metric metric = metric_of("enabled.fte");
	char out[KL_BIN_WORDS_MAX];

	(void)state;
	metric.open_low = true;
	assert_string_equal(words(&metric, KL_LEVEL_FINE, 0, out), "below 2 FTE");
}

/* Every value of every metric lies, at each level, in the bin that holds its fine bin. */
static void coarser_bins_hold_finer_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < kl_metric_count(); i++) {
		struct kl_metric metric;

		kl_metric_at(i, &metric);
		for (int level = 0; level < KL_METRIC_LEVELS; level++) {
			struct kl_bins bins;

			kl_metric_bins(&metric, (enum kl_level)level, &bins);
			for (uint8_t b = 0; b < bins.count; b++) {
				int64_t value =
					b == 0 && bins.open_low ? bins.edges[1] - 1 : bins.edges[b];
				uint8_t got;

				assert_int_equal(
					kl_bin_at_level(&metric, (enum kl_level)level, value, &got),
					0);
				assert_int_equal(got, b);
			}
		}
	}
}

static void whole_numbers_stay_whole(void **state)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_value map, value;

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, 2);
	kl_put_scaled(&w, "whole", 14010, 10);
	kl_put_scaled(&w, "part", 605, 10);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_value_open(bytes, &map), 0);
	assert_int_equal(kl_map_get(&map, "whole", &value), 0);
	assert_int_equal(value.type, KL_WIRE_INT);
	assert_int_equal(value.u.integer.bits, 1401);
	assert_int_equal(kl_map_get(&map, "part", &value), 0);
	assert_int_equal(value.type, KL_WIRE_DOUBLE);
	assert_true(value.u.number > 60.49 && value.u.number < 60.51);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bins_in_words),
		cmocka_unit_test(a_bin_that_is_open_below),
		cmocka_unit_test(coarser_bins_hold_finer_ones),
		cmocka_unit_test(whole_numbers_stay_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
