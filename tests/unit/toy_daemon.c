#include "tests/unit/toy_daemon.h"
#include "client/pack.h"
#include "core/error.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

static const uint8_t no_args[] = {0x80};
const struct kl_bytes nothing = {no_args, sizeof no_args};

/* ---- its commands -------------------------------------------------------------------------- */

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

/* A count that is too small for what follows. */
static int run_spare_answer(void *node, struct kl_ask *ask)
{
	(void)node;
	kl_write_map(&ask->out, 1);
	kl_put_text(&ask->out, "one", "pair that was counted");
	kl_put_text(&ask->out, "other", "pair that was not");
	return kl_ask_answer(ask);
}

/* The same inside: what stands behind is one level too low. */
static int run_crooked_answer(void *node, struct kl_ask *ask)
{
	(void)node;
	kl_write_map(&ask->out, 2);
	kl_put_map(&ask->out, "inner", 2);
	kl_put_text(&ask->out, "one", "pair of two");
	kl_put_text(&ask->out, "outer", "pair");
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
	{"spare answer", run_spare_answer},
	{"crooked answer", run_crooked_answer},
	{"big", run_big},
	{"hang", run_hang},
	{"late", run_late},
	{"upload", run_upload},
	{"download", run_download},
	{"last words", run_last_words},
};

/* ---- its life ------------------------------------------------------------------------------ */

static void on_stop(uv_async_t *stop)
{
	close_server(stop->data);
}

static void *serve(void *data)
{
	uv_run(&((struct server *)data)->uv, UV_RUN_DEFAULT);
	return NULL;
}

void server_start_at(struct server *server, uint64_t silence_ms)
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

void make_folder(struct server *server)
{
	memset(server, 0, sizeof *server);
	strcpy(server->folder, "/tmp/keeplocal-link-XXXXXX");
	assert_non_null(mkdtemp(server->folder));
	snprintf(server->path, sizeof server->path, "%s/control", server->folder);
}

void server_start(struct server *server)
{
	make_folder(server);
	server_start_at(server, 0);
}

void server_join(struct server *server)
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

void server_stop(struct server *server)
{
	uv_async_send(&server->stop);
	server_join(server);
}

struct kl_link *link_to(const struct server *server, const struct kl_link_options *options)
{
	struct kl_link *link;
	struct kl_fault fault;

	if (kl_link_new(server->path, options, &fault, &link))
		fail_msg("%s", fault.message);
	return link;
}

void says(struct kl_link *link, const char *text)
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
