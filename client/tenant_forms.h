/* Reads the forms that tenants filled in (`template tenant-form`): a table of question and answer for
 * each tenant, one file each.
 *
 * A question is known by its words, so that an anchor can put it in its own way: "turnover", "staff",
 * "floor space", "what do you do", "name". An empty answer is "not known". Section and use class are
 * judged from what the tenant says it does, as in tenants.h. */
#ifndef KL_CLIENT_TENANT_FORMS_H
#define KL_CLIENT_TENANT_FORMS_H

#include "client/sheet.h"
#include "core/enabled.h"
#include "protocol/wire.h"

#include <stddef.h>

/* Looks whether a file is such a form, by its columns; as kl_sheet_fit(). */
int kl_tenant_form_fit(
	const char *path, const char *tab, struct kl_fault *fault, struct kl_sheet_fit *ret_fit);

/* Reads one. KL_E_MALFORMED with file, line, what was found and what was expected; what
 * kl_sheet_open() says. *ret_sheet, to be closed, holds what there is to tell about the file. */
int kl_tenant_form_read(const char *path, const char *tab, const struct kl_activity_word *words,
	size_t word_count, struct kl_fault *fault, struct kl_tenant *ret_tenant,
	struct kl_sheet **ret_sheet);

/* The columns, as those of other tables: `*ret_count` of them. */
const struct kl_column *kl_tenant_form_columns(unsigned *ret_count);

#endif
