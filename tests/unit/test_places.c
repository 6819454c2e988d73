/* Suppliers joined to a table of places, by names that people spell in many ways. */
#include "core/places.h"
#include "tests/unit/harness.h"

#include <stdio.h>

static void add(
	struct kl_places *places, const char *name, const char *place, enum kl_sector sector)
{
	struct kl_place row = {.sector = sector};

	strcpy(row.supplier, name);
	strcpy(row.place, place);
	assert_int_equal(kl_place_check(&row, NULL), 0);
	assert_int_equal(kl_places_add(places, &row), 0);
}

/* The spelling that is found, "" for none, and how. */
static void finds(
	const struct kl_places *places, const char *name, const char *wanted, bool loosely)
{
	uint32_t number;
	bool loose;
	int rc = kl_places_find(places, name, &number, &loose);

	if (!wanted[0]) {
		if (!rc)
			fail_msg("'%s' is '%s'", name, kl_places_at(places, number).supplier);
		return;
	}
	if (rc)
		fail_msg("'%s' is not found", name);
	assert_string_equal(kl_places_at(places, number).supplier, wanted);
	if (loose != loosely)
		fail_msg("'%s': loose is %d", name, loose);
}

static void names_are_joined_exactly_or_loosely(void **state)
{
	struct kl_places *places = kl_places_new();

	(void)state;
	add(places, "Example Bakery Ltd", "HX1 1AA", KL_SECTOR_SMALL);
	add(places, "St. Example's Trust", "HX2", KL_SECTOR_VOLUNTARY);
	add(places, "Smith & Daughters t/a Example Café", "HX3", KL_SECTOR_SMALL);
	finds(places, "EXAMPLE  BAKERY LIMITED", "Example Bakery Ltd", false);
	finds(places, "Example Bakery", "Example Bakery Ltd", true);
	finds(places, "The Example Bakery PLC", "Example Bakery Ltd", true);
	finds(places, "example-bakery", "Example Bakery Ltd", true);
	finds(places, "St Examples Trust", "St. Example's Trust", true);
	finds(places, "Somebody trading as St Examples Trust", "St. Example's Trust", true);
	finds(places, "SMITH AND DAUGHTERS", "Smith & Daughters t/a Example Café", true);
	finds(places, "EXAMPLE CAFE LTD", "Smith & Daughters t/a Example Café", true);
	finds(places, "Example Café", "Smith & Daughters t/a Example Café", true);
	finds(places, "Example Bakery (North)", "", false);
	finds(places, "Bakery", "", false);
	assert_int_equal(kl_places_count(places), 3);
	kl_places_destroy(places);
}

static void contradictions_tell_nothing(void **state)
{
	struct kl_places *places = kl_places_new();
	uint32_t number;
	bool loose;

	(void)state;
	add(places, "Example Ltd", "HX1", KL_SECTOR_SMALL);
	assert_int_equal(kl_places_differing(places), 0);
	add(places, "EXAMPLE LIMITED", "HX2", KL_SECTOR_LARGE);
	add(places, "Example Ltd", "", KL_SECTOR_LARGE);
	assert_int_equal(kl_places_count(places), 1);
	assert_int_equal(kl_places_differing(places), 1);
	assert_int_equal(kl_places_find(places, "Example Ltd", &number, &loose), 0);
	assert_string_equal(kl_places_at(places, number).place, "");
	assert_int_equal(kl_places_at(places, number).sector, KL_SECTOR_UNKNOWN);
	finds(places, "Example", "Example Ltd", true);
	add(places, "Example plc", "LS1", KL_SECTOR_LARGE);
	finds(places, "Example", "", false);
	finds(places, "Example plc", "Example plc", false);
	kl_places_destroy(places);
}

static void several_places_count_as_long_as_the_area_tells_the_same(void **state)
{
	struct kl_places *places = kl_places_new();
	struct kl_area area;
	char place[8];

	(void)state;
	assert_int_equal(kl_area_parse("HX1 HX2", NULL, &area), 0);
	add(places, "Example School", "HX1 1AA", KL_SECTOR_PUBLIC);
	assert_int_equal(kl_places_where(places, 0, NULL), KL_WHERE_UNKNOWN);
	add(places, "Example School", "HX2 1AA", KL_SECTOR_UNKNOWN);
	assert_int_equal(kl_places_where(places, 0, &area), KL_WHERE_LOCAL);
	assert_int_equal(kl_places_at(places, 0).sector, KL_SECTOR_PUBLIC);
	add(places, "Example School", "LS1 1AA", KL_SECTOR_UNKNOWN);
	assert_int_equal(kl_places_where(places, 0, &area), KL_WHERE_UNKNOWN);
	for (int i = 0; i <= KL_PLACES_OF_ONE; i++) {
		snprintf(place, sizeof place, "HX1 %dAA", i);
		add(places, "Example Everywhere", place, KL_SECTOR_UNKNOWN);
		assert_int_equal(kl_places_where(places, 1, &area),
			i < KL_PLACES_OF_ONE ? KL_WHERE_LOCAL : KL_WHERE_UNKNOWN);
	}
	kl_places_destroy(places);
}

static void what_the_owner_says_comes_first(void **state)
{
	struct kl_place row = {.supplier = "A", .place = "LS1", .where = KL_WHERE_LOCAL};
	struct kl_places *places = kl_places_new();
	struct kl_area area;

	(void)state;
	assert_int_equal(kl_area_parse("HX1", NULL, &area), 0);
	assert_int_equal(kl_places_add(places, &row), 0);
	assert_int_equal(kl_places_where(places, 0, &area), KL_WHERE_LOCAL);
	row.where = KL_WHERE_ELSEWHERE;
	assert_int_equal(kl_places_add(places, &row), 0);
	assert_int_equal(kl_places_where(places, 0, &area), KL_WHERE_UNKNOWN);
	assert_int_equal(kl_places_differing(places), 1);
	kl_places_destroy(places);
}

static void rows_are_checked(void **state)
{
	struct kl_place row = {.supplier = "A"};
	struct kl_fault fault;

	(void)state;
	assert_int_equal(kl_place_check(&row, &fault), 0);
	row.size = KL_SIZE_COUNT;
	assert_int_equal(kl_place_check(&row, &fault), KL_E_MALFORMED);
	row.size = KL_SIZE_MICRO;
	strcpy(row.supplier, " . ");
	assert_int_equal(kl_place_check(&row, &fault), KL_E_MALFORMED);
	assert_string_equal(kl_size_name(KL_SIZE_MEDIUM), "medium");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_joined_exactly_or_loosely),
		cmocka_unit_test(contradictions_tell_nothing),
		cmocka_unit_test(several_places_count_as_long_as_the_area_tells_the_same),
		cmocka_unit_test(what_the_owner_says_comes_first),
		cmocka_unit_test(rows_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
