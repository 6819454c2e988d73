#include "daemon/own_policy.h"
#include "protocol/payload_definition.h"
#include "protocol/payload_policy.h"
#include "store/documents.h"

#include <stdlib.h>

#define KIND "policy"
#define NAME "own"

/* Without a document: what stands in the feed, or nothing. */
static int copy_published(
	const struct kl_node *node, struct kl_policy *ret_policy, struct kl_fault *fault)
{
	const struct kl_policy *said = node->network ? kl_policy_in_force(&node->network->policies,
							       &node->network->own.author)
						     : NULL;

	if (said && kl_policy_copy(said, ret_policy))
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	if (!said)
		kl_policy_init(ret_policy);
	return KL_OK;
}

int kl_own_policy(struct kl_node *node, struct kl_policy *ret_policy, struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, KIND, NAME, 0, &bytes, &len, NULL);

	if (rc == KL_E_NOT_FOUND)
		return copy_published(node, ret_policy, fault);
	if (rc)
		return kl_fault(fault, rc, "the policy cannot be read: %s", kl_error_text(rc));
	rc = kl_payload_policy_read(kl_bytes(bytes, len), ret_policy, fault);
	free(bytes);
	return rc;
}

bool kl_own_policy_is_heard(const struct kl_node *node)
{
	const struct kl_roster_member *self = node->network ? kl_network_self(node->network) : NULL;

	return self && self->state == KL_MEMBER_ACTIVE;
}

/* The oldest version goes when one more than can be remembered is published: so all that stand are known,
 * and can be withdrawn. Returns how many sayings there are. */
static size_t add_withdrawal_of_oldest(
	const struct kl_network *network, struct kl_writer *w, struct kl_saying *saying)
{
	const struct kl_member_policy *said =
		kl_policies_find(&network->policies, &network->own.author);

	if (!said || said->n < KL_POLICY_VERSIONS_MAX || said->versions[0].withdrawn)
		return 0;
	saying->kind = KL_KIND_WITHDRAW;
	kl_payload_taken_back_write(w, &said->versions[0].record);
	return 1;
}

int kl_own_policy_keep(struct kl_node *node, const struct kl_policy *policy, struct kl_fault *fault)
{
	struct kl_saying sayings[2] = {{.kind = KL_KIND_POLICY}};
	bool heard = kl_own_policy_is_heard(node);
	struct kl_batch *batch = NULL;
	struct kl_writer w, oldest;
	size_t n = 1;
	int rc;

	kl_writer_init(&w);
	kl_writer_init(&oldest);
	kl_payload_policy_write(&w, policy);
	if (heard)
		n += add_withdrawal_of_oldest(node->network, &oldest, &sayings[1]);
	rc = kl_writer_bytes(&w, &sayings[0].payload);
	if (!rc)
		rc = kl_writer_bytes(&oldest, &sayings[1].payload);
	if (rc) {
		rc = kl_fault(fault, rc, "out of memory");
		goto out;
	}
	batch = kl_batch_new();
	if (batch)
		kl_document_put(batch, KIND, NAME, sayings[0].payload); /* an error sticks to it */
	rc = heard ? kl_network_append_with(node->network, sayings, n, batch, NULL, fault)
		   : kl_node_commit(node, batch, fault);
out:
	kl_writer_deinit(&oldest);
	kl_writer_deinit(&w);
	return rc;
}

void kl_own_policy_introduce(struct kl_network *network)
{
	struct kl_policy policy;
	struct kl_writer w;
	struct kl_bytes payload;

	if (kl_policies_find(&network->policies, &network->own.author) ||
		!kl_own_policy_is_heard(network->node) ||
		kl_own_policy(network->node, &policy, NULL))
		return;
	kl_writer_init(&w);
	kl_payload_policy_write(&w, &policy);
	if (!kl_policy_is_empty(&policy) && !kl_writer_bytes(&w, &payload))
		(void)kl_network_append(network, KL_KIND_POLICY, payload, NULL, NULL);
	kl_writer_deinit(&w);
	kl_policy_deinit(&policy);
}

/* ---- taking back --------------------------------------------------------------------------- */

/* The newest versions that still stand, as withdrawals; the payloads live in `writers`. */
static size_t draft_withdrawals(const struct kl_member_policy *said,
	struct kl_writer writers[KL_SAYINGS_MAX], struct kl_saying sayings[KL_SAYINGS_MAX])
{
	size_t n = 0;

	for (size_t i = said ? said->n : 0; i-- > 0 && n < KL_SAYINGS_MAX;) {
		if (said->versions[i].withdrawn)
			continue;
		kl_writer_init(&writers[n]);
		kl_payload_taken_back_write(&writers[n], &said->versions[i].record);
		sayings[n].kind = KL_KIND_WITHDRAW;
		n++;
	}
	return n;
}

int kl_own_policy_withdraw_some(struct kl_network *network, size_t *ret_n, struct kl_fault *fault)
{
	struct kl_writer writers[KL_SAYINGS_MAX];
	struct kl_saying sayings[KL_SAYINGS_MAX];
	size_t n = draft_withdrawals(
		kl_policies_find(&network->policies, &network->own.author), writers, sayings);
	int rc = KL_OK;

	for (size_t i = 0; i < n && !rc; i++)
		rc = kl_writer_bytes(&writers[i], &sayings[i].payload);
	if (rc)
		kl_fault(fault, rc, "out of memory");
	else if (n)
		rc = kl_network_append_all(network, sayings, n, NULL, fault);
	for (size_t i = 0; i < n; i++)
		kl_writer_deinit(&writers[i]);
	if (!rc)
		*ret_n = n;
	return rc;
}
