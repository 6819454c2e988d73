/* Forms (core/form.h) as pairs of a msgpack map: texts as text, numbers and money as integers,
 * lists and sets of words as arrays of texts, yes and no as booleans; what is absent is left out. Words of
 * a set that are not known here are passed over when it is read: they belong to newer versions. */
#ifndef KL_PROTOCOL_PAYLOAD_FORM_H
#define KL_PROTOCOL_PAYLOAD_FORM_H

#include "core/form.h"
#include "protocol/wire.h"

bool kl_form_is_absent(const struct kl_form_field *field, const void *form);

/* Key and value. The field must not be absent. */
void kl_form_write(struct kl_writer *w, const struct kl_form_field *field, const void *form);

/* Reads the field if its key is there; `form` starts as zeros, and lists that were read are the
 * caller's to clear. KL_E_MALFORMED with a sentence, KL_E_NOMEM. The form of values is for
 * kl_form_check(). */
int kl_form_read(const struct kl_value *map, const struct kl_form_field *field, void *form,
	struct kl_fault *fault);

/* The same from the value of the key. */
int kl_form_read_value(const struct kl_value *value, const struct kl_form_field *field, void *form,
	struct kl_fault *fault);

#endif
