/* What a CALL has to be, where its convenor could gain by another one: who is drawn, and from what. */
#include "core/hash.h"
#include "protocol/tally.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

enum { MEMBERS = 8, CONVENOR = 9, NOW_MS = 500000 };

static struct kl_tally_member members[MEMBERS];
static struct kl_tally_roster roster;
static struct kl_tally_call call;
static struct kl_tallies *book;
static struct kl_fault fault;

static struct kl_id id_of(uint8_t byte)
{
	struct kl_id id;

	memset(id.b, byte, sizeof(id.b));
	return id;
}

/* The first `count` of the members, and another hash for each count. */
static void admit(uint16_t count)
{
	roster.count = count;
	roster.hash = id_of((uint8_t)(0x40 + count));
}

/* Each call of a test is about another metric, so that none has to wait for another. */
static void prepare(size_t metric)
{
	kl_tally_call_deinit(&call);
	memset(&call, 0, sizeof(call));
	call.period.kind = KL_PERIOD_YEAR;
	call.period.year = 2016;
	call.metrics = calloc(1, sizeof(*call.metrics));
	assert_non_null(call.metrics);
	kl_metric_at(metric, &call.metrics[0]);
	call.metric_count = 1;
	call.cohort_count = 1; /* everybody */
	call.contribute_ms = 30000;
	call.decide_ms = 20000;
	call.minimum = 5;
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
}

static struct kl_id feed_record(
	const struct kl_id *author, uint32_t kind, uint64_t time_ms, struct kl_writer *w)
{
	struct kl_tally_event event = {
		.kind = KL_TALLY_RECORD, .now_ms = NOW_MS, .wall_ms = NOW_MS};
	struct kl_tally_update update;

	assert_int_equal(kl_writer_bytes(w, &event.u.record.payload), KL_OK);
	kl_blake2b(event.u.record.payload, &event.u.record.payload_hash);
	event.u.record.author = *author;
	event.u.record.id = event.u.record.payload_hash;
	event.u.record.kind = kind;
	event.u.record.time_ms = time_ms;
	event.u.record.roster = &roster;
	assert_int_equal(kl_tallies_step(book, &event, &fault, &update), KL_OK);
	kl_writer_deinit(w);
	return event.u.record.id;
}

static struct kl_tally_view feed_at(uint64_t time_ms)
{
	struct kl_tally_view view;
	struct kl_writer w;
	struct kl_id tally;

	kl_writer_init(&w);
	kl_tally_call_write(&w, &call);
	tally = feed_record(&roster.convenor, KL_KIND_TALLY_CALL, time_ms, &w);
	assert_int_equal(kl_tallies_view(book, &tally, &view), KL_OK);
	return view;
}

static struct kl_tally_view feed(void)
{
	return feed_at(NOW_MS);
}

static void feed_close_as(uint8_t author, const struct kl_id *tally, enum kl_close_outcome outcome)
{
	struct kl_tally_close close = {.tally = *tally, .outcome = outcome};
	struct kl_id id = id_of(author);
	struct kl_writer w;

	if (outcome == KL_CLOSE_RESULT)
		close.result = id_of(0x72);
	kl_writer_init(&w);
	kl_tally_close_write(&w, &close);
	feed_record(&id, KL_KIND_TALLY_CLOSE, NOW_MS, &w);
}

static void feed_close(uint8_t author, const struct kl_id *tally)
{
	feed_close_as(author, tally, KL_CLOSE_RESULT);
}

/* All seats say that they shall never vote. */
static void feed_quits(const struct kl_tally_view *view)
{
	const struct kl_committee committee = view->committee;
	const struct kl_id tally = view->id;
	struct kl_id seats[KL_SEATS_MAX];

	for (unsigned j = 0; j < committee.n; j++)
		seats[j] = view->seats[j].member;
	for (unsigned j = 0; j < committee.n; j++) {
		struct kl_tally_quit quit = {.tally = tally, .seat = (uint8_t)(j + 1)};
		struct kl_writer w;

		kl_writer_init(&w);
		kl_tally_quit_write(&w, &quit);
		feed_record(&seats[j], KL_KIND_TALLY_QUIT, NOW_MS, &w);
	}
}

static bool sits(const struct kl_tally_view *view, uint8_t member)
{
	struct kl_id id = id_of(member);

	for (unsigned j = 0; j < view->committee.n; j++) {
		if (kl_id_equal(&view->seats[j].member, &id))
			return true;
	}
	return false;
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
	roster = (struct kl_tally_roster){
		.convenor = id_of(CONVENOR), .minimum = 5, .members = members};
	assert_int_equal(kl_tallies_new(&options, &book), KL_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kl_tallies_destroy(book);
	kl_tally_call_deinit(&call);
	memset(&call, 0, sizeof(call));
	return 0;
}

/* A convenor that sees the result on which a draw rests could admit whom it would favour. */
static void who_joined_since_the_call_before_does_not_sit(void **state)
{
	struct kl_tally_view view;

	(void)state;
	admit(6);
	prepare(0);
	assert_int_equal(feed().gate, KL_GATE_OPEN);
	admit(8);
	prepare(1);
	view = feed();
	assert_int_equal(view.gate, KL_GATE_OPEN);
	assert_int_equal(view.committee.n, 6);
	assert_false(sits(&view, 7) || sits(&view, 8));
	prepare(2);
	assert_int_equal(feed().committee.n, 7); /* now they were there */
}

static void the_convenor_holds_no_seat(void **state)
{
	struct kl_tally_view view;

	(void)state;
	roster.convenor = id_of(3); /* itself a council or anchor */
	admit(7);
	prepare(0);
	view = feed();
	assert_int_equal(view.committee.n, 6);
	assert_false(sits(&view, 3));
}

static void a_call_names_the_one_before(void **state)
{
	(void)state;
	admit(6);
	prepare(0);
	feed();
	prepare(1);
	call.previous_call = id_of(0x70);
	assert_int_equal(feed().gate, KL_GATE_INVALID);
	call.has_previous = false;
	assert_int_equal(feed().gate, KL_GATE_INVALID);
	prepare(1); /* neither of these counts as the one before */
	assert_int_equal(feed().gate, KL_GATE_OPEN);
}

/* Else the convenor could choose among all results, until the draw suits it. */
static void a_call_names_the_last_result(void **state)
{
	struct kl_tally_view view;

	(void)state;
	admit(6);
	prepare(0);
	call.previous_result = id_of(0x71);
	view = feed();
	assert_int_equal(view.gate, KL_GATE_INVALID);
	assert_string_equal(view.why, "it does not name the last result that the convenor closed");
}

/* The next draw rests on it: whoever could close could choose a committee. */
static void only_the_convenor_closes(void **state)
{
	const struct kl_id result = id_of(0x72);
	struct kl_tally_view view;

	(void)state;
	admit(6);
	prepare(0);
	view = feed();
	feed_close(2, &view.id);
	prepare(1);
	assert_true(kl_id_is_zero(&call.previous_result));
	feed_close(CONVENOR, &view.id);
	prepare(1);
	assert_true(kl_id_equal(&call.previous_result, &result));
}

/* A convenor's clock that runs ahead does not keep the windows of everybody else open. */
static void windows_begin_when_the_call_comes_at_the_latest(void **state)
{
	(void)state;
	admit(6);
	prepare(0);
	assert_int_equal(feed_at(NOW_MS + 7 * 24 * 3600 * 1000).called_ms, NOW_MS);
	prepare(1);
	assert_int_equal(feed_at(NOW_MS - 1000).called_ms, NOW_MS - 1000);
}

/* Who is counted in the next call follows from what the convenor had closed as failed before it. */
static void the_convenor_says_that_a_tally_failed_before_it_calls_again(void **state)
{
	struct kl_tallies_options options = {.own = id_of(CONVENOR)};
	struct kl_tally_view view;

	(void)state;
	kl_tallies_destroy(book);
	assert_int_equal(kl_tallies_new(&options, &book), KL_OK);
	admit(6);
	prepare(0);
	view = feed();
	feed_quits(&view);
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_E_BUSY);
	assert_non_null(strstr(fault.message, "call again in a moment"));
	feed_close_as(CONVENOR, &view.id, KL_CLOSE_FAILED);
	prepare(0);
	assert_int_equal(call.tries, 1);
}

/* Sixteen bins at the coarse level would show five members as finely as thirty. */
static void bins_are_those_of_the_catalogue(void **state)
{
	struct kl_tally_view view;

	(void)state;
	admit(6);
	prepare(0);
	kl_metric_at(11, &call.metrics[0]); /* lm3.score */
	call.metrics[0].edges[3]++;
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_E_DENIED);
	assert_string_equal(
		fault.message, "it divides lm3.score into other bins than the catalogue does");
	prepare(11);
	call.metrics[0].mids[call.metrics[0].bins - 1]++; /* the open end, which no edges give */
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_E_DENIED);
	assert_non_null(strstr(fault.message, "other middles of the bins of lm3.score"));
	prepare(11);
	memcpy(call.metrics[0].runs[KL_LEVEL_COARSE], call.metrics[0].runs[KL_LEVEL_FINE],
		sizeof(call.metrics[0].runs[KL_LEVEL_FINE]));
	memcpy(call.metrics[0].runs[KL_LEVEL_MIDDLE], call.metrics[0].runs[KL_LEVEL_FINE],
		sizeof(call.metrics[0].runs[KL_LEVEL_FINE]));
	memset(call.metrics[0].level_bins, 16, sizeof(call.metrics[0].level_bins));
	assert_int_equal(kl_metric_check(&call.metrics[0], &fault), KL_OK);
	kl_tally_call_hashes(&call, &call.schema, &call.policy);
	view = feed();
	assert_int_equal(view.gate, KL_GATE_INVALID);
	assert_string_equal(
		view.why, "it divides lm3.score into other bins than the catalogue does");
	strcpy(call.metrics[0].code, "of.later");
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_E_DENIED);
	assert_non_null(strstr(fault.message, "of.later would be shown more finely"));
	kl_metric_complete(&call.metrics[0]);
	assert_int_equal(kl_tallies_prepare(book, &roster, &call, &fault), KL_OK);
	assert_int_equal(feed().gate, KL_GATE_OPEN); /* a later program may know more questions */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_joined_since_the_call_before_does_not_sit),
		TEST(the_convenor_holds_no_seat),
		TEST(a_call_names_the_one_before),
		TEST(a_call_names_the_last_result),
		TEST(only_the_convenor_closes),
		TEST(windows_begin_when_the_call_comes_at_the_latest),
		TEST(the_convenor_says_that_a_tally_failed_before_it_calls_again),
		TEST(bins_are_those_of_the_catalogue),
	};

	return RUN(tests);
}
