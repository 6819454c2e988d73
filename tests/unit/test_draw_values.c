#include "client/draw.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

/* An answer as it comes: a map with one value of each kind that drawings ask for. */
static struct kl_writer written;

static struct kl_value answer(void)
{
	struct kl_value map;
	struct kl_bytes bytes;

	kl_writer_init(&written);
	kl_write_map(&written, 6);
	kl_put_double(&written, "median", 2.5);
	kl_put_int(&written, "low", 0);
	kl_put_nil(&written, "high");
	kl_put_text(&written, "note", "first\nsecond");
	kl_put_bool(&written, "recorded", true);
	kl_put_array(&written, "texts", 2);
	kl_write_text(&written, "one");
	kl_write_text(&written, "two");
	assert_int_equal(kl_writer_bytes(&written, &bytes), 0);
	assert_int_equal(kl_value_open(bytes, &map), 0);
	return map;
}

static void what_is_absent_is_never_shown_as_0(void **state)
{
	struct kl_value map = answer();
	char out[KL_DRAW_NUMBER_MAX];

	(void)state;
	assert_string_equal(kl_draw_number(&map, "low", "-", out), "0");
	assert_string_equal(kl_draw_number(&map, "high", "-", out), "-");
	assert_string_equal(kl_draw_number(&map, "nowhere", "-", out), "-");
	assert_false(kl_draw_flag(&map, "high"));
	assert_int_equal(kl_draw_count(&map, "nowhere"), 0);
	kl_writer_deinit(&written);
}

static void numbers_are_short(void **state)
{
	struct kl_value map = answer();
	char out[KL_DRAW_NUMBER_MAX];

	(void)state;
	assert_string_equal(kl_draw_number(&map, "median", "-", out), "2.5");
	assert_true(kl_draw_flag(&map, "recorded"));
	kl_writer_deinit(&written);
}

static void lines_keep_their_indentation(void **state)
{
	struct kl_value map = answer();
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	kl_draw_line(out, 2, "note", &map, "note");
	kl_draw_line(out, 2, "absent", &map, "high");
	kl_draw_texts(out, "- ", &map, "texts");
	kl_draw_plain(out, "bell\a\033[2J", 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "  note: first\n    second\n- one\n- two\nbell??[2J");
	free(text);
	kl_writer_deinit(&written);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_absent_is_never_shown_as_0),
		cmocka_unit_test(numbers_are_short),
		cmocka_unit_test(lines_keep_their_indentation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
