/* Members' social value policies, as they stand and as they stood: a cache over their feeds, rebuilt at
 * start.
 *
 * version   a policy record of one member, counted 1, 2, 3, ... in the order of its feed
 * in force  the newest version, unless it was withdrawn: an older one does not come back into force
 * kept      in memory: what the version in force says, and where the newest KL_POLICY_VERSIONS_MAX versions
 *           of a member stand. What the others say is read from the feed when somebody asks; of versions
 *           before those only the number is known. Our own member never has more that stand: the oldest
 *           is withdrawn when one more is published (own_policy.h)
 * told      whether the member's weight in scoring was ever public by name. It stays so: others have
 *           read it, whatever was withdrawn or changed since. Of a version whose payload is gone, nobody
 *           here can tell, and it is taken for told (ours) */
#ifndef KL_DAEMON_POLICIES_H
#define KL_DAEMON_POLICIES_H

#include "protocol/payload_policy.h"
#include "protocol/record.h"

enum { KL_POLICY_VERSIONS_MAX = 64 };

struct kl_policy_version {
	struct kl_id record;
	uint64_t seq;
	uint32_t epoch;
	uint64_t time_ms; /* as its author claims */
	bool withdrawn;   /* or its payload is gone */
};

struct kl_member_policy {
	struct kl_id id;
	struct kl_policy *policy;           /* in force, or NULL */
	struct kl_policy_version *versions; /* the newest behind */
	size_t n, capacity;
	uint64_t total; /* versions that there ever were */
	bool told;
};

struct kl_policies {
	struct kl_member_policy **items; /* ascending by id */
	size_t n, capacity;
};

void kl_policies_deinit(struct kl_policies *policies);

/* Takes in a record that publishes a policy or withdraws one; what is malformed is its author's affair,
 * and no version. KL_E_NOMEM. */
int kl_policies_take(struct kl_policies *policies, const struct kl_record *record);

/* NULL if it never published one. What is in it is valid until the next take. */
const struct kl_member_policy *kl_policies_find(
	const struct kl_policies *policies, const struct kl_id *member);

/* The policy in force, or NULL. */
const struct kl_policy *kl_policy_in_force(
	const struct kl_policies *policies, const struct kl_id *member);

/* The version in force; only while there is a policy in force. */
const struct kl_policy_version *kl_policy_newest(const struct kl_member_policy *member);

#endif
