#include "client/import_kinds.h"
#include "client/answers.h"
#include "client/assessment_form.h"
#include "client/councils_file.h"
#include "client/lessons_file.h"
#include "client/observations.h"
#include "client/places_file.h"
#include "client/policy_file.h"
#include "client/profile_form.h"
#include "client/spend_columns.h"
#include "client/suppliers.h"
#include "client/tenant_forms.h"
#include "client/tenants.h"

#include <string.h>

static const struct kl_column *places_columns(unsigned *ret_count)
{
	*ret_count = kl_places_column_count;
	return kl_places_columns;
}

/* A file without dates can be brought in, but not be told from a table of suppliers. */
static const struct kl_column *spend_columns(unsigned *ret_count)
{
	static struct kl_column columns[KL_SPEND_COLUMNS];

	memcpy(columns, kl_spend_columns, sizeof columns);
	columns[KL_SPEND_COL_DATE].required = true;
	*ret_count = KL_SPEND_COLUMNS;
	return columns;
}

static const struct kl_column *assessment_columns(unsigned *ret_count)
{
	*ret_count = KL_FORM_COLUMNS;
	return kl_assessment_columns;
}

const struct kl_import_kind kl_import_kinds[] = {
	{"a table of where suppliers are", "spend places", NULL, KL_IMPORT_ONE, {"area", "sheet"},
		places_columns},
	{"a spending file", "spend import", NULL, KL_IMPORT_TOGETHER,
		{"area", "dates", "sheet", "again", "new-only"}, spend_columns},
	{"a table of tenants", "enabled import", NULL, KL_IMPORT_ONE,
		{"period", "instead", "sheet"}, kl_tenants_columns},
	{"a form that a tenant filled in", "enabled import", NULL, KL_IMPORT_TOGETHER,
		{"period", "instead", "sheet"}, kl_tenant_form_columns},
	{"the suppliers of an LM3 project", "lm3 import", "suppliers", KL_IMPORT_ONE, {"sheet"},
		kl_suppliers_columns},
	{"answers to the survey of an LM3 project", "lm3 import", "answers", KL_IMPORT_TOGETHER,
		{"skip-unknown", "sheet"}, kl_answers_columns},
	{"a filled-in assessment", "assess import", NULL, KL_IMPORT_TOGETHER,
		{"period", "place", "assessor", "sheet"}, assessment_columns},
	{"a table of observations", "indicator import", NULL, KL_IMPORT_EACH, {"sheet"},
		kl_observations_columns},
	{"a reference table of councils", "reference import", NULL, KL_IMPORT_ONE, {"sheet"},
		kl_councils_columns},
	{"a table of lessons", "lesson import", NULL, KL_IMPORT_EACH, {"sheet", "dry-run", "yes"},
		kl_lessons_columns},
	{"a social value policy", "policy import", NULL, KL_IMPORT_ONE, {"yes", "dry-run", "sheet"},
		kl_policy_columns},
	{"a filled-in profile", "profile import", NULL, KL_IMPORT_ONE, {"sheet", "yes", "dry-run"},
		kl_profile_form_columns},
	{.what = NULL},
};

/* ---- recognising --------------------------------------------------------------------------- */

/* Nothing that looks like a header: the reader itself says best why. */
static int unreadable(const char *path, const char *tab, struct kl_fault *fault)
{
	unsigned count;
	const struct kl_column *columns = kl_import_kinds[0].columns(&count);
	struct kl_sheet *sheet;
	int rc = kl_sheet_open(path, tab, columns, count, fault, &sheet);

	if (!rc) {
		kl_sheet_close(sheet);
		return kl_fault(fault, KL_E_MALFORMED, "%s: cannot be recognised", path);
	}
	return rc;
}

static int unknown(const char *path, const char *found, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_MALFORMED, "%s: is nothing that is known by its columns: %s", path,
		found);
	if (found[0] == '{')
		return kl_fault_hint(fault, "an assessment that was passed on is shown by: "
					    "keeplocal assess joint FILE");
	return kl_fault_hint(fault,
		"a spending file has supplier, amount and date; keeplocal template writes the "
		"others, and each has an import of its own");
}

static int unclear(const char *path, const struct kl_import_kind *a, const struct kl_import_kind *b,
	struct kl_fault *fault)
{
	kl_fault(fault, KL_E_AMBIGUOUS, "%s: may be %s, or %s", path, a->what, b->what);
	return kl_fault_hint(
		fault, "say which: keeplocal %s, or keeplocal %s", a->command, b->command);
}

int kl_import_recognise(const char *path, const char *tab, struct kl_fault *fault,
	const struct kl_import_kind **ret_kind, struct kl_sheet_fit *ret_fit)
{
	const struct kl_import_kind *best = NULL, *other = NULL;
	struct kl_sheet_fit fit = {.fits = false}, best_fit = {.fits = false};

	for (const struct kl_import_kind *k = kl_import_kinds; k->what; k++) {
		unsigned count;
		const struct kl_column *columns = k->columns(&count);
		int rc = kl_sheet_fit(path, tab, columns, count, fault, &fit);

		if (rc)
			return rc;
		if (!fit.fits || fit.known < best_fit.known)
			continue;
		other = fit.known == best_fit.known ? best : NULL;
		best = k;
		best_fit = fit;
	}
	if (!best)
		return fit.found[0] ? unknown(path, fit.found, fault)
				    : unreadable(path, tab, fault);
	if (other)
		return unclear(path, other, best, fault);
	*ret_kind = best;
	*ret_fit = best_fit;
	return KL_OK;
}
