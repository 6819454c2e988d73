/* What the spending files come to month by month, kept so that a share of a year can be told at once:
 * `spend result` adds everything up, a part a turn, and leaves this behind. It counts as long as files,
 * places and area are those that were added up. */
#ifndef KL_DAEMON_SPEND_MONTHS_H
#define KL_DAEMON_SPEND_MONTHS_H

#include "core/period.h"
#include "daemon/spend_work.h"

/* Keeps the months of a work that added everything up, unless they are kept already. */
int kl_spend_months_keep(const struct kl_spend_work *work, struct kl_fault *fault);

/* Whether everything has been added up since files, places or area last changed: somebody has looked. */
int kl_spend_months_current(struct kl_node *node, bool *ret_current, struct kl_fault *fault);

/* All months of a period as one: the kept ones, or else every payment of the period is read within
 * this call. KL_E_NOT_FOUND with words if none is of that time. */
int kl_spend_months_get(struct kl_node *node, struct kl_period period,
	struct kl_spend_in_month *ret_sum, struct kl_fault *fault);

#endif
