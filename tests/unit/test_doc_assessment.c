#include "protocol/doc_assessment.h"
#include "tests/unit/harness.h"
#include "tests/unit/mutate.h"

#include <stdlib.h>

enum { MUTATIONS = 3000 };

static struct kl_assessment *empty(void)
{
	struct kl_assessment *a = kl_assessment_new((struct kl_period){KL_PERIOD_YEAR, 2026, 0});

	assert_non_null(a);
	return a;
}

static struct kl_assessment *sample(void)
{
	struct kl_assessment *a = empty();
	struct kl_assessor *it = NULL;

	strcpy(a->place, "E08000033");
	strcpy(a->principles[1], "begins with the mill");
	a->strategy_count = 1;
	strcpy(a->strategies[0].title, "Local plan");
	strcpy(a->strategies[0].note, "silent on suppliers");
	assert_int_equal(kl_assessment_assessor(a, "finance", &it, NULL), 0);
	assert_int_equal(kl_assessor_score(it, 0, "2", NULL), 0);
	assert_int_equal(kl_assessor_note(it, 0, "spend file\nof May", NULL), 0);
	assert_int_equal(kl_assessor_score(it, 10, "0", NULL), 0);
	assert_int_equal(kl_assessment_assessor(a, "residents", &it, NULL), 0);
	for (unsigned i = 1; i <= 8; i++)
		assert_int_equal(kl_assessor_statement(it, 4, i, "3", NULL), 0);
	assert_int_equal(kl_assessment_evidence(a, 0, "c1.lm3 2026", NULL), 0);
	strcpy(a->notes[0].sectors[KL_NOTE_SOCIAL], "strong");
	strcpy(a->notes[0].action, "ask the suppliers");
	strcpy(a->notes[0].owner, "head of procurement");
	strcpy(a->notes[0].due, "2026-11-30");
	strcpy(a->notes[8].gaps, "buyers and commissioners never meet");
	return a;
}

/* Both come from kl_assessment_new() and hold no padding that anything writes to. */
static void round_trip(const struct kl_assessment *a)
{
	struct kl_assessment *back = NULL;
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_fault fault = {0};

	kl_writer_init(&w);
	kl_doc_assessment_encode(&w, a);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	if (kl_doc_assessment_decode(bytes, &back, &fault))
		fail_msg("%s", fault.message);
	assert_memory_equal(a->assessors, back->assessors, sizeof a->assessors);
	assert_memory_equal(a->notes, back->notes, sizeof a->notes);
	assert_memory_equal(a->strategies, back->strategies, sizeof a->strategies);
	assert_memory_equal(a->principles, back->principles, sizeof a->principles);
	assert_string_equal(a->place, back->place);
	assert_int_equal(a->assessor_count, back->assessor_count);
	assert_int_equal(a->strategy_count, back->strategy_count);
	assert_true(kl_period_equal(a->period, back->period));
	kl_assessment_destroy(back);
	kl_writer_deinit(&w);
}

static void what_is_written_is_read(void **state)
{
	struct kl_assessment *a = sample(), *b = empty();

	(void)state;
	round_trip(a);
	round_trip(b);
	kl_assessment_destroy(a);
	kl_assessment_destroy(b);
}

static void fill(char *out, size_t size)
{
	memset(out, 'x', size - 1);
	out[size - 1] = '\0';
}

static void fill_notes(struct kl_subject_notes *n)
{
	for (size_t i = 0; i < KL_NOTE_SECTORS; i++)
		fill(n->sectors[i], sizeof n->sectors[i]);
	fill(n->strengths, sizeof n->strengths);
	fill(n->gaps, sizeof n->gaps);
	fill(n->opportunities, sizeof n->opportunities);
	fill(n->action, sizeof n->action);
	fill(n->owner, sizeof n->owner);
	strcpy(n->due, "2026-11-30");
	n->evidence_count = KL_EVIDENCE_MAX;
	for (size_t i = 0; i < KL_EVIDENCE_MAX; i++)
		fill(n->evidence[i], sizeof n->evidence[i]);
}

static void fill_assessor(struct kl_assessor *it, char mark)
{
	fill(it->name, sizeof it->name);
	it->name[0] = mark;
	for (size_t s = 0; s < KL_SUBJECTS; s++) {
		it->answers[s].score = 4;
		fill(it->answers[s].note, sizeof it->answers[s].note);
		for (unsigned i = 0; i < kl_subject_statements(s); i++)
			it->answers[s].statements[i] = 4;
	}
}

/* The largest assessment that the limits allow still fits in one message of the control socket. */
static void the_largest_one(void **state)
{
	struct kl_assessment *a = empty();
	struct kl_writer w;
	struct kl_bytes bytes;

	(void)state;
	a->assessor_count = KL_ASSESSORS_MAX;
	for (int i = 0; i < KL_ASSESSORS_MAX; i++)
		fill_assessor(&a->assessors[i], (char)('a' + i));
	a->strategy_count = KL_STRATEGIES_MAX;
	for (size_t i = 0; i < KL_STRATEGIES_MAX; i++) {
		fill(a->strategies[i].title, sizeof a->strategies[i].title);
		fill(a->strategies[i].note, sizeof a->strategies[i].note);
	}
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		fill_notes(&a->notes[s]);
	for (size_t i = 0; i < KL_PRINCIPLES; i++)
		fill(a->principles[i], sizeof a->principles[i]);
	round_trip(a);
	kl_writer_init(&w);
	kl_doc_assessment_encode(&w, a);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_true(bytes.len <= 192 * 1024);
	kl_writer_deinit(&w);
	kl_assessment_destroy(a);
}

/* ---- other forms --------------------------------------------------------------------------- */

enum trouble { NONE, VERSION, EXTRA_KEY, NO_SUCH_SUBJECT, TWICE, WRONG_ORDER, HALF_POINT, SILENT };

static void write_answer(struct kl_writer *w, const char *subject, bool half)
{
	kl_put_map(w, subject, 3);
	if (half)
		kl_put_double(w, "score", 2.5);
	else
		kl_put_uint(w, "score", 2);
	kl_put_nil(w, "statements");
	kl_put_nil(w, "note");
}

static void write_with(struct kl_writer *w, enum trouble trouble)
{
	kl_write_map(w, trouble == EXTRA_KEY ? 8 : 7);
	kl_put_uint(w, "v", trouble == VERSION ? 9 : 1);
	kl_put_text(w, "period", "2026");
	kl_put_nil(w, "place");
	kl_put_array(w, "principles", 4);
	for (int i = 0; i < 4; i++)
		kl_write_nil(w);
	kl_put_array(w, "strategies", 0);
	kl_put_array(w, "assessors", 1);
	kl_write_map(w, 2);
	kl_put_text(w, "name", "finance");
	kl_put_map(w, "answers", trouble == SILENT ? 3 : 2);
	write_answer(w, trouble == WRONG_ORDER ? "practice.1" : "c1", trouble == HALF_POINT);
	write_answer(w,
		trouble == TWICE || trouble == WRONG_ORDER ? "c1"
		: trouble == NO_SUCH_SUBJECT               ? "c8"
							   : "practice.1",
		false);
	if (trouble == SILENT) {
		kl_put_map(w, "practice.2", 3);
		kl_put_nil(w, "score");
		kl_put_nil(w, "statements");
		kl_put_nil(w, "note");
	}
	kl_put_map(w, "subjects", 0);
	if (trouble == EXTRA_KEY)
		kl_put_nil(w, "mood");
}

static int outcome(enum trouble trouble)
{
	struct kl_assessment *a = NULL;
	struct kl_fault fault;
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	kl_writer_init(&w);
	write_with(&w, trouble);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	rc = kl_doc_assessment_decode(bytes, &a, &fault);
	assert_int_equal(rc == 0, a != NULL);
	kl_assessment_destroy(a);
	kl_writer_deinit(&w);
	return rc;
}

static void other_forms_are_refused(void **state)
{
	(void)state;
	assert_int_equal(outcome(NONE), 0);
	assert_int_equal(outcome(VERSION), KL_E_VERSION);
	for (enum trouble t = EXTRA_KEY; t <= SILENT; t++)
		assert_int_equal(outcome(t), KL_E_MALFORMED);
}

static void damaged_bytes(void **state)
{
	struct kl_assessment *a = sample();
	struct kl_writer w, again;
	struct kl_bytes bytes, twice;
	uint8_t *copy;

	(void)state;
	kl_writer_init(&w);
	kl_writer_init(&again);
	kl_doc_assessment_encode(&w, a);
	kl_assessment_destroy(a);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	copy = malloc(bytes.len);
	assert_non_null(copy);
	for (uint32_t seed = 0; seed < MUTATIONS; seed++) {
		size_t len = mutate(seed, bytes.data, bytes.len, copy);

		if (kl_doc_assessment_decode(kl_bytes(copy, len), &a, NULL))
			continue;
		kl_writer_reset(&again);
		kl_doc_assessment_encode(&again, a);
		assert_int_equal(kl_writer_bytes(&again, &twice), 0);
		if (!kl_bytes_equal(twice, kl_bytes(copy, len)) || kl_assessment_check(a, NULL))
			fail_msg("seed %u", seed);
		kl_assessment_destroy(a);
	}
	free(copy);
	kl_writer_deinit(&again);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_largest_one),
		cmocka_unit_test(other_forms_are_refused),
		cmocka_unit_test(damaged_bytes),
	};

	return RUN(tests);
}
