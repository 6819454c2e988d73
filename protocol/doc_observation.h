/* An observation as it is kept: core/observation.h as a map.
 *
 * {"v": 1, "code", "component", "period", "place", "number": scaled integer, "text", "method",
 *  "method_version", "confidence", "source", "challenger"}, in this order; absent is nil. Of an
 * indicator that a member defined it is version 2, and "definition": id, "unit" stand behind. */
#ifndef KL_PROTOCOL_DOC_OBSERVATION_H
#define KL_PROTOCOL_DOC_OBSERVATION_H

#include "core/observation.h"
#include "protocol/wire.h"

enum { KL_DOC_OBSERVATION_VERSION = 1, KL_DOC_OBSERVATION_DEFINED = 2 };

/* Appends the map. Ask kl_writer_bytes() whether it worked. */
void kl_doc_observation_encode(struct kl_writer *w, const struct kl_observation *observation);

/* Reads and checks one. KL_E_VERSION for another version, KL_E_MALFORMED if it is not the map that
 * the writer would have made, or what kl_observation_check() says; the fault names the trouble. */
int kl_doc_observation_decode(
	struct kl_bytes bytes, struct kl_observation *ret_observation, struct kl_fault *fault);

#endif
