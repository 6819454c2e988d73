#include "core/series.h"

#include <stdlib.h>

void kl_series_group_init(struct kl_series_group *group)
{
	*group = (struct kl_series_group){0};
}

void kl_series_group_deinit(struct kl_series_group *group)
{
	free(group->items);
	*group = (struct kl_series_group){0};
}

static struct kl_series *belongs_to(
	struct kl_series_group *group, const struct kl_observation *observation)
{
	const char *why;

	for (size_t i = 0; i < group->n; i++)
		if (kl_observation_comparable(&group->items[i].last, observation, &why))
			return &group->items[i];
	return NULL;
}

static int begin_series(struct kl_series_group *group, const struct kl_observation *observation,
	struct kl_series **ret)
{
	struct kl_series *items;

	*ret = NULL;
	if (group->n == KL_SERIES_MAX)
		return KL_OK;
	items = realloc(group->items, (group->n + 1) * sizeof *items);
	if (!items)
		return KL_E_NOMEM;
	group->items = items;
	*ret = &items[group->n++];
	**ret = (struct kl_series){.first_period = observation->period};
	return KL_OK;
}

static void note_why(const struct kl_series_group *group, const struct kl_observation *observation,
	struct kl_series_step *step)
{
	if (group->any && kl_observation_comparable(&group->before, observation, &step->why))
		step->why = NULL;
}

int kl_series_add(struct kl_series_group *group, const struct kl_observation *observation,
	struct kl_series_step *ret_step)
{
	struct kl_series_step step = {.comparable = false};
	struct kl_series *series = observation->has_number ? belongs_to(group, observation) : NULL;

	if (series) {
		step.comparable = true;
		step.from = series->last.number;
		step.from_period = series->last.period;
	} else {
		note_why(group, observation, &step);
		if (observation->has_number && begin_series(group, observation, &series))
			return KL_E_NOMEM;
	}
	if (series) {
		series->last = *observation;
		kl_trend_add(&series->trend, observation->number);
		group->latest = (size_t)(series - group->items);
	}
	group->before = *observation;
	group->any = true;
	*ret_step = step;
	return KL_OK;
}
