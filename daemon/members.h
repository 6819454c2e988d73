/* What members say in public, as far as it is asked for often: latest profile, endpoints, named
 * figures. A cache over their feeds, rebuilt at start. */
#ifndef KL_DAEMON_MEMBERS_H
#define KL_DAEMON_MEMBERS_H

#include "core/likeness.h"
#include "core/profile.h"
#include "core/pursuit.h"
#include "protocol/payload_endpoints.h"
#include "protocol/payload_figure.h"
#include "protocol/payload_profile.h"
#include "protocol/record.h"

enum { KL_MEMBER_FIGURES_MAX = 512 }; /* named figures kept of one member */

struct kl_member_figure {
	struct kl_figure figure;
	struct kl_id record; /* that published it */
	uint64_t time_ms;
	bool withdrawn; /* not shown any more; but whoever saw it still knows it */
};

struct kl_member {
	struct kl_id id;
	bool has_profile;
	bool profile_gone; /* the last one was erased: no older one comes back */
	struct kl_profile profile;
	struct kl_marks services, activities; /* of the profile, for comparing members */
	uint64_t *pursuits; /* what each service, then each activity of the profile is taken for */
	struct kl_endpoints endpoints;
	struct kl_member_figure *figures;
	size_t n_figures;
};

struct kl_members {
	struct kl_member **items; /* ascending by id; pointers, so that a new one moves little */
	size_t n, capacity;
	struct kl_pursuits *bank; /* for reading profiles; NULL before the first */
};

void kl_members_deinit(struct kl_members *members);

/* Takes in a record if it is one of these kinds; malformed payloads are ignored: they are their
 * author's affair. KL_E_NOMEM. */
int kl_members_take(struct kl_members *members, const struct kl_record *record);

/* NULL if it has said nothing of the kind. What is in it is valid until the next take. */
const struct kl_member *kl_members_find(const struct kl_members *members, const struct kl_id *id);

#endif
