/* What suppliers answered: tables that are read, and what is said of those that cannot be; the letters
 * that asked for it. */
#include "client/answers.h"
#include "client/letter.h"
#include "client/survey_files.h"
#include "protocol/doc_answer.h"
#include "protocol/part.h"
#include "tests/unit/tempfile.h"

#include <math.h>
#include <sys/stat.h>

static struct kl_answers *open_text(const char *text)
{
	static const char *path;
	struct kl_fault fault = {0};
	struct kl_answers *answers = NULL;

	path = temp_text(text);
	if (kl_answers_open(&path, 1, NULL, &fault, &answers))
		fail_msg("%s (%s)", fault.message, fault.hint);
	return answers;
}

static void answers_are_read(void **state)
{
	struct kl_answers *answers = open_text("Example Trust asks;;\r\n\r\n"
					       "Supplier name;Local;Re-spent locally\r\n"
					       " Example  Catering ;yes;45%\r\n"
					       "Nobody filled this in;;\r\n"
					       "B;elsewhere;0.1\r\nC;;100%\r\n");
	struct kl_lm3_answer a;

	(void)state;
	assert_int_equal(kl_answers_next(answers, NULL, &a), 1);
	assert_string_equal(a.name, "Example Catering");
	assert_true(fabs(a.respent - 0.45) < 1e-12);
	assert_int_equal(a.where, KL_WHERE_LOCAL);
	assert_int_equal(kl_answers_next(answers, NULL, &a), 1);
	assert_int_equal(a.where, KL_WHERE_ELSEWHERE);
	assert_int_equal(kl_answers_next(answers, NULL, &a), 1);
	assert_int_equal(a.where, KL_WHERE_UNKNOWN);
	assert_int_equal(kl_answers_next(answers, NULL, &a), 0);
	assert_int_equal(kl_answers_next(answers, NULL, &a), 0);
	assert_int_equal(kl_answers_empty(answers), 1);
	kl_answers_close(answers);
}

/* Reads to the end: the fault that was said, or "". */
static const char *trouble(const char *text)
{
	static struct kl_fault fault;
	struct kl_answers *answers = open_text(text);
	struct kl_lm3_answer a;
	int rc;

	fault = (struct kl_fault){0};
	while ((rc = kl_answers_next(answers, &fault, &a)) == 1)
		continue;
	kl_answers_close(answers);
	assert_int_equal(rc, fault.code);
	return fault.message;
}

static void bad_answers_are_named(void **state)
{
	(void)state;
	assert_non_null(strstr(trouble("supplier,respent_locally\nA,0.5\nB,45\n"),
		"line 3, column 'respent_locally': found '45', expected one way of writing"));
	assert_non_null(strstr(trouble("supplier,respent_locally\nA,50%\nB,-1%\n"), "line 3"));
	assert_non_null(strstr(trouble("supplier,respent_locally\n,0.5\n"), "column 'supplier'"));
	assert_non_null(strstr(trouble("supplier,respent_locally,local\nA,0.5,maybe\n"),
		"expected yes, no or unknown"));
	assert_non_null(strstr(trouble("supplier,respent_locally\nA,\n"), "has no answers"));
	assert_non_null(strstr(trouble("supplier,respent_locally\n"), "has no answers"));
}

static void several_forms_are_one_import(void **state)
{
	char first[] = "/tmp/keeplocal-test-a-XXXXXX", second[] = "/tmp/keeplocal-test-b-XXXXXX";
	const char *paths[2] = {first, second};
	static const char *const texts[2] = {
		"supplier,respent_locally\nA,0.1\n", "supplier,respent_locally\nB,0.2\nC,0.3\n"};
	struct kl_answers *answers = NULL;
	struct kl_lm3_answer a;
	char names[8] = "";

	(void)state;
	for (int i = 0; i < 2; i++) {
		int fd = mkstemp(i ? second : first);

		assert_int_equal(write(fd, texts[i], strlen(texts[i])), (ssize_t)strlen(texts[i]));
		close(fd);
	}
	assert_int_equal(kl_answers_open(paths, 2, NULL, NULL, &answers), 0);
	while (kl_answers_next(answers, NULL, &a) == 1)
		strcat(names, a.name);
	assert_string_equal(names, "ABC");
	kl_answers_close(answers);

	unlink(second); /* a file that is not there ends everything */
	assert_int_equal(kl_answers_open(paths, 2, NULL, NULL, &answers), 0);
	assert_int_equal(kl_answers_next(answers, NULL, &a), 1);
	assert_true(kl_answers_next(answers, NULL, &a) < 0);
	assert_int_equal(kl_answers_next(answers, NULL, &a), 0);
	kl_answers_close(answers);
	unlink(first);
}

static void rows_come_back(void **state)
{
	struct kl_answers *answers = open_text("supplier,respent_locally,local\nA,0.25,no\n");
	struct kl_lm3_answer a;
	struct kl_cursor cursor;
	struct kl_bytes bytes;
	struct kl_value row;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	assert_int_equal(kl_answers_part(answers, &w, NULL), 1);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_part_open(bytes, &cursor), 0);
	assert_true(kl_cursor_next(&cursor, &row));
	assert_int_equal(kl_doc_answer_decode(&row, &a), 0);
	assert_string_equal(a.name, "A");
	assert_true(a.respent == 0.25 && a.where == KL_WHERE_ELSEWHERE);
	kl_writer_deinit(&w);
	kl_answers_close(answers);
}

/* ---- letters ------------------------------------------------------------------------------- */

static void a_letter_says_who_and_to_whom(void **state)
{
	const struct kl_letter letter = {.from = "Example <Trust>",
		.signer = "",
		.project = "Jubilee & more",
		.period = "2016",
		.area = "Calderdale",
		.date = "1 May 2026",
		.reply_to = "survey@example.org",
		.by = "30 June",
		.supplier = "\"Example\" Bakery",
		.contact = ""};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_int_equal(kl_letter_write(out, &letter), 0);
	fclose(out);
	assert_non_null(strstr(text, "Dear all at &quot;Example&quot; Bakery,"));
	assert_non_null(strstr(text, "<strong>Example &lt;Trust&gt;</strong>"));
	assert_non_null(strstr(text, "Jubilee &amp; more (2016)"));
	assert_non_null(strstr(text, "survey@example.org"));
	assert_non_null(strstr(text, "in Calderdale? "));
	assert_null(strstr(text, "<Trust>"));
	assert_null(strstr(text, "<script"));
	free(text);
}

static void file_names_are_harmless(void **state)
{
	char stem[KL_SURVEY_STEM_MAX];

	(void)state;
	assert_string_equal(
		kl_survey_stem(1, "Example Catering Ltd.", stem), "0001-example-catering-ltd");
	assert_string_equal(kl_survey_stem(12, "../../etc/passwd", stem), "0012-etc-passwd");
	assert_string_equal(kl_survey_stem(3, "\u00c9 \n$(rm)", stem), "0003-rm");
	assert_string_equal(kl_survey_stem(4, "!!!", stem), "0004");
	assert_true(
		strlen(kl_survey_stem(99999, "an example with a name that goes on and on and on",
			stem)) < KL_SURVEY_STEM_MAX);
}

static void nothing_is_written_over(void **state)
{
	static const struct kl_survey_person people[] = {
		{"Example Bakery", "Ann", "ann@example.org"}, {"=SUM(A1)", "", ""}};
	char folder[] = "/tmp/keeplocal-test-folder-XXXXXX", command[128];
	struct kl_survey_plan plan = {.folder = folder,
		.letter = {"Trust", "", "Jubilee", "2016", "Calderdale", "", "", "", "", ""},
		.csv = true,
		.people = people,
		.count = 2};
	struct kl_fault fault = {0};
	struct stat st;
	char path[128];

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(kl_survey_write(&plan, &fault), 0);
	snprintf(path, sizeof path, "%s/letters/0002-sum-a1.html", folder);
	assert_int_equal(stat(path, &st), 0);
	snprintf(path, sizeof path, "%s/forms/0001-example-bakery.csv", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(kl_survey_write(&plan, &fault), KL_E_IO);
	assert_non_null(strstr(fault.message, "nothing is written over"));
	snprintf(command, sizeof command, "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

static int no_file(void **state)
{
	(void)state;
	temp_file(NULL, 0);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_read),
		cmocka_unit_test(bad_answers_are_named),
		cmocka_unit_test(several_forms_are_one_import),
		cmocka_unit_test(rows_come_back),
		cmocka_unit_test(a_letter_says_who_and_to_whom),
		cmocka_unit_test(file_names_are_harmless),
		cmocka_unit_test(nothing_is_written_over),
	};

	return cmocka_run_group_tests(tests, NULL, no_file);
}
