#include "protocol/doc_lm3.h"
#include "core/error.h"
#include "protocol/doc.h"

#include <string.h>

enum { LEDGER_KEYS = 13, RECORD_KEYS = 9, USE_KEYS = 2 };

static const char *const area_kinds[] = {"councils", "postcodes", "radius"};

/* An area is [kind, code, ...] or ["radius", km, latitude, longitude]. */
static void put_area(struct kl_writer *w, const struct kl_area *area)
{
	bool radius = area->kind == KL_AREA_RADIUS;

	kl_put_array(w, "area", radius ? 4 : 1 + area->count);
	kl_write_text(w, area_kinds[area->kind]);
	if (radius) {
		kl_write_double(w, area->km);
		kl_write_double(w, area->latitude);
		kl_write_double(w, area->longitude);
	}
	for (unsigned i = 0; i < area->count; i++)
		kl_write_text(w, area->codes[i]);
}

static int read_radius(struct kl_cursor *items, struct kl_area *ret_area)
{
	struct kl_value v;
	double number[3];
	int rc;

	for (int i = 0; i < 3; i++) {
		if (!kl_cursor_next(items, &v))
			return KL_E_MALFORMED;
		rc = kl_value_double(&v, &number[i]);
		if (rc)
			return rc;
	}
	if (kl_cursor_next(items, &v))
		return KL_E_MALFORMED;
	return kl_area_radius(number[0], number[1], number[2], ret_area);
}

static int read_codes(struct kl_cursor *items, enum kl_area_kind kind, struct kl_area *ret_area)
{
	struct kl_area area = {.kind = kind};
	char code[KL_AREA_CODE_MAX];
	struct kl_value v;
	unsigned n = 0;
	int rc;

	for (; kl_cursor_next(items, &v); n++)
		if ((rc = kl_value_text(&v, code, sizeof code)) ||
			(rc = kl_area_add(&area, code, NULL)))
			return rc;
	if (!n || area.count != n || area.kind != kind)
		return KL_E_MALFORMED;
	*ret_area = area;
	return KL_OK;
}

static int get_area(const struct kl_value *map, struct kl_area *ret_area)
{
	struct kl_value array, v;
	struct kl_cursor items;
	char kind[16];
	int rc = kl_get_array(map, "area", &array);

	if (rc)
		return rc;
	items = kl_cursor(&array);
	if (!kl_cursor_next(&items, &v))
		return KL_E_MALFORMED;
	rc = kl_value_text(&v, kind, sizeof kind);
	if (rc)
		return rc;
	if (strcmp(kind, area_kinds[KL_AREA_RADIUS]) == 0)
		return read_radius(&items, ret_area);
	for (int k = KL_AREA_COUNCILS; k <= KL_AREA_POSTCODES; k++)
		if (strcmp(kind, area_kinds[k]) == 0)
			return read_codes(&items, (enum kl_area_kind)k, ret_area);
	return KL_E_MALFORMED;
}

static int get_basis(const struct kl_value *map, enum kl_lm3_basis *ret_basis)
{
	char text[16];
	int rc = kl_get_text(map, "basis", text, sizeof text);

	if (rc)
		return rc;
	rc = kl_lm3_basis_parse(text, ret_basis);
	return rc || strcmp(kl_lm3_basis_name(*ret_basis), text) != 0 ? KL_E_MALFORMED : KL_OK;
}

static int get_what(const struct kl_value *map, bool *ret_is_record)
{
	char what[16];
	int rc = kl_get_text(map, "what", what, sizeof what);

	if (rc)
		return rc;
	*ret_is_record = strcmp(what, "record") == 0;
	return *ret_is_record || strcmp(what, "ledger") == 0 ? KL_OK : KL_E_MALFORMED;
}

int kl_doc_lm3_is_record(struct kl_bytes bytes, bool *ret_is_record)
{
	struct kl_value map;
	bool is_record;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_LM3_VERSION, 0, &map)) ||
		(rc = get_what(&map, &is_record)))
		return kl_doc_strict(rc);
	*ret_is_record = is_record;
	return KL_OK;
}

void kl_doc_lm3_ledger_encode(struct kl_writer *w, const struct kl_lm3_ledger *l)
{
	kl_write_map(w, LEDGER_KEYS);
	kl_put_uint(w, "v", KL_DOC_LM3_VERSION);
	kl_put_text(w, "what", "ledger");
	kl_put_text(w, "name", l->name);
	kl_put_text(w, "basis", kl_lm3_basis_name(l->basis));
	put_area(w, &l->area);
	kl_doc_put_period(w, l->period);
	if (l->has_income)
		kl_put_int(w, "income_pence", l->income);
	else
		kl_put_nil(w, "income_pence");
	kl_put_int(w, "payroll_local_pence", l->payroll_local);
	kl_put_int(w, "payroll_elsewhere_pence", l->payroll_elsewhere);
	kl_put_int(w, "other_local_pence", l->other_local);
	kl_put_int(w, "other_elsewhere_pence", l->other_elsewhere);
	kl_put_double(w, "proxy_local", l->proxy_local);
	kl_put_double(w, "proxy_elsewhere", l->proxy_elsewhere);
}

static int get_income(const struct kl_value *map, struct kl_lm3_ledger *l)
{
	struct kl_value v;
	int rc = kl_map_get(map, "income_pence", &v);

	if (rc)
		return rc;
	l->has_income = v.type != KL_WIRE_NIL;
	return l->has_income ? kl_value_int(&v, &l->income) : KL_OK;
}

int kl_doc_lm3_ledger_decode(struct kl_bytes bytes, struct kl_lm3_ledger *ret_ledger)
{
	struct kl_lm3_ledger l = {.income = 0};
	struct kl_value map;
	bool is_record;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_LM3_VERSION, LEDGER_KEYS, &map)) ||
		(rc = get_what(&map, &is_record)) || (rc = is_record ? KL_E_MALFORMED : KL_OK) ||
		(rc = kl_doc_line(&map, "name", l.name, sizeof l.name)) ||
		(rc = get_basis(&map, &l.basis)) || (rc = get_area(&map, &l.area)) ||
		(rc = kl_doc_period(&map, &l.period)) || (rc = get_income(&map, &l)) ||
		(rc = kl_get_int(&map, "payroll_local_pence", &l.payroll_local)) ||
		(rc = kl_get_int(&map, "payroll_elsewhere_pence", &l.payroll_elsewhere)) ||
		(rc = kl_get_int(&map, "other_local_pence", &l.other_local)) ||
		(rc = kl_get_int(&map, "other_elsewhere_pence", &l.other_elsewhere)) ||
		(rc = kl_get_double(&map, "proxy_local", &l.proxy_local)) ||
		(rc = kl_get_double(&map, "proxy_elsewhere", &l.proxy_elsewhere)) ||
		(rc = kl_lm3_ledger_check(&l, NULL)))
		return kl_doc_strict(rc);
	*ret_ledger = l;
	return KL_OK;
}

void kl_doc_lm3_record_encode(struct kl_writer *w, const struct kl_lm3_record *r)
{
	kl_write_map(w, RECORD_KEYS);
	kl_put_uint(w, "v", KL_DOC_LM3_VERSION);
	kl_put_text(w, "what", "record");
	kl_put_text(w, "name", r->name);
	kl_put_int(w, "score_thousandths", r->thousandths);
	kl_put_text(w, "basis", kl_lm3_basis_name(r->basis));
	put_area(w, &r->area);
	kl_doc_put_period(w, r->period);
	kl_put_text(w, "source", r->source);
	kl_put_text(w, "rating", kl_lm3_rating_name(r->rating));
}

static int get_rating(const struct kl_value *map, enum kl_lm3_rating *ret_rating)
{
	char text[16];
	int rc = kl_get_text(map, "rating", text, sizeof text);

	if (rc)
		return rc;
	rc = kl_lm3_rating_parse(text, ret_rating);
	return rc || strcmp(kl_lm3_rating_name(*ret_rating), text) != 0 ? KL_E_MALFORMED : KL_OK;
}

int kl_doc_lm3_record_decode(struct kl_bytes bytes, struct kl_lm3_record *ret_record)
{
	struct kl_lm3_record r = {.thousandths = 0};
	struct kl_value map;
	uint64_t score;
	bool is_record;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_LM3_VERSION, RECORD_KEYS, &map)) ||
		(rc = get_what(&map, &is_record)) || (rc = is_record ? KL_OK : KL_E_MALFORMED) ||
		(rc = kl_doc_line(&map, "name", r.name, sizeof r.name)) ||
		(rc = kl_get_uint(&map, "score_thousandths", KL_LM3_THOUSANDTHS_MAX, &score)) ||
		(rc = get_basis(&map, &r.basis)) || (rc = get_area(&map, &r.area)) ||
		(rc = kl_doc_period(&map, &r.period)) ||
		(rc = kl_doc_line(&map, "source", r.source, sizeof r.source)) ||
		(rc = get_rating(&map, &r.rating)))
		return kl_doc_strict(rc);
	r.thousandths = (int)score;
	rc = kl_lm3_record_check(&r, NULL);
	if (rc)
		return rc;
	*ret_record = r;
	return KL_OK;
}

void kl_doc_lm3_use_encode(struct kl_writer *w, const char *project)
{
	kl_write_map(w, USE_KEYS);
	kl_put_uint(w, "v", KL_DOC_LM3_VERSION);
	kl_put_text(w, "project", project);
}

int kl_doc_lm3_use_decode(struct kl_bytes bytes, char ret_project[KL_NAME_MAX])
{
	char project[KL_NAME_MAX];
	struct kl_value map;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_LM3_VERSION, USE_KEYS, &map)) ||
		(rc = kl_doc_line(&map, "project", project, sizeof project)))
		return kl_doc_strict(rc);
	memcpy(ret_project, project, sizeof project);
	return KL_OK;
}
