#include "core/form.h"
#include "core/similar.h"
#include "tests/unit/harness.h"

#include <math.h>
#include <stdlib.h>

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-12)

/* ---- made-up organisations ------------------------------------------------------------------- */

static struct kl_likeness council(const char *type)
{
	struct kl_likeness l = {.kind = KL_MEMBER_COUNCIL};

	(void)kl_copy_text(l.type, sizeof l.type, type);
	return l;
}

/* Population, quintile and class: three of six, so that they are compared. */
static struct kl_likeness place(const char *type, double population, double quintile, double class)
{
	struct kl_likeness l = council(type);

	kl_likeness_put(&l, KL_FEATURE_POPULATION, population);
	kl_likeness_put(&l, KL_FEATURE_DEPRIVATION_QUINTILE, quintile);
	kl_likeness_put(&l, KL_FEATURE_RURAL_URBAN, class);
	return l;
}

static struct kl_likeness added[64]; /* the first rows of the table that was filled last */

static void add(struct kl_similar *table, struct kl_likeness likeness)
{
	if (table->n < sizeof added / sizeof *added)
		added[table->n] = likeness;
	assert_int_equal(kl_similar_add(table, &likeness, table->n % 2 == 0), 0);
}

static struct kl_found nearest(const struct kl_similar *table, size_t row, bool all_types,
	size_t most, struct kl_near near[KL_SIMILAR_SHOWN_MAX])
{
	static struct kl_vantage v;
	struct kl_found found;

	kl_similar_look(table, row, all_types, &v);
	kl_similar_nearest(&v, false, most, near, &found);
	for (size_t i = 0; i < found.n; i++) {
		assert_true(isfinite(near[i].distance) && near[i].distance >= 0);
		assert_true(near[i].rebased >= 0 && near[i].rebased <= 1);
		assert_true(near[i].row != row);
	}
	return found;
}

static struct kl_reasons why(const struct kl_similar *table, size_t row, size_t other)
{
	static struct kl_vantage v;
	struct kl_reasons reasons;

	kl_similar_look(table, row, true, &v);
	kl_similar_why(&v, other, &added[row], &added[other], &reasons);
	return reasons;
}

/* ---- councils -------------------------------------------------------------------------------- */

/* Figures by hand: log(1 + x) of 99, 999 and 9999 are log 100, 1000, 10000, a step of log 10 each, so
 * the standard deviation is log 10 * sqrt(2/3); quintiles 1, 3, 5 likewise 2 * sqrt(2/3); classes
 * 0, 0, 3 have sqrt(2). z-scores of neighbours differ by sqrt(3/2). */
static void councils_by_z_scores_and_the_farthest_is_one(void **state)
{
	struct kl_near near[KL_SIMILAR_SHOWN_MAX];
	struct kl_similar table;
	struct kl_found found;

	(void)state;
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	add(&table, place("unitary", 99, 1, 0));
	add(&table, place("unitary", 999, 3, 0));
	add(&table, place("unitary", 9999, 5, 3));
	found = nearest(&table, 0, false, 15, near);
	assert_int_equal(found.n, 2);
	assert_int_equal(found.compared, 2);
	assert_int_equal(near[0].row, 1);
	assert_int_equal(near[0].features, 3);
	NEAR(near[0].distance, sqrt((1.5 + 1.5 + 0) / 3));
	NEAR(near[1].distance, sqrt((6 + 6 + 4.5) / 3));
	NEAR(near[0].rebased, near[0].distance / near[1].distance);
	assert_true(near[1].rebased == 1);
	kl_similar_deinit(&table);
}

static void only_the_same_type_unless_all_are_wanted(void **state)
{
	struct kl_near near[KL_SIMILAR_SHOWN_MAX];
	struct kl_similar table;
	struct kl_found found;

	(void)state;
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	add(&table, place("unitary", 100000, 1, 0));
	add(&table, place("county", 100000, 1, 0));
	add(&table, place("unitary", 900000, 5, 3));
	add(&table, place("", 100000, 1, 0));
	found = nearest(&table, 0, false, 15, near);
	assert_int_equal(found.n, 1);
	assert_int_equal(near[0].row, 2);
	found = nearest(&table, 0, true, 15, near);
	assert_int_equal(found.n, 3);
	assert_int_equal(near[0].row, 1); /* of two at distance 0 the one that was added first */
	assert_int_equal(near[1].row, 3);
	assert_true(near[1].distance == 0);
	found = nearest(&table, 3, false, 15, near); /* its type is not known: all */
	assert_int_equal(found.n, 3);
	kl_similar_deinit(&table);
}

static void identical_councils_have_distance_0_and_stay_in_order(void **state)
{
	struct kl_near near[KL_SIMILAR_SHOWN_MAX];
	struct kl_similar table;
	struct kl_found found;

	(void)state;
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	for (int i = 0; i < 5; i++)
		add(&table, place("district", 50000, 2, 1));
	found = nearest(&table, 2, false, 3, near);
	assert_int_equal(found.n, 3);
	assert_int_equal(found.compared, 4);
	for (size_t i = 0; i < 3; i++) {
		assert_true(near[i].distance == 0 && near[i].rebased == 0);
		assert_int_equal(near[i].row, i < 2 ? i : i + 1);
	}
	kl_similar_deinit(&table);
}

static void less_than_half_is_not_compared_and_counted(void **state)
{
	struct kl_near near[KL_SIMILAR_SHOWN_MAX];
	struct kl_likeness poor = council("unitary");
	struct kl_similar table;
	struct kl_found found;

	(void)state;
	kl_likeness_put(&poor, KL_FEATURE_POPULATION, 100000);
	kl_likeness_put(&poor, KL_FEATURE_RURAL_URBAN, 0);
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	add(&table, place("unitary", 100000, 1, 0));
	add(&table, poor);
	add(&table, council("unitary")); /* nothing at all */
	found = nearest(&table, 0, false, 15, near);
	assert_int_equal(found.n, 0);
	assert_int_equal(found.unknown, 2);
	found = nearest(&table, 2, false, 15, near);
	assert_int_equal(found.n, 0);
	assert_int_equal(found.unknown, 2);
	kl_similar_deinit(&table);
}

static void a_score_counts_instead_of_its_quintile_where_both_know_it(void **state)
{
	struct kl_similar table;
	struct kl_near near[KL_SIMILAR_SHOWN_MAX];
	struct kl_likeness l;
	struct kl_reasons r;

	(void)state;
	assert_int_equal(kl_features_count(kl_features_of(KL_MEMBER_COUNCIL)), 6);
	assert_int_equal(kl_features_count(kl_features_of(KL_MEMBER_ANCHOR)), 10);
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	for (int i = 0; i < 3; i++) {
		l = place("unitary", 100000, 1 + i, 0);
		if (i < 2)
			kl_likeness_put(&l, KL_FEATURE_DEPRIVATION_SCORE, 40);
		add(&table, l);
	}
	(void)nearest(&table, 0, false, 15, near);
	assert_int_equal(near[0].row, 1);
	assert_int_equal(near[0].features, 3);
	assert_true(near[0].distance == 0); /* the same score, though another quintile */
	assert_true(near[1].distance > 0);  /* no score there: the quintile stands in */
	r = why(&table, 0, 2);
	assert_int_equal(r.n_apart, 1);
	assert_int_equal(r.apart[0], KL_FEATURE_DEPRIVATION_QUINTILE);
	assert_int_equal(r.missing, 0); /* it has what stands in for the score */
	r = why(&table, 2, 0);
	assert_int_equal(r.missing, 0);
	l = council("unitary");
	kl_likeness_put(&l, KL_FEATURE_RURAL_URBAN, 1);
	add(&table, l);
	r = why(&table, 0, 3);
	assert_int_equal(r.missing, 1 << KL_FEATURE_POPULATION | 1 << KL_FEATURE_DEPRIVATION_SCORE |
					    1 << KL_FEATURE_DEPRIVATION_QUINTILE);
	kl_similar_deinit(&table);
}

static void what_is_no_figure_stays_unknown(void **state)
{
	static const double wrong[] = {-1, NAN, INFINITY, -INFINITY, 1e300};
	struct kl_likeness l = council("unitary");

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		kl_likeness_put(&l, KL_FEATURE_POPULATION, wrong[i]);
	assert_int_equal(l.known, 0);
	kl_likeness_put(&l, KL_FEATURE_DEPRIVATION_SCORE, -3.5); /* may be below 0 */
	kl_likeness_put(&l, KL_FEATURE_POPULATION, 0);
	assert_int_equal(l.known, 1 << KL_FEATURE_POPULATION | 1 << KL_FEATURE_DEPRIVATION_SCORE);
}

/* The largest and smallest that are taken, side by side: nothing overflows. */
static void extremes_stay_finite(void **state)
{
	struct kl_near near[KL_SIMILAR_SHOWN_MAX];
	struct kl_similar table;
	struct kl_likeness l;

	(void)state;
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	for (int i = 0; i < 4; i++) {
		l = place("unitary", i % 2 ? KL_LIKENESS_MAX : 0, 1, 3 * (i / 2));
		kl_likeness_put(&l, KL_FEATURE_DEPRIVATION_SCORE,
			i % 2 ? KL_LIKENESS_MAX : -KL_LIKENESS_MAX);
		add(&table, l);
	}
	assert_int_equal(nearest(&table, 0, false, 15, near).n, 3);
	kl_similar_deinit(&table);
}

/* What differs by less than anybody could measure parts nobody, and divides by nothing. */
static void tiny_differences_are_none(void **state)
{
	struct kl_near near[KL_SIMILAR_SHOWN_MAX];
	struct kl_similar table;
	struct kl_likeness l;

	(void)state;
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	for (int i = 0; i < 3; i++) {
		l = place("unitary", 1000, 1, 0);
		kl_likeness_put(&l, KL_FEATURE_DEPRIVATION_SCORE, i * 1e-200);
		add(&table, l);
	}
	assert_int_equal(nearest(&table, 0, false, 15, near).n, 3 - 1);
	assert_true(near[1].distance == 0);
	kl_similar_deinit(&table);
}

static void only_members_are_found_but_the_measure_stays_the_same(void **state)
{
	struct kl_near all[KL_SIMILAR_SHOWN_MAX], members[KL_SIMILAR_SHOWN_MAX];
	struct kl_similar table;
	struct kl_vantage v;
	struct kl_found found;

	(void)state;
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	for (int i = 0; i < 5; i++) /* those with even numbers are members */
		add(&table, place("unitary", 1000 * (i + 1), 1 + i % 5, 0));
	kl_similar_look(&table, 0, false, &v);
	kl_similar_nearest(&v, true, 15, members, &found);
	assert_int_equal(found.n, 2);
	(void)nearest(&table, 0, false, 15, all);
	assert_int_equal(members[0].row, 2);
	assert_true(members[0].distance == all[1].distance);
	kl_similar_deinit(&table);
}

/* ---- reasons --------------------------------------------------------------------------------- */

static void words_tell_both_values(void **state)
{
	struct kl_likeness a = place("unitary", 3036, 1, 3), b = place("unitary", 92000, 1, 3);
	char text[KL_FEATURE_TEXT_MAX];

	(void)state;
	assert_string_equal(kl_feature_words(KL_FEATURE_POPULATION, &a, &b, false, text),
		"population 3,036 against 92,000");
	assert_string_equal(kl_feature_words(KL_FEATURE_POPULATION, &b, &a, true, text),
		"population 92,000 and 3,036");
	assert_string_equal(kl_feature_words(KL_FEATURE_RURAL_URBAN, &a, &b, true, text),
		"both sparse and rural");
	assert_string_equal(kl_feature_words(KL_FEATURE_DEPRIVATION_QUINTILE, &a, &b, true, text),
		"deprivation quintile 1 for both (1 is the most deprived)");
	kl_likeness_put(&b, KL_FEATURE_RURAL_URBAN, 0);
	assert_string_equal(kl_feature_words(KL_FEATURE_RURAL_URBAN, &a, &b, false, text),
		"sparse and rural against urban");
	kl_likeness_put(&a, KL_FEATURE_LIFE_WOMEN, 82.1);
	kl_likeness_put(&b, KL_FEATURE_LIFE_WOMEN, 84);
	assert_string_equal(kl_feature_words(KL_FEATURE_LIFE_WOMEN, &a, &b, false, text),
		"women's life expectancy 82.1 against 84 years");
}

/* Of these 100,000 to 900,000 people the standard deviation is about 0.9 (of logarithms). */
static void what_differs_little_brings_together_and_the_rest_parts(void **state)
{
	struct kl_similar table;
	struct kl_reasons r;

	(void)state;
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	add(&table, place("unitary", 100000, 1, 0));
	add(&table, place("unitary", 110000, 1, 3));
	add(&table, place("unitary", 900000, 5, 0));
	add(&table, place("unitary", 101000, 1, 0));
	r = why(&table, 0, 1);
	assert_int_equal(r.n_together, 2);
	assert_int_equal(r.together[0], KL_FEATURE_DEPRIVATION_QUINTILE);
	assert_int_equal(r.together[1], KL_FEATURE_POPULATION);
	assert_int_equal(r.n_apart, 1);
	assert_int_equal(r.apart[0], KL_FEATURE_RURAL_URBAN);
	r = why(&table, 0, 2);
	assert_int_equal(r.n_together, 1);
	assert_int_equal(r.together[0], KL_FEATURE_RURAL_URBAN);
	assert_int_equal(r.n_apart, 2);
	r = why(&table, 0, 3); /* what differs most parts them, however little */
	assert_int_equal(r.n_together, 2);
	assert_int_equal(r.n_apart, 1);
	assert_int_equal(r.apart[0], KL_FEATURE_POPULATION);
	kl_similar_deinit(&table);
}

/* 10,000,000 people at the limits and 120 years make all others lie close together, in standard
 * deviations; what people would not call alike is not called so all the same. */
static void one_with_figures_at_the_limits_makes_nobody_alike(void **state)
{
	struct kl_likeness one = place("unitary", 100000, 3, 0),
			   other = place("unitary", 160000, 3, 0),
			   near = place("unitary", 149000, 3, 0),
			   giant = place("unitary", KL_PROFILE_POPULATION_MAX, 1, 3);
	struct kl_similar table;
	struct kl_reasons r;

	(void)state;
	kl_likeness_put(&one, KL_FEATURE_LIFE_MEN, 76);
	kl_likeness_put(&other, KL_FEATURE_LIFE_MEN, 78.5);
	kl_likeness_put(&near, KL_FEATURE_LIFE_MEN, 76.9);
	kl_likeness_put(&giant, KL_FEATURE_LIFE_MEN, 120);
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	add(&table, one);
	add(&table, other);
	add(&table, near);
	add(&table, giant);
	r = why(&table, 0, 1);
	assert_int_equal(r.n_together, 2);
	assert_int_equal(r.n_apart, 2);
	assert_true(r.apart[0] + r.apart[1] == KL_FEATURE_POPULATION + KL_FEATURE_LIFE_MEN);
	r = why(&table, 0, 2); /* nearly half as large again, and 0.9 years */
	assert_int_equal(r.n_apart, 1);
	kl_similar_deinit(&table);
}

/* 15.84 and 15.76 both read 15.8: "15.8 against 15.8" would be no reason. */
static void what_reads_the_same_parts_nobody(void **state)
{
	struct kl_likeness a = council("unitary"), b = a, far = place("unitary", 900, 5, 3);
	char text[KL_FEATURE_TEXT_MAX];
	struct kl_similar table;
	struct kl_reasons r;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct kl_likeness *l = i ? &b : &a;

		kl_likeness_put(l, KL_FEATURE_DEPRIVATION_SCORE, i ? 15.76 : 15.84);
		kl_likeness_put(l, KL_FEATURE_DENSITY, i ? 152.4 : 152.1);
		kl_likeness_put(l, KL_FEATURE_RURAL_URBAN, 1);
	}
	kl_likeness_put(&far, KL_FEATURE_DEPRIVATION_SCORE, 40);
	kl_likeness_put(&far, KL_FEATURE_DENSITY, 4000);
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	add(&table, a);
	add(&table, b);
	add(&table, far);
	r = why(&table, 0, 1);
	assert_int_equal(r.n_together, 3);
	assert_int_equal(r.n_apart, 0);
	assert_string_equal(kl_feature_words(KL_FEATURE_DEPRIVATION_SCORE, &a, &b, true, text),
		"deprivation score 15.8 for both");
	kl_similar_deinit(&table);
}

static void nothing_parts_the_identical(void **state)
{
	struct kl_similar table;
	struct kl_reasons r;

	(void)state;
	kl_similar_init(&table, KL_MEMBER_COUNCIL);
	add(&table, place("unitary", 100000, 1, 0));
	add(&table, place("unitary", 100000, 1, 0));
	r = why(&table, 0, 1);
	assert_int_equal(r.n_together, 3);
	assert_int_equal(r.n_apart, 0);
	kl_similar_deinit(&table);
}

/* ---- two sources ----------------------------------------------------------------------------- */

static void two_sources_complete_each_other_and_tell_where_they_differ(void **state)
{
	struct kl_likeness table = council("unitary"), said = place("county", 201000, 2, 1);
	uint32_t differ;

	(void)state;
	kl_likeness_put(&table, KL_FEATURE_POPULATION, 200000);
	kl_likeness_put(&table, KL_FEATURE_DEPRIVATION_QUINTILE, 2);
	differ = kl_likeness_complete(&table, &said);
	assert_int_equal(differ, 1 << KL_FEATURE_POPULATION);
	assert_true(table.values[KL_FEATURE_POPULATION] == 200000);
	assert_true(table.known >> KL_FEATURE_RURAL_URBAN & 1);
	assert_true(table.values[KL_FEATURE_RURAL_URBAN] == 1);
	assert_string_equal(table.type, "unitary");
}

static void a_profile_and_what_was_confirmed(void **state)
{
	struct kl_profile profile;
	struct kl_attributes confirmed = {.kind = KL_MEMBER_ANCHOR, .deprivation_quintile = 1};
	struct kl_likeness l;

	(void)state;
	kl_profile_init(&profile);
	assert_int_equal(kl_profile_set(&profile, "name", "Made-up Trust", NULL), 0);
	assert_int_equal(kl_profile_set(&profile, "kind", "anchor", NULL), 0);
	assert_int_equal(kl_profile_set(&profile, "deprivation_quintile", "3", NULL), 0);
	assert_int_equal(kl_profile_set(&profile, "rural_urban", "rural", NULL), 0);
	assert_int_equal(kl_profile_set(&profile, "staff", "12.5", NULL), 0);
	kl_likeness_of_profile(&profile, NULL, NULL, &l);
	assert_true(l.values[KL_FEATURE_STAFF] == 12.5);
	assert_true(l.values[KL_FEATURE_RURAL_URBAN] == 2);
	assert_true(l.values[KL_FEATURE_DEPRIVATION_QUINTILE] == 3);
	kl_likeness_confirm(&l, &confirmed);
	assert_true(l.values[KL_FEATURE_DEPRIVATION_QUINTILE] == 1);
	assert_true(l.values[KL_FEATURE_RURAL_URBAN] == 2); /* nothing was confirmed of it */
	kl_profile_deinit(&profile);
}

/* ---- anchors --------------------------------------------------------------------------------- */

struct anchor {
	struct kl_profile profile;
	struct kl_likeness likeness;
};

static void make_anchor(struct anchor *a, const char *const *fields)
{
	kl_profile_init(&a->profile);
	assert_int_equal(kl_profile_assign(&a->profile, "name=Made-up Trust", NULL), 0);
	assert_int_equal(kl_profile_assign(&a->profile, "kind=anchor", NULL), 0);
	for (; *fields; fields++)
		assert_int_equal(kl_profile_assign(&a->profile, *fields, NULL), 0);
	kl_likeness_of_profile(&a->profile, NULL, NULL, &a->likeness);
}

/* By hand: region the same 0; class 0 of 3 against 3: 1; quintile 1, 3 of 1..5: 0.5; income small,
 * medium of small..large: 0.5; services {advice, cafe, nursery} and {advice, farm}, in any spelling:
 * 1 - 1/4; activities the same: 0. Sum 2.75 over 6. */
static void anchors_by_gower_with_sets(void **state)
{
	static const char *const fields[3][8] = {
		{"region=london", "rural_urban=urban", "deprivation_quintile=1",
			"income_band=small", "services=advice; cafe; nursery",
			"activities=volunteering; workspace", NULL},
		{"region=london", "rural_urban=sparse_rural", "deprivation_quintile=3",
			"income_band=medium", "services=Advice; farm; ADVICE",
			"activities=workspace; volunteering", NULL},
		{"region=wales", "rural_urban=urban", "deprivation_quintile=5", "income_band=large",
			"staff=3", NULL},
	};
	struct kl_near near[KL_SIMILAR_SHOWN_MAX];
	char text[KL_FEATURE_TEXT_MAX];
	struct kl_similar table;
	struct anchor anchors[3];
	struct kl_reasons r;

	(void)state;
	kl_similar_init(&table, KL_MEMBER_ANCHOR);
	for (size_t i = 0; i < 3; i++) {
		make_anchor(&anchors[i], fields[i]);
		add(&table, anchors[i].likeness);
	}
	/* the third shares four of ten features with the first: not compared */
	assert_int_equal(nearest(&table, 0, false, 15, near).unknown, 1);
	assert_int_equal(near[0].row, 1);
	assert_int_equal(near[0].features, 6);
	NEAR(near[0].distance, 2.75 / 6);
	r = why(&table, 0, 1);
	assert_int_equal(r.n_together, 2); /* a quarter is where likeness ends */
	assert_int_equal(r.together[0], KL_FEATURE_REGION);
	assert_int_equal(r.together[1], KL_FEATURE_ACTIVITIES);
	assert_int_equal(r.n_apart, 3);
	assert_int_equal(r.apart[0], KL_FEATURE_RURAL_URBAN);
	assert_int_equal(r.apart[1], KL_FEATURE_SERVICES);
	assert_string_equal(kl_feature_words(KL_FEATURE_SERVICES, &anchors[0].likeness,
				    &anchors[1].likeness, false, text),
		"services: 1 of 4 in common (advice)");
	assert_string_equal(kl_feature_words(KL_FEATURE_REGION, &anchors[0].likeness,
				    &anchors[1].likeness, true, text),
		"both in London");
	kl_similar_deinit(&table);
	for (size_t i = 0; i < 3; i++)
		kl_profile_deinit(&anchors[i].profile);
}

static void nothing_in_common_is_told_with_both_numbers(void **state)
{
	static const char *const one[] = {"services=advice; cafe", NULL};
	static const char *const other[] = {"services=farm", NULL};
	struct anchor a, b;
	char text[KL_FEATURE_TEXT_MAX];

	(void)state;
	make_anchor(&a, one);
	make_anchor(&b, other);
	assert_string_equal(
		kl_feature_words(KL_FEATURE_SERVICES, &a.likeness, &b.likeness, false, text),
		"services: none in common (2 against 1)");
	kl_profile_deinit(&a.profile);
	kl_profile_deinit(&b.profile);
}

/* Items as long as a profile takes them, 64 of them, in common: the words are cut, not the memory. */
static void long_sets_are_cut_in_words(void **state)
{
	struct kl_text_list list = {0};
	struct kl_likeness a = {.kind = KL_MEMBER_ANCHOR}, b;
	char item[KL_PROFILE_TEXT_MAX], text[KL_FEATURE_TEXT_MAX];

	(void)state;
	memset(item, 'x', sizeof item - 1);
	item[sizeof item - 1] = '\0';
	for (int i = 0; i < KL_PROFILE_LIST_MAX; i++) {
		item[0] = (char)('0' + i);
		assert_int_equal(kl_form_add_item(&list, kl_bytes_str(item)), 0);
	}
	a.sets[0].texts = &list;
	a.known = 1 << KL_FEATURE_SERVICES;
	b = a;
	kl_feature_words(KL_FEATURE_SERVICES, &a, &b, true, text);
	assert_true(strlen(text) < sizeof text);
	assert_non_null(strstr(text, " in common (0xxx"));
	assert_non_null(strstr(text, "xxx.., 1xxx"));
	assert_string_equal(text + strlen(text) - 10, "xxx.., ..)");
	kl_form_clear_list(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(councils_by_z_scores_and_the_farthest_is_one),
		cmocka_unit_test(only_the_same_type_unless_all_are_wanted),
		cmocka_unit_test(identical_councils_have_distance_0_and_stay_in_order),
		cmocka_unit_test(less_than_half_is_not_compared_and_counted),
		cmocka_unit_test(a_score_counts_instead_of_its_quintile_where_both_know_it),
		cmocka_unit_test(what_is_no_figure_stays_unknown),
		cmocka_unit_test(extremes_stay_finite),
		cmocka_unit_test(tiny_differences_are_none),
		cmocka_unit_test(only_members_are_found_but_the_measure_stays_the_same),
		cmocka_unit_test(words_tell_both_values),
		cmocka_unit_test(what_differs_little_brings_together_and_the_rest_parts),
		cmocka_unit_test(one_with_figures_at_the_limits_makes_nobody_alike),
		cmocka_unit_test(what_reads_the_same_parts_nobody),
		cmocka_unit_test(nothing_parts_the_identical),
		cmocka_unit_test(two_sources_complete_each_other_and_tell_where_they_differ),
		cmocka_unit_test(a_profile_and_what_was_confirmed),
		cmocka_unit_test(anchors_by_gower_with_sets),
		cmocka_unit_test(nothing_in_common_is_told_with_both_numbers),
		cmocka_unit_test(long_sets_are_cut_in_words),
	};

	return RUN(tests);
}
