#include "core/series.h"
#include "tests/unit/harness.h"

#include <stdio.h>

static void better_by_polarity(void **state)
{
	(void)state;
	assert_int_equal(kl_way_of(KL_HIGHER_BETTER, 1, 2), KL_WAY_BETTER);
	assert_int_equal(kl_way_of(KL_HIGHER_BETTER, 2, 1), KL_WAY_WORSE);
	assert_int_equal(kl_way_of(KL_LOWER_BETTER, 1, 2), KL_WAY_WORSE);
	assert_int_equal(kl_way_of(KL_LOWER_BETTER, 2, 1), KL_WAY_BETTER);
	assert_int_equal(kl_way_of(KL_NEITHER_BETTER, 2, 1), KL_WAY_UNCLEAR);
	assert_int_equal(kl_way_of(KL_NEITHER_BETTER, 1, 1), KL_WAY_SAME);
	assert_string_equal(kl_way_name(KL_WAY_UNCLEAR), "no clear direction");
}

static enum kl_way over(enum kl_polarity polarity, const int64_t *numbers, size_t n)
{
	struct kl_trend trend = {0};

	for (size_t i = 0; i < n; i++)
		kl_trend_add(&trend, numbers[i]);
	assert_int_equal(trend.count, n);
	return kl_trend_way(&trend, polarity);
}

static void a_trend_never_went_the_other_way(void **state)
{
	static const int64_t up[] = {1, 1, 2, 5}, back[] = {1, 3, 2, 5}, flat[] = {4, 4},
			     round[] = {1, 2, 1}, one[] = {7};

	(void)state;
	assert_int_equal(over(KL_HIGHER_BETTER, up, 4), KL_WAY_BETTER);
	assert_int_equal(over(KL_LOWER_BETTER, up, 4), KL_WAY_WORSE);
	assert_int_equal(over(KL_NEITHER_BETTER, up, 4), KL_WAY_UNCLEAR);
	assert_int_equal(over(KL_HIGHER_BETTER, back, 4), KL_WAY_UNCLEAR);
	assert_int_equal(over(KL_HIGHER_BETTER, round, 3), KL_WAY_UNCLEAR);
	assert_int_equal(over(KL_HIGHER_BETTER, flat, 2), KL_WAY_SAME);
	assert_int_equal(over(KL_HIGHER_BETTER, one, 1), KL_WAY_SAME);
}

static void changes_in_words(void **state)
{
	char words[KL_CHANGE_TEXT_MAX];

	(void)state;
	assert_string_equal(kl_change_words(2430, 2520, KL_UNIT_SCORE, 1000, words), "up by 0.09");
	assert_string_equal(kl_change_words(120000, 0, KL_UNIT_GBP, 100, words), "down by £1,200");
	assert_string_equal(
		kl_change_words(4500, 5000, KL_UNIT_SHARE, 10000, words), "up by 5 points");
	assert_string_equal(
		kl_change_words(4500, 4400, KL_UNIT_SHARE, 10000, words), "down by 1 point");
	assert_string_equal(kl_change_words(-3, -3, KL_UNIT_COUNT, 1, words), "unchanged");
	assert_string_equal(kl_change_words(-3, 2, KL_UNIT_COUNT, 1, words), "up by 5");
	kl_change_words(-KL_NUMBER_MAX, KL_NUMBER_MAX, KL_UNIT_COUNT, 1, words);
	assert_non_null(strstr(words, "20,000,000,000,000"));
}

static void metrics_have_a_polarity(void **state)
{
	struct kl_metric m;

	(void)state;
	assert_int_equal(kl_metric_find("lm3.score", &m, NULL), 0);
	assert_int_equal(kl_metric_polarity(&m), KL_HIGHER_BETTER);
	assert_int_equal(kl_metric_find("policy.weight", &m, NULL), 0);
	assert_int_equal(kl_metric_polarity(&m), KL_NEITHER_BETTER);
}

/* ---- series -------------------------------------------------------------------------------- */

static struct kl_observation seen(const char *period, const char *value, const char *method)
{
	struct kl_observation o;
	struct kl_period p;

	assert_int_equal(kl_period_parse(period, &p), 0);
	assert_int_equal(kl_observation_init("c5.trust", "", p, &o, NULL), 0);
	assert_int_equal(kl_observation_value(&o, value, NULL), 0);
	assert_true(kl_copy_text(o.method, sizeof o.method, method));
	return o;
}

static struct kl_series_step add(
	struct kl_series_group *group, const char *period, const char *value, const char *method)
{
	struct kl_observation o = seen(period, value, method);
	struct kl_series_step step;

	assert_int_equal(kl_series_add(group, &o, &step), 0);
	return step;
}

static void methods_that_alternate_are_two_series(void **state)
{
	struct kl_series_group group;
	struct kl_series_step step;

	(void)state;
	kl_series_group_init(&group);
	step = add(&group, "2015", "40%", "survey");
	assert_false(step.comparable);
	assert_null(step.why);
	step = add(&group, "2016", "60%", "street interviews");
	assert_false(step.comparable);
	assert_non_null(strstr(step.why, "different methods"));
	step = add(&group, "2017", "45%", "Survey");
	assert_true(step.comparable);
	assert_int_equal(step.from, 4000);
	assert_int_equal(step.from_period.year, 2015);
	step = add(&group, "2018", "55%", "street interviews");
	assert_true(step.comparable);
	assert_int_equal(step.from, 6000);
	assert_int_equal(group.n, 2);
	assert_int_equal(group.latest, 1);
	assert_int_equal(kl_trend_way(&group.items[0].trend, KL_HIGHER_BETTER), KL_WAY_BETTER);
	assert_int_equal(kl_trend_way(&group.items[1].trend, KL_HIGHER_BETTER), KL_WAY_WORSE);
	kl_series_group_deinit(&group);
}

static void quarters_and_years_and_words_are_not_mixed(void **state)
{
	struct kl_series_group group;
	struct kl_series_step step;

	(void)state;
	kl_series_group_init(&group);
	(void)add(&group, "2016", "40%", "survey");
	step = add(&group, "2016-Q1", "50%", "survey");
	assert_non_null(strstr(step.why, "same length"));
	step = add(&group, "2016-Q2", "neighbours keep keys", "survey");
	assert_non_null(strstr(step.why, "not a number"));
	step = add(&group, "2016-Q3", "55%", "survey");
	assert_true(step.comparable);
	assert_int_equal(step.from, 5000);
	step = add(&group, "2017", "41%", "survey");
	assert_true(step.comparable);
	assert_int_equal(step.from, 4000);
	assert_int_equal(group.n, 2);
	kl_series_group_deinit(&group);
}

static void too_many_ways_stay_alone(void **state)
{
	struct kl_series_group group;

	(void)state;
	kl_series_group_init(&group);
	for (int i = 0; i < KL_SERIES_MAX + 10; i++) {
		char method[32];

		(void)snprintf(method, sizeof method, "way %d", i);
		assert_false(add(&group, "2016", "40%", method).comparable);
	}
	assert_int_equal(group.n, KL_SERIES_MAX);
	assert_true(add(&group, "2017", "40%", "way 0").comparable);
	kl_series_group_deinit(&group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(better_by_polarity),
		cmocka_unit_test(a_trend_never_went_the_other_way),
		cmocka_unit_test(changes_in_words),
		cmocka_unit_test(metrics_have_a_polarity),
		cmocka_unit_test(methods_that_alternate_are_two_series),
		cmocka_unit_test(quarters_and_years_and_words_are_not_mixed),
		cmocka_unit_test(too_many_ways_stay_alone),
	};

	return RUN(tests);
}
