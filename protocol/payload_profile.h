/* Payload of a profile record: one msgpack map; what is absent is left out. A later profile of the
 * same member takes the place of an earlier one. */
#ifndef KL_PROTOCOL_PAYLOAD_PROFILE_H
#define KL_PROTOCOL_PAYLOAD_PROFILE_H

#include "core/profile.h"
#include "protocol/wire.h"

void kl_payload_profile_write(struct kl_writer *w, const struct kl_profile *profile);

/* *ret_profile is initialised by this; the caller calls kl_profile_deinit(). KL_E_MALFORMED,
 * KL_E_INVALID with a sentence, KL_E_NOMEM. */
int kl_payload_profile_read(
	struct kl_bytes payload, struct kl_profile *ret_profile, struct kl_fault *fault);

#endif
