/* The documents of LM3 and of enabled contribution: there and back, and damaged in every place. */
#include "core/error.h"
#include "core/money.h"
#include "protocol/doc_enabled.h"
#include "protocol/doc_factors.h"
#include "protocol/doc_lm3.h"
#include "protocol/doc_supplier.h"
#include "protocol/part.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

static struct kl_bytes bytes_of(const struct kl_writer *w)
{
	struct kl_bytes bytes = {0};

	assert_int_equal(kl_writer_bytes(w, &bytes), 0);
	return bytes;
}

/* A codec seen from outside: reads bytes and, if they are good, writes what it read. */
typedef int (*again_fn)(struct kl_bytes bytes, struct kl_writer *w);

static int ledger_again(struct kl_bytes bytes, struct kl_writer *w)
{
	struct kl_lm3_ledger l;
	int rc = kl_doc_lm3_ledger_decode(bytes, &l);

	if (!rc)
		kl_doc_lm3_ledger_encode(w, &l);
	return rc;
}

static int record_again(struct kl_bytes bytes, struct kl_writer *w)
{
	struct kl_lm3_record r;
	int rc = kl_doc_lm3_record_decode(bytes, &r);

	if (!rc)
		kl_doc_lm3_record_encode(w, &r);
	return rc;
}

static int use_again(struct kl_bytes bytes, struct kl_writer *w)
{
	char project[KL_NAME_MAX];
	int rc = kl_doc_lm3_use_decode(bytes, project);

	if (!rc)
		kl_doc_lm3_use_encode(w, project);
	return rc;
}

static int enabled_again(struct kl_bytes bytes, struct kl_writer *w)
{
	struct kl_enabled_record r;
	int rc = kl_doc_enabled_record_decode(bytes, &r);

	if (!rc)
		kl_doc_enabled_record_encode(w, &r);
	return rc;
}

static int factors_again(struct kl_bytes bytes, struct kl_writer *w)
{
	static struct kl_factors f;
	int rc = kl_doc_factors_decode(bytes, &f);

	if (!rc)
		kl_doc_factors_encode(w, &f);
	return rc;
}

static int supplier_again(struct kl_bytes bytes, struct kl_writer *w)
{
	struct kl_supplier s;
	struct kl_value row;
	int rc = kl_value_open(bytes, &row);

	rc = rc ? rc : kl_doc_supplier_decode(&row, &s);
	if (!rc)
		kl_doc_supplier_encode(w, &s);
	return rc;
}

static int tenant_again(struct kl_bytes bytes, struct kl_writer *w)
{
	struct kl_tenant t;
	struct kl_value row;
	int rc = kl_value_open(bytes, &row);

	rc = rc ? rc : kl_doc_tenant_decode(&row, &t);
	if (!rc)
		kl_doc_tenant_encode(w, &t);
	return rc;
}

static void there_and_back(struct kl_bytes bytes, again_fn again)
{
	struct kl_writer w;

	kl_writer_init(&w);
	assert_int_equal(again(bytes, &w), 0);
	assert_true(kl_bytes_equal(bytes_of(&w), bytes));
	kl_writer_deinit(&w);
}

/* Whatever a damaged document is taken for must itself be a good document. */
static int try_damaged(struct kl_bytes bytes, again_fn again)
{
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	rc = again(bytes, &w);
	if (!rc)
		there_and_back(bytes_of(&w), again);
	kl_writer_deinit(&w);
	return rc;
}

static void damaged_everywhere(struct kl_bytes good, again_fn again)
{
	uint8_t *bad = malloc(good.len + 1);
	int refused = 0;

	assert_non_null(bad);
	for (size_t len = 0; len < good.len; len++) {
		uint8_t *cut = malloc(len ? len : 1);

		assert_non_null(cut);
		memcpy(cut, good.data, len);
		assert_int_not_equal(again(kl_bytes(cut, len), NULL), 0);
		free(cut);
	}
	for (size_t at = 0; at < good.len; at++)
		for (int value = 0; value < 256; value += 5) {
			memcpy(bad, good.data, good.len);
			bad[at] = (uint8_t)(bad[at] ^ (value + 1));
			refused += try_damaged(kl_bytes(bad, good.len), again) != 0;
		}
	assert_true(refused > 0);
	memcpy(bad, good.data, good.len);
	bad[good.len] = 0xc0;
	assert_int_not_equal(again(kl_bytes(bad, good.len + 1), NULL), 0);
	free(bad);
}

static void check(struct kl_writer *w, again_fn again)
{
	there_and_back(bytes_of(w), again);
	damaged_everywhere(bytes_of(w), again);
	kl_writer_reset(w);
}

static void ledgers(void **state)
{
	static const char *const areas[] = {"E08000033", "HX1 HX2 SW1A", "12.5km 50.8,-1.9"};
	struct kl_lm3_ledger l, got;
	struct kl_writer w;
	bool is_record = true;

	(void)state;
	kl_writer_init(&w);
	kl_lm3_ledger_init(&l);
	strcpy(l.name, "Jubilee café");
	l.basis = KL_LM3_CONTRACT;
	l.period = (struct kl_period){KL_PERIOD_FINANCIAL, 2016, 0};
	l.payroll_local = 8000000;
	l.other_elsewhere = KL_MONEY_MAX;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(kl_area_parse(areas[i], NULL, &l.area), 0);
		l.has_income = i == 1;
		l.income = l.has_income ? 10000000 : 0;
		kl_doc_lm3_ledger_encode(&w, &l);
		assert_int_equal(kl_doc_lm3_is_record(bytes_of(&w), &is_record), 0);
		assert_false(is_record);
		assert_int_equal(kl_doc_lm3_ledger_decode(bytes_of(&w), &got), 0);
		assert_string_equal(got.name, l.name);
		assert_int_equal(got.basis, l.basis);
		assert_true(kl_area_equal(&got.area, &l.area));
		assert_true(kl_period_equal(got.period, l.period));
		assert_int_equal(got.has_income, l.has_income);
		assert_int_equal(got.income, l.income);
		assert_int_equal(got.other_elsewhere, KL_MONEY_MAX);
		assert_true(got.proxy_local == 0.66 && got.proxy_elsewhere == 0.33);
		check(&w, ledger_again);
	}
	kl_writer_deinit(&w);
}

static void recorded_scores(void **state)
{
	struct kl_lm3_record r = {.name = "Halifax",
		.thousandths = 2430,
		.basis = KL_LM3_CONTRACT,
		.period = {KL_PERIOD_YEAR, 2017, 0},
		.source = "the report",
		.rating = KL_LM3_GREEN};
	struct kl_lm3_record got;
	struct kl_lm3_ledger l;
	struct kl_writer w;
	bool is_record = false;

	(void)state;
	kl_writer_init(&w);
	assert_int_equal(kl_area_parse("E08000033", NULL, &r.area), 0);
	kl_doc_lm3_record_encode(&w, &r);
	assert_int_equal(kl_doc_lm3_is_record(bytes_of(&w), &is_record), 0);
	assert_true(is_record);
	assert_int_equal(kl_doc_lm3_ledger_decode(bytes_of(&w), &l), KL_E_MALFORMED);
	assert_int_equal(kl_doc_lm3_record_decode(bytes_of(&w), &got), 0);
	assert_int_equal(got.thousandths, 2430);
	assert_int_equal(got.rating, KL_LM3_GREEN);
	assert_string_equal(got.source, "the report");
	check(&w, record_again);
	kl_doc_lm3_use_encode(&w, "jubilee");
	check(&w, use_again);
	kl_writer_deinit(&w);
}

static void recorded_totals(void **state)
{
	struct kl_enabled_record r = {.period = {KL_PERIOD_YEAR, 2017, 0},
		.has_fte = true,
		.fte = 260,
		.fte_method = KL_METHOD_PRIMARY,
		.fte_confidence = KL_CONFIDENCE_MODERATE,
		.has_gva = true,
		.gva = 61701000,
		.gva_method = KL_METHOD_ESTIMATED,
		.gva_confidence = KL_CONFIDENCE_MODERATE,
		.source = "table 1"};
	struct kl_enabled_record got;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_doc_enabled_record_encode(&w, &r);
	assert_int_equal(kl_doc_enabled_record_decode(bytes_of(&w), &got), 0);
	assert_int_equal(got.gva, 61701000);
	assert_int_equal(got.gva_method, KL_METHOD_ESTIMATED);
	check(&w, enabled_again);
	r.has_fte = false;
	kl_doc_enabled_record_encode(&w, &r);
	assert_int_equal(kl_doc_enabled_record_decode(bytes_of(&w), &got), 0);
	assert_false(got.has_fte);
	check(&w, enabled_again);
	kl_writer_deinit(&w);
}

static void factor_tables(void **state)
{
	static const struct kl_factors f = {
		.gva = {{"made up", "nobody", 2016}, 2,
			{{"C", 8000000, 0}, {"IKOQRS", 8200000, KL_CAUTION_LUMPED}}},
		.density = {{"made up", "nobody", 2015}, 2,
			{{"B1a", "office", 130, 130, KL_BASIS_NIA},
				{"A3", "", 150, 200, KL_BASIS_NIA}}},
	};
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_doc_factors_encode(&w, &f);
	check(&w, factors_again);
	kl_writer_deinit(&w);
}

static void put_first_table(struct kl_writer *w, const char *key)
{
	kl_put_map(w, key, 4);
	kl_put_text(w, "name", "made up");
	kl_put_text(w, "source", "nobody");
	kl_put_uint(w, "year", 2015);
	kl_put_array(w, "rows", 1);
}

/* As the first version of the program wrote it, which had neither own tables nor a ratio. */
static void put_first_factors(struct kl_writer *w)
{
	kl_write_map(w, 3);
	kl_put_uint(w, "v", 1);
	put_first_table(w, "gva");
	kl_write_array(w, 3);
	kl_write_text(w, "C");
	kl_write_int(w, 8000000);
	kl_write_uint(w, 0);
	put_first_table(w, "density");
	kl_write_array(w, 5);
	kl_write_text(w, "B1a");
	kl_write_maybe_text(w, "office");
	kl_write_int(w, 130);
	kl_write_int(w, 130);
	kl_write_uint(w, KL_BASIS_NIA);
}

static void factor_tables_of_the_first_version_are_read(void **state)
{
	struct kl_factors f = {.ratio = {.stated = true}};
	struct kl_writer w, cut;

	(void)state;
	kl_writer_init(&w);
	put_first_factors(&w);
	assert_int_equal(kl_doc_factors_decode(bytes_of(&w), &f), 0);
	assert_int_equal(f.gva.count, 1);
	assert_int_equal(f.gva.rows[0].per_job, 8000000);
	assert_string_equal(f.density.rows[0].use, "office");
	assert_int_equal(f.density.about.year, 2015);
	assert_int_equal(f.density.about.version, 0);
	assert_false(f.ratio.stated);

	/* Either form, and nothing between: the second says "version" in each table. */
	kl_writer_init(&cut);
	kl_doc_factors_encode(&cut, &f);
	check(&cut, factors_again);
	for (size_t n = 0; n < bytes_of(&w).len; n++)
		assert_int_not_equal(kl_doc_factors_decode(kl_bytes(bytes_of(&w).data, n), &f), 0);
	kl_writer_deinit(&cut);
	kl_writer_deinit(&w);
}

static void rows_of_tables(void **state)
{
	struct kl_supplier full = {.name = "Wem Bakery",
		.contact = "Ada",
		.email = "a@b.c",
		.place = "HX1",
		.spend = -1234,
		.sector = KL_SECTOR_SOCIAL,
		.where = KL_WHERE_LOCAL,
		.answered = true,
		.respent = 0.45};
	struct kl_supplier bare = {.name = "B"};
	struct kl_tenant tenant = {.name = "Café",
		.activity = "coffee",
		.has_floor = true,
		.floor = 600,
		.has_fte = true,
		.fte = 0,
		.section = 'I',
		.section_judged = true,
		.use_class = "A3",
		.basis = KL_BASIS_GIA};
	struct kl_tenant empty = {.name = "B"};
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_doc_supplier_encode(&w, &full);
	check(&w, supplier_again);
	kl_doc_supplier_encode(&w, &bare);
	check(&w, supplier_again);
	kl_doc_tenant_encode(&w, &tenant);
	check(&w, tenant_again);
	kl_doc_tenant_encode(&w, &empty);
	check(&w, tenant_again);
	strcpy(bare.name, "two\nlines");
	kl_doc_supplier_encode(&w, &bare);
	assert_int_equal(supplier_again(bytes_of(&w), NULL), KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

static void another_version_is_said(void **state)
{
	struct kl_lm3_ledger l;
	struct kl_factors f;
	struct kl_writer w;
	bool is_record;

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, 1);
	kl_put_uint(&w, "v", 99);
	assert_int_equal(kl_doc_lm3_is_record(bytes_of(&w), &is_record), KL_E_VERSION);
	assert_int_equal(kl_doc_lm3_ledger_decode(bytes_of(&w), &l), KL_E_VERSION);
	assert_int_equal(kl_doc_factors_decode(bytes_of(&w), &f), KL_E_VERSION);
	kl_writer_deinit(&w);
}

/* Ten thousand suppliers go into parts of at most 64 KiB and come out in order. */
static void a_table_in_parts(void **state)
{
	enum { N = 10000 };
	uint32_t read = 0, parts = 0;
	struct kl_part part;
	struct kl_bytes bytes;
	bool full;

	(void)state;
	kl_part_init(&part);
	for (uint32_t i = 0; i <= N; i++) {
		struct kl_supplier s = {.spend = i};
		struct kl_cursor rows;
		struct kl_value row;

		if (i < N) {
			snprintf(s.name, sizeof s.name, "Supplier %u", i);
			kl_doc_supplier_encode(kl_part_row(&part), &s);
			assert_int_equal(kl_part_end_row(&part, &full), 0);
			if (!full)
				continue;
		}
		assert_int_equal(kl_part_bytes(&part, &bytes), 0);
		assert_true(bytes.len <= KL_PART_MAX && (i == N || bytes.len > KL_PART_MAX - 64));
		assert_int_equal(kl_part_open(bytes, &rows), 0);
		for (; kl_cursor_next(&rows, &row); read++) {
			assert_int_equal(kl_doc_supplier_decode(&row, &s), 0);
			assert_int_equal(s.spend, read);
		}
		parts++;
		assert_int_equal(kl_part_next(&part), 0);
	}
	assert_int_equal(read, N);
	assert_true(parts > 3);
	kl_part_deinit(&part);
}

static void parts_that_are_none(void **state)
{
	static uint8_t big[KL_PART_MAX + 1];
	struct kl_part part;
	struct kl_cursor rows;
	struct kl_bytes bytes;
	struct kl_value row;
	bool full;

	(void)state;
	assert_int_equal(kl_part_open(kl_bytes(big, sizeof big), &rows), KL_E_TOO_BIG);
	assert_int_equal(kl_part_open(kl_bytes("\x80", 1), &rows), KL_E_MALFORMED);
	assert_int_equal(kl_part_open(kl_bytes("\x91", 1), &rows), KL_E_MALFORMED);
	kl_part_init(&part);
	assert_int_equal(kl_part_bytes(&part, &bytes), 0);
	assert_int_equal(kl_part_open(bytes, &rows), 0);
	assert_false(kl_cursor_next(&rows, &row));
	kl_write_bin(kl_part_row(&part), kl_bytes(big, KL_PART_MAX));
	assert_int_equal(kl_part_end_row(&part, &full), KL_E_TOO_BIG);
	kl_part_deinit(&part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ledgers),
		cmocka_unit_test(recorded_scores),
		cmocka_unit_test(recorded_totals),
		cmocka_unit_test(factor_tables),
		cmocka_unit_test(factor_tables_of_the_first_version_are_read),
		cmocka_unit_test(rows_of_tables),
		cmocka_unit_test(another_version_is_said),
		cmocka_unit_test(a_table_in_parts),
		cmocka_unit_test(parts_that_are_none),
	};

	return RUN(tests);
}
