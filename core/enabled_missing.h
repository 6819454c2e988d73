/* What is not known of tenants yet, and whose answer would help most.
 *
 * asks       which of the four questions a tenant has not answered, as far as an answer would change
 *            a figure; and what the anchor itself has to say, because the tenant did answer
 * order      (ours) first who is left out: nobody knows how much is missing there; those with more
 *            floor space before those with less. Then by the part of a total that rests on an
 *            estimate of this tenant, the larger of employees and GVA
 * effect     how many answers from the top of that list it takes until a total is surer */
#ifndef KL_CORE_ENABLED_MISSING_H
#define KL_CORE_ENABLED_MISSING_H

#include "core/enabled.h"

enum kl_missing_ask {
	KL_ASK_STAFF = 1 << 0,
	KL_ASK_FLOOR = 1 << 1, /* instead of staff, if that cannot be had */
	KL_ASK_ACTIVITY = 1 << 2,
	KL_ASK_TURNOVER = 1 << 3,
	KL_JUDGE_SECTION = 1 << 4, /* the activity is told, but no word of it is known */
	KL_JUDGE_USE_CLASS = 1 << 5,
};

/* What would have to be asked; 0: nothing that would help. */
unsigned kl_missing_asks(const struct kl_tenant *tenant, const struct kl_estimate *estimate,
	const struct kl_factors *factors);

struct kl_missing {
	char name[KL_NAME_MAX];
	unsigned asks;
	bool fte_out, gva_out, fte_on_floor, gva_on_floor, fte_estimated;
	int64_t fte, gva;            /* parts of the totals that rest on an estimate, else 0 */
	double fte_share, gva_share; /* of the totals; set by kl_missing_sort() */
	int64_t floor;
};

struct kl_missing_list {
	struct kl_missing *items;
	size_t count, room;
};

void kl_missing_free(struct kl_missing_list *list);

/* Takes a tenant in if there is anything to ask. KL_E_NOMEM. */
int kl_missing_add(struct kl_missing_list *list, const struct kl_tenant *tenant,
	const struct kl_estimate *estimate, const struct kl_factors *factors);

void kl_missing_sort(struct kl_missing_list *list, const struct kl_enabled_total *total);

struct kl_missing_effect {
	enum kl_confidence now, then;
	size_t answers; /* from the top of the sorted list; 0: no answers would make it surer */
};

/* As if each of them told its staff and what it does, and as much as was estimated. */
struct kl_missing_effect kl_missing_effect_fte(
	const struct kl_missing_list *list, const struct kl_enabled_figure *fte);
struct kl_missing_effect kl_missing_effect_gva(
	const struct kl_missing_list *list, const struct kl_enabled_figure *gva);

#endif
