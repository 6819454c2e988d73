#include "protocol/doc_factors.h"
#include "core/error.h"
#include "protocol/doc.h"
#include "protocol/part.h"

#include <string.h>

enum { FACTORS_KEYS = 4, ONE_TABLE_KEYS = 2, IN_USE_KEYS = 4, TABLE_KEYS = 5, RATIO_ITEMS = 3 };

/* Version 1 knew no tables of one's own and no ratio. */
enum { FIRST_FACTORS_KEYS = 3, FIRST_TABLE_KEYS = 4 };

/* ---- writing --------------------------------------------------------------------------------- */

static void put_about(
	struct kl_writer *w, const char *key, const struct kl_factor_about *about, unsigned rows)
{
	kl_put_map(w, key, TABLE_KEYS);
	kl_put_text(w, "name", about->name);
	kl_put_text(w, "source", about->source);
	kl_put_uint(w, "year", about->year);
	kl_put_uint(w, "version", about->version);
	kl_put_array(w, "rows", rows);
}

static void put_gva(struct kl_writer *w, const struct kl_gva_table *t)
{
	put_about(w, "gva", &t->about, t->count);
	for (unsigned i = 0; i < t->count; i++) {
		kl_write_array(w, 3);
		kl_write_text(w, t->rows[i].sections);
		kl_write_int(w, t->rows[i].per_job);
		kl_write_uint(w, t->rows[i].cautions);
	}
}

static void put_density(struct kl_writer *w, const struct kl_density_table *t)
{
	put_about(w, "density", &t->about, t->count);
	for (unsigned i = 0; i < t->count; i++) {
		kl_write_array(w, 5);
		kl_write_text(w, t->rows[i].use_class);
		kl_write_maybe_text(w, t->rows[i].use);
		kl_write_int(w, t->rows[i].low);
		kl_write_int(w, t->rows[i].high);
		kl_write_uint(w, t->rows[i].basis);
	}
}

/* The ratio is nil or [share, year, source]. */
static void put_ratio(struct kl_writer *w, const struct kl_gva_ratio *ratio)
{
	if (!ratio->stated) {
		kl_put_nil(w, "ratio");
		return;
	}
	kl_put_array(w, "ratio", RATIO_ITEMS);
	kl_write_double(w, ratio->share);
	kl_write_uint(w, ratio->year);
	kl_write_text(w, ratio->source);
}

static void begin(struct kl_writer *w, size_t keys)
{
	kl_write_map(w, keys);
	kl_put_uint(w, "v", KL_DOC_FACTORS_VERSION);
}

void kl_doc_factors_encode(struct kl_writer *w, const struct kl_factors *f)
{
	begin(w, FACTORS_KEYS);
	put_gva(w, &f->gva);
	put_density(w, &f->density);
	put_ratio(w, &f->ratio);
}

void kl_doc_density_encode(struct kl_writer *w, const struct kl_density_table *table)
{
	begin(w, ONE_TABLE_KEYS);
	put_density(w, table);
}

void kl_doc_gva_encode(struct kl_writer *w, const struct kl_gva_table *table)
{
	begin(w, ONE_TABLE_KEYS);
	put_gva(w, table);
}

void kl_doc_in_use_encode(struct kl_writer *w, const struct kl_factors_in_use *in_use)
{
	begin(w, IN_USE_KEYS);
	kl_put_uint(w, "density", in_use->density);
	kl_put_uint(w, "gva", in_use->gva);
	put_ratio(w, &in_use->ratio);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* The version of an own table; one of the first documents has none. */
static int get_version(const struct kl_value *table, bool first, uint32_t *ret_version)
{
	uint64_t version = 0;
	int rc = table->count == (first ? FIRST_TABLE_KEYS : TABLE_KEYS) ? KL_OK : KL_E_MALFORMED;

	if (!rc && !first)
		rc = kl_get_uint(table, "version", UINT32_MAX, &version);
	*ret_version = (uint32_t)version;
	return rc;
}

static bool is_first(const struct kl_value *doc)
{
	uint64_t v;

	return !kl_get_uint(doc, "v", UINT64_MAX, &v) && v == KL_DOC_FACTORS_FIRST;
}

static int get_about(const struct kl_value *doc, const char *key, unsigned rows_max,
	struct kl_factor_about *about, unsigned *ret_count, struct kl_cursor *ret_rows)
{
	struct kl_value map, rows;
	uint64_t year;
	int rc;

	if ((rc = kl_get_map(doc, key, &map)) ||
		(rc = get_version(&map, is_first(doc), &about->version)) ||
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

static int get_ratio(const struct kl_value *doc, struct kl_gva_ratio *ratio)
{
	struct kl_cursor values;
	struct kl_value value;
	uint64_t year;
	int rc = kl_map_get(doc, "ratio", &value);

	if (rc || value.type == KL_WIRE_NIL)
		return rc;
	if ((rc = kl_row_open(&value, RATIO_ITEMS, &values)) ||
		(rc = kl_row_maybe_double(&values, &ratio->stated, &ratio->share)) ||
		(rc = kl_row_uint(&values, UINT16_MAX, &year)) ||
		(rc = kl_row_text(&values, false, ratio->source, sizeof ratio->source)))
		return rc;
	ratio->year = (uint16_t)year;
	return ratio->stated ? kl_gva_ratio_check(ratio, NULL) : KL_E_MALFORMED;
}

static int open_either(struct kl_bytes bytes, struct kl_value *ret_map)
{
	int rc = kl_doc_open(bytes, KL_DOC_FACTORS_VERSION, FACTORS_KEYS, ret_map);

	return rc == KL_E_VERSION
		       ? kl_doc_open(bytes, KL_DOC_FACTORS_FIRST, FIRST_FACTORS_KEYS, ret_map)
		       : rc;
}

int kl_doc_factors_decode(struct kl_bytes bytes, struct kl_factors *ret_factors)
{
	struct kl_factors f = {.gva = {.count = 0}};
	struct kl_value map;
	int rc;

	if ((rc = open_either(bytes, &map)) || (rc = get_gva(&map, &f.gva)) ||
		(rc = get_density(&map, &f.density)) ||
		(rc = is_first(&map) ? KL_OK : get_ratio(&map, &f.ratio)))
		return kl_doc_strict(rc);
	*ret_factors = f;
	return KL_OK;
}

int kl_doc_density_decode(struct kl_bytes bytes, struct kl_density_table *ret_table)
{
	struct kl_density_table t = {.count = 0};
	struct kl_value map;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_FACTORS_VERSION, ONE_TABLE_KEYS, &map)) ||
		(rc = get_density(&map, &t)))
		return kl_doc_strict(rc);
	*ret_table = t;
	return KL_OK;
}

int kl_doc_gva_decode(struct kl_bytes bytes, struct kl_gva_table *ret_table)
{
	struct kl_gva_table t = {.count = 0};
	struct kl_value map;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_FACTORS_VERSION, ONE_TABLE_KEYS, &map)) ||
		(rc = get_gva(&map, &t)))
		return kl_doc_strict(rc);
	*ret_table = t;
	return KL_OK;
}

int kl_doc_in_use_decode(struct kl_bytes bytes, struct kl_factors_in_use *ret_in_use)
{
	struct kl_factors_in_use u = {.density = 0};
	struct kl_value map;
	uint64_t density, gva;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_FACTORS_VERSION, IN_USE_KEYS, &map)) ||
		(rc = kl_get_uint(&map, "density", UINT32_MAX, &density)) ||
		(rc = kl_get_uint(&map, "gva", UINT32_MAX, &gva)) ||
		(rc = get_ratio(&map, &u.ratio)))
		return kl_doc_strict(rc);
	u.density = (uint32_t)density;
	u.gva = (uint32_t)gva;
	*ret_in_use = u;
	return KL_OK;
}
