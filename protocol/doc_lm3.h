/* LM3 projects as they are kept: one document for each project, which is either a ledger (its
 * suppliers stand in parts beside it) or a score worked out elsewhere; and one document that says
 * which project counts. All are maps with a fixed set of keys, "v" first; a key more or less is
 * malformed. Amounts are pence; what is not known is nil. */
#ifndef KL_PROTOCOL_DOC_LM3_H
#define KL_PROTOCOL_DOC_LM3_H

#include "core/bytes.h"
#include "core/lm3.h"
#include "protocol/wire.h"

#include <stdbool.h>

enum { KL_DOC_LM3_VERSION = 1 };

void kl_doc_lm3_ledger_encode(struct kl_writer *w, const struct kl_lm3_ledger *ledger);
void kl_doc_lm3_record_encode(struct kl_writer *w, const struct kl_lm3_record *record);

/* Which of both a project's document is. KL_E_MALFORMED, KL_E_VERSION. */
int kl_doc_lm3_is_record(struct kl_bytes bytes, bool *ret_is_record);

/* KL_E_MALFORMED, KL_E_TOO_BIG, KL_E_VERSION, or what the check of the struct says. */
int kl_doc_lm3_ledger_decode(struct kl_bytes bytes, struct kl_lm3_ledger *ret_ledger);
int kl_doc_lm3_record_decode(struct kl_bytes bytes, struct kl_lm3_record *ret_record);

/* The name of the project that counts. */
void kl_doc_lm3_use_encode(struct kl_writer *w, const char *project);
int kl_doc_lm3_use_decode(struct kl_bytes bytes, char ret_project[KL_NAME_MAX]);

#endif
