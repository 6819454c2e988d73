#include "protocol/tally_wire.h"

#include <stdlib.h>
#include <string.h>

static struct kl_list broken(int rc)
{
	return (struct kl_list){.rc = rc};
}

struct kl_list kl_list_payload(struct kl_bytes payload, uint32_t count)
{
	struct kl_list list = {0};
	struct kl_value value;
	int rc;

	if (payload.len > KL_PAYLOAD_MAX)
		return broken(KL_E_TOO_BIG);
	rc = kl_value_open(payload, &value);
	if (rc)
		return broken(rc);
	if (value.type != KL_WIRE_ARRAY || value.count < 1)
		return broken(KL_E_MALFORMED);
	list.cursor = kl_cursor(&value);
	list.count = value.count;
	if (kl_list_uint(&list, UINT32_MAX) != KL_TALLY_VERSION)
		return broken(list.rc ? list.rc : KL_E_VERSION);
	if (value.count != count)
		return broken(KL_E_MALFORMED);
	return list;
}

void kl_list_value(struct kl_list *list, struct kl_value *ret_value)
{
	memset(ret_value, 0, sizeof(*ret_value));
	if (!list->rc && !kl_cursor_next(&list->cursor, ret_value))
		list->rc = KL_E_MALFORMED;
}

struct kl_list kl_list_array(struct kl_list *list, uint32_t max)
{
	struct kl_list inner = {0};
	struct kl_value value;

	kl_list_value(list, &value);
	if (!list->rc && value.type != KL_WIRE_ARRAY)
		list->rc = KL_E_MALFORMED;
	if (!list->rc && value.count > max)
		list->rc = KL_E_TOO_BIG;
	if (list->rc)
		return broken(list->rc);
	inner.cursor = kl_cursor(&value);
	inner.count = value.count;
	return inner;
}

struct kl_list kl_list_tuple(struct kl_list *list, uint32_t count)
{
	struct kl_list inner = kl_list_array(list, count);

	if (!inner.rc && inner.count != count)
		return broken(KL_E_MALFORMED);
	return inner;
}

void kl_list_end(struct kl_list *list, const struct kl_list *inner)
{
	if (!list->rc)
		list->rc = inner->rc;
}

uint64_t kl_list_uint(struct kl_list *list, uint64_t max)
{
	struct kl_value value;
	uint64_t number = 0;

	kl_list_value(list, &value);
	if (!list->rc)
		list->rc = kl_value_uint(&value, max, &number);
	return list->rc ? 0 : number;
}

int64_t kl_list_int(struct kl_list *list)
{
	struct kl_value value;
	int64_t number = 0;

	kl_list_value(list, &value);
	if (!list->rc)
		list->rc = kl_value_int(&value, &number);
	return list->rc ? 0 : number;
}

bool kl_list_bool(struct kl_list *list)
{
	struct kl_value value;
	bool truth = false;

	kl_list_value(list, &value);
	if (!list->rc)
		list->rc = kl_value_bool(&value, &truth);
	return !list->rc && truth;
}

void kl_list_nil(struct kl_list *list)
{
	struct kl_value value;

	kl_list_value(list, &value);
	if (!list->rc && value.type != KL_WIRE_NIL)
		list->rc = KL_E_MALFORMED;
}

bool kl_list_id_or_nil(struct kl_list *list, struct kl_id *ret_id)
{
	struct kl_value value;

	memset(ret_id, 0, sizeof(*ret_id));
	kl_list_value(list, &value);
	if (list->rc || value.type == KL_WIRE_NIL)
		return false;
	list->rc = kl_value_id(&value, ret_id);
	return !list->rc;
}

void kl_list_id(struct kl_list *list, struct kl_id *ret_id)
{
	if (!kl_list_id_or_nil(list, ret_id) && !list->rc)
		list->rc = KL_E_MALFORMED;
}

void kl_list_text(struct kl_list *list, char *out, size_t size)
{
	struct kl_value value;

	kl_list_value(list, &value);
	if (!list->rc)
		list->rc = kl_value_text(&value, out, size);
}

struct kl_bytes kl_list_bin(struct kl_list *list)
{
	struct kl_bytes bytes = {0};
	struct kl_value value;

	kl_list_value(list, &value);
	if (!list->rc)
		list->rc = kl_value_bin(&value, &bytes);
	return bytes; /* still empty if anything failed */
}

int kl_list_canonical(
	const struct kl_list *list, const struct kl_writer *w, struct kl_bytes payload)
{
	struct kl_bytes written;
	int rc;

	if (list->rc)
		return list->rc;
	rc = kl_writer_bytes(w, &written);
	if (rc)
		return rc;
	return kl_bytes_equal(written, payload) ? KL_OK : KL_E_MALFORMED;
}

void kl_write_id_or_nil(struct kl_writer *w, const struct kl_id *id)
{
	if (kl_id_is_zero(id))
		kl_write_nil(w);
	else
		kl_write_id(w, id);
}

void *kl_list_alloc(struct kl_list *list, size_t count, size_t size)
{
	void *memory;

	if (list->rc || count == 0)
		return NULL;
	memory = calloc(count, size);
	if (!memory)
		list->rc = KL_E_NOMEM;
	return memory;
}
