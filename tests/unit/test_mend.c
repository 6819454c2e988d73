/* Payloads of what mends a network, against the known answers of protocol/README.md. */
#include "protocol/payload_roster.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

#define PUBLIC "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"
#define RECORD "4af0c31defa60cf694271a847224e9b5ef583e07c417cc514769f91bb803ffe8"

static struct kl_id id_of(const char *hex)
{
	struct kl_id id;

	assert_int_equal(kl_hex_parse(hex, id.b, KL_ID_BYTES), 0);
	return id;
}

static void assert_written(struct kl_writer *w, const char *hex)
{
	struct kl_bytes bytes;
	char *got;

	assert_int_equal(kl_writer_bytes(w, &bytes), 0);
	got = malloc(2 * bytes.len + 1);
	assert_non_null(got);
	kl_hex(bytes.data, bytes.len, got);
	assert_string_equal(got, hex);
	free(got);
}

/* No payload is read that is one byte shorter, longer or not the one form. */
#define ASSERT_STRICT(read, w, x)                                                                  \
	do {                                                                                       \
		struct kl_bytes b;                                                                 \
                                                                                                   \
		assert_int_equal(kl_writer_bytes(w, &b), 0);                                       \
		assert_int_equal(read(b, x, NULL), 0);                                             \
		assert_true(read(kl_bytes(b.data, b.len - 1), x, NULL) < 0);                       \
		kl_write_nil(w);                                                                   \
		assert_int_equal(kl_writer_bytes(w, &b), 0);                                       \
		assert_true(read(b, x, NULL) < 0);                                                 \
	} while (0)

static void a_reset(void **state)
{
	struct kl_reset x = {.identity = id_of(PUBLIC),
		.epoch = 1,
		.end = {1, id_of(RECORD)},
		.reason = "a copy"};
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_reset_write(&w, &x);
	assert_written(&w, "84a86964656e74697479c420" PUBLIC "a565706f636801a3656e649201c420" RECORD
			   "a6726561736f6ea66120636f7079");
	memset(&x, 0, sizeof x);
	ASSERT_STRICT(kl_reset_read, &w, &x);
	assert_int_equal(x.epoch, 1);
	assert_int_equal(x.end.seq, 1);
	assert_string_equal(x.reason, "a copy");
	kl_writer_deinit(&w);
}

static void an_erase(void **state)
{
	struct kl_erase x = {
		.feed = {id_of(PUBLIC), 0}, .record = {1, id_of(RECORD)}, .reason = "a name"};
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_erase_write(&w, &x);
	assert_written(&w,
		"84a6617574686f72c420" PUBLIC "a565706f636800a67265636f72649201c420" RECORD
		"a6726561736f6ea661206e616d65");
	memset(&x, 0, sizeof x);
	ASSERT_STRICT(kl_erase_read, &w, &x);
	assert_int_equal(x.feed.epoch, 0);
	assert_int_equal(x.record.seq, 1);
	assert_string_equal(x.reason, "a name");
	kl_writer_deinit(&w);
	assert_false(kl_kind_may_be_erased(KL_KIND_NETWORK_CREATE));
	assert_true(kl_kind_may_be_erased(KL_KIND_PROFILE));
	assert_false(kl_kind_may_be_erased(KL_KIND_KEY_ROTATE));
	assert_false(kl_kind_may_be_erased(KL_KIND_CHARTER));
	assert_false(kl_kind_may_be_erased(31));
	assert_true(kl_kind_may_be_erased(KL_KIND_FIGURE_PUBLISH));
	assert_true(kl_kind_may_be_erased(KL_KIND_WITHDRAW));
	assert_false(kl_kind_may_be_erased(KL_KIND_TALLY_CALL));
	assert_false(kl_kind_may_be_erased(95));
	assert_true(kl_kind_may_be_erased(1000));
}

static void a_next_convenor(void **state)
{
	struct kl_next_convenor x = {.feed = {id_of(PUBLIC), 0}, .head = {1, id_of(RECORD)}};
	struct kl_writer w;

	(void)state;
	memset(x.curve_key, 9, sizeof x.curve_key);
	kl_writer_init(&w);
	kl_next_convenor_write(&w, &x);
	assert_written(&w,
		"84a86964656e74697479c420" PUBLIC
		"a56375727665c42009090909090909090909090909090909090909090909090909090909"
		"09090909a565706f636800a4686561649201c420" RECORD);
	memset(&x, 0, sizeof x);
	ASSERT_STRICT(kl_next_convenor_read, &w, &x);
	assert_int_equal(x.head.seq, 1);
	assert_int_equal(x.curve_key[31], 9);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reset),
		cmocka_unit_test(an_erase),
		cmocka_unit_test(a_next_convenor),
	};

	return RUN(tests);
}
