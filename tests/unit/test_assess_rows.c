#include "protocol/assess_rows.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

static struct kl_writer w;

static int begin(void **state)
{
	(void)state;
	kl_writer_init(&w);
	return 0;
}

static int end(void **state)
{
	(void)state;
	kl_writer_deinit(&w);
	return 0;
}

static struct kl_value written(void)
{
	struct kl_value value = {.type = KL_WIRE_NIL};
	struct kl_bytes bytes;

	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_value_open(bytes, &value), 0);
	return value;
}

static void a_row_of_a_form(void **state)
{
	struct kl_form_row row = {"line 3, column 'score 2'", 5, "gap", "C1=two\nlines"}, back;
	struct kl_value value;

	(void)state;
	kl_form_row_encode(&w, &row);
	value = written();
	assert_int_equal(kl_form_row_decode(&value, &back), 0);
	assert_string_equal(back.where, row.where);
	assert_int_equal(back.assessor, 5);
	assert_string_equal(back.field, "gap");
	assert_string_equal(back.assignment, "C1=two\nlines");

	kl_writer_reset(&w);
	row.assessor = KL_FORM_ASSESSORS_MAX;
	kl_form_row_encode(&w, &row);
	value = written();
	assert_int_equal(kl_form_row_decode(&value, &back), KL_E_MALFORMED);

	kl_writer_reset(&w);
	kl_write_array(&w, 3);
	kl_write_text(&w, "line 3");
	kl_write_uint(&w, 0);
	kl_write_text(&w, "gap");
	value = written();
	assert_int_equal(kl_form_row_decode(&value, &back), KL_E_MALFORMED);
}

static void what_does_not_fit(void **state)
{
	struct kl_form_row back;
	struct kl_value value;
	char longer[KL_FORM_FIELD_MAX + 1];

	(void)state;
	memset(longer, 'x', KL_FORM_FIELD_MAX);
	longer[KL_FORM_FIELD_MAX] = '\0';
	kl_write_array(&w, 4);
	kl_write_text(&w, "line 3");
	kl_write_uint(&w, 0);
	kl_write_text(&w, longer);
	kl_write_text(&w, "C1=2");
	value = written();
	assert_int_equal(kl_form_row_decode(&value, &back), KL_E_TOO_BIG);
}

static void a_piece_of_a_file(void **state)
{
	uint8_t *bytes = calloc(1, KL_PIECE_MAX + 1);
	struct kl_file_piece piece = {7, {bytes, KL_PIECE_MAX}}, back;
	struct kl_value value;

	(void)state;
	assert_non_null(bytes);
	kl_file_piece_encode(&w, &piece);
	value = written();
	assert_int_equal(kl_file_piece_decode(&value, &back), 0);
	assert_int_equal(back.file, 7);
	assert_true(kl_bytes_equal(back.bytes, piece.bytes));

	kl_writer_reset(&w);
	piece.bytes.len++;
	kl_file_piece_encode(&w, &piece);
	value = written();
	assert_int_equal(kl_file_piece_decode(&value, &back), KL_E_TOO_BIG);

	kl_writer_reset(&w);
	kl_write_array(&w, 2);
	kl_write_uint(&w, 7);
	kl_write_text(&w, "text");
	value = written();
	assert_int_equal(kl_file_piece_decode(&value, &back), KL_E_MALFORMED);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_row_of_a_form, begin, end),
		cmocka_unit_test_setup_teardown(what_does_not_fit, begin, end),
		cmocka_unit_test_setup_teardown(a_piece_of_a_file, begin, end),
	};

	return RUN(tests);
}
