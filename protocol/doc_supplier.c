#include "protocol/doc_supplier.h"
#include "core/error.h"
#include "protocol/part.h"

enum { ITEMS = 8 };

void kl_doc_supplier_encode(struct kl_writer *w, const struct kl_supplier *s)
{
	kl_write_array(w, ITEMS);
	kl_write_text(w, s->name);
	kl_write_maybe_text(w, s->contact);
	kl_write_maybe_text(w, s->email);
	kl_write_maybe_text(w, s->place);
	kl_write_int(w, s->spend);
	kl_write_uint(w, s->sector);
	kl_write_uint(w, s->where);
	if (s->answered)
		kl_write_double(w, s->respent);
	else
		kl_write_nil(w);
}

int kl_doc_supplier_decode(const struct kl_value *row, struct kl_supplier *ret_supplier)
{
	struct kl_supplier s = {.answered = false};
	uint64_t sector, where;
	struct kl_cursor values;
	int rc;

	if ((rc = kl_row_open(row, ITEMS, &values)) ||
		(rc = kl_row_text(&values, false, s.name, sizeof s.name)) ||
		(rc = kl_row_text(&values, true, s.contact, sizeof s.contact)) ||
		(rc = kl_row_text(&values, true, s.email, sizeof s.email)) ||
		(rc = kl_row_text(&values, true, s.place, sizeof s.place)) ||
		(rc = kl_row_int(&values, &s.spend)) ||
		(rc = kl_row_uint(&values, KL_SECTOR_COUNT - 1, &sector)) ||
		(rc = kl_row_uint(&values, KL_WHERE_ELSEWHERE, &where)) ||
		(rc = kl_row_maybe_double(&values, &s.answered, &s.respent)))
		return rc;
	s.sector = (enum kl_sector)sector;
	s.where = (enum kl_where)where;
	rc = kl_supplier_check(&s, NULL);
	if (rc)
		return rc;
	*ret_supplier = s;
	return KL_OK;
}
