#include "daemon/assessment_answer.h"
#include "daemon/which_assessment.h"
#include "daemon/reference.h"

static void put_rests_on(struct kl_writer *w, unsigned on)
{
	kl_put_array(w, "rests_on",
		(on & KL_RESTS_ON_STATEMENTS ? 1u : 0u) + (on & KL_RESTS_ON_NOTE ? 1u : 0u) +
			(on & KL_RESTS_ON_EVIDENCE ? 1u : 0u));
	if (on & KL_RESTS_ON_STATEMENTS)
		kl_write_text(w, "statements");
	if (on & KL_RESTS_ON_NOTE)
		kl_write_text(w, "note");
	if (on & KL_RESTS_ON_EVIDENCE)
		kl_write_text(w, "evidence");
}

static void put_answer(struct kl_writer *w, const struct kl_assessment *a,
	const struct kl_assessor *assessor, size_t subject)
{
	const struct kl_answer *answer = &assessor->answers[subject];

	kl_write_map(w, 7);
	kl_put_text(w, "assessor", assessor->name);
	kl_put_score(w, "score", kl_answer_score(answer, subject));
	kl_put_score(w, "given", answer->score);
	kl_put_score(w, "follows", kl_answer_following(answer, subject));
	kl_put_array(w, "statements", kl_subject_statements(subject));
	for (unsigned i = 0; i < kl_subject_statements(subject); i++)
		if (answer->statements[i] == KL_NO_SCORE)
			kl_write_nil(w);
		else
			kl_write_int(w, answer->statements[i]);
	put_rests_on(w, kl_answer_rests_on(a, answer, subject));
	kl_put_said(w, "note", answer->note);
}

static bool answered(const struct kl_answer *answer, size_t subject)
{
	return answer->score != KL_NO_SCORE || answer->note[0] ||
	       kl_answer_answered(answer, subject);
}

static void put_answers(struct kl_writer *w, const struct kl_assessment *a, size_t subject)
{
	size_t n = 0;

	for (uint8_t i = 0; i < a->assessor_count; i++)
		n += answered(&a->assessors[i].answers[subject], subject);
	kl_put_array(w, "answers", n);
	for (uint8_t i = 0; i < a->assessor_count; i++)
		if (answered(&a->assessors[i].answers[subject], subject))
			put_answer(w, a, &a->assessors[i], subject);
}

static void put_notes(struct kl_writer *w, const struct kl_subject_notes *n)
{
	kl_put_said(w, "strengths", n->strengths);
	kl_put_said(w, "gaps", n->gaps);
	kl_put_said(w, "opportunities", n->opportunities);
	kl_put_said(w, "private", n->sectors[KL_NOTE_PRIVATE]);
	kl_put_said(w, "public", n->sectors[KL_NOTE_PUBLIC]);
	kl_put_said(w, "social", n->sectors[KL_NOTE_SOCIAL]);
	kl_put_said(w, "action", n->action);
	kl_put_said(w, "owner", n->owner);
	kl_put_said(w, "due", n->due);
	kl_put_array(w, "evidence", n->evidence_count);
	for (uint8_t i = 0; i < n->evidence_count; i++)
		kl_write_text(w, n->evidence[i]);
}

static void put_subject(struct kl_writer *w, const struct kl_assessment *a, size_t subject)
{
	struct kl_assessed r;

	kl_assessment_result(a, subject, &r);
	kl_write_map(w, 20);
	kl_put_text(w, "subject", kl_subject_code(subject));
	kl_put_text(w, "name", kl_subject_name(subject));
	kl_put_assessed(w, &r);
	kl_put_score(w, "counts_as", r.value);
	kl_put_uint(w, "unsupported", r.unsupported);
	kl_put_uint(w, "contradicted", r.contradicted);
	put_answers(w, a, subject);
	put_notes(w, &a->notes[subject]);
}

static void put_texts(struct kl_writer *w, const struct kl_assessment *a)
{
	size_t n = 0;

	for (size_t i = 0; i < KL_PRINCIPLES; i++)
		n += a->principles[i][0] != '\0';
	kl_put_array(w, "principles", n);
	for (size_t i = 0; i < KL_PRINCIPLES; i++) {
		if (!a->principles[i][0])
			continue;
		kl_write_map(w, 2);
		kl_put_text(w, "principle", kl_principle_at(i)->name);
		kl_put_text(w, "note", a->principles[i]);
	}
	kl_put_array(w, "strategies", a->strategy_count);
	for (uint8_t i = 0; i < a->strategy_count; i++) {
		kl_write_map(w, 2);
		kl_put_text(w, "title", a->strategies[i].title);
		kl_put_said(w, "note", a->strategies[i].note);
	}
}

void kl_put_assessment(
	struct kl_writer *w, struct kl_node *node, const struct kl_assessment *a, uint64_t revision)
{
	kl_put_period(w, "period", a->period);
	kl_put_said(w, "place", a->place);
	kl_put_place_name(w, node, a->place);
	kl_put_uint(w, "revision", revision);
	kl_put_array(w, "assessors", a->assessor_count);
	for (uint8_t i = 0; i < a->assessor_count; i++)
		kl_write_text(w, a->assessors[i].name);
	kl_put_array(w, "subjects", KL_SUBJECTS);
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		put_subject(w, a, s);
	put_texts(w, a);
}

int kl_answer_assessment(
	struct kl_node *node, struct kl_ask *ask, const struct kl_assessment *a, uint64_t revision)
{
	kl_write_map(&ask->out, KL_PUT_ASSESSMENT);
	kl_put_assessment(&ask->out, node, a, revision);
	return kl_ask_answer(ask);
}
