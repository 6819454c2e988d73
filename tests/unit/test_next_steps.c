/* What to do next, by where a member stands. */
#include "daemon/next_steps.h"
#include "tests/unit/harness.h"

#include <stdio.h>

/* The commands of all steps, parted by bars. */
static const char *next(const struct kl_outlook *o)
{
	static char text[KL_NEXT_SHOWN * KL_NEXT_COMMAND_MAX];
	struct kl_next_step steps[KL_NEXT_SHOWN];
	size_t n = kl_next_steps(o, steps);

	text[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		strcat(text, i ? " | " : "");
		strcat(text, steps[i].command);
		assert_true(steps[i].why[0]);
	}
	return text;
}

static void starts(const struct kl_outlook *o, const char *expected)
{
	const char *got = next(o);

	if (strncmp(got, expected, strlen(expected)) != 0)
		fail_msg("%s", got);
}

static void each_kind_begins_with_what_it_has(void **state)
{
	struct kl_outlook o = {.kind = KL_MEMBER_COUNCIL};

	(void)state;
	starts(&o, "keeplocal import FILE | keeplocal lm3 new");
	o.spend.files = 2;
	starts(&o, "keeplocal spend result | keeplocal template places");
	o.spend.files = 0;
	o.kind = KL_MEMBER_ANCHOR;
	starts(&o, "keeplocal template tenants --out tenants.xlsx | keeplocal lm3 new");
	o.kind = KL_MEMBER_CONVENOR;
	assert_string_equal(next(&o), "keeplocal network create NAME");
}

/* What was done is not said again; what came in since is. */
static void a_council_moves_on(void **state)
{
	struct kl_outlook o = {.kind = KL_MEMBER_COUNCIL, .spend.files = 1};

	(void)state;
	o.spend.looked_at = true;
	starts(&o, "keeplocal template places --out places.xlsx | keeplocal join TICKET | "
		   "keeplocal lm3 new");
	o.spend.places = true;
	o.spend.looked_at = false;
	starts(&o, "keeplocal spend result | keeplocal join TICKET | keeplocal lm3 new");
	o.spend.looked_at = true;
	starts(&o, "keeplocal join TICKET | keeplocal lm3 new");
	o.networked = o.on_roster = true;
	o.lm3.projects = 1;
	strcpy(o.lm3.unfed, "the depot");
	starts(&o, "keeplocal lm3 import 'the depot' spend | keeplocal assess statements | ");
	o.lm3.unfed[0] = '\0';
	o.assessment.any = true;
	o.observations = 1;
	o.policy = true;
	o.lessons = 1;
	assert_string_equal(next(&o),
		"keeplocal assess gaps | keeplocal report --out report.html | "
		"keeplocal benchmark --list");
}

/* What others find one by, and learn from, is asked for once, and of whom it concerns. */
static void who_is_in_a_network_shows_itself(void **state)
{
	struct kl_outlook o = {.kind = KL_MEMBER_COUNCIL, .networked = true, .on_roster = true};

	(void)state;
	o.spend.files = 1;
	o.spend.looked_at = o.spend.places = true;
	o.lm3.projects = 1;
	o.assessment.any = true;
	o.thin_profile = o.bare_profile = true;
	starts(&o, "keeplocal profile set gss=CODE | keeplocal template policy --out policy.xlsx | "
		   "keeplocal lesson add");
	o.thin_profile = false;
	starts(&o, "keeplocal reference import FILE | keeplocal template policy");
	o.reference = true;
	starts(&o, "keeplocal profile fill | keeplocal template policy");
	o.bare_profile = false;
	starts(&o, "keeplocal template policy --out policy.xlsx | keeplocal lesson add");
	o.policy = true;
	starts(&o, "keeplocal lesson add --title TITLE --text TEXT | keeplocal assess gaps");
	o.lessons = 1;
	starts(&o, "keeplocal assess gaps | ");

	o.kind = KL_MEMBER_ANCHOR;
	o.enabled.any = true;
	o.bare_profile = true;
	o.policy = false; /* what anchors say of it is no step of theirs */
	starts(&o, "keeplocal profile set services=\"advice; cafe\" | keeplocal assess gaps");
	o.kind = KL_MEMBER_CONVENOR;
	o.lessons = 0;
	assert_null(strstr(next(&o), "lesson"));
	assert_null(strstr(next(&o), "profile"));
}

static void what_is_wrong_and_who_waits_comes_first(void **state)
{
	struct kl_outlook o = {.kind = KL_MEMBER_ANCHOR, .networked = true};

	(void)state;
	starts(&o, "keeplocal status | keeplocal template tenants");
	o.on_roster = true;
	o.tallies_waiting = 1;
	starts(&o, "keeplocal tally contribute | keeplocal template tenants");
	o.tallies_vetoed = 1; /* that very one */
	starts(&o, "keeplocal tally contribute --dry-run | keeplocal template tenants");
	o.tallies_waiting = o.tallies_vetoed = 0;
	o.tallies_counted = 1;
	starts(&o, "keeplocal tally decline | keeplocal template tenants");
	o.tallies_waiting = 1;
	o.shut_out = true;
	starts(&o, "keeplocal peers | keeplocal tally contribute");
}

static void joining_follows_the_first_figure(void **state)
{
	struct kl_outlook o = {.kind = KL_MEMBER_ANCHOR};

	(void)state;
	assert_null(strstr(next(&o), "join"));
	o.enabled.any = true;
	starts(&o, "keeplocal join TICKET | ");
	o.enabled.missing = 3;
	starts(&o, "keeplocal enabled missing | keeplocal join TICKET");
	o.networked = o.on_roster = true;
	assert_null(strstr(next(&o), "join"));
}

static void a_project_is_fed_and_then_made_sure(void **state)
{
	struct kl_outlook o = {.kind = KL_MEMBER_ANCHOR, .networked = true, .on_roster = true};

	(void)state;
	o.enabled.any = true;
	o.lm3.projects = 1;
	strcpy(o.lm3.unfed, "Jubilee");
	starts(&o, "keeplocal template suppliers --out suppliers.xlsx | ");
	o.lm3.unfed[0] = '\0';
	o.lm3.any = true;
	o.lm3.rating = KL_LM3_AMBER;
	strcpy(o.lm3.name, "jubilee");
	assert_non_null(strstr(next(&o), " jubilee --out letters"));
	strcpy(o.lm3.name, "Joe's hall");
	assert_non_null(strstr(next(&o), " 'Joes hall' --out letters"));
	o.lm3.rating = KL_LM3_GREEN;
	assert_null(strstr(next(&o), "hall"));
}

static void a_convenor_with_members_calls_tallies(void **state)
{
	struct kl_outlook o = {
		.kind = KL_MEMBER_CONVENOR, .networked = true, .convenor = true, .on_roster = true};

	(void)state;
	assert_string_equal(next(&o), "keeplocal network admit MEMBER-ID");
	o.members = 12;
	starts(&o, "keeplocal network ticket | keeplocal tally call --period YEAR --dry-run");
	o.tallies = 1;
	assert_string_equal(next(&o), "keeplocal network ticket");
}

static void somebody_who_has_everything_still_learns(void **state)
{
	struct kl_outlook o = {.kind = KL_MEMBER_ANCHOR, .networked = true, .on_roster = true};

	(void)state;
	o.enabled.any = true;
	o.lm3.projects = 1;
	o.lm3.any = true;
	o.lm3.rating = KL_LM3_GREEN;
	o.assessment.any = true;
	o.observations = 5;
	o.lessons = 2;
	assert_string_equal(next(&o),
		"keeplocal assess gaps | keeplocal report --out report.html | "
		"keeplocal benchmark --list");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_begins_with_what_it_has),
		cmocka_unit_test(a_council_moves_on),
		cmocka_unit_test(who_is_in_a_network_shows_itself),
		cmocka_unit_test(what_is_wrong_and_who_waits_comes_first),
		cmocka_unit_test(joining_follows_the_first_figure),
		cmocka_unit_test(a_project_is_fed_and_then_made_sure),
		cmocka_unit_test(a_convenor_with_members_calls_tallies),
		cmocka_unit_test(somebody_who_has_everything_still_learns),
	};

	return RUN(tests);
}
