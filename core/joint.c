#include "core/joint.h"

#include <stdio.h>
#include <string.h>

/* ---- side by side ---------------------------------------------------------------------------- */

static void add_member(struct kl_joint_subject *j, const struct kl_assessed *r, uint8_t member)
{
	if (!r->scores)
		return;
	if (!j->members || r->median_doubled < j->lowest_doubled) {
		j->lowest_doubled = r->median_doubled;
		j->lowest_of = member;
	}
	if (!j->members || r->median_doubled > j->highest_doubled) {
		j->highest_doubled = r->median_doubled;
		j->highest_of = member;
	}
	if (!j->members || r->lowest < j->low)
		j->low = r->lowest;
	if (!j->members || r->highest > j->high)
		j->high = r->highest;
	j->members++;
}

static enum kl_joint_view view_of(const struct kl_joint_subject *j)
{
	if (j->members < 2)
		return j->members ? KL_JOINT_ONE : KL_JOINT_NOBODY;
	return j->highest_doubled - j->lowest_doubled >= 2 ? KL_JOINT_DIFFER : KL_JOINT_AGREE;
}

void kl_joint_subject(const struct kl_assessment *const *assessments, size_t count, size_t subject,
	struct kl_joint_subject *ret_subject)
{
	struct kl_joint_subject j = {.lowest_doubled = KL_NO_SCORE,
		.highest_doubled = KL_NO_SCORE,
		.low = KL_NO_SCORE,
		.high = KL_NO_SCORE};

	KL_ASSERT(count <= KL_JOINT_MEMBERS_MAX && subject < KL_SUBJECTS);
	for (size_t i = 0; i < count; i++) {
		struct kl_assessed r;

		kl_assessment_result(assessments[i], subject, &r);
		add_member(&j, &r, (uint8_t)i);
	}
	j.view = view_of(&j);
	*ret_subject = j;
}

static bool farther(const struct kl_joint_subject *a, const struct kl_joint_subject *b)
{
	int of_a = a->highest_doubled - a->lowest_doubled,
	    of_b = b->highest_doubled - b->lowest_doubled;

	return of_a != of_b ? of_a > of_b : a->high - a->low > b->high - b->low;
}

size_t kl_joint_talk_about(const struct kl_assessment *const *assessments, size_t count,
	uint8_t ret_subjects[KL_SUBJECTS])
{
	struct kl_joint_subject all[KL_SUBJECTS];
	size_t n = 0, at;

	for (size_t s = 0; s < KL_SUBJECTS; s++) {
		kl_joint_subject(assessments, count, s, &all[s]);
		if (all[s].view != KL_JOINT_DIFFER)
			continue;
		for (at = n++; at > 0 && farther(&all[s], &all[ret_subjects[at - 1]]); at--)
			ret_subjects[at] = ret_subjects[at - 1];
		ret_subjects[at] = (uint8_t)s;
	}
	return n;
}

const char *kl_joint_view_name(enum kl_joint_view view)
{
	static const char *const names[] = {"nobody", "one", "agree", "differ"};

	return names[view];
}

/* ---- what is passed on ----------------------------------------------------------------------- */

static void count_answer(
	const struct kl_answer *answer, size_t subject, struct kl_assessment_content *c)
{
	c->scores += kl_answer_score(answer, subject) != KL_NO_SCORE;
	c->statements += kl_answer_answered(answer, subject);
	c->notes += *answer->note != '\0';
}

static void count_notes(const struct kl_subject_notes *n, struct kl_assessment_content *c)
{
	for (size_t i = 0; i < KL_NOTE_SECTORS; i++)
		c->notes += *n->sectors[i] != '\0';
	c->notes += (*n->strengths != '\0') + (*n->gaps != '\0') + (*n->opportunities != '\0') +
		    (*n->action || *n->owner || *n->due);
	c->evidence += n->evidence_count;
}

void kl_assessment_content(
	const struct kl_assessment *assessment, struct kl_assessment_content *ret_content)
{
	struct kl_assessment_content c = {0};

	for (uint8_t i = 0; i < assessment->assessor_count; i++)
		for (size_t s = 0; s < KL_SUBJECTS; s++)
			count_answer(&assessment->assessors[i].answers[s], s, &c);
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		count_notes(&assessment->notes[s], &c);
	for (size_t i = 0; i < KL_PRINCIPLES; i++)
		c.principles += *assessment->principles[i] != '\0';
	c.strategies = assessment->strategy_count;
	*ret_content = c;
}

void kl_assessment_without_words(struct kl_assessment *assessment)
{
	memset(assessment->notes, 0, sizeof assessment->notes);
	memset(assessment->principles, 0, sizeof assessment->principles);
	memset(assessment->strategies, 0, sizeof assessment->strategies);
	assessment->strategy_count = 0;
	for (uint8_t i = 0; i < assessment->assessor_count; i++)
		for (size_t s = 0; s < KL_SUBJECTS; s++) {
			struct kl_answer *answer = &assessment->assessors[i].answers[s];

			memset(answer->note, 0, sizeof answer->note);
		}
}

void kl_assessment_without_names(struct kl_assessment *assessment)
{
	for (uint8_t i = 0; i < assessment->assessor_count; i++) {
		struct kl_assessor *assessor = &assessment->assessors[i];

		memset(assessor->name, 0, sizeof assessor->name);
		(void)snprintf(assessor->name, sizeof assessor->name, "assessor %u", i + 1u);
	}
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		memset(assessment->notes[s].owner, 0, sizeof assessment->notes[s].owner);
}
