/* Filling an assessment with what people type: one assignment after the other.
 *
 *     score        C1=2, "money flows=partial", C1.3=established (a statement), leadership=3
 *     note         C1="the co-op buys here"      what this assessor says of a subject
 *     strength, gap, opportunity, action, owner, due, private, public, social
 *                  C1="..."                      what all assessors together wrote
 *     evidence     C1="c1.lm3 2025"              added to the links that are there
 *     principle    place-based="..."
 *     strategy     "Procurement strategy 2024=says nothing of C1"
 *
 * An empty value takes a text back; "none" takes a score or an answer back. */
#ifndef KL_CORE_ASSESSMENT_FILL_H
#define KL_CORE_ASSESSMENT_FILL_H

#include "core/assessment.h"

enum { KL_FILL_TEXT_MAX = 1024 }; /* of one assignment, with the final zero */

/* The fields above, "score" first; ended by NULL. */
extern const char *const kl_fill_fields[];

/* Carries out one assignment. KL_E_USAGE without `=`; KL_E_NOT_FOUND, KL_E_AMBIGUOUS for a subject
 * that is none; KL_E_INVALID, KL_E_TOO_BIG for what cannot stand there. After a failure the
 * assessment is as before. `field` is one of kl_fill_fields. */
int kl_assessment_fill(struct kl_assessment *assessment, struct kl_assessor *assessor,
	const char *field, const char *typed, struct kl_fault *fault);

#endif
