#include "protocol/doc_spend.h"
#include "core/error.h"
#include "core/money.h"
#include "core/period.h"
#include "protocol/doc.h"

#include <string.h>

enum {
	ITEMS = 4,
	REJECTED_ITEMS = 4,
	PLACE_ITEMS = 5,
	SLACK = 2048, /* a payment with its texts, or a rejected row, and the frame around all */
};

/* ---- numbers ------------------------------------------------------------------------------- */

static uint8_t *put(uint8_t *to, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*to++ = (uint8_t)(value | 0x80);
	*to++ = (uint8_t)value;
	return to;
}

static uint64_t with_sign(int64_t value)
{
	return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static int64_t without_sign(uint64_t value)
{
	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* False if the number is cut short, too long, or not in its shortest form. */
static bool take(struct kl_spend_view *v, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (v->at < v->end && *v->at < 0x80) {
		*ret_value = *v->at++;
		return true;
	}
	for (unsigned shift = 0; v->at < v->end && shift < 63; shift += 7) {
		uint8_t byte = *v->at++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		*ret_value = value;
		return byte || !shift;
	}
	return false;
}

/* ---- writing ------------------------------------------------------------------------------- */

static void empty(struct kl_spend_part *part)
{
	kl_writer_reset(&part->texts);
	kl_writer_reset(&part->rejected);
	part->text_count = part->rejected_count = part->line = 0;
	part->day = 0;
	part->len = 0;
}

void kl_spend_part_init(struct kl_spend_part *part)
{
	kl_writer_init(&part->texts);
	kl_writer_init(&part->rejected);
	empty(part);
}

void kl_spend_part_deinit(struct kl_spend_part *part)
{
	kl_writer_deinit(&part->texts);
	kl_writer_deinit(&part->rejected);
}

bool kl_spend_part_full(const struct kl_spend_part *part)
{
	return part->texts.buffer.size + part->rejected.buffer.size + part->len + SLACK >
	       KL_PART_MAX;
}

bool kl_spend_part_empty(const struct kl_spend_part *part)
{
	return !part->text_count && !part->rejected_count && !part->len;
}

void kl_spend_part_text(struct kl_spend_part *part, const char *text)
{
	kl_write_text(&part->texts, text);
	part->text_count++;
}

void kl_spend_part_payment(struct kl_spend_part *part, const struct kl_payment *p)
{
	uint8_t *to = part->rows + part->len;

	KL_ASSERT(part->len + SLACK / 2 <= sizeof part->rows && p->line >= part->line);
	to = put(to, p->line - part->line);
	to = put(to, with_sign((int64_t)p->day - part->day));
	to = put(to, with_sign(p->pence));
	to = put(to, p->supplier);
	to = put(to, p->department);
	to = put(to, p->category);
	to = put(to, p->body);
	to = put(to, p->reference_len);
	memcpy(to, p->reference, p->reference_len);
	part->len = (size_t)(to - part->rows) + p->reference_len;
	part->line = p->line;
	part->day = p->day;
}

void kl_spend_part_reject(struct kl_spend_part *part, const struct kl_rejected *r)
{
	kl_write_array(&part->rejected, REJECTED_ITEMS);
	kl_write_uint(&part->rejected, r->line);
	kl_write_uint(&part->rejected, r->reason);
	kl_write_maybe_int(&part->rejected, r->has_pence, r->pence);
	kl_write_maybe_text(&part->rejected, r->said);
	part->rejected_count++;
}

static void write_items(struct kl_writer *out, uint32_t count, const struct kl_writer *items)
{
	struct kl_bytes bytes;

	kl_write_array(out, count);
	if (kl_writer_bytes(items, &bytes))
		out->failed = true;
	else if (bytes.len)
		kl_write_raw(out, bytes);
}

void kl_spend_part_write(struct kl_spend_part *part, struct kl_writer *out)
{
	kl_write_array(out, 1);
	kl_write_array(out, ITEMS);
	kl_write_uint(out, KL_DOC_SPEND_VERSION);
	write_items(out, part->text_count, &part->texts);
	kl_write_bin(out, kl_bytes(part->rows, part->len));
	write_items(out, part->rejected_count, &part->rejected);
	empty(part);
}

/* ---- reading ------------------------------------------------------------------------------- */

int kl_spend_view_open(const struct kl_value *block, struct kl_spend_view *ret_view)
{
	struct kl_value version, texts, rows, rejected;
	struct kl_cursor items;
	struct kl_bytes bytes;
	uint64_t v;
	int rc = kl_row_open(block, ITEMS, &items);

	if (rc)
		return rc;
	if (!kl_cursor_next(&items, &version) || !kl_cursor_next(&items, &texts) ||
		!kl_cursor_next(&items, &rows) || !kl_cursor_next(&items, &rejected) ||
		kl_value_uint(&version, UINT32_MAX, &v))
		return KL_E_MALFORMED;
	if (v != KL_DOC_SPEND_VERSION)
		return KL_E_VERSION;
	if (texts.type != KL_WIRE_ARRAY || rejected.type != KL_WIRE_ARRAY ||
		kl_value_bin(&rows, &bytes))
		return KL_E_MALFORMED;
	*ret_view = (struct kl_spend_view){.texts = kl_cursor(&texts),
		.rejected = kl_cursor(&rejected),
		.at = bytes.data,
		.end = bytes.data + bytes.len};
	return KL_OK;
}

int kl_spend_view_text(struct kl_spend_view *view, char ret_text[KL_SPEND_TEXT_MAX])
{
	int rc;

	if (!view->texts.left)
		return 0;
	rc = kl_row_text(&view->texts, false, ret_text, KL_SPEND_TEXT_MAX);
	return rc ? rc : 1;
}

static bool take_text(struct kl_spend_view *v, uint32_t *ret_number)
{
	uint64_t value;

	if (!take(v, &value) || value > KL_SPEND_TEXTS_MAX)
		return false;
	*ret_number = (uint32_t)value;
	return true;
}

static bool take_reference(struct kl_spend_view *v, struct kl_payment *p)
{
	uint64_t len;

	if (!take(v, &len) || len >= KL_SPEND_REFERENCE_MAX || len > (uint64_t)(v->end - v->at))
		return false;
	p->reference = (const char *)v->at;
	p->reference_len = (size_t)len;
	v->at += len;
	return kl_text_is_plain(kl_bytes(p->reference, p->reference_len), false);
}

int kl_spend_view_payment(struct kl_spend_view *v, struct kl_payment *ret_payment)
{
	struct kl_payment p;
	uint64_t line, day, pence;
	int64_t days;

	if (v->at == v->end)
		return 0;
	if (!take(v, &line) || line > UINT32_MAX - v->line || !take(v, &day) || !take(v, &pence) ||
		!take_text(v, &p.supplier) || !take_text(v, &p.department) ||
		!take_text(v, &p.category) || !take_text(v, &p.body) || !take_reference(v, &p))
		return KL_E_MALFORMED;
	days = without_sign(day);
	if (days > INT32_MAX || days < INT32_MIN || v->day + days > KL_DAY_MAX ||
		v->day + days < KL_DAY_MIN)
		return KL_E_RANGE;
	p.line = v->line += (uint32_t)line;
	p.day = v->day = (int32_t)(v->day + days);
	p.pence = without_sign(pence);
	*ret_payment = p;
	return 1;
}

int kl_spend_view_rejected(struct kl_spend_view *view, struct kl_rejected *ret_rejected)
{
	struct kl_rejected r = {.has_pence = false};
	struct kl_cursor values;
	struct kl_value row;
	uint64_t line, reason;
	int rc;

	if (!kl_cursor_next(&view->rejected, &row))
		return 0;
	if ((rc = kl_row_open(&row, REJECTED_ITEMS, &values)) ||
		(rc = kl_row_uint(&values, UINT32_MAX, &line)) ||
		(rc = kl_row_uint(&values, KL_REJECT_COUNT - 1, &reason)) ||
		(rc = kl_row_maybe_int(&values, &r.has_pence, &r.pence)) ||
		(rc = kl_row_text(&values, true, r.said, sizeof r.said)))
		return rc;
	if (r.pence > KL_MONEY_MAX || r.pence < -KL_MONEY_MAX)
		return KL_E_RANGE;
	r.line = (uint32_t)line;
	r.reason = (enum kl_reject)reason;
	*ret_rejected = r;
	return 1;
}

/* ---- what a file came to ------------------------------------------------------------------- */

uint32_t kl_spend_file_rejected(const struct kl_spend_file *file)
{
	uint32_t sum = 0;

	for (int i = 0; i < KL_REJECT_COUNT; i++)
		sum += file->rejected[i];
	return sum;
}

int64_t kl_spend_file_rejected_pence(const struct kl_spend_file *file)
{
	int64_t sum = 0;

	for (int i = 0; i < KL_REJECT_COUNT; i++)
		sum += file->rejected_pence[i];
	return sum;
}

void kl_doc_spend_file_encode(struct kl_writer *w, const struct kl_spend_file *f)
{
	kl_write_map(w, 11);
	kl_put_uint(w, "v", KL_DOC_SPEND_VERSION);
	kl_put_text(w, "name", f->name);
	kl_put_text(w, "amount", f->amount_column);
	kl_put_text(w, "dates", f->dates);
	kl_put_uint(w, "imported", f->imported_ms);
	kl_put_uint(w, "accepted", f->accepted);
	kl_put_int(w, "pence", f->pence);
	kl_put_array(w, "rejected", 2 * KL_REJECT_COUNT);
	for (int i = 0; i < KL_REJECT_COUNT; i++) {
		kl_write_uint(w, f->rejected[i]);
		kl_write_int(w, f->rejected_pence[i]);
	}
	kl_put_uint(w, "unreadable", f->unreadable);
	kl_put_array(w, "days", f->has_days ? 2 : 0);
	if (f->has_days) {
		kl_write_int(w, f->first);
		kl_write_int(w, f->last);
	}
	kl_put_id(w, "content", &f->content);
}

static int decode_rejected(const struct kl_value *map, struct kl_spend_file *f)
{
	struct kl_value array;
	struct kl_cursor values;
	uint64_t count;
	int rc = kl_get_array(map, "rejected", &array);

	if (rc)
		return rc;
	if (array.count != 2 * KL_REJECT_COUNT)
		return KL_E_MALFORMED;
	values = kl_cursor(&array);
	for (int i = 0; i < KL_REJECT_COUNT; i++) {
		if ((rc = kl_row_uint(&values, UINT32_MAX, &count)) ||
			(rc = kl_row_int(&values, &f->rejected_pence[i])))
			return rc;
		f->rejected[i] = (uint32_t)count;
	}
	return KL_OK;
}

static int decode_days(const struct kl_value *map, struct kl_spend_file *f)
{
	struct kl_value array;
	struct kl_cursor values;
	int64_t first, last;
	int rc = kl_get_array(map, "days", &array);

	if (rc || !array.count)
		return rc;
	values = kl_cursor(&array);
	if (array.count != 2 || kl_row_int(&values, &first) || kl_row_int(&values, &last) ||
		first < KL_DAY_MIN || last > KL_DAY_MAX || first > last)
		return KL_E_MALFORMED;
	f->has_days = true;
	f->first = (int32_t)first;
	f->last = (int32_t)last;
	return KL_OK;
}

static bool adds_up(const struct kl_spend_file *f)
{
	int64_t left = KL_SPEND_FILE_PENCE_MAX;

	for (int i = -1; i < KL_REJECT_COUNT; i++) {
		int64_t pence = i < 0 ? f->pence : f->rejected_pence[i];

		if (pence > left || pence < -left)
			return false;
		left -= pence < 0 ? -pence : pence;
	}
	return true;
}

static int decode_uint32(const struct kl_value *map, const char *key, uint32_t *ret_value)
{
	uint64_t value;
	int rc = kl_get_uint(map, key, UINT32_MAX, &value);

	if (!rc)
		*ret_value = (uint32_t)value;
	return rc;
}

int kl_doc_spend_file_decode(struct kl_bytes bytes, struct kl_spend_file *ret_file)
{
	struct kl_spend_file f = {.accepted = 0};
	struct kl_value map;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_SPEND_VERSION, 11, &map)) ||
		(rc = kl_get_text(&map, "name", f.name, sizeof f.name)) ||
		(rc = kl_get_text(&map, "amount", f.amount_column, sizeof f.amount_column)) ||
		(rc = kl_get_text(&map, "dates", f.dates, sizeof f.dates)) ||
		(rc = kl_get_uint(&map, "imported", UINT64_MAX, &f.imported_ms)) ||
		(rc = decode_uint32(&map, "accepted", &f.accepted)) ||
		(rc = kl_get_int(&map, "pence", &f.pence)) || (rc = decode_rejected(&map, &f)) ||
		(rc = decode_uint32(&map, "unreadable", &f.unreadable)) ||
		(rc = decode_days(&map, &f)) || (rc = kl_get_id(&map, "content", &f.content)))
		return kl_doc_strict(rc);
	if (!adds_up(&f))
		return KL_E_RANGE;
	*ret_file = f;
	return KL_OK;
}

/* ---- months ------------------------------------------------------------------------------ */

enum { MONTH_ITEMS = 4 + KL_SPEND_CLASSES };

struct kl_spend_in_month kl_spend_in_month(const struct kl_spend_month *m)
{
	struct kl_spend_in_month r = {.year = m->year,
		.month = m->month,
		.voluntary = kl_spend_pence(&m->voluntary),
		.sector_known = kl_spend_pence(&m->sector_known)};

	memcpy(r.pence, m->all.pence, sizeof r.pence);
	return r;
}

void kl_doc_spend_months_encode(
	struct kl_writer *w, const struct kl_id *stamp, const struct kl_spend_sum *sum)
{
	kl_write_map(w, 3);
	kl_put_uint(w, "v", KL_DOC_SPEND_VERSION);
	kl_put_id(w, "stamp", stamp);
	kl_put_array(w, "months", kl_spend_sum_months(sum));
	for (size_t i = 0; i < kl_spend_sum_months(sum); i++) {
		struct kl_spend_in_month m = kl_spend_in_month(kl_spend_sum_month(sum, i));

		kl_write_array(w, MONTH_ITEMS);
		kl_write_int(w, m.year);
		kl_write_int(w, m.month);
		for (int c = 0; c < KL_SPEND_CLASSES; c++)
			kl_write_int(w, m.pence[c]);
		kl_write_int(w, m.voluntary);
		kl_write_int(w, m.sector_known);
	}
}

int kl_doc_spend_months_open(
	struct kl_bytes bytes, struct kl_id *ret_stamp, struct kl_cursor *ret_months)
{
	struct kl_value map, months;
	struct kl_id stamp;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_SPEND_VERSION, 3, &map)) ||
		(rc = kl_get_id(&map, "stamp", &stamp)) ||
		(rc = kl_get_array(&map, "months", &months)))
		return kl_doc_strict(rc);
	*ret_stamp = stamp;
	*ret_months = kl_cursor(&months);
	return KL_OK;
}

int kl_doc_spend_months_next(struct kl_cursor *months, struct kl_spend_in_month *ret_month)
{
	struct kl_spend_in_month m;
	struct kl_cursor values;
	struct kl_value row;
	uint64_t year, month;
	int rc;

	if (!kl_cursor_next(months, &row))
		return 0;
	if ((rc = kl_row_open(&row, MONTH_ITEMS, &values)) ||
		(rc = kl_row_uint(&values, KL_PERIOD_YEAR_MAX, &year)) ||
		(rc = kl_row_uint(&values, 12, &month)))
		return rc;
	for (int c = 0; c < KL_SPEND_CLASSES; c++)
		if ((rc = kl_row_int(&values, &m.pence[c])))
			return rc;
	if ((rc = kl_row_int(&values, &m.voluntary)) || (rc = kl_row_int(&values, &m.sector_known)))
		return rc;
	if (year < KL_PERIOD_YEAR_MIN || !month)
		return KL_E_MALFORMED;
	m.year = (int)year;
	m.month = (int)month;
	*ret_month = m;
	return 1;
}

/* ---- places -------------------------------------------------------------------------------- */

void kl_doc_place_encode(struct kl_writer *w, const struct kl_place *p)
{
	kl_write_array(w, PLACE_ITEMS);
	kl_write_text(w, p->supplier);
	kl_write_maybe_text(w, p->place);
	kl_write_uint(w, p->where);
	kl_write_uint(w, p->sector);
	kl_write_uint(w, p->size);
}

int kl_doc_place_decode(const struct kl_value *row, struct kl_place *ret_place)
{
	struct kl_place p = {.where = KL_WHERE_UNKNOWN};
	uint64_t where, sector, size;
	struct kl_cursor values;
	int rc;

	if ((rc = kl_row_open(row, PLACE_ITEMS, &values)) ||
		(rc = kl_row_text(&values, false, p.supplier, sizeof p.supplier)) ||
		(rc = kl_row_text(&values, true, p.place, sizeof p.place)) ||
		(rc = kl_row_uint(&values, KL_WHERE_ELSEWHERE, &where)) ||
		(rc = kl_row_uint(&values, KL_SECTOR_COUNT - 1, &sector)) ||
		(rc = kl_row_uint(&values, KL_SIZE_COUNT - 1, &size)))
		return rc;
	p.where = (enum kl_where)where;
	p.sector = (enum kl_sector)sector;
	p.size = (enum kl_size)size;
	rc = kl_place_check(&p, NULL);
	if (!rc)
		*ret_place = p;
	return rc;
}
