/* Payload of an endpoints record: where a member can be reached, each endpoint with its CURVE key.
 * An empty list says that the member only calls out. The record also tells whether the member offers
 * to sit on the committees of tallies: that, too, is something its daemon does for others. */
#ifndef KL_PROTOCOL_PAYLOAD_ENDPOINTS_H
#define KL_PROTOCOL_PAYLOAD_ENDPOINTS_H

#include "protocol/ticket.h"
#include "protocol/wire.h"

struct kl_endpoints {
	size_t n; /* 0 .. KL_TICKET_ENDPOINTS_MAX */
	struct kl_endpoint items[KL_TICKET_ENDPOINTS_MAX];
	bool no_seat; /* not to be drawn for a committee; absent on the wire: it may be drawn */
};

void kl_payload_endpoints_write(struct kl_writer *w, const struct kl_endpoints *endpoints);
int kl_payload_endpoints_read(
	struct kl_bytes payload, struct kl_endpoints *ret_endpoints, struct kl_fault *fault);

#endif
