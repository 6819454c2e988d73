/* Members of the roster that may be one organisation twice (core/alike.h): what the convenor confirmed
 * and what they publish of themselves, held against each other. Members that have left are passed
 * over. */
#ifndef KL_DAEMON_ALIKE_MEMBERS_H
#define KL_DAEMON_ALIKE_MEMBERS_H

#include "core/alike.h"
#include "daemon/network.h"

enum {
	KL_ALIKE_SHOWN_MAX = 50,     /* of one answer */
	KL_ALIKE_MEMBERS_MAX = 4000, /* among more nobody looks: it would hold up all else */
};

/* Writes under `key` an array of {member, why}: the members that are alike to this face, but not the
 * one with the id `self` (may be NULL). nil for too large a roster. */
void kl_put_alike(struct kl_writer *w, const char *key, const struct kl_network *network,
	const struct kl_id *self, const struct kl_face *face);

/* The same with the profile of somebody as its face; `confirmed` (may be NULL) comes first. */
void kl_put_alike_to(struct kl_writer *w, const char *key, const struct kl_network *network,
	const struct kl_id *self, const struct kl_profile *profile,
	const struct kl_roster_member *confirmed);

/* Writes under `key` an array of {one, other, why}: all pairs on the roster; nil for too large a
 * roster, or without memory. */
void kl_put_alike_pairs(struct kl_writer *w, const char *key, const struct kl_network *network);

#endif
