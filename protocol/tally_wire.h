/* Reading the arrays that tally payloads are made of: for the tally_payload_*.c files alone.
 *
 * Errors stick, as in the writer: read on, and ask once at the end. A value that was not read is
 * zero. */
#ifndef KL_PROTOCOL_TALLY_WIRE_H
#define KL_PROTOCOL_TALLY_WIRE_H

#include "core/error.h"
#include "protocol/tally_payload.h"

struct kl_list {
	struct kl_cursor cursor;
	uint32_t count; /* items of the array */
	int rc;
};

/* Opens a payload as an array of `count` items that begins with the version. KL_E_VERSION for a
 * payload of another version, KL_E_TOO_BIG above 64 KiB. */
struct kl_list kl_list_payload(struct kl_bytes payload, uint32_t count);

/* Opens the array at hand, of at most `max` items. */
struct kl_list kl_list_array(struct kl_list *list, uint32_t max);

/* An array of exactly `count` items. */
struct kl_list kl_list_tuple(struct kl_list *list, uint32_t count);

/* Passes the inner list's trouble on to the outer one. */
void kl_list_end(struct kl_list *list, const struct kl_list *inner);

void kl_list_value(struct kl_list *list, struct kl_value *ret_value);
uint64_t kl_list_uint(struct kl_list *list, uint64_t max);
int64_t kl_list_int(struct kl_list *list);
bool kl_list_bool(struct kl_list *list);
void kl_list_nil(struct kl_list *list);
void kl_list_id(struct kl_list *list, struct kl_id *ret_id);
/* An id or nil, which gives a zero id; false if it was nil. */
bool kl_list_id_or_nil(struct kl_list *list, struct kl_id *ret_id);
void kl_list_text(struct kl_list *list, char *out, size_t size);
struct kl_bytes kl_list_bin(struct kl_list *list);

/* Ends reading: KL_OK iff nothing went wrong and `w` holds exactly the bytes of `payload`. */
int kl_list_canonical(
	const struct kl_list *list, const struct kl_writer *w, struct kl_bytes payload);

/* An id, or nil if it is zero. */
void kl_write_id_or_nil(struct kl_writer *w, const struct kl_id *id);

/* Zeroed memory for `count` items, NULL for none; KL_E_NOMEM goes to the list. */
void *kl_list_alloc(struct kl_list *list, size_t count, size_t size);

#endif
