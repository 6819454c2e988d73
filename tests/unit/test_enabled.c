#include "core/enabled.h"
#include "core/money.h"
#include "tests/unit/harness.h"

#include <stdio.h>

/* Made-up factors with round numbers, so that every sum below can be checked in the head. */
static const struct kl_factors factors = {
	.gva = {{"made up", "nobody", 2016}, 3,
		{{"C", 8000000, 0}, {"L", 60000000, KL_CAUTION_RENT},
			{"IKOQRS", 8200000, KL_CAUTION_LUMPED}}},
	.density = {{"made up", "nobody", 2015}, 3,
		{{"B1a", "office", 130, 130, KL_BASIS_NIA}, {"A3", "café", 150, 200, KL_BASIS_NIA},
			{"B2", "industry", 360, 360, KL_BASIS_GIA}}},
};

static struct kl_estimate estimate(const struct kl_tenant *t)
{
	struct kl_fault fault = {0};
	struct kl_estimate e;

	if (kl_tenant_check(t, &fault))
		fail_msg("%s", fault.message);
	kl_enabled_estimate(t, &factors, &e);
	return e;
}

static void what_is_given_is_taken(void **state)
{
	struct kl_tenant t = {.name = "A",
		.has_fte = true,
		.fte = 45,
		.has_gva = true,
		.gva = 700,
		.has_floor = true,
		.floor = 99999,
		.use_class = "B1a",
		.section = 'C'};
	struct kl_estimate e = estimate(&t);

	(void)state;
	assert_int_equal(e.fte, 45);
	assert_int_equal(e.fte_method, KL_METHOD_PRIMARY);
	assert_int_equal(e.gva, 700);
	assert_int_equal(e.gva_method, KL_METHOD_PRIMARY);
	assert_int_equal(e.cautions, 0);
}

/* 130 m2 of office at 13 m2 a head are 10.0 FTE; at £80,000 a job, £800,000. */
static void an_office_by_its_floor(void **state)
{
	struct kl_tenant t = {
		.name = "A", .has_floor = true, .floor = 1300, .use_class = "B1a", .section = 'C'};
	struct kl_estimate e = estimate(&t);

	(void)state;
	assert_int_equal(e.fte, 100);
	assert_int_equal(e.gva, 80000000);
	assert_true(e.fte_on_floor && e.gva_on_floor);
	assert_int_equal(e.fte_method, KL_METHOD_ESTIMATED);
	assert_int_equal(e.gva_method, KL_METHOD_ESTIMATED);
	assert_int_equal(e.cautions, 0);
}

/* 60 m2 of café at 15 to 20, middle 17.5: 3.43 FTE, rounded 3.4; at £82,000: £278,800. */
static void a_cafe_with_a_range_and_a_lump(void **state)
{
	struct kl_tenant t = {.name = "A",
		.has_floor = true,
		.floor = 600,
		.use_class = "a3",
		.section = 'I',
		.basis = KL_BASIS_GIA};
	struct kl_estimate e = estimate(&t);

	(void)state;
	assert_int_equal(e.fte, 34);
	assert_int_equal(e.gva, 27880000);
	assert_int_equal(e.cautions, KL_CAUTION_RANGE | KL_CAUTION_LUMPED | KL_CAUTION_BASIS);
}

/* Turnover becomes GVA only by a stated ratio: 200,000 * 0.45 = 90,000. */
static void turnover_needs_a_ratio(void **state)
{
	struct kl_tenant t = {.name = "A",
		.has_fte = true,
		.fte = 20,
		.has_turnover = true,
		.turnover = 20000000,
		.section = 'C'};
	struct kl_factors with = factors;
	struct kl_estimate e = estimate(&t);

	(void)state;
	assert_int_equal(e.gva, 16000000);
	assert_int_equal(e.gva_method, KL_METHOD_ESTIMATED);
	assert_int_equal(e.cautions, KL_CAUTION_NO_RATIO);
	with.ratio = (struct kl_gva_ratio){true, 0.45, "a made-up survey", 2016};
	kl_enabled_estimate(&t, &with, &e);
	assert_int_equal(e.gva, 9000000);
	assert_int_equal(e.gva_method, KL_METHOD_PARTLY);
	assert_int_equal(e.cautions, 0);
	t.section = 'L', t.turnover = 100; /* 2 FTE at £600,000 against a pound of turnover */
	e = estimate(&t);
	assert_int_equal(e.cautions, KL_CAUTION_NO_RATIO | KL_CAUTION_RENT | KL_CAUTION_TURNOVER);
}

static void who_is_left_out_and_why(void **state)
{
	static const struct {
		struct kl_tenant t;
		const char *text;
	} cases[] = {
		{{.name = "A", .section = 'C'},
			"A: employees and GVA, because neither staff nor floor space is known"},
		{{.name = "B", .has_floor = true, .floor = 10, .section = 'C'},
			"B: employees and GVA, because floor space is known, but its activity has "
			"no use "
			"class yet"},
		{{.name = "C", .has_floor = true, .floor = 10, .use_class = "D1", .section = 'C'},
			"C: employees and GVA, because the density table has nothing for its use "
			"class"},
		{{.name = "D", .has_fte = true, .fte = 10},
			"D: GVA, because no section of the industrial classification (SIC) is "
			"known for its activity"},
		{{.name = "E", .has_fte = true, .fte = 10, .section = 'U'},
			"E: GVA, because the GVA table has nothing for its section of the "
			"industrial classification (SIC)"},
		{{.name = "F", .has_gva = true, .gva = 10},
			"F: employees, because neither staff nor floor space is known"},
		{{.name = "G", .has_fte = true, .fte = 0, .section = 'C'},
			""}, /* volunteers only */
	};
	char text[KL_ENABLED_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_estimate e = estimate(&cases[i].t);

		assert_string_equal(kl_enabled_left_out_text(&cases[i].t, &e, text), cases[i].text);
	}
}

/* An office that gave all, one by its floor, one nobody knows anything of. */
static void totals_methods_and_confidence_apart(void **state)
{
	struct kl_tenant given = {.name = "A", .has_fte = true, .fte = 300, .section = 'C'};
	struct kl_tenant floor = {.name = "B",
		.has_floor = true,
		.floor = 1300,
		.use_class = "B1a",
		.has_gva = true,
		.gva = 100};
	struct kl_tenant nothing = {.name = "C"};
	struct kl_enabled_total total = {0};
	struct kl_estimate e;
	int64_t per_fte = -1;

	(void)state;
	assert_int_equal(kl_enabled_figure_confidence(&total.fte), KL_CONFIDENCE_LOW);
	e = estimate(&given);
	assert_int_equal(kl_enabled_total_add(&total, &e), 0);
	assert_int_equal(kl_enabled_figure_method(&total.fte), KL_METHOD_PRIMARY);
	assert_int_equal(kl_enabled_figure_confidence(&total.fte), KL_CONFIDENCE_HIGH);
	assert_int_equal(kl_enabled_figure_method(&total.gva), KL_METHOD_ESTIMATED);
	assert_int_equal(kl_enabled_figure_confidence(&total.gva), KL_CONFIDENCE_MODERATE);
	assert_int_equal(kl_enabled_gva_per_fte(&total, &per_fte), 0);
	assert_int_equal(per_fte, 8000000);
	e = estimate(&floor);
	assert_int_equal(kl_enabled_total_add(&total, &e), 0);
	e = estimate(&nothing);
	assert_int_equal(kl_enabled_total_add(&total, &e), 0);
	assert_int_equal(kl_enabled_gva_per_fte(&total, &per_fte), KL_E_NOT_FOUND);
	assert_int_equal(total.tenants, 3);
	assert_int_equal(total.fte.exact, 400);
	assert_int_equal(total.fte.by_method[KL_METHOD_PRIMARY], 300);
	assert_int_equal(total.fte.by_method[KL_METHOD_ESTIMATED], 100);
	assert_int_equal(total.fte.left_out, 1);
	assert_int_equal(total.gva.exact, 240000100);
	assert_int_equal(total.gva.count_by_method[KL_METHOD_PRIMARY], 1);
	assert_int_equal(kl_enabled_figure_method(&total.gva), KL_METHOD_PARTLY);
	assert_int_equal(kl_enabled_figure_confidence(&total.fte), KL_CONFIDENCE_MODERATE);
	total.fte.left_out = 3;
	assert_int_equal(kl_enabled_figure_confidence(&total.fte), KL_CONFIDENCE_LOW);
	total.fte.left_out = 0, total.fte.on_floor = 201;
	assert_int_equal(kl_enabled_figure_confidence(&total.fte), KL_CONFIDENCE_LOW);
}

static void warnings_are_counted(void **state)
{
	struct kl_tenant cafe = {.name = "A", .has_fte = true, .fte = 10, .section = 'I'};
	struct kl_tenant agent = {.name = "B", .has_fte = true, .fte = 10, .section = 'L'};
	struct kl_enabled_total total = {0};
	struct kl_estimate e = estimate(&cafe);
	char text[KL_ENABLED_TEXT_MAX];

	(void)state;
	assert_null(kl_enabled_warning(&total, &factors, 0, text));
	assert_int_equal(kl_enabled_total_add(&total, &e), 0);
	assert_int_equal(kl_enabled_total_add(&total, &e), 0);
	e = estimate(&agent);
	assert_int_equal(kl_enabled_total_add(&total, &e), 0);
	assert_non_null(kl_enabled_warning(&total, &factors, 0, text));
	assert_non_null(strstr(text,
		"2 tenants: the GVA table has one figure for accommodation and food, "
		"finance, public administration, health and care, arts and recreation, "
		"other services together"));
	assert_non_null(kl_enabled_warning(&total, &factors, 1, text));
	assert_non_null(strstr(text, "1 tenant in real estate"));
	assert_null(kl_enabled_warning(&total, &factors, 2, text));
}

/* Table 1 of the report, its ten anchors in its order. The FTE rows sum to 1,401 although the table
 * prints 1,399; the GVA rows sum to what it prints. */
static void table_one(void **state)
{
	enum { P = KL_METHOD_PRIMARY, Y = KL_METHOD_PARTLY, E = KL_METHOD_ESTIMATED };
	static const struct {
		int64_t fte, gva;
		int fte_method, gva_method;
	} rows[] = {{312, 70000000, P, P}, {260, 12913842, Y, Y}, {26, 617010, P, E},
		{43, 531834, P, E}, {304, 14162322, Y, E}, {177, 8114434, Y, E}, {5, 237110, Y, E},
		{255, 12348429, Y, E}, {7, 158073, Y, E}, {12, 526910, P, E}};
	struct kl_enabled_figure fte = {0}, gva = {0};
	char text[KL_FTE_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct kl_enabled_record r = {.has_fte = true,
			.fte = rows[i].fte * 10,
			.has_gva = true,
			.gva = rows[i].gva * 100,
			.fte_method = (enum kl_method)rows[i].fte_method,
			.gva_method = (enum kl_method)rows[i].gva_method,
			.fte_confidence = KL_CONFIDENCE_MODERATE,
			.gva_confidence = KL_CONFIDENCE_MODERATE,
			.source = "table 1"};

		assert_int_equal(kl_enabled_record_check(&r, NULL), 0);
		assert_int_equal(kl_enabled_figure_add(&fte, r.fte, r.fte_method, false), 0);
		assert_int_equal(kl_enabled_figure_add(&gva, r.gva, r.gva_method, false), 0);
	}
	assert_int_equal(fte.exact, 14010);
	assert_int_equal(gva.exact, INT64_C(11960996400));
	assert_string_equal(kl_fte_format(fte.exact, text), "1,401");
	assert_string_equal(kl_fte_about(fte.exact, text), "about 1,400");
	assert_string_equal(kl_fte_about(13990, text), "about 1,400");
	assert_string_equal(kl_money_about(gva.exact, text), "about £120m");
	assert_int_equal(fte.count_by_method[KL_METHOD_PRIMARY], 4);
	assert_int_equal(fte.count_by_method[KL_METHOD_PARTLY], 6);
	assert_int_equal(gva.count_by_method[KL_METHOD_PRIMARY], 1);
	assert_int_equal(gva.count_by_method[KL_METHOD_ESTIMATED], 8);
	assert_int_equal(gva.by_method[KL_METHOD_PARTLY], 1291384200);
	assert_int_equal(kl_enabled_figure_method(&gva), KL_METHOD_PARTLY);
	assert_int_equal(kl_enabled_figure_confidence(&gva), KL_CONFIDENCE_MODERATE);
}

static void staff_and_floor_as_people_write_them(void **state)
{
	char text[KL_FTE_TEXT_MAX];
	int64_t v = 7;

	(void)state;
	assert_int_equal(kl_fte_parse("1,401", &v), 0);
	assert_int_equal(v, 14010);
	assert_int_equal(kl_fte_parse(" 4.50 ", &v), 0);
	assert_int_equal(v, 45);
	assert_int_equal(kl_fte_parse("4.55", &v), KL_E_INVALID);
	assert_int_equal(kl_fte_parse("-4", &v), KL_E_INVALID);
	assert_int_equal(kl_fte_parse("\xe2\x88\x92"
				      "40",
				 &v),
		KL_E_INVALID);
	assert_int_equal(kl_floor_parse("\xe2\x88\x92"
					"40 m2",
				 &v),
		KL_E_INVALID);
	assert_int_equal(kl_fte_parse("£4", &v), KL_E_INVALID);
	assert_int_equal(kl_fte_parse("four", &v), KL_E_INVALID);
	assert_int_equal(kl_fte_parse("", &v), KL_E_INVALID);
	assert_int_equal(kl_fte_parse("1000000.1", &v), KL_E_RANGE);
	assert_int_equal(v, 45);
	assert_int_equal(kl_floor_parse("1,250.5 m2", &v), 0);
	assert_int_equal(v, 12505);
	assert_int_equal(kl_floor_parse("120sqm", &v), 0);
	assert_int_equal(v, 1200);
	assert_int_equal(kl_floor_parse("120 m²", &v), 0);
	assert_int_equal(kl_floor_parse("120 ft2", &v), KL_E_INVALID);
	assert_int_equal(kl_floor_parse("m2", &v), KL_E_INVALID);
	assert_string_equal(kl_fte_format(45, text), "4.5");
	assert_string_equal(kl_fte_about(45, text), "about 4.5");
	assert_string_equal(kl_fte_about(124, text), "about 12");
	assert_string_equal(kl_fte_about(0, text), "about 0");
}

static void what_rows_and_records_must_hold(void **state)
{
	struct kl_tenant good = {.name = "A"}, t;
	struct kl_enabled_record fine = {.has_fte = true,
					 .fte = 10,
					 .fte_confidence = KL_CONFIDENCE_LOW,
					 .source = "s"},
				 r;
	struct kl_enabled_figure figure = {.exact = INT64_MAX};
	struct kl_fault fault = {0};

	(void)state;
	t = good, t.name[0] = '\0';
	assert_int_equal(kl_tenant_check(&t, &fault), KL_E_INVALID);
	t = good, t.has_fte = true, t.fte = -1;
	assert_int_equal(kl_tenant_check(&t, &fault), KL_E_RANGE);
	assert_string_equal(fault.message, "A: staff is out of range");
	t = good, t.has_floor = true, t.floor = KL_FLOOR_MAX + 1;
	assert_int_equal(kl_tenant_check(&t, &fault), KL_E_RANGE);
	t = good, t.section = 'Z';
	assert_int_equal(kl_tenant_check(&t, &fault), KL_E_INVALID);
	r = fine, r.source[0] = '\0';
	assert_int_equal(kl_enabled_record_check(&r, &fault), KL_E_INVALID);
	r = fine, r.has_fte = false;
	assert_int_equal(kl_enabled_record_check(&r, &fault), KL_E_INVALID);
	r = fine, r.fte_confidence = KL_CONFIDENCE_UNSTATED;
	assert_int_equal(kl_enabled_record_check(&r, &fault), KL_E_INVALID);
	r = fine, r.fte = KL_FTE_MAX + 1;
	assert_int_equal(kl_enabled_record_check(&r, &fault), KL_E_RANGE);
	assert_int_equal(kl_enabled_figure_add(&figure, 1, KL_METHOD_PRIMARY, false), KL_E_RANGE);
	assert_int_equal(figure.count, 0);
}

static void words_for_people(void **state)
{
	enum kl_method method = KL_METHOD_PRIMARY;
	enum kl_confidence confidence = KL_CONFIDENCE_HIGH;

	(void)state;
	assert_int_equal(kl_method_parse("Partly", &method), 0);
	assert_string_equal(kl_method_name(method), "partly");
	assert_int_equal(kl_method_parse("guessed", &method), KL_E_INVALID);
	assert_int_equal(kl_confidence_parse("LOW", &confidence), 0);
	assert_string_equal(kl_confidence_name(confidence), "low");
	assert_int_equal(kl_confidence_parse("none", &confidence), KL_E_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_given_is_taken),
		cmocka_unit_test(an_office_by_its_floor),
		cmocka_unit_test(a_cafe_with_a_range_and_a_lump),
		cmocka_unit_test(turnover_needs_a_ratio),
		cmocka_unit_test(who_is_left_out_and_why),
		cmocka_unit_test(totals_methods_and_confidence_apart),
		cmocka_unit_test(warnings_are_counted),
		cmocka_unit_test(table_one),
		cmocka_unit_test(staff_and_floor_as_people_write_them),
		cmocka_unit_test(what_rows_and_records_must_hold),
		cmocka_unit_test(words_for_people),
	};

	return RUN(tests);
}
