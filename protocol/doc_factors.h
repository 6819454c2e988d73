/* Factor tables as they are kept: one by one, as versions of a member's own tables, and all together
 * with the tenants that were reckoned with them. Maps have a fixed set of keys, "v" first. */
#ifndef KL_PROTOCOL_DOC_FACTORS_H
#define KL_PROTOCOL_DOC_FACTORS_H

#include "core/bytes.h"
#include "core/factors.h"
#include "protocol/wire.h"

/* Written is the latest; what tenants were reckoned with is read in the first form, too, so that a
 * member's periods survive a newer program. */
enum { KL_DOC_FACTORS_FIRST = 1, KL_DOC_FACTORS_VERSION = 2 };

/* Which tables new tenants are reckoned with: versions of this member's own, 0 being the table that
 * comes with the program, and the ratio. */
struct kl_factors_in_use {
	uint32_t density, gva;
	struct kl_gva_ratio ratio;
};

void kl_doc_factors_encode(struct kl_writer *w, const struct kl_factors *factors);
void kl_doc_density_encode(struct kl_writer *w, const struct kl_density_table *table);
void kl_doc_gva_encode(struct kl_writer *w, const struct kl_gva_table *table);
void kl_doc_in_use_encode(struct kl_writer *w, const struct kl_factors_in_use *in_use);

/* KL_E_MALFORMED, KL_E_TOO_BIG, KL_E_VERSION, or what the check of the struct says. */
int kl_doc_factors_decode(struct kl_bytes bytes, struct kl_factors *ret_factors);
int kl_doc_density_decode(struct kl_bytes bytes, struct kl_density_table *ret_table);
int kl_doc_gva_decode(struct kl_bytes bytes, struct kl_gva_table *ret_table);
int kl_doc_in_use_decode(struct kl_bytes bytes, struct kl_factors_in_use *ret_in_use);

#endif
