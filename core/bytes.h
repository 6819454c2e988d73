/* Bytes that somebody else owns, ids, hex and base32, little-endian numbers.
 *
 * view   {data, len} on memory of somebody else; whoever hands one out says how long it lives
 * id     32 bytes: hash of a record, public key of a member, ... */
#ifndef KL_CORE_BYTES_H
#define KL_CORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kl_bytes {
	const uint8_t *data;
	size_t len;
};

enum { KL_ID_BYTES = 32, KL_ID_HEX_MAX = 2 * KL_ID_BYTES + 1 };

struct kl_id {
	uint8_t b[KL_ID_BYTES];
};

static inline struct kl_bytes kl_bytes(const void *data, size_t len)
{
	return (struct kl_bytes){(const uint8_t *)data, len};
}

/* The characters of a string without its final zero. */
struct kl_bytes kl_bytes_str(const char *string);

bool kl_bytes_equal(struct kl_bytes a, struct kl_bytes b);

static inline struct kl_bytes kl_id_bytes(const struct kl_id *id)
{
	return kl_bytes(id->b, KL_ID_BYTES);
}

bool kl_id_equal(const struct kl_id *a, const struct kl_id *b);
bool kl_id_is_zero(const struct kl_id *id);
int kl_id_compare(const struct kl_id *a, const struct kl_id *b); /* memcmp order, for qsort */

/* Lower-case hex with a final zero: `out` holds 2 * len + 1 characters. */
void kl_hex(const void *data, size_t len, char *out);

/* An id so that two people can compare it, aloud if need be: its first 80 bits as "3f2a 91bc 04de 77a1 c0de".
 * Nobody finds another one that begins alike by trying. Returns `out`. */
enum { KL_FINGERPRINT_MAX = 25 };
const char *kl_fingerprint(const struct kl_id *id, char out[KL_FINGERPRINT_MAX]);

/* Reads exactly `len` bytes from 2 * len hex digits of either case. KL_E_MALFORMED otherwise. */
int kl_hex_parse(const char *hex, void *out, size_t len);

/* RFC 4648 base32, upper case, no padding: `out` holds KL_BASE32_LEN(len) + 1 characters. */
#define KL_BASE32_LEN(len) (((len)*8 + 4) / 5)
void kl_base32(const void *data, size_t len, char *out);

/* Reads base32 of either case; `-` and blanks between characters are skipped, no padding. Exactly
 * `len` bytes must result and spare bits must be zero: KL_E_MALFORMED otherwise. */
int kl_base32_parse(const char *text, void *out, size_t len);

/* Numbers, little endian, unaligned. */
void kl_put_u16(uint8_t *out, uint16_t value);
void kl_put_u32(uint8_t *out, uint32_t value);
void kl_put_u64(uint8_t *out, uint64_t value);
uint16_t kl_get_u16(const uint8_t *in);
uint32_t kl_get_u32(const uint8_t *in);
uint64_t kl_get_u64(const uint8_t *in);

/* Overwrites with zeros in a way that the compiler keeps: for secrets. */
void kl_wipe(void *data, size_t len);

/* Copies a string into an array and cuts it at a character boundary of UTF-8 when it is too long.
 * Returns false if it was cut. */
bool kl_copy_text(char *out, size_t size, const char *text);

/* Bytes that the character at the front of a text takes, its code point in *ret_point; 0 if the text
 * does not begin with well-formed UTF-8 (RFC 3629). The text is not empty. */
size_t kl_utf8_next(struct kl_bytes text, uint32_t *ret_point);

/* True if the text may be kept, whoever wrote it: well-formed UTF-8 without control characters (C0,
 * DEL, C1) and without overrides of direction; newline is allowed iff `lines`. What may be typed and
 * what is shown is narrower: harmless.h. */
bool kl_text_is_plain(struct kl_bytes text, bool lines);

/* Makes a string plain: each byte that keeps it from being so becomes a question mark. */
void kl_text_make_plain(char *text, bool lines);

#endif
