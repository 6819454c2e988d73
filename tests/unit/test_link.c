/* The command socket from both ends: daemon/control with a toy table of commands in a thread,
 * client/link against it, over real sockets. */
#include "client/link.h"
#include "client/pack.h"
#include "core/error.h"
#include "daemon/control.h"
#include "tests/unit/harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

static const uint8_t no_args[] = {0x80};
static const struct kl_bytes nothing = {no_args, sizeof no_args};

/* ---- the toy daemon ------------------------------------------------------------------------ */

/* Counters belong to the daemon's thread until it has ended. */
struct server {
	char folder[64], path[512];
	void *zmq;
	uv_loop_t uv;
	struct kl_zloop zloop;
	struct kl_control *control;
	uv_async_t stop;
	pthread_t thread;
	unsigned parts, rows, aborts, ends;
	bool closed;
};

static int run_echo(void *node, struct kl_ask *ask)
{
	char text[64];

	(void)node;
	if (kl_get_text(&ask->args, "text", text, sizeof text)) {
		kl_fault(&ask->fault, KL_E_USAGE, "what shall be said?");
		return kl_fault_hint(&ask->fault, "say something");
	}
	kl_write_map(&ask->out, 1);
	kl_put_text(&ask->out, "said", text);
	return kl_ask_answer(ask);
}

static int run_bare_code(void *node, struct kl_ask *ask)
{
	(void)node;
	(void)ask;
	return KL_E_NOT_FOUND;
}

static int run_no_answer(void *node, struct kl_ask *ask)
{
	(void)node;
	(void)ask;
	return 0;
}

static int run_half_answer(void *node, struct kl_ask *ask)
{
	(void)node;
	kl_write_map(&ask->out, 2);
	kl_put_text(&ask->out, "only", "one pair of two");
	return kl_ask_answer(ask);
}

static int run_big(void *node, struct kl_ask *ask)
{
	static const uint8_t zeros[KL_CONTROL_BODY_MAX];

	(void)node;
	kl_write_map(&ask->out, 1);
	kl_put_bin(&ask->out, "zeros", kl_bytes(zeros, sizeof zeros));
	return kl_ask_answer(ask);
}

static void count_abort(struct kl_ask *ask, void *data)
{
	(void)ask;
	((struct server *)data)->aborts++;
}

static int run_hang(void *node, struct kl_ask *ask)
{
	static const struct kl_ask_hooks hooks = {.abort = count_abort};

	return kl_ask_later(ask, &hooks, node);
}

/* Answers later, from a timer. */
struct late {
	uv_timer_t timer;
	struct kl_ask *ask;
	unsigned steps;
};

static void free_late(uv_handle_t *timer)
{
	free(timer->data);
}

static void on_late(uv_timer_t *timer)
{
	struct late *late = timer->data;

	if (++late->steps < 3) {
		kl_ask_progress(late->ask, late->steps, 3, "thinking");
		return;
	}
	kl_write_map(&late->ask->out, 1);
	kl_put_uint(&late->ask->out, "steps", late->steps);
	kl_ask_answer(late->ask);
	uv_close((uv_handle_t *)timer, free_late);
}

static void abort_late(struct kl_ask *ask, void *data)
{
	struct late *late = data;

	(void)ask;
	uv_close((uv_handle_t *)&late->timer, free_late);
}

static int run_late(void *node, struct kl_ask *ask)
{
	static const struct kl_ask_hooks hooks = {.abort = abort_late};
	struct server *server = node;
	struct late *late = calloc(1, sizeof *late);

	if (!late)
		return KL_E_NOMEM;
	uv_timer_init(&server->uv, &late->timer);
	late->timer.data = late;
	late->ask = ask;
	uv_timer_start(&late->timer, on_late, 5, 5);
	return kl_ask_later(ask, &hooks, late);
}

/* Counts what arrives; a part that holds the number 666 is bad. */
static int upload_part(struct kl_ask *ask, void *data, const struct kl_value *rows)
{
	struct server *server = data;
	struct kl_cursor cursor = kl_cursor(rows);
	struct kl_value item;
	uint64_t number;

	while (kl_cursor_next(&cursor, &item)) {
		if (kl_value_uint(&item, UINT32_MAX, &number))
			return KL_E_MALFORMED;
		if (number == 666)
			return kl_fault(
				&ask->fault, KL_E_INVALID, "row %u: bad number", server->rows + 1);
		server->rows++;
	}
	server->parts++;
	return 0;
}

static int upload_end(struct kl_ask *ask, void *data)
{
	struct server *server = data;

	server->ends++;
	kl_write_map(&ask->out, 2);
	kl_put_uint(&ask->out, "parts", server->parts);
	kl_put_uint(&ask->out, "rows", server->rows);
	return kl_ask_answer(ask);
}

static int run_upload(void *node, struct kl_ask *ask)
{
	static const struct kl_ask_hooks hooks = {
		.part = upload_part, .end = upload_end, .abort = count_abort};

	return kl_ask_upload(ask, &hooks, node);
}

static int download_more(struct kl_ask *ask, void *data)
{
	struct server *server = data;

	if (server->parts == 20) {
		kl_write_map(&ask->out, 1);
		kl_put_uint(&ask->out, "parts", server->parts);
		return kl_ask_answer(ask);
	}
	kl_write_array(&ask->out, 1);
	kl_write_uint(&ask->out, server->parts++);
	return kl_ask_part(ask);
}

static int run_download(void *node, struct kl_ask *ask)
{
	static const struct kl_ask_hooks hooks = {.more = download_more, .abort = count_abort};

	kl_ask_later(ask, &hooks, node);
	return download_more(ask, node);
}

static void on_control_closed(void *data)
{
	((struct server *)data)->closed = true;
}

static void close_server(struct server *server)
{
	kl_control_close(server->control, on_control_closed, server);
	uv_close((uv_handle_t *)&server->stop, NULL);
}

/* The answer is on its way only when the daemon is already closing. */
static int run_last_words(void *node, struct kl_ask *ask)
{
	static const uint8_t zeros[KL_CONTROL_BODY_MAX - 64];
	struct server *server = node;

	kl_write_map(&ask->out, 1);
	kl_put_bin(&ask->out, "zeros", kl_bytes(zeros, sizeof zeros));
	kl_ask_answer(ask);
	close_server(server);
	return 0;
}

static const struct kl_command_handler toys[] = {
	{"echo", run_echo},
	{"bare code", run_bare_code},
	{"no answer", run_no_answer},
	{"half answer", run_half_answer},
	{"big", run_big},
	{"hang", run_hang},
	{"late", run_late},
	{"upload", run_upload},
	{"download", run_download},
	{"last words", run_last_words},
};

static void on_stop(uv_async_t *stop)
{
	close_server(stop->data);
}

static void *serve(void *data)
{
	uv_run(&((struct server *)data)->uv, UV_RUN_DEFAULT);
	return NULL;
}

static void server_start_at(struct server *server, uint64_t silence_ms)
{
	struct kl_control_options options = {.path = server->path,
		.commands = toys,
		.command_count = sizeof toys / sizeof *toys,
		.node = server,
		.silence_ms = silence_ms};
	struct kl_fault fault;

	server->zmq = zmq_ctx_new();
	assert_int_equal(uv_loop_init(&server->uv), 0);
	kl_zloop_init(&server->zloop, &server->uv);
	uv_async_init(&server->uv, &server->stop, on_stop);
	server->stop.data = server;
	if (kl_control_new(&server->zloop, server->zmq, &options, &fault, &server->control))
		fail_msg("%s", fault.message);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void make_folder(struct server *server)
{
	memset(server, 0, sizeof *server);
	strcpy(server->folder, "/tmp/keeplocal-link-XXXXXX");
	assert_non_null(mkdtemp(server->folder));
	snprintf(server->path, sizeof server->path, "%s/control", server->folder);
}

static void server_start(struct server *server)
{
	make_folder(server);
	server_start_at(server, 0);
}

/* Waits for the thread, whoever told it to end. */
static void server_join(struct server *server)
{
	assert_int_equal(pthread_join(server->thread, NULL), 0);
	assert_true(server->closed);
	kl_zloop_close(&server->zloop);
	uv_run(&server->uv, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&server->uv), 0);
	assert_int_equal(zmq_ctx_term(server->zmq), 0);
	assert_int_equal(access(server->path, F_OK), -1); /* the socket file is gone */
	rmdir(server->folder);
}

static void server_stop(struct server *server)
{
	uv_async_send(&server->stop);
	server_join(server);
}

static struct kl_link *link_to(const struct server *server, const struct kl_link_options *options)
{
	struct kl_link *link;
	struct kl_fault fault;

	if (kl_link_new(server->path, options, &fault, &link))
		fail_msg("%s", fault.message);
	return link;
}

/* ---- asking -------------------------------------------------------------------------------- */

static void says(struct kl_link *link, const char *text)
{
	struct kl_pack pack;
	struct kl_bytes args;
	struct kl_value answer;
	struct kl_fault fault = {0};
	char said[64];

	kl_pack_init(&pack);
	kl_pack_text(&pack, "text", text);
	assert_int_equal(kl_pack_bytes(&pack, &args), 0);
	if (kl_link_ask(link, "echo", args, &fault, &answer))
		fail_msg("%s", fault.message);
	assert_int_equal(kl_get_text(&answer, "said", said, sizeof said), 0);
	assert_string_equal(said, text);
	kl_pack_deinit(&pack);
}

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

/* ---- rude clients -------------------------------------------------------------------------- */

/* A socket without manners. */
struct rude {
	void *zmq, *socket;
};

static void rude_open(struct rude *rude, const struct server *server)
{
	char endpoint[600];
	int zero = 0, limit = 20000;

	rude->zmq = zmq_ctx_new();
	rude->socket = zmq_socket(rude->zmq, ZMQ_DEALER);
	zmq_setsockopt(rude->socket, ZMQ_LINGER, &zero, sizeof zero);
	zmq_setsockopt(rude->socket, ZMQ_RCVTIMEO, &limit, sizeof limit);
	snprintf(endpoint, sizeof endpoint, "ipc://%s", server->path);
	assert_int_equal(zmq_connect(rude->socket, endpoint), 0);
}

static void rude_close(struct rude *rude)
{
	zmq_close(rude->socket);
	zmq_ctx_term(rude->zmq);
}

static void rude_send(
	struct rude *rude, enum kl_control_kind kind, uint32_t request, const struct kl_writer *w)
{
	struct kl_control_head head;
	struct kl_bytes body = nothing, frames[3];

	if (w)
		assert_int_equal(kl_writer_bytes(w, &body), 0);
	kl_control_frames(&head, kind, request, body, frames);
	for (int i = 0; i < 3; i++)
		assert_true(zmq_send(rude->socket, frames[i].data, frames[i].len,
				    i < 2 ? ZMQ_SNDMORE : 0) >= 0);
}

static void rude_ask(struct rude *rude, const char *command)
{
	struct kl_writer w;

	kl_writer_init(&w);
	kl_control_write_ask(&w, command, nothing);
	rude_send(rude, KL_CONTROL_ASK, 1, &w);
	kl_writer_deinit(&w);
}

/* Kind of the next message; the code when it is a refusal. */
static enum kl_control_kind rude_hear(struct rude *rude, int *ret_code)
{
	uint8_t buffer[3][2048];
	struct kl_bytes frames[3];
	struct kl_control_message message;
	struct kl_fault fault;
	uint32_t request;

	for (int i = 0; i < 3; i++) {
		int n = zmq_recv(rude->socket, buffer[i], sizeof buffer[i], 0);

		if (n < 0)
			fail_msg("nothing was heard");
		frames[i] = kl_bytes(buffer[i], (size_t)n);
	}
	assert_int_equal(kl_control_decode(frames, 3, &fault, &request, &message), 0);
	*ret_code = message.kind == KL_CONTROL_REFUSED ? message.u.refused.code : 0;
	return message.kind;
}

static void junk_is_refused_and_hurts_nobody_else(void **state)
{
	static const char *const junk[][4] = {
		{"", NULL},
		{"\1", NULL},
		{"\1", "\1\1\1\1", NULL},
		{"\1", "\1\1\1\1", "\xdf\xff\xff\xff\xff", NULL},
		{"\7", "\1\1\1\1", "junk", NULL},
		{"\1", "\1\1\1\1", "\x81\xa1v\x09", NULL},
		{"a long first frame", "\1\1\1\1", "\x80", NULL},
	};
	struct server server;
	struct kl_link *link;
	struct rude rude;
	int code;

	(void)state;
	server_start(&server);
	link = link_to(&server, NULL);
	rude_open(&rude, &server);
	for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
		for (int f = 0; junk[i][f]; f++)
			zmq_send(rude.socket, junk[i][f], strlen(junk[i][f]),
				f < 3 && junk[i][f + 1] ? ZMQ_SNDMORE : 0);
		assert_int_equal(rude_hear(&rude, &code), KL_CONTROL_REFUSED);
		assert_true(code == KL_E_MALFORMED || code == KL_E_VERSION);
		says(link, "not my business");
	}
	/* More frames than any message has are dropped in silence, and the next is heard. */
	for (int i = 0; i < 50; i++)
		zmq_send(rude.socket, "x", 1, i < 49 ? ZMQ_SNDMORE : 0);
	rude_send(&rude, KL_CONTROL_PART, 1, NULL);
	assert_int_equal(rude_hear(&rude, &code), KL_CONTROL_REFUSED);
	rude_close(&rude);
	says(link, "gone");
	kl_link_destroy(link);
	server_stop(&server);
}

static void the_seventeenth_client_is_told_so(void **state)
{
	struct rude crowd[KL_CONTROL_CLIENTS];
	struct kl_value answer;
	struct kl_fault fault;
	struct server server;
	struct kl_link *link;
	int code;

	(void)state;
	server_start(&server);
	for (int i = 0; i < KL_CONTROL_CLIENTS; i++) {
		rude_open(&crowd[i], &server);
		rude_ask(&crowd[i], "hang");
		rude_send(&crowd[i], KL_CONTROL_ALIVE, 1, NULL);
		assert_int_equal(rude_hear(&crowd[i], &code), KL_CONTROL_ALIVE);
	}
	link = link_to(&server, NULL);
	assert_int_equal(kl_link_ask(link, "echo", nothing, &fault, &answer), KL_E_BUSY);
	assert_string_equal(fault.message, "16 commands are being served already");
	assert_true(fault.hint[0] != '\0');
	/* One of them asks a second time before its first is answered, and is told, too. */
	rude_ask(&crowd[3], "hang");
	assert_int_equal(rude_hear(&crowd[3], &code), KL_CONTROL_REFUSED);
	assert_int_equal(code, KL_E_BUSY);
	rude_send(&crowd[3], KL_CONTROL_CANCEL, 1, NULL);
	assert_int_equal(rude_hear(&crowd[3], &code), KL_CONTROL_REFUSED);
	says(link, "there is room again");
	kl_link_destroy(link);
	for (int i = 0; i < KL_CONTROL_CLIENTS; i++)
		rude_close(&crowd[i]);
	server_stop(&server);
	assert_int_equal(server.aborts, KL_CONTROL_CLIENTS);
}

static void who_falls_silent_is_dropped(void **state)
{
	struct server server;
	struct rude rude;
	int code;

	(void)state;
	make_folder(&server);
	server_start_at(&server, 100);
	rude_open(&rude, &server);
	rude_ask(&rude, "hang");
	assert_int_equal(rude_hear(&rude, &code), KL_CONTROL_REFUSED);
	assert_int_equal(code, KL_E_TIMEOUT);
	rude_close(&rude);
	server_stop(&server);
	assert_int_equal(server.aborts, 1);
}

/* A client that went away without a word is found out when something is sent to it, or by its
 * silence: either way its place is free again, and the daemon lives. */
static void who_leaves_is_forgotten(void **state)
{
	struct server server;
	struct kl_link *link;
	struct rude rude;
	int code;

	(void)state;
	make_folder(&server);
	server_start_at(&server, 300);
	for (int i = 0; i < 3; i++) {
		rude_open(&rude, &server);
		rude_ask(&rude, i == 0 ? "late" : "hang");
		rude_send(&rude, KL_CONTROL_ALIVE, 1, NULL);
		assert_in_range(rude_hear(&rude, &code), KL_CONTROL_PROGRESS, KL_CONTROL_ALIVE);
		rude_close(&rude);
	}
	link = link_to(&server, NULL);
	says(link, "next, please");
	kl_link_destroy(link);
	server_stop(&server);
	assert_int_equal(server.aborts, 2);
}

/* ---- daemons that are not what they should be ---------------------------------------------- */

/* Only hears, and does what the test says; its thread owns the socket. */
struct mock {
	struct server place;
	void *zmq, *socket;
	pthread_t thread;
	enum { MOCK_LEAVES, MOCK_SILENT, MOCK_AFTER_ALIVE } kind;
	unsigned alive;
};

static void mock_answer(struct mock *mock, const uint8_t *route, size_t len, uint8_t kind)
{
	zmq_send(mock->socket, route, len, ZMQ_SNDMORE);
	zmq_send(mock->socket, &kind, 1, ZMQ_SNDMORE);
	zmq_send(mock->socket, "\1\0\0\0", 4, ZMQ_SNDMORE);
	zmq_send(mock->socket, no_args, 1, 0);
}

static void *mock_run(void *data)
{
	struct mock *mock = data;
	uint8_t frames[4][256];
	int n[4];

	for (;;) {
		for (int i = 0; i < 4; i++)
			n[i] = zmq_recv(mock->socket, frames[i], sizeof frames[i], 0);
		if (n[0] < 0)
			return NULL; /* nobody asks any more */
		if (frames[1][0] == KL_CONTROL_ASK && mock->kind == MOCK_LEAVES) {
			zmq_close(mock->socket);
			mock->socket = NULL;
			unlink(mock->place.path);
			return NULL;
		}
		if (frames[1][0] == KL_CONTROL_ALIVE && mock->kind == MOCK_AFTER_ALIVE) {
			mock->alive++;
			mock_answer(mock, frames[0], (size_t)n[0], KL_CONTROL_ALIVE);
			if (mock->alive == 2)
				mock_answer(mock, frames[0], (size_t)n[0], KL_CONTROL_ANSWER);
		}
	}
}

static int ask_a_mock(int kind, uint64_t silence_ms, struct kl_fault *fault, unsigned *ret_alive)
{
	struct mock mock = {.kind = kind};
	struct kl_link_options options = {.silence_ms = silence_ms};
	struct kl_value answer;
	struct kl_link *link;
	char endpoint[600];
	int zero = 0, limit = 3000, rc;

	make_folder(&mock.place);
	mock.zmq = zmq_ctx_new();
	mock.socket = zmq_socket(mock.zmq, ZMQ_ROUTER);
	zmq_setsockopt(mock.socket, ZMQ_LINGER, &zero, sizeof zero);
	zmq_setsockopt(mock.socket, ZMQ_RCVTIMEO, &limit, sizeof limit);
	snprintf(endpoint, sizeof endpoint, "ipc://%s", mock.place.path);
	assert_int_equal(zmq_bind(mock.socket, endpoint), 0);
	assert_int_equal(pthread_create(&mock.thread, NULL, mock_run, &mock), 0);
	link = link_to(&mock.place, &options);
	rc = kl_link_ask(link, "echo", nothing, fault, &answer);
	kl_link_destroy(link);
	if (kind != MOCK_LEAVES)
		zmq_ctx_shutdown(mock.zmq); /* wakes its thread */
	pthread_join(mock.thread, NULL);
	if (mock.socket)
		zmq_close(mock.socket);
	zmq_ctx_term(mock.zmq);
	unlink(mock.place.path);
	rmdir(mock.place.folder);
	*ret_alive = mock.alive;
	return rc;
}

static void waiting_is_said_aloud(void **state)
{
	struct kl_fault fault = {0};
	unsigned alive;
	int rc = ask_a_mock(MOCK_AFTER_ALIVE, 1000, &fault, &alive);

	(void)state;
	if (rc)
		fail_msg("%s", fault.message);
	assert_int_equal(alive, 2);
}

static void a_daemon_that_dies_is_noticed(void **state)
{
	struct kl_fault fault = {0};
	unsigned alive;

	(void)state;
	/* Far from the thirty seconds of its silence. */
	assert_int_equal(ask_a_mock(MOCK_LEAVES, 0, &fault, &alive), KL_E_UNREACHABLE);
	assert_non_null(strstr(fault.message, "went away"));
}

static void a_daemon_that_says_nothing_is_given_up(void **state)
{
	struct kl_fault fault = {0};
	unsigned alive;

	(void)state;
	assert_int_equal(ask_a_mock(MOCK_SILENT, 300, &fault, &alive), KL_E_TIMEOUT);
	assert_int_equal(kl_error_exit(fault.code), 75);
}

static void no_daemon_at_all(void **state)
{
	struct kl_link *link = NULL;
	struct kl_fault fault = {0};

	(void)state;
	assert_int_equal(kl_link_new("/tmp/keeplocal-nowhere/control", NULL, &fault, &link),
		KL_E_UNREACHABLE);
	assert_null(link);
	assert_string_equal(fault.message, "no daemon answers at /tmp/keeplocal-nowhere/control");
	assert_true(fault.hint[0] != '\0');
	assert_int_equal(kl_error_exit(fault.code), 69);
}

/* ---- paths and ends ------------------------------------------------------------------------ */

static void a_path_may_be_longer_than_a_socket_address(void **state)
{
	struct server server;
	struct kl_link *link;
	char deep[512];
	size_t len;

	(void)state;
	make_folder(&server);
	len = (size_t)snprintf(deep, sizeof deep, "%s/", server.folder);
	memset(deep + len, 'd', 180);
	deep[len + 180] = '\0';
	assert_int_equal(mkdir(deep, 0700), 0);
	snprintf(server.path, sizeof server.path, "%.400s/control", deep);
	server_start_at(&server, 0);
	link = link_to(&server, NULL);
	says(link, "from far below");
	kl_link_destroy(link);
	server_stop(&server);
	assert_int_equal(rmdir(deep), 0);
	assert_int_equal(rmdir(server.folder), 0);
}

static void what_is_no_socket_is_left_alone(void **state)
{
	struct kl_control_options options = {.commands = toys, .command_count = 1};
	struct kl_control *control = NULL;
	struct kl_fault fault = {0};
	struct kl_zloop zloop;
	struct server server;
	uv_loop_t uv;
	void *zmq = zmq_ctx_new();
	FILE *file;

	(void)state;
	make_folder(&server);
	options.path = server.path;
	file = fopen(server.path, "w");
	assert_non_null(file);
	fclose(file);
	uv_loop_init(&uv);
	kl_zloop_init(&zloop, &uv);
	assert_int_equal(kl_control_new(&zloop, zmq, &options, &fault, &control), KL_E_CONFIG);
	assert_null(control);
	assert_non_null(strstr(fault.message, "not a socket"));
	assert_int_equal(access(server.path, F_OK), 0);
	unlink(server.path);
	rmdir(server.folder);
	/* and a folder that is not there */
	assert_int_equal(kl_control_new(&zloop, zmq, &options, &fault, &control), KL_E_IO);
	assert_non_null(strstr(fault.message, server.path));
	kl_zloop_close(&zloop);
	uv_run(&uv, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&uv), 0);
	zmq_ctx_term(zmq);
}

static void last_words_still_arrive(void **state)
{
	struct kl_value answer;
	struct kl_bytes zeros;
	struct kl_fault fault;
	struct server server;
	struct kl_link *link;
	struct rude rude;
	int code;

	(void)state;
	server_start(&server);
	rude_open(&rude, &server);
	rude_ask(&rude, "hang");
	rude_send(&rude, KL_CONTROL_ALIVE, 1, NULL);
	assert_int_equal(rude_hear(&rude, &code), KL_CONTROL_ALIVE);
	link = link_to(&server, NULL);
	if (kl_link_ask(link, "last words", nothing, &fault, &answer))
		fail_msg("%s", fault.message);
	assert_int_equal(kl_get_bin(&answer, "zeros", &zeros), 0);
	assert_int_equal(zeros.len, KL_CONTROL_BODY_MAX - 64);
	/* Whoever still waited is told as well. */
	assert_int_equal(rude_hear(&rude, &code), KL_CONTROL_REFUSED);
	assert_int_equal(code, KL_E_BUSY);
	rude_close(&rude);
	kl_link_destroy(link);
	server_join(&server);
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
		cmocka_unit_test(junk_is_refused_and_hurts_nobody_else),
		cmocka_unit_test(the_seventeenth_client_is_told_so),
		cmocka_unit_test(who_falls_silent_is_dropped),
		cmocka_unit_test(who_leaves_is_forgotten),
		cmocka_unit_test(waiting_is_said_aloud),
		cmocka_unit_test(a_daemon_that_dies_is_noticed),
		cmocka_unit_test(a_daemon_that_says_nothing_is_given_up),
		cmocka_unit_test(no_daemon_at_all),
		cmocka_unit_test(a_path_may_be_longer_than_a_socket_address),
		cmocka_unit_test(what_is_no_socket_is_left_alone),
		cmocka_unit_test(last_words_still_arrive),
	};

	return RUN(tests);
}
