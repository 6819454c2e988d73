/* This member's own values of the metrics enabled.fte, enabled.gva and enabled.gva_per_fte. */
#ifndef KL_DAEMON_OWN_ENABLED_H
#define KL_DAEMON_OWN_ENABLED_H

#include "core/metric.h"
#include "daemon/node.h"

/* The value of a period, scaled as the metric says (tenths of an FTE, pounds), from the tenants'
 * table or from recorded totals. KL_E_NOT_FOUND if that figure is not known. */
int kl_enabled_own_value(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, int64_t *ret_value, struct kl_fault *fault);

#endif
