/* Spending files as councils publish them: what is read of them, and what is said of those that cannot
 * be. */
#include "client/csv.h"
#include "client/places_file.h"
#include "client/spend_columns.h"
#include "client/spend_file.h"
#include "client/text_numbers.h"
#include "core/money.h"
#include "protocol/doc_spend.h"
#include "tests/unit/tempfile.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEEN_MAX = 40 };

/* Everything that came out of a file. */
struct seen {
	size_t texts, payments, rejected;
	char text[SEEN_MAX][KL_SPEND_TEXT_MAX];
	struct kl_payment payment[SEEN_MAX];
	char reference[SEEN_MAX][KL_SPEND_REFERENCE_MAX];
	struct kl_rejected reject[SEEN_MAX];
	int64_t pence, rejected_pence;
	struct kl_spend_read read;
	char amount[64], dates[64];
	unsigned notes;
};

static struct seen seen;

static void look_at(const struct kl_value *block)
{
	struct kl_spend_view view;
	struct kl_payment p;

	assert_int_equal(kl_spend_view_open(block, &view), 0);
	while (kl_spend_view_text(&view, seen.text[seen.texts % SEEN_MAX]) == 1)
		seen.texts++;
	while (kl_spend_view_payment(&view, &p) == 1) {
		size_t i = seen.payments++ % SEEN_MAX;

		assert_int_equal(kl_payment_check(&p, (uint32_t)seen.texts), 0);
		seen.payment[i] = p;
		snprintf(seen.reference[i], KL_SPEND_REFERENCE_MAX, "%.*s", (int)p.reference_len,
			p.reference);
		seen.pence += p.pence;
	}
	while (kl_spend_view_rejected(&view, &seen.reject[seen.rejected % SEEN_MAX]) == 1)
		seen.rejected_pence += seen.reject[seen.rejected++ % SEEN_MAX].pence;
}

static int read_parts(struct kl_spend_reader *reader, struct kl_fault *fault)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_cursor blocks;
	struct kl_value block;
	int rc;

	kl_writer_init(&w);
	while ((rc = kl_spend_reader_part(reader, &w, fault)) == 1) {
		assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
		assert_int_equal(kl_part_open(bytes, &blocks), 0);
		while (kl_cursor_next(&blocks, &block))
			look_at(&block);
		kl_writer_reset(&w);
	}
	kl_writer_deinit(&w);
	return rc;
}

static int read_file(
	const char *path, const struct kl_spend_options *options, struct kl_fault *fault)
{
	static const struct kl_spend_options none;
	struct kl_spend_reader *reader;
	int rc = kl_spend_reader_open(path, options ? options : &none, fault, &reader);

	memset(&seen, 0, sizeof seen);
	if (rc)
		return rc;
	rc = read_parts(reader, fault);
	seen.read = kl_spend_reader_read(reader);
	seen.notes = kl_sheet_notes(kl_spend_reader_sheet(reader));
	snprintf(seen.amount, sizeof seen.amount, "%s", kl_spend_reader_amount(reader));
	snprintf(seen.dates, sizeof seen.dates, "%s", kl_spend_reader_dates(reader));
	kl_spend_reader_close(reader);
	return rc;
}

static void reads(const char *path, const struct kl_spend_options *options)
{
	struct kl_fault fault = {0};

	if (read_file(path, options, &fault))
		fail_msg("%s (%s)", fault.message, fault.hint);
	assert_int_equal(seen.read.rows, seen.payments + seen.rejected);
	assert_int_equal(seen.read.rejected, seen.rejected);
	assert_int_equal(seen.read.pence, seen.pence + seen.rejected_pence);
}

static void rejected(
	size_t index, uint32_t line, enum kl_reject reason, bool has_pence, int64_t pence)
{
	const struct kl_rejected *r = &seen.reject[index];

	assert_true(index < seen.rejected);
	if (r->line != line || r->reason != reason || r->has_pence != has_pence ||
		r->pence != pence)
		fail_msg("row %zu: line %u, %s, %lld ('%s')", index, r->line,
			kl_reject_text(r->reason), (long long)r->pence, r->said);
}

/* Titles, the header in line 4, encodings, signs, blank rows by the ten thousand, totals between and
 * at the end, a remark, a row without quotes round its comma. */
static void a_file_as_it_really_is(void **state)
{
	static char text[300000];
	size_t n = (size_t)snprintf(text, sizeof text,
		"Example Borough Council,,,,,,\r\nPayments over \xa3"
		"500, April 2016,,,,,\r\n\r\n"
		"Directorate,Vendor Name ,Paid Date,Amount (\xa3),VAT,Gross,Payment Ref,,\r\n"
		"Adults,Example Care Ltd,13/04/2016,\"(1,234.56)\",,9,R1,,\r\n"
		"Adults,Example Care Ltd,01/04/2016,\"\xa3 2,000.00\",,,R2,,\r\n"
		"Adults,The Caf\xe9 & Co,02/04/2016,\"1,000.10-\",,,,,\r\n"
		"Adults,REDACTED PERSONAL DATA,03/04/2016,500.00 CR,,,,,\r\n"
		"Adults,Redactive Example Ltd,03/04/2016,700.00 DR,,,,,\r\n"
		"Adults Total,,,-34.66,,,,,\r\n"
		"Directorate,Vendor Name,Paid Date,Amount (\xa3),VAT,Gross,Payment Ref,,\r\n"
		"Kids,Total Example Energy Ltd,04/04/2016,100,,,,,\r\n"
		"Kids,Nobody,notadate,100,,,,,\r\n"
		"Kids,,05/04/2016,50,,,,,\r\n"
		"Kids,Someone,05/04/2016,abc,,,,,\r\n"
		"Kids,Someone,05/04/2016,,,,,,\r\n"
		"Kids,Someone,,12.50,,,,,\r\n"
		"Kids,Comma,05/04/2016,1,250.00,,,,7,8\r\n"
		"Kids,Example Stranger,05/04/2016,1,,,,,\r\n"
		",,,101.00,,,,,\r\n");

	(void)state;
	for (int i = 0; i < 20000; i++) {
		memcpy(text + n, ",,,,,,,,\r\n", 10);
		n += 10;
	}
	n += (size_t)snprintf(text + n, sizeof text - n,
		"Grand Total,,,66.34,,,,,\r\nPublished under the code,,,,,,,,\r\n");
	reads(temp_file(text, n), NULL);
	assert_string_equal(seen.amount, "Amount (£)");
	assert_string_equal(seen.dates, "day first, as the file's dates say");
	assert_int_equal(seen.payments, 7);
	assert_int_equal(seen.pence, -123456 + 200000 - 100010 - 50000 + 70000 + 10000 + 100);
	assert_int_equal(seen.payment[0].line, 5);
	assert_string_equal(seen.reference[1], "R2");
	assert_string_equal(seen.text[seen.payment[2].supplier - 1], "The Café & Co");
	assert_string_equal(seen.text[seen.payment[2].department - 1], "Adults");
	assert_int_equal(seen.payment[1].supplier, seen.payment[0].supplier);
	rejected(0, 10, KL_REJECT_TOTAL, true, -3466);
	rejected(1, 11, KL_REJECT_HEADER, false, 0);
	rejected(2, 13, KL_REJECT_BAD_DATE, true, 10000);
	rejected(3, 14, KL_REJECT_NO_SUPPLIER, true, 5000);
	rejected(4, 15, KL_REJECT_BAD_AMOUNT, false, 0);
	rejected(5, 16, KL_REJECT_NO_AMOUNT, false, 0);
	rejected(6, 17, KL_REJECT_NO_DATE, true, 1250);
	rejected(7, 18, KL_REJECT_SHIFTED, false, 0);
	rejected(8, 20, KL_REJECT_TOTAL, true,
		10100); /* nothing says so, but it is the sum since the last */
	rejected(9, 20021, KL_REJECT_TOTAL, true, 6634);
	rejected(10, 20022, KL_REJECT_REMARK, false, 0);
	assert_int_equal(seen.rejected, 11);
	assert_string_equal(seen.reject[2].said, "Kids | Nobody | notadate | 100");
}

static void the_order_of_dates_is_that_of_the_file(void **state)
{
	struct kl_spend_options said = {.has_order = true, .order = KL_DATES_DMY};

	(void)state;
	reads(temp_text("Supplier,Amount,Date\nA,1,04/12/2016\nB,2,4/13/2016\n"), NULL);
	assert_string_equal(seen.dates, "month first, as the file's dates say");
	assert_int_equal(seen.payment[0].day, kl_day_from(2016, 4, 12));
	reads(temp_text("Supplier,Amount,Date\nA,1,04/12/2016\nB,2,13/4/2016\n"), NULL);
	assert_int_equal(seen.payment[0].day, kl_day_from(2016, 12, 4));
	reads(temp_text("Supplier,Amount,Date\nA,1,04/12/2016\nB,2,5/4/2016\n"), &said);
	assert_string_equal(seen.dates, "day first, as was said");
	reads(temp_text("Supplier,Amount,Date\nA,1,07/07/2016\nB,2,13-Nov-2012\n"), NULL);
	reads(temp_text("Supplier,Amount,Date\nA,1,4/13/2016\nB,2,13/4/2016\n"), &said);
	assert_int_equal(seen.payments, 1);
	rejected(0, 2, KL_REJECT_BAD_DATE, true, 100);
	said.order = KL_DATES_YMD;
	reads(temp_text("Supplier,Amount,Date\nA,1,12/11/13\n"), &said);
	assert_int_equal(seen.payment[0].day, kl_day_from(2012, 11, 13));
}

static void refused(const char *text, const char *message, const char *hint)
{
	const char *path = temp_text(text);
	struct kl_fault fault = {0};

	assert_int_equal(read_file(path, NULL, &fault), KL_E_MALFORMED);
	assert_memory_equal(fault.message, path, strlen(path));
	assert_string_equal(fault.message + strlen(path), message);
	if (hint)
		assert_string_equal(fault.hint, hint);
}

static void what_cannot_be_told_is_asked(void **state)
{
	(void)state;
	refused("Supplier,Amount,Date\nA,1,04/12/2016\nB,2,5/4/2016\n",
		": no date tells whether '04/12/2016' is day first or month first",
		"say which: --dates dmy (day first) or --dates mdy");
	refused("Supplier,Amount,Date\nA,1,4/13/2016\nB,2,13/4/2016\n",
		": line 2 says '4/13/2016' and line 3 '13/4/2016': one is day first and the other "
		"month first",
		NULL);
	refused("Supplier,Amount\nA,1\n", ": no column says when was paid",
		"say of which month it is: --month 2016-04");
	refused("a,b,c\n1,2,3\n", ": column missing: supplier name, net amount; found: a, b, c",
		NULL);
	refused("Supplier,Amount,Date\n", ": has no payment below its header", "");
	refused("Supplier,Amount,Date\nA,x,2016-04-01\n", ": has no payment below its header",
		"line 2: the amount cannot be read; read were the columns 'Supplier', 'Amount' and "
		"'Date'");
}

static void a_month_stands_for_dates_that_are_not_there(void **state)
{
	struct kl_spend_options month = {.has_day = true, .day = kl_day_from(2016, 4, 1)};

	(void)state;
	reads(temp_text("Supplier,Amount\nA,1\nTotal,1\n"), &month);
	assert_int_equal(seen.payments, 1);
	assert_int_equal(seen.payment[0].day, kl_day_from(2016, 4, 1));
	rejected(0, 3, KL_REJECT_TOTAL, true, 100);
}

static void the_amount_without_vat_is_taken(void **state)
{
	(void)state;
	reads(temp_text("Gross Amount,VAT,Net Amount,Supplier,Supplier ID (T),Date\n"
			"120,20,100,A,77,2016-04-01\n"),
		NULL);
	assert_string_equal(seen.amount, "Net Amount");
	assert_int_equal(seen.pence, 10000);
	assert_string_equal(seen.text[seen.payment[0].supplier - 1], "A");
	assert_string_equal(kl_spend_amount_kind("Net Amount £"), "without VAT");
	assert_string_equal(kl_spend_amount_kind("Total (excludes VAT)"), "without VAT");
	assert_string_equal(kl_spend_amount_kind("Gross"), "with VAT");
	assert_string_equal(kl_spend_amount_kind("Amount"), "");
}

/* Debits and credits may stand in a column of their own. */
static void a_column_may_say_what_is_a_credit(void **state)
{
	(void)state;
	reads(temp_text("Supplier,Date,Amount,Dr/Cr\nA,2016-04-13,100,DR\nB,2016-04-14,60,CR\n"
			"C,2016-04-14,-7,Credit\nD,2016-04-14,1,\nE,2016-04-14,2,maybe\n"),
		NULL);
	assert_int_equal(seen.payments, 4);
	assert_int_equal(seen.pence, 10000 - 6000 - 700 + 100);
	rejected(0, 6, KL_REJECT_BAD_AMOUNT, false, 0);
	assert_int_equal(seen.notes, 1);
}

/* A total may come with a date; a firm that is called so is a firm unless the sum is right, too. */
static void totals_may_be_dated(void **state)
{
	(void)state;
	reads(temp_text("Supplier,Amount,Date\nA,10,2016-04-13\nB,20,2016-04-13\n"
			"Total for April,30,2016-04-30\nTotal Example Energy Ltd,5,2016-04-30\n"
			"Example Total,6,2016-04-30\nSub-total,11,2016-04-30\n"),
		NULL);
	assert_int_equal(seen.payments, 4);
	rejected(0, 4, KL_REJECT_TOTAL, true, 3000);
	rejected(1, 7, KL_REJECT_TOTAL, true, 1100);
}

static void what_is_no_file_is_refused(void **state)
{
	struct kl_fault fault = {0};
	const char *path = temp_text("x");

	(void)state;
	assert_int_equal(read_file("-", NULL, &fault), KL_E_USAGE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(read_file(path, NULL, &fault), KL_E_USAGE);
	assert_string_equal(fault.hint, "save it in a file and give its path");
}

/* More than one part, more than one number of a text, and fractions of a penny. */
static void a_long_file_comes_in_parts(void **state)
{
	static char text[1 << 20];
	size_t n = (size_t)snprintf(text, sizeof text, "Supplier,Amount,Date,Ref\n");

	(void)state;
	for (int i = 0; i < 20000; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
			"Example %d Ltd,%d.%02d,2016-04-%02d,R%d\n", i % 700, i, i % 100,
			i % 30 + 1, i);
	n += (size_t)snprintf(text + n, sizeof text - n, "Z,0.3349999999,2016-04-01,\n");
	reads(temp_file(text, n), NULL);
	assert_int_equal(seen.payments, 20001);
	assert_int_equal(seen.texts, 701);
	assert_int_equal(seen.read.rounded, 1);
	assert_int_equal(seen.pence, 19999 * 10000 * 100LL + 200 * 4950 + 33);
}

/* A thousand dates that need no order come first: what then needs one says it, or is asked about. */
static void an_order_may_be_needed_late(void **state)
{
	static char text[100000];
	struct kl_fault fault = {0};
	size_t n = (size_t)snprintf(text, sizeof text, "Supplier,Amount,Date\n");

	(void)state;
	for (int i = 0; i < 1500; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "A,1,%02d-Nov-2012\n", i % 30 + 1);
	snprintf(text + n, sizeof text - n, "B,1,4/13/2016\nC,1,4/12/2016\n");
	reads(temp_text(text), NULL);
	assert_int_equal(seen.payment[1501 % SEEN_MAX].day, kl_day_from(2016, 4, 12));
	snprintf(text + n, sizeof text - n, "B,1,4/12/2016\nC,1,4/11/2016\nD,1,13/4/2016\n");
	reads(temp_text(text), NULL);
	assert_int_equal(seen.payment[1500 % SEEN_MAX].day, kl_day_from(2016, 12, 4));
	assert_string_equal(seen.dates, "day first, as the file's dates say");
	snprintf(text + n, sizeof text - n, "B,1,4/12/2016\n");
	assert_int_equal(read_file(temp_text(text), NULL, &fault), KL_E_MALFORMED);
	assert_string_equal(fault.hint, "say which: --dates dmy (day first) or --dates mdy");
}

/* A byte that nobody can read costs a letter of a name, not the file. */
static void odd_bytes_are_forgiven(void **state)
{
	(void)state;
	reads(temp_text("Supplier,Amount,Date\nA\x81"
			"B \x93"
			"C\x94,5,2016-04-01\nD\x07,6,2016-04-01\nE,7,2016-04-01\n"),
		NULL);
	assert_int_equal(seen.payments, 3);
	assert_string_equal(seen.text[0], "A?B “C”");
	assert_string_equal(seen.text[1], "D?");
	assert_int_equal(seen.notes, 1);
}

static void texts_are_numbered_once(void **state)
{
	struct kl_text_numbers numbers;
	char text[16];
	uint32_t number;
	bool is_new;

	(void)state;
	assert_int_equal(kl_text_numbers_init(&numbers), 0);
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 1; i <= 9000; i++) {
			snprintf(text, sizeof text, "%u", i * 7919);
			assert_int_equal(kl_text_number(&numbers, text, 9000, &number, &is_new), 0);
			assert_int_equal(number, i);
			assert_int_equal(kl_text_number_there(&numbers, text), i);
			assert_int_equal(is_new, !round);
		}
	assert_int_equal(
		kl_text_number(&numbers, "one more", 9000, &number, &is_new), KL_E_TOO_BIG);
	assert_int_equal(kl_text_number_there(&numbers, "one more"), 0);
	kl_text_numbers_deinit(&numbers);
}

static void places_are_read(void **state)
{
	struct kl_places_file *file;
	struct kl_fault fault = {0};
	struct kl_place p;

	(void)state;
	assert_int_equal(kl_places_file_open(temp_text("Supplier Name;Postcode;Sector;Size;Local\n"
						       "A;HX1 1AA;VCSE;SME;\nB;;;;no\n"),
				 NULL, &fault, &file),
		0);
	assert_int_equal(kl_places_file_next(file, &fault, &p), 1);
	assert_string_equal(p.place, "HX1 1AA");
	assert_int_equal(p.sector, KL_SECTOR_VOLUNTARY);
	assert_int_equal(p.size, KL_SIZE_MEDIUM);
	assert_int_equal(kl_places_file_next(file, &fault, &p), 1);
	assert_int_equal(p.where, KL_WHERE_ELSEWHERE);
	assert_int_equal(kl_places_file_next(file, &fault, &p), 0);
	kl_places_file_close(file);
	assert_int_equal(kl_places_file_open(temp_text("Supplier,Town,Post Code\nA,Halifax,HX1\n"),
				 NULL, &fault, &file),
		0);
	assert_int_equal(kl_places_file_next(file, &fault, &p), 1);
	assert_string_equal(p.place, "HX1");
	kl_places_file_close(file);
	assert_int_equal(
		kl_places_file_open(temp_text("Supplier,Colour\nA,red\n"), NULL, &fault, &file),
		KL_E_MALFORMED);
	assert_string_equal(fault.hint,
		"columns that can be read: supplier, place or postcode, local, sector, size");
	assert_int_equal(kl_places_file_open(
				 temp_text("Supplier,Size\nA,huge\nB,big\n"), NULL, &fault, &file),
		0);
	assert_int_equal(kl_places_file_next(file, &fault, &p), KL_E_MALFORMED);
	assert_string_equal(fault.hint, "also to be put right: line 3");
	kl_places_file_close(file);
}

/* ---- the spellings of eighteen publishers, where they are at hand ---------------------------- */

static bool known_as(const char *header, const char *wanted)
{
	static const struct {
		const char *field;
		enum kl_spend_column columns[2];
	} fields[] = {{"Amount", {KL_SPEND_COL_AMOUNT, KL_SPEND_COL_AMOUNT}},
		{"Beneficiary Name", {KL_SPEND_COL_SUPPLIER, KL_SPEND_COL_SUPPLIER}},
		{"Payment Date", {KL_SPEND_COL_DATE, KL_SPEND_COL_DATE}},
		{"Organisation Label", {KL_SPEND_COL_BODY, KL_SPEND_COL_BODY}},
		/* some publishers' units are what was bought */
		{"Organisational Unit", {KL_SPEND_COL_DEPARTMENT, KL_SPEND_COL_CATEGORY}}};
	char text[200];
	struct kl_sheet *sheet;
	bool found = false;

	for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
		if (strcmp(fields[f].field, wanted) != 0)
			continue;
		snprintf(text, sizeof text, "%s,\"%s\"\n%s\n", "", header, "1,2");
		for (int i = 0; i < 2 && !found; i++) {
			struct kl_column column = kl_spend_columns[fields[f].columns[i]];

			column.required = true;
			found = !kl_sheet_open(temp_text(text), NULL, &column, 1, NULL, &sheet);
			if (found)
				kl_sheet_close(sheet);
		}
		return found;
	}
	return true; /* numbers in registers are not read */
}

static void published_headers_are_known(void **state)
{
	static struct kl_csv_row row;
	struct kl_csv *csv;
	size_t count = 0;
	glob_t list;

	(void)state;
	if (glob(KL_TESTS_DATA_DIR "/../../../../*/reference/data/spend_column_aliases.csv", 0,
		    NULL, &list)) {
		print_message("# skipped: the list of published headers is not at hand\n");
		return;
	}
	assert_int_equal(kl_csv_open(list.gl_pathv[0], NULL, &csv), 0);
	globfree(&list);
	assert_int_equal(kl_csv_next(csv, &row, NULL), 1);
	while (kl_csv_next(csv, &row, NULL) == 1) {
		assert_int_equal(row.count, 3);
		if (!known_as(row.cells[1], row.cells[0]))
			fail_msg("'%s' of %s is no %s", row.cells[1], row.cells[2], row.cells[0]);
		count++;
	}
	kl_csv_close(csv);
	assert_int_equal(count, 216);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_as_it_really_is),
		cmocka_unit_test(the_order_of_dates_is_that_of_the_file),
		cmocka_unit_test(what_cannot_be_told_is_asked),
		cmocka_unit_test(a_month_stands_for_dates_that_are_not_there),
		cmocka_unit_test(the_amount_without_vat_is_taken),
		cmocka_unit_test(a_column_may_say_what_is_a_credit),
		cmocka_unit_test(totals_may_be_dated),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(a_long_file_comes_in_parts),
		cmocka_unit_test(an_order_may_be_needed_late),
		cmocka_unit_test(odd_bytes_are_forgiven),
		cmocka_unit_test(texts_are_numbered_once),
		cmocka_unit_test(places_are_read),
		cmocka_unit_test(published_headers_are_known),
	};

	return RUN(tests);
}
