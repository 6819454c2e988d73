/* Documents of assessments, passed on ones too, of plans and of observations; each has one
 * encoding. */
#include "core/error.h"
#include "protocol/assess_rows.h"
#include "protocol/doc_assessment.h"
#include "protocol/doc_observation.h"
#include "protocol/doc_plan.h"
#include "protocol/doc_shared.h"
#include "tests/fuzz/codec.h"

#include <stdlib.h>
#include <string.h>

static struct kl_fault fault;

static int told(int rc)
{
	if (rc) {
		FUZZ_CHECK(rc < 0 && fault.code == rc);
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault.message), true));
	}
	return rc;
}

static void fine(int rc)
{
	FUZZ_CHECK(rc == 0);
}

static struct kl_assessment *assess(unsigned assessors)
{
	static const char *const names[] = {"housing", "residents", "board"};
	struct kl_assessment *x = kl_assessment_new((struct kl_period){KL_PERIOD_YEAR, 2017, 0});
	struct kl_assessor *assessor;

	FUZZ_CHECK(x);
	strcpy(x->place, "Halifax");
	strcpy(x->principles[1], "yes, and\nhow");
	for (unsigned i = 0; i < assessors; i++) {
		fine(kl_assessment_assessor(x, names[i], &assessor, &fault));
		fine(kl_assessor_score(assessor, i, "partial", &fault));
		fine(kl_assessor_statement(assessor, 2, 1 + i, "3", &fault));
		fine(kl_assessor_note(assessor, 2, "talked about it", &fault));
		fine(kl_assessment_evidence(x, 2, names[i], &fault));
	}
	strcpy(x->notes[0].due, "2018-02-28");
	strcpy(x->notes[0].sectors[1], "the hospital buys here");
	return x;
}

void kl_fuzz_samples_doc_assessment(struct fuzz_corpus *corpus)
{
	struct kl_writer w;

	kl_writer_init(&w);
	for (unsigned i = 0; i <= 3; i++) {
		struct kl_assessment *x = assess(i);

		kl_doc_assessment_encode(&w, x);
		fuzz_sample_written(corpus, &w);
		kl_assessment_destroy(x);
	}
	kl_writer_deinit(&w);
}

static void check_results(const struct kl_assessment *x)
{
	uint8_t weakest[KL_SUBJECTS];

	fine(kl_assessment_check(x, NULL));
	FUZZ_CHECK(kl_assessment_weakest(x, weakest) <= KL_SUBJECTS);
	for (size_t subject = 0; subject < KL_SUBJECTS; subject++) {
		struct kl_assessed r;

		kl_assessment_result(x, subject, &r);
		FUZZ_CHECK(r.scores <= x->assessor_count);
		if (!r.scores)
			continue;
		FUZZ_CHECK(r.lowest >= 0 && r.highest <= 4 && r.lowest <= r.highest);
		FUZZ_CHECK(2 * r.lowest <= r.median_doubled && r.median_doubled <= 2 * r.highest);
	}
}

FUZZ_CANONICAL(doc_assessment, struct kl_assessment *,
	told(kl_doc_assessment_decode(bytes, &x, &fault)),
	(check_results(x), kl_doc_assessment_encode(w, x)), kl_assessment_destroy(x))

/* ---- passed on ----------------------------------------------------------------------------- */

/* The fuzzer cannot sign, so a changed sample is refused, and anything accepted was signed here. */
void kl_fuzz_samples_doc_shared(struct fuzz_corpus *corpus)
{
	static const uint8_t seed[KL_SEED_BYTES] = {7};
	struct kl_shared x = {.for_count = 1, .date = "2017-11-30", .revision = 2, .words = true};
	struct kl_sign_keys keys;
	struct kl_writer w;
	struct kl_id hash;

	kl_writer_init(&w);
	kl_sign_keys_from_seed(seed, &keys);
	x.member.identity = keys.public_key;
	x.member.kind = KL_MEMBER_ANCHOR;
	strcpy(x.from, "Example Trust");
	strcpy(x.for_whom[0], "Example Council");
	for (unsigned i = 0; i <= 2; i++) {
		x.assessment = assess(i);
		fine(kl_shared_hash(&x, &hash));
		kl_sign(&keys, kl_id_bytes(&hash), x.signature);
		kl_doc_shared_encode(&w, &x);
		fuzz_sample_written(corpus, &w);
		kl_assessment_destroy(x.assessment);
	}
	kl_writer_deinit(&w);
}

FUZZ_CANONICAL(doc_shared, struct kl_shared, told(kl_doc_shared_decode(bytes, &x, &fault)),
	kl_doc_shared_encode(w, &x), kl_assessment_destroy(x.assessment))

/* ---- on their way up ------------------------------------------------------------------------- */

void kl_fuzz_samples_form_row(struct fuzz_corpus *corpus)
{
	struct kl_form_row x = {"line 3, column 'score'", 0, "score", "C1=2 partial"};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_form_row_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	x = (struct kl_form_row){"row 4", KL_FORM_ASSESSORS_MAX - 1, "gap", "C7=two\nlines"};
	kl_form_row_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

/* Whatever a row says, it fills an assessment that can be kept, or changes nothing. */
static void check_fill(const struct kl_form_row *x)
{
	struct kl_assessment *a = assess(1);

	for (size_t i = 0; kl_fill_fields[i]; i++)
		if (!strcmp(kl_fill_fields[i], x->field))
			(void)told(kl_assessment_fill(
				a, &a->assessors[0], x->field, x->assignment, &fault));
	fine(kl_assessment_check(a, NULL));
	kl_assessment_destroy(a);
}

static int read_form_row(struct kl_bytes bytes, struct kl_form_row *x)
{
	struct kl_value value;

	return kl_value_open(bytes, &value) || kl_form_row_decode(&value, x);
}

FUZZ_STABLE(form_row, struct kl_form_row, read_form_row(bytes, &x),
	(check_fill(&x), kl_form_row_encode(w, &x)), (void)0)

void kl_fuzz_samples_file_piece(struct fuzz_corpus *corpus)
{
	struct kl_file_piece x = {3, kl_bytes("some bytes", 10)};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_file_piece_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

static int read_file_piece(struct kl_bytes bytes, struct kl_file_piece *x)
{
	struct kl_value value;

	if (kl_value_open(bytes, &value) || kl_file_piece_decode(&value, x))
		return -1;
	FUZZ_CHECK(fuzz_inside(bytes.data, bytes.len, x->bytes));
	return 0;
}

FUZZ_STABLE(file_piece, struct kl_file_piece, read_file_piece(bytes, &x),
	kl_file_piece_encode(w, &x), (void)0)

/* ---- plans ------------------------------------------------------------------------------------ */

void kl_fuzz_samples_doc_plan(struct fuzz_corpus *corpus)
{
	static struct kl_plan x;
	struct kl_writer w;

	kl_writer_init(&w);
	strcpy(x.name, "plan");
	kl_doc_plan_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	fine(kl_plan_assign(&x, "change=two\nlines", &fault));
	fine(kl_plan_assign(&x, "reported=2026-11-30", &fault));
	fine(kl_plan_choose(&x, "c1.lm3", &fault));
	fine(kl_plan_choose(&x, "c2.enabled", &fault));
	kl_doc_plan_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

/* Whatever was observed, a step that is done lacks nothing. */
static void check_steps(const struct kl_plan *x)
{
	struct kl_plan_facts facts = {.seen = {{true, false, true}}};
	struct kl_plan_step s;

	fine(kl_plan_check(x, NULL));
	for (unsigned step = 1; step <= KL_PLAN_STEPS; step++) {
		kl_plan_step(x, &facts, step, &s);
		FUZZ_CHECK(s.have <= s.of && s.of <= x->indicator_count);
		if (s.state == KL_PLAN_DONE)
			FUZZ_CHECK(s.missing_field < 0 && s.missing_indicator < 0);
	}
}

FUZZ_CANONICAL(doc_plan, struct kl_plan, told(kl_doc_plan_decode(bytes, &x, &fault)),
	(check_steps(&x), kl_doc_plan_encode(w, &x)), (void)0)

void kl_fuzz_samples_doc_observation(struct fuzz_corpus *corpus)
{
	struct kl_observation x;
	struct kl_writer w;

	kl_writer_init(&w);
	fine(kl_observation_init(
		"lm3.score", "", (struct kl_period){KL_PERIOD_YEAR, 2016, 0}, &x, &fault));
	fine(kl_observation_value(&x, "2.43", &fault));
	kl_doc_observation_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	strcpy(x.place, "Bradford");
	strcpy(x.text, "two lines\nof a story");
	strcpy(x.method, "survey");
	strcpy(x.method_version, "2");
	strcpy(x.source, "town hall");
	strcpy(x.challenger, "a sceptic");
	x.confidence = KL_CONFIDENCE_MODERATE;
	kl_doc_observation_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	strcpy(x.code, "d.abcd000000000000.meals_shared");
	x.defined = true;
	x.unit = KL_UNIT_COUNT;
	kl_doc_observation_encode(&w, &x);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

FUZZ_CANONICAL(doc_observation, struct kl_observation,
	told(kl_doc_observation_decode(bytes, &x, &fault)),
	(fine(kl_observation_check(&x, NULL)), kl_doc_observation_encode(w, &x)), (void)0)
