#include "client/factor_files.h"
#include "client/sheet.h"
#include "core/bytes.h"
#include "core/enabled.h"
#include "core/money.h"
#include "core/names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int missing_head(const struct kl_sheet *sheet, struct kl_fault *fault, const char *what)
{
	kl_fault(fault, KL_E_MALFORMED, "%s: has no row '%s' above the header",
		kl_sheet_name(sheet), what);
	return kl_fault_hint(
		fault, "a table says where it is from: rows 'name', 'source' and 'year' in front");
}

static int read_about(
	const struct kl_sheet *sheet, struct kl_fault *fault, struct kl_factor_about *ret_about)
{
	static const char *const heads[] = {"name", "source", "year"};
	const char *name = kl_sheet_title(sheet, "name"), *source = kl_sheet_title(sheet, "source");
	const char *year = kl_sheet_title(sheet, "year");
	struct kl_factor_about about = {.year = 0};

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (!kl_sheet_title(sheet, heads[i])[0])
			return missing_head(sheet, fault, heads[i]);
	if (strlen(year) != 4 || strspn(year, "0123456789") != 4)
		return kl_fault(fault, KL_E_MALFORMED,
			"%s: year: found '%.40s', expected a year such as 2015",
			kl_sheet_name(sheet), year);
	if (!kl_copy_text(about.name, sizeof about.name, name) ||
		!kl_copy_text(about.source, sizeof about.source, source))
		return kl_fault(fault, KL_E_TOO_BIG, "%s: its name or source is too long",
			kl_sheet_name(sheet));
	about.year = (uint16_t)strtoul(year, NULL, 10);
	*ret_about = about;
	return KL_OK;
}

static int too_many(const struct kl_sheet *sheet, struct kl_fault *fault, int max)
{
	return kl_fault(fault, KL_E_TOO_BIG, "%s: more than %d rows", kl_sheet_name(sheet), max);
}

static int at_file(int rc, const struct kl_sheet *sheet, struct kl_fault *fault)
{
	if (rc)
		kl_fault_at(fault, "%s", kl_sheet_name(sheet));
	return rc;
}

/* ---- densities ------------------------------------------------------------------------------- */

enum { D_CLASS, D_USE, D_LOW, D_HIGH, D_BASIS, D_COLUMNS };

static const struct kl_column density_columns[D_COLUMNS] = {
	[D_CLASS] = {"use_class", {"use class"}, true},
	[D_USE] = {"use", {NULL}, false},
	[D_LOW] = {"low_m2", {"m2 per fte", "density"}, true},
	[D_HIGH] = {"high_m2", {NULL}, true},
	[D_BASIS] = {"area_basis", {NULL}, false},
};

static int density_row(
	const struct kl_sheet *sheet, struct kl_density_row *row, struct kl_fault *fault)
{
	static const char metres[] = "square metres for each FTE, such as 13 or 17.5";
	const char *basis = kl_sheet_cell(sheet, D_BASIS);

	if (!kl_one_line(kl_sheet_cell(sheet, D_CLASS), row->use_class, sizeof row->use_class))
		return kl_sheet_fault(
			sheet, fault, KL_E_MALFORMED, D_CLASS, "a use class such as B1a");
	if (!kl_one_line(kl_sheet_cell(sheet, D_USE), row->use, sizeof row->use))
		return kl_sheet_fault(
			sheet, fault, KL_E_MALFORMED, D_USE, "at most 80 bytes of text");
	if (kl_floor_parse(kl_sheet_cell(sheet, D_LOW), &row->low) || row->low <= 0)
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, D_LOW, metres);
	if (kl_floor_parse(kl_sheet_cell(sheet, D_HIGH), &row->high))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, D_HIGH, metres);
	if (row->high < row->low)
		return kl_sheet_fault(
			sheet, fault, KL_E_MALFORMED, D_HIGH, "no less than low_m2 of the row");
	if (basis[0] && kl_area_basis_parse(basis, &row->basis))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, D_BASIS, "NIA, GIA or GEA");
	return KL_OK;
}

static int density_rows(
	struct kl_sheet *sheet, struct kl_density_table *table, struct kl_fault *fault)
{
	int rc = read_about(sheet, fault, &table->about);

	if (rc)
		return rc;
	while ((rc = kl_sheet_next(sheet, fault)) == 1) {
		if (table->count == KL_DENSITY_ROWS_MAX)
			return too_many(sheet, fault, KL_DENSITY_ROWS_MAX);
		rc = density_row(sheet, &table->rows[table->count], fault);
		if (rc)
			return rc;
		table->count++;
	}
	return rc ? rc : at_file(kl_density_table_check(table, fault), sheet, fault);
}

static int read_density(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_density_table *ret_table)
{
	struct kl_density_table table = {.count = 0};
	struct kl_sheet *sheet;
	int rc = kl_sheet_open(path, tab, density_columns, D_COLUMNS, fault, &sheet);

	if (rc)
		return rc;
	rc = density_rows(sheet, &table, fault);
	kl_sheet_close(sheet);
	if (!rc)
		*ret_table = table;
	return rc;
}

int kl_density_read(const char *path, struct kl_fault *fault, struct kl_density_table *ret_table)
{
	return read_density(path, NULL, fault, ret_table);
}

/* ---- GVA per job ----------------------------------------------------------------------------- */

enum { G_SECTION, G_INDUSTRY, G_GVA, G_JOBS, G_PER_JOB, G_CAUTION, G_COLUMNS };

static const struct kl_column gva_columns[G_COLUMNS] = {
	[G_SECTION] = {"section", {"sections", "sic section"}, true},
	[G_INDUSTRY] = {"industry", {NULL}, false},
	[G_GVA] = {"gva_million", {"gva"}, false},
	[G_JOBS] = {"jobs", {"employee jobs"}, false},
	[G_PER_JOB] = {"gva_per_job", {"gva per employee job", "gva per job (£)"}, false},
	[G_CAUTION] = {"caution", {NULL}, false},
};

static int read_caution(const char *text, unsigned *ret_cautions)
{
	static const struct {
		const char *text;
		unsigned caution;
	} known[] = {{"", 0}, {"lumped", KL_CAUTION_LUMPED}, {"imputed rent", KL_CAUTION_RENT}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].text, text) == 0) {
			*ret_cautions = known[i].caution;
			return KL_OK;
		}
	return KL_E_INVALID;
}

/* Millions over jobs, both read as hundredths: pence of GVA are million * 10^6, and jobs / 100 are
 * jobs. */
static int gva_over_jobs(
	const struct kl_sheet *sheet, struct kl_gva_row *row, struct kl_fault *fault)
{
	int64_t million = 0, jobs = 0;

	if (kl_money_parse(kl_sheet_cell(sheet, G_GVA), &million) || million <= 0 ||
		million > KL_MONEY_MAX / 1000)
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, G_GVA, "millions of pounds");
	if (kl_money_parse(kl_sheet_cell(sheet, G_JOBS), &jobs) || jobs <= 0 || jobs % 100)
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, G_JOBS, "a number of jobs");
	row->per_job = (int64_t)((double)million * 1e6 / ((double)jobs / 100.0) + 0.5);
	return KL_OK;
}

static int gva_row(const struct kl_sheet *sheet, struct kl_gva_row *row, struct kl_fault *fault)
{
	int rc;

	if (!kl_one_line(kl_sheet_cell(sheet, G_SECTION), row->sections, sizeof row->sections))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, G_SECTION, "letters A to U");
	if (read_caution(kl_sheet_cell(sheet, G_CAUTION), &row->cautions))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, G_CAUTION,
			"'lumped', 'imputed rent' or nothing");
	if (!kl_sheet_has(sheet, G_PER_JOB))
		return gva_over_jobs(sheet, row, fault);
	rc = kl_money_parse(kl_sheet_cell(sheet, G_PER_JOB), &row->per_job);
	if (rc || row->per_job <= 0)
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, G_PER_JOB,
			"pounds of GVA for each job, such as 81,300");
	return KL_OK;
}

static int check_gva_columns(const struct kl_sheet *sheet, struct kl_fault *fault)
{
	if (kl_sheet_has(sheet, G_PER_JOB) ||
		(kl_sheet_has(sheet, G_GVA) && kl_sheet_has(sheet, G_JOBS)))
		return KL_OK;
	kl_fault(fault, KL_E_MALFORMED, "%s: says of no section how much GVA a job brings",
		kl_sheet_name(sheet));
	return kl_fault_hint(
		fault, "a column 'gva_per_job' in pounds, or the columns 'gva_million' and 'jobs'");
}

static int gva_rows(struct kl_sheet *sheet, struct kl_gva_table *table, struct kl_fault *fault)
{
	int rc = read_about(sheet, fault, &table->about);

	if (!rc)
		rc = check_gva_columns(sheet, fault);
	if (rc)
		return rc;
	while ((rc = kl_sheet_next(sheet, fault)) == 1) {
		if (table->count == KL_GVA_ROWS_MAX)
			return too_many(sheet, fault, KL_GVA_ROWS_MAX);
		rc = gva_row(sheet, &table->rows[table->count], fault);
		if (rc)
			return rc;
		table->count++;
	}
	return rc ? rc : at_file(kl_gva_table_check(table, fault), sheet, fault);
}

static int read_gva(
	const char *path, const char *tab, struct kl_fault *fault, struct kl_gva_table *ret_table)
{
	struct kl_gva_table table = {.count = 0};
	struct kl_sheet *sheet;
	int rc = kl_sheet_open(path, tab, gva_columns, G_COLUMNS, fault, &sheet);

	if (rc)
		return rc;
	rc = gva_rows(sheet, &table, fault);
	kl_sheet_close(sheet);
	if (!rc)
		*ret_table = table;
	return rc;
}

int kl_gva_read(const char *path, struct kl_fault *fault, struct kl_gva_table *ret_table)
{
	return read_gva(path, NULL, fault, ret_table);
}

/* The reader whose columns fit. */
static int which_table(const char *path, const char *tab, struct kl_fault *fault, bool *ret_is_gva)
{
	struct kl_sheet_fit gva, density;
	int rc = kl_sheet_fit(path, tab, gva_columns, G_COLUMNS, fault, &gva);

	if (!rc)
		rc = kl_sheet_fit(path, tab, density_columns, D_COLUMNS, fault, &density);
	if (rc)
		return rc;
	if (!gva.fits && !density.fits) {
		kl_fault(fault, KL_E_MALFORMED,
			"%s: is neither a table of densities nor one of GVA for each job", path);
		return kl_fault_hint(fault,
			"densities: use_class, low_m2, high_m2; GVA: section, gva_per_job; above "
			"them rows name, source and year");
	}
	*ret_is_gva = gva.fits && (!density.fits || gva.known > density.known);
	return KL_OK;
}

int kl_factors_read(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_factors *factors, bool *ret_is_gva)
{
	bool is_gva = false;
	int rc = which_table(path, tab, fault, &is_gva);

	if (!rc)
		rc = is_gva ? read_gva(path, tab, fault, &factors->gva)
			    : read_density(path, tab, fault, &factors->density);
	if (!rc)
		*ret_is_gva = is_gva;
	return rc;
}

/* ---- words ----------------------------------------------------------------------------------- */

enum { W_WORD, W_SECTION, W_CLASS, W_COLUMNS };

static const struct kl_column word_columns[W_COLUMNS] = {
	[W_WORD] = {"word", {NULL}, true},
	[W_SECTION] = {"section", {NULL}, true},
	[W_CLASS] = {"use_class", {"use class"}, true},
};

static int word_row(
	const struct kl_sheet *sheet, struct kl_activity_word *word, struct kl_fault *fault)
{
	const char *section = kl_sheet_cell(sheet, W_SECTION);
	char key[KL_NAME_MAX];

	kl_name_key(kl_sheet_cell(sheet, W_WORD), key);
	if (!key[0] || !kl_copy_text(word->word, sizeof word->word, key))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, W_WORD, "one or a few words");
	if (section[0] && kl_sic_section_parse(section, &word->section))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, W_SECTION, "a section A to U");
	if (!kl_one_line(kl_sheet_cell(sheet, W_CLASS), word->use_class, sizeof word->use_class))
		return kl_sheet_fault(
			sheet, fault, KL_E_MALFORMED, W_CLASS, "a use class such as B1a");
	return KL_OK;
}

static int word_rows(struct kl_sheet *sheet, struct kl_activity_word *words, size_t *count,
	struct kl_fault *fault)
{
	struct kl_factor_about about;
	int rc = read_about(sheet, fault, &about);

	if (rc)
		return rc;
	while ((rc = kl_sheet_next(sheet, fault)) == 1) {
		if (*count == KL_WORDS_MAX)
			return too_many(sheet, fault, KL_WORDS_MAX);
		rc = word_row(sheet, &words[*count], fault);
		if (rc)
			return rc;
		++*count;
	}
	return rc;
}

int kl_activity_words_read(const char *path, struct kl_fault *fault,
	struct kl_activity_word **ret_words, size_t *ret_count)
{
	struct kl_activity_word *words = calloc(KL_WORDS_MAX, sizeof *words);
	struct kl_sheet *sheet;
	size_t count = 0;
	int rc;

	if (!words)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	rc = kl_sheet_open(path, NULL, word_columns, W_COLUMNS, fault, &sheet);
	if (!rc) {
		rc = word_rows(sheet, words, &count, fault);
		kl_sheet_close(sheet);
	}
	if (rc) {
		free(words);
		return rc;
	}
	*ret_words = words;
	*ret_count = count;
	return KL_OK;
}

int kl_data_path(const char *name, struct kl_fault *fault, char ret_path[KL_DATA_PATH_MAX])
{
	static const char *const places[] = {".", "../share/keeplocal"};
	char program[KL_DATA_PATH_MAX], path[KL_DATA_PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	char *slash;

	program[n > 0 ? n : 0] = '\0';
	slash = strrchr(program, '/');
	if (slash)
		*slash = '\0';
	for (size_t i = 0; i <= sizeof places / sizeof *places; i++) {
		int len =
			i < sizeof places / sizeof *places
				? snprintf(path, sizeof path, "%s/%s/%s", program, places[i], name)
				: snprintf(path, sizeof path, "%s/%s", KL_DATA_DIR, name);

		if (len < 0 || (size_t)len >= sizeof path || access(path, R_OK) != 0)
			continue;
		memcpy(ret_path, path, (size_t)len + 1);
		return KL_OK;
	}
	kl_fault(fault, KL_E_NOT_FOUND, "%s: the program's data file is not there", name);
	kl_fault_hint(fault, "it belongs into %s; install keeplocal again", KL_DATA_DIR);
	return KL_E_NOT_FOUND;
}
