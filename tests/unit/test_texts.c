#include "protocol/texts.h"
#include "protocol/wire.h"
#include "tests/unit/harness.h"

static struct kl_fault fault;

static int refused(struct kl_writer *w)
{
	struct kl_bytes bytes;
	int rc;

	assert_int_equal(kl_writer_bytes(w, &bytes), KL_OK);
	rc = kl_texts_refuse_harmful(bytes, &fault);
	kl_writer_deinit(w);
	return rc;
}

static void a_text_is_named_by_its_key(void **state)
{
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, 2);
	kl_put_text(&w, "name", "Example Trust");
	kl_put_text(&w, "source", "our own c\xc2\xadount");
	assert_int_equal(refused(&w), KL_E_INVALID);
	assert_string_equal(fault.message, "source: character 10 is a soft hyphen (U+00AD)");
}

static void texts_in_lists_and_maps_within_are_looked_at(void **state)
{
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_write_array(&w, 2);
	kl_write_uint(&w, 7);
	kl_write_map(&w, 2);
	kl_put_array(&w, "links", 2);
	kl_write_text(&w, "https://a.example/");
	kl_write_text(&w, "https://b.example/\xe2\x80\x8b");
	kl_put_text(&w, "text", "lines\nare fine");
	assert_int_equal(refused(&w), KL_E_INVALID);
	assert_non_null(strstr(fault.message, "links: character 19"));
}

static void what_has_no_such_texts_passes(void **state)
{
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, 3);
	kl_put_text(&w, "name", "T\xc5\xb7 Gwyn");
	kl_put_text(&w, "text", "two\nlines");
	kl_write_text(&w, "blob");
	kl_write_bin(&w, kl_bytes("\x1b[31m", 5));
	assert_int_equal(refused(&w), KL_OK);
	assert_int_equal(kl_texts_refuse_harmful(kl_bytes("\xc1 no msgpack", 11), &fault), KL_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_named_by_its_key),
		cmocka_unit_test(texts_in_lists_and_maps_within_are_looked_at),
		cmocka_unit_test(what_has_no_such_texts_passes),
	};

	return RUN(tests);
}
