#include "protocol/assess_rows.h"
#include "protocol/part.h"

/* ---- forms --------------------------------------------------------------------------------- */

void kl_form_row_encode(struct kl_writer *w, const struct kl_form_row *row)
{
	kl_write_array(w, 4);
	kl_write_text(w, row->where);
	kl_write_uint(w, row->assessor);
	kl_write_text(w, row->field);
	kl_write_text(w, row->assignment);
}

/* Text may have several lines here, so kl_row_text() does not do. */
static int text(struct kl_cursor *values, char *out, size_t size)
{
	struct kl_value value;

	return kl_cursor_next(values, &value) ? kl_value_text(&value, out, size) : KL_E_MALFORMED;
}

int kl_form_row_decode(const struct kl_value *value, struct kl_form_row *ret_row)
{
	struct kl_form_row row;
	struct kl_cursor values;
	uint64_t assessor = 0;
	int rc = kl_row_open(value, 4, &values);

	if (!rc)
		rc = text(&values, row.where, sizeof row.where);
	if (!rc)
		rc = kl_row_uint(&values, KL_FORM_ASSESSORS_MAX - 1, &assessor);
	if (!rc)
		rc = text(&values, row.field, sizeof row.field);
	if (!rc)
		rc = text(&values, row.assignment, sizeof row.assignment);
	if (rc)
		return rc;
	row.assessor = (uint8_t)assessor;
	*ret_row = row;
	return KL_OK;
}

/* ---- files --------------------------------------------------------------------------------- */

void kl_file_piece_encode(struct kl_writer *w, const struct kl_file_piece *piece)
{
	kl_write_array(w, 2);
	kl_write_uint(w, piece->file);
	kl_write_bin(w, piece->bytes);
}

int kl_file_piece_decode(const struct kl_value *value, struct kl_file_piece *ret_piece)
{
	struct kl_cursor values;
	struct kl_value item;
	struct kl_bytes bytes;
	uint64_t file = 0;
	int rc = kl_row_open(value, 2, &values);

	if (!rc)
		rc = kl_row_uint(&values, UINT32_MAX, &file);
	if (!rc)
		rc = kl_cursor_next(&values, &item) ? kl_value_bin(&item, &bytes) : KL_E_MALFORMED;
	if (rc)
		return rc;
	if (bytes.len > KL_PIECE_MAX)
		return KL_E_TOO_BIG;
	*ret_piece = (struct kl_file_piece){(uint32_t)file, bytes};
	return KL_OK;
}
