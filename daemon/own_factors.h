/* The factor tables that estimates of new tenants rest on: those that come with the program, which
 * travel with each request, or this member's own, kept here.
 *
 * version   1, 2, .. of an own table; each stays. 0 is the table of the program
 * in use    which version of each table, and the ratio of value added to turnover, if one is stated
 *
 * What tenants were reckoned with is kept with them (enabled_figures.h): other tables change nothing
 * of an earlier period until it is reckoned anew. */
#ifndef KL_DAEMON_OWN_FACTORS_H
#define KL_DAEMON_OWN_FACTORS_H

#include "daemon/changes.h"
#include "daemon/node.h"
#include "protocol/doc_factors.h"

#include <stdbool.h>

/* All zero if nothing was ever chosen. */
int kl_own_factors_in_use(
	struct kl_node *node, struct kl_factors_in_use *ret_in_use, struct kl_fault *fault);

/* The tables of the program, as they came with the request. KL_E_USAGE. */
int kl_program_factors(struct kl_ask *ask, struct kl_factors *ret_factors);

/* The same with what is in use in their place. */
int kl_own_factors_asked(struct kl_node *node, struct kl_ask *ask, struct kl_factors *ret_factors);

/* One own table. KL_E_NOT_FOUND with words. */
int kl_own_density(struct kl_node *node, uint32_t version, struct kl_density_table *ret_table,
	struct kl_fault *fault);
int kl_own_gva(struct kl_node *node, uint32_t version, struct kl_gva_table *ret_table,
	struct kl_fault *fault);

/* Calls for each version of the density tables or the GVA tables, the first first. */
typedef void kl_own_factors_fn(void *arg, const struct kl_factor_about *about, unsigned rows);
int kl_own_factors_visit(struct kl_node *node, bool gva, kl_own_factors_fn *visit, void *arg,
	struct kl_fault *fault);

/* For an import: a table as the next version, and what is in use from then on. KL_E_NOMEM. */
int kl_own_factors_add(struct kl_changes *changes, const struct kl_factors *factors, bool gva,
	uint32_t *ret_version);
int kl_own_factors_use(struct kl_changes *changes, const struct kl_factors_in_use *in_use);

#endif
