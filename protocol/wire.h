/* msgpack, carefully: frames, records and documents are all written and read through here.
 *
 * scan     before anything is unpacked, the claimed counts and lengths are held against the bytes
 *          that are really there: msgpack-c allocates what a message claims, and five bytes can
 *          claim four gigabytes
 * reader   walks the scanned bytes in place, without allocating; views that it hands out live as
 *          long as the bytes
 * canonical  shortest forms, map keys in the writer's order: what is hashed or signed is written
 *          again after reading and compared, because readers accept longer forms
 *
 * Maps have strings of ASCII as keys and are read key by key: see kl_map_get(). */
#ifndef KL_PROTOCOL_WIRE_H
#define KL_PROTOCOL_WIRE_H

#include "core/bytes.h"

#include <msgpack.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	KL_WIRE_DEPTH_MAX = 16,
	KL_WIRE_NODES_MAX = 1 << 20, /* values in one message, containers counted too */
};

/* ---- writing ------------------------------------------------------------------------------- */

/* Errors stick: write on, and ask once at the end. */
struct kl_writer {
	msgpack_sbuffer buffer;
	msgpack_packer packer;
	bool failed;
};

void kl_writer_init(struct kl_writer *w);
void kl_writer_deinit(struct kl_writer *w);
void kl_writer_reset(struct kl_writer *w); /* empty again, memory kept */

/* What was written so far, valid until the next write. KL_E_NOMEM if any write failed. */
int kl_writer_bytes(const struct kl_writer *w, struct kl_bytes *ret_bytes);

void kl_write_map(struct kl_writer *w, size_t pairs);
void kl_write_array(struct kl_writer *w, size_t items);
void kl_write_text(struct kl_writer *w, const char *text);
void kl_write_text_n(struct kl_writer *w, struct kl_bytes text);
void kl_write_bin(struct kl_writer *w, struct kl_bytes bytes);
void kl_write_id(struct kl_writer *w, const struct kl_id *id);
void kl_write_uint(struct kl_writer *w, uint64_t value);
void kl_write_int(struct kl_writer *w, int64_t value); /* shortest form, like uint when >= 0 */
void kl_write_double(struct kl_writer *w, double value);
void kl_write_bool(struct kl_writer *w, bool value);
void kl_write_nil(struct kl_writer *w);
void kl_write_raw(struct kl_writer *w, struct kl_bytes msgpack); /* one whole value, as it stands */

/* Key and value of a map in one call. */
void kl_put_text(struct kl_writer *w, const char *key, const char *text); /* NULL writes nil */
void kl_put_bin(struct kl_writer *w, const char *key, struct kl_bytes bytes);
void kl_put_id(struct kl_writer *w, const char *key, const struct kl_id *id);
void kl_put_uint(struct kl_writer *w, const char *key, uint64_t value);
void kl_put_int(struct kl_writer *w, const char *key, int64_t value);
void kl_put_double(struct kl_writer *w, const char *key, double value);
void kl_put_bool(struct kl_writer *w, const char *key, bool value);
void kl_put_nil(struct kl_writer *w, const char *key);
void kl_put_map(struct kl_writer *w, const char *key, size_t pairs);
void kl_put_array(struct kl_writer *w, const char *key, size_t items);

/* ---- reading ------------------------------------------------------------------------------- */

enum kl_wire_type {
	KL_WIRE_NIL,
	KL_WIRE_BOOL,
	KL_WIRE_INT, /* any integer, signed or not */
	KL_WIRE_DOUBLE,
	KL_WIRE_TEXT,
	KL_WIRE_BIN,
	KL_WIRE_ARRAY,
	KL_WIRE_MAP,
};

/* One value inside scanned bytes. */
struct kl_value {
	enum kl_wire_type type;
	struct kl_bytes raw; /* the whole value as msgpack, containers with all inside */
	union {
		bool boolean;
		struct {
			bool negative;
			uint64_t bits; /* two's complement if negative */
		} integer;
		double number;
		struct kl_bytes bytes; /* TEXT, BIN: the content; ARRAY, MAP: what is inside */
	} u;
	uint32_t count; /* ARRAY: items; MAP: pairs */
};

/* Looks at one value from the front of `bytes` without unpacking: KL_E_MALFORMED if it is cut
 * short, claims more than is there or contains an ext type or a reserved byte; KL_E_TOO_BIG beyond
 * the limits above. *ret_len: bytes that the value takes. */
int kl_wire_scan(struct kl_bytes bytes, size_t *ret_len);

/* Scans, then opens the one value that `bytes` must consist of, to the last byte. */
int kl_value_open(struct kl_bytes bytes, struct kl_value *ret_value);

/* Iteration over the items of an array, or over keys and values in turn of a map:
 *     struct kl_cursor c = kl_cursor(&array);
 *     while (kl_cursor_next(&c, &item)) ... */
struct kl_cursor {
	struct kl_bytes rest;
	uint64_t left;
};

struct kl_cursor kl_cursor(const struct kl_value *container);
bool kl_cursor_next(struct kl_cursor *cursor, struct kl_value *ret_value);

/* Value of `key` in a map: KL_E_NOT_FOUND if absent, KL_E_MALFORMED if `map` is none or the key
 * stands twice. */
int kl_map_get(const struct kl_value *map, const char *key, struct kl_value *ret_value);

/* Typed readings. KL_E_MALFORMED when the type or range does not fit. */
int kl_value_uint(const struct kl_value *v, uint64_t max, uint64_t *ret_value);
int kl_value_int(const struct kl_value *v, int64_t *ret_value);
int kl_value_double(const struct kl_value *v, double *ret_value); /* integers too; no NaN, no inf */
int kl_value_bool(const struct kl_value *v, bool *ret_value);
int kl_value_bin(const struct kl_value *v, struct kl_bytes *ret_bytes);
int kl_value_id(const struct kl_value *v, struct kl_id *ret_id);
int kl_value_text_n(
	const struct kl_value *v, struct kl_bytes *ret_text); /* UTF-8, no controls but \n */
/* Copies text with a final zero; KL_E_TOO_BIG if it does not fit, KL_E_MALFORMED unless plain UTF-8
 * (newlines allowed). */
int kl_value_text(const struct kl_value *v, char *out, size_t size);

/* The same by key. The `_or` forms give `otherwise` when the key is absent or nil, and still refuse
 * a wrong type. */
int kl_get_text(const struct kl_value *map, const char *key, char *out, size_t size);
int kl_get_text_or(
	const struct kl_value *map, const char *key, const char *otherwise, char *out, size_t size);
int kl_get_bin(const struct kl_value *map, const char *key, struct kl_bytes *ret_bytes);
int kl_get_id(const struct kl_value *map, const char *key, struct kl_id *ret_id);
int kl_get_uint(const struct kl_value *map, const char *key, uint64_t max, uint64_t *ret_value);
int kl_get_uint_or(const struct kl_value *map, const char *key, uint64_t max, uint64_t otherwise,
	uint64_t *ret_value);
int kl_get_int(const struct kl_value *map, const char *key, int64_t *ret_value);
int kl_get_int_or(
	const struct kl_value *map, const char *key, int64_t otherwise, int64_t *ret_value);
int kl_get_double(const struct kl_value *map, const char *key, double *ret_value);
int kl_get_double_or(
	const struct kl_value *map, const char *key, double otherwise, double *ret_value);
int kl_get_bool_or(const struct kl_value *map, const char *key, bool otherwise, bool *ret_value);
int kl_get_array(const struct kl_value *map, const char *key, struct kl_value *ret_array);
int kl_get_map(const struct kl_value *map, const char *key, struct kl_value *ret_map);

#endif
