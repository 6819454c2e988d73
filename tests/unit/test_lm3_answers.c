/* Answers to the survey joined with suppliers, who is silent, and who is probably one. */
#include "core/lm3_duplicates.h"
#include "core/lm3_silent.h"
#include "tests/unit/lm3_sums.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static enum kl_lm3_match answer(
	struct kl_lm3_sum *sum, const char *name, double respent, enum kl_where where)
{
	struct kl_lm3_answer a = {.respent = respent, .where = where};
	size_t index;

	(void)kl_copy_text(a.name, sizeof a.name, name);
	assert_int_equal(kl_lm3_answer_check(&a, NULL), 0);
	return kl_lm3_sum_answer(sum, &a, &index);
}

static struct kl_lm3_result result(const struct kl_lm3_sum *sum)
{
	struct kl_fault fault = {0};
	struct kl_lm3_result r;

	if (kl_lm3_sum_result(sum, &fault, &r))
		fail_msg("%s", fault.message);
	return r;
}

static bool warned(const struct kl_lm3_result *r, const char *about)
{
	for (unsigned i = 0; i < r->warning_count; i++)
		if (strstr(r->warnings[i], about))
			return true;
	return false;
}

static struct kl_lm3_sum *example(void)
{
	struct kl_lm3_ledger l = lm3_ledger(0, 0);
	struct kl_lm3_sum *sum = lm3_sum(&l);

	lm3_add(sum, "Example Catering Ltd", 500, KL_WHERE_LOCAL, LM3_SILENT);
	lm3_add(sum, "A. Person t/a Corner Example", 300, KL_WHERE_UNKNOWN, LM3_SILENT);
	lm3_add(sum, "Example Power plc", 200, KL_WHERE_ELSEWHERE, 50);
	return sum;
}

static void names_are_joined(void **state)
{
	struct kl_lm3_sum *sum = example();
	size_t i = 9;

	(void)state;
	assert_int_equal(kl_lm3_sum_find(sum, "example catering LIMITED", &i), KL_LM3_SAME);
	assert_int_equal(i, 0);
	assert_int_equal(kl_lm3_sum_find(sum, "The Example-Catering Co.", &i), KL_LM3_LOOSE);
	assert_int_equal(i, 0);
	assert_int_equal(kl_lm3_sum_find(sum, "Corner Example", &i), KL_LM3_LOOSE);
	assert_int_equal(i, 1);
	assert_int_equal(
		kl_lm3_sum_find(sum, "B. Other trading as Corner Example", &i), KL_LM3_LOOSE);
	assert_int_equal(kl_lm3_sum_find(sum, "Exampel Catering", &i), KL_LM3_NO_MATCH);
	lm3_add(sum, "Example Power", 10, KL_WHERE_UNKNOWN, LM3_SILENT);
	assert_int_equal(kl_lm3_sum_find(sum, "example power", &i), KL_LM3_SAME);
	assert_int_equal(i, 3);
	assert_int_equal(kl_lm3_sum_find(sum, "Example Power Ltd", &i), KL_LM3_SEVERAL);
	kl_lm3_sum_destroy(sum);
}

/* 1000 spent; 500 local at 40 %, 300 now local at all of it, 200 elsewhere at 10 % instead of 50 %. */
static void answers_take_the_place_of_what_was_said(void **state)
{
	struct kl_lm3_sum *sum = example();
	struct kl_lm3_result r;

	(void)state;
	assert_int_equal(answer(sum, "Example Catering Ltd", 0.9, KL_WHERE_UNKNOWN), KL_LM3_SAME);
	assert_int_equal(answer(sum, "Example Catering", 0.4, KL_WHERE_UNKNOWN), KL_LM3_LOOSE);
	assert_int_equal(answer(sum, "Corner Example", 1, KL_WHERE_LOCAL), KL_LM3_LOOSE);
	assert_int_equal(answer(sum, "Example Power PLC", 0.1, KL_WHERE_UNKNOWN), KL_LM3_SAME);
	r = result(sum);
	assert_int_equal(r.rating, KL_LM3_GREEN);
	assert_int_equal(r.round2.central, 80000);
	assert_int_equal(r.round3.central, 20000 + 30000 + 2000);
	assert_int_equal(r.lm3.low * 1000 + 0.5, 2320);
	assert_int_equal(r.lm3.high * 1000 + 0.5, 2320);
	assert_false(warned(&r, "survey"));

	assert_int_equal(answer(sum, "Nobody at all", 1, KL_WHERE_LOCAL), KL_LM3_NO_MATCH);
	r = result(sum);
	assert_int_equal(r.round3.central, 52000);
	assert_true(warned(&r, "'Nobody at all'"));
	kl_lm3_sum_destroy(sum);
}

static void bad_answers(void **state)
{
	struct kl_lm3_answer a = {.name = "X", .respent = 1.01};
	struct kl_fault fault = {0};

	(void)state;
	assert_int_equal(kl_lm3_answer_check(&a, &fault), KL_E_RANGE);
	a.respent = NAN;
	assert_int_equal(kl_lm3_answer_check(&a, &fault), KL_E_RANGE);
	a = (struct kl_lm3_answer){.respent = 0};
	assert_int_equal(kl_lm3_answer_check(&a, &fault), KL_E_INVALID);
}

/* ---- silence ------------------------------------------------------------------------------- */

static struct kl_lm3_silent *silent(const struct kl_lm3_sum *sum, size_t most, bool unasked)
{
	struct kl_lm3_silent *s = NULL;

	assert_int_equal(kl_lm3_find_silent(sum, most, unasked, NULL, &s), 0);
	return s;
}

static void silence(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(0, 0);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_lm3_silent *s;

	(void)state;
	lm3_add(sum, "Example A", 100, KL_WHERE_LOCAL, 20);
	lm3_add(sum, "Example B", 150, KL_WHERE_LOCAL, LM3_SILENT);
	lm3_add(sum, "Example C", 250, KL_WHERE_UNKNOWN, LM3_SILENT);
	lm3_add(sum, "Example D", 300, KL_WHERE_ELSEWHERE, LM3_SILENT);
	lm3_add(sum, "Example E", -50, KL_WHERE_ELSEWHERE, LM3_SILENT);
	lm3_add(sum, "REDACTED PERSONAL DATA", 180, KL_WHERE_UNKNOWN, LM3_SILENT);
	lm3_add(sum, "Redactive Example Ltd", 20, KL_WHERE_UNKNOWN, LM3_SILENT);
	kl_lm3_sum_asked(sum, "example d", 1700000000000);
	kl_lm3_sum_asked(sum, "nobody", 1700000000000);

	s = silent(sum, 20, false); /* of 1000: 100 answered; 300 and 250 more make it green */
	assert_int_equal(s->silent, 4);
	assert_int_equal(s->silent_value, 72000);
	assert_int_equal(s->asked, 1);
	assert_int_equal(s->to_green, 2);
	assert_int_equal(s->count, 4);
	assert_string_equal(s->list[0].line.name, "Example D");
	assert_int_equal(s->list[0].line.asked_at, 1700000000000);
	assert_true(fabs(s->list[0].share - 0.3) < 1e-9);
	assert_true(fabs(s->list[1].answered_share - 0.65) < 1e-9);
	assert_string_equal(s->list[3].line.name, "Redactive Example Ltd");
	free(s);

	s = silent(sum, 1, true); /* how many make it green is known however few are listed */
	assert_int_equal(s->count, 1);
	assert_string_equal(s->list[0].line.name, "Example C");
	assert_int_equal(s->to_green, 2);
	free(s);
	kl_lm3_sum_destroy(sum);
}

static void green_needs_nobody(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(0, 0);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_lm3_silent *s;

	(void)state;
	lm3_add(sum, "Example A", 100, KL_WHERE_LOCAL, 20);
	s = silent(sum, 20, false);
	assert_int_equal(s->to_green, 0);
	assert_int_equal(s->count, 0);
	free(s);
	lm3_add(sum, "Name withheld", 900, KL_WHERE_UNKNOWN, LM3_SILENT);
	s = silent(sum, 20, false); /* not green, and nobody can make it so */
	assert_int_equal(s->result.rating, KL_LM3_RED);
	assert_int_equal(s->to_green, 0);
	free(s);
	kl_lm3_sum_destroy(sum);
}

/* ---- duplicates ---------------------------------------------------------------------------- */

static void duplicates(void **state)
{
	struct kl_lm3_ledger l = lm3_ledger(0, 0);
	struct kl_lm3_sum *sum = lm3_sum(&l);
	struct kl_lm3_duplicates *d = NULL;
	struct kl_lm3_result r;

	(void)state;
	lm3_add(sum, "Example Bakery", 10, KL_WHERE_LOCAL, 20);
	assert_int_equal(kl_lm3_find_duplicates(sum, 10, &d), 0);
	assert_int_equal(d->count, 0);
	free(d);

	lm3_add(sum, "EXAMPLE bakery", 5, KL_WHERE_LOCAL, 20);
	lm3_add(sum, "Example & Sons Ltd", 30, KL_WHERE_LOCAL, 20);
	lm3_add(sum, "Example and Sons Limited", 40, KL_WHERE_LOCAL, 20);
	lm3_add(sum, "The Example Bakery Co.", 7, KL_WHERE_LOCAL, 20);
	assert_int_equal(kl_lm3_find_duplicates(sum, 10, &d), 0);
	assert_int_equal(d->apart, 2);
	assert_int_equal(d->merged, 1);
	assert_int_equal(d->count, 3);
	assert_true(d->list[0].apart);
	assert_string_equal(d->list[0].line.name, "Example & Sons Ltd");
	assert_string_equal(d->list[0].other, "Example and Sons Limited");
	assert_int_equal(d->list[0].other_line.net, 4000);
	assert_string_equal(d->list[1].other, "The Example Bakery Co.");
	assert_false(d->list[2].apart);
	assert_string_equal(d->list[2].other, "EXAMPLE bakery");
	assert_int_equal(d->list[2].line.net, 1500);
	free(d);
	r = result(sum);
	assert_true(warned(&r, "2 names fit more than one supplier"));
	kl_lm3_sum_destroy(sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_joined),
		cmocka_unit_test(answers_take_the_place_of_what_was_said),
		cmocka_unit_test(bad_answers),
		cmocka_unit_test(silence),
		cmocka_unit_test(green_needs_nobody),
		cmocka_unit_test(duplicates),
	};

	return RUN(tests);
}
