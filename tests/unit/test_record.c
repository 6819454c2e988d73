#include "core/error.h"
#include "protocol/record.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

/* One author with fixed keys, one network: every number below follows from these. */
static struct kl_sign_keys keys;
static struct kl_author author;
static struct kl_verifier verifier = {kl_verify_ed25519, NULL, 0};

static int setup(void **state)
{
	uint8_t seed[KL_SEED_BYTES];

	(void)state;
	memset(seed, 7, sizeof seed);
	kl_sign_keys_from_seed(seed, &keys);
	kl_network_id(
		&keys.public_key, "Wem", (const uint8_t *)"0123456789abcdef", &author.network);
	author.feed.author = keys.public_key;
	author.keys = &keys;
	return 0;
}

static void assert_hex(const void *data, size_t len, const char *expected)
{
	char hex[2 * 512 + 1];

	assert_true(len <= 512);
	kl_hex(data, len, hex);
	assert_string_equal(hex, expected);
}

/* A feed of n records; payloads are one byte longer each. */
struct feed {
	struct kl_record_memory memory[300];
	struct kl_record records[300];
	uint8_t payload[300];
};

static void write_feed(struct feed *feed, size_t n, struct kl_head head, uint8_t salt)
{
	memset(feed->payload, salt, sizeof feed->payload);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(
			kl_record_make(&author, &head, KL_KIND_LESSON, 1000 + i,
				kl_bytes(feed->payload, i), &feed->memory[i], &feed->records[i]),
			0);
		head = (struct kl_head){feed->records[i].h.seq, feed->records[i].id};
	}
}

static struct feed *new_feed(size_t n)
{
	struct feed *feed = calloc(1, sizeof *feed);

	assert_non_null(feed);
	write_feed(feed, n, (struct kl_head){0, {{0}}}, 1);
	return feed;
}

static int check(struct kl_record *records, size_t n, struct kl_run *run)
{
	return kl_run_check(&author.network, &author.feed, NULL, records, n, &verifier, run);
}

/* The numbers of protocol/README.md. */
static void golden_vectors(void **state)
{
	struct kl_record_memory memory;
	struct kl_record r;
	struct kl_head none = {0, {{0}}};
	struct kl_id genesis;
	uint8_t key_id[KL_KEY_ID_BYTES];

	(void)state;
	kl_genesis(&author.network, &author.feed, &genesis);
	kl_key_id(&keys.public_key, key_id);
	assert_int_equal(kl_record_make(&author, &none, KL_KIND_PROFILE, 1700000000000,
				 kl_bytes_str("\x81\xa4name\xa3Wem"), &memory, &r),
		0);
	assert_hex(keys.public_key.b, 32,
		"ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c");
	assert_hex(author.network.b, 32,
		"e3069a2ab6cda4cf47e051faf294e766c257037139b1b54006505bfc991e5242");
	assert_hex(
		genesis.b, 32, "385cee36d4142513860f1dbd23e77876ed1c639e862a08d180d6c0a15f57fc74");
	assert_hex(key_id, 8, "271f479f9902a52c");
	assert_hex(r.header.data, r.header.len,
		"9a01c420ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea69"
		"1446d22c00c408271f479f9902a52c01c420385cee36d4142513860f1dbd23e7"
		"7876ed1c639e862a08d180d6c0a15f57fc7402cf0000018bcfe568000ac42042"
		"7908ec6b81a65d952f0abd34b8a37cb007e1571cdaa3ff211ebc1d8410e854");
	assert_hex(r.id.b, 32, "4af0c31defa60cf694271a847224e9b5ef583e07c417cc514769f91bb803ffe8");
	assert_hex(r.signature.data, r.signature.len,
		"219c47ccdc7c337d61753a969829ae3a4900120299d8d00d47100fa3bd68592a"
		"3058a84970e5ce0d2c15eac5fd25365d2c1e810f9ab16df37e6895cc98910308");
}

static void a_header_has_one_encoding(void **state)
{
	struct kl_header h = {.epoch = 3,
				 .seq = 70000,
				 .kind = 200,
				 .time_ms = 1700000000000,
				 .payload_len = 65536},
			 got;
	uint8_t bytes[KL_HEADER_MAX], longer[KL_HEADER_MAX];
	struct kl_writer w;
	struct kl_bytes written;
	size_t n = kl_header_encode(&h, bytes);

	(void)state;
	kl_writer_init(&w);
	kl_header_write(&w, &h);
	assert_int_equal(kl_writer_bytes(&w, &written), 0);
	assert_true(kl_bytes_equal(written, kl_bytes(bytes, n)));
	assert_int_equal(kl_header_decode(kl_bytes(bytes, n), &got), 0);
	assert_memory_equal(&got.seq, &h.seq, sizeof h.seq);
	assert_int_equal(got.kind, 200);
	assert_int_equal(got.payload_len, 65536);

	/* the version 1 as a two-byte number says the same and is refused */
	longer[0] = bytes[0];
	longer[1] = 0xcc;
	memcpy(longer + 2, bytes + 1, n - 1);
	assert_int_equal(kl_header_decode(kl_bytes(longer, n + 1), &got), KL_E_MALFORMED);
	bytes[1] = 2;
	assert_int_equal(kl_header_decode(kl_bytes(bytes, n), &got), KL_E_VERSION);
	assert_int_equal(kl_header_decode(kl_bytes(bytes, n - 1), &got), KL_E_MALFORMED);
	assert_int_equal(kl_header_decode(kl_bytes(bytes, 257), &got), KL_E_TOO_BIG);
	kl_writer_deinit(&w);
}

static void extreme_headers_fit(void **state)
{
	struct kl_header h = {.epoch = UINT32_MAX,
				 .seq = UINT64_MAX,
				 .kind = UINT32_MAX,
				 .time_ms = UINT64_MAX,
				 .payload_len = KL_PAYLOAD_MAX},
			 got;
	uint8_t bytes[KL_HEADER_MAX];
	size_t n = kl_header_encode(&h, bytes);

	(void)state;
	assert_int_equal(n, 147);
	assert_true(2 * KL_RUN_RECORDS_MAX * (n + 2) + 300 < KL_FORK_PROOF_MAX);
	assert_int_equal(kl_header_decode(kl_bytes(bytes, n), &got), 0);
	assert_true(got.seq == UINT64_MAX && got.time_ms == UINT64_MAX);
	h.payload_len++;
	n = kl_header_encode(&h, bytes);
	assert_int_equal(kl_header_decode(kl_bytes(bytes, n), &got), KL_E_MALFORMED);
	h.payload_len = h.seq = 0;
	n = kl_header_encode(&h, bytes);
	assert_int_equal(kl_header_decode(kl_bytes(bytes, n), &got), KL_E_MALFORMED);
}

static void kinds_have_fixed_numbers(void **state)
{
	(void)state;
	assert_int_equal(KL_KIND_NETWORK_CREATE, 1);
	assert_int_equal(KL_KIND_ADMIT, 17);
	assert_int_equal(KL_KIND_FIGURE_PUBLISH, 32);
	assert_int_equal(KL_KIND_TALLY_CALL, 64);
	assert_string_equal(kl_kind_name(KL_KIND_TALLY_VOTE), "tally vote");
	assert_string_equal(kl_kind_name(1000), "unknown kind");
	assert_true(kl_kind_signs_itself(KL_KIND_TALLY_VOTE));
	assert_false(kl_kind_signs_itself(KL_KIND_TALLY_SHARE));
	assert_false(kl_kind_signs_itself(KL_KIND_TALLY_CONTRIB));
	assert_true(kl_kind_is_roster(KL_KIND_CHARTER));
	assert_false(kl_kind_is_roster(KL_KIND_PROFILE));
}

static void records_travel_as_arrays_of_three(void **state)
{
	struct feed *feed = new_feed(3);
	struct kl_record got, erased = feed->records[2];
	struct kl_writer w;
	struct kl_bytes bytes;

	(void)state;
	kl_writer_init(&w);
	kl_record_write(&w, &feed->records[2]);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_record_decode(bytes, &got), 0);
	assert_true(kl_id_equal(&got.id, &feed->records[2].id));
	assert_int_equal(got.payload.len, 2);
	assert_int_equal(kl_record_verify(&got, &author.network, &verifier), 0);

	/* one bit of the payload */
	((uint8_t *)w.buffer.data)[bytes.len - 1] ^= 1;
	assert_int_equal(kl_record_decode(bytes, &got), KL_E_MALFORMED);

	/* without its payload the record still has its id and its place */
	kl_writer_reset(&w);
	erased.erased = true;
	kl_record_write(&w, &erased);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_record_decode(bytes, &got), 0);
	assert_true(got.erased && !got.payload.len);
	assert_true(kl_id_equal(&got.id, &feed->records[2].id));
	kl_writer_deinit(&w);
	free(feed);
}

static void a_run_costs_one_verification(void **state)
{
	struct feed *feed = new_feed(256);
	uint64_t before = verifier.count;
	struct kl_run run;

	(void)state;
	assert_int_equal(check(feed->records, 256, &run), 0);
	assert_int_equal(verifier.count - before, 1);
	assert_int_equal(run.from, 1);
	assert_int_equal(run.last.seq, 256);
	assert_true(kl_id_equal(&run.last.id, &feed->records[255].id));
	/* what was not checked is not passed on */
	assert_int_equal(feed->records[254].signature.len, 0);
	assert_int_equal(feed->records[255].signature.len, KL_SIGNATURE_BYTES);
	free(feed);
}

static void a_run_must_hold_together(void **state)
{
	struct feed *feed = new_feed(257), *other = calloc(1, sizeof *other);
	struct kl_id elsewhere = {{9}};
	struct kl_record swapped[2];
	struct kl_run run;

	(void)state;
	assert_int_equal(check(feed->records, 0, &run), KL_E_MALFORMED);
	assert_int_equal(check(feed->records, 257, &run), KL_E_TOO_BIG);
	swapped[0] = feed->records[1];
	swapped[1] = feed->records[0];
	assert_int_equal(check(swapped, 2, &run), KL_E_MALFORMED);
	swapped[0] = feed->records[0];
	swapped[1] = feed->records[2];
	assert_int_equal(check(swapped, 2, &run), KL_E_MALFORMED);

	/* signed for this network, shown in another: already the genesis says no, later the signature */
	assert_int_equal(
		kl_run_check(&elsewhere, &author.feed, NULL, feed->records, 2, &verifier, &run),
		KL_E_MALFORMED);
	assert_int_equal(
		kl_run_check(&elsewhere, &author.feed, NULL, feed->records + 5, 2, &verifier, &run),
		KL_E_SIGNATURE);

	/* another branch from place 3 on */
	write_feed(other, 3, (struct kl_head){2, feed->records[1].id}, 99);
	swapped[0] = feed->records[2];
	swapped[1] = other->records[1];
	assert_int_equal(check(swapped, 2, &run), KL_E_MALFORMED);
	assert_int_equal(check(other->records, 3, &run), 0);
	assert_int_equal(run.from, 3);
	assert_true(kl_id_equal(&run.prev, &feed->records[1].id));
	free(other);
	free(feed);
}

static void the_last_record_is_certified(void **state)
{
	struct feed *feed = new_feed(4);
	struct kl_head place = {3, feed->records[2].id}, wrong = {3, feed->records[1].id};
	struct kl_run run;

	(void)state;
	feed->records[2].signature = (struct kl_bytes){0};
	assert_int_equal(check(feed->records, 3, &run), KL_E_SIGNATURE);
	assert_int_equal(kl_run_check(&author.network, &author.feed, &wrong, feed->records, 3,
				 &verifier, &run),
		KL_E_SIGNATURE);
	assert_int_equal(kl_run_check(&author.network, &author.feed, &place, feed->records, 3,
				 &verifier, &run),
		0);
	/* a later signature certifies the one without */
	assert_int_equal(check(feed->records, 4, &run), 0);
	feed->memory[3].signature[5] ^= 1;
	assert_int_equal(check(feed->records, 4, &run), KL_E_SIGNATURE);
	free(feed);
}

static void some_kinds_sign_themselves(void **state)
{
	struct kl_record_memory memory[2];
	struct kl_record records[2];
	struct kl_head head = {0, {{0}}};
	struct kl_run run;
	uint64_t before;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(
			kl_record_make(&author, &head, i ? KL_KIND_LESSON : KL_KIND_TALLY_VOTE, 5,
				kl_bytes("x", 1), &memory[i], &records[i]),
			0);
		head = (struct kl_head){i + 1, records[i].id};
	}
	before = verifier.count;
	assert_int_equal(check(records, 2, &run), 0);
	assert_int_equal(verifier.count - before, 2);
	assert_int_equal(records[0].signature.len, KL_SIGNATURE_BYTES);
	records[0].signature = (struct kl_bytes){0};
	assert_int_equal(check(records, 2, &run), KL_E_SIGNATURE);
}

/* ---- forks --------------------------------------------------------------------------------- */

static void a_fork_is_proved(void **state)
{
	struct feed *feed = new_feed(6), *other = calloc(1, sizeof *other);
	struct kl_writer w, v;
	struct kl_bytes proof, again;
	struct kl_fork fork;

	(void)state;
	write_feed(other, 3, (struct kl_head){2, feed->records[1].id}, 99);
	other->records[0].signature = (struct kl_bytes){0}; /* certified by the next */
	kl_writer_init(&w);
	kl_writer_init(&v);
	assert_int_equal(kl_fork_write(&w, feed->records + 2, 4, other->records, 3), 0);
	assert_int_equal(kl_fork_write(&v, other->records, 3, feed->records + 2, 4), 0);
	assert_int_equal(kl_writer_bytes(&w, &proof), 0);
	assert_int_equal(kl_writer_bytes(&v, &again), 0);
	assert_true(kl_bytes_equal(proof, again)); /* whoever finds it writes the same */
	assert_int_equal(kl_fork_check(proof, &author.network, &verifier, &fork), 0);
	assert_int_equal(fork.common.seq, 2);
	assert_true(kl_id_equal(&fork.common.id, &feed->records[1].id));

	for (size_t i = 0; i < proof.len; i++) {
		((uint8_t *)w.buffer.data)[i] ^= 0x10;
		assert_true(kl_fork_check(proof, &author.network, &verifier, &fork) < 0);
		((uint8_t *)w.buffer.data)[i] ^= 0x10;
	}
	/* the same chain twice, or places that differ, prove nothing */
	kl_writer_reset(&w);
	assert_int_equal(
		kl_fork_write(&w, feed->records + 2, 4, feed->records + 2, 4), KL_E_INVALID);
	assert_int_equal(kl_fork_write(&w, feed->records + 3, 3, other->records, 3), KL_E_INVALID);
	kl_writer_deinit(&v);
	kl_writer_deinit(&w);
	free(other);
	free(feed);
}

/* Any byte changed, any length cut: an error or the same meaning, never a crash. */
static void decoders_take_any_bytes(void **state)
{
	struct feed *feed = new_feed(2);
	struct kl_record got;
	struct kl_writer w;
	struct kl_bytes bytes;

	(void)state;
	kl_writer_init(&w);
	kl_record_write(&w, &feed->records[1]);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	for (size_t i = 0; i < bytes.len; i++)
		assert_true(kl_record_decode(kl_bytes(bytes.data, i), &got) < 0);
	for (size_t i = 0; i < bytes.len; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			((uint8_t *)w.buffer.data)[i] ^= (uint8_t)(1u << bit);
			if (!kl_record_decode(bytes, &got))
				assert_true(kl_record_verify(&got, &author.network, &verifier) < 0);
			((uint8_t *)w.buffer.data)[i] ^= (uint8_t)(1u << bit);
		}
	kl_writer_deinit(&w);
	free(feed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_vectors),
		cmocka_unit_test(a_header_has_one_encoding),
		cmocka_unit_test(extreme_headers_fit),
		cmocka_unit_test(kinds_have_fixed_numbers),
		cmocka_unit_test(records_travel_as_arrays_of_three),
		cmocka_unit_test(a_run_costs_one_verification),
		cmocka_unit_test(a_run_must_hold_together),
		cmocka_unit_test(the_last_record_is_certified),
		cmocka_unit_test(some_kinds_sign_themselves),
		cmocka_unit_test(a_fork_is_proved),
		cmocka_unit_test(decoders_take_any_bytes),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
