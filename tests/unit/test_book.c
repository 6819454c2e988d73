/* Tables for spreadsheets: what a CSV and an XLSX hold, and what is left when writing fails. */
#include "client/book.h"
#include "client/new_file.h"
#include "tests/unit/tempfile.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <zip.h>

static char dir[64];
static struct kl_fault fault;

static const char *const yes_no[] = {"yes", "no", "unknown", NULL};
static const char *const lines[] = {"What we spend", "A line below", NULL};
static const struct kl_book_column columns[] = {
	{"name", KL_BOOK_TEXT, .width = 30, .note = "who it is"},
	{"spend", KL_BOOK_POUNDS},
	{"score", KL_BOOK_NUMBER},
	{"rows", KL_BOOK_COUNT},
	{"local", KL_BOOK_TEXT, .choices = yes_no},
	{"share", KL_BOOK_SHARE},
	{"day", KL_BOOK_DATE},
};
static const struct kl_book_sheet sheet = {
	.name = "What: a/name", .lines = lines, .columns = columns, .count = 7, .form = true};
static const struct kl_book_sheet plain = {.name = "What  a name", .columns = columns, .count = 1};

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/keeplocal-book-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

/* Names in the folder, without the two that are always there. */
static unsigned count_files(void)
{
	DIR *d = opendir(dir);
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static int empty_dir(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof command, "rm -r '%s'", dir);
	return system(command);
}

static const char *in_dir(const char *name)
{
	static char path[2][128];
	static unsigned turn;

	turn = !turn;
	snprintf(path[turn], sizeof path[turn], "%s/%s", dir, name);
	return path[turn];
}

static struct kl_book *new_book(const char *path)
{
	struct kl_book *book = NULL;

	if (kl_book_new(path, &fault, &book))
		fail_msg("%s", fault.message);
	return book;
}

static void write_rows(struct kl_book *book)
{
	kl_book_begin(book, &sheet);
	kl_book_text(book, "=1+1, \"x\"");
	kl_book_pounds(book, -123450);
	kl_book_number(book, 2.43);
	kl_book_count(book, 140000);
	kl_book_text(book, "yes");
	kl_book_share(book, 0.45);
	kl_book_date(book, "2016-04-05");
	kl_book_end_row(book);
	kl_book_text(book, "B & C <d>");
	kl_book_skip(book);
	kl_book_number(book, 1.0 / 0.0);
	kl_book_skip(book);
	kl_book_text(book, "unknown");
	kl_book_skip(book);
	kl_book_date(book, "last year");
	kl_book_end_row(book);
}

static void finish(struct kl_book *book)
{
	if (kl_book_finish(book, &fault))
		fail_msg("%s", fault.message);
	kl_book_close(book);
}

static char *read_all(FILE *file, char *out, size_t size)
{
	size_t n;

	assert_non_null(file);
	n = fread(out, 1, size - 1, file);
	out[n] = '\0';
	fclose(file);
	return out;
}

static void as_csv(void **state)
{
	const char *path = in_dir("a.CSV");
	struct kl_book *book = new_book(path);
	char text[1024];
	struct stat st;

	(void)state;
	write_rows(book);
	assert_int_equal(stat(path, &st), -1); /* not before it is finished */
	finish(book);
	assert_string_equal(read_all(fopen(path, "r"), text, sizeof text),
		"What we spend\r\nA line below\r\n"
		"name,spend,score,rows,local,share,day\r\n"
		"\"'=1+1, \"\"x\"\"\",-1234.50,2.43,140000,yes,0.45,2016-04-05\r\n"
		"B & C <d>,,,,unknown,,last year\r\n");
	assert_int_equal(count_files(), 1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0600, 0600);
}

static void to_a_stream(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct kl_book *book = NULL;

	(void)state;
	assert_int_equal(kl_book_new_stream(out, &fault, &book), KL_OK);
	kl_book_begin(book, &plain);
	kl_book_text(book, "x");
	kl_book_end_row(book);
	finish(book);
	fclose(out);
	assert_string_equal(text, "name\r\nx\r\n");
	free(text);
}

/* One part of the archive as text. */
static char *part(const char *path, const char *name)
{
	static char text[65536];
	zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
	zip_file_t *file = zip ? zip_fopen(zip, name, 0) : NULL;
	zip_int64_t n;

	if (!file)
		fail_msg("%s has no part %s", path, name);
	n = zip_fread(file, text, sizeof text - 1);
	assert_true(n > 0);
	text[n] = '\0';
	zip_fclose(file);
	zip_discard(zip);
	return text;
}

static void holds(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("no %s in %s", what, text);
}

static void as_xlsx(void **state)
{
	const char *path = in_dir("a.xlsx");
	struct kl_book *book = new_book(path);
	const char *xml;

	(void)state;
	write_rows(book);
	kl_book_begin(book, &plain);
	kl_book_text(book, "of the second sheet");
	kl_book_end_row(book);
	finish(book);
	xml = part(path, "xl/workbook.xml");
	holds(xml, "name=\"What  a name\"");
	holds(xml, "name=\"What  a name 2\"");
	xml = part(path, "xl/worksheets/sheet1.xml");
	holds(xml, "'=1+1, \"x\"</t>");
	holds(xml, "<v>-1234.5</v>");
	holds(xml, "<v>2.43</v>");
	holds(xml, "<v>0.45</v>");
	holds(xml, "<v>42465</v>"); /* 2016-04-05 */
	holds(xml, "B &amp; C &lt;d&gt;");
	holds(xml, "\"yes,no,unknown\"");
	holds(xml, "ySplit=\"3\"");
	assert_null(strstr(xml, "<f>"));
	holds(part(path, "xl/comments1.xml"), "who it is");
	holds(part(path, "xl/worksheets/sheet2.xml"), "of the second sheet");
	assert_int_equal(count_files(), 1);
}

static void never_over_another(void **state)
{
	static const char *const names[] = {"a.csv", "a.xlsx"};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		const char *path = in_dir(names[i]);
		struct kl_book *first = new_book(path), *second = new_book(path), *third = NULL;

		write_rows(first);
		write_rows(second);
		finish(first);
		/* The name was free when it began. */
		assert_int_equal(kl_book_finish(second, &fault), KL_E_IO);
		holds(fault.message, "is already there");
		kl_book_close(second);
		assert_int_equal(kl_book_new(path, &fault, &third), KL_E_IO);
		holds(fault.message, "is already there");
	}
	assert_int_equal(count_files(), 2);
}

static void what_cannot_be_written(void **state)
{
	static const char *const names[] = {"a.csv", "a.xlsx"};
	struct rlimit before, small = {.rlim_cur = 4096};
	struct kl_book *book = NULL;

	(void)state;
	assert_int_equal(kl_book_new(in_dir("a.ods"), &fault, &book), KL_E_USAGE);
	assert_int_equal(kl_book_new(in_dir("none/a.xlsx"), &fault, &book), KL_E_IO);
	holds(fault.message, "No such file");
	/* As a full disk: nothing grows beyond a few kilobytes. */
	getrlimit(RLIMIT_FSIZE, &before);
	small.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	for (unsigned i = 0; i < 2; i++) {
		book = new_book(in_dir(names[i]));
		setrlimit(RLIMIT_FSIZE, &small);
		kl_book_begin(book, &plain);
		for (unsigned n = 0; n < 20000; n++) {
			kl_book_text(book, "a row of a table that is too long for this disk");
			kl_book_end_row(book);
		}
		assert_int_equal(kl_book_finish(book, &fault), KL_E_IO);
		holds(fault.message, "cannot be written");
		kl_book_close(book);
		setrlimit(RLIMIT_FSIZE, &before);
	}
	assert_int_equal(count_files(), 0);
}

static void given_up(void **state)
{
	struct kl_book *book = new_book(in_dir("a.xlsx"));

	(void)state;
	write_rows(book);
	kl_book_close(book);
	assert_int_equal(count_files(), 0);
	book = new_book(in_dir("a.csv"));
	kl_new_file_interrupted();
	assert_int_equal(count_files(), 0);
	kl_book_close(book);
}

static void too_much(void **state)
{
	static char longest[40000];
	struct kl_book *book = new_book(in_dir("a.xlsx"));

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	kl_book_begin(book, &plain);
	kl_book_text(book, longest);
	kl_book_end_row(book);
	assert_int_equal(kl_book_finish(book, &fault), KL_E_TOO_BIG);
	holds(fault.hint, ".csv");
	kl_book_close(book);
	assert_int_equal(count_files(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(as_csv, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(to_a_stream, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(as_xlsx, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(never_over_another, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(what_cannot_be_written, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(given_up, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(too_much, make_dir, empty_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
