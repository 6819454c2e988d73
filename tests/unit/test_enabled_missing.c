/* What is not known of tenants, in the order in which answers would help. */
#include "core/enabled_missing.h"
#include "tests/unit/harness.h"

static const struct kl_factors factors = {
	.gva = {{"made up", "nobody", 2016}, 1, {{"C", 8000000, 0}}},
	.density = {{"made up", "nobody", 2015}, 1, {{"B1a", "office", 100, 100, KL_BASIS_NIA}}},
};

static unsigned asks(const struct kl_tenant *t, const struct kl_factors *f)
{
	struct kl_estimate e;

	kl_enabled_estimate(t, f, &e);
	return kl_missing_asks(t, &e, f);
}

static void what_is_asked_follows_from_what_is_known(void **state)
{
	static const struct {
		struct kl_tenant t;
		unsigned asks;
	} cases[] = {
		{{.name = "nothing known"}, KL_ASK_STAFF | KL_ASK_FLOOR | KL_ASK_ACTIVITY},
		{{.name = "floor only", .has_floor = true, .floor = 100},
			KL_ASK_STAFF | KL_ASK_ACTIVITY},
		{{.name = "words unknown", .activity = "things", .has_floor = true, .floor = 100},
			KL_ASK_STAFF | KL_JUDGE_USE_CLASS | KL_JUDGE_SECTION},
		{{.name = "office",
			 .has_floor = true,
			 .floor = 100,
			 .section = 'C',
			 .use_class = "B1a"},
			KL_ASK_STAFF},
		{{.name = "all told", .has_fte = true, .fte = 10, .section = 'C'}, 0},
		{{.name = "no activity", .has_fte = true, .fte = 10}, KL_ASK_ACTIVITY},
		{{.name = "its own value", .has_fte = true, .has_gva = true}, 0},
	};
	struct kl_factors ratio = factors;
	struct kl_tenant t = {.name = "A", .has_fte = true, .fte = 10, .section = 'C'};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (asks(&cases[i].t, &factors) != cases[i].asks)
			fail_msg("%s: %u", cases[i].t.name, asks(&cases[i].t, &factors));

	/* Turnover is worth asking for only where a ratio makes something of it. */
	ratio.ratio = (struct kl_gva_ratio){true, 0.4, "nobody", 2016};
	assert_int_equal(asks(&t, &ratio), KL_ASK_TURNOVER);
	t.has_turnover = true;
	t.section = 0;
	assert_int_equal(asks(&t, &ratio), 0);
}

static void add(struct kl_missing_list *list, struct kl_enabled_total *total, struct kl_tenant t)
{
	struct kl_estimate e;

	kl_enabled_estimate(&t, &factors, &e);
	assert_int_equal(kl_enabled_total_add(total, &e), KL_OK);
	assert_int_equal(kl_missing_add(list, &t, &e, &factors), KL_OK);
}

static struct kl_tenant office(const char *name, int64_t floor)
{
	struct kl_tenant t = {
		.has_floor = true, .floor = floor, .section = 'C', .use_class = "B1a"};

	strcpy(t.name, name);
	return t;
}

static void who_is_left_out_comes_first_then_who_weighs_most(void **state)
{
	struct kl_missing_list list = {0};
	struct kl_enabled_total total = {0};

	(void)state;
	add(&list, &total, office("small", 100)); /* 1 FTE */
	add(&list, &total, office("large", 700)); /* 7 FTE */
	add(&list, &total,
		(struct kl_tenant){
			.name = "told", .has_fte = true, .fte = 20, .section = 'C'}); /* 2 FTE */
	add(&list, &total, (struct kl_tenant){.name = "unknown"});
	add(&list, &total,
		(struct kl_tenant){.name = "big unknown", .has_floor = true, .floor = 9000});
	kl_missing_sort(&list, &total);
	assert_int_equal(list.count, 4);
	assert_string_equal(list.items[0].name, "big unknown");
	assert_string_equal(list.items[1].name, "unknown");
	assert_string_equal(list.items[2].name, "large");
	assert_string_equal(list.items[3].name, "small");
	assert_true(list.items[2].fte_share > 0.699 && list.items[2].fte_share < 0.701);
	assert_true(list.items[3].gva_share > 0.099 && list.items[3].gva_share < 0.101);
	kl_missing_free(&list);
}

static void how_many_answers_make_it_surer(void **state)
{
	struct kl_missing_list list = {0};
	struct kl_enabled_total total = {0};
	struct kl_missing_effect e;

	(void)state;
	add(&list, &total, office("a", 600));
	add(&list, &total, office("b", 300));
	add(&list, &total,
		(struct kl_tenant){.name = "told", .has_fte = true, .fte = 20, .section = 'C'});
	kl_missing_sort(&list, &total);

	/* 9 of 11 rest on floor space: low. Without a, 3 of 11 do: moderate. */
	e = kl_missing_effect_fte(&list, &total.fte);
	assert_int_equal(e.now, KL_CONFIDENCE_LOW);
	assert_int_equal(e.then, KL_CONFIDENCE_MODERATE);
	assert_int_equal(e.answers, 1);
	e = kl_missing_effect_gva(&list, &total.gva);
	assert_int_equal(e.then, KL_CONFIDENCE_MODERATE);
	assert_int_equal(e.answers, 1);
	kl_missing_free(&list);
}

static void only_all_answers_make_it_high(void **state)
{
	struct kl_missing_list list = {0};
	struct kl_enabled_total total = {0};
	struct kl_missing_effect e;

	(void)state;
	add(&list, &total, office("a", 100));
	add(&list, &total, (struct kl_tenant){.name = "unknown"});
	add(&list, &total,
		(struct kl_tenant){.name = "told", .has_fte = true, .fte = 900, .section = 'C'});
	kl_missing_sort(&list, &total);
	e = kl_missing_effect_fte(&list, &total.fte);
	assert_int_equal(e.now, KL_CONFIDENCE_MODERATE);
	assert_int_equal(e.then, KL_CONFIDENCE_HIGH);
	assert_int_equal(e.answers, 2);
	/* Value added would still be estimated from people. */
	e = kl_missing_effect_gva(&list, &total.gva);
	assert_int_equal(e.now, KL_CONFIDENCE_MODERATE);
	assert_int_equal(e.answers, 0);
	kl_missing_free(&list);
}

static void nothing_missing_is_an_empty_list(void **state)
{
	struct kl_missing_list list = {0};
	struct kl_enabled_total total = {0};

	(void)state;
	kl_missing_sort(&list, &total);
	assert_int_equal(kl_missing_effect_fte(&list, &total.fte).answers, 0);
	kl_missing_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked_follows_from_what_is_known),
		cmocka_unit_test(who_is_left_out_comes_first_then_who_weighs_most),
		cmocka_unit_test(how_many_answers_make_it_surer),
		cmocka_unit_test(only_all_answers_make_it_high),
		cmocka_unit_test(nothing_missing_is_an_empty_list),
	};

	return RUN(tests);
}
