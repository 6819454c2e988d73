#include "core/assessment_change.h"
#include "core/words.h"

int kl_assessment_score_by(const struct kl_assessment *assessment, const char *name, size_t subject)
{
	for (uint8_t i = 0; i < assessment->assessor_count; i++) {
		const struct kl_assessor *assessor = &assessment->assessors[i];

		if (kl_words_equal(assessor->name, name))
			return kl_answer_score(&assessor->answers[subject], subject);
	}
	return KL_NO_SCORE;
}

static void follow_assessors(const struct kl_assessment *before, const struct kl_assessment *after,
	size_t subject, struct kl_assessed_change *c)
{
	for (uint8_t i = 0; i < after->assessor_count; i++) {
		const struct kl_assessor *assessor = &after->assessors[i];
		int was = kl_assessment_score_by(before, assessor->name, subject);
		int is = kl_answer_score(&assessor->answers[subject], subject);

		if (was == KL_NO_SCORE || is == KL_NO_SCORE)
			continue;
		c->both++;
		c->up += is > was;
		c->down += is < was;
		c->stayed += is == was;
	}
}

static unsigned doubts_of(const struct kl_assessed_change *c, const struct kl_assessed *before,
	const struct kl_assessed *after)
{
	int moved = c->moved_doubled < 0 ? -c->moved_doubled : c->moved_doubled;
	int apart = before->highest - before->lowest;

	if (after->highest - after->lowest > apart)
		apart = after->highest - after->lowest;
	if (!moved)
		return 0;
	return (c->both ? 0 : KL_DOUBT_OTHER_PEOPLE) |
	       (c->up && c->down ? KL_DOUBT_OPPOSITE_WAYS : 0) |
	       (moved < 2 * apart ? KL_DOUBT_WITHIN_SPREAD : 0);
}

void kl_assessment_change(const struct kl_assessment *before, const struct kl_assessment *after,
	size_t subject, struct kl_assessed_change *ret_change)
{
	struct kl_assessed_change c = {.direction = KL_UNKNOWN_DIRECTION};
	struct kl_assessed was, is;

	kl_assessment_result(before, subject, &was);
	kl_assessment_result(after, subject, &is);
	follow_assessors(before, after, subject, &c);
	if (was.scores && is.scores) {
		c.moved_doubled = (int8_t)(is.median_doubled - was.median_doubled);
		c.direction = c.moved_doubled > 0   ? KL_WENT_UP
			      : c.moved_doubled < 0 ? KL_WENT_DOWN
						    : KL_STAYED;
		c.doubts = doubts_of(&c, &was, &is);
	}
	*ret_change = c;
}

const char *kl_direction_name(enum kl_direction direction)
{
	static const char *const names[] = {"unknown", "down", "same", "up"};

	return names[direction];
}
