#include "core/lm3_duplicates.h"
#include "core/biggest.h"
#include "core/lm3_inside.h"

#include <stdlib.h>

enum { NOBODY = UINT32_MAX };

/* The supplier that was the first of one of the groups of this one: NOBODY if that is itself. */
static uint32_t alike(const struct kl_lm3_sum *sum, uint32_t number)
{
	const char *name = kl_names_at(sum->names, number), *trade = kl_name_trading(name);
	char loose[KL_NAME_MAX];
	uint32_t group;

	if (!kl_names_find(sum->loose, kl_name_loose(name, loose), &group) &&
		sum->groups[group].first != number)
		return sum->groups[group].first;
	if (trade[0] && !kl_names_find(sum->loose, kl_name_loose(trade, loose), &group) &&
		sum->groups[group].first != number)
		return sum->groups[group].first;
	return NOBODY;
}

struct lists {
	struct kl_big *apart, *merged;
	size_t aparts, mergeds;
};

static void gather(const struct kl_lm3_sum *sum, struct lists *l)
{
	for (uint32_t i = 0; i < kl_names_count(sum->names); i++) {
		const struct kl_lm3_entry *entry = &sum->entries[i];

		if (entry->alike)
			l->apart[l->aparts++] = (struct kl_big){entry->net, i};
		if (entry->other_style)
			l->merged[l->mergeds++] = (struct kl_big){entry->net, i};
	}
}

static void add_apart(const struct kl_lm3_sum *sum, uint32_t number, struct kl_lm3_duplicates *d)
{
	uint32_t other = alike(sum, number);

	if (other == NOBODY)
		return;
	d->list[d->count++] = (struct kl_lm3_duplicate){kl_lm3_sum_line(sum, other),
		kl_names_at(sum->names, number), true, kl_lm3_sum_line(sum, number)};
}

static void add_merged(const struct kl_lm3_sum *sum, uint32_t number, struct kl_lm3_duplicates *d)
{
	d->list[d->count++] = (struct kl_lm3_duplicate){.line = kl_lm3_sum_line(sum, number),
		.other = sum->texts + sum->entries[number].other_style};
}

static void list(
	const struct kl_lm3_sum *sum, struct lists *l, size_t most, struct kl_lm3_duplicates *d)
{
	kl_biggest_begin(l->apart, l->aparts);
	for (size_t n = 0; n < most && l->aparts; n++)
		add_apart(sum, kl_biggest_take(l->apart, &l->aparts).number, d);
	kl_biggest_begin(l->merged, l->mergeds);
	for (size_t n = 0; n < most && l->mergeds; n++)
		add_merged(sum, kl_biggest_take(l->merged, &l->mergeds).number, d);
}

int kl_lm3_find_duplicates(
	const struct kl_lm3_sum *sum, size_t most, struct kl_lm3_duplicates **ret)
{
	size_t all = kl_lm3_sum_count(sum) + 1;
	struct lists l = {
		.apart = malloc(all * sizeof *l.apart), .merged = malloc(all * sizeof *l.merged)};
	struct kl_lm3_duplicates *d;

	if (most > all)
		most = all;
	d = calloc(1, sizeof *d + 2 * most * sizeof *d->list);
	if (l.apart && l.merged && d) {
		gather(sum, &l);
		d->apart = l.aparts;
		d->merged = l.mergeds;
		list(sum, &l, most, d);
		*ret = d;
		free(l.apart);
		free(l.merged);
		return KL_OK;
	}
	free(l.apart);
	free(l.merged);
	free(d);
	return KL_E_NOMEM;
}
