#include "core/topic.h"
#include "tests/unit/harness.h"

static void a_word_is_found_in_the_lists_by_its_name(void **state)
{
	struct kl_topic found[4];

	(void)state;
	assert_int_equal(kl_topic_matches("asset transfer", 4, found), 1);
	assert_int_equal(found[0].kind, KL_TOPIC_ROUTE);
	assert_string_equal(kl_topic_name(&found[0]), "community asset transfer");
	assert_int_equal(__builtin_popcount(kl_topic_bit(&found[0])), 1);
	assert_int_equal(kl_topic_matches("teleport", 4, found), 0);
}

/* What is a whole name is meant, whatever else holds it as a part. */
static void whole_names_win_over_parts(void **state)
{
	struct kl_topic found[32];
	size_t whole = kl_topic_matches(kl_commissioning_stages[0].name, 32, found);

	(void)state;
	assert_int_equal(whole, 1);
	assert_int_equal(found[0].kind, KL_TOPIC_STAGE);
	assert_true(kl_topic_matches("a", 32, found) > 1);
}

static void kinds_have_names(void **state)
{
	(void)state;
	for (int kind = 1; kind <= KL_TOPIC_KINDS; kind++)
		assert_int_equal(
			kl_topic_kind_from_name(kl_topic_kind_name((enum kl_topic_kind)kind)),
			kind);
	assert_int_equal(kl_topic_kind_from_name("colour"), 0);
}

static void words_stand_in_a_text(void **state)
{
	static const char text[] = "Assets were TRANSFERRED for \xc2\xa3"
				   "1; Caf\xc3\xa9 and shares.";

	(void)state;
	assert_true(kl_topic_words_stand_in("transfer", text));
	assert_true(kl_topic_words_stand_in("assets transferred", text));
	assert_true(kl_topic_words_stand_in("CAF\xc3\x89", text));
	assert_false(kl_topic_words_stand_in("transfer pilot", text)); /* all of them */
	assert_false(kl_topic_words_stand_in("fer", text));            /* not inside of a word */
	assert_false(kl_topic_words_stand_in("an", text));             /* short ones are whole */
	assert_false(kl_topic_words_stand_in("", text));
	assert_false(kl_topic_words_stand_in(" - ", text));
	assert_false(kl_topic_words_stand_in("word", ""));
}

static void what_is_kept_has_its_form(void **state)
{
	struct kl_topic topic = {.kind = KL_TOPIC_ROUTE, .text = "no such slug"};

	(void)state;
	assert_int_equal(kl_topic_check(&topic), KL_E_MALFORMED);
	(void)kl_copy_text(topic.text, sizeof topic.text, kl_routes[0].slug);
	assert_int_equal(kl_topic_check(&topic), KL_OK);
	topic.kind = KL_TOPIC_MEMBER;
	assert_int_equal(kl_topic_check(&topic), KL_E_MALFORMED);
	topic.kind = (enum kl_topic_kind)9;
	assert_int_equal(kl_topic_check(&topic), KL_E_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_is_found_in_the_lists_by_its_name),
		cmocka_unit_test(whole_names_win_over_parts),
		cmocka_unit_test(kinds_have_names),
		cmocka_unit_test(words_stand_in_a_text),
		cmocka_unit_test(what_is_kept_has_its_form),
	};

	return RUN(tests);
}
