#include "protocol/header.h"
#include "core/error.h"

#include <string.h>

enum { FIELDS = 10 };

const char *kl_kind_name(uint32_t kind)
{
	switch (kind) {
#define X(name, number, text, own)                                                                 \
	case number:                                                                               \
		return text;
		KL_KIND_MAP(X)
#undef X
	default:
		return "unknown kind";
	}
}

bool kl_kind_signs_itself(uint32_t kind)
{
	switch (kind) {
#define X(name, number, text, own)                                                                 \
	case number:                                                                               \
		return own;
		KL_KIND_MAP(X)
#undef X
	default:
		return false;
	}
}

bool kl_kind_is_roster(uint32_t kind)
{
	return kind == KL_KIND_NETWORK_CREATE ||
	       (kind >= KL_KIND_CHARTER && kind <= KL_KIND_FORK_PROOF);
}

bool kl_kind_may_be_erased(uint32_t kind)
{
	return kind != KL_KIND_NETWORK_CREATE && kind != KL_KIND_KEY_ROTATE &&
	       (kind < 16 || (kind > 31 && kind < 64) || kind > 95);
}

void kl_header_write(struct kl_writer *w, const struct kl_header *header)
{
	kl_write_array(w, FIELDS);
	kl_write_uint(w, KL_HEADER_VERSION);
	kl_write_id(w, &header->author);
	kl_write_uint(w, header->epoch);
	kl_write_bin(w, kl_bytes(header->key_id, sizeof header->key_id));
	kl_write_uint(w, header->seq);
	kl_write_id(w, &header->prev);
	kl_write_uint(w, header->kind);
	kl_write_uint(w, header->time_ms);
	kl_write_uint(w, header->payload_len);
	kl_write_id(w, &header->payload_hash);
}

/* Written by hand into the caller's bytes, so that the id of a record costs no allocation: the
 * same canonical form as kl_header_write(), which the tests compare. */
static uint8_t *put_uint(uint8_t *out, uint64_t value)
{
	static const uint8_t firsts[] = {0xcc, 0xcd, 0xce, 0xcf};
	unsigned width = value <= 0xff ? 0 : value <= 0xffff ? 1 : value <= 0xffffffff ? 2 : 3;

	if (value <= 0x7f) {
		*out++ = (uint8_t)value;
		return out;
	}
	*out++ = firsts[width];
	for (unsigned i = 1u << width; i-- > 0;)
		*out++ = (uint8_t)(value >> (8 * i));
	return out;
}

static uint8_t *put_bin(uint8_t *out, const uint8_t *data, uint8_t len)
{
	*out++ = 0xc4;
	*out++ = len;
	memcpy(out, data, len);
	return out + len;
}

size_t kl_header_encode(const struct kl_header *header, uint8_t out[KL_HEADER_MAX])
{
	uint8_t *at = out;

	*at++ = 0x90 | FIELDS;
	at = put_uint(at, KL_HEADER_VERSION);
	at = put_bin(at, header->author.b, KL_ID_BYTES);
	at = put_uint(at, header->epoch);
	at = put_bin(at, header->key_id, KL_KEY_ID_BYTES);
	at = put_uint(at, header->seq);
	at = put_bin(at, header->prev.b, KL_ID_BYTES);
	at = put_uint(at, header->kind);
	at = put_uint(at, header->time_ms);
	at = put_uint(at, header->payload_len);
	at = put_bin(at, header->payload_hash.b, KL_ID_BYTES);
	return (size_t)(at - out);
}

static int next_uint(struct kl_cursor *c, uint64_t max, uint64_t *ret_value)
{
	struct kl_value v;

	return kl_cursor_next(c, &v) ? kl_value_uint(&v, max, ret_value) : KL_E_MALFORMED;
}

static int next_id(struct kl_cursor *c, struct kl_id *ret_id)
{
	struct kl_value v;

	return kl_cursor_next(c, &v) ? kl_value_id(&v, ret_id) : KL_E_MALFORMED;
}

static int next_key_id(struct kl_cursor *c, uint8_t ret_key_id[KL_KEY_ID_BYTES])
{
	struct kl_value v;
	struct kl_bytes bin;

	if (!kl_cursor_next(c, &v) || kl_value_bin(&v, &bin) || bin.len != KL_KEY_ID_BYTES)
		return KL_E_MALFORMED;
	memcpy(ret_key_id, bin.data, KL_KEY_ID_BYTES);
	return KL_OK;
}

static int read_fields(struct kl_cursor *c, struct kl_header *h)
{
	uint64_t epoch, kind, len;

	if (next_id(c, &h->author) || next_uint(c, UINT32_MAX, &epoch) ||
		next_key_id(c, h->key_id) || next_uint(c, UINT64_MAX, &h->seq) ||
		next_id(c, &h->prev) || next_uint(c, UINT32_MAX, &kind) ||
		next_uint(c, UINT64_MAX, &h->time_ms) || next_uint(c, KL_PAYLOAD_MAX, &len) ||
		next_id(c, &h->payload_hash))
		return KL_E_MALFORMED;
	if (!h->seq)
		return KL_E_MALFORMED;
	h->epoch = (uint32_t)epoch;
	h->kind = (uint32_t)kind;
	h->payload_len = (uint32_t)len;
	return KL_OK;
}

int kl_header_decode(struct kl_bytes bytes, struct kl_header *ret_header)
{
	struct kl_value array;
	struct kl_cursor c;
	struct kl_header h;
	uint8_t again[KL_HEADER_MAX];
	uint64_t version;
	int rc;

	if (bytes.len > KL_HEADER_MAX)
		return KL_E_TOO_BIG;
	rc = kl_value_open(bytes, &array);
	if (rc)
		return KL_E_MALFORMED;
	c = kl_cursor(&array);
	if (array.type != KL_WIRE_ARRAY || next_uint(&c, UINT64_MAX, &version))
		return KL_E_MALFORMED;
	if (version != KL_HEADER_VERSION)
		return KL_E_VERSION;
	if (array.count != FIELDS || read_fields(&c, &h))
		return KL_E_MALFORMED;
	/* readers take longer forms of numbers; an id must not have two spellings */
	if (!kl_bytes_equal(kl_bytes(again, kl_header_encode(&h, again)), bytes))
		return KL_E_MALFORMED;
	*ret_header = h;
	return KL_OK;
}
