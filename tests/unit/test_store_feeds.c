#include "store/documents.h"
#include "store/feeds.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>

/* Records of tests: the id says author, branch and place, the header too, every payload is "payload
 * N". Records whose place is a multiple of `certify` carry a signature. */
struct source {
	struct kl_feed_id feed;
	uint8_t branch;
	uint64_t certify;
};

static const uint8_t signature[KL_STORE_SIGNATURE_BYTES] = "signed";

static struct source author(uint8_t number, uint64_t certify)
{
	struct source source = {.feed = {.author = {{number}}, .epoch = 1}, .certify = certify};

	return source;
}

static struct kl_id id_of(const struct source *source, uint64_t seq)
{
	struct kl_id id = {{source->feed.author.b[0], (uint8_t)source->feed.epoch, source->branch}};

	kl_put_u64(id.b + 8, seq);
	return id;
}

struct run {
	struct kl_id prev;
	struct kl_stored_record records[KL_STORE_RUN_RECORDS_MAX];
	char headers[KL_STORE_RUN_RECORDS_MAX][16], payloads[KL_STORE_RUN_RECORDS_MAX][16];
};

static void make_run(struct run *run, const struct source *source, uint64_t from, size_t n)
{
	run->prev = id_of(source, from - 1);
	for (size_t i = 0; i < n; i++) {
		uint64_t seq = from + i;

		snprintf(run->headers[i], 16, "header %u", (unsigned)seq);
		snprintf(run->payloads[i], 16, "payload %u", (unsigned)seq);
		run->records[i] = (struct kl_stored_record){
			.seq = seq,
			.id = id_of(source, seq),
			.header = kl_bytes_str(run->headers[i]),
			.signature = seq % source->certify ? NULL : signature,
			.state = KL_STORED_HERE,
			.payload = kl_bytes_str(run->payloads[i]),
		};
	}
}

static void append(struct home *home, const struct source *source, uint64_t from, size_t n)
{
	static struct run run;

	make_run(&run, source, from, n);
	assert_rc(kl_feed_append(home->batch, &source->feed, &run.prev, run.records, n), KL_OK);
}

static struct kl_feed_head head_of(struct home *home, const struct source *source)
{
	struct kl_feed_head head;

	assert_rc(kl_feed_head(home->store, &source->feed, &head), KL_OK);
	return head;
}

static struct kl_conflict conflict_of(struct home *home)
{
	struct kl_conflict conflict;

	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_CONFLICT);
	assert_rc(kl_batch_conflict(home->batch, &conflict), KL_OK);
	kl_batch_reset(home->batch);
	return conflict;
}

/* "1 2 3* " with a star for signed ones, - for erased and ? for missing payloads */
static int list(void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *record)
{
	char *out = arg, expected[16];

	(void)feed;
	snprintf(expected, sizeof expected, "header %u", (unsigned)record->seq);
	assert_true(kl_bytes_equal(record->header, kl_bytes_str(expected)));
	if (record->state == KL_STORED_HERE) {
		snprintf(expected, sizeof expected, "payload %u", (unsigned)record->seq);
		assert_true(kl_bytes_equal(record->payload, kl_bytes_str(expected)));
	} else {
		assert_int_equal(record->payload.len, 0);
	}
	if (record->signature)
		assert_memory_equal(record->signature, signature, sizeof signature);
	sprintf(out + strlen(out), "%u%s%s ", (unsigned)record->seq, record->signature ? "*" : "",
		record->state == KL_STORED_ERASED    ? "-"
		: record->state == KL_STORED_MISSING ? "?"
						     : "");
	return KL_VISIT_ON;
}

static void expect_all(struct home *home, const struct source *source, const char *expected)
{
	char out[4096] = "";

	assert_rc(kl_feed_visit(home->store, &source->feed, 1, list, out), KL_OK);
	assert_string_equal(out, expected);
}

static void expect_run(struct home *home, const struct source *source, uint64_t from, size_t n,
	size_t bytes, const char *expected)
{
	char out[4096] = "";
	size_t got = 77, spaces = 0;

	assert_rc(kl_feed_read_run(home->store, &source->feed, from, n, bytes, list, out, &got),
		KL_OK);
	assert_string_equal(out, expected);
	for (const char *c = out; *c; c++)
		spaces += *c == ' ';
	assert_int_equal(got, spaces);
}

static void verify(struct home *home)
{
	struct kl_verify_report report;

	home_close(home);
	if (kl_store_verify(home->dir, &home->fault, &report) < 0)
		fail_msg("%s", home->fault.message);
	home_open(home);
}

/* ---- appending ------------------------------------------------------------------------------- */

static void a_feed_grows_at_its_head(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 2);
	struct kl_feed_head head = head_of(home, &a);
	struct kl_id id;

	assert_int_equal(head.seq, 0);
	assert_true(kl_id_is_zero(&head.id));
	append(home, &a, 1, 2);
	append(home, &a, 3, 2);
	home_commit(home);
	append(home, &a, 5, 1);
	home_commit(home);
	head = head_of(home, &a);
	id = id_of(&a, 5);
	assert_int_equal(head.seq, 5);
	assert_int_equal(head.certified, 4);
	assert_int_equal(head.contested, 0);
	assert_true(kl_id_equal(&head.id, &id));
	assert_int_equal(head.bytes, 5 * (8 + 9) + 2 * KL_STORE_SIGNATURE_BYTES);
	expect_all(home, &a, "1 2* 3 4* ");
	verify(home);
}

static void a_record_is_found_by_place_and_by_id(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 1), b = author(2, 1);
	struct kl_id id = id_of(&b, 2);
	struct kl_feed_id feed;
	char out[64] = "";
	uint64_t seq;

	append(home, &a, 1, 3);
	append(home, &b, 1, 3);
	home_commit(home);
	assert_rc(kl_feed_get(home->store, &a.feed, 3, list, out), KL_OK);
	assert_rc(kl_feed_get_by_id(home->store, &id, list, out), KL_OK);
	assert_string_equal(out, "3* 2* ");
	assert_rc(kl_feed_find(home->store, &id, &feed, &seq), KL_OK);
	assert_true(kl_id_equal(&feed.author, &b.feed.author));
	assert_int_equal(feed.epoch, 1);
	assert_int_equal(seq, 2);
	id = id_of(&b, 4);
	assert_rc(kl_feed_get_by_id(home->store, &id, list, out), KL_E_NOT_FOUND);
	assert_rc(kl_feed_get(home->store, &a.feed, 4, list, out), KL_E_NOT_FOUND);
}

/* The same records come from several peers, in runs that overlap. */
static void what_is_already_there_is_kept(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 2);

	append(home, &a, 1, 4);
	home_commit(home);
	append(home, &a, 1, 4);
	append(home, &a, 3, 4);
	home_commit(home);
	append(home, &a, 2, 2);
	home_commit(home);
	expect_all(home, &a, "1 2* 3 4* 5 6* ");
	assert_int_equal(head_of(home, &a).bytes, 6 * (8 + 9) + 3 * KL_STORE_SIGNATURE_BYTES);
	verify(home);
}

static void a_gap_is_refused(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 1);
	struct kl_conflict conflict;

	append(home, &a, 2, 1);
	conflict = conflict_of(home);
	assert_int_equal(conflict.kind, KL_CONFLICT_GAP);
	assert_int_equal(conflict.seq, 1);
	append(home, &a, 1, 2);
	home_commit(home);
	append(home, &a, 5, 1);
	conflict = conflict_of(home);
	assert_int_equal(conflict.kind, KL_CONFLICT_GAP);
	assert_int_equal(conflict.seq, 3);
}

static void another_record_at_the_same_place_is_a_conflict(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 1), other = a;
	struct kl_conflict conflict;
	struct kl_id id = id_of(&a, 3);

	other.branch = 9;
	append(home, &a, 1, 3);
	home_commit(home);
	append(home, &a, 4, 1);
	append(home, &other, 3, 3);
	conflict = conflict_of(home);
	/* the chain is looked at first: what comes before record 3 is already different */
	assert_int_equal(conflict.kind, KL_CONFLICT_ID);
	assert_int_equal(conflict.seq, 2);
	assert_int_equal(conflict.op, 1);
	assert_int_equal(head_of(home, &a).seq, 3);

	append(home, &other, 1, 4);
	conflict = conflict_of(home);
	assert_int_equal(conflict.seq, 1);

	/* forked at record 3: the chain fits up to 2 */
	{
		static struct run run;

		make_run(&run, &other, 3, 2);
		run.prev = id_of(&a, 2);
		kl_feed_append(home->batch, &a.feed, &run.prev, run.records, 2);
	}
	conflict = conflict_of(home);
	assert_int_equal(conflict.kind, KL_CONFLICT_ID);
	assert_int_equal(conflict.seq, 3);
	assert_true(kl_id_equal(&conflict.here, &id));
	assert_true(kl_id_equal(&conflict.feed.author, &a.feed.author));
	assert_non_null(strstr(home->fault.message, "feed 0100000000000000, epoch 1, record 3"));
	expect_all(home, &a, "1* 2* 3* ");
}

static void a_conflict_takes_the_whole_commit_along(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 1), b = author(2, 1);
	struct kl_conflict conflict;
	uint8_t *bytes;
	size_t len;

	kl_document_put(home->batch, "profile", "own", kl_bytes_str("goes with record 1"));
	append(home, &a, 1, 1);
	append(home, &b, 7, 1);
	conflict = conflict_of(home);
	assert_int_equal(conflict.op, 2);
	assert_int_equal(head_of(home, &a).seq, 0);
	assert_rc(kl_document_get(home->store, "profile", "own", 0, &bytes, &len, NULL),
		KL_E_NOT_FOUND);
	kl_document_put(home->batch, "profile", "own", kl_bytes_str("goes with record 1"));
	append(home, &a, 1, 1);
	home_commit(home);
	assert_rc(kl_batch_conflict(home->batch, &conflict), KL_E_NOT_FOUND);
	assert_int_equal(head_of(home, &a).seq, 1);
	assert_rc(kl_document_get(home->store, "profile", "own", 0, &bytes, &len, NULL), KL_OK);
	free(bytes);
}

static void limits_of_records(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 1);
	static uint8_t big[KL_STORE_PAYLOAD_MAX + 1];
	static struct run run;

	make_run(&run, &a, 1, 3);
	assert_rc(kl_feed_append(home->batch, &a.feed, NULL, run.records, 0), KL_E_INVALID);
	kl_batch_reset(home->batch);
	run.records[1].seq = 3;
	assert_rc(kl_feed_append(home->batch, &a.feed, NULL, run.records, 3), KL_E_INVALID);
	kl_batch_reset(home->batch);
	make_run(&run, &a, 1, 3);
	run.records[2].header = kl_bytes(big, KL_STORE_HEADER_MAX + 1);
	assert_rc(kl_feed_append(home->batch, &a.feed, NULL, run.records, 3), KL_E_INVALID);
	kl_batch_reset(home->batch);
	make_run(&run, &a, 1, 3);
	run.records[2].payload = kl_bytes(big, sizeof big);
	assert_rc(kl_feed_append(home->batch, &a.feed, NULL, run.records, 3), KL_E_INVALID);
	kl_batch_reset(home->batch);
	make_run(&run, &a, 1, 3);
	run.records[2].state = KL_STORED_MISSING;
	assert_rc(kl_feed_append(home->batch, &a.feed, NULL, run.records, 3), KL_E_INVALID);
	kl_batch_reset(home->batch);
	make_run(&run, &a, 2, 1);
	assert_rc(kl_feed_append(home->batch, &a.feed, NULL, run.records, 1), KL_E_INVALID);
	kl_batch_reset(home->batch);
	make_run(&run, &a, 1, 2);
	run.records[0].header = kl_bytes(big, KL_STORE_HEADER_MAX);
	run.records[1].payload = kl_bytes(big, KL_STORE_PAYLOAD_MAX);
	assert_rc(kl_feed_append(home->batch, &a.feed, NULL, run.records, 2), KL_OK);
	home_commit(home);
	verify(home);
}

/* ---- payloads -------------------------------------------------------------------------------- */

static void an_erased_payload_stays_erased(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 3);

	append(home, &a, 1, 3);
	home_commit(home);
	kl_feed_erase(home->batch, &a.feed, 2);
	home_commit(home);
	expect_all(home, &a, "1 2- 3* ");
	assert_int_equal(head_of(home, &a).bytes, 3 * 8 + 2 * 9 + KL_STORE_SIGNATURE_BYTES);
	append(home, &a, 1, 3);
	kl_feed_erase(home->batch, &a.feed, 2);
	home_commit(home);
	expect_all(home, &a, "1 2- 3* ");
	verify(home);
	kl_feed_erase(home->batch, &a.feed, 4);
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_NOT_FOUND);
}

static void what_was_missing_can_come_later(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 3), unsigned_a = author(1, 100);
	static struct run run;

	make_run(&run, &unsigned_a, 1, 3);
	run.records[1].state = KL_STORED_MISSING;
	run.records[1].payload = kl_bytes(NULL, 0);
	kl_feed_append(home->batch, &a.feed, NULL, run.records, 3);
	home_commit(home);
	assert_int_equal(head_of(home, &a).certified, 0);
	expect_all(home, &a, "");
	verify(home);

	make_run(&run, &a, 1, 3);
	run.records[1].state = KL_STORED_MISSING;
	run.records[1].payload = kl_bytes(NULL, 0);
	kl_feed_append(home->batch, &a.feed, NULL, run.records, 3);
	home_commit(home);
	assert_int_equal(head_of(home, &a).certified, 3);
	expect_all(home, &a, "1 2? 3* ");

	append(home, &a, 2, 1);
	home_commit(home);
	expect_all(home, &a, "1 2 3* ");
	assert_int_equal(head_of(home, &a).bytes, 3 * (8 + 9) + KL_STORE_SIGNATURE_BYTES);
	verify(home);
}

/* ---- runs ------------------------------------------------------------------------------------ */

static void a_run_ends_at_a_signed_record(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 4);

	append(home, &a, 1, 11);
	home_commit(home);
	expect_run(home, &a, 1, 256, 1 << 20, "1 2 3 4* 5 6 7 8* ");
	expect_run(home, &a, 3, 256, 1 << 20, "3 4* 5 6 7 8* ");
	expect_run(home, &a, 1, 7, 1 << 20, "1 2 3 4* ");
	expect_run(home, &a, 1, 3, 1 << 20, "");
	expect_run(home, &a, 4, 1, 1 << 20, "4* ");
	expect_run(home, &a, 9, 256, 1 << 20, "");
	expect_run(home, &a, 12, 256, 1 << 20, "");
	/* four records and a signature fit, the next four do not */
	expect_run(home, &a, 1, 256, 4 * (8 + 9) + 64, "1 2 3 4* ");
	expect_run(home, &a, 1, 256, 4 * (8 + 9) + 63, "");
	expect_run(home, &a, 1, 256, 8 * (8 + 9) + 2 * 64 - 1, "1 2 3 4* ");
	append(home, &a, 12, 1);
	home_commit(home);
	expect_run(home, &a, 9, 256, 1 << 20, "9 10 11 12* ");
}

static int stop_at_two(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *record)
{
	list(arg, feed, record);
	return record->seq == 2 ? KL_VISIT_STOP : KL_VISIT_ON;
}

static int refuse(void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *record)
{
	(void)arg;
	(void)feed;
	(void)record;
	return KL_E_DENIED;
}

static void a_visit_can_be_ended(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 1);
	char out[64] = "";

	append(home, &a, 1, 5);
	home_commit(home);
	assert_rc(kl_feed_visit(home->store, &a.feed, 1, stop_at_two, out), KL_OK);
	assert_string_equal(out, "1* 2* ");
	assert_rc(kl_feed_visit(home->store, &a.feed, 1, refuse, NULL), KL_E_DENIED);
	assert_rc(kl_feed_get(home->store, &a.feed, 1, refuse, NULL), KL_E_DENIED);
}

static int list_head(void *arg, const struct kl_feed_head *head)
{
	char *out = arg;

	sprintf(out + strlen(out), "%u.%u:%u ", (unsigned)head->feed.author.b[0],
		(unsigned)head->feed.epoch, (unsigned)head->seq);
	return KL_VISIT_ON;
}

static void heads_come_in_order(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 1), b = author(2, 1), reset = author(1, 1);
	char out[64] = "";

	reset.feed.epoch = 2;
	append(home, &b, 1, 3);
	append(home, &reset, 1, 1);
	append(home, &a, 1, 2);
	home_commit(home);
	assert_rc(kl_feed_visit_heads(home->store, list_head, out), KL_OK);
	assert_string_equal(out, "1.1:2 1.2:1 2.1:3 ");
	expect_all(home, &a, "1* 2* ");
	expect_all(home, &reset, "1* ");
}

/* ---- forks ----------------------------------------------------------------------------------- */

static void a_forked_feed_freezes_before_the_fork(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 3);
	struct kl_conflict conflict;
	uint8_t *proof;
	uint64_t seq;
	size_t len;

	append(home, &a, 1, 6);
	home_commit(home);
	kl_feed_freeze(home->batch, &a.feed, 5, kl_bytes_str("two signatures"));
	home_commit(home);
	assert_int_equal(head_of(home, &a).contested, 5);
	expect_all(home, &a, "1 2 3* 4 ");
	expect_run(home, &a, 1, 256, 1 << 20, "1 2 3* ");
	append(home, &a, 7, 1);
	conflict = conflict_of(home);
	assert_int_equal(conflict.kind, KL_CONFLICT_FROZEN);
	assert_int_equal(conflict.seq, 5);
	verify(home);

	/* a proof for an earlier place counts, one for a later does not */
	kl_feed_freeze(home->batch, &a.feed, 6, kl_bytes_str("later"));
	home_commit(home);
	assert_int_equal(head_of(home, &a).contested, 5);
	kl_feed_freeze(home->batch, &a.feed, 2, kl_bytes_str("earlier"));
	home_commit(home);
	assert_rc(kl_feed_fork(home->store, &a.feed, &seq, &proof, &len), KL_OK);
	assert_int_equal(seq, 2);
	assert_int_equal(len, 7);
	assert_memory_equal(proof, "earlier", 7);
	free(proof);
	expect_all(home, &a, "1 ");
	verify(home);
}

/* Who knows of the fork before having the records still catches up to the last common one. */
static void a_frozen_feed_is_caught_up_with(void **state)
{
	struct home *home = *state;
	struct source a = author(1, 2);
	struct kl_conflict conflict;
	uint8_t *proof;
	uint64_t seq;
	size_t len;

	assert_rc(kl_feed_fork(home->store, &a.feed, &seq, &proof, &len), KL_E_NOT_FOUND);
	kl_feed_freeze(home->batch, &a.feed, 5, kl_bytes_str("two signatures"));
	home_commit(home);
	verify(home);
	append(home, &a, 1, 4);
	home_commit(home);
	expect_all(home, &a, "1 2* 3 4* ");
	append(home, &a, 5, 2);
	conflict = conflict_of(home);
	assert_int_equal(conflict.kind, KL_CONFLICT_FROZEN);
	assert_int_equal(head_of(home, &a).seq, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(a_feed_grows_at_its_head),
		home_test(a_record_is_found_by_place_and_by_id),
		home_test(what_is_already_there_is_kept),
		home_test(a_gap_is_refused),
		home_test(another_record_at_the_same_place_is_a_conflict),
		home_test(a_conflict_takes_the_whole_commit_along),
		home_test(limits_of_records),
		home_test(an_erased_payload_stays_erased),
		home_test(what_was_missing_can_come_later),
		home_test(a_run_ends_at_a_signed_record),
		home_test(a_visit_can_be_ended),
		home_test(heads_come_in_order),
		home_test(a_forked_feed_freezes_before_the_fork),
		home_test(a_frozen_feed_is_caught_up_with),
	};

	return RUN(tests);
}
