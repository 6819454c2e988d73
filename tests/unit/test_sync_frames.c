#include "core/error.h"
#include "protocol/sync_frames.h"
#include "tests/unit/harness.h"
#include "tests/unit/mutate.h"

#include <stdlib.h>

static struct kl_frame frame; /* 25 KB: not on the stack of every test */

static struct kl_bytes bytes_of(const struct kl_writer *w)
{
	struct kl_bytes bytes;

	assert_int_equal(kl_writer_bytes(w, &bytes), 0);
	return bytes;
}

static void greetings(void **state)
{
	struct kl_hello hello = {.version_min = 1,
		.version_max = 3,
		.network = {{1}},
		.roster_seq = 40,
		.store_id = {{2}},
		.own = {7, {{3}}},
		.yours = {9, {{4}}},
		.limits = {256, 1 << 20, 16, 2}};
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_frame_hello_write(&w, true, &hello);
	assert_int_equal(kl_frame_decode(bytes_of(&w), &frame), 0);
	assert_int_equal(frame.kind, KL_FRAME_WELCOME);
	assert_int_equal(frame.u.hello.version_max, 3);
	assert_int_equal(frame.u.hello.roster_seq, 40);
	assert_int_equal(frame.u.hello.yours.seq, 9);
	assert_true(kl_id_equal(&frame.u.hello.yours.id, &hello.yours.id));
	assert_int_equal(frame.u.hello.limits.get_ranges, 16);
	kl_writer_deinit(&w);
}

static void digests_and_heads(void **state)
{
	struct kl_feed_state states[KL_FRAME_HEADS_MAX + 1] = {
		{.head = {.seq = 5}, .forked = true}};
	struct kl_id root = {{8}};
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_frame_root_write(&w, KL_FRAME_PING, &root, 77);
	assert_int_equal(kl_frame_decode(bytes_of(&w), &frame), 0);
	assert_true(kl_id_equal(&frame.u.root.root, &root));
	assert_int_equal(frame.u.root.nonce, 77);

	kl_writer_reset(&w);
	kl_frame_heads_write(&w, false, true, states, KL_FRAME_HEADS_MAX);
	assert_int_equal(kl_frame_decode(bytes_of(&w), &frame), 0);
	assert_int_equal(frame.u.heads.n, KL_FRAME_HEADS_MAX);
	assert_true(frame.u.heads.more);
	assert_true(frame.u.heads.items[0].forked);
	assert_int_equal(frame.u.heads.items[0].head.seq, 5);

	kl_writer_reset(&w);
	kl_frame_heads_write(&w, true, false, states, KL_FRAME_HEADS_MAX + 1);
	assert_int_equal(kl_frame_decode(bytes_of(&w), &frame), KL_E_TOO_BIG);
	kl_writer_deinit(&w);
}

static void requests(void **state)
{
	struct kl_range ranges[KL_FRAME_RANGES_MAX + 1];
	struct kl_writer w;

	(void)state;
	for (size_t i = 0; i <= KL_FRAME_RANGES_MAX; i++)
		ranges[i] = (struct kl_range){{{{1}}, (uint32_t)i}, i + 1};
	kl_writer_init(&w);
	kl_frame_get_write(&w, ranges, KL_FRAME_RANGES_MAX);
	assert_int_equal(kl_frame_decode(bytes_of(&w), &frame), 0);
	assert_int_equal(frame.u.get.n, KL_FRAME_RANGES_MAX);
	assert_int_equal(frame.u.get.items[15].from, 16);
	kl_writer_reset(&w);
	kl_frame_get_write(&w, ranges, KL_FRAME_RANGES_MAX + 1);
	assert_int_equal(kl_frame_decode(bytes_of(&w), &frame), KL_E_TOO_BIG);
	kl_writer_reset(&w);
	ranges[0].from = 0; /* records are numbered from 1 */
	kl_frame_get_write(&w, ranges, 1);
	assert_int_equal(kl_frame_decode(bytes_of(&w), &frame), KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

static void refusals_say_why(void **state)
{
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_frame_busy_write(&w, 250, "asked too much");
	assert_int_equal(kl_frame_decode(bytes_of(&w), &frame), 0);
	assert_int_equal(frame.u.said.retry_ms, 250);
	assert_string_equal(frame.u.said.text, "asked too much");
	kl_writer_reset(&w);
	kl_frame_err_write(&w, KL_E_DENIED, "no");
	assert_int_equal(kl_frame_decode(bytes_of(&w), &frame), 0);
	assert_int_equal(frame.u.said.code, KL_E_DENIED);
	kl_writer_deinit(&w);
}

static void newer_frames_are_no_error(void **state)
{
	(void)state;
	assert_int_equal(kl_frame_decode(kl_bytes_str("\x92\x20\xa1x"), &frame), 0);
	assert_int_equal(frame.kind, 32);
	assert_int_equal(kl_frame_decode(kl_bytes_str("\x81\x01\x02"), &frame), KL_E_MALFORMED);
	assert_int_equal(kl_frame_decode(kl_bytes_str("\x90"), &frame), KL_E_MALFORMED);
	assert_int_equal(kl_frame_decode(kl_bytes_str(""), &frame), KL_E_MALFORMED);
}

/* A run of real records, then every kind of damage. */
static void runs(void **state)
{
	static struct kl_record records[KL_RUN_RECORDS_MAX];
	struct kl_record_memory memory[3];
	struct kl_sign_keys keys;
	uint8_t seed[KL_SEED_BYTES] = {1}, *out;
	struct kl_author author = {.keys = &keys};
	struct kl_head head = {0, {{0}}};
	struct kl_range range = {.from = 1};
	struct kl_writer w;
	struct kl_bytes bytes;
	size_t n;

	(void)state;
	kl_sign_keys_from_seed(seed, &keys);
	author.feed.author = range.feed.author = keys.public_key;
	kl_writer_init(&w);
	kl_frame_run_begin(&w, &range, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(kl_record_make(&author, &head, KL_KIND_LESSON, 1,
					 kl_bytes("text", 4), &memory[i], &records[i]),
			0);
		head = (struct kl_head){records[i].h.seq, records[i].id};
		kl_record_write(&w, &records[i]);
	}
	bytes = bytes_of(&w);
	assert_int_equal(kl_frame_decode(bytes, &frame), 0);
	assert_int_equal(kl_frame_records(&frame.u.run.records, records, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(records[2].h.seq, 3);
	out = malloc(bytes.len);
	for (uint32_t s = 0; s < 5000; s++) {
		size_t len = mutate(s, bytes.data, bytes.len, out);

		if (!kl_frame_decode(kl_bytes(out, len), &frame) && frame.kind == KL_FRAME_RUN)
			(void)kl_frame_records(&frame.u.run.records, records, &n);
	}
	free(out);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(greetings),
		cmocka_unit_test(digests_and_heads),
		cmocka_unit_test(requests),
		cmocka_unit_test(refusals_say_why),
		cmocka_unit_test(newer_frames_are_no_error),
		cmocka_unit_test(runs),
	};

	return RUN(tests);
}
