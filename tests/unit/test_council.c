/* Rows of a table of councils: what is checked, what follows from them, there and back. */
#include "core/council.h"
#include "protocol/doc_council.h"
#include "tests/unit/harness.h"
#include "tests/unit/mutate.h"

#include <math.h>

static struct kl_council whole(void)
{
	struct kl_council c = {.gss = "E07000999",
		.name = "Wemshire District Council",
		.short_name = "Wemshire",
		.letters = "WEM",
		.county = "WMS",
		.type = "district",
		.region = "west_midlands",
		.rural_urban = "urban_with_rural",
		.population = {true, 120500},
		.population_year = 2020,
		.area = {true, 482.0},
		.latitude = {true, 52.85},
		.longitude = {true, -2.72},
		.deprivation_quintile = 2,
		.deprivation_decile = 4,
		.deprivation_score = {true, 24.7},
		.urban = {true, 0.5},
		.rural = {true, 0.25},
		.remote = {true, 0.25}};

	return c;
}

static void what_is_refused(void **state)
{
	struct kl_fault fault = {0};
	struct kl_council c = whole();

	(void)state;
	assert_int_equal(kl_council_check(&c, &fault), 0);
#define REFUSED(change, words)                                                                     \
	do {                                                                                       \
		c = whole();                                                                       \
		change;                                                                            \
		fault = (struct kl_fault){0};                                                      \
		assert_true(kl_council_check(&c, &fault) < 0);                                     \
		assert_non_null(strstr(fault.message, words));                                     \
	} while (0)
	REFUSED(strcpy(c.gss, "E0700099"), "gss");
	REFUSED(c.name[0] = '\0', "name");
	REFUSED(strcpy(c.name, "a\nb"), "plain text");
	REFUSED(strcpy(c.county, "\x1b[2J"), "plain text");
	REFUSED(strcpy(c.type, "bank"), "type");
	REFUSED(strcpy(c.region, "narnia"), "region");
	REFUSED(strcpy(c.rural_urban, "lunar"), "rural_urban");
	REFUSED(c.population.value = -1, "population");
	REFUSED(c.population_year = 20, "population_year");
	REFUSED(c.area.value = NAN, "area");
	REFUSED(c.latitude.value = -2.72, "latitude");
	REFUSED(c.longitude.value = 52.85, "longitude");
	REFUSED(c.deprivation_quintile = 6, "quintiles");
	REFUSED(c.deprivation_decile = 11, "deciles");
	REFUSED(c.rural.value = 25, "rural");
#undef REFUSED
}

static void only_code_and_name_must_be_there(void **state)
{
	struct kl_council c = {.gss = "E07000999", .name = "Wemshire District Council"};
	double density;

	(void)state;
	assert_int_equal(kl_council_check(&c, NULL), 0);
	assert_false(kl_council_density(&c, &density));
	assert_string_equal(kl_council_short(&c), "Wemshire District Council");
}

static void density_is_population_over_area(void **state)
{
	struct kl_council c = whole();
	double density;

	(void)state;
	assert_true(kl_council_density(&c, &density));
	assert_true(fabs(density - 250.0) < 1e-9);
	c.area.value = 0;
	assert_false(kl_council_density(&c, &density));
}

static void types_are_read_as_registers_write_them(void **state)
{
	static const char *const cases[][2] = {{"Non-metropolitan district", "district"},
		{"Unitary authority", "unitary"},
		{"Metropolitan district", "metropolitan_district"},
		{"London borough", "london_borough"},
		{"Scottish unitary authority", "scottish_unitary"},
		{"Welsh unitary authority", "welsh_unitary"}, {"County", "county"},
		{"Combined authority", "combined_authority"},
		{"NI district", "northern_irish_district"},
		{"City corporation", "city_corporation"},
		{"Strategic Regional Authority", "greater_london_authority"}, {"UA", "unitary"}};
	char type[KL_SLUG_MAX] = "";

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(kl_council_type_parse(cases[i][0], type), 0);
		assert_string_equal(type, cases[i][1]);
	}
	assert_int_equal(kl_council_type_parse("building society", type), KL_E_NOT_FOUND);
}

static void the_nation_is_in_the_code(void **state)
{
	struct kl_council c = whole();

	(void)state;
	assert_string_equal(kl_council_nation(&c), "England");
	strcpy(c.gss, "N09000001");
	assert_string_equal(kl_council_nation(&c), "Northern Ireland");
	strcpy(c.gss, "X09000001");
	assert_string_equal(kl_council_nation(&c), "");
}

static void what_a_row_says_for_a_profile(void **state)
{
	struct kl_council c = whole(), little = {.gss = "W06000999", .name = "Cwm Council"};
	struct kl_council_says says[KL_COUNCIL_SAYS_MAX];
	struct kl_profile profile;

	(void)state;
	assert_int_equal(kl_council_says(&c, KL_MEMBER_COUNCIL, says), 6);
	kl_profile_init(&profile);
	profile.attributes.kind = KL_MEMBER_COUNCIL;
	strcpy(profile.name, "Wemshire");
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(kl_profile_set(&profile, says[i].field, says[i].value, NULL), 0);
	assert_int_equal(kl_profile_check(&profile, NULL), 0);
	assert_int_equal(profile.population.value, 120500);
	assert_string_equal(profile.attributes.type, "district");
	kl_profile_deinit(&profile);
	/* an anchor works there: neither its type nor its people */
	assert_int_equal(kl_council_says(&c, KL_MEMBER_ANCHOR, says), 4);
	assert_int_equal(kl_council_says(&little, KL_MEMBER_COUNCIL, says), 1); /* its code */
}

/* ---- the codec ----------------------------------------------------------------------------- */

static int again(struct kl_bytes bytes, struct kl_writer *w)
{
	struct kl_council c;
	struct kl_value row;
	int rc = kl_value_open(bytes, &row);

	rc = rc ? rc : kl_doc_council_decode(&row, &c);
	if (!rc)
		kl_doc_council_encode(w, &c);
	return rc;
}

static void there_and_back(const struct kl_council *c)
{
	struct kl_writer w, second;
	struct kl_bytes bytes, same;

	kl_writer_init(&w);
	kl_writer_init(&second);
	kl_doc_council_encode(&w, c);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(again(bytes, &second), 0);
	assert_int_equal(kl_writer_bytes(&second, &same), 0);
	assert_true(kl_bytes_equal(bytes, same));
	kl_writer_deinit(&w);
	kl_writer_deinit(&second);
}

static void rows_come_back_as_they_were(void **state)
{
	struct kl_council c = whole(), little = {.gss = "W06000999", .name = "Cwm Council"};

	(void)state;
	there_and_back(&c);
	there_and_back(&little);
	c.population = (struct kl_optional_int){true, 0}; /* none there is not unknown */
	c.area.value = 0;
	there_and_back(&c);
}

static void damaged_rows_are_refused_or_still_rows(void **state)
{
	struct kl_council c = whole();
	struct kl_bytes bytes;
	struct kl_writer w;
	uint8_t bad[1024];
	int refused = 0;

	(void)state;
	kl_writer_init(&w);
	kl_doc_council_encode(&w, &c);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_true(bytes.len < sizeof bad);
	for (uint32_t seed = 0; seed < 2000; seed++) {
		size_t len = mutate(seed, bytes.data, bytes.len, bad);
		struct kl_writer out;
		struct kl_council read;
		struct kl_value row;

		kl_writer_init(&out);
		if (again(kl_bytes(bad, len), &out))
			refused++;
		else if (!kl_value_open(kl_bytes(bad, len), &row) &&
			 !kl_doc_council_decode(&row, &read))
			assert_int_equal(kl_council_check(&read, NULL), 0);
		kl_writer_deinit(&out);
	}
	assert_true(refused > 1000);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(only_code_and_name_must_be_there),
		cmocka_unit_test(density_is_population_over_area),
		cmocka_unit_test(types_are_read_as_registers_write_them),
		cmocka_unit_test(the_nation_is_in_the_code),
		cmocka_unit_test(what_a_row_says_for_a_profile),
		cmocka_unit_test(rows_come_back_as_they_were),
		cmocka_unit_test(damaged_rows_are_refused_or_still_rows),
	};

	return RUN(tests);
}
