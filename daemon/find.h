/* People use names: members by any unambiguous part of their name, by GSS code (which means the council
 * itself, not the anchors in its area), org-id or member id, and councils by what they were before they
 * were merged or coded anew. */
#ifndef KL_DAEMON_FIND_H
#define KL_DAEMON_FIND_H

#include "daemon/network.h"

/* The member of the roster that `text` means. KL_E_NOT_FOUND, KL_E_AMBIGUOUS with the candidates;
 * KL_E_DENIED while there is no network. */
int kl_find_member(const struct kl_node *node, const char *text,
	const struct kl_roster_member **ret_member, struct kl_fault *fault);

/* The same, but where several could be meant it is the one of them that fits: who asks for the policy of
 * "Hackney" means the council and not its anchors, if only the council has one. */
typedef bool kl_member_fits_fn(
	const struct kl_network *network, const struct kl_roster_member *member);
int kl_find_member_who(const struct kl_node *node, const char *text, kl_member_fits_fn *fits,
	const struct kl_roster_member **ret_member, struct kl_fault *fault);

/* The network, or KL_E_DENIED with what to do to be in one. */
int kl_need_network(
	const struct kl_node *node, struct kl_network **ret_network, struct kl_fault *fault);

/* The same, and this member must be its convenor. */
int kl_need_convenor(
	const struct kl_node *node, struct kl_network **ret_network, struct kl_fault *fault);

/* Name of a member for people; the convenor's is the network's. Never NULL. */
const char *kl_member_name(const struct kl_network *network, const struct kl_id *id);

enum { KL_SHORT_ID_MAX = 17 };

/* The first characters of an id in hex, for people: enough to tell records of one network apart. */
const char *kl_short_id(const struct kl_id *id, char out[KL_SHORT_ID_MAX]);

/* What all that is said in the network rests on, to be held against what somebody else has: "network_id",
 * "network_short", "convenor_id", "convenor_short"; nil without a network. */
enum { KL_TRUST_KEYS = 4 };
void kl_put_trust(struct kl_writer *w, const struct kl_network *network);

#endif
