/* What one question is: a metric by its code, and a period. Whatever it is called in a CALL, and whatever
 * else is counted with it, it is not counted twice, and whoever answered it gives the same answer. */
#include "core/hash.h"
#include "protocol/tally.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

enum { MEMBERS = 5 };

static struct kl_tally_member members[MEMBERS];
static struct kl_tally_roster roster;
static struct kl_tally_call call;
static struct kl_tallies *book;
static struct kl_id call_id;
static struct kl_fault fault;

static struct kl_id id_of(uint8_t byte)
{
	struct kl_id id;

	memset(id.b, byte, sizeof(id.b));
	return id;
}

static void step(struct kl_tally_event event)
{
	struct kl_tally_update update;

	event.now_ms = event.wall_ms = 5000;
	event.tally = call_id;
	assert_int_equal(kl_tallies_step(book, &event, &fault, &update), KL_OK);
}

static void feed_call(void)
{
	struct kl_tally_event event = {.kind = KL_TALLY_RECORD};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_call_write(&w, &call);
	assert_int_equal(kl_writer_bytes(&w, &event.u.record.payload), KL_OK);
	kl_blake2b(event.u.record.payload, &call_id);
	event.u.record.author = roster.convenor;
	event.u.record.id = event.u.record.payload_hash = call_id;
	event.u.record.kind = KL_KIND_TALLY_CALL;
	event.u.record.time_ms = 5000;
	event.u.record.roster = &roster;
	step(event);
	kl_writer_deinit(&w);
}

static int set_up(void **state)
{
	struct kl_tallies_options options = {.own = id_of(1)};

	(void)state;
	memset(members, 0, sizeof(members));
	for (int i = 0; i < MEMBERS; i++) {
		members[i].id = members[i].control = id_of((uint8_t)(i + 1));
		members[i].verified = members[i].offers_seat = true;
	}
	roster = (struct kl_tally_roster){.hash = id_of(7),
		.convenor = id_of(9),
		.minimum = 5,
		.members = members,
		.count = MEMBERS};
	memset(&call, 0, sizeof(call));
	call.period.kind = KL_PERIOD_YEAR;
	call.period.year = 2016;
	call.metrics = calloc(1, sizeof(*call.metrics));
	assert_non_null(call.metrics);
	kl_metric_at(0, &call.metrics[0]);
	call.metric_count = 1;
	call.cohort_count = 1; /* everybody */
	call.contribute_ms = 30000;
	call.decide_ms = 20000;
	call.minimum = 5;
	assert_int_equal(kl_tallies_new(&options, &book), KL_OK);
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
	feed_call();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kl_tallies_destroy(book);
	kl_tally_call_deinit(&call);
	return 0;
}

static void rename_metric(void)
{
	strcpy(call.metrics[0].name, "The same under another name");
}

static void a_new_name_is_no_new_question(void **state)
{
	(void)state;
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_E_BUSY);
	rename_metric();
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_E_BUSY);
	assert_non_null(strstr(fault.message, "has not ended"));
}

static void another_question_by_the_same_name_may_be_asked(void **state)
{
	char name[KL_METRIC_NAME_MAX];

	(void)state;
	memcpy(name, call.metrics[0].name, sizeof(name));
	kl_metric_at(1, &call.metrics[0]);
	memcpy(call.metrics[0].name, name, sizeof(name));
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
}

/* Answers that hardly change are about the same in the next year: two tallies side by side could not
 * count each other. */
static void the_next_year_waits_if_answers_hardly_change(void **state)
{
	(void)state;
	call.period.year++;
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_E_BUSY);
	call.period.year++;
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
}

static void an_answer_stays_whatever_the_question_is_called(void **state)
{
	const int16_t three = 3;
	int16_t bins[1] = {7};
	struct kl_id from[1], first = call_id;
	struct kl_tally_event event = {
		.kind = KL_TALLY_ANSWERS, .u.answers = {.bins = &three, .count = 1}};

	(void)state;
	step(event);
	rename_metric();
	assert_int_equal(kl_tally_call_hashes(&call, &call.schema, &call.policy), KL_OK);
	call.has_previous = true;
	call.previous_call = call_id;
	feed_call();
	assert_int_equal(kl_tallies_locked(book, &call_id, bins, from), KL_OK);
	assert_int_equal(bins[0], 3);
	assert_memory_equal(from[0].b, first.b, KL_ID_BYTES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_name_is_no_new_question),
		TEST(another_question_by_the_same_name_may_be_asked),
		TEST(the_next_year_waits_if_answers_hardly_change),
		TEST(an_answer_stays_whatever_the_question_is_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
