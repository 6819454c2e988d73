/* Clever subtraction: what could be told apart from several sums, of one tally or of several, is not
 * shown, or in coarser bins. The observer (tally_isolate.c) tries every combination of whatever was
 * opened at the end of each tally; here stand the cases that people think of, and what comes of them. */
#include "tests/sim/tally_story.h"

#include "core/metric.h"

#include <stdlib.h>
#include <string.h>

static const char *const by_two_types[] = {
	"everybody", "type=metropolitan_district", "type=london_borough", NULL};

/* Calls for a year; nodes up to `last` answer, the others decline. Gives the tally, once it has closed. */
static int count_year(uint16_t year, unsigned metrics, const char *const *cohorts, int last)
{
	struct kl_tally_call terms;
	struct kl_fault fault = {0};
	int tally;

	story_terms(&terms, metrics, cohorts);
	terms.period.year = year;
	tally = net_call(&terms, &fault);
	NET_CHECK(tally >= 0, "the call for %u is refused: %s", year, fault.message);
	kl_tally_call_deinit(&terms);
	net_run(net_now() + 2000);
	for (int i = 1; i < net_nodes(); i++) {
		if (!net_is_member(i))
			continue;
		if (i <= last)
			(void)net_answer(i, tally, (int16_t)(i % NET_SCORE_BINS), (int16_t)(i % 5));
		else
			NET_CHECK(!net_decline(i, tally), "node %d may not decline", i);
	}
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "%u has not closed", year);
	return tally;
}

static void expect(int tally, unsigned metric, unsigned cohort, enum kl_plan_why why, unsigned n)
{
	struct kl_tally_result r = net_result(1, tally, metric, cohort);

	NET_CHECK(r.why == why && r.n == n, "metric %u, cohort %u: %s, n = %u", metric, cohort,
		kl_plan_why_text(r.why), r.n);
}

static void expect_level(int tally, unsigned cohort, unsigned level)
{
	struct kl_tally_result r = net_result(1, tally, NET_SCORE, cohort);

	NET_CHECK(r.why == KL_PLAN_RELEASED && r.level == level, "cohort %u: %s, level %u", cohort,
		kl_plan_why_text(r.why), r.level);
}

/* Sixteen bins of 45 and of 35 would show ten at sixteen bins, where thirty are the least. */
void tell_rest_of_ten(void)
{
	struct net_options options = {.councils = 35, .anchors = 10, .minimum = 10};
	int tally;

	net_begin("45 members in sixteen bins leave eight for the 35 councils among them", 1,
		&options);
	tally = count_year(2016, 1, story_by_kind, 45);
	expect_level(tally, 0, KL_LEVEL_FINE);
	expect_level(tally, 1, KL_LEVEL_MIDDLE);
	expect_level(tally, 2, KL_LEVEL_MIDDLE);
	net_end();
}

/* Figures of a year, asked for again each quarter: whoever has joined would stand alone between two
 * sums. They are counted in batches of their own, if they are enough. */
void tell_each_quarter(void)
{
	struct net_options options = {.councils = 4, .anchors = 12, .strangers = 10, .minimum = 5};
	struct kl_fault fault;
	int tally;

	net_begin("whoever joins in a year is counted with others that do, or not at all", 1,
		&options);
	tally = count_year(2016, 1, story_everybody, 16);
	expect(tally, NET_SCORE, 0, KL_PLAN_RELEASED, 16);
	for (int joins = 17; joins <= 20; joins++) {
		net_join(joins, false);
		net_run(net_now() + 2000);
		NET_CHECK(story_refused(1, story_everybody, &fault) == KL_E_DENIED &&
				  strstr(fault.message, "was counted for the period already"),
			"%d joined: %s", joins - 16, fault.message);
	}
	net_join(21, false);
	net_run(net_now() + 2000);
	tally = count_year(2016, 1, story_everybody, 26);
	expect(tally, NET_SCORE, 0, KL_PLAN_RELEASED, 5);
	for (int joins = 22; joins <= 26; joins++)
		net_join(joins, true);
	net_run(net_now() + 2000);
	tally = count_year(2016, 1, story_by_kind, 26);
	expect(tally, NET_SCORE, 0, KL_PLAN_RELEASED, 5);
	expect(tally, NET_SCORE, 1, KL_PLAN_RELEASED, 5);
	expect(tally, NET_SCORE, 2, KL_PLAN_TOO_SMALL, 0);
	net_end();
}

/* Two cohorts that could not be shown together, asked for in two years. */
void tell_cohort_by_year(void)
{
	struct net_options options = {.councils = 3, .anchors = 10, .minimum = 5};
	static const char *const anchors[] = {"anchors", NULL};
	int tally;

	net_begin("cohorts that are spread over the years are no way round", 1, &options);
	tally = count_year(2016, 2, anchors, 13);
	expect(tally, NET_MATURITY, 0, KL_PLAN_RELEASED, 10);
	tally = count_year(2017, 2, story_everybody, 13);
	expect(tally, NET_SCORE, 0, KL_PLAN_RELEASED, 13);
	expect(tally, NET_MATURITY, 0, KL_PLAN_SUBTRACTABLE, 13);
	NET_CHECK(net_result(1, tally, NET_MATURITY, 0).counted == 13, "all of them count");
	net_end();
}

/* A member moves from one cohort into another one: the same people, cut up in two ways. */
void tell_moved(void)
{
	struct net_options options = {.councils = 24, .anchors = 0, .minimum = 5};
	struct kl_tally_forecast rows[3];
	struct kl_tally_call terms;
	int tally;

	net_begin("who moves from one cohort to another one is not told apart", 1, &options);
	for (int i = 1; i <= 24; i++)
		net_confirm(i, true, i <= 12 ? "metropolitan_district" : "london_borough", "");
	tally = count_year(2016, 2, by_two_types, 24);
	for (unsigned c = 0; c < 3; c++)
		expect(tally, NET_MATURITY, c, KL_PLAN_RELEASED, c ? 12 : 24);
	net_confirm(12, true, "london_borough", "");
	net_run(net_now() + 2000);
	story_terms(&terms, 2, by_two_types);
	terms.period.year = 2017;
	NET_CHECK(!kl_tallies_forecast(net_book(0), &terms, &net_roster, NET_MATURITY, NULL, rows),
		"no forecast");
	NET_CHECK(rows[0].why == KL_PLAN_RELEASED && rows[1].why == KL_PLAN_SUBTRACTABLE &&
			  rows[1].missing == 4 && rows[2].missing == 4,
		"the forecast says %s, %u and %u missing", kl_plan_why_text(rows[1].why),
		rows[1].missing, rows[2].missing);
	kl_tally_call_deinit(&terms);
	tally = count_year(2017, 2, by_two_types, 24);
	expect(tally, NET_SCORE, 1, KL_PLAN_RELEASED, 11);
	expect(tally, NET_SCORE, 2, KL_PLAN_RELEASED, 13);
	expect(tally, NET_MATURITY, 0, KL_PLAN_RELEASED, 24);
	expect(tally, NET_MATURITY, 1, KL_PLAN_SUBTRACTABLE, 11);
	expect(tally, NET_MATURITY, 2, KL_PLAN_SUBTRACTABLE, 13);
	net_end();
}

/* Two tallies of neighbouring years must not go on at the same time: neither would know of the other. */
void tell_one_year_at_a_time(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	struct kl_tally_call terms;
	struct kl_fault fault = {0};
	int tally, other;

	net_begin("a neighbouring year waits for the end of the first", 1, &options);
	tally = story_call(2, story_everybody);
	net_run(net_now() + 2000);
	story_terms(&terms, 2, story_everybody);
	terms.period.year = 2017;
	NET_CHECK(kl_tallies_prepare(net_book(0), &net_roster, &terms, &fault) == KL_E_BUSY &&
			  strstr(fault.message, "has not ended"),
		"it says: %s", fault.message);
	/* A convenor that calls all the same is not followed before. */
	terms.period.year = 2018;
	NET_CHECK(
		!kl_tallies_prepare(net_book(0), &net_roster, &terms, &fault), "%s", fault.message);
	terms.period.year = 2017;
	other = net_call_anyway(&terms);
	kl_tally_call_deinit(&terms);
	net_run(net_now() + 2000);
	NET_CHECK(net_view(1, other).gate == KL_GATE_EARLIER, "gate %s",
		kl_tally_gate_name(net_view(1, other).gate));
	NET_CHECK(net_answer(1, other, 3, 3) == KL_E_DENIED, "it may be answered");
	story_answers(tally, true, true);
	net_run(net_now() + 9000);
	NET_CHECK(net_view(1, tally).state == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_view(1, other).gate == KL_GATE_OPEN, "gate %s",
		kl_tally_gate_name(net_view(1, other).gate));
	story_answers(other, true, true);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "the first has not closed");
	(void)net_check(other);
	net_end();
}
