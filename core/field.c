#include "core/field.h"
#include "core/error.h"

uint64_t kl_field_inverse(uint64_t a)
{
	uint64_t result = 1;

	/* p - 2 is public, so branching on its bits tells nothing about a. */
	for (int bit = KL_FIELD_BITS - 1; bit >= 0; bit--) {
		result = kl_field_mul(result, result);
		if ((KL_FIELD_P - 2) >> bit & 1)
			result = kl_field_mul(result, a);
	}
	return result;
}

void kl_field_encode(uint64_t element, uint8_t ret_bytes[KL_ELEMENT_BYTES])
{
	kl_put_u64(ret_bytes, element);
}

int kl_field_decode(const uint8_t bytes[KL_ELEMENT_BYTES], uint64_t *ret_element)
{
	uint64_t element = kl_get_u64(bytes);

	if (element >= KL_FIELD_P)
		return KL_E_MALFORMED;
	*ret_element = element;
	return KL_OK;
}

void kl_field_encode_all(const uint64_t *elements, size_t count, uint8_t *ret_bytes)
{
	for (size_t i = 0; i < count; i++)
		kl_put_u64(ret_bytes + KL_ELEMENT_BYTES * i, elements[i]);
}

int kl_field_decode_all(struct kl_bytes bytes, uint64_t *ret_elements, size_t count)
{
	if (bytes.len / KL_ELEMENT_BYTES != count || bytes.len % KL_ELEMENT_BYTES)
		return KL_E_MALFORMED;
	for (size_t i = 0; i < count; i++)
		if (kl_get_u64(bytes.data + KL_ELEMENT_BYTES * i) >= KL_FIELD_P)
			return KL_E_MALFORMED;
	for (size_t i = 0; i < count; i++)
		ret_elements[i] = kl_get_u64(bytes.data + KL_ELEMENT_BYTES * i);
	return KL_OK;
}

/* All denominators are inverted at once: with one inverse of their product, and products of the others
 * to take them apart again. */
void kl_field_weights(const uint64_t *points, size_t count, uint64_t at, uint64_t *ret_weights)
{
	uint64_t below[KL_FIELD_POINTS_MAX], product[KL_FIELD_POINTS_MAX + 1] = {1}, inverse;

	KL_ASSERT(count >= 1 && count <= KL_FIELD_POINTS_MAX);
	for (size_t i = 0; i < count; i++) {
		ret_weights[i] = below[i] = 1;
		for (size_t j = 0; j < count; j++) {
			if (j == i)
				continue;
			ret_weights[i] = kl_field_mul(ret_weights[i], kl_field_sub(at, points[j]));
			below[i] = kl_field_mul(below[i], kl_field_sub(points[i], points[j]));
		}
		product[i + 1] = kl_field_mul(product[i], below[i]);
	}
	KL_ASSERT(product[count]); /* two points were the same */
	inverse = kl_field_inverse(product[count]);
	for (size_t i = count; i-- > 0;) {
		ret_weights[i] = kl_field_mul(ret_weights[i], kl_field_mul(inverse, product[i]));
		inverse = kl_field_mul(inverse, below[i]);
	}
}

uint64_t kl_field_dot(const uint64_t *weights, const uint64_t *values, size_t stride, size_t count)
{
	kl_u128 sum = 0;

	/* Each product is below 2^122, so 20 of them cannot leave 128 bits. */
	KL_ASSERT(count <= KL_FIELD_POINTS_MAX);
	for (size_t i = 0; i < count; i++)
		sum += (kl_u128)weights[i] * values[i * stride];
	return kl_field_reduce_wide(sum);
}
