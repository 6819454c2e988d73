#include "protocol/doc_answer.h"
#include "core/error.h"
#include "protocol/part.h"

#include <string.h>

enum { ANSWER_ITEMS = 3, ASKED_ITEMS = 1 };

void kl_doc_answer_encode(struct kl_writer *w, const struct kl_lm3_answer *a)
{
	kl_write_array(w, ANSWER_ITEMS);
	kl_write_text(w, a->name);
	kl_write_double(w, a->respent);
	kl_write_uint(w, a->where);
}

int kl_doc_answer_decode(const struct kl_value *row, struct kl_lm3_answer *ret_answer)
{
	struct kl_lm3_answer a = {.respent = 0};
	struct kl_cursor values;
	uint64_t where;
	bool has = false;
	int rc;

	if ((rc = kl_row_open(row, ANSWER_ITEMS, &values)) ||
		(rc = kl_row_text(&values, false, a.name, sizeof a.name)) ||
		(rc = kl_row_maybe_double(&values, &has, &a.respent)) ||
		(rc = kl_row_uint(&values, KL_WHERE_ELSEWHERE, &where)))
		return rc;
	if (!has)
		return KL_E_MALFORMED;
	a.where = (enum kl_where)where;
	rc = kl_lm3_answer_check(&a, NULL);
	if (rc)
		return rc;
	*ret_answer = a;
	return KL_OK;
}

void kl_doc_asked_encode(struct kl_writer *w, const char *supplier)
{
	kl_write_array(w, ASKED_ITEMS);
	kl_write_text(w, supplier);
}

int kl_doc_asked_decode(const struct kl_value *row, char ret_supplier[KL_NAME_MAX])
{
	char supplier[KL_NAME_MAX];
	struct kl_cursor values;
	int rc;

	if ((rc = kl_row_open(row, ASKED_ITEMS, &values)) ||
		(rc = kl_row_text(&values, false, supplier, sizeof supplier)))
		return rc;
	memcpy(ret_supplier, supplier, sizeof supplier);
	return KL_OK;
}
