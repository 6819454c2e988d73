#include "core/bytes.h"
#include "core/error.h"

#include <sodium.h>
#include <string.h>

struct kl_bytes kl_bytes_str(const char *string)
{
	return kl_bytes(string, strlen(string));
}

bool kl_bytes_equal(struct kl_bytes a, struct kl_bytes b)
{
	return a.len == b.len && (!a.len || !memcmp(a.data, b.data, a.len));
}

bool kl_id_equal(const struct kl_id *a, const struct kl_id *b)
{
	return !memcmp(a->b, b->b, KL_ID_BYTES);
}

bool kl_id_is_zero(const struct kl_id *id)
{
	static const struct kl_id zero;

	return kl_id_equal(id, &zero);
}

int kl_id_compare(const struct kl_id *a, const struct kl_id *b)
{
	return memcmp(a->b, b->b, KL_ID_BYTES);
}

void kl_hex(const void *data, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *in = data;

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	out[2 * len] = '\0';
}

const char *kl_fingerprint(const struct kl_id *id, char out[KL_FINGERPRINT_MAX])
{
	char *end = out;

	for (unsigned i = 0; i < 10; i += 2) {
		kl_hex(id->b + i, 2, end);
		end += 4;
		*end++ = ' ';
	}
	end[-1] = '\0';
	return out;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int kl_hex_parse(const char *hex, void *out, size_t len)
{
	uint8_t *to = out;

	if (strlen(hex) != 2 * len)
		return KL_E_MALFORMED;
	for (size_t i = 0; i < 2 * len; i++)
		if (hex_digit(hex[i]) < 0)
			return KL_E_MALFORMED;
	for (size_t i = 0; i < len; i++)
		to[i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
	return KL_OK;
}

static const char base32_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void kl_base32(const void *data, size_t len, char *out)
{
	const uint8_t *in = data;
	uint32_t window = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < len; i++) {
		window = window << 8 | in[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = base32_digits[window >> (bits - 5) & 31];
	}
	if (bits)
		*out++ = base32_digits[window << (5 - bits) & 31];
	*out = '\0';
}

static int base32_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	return -1;
}

static int base32_walk(const char *text, uint8_t *out, size_t len)
{
	uint32_t window = 0;
	unsigned bits = 0;
	size_t n = 0, chars = 0;

	for (; *text; text++) {
		int digit = base32_digit(*text);

		if (*text == '-' || *text == ' ' || *text == '\t' || *text == '\n' || *text == '\r')
			continue;
		if (digit < 0)
			return KL_E_MALFORMED;
		chars++;
		window = window << 5 | (uint32_t)digit;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			if (n == len)
				return KL_E_MALFORMED;
			if (out)
				out[n] = (uint8_t)(window >> bits);
			n++;
		}
	}
	if (n != len || chars != KL_BASE32_LEN(len) || (window & ((1u << bits) - 1)))
		return KL_E_MALFORMED;
	return KL_OK;
}

int kl_base32_parse(const char *text, void *out, size_t len)
{
	if (base32_walk(text, NULL, len) != KL_OK)
		return KL_E_MALFORMED;
	return base32_walk(text, out, len);
}

void kl_put_u16(uint8_t *out, uint16_t value)
{
	out[0] = (uint8_t)value;
	out[1] = (uint8_t)(value >> 8);
}

void kl_put_u32(uint8_t *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (8 * i));
}

void kl_put_u64(uint8_t *out, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (8 * i));
}

uint16_t kl_get_u16(const uint8_t *in)
{
	return (uint16_t)(in[0] | in[1] << 8);
}

uint32_t kl_get_u32(const uint8_t *in)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value |= (uint32_t)in[i] << (8 * i);
	return value;
}

uint64_t kl_get_u64(const uint8_t *in)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value |= (uint64_t)in[i] << (8 * i);
	return value;
}

void kl_wipe(void *data, size_t len)
{
	sodium_memzero(data, len);
}

bool kl_copy_text(char *out, size_t size, const char *text)
{
	size_t n = strlen(text);
	bool whole = n < size;

	if (!whole) {
		n = size - 1;
		while (n && ((uint8_t)text[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, text, n);
	out[n] = '\0';
	return whole;
}

size_t kl_utf8_next(struct kl_bytes text, uint32_t *ret_point)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *s = text.data;
	size_t n = s[0] < 0x80   ? 1
		   : s[0] < 0xc0 ? 0
		   : s[0] < 0xe0 ? 2
		   : s[0] < 0xf0 ? 3
		   : s[0] < 0xf8 ? 4
				 : 0;
	uint32_t point;

	if (!n || n > text.len)
		return 0;
	point = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (s[i] & 0x3f);
	}
	if (n > 1 && point < smallest[n])
		return 0;
	if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	*ret_point = point;
	return n;
}

/* Bytes of the plain character at the front of the text, 0 if there is none. */
static size_t plain_next(struct kl_bytes text, bool lines)
{
	uint32_t point;
	size_t n = kl_utf8_next(text, &point);

	if (!n || (point == '\n' && lines))
		return n;
	if (point < 0x20 || (point >= 0x7f && point < 0xa0))
		return 0;
	/* marks that turn the direction of text round can disguise what stands in a line */
	if ((point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069))
		return 0;
	return n;
}

bool kl_text_is_plain(struct kl_bytes text, bool lines)
{
	for (size_t n; text.len; text.data += n, text.len -= n) {
		n = plain_next(text, lines);
		if (!n)
			return false;
	}
	return true;
}

void kl_text_make_plain(char *text, bool lines)
{
	struct kl_bytes rest = kl_bytes_str(text);

	while (rest.len) {
		size_t n = plain_next(rest, lines);

		if (!n) {
			text[rest.data - (const uint8_t *)text] = '?';
			n = 1;
		}
		rest.data += n;
		rest.len -= n;
	}
}
