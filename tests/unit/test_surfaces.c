/* Each nasty text on each surface on which people meet what others wrote. */
#include "client/book.h"
#include "client/csv_write.h"
#include "client/grid.h"
#include "client/html.h"
#include "client/json.h"
#include "client/letter.h"
#include "client/screen.h"
#include "core/harmless.h"
#include "tests/unit/harness.h"
#include "tests/unit/nasty.h"
#include "tests/unit/tempfile.h"

static struct paper {
	char *text;
	size_t len;
	FILE *out;
} paper;

static FILE *paper_open(void)
{
	paper.out = open_memstream(&paper.text, &paper.len);
	assert_non_null(paper.out);
	return paper.out;
}

static void paper_close(void)
{
	fclose(paper.out);
	free(paper.text);
}

static const char *shown(size_t i)
{
	return nasty[i].shown ? nasty[i].shown : nasty[i].text;
}

static void reads(size_t i, const char *surface, const char *text, const char *expected)
{
	if (strcmp(text, expected) != 0)
		fail_msg("%s on %s: \"%s\"", nasty[i].what, surface, text);
}

/* ---- terminal ------------------------------------------------------------------------------ */

static void a_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		FILE *screen = kl_screen_open(paper_open(), false);

		assert_non_null(screen);
		fputs(nasty[i].text, screen);
		assert_int_equal(kl_screen_close(screen), KL_OK);
		reads(i, "a terminal", paper.text, shown(i));
		paper_close();
	}
}

/* Pieces come apart where buffers end. */
static void a_terminal_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		FILE *screen = kl_screen_open(paper_open(), true);

		for (const char *c = nasty[i].text; *c; c++)
			fputc(*c, screen);
		kl_screen_close(screen);
		reads(i, "a terminal, byte by byte", paper.text, shown(i));
		paper_close();
	}
}

static void our_own_colours_pass_in_their_place(void **state)
{
	FILE *screen = kl_screen_open(paper_open(), false);

	(void)state;
	fputs("\x1b[1mfake ", screen);
	kl_screen_own(screen, "\033[32m");
	fputs("green", screen);
	kl_screen_own(screen, "\033[0m");
	fputs("\r\n\tend", screen);
	kl_screen_close(screen);
	assert_string_equal(paper.text, INSTEAD "[1mfake \033[32mgreen\033[0m\r\n\tend");
	paper_close();
}

static void a_row_without_end_is_shown_all_the_same(void **state)
{
	enum { MANY = 2000 };
	FILE *screen = kl_screen_open(paper_open(), false);

	(void)state;
	for (int i = 0; i < MANY; i++)
		fputs("\xc3\xa9", screen);
	kl_screen_close(screen);
	assert_int_equal(paper.len, 2 * MANY);
	assert_true(kl_text_is_harmless(kl_bytes_str(paper.text), false));
	paper_close();
}

static void a_full_disk_is_noticed(void **state)
{
	FILE *full = fopen("/dev/full", "w"), *screen = kl_screen_open(full, false);

	(void)state;
	assert_non_null(full);
	fputs("a result", screen);
	assert_int_not_equal(fflush(screen), 0);
	assert_true(ferror(screen));
	(void)kl_screen_close(screen);
	fclose(full);
}

/* ---- HTML and letters ---------------------------------------------------------------------- */

static void a_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		struct kl_html html;
		struct kl_bytes page;
		char expected[512];

		kl_html_init_piece(&html);
		kl_html_put(&html, "p", NULL, "%s", nasty[i].text);
		assert_int_equal(kl_html_end(&html, &page), KL_OK);
		(void)snprintf(expected, sizeof expected, "<p>%s</p>", shown(i));
		if (!strchr(nasty[i].text, '\'')) /* which is escaped, too */
			assert_non_null(strstr((const char *)page.data, expected));
		kl_html_deinit(&html);
	}
}

static void markup_is_text(void **state)
{
	paper_open();
	(void)state;
	kl_html_escape(paper.out, "<script>\"a\" & 'b'</script>");
	fflush(paper.out);
	assert_string_equal(
		paper.text, "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
	paper_close();
}

static void a_letter(void **state)
{
	(void)state;
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		struct kl_letter letter = {.from = "Example Trust",
			.signer = "",
			.project = "example",
			.period = "2016",
			.area = "Example Town",
			.date = "1 May 2026",
			.reply_to = "",
			.by = "",
			.supplier = nasty[i].text,
			.contact = ""};

		paper_open();
		assert_int_equal(kl_letter_write(paper.out, &letter), KL_OK);
		fflush(paper.out);
		assert_true(kl_text_is_harmless(kl_bytes_str(paper.text), true));
		if (!strchr(nasty[i].text, '\''))
			assert_non_null(strstr(paper.text, shown(i)));
		paper_close();
	}
}

/* ---- tables -------------------------------------------------------------------------------- */

static void a_csv(void **state)
{
	(void)state;
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		struct kl_csv_writer writer = {.out = paper_open()};

		kl_csv_write_text(&writer, nasty[i].text);
		fflush(paper.out);
		if (!strpbrk(nasty[i].text, ",;\r")) /* which are quoted */
			reads(i, "a CSV", paper.text, shown(i));
		assert_true(kl_text_is_harmless(kl_bytes_str(paper.text), false));
		paper_close();
	}
}

static const struct kl_book_column columns[] = {{.name = "text"}};

/* Written, and read again by our own reader, which knows nothing of how it was written. */
static void a_workbook(void **state)
{
	static const struct kl_book_sheet sheet = {.name = "texts", .columns = columns, .count = 1};
	char path[] = "/tmp/keeplocal-surfaces-XXXXXX.xlsx";
	int fd = mkstemps(path, 5);
	struct kl_csv_row *row = calloc(1, sizeof *row);
	struct kl_fault fault;
	struct kl_book *book;
	struct kl_grid *grid;

	(void)state;
	assert_true(fd >= 0 && row);
	close(fd);
	unlink(path);
	assert_int_equal(kl_book_new(path, &fault, &book), KL_OK);
	kl_book_begin(book, &sheet);
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		kl_book_text(book, nasty[i].text);
		kl_book_end_row(book);
	}
	assert_int_equal(kl_book_finish(book, &fault), KL_OK);
	kl_book_close(book);

	assert_int_equal(kl_grid_open(path, NULL, &fault, &grid), KL_OK);
	assert_int_equal(kl_grid_begin(grid, 0, &fault), KL_OK);
	assert_int_equal(kl_grid_next(grid, row, &fault), 1); /* the heading */
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		assert_int_equal(kl_grid_next(grid, row, &fault), 1);
		reads(i, "a workbook", row->cells[0], shown(i));
	}
	kl_grid_close(grid);
	unlink(path);
	free(row);
}

/* ---- JSON ---------------------------------------------------------------------------------- */

/* The value is exact, and what is printed is harmless: other programs read what was written, people
 * see escapes. */
static void json(void **state)
{
	(void)state;
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		struct kl_writer w;
		struct kl_bytes bytes;
		struct kl_value value;
		struct kl_fault fault;
		json_t *read, *expected = json_string(nasty[i].text);

		if (!expected)
			continue; /* no UTF-8: jansson and the scan of answers refuse it */
		kl_writer_init(&w);
		kl_write_text(&w, nasty[i].text);
		assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
		assert_int_equal(kl_value_open(bytes, &value), KL_OK);
		assert_int_equal(kl_json_print(&value, paper_open(), &fault), KL_OK);
		fflush(paper.out);
		assert_true(kl_text_is_harmless(kl_bytes_str(paper.text), true));
		read = json_loads(paper.text, JSON_DECODE_ANY, NULL);
		assert_true(read && json_equal(read, expected));
		json_decref(read);
		json_decref(expected);
		paper_close();
		kl_writer_deinit(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_terminal),
		cmocka_unit_test(a_terminal_byte_by_byte),
		cmocka_unit_test(our_own_colours_pass_in_their_place),
		cmocka_unit_test(a_row_without_end_is_shown_all_the_same),
		cmocka_unit_test(a_full_disk_is_noticed),
		cmocka_unit_test(a_page),
		cmocka_unit_test(markup_is_text),
		cmocka_unit_test(a_letter),
		cmocka_unit_test(a_csv),
		cmocka_unit_test(a_workbook),
		cmocka_unit_test(json),
	};

	return RUN(tests);
}
