#include "core/error.h"
#include "core/field.h"
#include "core/hash.h"
#include "core/share.h"
#include "tests/unit/harness.h"
#include "tests/unit/qb1.h"

#include <stdio.h>

enum { CELLS_MAX = 2000, BLOB_MAX = 1024 };

static void read_cells(const json_t *row, uint64_t *ret_x, size_t count)
{
	const json_t *cells = vectors_get(row, "cells");

	assert_int_equal(json_array_size(cells), count);
	for (size_t i = 0; i < count; i++)
		ret_x[i] = vectors_u64(json_array_get(cells, i));
}

static void known_shares(void **state)
{
	struct qb1_schema schema;
	json_t *root = vectors_load("shares");
	const json_t *row;
	size_t i;

	(void)state;
	qb1_schema(&schema);
	assert_int_equal(json_array_size(root), 12);
	json_array_foreach(root, i, row)
	{
		struct kl_committee committee = qb1_committee(row);
		size_t cells = schema.cells.total;
		uint64_t x[CELLS_MAX], wanted[CELLS_MAX];
		struct kl_dealing dealing;

		read_cells(row, x, cells);
		qb1_deal(row, &committee, x, cells, &dealing);
		for (unsigned seat = 1; seat <= committee.n; seat++) {
			qb1_elements(qb1_of_seat(vectors_get(row, "shares"), seat), wanted,
				kl_share_elements(cells));
			assert_memory_equal(kl_deal_vector(&dealing, seat), wanted,
				kl_share_elements(cells) * sizeof *wanted);
		}
		kl_deal_deinit(&dealing);
	}
	json_decref(root);
}

/* 120 metrics of 16 bins, known by their digests. */
static void known_shares_of_a_whole_return(void **state)
{
	static uint64_t x[QB1_FULL_METRICS * QB1_FULL_BINS];
	static uint8_t bytes[KL_ELEMENT_BYTES * CELLS_MAX];
	size_t cells = sizeof x / sizeof *x, elements = kl_share_elements(cells);
	json_t *root = vectors_load("full");
	const json_t *row;
	size_t i;

	(void)state;
	for (size_t m = 0; m < QB1_FULL_METRICS; m++)
		for (size_t b = 0; b < QB1_FULL_BINS; b++)
			x[m * QB1_FULL_BINS + b] = b == (7 * m + 3) % QB1_FULL_BINS;
	assert_int_equal(json_array_size(root), 4);
	json_array_foreach(root, i, row)
	{
		const json_t *digests = vectors_get(row, "share_blake2b");
		struct kl_committee committee = qb1_committee(row);
		struct kl_dealing dealing;
		struct kl_id got, wanted;

		qb1_deal(row, &committee, x, cells, &dealing);
		for (unsigned seat = 1; seat <= committee.n; seat++) {
			kl_field_encode_all(kl_deal_vector(&dealing, seat), elements, bytes);
			kl_blake2b(kl_bytes(bytes, KL_ELEMENT_BYTES * elements), &got);
			vectors_hex_exact(qb1_of_seat(digests, seat), wanted.b, KL_ID_BYTES);
			assert_memory_equal(got.b, wanted.b, KL_ID_BYTES);
		}
		kl_deal_deinit(&dealing);
	}
	json_decref(root);
}

/* The case of shares.json with that committee and author. */
static const json_t *share_case(const json_t *shares, unsigned n, const char *author)
{
	const json_t *row;
	size_t i;

	json_array_foreach(shares, i,
		row) if (vectors_u64(vectors_get(row, "n")) == n &&
			 !strcmp(json_string_value(vectors_get(row, "author")), author)) return row;
	fail_msg("shares.json has no case of %u seats for %s", n, author);
	return NULL;
}

/* Deals as the contributor did and makes the blob, which must be the known one to the byte; then
 * reads that blob as the seat would. */
static void check_blob(const struct qb1_schema *schema, const json_t *row, const json_t *author,
	unsigned seat, const json_t *known)
{
	struct kl_committee committee = qb1_committee(row);
	struct kl_share_binding binding = qb1_binding(schema, author, seat);
	size_t cells = schema->cells.total;
	uint64_t x[CELLS_MAX], vector[CELLS_MAX], wanted_vector[CELLS_MAX];
	uint8_t one_time[KL_SEED_BYTES], secret[KL_SEED_BYTES], blob[BLOB_MAX], wanted[BLOB_MAX];
	size_t len = vectors_hex(vectors_get(known, "blob"), wanted, sizeof wanted);
	struct kl_box_keys keys;
	struct kl_dealing dealing;

	vectors_hex_exact(vectors_get(known, "one_time_key"), one_time, sizeof one_time);
	vectors_hex_exact(vectors_get(known, "secret_key"), secret, sizeof secret);
	kl_box_keys_from_seed(secret, &keys);
	read_cells(row, x, cells);
	qb1_deal(row, &committee, x, cells, &dealing);
	assert_int_equal(kl_share_blob_len(&committee, seat, cells), len);
	assert_int_equal(kl_deal_blob(&dealing, &binding, &keys.public_key, one_time, blob), 0);
	assert_memory_equal(blob, wanted, len);
	kl_deal_deinit(&dealing);

	assert_int_equal(
		kl_share_open(&committee, &binding, cells, &keys, kl_bytes(wanted, len), vector),
		0);
	qb1_elements(qb1_of_seat(vectors_get(row, "shares"), seat), wanted_vector,
		kl_share_elements(cells));
	assert_memory_equal(vector, wanted_vector, kl_share_elements(cells) * sizeof *vector);
}

static void known_blobs(void **state)
{
	struct qb1_schema schema;
	json_t *seals = vectors_load("seals"), *shares = vectors_load("shares"), *row;
	size_t i, checked = 0;

	(void)state;
	qb1_schema(&schema);
	json_array_foreach(seals, i, row)
	{
		const json_t *author = vectors_get(row, "author");
		unsigned n = (unsigned)vectors_u64(vectors_get(row, "n"));
		const json_t *dealt = share_case(shares, n, json_string_value(author));

		assert_int_equal(vectors_u64(vectors_get(row, "serial")), 1);
		for (unsigned seat = 1; seat <= n; seat++) {
			const json_t *known = qb1_of_seat(vectors_get(row, "seats"), seat);

			if (known) {
				check_blob(&schema, dealt, author, seat, known);
				checked++;
			}
		}
	}
	assert_int_equal(checked, 3 * json_array_size(seals));
	json_decref(seals);
	json_decref(shares);
}

/* A small tally for the refusals: two metrics of 3 and 2 bins, seven seats. */
enum { SMALL = 5 };

struct fixture {
	struct kl_committee committee;
	struct kl_dealing dealing;
	struct kl_share_binding binding;
	struct kl_box_keys keys; /* of the seat that `binding` names */
	uint8_t plain[BLOB_MAX], blob[BLOB_MAX];
	size_t plain_len, blob_len;
};

static const uint8_t one_time[KL_SEED_BYTES] = {5};

static void fixture_init(struct fixture *f, unsigned seat)
{
	static const uint64_t x[SMALL] = {0, 1, 0, 1, 0};
	static const uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES] = {{1}, {2}, {3}, {4}};
	static const uint8_t secret[KL_SEED_BYTES] = {6};

	memset(f, 0, sizeof *f);
	assert_int_equal(kl_committee_of(7, &f->committee), 0);
	assert_int_equal(kl_deal_init(&f->committee, x, SMALL, seeds, &f->dealing), 0);
	f->binding = (struct kl_share_binding){.tally = {{1}},
		.author = {{2}},
		.policy = {{3}},
		.schema = {{4}},
		.number = 1,
		.seat = (uint8_t)seat};
	kl_box_keys_from_seed(secret, &f->keys);
	f->plain_len = kl_share_plain_len(&f->committee, seat, SMALL);
	f->blob_len = kl_share_blob_len(&f->committee, seat, SMALL);
	kl_deal_plain(&f->dealing, &f->binding, f->plain);
	assert_int_equal(
		kl_deal_blob(&f->dealing, &f->binding, &f->keys.public_key, one_time, f->blob), 0);
}

static int read_plain(const struct fixture *f, const struct kl_share_binding *binding, size_t len)
{
	uint64_t vector[SMALL + KL_SHARE_EXTRA], untouched[SMALL + KL_SHARE_EXTRA];
	int r;

	memset(vector, 0x5a, sizeof vector);
	memset(untouched, 0x5a, sizeof untouched);
	r = kl_share_read(&f->committee, binding, SMALL, kl_bytes(f->plain, len), vector);
	if (r)
		assert_memory_equal(vector, untouched, sizeof vector);
	else
		assert_memory_equal(
			vector, kl_deal_vector(&f->dealing, binding->seat), sizeof vector);
	return r;
}

/* A blob republished under another author, tally, number, seat, policy or schema. */
static void a_copied_share_counts_for_nobody(void **state)
{
	static const unsigned seats[] = {1, 2, 3, 7};

	(void)state;
	for (size_t i = 0; i < sizeof seats / sizeof *seats; i++) {
		struct fixture f;
		struct kl_share_binding other;

		fixture_init(&f, seats[i]);
		assert_int_equal(read_plain(&f, &f.binding, f.plain_len), 0);
		other = f.binding, other.tally.b[31] ^= 1;
		assert_int_equal(read_plain(&f, &other, f.plain_len), KL_E_CONFLICT);
		other = f.binding, other.author.b[0] ^= 1;
		assert_int_equal(read_plain(&f, &other, f.plain_len), KL_E_CONFLICT);
		other = f.binding, other.policy.b[7] ^= 1;
		assert_int_equal(read_plain(&f, &other, f.plain_len), KL_E_CONFLICT);
		other = f.binding, other.schema.b[31] ^= 1;
		assert_int_equal(read_plain(&f, &other, f.plain_len), KL_E_CONFLICT);
		other = f.binding, other.number = 2;
		assert_int_equal(read_plain(&f, &other, f.plain_len), KL_E_CONFLICT);
		for (unsigned seat = 1; seat <= 7; seat++) {
			other = f.binding, other.seat = (uint8_t)seat;
			assert_int_equal(read_plain(&f, &other, f.plain_len),
				seat == seats[i] ? 0 : KL_E_CONFLICT);
		}
		kl_deal_deinit(&f.dealing);
	}
}

static int open_any(const struct fixture *f, const struct kl_share_binding *binding,
	uint32_t number, uint32_t *ret_number)
{
	uint64_t vector[SMALL + KL_SHARE_EXTRA];
	struct kl_share_binding dealt = f->binding;
	uint8_t blob[BLOB_MAX];

	dealt.number = number;
	assert_int_equal(kl_deal_blob(&f->dealing, &dealt, &f->keys.public_key, one_time, blob), 0);
	return kl_share_open_any(&f->committee, binding, SMALL, &f->keys,
		kl_bytes(blob, f->blob_len), vector, ret_number);
}

/* Before the CONTRIB comes nobody knows which contribution a share belongs to: it says so itself. */
static void a_share_says_its_number(void **state)
{
	struct kl_share_binding other;
	struct fixture f;

	(void)state;
	fixture_init(&f, 2);
	for (uint32_t number = 0; number <= KL_SHARE_NUMBER_MAX + 1; number++) {
		bool good = number >= 1 && number <= KL_SHARE_NUMBER_MAX;
		uint32_t found = 77;

		assert_int_equal(
			open_any(&f, &f.binding, number, &found), good ? 0 : KL_E_CONFLICT);
		assert_int_equal(found, good ? number : 77);
		other = f.binding, other.author.b[0] ^= 1;
		assert_int_equal(open_any(&f, &other, number, &found), KL_E_CONFLICT);
	}
	kl_deal_deinit(&f.dealing);
}

/* No byte of a header can change without the share being refused. */
static void every_byte_of_the_header_counts(void **state)
{
	struct fixture f;

	(void)state;
	for (unsigned seat = 1; seat <= 7; seat += 6) {
		fixture_init(&f, seat);
		for (size_t at = 0; at < KL_SHARE_HEADER; at++) {
			f.plain[at] ^= 1;
			assert_true(read_plain(&f, &f.binding, f.plain_len) < 0);
			f.plain[at] ^= 1;
		}
		kl_deal_deinit(&f.dealing);
	}
}

static void cut_padded_and_overfull_shares(void **state)
{
	struct fixture f;
	static const unsigned seats[] = {1, 7};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		fixture_init(&f, seats[i]);
		for (size_t len = 0; len < f.plain_len; len++)
			assert_int_equal(read_plain(&f, &f.binding, len), KL_E_MALFORMED);
		for (size_t more = 1; more <= 16; more++)
			assert_int_equal(
				read_plain(&f, &f.binding, f.plain_len + more), KL_E_MALFORMED);
		kl_deal_deinit(&f.dealing);
	}
	/* seat 7 has elements in the clear: each of them must be below p */
	fixture_init(&f, 7);
	for (size_t i = 0; i < SMALL + KL_SHARE_EXTRA; i++) {
		uint8_t *element = f.plain + KL_SHARE_HEADER + KL_ELEMENT_BYTES * i;
		uint64_t was = kl_get_u64(element);

		kl_put_u64(element, KL_FIELD_P);
		assert_int_equal(read_plain(&f, &f.binding, f.plain_len), KL_E_MALFORMED);
		kl_put_u64(element, was);
	}
	kl_deal_deinit(&f.dealing);
}

/* A seed where a vector belongs, and the other way round: the kind follows from the seat alone. */
static void a_share_of_the_wrong_kind(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, 7);
	f.plain[77] = KL_SHARE_SEED;
	assert_int_equal(
		read_plain(&f, &f.binding, KL_SHARE_HEADER + KL_SEED_BYTES), KL_E_MALFORMED);
	kl_deal_deinit(&f.dealing);
	fixture_init(&f, 1);
	f.plain[77] = KL_SHARE_FULL;
	assert_int_equal(read_plain(&f, &f.binding,
				 KL_SHARE_HEADER + KL_ELEMENT_BYTES * (SMALL + KL_SHARE_EXTRA)),
		KL_E_MALFORMED);
	kl_deal_deinit(&f.dealing);
}

static void changed_blobs_do_not_open(void **state)
{
	uint64_t vector[SMALL + KL_SHARE_EXTRA];
	struct fixture f;

	(void)state;
	fixture_init(&f, 7);
	assert_int_equal(kl_share_open(&f.committee, &f.binding, SMALL, &f.keys,
				 kl_bytes(f.blob, f.blob_len), vector),
		0);
	assert_memory_equal(vector, kl_deal_vector(&f.dealing, 7), sizeof vector);
	for (size_t at = 0; at < f.blob_len; at++) {
		f.blob[at] ^= 0x10;
		assert_int_equal(kl_share_open(&f.committee, &f.binding, SMALL, &f.keys,
					 kl_bytes(f.blob, f.blob_len), vector),
			KL_E_MALFORMED);
		f.blob[at] ^= 0x10;
	}
	assert_int_equal(kl_share_open(&f.committee, &f.binding, SMALL, &f.keys,
				 kl_bytes(f.blob, f.blob_len - 1), vector),
		KL_E_MALFORMED);
	assert_int_equal(kl_share_open(&f.committee, &f.binding, SMALL, &f.keys,
				 kl_bytes(f.blob, f.blob_len + 1), vector),
		KL_E_MALFORMED);
	f.binding.author.b[0] ^= 1;
	assert_int_equal(kl_share_open(&f.committee, &f.binding, SMALL, &f.keys,
				 kl_bytes(f.blob, f.blob_len), vector),
		KL_E_CONFLICT);
	kl_deal_deinit(&f.dealing);
}

/* From the shares of any t seats, x comes back; w is 0 at 0 from any 2t - 1. */
static void any_t_seats_have_the_answer(void **state)
{
	struct fixture f;
	uint64_t points[7], values[7], weights[7];

	(void)state;
	fixture_init(&f, 1);
	for (unsigned seats = 1; seats < 1u << 7; seats++) {
		unsigned count = 0, of[7];

		for (unsigned seat = 1; seat <= 7; seat++)
			if (seats >> (seat - 1) & 1)
				points[count] = of[count] = seat, count++;
		kl_field_weights(points, count, 0, weights);
		for (size_t i = 0; count >= f.committee.t && i < SMALL; i++) {
			for (unsigned j = 0; j < count; j++)
				values[j] = kl_deal_vector(&f.dealing, of[j])[i];
			assert_true(kl_field_dot(weights, values, 1, count) == (i == 1 || i == 3));
		}
		for (size_t r = 0; count >= f.committee.qa && r < KL_SHARE_TESTS; r++) {
			for (unsigned j = 0; j < count; j++)
				values[j] = kl_deal_vector(&f.dealing, of[j])[SMALL + r];
			assert_true(kl_field_dot(weights, values, 1, count) == 0);
		}
	}
	kl_deal_deinit(&f.dealing);
}

static void too_many_cells_are_not_dealt(void **state)
{
	static const uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES];
	struct kl_dealing dealing = {0};
	struct kl_committee committee;
	uint64_t x = 0;

	(void)state;
	assert_int_equal(kl_committee_of(7, &committee), 0);
	assert_int_equal(
		kl_deal_init(&committee, &x, KL_CELLS_MAX + 1, seeds, &dealing), KL_E_TOO_BIG);
	kl_deal_deinit(&dealing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_shares),
		cmocka_unit_test(known_shares_of_a_whole_return),
		cmocka_unit_test(known_blobs),
		cmocka_unit_test(a_copied_share_counts_for_nobody),
		cmocka_unit_test(a_share_says_its_number),
		cmocka_unit_test(every_byte_of_the_header_counts),
		cmocka_unit_test(cut_padded_and_overfull_shares),
		cmocka_unit_test(a_share_of_the_wrong_kind),
		cmocka_unit_test(changed_blobs_do_not_open),
		cmocka_unit_test(any_t_seats_have_the_answer),
		cmocka_unit_test(too_many_cells_are_not_dealt),
	};

	return RUN(tests);
}
