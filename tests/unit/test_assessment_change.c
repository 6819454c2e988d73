#include "core/assessment_change.h"
#include "tests/unit/harness.h"

static const char *const names[] = {"finance", "residents", "planning"};

/* One assessor of each name for each score that is not "". */
static struct kl_assessment *scored(const char *const *scores)
{
	struct kl_assessment *a = kl_assessment_new((struct kl_period){KL_PERIOD_YEAR, 2026, 0});
	struct kl_assessor *it;

	assert_non_null(a);
	for (size_t i = 0; i < 3; i++) {
		if (!*scores[i])
			continue;
		assert_int_equal(kl_assessment_assessor(a, names[i], &it, NULL), 0);
		assert_int_equal(kl_assessor_score(it, 2, scores[i], NULL), 0);
	}
	return a;
}

#define SCORED(...) scored((const char *const[]){__VA_ARGS__})

static struct kl_assessed_change change(struct kl_assessment *before, struct kl_assessment *after)
{
	struct kl_assessed_change c;

	kl_assessment_change(before, after, 2, &c);
	kl_assessment_destroy(before);
	kl_assessment_destroy(after);
	return c;
}

static void the_same_people_agree(void **state)
{
	struct kl_assessed_change c = change(SCORED("1", "1", "2"), SCORED("3", "2", "3"));

	(void)state;
	assert_int_equal(c.direction, KL_WENT_UP);
	assert_int_equal(c.moved_doubled, 4);
	assert_int_equal(c.both, 3);
	assert_int_equal(c.up, 3);
	assert_int_equal(c.down + c.stayed, 0);
	assert_int_equal(c.doubts, 0);
	assert_string_equal(kl_direction_name(c.direction), "up");
}

static void reasons_not_to_believe_it(void **state)
{
	(void)state;
	assert_int_equal(
		change(SCORED("1", "", ""), SCORED("", "3", "")).doubts, KL_DOUBT_OTHER_PEOPLE);
	assert_int_equal(change(SCORED("2", "2", ""), SCORED("0", "3", "")).doubts,
		KL_DOUBT_OPPOSITE_WAYS | KL_DOUBT_WITHIN_SPREAD);
	assert_int_equal(change(SCORED("0", "4", "2"), SCORED("1", "4", "3")).doubts,
		KL_DOUBT_WITHIN_SPREAD);
	/* exactly as far as they are apart is enough */
	assert_int_equal(change(SCORED("1", "2", ""), SCORED("2", "3", "")).doubts, 0);
}

static void what_stayed_or_is_unknown_raises_no_doubt(void **state)
{
	struct kl_assessed_change c = change(SCORED("0", "4", ""), SCORED("4", "0", ""));

	(void)state;
	assert_int_equal(c.direction, KL_STAYED);
	assert_int_equal(c.up, 1);
	assert_int_equal(c.down, 1);
	assert_int_equal(c.doubts, 0);
	c = change(SCORED("2", "", ""), SCORED("", "", ""));
	assert_int_equal(c.direction, KL_UNKNOWN_DIRECTION);
	assert_int_equal(c.moved_doubled, 0);
	c = change(SCORED("3", "3", ""), SCORED("3", "2", ""));
	assert_int_equal(c.direction, KL_WENT_DOWN);
	assert_int_equal(c.moved_doubled, -1);
}

static void assessors_are_known_by_name(void **state)
{
	struct kl_assessment *a = SCORED("1", "", "3");

	(void)state;
	assert_int_equal(kl_assessment_score_by(a, "PLANNING", 2), 3);
	assert_int_equal(kl_assessment_score_by(a, "residents", 2), KL_NO_SCORE);
	assert_int_equal(kl_assessment_score_by(a, "finance", 1), KL_NO_SCORE);
	kl_assessment_destroy(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_people_agree),
		cmocka_unit_test(reasons_not_to_believe_it),
		cmocka_unit_test(what_stayed_or_is_unknown_raises_no_doubt),
		cmocka_unit_test(assessors_are_known_by_name),
	};

	return RUN(tests);
}
