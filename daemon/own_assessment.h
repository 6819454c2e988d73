/* This member's own assessments: private documents, one for each period and place, of which every
 * change makes a new revision and none is overwritten.
 *
 * place      "" is the member's whole area. Places are compared without case
 * revision   1, 2, 3...; what is asked for without one is the latest */
#ifndef KL_DAEMON_OWN_ASSESSMENT_H
#define KL_DAEMON_OWN_ASSESSMENT_H

#include "core/assessment.h"
#include "daemon/changes.h"
#include "daemon/node.h"

/* Which one is meant. */
struct kl_assessment_choice {
	const struct kl_period *period; /* NULL: the latest */
	const char *place; /* NULL: the whole area, or else the only place of that period */
	uint64_t revision; /* KL_LATEST: the latest */
};

/* Reads it; the caller destroys it. KL_E_NOT_FOUND with what there is instead, KL_E_AMBIGUOUS with
 * the places to choose from. */
int kl_own_assessment(struct kl_node *node, const struct kl_assessment_choice *choice,
	struct kl_assessment **ret_assessment, uint64_t *ret_revision, struct kl_fault *fault);

/* The latest of exactly that period and place ("" is the whole area), or a new one without answers;
 * the caller destroys it. KL_E_INVALID for a period or place that cannot be assessed. */
int kl_own_assessment_begin(struct kl_node *node, struct kl_period period, const char *place,
	struct kl_assessment **ret_assessment, struct kl_fault *fault);

/* Puts into the changes of an import that it becomes a new revision. */
int kl_own_assessment_change(struct kl_changes *changes, const struct kl_assessment *assessment,
	uint64_t *ret_revision, struct kl_fault *fault);

/* Keeps it as a new revision of the one of that period and place. */
int kl_own_assessment_keep(struct kl_node *node, const struct kl_assessment *assessment,
	uint64_t *ret_revision, struct kl_fault *fault);

/* Calls for every revision of every assessment of `period` (NULL: of all) and `place` (NULL: all),
 * in order of period, place and revision. Ends when `visit` returns non-zero; negative is returned. */
typedef int kl_own_assessment_fn(
	void *arg, const struct kl_assessment *assessment, uint64_t revision);
int kl_own_assessments(struct kl_node *node, const struct kl_period *period, const char *place,
	kl_own_assessment_fn *visit, void *arg, struct kl_fault *fault);

#endif
