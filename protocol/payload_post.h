/* Payload of a lesson, a question or an answer: one msgpack map of the fields of core/post.h, and
 * "about" (the id of a record) in an answer; what is absent is left out. The kind of the record says
 * which of the three it is. A correction is the array [id of the record, the new payload]: the record
 * is a post of the same author, and the new payload takes the place of its own. */
#ifndef KL_PROTOCOL_PAYLOAD_POST_H
#define KL_PROTOCOL_PAYLOAD_POST_H

#include "core/post.h"
#include "protocol/wire.h"

/* KL_KIND_LESSON, _QUESTION or _ANSWER of a kind of post, and back; KL_E_NOT_FOUND for others. */
uint32_t kl_post_record_kind(enum kl_post_kind kind);
int kl_post_kind_of(uint32_t record_kind, enum kl_post_kind *ret_kind);

void kl_payload_post_write(struct kl_writer *w, const struct kl_post *post);

/* *ret_post is initialised by this; the caller calls kl_post_deinit(). KL_E_MALFORMED, KL_E_INVALID
 * with a sentence, KL_E_NOMEM. */
int kl_payload_post_read(struct kl_bytes payload, enum kl_post_kind kind, struct kl_post *ret_post,
	struct kl_fault *fault);

void kl_payload_correction_write(
	struct kl_writer *w, const struct kl_id *record, const struct kl_post *post);

/* *ret_payload is a view of the new payload, to be read as the kind of the record that it corrects.
 * KL_E_MALFORMED with a sentence. */
int kl_payload_correction_read(struct kl_bytes payload, struct kl_id *ret_record,
	struct kl_bytes *ret_payload, struct kl_fault *fault);

#endif
