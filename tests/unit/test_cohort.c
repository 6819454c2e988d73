#include "protocol/tally.h"
#include "tests/unit/harness.h"

#include <stdio.h>

enum { MEMBERS_MAX = 200, MINIMUM = 5 };

static struct kl_tally_member members[MEMBERS_MAX];
static struct kl_tally_roster roster;
static struct kl_cohort cohorts[KL_COHORTS_MAX];
static uint8_t count;

static int set_up(void **state)
{
	(void)state;
	memset(members, 0, sizeof members);
	roster = (struct kl_tally_roster){.members = members};
	return 0;
}

/* So many members, each under a control of its own; gives the first. */
static struct kl_tally_member *add(unsigned many, bool council)
{
	struct kl_tally_member *first = &members[roster.count];

	while (many-- > 0) {
		struct kl_tally_member *member = &members[roster.count++];

		assert_true(roster.count < MEMBERS_MAX);
		member->id.b[0] = member->control.b[0] = (uint8_t)roster.count;
		member->verified = true;
		member->council = council;
	}
	return first;
}

static void usual(const char *const *wanted)
{
	char text[KL_COHORT_TEXT_MAX];
	unsigned i = 0;

	assert_int_equal(kl_cohorts_usual(&roster, MINIMUM, cohorts, &count), 0);
	for (; wanted[i]; i++) {
		assert_true(i < count);
		assert_string_equal(kl_cohort_format(&cohorts[i], text), wanted[i]);
	}
	assert_int_equal(count, i);
}

static void cohorts_are_text(void **state)
{
	static const char *const good[] = {"everybody", "councils", "anchors", "type=unitary",
		"region=London", "deprivation=1", "rural=town", "income=100k-1m"};
	static const char *const bad[] = {"", "Everybody", "everybody ", "type=", "size=big",
		"type=\n", "councils=1", "type=0123456789012345678901234567890123456789012345678"};
	char text[KL_COHORT_TEXT_MAX];
	struct kl_cohort cohort;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(kl_cohort_parse(kl_bytes_str(good[i]), &cohort), KL_OK);
		assert_string_equal(kl_cohort_format(&cohort, text), good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(kl_cohort_parse(kl_bytes_str(bad[i]), &cohort), KL_E_MALFORMED);
}

static void three_are_always_there(void **state)
{
	static const char *const wanted[] = {"everybody", "councils", "anchors", NULL};

	(void)state;
	usual(wanted);
	add(3, true);
	usual(wanted);
}

/* Kind after kind; within one the largest first, then by name. Four are too few. */
static void those_that_have_hope_by_size(void **state)
{
	static const char *const wanted[] = {"everybody", "councils", "anchors", "type=unitary",
		"type=district", "region=Kent", "region=Wales", "deprivation=2", "deprivation=1",
		"rural=urban", "income=small", NULL};
	struct kl_tally_member *m = add(20, true);

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		strcpy(m[i].type, i < 5 ? "district" : i < 16 ? "unitary" : "county");
		strcpy(m[i].region, i < 8 ? "Wales" : i < 16 ? "Kent" : "");
		m[i].deprivation = (uint8_t)(i < 6 ? 1 : i < 16 ? 2 : 0);
		strcpy(m[i].rural, "urban");
	}
	m = add(9, false);
	for (unsigned i = 0; i < 9; i++) {
		strcpy(m[i].income, i < 5 ? "small" : "large");
		strcpy(m[i].type, "hospital"); /* of councils alone */
	}
	usual(wanted);
}

static void who_does_not_count_makes_no_cohort(void **state)
{
	static const char *const wanted[] = {"everybody", "councils", "anchors", NULL};
	struct kl_tally_member *m = add(5, true);

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		strcpy(m[i].region, "Wales");
	m[1].control = m[0].control;
	usual(wanted);
	m[1].control.b[1] = 1;
	m[2].verified = false;
	usual(wanted);
}

static void there_are_never_too_many(void **state)
{
	struct kl_tally_member *m = add(180, true);

	(void)state;
	for (unsigned i = 0; i < 180; i++) {
		members[i].control.b[1] = (uint8_t)(i / 5);
		snprintf(m[i].type, sizeof m[i].type, "type %u", i / 5);
		snprintf(m[i].region, sizeof m[i].region, "region %u", i / 5);
	}
	assert_int_equal(kl_cohorts_usual(&roster, MINIMUM, cohorts, &count), 0);
	assert_int_equal(count, KL_COHORTS_MAX);
	assert_int_equal(cohorts[3 + 36].kind, KL_COHORT_REGION);
}

/* What cannot be written as a rule is left out. */
static void odd_names_are_left_out(void **state)
{
	static const char *const wanted[] = {"everybody", "councils", "anchors", NULL};
	struct kl_tally_member *m = add(6, true);

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		strcpy(m[i].region, "two\nlines");
	usual(wanted);
}

static void members_of_a_cohort(void **state)
{
	struct kl_tally_member *m = add(4, true);
	const struct kl_cohort wales = {KL_COHORT_REGION, "Wales"};
	struct kl_set some = {.words = {0xc}}, set;

	(void)state;
	strcpy(m[1].region, "Wales");
	strcpy(m[3].region, "Wales");
	kl_cohort_members(&roster, &wales, NULL, &set);
	assert_true(set.words[0] == 0xa && kl_set_count(&set) == 2);
	kl_cohort_members(&roster, &wales, &some, &set);
	assert_true(set.words[0] == 0x8 && kl_set_count(&set) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(cohorts_are_text, set_up),
		cmocka_unit_test_setup(three_are_always_there, set_up),
		cmocka_unit_test_setup(those_that_have_hope_by_size, set_up),
		cmocka_unit_test_setup(who_does_not_count_makes_no_cohort, set_up),
		cmocka_unit_test_setup(there_are_never_too_many, set_up),
		cmocka_unit_test_setup(odd_names_are_left_out, set_up),
		cmocka_unit_test_setup(members_of_a_cohort, set_up),
	};

	return RUN(tests);
}
