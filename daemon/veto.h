/* Members whose seat this member refuses: `veto = NAME` in the settings.
 *
 * fits   a veto fits a member if it is part of its name, its GSS code as a council, or its member id. Only
 *        the member id stays the same when the convenor gives a member another name
 * stray  a veto that fits nobody on the roster: it refuses nobody, and its owner should know */
#ifndef KL_DAEMON_VETO_H
#define KL_DAEMON_VETO_H

#include "daemon/network.h"

/* Whether a veto fits a member of the roster. */
bool kl_veto_fits(const char *veto, const struct kl_roster_member *member);

/* The veto of the settings that refuses this member, or NULL. */
const char *kl_veto_of(const struct kl_network *network, const struct kl_id *member);

/* Whether it fits nobody on the roster. */
bool kl_veto_is_stray(const struct kl_network *network, const char *veto);

/* Seats of a committee that are refused: bit j - 1 for seat j. */
uint16_t kl_veto_seats(const struct kl_network *network, const struct kl_tally_view *view);

#endif
