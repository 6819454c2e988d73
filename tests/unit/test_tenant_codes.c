/* Industries and uses by what people call them. */
#include "daemon/tenant_codes.h"
#include "tests/unit/harness.h"

static void an_industry_by_code_or_name(void **state)
{
	static const struct {
		const char *text;
		char section;
	} cases[] = {{"m", 'M'}, {"56.10", 'I'}, {"education", 'P'}, {"Arts", 'R'},
		{"health and care", 'Q'}, {"other services", 'S'}};
	struct kl_fault fault = {0};
	char section;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(kl_which_section(cases[i].text, &section, &fault), KL_OK);
		assert_int_equal(section, cases[i].section);
	}
	assert_int_equal(kl_which_section("services", &section, &fault), KL_E_AMBIGUOUS);
	assert_int_equal(kl_which_section("fishery", &section, &fault), KL_E_NOT_FOUND);
	assert_int_equal(kl_which_section("Z", &section, &fault), KL_E_NOT_FOUND);
}

static void a_use_by_its_class_or_in_words(void **state)
{
	static const struct kl_density_table table = {.count = 4,
		.rows = {{"B1a", "General office", 130, 130, KL_BASIS_NIA},
			{"B8", "National distribution centre", 950, 950, KL_BASIS_GEA},
			{"B8", "Regional distribution centre", 770, 770, KL_BASIS_GEA},
			{"A3", "Restaurants and general catering", 150, 200, KL_BASIS_NIA}}};
	static const struct {
		const char *text, *becomes;
		int code;
	} cases[] = {{"", "", KL_OK}, {"b1a", "b1a", KL_OK}, {"D2", "D2", KL_OK},
		{"Sui generis", "Sui generis", KL_OK}, {"OFFICE", "B1a", KL_OK},
		{"distribution", "B8", KL_OK}, {"general", "general", KL_E_AMBIGUOUS},
		{"castle", "castle", KL_E_NOT_FOUND}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char use_class[KL_USE_CLASS_MAX];
		struct kl_fault fault = {0};

		strcpy(use_class, cases[i].text);
		assert_int_equal(kl_which_use_class(&table, use_class, &fault), cases[i].code);
		assert_string_equal(use_class, cases[i].becomes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_industry_by_code_or_name),
		cmocka_unit_test(a_use_by_its_class_or_in_words),
	};

	return RUN(tests);
}
