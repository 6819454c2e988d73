#include "core/harmless.h"
#include "core/text.h"
#include "tests/unit/harness.h"
#include "tests/unit/nasty.h"

static void every_nasty_text_is_shown_harmlessly(void **state)
{
	char out[256];

	(void)state;
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		const char *expected = nasty[i].shown ? nasty[i].shown : nasty[i].text;

		kl_text_show(nasty[i].text, false, out, sizeof out);
		if (strcmp(out, expected) != 0)
			fail_msg("%s: shown as \"%s\"", nasty[i].what, out);
	}
}

static void what_is_shown_is_harmless_itself(void **state)
{
	char out[256];

	(void)state;
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		kl_text_show(nasty[i].text, false, out, sizeof out);
		assert_true(kl_text_is_harmless(kl_bytes_str(out), false));
	}
}

static void what_is_harmful_is_refused_where_it_is_typed(void **state)
{
	char kept[256];
	struct kl_fault fault;

	(void)state;
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		int rc = kl_text_set(kept, sizeof kept, nasty[i].text, true, "the title", &fault);

		if (nasty[i].shown)
			assert_int_equal(rc, KL_E_INVALID);
		else if (rc)
			fail_msg("%s: %s", nasty[i].what, fault.message);
	}
}

static void the_refusal_names_character_and_place(void **state)
{
	char kept[64];
	struct kl_fault fault;

	(void)state;
	assert_int_equal(
		kl_text_set(kept, sizeof kept, "Exam\xe2\x80\x8bple", false, "the title", &fault),
		KL_E_INVALID);
	assert_string_equal(fault.message, "the title: character 5 is a zero-width space (U+200B)");
	kl_text_set(kept, sizeof kept, "\xc3\xa9\xc2\xad", false, "the title", &fault);
	assert_string_equal(fault.message, "the title: character 2 is a soft hyphen (U+00AD)");
	kl_text_set(kept, sizeof kept, "a\nb", false, "the title", &fault);
	assert_string_equal(fault.message, "the title: character 2 is a line break (U+000A)");
	assert_int_equal(kl_text_set(kept, sizeof kept, "a\nb", true, "the text", &fault), KL_OK);
}

/* One zero-width space of an older version must not cost a lesson; a control does. */
static void what_others_wrote_is_kept_by_the_wider_rule(void **state)
{
	(void)state;
	assert_true(kl_text_is_plain(kl_bytes_str("Exam\xe2\x80\x8bple"), false));
	assert_true(kl_text_is_plain(kl_bytes_str("coun\xc2\xad"
						  "cil"),
		false));
	assert_false(kl_text_is_plain(kl_bytes_str("\x1b[31m"), false));
	for (size_t i = 0; i < NASTY_COUNT; i++)
		if (!nasty[i].shown)
			assert_true(kl_text_is_plain(kl_bytes_str(nasty[i].text), false));
}

static void lines_and_tabs_stand_where_lines_may(void **state)
{
	char out[64];

	(void)state;
	assert_string_equal(kl_text_show("a\r\n\tb", true, out, sizeof out), "a\r\n\tb");
	assert_string_equal(kl_text_show("a\nb", false, out, sizeof out), "a" INSTEAD "b");
}

static void a_text_too_long_is_cut_between_characters(void **state)
{
	char out[6];

	(void)state;
	assert_string_equal(kl_text_show("abcd\xc2\xa3", false, out, sizeof out), "abcd");
	assert_string_equal(kl_text_show("abc\x1b", false, out, sizeof out), "abc");
	assert_string_equal(kl_text_show("ab\x1b", false, out, sizeof out), "ab" INSTEAD);
}

static void cells_of_tables_lose_what_nobody_sees(void **state)
{
	char cell[] = "\xef\xbb\xbf"
		      "Exam\xe2\x80\x8bple \xe2\x80\xaa"
		      "Ltd\xe2\x80\xac";
	char family[] = "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7";
	char control[] = "a\x1b"
			 "b";

	(void)state;
	kl_text_drop_unseen(cell);
	assert_string_equal(cell, "Example Ltd");
	kl_text_drop_unseen(family);
	assert_int_equal(strlen(family), 11);
	kl_text_drop_unseen(control);
	assert_string_equal(control, "a\x1b"
				     "b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_nasty_text_is_shown_harmlessly),
		cmocka_unit_test(what_is_shown_is_harmless_itself),
		cmocka_unit_test(what_is_harmful_is_refused_where_it_is_typed),
		cmocka_unit_test(the_refusal_names_character_and_place),
		cmocka_unit_test(what_others_wrote_is_kept_by_the_wider_rule),
		cmocka_unit_test(lines_and_tabs_stand_where_lines_may),
		cmocka_unit_test(a_text_too_long_is_cut_between_characters),
		cmocka_unit_test(cells_of_tables_lose_what_nobody_sees),
	};

	return RUN(tests);
}
