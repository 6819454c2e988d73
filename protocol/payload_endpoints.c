#include "protocol/payload_endpoints.h"

void kl_payload_endpoints_write(struct kl_writer *w, const struct kl_endpoints *endpoints)
{
	kl_write_array(w, endpoints->n + endpoints->no_seat);
	for (size_t i = 0; i < endpoints->n; i++)
		kl_endpoint_write(w, &endpoints->items[i]);
	if (endpoints->no_seat)
		kl_write_bool(w, false);
}

/* `false` behind the endpoints: no seat. */
static bool refuses_seat(const struct kl_value *array)
{
	struct kl_cursor c = kl_cursor(array);
	struct kl_value item;
	bool seat = true, last = false;

	while (kl_cursor_next(&c, &item))
		last = !kl_value_bool(&item, &seat);
	return last && !seat;
}

int kl_payload_endpoints_read(
	struct kl_bytes payload, struct kl_endpoints *ret_endpoints, struct kl_fault *fault)
{
	struct kl_endpoints endpoints = {.n = 0};
	struct kl_value array, item;
	struct kl_cursor c;
	size_t count;

	if (kl_value_open(payload, &array) || array.type != KL_WIRE_ARRAY)
		return kl_fault(fault, KL_E_MALFORMED, "this is no list of endpoints");
	endpoints.no_seat = refuses_seat(&array);
	count = array.count - endpoints.no_seat;
	if (count > KL_TICKET_ENDPOINTS_MAX)
		return kl_fault(
			fault, KL_E_MALFORMED, "more than %d endpoints", KL_TICKET_ENDPOINTS_MAX);
	for (c = kl_cursor(&array); endpoints.n < count && kl_cursor_next(&c, &item); endpoints.n++)
		if (kl_endpoint_read(&item, &endpoints.items[endpoints.n]))
			return kl_fault(fault, KL_E_MALFORMED,
				"endpoint %zu is not tcp://HOST:PORT with a CURVE key",
				endpoints.n + 1);
	*ret_endpoints = endpoints;
	return KL_OK;
}
