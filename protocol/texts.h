/* All texts of a payload at once, whatever it says: what a member publishes is harmless to show
 * (core/harmless.h), by whichever command it was typed. */
#ifndef KL_PROTOCOL_TEXTS_H
#define KL_PROTOCOL_TEXTS_H

#include "core/bytes.h"
#include "core/error.h"

/* KL_E_INVALID if a text in the payload holds a character that would do harm, with a fault that names
 * its key and the character. What is no msgpack has no texts: KL_OK. */
int kl_texts_refuse_harmful(struct kl_bytes payload, struct kl_fault *fault);

#endif
