/* Tables of councils as people have them. */
#include "client/councils_file.h"
#include "tests/unit/tempfile.h"

#include <math.h>

/* Reads all rows of a text; returns the code of what ended it, and how many rows there were. */
static int read_all(
	const char *text, struct kl_council *last, size_t *ret_rows, struct kl_fault *fault)
{
	struct kl_councils_file *file;
	int rc;

	memset(fault, 0, sizeof *fault);
	*ret_rows = 0;
	rc = kl_councils_file_open(temp_text(text), NULL, fault, &file);
	if (rc)
		return rc;
	while ((rc = kl_councils_file_next(file, fault, last)) == 1)
		++*ret_rows;
	kl_councils_file_close(file);
	return rc;
}

#define HEAD "gss_code,official_name,la_type,region,pop_2020,area_km2\n"

static void every_column_is_read(void **state)
{
	struct kl_council c;
	struct kl_fault fault;
	size_t rows;
	int rc = read_all(
		"gss_code,la_code,official_name,short_name,nation,region,la_type,county_la_code,"
		"pop_2020,area_km2,lat,long,imd_pop_quintile_1_most_deprived,imd_pop_decile,"
		"imd_score,density_per_km2,urban_share,rural_share,highly_rural_share,ruc_label\n"
		"E07000999,WEM,Wemshire District Council,Wemshire,England,West Midlands,"
		"Non-metropolitan district,WMS,\"120,500.0\",482.0,52.85,-2.72,2,4,24.75,250.0,"
		"0.5,0.25,5e-05,Urban with rural areas\n",
		&c, &rows, &fault);

	(void)state;
	if (rc)
		fail_msg("%s", fault.message);
	assert_int_equal(rows, 1);
	assert_string_equal(c.gss, "E07000999");
	assert_string_equal(c.letters, "WEM");
	assert_string_equal(c.short_name, "Wemshire");
	assert_string_equal(c.type, "district");
	assert_string_equal(c.region, "west_midlands");
	assert_string_equal(c.rural_urban, "urban_with_rural");
	assert_string_equal(c.county, "WMS");
	assert_true(c.population.known && c.population.value == 120500);
	assert_int_equal(c.population_year, 2020);
	assert_int_equal(c.deprivation_quintile, 2);
	assert_int_equal(c.deprivation_decile, 4);
	assert_true(fabs(c.deprivation_score.value - 24.75) < 1e-12);
	assert_true(fabs(c.remote.value - 5e-05) < 1e-15);
	assert_true(fabs(c.longitude.value + 2.72) < 1e-12);
}

static void what_nobody_knows_is_absent(void **state)
{
	struct kl_council c;
	struct kl_fault fault;
	size_t rows;

	(void)state;
	assert_int_equal(read_all(HEAD "E07000999,Wemshire,,,,n/a\n", &c, &rows, &fault), 0);
	assert_int_equal(rows, 1);
	assert_false(c.population.known || c.area.known);
	assert_int_equal(c.population_year, 0);
	assert_string_equal(c.type, "");
	assert_int_equal(read_all("name,gss\nWemshire,E07000999\n", &c, &rows, &fault), 0);
	assert_int_equal(rows, 1); /* code and name are enough */
}

static void bad_cells_are_named(void **state)
{
	static const struct {
		const char *rows, *words, *hint;
	} cases[] = {
		{"E0700099,Wemshire,,,,\n", "line 2, column 'gss_code': found 'E0700099'", ""},
		{"E07000999,,,,,\n", "line 2, column 'official_name'", ""},
		{"E07000999,Wemshire,bank,,,\n", "line 2, column 'la_type': found 'bank'", ""},
		{"E07000999,Wemshire,,Narnia,,\n", "column 'region': found 'Narnia'", ""},
		{"E07000999,Wemshire,,,many,\n", "column 'pop_2020': found 'many'", ""},
		{"E07000999,Wemshire,,,120.5,\n", "column 'pop_2020': found '120.5'", ""},
		{"E07000999,Wemshire,,,-3,\n", "column 'pop_2020': found '-3'", ""},
		{"E07000999,Wemshire,,,inf,\n", "column 'pop_2020': found 'inf'", ""},
		{"E07000999,A,,,,\nE07000998,B,,,x,\nE07000997,C,,,y,\n", "line 3", "line 4"},
		{"E07000999,A,,,,\nE07000998,B,,,,\nE07000999,C,,,,\n",
			"line 4, column 'gss_code': found 'E07000999', expected another code than "
			"in line 2",
			""},
	};
	struct kl_council c;
	struct kl_fault fault;
	char text[512];
	size_t rows;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		(void)snprintf(text, sizeof text, "%s%s", HEAD, cases[i].rows);
		assert_int_equal(read_all(text, &c, &rows, &fault), KL_E_MALFORMED);
		if (!strstr(fault.message, cases[i].words))
			fail_msg("%s: %s", cases[i].rows, fault.message);
		if (!strstr(fault.hint, cases[i].hint))
			fail_msg("%s: %s", cases[i].rows, fault.hint);
	}
}

static void the_nation_and_the_code_say_the_same(void **state)
{
	struct kl_council c;
	struct kl_fault fault;
	size_t rows;

	(void)state;
	assert_int_equal(read_all("gss,name,nation\nW06000999,Cwm,Wales\n", &c, &rows, &fault), 0);
	assert_int_equal(read_all("gss,name,nation\nW06000999,Cwm,England\n", &c, &rows, &fault),
		KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "column 'nation'"));
}

static void a_table_without_councils_is_none(void **state)
{
	struct kl_council c;
	struct kl_fault fault;
	size_t rows;

	(void)state;
	assert_int_equal(read_all(HEAD, &c, &rows, &fault), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "no councils"));
	assert_int_equal(
		read_all("gss_code,region\nE07000999,London\n", &c, &rows, &fault), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "official_name"));
}

static int clean(void **state)
{
	(void)state;
	temp_file(NULL, 0);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_column_is_read),
		cmocka_unit_test(what_nobody_knows_is_absent),
		cmocka_unit_test(bad_cells_are_named),
		cmocka_unit_test(the_nation_and_the_code_say_the_same),
		cmocka_unit_test(a_table_without_councils_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, clean);
}
