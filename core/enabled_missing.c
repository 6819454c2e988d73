#include "core/enabled_missing.h"
#include "core/bytes.h"

#include <stdlib.h>
#include <string.h>

/* ---- one tenant ------------------------------------------------------------------------------ */

/* What a tenant does decides section and use class; who has said it already cannot say more. */
static unsigned ask_activity(const struct kl_tenant *t, unsigned judge)
{
	return t->activity[0] ? judge : KL_ASK_ACTIVITY;
}

unsigned kl_missing_asks(const struct kl_tenant *tenant, const struct kl_estimate *estimate,
	const struct kl_factors *factors)
{
	unsigned asks = 0;

	if (!tenant->has_fte)
		asks |= KL_ASK_STAFF;
	if (estimate->fte_out == KL_LEFT_OUT_NO_STAFF_NO_FLOOR)
		asks |= KL_ASK_FLOOR;
	if (estimate->fte_out == KL_LEFT_OUT_NO_USE_CLASS)
		asks |= ask_activity(tenant, KL_JUDGE_USE_CLASS);
	if (tenant->has_gva)
		return asks;
	if (factors->ratio.stated && !tenant->has_turnover)
		asks |= KL_ASK_TURNOVER;
	if (!tenant->section && !(factors->ratio.stated && tenant->has_turnover))
		asks |= ask_activity(tenant, KL_JUDGE_SECTION);
	return asks;
}

/* ---- all of them ----------------------------------------------------------------------------- */

void kl_missing_free(struct kl_missing_list *list)
{
	free(list->items);
	*list = (struct kl_missing_list){0};
}

static struct kl_missing *append(struct kl_missing_list *list)
{
	size_t room = list->room ? 2 * list->room : 16;
	struct kl_missing *items;

	if (list->count == list->room) {
		items = realloc(list->items, room * sizeof *items);
		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	return &list->items[list->count++];
}

int kl_missing_add(struct kl_missing_list *list, const struct kl_tenant *tenant,
	const struct kl_estimate *estimate, const struct kl_factors *factors)
{
	unsigned asks = kl_missing_asks(tenant, estimate, factors);
	struct kl_missing *m = asks ? append(list) : NULL;

	if (!m)
		return asks ? KL_E_NOMEM : KL_OK;
	*m = (struct kl_missing){.asks = asks,
		.fte_out = estimate->fte_out != KL_LEFT_OUT_NOT,
		.gva_out = estimate->gva_out != KL_LEFT_OUT_NOT,
		.fte_on_floor = estimate->fte_on_floor,
		.gva_on_floor = estimate->gva_on_floor,
		.floor = tenant->has_floor ? tenant->floor : 0};
	(void)kl_copy_text(m->name, sizeof m->name, tenant->name);
	m->fte_estimated = !m->fte_out && estimate->fte_method == KL_METHOD_ESTIMATED;
	if (m->fte_estimated)
		m->fte = estimate->fte;
	if (!m->gva_out && estimate->gva_method == KL_METHOD_ESTIMATED)
		m->gva = estimate->gva;
	return KL_OK;
}

static double weight(const struct kl_missing *m)
{
	return m->fte_share > m->gva_share ? m->fte_share : m->gva_share;
}

static int compare(const void *a, const void *b)
{
	const struct kl_missing *x = a, *y = b;
	int out_x = x->fte_out + x->gva_out, out_y = y->fte_out + y->gva_out;

	if (out_x != out_y)
		return out_x > out_y ? -1 : 1;
	if (out_x && x->floor != y->floor)
		return x->floor > y->floor ? -1 : 1;
	if (weight(x) != weight(y))
		return weight(x) > weight(y) ? -1 : 1;
	return strcmp(x->name, y->name);
}

static double share(int64_t part, int64_t total)
{
	return total > 0 ? (double)part / (double)total : 0.0;
}

void kl_missing_sort(struct kl_missing_list *list, const struct kl_enabled_total *total)
{
	for (size_t i = 0; i < list->count; i++) {
		struct kl_missing *m = &list->items[i];

		m->fte_share = share(m->fte, total->fte.exact);
		m->gva_share = share(m->gva, total->gva.exact);
	}
	if (list->count)
		qsort(list->items, list->count, sizeof *list->items, compare);
}

/* ---- effect ---------------------------------------------------------------------------------- */

/* Whoever was left out counts from now on, by a method; how much it adds nobody knows. */
static void take_in(struct kl_enabled_figure *f, enum kl_method method)
{
	f->left_out--;
	f->count++;
	f->count_by_method[method]++;
}

static void answer_fte(struct kl_enabled_figure *f, const struct kl_missing *m)
{
	if (!(m->asks & KL_ASK_STAFF))
		return;
	if (m->fte_out) {
		take_in(f, KL_METHOD_PRIMARY);
		return;
	}
	f->count_by_method[KL_METHOD_ESTIMATED]--;
	f->count_by_method[KL_METHOD_PRIMARY]++;
	if (m->fte_on_floor)
		f->on_floor -= m->fte;
}

/* Value added stays estimated, but from people instead of floor space. */
static void answer_gva(struct kl_enabled_figure *f, const struct kl_missing *m)
{
	if (m->gva_out)
		take_in(f, KL_METHOD_ESTIMATED);
	else if (m->gva_on_floor)
		f->on_floor -= m->gva;
}

static struct kl_missing_effect effect(const struct kl_missing_list *list,
	const struct kl_enabled_figure *figure,
	void (*answer)(struct kl_enabled_figure *, const struct kl_missing *))
{
	struct kl_enabled_figure f = *figure;
	struct kl_missing_effect e = {.now = kl_enabled_figure_confidence(figure)};

	e.then = e.now;
	for (size_t i = 0; i < list->count && !e.answers; i++) {
		answer(&f, &list->items[i]);
		e.then = kl_enabled_figure_confidence(&f);
		if (e.then > e.now)
			e.answers = i + 1;
	}
	if (!e.answers)
		e.then = e.now;
	return e;
}

struct kl_missing_effect kl_missing_effect_fte(
	const struct kl_missing_list *list, const struct kl_enabled_figure *fte)
{
	return effect(list, fte, answer_fte);
}

struct kl_missing_effect kl_missing_effect_gva(
	const struct kl_missing_list *list, const struct kl_enabled_figure *gva)
{
	return effect(list, gva, answer_gva);
}
