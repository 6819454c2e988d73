#include "core/words.h"
#include "tests/unit/harness.h"

#include <stdio.h>

static const char *const places[][2] = {
	{"E08000032", "Bradford"},
	{"anchor-1", "Bradford Trident"},
	{"E06000059", "Dorset Council"},
	{"E07000049", "North Dorset District Council"},
	{"E08000033", "Calderdale"},
	{"W06000001", "Ynys Môn"},
	{"lm3.score", "LM3 score"},
	{"c1.local_suppliers", "Suppliers that are local"},
};

enum { PLACES = sizeof places / sizeof *places };

static const char *spelling(const void *context, size_t index, size_t which)
{
	(void)context;
	return which < 2 ? places[index][which] : NULL;
}

static const struct kl_words list = {PLACES, spelling, NULL};

static void names_are_compared_without_case_and_dashes(void **state)
{
	(void)state;
	assert_true(kl_words_equal("Local_Suppliers", "  local   suppliers "));
	assert_true(kl_words_equal("YNYS MÔN", "ynys môn"));
	assert_true(kl_words_equal("GWŶR", "gwŷr"));
	assert_false(kl_words_equal("Ynys Môn", "Ynys Mon"));
	assert_true(kl_words_contain("Suppliers that are local", "THAT-are"));
	assert_false(kl_words_contain("Suppliers", ""));
	assert_false(kl_words_contain("Suppliers", " _-"));
}

static void distance_counts_typing_errors(void **state)
{
	(void)state;
	assert_int_equal(kl_words_distance("", ""), 0);
	assert_int_equal(kl_words_distance("", "abc"), 3);
	assert_int_equal(kl_words_distance("Bradford", "bradfrod"), 1);
	assert_int_equal(kl_words_distance("Bradford", "badford"), 1);
	assert_int_equal(kl_words_distance("kitten", "sitting"), 3);
}

static void an_exact_name_wins_over_parts(void **state)
{
	struct kl_fault fault;
	size_t at = 99;

	(void)state;
	assert_int_equal(kl_words_find(&list, "place", "bradford", &at, &fault), 0);
	assert_int_equal(at, 0);
	assert_int_equal(kl_words_find(&list, "place", "trident", &at, &fault), 0);
	assert_int_equal(at, 1);
	assert_int_equal(kl_words_find(&list, "place", "e06000059", &at, NULL), 0);
	assert_int_equal(at, 2);
	assert_int_equal(kl_words_find(&list, "place", "local suppliers", &at, NULL), 0);
	assert_int_equal(at, 7);
}

static void more_than_one_names_the_candidates(void **state)
{
	struct kl_fault fault;
	size_t at = 99;

	(void)state;
	assert_int_equal(kl_words_find(&list, "place", "dorset", &at, &fault), KL_E_AMBIGUOUS);
	assert_int_equal(at, 99);
	assert_string_equal(fault.message, "more than one place fits \"dorset\": "
					   "E06000059 (Dorset Council), "
					   "E07000049 (North Dorset District Council)");
	assert_int_equal(kl_words_find(&list, "place", "0", NULL, &fault), KL_E_AMBIGUOUS);
	assert_int_equal(kl_words_find(&list, "place", "r", NULL, &fault), KL_E_AMBIGUOUS);
	assert_non_null(strstr(fault.message, " and 2 more"));
	assert_int_equal(kl_words_find(&list, "place", "r", NULL, NULL), KL_E_AMBIGUOUS);
}

static void nothing_names_the_nearest(void **state)
{
	struct kl_fault fault;
	size_t at = 99;

	(void)state;
	assert_int_equal(kl_words_find(&list, "place", "Caldredale", &at, &fault), KL_E_NOT_FOUND);
	assert_int_equal(at, 99);
	assert_string_equal(fault.message, "no place fits \"Caldredale\"");
	assert_string_equal(fault.hint, "did you mean E08000033 (Calderdale)?");
	assert_int_equal(kl_words_find(&list, "place", "xyzzy", &at, &fault), KL_E_NOT_FOUND);
	assert_string_equal(fault.hint,
		"there are: Bradford, Bradford Trident, Dorset Council, North Dorset District "
		"Council, Calderdale, Ynys Môn, LM3 score, Suppliers that are local");
	assert_int_equal(kl_words_find(&list, "place", "", &at, &fault), KL_E_NOT_FOUND);
}

/* Looking for near ones stops early where texts are far apart; it must find what whole tables find. */
enum { MADE_UP = 400, MADE_UP_MAX = 16 };

static const char *made_up(const void *context, size_t index, size_t which)
{
	return which ? NULL : (const char *)context + index * MADE_UP_MAX;
}

static void near_ones_are_those_of_the_whole_measure(void **state)
{
	static char names[MADE_UP][MADE_UP_MAX];
	struct kl_words made = {.count = MADE_UP, .spelling = made_up, .context = names};
	unsigned dice = 7;

	(void)state;
	for (size_t i = 0; i < MADE_UP; i++)
		for (size_t k = 0; k < 4 + i % 9; k++) {
			dice = dice * 1103515245 + 12345;
			names[i][k] = "abcd"[dice >> 20 & 3];
		}
	for (size_t asked = 0; asked < MADE_UP; asked++) {
		size_t near[KL_WORDS_NEAREST_MAX], fit[MADE_UP_MAX] = {0}, far = 0, at = 0;
		size_t most = (strlen(names[asked]) + 2) / 3, n;

		for (size_t i = 0; i < MADE_UP; i++)
			fit[kl_words_distance(names[asked], names[i])]++;
		n = kl_words_nearest(&made, names[asked], near);
		for (; far <= most && at < KL_WORDS_NEAREST_MAX; far++)
			for (size_t k = 0; k < fit[far] && at < KL_WORDS_NEAREST_MAX; k++, at++)
				assert_int_equal(
					kl_words_distance(names[asked], names[near[at]]), far);
		assert_int_equal(n, at);
	}
}

static void nearest_come_in_order(void **state)
{
	size_t near[KL_WORDS_NEAREST_MAX];

	(void)state;
	assert_int_equal(kl_words_nearest(&list, "bradfort", near), 2);
	assert_int_equal(near[0], 0);
	assert_int_equal(near[1], 1);
	assert_int_equal(kl_words_nearest(&list, "dorzet", near), 2);
}

static void all_matches_can_be_listed(void **state)
{
	size_t found[1];

	(void)state;
	assert_int_equal(kl_words_matches(&list, "bradford", 1, found), 2);
	assert_int_equal(found[0], 0);
	assert_int_equal(kl_words_matches(&list, "", 1, found), 0);
}

static const char *long_spelling(const void *context, size_t index, size_t which)
{
	(void)index;
	return which == 0 ? context : NULL;
}

/* Names come from other people: none may be too long for a message or a comparison. */
static void names_of_any_length(void **state)
{
	char text[3000];
	struct kl_fault fault;
	size_t at = 99;

	(void)state;
	for (size_t len = 1; len < sizeof text; len += 97) {
		struct kl_words one = {1, long_spelling, text}, two = {2, long_spelling, text};

		memset(text, 'x', len);
		text[len] = '\0';
		assert_int_equal(kl_words_find(&one, "name", text, &at, &fault), 0);
		assert_int_equal(kl_words_find(&two, "name", text, &at, &fault), KL_E_AMBIGUOUS);
		assert_int_equal(kl_words_find(&two, "name", "yyy", &at, &fault), KL_E_NOT_FOUND);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_compared_without_case_and_dashes),
		cmocka_unit_test(distance_counts_typing_errors),
		cmocka_unit_test(an_exact_name_wins_over_parts),
		cmocka_unit_test(more_than_one_names_the_candidates),
		cmocka_unit_test(nothing_names_the_nearest),
		cmocka_unit_test(near_ones_are_those_of_the_whole_measure),
		cmocka_unit_test(nearest_come_in_order),
		cmocka_unit_test(all_matches_can_be_listed),
		cmocka_unit_test(names_of_any_length),
	};

	return RUN(tests);
}
