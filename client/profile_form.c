#include "client/profile_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD, VALUE, WHAT, WHO, EXPECTED, COLUMNS };

static const struct kl_column columns[COLUMNS] = {
	[FIELD] = {.name = "profile field", .aliases = {"field", NULL}, .required = true},
	[VALUE] = {.name = "value", .aliases = {"your value", NULL}, .required = true},
	[WHAT] = {.name = "what", .aliases = {"label", NULL}},
	[WHO] = {.name = "who says it", .aliases = {"who", NULL}},
	[EXPECTED] = {.name = "expected", .aliases = {NULL}},
};

const struct kl_column *kl_profile_form_columns(unsigned *ret_count)
{
	static struct kl_column known[COLUMNS];

	memcpy(known, columns, sizeof known);
	known[FIELD].aliases[0] = NULL;
	*ret_count = COLUMNS;
	return known;
}

void kl_profile_form_deinit(struct kl_profile_form_read *read)
{
	for (size_t i = 0; i < read->n; i++)
		free(read->assignments[i]);
	read->n = 0;
}

/* A fault about a value says what the field expects, and then where it stands. */
static int at_value(const struct kl_sheet *sheet, struct kl_fault *fault)
{
	kl_fault_at(fault, "%s, %s %u", kl_sheet_name(sheet), kl_sheet_word(sheet),
		kl_sheet_line(sheet));
	fault->code = KL_E_MALFORMED;
	return KL_E_MALFORMED;
}

/* Whether a field with this name was read before. */
static bool is_twice(const struct kl_profile_form_read *read, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < read->n; i++)
		if (!strncmp(read->assignments[i], name, len) && read->assignments[i][len] == '=')
			return true;
	return false;
}

/* `scratch` takes the values on trial. */
static int take_row(const struct kl_sheet *sheet, struct kl_profile *scratch,
	struct kl_profile_form_read *read, struct kl_fault *fault)
{
	char field[KL_SLUG_MAX * 2], value[KL_PROFILE_VALUE_MAX], shown[KL_PROFILE_VALUE_MAX];
	const char *name, *label;
	char *assignment;
	size_t i = 0, size;
	int rc = kl_sheet_check_row(sheet, fault);

	if (rc)
		return rc;
	if (!kl_one_line(kl_sheet_cell(sheet, FIELD), field, sizeof field) ||
		kl_profile_field_find(field, &i, fault))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, FIELD,
			"the name of a field, as keeplocal template profile writes it");
	if (!kl_one_line(kl_sheet_cell(sheet, VALUE), value, sizeof value))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, VALUE, "a shorter text");
	if (!value[0])
		return KL_OK;
	(void)kl_profile_field(scratch, i, &name, &label, shown, sizeof shown);
	if (is_twice(read, name) || read->n == KL_PROFILE_FORM_FIELDS_MAX)
		return kl_sheet_fault(
			sheet, fault, KL_E_MALFORMED, FIELD, "each field once: it stood above");
	if (kl_profile_set(scratch, name, value, fault))
		return at_value(sheet, fault);
	size = strlen(name) + strlen(value) + 2;
	assignment = malloc(size);
	if (!assignment)
		return kl_fault(fault, KL_E_NOMEM, "no memory for a profile");
	(void)snprintf(assignment, size, "%s=%s", name, value);
	read->assignments[read->n++] = assignment;
	return KL_OK;
}

static int read_rows(
	struct kl_sheet *sheet, struct kl_profile_form_read *read, struct kl_fault *fault)
{
	struct kl_profile scratch;
	int rc;

	kl_profile_init(&scratch);
	while ((rc = kl_sheet_next(sheet, fault)) == 1) {
		rc = take_row(sheet, &scratch, read, fault);
		if (rc)
			break;
	}
	kl_profile_deinit(&scratch);
	if (!rc && !read->n) {
		kl_fault(fault, KL_E_MALFORMED, "%s: no field has a value", kl_sheet_name(sheet));
		rc = kl_fault_hint(fault, "fill in the column 'value'");
	}
	return rc;
}

int kl_profile_form_read(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_profile_form_read *ret_read)
{
	struct kl_sheet *sheet;
	int rc = kl_sheet_open(path, tab, columns, COLUMNS, fault, &sheet);

	ret_read->n = 0;
	if (rc)
		return rc;
	rc = read_rows(sheet, ret_read, fault);
	ret_read->notes_count = kl_sheet_notes(sheet);
	for (unsigned i = 0; i < ret_read->notes_count; i++)
		(void)kl_copy_text(ret_read->notes[i], KL_SHEET_NOTE_MAX, kl_sheet_note(sheet, i));
	kl_sheet_close(sheet);
	if (rc)
		kl_profile_form_deinit(ret_read);
	return rc;
}
