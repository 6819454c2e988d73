/* This member's own values of the metrics lm3.score, lm3.local_payroll_share and
 * lm3.local_supplier_share: those of the project that counts in the period. */
#ifndef KL_DAEMON_OWN_LM3_H
#define KL_DAEMON_OWN_LM3_H

#include "core/metric.h"
#include "daemon/node.h"

/* The value, scaled as the metric says. KL_E_NOT_FOUND (no project, or it knows no such share),
 * KL_E_AMBIGUOUS (several of that period, none in use), KL_E_WITHHELD (the score may not be counted;
 * why stands in the fault). Suppliers are added up within the call. */
int kl_lm3_own_value(struct kl_node *node, const struct kl_metric *metric, struct kl_period period,
	int64_t *ret_value, struct kl_fault *fault);

#endif
