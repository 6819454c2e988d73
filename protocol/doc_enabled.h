/* Enabled contribution as it is kept: tenants in parts (part.h), and totals recorded without tenants.
 * Maps have a fixed set of keys, "v" first; a key more or less is malformed. What is not known is nil,
 * never 0.
 *
 * A row of tenants is
 *     [name, activity, floor_tenths, turnover_pence, fte_tenths, gva_pence, section, use_class,
 *      section_judged, use_class_judged, area_basis]
 * where section is a letter and area_basis a number of enum kl_area_basis. */
#ifndef KL_PROTOCOL_DOC_ENABLED_H
#define KL_PROTOCOL_DOC_ENABLED_H

#include "core/bytes.h"
#include "core/enabled.h"
#include "protocol/wire.h"

enum { KL_DOC_ENABLED_VERSION = 1 };

void kl_doc_tenant_encode(struct kl_writer *w, const struct kl_tenant *tenant);
void kl_doc_enabled_record_encode(struct kl_writer *w, const struct kl_enabled_record *record);

/* KL_E_MALFORMED, KL_E_TOO_BIG, KL_E_VERSION, or what the check of the struct says. */
int kl_doc_tenant_decode(const struct kl_value *row, struct kl_tenant *ret_tenant);
int kl_doc_enabled_record_decode(struct kl_bytes bytes, struct kl_enabled_record *ret_record);

#endif
