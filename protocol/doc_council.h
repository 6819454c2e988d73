/* A reference table of councils as it is uploaded and kept: parts (part.h), each row
 *     [gss, name, short name | nil, letters | nil, county | nil, type | nil, region | nil,
 *      rural_urban | nil, population | nil, population_year | nil, area | nil, latitude | nil,
 *      longitude | nil, quintile | nil, decile | nil, score | nil, urban | nil, rural | nil,
 *      remote | nil]
 * in the units of core/council.h. */
#ifndef KL_PROTOCOL_DOC_COUNCIL_H
#define KL_PROTOCOL_DOC_COUNCIL_H

#include "core/council.h"
#include "protocol/wire.h"

void kl_doc_council_encode(struct kl_writer *w, const struct kl_council *council);

/* KL_E_MALFORMED, KL_E_TOO_BIG, or what kl_council_check() says. */
int kl_doc_council_decode(const struct kl_value *row, struct kl_council *ret_council);

#endif
