/* What a convenor is told before it calls. */
#include "core/day.h"
#include "daemon/call_warnings.h"
#include "tests/unit/harness.h"

static struct kl_sentences said;
static struct kl_tally_member members[3] = {
	{.region = "london"}, {.region = "north-east"}, {.region = "london"}};
static struct kl_tally_roster roster = {.members = members, .count = 3};
static struct kl_tally_call call;

static void warn(void)
{
	said.count = 0;
	kl_call_warnings(
		&call, &roster, (uint64_t)kl_day_from(2026, 11, 30) * 24 * 3600 * 1000, &said);
}

static int set_up(void **state)
{
	(void)state;
	call = (struct kl_tally_call){.contribute_ms = 60000,
		.decide_ms = 60000,
		.period = {.kind = KL_PERIOD_YEAR, .year = 2026},
		.cohort_count = 2,
		.cohorts = {{.kind = KL_COHORT_EVERYBODY},
			{.kind = KL_COHORT_REGION, .value = "north-east"}}};
	return 0;
}

static void nothing_to_warn_of(void **state)
{
	(void)state;
	warn();
	assert_int_equal(said.count, 0);
	call.period = (struct kl_period){KL_PERIOD_MONTH, 2026, 11};
	warn();
	assert_int_equal(said.count, 0);
}

static void a_period_that_is_to_come(void **state)
{
	(void)state;
	call.period = (struct kl_period){KL_PERIOD_MONTH, 2026, 12};
	warn();
	assert_int_equal(said.count, 1);
	assert_string_equal(
		said.text[0], "2026-12 has not begun yet: nobody can have a figure for it.");
}

static void a_region_in_which_nobody_is(void **state)
{
	(void)state;
	strcpy(call.cohorts[1].value, "atlantis");
	warn();
	assert_int_equal(said.count, 1);
	assert_string_equal(said.text[0], "No member stands in region=atlantis; confirmed of "
					  "members are: london, north-east.");
	call.cohorts[1] = (struct kl_cohort){.kind = KL_COHORT_COUNCILS};
	warn();
	assert_string_equal(said.text[0], "No member stands in councils.");
}

static void windows_that_are_hardly_any(void **state)
{
	(void)state;
	call.contribute_ms = call.decide_ms = 59000;
	warn();
	assert_int_equal(said.count, 2);
	assert_non_null(strstr(said.text[0], "Members have 59 seconds to contribute"));
	assert_non_null(strstr(said.text[1], "The committee has 59 seconds to decide"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_to_warn_of, set_up),
		cmocka_unit_test_setup(a_period_that_is_to_come, set_up),
		cmocka_unit_test_setup(a_region_in_which_nobody_is, set_up),
		cmocka_unit_test_setup(windows_that_are_hardly_any, set_up),
	};

	return RUN(tests);
}
