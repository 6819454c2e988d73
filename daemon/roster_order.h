/* The roster in the orders in which people look for members: by name, and councils by their code.
 *
 * The roster itself is in the order of identities. These orders are made when they are first asked for
 * and kept until the roster moves. */
#ifndef KL_DAEMON_ROSTER_ORDER_H
#define KL_DAEMON_ROSTER_ORDER_H

#include "protocol/roster.h"

struct kl_roster_order {
	uint64_t version; /* of the roster that it was made of; 0: not made */
	const struct kl_roster_member **by_name; /* all members */
	const char **gss;                       /* of each by name: the code of today, "" unknown */
	const struct kl_roster_member **by_gss; /* councils that have a code */
	size_t n, n_gss;
};

/* Makes the orders anew if the roster has moved. KL_E_NOMEM. What they point to lives until then. */
int kl_roster_order_make(struct kl_roster_order *order, const struct kl_roster *roster);
void kl_roster_order_deinit(struct kl_roster_order *order);

/* The code of today, where one council alone came of an old one (core/succession.h); else as it is. */
const char *kl_gss_today(const char *gss);

/* The council of the roster with this code, or NULL. The orders must have been made. */
const struct kl_roster_member *kl_roster_order_council(
	const struct kl_roster_order *order, const char *gss);

#endif
