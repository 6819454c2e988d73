#include "core/assessment.h"
#include "core/metric.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

static void clear_answer(struct kl_answer *answer)
{
	answer->score = KL_NO_SCORE;
	memset(answer->statements, KL_NO_SCORE, sizeof answer->statements);
	answer->note[0] = '\0';
}

struct kl_assessment *kl_assessment_new(struct kl_period period)
{
	struct kl_assessment *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	a->period = period;
	for (size_t i = 0; i < KL_ASSESSORS_MAX; i++)
		for (size_t s = 0; s < KL_SUBJECTS; s++)
			clear_answer(&a->assessors[i].answers[s]);
	return a;
}

void kl_assessment_destroy(struct kl_assessment *assessment)
{
	free(assessment);
}

/* ---- checking ------------------------------------------------------------------------------ */

static bool score_is_good(int8_t score)
{
	return score >= KL_NO_SCORE && score <= KL_SCORE_MAX;
}

static int check_answer(const struct kl_answer *answer, size_t subject, struct kl_fault *fault)
{
	const char *code = kl_subject_code(subject);

	if (!score_is_good(answer->score))
		return kl_fault(fault, KL_E_MALFORMED, "%s: a score is not 0 to 4", code);
	for (unsigned i = 0; i < KL_STATEMENTS_MAX; i++) {
		if (!score_is_good(answer->statements[i]))
			return kl_fault(fault, KL_E_MALFORMED,
				"%s, statement %u: an answer is not 0 to 4", code, i + 1);
		if (i >= kl_subject_statements(subject) && answer->statements[i] != KL_NO_SCORE)
			return kl_fault(
				fault, KL_E_MALFORMED, "%s has no statement %u", code, i + 1);
	}
	return kl_text_check(answer->note, sizeof answer->note, true, "a note", fault);
}

static int check_assessor(const struct kl_assessment *a, size_t index, struct kl_fault *fault)
{
	const struct kl_assessor *assessor = &a->assessors[index];
	int rc = kl_text_check(
		assessor->name, sizeof assessor->name, false, "an assessor's name", fault);

	if (rc)
		return rc;
	if (!*assessor->name)
		return kl_fault(fault, KL_E_MALFORMED, "an assessor has no name");
	for (size_t i = 0; i < index; i++)
		if (kl_words_equal(a->assessors[i].name, assessor->name))
			return kl_fault(fault, KL_E_MALFORMED, "two assessors are called \"%s\"",
				assessor->name);
	for (size_t s = 0; s < KL_SUBJECTS; s++) {
		rc = check_answer(&assessor->answers[s], s, fault);
		if (rc) {
			(void)kl_fault_at(fault, "assessor %s", assessor->name);
			return rc;
		}
	}
	return KL_OK;
}

static int check_note(const char *note, const char *what, struct kl_fault *fault)
{
	return kl_text_check(note, KL_ASSESSMENT_NOTE_MAX, true, what, fault);
}

static int check_evidence(const struct kl_subject_notes *n, struct kl_fault *fault)
{
	int rc = 0;

	if (n->evidence_count > KL_EVIDENCE_MAX)
		return kl_fault(fault, KL_E_MALFORMED, "too many links to evidence");
	for (uint8_t i = 0; i < n->evidence_count && !rc; i++) {
		rc = kl_text_check(
			n->evidence[i], sizeof n->evidence[i], false, "a link to evidence", fault);
		if (!rc && !*n->evidence[i])
			rc = kl_fault(fault, KL_E_MALFORMED, "a link to evidence is empty");
	}
	return rc;
}

static int check_subject_notes(const struct kl_subject_notes *n, struct kl_fault *fault)
{
	int rc = check_note(n->strengths, "a strength", fault);

	for (size_t i = 0; i < KL_NOTE_SECTORS && !rc; i++)
		rc = check_note(n->sectors[i], "a note on a sector", fault);
	if (!rc)
		rc = check_note(n->gaps, "a gap", fault);
	if (!rc)
		rc = check_note(n->opportunities, "an opportunity", fault);
	if (!rc)
		rc = check_note(n->action, "an action", fault);
	if (!rc)
		rc = kl_text_check(n->owner, sizeof n->owner, false, "an owner", fault);
	if (!rc)
		rc = kl_text_check(n->due, sizeof n->due, false, "a date", fault);
	if (!rc && *n->due)
		rc = kl_date_check(n->due, fault);
	return rc ? rc : check_evidence(n, fault);
}

static int check_strategies(const struct kl_assessment *a, struct kl_fault *fault)
{
	int rc = 0;

	if (a->strategy_count > KL_STRATEGIES_MAX)
		return kl_fault(fault, KL_E_MALFORMED, "too many strategies");
	for (uint8_t i = 0; i < a->strategy_count && !rc; i++) {
		const struct kl_strategy *s = &a->strategies[i];

		rc = kl_text_check(s->title, sizeof s->title, false, "a strategy's title", fault);
		if (!rc && !*s->title)
			rc = kl_fault(fault, KL_E_MALFORMED, "a strategy has no title");
		if (!rc)
			rc = check_note(s->note, "a note on a strategy", fault);
	}
	return rc;
}

int kl_assessment_check(const struct kl_assessment *assessment, struct kl_fault *fault)
{
	struct kl_metric fed;
	int rc;

	KL_ASSERT(!kl_metric_find(kl_subject_metric(0), &fed, NULL));
	rc = kl_metric_period_check(&fed, assessment->period, fault);
	if (!rc)
		rc = kl_text_check(
			assessment->place, sizeof assessment->place, false, "a place", fault);
	for (size_t i = 0; i < KL_PRINCIPLES && !rc; i++)
		rc = check_note(assessment->principles[i], "a note on a principle", fault);
	if (!rc)
		rc = check_strategies(assessment, fault);
	if (!rc && assessment->assessor_count > KL_ASSESSORS_MAX)
		rc = kl_fault(fault, KL_E_MALFORMED, "too many assessors");
	for (size_t i = 0; !rc && i < assessment->assessor_count; i++)
		rc = check_assessor(assessment, i, fault);
	for (size_t s = 0; s < KL_SUBJECTS && !rc; s++) {
		rc = check_subject_notes(&assessment->notes[s], fault);
		if (rc)
			(void)kl_fault_at(fault, "%s", kl_subject_code(s));
	}
	return rc;
}

/* ---- filling ------------------------------------------------------------------------------- */

/* "2", "partial", "2 partial" or "2: partial"; "2.0" and "2,0", as spreadsheets export a 2. */
static bool is_score(const char *text, int score)
{
	const char *rest = text + 1;

	if (kl_words_equal(text, kl_score_word(score)))
		return true;
	if (text[0] != '0' + score)
		return false;
	if (*rest == '.' || *rest == ',')
		return rest[1] && rest[1 + strspn(rest + 1, "0")] == '\0';
	return !*rest || kl_words_equal(rest, kl_score_word(score));
}

/* "2.5", "2,5" */
static bool is_between_scores(const char *text)
{
	char number[16], *comma, *end;
	double value;

	if (strlen(text) >= sizeof number)
		return false;
	memcpy(number, text, strlen(text) + 1);
	comma = strchr(number, ',');
	if (comma)
		*comma = '.';
	value = strtod(number, &end);
	return end != number && !*end && value > 0 && value < KL_SCORE_MAX;
}

int kl_score_parse(const char *text, int8_t *ret_score, struct kl_fault *fault)
{
	for (int i = 0; i <= KL_SCORE_MAX; i++)
		if (is_score(text, i)) {
			*ret_score = (int8_t)i;
			return KL_OK;
		}
	if (is_between_scores(text)) {
		kl_fault(fault, KL_E_INVALID, "\"%.32s\" is not a whole score", text);
		(void)kl_fault_hint(fault,
			"half points are not given; decide for one of the two, and "
			"say in a note what speaks for the other");
		return KL_E_INVALID;
	}
	kl_fault(fault, KL_E_INVALID, "\"%.32s\" is not a score", text);
	(void)kl_fault_hint(fault, "0 absent, 1 starting, 2 partial, 3 established, 4 leading");
	return KL_E_INVALID;
}

int kl_assessment_assessor(struct kl_assessment *assessment, const char *name,
	struct kl_assessor **ret_assessor, struct kl_fault *fault)
{
	struct kl_assessor *assessor;
	int rc;

	for (uint8_t i = 0; i < assessment->assessor_count; i++)
		if (kl_words_equal(assessment->assessors[i].name, name)) {
			*ret_assessor = &assessment->assessors[i];
			return KL_OK;
		}
	if (kl_words_equal(name, ""))
		return kl_fault(fault, KL_E_INVALID, "an assessor needs a name");
	if (assessment->assessor_count == KL_ASSESSORS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "an assessment has at most %d assessors",
			KL_ASSESSORS_MAX);
	assessor = &assessment->assessors[assessment->assessor_count];
	rc = kl_text_set(
		assessor->name, sizeof assessor->name, name, false, "an assessor's name", fault);
	if (rc)
		return rc;
	assessment->assessor_count++;
	*ret_assessor = assessor;
	return KL_OK;
}

int kl_assessor_score(
	struct kl_assessor *assessor, size_t subject, const char *text, struct kl_fault *fault)
{
	int rc = kl_score_parse(text, &assessor->answers[subject].score, fault);

	if (rc)
		(void)kl_fault_at(
			fault, "%s (%s)", kl_subject_code(subject), kl_subject_name(subject));
	return rc;
}

int kl_assessor_statement(struct kl_assessor *assessor, size_t subject, unsigned statement,
	const char *text, struct kl_fault *fault)
{
	unsigned count = kl_subject_statements(subject);
	int rc;

	if (statement < 1 || statement > count)
		return kl_fault(fault, KL_E_NOT_FOUND, "%s (%s) has %u statements, no number %u",
			kl_subject_code(subject), kl_subject_name(subject), count, statement);
	rc = kl_score_parse(text, &assessor->answers[subject].statements[statement - 1], fault);
	if (rc)
		(void)kl_fault_at(fault, "%s, statement %u", kl_subject_code(subject), statement);
	return rc;
}

int kl_assessor_note(
	struct kl_assessor *assessor, size_t subject, const char *text, struct kl_fault *fault)
{
	struct kl_answer *answer = &assessor->answers[subject];
	int rc = kl_text_set(answer->note, sizeof answer->note, text, true, "the note", fault);

	if (rc)
		(void)kl_fault_at(
			fault, "%s (%s)", kl_subject_code(subject), kl_subject_name(subject));
	return rc;
}

int kl_assessment_evidence(
	struct kl_assessment *assessment, size_t subject, const char *text, struct kl_fault *fault)
{
	struct kl_subject_notes *n = &assessment->notes[subject];
	int rc;

	if (!*text)
		return kl_fault(fault, KL_E_INVALID, "a link to evidence is empty");
	for (uint8_t i = 0; i < n->evidence_count; i++)
		if (!strcmp(n->evidence[i], text))
			return KL_OK;
	if (n->evidence_count == KL_EVIDENCE_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "%s (%s) has %d links to evidence already",
			kl_subject_code(subject), kl_subject_name(subject), KL_EVIDENCE_MAX);
	rc = kl_text_set(n->evidence[n->evidence_count], sizeof n->evidence[0], text, false,
		"a link to evidence", fault);
	if (!rc)
		n->evidence_count++;
	return rc;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Scores are few and small: counting them is sorting them. */
struct tally_of_scores {
	unsigned count[KL_SCORE_MAX + 1], all;
};

static void put(struct tally_of_scores *t, int score)
{
	if (score == KL_NO_SCORE)
		return;
	t->count[score]++;
	t->all++;
}

static int score_at(const struct tally_of_scores *t, unsigned place)
{
	int score = 0;

	while (place >= t->count[score])
		place -= t->count[score++];
	return score;
}

static int median_doubled(const struct tally_of_scores *t)
{
	return score_at(t, (t->all - 1) / 2) + score_at(t, t->all / 2);
}

unsigned kl_answer_answered(const struct kl_answer *answer, size_t subject)
{
	unsigned answered = 0;

	for (unsigned i = 0; i < kl_subject_statements(subject); i++)
		answered += answer->statements[i] != KL_NO_SCORE;
	return answered;
}

int kl_answer_following(const struct kl_answer *answer, size_t subject)
{
	struct tally_of_scores t = {0};
	unsigned statements = kl_subject_statements(subject);

	for (unsigned i = 0; i < statements; i++)
		put(&t, answer->statements[i]);
	if (!t.all || 2 * t.all < statements)
		return KL_NO_SCORE;
	return median_doubled(&t) / 2;
}

int kl_answer_score(const struct kl_answer *answer, size_t subject)
{
	if (answer->score != KL_NO_SCORE)
		return answer->score;
	return kl_answer_following(answer, subject);
}

unsigned kl_answer_rests_on(
	const struct kl_assessment *assessment, const struct kl_answer *answer, size_t subject)
{
	return (kl_answer_answered(answer, subject) ? KL_RESTS_ON_STATEMENTS : 0) |
	       (*answer->note ? KL_RESTS_ON_NOTE : 0) |
	       (assessment->notes[subject].evidence_count ? KL_RESTS_ON_EVIDENCE : 0);
}

void kl_assessment_result(
	const struct kl_assessment *assessment, size_t subject, struct kl_assessed *ret_assessed)
{
	struct kl_assessed r = {.median_doubled = KL_NO_SCORE,
		.lowest = KL_NO_SCORE,
		.highest = KL_NO_SCORE,
		.value = KL_NO_SCORE};
	struct tally_of_scores t = {0};

	for (uint8_t i = 0; i < assessment->assessor_count; i++) {
		const struct kl_answer *answer = &assessment->assessors[i].answers[subject];
		int score = kl_answer_score(answer, subject);
		int following = kl_answer_following(answer, subject);

		put(&t, score);
		if (score == KL_NO_SCORE)
			continue;
		r.unsupported += !kl_answer_rests_on(assessment, answer, subject);
		r.contradicted += following != KL_NO_SCORE && following != score;
	}
	if (t.all) {
		r.scores = (uint8_t)t.all;
		r.median_doubled = (int8_t)median_doubled(&t);
		r.value = r.median_doubled / 2;
		r.lowest = (int8_t)score_at(&t, 0);
		r.highest = (int8_t)score_at(&t, t.all - 1);
	}
	*ret_assessed = r;
}

static bool weaker(const struct kl_assessed *a, const struct kl_assessed *b)
{
	if (a->median_doubled != b->median_doubled)
		return a->median_doubled < b->median_doubled;
	return a->lowest < b->lowest;
}

size_t kl_assessment_weakest(
	const struct kl_assessment *assessment, uint8_t ret_subjects[KL_SUBJECTS])
{
	struct kl_assessed results[KL_SUBJECTS];
	size_t count = 0;

	for (size_t s = 0; s < KL_SUBJECTS; s++) {
		size_t at;

		kl_assessment_result(assessment, s, &results[s]);
		if (!results[s].scores)
			continue;
		for (at = count; at > 0 && weaker(&results[s], &results[ret_subjects[at - 1]]);
			at--)
			ret_subjects[at] = ret_subjects[at - 1];
		ret_subjects[at] = (uint8_t)s;
		count++;
	}
	return count;
}
