/* The command socket among clients without manners, daemons that are none, odd paths and ends. */
#include "client/link.h"
#include "core/error.h"
#include "tests/unit/harness.h"
#include "tests/unit/toy_daemon.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

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
	zmq_send(mock->socket, nothing.data, nothing.len, 0);
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
	int rc = ask_a_mock(MOCK_AFTER_ALIVE, 2000, &fault, &alive);

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
	struct kl_control_options options = {.command_count = 0};
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
