#include "daemon/own_policy.h"
#include "protocol/payload_policy.h"
#include "store/documents.h"

#include <stdlib.h>

#define KIND "policy"
#define NAME "own"

int kl_own_policy(struct kl_node *node, struct kl_policy *ret_policy, struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, KIND, NAME, 0, &bytes, &len, NULL);

	if (rc == KL_E_NOT_FOUND) {
		kl_policy_init(ret_policy);
		return KL_OK;
	}
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

int kl_own_policy_keep(struct kl_node *node, const struct kl_policy *policy, struct kl_fault *fault)
{
	struct kl_saying saying = {.kind = KL_KIND_POLICY};
	struct kl_batch *batch;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_payload_policy_write(&w, policy);
	rc = kl_writer_bytes(&w, &saying.payload);
	if (rc) {
		kl_writer_deinit(&w);
		return kl_fault(fault, rc, "out of memory");
	}
	batch = kl_batch_new();
	if (batch)
		kl_document_put(batch, KIND, NAME, saying.payload); /* an error sticks to it */
	if (kl_own_policy_is_heard(node))
		rc = kl_network_append_with(node->network, &saying, 1, batch, NULL, fault);
	else
		rc = kl_node_commit(node, batch, fault);
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
