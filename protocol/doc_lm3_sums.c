#include "protocol/doc_lm3_sums.h"
#include "core/error.h"
#include "protocol/doc.h"

enum { KEYS = 6, CLASS_ITEMS = 3 };

void kl_doc_lm3_sums_encode(
	struct kl_writer *w, const struct kl_id *stamp, const struct kl_lm3_classes *c)
{
	kl_write_map(w, KEYS);
	kl_put_uint(w, "v", KL_DOC_LM3_SUMS_VERSION);
	kl_put_id(w, "stamp", stamp);
	kl_put_uint(w, "suppliers", c->suppliers);
	kl_put_int(w, "negative_pence", c->negative);
	kl_put_uint(w, "negatives", c->negatives);
	kl_put_array(w, "classes", 3);
	for (int i = 0; i < 3; i++) {
		kl_write_array(w, CLASS_ITEMS);
		kl_write_int(w, c->of[i].value);
		kl_write_int(w, c->of[i].answered);
		kl_write_double(w, c->of[i].respent);
	}
}

static int read_class(const struct kl_value *array, struct kl_lm3_class *ret_class)
{
	struct kl_cursor items = kl_cursor(array);
	struct kl_value value, answered, respent;
	int rc;

	if (array->type != KL_WIRE_ARRAY || array->count != CLASS_ITEMS ||
		!kl_cursor_next(&items, &value) || !kl_cursor_next(&items, &answered) ||
		!kl_cursor_next(&items, &respent))
		return KL_E_MALFORMED;
	if ((rc = kl_value_int(&value, &ret_class->value)) ||
		(rc = kl_value_int(&answered, &ret_class->answered)))
		return rc;
	return kl_value_double(&respent, &ret_class->respent);
}

static int read_classes(const struct kl_value *map, struct kl_lm3_classes *c)
{
	struct kl_value array, item;
	struct kl_cursor items;
	int rc = kl_get_array(map, "classes", &array);

	if (rc)
		return rc;
	if (array.count != 3)
		return KL_E_MALFORMED;
	items = kl_cursor(&array);
	for (int i = 0; !rc && i < 3; i++)
		rc = kl_cursor_next(&items, &item) ? read_class(&item, &c->of[i]) : KL_E_MALFORMED;
	return rc;
}

int kl_doc_lm3_sums_decode(
	struct kl_bytes bytes, struct kl_id *ret_stamp, struct kl_lm3_classes *ret_classes)
{
	struct kl_lm3_classes c = {.value = 0};
	uint64_t suppliers, negatives;
	struct kl_value map;
	struct kl_id stamp;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_LM3_SUMS_VERSION, KEYS, &map)) ||
		(rc = kl_get_id(&map, "stamp", &stamp)) ||
		(rc = kl_get_uint(&map, "suppliers", KL_NAMES_MAX, &suppliers)) ||
		(rc = kl_get_int(&map, "negative_pence", &c.negative)) ||
		(rc = kl_get_uint(&map, "negatives", KL_NAMES_MAX, &negatives)) ||
		(rc = read_classes(&map, &c)))
		return kl_doc_strict(rc);
	c.suppliers = suppliers;
	c.negatives = negatives;
	rc = kl_lm3_classes_check(&c);
	if (rc)
		return rc;
	*ret_stamp = stamp;
	*ret_classes = c;
	return KL_OK;
}
