#include "core/assessment.h"
#include "tests/unit/harness.h"

static struct kl_assessment *begin(void)
{
	struct kl_period period;
	struct kl_assessment *a;

	assert_int_equal(kl_period_parse("2026", &period), 0);
	a = kl_assessment_new(period);
	assert_non_null(a);
	return a;
}

static struct kl_assessor *assessor(struct kl_assessment *a, const char *name)
{
	struct kl_assessor *it = NULL;

	assert_int_equal(kl_assessment_assessor(a, name, &it, NULL), 0);
	return it;
}

static void score(struct kl_assessment *a, const char *name, size_t subject, const char *text)
{
	assert_int_equal(kl_assessor_score(assessor(a, name), subject, text, NULL), 0);
}

static struct kl_assessed result(const struct kl_assessment *a, size_t subject)
{
	struct kl_assessed r;

	kl_assessment_result(a, subject, &r);
	return r;
}

static void scores_are_whole(void **state)
{
	struct kl_fault fault;
	int8_t s = 77;

	(void)state;
	assert_int_equal(kl_score_parse("0", &s, &fault), 0);
	assert_int_equal(s, 0);
	assert_int_equal(kl_score_parse("Partial", &s, &fault), 0);
	assert_int_equal(s, 2);
	assert_int_equal(kl_score_parse("4 Leading", &s, &fault), 0);
	assert_int_equal(s, 4);
	assert_int_equal(kl_score_parse("3 partial", &s, &fault), KL_E_INVALID);
	assert_int_equal(kl_score_parse("2 partial", &s, &fault), 0);
	assert_int_equal(kl_score_parse("3.0", &s, &fault), 0);
	assert_int_equal(s, 3);
	assert_int_equal(kl_score_parse("1,00", &s, &fault), 0);
	assert_int_equal(s, 1);
	assert_int_equal(kl_score_parse("4 - leading", &s, &fault), 0);
	assert_int_equal(s, 4);
	assert_int_equal(kl_score_parse("2.", &s, &fault), KL_E_INVALID);
	assert_int_equal(kl_score_parse("4.5", &s, &fault), KL_E_INVALID);
	assert_int_equal(kl_score_parse("0 1", &s, &fault), KL_E_INVALID);
	assert_int_equal(kl_score_parse("2,5", &s, &fault), KL_E_INVALID);
	assert_string_equal(fault.message, "\"2,5\" is not a whole score");
	assert_int_equal(kl_score_parse("2.5", &s, &fault), KL_E_INVALID);
	assert_string_equal(fault.message, "\"2.5\" is not a whole score");
	assert_int_equal(kl_score_parse("5", &s, &fault), KL_E_INVALID);
	assert_string_equal(fault.message, "\"5\" is not a score");
	assert_int_equal(kl_score_parse("-1", &s, &fault), KL_E_INVALID);
	assert_int_equal(kl_score_parse("", &s, &fault), KL_E_INVALID);
	assert_int_equal(kl_score_parse("3x", &s, &fault), KL_E_INVALID);
	assert_int_equal(kl_score_parse("nan", &s, &fault), KL_E_INVALID);
	assert_int_equal(s, 4); /* the last that was one */
}

/* Two departments that disagree: the median lies half-way, both ends stay visible, and the value
 * for a benchmark is rounded down. */
static void disagreement_stays_visible(void **state)
{
	struct kl_assessment *a = begin();
	struct kl_assessed r;

	(void)state;
	score(a, "finance", 0, "1");
	score(a, "regeneration", 0, "4");
	r = result(a, 0);
	assert_int_equal(r.scores, 2);
	assert_int_equal(r.median_doubled, 5);
	assert_int_equal(r.value, 2);
	assert_int_equal(r.lowest, 1);
	assert_int_equal(r.highest, 4);
	score(a, "housing", 0, "3");
	assert_int_equal(result(a, 0).median_doubled, 6);
	score(a, "Finance", 0, "3"); /* the same assessor, who changed their mind */
	assert_int_equal(a->assessor_count, 3);
	assert_int_equal(result(a, 0).lowest, 3);
	kl_assessment_destroy(a);
}

static void absent_is_not_zero(void **state)
{
	struct kl_assessment *a = begin();
	struct kl_assessed r = result(a, 3);

	(void)state;
	assert_int_equal(r.scores, 0);
	assert_int_equal(r.value, KL_NO_SCORE);
	assert_int_equal(r.median_doubled, KL_NO_SCORE);
	score(a, "finance", 3, "0");
	score(a, "housing", 2, "4");
	r = result(a, 3);
	assert_int_equal(r.scores, 1);
	assert_int_equal(r.value, 0);
	kl_assessment_destroy(a);
}

static void answer(struct kl_assessor *it, size_t subject, unsigned statement, const char *text)
{
	assert_int_equal(kl_assessor_statement(it, subject, statement, text, NULL), 0);
}

static void a_score_follows_from_statements(void **state)
{
	struct kl_assessment *a = begin();
	struct kl_assessor *it = assessor(a, "residents");
	struct kl_fault fault;

	(void)state;
	answer(it, 1, 1, "1"); /* two of six statements are too few */
	answer(it, 1, 2, "4");
	assert_int_equal(kl_answer_following(&it->answers[1], 1), KL_NO_SCORE);
	assert_int_equal(kl_answer_answered(&it->answers[1], 1), 2);
	assert_int_equal(result(a, 1).scores, 0);
	answer(it, 1, 6, "4");
	assert_int_equal(kl_answer_following(&it->answers[1], 1), 4);
	answer(it, 1, 4, "3"); /* 1 3 4 4: 3.5, rounded down */
	assert_int_equal(kl_answer_score(&it->answers[1], 1), 3);
	assert_int_equal(result(a, 1).value, 3);
	assert_int_equal(result(a, 1).median_doubled, 6);
	assert_int_equal(kl_assessor_statement(it, 1, 7, "1", &fault), KL_E_NOT_FOUND);
	assert_string_equal(fault.message, "c2 (Business network) has 6 statements, no number 7");
	assert_int_equal(kl_assessor_statement(it, 1, 0, "1", &fault), KL_E_NOT_FOUND);
	assert_int_equal(kl_assessor_statement(it, 7, 1, "1", &fault), KL_E_NOT_FOUND);
	kl_assessment_destroy(a);
}

static void a_score_against_its_own_statements_is_counted(void **state)
{
	struct kl_assessment *a = begin();
	struct kl_assessor *it = assessor(a, "residents");

	(void)state;
	for (unsigned i = 1; i <= 4; i++)
		answer(it, 0, i, "1");
	score(a, "residents", 0, "1");
	assert_int_equal(result(a, 0).contradicted, 0);
	score(a, "residents", 0, "3");
	assert_int_equal(result(a, 0).contradicted, 1);
	assert_int_equal(result(a, 0).value, 3);
	kl_assessment_destroy(a);
}

static void a_score_that_rests_on_nothing_is_flagged(void **state)
{
	struct kl_assessment *a = begin();
	struct kl_assessor *first = assessor(a, "finance");

	(void)state;
	score(a, "finance", 4, "2");
	score(a, "housing", 4, "2");
	assert_int_equal(result(a, 4).unsupported, 2);
	assert_int_equal(kl_assessor_note(first, 4, "the forum meets monthly", NULL), 0);
	assert_int_equal(result(a, 4).unsupported, 1);
	assert_int_equal(kl_answer_rests_on(a, &first->answers[4], 4), KL_RESTS_ON_NOTE);
	answer(first, 4, 9, "3");
	assert_int_equal(kl_answer_rests_on(a, &first->answers[4], 4),
		KL_RESTS_ON_NOTE | KL_RESTS_ON_STATEMENTS);
	assert_int_equal(kl_assessment_evidence(a, 4, "c5.trust 2026", NULL), 0);
	assert_int_equal(kl_assessment_evidence(a, 4, "c5.trust 2026", NULL), 0);
	assert_int_equal(a->notes[4].evidence_count, 1);
	assert_int_equal(result(a, 4).unsupported, 0);
	kl_assessment_destroy(a);
}

static void the_weakest_come_first(void **state)
{
	struct kl_assessment *a = begin();
	uint8_t order[KL_SUBJECTS];

	(void)state;
	assert_int_equal(kl_assessment_weakest(a, order), 0);
	score(a, "finance", 0, "3");
	score(a, "finance", 1, "2");
	score(a, "finance", 5, "1");
	score(a, "finance", 7, "2");
	score(a, "housing", 0, "3");
	score(a, "housing", 1, "2");
	score(a, "housing", 7, "2");
	score(a, "police", 7, "0"); /* the same median as subject 1, but one sees it weaker */
	assert_int_equal(kl_assessment_weakest(a, order), 4);
	assert_int_equal(order[0], 5);
	assert_int_equal(order[1], 7);
	assert_int_equal(order[2], 1);
	assert_int_equal(order[3], 0);
	kl_assessment_destroy(a);
}

static void limits_are_named(void **state)
{
	struct kl_assessment *a = begin();
	struct kl_assessor *it = NULL;
	struct kl_fault fault;
	char text[KL_ASSESSMENT_NOTE_MAX + 1];

	(void)state;
	for (int i = 0; i < KL_ASSESSORS_MAX; i++) {
		char name[] = {(char)('a' + i), '\0'};

		assessor(a, name);
	}
	assert_int_equal(kl_assessment_assessor(a, "z", &it, &fault), KL_E_TOO_BIG);
	assert_int_equal(kl_assessment_assessor(a, " ", &it, &fault), KL_E_INVALID);
	assert_null(it);
	for (int i = 0; i < KL_EVIDENCE_MAX; i++) {
		char name[] = {(char)('a' + i), '\0'};

		assert_int_equal(kl_assessment_evidence(a, 0, name, &fault), 0);
	}
	assert_int_equal(kl_assessment_evidence(a, 0, "z", &fault), KL_E_TOO_BIG);
	assert_int_equal(kl_assessment_evidence(a, 1, "", &fault), KL_E_INVALID);
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_int_equal(kl_assessor_note(assessor(a, "a"), 0, text, &fault), KL_E_TOO_BIG);
	assert_int_equal(kl_assessment_check(a, &fault), 0);
	kl_assessment_destroy(a);
}

#define REFUSED(change, why)                                                                       \
	do {                                                                                       \
		struct kl_assessment *a = begin();                                                 \
		struct kl_fault fault;                                                             \
		score(a, "finance", 0, "2");                                                       \
		assert_int_equal(kl_assessment_check(a, &fault), 0);                               \
		change;                                                                            \
		assert_true(kl_assessment_check(a, &fault) < 0);                                   \
		if (!strstr(fault.message, why))                                                   \
			fail_msg("expected \"%s\", got \"%s\"", why, fault.message);               \
		kl_assessment_destroy(a);                                                          \
	} while (0)

static void what_came_from_elsewhere_is_checked(void **state)
{
	(void)state;
	REFUSED(a->period.kind = KL_PERIOD_FINANCIAL, "no figure for");
	REFUSED(a->assessor_count = 200, "too many assessors");
	REFUSED(a->strategy_count = 200, "too many strategies");
	REFUSED(a->strategy_count = 1, "no title");
	REFUSED(a->assessor_count = 2, "no name");
	REFUSED((a->assessor_count = 2, strcpy(a->assessors[1].name, "FINANCE")), "two assessors");
	REFUSED(a->assessors[0].answers[0].score = 5, "0 to 4");
	REFUSED(a->assessors[0].answers[10].score = -2, "0 to 4");
	REFUSED(a->assessors[0].answers[0].statements[3] = 9, "0 to 4");
	REFUSED(a->assessors[0].answers[0].statements[4] = 1, "no statement 5");
	REFUSED(a->assessors[0].answers[8].statements[0] = 1, "no statement 1");
	REFUSED(a->assessors[0].answers[2].note[0] = '\x1b', "plain");
	REFUSED(memset(a->place, 'x', sizeof a->place), "plain");
	REFUSED(a->principles[3][0] = '\x07', "plain");
	REFUSED(strcpy(a->notes[1].due, "soon"), "not a date");
	REFUSED(a->notes[1].evidence_count = 9, "too many");
	REFUSED(a->notes[1].evidence_count = 1, "empty");
	REFUSED(a->notes[1].sectors[2][0] = '\x01', "sector");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores_are_whole),
		cmocka_unit_test(disagreement_stays_visible),
		cmocka_unit_test(absent_is_not_zero),
		cmocka_unit_test(a_score_follows_from_statements),
		cmocka_unit_test(a_score_against_its_own_statements_is_counted),
		cmocka_unit_test(a_score_that_rests_on_nothing_is_flagged),
		cmocka_unit_test(the_weakest_come_first),
		cmocka_unit_test(limits_are_named),
		cmocka_unit_test(what_came_from_elsewhere_is_checked),
	};

	return RUN(tests);
}
