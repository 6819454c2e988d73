#include "daemon/roster_order.h"
#include "core/succession.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
	const struct kl_roster_member *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int by_gss(const void *a, const void *b)
{
	const struct kl_roster_member *const *x = a, *const *y = b;
	int order = strcmp((*x)->attributes.gss, (*y)->attributes.gss);

	return order ? order : by_name(a, b);
}

const char *kl_gss_today(const char *gss)
{
	const char *codes[KL_SUCCESSORS_MAX];

	return kl_succession_today(gss, codes) == 1 ? codes[0] : gss;
}

int kl_roster_order_make(struct kl_roster_order *order, const struct kl_roster *roster)
{
	struct kl_roster_order made = {.version = roster->version};

	if (order->version == roster->version && order->by_name)
		return KL_OK;
	made.by_name = calloc(roster->n_members + 1, sizeof(*made.by_name));
	made.by_gss = calloc(roster->n_members + 1, sizeof(*made.by_gss));
	made.gss = calloc(roster->n_members + 1, sizeof(*made.gss));
	if (!made.by_name || !made.by_gss || !made.gss) {
		kl_roster_order_deinit(&made);
		return KL_E_NOMEM;
	}
	for (size_t i = 0; i < roster->n_members; i++) {
		const struct kl_roster_member *m = &roster->members[i];

		made.by_name[made.n++] = m;
		if (m->attributes.kind == KL_MEMBER_COUNCIL && m->attributes.gss[0])
			made.by_gss[made.n_gss++] = m;
	}
	qsort(made.by_name, made.n, sizeof(*made.by_name), by_name);
	for (size_t i = 0; i < made.n; i++)
		made.gss[i] = kl_gss_today(made.by_name[i]->attributes.gss);
	qsort(made.by_gss, made.n_gss, sizeof(*made.by_gss), by_gss);
	kl_roster_order_deinit(order);
	*order = made;
	return KL_OK;
}

void kl_roster_order_deinit(struct kl_roster_order *order)
{
	free(order->by_name);
	free(order->gss);
	free(order->by_gss);
	*order = (struct kl_roster_order){0};
}

static int to_gss(const void *key, const void *item)
{
	const struct kl_roster_member *const *m = item;

	return strcmp(key, (*m)->attributes.gss);
}

const struct kl_roster_member *kl_roster_order_council(
	const struct kl_roster_order *order, const char *gss)
{
	const struct kl_roster_member **found =
		bsearch(gss, order->by_gss, order->n_gss, sizeof(*order->by_gss), to_gss);

	return found ? *found : NULL;
}
