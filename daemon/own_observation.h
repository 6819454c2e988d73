/* This member's own observations, one for each indicator or metric, component, place and period: what
 * was recorded by hand as private documents, and the rows of tables that came in. Recording again adds
 * a revision; none is overwritten. Of one quantity, place and period what was recorded by hand counts,
 * else the row that came in last. */
#ifndef KL_DAEMON_OWN_OBSERVATION_H
#define KL_DAEMON_OWN_OBSERVATION_H

#include "core/observation.h"
#include "daemon/own_definition.h"

#define KL_OBSERVATION_KIND "observation" /* of the documents */

/* Begins one of what a name means: see kl_observation_init(). */
int kl_own_observation_begin(const struct kl_observable *what, const char *component,
	struct kl_period period, struct kl_observation *ret_observation, struct kl_fault *fault);

/* Keeps it as a new revision of the same quantity, period and place (compared without case).
 * `known` is what it was recorded under if a member defined that, else NULL: it is kept with it. */
int kl_own_observation_keep(struct kl_node *node, const struct kl_observation *observation,
	const struct kl_known *known, uint64_t *ret_revision, struct kl_fault *fault);

/* What was recorded by hand of the same quantity, period and place, in its latest revision, whose number
 * goes to *ret_revision (may be NULL). KL_E_NOT_FOUND, without words. */
int kl_own_observation_by_hand(struct kl_node *node, const struct kl_observation *like,
	struct kl_observation *ret_observation, uint64_t *ret_revision, struct kl_fault *fault);

/* Takes what was recorded by hand of that quantity, period and place out, with all revisions. */
int kl_own_observation_remove(
	struct kl_node *node, const struct kl_observation *observation, struct kl_fault *fault);

/* Whether a table has a row of that quantity, period and place. */
int kl_own_observation_imported(struct kl_node *node, const struct kl_observation *observation,
	bool *ret_imported, struct kl_fault *fault);

typedef int kl_own_observation_fn(
	void *arg, const struct kl_observation *observation, uint64_t revision); /* 0: of a table */

/* Calls for the observations of an indicator or metric, by component, place, period and revision;
 * without `all` only the latest revision of each. `period` NULL: of all periods. Ends when `visit`
 * returns non-zero; negative is returned. */
int kl_own_observations(struct kl_node *node, const char *code, const struct kl_period *period,
	bool all, kl_own_observation_fn *visit, void *arg, struct kl_fault *fault);

/* How many there are of that code, revisions not counted. */
int kl_own_observations_count(struct kl_node *node, const char *code, size_t *ret_count);

/* The latest period for which there is any; without reading what was observed. */
int kl_own_observations_latest(
	struct kl_node *node, const char *code, bool *ret_any, struct kl_period *ret_latest);

#endif
