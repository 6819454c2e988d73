#include "core/assessment_fill.h"
#include "tests/unit/harness.h"

#include <stdio.h>

struct paper {
	struct kl_assessment *assessment;
	struct kl_assessor *assessor;
	struct kl_fault fault;
};

static struct paper blank(void)
{
	const struct kl_period year = {.kind = KL_PERIOD_YEAR, .year = 2026};
	struct paper p = {.assessment = kl_assessment_new(year)};

	assert_non_null(p.assessment);
	assert_int_equal(kl_assessment_assessor(p.assessment, "finance", &p.assessor, &p.fault), 0);
	return p;
}

static int fill(struct paper *p, const char *field, const char *typed)
{
	p->fault = (struct kl_fault){0};
	return kl_assessment_fill(p->assessment, p->assessor, field, typed, &p->fault);
}

static void done(struct paper *p)
{
	assert_int_equal(kl_assessment_check(p->assessment, &p->fault), 0);
	kl_assessment_destroy(p->assessment);
}

static void scores_by_code_name_and_statement(void **state)
{
	struct paper p = blank();

	(void)state;
	assert_int_equal(fill(&p, "score", "C1=2"), 0);
	assert_int_equal(fill(&p, "score", "business network=leading"), 0);
	assert_int_equal(fill(&p, "score", "leadership=3"), 0);
	assert_int_equal(fill(&p, "score", "practice.2=1"), 0);
	assert_int_equal(fill(&p, "score", "c1.3=4"), 0);
	assert_int_equal(p.assessor->answers[0].score, 2);
	assert_int_equal(p.assessor->answers[0].statements[2], 4);
	assert_int_equal(p.assessor->answers[1].score, 4);
	assert_int_equal(p.assessor->answers[7].score, 3);
	assert_int_equal(p.assessor->answers[8].score, 1);
	done(&p);
}

static void none_takes_an_answer_back(void **state)
{
	struct paper p = blank();

	(void)state;
	assert_int_equal(fill(&p, "score", "C1=2"), 0);
	assert_int_equal(fill(&p, "score", "C1.4=1"), 0);
	assert_int_equal(fill(&p, "score", "C1=none"), 0);
	assert_int_equal(p.assessor->answers[0].score, KL_NO_SCORE);
	assert_int_equal(p.assessor->answers[0].statements[3], 1);
	assert_int_equal(fill(&p, "score", "C1.4=none"), 0);
	assert_int_equal(p.assessor->answers[0].statements[3], KL_NO_SCORE);
	done(&p);
}

static void what_is_no_score_is_refused(void **state)
{
	static const struct {
		const char *typed;
		int code;
	} cases[] = {{"C1", KL_E_USAGE}, {"=2", KL_E_USAGE}, {"C8=2", KL_E_NOT_FOUND},
		{"C1=5", KL_E_INVALID}, {"C1=", KL_E_INVALID}, {"C1=2.5", KL_E_INVALID},
		{"C1.0=2", KL_E_NOT_FOUND}, {"C1.0=none", KL_E_NOT_FOUND},
		{"C1.5=2", KL_E_NOT_FOUND}, {"C1.5=none", KL_E_NOT_FOUND},
		{"C1.99999=2", KL_E_NOT_FOUND}, {"C1.=2", KL_E_NOT_FOUND},
		{"practice.1.1=2", KL_E_NOT_FOUND}, {"s=2", KL_E_AMBIGUOUS}};
	struct paper p = blank();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (fill(&p, "score", cases[i].typed) != cases[i].code || !p.fault.message[0])
			fail_msg("%s: %d, %s", cases[i].typed, p.fault.code, p.fault.message);
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		assert_int_equal(p.assessor->answers[s].score, KL_NO_SCORE);
	done(&p);
}

static void texts_go_where_they_belong(void **state)
{
	struct paper p = blank();
	const struct kl_subject_notes *n = &p.assessment->notes[0];

	(void)state;
	assert_int_equal(fill(&p, "note", "C1=rent = half of it"), 0);
	assert_string_equal(p.assessor->answers[0].note, "rent = half of it");
	for (size_t i = 2; kl_fill_fields[i]; i++) {
		const char *field = kl_fill_fields[i];
		bool date = !strcmp(field, "due"), principle = !strcmp(field, "principle");

		if (fill(&p, field,
			    date        ? "C1=2026-11-30"
			    : principle ? "dynamic=said so"
					: "C1=said so"))
			fail_msg("%s: %s", field, p.fault.message);
	}
	assert_string_equal(n->strengths, "said so");
	assert_string_equal(n->gaps, "said so");
	assert_string_equal(n->opportunities, "said so");
	assert_string_equal(n->action, "said so");
	assert_string_equal(n->owner, "said so");
	assert_string_equal(n->due, "2026-11-30");
	for (size_t i = 0; i < KL_NOTE_SECTORS; i++)
		assert_string_equal(n->sectors[i], "said so");
	assert_string_equal(n->evidence[0], "said so");
	assert_string_equal(p.assessment->strategies[0].title, "C1");
	assert_string_equal(p.assessment->strategies[0].note, "said so");
	assert_int_equal(fill(&p, "gap", "C1="), 0);
	assert_string_equal(n->gaps, "");
	done(&p);
}

static void a_strategy_has_one_note(void **state)
{
	struct paper p = blank();
	char typed[32];

	(void)state;
	for (int i = 0; i < KL_STRATEGIES_MAX; i++) {
		snprintf(typed, sizeof typed, "strategy %d=first", i);
		assert_int_equal(fill(&p, "strategy", typed), 0);
	}
	assert_int_equal(fill(&p, "strategy", "STRATEGY 3=second"), 0);
	assert_int_equal(p.assessment->strategy_count, KL_STRATEGIES_MAX);
	assert_string_equal(p.assessment->strategies[3].note, "second");
	assert_int_equal(fill(&p, "strategy", "one more=x"), KL_E_TOO_BIG);
	done(&p);
}

static void bad_texts_are_refused(void **state)
{
	struct paper p = blank();
	char long_text[KL_ASSESSMENT_NOTE_MAX + 8] = "C1=";

	(void)state;
	memset(long_text + 3, 'x', sizeof long_text - 4);
	long_text[sizeof long_text - 1] = '\0';
	assert_int_equal(fill(&p, "note", long_text), KL_E_TOO_BIG);
	assert_int_equal(fill(&p, "gap", long_text), KL_E_TOO_BIG);
	assert_int_equal(fill(&p, "gap", "C1=\033[2J"), KL_E_INVALID);
	assert_int_equal(fill(&p, "due", "C1=next week"), KL_E_INVALID);
	assert_int_equal(fill(&p, "evidence", "C1="), KL_E_INVALID);
	assert_int_equal(fill(&p, "principle", "C1=x"), KL_E_NOT_FOUND);
	done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores_by_code_name_and_statement),
		cmocka_unit_test(none_takes_an_answer_back),
		cmocka_unit_test(what_is_no_score_is_refused),
		cmocka_unit_test(texts_go_where_they_belong),
		cmocka_unit_test(a_strategy_has_one_note),
		cmocka_unit_test(bad_texts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
