/* Headers, records, runs and proofs of forks. */
#include "core/error.h"
#include "core/hash.h"
#include "protocol/auditor_file.h"
#include "tests/fuzz/feeds.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* ---- header -------------------------------------------------------------------------------- */

void kl_fuzz_samples_header(struct fuzz_corpus *corpus)
{
	struct kl_header far = feed_of(FEED_B)->records[3].h;
	uint8_t bytes[KL_HEADER_MAX];

	for (int i = 0; i < FEED_RECORDS; i++) {
		const struct kl_bytes header = feed_of(FEED_A)->records[i].header;

		fuzz_sample(corpus, header.data, header.len);
	}
	far.seq = far.time_ms = UINT64_MAX;
	far.epoch = far.kind = UINT32_MAX;
	fuzz_sample(corpus, bytes, kl_header_encode(&far, bytes));
}

int kl_fuzz_header(const uint8_t *data, size_t len)
{
	uint8_t again[KL_HEADER_MAX];
	struct kl_header header;
	int rc = kl_header_decode(kl_bytes(data, len), &header);

	if (rc) {
		FUZZ_CHECK(rc == KL_E_MALFORMED || rc == KL_E_TOO_BIG || rc == KL_E_VERSION);
		return 0;
	}
	FUZZ_CHECK(len <= KL_HEADER_MAX && header.seq >= 1);
	FUZZ_CHECK(header.payload_len <= KL_PAYLOAD_MAX);
	FUZZ_CHECK(kl_header_encode(&header, again) == len && !memcmp(again, data, len));
	FUZZ_CHECK(kl_kind_name(header.kind)[0]);
	return 1;
}

/* ---- record -------------------------------------------------------------------------------- */

void kl_fuzz_samples_record(struct fuzz_corpus *corpus)
{
	struct kl_writer w;

	kl_writer_init(&w);
	for (int i = 0; i < FEED_RECORDS; i++) {
		struct kl_record record = feed_of(FEED_A)->records[i];

		if (i % 3 == 1)
			record.signature.len = 0;
		if (i % 4 == 2) {
			record.erased = true;
			record.payload.len = 0;
		}
		kl_record_write(&w, &record);
		fuzz_sample_written(corpus, &w);
	}
	kl_writer_deinit(&w);
}

static void check_record(const uint8_t *data, size_t len, const struct kl_record *r)
{
	struct kl_id id;

	FUZZ_CHECK(fuzz_inside(data, len, r->header));
	FUZZ_CHECK(fuzz_inside(data, len, r->signature));
	FUZZ_CHECK(fuzz_inside(data, len, r->payload));
	FUZZ_CHECK(r->signature.len == 0 || r->signature.len == KL_SIGNATURE_BYTES);
	FUZZ_CHECK(r->erased ? !r->payload.len : r->payload.len == r->h.payload_len);
	kl_record_id(r->header, &id);
	FUZZ_CHECK(kl_id_equal(&id, &r->id));
	if (r->erased)
		return;
	kl_blake2b(r->payload, &id);
	FUZZ_CHECK(kl_id_equal(&id, &r->h.payload_hash));
}

int kl_fuzz_record(const uint8_t *data, size_t len)
{
	struct kl_record record, again;
	struct kl_bytes written;
	struct kl_writer w;

	if (kl_record_decode(kl_bytes(data, len), &record))
		return 0;
	FUZZ_CHECK(len <= KL_RECORD_MAX);
	check_record(data, len, &record);
	kl_writer_init(&w);
	kl_record_write(&w, &record);
	FUZZ_CHECK(!kl_writer_bytes(&w, &written) && written.len <= len);
	FUZZ_CHECK(!kl_record_decode(written, &again));
	FUZZ_CHECK(kl_id_equal(&record.id, &again.id) && record.erased == again.erased);
	kl_writer_deinit(&w);
	return 1;
}

/* ---- runs ---------------------------------------------------------------------------------- */

/* A run is picked from the feeds, two bytes a record: which feed and place, and what is wrong with
 * it. Whether it must be accepted is reckoned here, without any hash or signature. */
enum { PICKS_MAX = 24 };

struct pick {
	enum feed_name feed;
	size_t place;
	bool unsigned_, bad_signature, erased;
};

static struct pick read_pick(struct fuzz_script *script)
{
	uint8_t which = fuzz_u8(script), wrong = fuzz_u8(script);

	return (struct pick){.feed = which % FEEDS,
		.place = which / FEEDS % FEED_RECORDS,
		.unsigned_ = wrong & 1,
		.bad_signature = !(wrong & 1) && (wrong & 2),
		.erased = wrong & 4};
}

static void take(const struct pick *pick, uint8_t bad[KL_SIGNATURE_BYTES], struct kl_record *record)
{
	*record = feed_of(pick->feed)->records[pick->place];
	if (pick->unsigned_)
		record->signature = kl_bytes(NULL, 0);
	if (pick->bad_signature) {
		memcpy(bad, record->signature.data, KL_SIGNATURE_BYTES);
		bad[7] ^= 1;
		record->signature.data = bad;
	}
	if (pick->erased) {
		record->erased = true;
		record->payload = kl_bytes(NULL, 0);
	}
}

/* Both feeds of A are one up to the fork. */
static enum feed_name branch(const struct pick *pick)
{
	return pick->feed == FEED_A_FORKED && pick->place + 1 < FEED_FORK_AT ? FEED_A : pick->feed;
}

static bool follows(const struct pick *a, const struct pick *b)
{
	if (b->place != a->place + 1 || (a->feed == FEED_B) != (b->feed == FEED_B))
		return false;
	return branch(a) == branch(b) || (branch(a) == FEED_A && b->place + 1 == FEED_FORK_AT);
}

/* KL_OK, or why not; *ret_count: signatures that must be looked at until then. */
static int expected(const struct pick *picks, size_t n, uint64_t *ret_count)
{
	*ret_count = 0;
	if (!n)
		return KL_E_MALFORMED;
	for (size_t i = 1; i < n; i++)
		if (!follows(&picks[i - 1], &picks[i]))
			return KL_E_MALFORMED;
	for (size_t i = 0; i < n; i++) {
		uint32_t kind = feed_of(picks[i].feed)->records[picks[i].place].h.kind;

		if (i + 1 < n && !kl_kind_signs_itself(kind))
			continue;
		if (picks[i].unsigned_)
			return KL_E_SIGNATURE;
		++*ret_count;
		if (picks[i].bad_signature)
			return KL_E_SIGNATURE;
	}
	return KL_OK;
}

void kl_fuzz_samples_run(struct fuzz_corpus *corpus)
{
	for (int f = 0; f < FEEDS; f++) {
		uint8_t script[2 * FEED_RECORDS];

		for (int i = 0; i < FEED_RECORDS; i++) {
			script[2 * i] = (uint8_t)(i * FEEDS + f);
			script[2 * i + 1] = i % 5 == 1 && i < 11 ? 1 : i % 5 == 2 ? 4 : 0;
		}
		fuzz_sample(corpus, script, sizeof script);
		fuzz_sample(corpus, script + 8, 10);
	}
}

int kl_fuzz_run(const uint8_t *data, size_t len)
{
	struct fuzz_script script = {data, len};
	struct kl_verifier verifier = {.verify = kl_verify_ed25519};
	struct kl_record records[PICKS_MAX];
	uint8_t bad[PICKS_MAX][KL_SIGNATURE_BYTES];
	struct pick picks[PICKS_MAX];
	struct kl_run run;
	uint64_t count;
	size_t n = 0;
	int rc;

	for (; script.len && n < PICKS_MAX; n++) {
		picks[n] = read_pick(&script);
		take(&picks[n], bad[n], &records[n]);
	}
	rc = kl_run_check(&feed_network, &feed_of(n ? picks[0].feed : FEED_A)->key, NULL, records,
		n, &verifier, &run);
	FUZZ_CHECK(rc == expected(picks, n, &count));
	FUZZ_CHECK(verifier.count == count);
	if (rc)
		return 0;
	FUZZ_CHECK(run.n == n && run.from == picks[0].place + 1);
	FUZZ_CHECK(run.last.seq == run.from + n - 1);
	FUZZ_CHECK(kl_id_equal(&run.last.id, &records[n - 1].id));
	for (size_t i = 0; i + 1 < n; i++)
		FUZZ_CHECK(!records[i].signature.len || kl_kind_signs_itself(records[i].h.kind));
	return 1;
}

/* ---- forks --------------------------------------------------------------------------------- */

/* Both chains from the fork, signed `a` and `b` records on. */
static void write_fork(struct kl_writer *w, size_t a, size_t b)
{
	struct kl_record left[FEED_RECORDS], right[FEED_RECORDS];
	size_t from = FEED_FORK_AT - 1, n = FEED_RECORDS - from;

	for (size_t i = 0; i < n; i++) {
		left[i] = feed_of(FEED_A)->records[from + i];
		right[i] = feed_of(FEED_A_FORKED)->records[from + i];
		if (i < a)
			left[i].signature.len = 0;
		if (i < b)
			right[i].signature.len = 0;
	}
	FUZZ_CHECK(!kl_fork_write(w, left, n, right, n));
}

void kl_fuzz_samples_fork(struct fuzz_corpus *corpus)
{
	struct kl_writer w;

	kl_writer_init(&w);
	for (size_t i = 0; i < 4; i++) {
		write_fork(&w, i, 2 * i % 5);
		fuzz_sample_written(corpus, &w);
	}
	kl_writer_deinit(&w);
}

/* Nobody in these feeds lies but A, at one place: no proof can show anything else. */
int kl_fuzz_fork(const uint8_t *data, size_t len)
{
	struct kl_verifier verifier = {.verify = kl_verify_ed25519};
	struct kl_fork fork;

	if (kl_fork_check(kl_bytes(data, len), &feed_network, &verifier, &fork)) {
		FUZZ_CHECK(verifier.count <= 2);
		return 0;
	}
	FUZZ_CHECK(len <= KL_FORK_PROOF_MAX && verifier.count == 2);
	FUZZ_CHECK(kl_feed_key_equal(&fork.feed, &feed_of(FEED_A)->key));
	FUZZ_CHECK(fork.common.seq == FEED_FORK_AT - 1);
	FUZZ_CHECK(kl_id_equal(&fork.common.id, &feed_of(FEED_A)->records[FEED_FORK_AT - 2].id));
	return 1;
}

/* ---- records that were handed on to be checked --------------------------------------------- */

void kl_fuzz_samples_audit_file(struct fuzz_corpus *corpus)
{
	struct kl_auditor_options options = {.network = feed_network,
		.convenor = feed_of(FEED_A)->keys.public_key,
		.tally = feed_of(FEED_A)->records[2].id,
		.wall_ms = 1780000000000};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_auditor_file_head(&w, &options);
	for (int i = 0; i < 2 * FEED_RECORDS; i++) {
		const struct kl_record *r =
			&feed_of(i < FEED_RECORDS ? FEED_A : FEED_B)->records[i % FEED_RECORDS];
		const struct kl_audited record = {.header = r->header,
			.signature = i % 3 ? r->signature.data : NULL,
			.here = i % 5 != 4,
			.payload = r->payload,
			.contested = i % FEED_RECORDS > 9};

		kl_auditor_file_record(&w, &record);
	}
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

int kl_fuzz_audit_file(const uint8_t *data, size_t len)
{
	struct kl_auditor *auditor;
	struct kl_value value;
	struct kl_bytes bytes;
	struct kl_writer w;
	struct kl_fault fault;
	int rc = kl_auditor_file_check(kl_bytes(data, len), &fault, &auditor);

	if (rc) {
		FUZZ_CHECK(rc == KL_E_MALFORMED || rc == KL_E_VERSION);
		FUZZ_CHECK(fault.message[0]);
		return 0;
	}
	kl_writer_init(&w);
	kl_auditor_write(&w, auditor, true);
	FUZZ_CHECK(!kl_writer_bytes(&w, &bytes) && !kl_value_open(bytes, &value));
	FUZZ_CHECK(value.type == KL_WIRE_MAP);
	kl_writer_deinit(&w);
	kl_auditor_destroy(auditor);
	return 1;
}
