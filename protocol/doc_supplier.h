/* Rows of a supplier table as they are uploaded and kept: parts (part.h) of
 *     [name, contact, email, place, spend_pence, sector, where, respent]
 * Contact, e-mail, place and the share spent again locally are nil when unknown; sector and where
 * are numbers of enum kl_sector and enum kl_where. */
#ifndef KL_PROTOCOL_DOC_SUPPLIER_H
#define KL_PROTOCOL_DOC_SUPPLIER_H

#include "core/lm3.h"
#include "protocol/wire.h"

void kl_doc_supplier_encode(struct kl_writer *w, const struct kl_supplier *supplier);

/* KL_E_MALFORMED, KL_E_TOO_BIG, or what kl_supplier_check() says. */
int kl_doc_supplier_decode(const struct kl_value *row, struct kl_supplier *ret_supplier);

#endif
