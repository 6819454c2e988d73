#include "core/joint.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

static const char *const names[] = {"finance", "residents", "planning"};

/* One assessor for each score; "" is none. */
static struct kl_assessment *scored(size_t subject, const char *const *scores, size_t n)
{
	struct kl_assessment *a = kl_assessment_new((struct kl_period){KL_PERIOD_YEAR, 2026, 0});
	struct kl_assessor *it;

	assert_non_null(a);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(kl_assessment_assessor(a, names[i], &it, NULL), 0);
		if (*scores[i])
			assert_int_equal(kl_assessor_score(it, subject, scores[i], NULL), 0);
	}
	return a;
}

static void score(struct kl_assessment *a, size_t assessor, size_t subject, const char *text)
{
	assert_int_equal(kl_assessor_score(&a->assessors[assessor], subject, text, NULL), 0);
}

static void medians_and_all_scores_side_by_side(void **state)
{
	struct kl_assessment *council = scored(0, (const char *const[]){"3", "4"}, 2),
			     *anchor = scored(0, (const char *const[]){"1"}, 1),
			     *other = scored(0, (const char *const[]){"0", "4", "2"}, 3);
	const struct kl_assessment *all[] = {council, anchor, other};
	struct kl_joint_subject s;

	(void)state;
	kl_joint_subject(all, 3, 0, &s);
	assert_int_equal(s.view, KL_JOINT_DIFFER);
	assert_int_equal(s.members, 3);
	assert_int_equal(s.lowest_doubled, 2);
	assert_int_equal(s.highest_doubled, 7);
	assert_int_equal(s.lowest_of, 1);
	assert_int_equal(s.highest_of, 0);
	assert_int_equal(s.low, 0);
	assert_int_equal(s.high, 4);
	for (size_t i = 0; i < 3; i++)
		kl_assessment_destroy((struct kl_assessment *)(uintptr_t)all[i]);
}

static enum kl_joint_view view(const char *a, const char *b, const char *c)
{
	struct kl_assessment *one = scored(4, (const char *const[]){a, b}, 2),
			     *two = scored(4, (const char *const[]){c}, 1);
	const struct kl_assessment *all[] = {one, two};
	struct kl_joint_subject s;

	kl_joint_subject(all, 2, 4, &s);
	kl_assessment_destroy(one);
	kl_assessment_destroy(two);
	return s.view;
}

static void a_whole_point_is_a_difference(void **state)
{
	(void)state;
	assert_int_equal(view("2", "2", "2"), KL_JOINT_AGREE);
	assert_int_equal(view("2", "3", "2"), KL_JOINT_AGREE); /* half a point */
	assert_int_equal(view("2", "2", "3"), KL_JOINT_DIFFER);
	assert_int_equal(view("2", "2", ""), KL_JOINT_ONE);
	assert_int_equal(view("", "", "0"), KL_JOINT_ONE);
	assert_int_equal(view("", "", ""), KL_JOINT_NOBODY);
	assert_string_equal(kl_joint_view_name(KL_JOINT_DIFFER), "differ");
}

static void the_farthest_first_then_the_widest(void **state)
{
	struct kl_assessment *one = scored(0, (const char *const[]){"1", ""}, 2),
			     *two = scored(0, (const char *const[]){"2", ""}, 2);
	const struct kl_assessment *all[] = {one, two};
	uint8_t order[KL_SUBJECTS];

	(void)state;
	score(one, 0, 3, "0"), score(two, 0, 3, "4"); /* 4 apart */
	score(one, 0, 5, "2"), score(one, 1, 5, "2"); /* one apart, wide */
	score(two, 0, 5, "4"), score(two, 1, 5, "2");
	score(one, 0, 6, "3"), score(two, 0, 6, "3"); /* agree */
	assert_int_equal(kl_joint_talk_about(all, 2, order), 3);
	assert_int_equal(order[0], 3);
	assert_int_equal(order[1], 5);
	assert_int_equal(order[2], 0);
	assert_int_equal(kl_joint_talk_about(all, 1, order), 0);
	kl_assessment_destroy(one);
	kl_assessment_destroy(two);
}

static struct kl_assessment *full(void)
{
	struct kl_assessment *a = scored(0, (const char *const[]){"2", ""}, 2);

	assert_int_equal(kl_assessor_statement(&a->assessors[1], 1, 3, "4", NULL), 0);
	for (unsigned i = 1; i <= 3; i++)
		assert_int_equal(kl_assessor_statement(&a->assessors[1], 2, i, "1", NULL), 0);
	assert_int_equal(kl_assessor_note(&a->assessors[0], 0, "because", NULL), 0);
	assert_int_equal(kl_assessment_evidence(a, 0, "c1.lm3 2026", NULL), 0);
	strcpy(a->notes[3].gaps, "no list");
	strcpy(a->notes[3].owner, "Jo");
	strcpy(a->notes[4].sectors[KL_NOTE_SOCIAL], "strong");
	strcpy(a->principles[2], "slow");
	strcpy(a->strategies[0].title, "Local plan");
	a->strategy_count = 1;
	return a;
}

static void what_is_inside_is_counted(void **state)
{
	struct kl_assessment *a = full();
	struct kl_assessment_content c;

	(void)state;
	kl_assessment_content(a, &c);
	assert_int_equal(c.scores, 2); /* one given, one that follows */
	assert_int_equal(c.statements, 4);
	assert_int_equal(c.notes, 4);
	assert_int_equal(c.evidence, 1);
	assert_int_equal(c.principles, 1);
	assert_int_equal(c.strategies, 1);
	kl_assessment_destroy(a);
}

static void words_and_names_can_stay_at_home(void **state)
{
	struct kl_assessment *a = full();
	struct kl_assessment_content c;

	(void)state;
	kl_assessment_without_words(a);
	kl_assessment_content(a, &c);
	assert_int_equal(c.scores, 2);
	assert_int_equal(c.statements, 4);
	assert_int_equal(c.notes + c.evidence + c.principles + c.strategies, 0);
	assert_int_equal(kl_assessment_check(a, NULL), 0);
	assert_string_equal(a->assessors[0].name, "finance");
	kl_assessment_without_names(a);
	assert_string_equal(a->assessors[0].name, "assessor 1");
	assert_string_equal(a->assessors[1].name, "assessor 2");
	assert_int_equal(kl_assessment_check(a, NULL), 0);
	kl_assessment_destroy(a);
}

static void nobody_is_named(void **state)
{
	struct kl_assessment *a = full();

	(void)state;
	kl_assessment_without_names(a);
	assert_string_equal(a->assessors[0].name, "assessor 1");
	assert_string_equal(a->notes[3].owner, "");
	assert_string_equal(a->notes[3].gaps, "no list");
	kl_assessment_destroy(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(medians_and_all_scores_side_by_side),
		cmocka_unit_test(a_whole_point_is_a_difference),
		cmocka_unit_test(the_farthest_first_then_the_widest),
		cmocka_unit_test(what_is_inside_is_counted),
		cmocka_unit_test(words_and_names_can_stay_at_home),
		cmocka_unit_test(nobody_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
