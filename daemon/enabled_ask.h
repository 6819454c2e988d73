/* Arguments that commands of enabled contribution share. */
#ifndef KL_DAEMON_ENABLED_ASK_H
#define KL_DAEMON_ENABLED_ASK_H

#include "core/period.h"
#include "daemon/control.h"
#include "daemon/node.h"

#include <stdbool.h>

/* The period of the request, or else the latest of which anything is kept. KL_E_NOT_FOUND if there is
 * none. */
int kl_enabled_ask_latest(struct kl_node *node, struct kl_ask *ask, struct kl_period *ret_period);

/* The period of the request, or else the year we are in: tenants are asked about now, unless somebody
 * says otherwise. */
int kl_enabled_ask_now(struct kl_ask *ask, struct kl_period *ret_period);

/* For what joins the tenants of a period: the period of the request, or the year we are in. If that
 * has no tenants, but another year has, nobody guesses: KL_E_USAGE with both. */
int kl_enabled_ask_joined(struct kl_node *node, struct kl_ask *ask, struct kl_period *ret_period);

/* The period of the request, or the latest, or if there is none the year we are in. */
int kl_enabled_ask_any(struct kl_node *node, struct kl_ask *ask, struct kl_period *ret_period);

/* Whether --instead was given. */
int kl_enabled_ask_instead(struct kl_ask *ask, bool *ret_instead);

/* Tenants come in for this period. *ret_drop: totals that are recorded for it have to go, which
 * --instead allows; without it KL_E_EXISTS. */
int kl_enabled_ask_record(
	struct kl_node *node, struct kl_ask *ask, struct kl_period period, bool *ret_drop);

#endif
