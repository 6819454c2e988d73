#include "core/factors.h"
#include "core/names.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const basis_names[KL_BASIS_COUNT] = {"unknown", "NIA", "GIA", "GEA"};

const char *kl_area_basis_name(enum kl_area_basis basis)
{
	return basis_names[basis];
}

int kl_area_basis_parse(const char *name, enum kl_area_basis *ret_basis)
{
	for (int i = 0; i < KL_BASIS_COUNT; i++)
		if (strcasecmp(basis_names[i], name) == 0) {
			*ret_basis = (enum kl_area_basis)i;
			return KL_OK;
		}
	return KL_E_INVALID;
}

/* First division of each section of UK SIC 2007; a section reaches up to the next. */
static const unsigned char first_division[] = {
	1, 5, 10, 35, 36, 41, 45, 49, 55, 58, 64, 68, 69, 77, 84, 85, 86, 90, 94, 97, 99};

/* Numbers between that no division has. */
static bool is_gap(unsigned division)
{
	static const unsigned char gaps[] = {4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89};

	return division == 0 || memchr(gaps, (int)division, sizeof gaps);
}

static int section_of_division(unsigned division, char *ret_section)
{
	size_t i = sizeof first_division;

	if (is_gap(division))
		return KL_E_INVALID;
	while (i && first_division[i - 1] > division)
		i--;
	*ret_section = (char)('A' + i - 1);
	return KL_OK;
}

int kl_sic_section_parse(const char *text, char *ret_section)
{
	char digits[6];
	size_t n = 0;

	while (isspace((unsigned char)*text))
		text++;
	if (isalpha((unsigned char)*text)) {
		char section = (char)toupper((unsigned char)*text++);

		while (isspace((unsigned char)*text))
			text++;
		if (*text || section < 'A' || section > 'U')
			return KL_E_INVALID;
		*ret_section = section;
		return KL_OK;
	}
	for (; *text; text++) {
		if (isspace((unsigned char)*text) || *text == '.' || *text == '/')
			continue;
		if (!isdigit((unsigned char)*text) || n == sizeof digits - 1)
			return KL_E_INVALID;
		digits[n++] = *text;
	}
	if (n < 2)
		return KL_E_INVALID;
	return section_of_division(
		(unsigned)((digits[0] - '0') * 10 + digits[1] - '0'), ret_section);
}

static int check_about(const struct kl_factor_about *about, struct kl_fault *fault)
{
	if (!about->name[0] || !about->source[0])
		return kl_fault(fault, KL_E_INVALID, "a factor table needs a name and a source");
	if (about->year < 1990 || about->year > 2200)
		return kl_fault(fault, KL_E_RANGE, "factor table '%s': the year %u is not one",
			about->name, about->year);
	return KL_OK;
}

static int check_gva_row(const struct kl_gva_row *row, uint32_t *seen, struct kl_fault *fault)
{
	if (!row->sections[0])
		return kl_fault(fault, KL_E_INVALID, "a row of the GVA table has no section");
	if (row->per_job <= 0 || row->per_job > KL_GVA_PER_JOB_MAX)
		return kl_fault(fault, KL_E_RANGE, "section %s: GVA for each job is out of range",
			row->sections);
	if (row->cautions & ~(unsigned)KL_CAUTION_ROW)
		return kl_fault(fault, KL_E_INVALID, "section %s: unknown caution", row->sections);
	for (const char *s = row->sections; *s; s++) {
		uint32_t bit;

		if (*s < 'A' || *s > 'U')
			return kl_fault(
				fault, KL_E_INVALID, "'%s' are no sections A to U", row->sections);
		bit = UINT32_C(1) << (*s - 'A');
		if (*seen & bit)
			return kl_fault(fault, KL_E_INVALID, "section %c stands twice", *s);
		*seen |= bit;
	}
	return KL_OK;
}

int kl_gva_table_check(const struct kl_gva_table *table, struct kl_fault *fault)
{
	int rc = check_about(&table->about, fault);
	uint32_t seen = 0;

	if (rc)
		return rc;
	if (!table->count || table->count > KL_GVA_ROWS_MAX)
		return kl_fault(fault, KL_E_RANGE, "a GVA table has 1 to %d rows", KL_GVA_ROWS_MAX);
	for (unsigned i = 0; i < table->count; i++) {
		rc = check_gva_row(&table->rows[i], &seen, fault);
		if (rc)
			return rc;
	}
	return KL_OK;
}

int kl_density_table_check(const struct kl_density_table *table, struct kl_fault *fault)
{
	int rc = check_about(&table->about, fault);

	if (rc)
		return rc;
	if (!table->count || table->count > KL_DENSITY_ROWS_MAX)
		return kl_fault(
			fault, KL_E_RANGE, "a density table has 1 to %d rows", KL_DENSITY_ROWS_MAX);
	for (unsigned i = 0; i < table->count; i++) {
		const struct kl_density_row *row = &table->rows[i];

		if (!row->use_class[0])
			return kl_fault(fault, KL_E_INVALID, "a density has no use class");
		if (row->low <= 0 || row->low > row->high || row->high > 1000000)
			return kl_fault(fault, KL_E_RANGE, "use class %s: density out of range",
				row->use_class);
	}
	return KL_OK;
}

int kl_gva_ratio_check(const struct kl_gva_ratio *ratio, struct kl_fault *fault)
{
	if (!ratio->stated)
		return KL_OK;
	if (!(ratio->share > 0.0 && ratio->share <= 1.0))
		return kl_fault(fault, KL_E_RANGE,
			"the share of turnover that is value added lies above 0 and is at most 1");
	if (!ratio->source[0])
		return kl_fault(fault, KL_E_INVALID, "a ratio needs its source");
	if (ratio->year < 1990 || ratio->year > 2200)
		return kl_fault(fault, KL_E_RANGE, "the year %u of a ratio is out of range",
			(unsigned)ratio->year);
	return KL_OK;
}

const struct kl_gva_row *kl_gva_find(const struct kl_gva_table *table, char section)
{
	for (unsigned i = 0; section && i < table->count; i++)
		if (strchr(table->rows[i].sections, section))
			return &table->rows[i];
	return NULL;
}

int kl_density_find(
	const struct kl_density_table *table, const char *use_class, struct kl_density *ret_density)
{
	struct kl_density d = {0};

	for (unsigned i = 0; i < table->count; i++) {
		const struct kl_density_row *row = &table->rows[i];

		if (strcasecmp(row->use_class, use_class) != 0)
			continue;
		if (!d.high) {
			d = (struct kl_density){row->low, row->high, row->basis};
			continue;
		}
		d.low = row->low < d.low ? row->low : d.low;
		d.high = row->high > d.high ? row->high : d.high;
		d.basis = row->basis == d.basis ? d.basis : KL_BASIS_UNKNOWN;
	}
	if (!d.high)
		return KL_E_NOT_FOUND;
	*ret_density = d;
	return KL_OK;
}

static bool is_inside_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool occurs(const char *text, const char *word, size_t len)
{
	for (const char *at = text; (at = strstr(at, word)); at++) {
		const char *end = at + len;

		if (at > text && is_inside_word(at[-1]))
			continue;
		if (*end == 's')
			end++;
		if (!is_inside_word(*end))
			return true;
	}
	return false;
}

const struct kl_activity_word *kl_activity_judge(
	const struct kl_activity_word *words, size_t count, const char *activity)
{
	const struct kl_activity_word *best = NULL;
	char text[KL_NAME_MAX];
	size_t best_len = 0;

	kl_name_key(activity, text);
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(words[i].word);

		if (len > best_len && occurs(text, words[i].word, len)) {
			best = &words[i];
			best_len = len;
		}
	}
	return best;
}
