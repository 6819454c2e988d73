/* What moved between two versions of an assessment, and whether one may believe it.
 *
 * moved    difference of the medians, later minus earlier, in half points
 * both     assessors (by name, without case) who scored the subject in both versions; each of them
 *          went up, down or stayed
 * doubt    a reason not to believe the movement yet (ours): nobody scored it both times, so that
 *          other people may have moved it; assessors went opposite ways; or the medians moved by
 *          less than the assessors of one version are apart */
#ifndef KL_CORE_ASSESSMENT_CHANGE_H
#define KL_CORE_ASSESSMENT_CHANGE_H

#include "core/assessment.h"

enum kl_direction { KL_UNKNOWN_DIRECTION, KL_WENT_DOWN, KL_STAYED, KL_WENT_UP };

enum kl_change_doubt {
	KL_DOUBT_OTHER_PEOPLE = 1,
	KL_DOUBT_OPPOSITE_WAYS = 2,
	KL_DOUBT_WITHIN_SPREAD = 4,
};

struct kl_assessed_change {
	enum kl_direction direction; /* unknown unless somebody scored it in each version */
	int8_t moved_doubled;        /* 0 if unknown */
	uint8_t both, up, down, stayed;
	unsigned doubts; /* a sum of enum kl_change_doubt; 0 if it stayed or is unknown */
};

void kl_assessment_change(const struct kl_assessment *before, const struct kl_assessment *after,
	size_t subject, struct kl_assessed_change *ret_change);

/* The score of the assessor of that name on the subject, or KL_NO_SCORE. */
int kl_assessment_score_by(
	const struct kl_assessment *assessment, const char *name, size_t subject);

/* "up", "down", "same", "unknown" */
const char *kl_direction_name(enum kl_direction direction);

#endif
