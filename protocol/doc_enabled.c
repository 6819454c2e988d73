#include "protocol/doc_enabled.h"
#include "core/error.h"
#include "protocol/doc.h"
#include "protocol/part.h"

#include <string.h>

enum { TENANT_ITEMS = 11, RECORD_KEYS = 5 };

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
