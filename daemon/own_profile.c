#include "daemon/own_profile.h"
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

static int publish(struct kl_node *node, struct kl_bytes payload, struct kl_fault *fault)
{
	const struct kl_roster_member *self;

	if (!node->network)
		return KL_OK;
	self = kl_network_self(node->network);
	if (!kl_network_is_convenor(node->network) && (!self || self->state != KL_MEMBER_ACTIVE))
		return KL_OK; /* it will be, once the member is admitted */
	return kl_network_append(node->network, KL_KIND_PROFILE, payload, NULL, fault);
}

int kl_own_profile_keep(
	struct kl_node *node, const struct kl_profile *profile, struct kl_fault *fault)
{
	struct kl_writer w;
	struct kl_bytes payload;
	int rc;

	kl_writer_init(&w);
	kl_payload_profile_write(&w, profile);
	rc = kl_writer_bytes(&w, &payload);
	if (!rc)
		rc = kl_node_keep(node, KIND, NAME, payload, fault);
	if (!rc)
		rc = publish(node, payload, fault);
	kl_writer_deinit(&w);
	return rc;
}
