#include "core/error.h"
#include "core/names.h"
#include "tests/unit/harness.h"

#include <stdio.h>

static void one_firm_has_one_key(void **state)
{
	static const struct {
		const char *name, *key;
	} cases[] = {{"Wem Bakery Ltd", "wem bakery ltd"},
		{"  WEM   BAKERY LIMITED ", "wem bakery ltd"},
		{"Wem Bakery Ltd.", "wem bakery ltd"}, {"Wem\n Bakery\tltd", "wem bakery ltd"},
		{"Limited", "limited"}, {"Unlimited", "unlimited"},
		{"Limited Edition Prints", "limited edition prints"}, {"CAFÉ ŴYLAN", "café ŵylan"},
		{"ŽIŻEK ŁÓDŹ", "žiżek łódź"}, {"Ÿ×ß", "ÿ×ß"},
		{"A\xc2\xa0\xc2\xa0"
		 "B",
			"a b"},
		{"", ""}, {" . ", ""}, {"Wem Bakery .", "wem bakery"},
		{"Wem Bakery Ltd . .", "wem bakery ltd"}};
	char key[KL_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(kl_name_key(cases[i].name, key), cases[i].key);
}

static void a_long_name_is_cut_and_ends(void **state)
{
	char name[1000], key[KL_NAME_MAX];

	(void)state;
	memset(name, 'N', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	kl_name_key(name, key);
	assert_true(strlen(key) >= KL_NAME_MAX - 3 && strlen(key) < KL_NAME_MAX);
	for (size_t i = 0; i + 1 < sizeof name - 1; i += 2)
		memcpy(name + i, "É", 2);
	name[sizeof name - 2] = '\0';
	kl_name_key(name, key);
	assert_int_equal(strlen(key) % 2, 0);
}

static void equal_names_are_found_again(void **state)
{
	struct kl_names *names = kl_names_new();
	struct kl_names_found found;

	(void)state;
	assert_non_null(names);
	assert_int_equal(kl_names_add(names, "Hill Farm Limited", &found), 0);
	assert_true(found.added && found.number == 0);
	assert_int_equal(kl_names_add(names, "Hill Farm", &found), 0);
	assert_true(found.added && found.number == 1);
	assert_int_equal(kl_names_add(names, "HILL FARM LTD", &found), 0);
	assert_true(!found.added && found.other_style && found.number == 0);
	assert_int_equal(kl_names_add(names, "Hill Farm Limited", &found), 0);
	assert_true(!found.added && !found.other_style && found.number == 0);
	assert_int_equal(kl_names_count(names), 2);
	assert_string_equal(kl_names_at(names, 0), "Hill Farm Limited");
	kl_names_destroy(names);
	kl_names_destroy(NULL);
}

static void thousands_of_names(void **state)
{
	enum { N = 20000 };
	struct kl_names *names = kl_names_new();
	struct kl_names_found found;
	char name[32];

	(void)state;
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < N; i++) {
			snprintf(name, sizeof name, "Supplier %u Ltd", i);
			assert_int_equal(kl_names_add(names, name, &found), 0);
			assert_int_equal(found.number, i);
			assert_int_equal(found.added, pass == 0);
		}
	assert_int_equal(kl_names_count(names), N);
	assert_string_equal(kl_names_at(names, N - 1), "Supplier 19999 Ltd");
	kl_names_destroy(names);
}

static void loose_keys_forgive_more(void **state)
{
	static const struct {
		const char *name, *key;
	} cases[] = {{"The Wem Bakery Co. Ltd", "wem bakery"},
		{"WEM BAKERY (UK) LIMITED", "wem bakery uk"},
		{"Smith & Daughters", "smith and daughters"},
		{"Smith+Daughters", "smith and daughters"},
		{"St. Anne's Trust C.I.C.", "st annes trust"}, {"Anne\xe2\x80\x99s", "annes"},
		{"A Person t/a Wem Bakery", "a person"}, {"A Person trading as Wem", "a person"},
		{"Wem-Bakery, plc", "wem bakery"}, {"Café ŁÓDŹ Ltd", "cafe lodz"},
		{"Æther", "æther"}, {"Limited", "limited"}, {"The Ltd", "the"}, {"&", "and"},
		{"---", "---"}, {"", ""}};
	char key[KL_NAME_MAX], long_name[1000];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(kl_name_loose(cases[i].name, key), cases[i].key);
	assert_string_equal(kl_name_trading("A Person T/A Wem Bakery"), "Wem Bakery");
	assert_string_equal(kl_name_trading("Wem Bakery"), "");
	memset(long_name, '&', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	assert_true(strlen(kl_name_loose(long_name, key)) < KL_NAME_MAX);
}

static void names_are_found_without_being_added(void **state)
{
	struct kl_names *names = kl_names_new();
	struct kl_names_found found;
	uint32_t number = 7;

	(void)state;
	assert_int_equal(kl_names_find(names, "A", &number), KL_E_NOT_FOUND);
	assert_int_equal(kl_names_add(names, "A Ltd", &found), 0);
	assert_int_equal(kl_names_find(names, "a limited", &number), 0);
	assert_int_equal(number, 0);
	assert_int_equal(kl_names_count(names), 1);
	kl_names_destroy(names);
}

static void a_table_of_keys_compares_letter_by_letter(void **state)
{
	struct kl_names *names = kl_names_new_of_keys();
	struct kl_names_found found;
	uint32_t number;

	(void)state;
	assert_int_equal(kl_names_add(names, "wem bakery", &found), 0);
	assert_int_equal(kl_names_add(names, "Wem Bakery", &found), 0);
	assert_true(found.added);
	assert_int_equal(kl_names_add(names, "wem bakery", &found), 0);
	assert_false(found.added);
	assert_int_equal(kl_names_find(names, "wem bakery ltd", &number), KL_E_NOT_FOUND);
	assert_int_equal(kl_names_find(names, "Wem Bakery", &number), 0);
	assert_int_equal(number, 1);
	kl_names_destroy(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_firm_has_one_key),
		cmocka_unit_test(a_long_name_is_cut_and_ends),
		cmocka_unit_test(equal_names_are_found_again),
		cmocka_unit_test(thousands_of_names),
		cmocka_unit_test(loose_keys_forgive_more),
		cmocka_unit_test(names_are_found_without_being_added),
		cmocka_unit_test(a_table_of_keys_compares_letter_by_letter),
	};

	return RUN(tests);
}
