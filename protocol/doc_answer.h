/* Rows of the survey of an LM3 project as they are uploaded and kept, in parts (part.h):
 *     answers   [supplier, respent, where]   where is a number of enum kl_where
 *     asked     [supplier]                   who was sent a letter; when, the import says */
#ifndef KL_PROTOCOL_DOC_ANSWER_H
#define KL_PROTOCOL_DOC_ANSWER_H

#include "core/lm3.h"
#include "protocol/wire.h"

void kl_doc_answer_encode(struct kl_writer *w, const struct kl_lm3_answer *answer);

/* KL_E_MALFORMED, KL_E_TOO_BIG, or what kl_lm3_answer_check() says. */
int kl_doc_answer_decode(const struct kl_value *row, struct kl_lm3_answer *ret_answer);

void kl_doc_asked_encode(struct kl_writer *w, const char *supplier);

/* KL_E_MALFORMED, KL_E_TOO_BIG. */
int kl_doc_asked_decode(const struct kl_value *row, char ret_supplier[KL_NAME_MAX]);

#endif
