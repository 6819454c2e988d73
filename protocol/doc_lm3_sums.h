/* The sums of a project's suppliers (core/lm3_classes.h) as they are kept beside it, so that nobody
 * has to add up all rows again: a map with a fixed set of keys, "v" first.
 *
 * stamp    a hash of what the sums were made of: the area, and the numbers of the imports. Other sums
 *          than those with the right stamp are of no use, and do no harm */
#ifndef KL_PROTOCOL_DOC_LM3_SUMS_H
#define KL_PROTOCOL_DOC_LM3_SUMS_H

#include "core/bytes.h"
#include "core/lm3_classes.h"
#include "protocol/wire.h"

enum { KL_DOC_LM3_SUMS_VERSION = 1 };

void kl_doc_lm3_sums_encode(
	struct kl_writer *w, const struct kl_id *stamp, const struct kl_lm3_classes *classes);

/* KL_E_MALFORMED, KL_E_VERSION. */
int kl_doc_lm3_sums_decode(
	struct kl_bytes bytes, struct kl_id *ret_stamp, struct kl_lm3_classes *ret_classes);

#endif
