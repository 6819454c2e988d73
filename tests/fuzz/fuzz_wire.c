/* Scan and reader, held against msgpack-c's own unpacker, which only ever sees what the scan let
 * through. */
#include "core/error.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* ---- agreement with msgpack-c -------------------------------------------------------------- */

static void agree(const struct kl_value *ours, const msgpack_object *theirs);

static void agree_on_bytes(struct kl_bytes ours, const char *data, uint32_t len)
{
	FUZZ_CHECK(ours.len == len);
	FUZZ_CHECK(!len || !memcmp(ours.data, data, len));
}

static void agree_on_items(const struct kl_value *ours, const msgpack_object_array *theirs)
{
	struct kl_cursor c = kl_cursor(ours);
	struct kl_value item;

	FUZZ_CHECK(ours->count == theirs->size);
	for (uint32_t i = 0; i < theirs->size; i++) {
		FUZZ_CHECK(kl_cursor_next(&c, &item));
		agree(&item, &theirs->ptr[i]);
	}
	FUZZ_CHECK(!kl_cursor_next(&c, &item));
}

static void agree_on_pairs(const struct kl_value *ours, const msgpack_object_map *theirs)
{
	struct kl_cursor c = kl_cursor(ours);
	struct kl_value item;

	FUZZ_CHECK(ours->count == theirs->size);
	for (uint32_t i = 0; i < theirs->size; i++) {
		FUZZ_CHECK(kl_cursor_next(&c, &item));
		agree(&item, &theirs->ptr[i].key);
		FUZZ_CHECK(kl_cursor_next(&c, &item));
		agree(&item, &theirs->ptr[i].val);
	}
	FUZZ_CHECK(!kl_cursor_next(&c, &item));
}

static void agree(const struct kl_value *ours, const msgpack_object *theirs)
{
	switch (theirs->type) {
	case MSGPACK_OBJECT_NIL:
		FUZZ_CHECK(ours->type == KL_WIRE_NIL);
		break;
	case MSGPACK_OBJECT_BOOLEAN:
		FUZZ_CHECK(ours->type == KL_WIRE_BOOL && ours->u.boolean == theirs->via.boolean);
		break;
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
		FUZZ_CHECK(ours->type == KL_WIRE_INT && !ours->u.integer.negative);
		FUZZ_CHECK(ours->u.integer.bits == theirs->via.u64);
		break;
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		FUZZ_CHECK(ours->type == KL_WIRE_INT && ours->u.integer.negative);
		FUZZ_CHECK(ours->u.integer.bits == (uint64_t)theirs->via.i64);
		break;
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_FLOAT64:
		FUZZ_CHECK(ours->type == KL_WIRE_DOUBLE);
		FUZZ_CHECK(ours->u.number == theirs->via.f64 || theirs->via.f64 != theirs->via.f64);
		break;
	case MSGPACK_OBJECT_STR:
		FUZZ_CHECK(ours->type == KL_WIRE_TEXT);
		agree_on_bytes(ours->u.bytes, theirs->via.str.ptr, theirs->via.str.size);
		break;
	case MSGPACK_OBJECT_BIN:
		FUZZ_CHECK(ours->type == KL_WIRE_BIN);
		agree_on_bytes(ours->u.bytes, theirs->via.bin.ptr, theirs->via.bin.size);
		break;
	case MSGPACK_OBJECT_ARRAY:
		FUZZ_CHECK(ours->type == KL_WIRE_ARRAY);
		agree_on_items(ours, &theirs->via.array);
		break;
	case MSGPACK_OBJECT_MAP:
		FUZZ_CHECK(ours->type == KL_WIRE_MAP);
		agree_on_pairs(ours, &theirs->via.map);
		break;
	default:
		FUZZ_CHECK(!"the scan refuses ext types");
	}
}

/* All lengths and types of msgpack once, nested. */
static void write_everything(struct kl_writer *w)
{
	static uint8_t bulk[300];

	kl_write_array(w, 18);
	kl_write_nil(w);
	kl_write_bool(w, true);
	kl_write_int(w, -1);
	kl_write_int(w, -200);
	kl_write_int(w, INT64_MIN);
	kl_write_uint(w, 7);
	kl_write_uint(w, 200);
	kl_write_uint(w, 70000);
	kl_write_uint(w, UINT64_MAX);
	kl_write_double(w, 2.43);
	kl_write_text(w, "");
	kl_write_text(w, "Bradford, £ and é");
	kl_write_text(w, "a text of more than thirty-one characters, so that its head is longer");
	kl_write_bin(w, kl_bytes(bulk, 5));
	kl_write_bin(w, kl_bytes(bulk, sizeof bulk));
	kl_write_map(w, 2);
	kl_put_uint(w, "n", 1);
	kl_put_array(w, "list", 1);
	kl_write_map(w, 0);
	kl_write_array(w, 17);
	for (int i = 0; i < 17; i++)
		kl_write_uint(w, (uint64_t)i);
	kl_write_bool(w, false);
}

void kl_fuzz_samples_wire(struct fuzz_corpus *corpus)
{
	/* a float, and integers and lengths in longer forms than needed */
	static const uint8_t narrow[] = {0xca, 0x40, 0x49, 0x0f, 0xdb};
	static const uint8_t longer[] = {0xdd, 0, 0, 0, 3, 0xd3, 255, 255, 255, 255, 255, 255, 255,
		255, 0xdb, 0, 0, 0, 1, 'x', 0xdf, 0, 0, 0, 0};
	static const uint8_t greedy[] = {0xdd, 0xff, 0xff, 0xff, 0xff};
	static const uint8_t ext[] = {0xc7, 1, 5, 9};
	struct kl_writer w;

	kl_writer_init(&w);
	write_everything(&w);
	fuzz_sample_written(corpus, &w);
	for (int i = 0; i < KL_WIRE_DEPTH_MAX; i++)
		kl_write_array(&w, 1);
	kl_write_nil(&w);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
	fuzz_sample(corpus, narrow, sizeof narrow);
	fuzz_sample(corpus, longer, sizeof longer);
	fuzz_seed(corpus, greedy, sizeof greedy);
	fuzz_seed(corpus, ext, sizeof ext);
}

int kl_fuzz_wire(const uint8_t *data, size_t len)
{
	msgpack_unpacked unpacked;
	struct kl_value value;
	size_t taken = SIZE_MAX, offset = 0;
	int rc = kl_wire_scan(kl_bytes(data, len), &taken);

	if (rc) {
		FUZZ_CHECK(rc == KL_E_MALFORMED || rc == KL_E_TOO_BIG);
		FUZZ_CHECK(taken == SIZE_MAX);
		FUZZ_CHECK(kl_value_open(kl_bytes(data, len), &value) < 0);
		return 0;
	}
	FUZZ_CHECK(taken > 0 && taken <= len);
	FUZZ_CHECK((kl_value_open(kl_bytes(data, len), &value) == 0) == (taken == len));
	FUZZ_CHECK(kl_value_open(kl_bytes(data, taken), &value) == 0);
	FUZZ_CHECK(value.raw.data == data && value.raw.len == taken);

	msgpack_unpacked_init(&unpacked);
	rc = msgpack_unpack_next(&unpacked, (const char *)data, len, &offset);
	FUZZ_CHECK(rc == MSGPACK_UNPACK_SUCCESS);
	FUZZ_CHECK(offset == taken);
	agree(&value, &unpacked.data);
	msgpack_unpacked_destroy(&unpacked);
	return 1;
}

/* ---- typed readings ------------------------------------------------------------------------ */

static void read_number(const struct kl_value *v)
{
	uint64_t u = 0;
	int64_t i = 0;
	double d = 0;
	bool is_int = v->type == KL_WIRE_INT;

	FUZZ_CHECK((kl_value_uint(v, UINT64_MAX, &u) == 0) == (is_int && !v->u.integer.negative));
	FUZZ_CHECK(kl_value_uint(v, 100, &u) || u <= 100);
	if (!kl_value_int(v, &i))
		FUZZ_CHECK(is_int && (i < 0) == v->u.integer.negative);
	if (!kl_value_double(v, &d))
		FUZZ_CHECK(d - d == 0.0);
}

static void read_bytes(const uint8_t *data, size_t len, const struct kl_value *v)
{
	struct kl_bytes bytes = {0};
	struct kl_id id;
	char small[8];

	if (!kl_value_bin(v, &bytes))
		FUZZ_CHECK(v->type == KL_WIRE_BIN && fuzz_inside(data, len, bytes));
	FUZZ_CHECK((kl_value_id(v, &id) == 0) == (v->type == KL_WIRE_BIN && bytes.len == 32));
	if (!kl_value_text_n(v, &bytes)) {
		FUZZ_CHECK(v->type == KL_WIRE_TEXT && fuzz_inside(data, len, bytes));
		FUZZ_CHECK(kl_text_is_plain(bytes, true));
	}
	memset(small, 'x', sizeof small);
	if (!kl_value_text(v, small, sizeof small))
		FUZZ_CHECK(strlen(small) == bytes.len);
	else
		FUZZ_CHECK(small[0] == 'x' && small[7] == 'x');
}

static void read_map(const struct kl_value *map)
{
	struct kl_cursor c = kl_cursor(map);
	struct kl_value key, value, found;

	while (kl_cursor_next(&c, &key) && kl_cursor_next(&c, &value)) {
		char text[64];
		int rc;

		if (key.type != KL_WIRE_TEXT || kl_value_text(&key, text, sizeof text) ||
			memchr(key.u.bytes.data, 0, key.u.bytes.len))
			continue;
		rc = kl_map_get(map, text, &found);
		FUZZ_CHECK(rc == 0 || rc == KL_E_MALFORMED);
		if (!rc)
			FUZZ_CHECK(found.raw.data == value.raw.data);
	}
	FUZZ_CHECK(kl_map_get(map, "\x01 nobody writes this", &found) != 0);
}

static void walk(const uint8_t *data, size_t len, const struct kl_value *v, int depth)
{
	struct kl_cursor c = kl_cursor(v);
	struct kl_value item;
	uint64_t n = 0;

	FUZZ_CHECK(depth <= KL_WIRE_DEPTH_MAX);
	FUZZ_CHECK(v->raw.len && fuzz_inside(data, len, v->raw));
	read_number(v);
	read_bytes(data, len, v);
	if (v->type == KL_WIRE_MAP)
		read_map(v);
	for (; kl_cursor_next(&c, &item); n++)
		walk(data, len, &item, depth + 1);
	if (v->type == KL_WIRE_ARRAY)
		FUZZ_CHECK(n == v->count);
	if (v->type == KL_WIRE_MAP)
		FUZZ_CHECK(n == 2 * (uint64_t)v->count);
}

void kl_fuzz_samples_reader(struct fuzz_corpus *corpus)
{
	kl_fuzz_samples_wire(corpus);
}

int kl_fuzz_reader(const uint8_t *data, size_t len)
{
	struct kl_value value;
	struct kl_writer w;

	if (kl_value_open(kl_bytes(data, len), &value))
		return 0;
	walk(data, len, &value, 0);
	kl_writer_init(&w);
	kl_write_raw(&w, value.raw);
	fuzz_same(data, len, &w);
	kl_writer_deinit(&w);
	return 1;
}
