/* This member's own plans: private documents by name, of which every change makes a new revision and
 * none is overwritten. Names are compared as those of projects are (core/names.h). */
#ifndef KL_DAEMON_OWN_PLAN_H
#define KL_DAEMON_OWN_PLAN_H

#include "core/definition.h"
#include "core/plan.h"
#include "daemon/node.h"

#define KL_PLAN_USUAL "plan" /* its name where nobody gave one */

enum { KL_PLANS_MAX = 100 };

/* By the whole name, or, if `name` is "", the only one there is, or the usual one of several.
 * KL_E_NOT_FOUND, KL_E_AMBIGUOUS with words. `revision` may be KL_LATEST. */
int kl_own_plan(struct kl_node *node, const char *name, uint64_t revision, struct kl_plan *ret_plan,
	uint64_t *ret_revision, struct kl_fault *fault);

/* Keeps it as a new revision. KL_E_TOO_BIG for one more than KL_PLANS_MAX. */
int kl_own_plan_keep(struct kl_node *node, const struct kl_plan *plan, uint64_t *ret_revision,
	struct kl_fault *fault);

/* Calls for each plan, by key: the latest revisions, or with `all` every one. Ends when `visit`
 * returns non-zero; negative is returned. */
typedef int kl_own_plan_fn(void *arg, const struct kl_plan *plan, uint64_t revision);
int kl_own_plans(
	struct kl_node *node, bool all, kl_own_plan_fn *visit, void *arg, struct kl_fault *fault);

/* What the indicators are called that a plan follows, in its order; the code, of one that is no
 * longer known. */
struct kl_plan_names {
	char names[KL_PLAN_INDICATORS_MAX][KL_DEFINITION_NAME_MAX];
};

/* What a chosen indicator is called (by its code if it is no longer known), and whether observing it
 * once is enough. */
int kl_own_plan_indicator(struct kl_node *node, const char *code,
	char ret_name[KL_DEFINITION_NAME_MAX], bool *ret_once, struct kl_fault *fault);

/* What has been observed of each indicator that the plan follows, what they are called, and when a
 * report was written. KL_E_NOMEM, and what kl_own_observations() says. */
int kl_own_plan_facts(struct kl_node *node, const struct kl_plan *plan,
	struct kl_plan_facts *ret_facts, struct kl_plan_names *ret_names, struct kl_fault *fault);

/* Remembers that a report was written on that day. */
int kl_own_report_written(
	struct kl_node *node, const char date[KL_DATE_MAX], struct kl_fault *fault);

#endif
