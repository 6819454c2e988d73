#include "core/area.h"
#include "tests/unit/harness.h"

#include <math.h>
#include <stdio.h>

static struct kl_area area(const char *text)
{
	struct kl_fault fault = {0};
	struct kl_area a;

	if (kl_area_parse(text, &fault, &a))
		fail_msg("%s: %s", text, fault.message);
	return a;
}

static void areas_as_people_write_them(void **state)
{
	static const struct {
		const char *text, *canonical;
		enum kl_area_kind kind;
	} cases[] = {{"E08000033", "E08000033", KL_AREA_COUNCILS},
		{" e06000059, E10000009 ", "E06000059 E10000009", KL_AREA_COUNCILS},
		{"HX1 hx2;HX1", "HX1 HX2", KL_AREA_POSTCODES}, {"SW1A", "SW1A", KL_AREA_POSTCODES},
		{"12km 50.80,-1.90", "12km 50.8,-1.9", KL_AREA_RADIUS},
		{"2.5 KM 53.72 -1.86", "2.5km 53.72,-1.86", KL_AREA_RADIUS}};
	char text[KL_AREA_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_area a = area(cases[i].text), again;

		assert_int_equal(a.kind, cases[i].kind);
		assert_string_equal(kl_area_format(&a, text), cases[i].canonical);
		again = area(text);
		assert_true(kl_area_equal(&a, &again));
	}
}

static void what_is_not_an_area(void **state)
{
	static const char *const cases[] = {"", " ", "Halifax", "E05000033", "E0800003",
		"E080000333", "E08000033 HX1", "HX", "1HX", "HX1 5LA", "0km 50,1", "12km",
		"12km 91,0", "12km 50,181", "nankm 1,1", "infkm 1,1", "12km nan,1", "0x10km 1,1",
		"12km 50,1 x", "501km 1,1"};
	struct kl_area a = {.count = 7};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_fault fault = {0};

		if (kl_area_parse(cases[i], &fault, &a) != KL_E_INVALID)
			fail_msg("'%s' was taken", cases[i]);
		assert_true(fault.message[0] != '\0');
	}
	assert_int_equal(a.count, 7);
}

static void areas_are_limited(void **state)
{
	char text[(KL_AREA_CODES_MAX + 1) * 10 + 1];
	struct kl_fault fault;
	struct kl_area a;

	(void)state;
	for (int i = 0; i <= KL_AREA_CODES_MAX; i++)
		snprintf(text + 10 * i, 11, "E06%06d ", i);
	assert_int_equal(kl_area_parse(text, &fault, &a), KL_E_TOO_BIG);
	text[10 * KL_AREA_CODES_MAX] = '\0';
	assert_int_equal(kl_area_parse(text, &fault, &a), 0);
	assert_int_equal(a.count, KL_AREA_CODES_MAX);
}

static void where_a_place_lies(void **state)
{
	static const struct {
		const char *area, *place;
		enum kl_where where;
	} cases[] = {{"HX1 HX2", "HX1 5LA", KL_WHERE_LOCAL}, {"HX1 HX2", "hx25ab", KL_WHERE_LOCAL},
		{"HX1 HX2", "HX2", KL_WHERE_LOCAL}, {"HX1", "HX12 3AB", KL_WHERE_ELSEWHERE},
		{"HX1", "SW1A 1AA", KL_WHERE_ELSEWHERE}, {"HX1", "Halifax", KL_WHERE_UNKNOWN},
		{"HX1", "E08000033", KL_WHERE_UNKNOWN}, {"HX1", "", KL_WHERE_UNKNOWN},
		{"E08000033", "E08000033", KL_WHERE_LOCAL},
		{"E08000033", "E08000032", KL_WHERE_ELSEWHERE},
		{"E08000033", "HX1 5LA", KL_WHERE_UNKNOWN},
		{"E10000009", "E07000048", KL_WHERE_UNKNOWN}, /* a district of some county */
		{"HX1", "HX1 5LA (53.72,-1.86)", KL_WHERE_LOCAL},
		{"E08000033", "E08000033 (53.72,-1.86)", KL_WHERE_LOCAL},
		{"12km 50.8,-1.9", "BH22 9AB", KL_WHERE_UNKNOWN},
		{"12km 50.8,-1.9", "50.8,-1.9", KL_WHERE_LOCAL},
		{"12km 50.8,-1.9", " 50.85 -1.8 ", KL_WHERE_LOCAL},
		{"12km 50.8,-1.9", "BH22 9AB (50.90,-1.92)", KL_WHERE_LOCAL},
		{"12km 50.8,-1.9", "Leeds (53.80,-1.55)", KL_WHERE_ELSEWHERE},
		{"12km 50.8,-1.9", "50.8", KL_WHERE_UNKNOWN},
		{"12km 50.8,-1.9", "50.8,-1.9,3", KL_WHERE_UNKNOWN},
		{"12km 50.8,-1.9", "(50.8,-1.9) or so", KL_WHERE_UNKNOWN},
		{"12km 50.8,-1.9", "91,-1.9", KL_WHERE_UNKNOWN}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_area a = area(cases[i].area);

		if (kl_area_holds(&a, cases[i].place) != cases[i].where)
			fail_msg("%s in %s", cases[i].place, cases[i].area);
	}
}

static void distance(double a, double b, double c, double d, double km, double by)
{
	double there = kl_area_distance(a, b, c, d), back = kl_area_distance(c, d, a, b);

	if (fabs(there - km) > by || fabs(there - back) > 1e-9)
		fail_msg("%g km there and %g km back, not %g km", there, back, km);
}

/* On a sphere of 6371.0088 km: one degree is 111.19508 km, half way round is 20015.11444 km. London
 * and Paris: about 344 km. */
static void distances(void **state)
{
	(void)state;
	distance(50.8, -1.9, 50.8, -1.9, 0, 0);
	distance(0, 0, 0, 1, 111.195080, 1e-6);
	distance(53, -1, 54, -1, 111.195080, 1e-6);
	distance(
		60, 10, 60, 11, 55.5970, 1e-4); /* a degree is half as wide there, and a bit less */
	distance(90, 0, -90, 77, 20015.114442, 1e-6);
	distance(0, 0, 0, 180, 20015.114442, 1e-6);
	distance(0, 179.5, 0, -179.5, 111.195080, 1e-6); /* over the date line */
	distance(51.5074, -0.1278, 48.8566, 2.3522, 343.56, 0.1);
}

static void the_edge_of_a_radius(void **state)
{
	struct kl_area a = area("12km 0,0");

	(void)state;
	assert_int_equal(kl_area_holds(&a, "0.1079,0"), KL_WHERE_LOCAL);     /* 11.998 km */
	assert_int_equal(kl_area_holds(&a, "0.1080,0"), KL_WHERE_ELSEWHERE); /* 12.009 km */
}

static void exchanged_degrees_are_noticed(void **state)
{
	struct kl_fault fault = {0};
	struct kl_area a;

	(void)state;
	assert_true(kl_area_exchanged(-1.9, 50.8));
	assert_false(kl_area_exchanged(50.8, -1.9));
	assert_false(kl_area_exchanged(48.9, 2.4)); /* Paris is where it is */
	assert_int_equal(kl_area_parse("12km -1.9,50.8", &fault, &a), KL_E_RANGE);
	assert_string_equal(fault.hint, "latitude comes first: 12km 50.8,-1.9");
}

static void one_council_area_and_no_other(void **state)
{
	struct kl_area one = area("E06000023"), two = area("E06000023 E06000024"),
		       code = area("BS1");

	(void)state;
	assert_true(kl_area_is_council(&one));
	assert_false(kl_area_is_council(&two));
	assert_false(kl_area_is_council(&code));
	assert_false(kl_area_equal(&one, &two));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(areas_as_people_write_them),
		cmocka_unit_test(what_is_not_an_area),
		cmocka_unit_test(areas_are_limited),
		cmocka_unit_test(where_a_place_lies),
		cmocka_unit_test(distances),
		cmocka_unit_test(the_edge_of_a_radius),
		cmocka_unit_test(exchanged_degrees_are_noticed),
		cmocka_unit_test(one_council_area_and_no_other),
	};

	return RUN(tests);
}
