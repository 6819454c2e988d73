#include "client/assessment_form.h"
#include "client/template.h"
#include "tests/unit/tempfile.h"

static struct kl_filled_form form;
static struct kl_fault fault;

static int read_path(const char *path, const char *tab)
{
	struct kl_sheet *sheet;
	int rc = kl_sheet_open(path, tab, kl_assessment_columns, KL_FORM_COLUMNS, &fault, &sheet);

	if (rc)
		return rc;
	rc = kl_assessment_form_read(sheet, &form, &fault);
	kl_sheet_close(sheet);
	return rc;
}

static void read_text(const char *text)
{
	if (read_path(temp_text(text), NULL))
		fail_msg("%s (%s)", fault.message, fault.hint);
	temp_file(NULL, 0);
}

static void entry(size_t at, unsigned assessor, const char *field, const char *assignment)
{
	assert_true(at < form.count);
	assert_int_equal(form.rows[at].assessor, assessor);
	assert_string_equal(form.rows[at].field, field);
	assert_string_equal(form.rows[at].assignment, assignment);
}

static void every_row_finds_its_field(void **state)
{
	(void)state;
	read_text(
		"A title\n\ncode,question,score,in words,score 2,in words 2\n"
		"period,,,2026,,\nplace,which?,,Halifax,,\nassessor,,,board,,residents\n"
		"C1,q,2 partial,because,4,\nC1.3,q,none,,0,\nC2,q,,,,\n"
		"c1  Gaps,q,,\"two\nlines\",,\nP2,q,1,,,\npractice.3,q,,slow,,\n"
		"C1 next action,q,map it,,,\nprinciple 2,q,,yes,,\nstrategy 1,q,,Plan = silent,,\n"
		"C1 date,q,,2026-12-01,,\n");
	assert_string_equal(form.period, "2026");
	assert_string_equal(form.place, "Halifax");
	assert_string_equal(form.assessors[0], "board");
	assert_string_equal(form.assessors[1], "residents");
	assert_string_equal(form.assessors[2], "");
	assert_int_equal(form.count, 12);
	entry(0, 0, "score", "c1=2 partial");
	entry(1, 0, "note", "c1=because");
	entry(2, 1, "score", "c1=4");
	entry(3, 0, "score", "c1.3=none");
	entry(4, 1, "score", "c1.3=0");
	entry(5, 0, "gap", "c1=two\nlines");
	entry(6, 0, "score", "p2=1");
	entry(7, 0, "note", "practice.3=slow");
	entry(8, 0, "action", "c1=map it");
	entry(9, 0, "principle", "Place-based=yes");
	entry(10, 0, "strategy", "Plan=silent");
	entry(11, 0, "due", "c1=2026-12-01");
	assert_string_equal(form.rows[1].where, "line 7, column 'in words'");
	assert_string_equal(form.rows[2].where, "line 7, column 'score 2'");
	kl_filled_form_deinit(&form);
}

static void names_of_subjects_do_as_well(void **state)
{
	(void)state;
	read_text("Code;Score;Note\nleadership;leading;why\nC5;5;\n");
	assert_int_equal(form.count, 3);
	entry(0, 0, "score", "leadership=leading");
	kl_filled_form_deinit(&form);
}

static void refused(const char *rows, const char *place, const char *words)
{
	char text[4096];

	snprintf(text, sizeof text, "code,question,score,in words,score 2,in words 2\n%s", rows);
	assert_int_equal(read_path(temp_text(text), NULL), KL_E_MALFORMED);
	if (!strstr(fault.message, place) || !strstr(fault.message, words))
		fail_msg("%s", fault.message);
	temp_file(NULL, 0);
}

static void what_has_no_place_is_refused(void **state)
{
	(void)state;
	refused("Wishes,,2,,,\n", "line 2", "a code of the form");
	refused("C1,,2,,,\n,,3,,,\n", "line 3", "a code of the form");
	refused("C1 wishes,,,x,,\n", "line 2", "C1 gaps");
	refused("C8 gaps,,,x,,\n", "line 2", "a code of the form");
	refused("principle 5,,,x,,\n", "line 2", "principle 1");
	refused("C1.2,,1,because,,\n", "'in words'", "a statement takes a score only");
	refused("C1 gaps,,,ours,,theirs\n", "'in words 2'", "all assessors together");
	refused("C1,,1,,2,\nC2,,1,,,\nc1,,,,3,\n", "line 4, column 'score 2'", "in line 2");
	refused("C1 gaps,,,x,,\nC1 gaps,,,y,,\n", "line 3", "filled in before");
	refused("period,,,2026,,\n", "nothing is filled in", "");
	refused("C1,q,,,,\n", "nothing is filled in", "");
}

static void too_many_and_too_long(void **state)
{
	size_t len = 64 * (KL_FORM_ROWS_MAX + 2);
	char *text = malloc(len);
	size_t n = 0;

	(void)state;
	assert_non_null(text);
	n += (size_t)snprintf(text, len, "code,score,in words\n");
	for (int i = 0; i <= KL_FORM_ROWS_MAX; i++)
		n += (size_t)snprintf(text + n, len - n, "C1 evidence,,%d\n", i);
	assert_int_equal(read_path(temp_text(text), NULL), KL_E_TOO_BIG);
	n = (size_t)snprintf(text, len, "code,score,in words\nC1,,");
	memset(text + n, 'x', KL_FILL_TEXT_MAX);
	text[n + KL_FILL_TEXT_MAX] = '\0';
	assert_int_equal(read_path(temp_text(text), NULL), KL_E_TOO_BIG);
	assert_non_null(strstr(fault.message, "line 2, column 'in words'"));
	temp_file(NULL, 0);
	free(text);
}

/* An empty form holds nothing, and the example what it shows; in both kinds of files. */
static void forms_that_were_drawn_can_be_read(void **state)
{
	static const char *const paths[] = {
		"/tmp/keeplocal-test-form.csv", "/tmp/keeplocal-test-form.xlsx"};
	const struct kl_template *const *t = kl_templates;
	struct kl_book *book;

	(void)state;
	while (*t && strcmp((*t)->name, "assessment") != 0)
		t++;
	assert_non_null(*t);
	for (unsigned i = 0; i < 4; i++) {
		bool xlsx = i / 2, example = i % 2;

		remove(paths[xlsx]);
		assert_int_equal(kl_book_new(paths[xlsx], &fault, &book), 0);
		kl_template_write(*t, xlsx, example, book);
		assert_int_equal(kl_book_finish(book, &fault), 0);
		kl_book_close(book);
		if (!example) {
			assert_int_equal(read_path(paths[xlsx], NULL), KL_E_MALFORMED);
			assert_non_null(strstr(fault.message, "nothing is filled in"));
			continue;
		}
		if (read_path(paths[xlsx], xlsx ? "Example" : NULL))
			fail_msg("%s", fault.message);
		assert_string_equal(form.period, "2026");
		assert_string_equal(form.assessors[0], "Example board");
		assert_string_equal(form.assessors[1], "Example residents");
		assert_int_equal(form.count, 10);
		entry(1, 0, "score", "c1.1=1 starting");
		entry(2, 1, "score", "c1.1=0 absent");
		kl_filled_form_deinit(&form);
	}
	remove(paths[0]);
	remove(paths[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_finds_its_field),
		cmocka_unit_test(names_of_subjects_do_as_well),
		cmocka_unit_test(what_has_no_place_is_refused),
		cmocka_unit_test(too_many_and_too_long),
		cmocka_unit_test(forms_that_were_drawn_can_be_read),
	};

	return RUN(tests);
}
