#include "client/xlsx.h"
#include "client/xlsx_rows.h"
#include "core/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRINGS_PART_MAX (UINT64_C(512) << 20)
#define STYLES_PART_MAX  (UINT64_C(64) << 20)

struct kl_xlsx {
	struct kl_archive *archive;
	struct kl_xlsx_tabs tabs;
	const struct kl_xlsx_tab *tab;
	struct kl_xlsx_shared shared;
	struct kl_packed *part; /* the sheet */
	struct kl_xlsx_rows *rows;
	bool failed;
	char name[272 + KL_XLSX_TAB_NAME_MAX];
};

/* Reads a part of the workbook that there may be. */
static int read_strings(struct kl_xlsx *x, struct kl_fault *fault)
{
	struct kl_packed *part;
	int rc;

	if (!x->tabs.strings[0])
		return KL_OK;
	rc = kl_packed_open(x->archive, x->tabs.strings, STRINGS_PART_MAX, fault, &part);
	if (rc)
		return rc;
	rc = kl_xlsx_strings_read(
		&x->shared.strings, kl_packed_source(part), STRINGS_PART_MAX, fault);
	kl_packed_close(part);
	return rc;
}

static int read_styles(struct kl_xlsx *x, struct kl_fault *fault)
{
	struct kl_packed *part;
	int rc;

	if (!x->tabs.styles[0])
		return KL_OK;
	rc = kl_packed_open(x->archive, x->tabs.styles, STYLES_PART_MAX, fault, &part);
	if (rc)
		return rc;
	rc = kl_xlsx_styles_read(&x->shared.styles, kl_packed_source(part), STYLES_PART_MAX, fault);
	kl_packed_close(part);
	return rc;
}

static void set_name(struct kl_xlsx *x, const char *path)
{
	char others[64];

	if (kl_xlsx_others(x, others, sizeof others))
		snprintf(x->name, sizeof x->name, "%.250s, sheet '%s'", path, x->tab->name);
	else
		(void)kl_copy_text(x->name, sizeof x->name, path);
}

/* A fault about the file as a whole, put behind its name. The code of a fault that names a missing
 * part is that of damage. */
static int at_file(struct kl_fault *fault, const char *path, int rc)
{
	if (!rc)
		return rc;
	kl_fault_at(fault, "%s", path);
	if (rc == KL_E_NOT_FOUND && fault)
		fault->code = KL_E_MALFORMED;
	return rc == KL_E_NOT_FOUND ? KL_E_MALFORMED : rc;
}

static int open_tab(struct kl_xlsx *x, const char *path, const char *tab, struct kl_fault *fault)
{
	int rc = at_file(fault, path, kl_xlsx_tabs_read(x->archive, fault, &x->tabs));

	if (!rc)
		rc = kl_xlsx_tabs_find(&x->tabs, path, tab, fault, &x->tab);
	if (rc)
		return rc;
	x->shared.since_1904 = x->tabs.since_1904;
	set_name(x, path);
	if ((rc = read_strings(x, fault)) || (rc = read_styles(x, fault)))
		return at_file(fault, path, rc);
	return kl_xlsx_rewind(x, fault);
}

int kl_xlsx_open(
	const char *path, const char *tab, struct kl_fault *fault, struct kl_xlsx **ret_xlsx)
{
	struct kl_xlsx *x = calloc(1, sizeof *x);
	int rc;

	if (!x)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	rc = kl_archive_open(path, fault, &x->archive);
	if (!rc)
		rc = open_tab(x, path, tab, fault);
	if (rc) {
		kl_xlsx_close(x);
		return rc;
	}
	*ret_xlsx = x;
	return KL_OK;
}

static void close_rows(struct kl_xlsx *x)
{
	kl_xlsx_rows_free(x->rows);
	kl_packed_close(x->part);
	x->rows = NULL;
	x->part = NULL;
}

void kl_xlsx_close(struct kl_xlsx *xlsx)
{
	if (!xlsx)
		return;
	close_rows(xlsx);
	kl_xlsx_strings_deinit(&xlsx->shared.strings);
	kl_xlsx_styles_deinit(&xlsx->shared.styles);
	kl_archive_close(xlsx->archive);
	free(xlsx);
}

const char *kl_xlsx_name(const struct kl_xlsx *xlsx)
{
	return xlsx->name;
}

const struct kl_xlsx_tab *kl_xlsx_tab(const struct kl_xlsx *xlsx)
{
	return xlsx->tab;
}

unsigned kl_xlsx_others(const struct kl_xlsx *xlsx, char *out, size_t size)
{
	return kl_xlsx_tabs_list(&xlsx->tabs, xlsx->tab, out, size);
}

int kl_xlsx_rewind(struct kl_xlsx *xlsx, struct kl_fault *fault)
{
	int rc;

	close_rows(xlsx);
	xlsx->failed = false;
	rc = kl_packed_open(xlsx->archive, xlsx->tab->part, KL_XLSX_SHEET_MAX, fault, &xlsx->part);
	if (!rc)
		rc = kl_xlsx_rows_new(
			kl_packed_source(xlsx->part), &xlsx->shared, fault, &xlsx->rows);
	return at_file(fault, xlsx->name, rc);
}

int kl_xlsx_next(struct kl_xlsx *xlsx, struct kl_csv_row *row, struct kl_fault *fault)
{
	int rc;

	if (xlsx->failed || !xlsx->rows)
		return 0;
	rc = kl_xlsx_rows_next(xlsx->rows, row, fault);
	if (rc >= 0)
		return rc;
	xlsx->failed = true;
	return at_file(fault, xlsx->name, rc);
}

const struct kl_xlsx_remarks *kl_xlsx_remarks(const struct kl_xlsx *xlsx)
{
	static const struct kl_xlsx_remarks none;

	return xlsx->rows ? kl_xlsx_rows_remarks(xlsx->rows) : &none;
}
