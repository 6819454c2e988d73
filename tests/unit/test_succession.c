/* Councils that are no more: what stands in their place, and what that says of areas. */
#include "core/area.h"
#include "core/profile.h"
#include "core/succession.h"
#include "tests/unit/harness.h"

static void codes_lead_to_those_of_today(void **state)
{
	const char *today[KL_SUCCESSORS_MAX];

	(void)state;
	assert_int_equal(kl_succession_today("E07000049", today), 1);
	assert_string_equal(today[0], "E06000059");
	/* over two changes: Taunton Deane, Somerset West and Taunton, Somerset */
	assert_int_equal(kl_succession_today("E07000190", today), 1);
	assert_string_equal(today[0], "E06000066");
	assert_int_equal(kl_succession_today("E10000021", today), 2);
	assert_int_equal(kl_succession_today("E06000059", today), 0);
	assert_int_equal(kl_succession_today("E08000033", today), 0);
}

/* Whoever is told of an old code is told all that came of it, and never another old one. */
static void codes_of_today_in_words(void **state)
{
	char text[KL_SUCCESSORS_TEXT_MAX];

	(void)state;
	assert_string_equal(kl_succession_today_words("E10000021", text), "E06000061, E06000062");
	assert_string_equal(kl_succession_today_words("E10000009", text), "E06000059, E06000058");
	assert_string_equal(kl_succession_today_words("E07000190", text), "E06000066");
	assert_string_equal(kl_succession_today_words("E08000033", text), "");
}

static void a_line_is_told_first_to_last(void **state)
{
	const struct kl_succession *changes[KL_PREDECESSORS_MAX];
	size_t n = kl_succession_before("E06000066", changes);

	(void)state;
	assert_int_equal(
		n, 7); /* county, four districts, and the two that one of them was made of */
	assert_int_equal(changes[0]->year, 2019);
	assert_int_equal(changes[n - 1]->year, 2023);
	assert_int_equal(kl_succession_before("E06000057", changes), 8); /* Northumberland */
	assert_int_equal(kl_succession_before("E08000033", changes), 0);
}

static void names_of_councils_that_are_no_more_are_found(void **state)
{
	char words[KL_SUCCESSION_WORDS_MAX];
	const struct kl_succession *change = kl_succession_find("dorset county council");

	(void)state;
	assert_non_null(change);
	assert_ptr_equal(change, kl_succession_find("E10000009"));
	assert_string_equal(kl_succession_words(change, words),
		"Part of Dorset County Council (E10000009) went to Dorset Council (E06000059) in "
		"2019"); /* Christchurch did not */
	assert_ptr_equal(change, kl_succession_find("e10000009"));
	assert_string_equal(kl_succession_words(kl_succession_find("Corby Borough Council"), words),
		"Corby Borough Council (E07000150) became part of North Northamptonshire Council "
		"(E06000061) in 2021");
	assert_null(kl_succession_find("Dorset"));
	assert_null(kl_succession_find("E06000059"));
	assert_non_null(
		strstr(kl_succession_words(kl_succession_of("E08000020"), words), "until 2013"));
}

static enum kl_where holds(const char *area, const char *place)
{
	struct kl_area a;

	assert_int_equal(kl_area_parse(area, NULL, &a), 0);
	return kl_area_holds(&a, place);
}

static void old_codes_tell_where_something_lies_if_they_can(void **state)
{
	(void)state;
	assert_int_equal(holds("E06000059", "E07000049"), KL_WHERE_LOCAL); /* all of East Dorset */
	assert_int_equal(holds("E06000059", "E07000048"), KL_WHERE_ELSEWHERE); /* Christchurch */
	assert_int_equal(holds("E06000059", "E10000009"), KL_WHERE_UNKNOWN);   /* not all of it */
	assert_int_equal(holds("E06000059 E06000058", "E06000028"), KL_WHERE_LOCAL);
	assert_int_equal(holds("E07000049", "E06000059"), KL_WHERE_UNKNOWN); /* larger than it */
	assert_int_equal(holds("E06000061", "E10000021"), KL_WHERE_UNKNOWN);
	assert_int_equal(
		holds("E08000037", "E08000020"), KL_WHERE_LOCAL); /* Gateshead, both ways */
	assert_int_equal(holds("E08000020", "E08000037"), KL_WHERE_LOCAL);
	assert_int_equal(holds("E08000033", "E08000032"), KL_WHERE_ELSEWHERE);
	assert_int_equal(holds("HX1", "BD1 1AA"), KL_WHERE_ELSEWHERE);
	/* Taunton Deane within the council of 2019 to 2023, and within today's; not the other way */
	assert_int_equal(holds("E07000246", "E07000190"), KL_WHERE_LOCAL);
	assert_int_equal(holds("E06000066", "E07000190"), KL_WHERE_LOCAL);
	assert_int_equal(holds("E07000190", "E07000246"), KL_WHERE_UNKNOWN);
	assert_int_equal(holds("E06000048", "E07000157"), KL_WHERE_LOCAL); /* before 2013 */
}

static void every_fact_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < kl_successions_count; i++) {
		const struct kl_succession *s = &kl_successions[i];
		const char *today[KL_SUCCESSORS_MAX];

		assert_true(kl_gss_is_council(s->from) && kl_gss_is_council(s->to));
		assert_true(s->from_name[0] && s->to_name[0] && s->source[0]);
		assert_true(s->year >= 2009 && s->year <= 2026);
		assert_true(strcmp(s->from, s->to) != 0);
		assert_true(!i || s->year >= kl_successions[i - 1].year);
		assert_true(kl_succession_today(s->from, today) > 0);
		for (size_t k = 0; k <= i; k++) /* no circles: nothing leads back to an old code */
			assert_true(strcmp(kl_successions[k].from, s->to) != 0);
		assert_false(
			kl_succession_within(s->to, s->from) && s->how != KL_SUCCESSION_RECODED);
		for (size_t k = 0; k < kl_successions_count; k++) /* one name for each code */
			if (!strcmp(kl_successions[k].from, s->to))
				assert_string_equal(kl_successions[k].from_name, s->to_name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_lead_to_those_of_today),
		cmocka_unit_test(codes_of_today_in_words),
		cmocka_unit_test(a_line_is_told_first_to_last),
		cmocka_unit_test(names_of_councils_that_are_no_more_are_found),
		cmocka_unit_test(old_codes_tell_where_something_lies_if_they_can),
		cmocka_unit_test(every_fact_is_whole),
	};

	return RUN(tests);
}
