/* Enabled contribution as this member keeps it, by period: either a table of tenants, with the factor
 * tables that came with it, or totals that were recorded without tenants. Never both: whoever brings
 * the one has to say that it stands instead of the other. */
#ifndef KL_DAEMON_ENABLED_FIGURES_H
#define KL_DAEMON_ENABLED_FIGURES_H

#include "core/enabled_missing.h"
#include "daemon/node.h"
#include "daemon/rows.h"

#include <stdbool.h>

#define KL_ENABLED_TENANTS "tenants" /* kind of the tables; their name is the period */

enum { KL_ENABLED_LEFT_OUT_TOLD = 100 };

/* Tenants being added up. */
struct kl_tenants_sum {
	struct kl_factors factors;
	struct kl_enabled_total total;
	struct kl_missing_list *missing; /* what is not known goes there; NULL: not wanted */
	size_t left_out;                 /* tenants; the first of them are told of by name: */
	char told[KL_ENABLED_LEFT_OUT_TOLD][KL_ENABLED_TEXT_MAX];
};

/* One row into the sum. KL_E_TOO_BIG beyond KL_TENANTS_MAX. */
int kl_tenants_take_row(
	struct kl_tenants_sum *sum, const struct kl_value *row, struct kl_fault *fault);

/* What is kept of a period. KL_E_NOT_FOUND without words. */
int kl_enabled_get_record(struct kl_node *node, struct kl_period period,
	struct kl_enabled_record *ret_record, struct kl_fault *fault);
int kl_enabled_get_factors(struct kl_node *node, struct kl_period period,
	struct kl_factors *ret_factors, struct kl_fault *fault);
bool kl_enabled_has_tenants(struct kl_node *node, struct kl_period period);

/* Calls for each period that has tenants, the earliest first, with the tables that they rest on. Ends
 * when `visit` returns non-zero; negative is returned. */
typedef int kl_enabled_period_fn(
	void *arg, struct kl_period period, const struct kl_factors *factors);
int kl_enabled_periods(
	struct kl_node *node, kl_enabled_period_fn *visit, void *arg, struct kl_fault *fault);

/* The latest period of which anything is kept. KL_E_NOT_FOUND with words. */
int kl_enabled_latest(struct kl_node *node, struct kl_period *ret_period, struct kl_fault *fault);

/* For the import that makes a table of tenants visible: its factor tables, and the end of a record
 * of the same period, which must be there. */
int kl_enabled_put_factors(struct kl_changes *changes, struct kl_period period,
	const struct kl_factors *factors, struct kl_fault *fault);
void kl_enabled_drop_record(struct kl_changes *changes, struct kl_period period);

/* Keeps totals; tables of tenants of the same period are turned back with the same commit. */
int kl_enabled_keep_record(
	struct kl_node *node, const struct kl_enabled_record *record, struct kl_fault *fault);

#endif
