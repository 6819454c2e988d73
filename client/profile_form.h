/* A filled-in table of a profile: a row for each field, by its name or its label, and its value.
 *
 * Rows without a value leave their field as it is. Every value is read here already, so that a fault
 * names file, line and column; what the fields mean only the daemon decides. */
#ifndef KL_CLIENT_PROFILE_FORM_H
#define KL_CLIENT_PROFILE_FORM_H

#include "client/sheet.h"
#include "core/profile.h"

enum {
	KL_PROFILE_FORM_FIELDS_MAX = 64,
	KL_ASSIGNMENT_MAX = KL_SLUG_MAX + KL_PROFILE_VALUE_MAX,
};

struct kl_profile_form_read {
	size_t n;
	char *assignments[KL_PROFILE_FORM_FIELDS_MAX]; /* "population=211439", malloc'd */
	char notes[KL_SHEET_NOTES_MAX][KL_SHEET_NOTE_MAX];
	unsigned notes_count;
};

/* Reads all of a file. KL_E_MALFORMED with file, line and column; KL_E_MALFORMED too if no field has a
 * value. What kl_sheet_open() says. Free with kl_profile_form_deinit(). */
int kl_profile_form_read(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_profile_form_read *ret_read);
void kl_profile_form_deinit(struct kl_profile_form_read *read);

/* The columns, for telling what a file is: there, `profile field` must be called so. */
const struct kl_column *kl_profile_form_columns(unsigned *ret_count);

#endif
