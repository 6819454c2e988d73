/* LM3 projects as this member keeps them.
 *
 * project  a ledger, whose suppliers are tables of their own (lm3_tables.h), or a score worked out elsewhere
 * key      its name made comparable (core/names.h): the name of document and table in the store
 * in use   the project that was marked as the one that counts
 *
 * Projects are found by name, or by any part of a name that fits one project only. */
#ifndef KL_DAEMON_LM3_PROJECT_H
#define KL_DAEMON_LM3_PROJECT_H

#include "core/lm3.h"
#include "daemon/node.h"

#include <stdbool.h>

enum { KL_LM3_PROJECTS_MAX = 500 };

struct kl_lm3_project {
	char key[KL_NAME_MAX];
	bool is_record;
	union {
		struct kl_lm3_ledger ledger;
		struct kl_lm3_record record;
	} u;
};

const char *kl_lm3_project_name(const struct kl_lm3_project *project);
struct kl_period kl_lm3_project_period(const struct kl_lm3_project *project);
enum kl_lm3_basis kl_lm3_project_basis(const struct kl_lm3_project *project);
const struct kl_area *kl_lm3_project_area(const struct kl_lm3_project *project);

/* Exactly this name. KL_E_NOT_FOUND without words. */
int kl_lm3_project_get(struct kl_node *node, const char *name, struct kl_lm3_project *ret_project);

/* By name or part of a name. KL_E_NOT_FOUND, KL_E_AMBIGUOUS with words. */
int kl_lm3_project_find(struct kl_node *node, const char *text, struct kl_lm3_project *ret_project,
	struct kl_fault *fault);

/* By the whole name, for whatever changes or replaces a project: a part that fits is asked back.
 * KL_E_NOT_FOUND with words. */
int kl_lm3_project_named(struct kl_node *node, const char *text, struct kl_lm3_project *ret_project,
	struct kl_fault *fault);

/* Keeps a project that passed its check. KL_E_TOO_BIG for one more than KL_LM3_PROJECTS_MAX. */
int kl_lm3_project_keep(
	struct kl_node *node, const struct kl_lm3_project *project, struct kl_fault *fault);

/* Calls for each, in order of keys; as kl_document_visit(). */
typedef int kl_lm3_project_fn(void *arg, const struct kl_lm3_project *project);
int kl_lm3_project_visit(struct kl_node *node, kl_lm3_project_fn *visit, void *arg);

/* Key of the project in use, empty if none is marked. */
int kl_lm3_in_use(struct kl_node *node, char ret_key[KL_NAME_MAX]);
int kl_lm3_use(struct kl_node *node, const char *key, struct kl_fault *fault);

/* The project that counts in a period: the one in use if it is of that period, else the only one
 * of that period. KL_E_NOT_FOUND, KL_E_AMBIGUOUS with words. */
int kl_lm3_project_counting(struct kl_node *node, struct kl_period period,
	struct kl_lm3_project *ret_project, struct kl_fault *fault);

#endif
