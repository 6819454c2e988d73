#include "daemon/figures.h"
#include "daemon/ask_args.h"

#include <string.h>

int kl_figure_metric(struct kl_ask *ask, struct kl_metric *ret_metric)
{
	char text[KL_METRIC_NAME_MAX];
	int rc = kl_ask_needed(ask, "metric", "which metric?", text, sizeof text);

	return rc ? rc : kl_metric_find(text, ret_metric, &ask->fault);
}

int kl_figure_period(
	struct kl_ask *ask, const struct kl_metric *metric, struct kl_period *ret_period)
{
	return kl_ask_metric_period(ask, metric, ret_period);
}

const struct kl_member_figure *kl_figure_of(const struct kl_network *network,
	const struct kl_id *member, const char *metric, struct kl_period period)
{
	const struct kl_member *m = kl_members_find(&network->members, member);

	for (size_t i = 0; m && i < m->n_figures; i++)
		if (!m->figures[i].withdrawn && !strcmp(m->figures[i].figure.metric, metric) &&
			kl_period_equal(m->figures[i].figure.period, period))
			return &m->figures[i];
	return NULL;
}
