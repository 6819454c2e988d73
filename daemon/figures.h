/* What the commands about figures published by name have in common. */
#ifndef KL_DAEMON_FIGURES_H
#define KL_DAEMON_FIGURES_H

#include "core/metric.h"
#include "daemon/control.h"
#include "daemon/network.h"

/* The metric under "metric", as people name it. KL_E_USAGE, KL_E_NOT_FOUND, KL_E_AMBIGUOUS. */
int kl_figure_metric(struct kl_ask *ask, struct kl_metric *ret_metric);

/* The period under "period", of a kind that the metric takes. KL_E_USAGE, KL_E_INVALID. */
int kl_figure_period(
	struct kl_ask *ask, const struct kl_metric *metric, struct kl_period *ret_period);

/* What a member has published for that metric and period, or NULL. Valid until the next take. */
const struct kl_member_figure *kl_figure_of(const struct kl_network *network,
	const struct kl_id *member, const char *metric, struct kl_period period);

/* Ten pairs of a map: a figure as answers tell it, with its method, confidence and source. */
void kl_put_figure(struct kl_writer *w, const char *member, const struct kl_metric *metric,
	const struct kl_figure *figure);

#endif
