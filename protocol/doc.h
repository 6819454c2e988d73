/* What the codecs of private documents share: each document is one map with "v" and a fixed set of
 * keys; one more or less is malformed. */
#ifndef KL_PROTOCOL_DOC_H
#define KL_PROTOCOL_DOC_H

#include "core/bytes.h"
#include "core/error.h"
#include "core/period.h"
#include "protocol/wire.h"

#include <stddef.h>
#include <stdint.h>

/* Opens a document of `keys` keys (0: any number) whose "v" is `version`. KL_E_MALFORMED,
 * KL_E_TOO_BIG, KL_E_VERSION. */
int kl_doc_open(struct kl_bytes bytes, uint64_t version, uint32_t keys, struct kl_value *ret_map);

/* A document that lacks a key is malformed, not "not found"; other codes stay. */
int kl_doc_strict(int rc);

/* One line of text, not empty. */
int kl_doc_line(const struct kl_value *map, const char *key, char *out, size_t size);

/* A period under the key "period", in its canonical form. */
void kl_doc_put_period(struct kl_writer *w, struct kl_period period);
int kl_doc_period(const struct kl_value *map, struct kl_period *ret_period);

/* Text that may be absent: nil for an empty one, and back. */
void kl_doc_put_optional(struct kl_writer *w, const char *key, const char *text);
int kl_doc_optional(const struct kl_value *map, const char *key, char *out, size_t size);

/* KL_E_MALFORMED, with a fault that names `what` it is, unless the writer holds exactly `bytes`. A
 * document that is written again after reading needs no other proof of its form: no unknown key,
 * second spelling or leftover can hide in it. */
int kl_doc_same(struct kl_bytes bytes, const struct kl_writer *again, const char *what,
	struct kl_fault *fault);

/* A fault for a document that could not be opened or read, in words that fit its code. */
int kl_doc_fault(struct kl_fault *fault, int code, const char *what);

#endif
