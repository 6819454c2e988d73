/* A plan as it is kept: core/plan.h as a map.
 *
 * {"v": 1, "name", "texts": {field: text}, "indicators": [codes]}
 *
 * in this order; fields are keyed by name, in the order of core/plan.h, and stand only where
 * something was said. */
#ifndef KL_PROTOCOL_DOC_PLAN_H
#define KL_PROTOCOL_DOC_PLAN_H

#include "core/plan.h"
#include "protocol/wire.h"

enum { KL_DOC_PLAN_VERSION = 1 };

/* Appends the map. Ask kl_writer_bytes() whether it worked. */
void kl_doc_plan_encode(struct kl_writer *w, const struct kl_plan *plan);

/* KL_E_VERSION; KL_E_MALFORMED if it is not the map that the writer would have made, or what
 * kl_plan_check() says. The fault names the trouble. */
int kl_doc_plan_decode(struct kl_bytes bytes, struct kl_plan *ret_plan, struct kl_fault *fault);

#endif
