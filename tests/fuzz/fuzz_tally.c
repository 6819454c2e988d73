/* Payloads of tally records, which have one encoding each, and the shares inside of them. */
#include "core/error.h"
#include "core/field.h"
#include "core/seal.h"
#include "core/share.h"
#include "protocol/tally_payload.h"
#include "tests/fuzz/codec.h"

#include <stdlib.h>
#include <string.h>

static const struct kl_id tally = {{'t'}}, other = {{'o'}}, third = {{'x', 1}};

/* ---- CALL ---------------------------------------------------------------------------------- */

enum { CALL_METRICS = 3, CALL_MEMBERS = 17 };

static void write_call(struct kl_writer *w, unsigned variant)
{
	struct kl_metric metrics[CALL_METRICS];
	struct kl_set named[CALL_METRICS] = {{{0}}};
	struct kl_tally_call call = {.period = {KL_PERIOD_YEAR, 2016, 0},
		.metrics = metrics,
		.metric_count = CALL_METRICS,
		.contribute_ms = 60000,
		.decide_ms = 120000,
		.cohorts = {{KL_COHORT_EVERYBODY, ""}, {KL_COHORT_ANCHORS, ""},
			{KL_COHORT_TYPE, "unitary"}},
		.cohort_count = 3,
		.minimum = 5,
		.roster = other,
		.member_count = CALL_MEMBERS,
		.named = named};

	for (size_t i = 0; i < CALL_METRICS; i++)
		kl_metric_at(i * 7 % kl_metric_count(), &metrics[i]);
	for (size_t i = 0; i < CALL_MEMBERS; i += 2)
		kl_set_add(&call.offers, i);
	if (variant) {
		kl_set_add(&named[1], 4);
		call.has_previous = true;
		call.previous_call = third;
		call.previous_result = other;
		call.tries = 2;
		call.earlier[0] = third;
		call.earlier_count = 1;
		call.evidence[0] = other;
		call.evidence_count = 1;
	}
	FUZZ_CHECK(!kl_tally_call_hashes(&call, &call.schema, &call.policy));
	kl_tally_call_write(w, &call);
}

void kl_fuzz_samples_tally_call(struct fuzz_corpus *corpus)
{
	struct kl_writer w;

	kl_writer_init(&w);
	for (unsigned variant = 0; variant < 2; variant++) {
		write_call(&w, variant);
		fuzz_sample_written(corpus, &w);
	}
	kl_writer_deinit(&w);
}

static int check_call(const struct kl_tally_call *call)
{
	struct kl_cells cells;

	FUZZ_CHECK(call->metric_count && call->metric_count <= KL_TALLY_METRICS_MAX);
	FUZZ_CHECK(call->cohort_count <= KL_TALLY_COHORTS_MAX && call->minimum >= 5);
	FUZZ_CHECK(call->member_count <= KL_TALLY_MEMBERS_MAX);
	for (unsigned i = 0; i < call->metric_count; i++)
		FUZZ_CHECK(!kl_metric_check(&call->metrics[i], NULL));
	if (!kl_tally_call_cells(call, &cells))
		FUZZ_CHECK(cells.total <= KL_CELLS_MAX);
	return 0;
}

FUZZ_CANONICAL(tally_call, struct kl_tally_call, kl_tally_call_read(bytes, &x),
	(check_call(&x), kl_tally_call_write(w, &x)), kl_tally_call_deinit(&x))

/* ---- the short ones ------------------------------------------------------------------------ */

/* One sample of what `write` writes of `x`, whatever it is. */
#define SAMPLE(name, ...)                                                                          \
	void kl_fuzz_samples_tally_##name(struct fuzz_corpus *corpus)                              \
	{                                                                                          \
		struct kl_tally_##name x[] = {__VA_ARGS__};                                        \
		struct kl_writer w;                                                                \
                                                                                                   \
		kl_writer_init(&w);                                                                \
		for (size_t i = 0; i < sizeof x / sizeof *x; i++) {                                \
			kl_tally_##name##_write(&w, &x[i]);                                        \
			fuzz_sample_written(corpus, &w);                                           \
		}                                                                                  \
		kl_writer_deinit(&w);                                                              \
	}

/* Every payload says of itself which tally it belongs to. */
#define SHORT(name)                                                                                \
	FUZZ_CANONICAL(tally_##name, struct kl_tally_##name, kl_tally_##name##_read(bytes, &x),    \
		(of_tally(bytes, &x.tally), kl_tally_##name##_write(w, &x)), (void)0)

#define LONG(name)                                                                                 \
	FUZZ_CANONICAL(tally_##name, struct kl_tally_##name, kl_tally_##name##_read(bytes, &x),    \
		(of_tally(bytes, &x.tally), kl_tally_##name##_write(w, &x)),                       \
		kl_tally_##name##_deinit(&x))

static void of_tally(struct kl_bytes payload, const struct kl_id *id)
{
	struct kl_id said;

	FUZZ_CHECK(!kl_tally_payload_tally(payload, &said));
	FUZZ_CHECK(kl_id_equal(&said, id));
}

SAMPLE(accept, {{{1}}, 1, {{2}}}, {{{1}}, KL_SEATS_MAX, {{3}}})
SHORT(accept)

SAMPLE(contrib, {{{1}}, 1, 2, {0xff, 1}, 3, {{{1}}, {{2}}, {{0}}}}, {{{1}}, 3, 1, {1}, 10, {{{4}}}})
SHORT(contrib)

SAMPLE(withdraw, {{{1}}, 1}, {{{1}}, KL_SHARE_NUMBER_MAX})
SHORT(withdraw)

SAMPLE(decline, {{{1}}})
SHORT(decline)

SAMPLE(vote, {{{1}}, 0, 1, {{7}}}, {{{1}}, UINT32_MAX, KL_SEATS_MAX, {{7}}})
SHORT(vote)

SAMPLE(skip, {{{1}}, 0, 1}, {{{1}}, UINT32_MAX, KL_SEATS_MAX})
SHORT(skip)

SAMPLE(quit, {{{1}}, 2, {{0}}, 0}, {{{1}}, 2, {{0, {{5}}, {{6}}}, {9, {{7}}, {{8}}}}, 2})
SHORT(quit)

SAMPLE(close, {{{1}}, KL_CLOSE_RESULT, {{9}}}, {{{1}}, KL_CLOSE_FAILED, {{0}}})
SHORT(close)

SAMPLE(evidence, {{{1}}, 3, 1, {{(const uint8_t *)"one", 3}}},
	{{{1}}, 9, 2, {{(const uint8_t *)"one", 3}, {(const uint8_t *)"", 0}}})
SHORT(evidence)

/* ---- those in parts ------------------------------------------------------------------------ */

void kl_fuzz_samples_tally_intake(struct fuzz_corpus *corpus)
{
	struct kl_intake_entry entries[] = {
		{0, {{1}}, KL_INTAKE_OK, {{1, 2, 3}, {KL_FIELD_P - 1, 0, 0}}},
		{3, {{2}}, KL_INTAKE_SEALED, {{0}, {0}}},
		{300, {{3}}, KL_INTAKE_WITHDRAWN, {{0}, {0}}}};
	struct kl_tally_intake x = {.tally = tally,
		.seat = 2,
		.part = {1, true, {{0}}},
		.entries = entries,
		.count = 3};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_intake_write(&w, &x);
	fuzz_sample_written(corpus, &w);
	x.part = (struct kl_tally_part){2, false, other};
	x.count = 1;
	kl_tally_intake_write(&w, &x);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

LONG(intake)

void kl_fuzz_samples_tally_propose(struct fuzz_corpus *corpus)
{
	struct kl_proposal_row rows[] = {{0, 0, 2, {{1}}}, {0, 1, 1, {{2}}}, {2, 0, 0, {{3}}}};
	struct kl_tally_propose x = {.tally = tally,
		.attempt = 3,
		.part = {1, true, {{0}}},
		.cited = {{1, {{1}}}, {2, {{2}}}, {4, {{3}}}, {5, {{4}}}, {7, {{5}}}},
		.cited_count = 5,
		.earlier = {{{1}}, {{2}}},
		.earlier_count = 2,
		.rows = rows,
		.row_count = 3};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_propose_write(&w, &x);
	fuzz_sample_written(corpus, &w);
	x.part = (struct kl_tally_part){2, false, other};
	x.cited_count = x.earlier_count = 0;
	kl_tally_propose_write(&w, &x);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

LONG(propose)

void kl_fuzz_samples_tally_open(struct fuzz_corpus *corpus)
{
	struct kl_open_sum sums[] = {{4, {1, 2, KL_FIELD_P - 1, 0}}, {0, {0}}, {16, {7}}};
	struct kl_tally_open x = {.tally = tally,
		.seat = 1,
		.attempt = 1,
		.proposal = other,
		.votes = {{{1}}, {{2}}, {{3}}, {{4}}, {{5}}},
		.vote_count = 5,
		.skips = {{{6}}, {{7}}},
		.skip_count = 2,
		.part = {1, false, {{0}}},
		.first = 0,
		.sums = sums,
		.count = 3};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_open_write(&w, &x);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

static void check_sums(const struct kl_tally_open *open)
{
	for (unsigned i = 0; i < open->count; i++) {
		FUZZ_CHECK(open->sums[i].bins <= KL_CELLS_BINS_MAX);
		for (unsigned b = 0; b < open->sums[i].bins; b++)
			FUZZ_CHECK(open->sums[i].cells[b] < KL_FIELD_P);
	}
}

FUZZ_CANONICAL(tally_open, struct kl_tally_open, kl_tally_open_read(bytes, &x),
	(of_tally(bytes, &x.tally), check_sums(&x), kl_tally_open_write(w, &x)),
	kl_tally_open_deinit(&x))

/* ---- cohorts ------------------------------------------------------------------------------- */

void kl_fuzz_samples_cohort(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"everybody", "councils", "anchors", "type=unitary",
		"region=london", "deprivation=1", "rural=urban", "income=under_100k"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		fuzz_sample_text(corpus, texts[i]);
}

int kl_fuzz_cohort(const uint8_t *data, size_t len)
{
	char text[KL_COHORT_TEXT_MAX];
	struct kl_cohort cohort;

	if (kl_cohort_parse(kl_bytes(data, len), &cohort))
		return 0;
	kl_cohort_format(&cohort, text);
	FUZZ_CHECK(strlen(text) == len && !memcmp(text, data, len));
	return 1;
}

/* ---- shares -------------------------------------------------------------------------------- */

enum { SHARE_CELLS = 9 };

static const struct kl_committee committee = {5, 3, 5, 4};

static struct kl_share_binding binding_of(uint8_t seat)
{
	return (struct kl_share_binding){tally, other, {{'p'}}, {{'s'}}, 1, seat};
}

static struct kl_box_keys seat_keys(void)
{
	static const uint8_t seed[KL_SEED_BYTES] = {77};
	struct kl_box_keys keys;

	kl_box_keys_from_seed(seed, &keys);
	return keys;
}

static void deal(struct kl_dealing *dealing)
{
	static const uint64_t x[SHARE_CELLS] = {0, 0, 1, 0, 1, 0, 0, 0, 0};
	static const uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES] = {{1}, {2}, {3}};

	FUZZ_CHECK(!kl_deal_init(&committee, x, SHARE_CELLS, seeds, dealing));
}

/* The first byte is the seat. */
void kl_fuzz_samples_share(struct fuzz_corpus *corpus)
{
	struct kl_dealing dealing;

	deal(&dealing);
	for (uint8_t seat = 1; seat <= committee.n; seat++) {
		struct kl_share_binding binding = binding_of(seat);
		uint8_t plain[1 + KL_SHARE_HEADER + 8 * (SHARE_CELLS + KL_SHARE_EXTRA)] = {seat};

		kl_deal_plain(&dealing, &binding, plain + 1);
		fuzz_sample(corpus, plain, 1 + kl_share_plain_len(&committee, seat, SHARE_CELLS));
	}
	kl_deal_deinit(&dealing);
}

int kl_fuzz_share(const uint8_t *data, size_t len)
{
	uint64_t vector[SHARE_CELLS + KL_SHARE_EXTRA] = {0};
	uint8_t seat = len ? (uint8_t)(1 + (data[0] - 1) % committee.n) : 1;
	struct kl_share_binding binding = binding_of(seat);
	struct kl_bytes plain = kl_bytes(data + (len > 0), len - (len > 0));
	int rc = kl_share_read(&committee, &binding, SHARE_CELLS, plain, vector);

	FUZZ_CHECK(rc == 0 || rc == KL_E_MALFORMED || rc == KL_E_CONFLICT);
	for (size_t i = 0; i < sizeof vector / sizeof *vector; i++)
		FUZZ_CHECK(rc ? !vector[i] : vector[i] < KL_FIELD_P);
	return rc == 0;
}

/* Sealed: whoever changes a bit of a blob has no share any more. */
void kl_fuzz_samples_share_blob(struct fuzz_corpus *corpus)
{
	static const uint8_t one_time[KL_SEED_BYTES] = {9};
	struct kl_box_keys keys = seat_keys();
	struct kl_dealing dealing;

	deal(&dealing);
	for (uint8_t seat = 1; seat <= committee.n; seat += 4) {
		struct kl_share_binding binding = binding_of(seat);
		size_t len = kl_share_blob_len(&committee, seat, SHARE_CELLS);
		uint8_t *blob = malloc(1 + len);

		FUZZ_CHECK(blob);
		blob[0] = seat;
		FUZZ_CHECK(!kl_deal_blob(&dealing, &binding, &keys.public_key, one_time, blob + 1));
		fuzz_sample(corpus, blob, 1 + len);
		free(blob);
	}
	kl_deal_deinit(&dealing);
}

int kl_fuzz_share_blob(const uint8_t *data, size_t len)
{
	uint64_t vector[SHARE_CELLS + KL_SHARE_EXTRA];
	uint8_t seat = len ? (uint8_t)(1 + (data[0] - 1) % committee.n) : 1;
	struct kl_share_binding binding = binding_of(seat);
	struct kl_box_keys keys = seat_keys();
	int rc = kl_share_open(&committee, &binding, SHARE_CELLS, &keys,
		kl_bytes(data + (len > 0), len - (len > 0)), vector);

	FUZZ_CHECK(rc == 0 || rc == KL_E_MALFORMED || rc == KL_E_CONFLICT);
	if (!rc)
		FUZZ_CHECK(len == 1 + kl_share_blob_len(&committee, seat, SHARE_CELLS));
	return rc == 0;
}
