#include "core/factors.h"
#include "tests/unit/harness.h"

/* Made-up tables with round numbers. */
static const struct kl_density_table densities = {{"made up", "nobody", 2015}, 4,
	{{"B1a", "office", 120, 120, KL_BASIS_NIA}, {"B8", "hub", 950, 950, KL_BASIS_GEA},
		{"B8", "last mile", 700, 700, KL_BASIS_GEA}, {"X", "odd", 100, 200, KL_BASIS_NIA}}};

static void sections_from_letters_and_codes(void **state)
{
	static const struct {
		const char *text;
		char section;
	} cases[] = {{"Q", 'Q'}, {" q ", 'Q'}, {"01", 'A'}, {"01110", 'A'}, {"9.11", 'R'},
		{"09.10", 'B'}, {"33", 'C'}, {"3513", 'D'}, {"38.1", 'E'}, {"43999", 'F'},
		{"47", 'G'}, {"53", 'H'}, {"56.10/1", 'I'}, {"62", 'J'}, {"64.19", 'K'},
		{"68", 'L'}, {"75", 'M'}, {"82", 'N'}, {"84", 'O'}, {"85", 'P'}, {"88.91", 'Q'},
		{"93", 'R'}, {"96", 'S'}, {"98", 'T'}, {"99", 'U'}, {"V", 0}, {"00", 0}, {"04", 0},
		{"34", 0}, {"89", 0}, {"5", 0}, {"", 0}, {"QQ", 0}, {"123456", 0}, {"8x", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char section = '?';
		int rc = kl_sic_section_parse(cases[i].text, &section);

		if (rc != (cases[i].section ? 0 : KL_E_INVALID) ||
			section != (cases[i].section ? cases[i].section : '?'))
			fail_msg("'%s' gave %d %c", cases[i].text, rc, section);
	}
}

static void rows_of_one_class_make_a_range(void **state)
{
	struct kl_density d = {0};

	(void)state;
	assert_int_equal(kl_density_find(&densities, "b1A", &d), 0);
	assert_int_equal(d.low, 120);
	assert_int_equal(d.basis, KL_BASIS_NIA);
	assert_int_equal(kl_density_find(&densities, "B8", &d), 0);
	assert_int_equal(d.low, 700);
	assert_int_equal(d.high, 950);
	assert_int_equal(kl_density_find(&densities, "D1", &d), KL_E_NOT_FOUND);
	assert_int_equal(d.high, 950);
}

static void sections_share_a_lumped_row(void **state)
{
	struct kl_gva_table t = {{"made up", "nobody", 2016}, 2,
		{{"C", 8000000, 0}, {"IKOQRS", 8200000, KL_CAUTION_LUMPED}}};

	(void)state;
	assert_ptr_equal(kl_gva_find(&t, 'C'), &t.rows[0]);
	assert_ptr_equal(kl_gva_find(&t, 'Q'), &t.rows[1]);
	assert_null(kl_gva_find(&t, 'A'));
	assert_null(kl_gva_find(&t, 0));
}

static void what_a_table_must_hold(void **state)
{
	static struct kl_density_table d;
	struct kl_gva_table good = {{"made up", "nobody", 2016}, 2,
				    {{"C", 8000000, 0}, {"IKOQRS", 8200000, KL_CAUTION_LUMPED}}},
			    t;
	struct kl_fault fault = {0};

	(void)state;
	assert_int_equal(kl_gva_table_check(&good, &fault), 0);
	t = good, strcpy(t.rows[0].sections, "Q");
	assert_int_equal(kl_gva_table_check(&t, &fault), KL_E_INVALID);
	assert_string_equal(fault.message, "section Q stands twice");
	t = good, strcpy(t.rows[0].sections, "W");
	assert_int_equal(kl_gva_table_check(&t, &fault), KL_E_INVALID);
	t = good, t.rows[1].per_job = 0;
	assert_int_equal(kl_gva_table_check(&t, &fault), KL_E_RANGE);
	t = good, t.rows[1].cautions = KL_CAUTION_BASIS;
	assert_int_equal(kl_gva_table_check(&t, &fault), KL_E_INVALID);
	t = good, t.about.year = 16;
	assert_int_equal(kl_gva_table_check(&t, &fault), KL_E_RANGE);
	t = good, t.about.source[0] = '\0';
	assert_int_equal(kl_gva_table_check(&t, &fault), KL_E_INVALID);
	t = good, t.count = 0;
	assert_int_equal(kl_gva_table_check(&t, &fault), KL_E_RANGE);
	assert_int_equal(kl_density_table_check(&densities, &fault), 0);
	d = densities, d.rows[0].low = 121;
	assert_int_equal(kl_density_table_check(&d, &fault), KL_E_RANGE);
	d = densities, d.rows[0].use_class[0] = '\0';
	assert_int_equal(kl_density_table_check(&d, &fault), KL_E_INVALID);
}

static void plain_words_become_section_and_class(void **state)
{
	static const struct kl_activity_word words[] = {{"café", 'I', "A3"}, {"bar", 'I', "A4"},
		{"nursery", 'P', "D1"}, {"plant nursery", 'A', ""}, {"shop", 'G', "A1"}};
	const size_t n = sizeof words / sizeof *words;

	(void)state;
	assert_ptr_equal(kl_activity_judge(words, n, "Community CAFÉ and shop"), &words[0]);
	assert_ptr_equal(kl_activity_judge(words, n, "Plant  nursery"), &words[3]);
	assert_ptr_equal(kl_activity_judge(words, n, "children's nursery"), &words[2]);
	assert_ptr_equal(kl_activity_judge(words, n, "two shops"), &words[4]);
	assert_null(kl_activity_judge(words, n, "barber"));
	assert_null(kl_activity_judge(words, n, ""));
}

static void bases(void **state)
{
	enum kl_area_basis basis = KL_BASIS_UNKNOWN;

	(void)state;
	assert_int_equal(kl_area_basis_parse("gia", &basis), 0);
	assert_string_equal(kl_area_basis_name(basis), "GIA");
	assert_int_equal(kl_area_basis_parse("acre", &basis), KL_E_INVALID);
}

static void a_ratio_lies_in_its_bounds_and_has_a_source(void **state)
{
	struct kl_gva_ratio good = {true, 0.45, "a made-up survey", 2016}, r = {.stated = false};
	struct kl_fault fault = {0};

	(void)state;
	assert_int_equal(kl_gva_ratio_check(&r, &fault), 0);
	assert_int_equal(kl_gva_ratio_check(&good, &fault), 0);
	r = good, r.share = 1.0;
	assert_int_equal(kl_gva_ratio_check(&r, &fault), 0);
	r = good, r.share = 0.0;
	assert_int_equal(kl_gva_ratio_check(&r, &fault), KL_E_RANGE);
	r = good, r.share = 1.01;
	assert_int_equal(kl_gva_ratio_check(&r, &fault), KL_E_RANGE);
	r = good, r.source[0] = '\0';
	assert_int_equal(kl_gva_ratio_check(&r, &fault), KL_E_INVALID);
	r = good, r.year = 16;
	assert_int_equal(kl_gva_ratio_check(&r, &fault), KL_E_RANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_from_letters_and_codes),
		cmocka_unit_test(rows_of_one_class_make_a_range),
		cmocka_unit_test(sections_share_a_lumped_row),
		cmocka_unit_test(what_a_table_must_hold),
		cmocka_unit_test(plain_words_become_section_and_class),
		cmocka_unit_test(bases),
		cmocka_unit_test(a_ratio_lies_in_its_bounds_and_has_a_source),
	};

	return RUN(tests);
}
