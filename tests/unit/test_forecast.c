/* Forecasts: what fares alike is put together, and told in words. */
#include "daemon/forecast_words.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

enum { METRICS = 3, COHORTS = 2 };

static struct kl_metric metrics[METRICS];
static struct kl_tally_call call;
static struct kl_forecast_cell cells[METRICS * COHORTS];
static struct kl_forecast_outcome outcomes[METRICS * COHORTS];
static char cited[KL_FORECAST_CITED_MAX][KL_CITED_WORDS_MAX];

/* A score and two others; everything is released as finely as can be. */
static int set_up(void **state)
{
	static const char *const codes[] = {"maturity.c1", "enabled.fte", "lm3.score"};
	size_t index;

	(void)state;
	for (size_t m = 0; m < METRICS; m++) {
		assert_int_equal(kl_metric_index(codes[m], &index), 0);
		kl_metric_at(index, &metrics[m]);
	}
	call = (struct kl_tally_call){
		.metrics = metrics, .metric_count = METRICS, .cohort_count = COHORTS};
	memset(cells, 0, sizeof cells);
	for (size_t i = 0; i < METRICS * COHORTS; i++)
		cells[i].row = (struct kl_tally_forecast){
			.could = 35, .counted = 35, .needed = 10, .level = KL_LEVEL_FINE};
	for (size_t i = 0; i < KL_FORECAST_CITED_MAX; i++)
		kl_cited_words(i ? "councils" : "everybody", 45, i ? "3f09ab12" : NULL, cited[i]);
	return 0;
}

static struct kl_forecast_cell *cell(unsigned metric, unsigned cohort)
{
	return &cells[metric * COHORTS + cohort];
}

static void what_fares_alike_is_one_outcome(void **state)
{
	(void)state;
	assert_int_equal(kl_forecast_group(cells, METRICS, COHORTS, outcomes), 2);
	assert_int_equal(outcomes[0].cohort, 0);
	assert_int_equal(outcomes[0].metric_count, METRICS);
	assert_int_equal(outcomes[0].metrics[0], 7);
	assert_int_equal(outcomes[1].cohort, 1);

	cell(1, 1)->row.counted = 34;
	assert_int_equal(kl_forecast_group(cells, METRICS, COHORTS, outcomes), 3);
	assert_int_equal(outcomes[1].metrics[0], 5);
	assert_int_equal(outcomes[2].metrics[0], 2);
	assert_int_equal(outcomes[2].cohort, 1);
	cell(2, 1)->row.counted = 34;
	assert_int_equal(kl_forecast_group(cells, METRICS, COHORTS, outcomes), 3);
	assert_int_equal(outcomes[2].metrics[0], 6);
}

static void whatever_differs_parts_them(void **state)
{
	(void)state;
	cell(0, 0)->row.level = KL_LEVEL_MIDDLE;
	cell(1, 0)->row.why = KL_PLAN_SUBTRACTABLE;
	assert_int_equal(kl_forecast_group(cells, METRICS, COHORTS, outcomes), 4);
	cell(1, 0)->row = cell(2, 0)->row = cell(0, 0)->row;
	for (unsigned m = 0; m < METRICS; m++)
		cell(m, 0)->behind = (struct kl_forecast_behind){.kind = KL_LEFTOVER_INSIDE,
			.level = KL_LEVEL_FINE,
			.needed = 30,
			.left = 10,
			.left_counts = 10,
			.cited_count = 1,
			.cited = {{-1, 0, 45}}};
	assert_int_equal(kl_forecast_group(cells, METRICS, COHORTS, outcomes), 2);
	cell(1, 0)->behind.cited[0].tally = 0;
	cell(2, 0)->behind.left_counts = 9;
	assert_int_equal(kl_forecast_group(cells, METRICS, COHORTS, outcomes), 4);
	cell(0, 1)->tries[1] = 3;
	assert_int_equal(kl_forecast_group(cells, METRICS, COHORTS, outcomes), 5);
}

static void bins_of_a_level(void **state)
{
	const uint8_t all = 7, score = 1, others = 6;
	char out[KL_BINS_WORDS_MAX];

	(void)state;
	assert_string_equal(
		kl_level_words(&call, &all, KL_LEVEL_FINE, out), "16 bins (scores in 5)");
	assert_string_equal(
		kl_level_words(&call, &all, KL_LEVEL_COARSE, out), "4 bins (scores in 3)");
	assert_string_equal(kl_level_words(&call, &score, KL_LEVEL_FINE, out), "5 bins");
	assert_string_equal(kl_level_words(&call, &others, KL_LEVEL_MIDDLE, out), "8 bins");
	metrics[2].level_bins[KL_LEVEL_MIDDLE] = 6;
	assert_string_equal(kl_level_words(&call, &others, KL_LEVEL_MIDDLE, out), "6 to 8 bins");
}

/* The words behind one cell of two metrics that are no scores. */
static const char *behind(struct kl_forecast_behind behind, bool released, uint16_t counted)
{
	static char out[KL_FORECAST_WORDS_MAX];
	const struct kl_forecast_outcome outcome = {.metrics = {6},
		.metric_count = 2,
		.cell = {.row = {.could = 35,
				 .counted = counted,
				 .needed = 5,
				 .missing = released ? 0 : 2,
				 .why = released ? KL_PLAN_RELEASED : KL_PLAN_SUBTRACTABLE},
			.behind = behind}};

	return kl_behind_words(&call, &outcome, cited, out);
}

static void why_no_finer(void **state)
{
	struct kl_forecast_behind b = {.level = KL_LEVEL_FINE, .needed = 30};

	(void)state;
	assert_string_equal(behind(b, true, 35), "");
	b.kind = KL_LEFTOVER_OWN;
	assert_string_equal(behind(b, true, 25), "5 more are needed for 16 bins");
	b.needed = 10;
	b.level = KL_LEVEL_COARSE;
	assert_string_equal(behind(b, false, 9), "1 more is needed");
	b = (struct kl_forecast_behind){.kind = KL_LEFTOVER_INSIDE,
		.level = KL_LEVEL_FINE,
		.needed = 30,
		.left = 10,
		.left_counts = 10,
		.cited_count = 1};
	assert_string_equal(behind(b, true, 35),
		"of everybody (45), these 35 leave 10 that could be told apart; 16 bins need 30");
	b.left_counts = 1;
	assert_string_equal(behind(b, false, 35), "of everybody (45), these 35 leave 10 (of whom 1 "
						  "counts) that could be told apart; 30 "
						  "are needed");
	b.left_counts = 10;
	b.cited_count = 2;
	assert_string_equal(behind(b, true, 35), "of everybody (45), these 35 and councils (45) of "
						 "tally 3f09ab12 leave 10 that could "
						 "be told apart; 16 bins need 30");
	b.kind = KL_LEFTOVER_AROUND;
	assert_string_equal(behind(b, false, 35), "of these 35, everybody (45) and councils (45) "
						  "of tally 3f09ab12 leave 10 that could "
						  "be told apart; 30 are needed");
	b.cited_count = 1;
	b.kind = KL_LEFTOVER_BESIDE;
	assert_string_equal(behind(b, false, 35),
		"these 35 and everybody (45) differ in 10 that could be told apart; 30 are needed");
	b.kind = KL_LEFTOVER_MANY;
	assert_string_equal(behind(b, true, 35),
		"together with what comes before, too few could be told apart; 16 bins need 30");
	b.needed = 5;
	assert_string_equal(behind(b, false, 35),
		"together with what comes before, 3 could be told apart; 5 are needed");
}

static void more_are_cited_than_are_named(void **state)
{
	struct kl_forecast_behind b = {.kind = KL_LEFTOVER_AROUND,
		.needed = 5,
		.left = 3,
		.left_counts = 3,
		.cited_count = KL_FORECAST_CITED_MAX + 4};

	(void)state;
	for (size_t i = 0; i < KL_FORECAST_CITED_MAX; i++) {
		memset(cited[i], 'x', KL_CITED_WORDS_MAX - 1);
		cited[i][KL_CITED_WORDS_MAX - 1] = '\0';
	}
	assert_non_null(strstr(behind(b, false, 35), "x and 4 more leave 3"));
	assert_non_null(strstr(behind(b, false, 35), "; 5 are needed"));
}

static const char *tried(uint8_t withheld, uint8_t coarse, uint8_t middle, uint8_t fine)
{
	static char out[KL_FORECAST_WORDS_MAX];
	const struct kl_forecast_outcome outcome = {
		.metrics = {6}, .metric_count = 2, .cell.tries = {withheld, coarse, middle, fine}};

	return kl_tried_words(&call, &outcome, (unsigned)withheld + coarse + middle + fine, out);
}

static void how_groups_fared(void **state)
{
	(void)state;
	assert_string_equal(tried(20, 0, 0, 0), "never");
	assert_string_equal(tried(0, 0, 0, 20), "always in 16 bins");
	assert_string_equal(tried(0, 0, 19, 1), "1 time in 16 bins, 19 times in 8 bins");
	assert_string_equal(
		tried(3, 15, 2, 0), "in 17 of 20: 2 times in 8 bins, 15 times in 4 bins");
}

/* Others are served between two metrics of two groups. */
static void it_is_made_a_little_at_a_time(void **state)
{
	struct kl_tallies_options options = {.effort = 0};
	struct kl_tally_member members[12];
	struct kl_tally_roster roster = {.members = members, .count = 12};
	struct kl_supposed supposed;
	struct kl_forecasting *forecasting;
	struct kl_forecast forecast;
	struct kl_tallies *book;
	unsigned turns = 0;
	bool done = false;

	(void)state;
	memset(members, 0, sizeof members);
	for (unsigned i = 0; i < 12; i++) {
		members[i].id.b[0] = members[i].control.b[0] = (uint8_t)(i + 1);
		members[i].verified = members[i].council = true;
	}
	call.minimum = 5;
	call.cohorts[1].kind = KL_COHORT_COUNCILS;
	assert_int_equal(kl_tallies_new(&options, &book), KL_OK);
	kl_suppose_all(&roster, &supposed);
	supposed.percent = 50;
	assert_int_equal(kl_forecast_begin(book, &call, &roster, &supposed, &forecasting), KL_OK);
	for (; !done; turns++)
		assert_int_equal(kl_forecast_go_on(forecasting, 0, &done), KL_OK);
	assert_int_equal(kl_forecast_end(forecasting, &forecast), KL_OK);
	kl_forecast_abandon(forecasting);
	assert_in_range(forecast.tries, KL_FORECAST_TRIES_MIN, KL_FORECAST_TRIES);
	/* the metrics fare alike: one of them begins, is worked out, and the next group is drawn */
	assert_int_equal(turns, 3 * (1 + forecast.tries));
	assert_int_equal(forecast.members, 6);
	assert_true(forecast.count >= 2);
	assert_int_equal(forecast.outcomes[0].metric_count, METRICS);
	assert_int_equal(forecast.outcomes[0].cell.row.could, 12);
	assert_int_equal(forecast.outcomes[0].cell.tries[KL_LEVEL_COARSE + 1], forecast.tries);
	kl_forecast_deinit(&forecast);
	kl_tallies_destroy(book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_fares_alike_is_one_outcome, set_up),
		cmocka_unit_test_setup(whatever_differs_parts_them, set_up),
		cmocka_unit_test_setup(bins_of_a_level, set_up),
		cmocka_unit_test_setup(why_no_finer, set_up),
		cmocka_unit_test_setup(more_are_cited_than_are_named, set_up),
		cmocka_unit_test_setup(how_groups_fared, set_up),
		cmocka_unit_test_setup(it_is_made_a_little_at_a_time, set_up),
	};

	return RUN(tests);
}
