/* Supplier tables: what is read, and what is said of those that cannot be. */
#include "client/suppliers.h"
#include "client/words_in.h"
#include "core/money.h"
#include "protocol/doc_supplier.h"
#include "protocol/part.h"
#include "tests/unit/tempfile.h"

static struct kl_suppliers *open_ok(const char *path)
{
	struct kl_fault fault = {0};
	struct kl_suppliers *suppliers = NULL;

	if (kl_suppliers_open(path, NULL, &fault, &suppliers))
		fail_msg("%s (%s)", fault.message, fault.hint);
	return suppliers;
}

/* From the file to the answer. Worked by hand: bakery 12,000 - 500 = 11,500 local at 60 %, cleaning
 * 8,000 local at 75 %, software 20,000 elsewhere at 5 %, print shop 3,500 local silent, training
 * 2,000 unknown silent; with local payroll 40,000 the income is 85,000.
 *   R2 low 40,000 + 23,000, high 65,000, central 63,000 + 2,000 * 23/43
 *   R3 low 26,400 + 6,900 + 6,000 + 1,000 = 40,300, high 45,800 */
static void a_file_becomes_a_range(void **state)
{
	struct kl_suppliers *suppliers = open_ok(KL_TESTS_DATA_DIR "/made-up-suppliers.csv");
	struct kl_lm3_ledger ledger;
	struct kl_lm3_result r;
	struct kl_lm3_sum *sum;
	struct kl_supplier s;
	struct kl_fault fault = {0};
	double mean = 12900 / 19500.0, local = 23 / 43.0;
	int rc;

	(void)state;
	kl_lm3_ledger_init(&ledger);
	strcpy(ledger.name, "made up");
	assert_int_equal(kl_area_parse("E08000033", NULL, &ledger.area), 0);
	ledger.payroll_local = 4000000;
	assert_int_equal(kl_lm3_sum_new(&ledger, NULL, &sum), 0);
	while ((rc = kl_suppliers_next(suppliers, &fault, &s)) == 1)
		assert_int_equal(kl_lm3_sum_add(sum, &s, &fault), 0);
	if (rc)
		fail_msg("%s", fault.message);
	assert_int_equal(kl_suppliers_rows(suppliers), 6);
	assert_int_equal(kl_suppliers_total(suppliers), 4500000);
	assert_int_equal(kl_sheet_notes(kl_suppliers_sheet(suppliers)), 0);
	assert_int_equal(kl_lm3_sum_result(sum, NULL, &r), 0);
	assert_int_equal(r.income, 8500000);
	assert_int_equal(r.suppliers, 5);
	assert_int_equal(r.round2.low, 6300000);
	assert_int_equal(r.round2.central, (int64_t)((63000 + 2000 * local) * 100 + 0.5));
	assert_int_equal(r.round2.high, 6500000);
	assert_int_equal(r.round3.low, 4030000);
	assert_int_equal(r.round3.high, 4580000);
	assert_int_equal(r.round3.central,
		(int64_t)((40300 + (3500 + 2000 * local) * mean + 2000 * (1 - local) * 0.05) * 100 +
			  0.5));
	assert_int_equal(r.rating, KL_LM3_GREEN);
	kl_lm3_sum_destroy(sum);
	kl_suppliers_close(suppliers);
}

static void every_column_is_read(void **state)
{
	struct kl_suppliers *suppliers =
		open_ok(temp_text("Contact Name\tspend\tSUPPLIER\tplace\tlocal\tsector\t"
				  "respent locally %\temail\tOur ref\n"
				  "Ada\t-£20.50\tTwo \"\n"
				  "\n"
				  "Ada\t20\t\"Wem\n Bakery\"\tHX1 5LA\tNo\tVCSE\t"
				  "45 %\tada\tx\n"
				  "\t40\tB\n"));
	struct kl_supplier s;

	(void)state;
	assert_int_equal(kl_suppliers_next(suppliers, NULL, &s), 1);
	assert_string_equal(s.name, "Two \"");
	assert_int_equal(s.spend, -2050);
	assert_int_equal(s.where, KL_WHERE_UNKNOWN);
	assert_false(s.answered);
	assert_int_equal(kl_suppliers_next(suppliers, NULL, &s), 1);
	assert_string_equal(s.name, "Wem Bakery");
	assert_string_equal(s.contact, "Ada");
	assert_string_equal(s.place, "HX1 5LA");
	assert_int_equal(s.where, KL_WHERE_ELSEWHERE);
	assert_int_equal(s.sector, KL_SECTOR_VOLUNTARY);
	assert_true(s.answered && s.respent == 0.45);
	assert_int_equal(kl_suppliers_next(suppliers, NULL, &s), 1);
	assert_int_equal(kl_suppliers_next(suppliers, NULL, &s), 0);
	assert_int_equal(kl_suppliers_next(suppliers, NULL, &s), 0);
	assert_int_equal(kl_sheet_notes(kl_suppliers_sheet(suppliers)), 2);
	assert_string_equal(kl_sheet_note(kl_suppliers_sheet(suppliers), 0),
		"column 'Our ref' is not known and is not read");
	assert_string_equal(
		kl_sheet_note(kl_suppliers_sheet(suppliers), 1), "1 e-mail address has no @");
	kl_suppliers_close(suppliers);
}

/* They are kept with the place, where a radius finds them. */
static void coordinates_are_read(void **state)
{
	struct kl_suppliers *suppliers =
		open_ok(temp_text("supplier,spend,place,lat,lng\nA,1,HX1 5LA,53.7214,-1.8635\n"
				  "B,1,,50.8,-1.90\nC,1,HX1,,\n"));
	struct kl_supplier s;

	(void)state;
	assert_int_equal(kl_suppliers_next(suppliers, NULL, &s), 1);
	assert_string_equal(s.place, "HX1 5LA (53.7214,-1.8635)");
	assert_int_equal(kl_suppliers_next(suppliers, NULL, &s), 1);
	assert_string_equal(s.place, "50.8,-1.9");
	assert_int_equal(kl_suppliers_next(suppliers, NULL, &s), 1);
	assert_string_equal(s.place, "HX1");
	kl_suppliers_close(suppliers);
}

/* The message after the name of the file, and the hint. */
static void refused(const char *text, int code, const char *message, const char *hint)
{
	const char *path = temp_text(text);
	struct kl_fault fault = {0};
	struct kl_suppliers *suppliers = NULL;
	struct kl_supplier s;
	int rc = kl_suppliers_open(path, NULL, &fault, &suppliers);

	while (rc >= 0 && (rc = kl_suppliers_next(suppliers, &fault, &s)) == 1)
		continue;
	kl_suppliers_close(suppliers);
	assert_int_equal(rc, code);
	assert_int_equal(fault.code, code);
	assert_memory_equal(fault.message, path, strlen(path));
	assert_string_equal(fault.message + strlen(path), message);
	assert_string_equal(fault.hint, hint);
}

#define READABLE                                                                                   \
	"columns that can be read: supplier, contact, email, spend, place, local, sector, "        \
	"respent_locally, latitude, longitude"

static void what_cannot_be_read_is_named(void **state)
{
	(void)state;
	refused("supplier,spend,latitude,longitude\nA,1,-1.86,53.72\n", KL_E_MALFORMED,
		", line 2, column 'latitude': found '-1.86', expected a latitude such as 53.72; it "
		"seems "
		"to be exchanged with the longitude",
		"");
	refused("supplier,spend,latitude,longitude\nA,1,53.72,\n", KL_E_MALFORMED,
		", line 2, column 'longitude': found nothing, expected degrees east of Greenwich "
		"such as "
		"-1.86, beside a latitude",
		"");
	refused("supplier,spend,latitude,longitude\nA,1,north,-1\n", KL_E_MALFORMED,
		", line 2, column 'latitude': found 'north', expected degrees north of the equator "
		"such "
		"as 53.72, beside a longitude",
		"");
	refused("name,town\nA,Halifax\n", KL_E_MALFORMED,
		": column missing: spend; found: name, town", READABLE);
	refused("Report for 2016\n", KL_E_MALFORMED,
		": column missing: supplier, spend; found: Report for 2016", READABLE);
	refused("", KL_E_MALFORMED, ": is empty", READABLE);
	refused("supplier,spend\n\n,\n", KL_E_MALFORMED, ": has no suppliers below its header", "");
	refused("supplier,amount,value\nA,1,2\n", KL_E_MALFORMED,
		": columns 'amount' and 'value' both mean spend", "");
	refused("supplier,spend\nA,12,,\nB,£1,234.50\nC,5\nD,7,8\n", KL_E_MALFORMED,
		", line 3: found 3 cells, expected the 2 of the header; what has a comma in it "
		"stands in quotes, such as \"1,234.50\"",
		"also to be put right: line 5");
	refused("supplier,Net Amount\nA,12\nB,abc\nC,5\n", KL_E_MALFORMED,
		", line 3, column 'Net Amount': found 'abc', expected an amount in pounds such as "
		"1,234.56 "
		"or -20",
		"");
	refused("supplier,spend\nA,\n", KL_E_MALFORMED,
		", line 2, column 'spend': found nothing, expected an amount in pounds such as "
		"1,234.56 or "
		"-20",
		"");
	refused("supplier,spend\n,5\n", KL_E_MALFORMED,
		", line 2, column 'supplier': found nothing, expected the name of a supplier", "");
	refused("supplier,spend,local\nA,5,maybe\n", KL_E_MALFORMED,
		", line 2, column 'local': found 'maybe', expected yes, no or unknown", "");
	refused("supplier,spend,sector\nA,5,alien\n", KL_E_MALFORMED,
		", line 2, column 'sector': found 'alien', expected voluntary, social enterprise, "
		"small, "
		"large, public or nothing",
		"");
	refused("supplier,spend,respent\nA,5,450\n", KL_E_MALFORMED,
		", line 2, column 'respent': found '450', expected a share such as 45% or 0.45, or "
		"nothing for no answer",
		"");
	refused("supplier,spend\nA,99999999999999\n", KL_E_RANGE,
		", line 2, column 'spend': found '99999999999999', expected at most a hundred "
		"billion pounds",
		"");
}

/* Reads a table to its end, which must be a good one, and its first note. */
static void comes_to(const char *text, uint32_t rows, int64_t pence, const char *note)
{
	struct kl_suppliers *suppliers = open_ok(temp_text(text));
	struct kl_fault fault = {0};
	struct kl_supplier s;
	int rc;

	while ((rc = kl_suppliers_next(suppliers, &fault, &s)) == 1)
		continue;
	if (rc)
		fail_msg("%s", fault.message);
	assert_int_equal(kl_suppliers_rows(suppliers), rows);
	assert_int_equal(kl_suppliers_total(suppliers), pence);
	assert_true(kl_sheet_notes(kl_suppliers_sheet(suppliers)) >= 1);
	assert_string_equal(kl_sheet_note(kl_suppliers_sheet(suppliers), 0), note);
	kl_suppliers_close(suppliers);
}

static void a_total_is_no_supplier(void **state)
{
	(void)state;
	comes_to("supplier,spend\nA,100\nB,200\n\nTotal,300\n", 2, 30000,
		"line 5 is the sum of the rows above it, and does not count");
	comes_to("supplier,spend\nA,1\nB,2\nSub-total,3\nC,4\nSubtotal,4\nGrand total:,7\n", 3, 700,
		"3 rows are sums of those above them, first line 4, and do not count");
	refused("supplier,spend\nA,100\nB,200\nTotal,301\n", KL_E_MALFORMED,
		", line 4: 'Total' seems to be the sum of the rows above, but says £301, and they "
		"come to £300",
		"take that row out; a supplier called so is written with its full name");
	comes_to("supplier,spend,note\nTotal Fuel Ltd,5\n", 1, 500,
		"column 'note' is not known and is not read");
}

/* As formulas leave them; rounded, they come to a penny less than their sum. */
static void fractions_of_a_penny_are_rounded(void **state)
{
	(void)state;
	comes_to("supplier,spend\nA,12.345678\nB,0.335\nC,2\n", 3, 1235 + 34 + 200,
		"2 amounts have fractions of a penny, and were rounded");
	comes_to("supplier,spend\nA,0.004\nB,0.004\nC,0.004\nTotal,0.012\n", 3, 0,
		"line 5 is the sum of the rows above it, and does not count");
	refused("supplier,spend\nA,-\n", KL_E_MALFORMED,
		", line 2, column 'spend': found '-', expected an amount in pounds such as "
		"1,234.56 or -20",
		"");
}

static void other_bad_rows_are_told_at_once(void **state)
{
	(void)state;
	refused("supplier,spend\nA,x\nB,1\nC,y\n", KL_E_MALFORMED,
		", line 2, column 'spend': found 'x', expected an amount in pounds such as "
		"1,234.56 or -20",
		"also to be put right: line 4");
	refused("supplier,spend\nA,x\nA,x\nA,x\nA,x\nA,x\nA,x\nA,x\nA,x\nA,x\nA,x\nA,x\n",
		KL_E_MALFORMED,
		", line 2, column 'spend': found 'x', expected an amount in pounds such as "
		"1,234.56 or -20",
		"also to be put right: lines 3, 4, 5, 6, 7, 8, 9, 10 and 2 more");
}

static void a_negative_total_is_refused(void **state)
{
	(void)state;
	refused("supplier,spend\nA,10\nB,(40)\n", KL_E_INVALID,
		": all suppliers together come to -£30",
		"invoices are positive and credit notes negative: check the signs");
}

/* Whatever stands in a file, the reader ends, and what it lets through is sound. */
static void anything_may_stand_in_a_file(void **state)
{
	static const char pieces[][12] = {"supplier", "spend", "local", ",", ",", ";", "\t", "\n",
		"\n", "\r\n", "\"", "\"\"", "yes", "45%", "12.50", "-3", "£1,000", "A Ltd",
		"Caf\xe9", "é", "\xc3", "\x90", " ", "'=1", "\xef\xbb\xbf", "respent"};
	uint32_t seed = 20161123;

	(void)state;
	for (int round = 0; round < 1500; round++) {
		struct kl_suppliers *suppliers = NULL;
		uint32_t first = seed;
		char text[800] = "";
		struct kl_fault fault = {0};
		struct kl_supplier s;
		int rc;

		if (round % 2)
			strcpy(text, "supplier,spend,local,respent\n");
		for (int i = 0; i < 40; i++) {
			seed = seed * 1664525u + 1013904223u;
			strcat(text, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
		}
		rc = kl_suppliers_open(temp_text(text), NULL, &fault, &suppliers);
		while (!rc && (rc = kl_suppliers_next(suppliers, &fault, &s)) == 1)
			if ((rc = kl_supplier_check(&s, &fault)))
				fail_msg("seed %u: %s", first, fault.message);
		if (rc > 0 || (rc < 0 && (!fault.message[0] || fault.code != rc)))
			fail_msg("seed %u: %d %s", first, rc, fault.message);
		kl_suppliers_close(suppliers);
	}
}

static void shares_and_words(void **state)
{
	static const struct {
		const char *text;
		double share;
	} good[] = {{"0.45", 0.45}, {"45%", 0.45}, {"45 %", 0.45}, {"0", 0}, {"1", 1}, {"100%", 1},
		{".5", 0.5}, {"0%", 0}};
	static const char *const bad[] = {"", "45", "1.1", "101%", "-0.1", "half", "0.4.5", "%",
		".", "1e-3", "0x1", "nan", "50%%", "00000000000000000000.5"};
	enum kl_where where = KL_WHERE_UNKNOWN;
	enum kl_sector sector = KL_SECTOR_UNKNOWN;
	double share = 7;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (kl_share_parse(bad[i], &share) != KL_E_INVALID || share != 7)
			fail_msg("'%s' was taken", bad[i]);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(kl_share_parse(good[i].text, &share), 0);
		assert_true(share == good[i].share);
	}
	assert_int_equal(kl_local_parse("Y", &where), 0);
	assert_int_equal(where, KL_WHERE_LOCAL);
	assert_int_equal(kl_local_parse("Non-local", &where), 0);
	assert_int_equal(where, KL_WHERE_ELSEWHERE);
	assert_int_equal(kl_local_parse("n/a", &where), 0);
	assert_int_equal(where, KL_WHERE_UNKNOWN);
	assert_int_equal(kl_sector_parse("Social Enterprise", &sector), 0);
	assert_int_equal(sector, KL_SECTOR_SOCIAL);
	assert_int_equal(kl_sector_parse("public sector", &sector), 0);
	assert_int_equal(sector, KL_SECTOR_PUBLIC);
	assert_int_equal(kl_sector_parse("", &sector), 0);
	assert_int_equal(sector, KL_SECTOR_UNKNOWN);
	/* Every name that the program prints for a sector can be typed. */
	for (int i = 0; i < KL_SECTOR_COUNT; i++) {
		assert_int_equal(kl_sector_parse(kl_sector_name((enum kl_sector)i), &sector), 0);
		assert_int_equal(sector, i);
	}
}

static void rows_go_out_in_parts(void **state)
{
	enum { N = 3000 };
	char *text = malloc(N * 32 + 64), *to = text;
	struct kl_suppliers *suppliers;
	struct kl_fault fault = {0};
	struct kl_writer w;
	uint32_t rows = 0, parts = 0;
	int rc;

	(void)state;
	assert_non_null(text);
	to += sprintf(to, "supplier,spend\n");
	for (int i = 0; i < N; i++)
		to += sprintf(to, "Made-up supplier %d,%d\n", i, i);
	suppliers = open_ok(temp_text(text));
	free(text);
	kl_writer_init(&w);
	while ((rc = kl_suppliers_part(suppliers, &w, &fault)) == 1) {
		struct kl_cursor cursor;
		struct kl_bytes bytes;
		struct kl_value row;
		struct kl_supplier s;

		assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
		assert_int_equal(kl_part_open(bytes, &cursor), 0);
		for (; kl_cursor_next(&cursor, &row); rows++) {
			assert_int_equal(kl_doc_supplier_decode(&row, &s), 0);
			assert_int_equal(s.spend, rows * 100);
		}
		parts++;
		kl_writer_reset(&w);
	}
	assert_int_equal(rc, 0);
	assert_int_equal(rows, N);
	assert_true(parts > 1);
	assert_int_equal(kl_suppliers_part(suppliers, &w, &fault), 0);
	kl_writer_deinit(&w);
	kl_suppliers_close(suppliers);
	suppliers = open_ok(temp_text("supplier,spend\nA,x\n"));
	kl_writer_init(&w);
	assert_int_equal(kl_suppliers_part(suppliers, &w, &fault), KL_E_MALFORMED);
	kl_writer_deinit(&w);
	kl_suppliers_close(suppliers);
}

static int remove_file(void **state)
{
	(void)state;
	temp_file(NULL, 0);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_becomes_a_range),
		cmocka_unit_test(every_column_is_read),
		cmocka_unit_test(coordinates_are_read),
		cmocka_unit_test(what_cannot_be_read_is_named),
		cmocka_unit_test(a_total_is_no_supplier),
		cmocka_unit_test(fractions_of_a_penny_are_rounded),
		cmocka_unit_test(other_bad_rows_are_told_at_once),
		cmocka_unit_test(a_negative_total_is_refused),
		cmocka_unit_test(anything_may_stand_in_a_file),
		cmocka_unit_test(shares_and_words),
		cmocka_unit_test(rows_go_out_in_parts),
	};

	return cmocka_run_group_tests(tests, NULL, remove_file);
}
