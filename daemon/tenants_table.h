/* The tenants of a period as one table that is changed tenant by tenant: what forms tell, what is
 * typed. What was changed becomes the newest table of the period, an import like any other; the one
 * before it stays and comes back with undo. */
#ifndef KL_DAEMON_TENANTS_TABLE_H
#define KL_DAEMON_TENANTS_TABLE_H

#include "core/enabled.h"
#include "daemon/node.h"

struct kl_tenants_table {
	struct kl_tenant *list;
	size_t count, room;
};

void kl_tenants_table_free(struct kl_tenants_table *table);

/* Reads the table that counts; an empty one if there is none. */
int kl_tenants_table_load(struct kl_node *node, struct kl_period period,
	struct kl_tenants_table *ret_table, struct kl_fault *fault);

/* The tenant with this name, whole; NULL if there is none. */
struct kl_tenant *kl_tenants_table_named(struct kl_tenants_table *table, const char *name);

/* The only tenant whose name is alike but for punctuation and legal form (the loose key of
 * core/names.h); NULL if there is none, or several. */
struct kl_tenant *kl_tenants_table_alike(struct kl_tenants_table *table, const char *name);

/* The one that any part of a name means. KL_E_NOT_FOUND, KL_E_AMBIGUOUS with words. */
int kl_tenants_table_find(struct kl_tenants_table *table, const char *text,
	struct kl_tenant **ret_tenant, struct kl_fault *fault);

/* A tenant at the end. KL_E_TOO_BIG beyond KL_TENANTS_MAX, KL_E_NOMEM. */
int kl_tenants_table_add(
	struct kl_tenants_table *table, const struct kl_tenant *tenant, struct kl_fault *fault);
void kl_tenants_table_remove(struct kl_tenants_table *table, struct kl_tenant *tenant);

/* Where it comes from, and what else the commit is to hold. */
struct kl_tenants_keep {
	struct kl_period period;
	const char *file;                 /* "" if it was typed */
	uint64_t rows;                    /* that were told now */
	const struct kl_factors *factors; /* kept with the period unless it has some already */
	bool drop_record;                 /* recorded totals of the period, which are there, go */
};

int kl_tenants_table_keep(struct kl_node *node, const struct kl_tenants_table *table,
	const struct kl_tenants_keep *keep, struct kl_fault *fault);

#endif
