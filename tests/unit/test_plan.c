#include "core/plan.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

static struct kl_plan plan;
static struct kl_plan_facts facts;

static int fresh(void **state)
{
	(void)state;
	memset(&plan, 0, sizeof plan);
	memset(&facts, 0, sizeof facts);
	strcpy(plan.name, "plan");
	return 0;
}

static void say(const char *assignment)
{
	struct kl_fault fault = {0};

	if (kl_plan_assign(&plan, assignment, &fault))
		fail_msg("%s: %s", assignment, fault.message);
}

static struct kl_plan_step at(unsigned step)
{
	struct kl_plan_step s;

	kl_plan_step(&plan, &facts, step, &s);
	return s;
}

static void steps_of_words(void **state)
{
	(void)state;
	assert_int_equal(kl_plan_next(&plan, &facts), 1);
	assert_int_equal(at(1).state, KL_PLAN_OPEN);
	say("change=young people find work here");
	assert_int_equal(at(1).state, KL_PLAN_BEGUN);
	assert_int_equal(at(1).missing_field, KL_PLAN_ACTIVITIES);
	say("Activities=training"), say("area=Halifax"), say("shows=jobs");
	assert_int_equal(at(1).state, KL_PLAN_DONE);
	assert_int_equal(kl_plan_next(&plan, &facts), 2);
	say("2=case notes");
	assert_string_equal(plan.texts[KL_PLAN_COLLECTED], "case notes");
	assert_int_equal(at(2).state, KL_PLAN_DONE);
	say("shows=");
	assert_int_equal(at(1).state, KL_PLAN_BEGUN);
	say("second source=the census");
	assert_int_equal(at(6).state, KL_PLAN_BEGUN);
}

static void indicators_are_chosen_once(void **state)
{
	struct kl_fault fault = {0};
	char code[16];

	(void)state;
	assert_int_equal(kl_plan_choose(&plan, "c1.lm3", NULL), 0);
	assert_int_equal(kl_plan_choose(&plan, "c1.lm3", NULL), 0);
	assert_int_equal(plan.indicator_count, 1);
	assert_int_equal(at(3).state, KL_PLAN_BEGUN);
	say("impacts=money that stays");
	assert_int_equal(at(3).state, KL_PLAN_DONE);
	for (int i = 1; i < KL_PLAN_INDICATORS_MAX; i++) {
		snprintf(code, sizeof code, "x%d", i);
		assert_int_equal(kl_plan_choose(&plan, code, NULL), 0);
	}
	assert_int_equal(kl_plan_choose(&plan, "y", &fault), KL_E_TOO_BIG);
	assert_int_equal(kl_plan_unchoose(&plan, "x1", NULL), 0);
	assert_string_equal(plan.indicators[1], "x2");
	assert_int_equal(kl_plan_unchoose(&plan, "x1", &fault), KL_E_NOT_FOUND);
	assert_int_equal(kl_plan_check(&plan, NULL), 0);
}

static void steps_tick_from_what_was_seen(void **state)
{
	(void)state;
	assert_int_equal(at(5).state, KL_PLAN_OPEN); /* nothing chosen: nothing is recorded */
	assert_int_equal(at(5).of, 0);
	assert_int_equal(kl_plan_choose(&plan, "a", NULL), 0);
	assert_int_equal(kl_plan_choose(&plan, "b", NULL), 0);
	assert_int_equal(at(5).state, KL_PLAN_OPEN);
	facts.seen[0].observed = true;
	assert_int_equal(at(5).state, KL_PLAN_BEGUN);
	assert_int_equal(at(5).have, 1);
	assert_int_equal(at(5).missing_indicator, 1);
	facts.seen[1].observed = true;
	assert_int_equal(at(5).state, KL_PLAN_DONE);
	facts.seen[0].checked = facts.seen[1].checked = true;
	assert_int_equal(at(6).state, KL_PLAN_DONE);
	facts.seen[0].compared = facts.seen[1].compared = true;
	assert_int_equal(at(7).state, KL_PLAN_BEGUN); /* nothing was said of the contribution */
	assert_int_equal(at(7).missing_field, KL_PLAN_CONTRIBUTION);
	say("contribution=half of it");
	assert_int_equal(at(7).state, KL_PLAN_DONE);
	say("audience=the cabinet");
	assert_int_equal(at(8).state, KL_PLAN_BEGUN);
	say("reported=2026-11-30");
	assert_int_equal(at(8).state, KL_PLAN_DONE);
	say("reported=");
	assert_int_equal(at(8).missing_field, KL_PLAN_REPORTED);
	strcpy(facts.report, "2026-12-01");
	assert_int_equal(at(8).state, KL_PLAN_DONE);
	assert_int_equal(at(8).missing_field, -1);
}

static void all_ten(void **state)
{
	(void)state;
	for (int f = 0; f < KL_PLAN_FIELDS; f++)
		strcpy(plan.texts[f], "2026-11-30");
	assert_int_equal(kl_plan_next(&plan, &facts), 3);
	assert_int_equal(kl_plan_choose(&plan, "a", NULL), 0);
	facts.seen[0] = (struct kl_plan_seen){true, true, true};
	assert_int_equal(kl_plan_next(&plan, &facts), 0);
	assert_string_equal(kl_plan_state_name(at(10).state), "done");
}

static void what_cannot_be_said(void **state)
{
	static const struct {
		const char *assignment, *words;
		int code;
	} bad[] = {{"change", "FIELD=TEXT", KL_E_USAGE}, {"=x", "FIELD=TEXT", KL_E_USAGE},
		{"wishes=x", "field of a plan", KL_E_NOT_FOUND},
		{"reported=soon", "", KL_E_INVALID}, {"area=a\tb", "", KL_E_INVALID},
		{"11=x", "field of a plan", KL_E_NOT_FOUND}};
	char longer[KL_PLAN_TEXT_MAX + 16] = "next=";
	struct kl_fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(kl_plan_assign(&plan, bad[i].assignment, &fault), bad[i].code);
		assert_non_null(strstr(fault.message, bad[i].words));
	}
	memset(longer + 5, 'x', KL_PLAN_TEXT_MAX);
	assert_int_equal(kl_plan_assign(&plan, longer, &fault), KL_E_TOO_BIG);
	for (int f = 0; f < KL_PLAN_FIELDS; f++)
		assert_string_equal(plan.texts[f], "");
}

/* ---- what observations show ------------------------------------------------------------------ */

static struct kl_plan_look *look;

static int look_anew(void **state)
{
	(void)state;
	look = calloc(1, sizeof *look);
	return look ? 0 : -1;
}

static int look_away(void **state)
{
	(void)state;
	free(look);
	return 0;
}

static void observe(int year, const char *method, const char *source, const char *challenger)
{
	struct kl_observation o = {.code = "c1.lm3",
		.period = {KL_PERIOD_YEAR, (uint16_t)year, 0},
		.has_number = true,
		.number = 2};

	strcpy(o.method, method);
	strcpy(o.source, source);
	strcpy(o.challenger, challenger);
	kl_plan_look_at(look, &o);
}

static void two_periods_of_one_method(void **state)
{
	(void)state;
	observe(2016, "LM3", "ledger", "");
	assert_false(kl_plan_seen_of(look, false).compared);
	assert_true(kl_plan_seen_of(look, true).compared);
	observe(2017, "a guess", "ledger", "");
	assert_false(kl_plan_seen_of(look, false).compared);
	observe(2018, "lm3", "ledger", "");
	assert_true(kl_plan_seen_of(look, false).compared);
	assert_false(kl_plan_seen_of(look, false).checked);
}

static void a_second_source_or_a_challenger(void **state)
{
	(void)state;
	observe(2016, "", "ledger", "");
	observe(2017, "", "survey", "");
	observe(2016, "", "Ledger", "");
	observe(2016, "", "", "");
	assert_false(look->checked);
	observe(2016, "", "survey", "");
	assert_true(look->checked);
	look->checked = false;
	observe(2019, "", "", "Jo");
	assert_true(look->checked);
}

static void stories_count_and_places_stay_apart(void **state)
{
	struct kl_observation o = {.code = "c5.trust", .period = {KL_PERIOD_YEAR, 2016, 0}};

	(void)state;
	strcpy(o.text, "neighbours keep keys");
	strcpy(o.place, "Holme Wood");
	kl_plan_look_at(look, &o);
	o.period.year = 2017;
	strcpy(o.place, "Halifax");
	kl_plan_look_at(look, &o);
	assert_false(look->compared);
	strcpy(o.place, "holme wood");
	kl_plan_look_at(look, &o);
	assert_true(look->compared);
	for (int i = 0; i < 2 * KL_PLAN_SEEN_MAX; i++)
		kl_plan_look_at(look, &o);
	assert_int_equal(look->seen_count, KL_PLAN_SEEN_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(steps_of_words, fresh),
		cmocka_unit_test_setup(indicators_are_chosen_once, fresh),
		cmocka_unit_test_setup(steps_tick_from_what_was_seen, fresh),
		cmocka_unit_test_setup(all_ten, fresh),
		cmocka_unit_test_setup(what_cannot_be_said, fresh),
		cmocka_unit_test_setup_teardown(two_periods_of_one_method, look_anew, look_away),
		cmocka_unit_test_setup_teardown(
			a_second_source_or_a_challenger, look_anew, look_away),
		cmocka_unit_test_setup_teardown(
			stories_count_and_places_stay_apart, look_anew, look_away),
	};

	return RUN(tests);
}
