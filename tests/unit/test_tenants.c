/* Tenant tables and the data files that estimates need. */
#include "client/factor_files.h"
#include "client/tenants.h"
#include "protocol/doc_enabled.h"
#include "protocol/doc_factors.h"
#include "protocol/part.h"
#include "tests/unit/tempfile.h"

static struct kl_factors factors;
static struct kl_activity_word *words;
static size_t word_count;

static int read_data(void **state)
{
	struct kl_fault fault = {0};

	(void)state;
	if (kl_density_read(KL_CLIENT_DATA_DIR "/" KL_DATA_DENSITY, &fault, &factors.density) ||
		kl_gva_read(KL_CLIENT_DATA_DIR "/" KL_DATA_GVA, &fault, &factors.gva) ||
		kl_activity_words_read(
			KL_CLIENT_DATA_DIR "/" KL_DATA_WORDS, &fault, &words, &word_count)) {
		print_error("%s (%s)\n", fault.message, fault.hint);
		return -1;
	}
	return 0;
}

static int remove_data(void **state)
{
	(void)state;
	free(words);
	temp_file(NULL, 0);
	return 0;
}

static void the_data_files_say_where_they_come_from(void **state)
{
	struct kl_density d;

	(void)state;
	assert_int_equal(factors.density.about.year, 2015);
	assert_non_null(strstr(factors.density.about.source, "Homes and Communities Agency"));
	assert_int_equal(factors.gva.about.year, 2016);
	assert_non_null(strstr(factors.gva.about.source, "Office for National Statistics"));
	assert_int_equal(kl_density_find(&factors.density, "B1a", &d), 0);
	assert_int_equal(d.low, 130);
	assert_int_equal(kl_density_find(&factors.density, "B8", &d), 0);
	assert_int_equal(d.low, 700);
	assert_int_equal(d.high, 950);
	/* £175,380m over 2,156,977 jobs are £81,308.24, £469,600m over 5,669,245 are £82,832.90. */
	assert_int_equal(kl_gva_find(&factors.gva, 'C')->per_job, 8130824);
	assert_int_equal(kl_gva_find(&factors.gva, 'Q')->per_job, 8283290);
	assert_int_equal(kl_gva_find(&factors.gva, 'Q')->cautions, KL_CAUTION_LUMPED);
	assert_int_equal(kl_gva_find(&factors.gva, 'L')->cautions, KL_CAUTION_RENT);
	assert_null(kl_gva_find(&factors.gva, 'T'));
	assert_true(word_count > 100);
	assert_int_equal(kl_activity_judge(words, word_count, "Community Café")->section, 'I');
	assert_string_equal(kl_activity_judge(words, word_count, "café")->use_class, "A3");
}

/* Advice: 6.5 FTE given. Café: 60 m2 at 17.5, 3.4. Makers: 94 m2 of light industry at 47, 2.0.
 * Agency: 130 m2 of office at 13, 10.0. Choir: nothing known. Bookkeeping: 2 FTE and GVA given. */
static void a_file_becomes_a_total(void **state)
{
	static const int64_t fte[] = {65, 34, 20, 100, 0, 20};
	struct kl_enabled_total total = {0};
	struct kl_tenants *tenants = NULL;
	struct kl_fault fault = {0};
	struct kl_estimate e;
	struct kl_tenant t;
	char text[KL_ENABLED_TEXT_MAX];
	int rc;

	(void)state;
	assert_int_equal(kl_tenants_open(KL_TESTS_DATA_DIR "/made-up-tenants.csv", NULL, words,
				 word_count, &fault, &tenants),
		0);
	while ((rc = kl_tenants_next(tenants, &fault, &t)) == 1) {
		kl_enabled_estimate(&t, &factors, &e);
		assert_int_equal(e.fte, fte[total.tenants]);
		assert_int_equal(kl_enabled_total_add(&total, &e), 0);
		if (e.fte_out)
			assert_string_equal(kl_enabled_left_out_text(&t, &e, text),
				"Example Choir: employees and GVA, because neither staff nor floor "
				"space "
				"is known");
	}
	if (rc)
		fail_msg("%s", fault.message);
	assert_int_equal(total.tenants, 6);
	assert_int_equal(total.fte.exact, 239);
	assert_int_equal(total.fte.by_method[KL_METHOD_PRIMARY], 85);
	assert_int_equal(total.fte.left_out, 1);
	/* 3.4 and 6.5 at £82,832.90, 2.0 at £81,308.24, 10.0 of section M at £64,185.44, and
	 * £80,000. */
	assert_int_equal(total.gva.exact, 28163186 + 53841385 + 16261648 + 64185440 + 8000000);
	assert_int_equal(kl_sheet_notes(kl_tenants_sheet(tenants)), 1);
	assert_non_null(
		strstr(kl_sheet_note(kl_tenants_sheet(tenants), 0), "4 tenants were put into"));
	assert_int_equal(kl_tenants_rows(tenants), 6);
	kl_tenants_close(tenants);
}

static void what_is_given_goes_before_words(void **state)
{
	struct kl_tenants *tenants = NULL;
	struct kl_tenant t;

	(void)state;
	assert_int_equal(
		kl_tenants_open(
			temp_text("name,activity,sic,use,fte\nA,café,47.11,A1,\nB,café,,,0\n"),
			NULL, words, word_count, NULL, &tenants),
		0);
	assert_int_equal(kl_tenants_next(tenants, NULL, &t), 1);
	assert_int_equal(t.section, 'G');
	assert_false(t.section_judged || t.use_class_judged || t.has_fte);
	assert_int_equal(kl_tenants_next(tenants, NULL, &t), 1);
	assert_int_equal(t.section, 'I');
	assert_true(t.section_judged && t.use_class_judged);
	assert_true(t.has_fte && t.fte == 0); /* nought is not nothing */
	kl_tenants_close(tenants);
}

static void tenants_that_stand_twice_are_told(void **state)
{
	struct kl_tenants *tenants = NULL;
	struct kl_tenant t;

	(void)state;
	assert_int_equal(kl_tenants_open(temp_text("tenant,fte\nA Ltd,1\nB,2\nA LIMITED,1\n"), NULL,
				 NULL, 0, NULL, &tenants),
		0);
	while (kl_tenants_next(tenants, NULL, &t) == 1)
		continue;
	assert_int_equal(kl_sheet_notes(kl_tenants_sheet(tenants)), 1);
	assert_string_equal(kl_sheet_note(kl_tenants_sheet(tenants), 0),
		"1 tenant stands here more than once: each row counts");
	kl_tenants_close(tenants);
}

static void a_total_is_no_tenant(void **state)
{
	struct kl_tenants *tenants = NULL;
	struct kl_tenant t;

	(void)state;
	assert_int_equal(kl_tenants_open(temp_text("tenant,fte\nA Ltd,1\nB,2\nTotal,3\n"), NULL,
				 NULL, 0, NULL, &tenants),
		0);
	while (kl_tenants_next(tenants, NULL, &t) == 1)
		assert_true(t.name[0] == 'A' || t.name[0] == 'B');
	assert_int_equal(kl_tenants_rows(tenants), 2);
	assert_string_equal(kl_sheet_note(kl_tenants_sheet(tenants), 0),
		"1 row calls itself a total and is not read, first line 4");
	kl_tenants_close(tenants);
}

/* As formulas leave them: square feet by 0.0929, a third of a post. */
static void more_decimals_are_rounded(void **state)
{
	struct kl_tenants *tenants = NULL;
	struct kl_tenant t;

	(void)state;
	assert_int_equal(kl_tenants_open(temp_text("tenant,fte,sqm,turnover\n"
						   "A,2.333,92.903,95000.3333\nB,2.3,,\n"),
				 NULL, NULL, 0, NULL, &tenants),
		0);
	assert_int_equal(kl_tenants_next(tenants, NULL, &t), 1);
	assert_int_equal(t.fte, 23);
	assert_int_equal(t.floor, 929);
	assert_int_equal(t.turnover, 9500033);
	while (kl_tenants_next(tenants, NULL, &t) == 1)
		continue;
	assert_string_equal(kl_sheet_note(kl_tenants_sheet(tenants), 0),
		"3 figures were rounded: floor space and staff to a tenth, amounts to a penny");
	kl_tenants_close(tenants);
}

static void refused(const char *text, int code, const char *message)
{
	const char *path = temp_text(text);
	struct kl_fault fault = {0};
	struct kl_tenants *tenants = NULL;
	struct kl_tenant t;
	int rc = kl_tenants_open(path, NULL, NULL, 0, &fault, &tenants);

	while (rc >= 0 && (rc = kl_tenants_next(tenants, &fault, &t)) == 1)
		continue;
	kl_tenants_close(tenants);
	assert_int_equal(rc, code);
	assert_string_equal(fault.message + strlen(path), message);
}

static void what_cannot_be_read_is_named(void **state)
{
	(void)state;
	refused("activity,fte\ncafé,1\n", KL_E_MALFORMED,
		": column missing: tenant; found: activity, fte");
	refused("tenant,fte\n", KL_E_MALFORMED, ": has no tenants below its header");
	refused("tenant,fte\nA,-1\n", KL_E_MALFORMED,
		", line 2, column 'fte': found '-1', expected full-time equivalents such as 4 or "
		"4.5, or "
		"nothing if not known");
	refused("tenant,fte\nA,1000001\n", KL_E_RANGE,
		", line 2, column 'fte': found '1000001', expected full-time equivalents such as 4 "
		"or 4.5, or "
		"nothing if not known");
	refused("tenant,floor space\nA,big\n", KL_E_MALFORMED,
		", line 2, column 'floor space': found 'big', expected square metres such as 120 "
		"or 85.5, or "
		"nothing if not known");
	refused("tenant,turnover\nA,(5)\n", KL_E_MALFORMED,
		", line 2, column 'turnover': found '(5)', expected an amount in pounds such as "
		"120,000, or "
		"nothing if not known");
	refused("tenant,sic\nA,Z\n", KL_E_MALFORMED,
		", line 2, column 'sic': found 'Z', expected a section A to U or a code of SIC "
		"2007 such as "
		"56.10");
	refused("tenant,area_basis\nA,acre\n", KL_E_MALFORMED,
		", line 2, column 'area_basis': found 'acre', expected NIA, GIA, GEA or nothing if "
		"not known");
}

static void rows_go_out_in_parts(void **state)
{
	struct kl_tenants *tenants = NULL;
	struct kl_cursor cursor;
	struct kl_bytes bytes;
	struct kl_value row;
	struct kl_tenant t;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	assert_int_equal(kl_tenants_open(temp_text("tenant,fte\nA,1.5\nB,\n"), NULL, NULL, 0, NULL,
				 &tenants),
		0);
	assert_int_equal(kl_tenants_part(tenants, &w, NULL), 1);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_part_open(bytes, &cursor), 0);
	assert_true(kl_cursor_next(&cursor, &row));
	assert_int_equal(kl_doc_tenant_decode(&row, &t), 0);
	assert_int_equal(t.fte, 15);
	assert_true(kl_cursor_next(&cursor, &row));
	assert_false(kl_cursor_next(&cursor, &row));
	assert_int_equal(kl_tenants_part(tenants, &w, NULL), 0);
	kl_writer_deinit(&w);
	kl_tenants_close(tenants);
}

static void factor_files_that_cannot_be_read(void **state)
{
	static const char head[] = "name,made up\nsource,nobody\nyear,2016\n";
	static const struct {
		const char *head, *rows;
		int code;
		const char *said;
	} cases[] = {{"", "section,gva_million,jobs\nC,1,1\n", KL_E_MALFORMED,
			     "has no row 'name' above the header"},
		{"name,made up\nyear,2016\n", "section,gva_per_job\nC,1\n", KL_E_MALFORMED,
			"has no row 'source'"},
		{"name,made up\nsource,nobody\n", "section,gva_per_job\nC,1\n", KL_E_MALFORMED,
			"has no row 'year'"},
		{"name,made up\nsource,nobody\nyear,last\n", "section,gva_per_job\nC,1\n",
			KL_E_MALFORMED, "found 'last'"},
		{head, "section,gva_million,jobs\nC,1,0\n", KL_E_MALFORMED,
			"line 5, column 'jobs'"},
		{head, "section,gva_million,jobs\nC,much,1\n", KL_E_MALFORMED,
			"column 'gva_million'"},
		{head, "section,gva_million,jobs\nC,1,100\nC,1,100\n", KL_E_INVALID,
			"section C stands twice"},
		{head, "section,gva_million,jobs\n", KL_E_RANGE, "1 to 32 rows"},
		{head, "section,gva_million,jobs,caution\nC,1,100,beware\n", KL_E_MALFORMED,
			"'beware'"},
		{head, "use_class,low_m2,high_m2\nB1a,20,10\n", KL_E_MALFORMED,
			"line 5, column 'high_m2'"},
		{head, "use_class,low_m2,high_m2\nB1a,0,10\n", KL_E_MALFORMED,
			"line 5, column 'low_m2'"},
		{head, "use_class,low_m2,high_m2\nB1a,x,10\n", KL_E_MALFORMED, "column 'low_m2'"},
		{head, "something,else\n1,2\n", KL_E_MALFORMED, "neither a table of densities"},
		{head, "section,industry\nC,making\n", KL_E_MALFORMED, "how much GVA a job brings"},
		{head, "section,gva_per_job\nC,-1\n", KL_E_MALFORMED, "column 'gva_per_job'"}};
	struct kl_fault fault;
	bool is_gva = false;
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_factors f = {.gva = {.count = 0}};

		memset(&fault, 0, sizeof fault);
		snprintf(text, sizeof text, "%s%s", cases[i].head, cases[i].rows);
		assert_int_equal(
			kl_factors_read(temp_text(text), NULL, &fault, &f, &is_gva), cases[i].code);
		if (!strstr(fault.message, cases[i].said))
			fail_msg("%s", fault.message);
	}
	assert_int_equal(
		kl_factors_read("/nowhere.csv", NULL, &fault, &factors, &is_gva), KL_E_NOT_FOUND);
}

static void either_table_can_be_replaced(void **state)
{
	struct kl_factors f = factors;
	bool is_gva = false;

	(void)state;
	assert_int_equal(kl_factors_read(temp_text("name,mine\nsource,me\nyear,2020\n"
						   "section,gva_million,jobs\nC,8,100\n"),
				 NULL, NULL, &f, &is_gva),
		0);
	assert_true(is_gva);
	assert_int_equal(kl_gva_find(&f.gva, 'C')->per_job, 8000000);
	assert_int_equal(f.density.count, factors.density.count);
	assert_int_equal(kl_factors_read(temp_text("name,mine\nsource,me\nyear,2020\n"
						   "use_class,low_m2,high_m2\nD2,65,100\n"),
				 NULL, NULL, &f, &is_gva),
		0);
	assert_false(is_gva);
	assert_int_equal(f.density.count, 1);
}

static void the_tables_travel(void **state)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	static struct kl_factors got;

	(void)state;
	kl_writer_init(&w);
	kl_doc_factors_encode(&w, &factors);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_doc_factors_decode(bytes, &got), 0);
	assert_string_equal(got.gva.about.source, factors.gva.about.source);
	assert_int_equal(got.gva.count, factors.gva.count);
	kl_writer_deinit(&w);
}

static void a_data_file_that_is_not_there(void **state)
{
	char path[KL_DATA_PATH_MAX];
	struct kl_fault fault = {0};

	(void)state;
	assert_int_equal(kl_data_path("no such file.csv", &fault, path), KL_E_NOT_FOUND);
	assert_string_equal(
		fault.message, "no such file.csv: the program's data file is not there");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_data_files_say_where_they_come_from),
		cmocka_unit_test(a_file_becomes_a_total),
		cmocka_unit_test(what_is_given_goes_before_words),
		cmocka_unit_test(tenants_that_stand_twice_are_told),
		cmocka_unit_test(a_total_is_no_tenant),
		cmocka_unit_test(more_decimals_are_rounded),
		cmocka_unit_test(what_cannot_be_read_is_named),
		cmocka_unit_test(rows_go_out_in_parts),
		cmocka_unit_test(factor_files_that_cannot_be_read),
		cmocka_unit_test(either_table_can_be_replaced),
		cmocka_unit_test(the_tables_travel),
		cmocka_unit_test(a_data_file_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, read_data, remove_data);
}
