/* What consent rests on: what so many who talk to each other learn. */
#include "daemon/committee_words.h"
#include "tests/unit/harness.h"

static struct kl_sentences said;

static void learn(unsigned seats, unsigned minimum)
{
	struct kl_committee committee;

	assert_int_equal(kl_committee_of(seats, &committee), 0);
	said.count = 0;
	kl_learn_words(&committee, minimum, &said);
}

static void says(const char *sentence)
{
	for (size_t i = 0; i < said.count; i++)
		if (!strcmp(said.text[i], sentence))
			return;
	for (size_t i = 0; i < said.count; i++)
		print_message("# said: %s\n", said.text[i]);
	fail_msg("not said: %s", sentence);
}

static void a_committee_of_some(void **state)
{
	(void)state;
	learn(7, 10);
	assert_int_equal(said.count, 5);
	says("If two of the seven seats stay away, the answers of members who sit are not counted, "
	     "since each needs the replies of five seats other than its own; if three stay away, "
	     "nothing is counted.");
	says("Two of the committee who tell each other everything learn nothing from their "
	     "shares.");
	says("Three of these 7 who talk to each other can read every answer to this tally, yours "
	     "too.");
	says("Any two members of a cohort, seated or not, who tell each other their own figures "
	     "can "
	     "take them off its sum: a sum over 10 then hides no more than 8.");
	learn(10, 10);
	says("Three of the committee who tell each other everything learn nothing from their "
	     "shares.");
	says("If three of the ten seats stay away, the answers of members who sit are not counted, "
	     "since each needs the replies of seven seats other than its own; if four stay away, "
	     "nothing is counted.");
	says("Four of these 10 who talk to each other can read every answer to this tally, yours "
	     "too.");
}

static void a_committee_of_all(void **state)
{
	(void)state;
	for (unsigned n = 5; n <= 6; n++) {
		learn(n, 5);
		assert_int_equal(said.count, 6);
		says(n == 5 ? "If one of the five seats stays away, nothing is counted."
			    : "If two of the six seats stay away, nothing is counted.");
		assert_non_null(strstr(said.text[0], "members that offer a seat sit"));
		assert_non_null(strstr(said.text[2], "Three of these"));
	}
	says("Any two members of a cohort, seated or not, who tell each other their own figures "
	     "can "
	     "take them off its sum: a sum over 5 then hides no more than 3.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_committee_of_some),
		cmocka_unit_test(a_committee_of_all),
	};

	return RUN(tests);
}
