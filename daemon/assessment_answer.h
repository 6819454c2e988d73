/* A whole assessment in an answer: medians, spread, what each assessor said and on what it rests. */
#ifndef KL_DAEMON_ASSESSMENT_ANSWER_H
#define KL_DAEMON_ASSESSMENT_ANSWER_H

#include "core/assessment.h"
#include "daemon/node.h"
#include "daemon/control.h"

/* Pairs of a map: "period", "place", "place_name", "revision", "assessors", "subjects", "principles",
 * "strategies". */
enum { KL_PUT_ASSESSMENT = 8 };
void kl_put_assessment(struct kl_writer *w, struct kl_node *node, const struct kl_assessment *a,
	uint64_t revision);

/* Answers with a map of exactly these. Returns 0. */
int kl_answer_assessment(
	struct kl_node *node, struct kl_ask *ask, const struct kl_assessment *a, uint64_t revision);

#endif
