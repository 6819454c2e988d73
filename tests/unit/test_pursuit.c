/* What members say that they do, under one name. */
#include "core/pursuit.h"
#include "tests/unit/harness.h"

static struct kl_pursuits *bank;

static int setup(void **state)
{
	(void)state;
	bank = kl_pursuits_new();
	return bank ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	kl_pursuits_destroy(bank);
	return 0;
}

/* The code of the activity that an item is taken for, or "" for own words. */
static const char *code_of(const char *item)
{
	const struct kl_activity *it = kl_pursuit_activity(kl_pursuit_of(bank, item));

	return it ? it->code : "";
}

static void every_activity_is_found_by_code_and_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < kl_activity_count(); i++) {
		assert_int_equal(kl_pursuit_of(bank, kl_activity_at(i)->code), i);
		assert_int_equal(kl_pursuit_of(bank, kl_activity_at(i)->name), i);
	}
}

static void codes_without_their_number_are_words(void **state)
{
	(void)state;
	assert_string_equal(code_of("food"), "a6.food");
	assert_string_equal(code_of("Youth work"), "a5.youth_work");
	assert_string_equal(code_of("A6.FOOD"), "a6.food");
	assert_string_equal(code_of("shop"), "a2.shops"); /* also in a4.room_for_services */
}

static void words_that_one_activity_alone_has_name_it(void **state)
{
	(void)state;
	assert_string_equal(code_of("lunch club"), "a7.older_people");
	assert_string_equal(code_of("Food growing"), "a6.food");
	assert_string_equal(code_of("distribution of food"), "a6.food");
	assert_string_equal(code_of("debt advice"), "a3.advice");
}

static void words_of_several_activities_or_of_none_stay_own_words(void **state)
{
	(void)state;
	assert_string_equal(code_of("people"), "");
	assert_string_equal(code_of("classes"), ""); /* of sport, and for older people */
	assert_string_equal(code_of("repair cafe"), "");
	assert_string_equal(code_of("food and drones"), "");
	assert_true(kl_pursuit_of(bank, "people") >= KL_PURSUIT_OWN);
}

static void same(const char *a, const char *b)
{
	if (kl_pursuit_of(bank, a) != kl_pursuit_of(bank, b))
		fail_msg("'%s' and '%s' are not the same", a, b);
}

static void own_words_are_the_same_in_any_order_and_form(void **state)
{
	(void)state;
	same("Repair cafes", "cafe, repair");
	same("Repair café", "REPAIR CAFE");
	same("men's sheds", "Mens shed");
	same("the repair of the bikes", "bike repairs");
	same("T\xc5\xb7 Cymunedol", "ty cymunedol"); /* Welsh: endings stay, accents go */
	assert_true(kl_pursuit_of(bank, "repair cafe") != kl_pursuit_of(bank, "repair shed"));
}

static void nothing_but_small_words_and_signs_is_something_too(void **state)
{
	(void)state;
	assert_true(kl_pursuit_of(bank, "the") >= KL_PURSUIT_OWN);
	assert_true(kl_pursuit_of(bank, "!?") >= KL_PURSUIT_OWN);
	assert_true(kl_pursuit_of(bank, "") >= KL_PURSUIT_OWN);
	assert_true(kl_pursuit_of(bank, "the") != kl_pursuit_of(bank, "of"));
	assert_null(kl_pursuit_activity(kl_pursuit_of(bank, "!?")));
}

static void long_items_are_cut_and_never_run_over(void **state)
{
	char item[2001];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof item; i++)
		item[i] = i % 3 == 2 ? ' ' : (char)('a' + i * 7 % 26);
	item[sizeof item - 1] = '\0';
	assert_true(kl_pursuit_of(bank, item) >= KL_PURSUIT_OWN);
	memset(item, '\xc5', sizeof item - 1); /* half a letter, again and again */
	assert_true(kl_pursuit_of(bank, item) >= KL_PURSUIT_OWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_activity_is_found_by_code_and_name),
		cmocka_unit_test(codes_without_their_number_are_words),
		cmocka_unit_test(words_that_one_activity_alone_has_name_it),
		cmocka_unit_test(words_of_several_activities_or_of_none_stay_own_words),
		cmocka_unit_test(own_words_are_the_same_in_any_order_and_form),
		cmocka_unit_test(nothing_but_small_words_and_signs_is_something_too),
		cmocka_unit_test(long_items_are_cut_and_never_run_over),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
