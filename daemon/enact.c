#include "daemon/enact.h"
#include "protocol/texts.h"

int kl_rehearse(const struct kl_author *author, const struct kl_head *head,
	const struct kl_roster *roster, uint32_t kind, struct kl_bytes payload,
	struct kl_fault *fault)
{
	struct kl_record_memory memory;
	struct kl_record record;
	struct kl_roster copy;
	int rc = kl_texts_refuse_harmful(payload, fault);

	if (rc)
		return rc;
	rc = kl_record_make(author, head, kind, kl_node_wall(), payload, &memory, &record);
	if (rc)
		return kl_fault(fault, rc, "this %s is too long", kl_kind_name(kind));
	rc = kl_roster_copy(roster, &copy);
	if (rc)
		return kl_fault(fault, rc, "out of memory");
	rc = kl_roster_apply(&copy, &record, fault);
	kl_roster_deinit(&copy);
	return rc;
}

int kl_enact(struct kl_network *network, uint32_t kind, const struct kl_writer *w, bool dry,
	struct kl_fault *fault)
{
	const struct kl_author author = {
		network->ticket.network, network->own, &network->node->home.identity.sign};
	struct kl_bytes payload;
	int rc = kl_writer_bytes(w, &payload);

	if (rc)
		return kl_fault(fault, rc, "out of memory");
	rc = kl_network_may_append(network, fault);
	if (!rc)
		rc = kl_rehearse(&author, &network->head, &network->roster, kind, payload, fault);
	return rc || dry ? rc : kl_network_append(network, kind, payload, NULL, fault);
}
