/* A social value policy as a table that people fill in: a row for each field, with what to write there.
 *
 * policy   the field, by the name or the label that core/policy.h has
 * answer   what is said; an empty one changes nothing
 * note     what to write; it is not read */
#ifndef KL_CLIENT_POLICY_FILE_H
#define KL_CLIENT_POLICY_FILE_H

#include "client/pack.h"
#include "client/sheet.h"
#include "core/policy.h"

/* Columns of such a table (template_policy.c draws them). */
const struct kl_column *kl_policy_columns(unsigned *ret_count);

struct kl_policy_file {
	char *assignments[KL_POLICY_FIELDS_MAX]; /* FIELD=VALUE; owned */
	size_t count;
};

/* Reads the current sheet to its end. KL_E_MALFORMED with row and column for what is no field, is said
 * twice or cannot be what the field says, and with the file for answers that contradict each other. */
int kl_policy_file_read(
	struct kl_sheet *sheet, struct kl_policy_file *ret_file, struct kl_fault *fault);
void kl_policy_file_deinit(struct kl_policy_file *file);

#endif
