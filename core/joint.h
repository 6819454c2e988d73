/* Assessments of several members side by side: what a council and the anchors of its area talk
 * about. Nothing is pooled: every member's median stands beside the others', with its own spread.
 *
 * agree     the members' medians lie less than one point apart (ours)
 * differ    they lie a point or more apart
 * distance  between the lowest and the highest median
 *
 * Where they are farthest apart comes first (ours): whoever sees the same place so differently has
 * something to tell. Also here: what of an assessment leaves the house when it is passed on. */
#ifndef KL_CORE_JOINT_H
#define KL_CORE_JOINT_H

#include "core/assessment.h"

enum { KL_JOINT_MEMBERS_MAX = 9 };

enum kl_joint_view { KL_JOINT_NOBODY, KL_JOINT_ONE, KL_JOINT_AGREE, KL_JOINT_DIFFER };

struct kl_joint_subject {
	enum kl_joint_view view;
	uint8_t members;                        /* who scored it */
	int8_t lowest_doubled, highest_doubled; /* twice their medians; KL_NO_SCORE if nobody */
	int8_t low, high;                       /* of any assessor of any member */
	uint8_t lowest_of, highest_of;          /* which member's medians these are */
};

/* `count` is at most KL_JOINT_MEMBERS_MAX; `subject` is below KL_SUBJECTS. */
void kl_joint_subject(const struct kl_assessment *const *assessments, size_t count, size_t subject,
	struct kl_joint_subject *ret_subject);

/* Subjects on which they differ: the largest distance first, then the widest spread of all scores,
 * then in their order. Returns how many. */
size_t kl_joint_talk_about(const struct kl_assessment *const *assessments, size_t count,
	uint8_t ret_subjects[KL_SUBJECTS]);

/* "nobody", "one", "agree", "differ" */
const char *kl_joint_view_name(enum kl_joint_view view);

/* ---- what is passed on ----------------------------------------------------------------------- */

/* What an assessment holds, for whoever decides whether it may leave. */
struct kl_assessment_content {
	uint32_t scores;     /* given, or following from statements */
	uint32_t statements; /* answered */
	uint32_t notes;      /* texts in own words, of assessors and of all together */
	uint32_t evidence;   /* links */
	uint32_t principles, strategies;
};

void kl_assessment_content(
	const struct kl_assessment *assessment, struct kl_assessment_content *ret_content);

/* Takes out everything in own words: notes, evidence, principles, strategies, actions and who sees
 * to them. Scores, answers, and who assessed stay. */
void kl_assessment_without_words(struct kl_assessment *assessment);

/* Calls the assessors "assessor 1", "assessor 2" ... in their order, and takes out who sees to the
 * next actions. What people wrote may still name somebody. */
void kl_assessment_without_names(struct kl_assessment *assessment);

#endif
