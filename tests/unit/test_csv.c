/* Tables as people export them, and files that are none. */
#include "client/csv.h"
#include "client/csv_write.h"
#include "core/error.h"
#include "tests/unit/tempfile.h"

static struct kl_csv_row row;

static struct kl_csv *open_bytes(const void *bytes, size_t len)
{
	struct kl_fault fault = {0};
	struct kl_csv *csv = NULL;

	if (kl_csv_open(temp_file(bytes, len), &fault, &csv))
		fail_msg("%s", fault.message);
	return csv;
}

static struct kl_csv *open_text(const char *text)
{
	return open_bytes(text, strlen(text));
}

/* The next row must be on this line and have these cells, parted by |. */
static void expect(struct kl_csv *csv, uint32_t line, const char *cells)
{
	struct kl_fault fault = {0};
	char got[4096] = "";

	if (kl_csv_next(csv, &row, &fault) != 1)
		fail_msg("no row, expected %s: %s", cells, fault.message);
	for (unsigned i = 0; i < row.count; i++) {
		strcat(got, i ? "|" : "");
		strcat(got, row.cells[i]);
	}
	assert_string_equal(got, cells);
	assert_int_equal(row.line, line);
}

static void expect_end(struct kl_csv *csv)
{
	assert_int_equal(kl_csv_next(csv, &row, NULL), 0);
	kl_csv_close(csv);
}

static void lines_quotes_and_blanks(void **state)
{
	struct kl_csv *csv = open_text("a,b,c\r\n"
				       "1, 2 ,\"x, \"\"y\"\"\"\n"
				       "\n"
				       " \"q\" ,,\"two\r\nlines\"\r\n"
				       ",,\r"
				       "\"\",a\"b\",\xc2\xa0"
				       "z\xc2\xa0\n"
				       "last");

	(void)state;
	expect(csv, 1, "a|b|c");
	expect(csv, 2, "1|2|x, \"y\"");
	expect(csv, 3, "");
	assert_true(row.blank);
	expect(csv, 4, "q||two\nlines");
	expect(csv, 6, "||");
	assert_true(row.blank);
	expect(csv, 7, "|a\"b\"|z");
	expect(csv, 8, "last");
	expect_end(csv);
}

static void separators(void **state)
{
	struct kl_csv *csv = open_text("a;b,c;d\n1;2;3");

	(void)state;
	kl_csv_set_separator(csv, ';');
	expect(csv, 1, "a|b,c|d");
	expect(csv, 2, "1|2|3");
	expect_end(csv);
	csv = open_text("a\tb c\t\td\n");
	kl_csv_set_separator(csv, '\t');
	expect(csv, 1, "a|b c||d");
	expect_end(csv);
}

static void a_byte_order_mark_is_no_text(void **state)
{
	struct kl_csv *csv = open_text("\xef\xbb\xbf"
				       "Café,£\n");

	(void)state;
	expect(csv, 1, "Café|£");
	expect_end(csv);
}

/* Windows-1252 row by row: also in a file that mixes both, as merged exports do. */
static void windows_1252(void **state)
{
	struct kl_csv *csv = open_text("Caf\xe9,\xa3"
				       "5,\x80,\x96\n"
				       "Café,plain\n"
				       "\x93quoted\x94,\"Jos\xe9, Bar\"\n");

	(void)state;
	expect(csv, 1, "Café|£5|€|–");
	expect(csv, 2, "Café|plain");
	expect(csv, 3, "“quoted”|José, Bar");
	expect_end(csv);
}

static void its_undefined_bytes_are_named(void **state)
{
	static const unsigned char undefined[] = {0x81, 0x8d, 0x8f, 0x90, 0x9d};

	(void)state;
	for (size_t i = 0; i < sizeof undefined; i++) {
		char text[] = "name\nok,x?\nfine\n", expected[64];
		struct kl_fault fault = {0};
		struct kl_csv *csv;

		text[9] = (char)undefined[i];
		csv = open_text(text);
		expect(csv, 1, "name");
		assert_int_equal(kl_csv_next(csv, &row, &fault), KL_E_MALFORMED);
		snprintf(expected, sizeof expected, "line 2, column 2: the byte 0x%02X is neither",
			undefined[i]);
		assert_non_null(strstr(fault.message, expected));
		expect_end(csv); /* nothing follows an error */
	}
}

static void broken_utf8_is_not_let_through(void **state)
{
	/* Overlong, surrogate, beyond the last plane: as Windows-1252 they are readable or
	 * named. */
	struct kl_csv *csv = open_text("\xc0\xaf,\xed\xa0\x80,\xf4\x90\x80\x80\n");

	(void)state;
	assert_int_equal(kl_csv_next(csv, &row, NULL), KL_E_MALFORMED); /* 0x90 */
	kl_csv_close(csv);
	csv = open_text("bell\a\n");
	assert_int_equal(kl_csv_next(csv, &row, NULL), KL_E_MALFORMED);
	kl_csv_close(csv);
}

/* Spreadsheets and web pages leave them behind; two names that look the same are the same. */
static void what_nobody_sees_is_taken_out(void **state)
{
	struct kl_csv *csv = open_text("\xe2\x80\xae"
				       "drowssap,Exam\xe2\x80\x8bple\n");

	(void)state;
	expect(csv, 1, "drowssap|Example");
	expect_end(csv);
}

static void a_quote_that_never_closes(void **state)
{
	struct kl_csv *csv = open_text("a,b\n1,\"open\nand on\n");
	struct kl_fault fault = {0};

	(void)state;
	expect(csv, 1, "a|b");
	assert_int_equal(kl_csv_next(csv, &row, &fault), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "line 2: a quotation mark opens and never closes"));
	kl_csv_close(csv);
}

static void rows_and_columns_are_limited(void **state)
{
	enum { N = KL_CSV_ROW_MAX + 10 };
	char *big = malloc(2 * N);
	struct kl_fault fault = {0};
	struct kl_csv *csv;

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 2 * N);
	big[2 * N - 1] = '\n';
	csv = open_bytes(big, 2 * N);
	assert_int_equal(kl_csv_next(csv, &row, &fault), KL_E_TOO_BIG);
	assert_non_null(strstr(fault.message, "line 1: the row is longer than 64 KiB"));
	kl_csv_close(csv);
	memset(big, ',', KL_CSV_CELLS_MAX);
	csv = open_bytes(big, KL_CSV_CELLS_MAX - 1);
	assert_int_equal(kl_csv_next(csv, &row, &fault), 1);
	assert_int_equal(row.count, KL_CSV_CELLS_MAX);
	kl_csv_close(csv);
	csv = open_bytes(big, KL_CSV_CELLS_MAX);
	assert_int_equal(kl_csv_next(csv, &row, &fault), KL_E_TOO_BIG);
	assert_non_null(strstr(fault.message, "more than 1024 columns"));
	kl_csv_close(csv);
	free(big);
}

/* Half a megabyte in rows of many lengths: nothing is lost where one buffer ends and the next
 * begins. */
static void rows_across_buffers(void **state)
{
	enum { ROWS = 6000 };
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
				      "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
	char *text = malloc(ROWS * 120), *to = text, expected[160];
	struct kl_csv *csv;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < ROWS; i++)
		to += sprintf(to, "%d,\"%.*s\"\"\"\r\n", i, i % 97, letters);
	csv = open_bytes(text, (size_t)(to - text));
	for (int i = 0; i < ROWS; i++) {
		sprintf(expected, "%d|%.*s\"", i, i % 97, letters);
		expect(csv, (uint32_t)i + 1, expected);
	}
	expect_end(csv);
	free(text);
}

static void what_is_no_csv(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *said;
	} cases[] = {{"PK\3\4rest", 8, "cannot be read from a pipe"},
		{" <html>", 7, "is a web page or XML"},
		{"\xd0\xcf\x11\xe0\xa1\xb1", 6, "is an old spreadsheet"},
		{"%PDF-1.4", 8, "is a PDF"},
		{"\xff\xfe"
		 "a\0",
			4, "is UTF-16"},
		{"a,b\0c\n", 6, "is a binary file"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_fault fault = {0};
		struct kl_csv *csv = NULL;

		assert_int_equal(kl_csv_open(temp_file(cases[i].bytes, cases[i].len), &fault, &csv),
			KL_E_MALFORMED);
		assert_non_null(strstr(fault.message, cases[i].said));
		assert_non_null(strstr(fault.hint, i ? "CSV UTF-8" : "the name of the file"));
		assert_null(csv);
	}
}

static void files_that_cannot_be_opened(void **state)
{
	struct kl_fault fault = {0};
	struct kl_csv *csv = NULL;

	(void)state;
	assert_int_equal(kl_csv_open("/nowhere/at all.csv", &fault, &csv), KL_E_NOT_FOUND);
	assert_string_equal(
		fault.message, "/nowhere/at all.csv: cannot be opened: No such file or directory");
	assert_int_equal(kl_csv_open("/tmp", &fault, &csv), KL_E_MALFORMED);
	assert_string_equal(fault.message, "/tmp: is a folder, not a file");
	kl_csv_close(NULL);
}

static void an_empty_file_has_no_rows(void **state)
{
	(void)state;
	expect_end(open_text(""));
	expect_end(open_text("\xef\xbb\xbf"));
}

static void looking_does_not_move(void **state)
{
	struct kl_csv *csv = open_text("title\na;b\n1;2\n");
	struct kl_csv_at at = {0};

	(void)state;
	assert_int_equal(kl_csv_peek(csv, ';', &at, &row), 1);
	assert_int_equal(kl_csv_peek(csv, ';', &at, &row), 1);
	assert_int_equal(row.line, 2);
	assert_string_equal(row.cells[1], "b");
	assert_int_equal(kl_csv_peek(csv, ';', &at, &row), 1);
	assert_int_equal(kl_csv_peek(csv, ';', &at, &row), 0);
	expect(csv, 1, "title");
	kl_csv_close(csv);
}

/* What is written is read again as it was, and no spreadsheet takes it for a formula. */
static void written_and_read_again(void **state)
{
	static const char *const texts[] = {"=1+1", "+44 1422", "-x", "@home", "plain", "a,b",
		"say \"hi\"", "two\nlines", "Café", "a;b"};
	char *buffer = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&buffer, &len);
	struct kl_csv_writer w = {.out = out};
	struct kl_csv *csv;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		kl_csv_write_text(&w, texts[i]);
	kl_csv_write_pounds(&w, -123456);
	kl_csv_write_number(&w, 0.45);
	assert_int_equal(kl_csv_write_end(&w), 0);
	fclose(out);
	assert_non_null(strstr(buffer, "'=1+1,'+44 1422,'-x,'@home,plain,\"a,b\""));
	assert_non_null(strstr(buffer, ",-1234.56,0.45\r\n"));
	csv = open_bytes(buffer, len);
	assert_int_equal(kl_csv_next(csv, &row, NULL), 1);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_string_equal(row.cells[i], texts[i]);
	expect_end(csv);
	free(buffer);
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
		cmocka_unit_test(lines_quotes_and_blanks),
		cmocka_unit_test(separators),
		cmocka_unit_test(a_byte_order_mark_is_no_text),
		cmocka_unit_test(windows_1252),
		cmocka_unit_test(its_undefined_bytes_are_named),
		cmocka_unit_test(broken_utf8_is_not_let_through),
		cmocka_unit_test(what_nobody_sees_is_taken_out),
		cmocka_unit_test(a_quote_that_never_closes),
		cmocka_unit_test(rows_and_columns_are_limited),
		cmocka_unit_test(rows_across_buffers),
		cmocka_unit_test(what_is_no_csv),
		cmocka_unit_test(files_that_cannot_be_opened),
		cmocka_unit_test(an_empty_file_has_no_rows),
		cmocka_unit_test(looking_does_not_move),
		cmocka_unit_test(written_and_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, remove_file);
}
