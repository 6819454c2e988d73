/* What a member holds a call to before it answers. What a call can release is in tests/sim. */
#include "protocol/tally.h"
#include "tests/unit/harness.h"

#include <string.h>

enum { MEMBERS = 7, MINIMUM = 5, OWN = 6 };

static struct kl_tally_member members[MEMBERS];
static struct kl_tally_roster roster;
static struct kl_metric metrics[2];
static struct kl_set named[2], known[2];
static struct kl_tally_call call;

static struct kl_id id_of(uint8_t byte)
{
	struct kl_id id;

	memset(id.b, byte, sizeof id.b);
	return id;
}

/* Seven anchors, each under a control of its own; a call for everybody about two metrics. */
static int set_up(void **state)
{
	(void)state;
	memset(members, 0, sizeof members);
	memset(named, 0, sizeof named);
	memset(known, 0, sizeof known);
	for (uint8_t i = 0; i < MEMBERS; i++) {
		members[i].id = members[i].control = id_of(i + 1);
		members[i].verified = true;
	}
	roster = (struct kl_tally_roster){.members = members, .count = MEMBERS};
	call = (struct kl_tally_call){.metrics = metrics,
		.metric_count = 2,
		.cohort_count = 1,
		.minimum = MINIMUM,
		.named = named};
	return 0;
}

static bool exposes(unsigned metric)
{
	bool both[2] = {true, true};

	assert_int_equal(kl_tally_exposes(&call, &roster, known, OWN, both), KL_OK);
	return both[metric];
}

static void know(size_t n)
{
	for (size_t i = 0; i < n; i++)
		kl_set_add(&known[0], i);
}

static void the_minimum_is_of_those_that_hide_theirs(void **state)
{
	(void)state;
	assert_false(exposes(0));
	know(2);
	assert_false(exposes(0)); /* five are left */
	know(3);
	assert_true(exposes(0));
	assert_false(exposes(1)); /* of the other metric nothing is known */
}

static void a_call_that_names_them_releases_nothing_of_it(void **state)
{
	(void)state;
	know(3);
	named[0] = known[0];
	assert_false(exposes(0));
	call.named = NULL; /* as one that names nobody has it */
	assert_true(exposes(0));
}

static void what_is_named_and_what_is_known_add_up(void **state)
{
	(void)state;
	kl_set_add(&named[0], 0); /* the convenor knows of two, */
	kl_set_add(&named[0], 1);
	kl_set_add(&known[0], 2); /* this member of another */
	assert_true(exposes(0));
}

static void two_under_one_control_hide_as_one(void **state)
{
	(void)state;
	know(2);
	assert_false(exposes(0));
	members[3].control = members[2].control; /* six as it is called, four in truth */
	assert_true(exposes(0));
}

static void who_is_not_verified_hides_nobody(void **state)
{
	(void)state;
	know(2);
	members[3].verified = false;
	assert_true(exposes(0));
	members[4].verified = members[5].verified = false; /* the call releases nothing either */
	assert_false(exposes(0));
}

static void whoever_is_public_itself_has_nothing_to_hide(void **state)
{
	(void)state;
	know(3);
	kl_set_add(&known[0], OWN);
	assert_false(exposes(0));
}

static void only_cohorts_of_its_own_matter(void **state)
{
	(void)state;
	know(3);
	call.cohorts[0] = (struct kl_cohort){.kind = KL_COHORT_COUNCILS}; /* it is an anchor */
	assert_false(exposes(0));
	for (int i = 0; i < MEMBERS; i++)
		members[i].council = true;
	assert_true(exposes(0));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
	const struct CMUnitTest tests[] = {
		TEST(the_minimum_is_of_those_that_hide_theirs),
		TEST(a_call_that_names_them_releases_nothing_of_it),
		TEST(what_is_named_and_what_is_known_add_up),
		TEST(two_under_one_control_hide_as_one),
		TEST(who_is_not_verified_hides_nobody),
		TEST(whoever_is_public_itself_has_nothing_to_hide),
		TEST(only_cohorts_of_its_own_matter),
	};

	return RUN(tests);
}
