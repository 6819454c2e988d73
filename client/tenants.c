#include "client/tenants.h"
#include "client/figure_cell.h"
#include "client/part_feed.h"
#include "core/bytes.h"
#include "core/money.h"
#include "core/names.h"
#include "core/spend.h"
#include "protocol/doc_enabled.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAME, ACTIVITY, FLOOR, TURNOVER, STAFF, SIC, USE_CLASS, BASIS, GVA, COLUMNS };

static const struct kl_column columns[COLUMNS] = {
	[NAME] = {"tenant", {"tenant name", "name", "organisation", "company"}, true},
	[ACTIVITY] = {"activity", {"activity type", "what they do", "business", "activities"},
		false},
	[FLOOR] = {"floor_space_m2",
		{"floor space", "floorspace", "floor area", "area m2", "sqm", "m2", "floorspace m2",
			"floor space (sqm)"},
		false},
	[TURNOVER] = {"turnover", {"annual turnover", "turnover (£)", "income"}, false},
	[STAFF] = {"staff_fte",
		{"staff", "fte", "employees", "employees fte", "jobs", "staff (fte)"}, false},
	[SIC] = {"sic", {"sic code", "sic section", "sic 2007", "section"}, false},
	[USE_CLASS] = {"use_class", {"use", "hca code", "planning use class"}, false},
	[BASIS] = {"area_basis", {"measured", "floor space basis", "basis"}, false},
	[GVA] = {"gva", {"gross value added", "gva (£)"}, false},
};

struct kl_tenants {
	struct kl_sheet *sheet;
	struct kl_part_feed feed;
	const struct kl_activity_word *words;
	size_t word_count;
	struct kl_names *names;
	uint32_t rows, judged, twice;
	uint32_t totals, first_total; /* rows that are no tenants */
	uint32_t rounded;             /* figures with more decimals than are kept */
	bool ended;
};

static int feed_row(void *data, struct kl_writer *row, struct kl_fault *fault)
{
	struct kl_tenant tenant;
	int rc = kl_tenants_next(data, fault, &tenant);

	if (rc == 1)
		kl_doc_tenant_encode(row, &tenant);
	return rc;
}

int kl_tenants_open(const char *path, const char *tab, const struct kl_activity_word *words,
	size_t word_count, struct kl_fault *fault, struct kl_tenants **ret_tenants)
{
	struct kl_tenants *t = calloc(1, sizeof *t);
	int rc;

	if (!t)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	kl_part_feed_init(&t->feed, feed_row, t);
	t->words = words;
	t->word_count = word_count;
	t->names = kl_names_new();
	rc = t->names ? kl_sheet_open(path, tab, columns, COLUMNS, fault, &t->sheet)
		      : kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	if (rc) {
		kl_tenants_close(t);
		return rc;
	}
	*ret_tenants = t;
	return KL_OK;
}

void kl_tenants_close(struct kl_tenants *tenants)
{
	if (!tenants)
		return;
	kl_part_feed_deinit(&tenants->feed);
	kl_sheet_close(tenants->sheet);
	kl_names_destroy(tenants->names);
	free(tenants);
}

/* Reads a cell that may be empty. */
static int figure(const struct kl_sheet *sheet, unsigned column, const struct kl_figure *what,
	struct kl_fault *fault, bool *ret_has, int64_t *ret_value, uint32_t *rounded)
{
	bool is_rounded;
	int rc;

	if (!kl_sheet_cell(sheet, column)[0])
		return KL_OK;
	rc = kl_figure_read(sheet, column, what, fault, ret_value, &is_rounded);
	if (rc)
		return rc;
	*ret_has = true;
	*rounded += is_rounded;
	return KL_OK;
}

static int read_figures(const struct kl_sheet *sheet, struct kl_tenant *t, uint32_t *rounded,
	struct kl_fault *fault)
{
	static const struct kl_figure
		floor_space = {kl_floor_parse, 1,
			"square metres such as 120 or 85.5, or nothing if not known"},
		money = {kl_money_parse, 2,
			"an amount in pounds such as 120,000, or nothing if not known"},
		staff = {kl_fte_parse, 1,
			"full-time equivalents such as 4 or 4.5, or nothing if not known"};
	int rc;

	if ((rc = figure(sheet, FLOOR, &floor_space, fault, &t->has_floor, &t->floor, rounded)) ||
		(rc = figure(sheet, TURNOVER, &money, fault, &t->has_turnover, &t->turnover,
			 rounded)) ||
		(rc = figure(sheet, STAFF, &staff, fault, &t->has_fte, &t->fte, rounded)) ||
		(rc = figure(sheet, GVA, &money, fault, &t->has_gva, &t->gva, rounded)))
		return rc;
	return KL_OK;
}

static int read_codes(const struct kl_sheet *sheet, struct kl_tenant *t, struct kl_fault *fault)
{
	const char *sic = kl_sheet_cell(sheet, SIC), *basis = kl_sheet_cell(sheet, BASIS);

	if (sic[0] && kl_sic_section_parse(sic, &t->section))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, SIC,
			"a section A to U or a code of SIC 2007 such as 56.10");
	if (!kl_one_line(kl_sheet_cell(sheet, USE_CLASS), t->use_class, sizeof t->use_class))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, USE_CLASS,
			"a use class of the planning system such as B1a");
	if (basis[0] && kl_area_basis_parse(basis, &t->basis))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, BASIS,
			"NIA, GIA, GEA or nothing if not known");
	return KL_OK;
}

static int read_row(const struct kl_sheet *sheet, struct kl_tenant *t, uint32_t *rounded,
	struct kl_fault *fault)
{
	int rc = kl_sheet_check_row(sheet, fault);

	if (rc)
		return rc;
	if (!kl_one_line(kl_sheet_cell(sheet, NAME), t->name, sizeof t->name) || !t->name[0])
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, NAME,
			"the name of a tenant, at most 200 bytes");
	if (!kl_one_line(kl_sheet_cell(sheet, ACTIVITY), t->activity, sizeof t->activity))
		return kl_sheet_fault(
			sheet, fault, KL_E_TOO_BIG, ACTIVITY, "a few words, at most 200 bytes");
	if ((rc = read_figures(sheet, t, rounded, fault)) || (rc = read_codes(sheet, t, fault)))
		return rc;
	return KL_OK;
}

static int try_row(const struct kl_sheet *sheet, void *data)
{
	struct kl_tenant tenant = {.section = 0};
	uint32_t rounded = 0;

	(void)data;
	return read_row(sheet, &tenant, &rounded, NULL);
}

static int check_end(struct kl_tenants *t, struct kl_fault *fault)
{
	if (!t->rows)
		return kl_fault(fault, KL_E_MALFORMED, "%s: has no tenants below its header",
			kl_sheet_name(t->sheet));
	if (t->totals)
		kl_sheet_tell(t->sheet, "%u row%s a total and %s not read, first %s %u", t->totals,
			t->totals == 1 ? " calls itself" : "s call themselves",
			t->totals == 1 ? "is" : "are", kl_sheet_word(t->sheet), t->first_total);
	if (t->rounded)
		kl_sheet_tell(t->sheet,
			"%u figure%s rounded: floor space and staff to a tenth, amounts to a penny",
			t->rounded, t->rounded == 1 ? " was" : "s were");
	if (t->twice)
		kl_sheet_tell(t->sheet, "%u tenant%s more than once: each row counts", t->twice,
			t->twice == 1 ? " stands here" : "s stand here");
	if (t->judged)
		kl_sheet_tell(t->sheet,
			"%u tenant%s put into a SIC section or use class by our table of "
			"words: keeplocal enabled tenants shows how, 'sic' and 'use_class' decide",
			t->judged, t->judged == 1 ? " was" : "s were");
	return 0;
}

static int count_in(struct kl_tenants *t, struct kl_tenant *tenant, struct kl_fault *fault)
{
	struct kl_names_found found;

	if (t->rows == KL_TENANTS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "%s: more than %d tenants",
			kl_sheet_name(t->sheet), KL_TENANTS_MAX);
	if (kl_names_add(t->names, tenant->name, &found))
		return kl_fault(fault, KL_E_NOMEM, "no memory for more tenants");
	t->twice += !found.added;
	t->rows++;
	t->judged += kl_tenant_judge(tenant, t->words, t->word_count);
	return 1;
}

/* As kl_tenants_next(). */
static int read_next(struct kl_tenants *t, struct kl_fault *fault, struct kl_tenant *ret)
{
	for (;;) {
		int rc = kl_sheet_next(t->sheet, fault);

		if (rc != 1)
			return rc ? rc : check_end(t, fault);
		*ret = (struct kl_tenant){.section = 0};
		if (read_row(t->sheet, ret, &t->rounded, fault))
			return kl_sheet_look_on(t->sheet, try_row, NULL, fault);
		if (!kl_spend_is_total(ret->name))
			return count_in(t, ret, fault);
		if (!t->totals++)
			t->first_total = kl_sheet_line(t->sheet);
	}
}

int kl_tenants_next(struct kl_tenants *t, struct kl_fault *fault, struct kl_tenant *ret_tenant)
{
	struct kl_tenant tenant;
	struct kl_fault own = {0};
	int rc;

	if (t->ended)
		return 0;
	rc = read_next(t, fault ? fault : &own, &tenant);
	t->ended = rc != 1;
	if (rc == 1)
		*ret_tenant = tenant;
	return rc;
}

int kl_tenants_part(void *data, struct kl_writer *rows, struct kl_fault *fault)
{
	struct kl_tenants *tenants = data;

	return kl_part_feed_next(&tenants->feed, rows, fault);
}

uint32_t kl_tenants_rows(const struct kl_tenants *tenants)
{
	return tenants->rows;
}

const struct kl_sheet *kl_tenants_sheet(const struct kl_tenants *tenants)
{
	return tenants->sheet;
}

const struct kl_column *kl_tenants_columns(unsigned *ret_count)
{
	*ret_count = COLUMNS;
	return columns;
}
