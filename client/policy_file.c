#include "client/policy_file.h"
#include "core/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD, ANSWER, NOTE, COLUMNS };

static const struct kl_column columns[COLUMNS] = {
	[FIELD] = {"social value policy", {"policy field", NULL}, true},
	[ANSWER] = {"answer", {NULL}, true},
	[NOTE] = {"what to write", {NULL}, false},
};

const struct kl_column *kl_policy_columns(unsigned *ret_count)
{
	*ret_count = COLUMNS;
	return columns;
}

/* What core told, at its place in the file. */
static int at_cell(const struct kl_sheet *sheet, struct kl_fault *fault, unsigned column)
{
	(void)kl_fault_at(fault, "%s, %s %u, column '%s'", kl_sheet_name(sheet),
		kl_sheet_word(sheet), (unsigned)kl_sheet_line(sheet), columns[column].name);
	if (fault->code != KL_E_NOMEM)
		fault->code = KL_E_MALFORMED;
	return fault->code;
}

static int check_once(const struct kl_sheet *sheet, const struct kl_policy_file *file,
	const char *field, struct kl_fault *fault)
{
	size_t len = strlen(field);

	for (size_t i = 0; i < file->count; i++)
		if (!strncmp(file->assignments[i], field, len) && file->assignments[i][len] == '=')
			return kl_sheet_fault(
				sheet, fault, KL_E_MALFORMED, FIELD, "each field once");
	return KL_OK;
}

static int keep(
	struct kl_policy_file *file, const char *field, const char *answer, struct kl_fault *fault)
{
	size_t size = strlen(field) + strlen(answer) + 2;
	char *assignment = malloc(size);

	if (!assignment)
		return kl_fault(fault, KL_E_NOMEM, "no memory for a policy");
	(void)snprintf(assignment, size, "%s=%s", field, answer);
	file->assignments[file->count++] = assignment;
	return KL_OK;
}

static int read_row(const struct kl_sheet *sheet, struct kl_policy *policy,
	struct kl_policy_file *file, struct kl_fault *fault)
{
	const char *answer = kl_sheet_cell(sheet, ANSWER);
	char field[KL_SLUG_MAX];
	size_t index;
	int rc = kl_sheet_check_row(sheet, fault);

	if (rc || !answer[0])
		return rc;
	if (!kl_one_line(kl_sheet_cell(sheet, FIELD), field, sizeof field) || !field[0])
		return kl_sheet_fault(
			sheet, fault, KL_E_MALFORMED, FIELD, "a field of the form, such as status");
	if (kl_policy_field(field, &index, fault))
		return at_cell(sheet, fault, FIELD);
	rc = check_once(sheet, file, kl_policy_form.fields[index].name, fault);
	if (!rc && kl_policy_set(policy, field, answer, fault))
		rc = at_cell(sheet, fault, ANSWER);
	return rc ? rc : keep(file, kl_policy_form.fields[index].name, answer, fault);
}

/* Something is said, and nothing that contradicts something else. */
static int check_whole(const struct kl_sheet *sheet, const struct kl_policy *policy,
	const struct kl_policy_file *file, struct kl_fault *fault)
{
	if (!file->count) {
		(void)kl_fault(
			fault, KL_E_MALFORMED, "%s: nothing is filled in", kl_sheet_name(sheet));
		return kl_fault_hint(fault, "answers go into the column 'answer'");
	}
	if (!kl_policy_check(policy, fault))
		return KL_OK;
	(void)kl_fault_at(fault, "%s", kl_sheet_name(sheet));
	return fault->code = KL_E_MALFORMED;
}

int kl_policy_file_read(
	struct kl_sheet *sheet, struct kl_policy_file *ret_file, struct kl_fault *fault)
{
	struct kl_policy_file file = {.count = 0};
	struct kl_policy policy;
	int rc;

	kl_policy_init(&policy);
	while ((rc = kl_sheet_next(sheet, fault)) > 0) {
		rc = read_row(sheet, &policy, &file, fault);
		if (rc)
			break;
	}
	if (!rc)
		rc = check_whole(sheet, &policy, &file, fault);
	kl_policy_deinit(&policy);
	if (rc)
		kl_policy_file_deinit(&file);
	else
		*ret_file = file;
	return rc;
}

void kl_policy_file_deinit(struct kl_policy_file *file)
{
	for (size_t i = 0; i < file->count; i++)
		free(file->assignments[i]);
	*file = (struct kl_policy_file){.count = 0};
}
