/* An assessment as it is kept: core/assessment.h as a map.
 *
 * {"v": 1, "period", "place",
 *  "principles": [4 texts or nil],
 *  "strategies": [{"title", "note"}],
 *  "assessors": [{"name", "answers": {subject: {"score", "statements", "note"}}}],
 *  "subjects": {subject: {"private", "public", "social", "strengths", "gaps", "opportunities",
 *               "action", "owner", "due", "evidence": [texts]}}}
 *
 * in this order. Subjects are keyed by code ("c1" .. "practice.4"), in their order, and stand only
 * where something was said. Scores are integers, absent is nil; "statements" has one item for each
 * statement of the characteristic, or is nil if none was answered. */
#ifndef KL_PROTOCOL_DOC_ASSESSMENT_H
#define KL_PROTOCOL_DOC_ASSESSMENT_H

#include "core/assessment.h"
#include "protocol/wire.h"

enum { KL_DOC_ASSESSMENT_VERSION = 1 };

/* Appends the map. Ask kl_writer_bytes() whether it worked. */
void kl_doc_assessment_encode(struct kl_writer *w, const struct kl_assessment *assessment);

/* Reads and checks one; the caller destroys it. KL_E_VERSION for another version, KL_E_MALFORMED if
 * it is not the map that the writer would have made, or what kl_assessment_check() says; KL_E_NOMEM.
 * The fault names the trouble. */
int kl_doc_assessment_decode(
	struct kl_bytes bytes, struct kl_assessment **ret_assessment, struct kl_fault *fault);

#endif
