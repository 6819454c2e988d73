#include "daemon/own_profile.h"
#include "daemon/nearest.h"
#include "daemon/network.h"
#include "protocol/payload_profile.h"
#include "store/documents.h"

#include <stdlib.h>

#define KIND "profile"
#define NAME "own"

int kl_own_profile(struct kl_node *node, struct kl_profile *ret_profile, struct kl_fault *fault)
{
	const struct kl_identity *identity = &node->home.identity;
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, KIND, NAME, 0, &bytes, &len, NULL);

	if (!rc) {
		rc = kl_payload_profile_read(kl_bytes(bytes, len), ret_profile, fault);
		free(bytes);
		return rc;
	}
	if (rc != KL_E_NOT_FOUND)
		return kl_fault(fault, rc, "the profile cannot be read: %s", kl_error_text(rc));
	kl_profile_init(ret_profile);
	(void)kl_copy_text(ret_profile->name, sizeof ret_profile->name, identity->name);
	(void)kl_copy_text(
		ret_profile->attributes.gss, sizeof ret_profile->attributes.gss, identity->gss);
	ret_profile->attributes.kind = identity->kind;
	return KL_OK;
}

bool kl_own_profile_is_public(const struct kl_node *node)
{
	const struct kl_network *network = node->network;
	const struct kl_roster_member *self;

	if (!network)
		return false;
	self = kl_network_self(network);
	return kl_network_is_convenor(network) || (self && self->state == KL_MEMBER_ACTIVE);
}

int kl_own_profile_keep(
	struct kl_node *node, const struct kl_profile *profile, struct kl_fault *fault)
{
	struct kl_saying saying = {.kind = KL_KIND_PROFILE};
	struct kl_batch *batch;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_payload_profile_write(&w, profile);
	rc = kl_writer_bytes(&w, &saying.payload);
	if (rc) {
		kl_writer_deinit(&w);
		return kl_fault(fault, rc, "out of memory");
	}
	batch = kl_batch_new();
	if (batch)
		kl_document_put(batch, KIND, NAME, saying.payload); /* an error sticks to it */
	if (kl_own_profile_is_public(node))
		rc = kl_network_append_with(node->network, &saying, 1, batch, NULL, fault);
	else
		rc = kl_node_commit(node, batch, fault);
	kl_writer_deinit(&w);
	kl_nearest_forget(node);
	return rc;
}
