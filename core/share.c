#include "core/share.h"
#include "core/error.h"
#include "core/expand.h"
#include "core/field.h"

#include <stdlib.h>
#include <string.h>

/* Where things stand in a plaintext (QB1, definition 6). */
enum {
	AT_MAGIC = 0,
	AT_TALLY = 8,
	AT_AUTHOR = 40,
	AT_NUMBER = 72,
	AT_SEAT = 76,
	AT_KIND = 77,
	AT_POLICY = 78,
	AT_SCHEMA = 110,
	AT_ZERO = 142,
	MAGIC_BYTES = 8,
	HIGH_POINTS_MAX = 2 * KL_THRESHOLD_MAX - 1, /* points that fix a polynomial of a w */
};

static const uint8_t magic[MAGIC_BYTES] = {'Q', 'B', '1', 'S', 'H', 'A', 'R', 'E'};

enum kl_share_kind kl_share_kind_of(const struct kl_committee *committee, unsigned seat)
{
	return seat < committee->t ? KL_SHARE_SEED : KL_SHARE_FULL;
}

size_t kl_share_plain_len(const struct kl_committee *committee, unsigned seat, size_t cells)
{
	if (kl_share_kind_of(committee, seat) == KL_SHARE_SEED)
		return KL_SHARE_HEADER + KL_SEED_BYTES;
	return KL_SHARE_HEADER + KL_ELEMENT_BYTES * kl_share_elements(cells);
}

size_t kl_share_blob_len(const struct kl_committee *committee, unsigned seat, size_t cells)
{
	return kl_share_plain_len(committee, seat, cells) + KL_SEAL_EXTRA;
}

static uint64_t *row_of(const struct kl_dealing *dealing, unsigned point)
{
	return dealing->rows + point * kl_share_elements(dealing->cells);
}

/* x and masks of the full seats: polynomials through the points 0..t-1. */
static void deal_low(struct kl_dealing *dealing)
{
	size_t elements = kl_share_elements(dealing->cells);
	uint64_t points[KL_THRESHOLD_MAX], weights[KL_THRESHOLD_MAX];
	unsigned t = dealing->committee.t;

	for (unsigned i = 0; i < t; i++)
		points[i] = i;
	for (unsigned seat = t; seat <= dealing->committee.n; seat++) {
		uint64_t *row = row_of(dealing, seat);

		kl_field_weights(points, t, seat, weights);
		for (size_t i = 0; i < elements; i++)
			row[i] = kl_field_dot(weights, dealing->rows + i, elements, t);
	}
}

/* Each w of the full seats: a polynomial through the points 0..2t-2 that is 0 at 0. `high` holds
 * its values at t..2t-2, w_1 first. */
static void deal_high(struct kl_dealing *dealing, const uint64_t *high)
{
	uint64_t points[HIGH_POINTS_MAX], weights[HIGH_POINTS_MAX], values[HIGH_POINTS_MAX];
	unsigned t = dealing->committee.t, count = 2 * t - 1;

	for (unsigned i = 0; i < count; i++)
		points[i] = i;
	for (unsigned seat = t; seat <= dealing->committee.n; seat++) {
		kl_field_weights(points, count, seat, weights);
		for (unsigned r = 0; r < KL_SHARE_TESTS; r++) {
			values[0] = 0;
			for (unsigned i = 1; i < t; i++)
				values[i] = row_of(dealing, i)[dealing->cells + r];
			for (unsigned i = t; i < count; i++)
				values[i] = high[r * (t - 1) + i - t];
			row_of(dealing, seat)[dealing->cells + r] =
				kl_field_dot(weights, values, 1, count);
		}
	}
	kl_wipe(values, sizeof values);
}

static void deal_rows(struct kl_dealing *dealing, const uint64_t *x)
{
	uint64_t own[KL_SHARE_TESTS * KL_THRESHOLD_MAX];
	unsigned t = dealing->committee.t;
	uint64_t *secret = dealing->rows;

	kl_expand(dealing->seeds[0], KL_SHARE_TESTS * t, own);
	memcpy(secret, x, dealing->cells * sizeof *x);
	memset(secret + dealing->cells, 0, KL_SHARE_TESTS * sizeof *secret);
	memcpy(secret + dealing->cells + KL_SHARE_TESTS, own, KL_SHARE_TESTS * sizeof *own);
	for (unsigned seat = 1; seat < t; seat++)
		kl_expand(dealing->seeds[seat], kl_share_elements(dealing->cells),
			row_of(dealing, seat));
	deal_low(dealing);
	deal_high(dealing, own + KL_SHARE_TESTS);
	kl_wipe(own, sizeof own);
}

int kl_deal_init(const struct kl_committee *committee, const uint64_t *x, size_t cells,
	const uint8_t seeds[][KL_SEED_BYTES], struct kl_dealing *ret_dealing)
{
	struct kl_dealing dealing = {.committee = *committee, .cells = cells};

	KL_ASSERT(committee->t >= 2 && committee->t <= KL_THRESHOLD_MAX);
	if (cells > KL_CELLS_MAX)
		return KL_E_TOO_BIG;
	dealing.rows = calloc((committee->n + 1u) * kl_share_elements(cells), sizeof *dealing.rows);
	if (!dealing.rows)
		return KL_E_NOMEM;
	memcpy(dealing.seeds, seeds, (size_t)committee->t * KL_SEED_BYTES);
	deal_rows(&dealing, x);
	*ret_dealing = dealing;
	kl_wipe(&dealing, sizeof dealing);
	return KL_OK;
}

void kl_deal_deinit(struct kl_dealing *dealing)
{
	if (dealing->rows) {
		size_t elements = kl_share_elements(dealing->cells);

		kl_wipe(dealing->rows,
			(dealing->committee.n + 1u) * elements * sizeof *dealing->rows);
		free(dealing->rows);
	}
	kl_wipe(dealing, sizeof *dealing);
}

const uint64_t *kl_deal_vector(const struct kl_dealing *dealing, unsigned seat)
{
	KL_ASSERT(seat >= 1 && seat <= dealing->committee.n);
	return row_of(dealing, seat);
}

static void write_header(
	const struct kl_share_binding *binding, enum kl_share_kind kind, uint8_t *ret_header)
{
	memcpy(ret_header + AT_MAGIC, magic, MAGIC_BYTES);
	memcpy(ret_header + AT_TALLY, binding->tally.b, KL_ID_BYTES);
	memcpy(ret_header + AT_AUTHOR, binding->author.b, KL_ID_BYTES);
	kl_put_u32(ret_header + AT_NUMBER, binding->number);
	ret_header[AT_SEAT] = binding->seat;
	ret_header[AT_KIND] = (uint8_t)kind;
	memcpy(ret_header + AT_POLICY, binding->policy.b, KL_ID_BYTES);
	memcpy(ret_header + AT_SCHEMA, binding->schema.b, KL_ID_BYTES);
	memset(ret_header + AT_ZERO, 0, KL_SHARE_HEADER - AT_ZERO);
}

void kl_deal_plain(const struct kl_dealing *dealing, const struct kl_share_binding *binding,
	uint8_t *ret_plain)
{
	enum kl_share_kind kind = kl_share_kind_of(&dealing->committee, binding->seat);

	KL_ASSERT(binding->seat >= 1 && binding->seat <= dealing->committee.n);
	write_header(binding, kind, ret_plain);
	if (kind == KL_SHARE_SEED)
		memcpy(ret_plain + KL_SHARE_HEADER, dealing->seeds[binding->seat], KL_SEED_BYTES);
	else
		kl_field_encode_all(row_of(dealing, binding->seat),
			kl_share_elements(dealing->cells), ret_plain + KL_SHARE_HEADER);
}

int kl_deal_blob(const struct kl_dealing *dealing, const struct kl_share_binding *binding,
	const struct kl_id *recipient, const uint8_t one_time[KL_SEED_BYTES], uint8_t *ret_blob)
{
	size_t len = kl_share_plain_len(&dealing->committee, binding->seat, dealing->cells);
	uint8_t *plain = malloc(len);
	int r;

	if (!plain)
		return KL_E_NOMEM;
	kl_deal_plain(dealing, binding, plain);
	r = kl_seal(recipient, one_time, kl_bytes(plain, len), ret_blob);
	kl_wipe(plain, len);
	free(plain);
	return r;
}

/* The header must be the one that a share so bound would have. What no share at all has is told
 * apart from what another share has. */
static int check_header(const uint8_t *header, const struct kl_share_binding *expected)
{
	uint8_t wanted[KL_SHARE_HEADER];

	write_header(expected, header[AT_KIND], wanted);
	if (memcmp(header + AT_MAGIC, wanted + AT_MAGIC, MAGIC_BYTES))
		return KL_E_MALFORMED;
	if (memcmp(header + AT_ZERO, wanted + AT_ZERO, KL_SHARE_HEADER - AT_ZERO))
		return KL_E_MALFORMED;
	return memcmp(header, wanted, KL_SHARE_HEADER) ? KL_E_CONFLICT : KL_OK;
}

int kl_share_read(const struct kl_committee *committee, const struct kl_share_binding *expected,
	size_t cells, struct kl_bytes plain, uint64_t *ret_vector)
{
	enum kl_share_kind kind = kl_share_kind_of(committee, expected->seat);
	const uint8_t *body = plain.data + KL_SHARE_HEADER;
	int r;

	if (plain.len < KL_SHARE_HEADER)
		return KL_E_MALFORMED;
	r = check_header(plain.data, expected);
	if (r)
		return r;
	if (plain.data[AT_KIND] != kind)
		return KL_E_MALFORMED;
	if (plain.len != kl_share_plain_len(committee, expected->seat, cells))
		return KL_E_MALFORMED;
	if (kind == KL_SHARE_FULL)
		return kl_field_decode_all(kl_bytes(body, plain.len - KL_SHARE_HEADER), ret_vector,
			kl_share_elements(cells));
	kl_expand(body, kl_share_elements(cells), ret_vector);
	return KL_OK;
}

/* Opens and reads; the number that the share says is right if it is one at all, and `any`. */
static int open_share(const struct kl_committee *committee, struct kl_share_binding expected,
	bool any, size_t cells, const struct kl_box_keys *keys, struct kl_bytes blob,
	uint64_t *ret_vector, uint32_t *ret_number)
{
	size_t len = kl_share_plain_len(committee, expected.seat, cells);
	uint8_t *plain;
	int r;

	/* Of any other length there is no share for this seat, whatever is sealed inside. */
	if (blob.len != len + KL_SEAL_EXTRA)
		return KL_E_MALFORMED;
	plain = malloc(len);
	if (!plain)
		return KL_E_NOMEM;
	r = kl_seal_open(keys, blob, plain);
	if (!r) {
		uint32_t number = kl_get_u32(plain + AT_NUMBER);

		if (any && number >= 1 && number <= KL_SHARE_NUMBER_MAX)
			expected.number = number;
		r = kl_share_read(committee, &expected, cells, kl_bytes(plain, len), ret_vector);
		kl_wipe(plain, len);
	}
	free(plain);
	if (!r)
		*ret_number = expected.number;
	return r;
}

int kl_share_open(const struct kl_committee *committee, const struct kl_share_binding *expected,
	size_t cells, const struct kl_box_keys *keys, struct kl_bytes blob, uint64_t *ret_vector)
{
	uint32_t number;

	return open_share(committee, *expected, false, cells, keys, blob, ret_vector, &number);
}

int kl_share_open_any(const struct kl_committee *committee, const struct kl_share_binding *expected,
	size_t cells, const struct kl_box_keys *keys, struct kl_bytes blob, uint64_t *ret_vector,
	uint32_t *ret_number)
{
	return open_share(committee, *expected, true, cells, keys, blob, ret_vector, ret_number);
}
