/* Payments on their way and on the disk. */
#include "core/day.h"
#include "core/money.h"
#include "protocol/doc_spend.h"
#include "tests/unit/harness.h"

static struct kl_spend_part part; /* 64 KiB */

/* The one block of a part. */
static struct kl_value block_of(const struct kl_writer *w)
{
	struct kl_bytes bytes;
	struct kl_cursor rows;
	struct kl_value block;

	assert_int_equal(kl_writer_bytes(w, &bytes), 0);
	assert_true(bytes.len <= KL_PART_MAX);
	assert_int_equal(kl_part_open(bytes, &rows), 0);
	assert_true(kl_cursor_next(&rows, &block));
	assert_false(rows.left);
	return block;
}

static void a_part_is_read_as_it_was_written(void **state)
{
	const struct kl_payment in[] = {{3, 17000, -123456, 1, 0, 2, 0, "A/7", 3},
		{3, KL_DAY_MIN, KL_MONEY_MAX, 2, 1, 1, 1, "", 0},
		{4000000000, KL_DAY_MAX, -KL_MONEY_MAX, 1, 2, 0, 2, "é", 2}};
	const struct kl_rejected bad = {9, KL_REJECT_TOTAL, true, -5, "Total | -0.05"},
				 none = {10, KL_REJECT_REMARK, false, 0, ""};
	struct kl_spend_view view;
	struct kl_payment p;
	struct kl_rejected r;
	struct kl_value block;
	struct kl_writer w;
	char text[KL_SPEND_TEXT_MAX];

	(void)state;
	kl_spend_part_init(&part);
	kl_writer_init(&w);
	assert_true(kl_spend_part_empty(&part));
	kl_spend_part_text(&part, "Example Ltd");
	kl_spend_part_text(&part, "Food");
	for (size_t i = 0; i < 3; i++)
		kl_spend_part_payment(&part, &in[i]);
	kl_spend_part_reject(&part, &bad);
	kl_spend_part_reject(&part, &none);
	kl_spend_part_write(&part, &w);
	assert_true(kl_spend_part_empty(&part));
	block = block_of(&w);
	assert_int_equal(kl_spend_view_open(&block, &view), 0);
	assert_int_equal(kl_spend_view_text(&view, text), 1);
	assert_string_equal(text, "Example Ltd");
	assert_int_equal(kl_spend_view_text(&view, text), 1);
	assert_int_equal(kl_spend_view_text(&view, text), 0);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(kl_spend_view_payment(&view, &p), 1);
		assert_int_equal(p.line, in[i].line);
		assert_int_equal(p.day, in[i].day);
		assert_int_equal(p.pence, in[i].pence);
		assert_int_equal(p.supplier, in[i].supplier);
		assert_int_equal(p.department, in[i].department);
		assert_int_equal(p.category, in[i].category);
		assert_int_equal(p.body, in[i].body);
		assert_int_equal(p.reference_len, in[i].reference_len);
		assert_memory_equal(p.reference, in[i].reference, p.reference_len);
	}
	assert_int_equal(kl_spend_view_payment(&view, &p), 0);
	assert_int_equal(kl_spend_view_rejected(&view, &r), 1);
	assert_int_equal(r.reason, KL_REJECT_TOTAL);
	assert_int_equal(r.pence, -5);
	assert_string_equal(r.said, bad.said);
	assert_int_equal(kl_spend_view_rejected(&view, &r), 1);
	assert_false(r.has_pence);
	assert_int_equal(kl_spend_view_rejected(&view, &r), 0);
	kl_writer_deinit(&w);
	kl_spend_part_deinit(&part);
}

/* Full is said early enough for one more payment with its four texts. */
static void a_full_part_fits(void **state)
{
	struct kl_payment p = {
		1, 17000, 100, 4, 3, 2, 1, "0123456789012345678901234567890123456789", 40};
	char text[KL_SPEND_TEXT_MAX];
	struct kl_writer w;

	(void)state;
	kl_spend_part_init(&part);
	kl_writer_init(&w);
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	for (; !kl_spend_part_full(&part); p.line++) {
		for (int i = 0; i < 4; i++)
			kl_spend_part_text(&part, text);
		kl_spend_part_payment(&part, &p);
	}
	kl_spend_part_write(&part, &w);
	(void)block_of(&w);
	kl_writer_deinit(&w);
	kl_spend_part_deinit(&part);
}

/* A block with these bytes as its payments. */
static int read_payments(const void *bytes, size_t len)
{
	struct kl_spend_view view;
	struct kl_payment p;
	struct kl_value block;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_write_array(&w, 1);
	kl_write_array(&w, 4);
	kl_write_uint(&w, 1);
	kl_write_array(&w, 0);
	kl_write_bin(&w, kl_bytes(bytes, len));
	kl_write_array(&w, 0);
	block = block_of(&w);
	assert_int_equal(kl_spend_view_open(&block, &view), 0);
	while ((rc = kl_spend_view_payment(&view, &p)) == 1)
		continue;
	kl_writer_deinit(&w);
	return rc;
}

static void what_is_malformed_is_refused(void **state)
{
	static const uint8_t good[] = {1, 2, 4, 1, 0, 0, 0, 1, 'a'};
	static const uint8_t long_form[] = {0x81, 0, 2, 4, 1, 0, 0, 0, 0};
	static const uint8_t endless[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1};
	static const uint8_t far[] = {1, 0xff, 0xff, 0xff, 0xff, 0x7f, 4, 1, 0, 0, 0, 0};
	static const uint8_t control[] = {1, 2, 4, 1, 0, 0, 0, 1, 7};

	(void)state;
	assert_int_equal(read_payments(good, sizeof good), 0);
	for (size_t len = 1; len < sizeof good; len++)
		assert_int_equal(read_payments(good, len), KL_E_MALFORMED);
	assert_int_equal(read_payments(long_form, sizeof long_form), KL_E_MALFORMED);
	assert_int_equal(read_payments(endless, sizeof endless), KL_E_MALFORMED);
	assert_int_equal(read_payments(far, sizeof far), KL_E_RANGE);
	assert_int_equal(read_payments(control, sizeof control), KL_E_MALFORMED);
}

static void what_a_file_came_to_is_kept(void **state)
{
	struct kl_spend_file in = {.name = "april.csv",
				     .amount_column = "Net Amount",
				     .dates = "day first",
				     .imported_ms = 1700000000000,
				     .accepted = 399,
				     .unreadable = 1,
				     .pence = -5,
				     .has_days = true,
				     .first = 17000,
				     .last = 17030},
			     out;
	struct kl_bytes bytes;
	struct kl_writer w;

	(void)state;
	in.rejected[KL_REJECT_TOTAL] = 2;
	in.rejected_pence[KL_REJECT_TOTAL] = 700;
	in.rejected[KL_REJECT_REMARK] = 1;
	memset(in.content.b, 7, sizeof in.content.b);
	kl_writer_init(&w);
	kl_doc_spend_file_encode(&w, &in);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_doc_spend_file_decode(bytes, &out), 0);
	assert_memory_equal(&in, &out, sizeof in);
	assert_int_equal(kl_spend_file_rejected(&out), 3);
	assert_int_equal(kl_spend_file_rejected_pence(&out), 700);
	assert_int_equal(kl_doc_spend_file_decode(kl_bytes(bytes.data, bytes.len - 1), &out),
		KL_E_MALFORMED);
	/* Sums that would not fit with those of other files are damage. */
	in.pence = -(KL_SPEND_FILE_PENCE_MAX - 699);
	kl_writer_reset(&w);
	kl_doc_spend_file_encode(&w, &in);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_doc_spend_file_decode(bytes, &out), KL_E_RANGE);
	kl_writer_deinit(&w);
}

static void months_are_kept(void **state)
{
	struct kl_spend_query query = {.all = true};
	struct kl_spend_sum *sum = kl_spend_sum_new(&query);
	struct kl_payment p = {.pence = 500, .supplier = 1, .reference = ""};
	struct kl_id stamp = {{7}}, again;
	struct kl_spend_in_month m;
	struct kl_cursor months;
	struct kl_bytes bytes;
	struct kl_writer w;

	(void)state;
	assert_int_equal(kl_spend_sum_text(sum, "REDACTED"), 0);
	for (int month = 3; month <= 5; month++) {
		p.day = kl_day_from(2016, month, 2);
		assert_int_equal(kl_spend_sum_add(sum, &p), 0);
	}
	kl_writer_init(&w);
	kl_doc_spend_months_encode(&w, &stamp, sum);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_doc_spend_months_open(bytes, &again, &months), 0);
	assert_true(kl_id_equal(&stamp, &again));
	for (int month = 3; month <= 5; month++) {
		assert_int_equal(kl_doc_spend_months_next(&months, &m), 1);
		assert_int_equal(m.year, 2016);
		assert_int_equal(m.month, month);
		assert_int_equal(m.pence[KL_SPEND_REDACTED], 500);
		assert_int_equal(m.pence[KL_SPEND_LOCAL], 0);
		assert_int_equal(m.sector_known, 0);
	}
	assert_int_equal(kl_doc_spend_months_next(&months, &m), 0);
	assert_int_equal(
		kl_doc_spend_months_open(kl_bytes(bytes.data, bytes.len - 1), &again, &months),
		KL_E_MALFORMED);
	kl_writer_deinit(&w);
	kl_spend_sum_destroy(sum);
}

static void a_place_is_kept(void **state)
{
	struct kl_place in = {"Example Ltd", "HX1 1AA", KL_WHERE_LOCAL, KL_SECTOR_SOCIAL,
				KL_SIZE_MICRO},
			out;
	struct kl_bytes bytes;
	struct kl_value row;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_doc_place_encode(&w, &in);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_value_open(bytes, &row), 0);
	assert_int_equal(kl_doc_place_decode(&row, &out), 0);
	assert_string_equal(out.supplier, in.supplier);
	assert_string_equal(out.place, in.place);
	assert_int_equal(out.where, in.where);
	assert_int_equal(out.sector, in.sector);
	assert_int_equal(out.size, in.size);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_is_read_as_it_was_written),
		cmocka_unit_test(a_full_part_fits),
		cmocka_unit_test(what_is_malformed_is_refused),
		cmocka_unit_test(what_a_file_came_to_is_kept),
		cmocka_unit_test(months_are_kept),
		cmocka_unit_test(a_place_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
