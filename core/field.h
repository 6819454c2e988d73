/* Arithmetic modulo the prime p = 2^61 - 1: what shares, partial sums and tests are made of.
 *
 * element   a number 0 <= x < p in a uint64_t; all functions expect and return reduced elements
 * encoded   8 bytes, little endian; values >= p are refused, so each element has one encoding
 * at        a place where a polynomial is evaluated: seat j stands at j, the secret at 0
 *
 * The functions on elements run in constant time: shares are secret. */
#ifndef KL_CORE_FIELD_H
#define KL_CORE_FIELD_H

#include "core/bytes.h"

/* Only a test sets another width: p = 7 is small enough to try all that a dealer could draw. */
#ifndef KL_FIELD_BITS
#define KL_FIELD_BITS 61
#endif
#define KL_FIELD_P ((UINT64_C(1) << KL_FIELD_BITS) - 1)

enum { KL_ELEMENT_BYTES = 8, KL_FIELD_POINTS_MAX = 20 };

__extension__ typedef unsigned __int128 kl_u128;

/* x mod p for any x of 64 bits. */
static inline uint64_t kl_field_reduce(uint64_t x)
{
	x = (x & KL_FIELD_P) + (x >> KL_FIELD_BITS);
	return x - (KL_FIELD_P & (0 - (uint64_t)(x >= KL_FIELD_P)));
}

/* x mod p for any x of 128 bits. */
static inline uint64_t kl_field_reduce_wide(kl_u128 x)
{
	uint64_t low = (uint64_t)x & KL_FIELD_P;
	uint64_t middle = (uint64_t)(x >> KL_FIELD_BITS) & KL_FIELD_P;

	return kl_field_reduce(low + middle + (uint64_t)(x >> 2 * KL_FIELD_BITS));
}

static inline uint64_t kl_field_add(uint64_t a, uint64_t b)
{
	return kl_field_reduce(a + b);
}

static inline uint64_t kl_field_sub(uint64_t a, uint64_t b)
{
	return kl_field_reduce(a + KL_FIELD_P - b);
}

static inline uint64_t kl_field_mul(uint64_t a, uint64_t b)
{
	return kl_field_reduce_wide((kl_u128)a * b);
}

/* 1/a by Fermat: a^(p-2). Zero has no inverse and gives 0; callers check when it could happen. */
uint64_t kl_field_inverse(uint64_t a);

/* One element to and from its 8 bytes. Decoding refuses values >= p: KL_E_MALFORMED. */
void kl_field_encode(uint64_t element, uint8_t ret_bytes[KL_ELEMENT_BYTES]);
int kl_field_decode(const uint8_t bytes[KL_ELEMENT_BYTES], uint64_t *ret_element);

/* `count` elements, 8 * count bytes. Decoding writes nothing unless all are valid. */
void kl_field_encode_all(const uint64_t *elements, size_t count, uint8_t *ret_bytes);
int kl_field_decode_all(struct kl_bytes bytes, uint64_t *ret_elements, size_t count);

/* Weights with which the values of a polynomial at `points` add up to its value at `at` (Lagrange).
 * They are made once and serve for a whole vector of polynomials. 1 to KL_FIELD_POINTS_MAX points,
 * all different: that is the caller's to see to. */
void kl_field_weights(const uint64_t *points, size_t count, uint64_t at, uint64_t *ret_weights);

/* sum of weights[i] * values[i * stride]: the interpolated value. 1 to KL_FIELD_POINTS_MAX. */
uint64_t kl_field_dot(const uint64_t *weights, const uint64_t *values, size_t stride, size_t count);

#endif
