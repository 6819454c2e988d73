#include "daemon/tenant_codes.h"
#include "core/bytes.h"
#include "core/enabled.h"
#include "core/words.h"

#include <ctype.h>
#include <string.h>

enum { SECTIONS = 'U' - 'A' + 1 };

static const char *section_spelling(const void *context, size_t index, size_t which)
{
	(void)context;
	return which == 0 ? kl_section_name((char)('A' + index)) : NULL;
}

int kl_which_section(const char *text, char *ret_section, struct kl_fault *fault)
{
	static const struct kl_words words = {SECTIONS, section_spelling, NULL};
	size_t index;
	int rc;

	if (!kl_sic_section_parse(text, ret_section))
		return KL_OK;
	rc = kl_words_find(&words, "industry", text, &index, fault);
	if (!rc)
		*ret_section = (char)('A' + index);
	return rc;
}

/* "B1a", "D2": a letter and a digit in front. */
static bool is_class(const char *text)
{
	return kl_words_equal(text, "sui generis") ||
	       (isalpha((unsigned char)text[0]) && isdigit((unsigned char)text[1]));
}

static int no_such_use(const char *text, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_NOT_FOUND, "the density table has no use '%s'", text);
	return kl_fault_hint(
		fault, "say the use class, such as B1a; keeplocal enabled factors shows the table");
}

static int several(const char *text, const char *one, const char *other, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_AMBIGUOUS, "'%s' may be use class %s or %s", text, one, other);
	return kl_fault_hint(fault, "say which of them");
}

int kl_which_use_class(const struct kl_density_table *table, char use_class[KL_USE_CLASS_MAX],
	struct kl_fault *fault)
{
	const struct kl_density_row *found = NULL;
	struct kl_density density;

	if (!use_class[0] || is_class(use_class) || !kl_density_find(table, use_class, &density))
		return KL_OK;
	for (unsigned i = 0; i < table->count; i++) {
		const struct kl_density_row *row = &table->rows[i];

		if (!kl_words_contain(row->use, use_class))
			continue;
		if (found && strcmp(found->use_class, row->use_class) != 0)
			return several(use_class, found->use_class, row->use_class, fault);
		found = row;
	}
	if (!found)
		return no_such_use(use_class, fault);
	(void)kl_copy_text(use_class, KL_USE_CLASS_MAX, found->use_class);
	return KL_OK;
}
