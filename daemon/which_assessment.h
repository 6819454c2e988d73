/* Which assessment a command means: --period, --place and --revision, as people type them. */
#ifndef KL_DAEMON_WHICH_ASSESSMENT_H
#define KL_DAEMON_WHICH_ASSESSMENT_H

#include "daemon/ask_args.h"
#include "daemon/own_assessment.h"

/* Reads the one that "period", "place" and "revision" name, the latest where they are silent; the
 * caller destroys it. KL_E_USAGE, KL_E_INVALID, and what kl_own_assessment() says. */
int kl_ask_assessment(struct kl_node *node, struct kl_ask *ask,
	struct kl_assessment **ret_assessment, uint64_t *ret_revision);

/* A revision as it was typed under `key`; KL_LATEST if it is absent. KL_E_USAGE. */
int kl_ask_revision(struct kl_ask *ask, const char *key, uint64_t *ret_revision);

/* The numbers of one subject, four pairs: "median", "low", "high", "assessors". */
enum { KL_PUT_ASSESSED = 4 };
void kl_put_assessed(struct kl_writer *w, const struct kl_assessed *assessed);

/* nil for KL_NO_SCORE. */
void kl_put_score(struct kl_writer *w, const char *key, int score);

/* Half of a number that counts in halves; nil for KL_NO_SCORE. */
void kl_put_halves(struct kl_writer *w, const char *key, int doubled);

#endif
