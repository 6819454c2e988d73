#include "core/metric.h"
#include "tests/unit/harness.h"

#include <stdio.h>

static struct kl_metric metric(const char *code)
{
	struct kl_metric m = {0};
	struct kl_fault fault;

	assert_int_equal(kl_metric_find(code, &m, &fault), 0);
	assert_string_equal(m.code, code);
	return m;
}

static void the_first_catalogue(void **state)
{
	static const char *const codes[] = {"maturity.c1", "maturity.c2", "maturity.c3",
		"maturity.c4", "maturity.c5", "maturity.c6", "maturity.c7", "practice.1",
		"practice.2", "practice.3", "practice.4", "lm3.score", "lm3.local_payroll_share",
		"lm3.local_supplier_share", "spend.local_share", "spend.voluntary_share",
		"enabled.fte", "enabled.gva", "enabled.gva_per_fte", "policy.weight"};

	(void)state;
	assert_int_equal(kl_metric_count(), sizeof codes / sizeof *codes);
	for (size_t i = 0; i < kl_metric_count(); i++) {
		struct kl_metric m;
		struct kl_fault fault;
		size_t index;

		kl_metric_at(i, &m);
		assert_string_equal(m.code, codes[i]);
		assert_int_equal(kl_metric_check(&m, &fault), 0);
		assert_int_equal(kl_metric_index(m.code, &index), 0);
		assert_int_equal(index, i);
		assert_int_equal(m.bins, m.discrete ? 5 : 16);
		assert_true(strlen(kl_metric_rule(m.code)) > 0);
		assert_int_equal(kl_metric_is_slow(m.code),
			!strncmp(m.code, "maturity.", 9) || !strncmp(m.code, "practice.", 9) ||
				!strncmp(m.code, "policy.", 7));
	}
	assert_true(kl_metric_is_slow("nothing"));
	assert_string_equal(kl_metric_rule("nothing"), "");
	assert_non_null(strstr(kl_metric_caution("enabled.fte"), "hard to compare"));
}

/* In every metric, an edge belongs to the bin above it and what is just below to the bin below. */
static void values_at_every_edge(void **state)
{
	(void)state;
	for (size_t i = 0; i < kl_metric_count(); i++) {
		struct kl_metric m;
		uint8_t bin = 99;

		kl_metric_at(i, &m);
		for (uint8_t b = 0; b < m.bins; b++) {
			assert_int_equal(kl_metric_bin(&m, m.edges[b], &bin), 0);
			assert_int_equal(bin, b);
			if (b == m.bins - 1 && m.open_high)
				continue;
			assert_int_equal(kl_metric_bin(&m, m.edges[b + 1] - 1, &bin), 0);
			assert_int_equal(bin, b);
		}
		assert_int_equal(kl_metric_bin(&m, m.edges[0] - 1, &bin), KL_E_RANGE);
		if (m.open_high) {
			assert_int_equal(kl_metric_bin(&m, KL_NUMBER_MAX, &bin), 0);
			assert_int_equal(bin, m.bins - 1);
		} else if (m.discrete) {
			assert_int_equal(kl_metric_bin(&m, m.edges[m.bins], &bin), KL_E_RANGE);
		} else {
			assert_int_equal(kl_metric_bin(&m, m.edges[m.bins], &bin), 0);
			assert_int_equal(bin, m.bins - 1);
			assert_int_equal(kl_metric_bin(&m, m.edges[m.bins] + 1, &bin), KL_E_RANGE);
		}
	}
}

/* A few edges by hand, in the unit that people see, against slips in the table. */
static void some_edges_in_plain_numbers(void **state)
{
	static const struct {
		const char *code, *value;
		int bin;
	} cases[] = {{"lm3.score", "1", 0}, {"lm3.score", "1.125", 1}, {"lm3.score", "2.43", 11},
		{"lm3.score", "2.5", 12}, {"lm3.score", "2.4999", 11}, {"lm3.score", "3", 15},
		{"spend.local_share", "14%", 2}, {"spend.local_share", "28%", 4},
		{"spend.local_share", "100%", 15}, {"spend.voluntary_share", "0", 0},
		{"spend.voluntary_share", "1%", 1}, {"spend.voluntary_share", "7.5%", 6},
		{"spend.voluntary_share", "80%", 15}, {"enabled.fte", "1.9", 0},
		{"enabled.fte", "26", 5}, {"enabled.fte", "150", 10}, {"enabled.fte", "1999.9", 14},
		{"enabled.fte", "2000", 15}, {"enabled.gva", "£617,010", 5},
		{"enabled.gva", "£75m", 15}, {"enabled.gva", "£74,999,999", 14},
		{"enabled.gva_per_fte", "£50k", 9}, {"policy.weight", "20%", 9},
		{"policy.weight", "2.5", 2}, {"policy.weight", "100", 15}, {"maturity.c1", "4", 4},
		{"practice.4", "0", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_metric m = metric(cases[i].code);
		int64_t value;
		uint8_t bin;

		assert_int_equal(kl_metric_parse(&m, cases[i].value, &value, NULL), 0);
		assert_int_equal(kl_metric_bin(&m, value, &bin), 0);
		assert_int_equal(bin, cases[i].bin);
	}
}

static void a_typed_value_says_what_is_expected(void **state)
{
	struct kl_metric lm3 = metric("lm3.score"), fte = metric("enabled.fte");
	struct kl_metric c1 = metric("maturity.c1");
	struct kl_fault fault;
	int64_t value = 77;

	(void)state;
	assert_int_equal(kl_metric_parse(&lm3, "3.2", &value, &fault), KL_E_RANGE);
	assert_string_equal(fault.message, "3.2 is not a possible value of lm3.score (LM3 score)");
	assert_string_equal(fault.hint, "it lies between 1 and 3");
	assert_int_equal(kl_metric_parse(&lm3, "high", &value, &fault), KL_E_INVALID);
	assert_string_equal(fault.message, "lm3.score (LM3 score): \"high\" is not a score");
	assert_int_equal(kl_metric_parse(&fte, "-1", &value, &fault), KL_E_RANGE);
	assert_string_equal(fault.hint, "it is 0 or more");
	assert_int_equal(kl_metric_parse(&c1, "2.5", &value, &fault), KL_E_INVALID);
	assert_string_equal(fault.hint, "half points are not given; decide for one of the two");
	assert_int_equal(kl_metric_parse(&c1, "5", &value, &fault), KL_E_RANGE);
	assert_string_equal(fault.hint, "it lies between 0 and 4");
	assert_int_equal(value, 77);
}

static void metrics_are_found_by_name(void **state)
{
	struct kl_metric m;
	struct kl_fault fault;

	(void)state;
	assert_int_equal(kl_metric_find("lm3 score", &m, &fault), 0);
	assert_string_equal(m.code, "lm3.score");
	assert_int_equal(kl_metric_find("ENVIRONMENT", &m, &fault), 0);
	assert_string_equal(m.code, "maturity.c6");
	assert_int_equal(kl_metric_find("enabled employees", &m, &fault), 0);
	assert_string_equal(m.code, "enabled.fte");
	assert_int_equal(kl_metric_find("social value", &m, &fault), KL_E_AMBIGUOUS);
	assert_int_equal(kl_metric_find("lm3.scoer", &m, &fault), KL_E_NOT_FOUND);
	assert_string_equal(fault.hint, "did you mean lm3.score (LM3 score)?");
}

static void levels_put_neighbours_together(void **state)
{
	struct kl_metric lm3 = metric("lm3.score"), c1 = metric("maturity.c1");
	struct kl_metric gva = metric("enabled.gva");
	struct kl_bins bins;

	(void)state;
	kl_metric_bins(&lm3, KL_LEVEL_COARSE, &bins);
	assert_int_equal(bins.count, 4);
	assert_int_equal(bins.edges[1], 1500);
	assert_int_equal(bins.edges[4], 3000);
	assert_int_equal(bins.mids[0], 1249); /* mean of 1062, 1187, 1312 and 1437 is 1249.5 */
	kl_metric_bins(&lm3, KL_LEVEL_MIDDLE, &bins);
	assert_int_equal(bins.count, 8);
	assert_int_equal(bins.edges[7], 2750);
	kl_metric_bins(&c1, KL_LEVEL_COARSE, &bins);
	assert_int_equal(bins.count, 3);
	assert_int_equal(bins.edges[1], 2);
	assert_int_equal(bins.edges[2], 3);
	assert_int_equal(bins.edges[3], 5);
	kl_metric_bins(&gva, KL_LEVEL_COARSE, &bins);
	assert_true(bins.open_high);
	assert_false(bins.open_low);
	assert_int_equal(bins.edges[3], 10000000);
	kl_metric_bins(&gva, KL_LEVEL_FINE, &bins);
	assert_int_equal(bins.count, 16);
	assert_int_equal(bins.mids[15], 100000000);
}

static void periods_of_the_right_kind(void **state)
{
	struct kl_metric lm3 = metric("lm3.score"), fte = metric("enabled.fte");
	struct kl_period year, financial, month;
	struct kl_fault fault;

	(void)state;
	assert_int_equal(kl_period_parse("2016", &year), 0);
	assert_int_equal(kl_period_parse("2016/17", &financial), 0);
	assert_int_equal(kl_period_parse("2016-04", &month), 0);
	assert_int_equal(kl_metric_period_check(&lm3, year, &fault), 0);
	assert_int_equal(kl_metric_period_check(&lm3, financial, &fault), 0);
	assert_int_equal(kl_metric_period_check(&fte, year, &fault), 0);
	assert_int_equal(kl_metric_period_check(&fte, financial, &fault), KL_E_INVALID);
	assert_int_equal(kl_metric_period_check(&lm3, month, &fault), KL_E_INVALID);
	assert_string_equal(fault.message, "lm3.score (LM3 score) has no figure for 2016-04");
	assert_string_equal(fault.hint,
		"it is given for a year such as 2016, or a financial year such as 2016/17");
}

/* ---- metrics from elsewhere ---------------------------------------------------------------- */

static void refused(struct kl_metric m, const char *why)
{
	struct kl_fault fault;

	assert_int_equal(kl_metric_check(&m, &fault), KL_E_MALFORMED);
	if (!strstr(fault.message, why))
		fail_msg("expected \"%s\", got \"%s\"", why, fault.message);
}

#define REFUSED(of, change, why)                                                                   \
	do {                                                                                       \
		struct kl_metric m = of;                                                           \
		change;                                                                            \
		refused(m, why);                                                                   \
	} while (0)

static void a_malformed_head_is_refused(void **state)
{
	struct kl_metric lm3 = metric("lm3.score");

	(void)state;
	REFUSED(lm3, m.code[0] = '\0', "code");
	REFUSED(lm3, m.code[0] = 'L', "code");
	REFUSED(lm3, memset(m.code, 'a', sizeof m.code), "code");
	REFUSED(lm3, m.name[0] = '\0', "name");
	REFUSED(lm3, m.name[0] = '\x1b', "name");
	REFUSED(lm3, memset(m.name, 'a', sizeof m.name), "name");
	REFUSED(lm3, m.unit = KL_UNIT_COUNT_ALL, "unit");
	REFUSED(lm3, m.scale = 0, "scale");
	REFUSED(lm3, m.scale = 20, "scale");
	REFUSED(lm3, m.scale = 10000000, "scale");
	REFUSED(lm3, m.periods = 0, "period");
	REFUSED(lm3, m.periods = 16, "period");
	REFUSED(lm3, m.bins = 0, "bins");
	REFUSED(lm3, m.bins = 1, "bins");
	REFUSED(lm3, m.bins = 17, "bins");
	REFUSED(lm3, m.bins = 255, "bins");
}

static void malformed_edges_and_mids_are_refused(void **state)
{
	struct kl_metric lm3 = metric("lm3.score"), gva = metric("enabled.gva");
	struct kl_metric c1 = metric("maturity.c1");

	(void)state;
	REFUSED(lm3, m.edges[3] = m.edges[2], "ascend");
	REFUSED(lm3, m.edges[16] = 0, "ascend");
	REFUSED(lm3, m.edges[16] = INT64_MAX, "range");
	REFUSED(lm3, m.edges[0] = INT64_MIN, "range");
	REFUSED(lm3, m.open_low = true, "open end has an edge");
	REFUSED(lm3, m.mids[4]++, "half-way");
	REFUSED(gva, m.edges[16] = 1, "open end has an edge");
	REFUSED(gva, m.mids[15] = 74999999, "not in it");
	REFUSED(gva, m.mids[15] = INT64_MAX, "range");
	REFUSED(gva, (m.open_low = true, m.mids[0] = 50001), "not in it");
	REFUSED(c1, m.edges[5] = 6, "follow");
	REFUSED(c1, (m.open_high = true, m.edges[5] = 0), "open end");
	REFUSED(c1, m.scale = 10, "whole");
}

static void malformed_levels_are_refused(void **state)
{
	struct kl_metric lm3 = metric("lm3.score");

	(void)state;
	for (int level = 0; level < KL_METRIC_LEVELS; level++) {
		REFUSED(lm3, m.level_bins[level] = 0, "add up");
		REFUSED(lm3, m.level_bins[level] = 17, "add up");
		REFUSED(lm3, m.level_bins[level]--, "add up");
		REFUSED(lm3, m.runs[level][1]++, "add up");
		REFUSED(lm3, m.runs[level][1] = 0, "add up");
		REFUSED(lm3, m.runs[level][1] = 255, "add up");
	}
	REFUSED(lm3, (m.level_bins[0] = 1, m.runs[0][0] = 16), "add up");
	REFUSED(lm3, (m.runs[0][0] = 3, m.runs[0][1] = 5), "nested");
	REFUSED(lm3, (m.runs[2][0] = 2, m.level_bins[2] = 15), "fine");
}

static void an_unusual_metric_is_accepted(void **state)
{
	struct kl_metric m = {.code = "own.change",
		.name = "Change in footfall",
		.unit = KL_UNIT_PERCENT,
		.scale = 10,
		.periods = 1 << KL_PERIOD_QUARTER,
		.bins = 5,
		.open_low = true,
		.open_high = true,
		.edges = {0, -105, -10, 10, 100, 0},
		.mids = {-200, 0, 0, 0, 150}};
	struct kl_fault fault;
	struct kl_bins bins;
	uint8_t bin;

	(void)state;
	kl_metric_complete(&m);
	assert_int_equal(kl_metric_check(&m, &fault), 0);
	assert_int_equal(m.mids[1], -58); /* floor of -57.5 */
	assert_int_equal(kl_metric_bin(&m, -5000, &bin), 0);
	assert_int_equal(bin, 0);
	assert_int_equal(kl_metric_bin(&m, -10, &bin), 0);
	assert_int_equal(bin, 2);
	assert_int_equal(kl_metric_bin(&m, 100, &bin), 0);
	assert_int_equal(bin, 4);
	kl_metric_bins(&m, KL_LEVEL_COARSE, &bins);
	assert_int_equal(bins.count, 2);
	assert_int_equal(bins.mids[0], -51); /* floor of (-200 - 58 + 0 + 55) / 4 = -50.75 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_catalogue),
		cmocka_unit_test(values_at_every_edge),
		cmocka_unit_test(some_edges_in_plain_numbers),
		cmocka_unit_test(a_typed_value_says_what_is_expected),
		cmocka_unit_test(metrics_are_found_by_name),
		cmocka_unit_test(levels_put_neighbours_together),
		cmocka_unit_test(periods_of_the_right_kind),
		cmocka_unit_test(a_malformed_head_is_refused),
		cmocka_unit_test(malformed_edges_and_mids_are_refused),
		cmocka_unit_test(malformed_levels_are_refused),
		cmocka_unit_test(an_unusual_metric_is_accepted),
	};

	return RUN(tests);
}
