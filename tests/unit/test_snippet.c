#include "core/snippet.h"
#include "tests/unit/harness.h"

#include <string.h>

static const char *snippet_of(const char *text, const char *words, size_t size)
{
	static char out[400];
	struct kl_query query;

	assert_int_equal(kl_query_read(words, &query, NULL), KL_OK);
	assert_true(size <= sizeof out);
	memset(out, 'x', sizeof out);
	assert_int_equal(kl_snippet(kl_bytes_str(text), &query, out, size), KL_OK);
	assert_true(strlen(out) < size);
	assert_true(kl_text_is_plain(kl_bytes_str(out), false));
	return out;
}

static const char story[] =
	"We began with a survey of all that stands empty in the town. Nobody had a list of it. "
	"The assets were then valued, and a transfer was offered to the trust for one pound. "
	"Three years later the hall pays for itself.\n\nOf commissioning we\n"
	"  say more another time.";

static void it_shows_where_the_words_stand_together(void **state)
{
	(void)state;
	assert_string_equal(snippet_of(story, "asset transfer", 90),
		"...The assets were then valued, and a transfer was offered to the trust for "
		"one...");
	assert_string_equal(snippet_of(story, "hall", 80),
		"...Three years later the hall pays for itself. Of commissioning we say...");
	assert_string_equal(
		snippet_of(story, "survey", 40), "We began with a survey of all that...");
}

static void what_the_search_found_by_its_beginning_is_shown_too(void **state)
{
	(void)state;
	assert_string_equal(snippet_of(story, "commissio", 60),
		"...Of commissioning we say more another time.");
}

static void words_that_are_not_there_show_the_beginning(void **state)
{
	(void)state;
	assert_string_equal(
		snippet_of(story, "zebra", 50), "We began with a survey of all that stands...");
	assert_string_equal(snippet_of("", "zebra", 50), "");
}

static void a_short_text_is_shown_whole_on_one_line(void **state)
{
	(void)state;
	assert_string_equal(snippet_of("One.\n\n\tTwo  three\n", "two", 40), "One. Two three");
}

static void characters_are_never_cut_in_two(void **state)
{
	char text[200] = "", one[2] = "\xc3";

	(void)state;
	for (int i = 0; i < 90; i++)
		strcat(text, "é");
	for (size_t size = KL_SNIPPET_MIN; size < 60; size++)
		assert_null(strchr(snippet_of(text, "zebra", size), '?'));
	/* but what comes broken is shown as such */
	assert_string_equal(snippet_of(one, "zebra", 40), "?");
}

static void controls_are_not_passed_on(void **state)
{
	(void)state;
	assert_string_equal(snippet_of("red \x1b[31m hall", "hall", 40), "red ?[31m hall");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_shows_where_the_words_stand_together),
		cmocka_unit_test(what_the_search_found_by_its_beginning_is_shown_too),
		cmocka_unit_test(words_that_are_not_there_show_the_beginning),
		cmocka_unit_test(a_short_text_is_shown_whole_on_one_line),
		cmocka_unit_test(characters_are_never_cut_in_two),
		cmocka_unit_test(controls_are_not_passed_on),
	};

	return RUN(tests);
}
