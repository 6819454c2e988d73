#include "protocol/doc_enabled.h"
#include "core/error.h"
#include "protocol/doc.h"
#include "protocol/part.h"

#include <string.h>

enum { TENANT_ITEMS = 11, RECORD_KEYS = 5, FACTORS_KEYS = 3, TABLE_KEYS = 4 };

void kl_doc_tenant_encode(struct kl_writer *w, const struct kl_tenant *t)
{
	const char section[2] = {t->section, '\0'};

	kl_write_array(w, TENANT_ITEMS);
	kl_write_text(w, t->name);
	kl_write_maybe_text(w, t->activity);
	kl_write_maybe_int(w, t->has_floor, t->floor);
	kl_write_maybe_int(w, t->has_turnover, t->turnover);
	kl_write_maybe_int(w, t->has_fte, t->fte);
	kl_write_maybe_int(w, t->has_gva, t->gva);
	kl_write_maybe_text(w, section);
	kl_write_maybe_text(w, t->use_class);
	kl_write_bool(w, t->section_judged);
	kl_write_bool(w, t->use_class_judged);
	kl_write_uint(w, t->basis);
}

int kl_doc_tenant_decode(const struct kl_value *row, struct kl_tenant *ret_tenant)
{
	struct kl_tenant t = {.section = 0};
	struct kl_cursor values;
	uint64_t basis;
	char section[2];
	int rc;

	if ((rc = kl_row_open(row, TENANT_ITEMS, &values)) ||
		(rc = kl_row_text(&values, false, t.name, sizeof t.name)) ||
		(rc = kl_row_text(&values, true, t.activity, sizeof t.activity)) ||
		(rc = kl_row_maybe_int(&values, &t.has_floor, &t.floor)) ||
		(rc = kl_row_maybe_int(&values, &t.has_turnover, &t.turnover)) ||
		(rc = kl_row_maybe_int(&values, &t.has_fte, &t.fte)) ||
		(rc = kl_row_maybe_int(&values, &t.has_gva, &t.gva)) ||
		(rc = kl_row_text(&values, true, section, sizeof section)) ||
		(rc = kl_row_text(&values, true, t.use_class, sizeof t.use_class)) ||
		(rc = kl_row_bool(&values, &t.section_judged)) ||
		(rc = kl_row_bool(&values, &t.use_class_judged)) ||
		(rc = kl_row_uint(&values, KL_BASIS_COUNT - 1, &basis)))
		return rc;
	t.section = section[0];
	t.basis = (enum kl_area_basis)basis;
	rc = kl_tenant_check(&t, NULL);
	if (rc)
		return rc;
	*ret_tenant = t;
	return KL_OK;
}

/* ---- recorded totals ------------------------------------------------------------------------- */

/* A figure is nil or [value, method, confidence]. */
static void put_figure(struct kl_writer *w, const char *key, bool has, int64_t value,
	enum kl_method method, enum kl_confidence confidence)
{
	if (!has) {
		kl_put_nil(w, key);
		return;
	}
	kl_put_array(w, key, 3);
	kl_write_int(w, value);
	kl_write_text(w, kl_method_name(method));
	kl_write_text(w, kl_confidence_name(confidence));
}

static int get_figure(const struct kl_value *map, const char *key, bool *ret_has,
	int64_t *ret_value, enum kl_method *ret_method, enum kl_confidence *ret_confidence)
{
	char method[16], confidence[16];
	struct kl_cursor values;
	struct kl_value v;
	int rc = kl_map_get(map, key, &v);

	if (rc)
		return rc;
	*ret_has = v.type != KL_WIRE_NIL;
	if (!*ret_has)
		return KL_OK;
	if ((rc = kl_row_open(&v, 3, &values)) || (rc = kl_row_int(&values, ret_value)) ||
		(rc = kl_row_text(&values, false, method, sizeof method)) ||
		(rc = kl_row_text(&values, false, confidence, sizeof confidence)))
		return rc;
	if (kl_method_parse(method, ret_method) ||
		strcmp(kl_method_name(*ret_method), method) != 0 ||
		kl_confidence_parse(confidence, ret_confidence) ||
		strcmp(kl_confidence_name(*ret_confidence), confidence) != 0)
		return KL_E_MALFORMED;
	return KL_OK;
}

void kl_doc_enabled_record_encode(struct kl_writer *w, const struct kl_enabled_record *r)
{
	kl_write_map(w, RECORD_KEYS);
	kl_put_uint(w, "v", KL_DOC_ENABLED_VERSION);
	kl_doc_put_period(w, r->period);
	put_figure(w, "fte_tenths", r->has_fte, r->fte, r->fte_method, r->fte_confidence);
	put_figure(w, "gva_pence", r->has_gva, r->gva, r->gva_method, r->gva_confidence);
	kl_put_text(w, "source", r->source);
}

int kl_doc_enabled_record_decode(struct kl_bytes bytes, struct kl_enabled_record *ret_record)
{
	struct kl_enabled_record r = {.has_fte = false};
	struct kl_value map;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_ENABLED_VERSION, RECORD_KEYS, &map)) ||
		(rc = kl_doc_period(&map, &r.period)) ||
		(rc = get_figure(&map, "fte_tenths", &r.has_fte, &r.fte, &r.fte_method,
			 &r.fte_confidence)) ||
		(rc = get_figure(&map, "gva_pence", &r.has_gva, &r.gva, &r.gva_method,
			 &r.gva_confidence)) ||
		(rc = kl_doc_line(&map, "source", r.source, sizeof r.source)) ||
		(rc = kl_enabled_record_check(&r, NULL)))
		return kl_doc_strict(rc);
	*ret_record = r;
	return KL_OK;
}

/* ---- factor tables --------------------------------------------------------------------------- */

static void put_about(
	struct kl_writer *w, const char *key, const struct kl_factor_about *about, unsigned rows)
{
	kl_put_map(w, key, TABLE_KEYS);
	kl_put_text(w, "name", about->name);
	kl_put_text(w, "source", about->source);
	kl_put_uint(w, "year", about->year);
	kl_put_array(w, "rows", rows);
}

void kl_doc_factors_encode(struct kl_writer *w, const struct kl_factors *f)
{
	kl_write_map(w, FACTORS_KEYS);
	kl_put_uint(w, "v", KL_DOC_ENABLED_VERSION);
	put_about(w, "gva", &f->gva.about, f->gva.count);
	for (unsigned i = 0; i < f->gva.count; i++) {
		kl_write_array(w, 3);
		kl_write_text(w, f->gva.rows[i].sections);
		kl_write_int(w, f->gva.rows[i].per_job);
		kl_write_uint(w, f->gva.rows[i].cautions);
	}
	put_about(w, "density", &f->density.about, f->density.count);
	for (unsigned i = 0; i < f->density.count; i++) {
		kl_write_array(w, 5);
		kl_write_text(w, f->density.rows[i].use_class);
		kl_write_maybe_text(w, f->density.rows[i].use);
		kl_write_int(w, f->density.rows[i].low);
		kl_write_int(w, f->density.rows[i].high);
		kl_write_uint(w, f->density.rows[i].basis);
	}
}

static int get_about(const struct kl_value *doc, const char *key, unsigned rows_max,
	struct kl_factor_about *about, unsigned *ret_count, struct kl_cursor *ret_rows)
{
	struct kl_value map, rows;
	uint64_t year;
	int rc;

	if ((rc = kl_get_map(doc, key, &map)) ||
		(rc = map.count == TABLE_KEYS ? KL_OK : KL_E_MALFORMED) ||
		(rc = kl_get_text(&map, "name", about->name, sizeof about->name)) ||
		(rc = kl_get_text(&map, "source", about->source, sizeof about->source)) ||
		(rc = kl_get_uint(&map, "year", UINT16_MAX, &year)) ||
		(rc = kl_get_array(&map, "rows", &rows)))
		return rc;
	if (rows.count > rows_max)
		return KL_E_TOO_BIG;
	about->year = (uint16_t)year;
	*ret_count = rows.count;
	*ret_rows = kl_cursor(&rows);
	return KL_OK;
}

static int get_gva(const struct kl_value *doc, struct kl_gva_table *t)
{
	struct kl_cursor rows, values;
	struct kl_value row;
	uint64_t cautions;
	int rc = get_about(doc, "gva", KL_GVA_ROWS_MAX, &t->about, &t->count, &rows);

	if (rc)
		return rc;
	for (struct kl_gva_row *r = t->rows; kl_cursor_next(&rows, &row); r++) {
		if ((rc = kl_row_open(&row, 3, &values)) ||
			(rc = kl_row_text(&values, false, r->sections, sizeof r->sections)) ||
			(rc = kl_row_int(&values, &r->per_job)) ||
			(rc = kl_row_uint(&values, KL_CAUTION_ROW, &cautions)))
			return rc;
		r->cautions = (unsigned)cautions;
	}
	return kl_gva_table_check(t, NULL);
}

static int get_density(const struct kl_value *doc, struct kl_density_table *t)
{
	struct kl_cursor rows, values;
	struct kl_value row;
	uint64_t basis;
	int rc = get_about(doc, "density", KL_DENSITY_ROWS_MAX, &t->about, &t->count, &rows);

	if (rc)
		return rc;
	for (struct kl_density_row *r = t->rows; kl_cursor_next(&rows, &row); r++) {
		if ((rc = kl_row_open(&row, 5, &values)) ||
			(rc = kl_row_text(&values, false, r->use_class, sizeof r->use_class)) ||
			(rc = kl_row_text(&values, true, r->use, sizeof r->use)) ||
			(rc = kl_row_int(&values, &r->low)) ||
			(rc = kl_row_int(&values, &r->high)) ||
			(rc = kl_row_uint(&values, KL_BASIS_COUNT - 1, &basis)))
			return rc;
		r->basis = (enum kl_area_basis)basis;
	}
	return kl_density_table_check(t, NULL);
}

int kl_doc_factors_decode(struct kl_bytes bytes, struct kl_factors *ret_factors)
{
	struct kl_factors f = {.gva = {.count = 0}};
	struct kl_value map;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_ENABLED_VERSION, FACTORS_KEYS, &map)) ||
		(rc = get_gva(&map, &f.gva)) || (rc = get_density(&map, &f.density)))
		return kl_doc_strict(rc);
	*ret_factors = f;
	return KL_OK;
}
