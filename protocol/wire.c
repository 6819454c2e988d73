#include "protocol/wire.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

/* ---- writing ------------------------------------------------------------------------------- */

void kl_writer_init(struct kl_writer *w)
{
	msgpack_sbuffer_init(&w->buffer);
	msgpack_packer_init(&w->packer, &w->buffer, msgpack_sbuffer_write);
	w->failed = false;
}

void kl_writer_deinit(struct kl_writer *w)
{
	if (w)
		msgpack_sbuffer_destroy(&w->buffer);
}

void kl_writer_reset(struct kl_writer *w)
{
	msgpack_sbuffer_clear(&w->buffer);
	w->failed = false;
}

int kl_writer_bytes(const struct kl_writer *w, struct kl_bytes *ret_bytes)
{
	if (w->failed)
		return KL_E_NOMEM;
	*ret_bytes = kl_bytes(w->buffer.data, w->buffer.size);
	return KL_OK;
}

static void check(struct kl_writer *w, int rc)
{
	if (rc != 0)
		w->failed = true;
}

void kl_write_map(struct kl_writer *w, size_t pairs)
{
	check(w, msgpack_pack_map(&w->packer, pairs));
}

void kl_write_array(struct kl_writer *w, size_t items)
{
	check(w, msgpack_pack_array(&w->packer, items));
}

void kl_write_text_n(struct kl_writer *w, struct kl_bytes text)
{
	check(w, msgpack_pack_str(&w->packer, text.len));
	if (text.len)
		check(w, msgpack_pack_str_body(&w->packer, text.data, text.len));
}

void kl_write_text(struct kl_writer *w, const char *text)
{
	kl_write_text_n(w, kl_bytes_str(text));
}

void kl_write_bin(struct kl_writer *w, struct kl_bytes bytes)
{
	check(w, msgpack_pack_bin(&w->packer, bytes.len));
	if (bytes.len)
		check(w, msgpack_pack_bin_body(&w->packer, bytes.data, bytes.len));
}

void kl_write_id(struct kl_writer *w, const struct kl_id *id)
{
	kl_write_bin(w, kl_id_bytes(id));
}

void kl_write_uint(struct kl_writer *w, uint64_t value)
{
	check(w, msgpack_pack_uint64(&w->packer, value));
}

void kl_write_int(struct kl_writer *w, int64_t value)
{
	check(w, msgpack_pack_int64(&w->packer, value));
}

void kl_write_double(struct kl_writer *w, double value)
{
	check(w, msgpack_pack_double(&w->packer, value));
}

void kl_write_bool(struct kl_writer *w, bool value)
{
	check(w, value ? msgpack_pack_true(&w->packer) : msgpack_pack_false(&w->packer));
}

void kl_write_nil(struct kl_writer *w)
{
	check(w, msgpack_pack_nil(&w->packer));
}

void kl_write_raw(struct kl_writer *w, struct kl_bytes msgpack)
{
	if (msgpack.len)
		check(w,
			msgpack_sbuffer_write(&w->buffer, (const char *)msgpack.data, msgpack.len));
}

void kl_put_text(struct kl_writer *w, const char *key, const char *text)
{
	kl_write_text(w, key);
	if (text)
		kl_write_text(w, text);
	else
		kl_write_nil(w);
}

void kl_put_bin(struct kl_writer *w, const char *key, struct kl_bytes bytes)
{
	kl_write_text(w, key);
	kl_write_bin(w, bytes);
}

void kl_put_id(struct kl_writer *w, const char *key, const struct kl_id *id)
{
	kl_write_text(w, key);
	kl_write_id(w, id);
}

void kl_put_uint(struct kl_writer *w, const char *key, uint64_t value)
{
	kl_write_text(w, key);
	kl_write_uint(w, value);
}

void kl_put_int(struct kl_writer *w, const char *key, int64_t value)
{
	kl_write_text(w, key);
	kl_write_int(w, value);
}

void kl_put_double(struct kl_writer *w, const char *key, double value)
{
	kl_write_text(w, key);
	kl_write_double(w, value);
}

void kl_put_bool(struct kl_writer *w, const char *key, bool value)
{
	kl_write_text(w, key);
	kl_write_bool(w, value);
}

void kl_put_nil(struct kl_writer *w, const char *key)
{
	kl_write_text(w, key);
	kl_write_nil(w);
}

void kl_put_map(struct kl_writer *w, const char *key, size_t pairs)
{
	kl_write_text(w, key);
	kl_write_map(w, pairs);
}

void kl_put_array(struct kl_writer *w, const char *key, size_t items)
{
	kl_write_text(w, key);
	kl_write_array(w, items);
}

/* ---- the head of one value ----------------------------------------------------------------- */

static uint64_t big_endian(const uint8_t *in, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = value << 8 | in[i];
	return value;
}

static void set_uint(struct kl_value *v, uint64_t value)
{
	v->type = KL_WIRE_INT;
	v->u.integer.negative = false;
	v->u.integer.bits = value;
}

static void set_int(struct kl_value *v, uint64_t raw, size_t bytes)
{
	unsigned shift = 64 - 8 * (unsigned)bytes;
	uint64_t wide = raw << shift;

	/* widen the sign by hand: shifting negative numbers is left to the compiler */
	if (shift && wide >> 63)
		raw |= ~UINT64_C(0) << (64 - shift);
	v->type = KL_WIRE_INT;
	v->u.integer.negative = raw >> 63;
	v->u.integer.bits = raw;
}

static void set_float(struct kl_value *v, uint64_t bits, size_t bytes)
{
	v->type = KL_WIRE_DOUBLE;
	if (bytes == 4) {
		uint32_t narrow = (uint32_t)bits;
		float f;

		memcpy(&f, &narrow, sizeof f);
		v->u.number = (double)f;
	} else {
		memcpy(&v->u.number, &bits, sizeof v->u.number);
	}
}

/* What follows the first byte of a value. */
struct shape {
	size_t head;     /* bytes of the head, the first one too */
	uint64_t body;   /* bytes of content: TEXT, BIN */
	uint64_t inside; /* values inside: ARRAY, MAP */
};

static int sized(
	struct kl_value *v, enum kl_wire_type type, uint64_t size, size_t head, struct shape *s)
{
	v->type = type;
	s->head = head;
	if (type == KL_WIRE_TEXT || type == KL_WIRE_BIN) {
		s->body = size;
	} else {
		s->inside = type == KL_WIRE_MAP ? 2 * size : size;
		v->count = (uint32_t)size;
	}
	return KL_OK;
}

static int short_forms(uint8_t first, struct kl_value *v, struct shape *s)
{
	s->head = 1;
	if (first <= 0x7f)
		set_uint(v, first);
	else if (first <= 0x8f)
		return sized(v, KL_WIRE_MAP, first & 0x0f, 1, s);
	else if (first <= 0x9f)
		return sized(v, KL_WIRE_ARRAY, first & 0x0f, 1, s);
	else if (first <= 0xbf)
		return sized(v, KL_WIRE_TEXT, first & 0x1f, 1, s);
	else
		set_int(v, first, 1);
	return KL_OK;
}

static int long_forms(uint8_t first, struct kl_bytes in, struct kl_value *v, struct shape *s)
{
	/* bytes of the number that follows 0xc4..0xdf; 0: ext types and the reserved byte */
	static const uint8_t widths[] = {
		1, 2, 4, 0, 0, 0, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4};
	size_t width = widths[first - 0xc4];
	uint64_t number;

	if (!width || in.len < 1 + width)
		return KL_E_MALFORMED;
	number = big_endian(in.data + 1, width);
	s->head = 1 + width;
	if (first <= 0xc6)
		return sized(v, KL_WIRE_BIN, number, 1 + width, s);
	if (first >= 0xde)
		return sized(v, KL_WIRE_MAP, number, 1 + width, s);
	if (first >= 0xdc)
		return sized(v, KL_WIRE_ARRAY, number, 1 + width, s);
	if (first >= 0xd9)
		return sized(v, KL_WIRE_TEXT, number, 1 + width, s);
	if (first <= 0xcb)
		set_float(v, number, width);
	else if (first <= 0xcf)
		set_uint(v, number);
	else
		set_int(v, number, width);
	return KL_OK;
}

/* Reads the head; checks that it and the content (not what is inside a container) are there. */
static int head(struct kl_bytes in, struct kl_value *v, struct shape *s)
{
	int rc = KL_OK;

	*s = (struct shape){0};
	*v = (struct kl_value){0};
	if (!in.len)
		return KL_E_MALFORMED;
	if (in.data[0] < 0xc0 || in.data[0] >= 0xe0) {
		rc = short_forms(in.data[0], v, s);
	} else if (in.data[0] >= 0xc4) {
		rc = long_forms(in.data[0], in, v, s);
	} else {
		s->head = 1;
		v->type = in.data[0] == 0xc0 ? KL_WIRE_NIL : KL_WIRE_BOOL;
		v->u.boolean = in.data[0] == 0xc3;
		if (in.data[0] == 0xc1)
			return KL_E_MALFORMED;
	}
	if (rc)
		return rc;
	if (s->body > in.len - s->head || s->inside > in.len - s->head)
		return KL_E_MALFORMED;
	if (v->type == KL_WIRE_TEXT || v->type == KL_WIRE_BIN)
		v->u.bytes = kl_bytes(in.data + s->head, (size_t)s->body);
	return KL_OK;
}

int kl_wire_scan(struct kl_bytes bytes, size_t *ret_len)
{
	uint64_t open[KL_WIRE_DEPTH_MAX + 1] = {1}; /* values still to come at each depth */
	size_t at = 0, nodes = 0;
	unsigned depth = 0;

	while (true) {
		struct kl_value v;
		struct shape s;
		int rc;

		while (depth && !open[depth])
			depth--;
		if (!open[depth])
			break;
		open[depth]--;
		if (++nodes > KL_WIRE_NODES_MAX)
			return KL_E_TOO_BIG;
		rc = head(kl_bytes(bytes.data + at, bytes.len - at), &v, &s);
		if (rc)
			return rc;
		at += s.head + (size_t)s.body;
		if (s.inside) {
			if (depth == KL_WIRE_DEPTH_MAX)
				return KL_E_TOO_BIG;
			open[++depth] = s.inside;
		}
	}
	*ret_len = at;
	return KL_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Opens the value at the front of scanned bytes. */
static size_t open_front(struct kl_bytes in, struct kl_value *v)
{
	struct shape s;
	size_t len;

	if (head(in, v, &s) != KL_OK)
		return 0;
	len = s.head + (size_t)s.body;
	if (s.inside) {
		if (kl_wire_scan(in, &len) != KL_OK)
			return 0;
	}
	if (v->type == KL_WIRE_ARRAY || v->type == KL_WIRE_MAP)
		v->u.bytes = kl_bytes(in.data + s.head, len - s.head);
	v->raw = kl_bytes(in.data, len);
	return len;
}

int kl_value_open(struct kl_bytes bytes, struct kl_value *ret_value)
{
	struct kl_value v;
	size_t len;
	int rc = kl_wire_scan(bytes, &len);

	if (rc)
		return rc;
	if (len != bytes.len || !open_front(bytes, &v))
		return KL_E_MALFORMED;
	*ret_value = v;
	return KL_OK;
}

struct kl_cursor kl_cursor(const struct kl_value *container)
{
	struct kl_cursor c = {0};

	if (container->type == KL_WIRE_ARRAY || container->type == KL_WIRE_MAP) {
		c.rest = container->u.bytes;
		c.left = container->type == KL_WIRE_MAP ? 2 * (uint64_t)container->count
							: container->count;
	}
	return c;
}

bool kl_cursor_next(struct kl_cursor *cursor, struct kl_value *ret_value)
{
	size_t len;

	if (!cursor->left || !(len = open_front(cursor->rest, ret_value)))
		return false;
	cursor->left--;
	cursor->rest = kl_bytes(cursor->rest.data + len, cursor->rest.len - len);
	return true;
}

int kl_map_get(const struct kl_value *map, const char *key, struct kl_value *ret_value)
{
	struct kl_bytes want = kl_bytes_str(key);
	struct kl_cursor c = kl_cursor(map);
	struct kl_value k, v;
	bool found = false;

	if (map->type != KL_WIRE_MAP)
		return KL_E_MALFORMED;
	while (kl_cursor_next(&c, &k) && kl_cursor_next(&c, &v)) {
		if (k.type != KL_WIRE_TEXT)
			return KL_E_MALFORMED;
		if (!kl_bytes_equal(k.u.bytes, want))
			continue;
		if (found)
			return KL_E_MALFORMED;
		found = true;
		*ret_value = v;
	}
	return found ? KL_OK : KL_E_NOT_FOUND;
}

int kl_value_uint(const struct kl_value *v, uint64_t max, uint64_t *ret_value)
{
	if (v->type != KL_WIRE_INT || v->u.integer.negative || v->u.integer.bits > max)
		return KL_E_MALFORMED;
	*ret_value = v->u.integer.bits;
	return KL_OK;
}

int kl_value_int(const struct kl_value *v, int64_t *ret_value)
{
	if (v->type != KL_WIRE_INT)
		return KL_E_MALFORMED;
	if (!v->u.integer.negative && v->u.integer.bits > INT64_MAX)
		return KL_E_MALFORMED;
	memcpy(ret_value, &v->u.integer.bits, sizeof *ret_value);
	return KL_OK;
}

int kl_value_double(const struct kl_value *v, double *ret_value)
{
	double value;

	if (v->type == KL_WIRE_DOUBLE) {
		value = v->u.number;
	} else {
		int64_t whole;

		if (kl_value_int(v, &whole))
			return KL_E_MALFORMED;
		value = (double)whole;
	}
	if (!isfinite(value))
		return KL_E_MALFORMED;
	*ret_value = value;
	return KL_OK;
}

int kl_value_bool(const struct kl_value *v, bool *ret_value)
{
	if (v->type != KL_WIRE_BOOL)
		return KL_E_MALFORMED;
	*ret_value = v->u.boolean;
	return KL_OK;
}

int kl_value_bin(const struct kl_value *v, struct kl_bytes *ret_bytes)
{
	if (v->type != KL_WIRE_BIN)
		return KL_E_MALFORMED;
	*ret_bytes = v->u.bytes;
	return KL_OK;
}

int kl_value_id(const struct kl_value *v, struct kl_id *ret_id)
{
	if (v->type != KL_WIRE_BIN || v->u.bytes.len != KL_ID_BYTES)
		return KL_E_MALFORMED;
	memcpy(ret_id->b, v->u.bytes.data, KL_ID_BYTES);
	return KL_OK;
}

int kl_value_text_n(const struct kl_value *v, struct kl_bytes *ret_text)
{
	if (v->type != KL_WIRE_TEXT || !kl_text_is_plain(v->u.bytes, true))
		return KL_E_MALFORMED;
	*ret_text = v->u.bytes;
	return KL_OK;
}

int kl_value_text(const struct kl_value *v, char *out, size_t size)
{
	struct kl_bytes text;
	int rc = kl_value_text_n(v, &text);

	if (rc)
		return rc;
	if (text.len >= size)
		return KL_E_TOO_BIG;
	memcpy(out, text.data, text.len);
	out[text.len] = '\0';
	return KL_OK;
}

/* One body for each reading by key: find, then read. */
#define GET(map, key, reading)                                                                     \
	struct kl_value v;                                                                         \
	int rc = kl_map_get(map, key, &v);                                                         \
	return rc ? rc : (reading)

/* The same, with what to do when the key is absent or nil. */
#define GET_OR(map, key, absent, reading)                                                          \
	struct kl_value v;                                                                         \
	int rc = kl_map_get(map, key, &v);                                                         \
	if (rc == KL_E_NOT_FOUND || (!rc && v.type == KL_WIRE_NIL)) {                              \
		absent;                                                                            \
		return KL_OK;                                                                      \
	}                                                                                          \
	return rc ? rc : (reading)

int kl_get_text(const struct kl_value *map, const char *key, char *out, size_t size)
{
	GET(map, key, kl_value_text(&v, out, size));
}

int kl_get_text_or(
	const struct kl_value *map, const char *key, const char *otherwise, char *out, size_t size)
{
	GET_OR(map, key, (void)kl_copy_text(out, size, otherwise), kl_value_text(&v, out, size));
}

int kl_get_bin(const struct kl_value *map, const char *key, struct kl_bytes *ret_bytes)
{
	GET(map, key, kl_value_bin(&v, ret_bytes));
}

int kl_get_id(const struct kl_value *map, const char *key, struct kl_id *ret_id)
{
	GET(map, key, kl_value_id(&v, ret_id));
}

int kl_get_uint(const struct kl_value *map, const char *key, uint64_t max, uint64_t *ret_value)
{
	GET(map, key, kl_value_uint(&v, max, ret_value));
}

int kl_get_uint_or(const struct kl_value *map, const char *key, uint64_t max, uint64_t otherwise,
	uint64_t *ret_value)
{
	GET_OR(map, key, *ret_value = otherwise, kl_value_uint(&v, max, ret_value));
}

int kl_get_int(const struct kl_value *map, const char *key, int64_t *ret_value)
{
	GET(map, key, kl_value_int(&v, ret_value));
}

int kl_get_int_or(
	const struct kl_value *map, const char *key, int64_t otherwise, int64_t *ret_value)
{
	GET_OR(map, key, *ret_value = otherwise, kl_value_int(&v, ret_value));
}

int kl_get_double(const struct kl_value *map, const char *key, double *ret_value)
{
	GET(map, key, kl_value_double(&v, ret_value));
}

int kl_get_double_or(
	const struct kl_value *map, const char *key, double otherwise, double *ret_value)
{
	GET_OR(map, key, *ret_value = otherwise, kl_value_double(&v, ret_value));
}

int kl_get_bool_or(const struct kl_value *map, const char *key, bool otherwise, bool *ret_value)
{
	GET_OR(map, key, *ret_value = otherwise, kl_value_bool(&v, ret_value));
}

static int need(const struct kl_value *v, enum kl_wire_type type, struct kl_value *ret_value)
{
	if (v->type != type)
		return KL_E_MALFORMED;
	*ret_value = *v;
	return KL_OK;
}

int kl_get_array(const struct kl_value *map, const char *key, struct kl_value *ret_array)
{
	GET(map, key, need(&v, KL_WIRE_ARRAY, ret_array));
}

int kl_get_map(const struct kl_value *map, const char *key, struct kl_value *ret_map)
{
	GET(map, key, need(&v, KL_WIRE_MAP, ret_map));
}
