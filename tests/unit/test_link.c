/* Both ends of the command socket, when both behave: asking, uploads, downloads. */
#include "client/link.h"
#include "core/error.h"
#include "tests/unit/harness.h"
#include "tests/unit/toy_daemon.h"

#include <stdio.h>

/* ---- asking -------------------------------------------------------------------------------- */

static void a_question_gets_its_answer(void **state)
{
	struct server server;
	struct kl_link *link;

	(void)state;
	server_start(&server);
	link = link_to(&server, NULL);
	says(link, "£1,234");
	says(link, "and again over the same connection");
	kl_link_destroy(link);
	server_stop(&server);
}

static void a_refusal_says_why_and_what_to_do(void **state)
{
	struct kl_value answer = {.count = 77};
	struct kl_fault fault;
	struct server server;
	struct kl_link *link;

	(void)state;
	server_start(&server);
	link = link_to(&server, NULL);
	assert_int_equal(kl_link_ask(link, "echo", nothing, &fault, &answer), KL_E_USAGE);
	assert_string_equal(fault.message, "what shall be said?");
	assert_string_equal(fault.hint, "say something");
	assert_int_equal(kl_link_ask(link, "bare code", nothing, &fault, &answer), KL_E_NOT_FOUND);
	assert_string_equal(fault.message, "bare code: not found");
	assert_int_equal(kl_link_ask(link, "dance", nothing, &fault, &answer), KL_E_USAGE);
	assert_string_equal(fault.message, "the daemon has no command dance");
	assert_int_equal(answer.count, 77);
	says(link, "still here");
	kl_link_destroy(link);
	server_stop(&server);
}

static void a_faulty_command_is_named(void **state)
{
	struct kl_value answer;
	struct kl_fault fault;
	struct server server;
	struct kl_link *link;

	(void)state;
	server_start(&server);
	link = link_to(&server, NULL);
	assert_int_equal(kl_link_ask(link, "no answer", nothing, &fault, &answer), KL_E_BUG);
	assert_string_equal(fault.message, "no answer gave no answer");
	assert_int_equal(kl_link_ask(link, "half answer", nothing, &fault, &answer), KL_E_BUG);
	assert_int_equal(kl_link_ask(link, "spare answer", nothing, &fault, &answer), KL_E_BUG);
	assert_non_null(strstr(fault.message, "spare answer wrote no answer"));
	assert_int_equal(kl_link_ask(link, "crooked answer", nothing, &fault, &answer), KL_E_BUG);
	assert_int_equal(kl_link_ask(link, "big", nothing, &fault, &answer), KL_E_TOO_BIG);
	assert_non_null(strstr(fault.message, "262144"));
	kl_link_destroy(link);
	server_stop(&server);
}

struct told {
	unsigned times;
	uint64_t done, total;
	char what[64];
};

static void note_progress(void *data, uint64_t done, uint64_t total, const char *what)
{
	struct told *told = data;

	told->times++;
	told->done = done;
	told->total = total;
	kl_copy_text(told->what, sizeof told->what, what);
}

static void a_long_answer_is_announced(void **state)
{
	struct told told = {0};
	struct kl_link_options options = {.progress = note_progress, .data = &told};
	struct kl_value answer;
	struct kl_fault fault;
	struct server server;
	struct kl_link *link;
	uint64_t steps;

	(void)state;
	server_start(&server);
	link = link_to(&server, &options);
	assert_int_equal(kl_link_ask(link, "late", nothing, &fault, &answer), 0);
	assert_int_equal(kl_get_uint(&answer, "steps", 100, &steps), 0);
	assert_int_equal(steps, 3);
	assert_true(told.times >= 1);
	assert_int_equal(told.total, 3);
	assert_string_equal(told.what, "thinking");
	kl_link_destroy(link);
	server_stop(&server);
}

/* ---- uploads and downloads ----------------------------------------------------------------- */

enum { PARTS = 1000, ROWS = 50 };

struct source {
	unsigned parts, sent, bad_at, fail_at; /* 0: never */
};

static int next_part(void *data, struct kl_writer *rows, struct kl_fault *fault)
{
	struct source *source = data;

	if (source->sent == source->parts)
		return 0;
	source->sent++;
	if (source->sent == source->fail_at)
		return kl_fault(fault, KL_E_IO, "the file ended too soon");
	kl_write_array(rows, ROWS);
	for (unsigned i = 0; i < ROWS; i++)
		kl_write_uint(rows, source->sent == source->bad_at && i == 7 ? 666 : 5);
	return 1;
}

static int upload(struct kl_link *link, struct source *source, struct kl_fault *fault,
	struct kl_value *answer)
{
	return kl_link_upload(
		link, "upload", nothing, next_part, source, source->parts, "rows", fault, answer);
}

static void an_upload_of_a_thousand_parts(void **state)
{
	struct source source = {.parts = PARTS};
	struct told told = {0};
	struct kl_link_options options = {.progress = note_progress, .data = &told};
	struct kl_value answer;
	struct kl_fault fault;
	struct server server;
	struct kl_link *link;
	uint64_t rows;

	(void)state;
	server_start(&server);
	link = link_to(&server, &options);
	if (upload(link, &source, &fault, &answer))
		fail_msg("%s", fault.message);
	assert_int_equal(kl_get_uint(&answer, "rows", 1u << 30, &rows), 0);
	assert_int_equal(rows, PARTS * ROWS);
	assert_int_equal(told.done, PARTS);
	assert_int_equal(told.total, PARTS);
	source = (struct source){0}; /* none at all is an upload, too */
	assert_int_equal(upload(link, &source, &fault, &answer), 0);
	kl_link_destroy(link);
	server_stop(&server);
	assert_int_equal(server.parts, PARTS);
	assert_int_equal(server.ends, 2);
	assert_int_equal(server.aborts, 0);
}

static void a_bad_row_ends_the_upload_with_its_number(void **state)
{
	struct source source = {.parts = 100, .bad_at = 20};
	struct kl_value answer;
	struct kl_fault fault;
	struct server server;
	struct kl_link *link;

	(void)state;
	server_start(&server);
	link = link_to(&server, NULL);
	assert_int_equal(upload(link, &source, &fault, &answer), KL_E_INVALID);
	assert_string_equal(fault.message, "row 958: bad number");
	assert_true(source.sent < 20 + KL_CONTROL_CREDITS + 1); /* never beyond its credit */
	says(link, "what was on its way is forgotten");
	kl_link_destroy(link);
	server_stop(&server);
	assert_int_equal(server.aborts, 1);
	assert_int_equal(server.ends, 0);
}

static void an_upload_can_be_given_up(void **state)
{
	struct source source = {.parts = 100, .fail_at = 3};
	struct kl_value answer;
	struct kl_fault fault;
	struct server server;
	struct kl_link *link;

	(void)state;
	server_start(&server);
	link = link_to(&server, NULL);
	assert_int_equal(upload(link, &source, &fault, &answer), KL_E_IO);
	assert_string_equal(fault.message, "the file ended too soon");
	says(link, "free for the next at once");
	kl_link_destroy(link);
	server_stop(&server);
	assert_int_equal(server.aborts, 1);
}

struct taken {
	unsigned parts, stop_at;
};

static int take_part(void *data, const struct kl_value *rows, struct kl_fault *fault)
{
	struct taken *taken = data;
	struct kl_cursor cursor = kl_cursor(rows);
	struct kl_value item;
	uint64_t number = 99;

	if (!kl_cursor_next(&cursor, &item) || kl_value_uint(&item, 100, &number) ||
		number != taken->parts)
		return kl_fault(fault, KL_E_MALFORMED, "not the part that was expected");
	taken->parts++;
	if (taken->parts == taken->stop_at)
		return kl_fault(fault, KL_E_FULL, "no space left");
	return 0;
}

static void a_download_comes_part_by_part(void **state)
{
	struct taken taken = {0};
	struct kl_value answer;
	struct kl_fault fault;
	struct server server;
	struct kl_link *link;

	(void)state;
	server_start(&server);
	link = link_to(&server, NULL);
	if (kl_link_download(link, "download", nothing, take_part, &taken, &fault, &answer))
		fail_msg("%s", fault.message);
	assert_int_equal(taken.parts, 20);
	kl_link_destroy(link);
	server_stop(&server);
	assert_int_equal(server.aborts, 0);

	server_start(&server);
	link = link_to(&server, NULL);
	taken = (struct taken){.stop_at = 3};
	assert_int_equal(
		kl_link_download(link, "download", nothing, take_part, &taken, &fault, &answer),
		KL_E_FULL);
	says(link, "free for the next at once");
	kl_link_destroy(link);
	server_stop(&server);
	assert_int_equal(server.aborts, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_gets_its_answer),
		cmocka_unit_test(a_refusal_says_why_and_what_to_do),
		cmocka_unit_test(a_faulty_command_is_named),
		cmocka_unit_test(a_long_answer_is_announced),
		cmocka_unit_test(an_upload_of_a_thousand_parts),
		cmocka_unit_test(a_bad_row_ends_the_upload_with_its_number),
		cmocka_unit_test(an_upload_can_be_given_up),
		cmocka_unit_test(a_download_comes_part_by_part),
	};

	return RUN(tests);
}
