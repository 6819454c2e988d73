#include "store/arrivals.h"
#include "store/documents.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>

static const struct kl_feed_id feed = {.author = {{7}}, .epoch = 1};
static const uint8_t signature[KL_STORE_SIGNATURE_BYTES] = "signed";

static struct kl_id id_of(uint64_t seq)
{
	struct kl_id id = {{7}};

	kl_put_u64(id.b + 8, seq);
	return id;
}

/* Puts records from..from+n-1 into the batch. */
static void append(struct home *home, uint64_t from, size_t n)
{
	for (uint64_t seq = from; seq < from + n; seq++) {
		struct kl_id prev = id_of(seq - 1);
		char payload[32];
		struct kl_stored_record record = {
			.seq = seq,
			.id = id_of(seq),
			.header = kl_bytes_str("header"),
			.signature = signature,
			.state = KL_STORED_HERE,
		};

		snprintf(payload, sizeof payload, "payload %u", (unsigned)seq);
		record.payload = kl_bytes_str(payload);
		assert_rc(kl_feed_append(home->batch, &feed, &prev, &record, 1), KL_OK);
	}
}

static void give(struct home *home, uint64_t seq)
{
	assert_rc(kl_arrival_give(home->batch, &feed, seq), KL_OK);
}

static uint64_t last(struct home *home)
{
	uint64_t arrival = 77;

	assert_rc(kl_arrival_last(home->store, &arrival), KL_OK);
	return arrival;
}

static uint64_t of(struct home *home, uint64_t seq)
{
	uint64_t arrival = 77;

	assert_rc(kl_arrival_of(home->store, &feed, seq, &arrival), KL_OK);
	return arrival;
}

static void verify(struct home *home, int expected)
{
	struct kl_verify_report report;

	home_close(home);
	assert_rc(kl_store_verify(home->dir, &home->fault, &report), expected);
	home_open(home);
}

static void posts_are_numbered_in_the_order_in_which_they_came(void **state)
{
	struct home *home = *state;
	struct kl_feed_id found;
	uint64_t seq;

	assert_int_equal(last(home), 0);
	append(home, 1, 5);
	give(home, 4);
	give(home, 2);
	home_commit(home);
	assert_int_equal(of(home, 4), 1);
	assert_int_equal(of(home, 2), 2);
	assert_int_equal(last(home), 2);
	assert_rc(kl_arrival_find(home->store, 1, &found, &seq), KL_OK);
	assert_int_equal(seq, 4);
	assert_memory_equal(&found, &feed, sizeof feed);
	assert_rc(kl_arrival_find(home->store, 3, &found, &seq), KL_E_NOT_FOUND);
	assert_rc(kl_arrival_of(home->store, &feed, 1, &seq), KL_E_NOT_FOUND);
	verify(home, KL_OK);
}

static void a_number_is_given_once(void **state)
{
	struct home *home = *state;

	append(home, 1, 2);
	give(home, 1);
	give(home, 1);
	home_commit(home);
	append(home, 1, 3); /* the same again, and one more */
	give(home, 1);
	give(home, 3);
	home_commit(home);
	assert_int_equal(of(home, 1), 1);
	assert_int_equal(of(home, 3), 2);
	verify(home, KL_OK);
}

static void a_commit_that_fails_gives_no_number(void **state)
{
	struct home *home = *state;

	append(home, 1, 1);
	give(home, 1);
	append(home, 7, 1);
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_CONFLICT);
	kl_batch_reset(home->batch);
	assert_int_equal(last(home), 0);
	give(home, 1);
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_NOT_FOUND);
	assert_non_null(strstr(home->fault.message, "record 1 of a feed is not here"));
}

/* An erased record keeps its number: nothing that was told of it is told of another. */
static void a_number_outlives_the_text(void **state)
{
	struct home *home = *state;

	append(home, 1, 2);
	give(home, 1);
	give(home, 2);
	kl_feed_erase(home->batch, &feed, 1);
	home_commit(home);
	assert_int_equal(of(home, 1), 1);
	assert_int_equal(of(home, 2), 2);
	verify(home, KL_OK);
}

static int list(void *arg, uint64_t arrival, const struct kl_feed_id *of_feed, uint64_t seq)
{
	char *out = arg;

	assert_memory_equal(of_feed, &feed, sizeof feed);
	sprintf(out + strlen(out), "%u:%u ", (unsigned)arrival, (unsigned)seq);
	return arrival == 4 ? KL_VISIT_STOP : KL_VISIT_ON;
}

static int list_records(void *arg, uint64_t arrival, const struct kl_feed_id *of_feed,
	const struct kl_stored_record *record)
{
	char *out = arg;

	assert_memory_equal(of_feed, &feed, sizeof feed);
	sprintf(out + strlen(out), "%u:%.*s%s ", (unsigned)arrival, (int)record->payload.len,
		(const char *)record->payload.data,
		record->state == KL_STORED_ERASED ? "erased" : "");
	return arrival == 4 ? KL_VISIT_STOP : KL_VISIT_ON;
}

static void what_came_since_is_visited_in_order(void **state)
{
	struct home *home = *state;
	char out[200] = "";

	append(home, 1, 9);
	for (uint64_t seq = 9; seq > 2; seq--)
		give(home, seq);
	kl_feed_erase(home->batch, &feed, 7);
	home_commit(home);
	assert_rc(kl_arrival_visit(home->store, 2, list, out), KL_OK);
	assert_string_equal(out, "2:8 3:7 4:6 ");
	out[0] = '\0';
	assert_rc(kl_arrival_read(home->store, 2, list_records, out), KL_OK);
	assert_string_equal(out, "2:payload 8 3:erased 4:payload 6 ");
	out[0] = '\0';
	assert_rc(kl_arrival_visit(home->store, 8, list, out), KL_OK);
	assert_string_equal(out, "");
}

static void numbers_that_do_not_hold_together_are_damage(void **state)
{
	struct home *home = *state;
	struct kl_key number;

	append(home, 1, 3);
	for (uint64_t seq = 1; seq <= 3; seq++)
		give(home, seq);
	home_commit(home);
	kl_key_init(&number);
	kl_key_u64(&number, 2);
	kl_batch_delete(home->batch, KL_TABLE_ARRIVALS, kl_key_view(&number));
	home_commit(home);
	verify(home, KL_E_DAMAGED);
	assert_non_null(strstr(home->fault.message, "the numbers of arrivals have gaps"));
}

/* ---- from version 1 -------------------------------------------------------------------------- */

static void a_database_of_version_1_becomes_one_of_version_2(void **state)
{
	struct home *home = *state;
	struct kl_verify_report report;
	uint8_t *bytes;
	size_t len;
	bool owed;

	append(home, 1, 3);
	kl_document_put(home->batch, "note", "n", kl_bytes_str("kept"));
	home_commit(home);
	home_close(home);
	home_make_old(home);
	assert_rc(kl_store_verify(home->dir, &home->fault, &report), KL_OK);

	home_open(home);
	assert_rc(kl_document_get(home->store, "note", "n", 0, &bytes, &len, NULL), KL_OK);
	assert_memory_equal(bytes, "kept", len);
	free(bytes);
	assert_rc(kl_arrivals_owed(home->store, 1, &owed), KL_OK);
	assert_true(owed);
	assert_int_equal(last(home), 0);
	give(home, 2);
	kl_arrivals_settled(home->batch, 1);
	home_commit(home);
	assert_int_equal(of(home, 2), 1);
	verify(home, KL_OK);
	assert_rc(kl_arrivals_owed(home->store, 1, &owed), KL_OK);
	assert_false(owed);
}

static void other_rules_owe_numbers_again(void **state)
{
	struct home *home = *state;
	bool owed;

	for (uint32_t rules = 1; rules <= 3; rules++) {
		assert_rc(kl_arrivals_owed(home->store, rules, &owed), KL_OK);
		assert_true(owed);
		kl_arrivals_settled(home->batch, rules);
		home_commit(home);
		assert_rc(kl_arrivals_owed(home->store, rules, &owed), KL_OK);
		assert_false(owed);
	}
	verify(home, KL_OK);
}

/* To be read through it need not be changed: a damaged one is looked at before it is opened. */
static void an_old_database_is_compacted_as_it_is(void **state)
{
	struct home *home = *state;
	uint64_t before, after;
	bool owed;

	append(home, 1, 3);
	home_commit(home);
	home_close(home);
	home_make_old(home);
	assert_rc(kl_store_compact(home->dir, &home->fault, &before, &after), KL_OK);
	home_open(home);
	assert_rc(kl_arrivals_owed(home->store, 1, &owed), KL_OK);
	assert_true(owed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(posts_are_numbered_in_the_order_in_which_they_came),
		home_test(a_number_is_given_once),
		home_test(a_commit_that_fails_gives_no_number),
		home_test(a_number_outlives_the_text),
		home_test(what_came_since_is_visited_in_order),
		home_test(numbers_that_do_not_hold_together_are_damage),
		home_test(a_database_of_version_1_becomes_one_of_version_2),
		home_test(other_rules_owe_numbers_again),
		home_test(an_old_database_is_compacted_as_it_is),
	};

	return RUN(tests);
}
