/* Records of tallies: what is written is read, and nothing else is. */
#include "core/field.h"
#include "protocol/tally_payload.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

static struct kl_id id_of(uint8_t byte)
{
	struct kl_id id;

	memset(id.b, byte, sizeof(id.b));
	return id;
}

/* Reads a payload, writes what was read, frees it: 0 with the bytes in `w`, or what the reader
 * said. */
typedef int again_fn(struct kl_bytes payload, struct kl_writer *w);

#define AGAIN(name, deinit)                                                                        \
	static int again_##name(struct kl_bytes payload, struct kl_writer *w)                      \
	{                                                                                          \
		struct kl_tally_##name x;                                                          \
		int rc = kl_tally_##name##_read(payload, &x);                                      \
                                                                                                   \
		if (rc)                                                                            \
			return rc;                                                                 \
		kl_tally_##name##_write(w, &x);                                                    \
		deinit;                                                                            \
		return 0;                                                                          \
	}

AGAIN(call, kl_tally_call_deinit(&x))
AGAIN(accept, (void)0)
AGAIN(contrib, (void)0)
AGAIN(withdraw, (void)0)
AGAIN(decline, (void)0)
AGAIN(intake, kl_tally_intake_deinit(&x))
AGAIN(propose, kl_tally_propose_deinit(&x))
AGAIN(vote, (void)0)
AGAIN(skip, (void)0)
AGAIN(open, kl_tally_open_deinit(&x))
AGAIN(quit, (void)0)
AGAIN(close, (void)0)
AGAIN(evidence, (void)0)

static struct kl_bytes written(const struct kl_writer *w)
{
	struct kl_bytes bytes = {0};

	assert_int_equal(kl_writer_bytes(w, &bytes), KL_OK);
	return bytes;
}

/* The payload comes back byte for byte; each part of it, each longer one and another version are
 * refused; and whatever single byte is changed, what is still read is written as it stands. */
static void check_strict(again_fn *again, struct kl_bytes payload)
{
	uint8_t *changed = malloc(payload.len + 1);
	struct kl_writer w;

	assert_non_null(changed);
	kl_writer_init(&w);
	assert_int_equal(again(payload, &w), KL_OK);
	assert_true(kl_bytes_equal(written(&w), payload));
	for (size_t len = 0; len < payload.len; len++) {
		memcpy(changed, payload.data, len);
		assert_int_not_equal(again(kl_bytes(changed, len), &w), KL_OK);
	}
	memcpy(changed, payload.data, payload.len);
	changed[payload.len] = 0xc0;
	assert_int_not_equal(again(kl_bytes(changed, payload.len + 1), &w), KL_OK);
	for (size_t i = 0; i < payload.len; i++) {
		static const uint8_t masks[] = {0x01, 0x10, 0x80, 0xff};

		for (size_t m = 0; m < sizeof(masks); m++) {
			memcpy(changed, payload.data, payload.len);
			changed[i] ^= masks[m];
			kl_writer_reset(&w);
			if (again(kl_bytes(changed, payload.len), &w) == KL_OK)
				assert_true(kl_bytes_equal(
					written(&w), kl_bytes(changed, payload.len)));
		}
	}
	kl_writer_deinit(&w);
	free(changed);
}

/* ---- CALL ----------------------------------------------------------------------------------- */

static void make_call(struct kl_tally_call *call)
{
	static const char *const codes[] = {"lm3.score", "maturity.c1", "enabled.fte"};
	static const char *const cohorts[] = {"everybody", "anchors", "type=unitary"};

	memset(call, 0, sizeof(*call));
	assert_int_equal(kl_period_parse("2016", &call->period), KL_OK);
	call->metrics = calloc(3, sizeof(*call->metrics));
	call->named = calloc(3, sizeof(*call->named));
	assert_non_null(call->metrics);
	assert_non_null(call->named);
	call->metric_count = 3;
	for (unsigned m = 0; m < 3; m++) {
		size_t index;

		assert_int_equal(kl_metric_index(codes[m], &index), KL_OK);
		kl_metric_at(index, &call->metrics[m]);
	}
	for (unsigned c = 0; c < 3; c++)
		assert_int_equal(
			kl_cohort_parse(kl_bytes_str(cohorts[c]), &call->cohorts[c]), KL_OK);
	call->cohort_count = 3;
	call->contribute_ms = 60000;
	call->decide_ms = 30000;
	call->minimum = 10;
	call->roster = id_of(1);
	call->member_count = 19;
	call->has_previous = true;
	call->previous_call = id_of(2);
	call->previous_result = id_of(3);
	call->tries = 1;
	kl_set_add(&call->offers, 0);
	kl_set_add(&call->offers, 18);
	kl_set_add(&call->named[1], 4);
	call->earlier[0] = id_of(4);
	call->earlier_count = 1;
	call->evidence[0] = id_of(5);
	call->evidence[1] = id_of(6);
	call->evidence_count = 2;
	assert_int_equal(kl_tally_call_hashes(call, &call->schema, &call->policy), KL_OK);
}

static void write_call(const struct kl_tally_call *call, struct kl_writer *w)
{
	kl_writer_reset(w);
	kl_tally_call_write(w, call);
}

static void call_comes_back(void **state)
{
	struct kl_tally_call call, read;
	struct kl_writer w;

	(void)state;
	make_call(&call);
	kl_writer_init(&w);
	write_call(&call, &w);
	assert_int_equal(kl_tally_call_read(written(&w), &read), KL_OK);
	assert_int_equal(read.metric_count, 3);
	assert_string_equal(read.metrics[2].code, "enabled.fte");
	assert_true(read.metrics[2].open_high);
	assert_memory_equal(
		read.metrics[0].edges, call.metrics[0].edges, sizeof(call.metrics[0].edges));
	assert_int_equal(read.cohorts[2].kind, KL_COHORT_TYPE);
	assert_string_equal(read.cohorts[2].value, "unitary");
	assert_true(kl_set_equal(&read.offers, &call.offers));
	assert_true(kl_set_has(&read.named[1], 4));
	assert_int_equal(kl_set_count(&read.named[0]), 0);
	assert_true(kl_id_equal(&read.earlier[0], &call.earlier[0]));
	assert_int_equal(read.evidence_count, 2);
	assert_true(kl_id_equal(&read.evidence[1], &call.evidence[1]));
	kl_tally_call_deinit(&read);
	check_strict(again_call, written(&w));
	kl_writer_deinit(&w);
	kl_tally_call_deinit(&call);
}

/* The hashes that every share is bound to stand in the CALL and are those of its contents. */
static void call_with_other_contents_is_refused(void **state)
{
	struct kl_tally_call call, read;
	struct kl_writer w;

	(void)state;
	make_call(&call);
	kl_writer_init(&w);
	call.minimum = 5;
	write_call(&call, &w);
	assert_int_equal(kl_tally_call_read(written(&w), &read), KL_E_MALFORMED);
	call.minimum = 10;
	kl_copy_text(call.metrics[0].name, sizeof(call.metrics[0].name), "Something else");
	write_call(&call, &w);
	assert_int_equal(kl_tally_call_read(written(&w), &read), KL_E_MALFORMED);
	call.metrics[0] = call.metrics[1]; /* one metric twice */
	assert_int_equal(kl_tally_call_hashes(&call, &call.schema, &call.policy), KL_OK);
	write_call(&call, &w);
	assert_int_equal(kl_tally_call_read(written(&w), &read), KL_E_MALFORMED);
	call.metric_count = 0;
	assert_int_equal(kl_tally_call_hashes(&call, &call.schema, &call.policy), KL_OK);
	write_call(&call, &w);
	assert_int_equal(kl_tally_call_read(written(&w), &read), KL_E_MALFORMED);
	kl_writer_deinit(&w);
	kl_tally_call_deinit(&call);
}

static void hashes_tell_terms_apart(void **state)
{
	struct kl_tally_call call;
	struct kl_id schema, policy;

	(void)state;
	make_call(&call);
	call.decide_ms++;
	assert_int_equal(kl_tally_call_hashes(&call, &schema, &policy), KL_OK);
	assert_true(kl_id_equal(&schema, &call.schema));
	assert_false(kl_id_equal(&policy, &call.policy));
	call.decide_ms--;
	call.metrics[0].mids[0]++;
	assert_int_equal(kl_tally_call_hashes(&call, &schema, &policy), KL_OK);
	assert_false(kl_id_equal(&schema, &call.schema));
	assert_true(kl_id_equal(&policy, &call.policy));
	kl_tally_call_deinit(&call);
}

/* ---- short records -------------------------------------------------------------------------- */

static void short_records_come_back(void **state)
{
	struct kl_tally_accept accept = {id_of(1), 3, id_of(2)};
	struct kl_tally_withdraw withdraw = {id_of(1), KL_SHARE_NUMBER_MAX};
	struct kl_tally_skip skip = {id_of(1), 9, 10};
	struct kl_tally_decline decline = {id_of(1)};
	struct kl_tally_vote vote = {id_of(1), 0, 10, id_of(5)};
	struct kl_tally_close closed = {id_of(1), KL_CLOSE_RESULT, id_of(6)};
	struct kl_tally_close failed = {.tally = id_of(1), .outcome = KL_CLOSE_FAILED};
	struct kl_tally_quit quit = {id_of(1), 2, {{0, id_of(7), id_of(8)}}, 1};
	struct kl_tally_contrib contrib = {.tally = id_of(1),
		.number = 1,
		.presence_len = 2,
		.presence = {0xff, 0x01},
		.blob_count = 7,
		.blobs = {id_of(1), id_of(2), {{0}}}};
	struct kl_writer w;
	struct kl_id tally, expected = id_of(1);

	(void)state;
	kl_writer_init(&w);
#define STRICT(name, value)                                                                        \
	kl_writer_reset(&w);                                                                       \
	kl_tally_##name##_write(&w, value);                                                        \
	assert_int_equal(kl_tally_payload_tally(written(&w), &tally), KL_OK);                      \
	assert_true(kl_id_equal(&tally, &expected));                                               \
	check_strict(again_##name, written(&w))
	STRICT(accept, &accept);
	STRICT(withdraw, &withdraw);
	STRICT(decline, &decline);
	STRICT(skip, &skip);
	STRICT(vote, &vote);
	STRICT(close, &closed);
	STRICT(close, &failed);
	STRICT(quit, &quit);
	STRICT(contrib, &contrib);
	kl_writer_deinit(&w);
}

static void impossible_values_are_refused(void **state)
{
	struct kl_tally_accept accept = {id_of(1), 0, id_of(2)}, read;
	struct kl_tally_close closed = {.tally = id_of(1), .outcome = KL_CLOSE_RESULT}, close_read;
	struct kl_tally_contrib contrib = {.tally = id_of(1), .number = 0}, contrib_read;
	struct kl_tally_withdraw withdraw = {.tally = id_of(1)}, withdraw_read;
	struct kl_tally_evidence evidence = {.tally = id_of(1), .seat = 1}, evidence_read;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_tally_accept_write(&w, &accept); /* seats are numbered from 1 */
	assert_int_equal(kl_tally_accept_read(written(&w), &read), KL_E_MALFORMED);
	accept.seat = KL_SEATS_MAX + 1;
	kl_writer_reset(&w);
	kl_tally_accept_write(&w, &accept);
	assert_int_equal(kl_tally_accept_read(written(&w), &read), KL_E_MALFORMED);
	kl_writer_reset(&w);
	kl_tally_close_write(&w, &closed); /* a result without its hash */
	assert_int_equal(kl_tally_close_read(written(&w), &close_read), KL_E_MALFORMED);
	kl_writer_reset(&w);
	kl_tally_contrib_write(&w, &contrib);
	assert_int_equal(kl_tally_contrib_read(written(&w), &contrib_read), KL_E_MALFORMED);
	kl_writer_reset(&w);
	kl_tally_withdraw_write(&w, &withdraw); /* numbers begin with 1 */
	assert_int_equal(kl_tally_withdraw_read(written(&w), &withdraw_read), KL_E_MALFORMED);
	kl_writer_reset(&w);
	kl_tally_evidence_write(&w, &evidence); /* of nothing */
	assert_int_equal(kl_tally_evidence_read(written(&w), &evidence_read), KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

static void another_version_is_said_to_be_one(void **state)
{
	struct kl_tally_decline decline = {id_of(1)};
	uint8_t payload[64];
	struct kl_writer w;
	struct kl_id tally;
	size_t len;

	(void)state;
	kl_writer_init(&w);
	kl_tally_decline_write(&w, &decline);
	len = written(&w).len;
	memcpy(payload, written(&w).data, len);
	payload[1] = 2;
	assert_int_equal(kl_tally_decline_read(kl_bytes(payload, len), &decline), KL_E_VERSION);
	assert_int_equal(kl_tally_payload_tally(kl_bytes(payload, len), &tally), KL_E_VERSION);
	kl_writer_deinit(&w);
}

/* ---- long records --------------------------------------------------------------------------- */

static void long_records_come_back(void **state)
{
	struct kl_intake_entry entries[] = {
		{0, id_of(9), KL_INTAKE_OK, {{1, 2, 3}, {4, 5, KL_FIELD_P - 1}}},
		{7, id_of(8), KL_INTAKE_MISSING, {{0}, {0}}},
		{8, id_of(6), KL_INTAKE_WITHDRAWN, {{0}, {0}}},
		{1983, id_of(7), KL_INTAKE_BOUND, {{0}, {0}}}};
	struct kl_tally_intake intake = {id_of(1), 4, {2, true, id_of(5)}, entries, 4};
	struct kl_proposal_row rows[] = {{0, 0, 2, id_of(3)}, {127, 63, 0, id_of(4)}};
	struct kl_tally_propose propose = {.tally = id_of(1),
		.part = {1, true, {{0}}},
		.cited = {{1, id_of(2)}, {7, id_of(3)}},
		.cited_count = 2,
		.earlier = {id_of(1), id_of(2)},
		.earlier_count = 2,
		.rows = rows,
		.row_count = 2};
	struct kl_open_sum sums[] = {{2, {0, KL_FIELD_P - 1}}, {0, {0}}, {1, {77}}};
	struct kl_tally_open open = {.tally = id_of(1),
		.seat = 7,
		.proposal = id_of(2),
		.votes = {id_of(3), id_of(4)},
		.vote_count = 2,
		.skips = {id_of(5), id_of(6), id_of(7)},
		.skip_count = 3,
		.part = {1, false, {{0}}},
		.sums = sums,
		.count = 3};
	uint8_t one[KL_TALLY_PART_MAX], two[100] = {7};
	struct kl_tally_evidence evidence = {id_of(1), 3, 2, {{one, 90}, {two, sizeof(two)}}};
	struct kl_writer w;
	struct kl_id tally, expected = id_of(1);

	(void)state;
	kl_writer_init(&w);
	STRICT(intake, &intake);
	STRICT(propose, &propose);
	STRICT(open, &open);
	memset(one, 3, sizeof(one));
	STRICT(evidence, &evidence);
	kl_writer_deinit(&w);
}

static void parts_have_their_place(void **state)
{
	struct kl_tally_intake intake = {.tally = id_of(1), .seat = 4}, read;
	struct kl_tally_propose propose = {.tally = id_of(1),
					.part = {2, false, id_of(1)},
					.cited = {{1, id_of(2)}},
					.cited_count = 1},
				propose_read;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_tally_intake_write(&w, &intake); /* parts are numbered from 1 */
	assert_int_equal(kl_tally_intake_read(written(&w), &read), KL_E_MALFORMED);
	intake.part.number = 2; /* the second names the first */
	kl_writer_reset(&w);
	kl_tally_intake_write(&w, &intake);
	assert_int_equal(kl_tally_intake_read(written(&w), &read), KL_E_MALFORMED);
	intake.part.number = 1;
	intake.part.before = id_of(3);
	kl_writer_reset(&w);
	kl_tally_intake_write(&w, &intake);
	assert_int_equal(kl_tally_intake_read(written(&w), &read), KL_E_MALFORMED);
	kl_writer_reset(&w);
	kl_tally_propose_write(&w, &propose); /* what is cited stands in the first part */
	assert_int_equal(kl_tally_propose_read(written(&w), &propose_read), KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

static void members_ascend(void **state)
{
	struct kl_intake_entry entries[] = {
		{7, id_of(9), KL_INTAKE_OK, {{0}, {0}}}, {7, id_of(8), KL_INTAKE_OK, {{0}, {0}}}};
	struct kl_tally_intake intake = {id_of(1), 4, {1, false, {{0}}}, entries, 2}, read;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_tally_intake_write(&w, &intake);
	assert_int_equal(kl_tally_intake_read(written(&w), &read), KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

/* Two whole parts that contradict each other fit in one EVIDENCE, and no longer part is read. */
static void two_parts_fit_in_evidence(void **state)
{
	static uint8_t part[KL_TALLY_PART_MAX + KL_HEADER_MAX + KL_SIGNATURE_BYTES + 16];
	struct kl_tally_evidence evidence = {
		id_of(1), 3, 2, {{part, sizeof(part)}, {part, sizeof(part)}}};
	struct kl_proposal_row rows[900] = {{0}};
	struct kl_tally_propose propose = {.tally = id_of(1),
					.part = {1, false, {{0}}},
					.rows = rows,
					.row_count = 900},
				propose_read;
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	kl_tally_evidence_write(&w, &evidence);
	assert_true(written(&w).len <= KL_PAYLOAD_MAX);
	kl_writer_reset(&w);
	kl_tally_propose_write(&w, &propose);
	assert_true(written(&w).len > KL_TALLY_PART_MAX);
	assert_int_equal(kl_tally_propose_read(written(&w), &propose_read), KL_E_TOO_BIG);
	kl_writer_deinit(&w);
}

/* A number that is no element of the field has no place in a sum. */
static void sums_are_elements(void **state)
{
	struct kl_open_sum sums[] = {{1, {0}}};
	struct kl_tally_open open = {.tally = id_of(1),
				     .seat = 7,
				     .proposal = id_of(2),
				     .part = {1, false, {{0}}},
				     .sums = sums,
				     .count = 1},
			     read;
	uint8_t payload[256];
	struct kl_writer w;
	size_t len;

	(void)state;
	kl_writer_init(&w);
	kl_tally_open_write(&w, &open);
	len = written(&w).len;
	memcpy(payload, written(&w).data, len);
	kl_put_u64(payload + len - 8, KL_FIELD_P);
	assert_int_equal(kl_tally_open_read(kl_bytes(payload, len), &read), KL_E_MALFORMED);
	kl_put_u64(payload + len - 8, KL_FIELD_P - 1);
	assert_int_equal(kl_tally_open_read(kl_bytes(payload, len), &read), KL_OK);
	kl_tally_open_deinit(&read);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(call_comes_back),
		cmocka_unit_test(call_with_other_contents_is_refused),
		cmocka_unit_test(hashes_tell_terms_apart),
		cmocka_unit_test(short_records_come_back),
		cmocka_unit_test(impossible_values_are_refused),
		cmocka_unit_test(another_version_is_said_to_be_one),
		cmocka_unit_test(long_records_come_back),
		cmocka_unit_test(parts_have_their_place),
		cmocka_unit_test(members_ascend),
		cmocka_unit_test(two_parts_fit_in_evidence),
		cmocka_unit_test(sums_are_elements),
	};

	return RUN(tests);
}
