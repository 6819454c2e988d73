/* What is remembered of an import: notes and changes as they are written and read. */
#include "core/error.h"
#include "protocol/doc_import.h"
#include "tests/unit/harness.h"

static void a_note_comes_back_as_it_was(void **state)
{
	struct kl_import_note note = {.file = "spend £.csv", .at = 1796000000123, .rows = 140000};
	struct kl_import_note back;
	struct kl_bytes bytes;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_doc_import_note_encode(&w, &note);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	assert_int_equal(kl_doc_import_note_decode(bytes, &back), KL_OK);
	assert_string_equal(back.file, "spend £.csv");
	assert_int_equal(back.at, note.at);
	assert_int_equal(back.rows, 140000);
	assert_int_equal(kl_doc_import_note_decode(kl_bytes_str("t\n.csv"), &back), KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

/* As homes have it that are older than the list of imports. */
static void a_bare_name_is_a_note(void **state)
{
	struct kl_import_note back = {.at = 1, .rows = 2};
	char longest[KL_IMPORT_FILE_MAX + 1];

	(void)state;
	assert_int_equal(kl_doc_import_note_decode(kl_bytes_str("t £.csv"), &back), KL_OK);
	assert_string_equal(back.file, "t £.csv");
	assert_int_equal(back.at, 0);
	assert_int_equal(back.rows, 0);
	assert_int_equal(kl_doc_import_note_decode(kl_bytes(NULL, 0), &back), KL_OK);
	assert_string_equal(back.file, "");
	memset(longest, 'x', sizeof longest);
	assert_int_equal(
		kl_doc_import_note_decode(kl_bytes((uint8_t *)longest, sizeof longest - 2), &back),
		KL_OK);
	assert_int_equal(
		kl_doc_import_note_decode(kl_bytes((uint8_t *)longest, sizeof longest - 1), &back),
		KL_E_MALFORMED);
}

static void changes_come_back_in_order(void **state)
{
	struct kl_doc_change put = {.kind = "enabled factors", .name = "2016"};
	struct kl_doc_change added = {.kind = "assessment", .name = "2026/", .version = 3}, back;
	struct kl_cursor cursor;
	struct kl_bytes bytes;
	struct kl_writer w;

	(void)state;
	put.was_there = put.is_there = true;
	put.before = kl_bytes_str("old");
	memset(put.after.b, 7, sizeof put.after.b);
	kl_writer_init(&w);
	kl_doc_changes_begin(&w, 2);
	kl_doc_change_write(&w, &put);
	kl_doc_change_write(&w, &added);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	assert_int_equal(kl_doc_changes_open(bytes, &cursor), KL_OK);

	assert_int_equal(kl_doc_change_next(&cursor, &back), 1);
	assert_string_equal(back.kind, "enabled factors");
	assert_string_equal(back.name, "2016");
	assert_true(back.was_there && back.is_there && !back.version);
	assert_true(kl_bytes_equal(back.before, kl_bytes_str("old")));
	assert_true(kl_id_equal(&back.after, &put.after));

	assert_int_equal(kl_doc_change_next(&cursor, &back), 1);
	assert_int_equal(back.version, 3);
	assert_false(back.was_there || back.is_there);
	assert_int_equal(kl_doc_change_next(&cursor, &back), 0);
	kl_writer_deinit(&w);
}

/* A version was added, or something was replaced: never both. */
static void a_change_is_one_thing(void **state)
{
	struct kl_doc_change both = {.kind = "k", .name = "n", .version = 2, .is_there = true},
			     back;
	struct kl_cursor cursor;
	struct kl_bytes bytes;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_doc_changes_begin(&w, 1);
	kl_doc_change_write(&w, &both);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	assert_int_equal(kl_doc_changes_open(bytes, &cursor), KL_OK);
	assert_int_equal(kl_doc_change_next(&cursor, &back), KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_note_comes_back_as_it_was),
		cmocka_unit_test(a_bare_name_is_a_note),
		cmocka_unit_test(changes_come_back_in_order),
		cmocka_unit_test(a_change_is_one_thing),
	};

	return RUN(tests);
}
