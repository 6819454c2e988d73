#include "protocol/part.h"
#include "core/error.h"

enum { ARRAY_HEAD_MAX = 5 }; /* bytes that msgpack needs at most to begin an array */

void kl_part_init(struct kl_part *part)
{
	kl_writer_init(&part->rows);
	kl_writer_init(&part->row);
	kl_writer_init(&part->whole);
	part->count = 0;
}

void kl_part_deinit(struct kl_part *part)
{
	kl_writer_deinit(&part->rows);
	kl_writer_deinit(&part->row);
	kl_writer_deinit(&part->whole);
}

struct kl_writer *kl_part_row(struct kl_part *part)
{
	kl_writer_reset(&part->row);
	return &part->row;
}

int kl_part_end_row(struct kl_part *part, bool *ret_full)
{
	struct kl_bytes row, rows;
	int rc;

	if ((rc = kl_writer_bytes(&part->row, &row)) || (rc = kl_writer_bytes(&part->rows, &rows)))
		return rc;
	if (row.len + ARRAY_HEAD_MAX > KL_PART_MAX)
		return KL_E_TOO_BIG;
	if (rows.len + row.len + ARRAY_HEAD_MAX > KL_PART_MAX) {
		*ret_full = true;
		return KL_OK;
	}
	if (row.len) {
		kl_write_raw(&part->rows, row);
		part->count++;
	}
	kl_writer_reset(&part->row);
	*ret_full = false;
	return KL_OK;
}

int kl_part_bytes(struct kl_part *part, struct kl_bytes *ret_bytes)
{
	struct kl_bytes rows;
	int rc = kl_writer_bytes(&part->rows, &rows);

	if (rc)
		return rc;
	kl_writer_reset(&part->whole);
	kl_write_array(&part->whole, part->count);
	if (rows.len)
		kl_write_raw(&part->whole, rows);
	return kl_writer_bytes(&part->whole, ret_bytes);
}

int kl_part_next(struct kl_part *part)
{
	bool full;

	kl_writer_reset(&part->rows);
	part->count = 0;
	return kl_part_end_row(part, &full);
}

int kl_part_open(struct kl_bytes bytes, struct kl_cursor *ret_rows)
{
	struct kl_value array;
	int rc;

	if (bytes.len > KL_PART_MAX)
		return KL_E_TOO_BIG;
	rc = kl_value_open(bytes, &array);
	if (rc)
		return rc;
	if (array.type != KL_WIRE_ARRAY)
		return KL_E_MALFORMED;
	*ret_rows = kl_cursor(&array);
	return KL_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

int kl_row_open(const struct kl_value *row, uint32_t items, struct kl_cursor *ret_values)
{
	if (row->type != KL_WIRE_ARRAY || row->count != items)
		return KL_E_MALFORMED;
	*ret_values = kl_cursor(row);
	return KL_OK;
}

int kl_row_text(struct kl_cursor *values, bool optional, char *out, size_t size)
{
	struct kl_value v;

	if (!kl_cursor_next(values, &v))
		return KL_E_MALFORMED;
	if (optional && v.type == KL_WIRE_NIL) {
		out[0] = '\0';
		return KL_OK;
	}
	if (v.type != KL_WIRE_TEXT || !v.u.bytes.len || !kl_text_is_plain(v.u.bytes, false))
		return KL_E_MALFORMED;
	return kl_value_text(&v, out, size);
}

int kl_row_int(struct kl_cursor *values, int64_t *ret_value)
{
	struct kl_value v;

	return kl_cursor_next(values, &v) ? kl_value_int(&v, ret_value) : KL_E_MALFORMED;
}

int kl_row_uint(struct kl_cursor *values, uint64_t max, uint64_t *ret_value)
{
	struct kl_value v;

	return kl_cursor_next(values, &v) ? kl_value_uint(&v, max, ret_value) : KL_E_MALFORMED;
}

int kl_row_bool(struct kl_cursor *values, bool *ret_value)
{
	struct kl_value v;

	return kl_cursor_next(values, &v) ? kl_value_bool(&v, ret_value) : KL_E_MALFORMED;
}

int kl_row_maybe_int(struct kl_cursor *values, bool *ret_has, int64_t *ret_value)
{
	struct kl_value v;

	if (!kl_cursor_next(values, &v))
		return KL_E_MALFORMED;
	*ret_has = v.type != KL_WIRE_NIL;
	if (*ret_has)
		return kl_value_int(&v, ret_value);
	*ret_value = 0;
	return KL_OK;
}

int kl_row_maybe_double(struct kl_cursor *values, bool *ret_has, double *ret_value)
{
	struct kl_value v;

	if (!kl_cursor_next(values, &v))
		return KL_E_MALFORMED;
	*ret_has = v.type != KL_WIRE_NIL;
	if (*ret_has)
		return kl_value_double(&v, ret_value);
	*ret_value = 0;
	return KL_OK;
}

void kl_write_maybe_text(struct kl_writer *w, const char *text)
{
	if (text[0])
		kl_write_text(w, text);
	else
		kl_write_nil(w);
}

void kl_write_maybe_int(struct kl_writer *w, bool has, int64_t value)
{
	if (has)
		kl_write_int(w, value);
	else
		kl_write_nil(w);
}
