#include "daemon/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TICK_MS = 1000,
	PROGRESS_MS = 100,
	FLUSH_MS = 1000,    /* how long answers may still go out after the end */
	RECEIVE_QUEUE = 16, /* messages of one client that wait unread */
	SOCKET_PATH_MAX = 107,
	ENDPOINT_MAX = 6 + SOCKET_PATH_MAX + 1,
};

struct kl_control {
	struct kl_control_server server;
	struct kl_ask asks[KL_CONTROL_CLIENTS];
	struct kl_control_options options;
	char *path;
	struct kl_zloop *loop;
	struct kl_zsock sock;
	struct kl_zmessage message;
	struct kl_writer body;
	uv_timer_t timer;
	unsigned open, closing;
	void (*closed)(void *data);
	void *closed_data;
};

/* ---- sending ------------------------------------------------------------------------------- */

static int send_to(struct kl_control *control, struct kl_bytes route, enum kl_control_kind kind,
	uint32_t request, struct kl_bytes body)
{
	struct kl_control_head head;
	struct kl_bytes frames[1 + KL_CONTROL_FRAMES];

	frames[0] = route;
	kl_control_frames(&head, kind, request, body, frames + 1);
	return kl_zsock_send(&control->sock, frames, 1 + KL_CONTROL_FRAMES);
}

/* Sends what stands in control->body. */
static int send_body(struct kl_control *control, struct kl_bytes route, enum kl_control_kind kind,
	uint32_t request)
{
	struct kl_bytes body;
	int rc = kl_writer_bytes(&control->body, &body);

	return rc ? rc : send_to(control, route, kind, request, body);
}

static void send_refused(struct kl_control *control, struct kl_bytes route, uint32_t request,
	const struct kl_fault *fault)
{
	kl_writer_reset(&control->body);
	kl_control_write_refused(&control->body, fault);
	/* Nothing to be done if the client is gone or does not read. */
	(void)send_body(control, route, KL_CONTROL_REFUSED, request);
}

static struct kl_control_client *client_of(const struct kl_ask *ask)
{
	return &ask->control->server.clients[ask->place];
}

static struct kl_bytes route_of(const struct kl_control_client *client)
{
	return kl_bytes(client->route, client->route_len);
}

/* Sends control->body to the client of an ask. Who cannot be reached is only noted: its ask ends
 * at the next tick, never under the feet of the command that is calling. */
static void send_for(struct kl_ask *ask, enum kl_control_kind kind, uint64_t credit)
{
	struct kl_control_client *client = client_of(ask);

	kl_control_reply(&ask->control->server, ask->place, kind, credit);
	if (send_body(ask->control, route_of(client), kind, client->request))
		ask->lost = true;
}

/* ---- the life of an ask -------------------------------------------------------------------- */

static void begin_ask(
	struct kl_control *control, unsigned place, const struct kl_control_message *message)
{
	struct kl_ask *ask = &control->asks[place];

	memset(ask, 0, sizeof *ask);
	memcpy(ask->command, message->u.ask.command, sizeof ask->command);
	ask->args = message->u.ask.args;
	ask->control = control;
	ask->place = place;
	ask->open = true;
	kl_writer_init(&ask->out);
	control->open++;
}

/* The ask is over; its place in the server is free already. */
static void end_ask(struct kl_ask *ask)
{
	KL_ASSERT(ask->open);
	ask->open = false;
	kl_writer_deinit(&ask->out);
	ask->control->open--;
}

static void abort_ask(struct kl_ask *ask)
{
	end_ask(ask);
	if (ask->hooks && ask->hooks->abort)
		ask->hooks->abort(ask, ask->data);
}

void kl_ask_refuse(struct kl_ask *ask)
{
	struct kl_control_client *client = client_of(ask);

	KL_ASSERT(ask->open);
	if (!ask->fault.code)
		kl_fault(&ask->fault, KL_E_BUG, "%s was refused without a reason", ask->command);
	send_refused(ask->control, route_of(client), client->request, &ask->fault);
	kl_control_gone(&ask->control->server, ask->place);
	abort_ask(ask);
}

/* What a command or a hook returned: a failure ends the ask. */
static void settle(struct kl_ask *ask, int rc)
{
	if (!ask->open || rc >= 0)
		return;
	if (ask->fault.code != rc)
		kl_fault(&ask->fault, rc, "%s: %s", ask->command, kl_error_text(rc));
	kl_ask_refuse(ask);
}

/* The one map that the command wrote, if it is one and fits. */
static int check_answer(struct kl_ask *ask, struct kl_bytes *ret_body)
{
	struct kl_value value;
	int rc = kl_writer_bytes(&ask->out, ret_body);

	if (rc)
		return kl_fault(&ask->fault, rc, "no memory for the answer");
	if (ret_body->len > KL_CONTROL_BODY_MAX)
		return kl_fault(&ask->fault, KL_E_TOO_BIG,
			"the answer takes %zu bytes, at most %d can be sent", ret_body->len,
			KL_CONTROL_BODY_MAX);
	if (kl_value_open(*ret_body, &value) || value.type != KL_WIRE_MAP)
		return kl_fault(
			&ask->fault, KL_E_BUG, "%s wrote no answer that can be read", ask->command);
	return KL_OK;
}

int kl_ask_answer(struct kl_ask *ask)
{
	struct kl_control_client *client = client_of(ask);
	struct kl_bytes body;

	KL_ASSERT(ask->open);
	if (check_answer(ask, &body)) {
		send_refused(ask->control, route_of(client), client->request, &ask->fault);
	} else if (send_to(ask->control, route_of(client), KL_CONTROL_ANSWER, client->request,
			   body)) {
		/* The client is gone: nobody is left to hear of it. */
	}
	kl_control_gone(&ask->control->server, ask->place);
	end_ask(ask);
	return KL_OK;
}

int kl_ask_later(struct kl_ask *ask, const struct kl_ask_hooks *hooks, void *data)
{
	KL_ASSERT(ask->open && hooks);
	ask->hooks = hooks;
	ask->data = data;
	return KL_OK;
}

int kl_ask_upload(struct kl_ask *ask, const struct kl_ask_hooks *hooks, void *data)
{
	KL_ASSERT(hooks && hooks->part && hooks->end);
	kl_ask_later(ask, hooks, data);
	kl_writer_reset(&ask->control->body);
	kl_control_write_credit(&ask->control->body, KL_CONTROL_CREDITS);
	send_for(ask, KL_CONTROL_CREDIT, KL_CONTROL_CREDITS);
	return KL_OK;
}

int kl_ask_part(struct kl_ask *ask)
{
	struct kl_bytes rows;
	int rc;

	KL_ASSERT(ask->open && ask->hooks && ask->hooks->more);
	rc = kl_writer_bytes(&ask->out, &rows);
	if (rc)
		return rc;
	if (rows.len > KL_CONTROL_PART_MAX)
		return kl_fault(&ask->fault, KL_E_TOO_BIG,
			"a part takes %zu bytes, at most %d can be sent", rows.len,
			KL_CONTROL_PART_MAX);
	kl_writer_reset(&ask->control->body);
	kl_control_write_part(&ask->control->body, ask->parts_sent, rows);
	send_for(ask, KL_CONTROL_PART, 0);
	kl_writer_reset(&ask->out);
	ask->parts_sent++;
	return KL_OK;
}

void kl_ask_progress(struct kl_ask *ask, uint64_t done, uint64_t total, const char *what)
{
	uint64_t now = uv_now(ask->control->loop->uv);

	KL_ASSERT(ask->open);
	if (ask->told && now - ask->told_ms < PROGRESS_MS)
		return;
	ask->told = true;
	ask->told_ms = now;
	kl_writer_reset(&ask->control->body);
	kl_control_write_progress(&ask->control->body, done, total, what);
	send_for(ask, KL_CONTROL_PROGRESS, 0);
}

/* ---- what clients say ---------------------------------------------------------------------- */

static const struct kl_command_handler *find_command(
	const struct kl_control *control, const char *name)
{
	for (size_t i = 0; i < control->options.command_count; i++)
		if (!strcmp(control->options.commands[i].name, name))
			return &control->options.commands[i];
	return NULL;
}

/* What is wrong before any part of a table has come was typed by whoever asks, not read from a
 * file. */
static int as_typed(struct kl_ask *ask, int rc)
{
	if (ask->fault.code != rc)
		return kl_fault(&ask->fault, KL_E_USAGE, "%s: %s", ask->command, kl_error_text(rc));
	return ask->fault.code = KL_E_USAGE;
}

static int run_command(struct kl_ask *ask)
{
	const struct kl_command_handler *handler = find_command(ask->control, ask->command);
	int rc;

	if (!handler) {
		kl_fault(&ask->fault, KL_E_USAGE, "the daemon has no command %s", ask->command);
		return kl_fault_hint(
			&ask->fault, "install keeplocal and keeplocald of one version");
	}
	rc = handler->run(ask->control->options.node, ask);
	if (rc == KL_E_INVALID || rc == KL_E_RANGE || rc == KL_E_TOO_BIG)
		rc = as_typed(ask, rc);
	if (rc == 0 && ask->open && !ask->hooks)
		rc = kl_fault(&ask->fault, KL_E_BUG, "%s gave no answer", ask->command);
	return rc;
}

static void on_ask(
	struct kl_control *control, unsigned place, const struct kl_control_message *message)
{
	struct kl_ask *ask = &control->asks[place];

	begin_ask(control, place, message);
	settle(ask, run_command(ask));
	memset(&ask->args, 0, sizeof ask->args); /* they lie in the message, which goes now */
}

static void on_part(struct kl_ask *ask, const struct kl_value *rows)
{
	int rc = ask->hooks->part(ask, ask->data, rows);

	settle(ask, rc);
	if (!ask->open)
		return;
	kl_writer_reset(&ask->control->body);
	kl_control_write_credit(&ask->control->body, 1);
	send_for(ask, KL_CONTROL_CREDIT, 1);
}

static void on_alive(struct kl_ask *ask)
{
	kl_writer_reset(&ask->control->body);
	kl_control_write_empty(&ask->control->body);
	send_for(ask, KL_CONTROL_ALIVE, 0);
}

/* The server has freed the place; its route still stands there. */
static void on_drop(struct kl_control *control, const struct kl_control_update *update)
{
	send_refused(control, route_of(&control->server.clients[update->place]), update->request,
		&update->fault);
	abort_ask(&control->asks[update->place]);
}

static void act(struct kl_control *control, const struct kl_control_update *update,
	struct kl_bytes route, const struct kl_control_message *message)
{
	struct kl_ask *ask = &control->asks[update->place];

	switch (update->action) {
	case KL_CONTROL_DO_NOTHING:
		break;
	case KL_CONTROL_DO_ASK:
		on_ask(control, update->place, message);
		break;
	case KL_CONTROL_DO_PART:
		on_part(ask, &message->u.part.rows);
		break;
	case KL_CONTROL_DO_END:
		settle(ask, ask->hooks->end(ask, ask->data));
		break;
	case KL_CONTROL_DO_MORE:
		settle(ask, ask->hooks->more(ask, ask->data));
		break;
	case KL_CONTROL_DO_ALIVE:
		on_alive(ask);
		break;
	case KL_CONTROL_DO_REFUSE:
		send_refused(control, route, update->request, &update->fault);
		break;
	case KL_CONTROL_DO_DROP:
		on_drop(control, update);
		break;
	}
}

/* Whether it was a part: that is work enough for one turn, since thousands of rows stand in one. */
static bool on_message(struct kl_control *control)
{
	struct kl_bytes frames[KL_ZMESSAGE_FRAMES] = {{NULL, 0}};
	struct kl_control_message message;
	struct kl_control_update update;
	struct kl_fault fault;
	uint32_t request;
	int rc;

	for (size_t i = 0; i < control->message.count; i++)
		frames[i] = kl_zmessage_frame(&control->message, i);
	rc = kl_control_decode(frames + 1, control->message.count - 1, &fault, &request, &message);
	kl_control_received(&control->server, uv_now(control->loop->uv), frames[0], request,
		rc ? NULL : &message, &fault, &update);
	act(control, &update, frames[0], &message);
	return update.action == KL_CONTROL_DO_PART;
}

static void on_tick(uv_timer_t *timer)
{
	struct kl_control *control = timer->data;
	struct kl_control_update update;

	while (kl_control_tick(&control->server, uv_now(control->loop->uv), &update))
		on_drop(control, &update);
	for (unsigned i = 0; i < KL_CONTROL_CLIENTS; i++) {
		if (!control->asks[i].open || !control->asks[i].lost)
			continue;
		kl_control_gone(&control->server, i);
		abort_ask(&control->asks[i]);
	}
	if (!control->open)
		uv_timer_stop(timer);
}

static void on_socket(struct kl_zsock *sock, int events)
{
	struct kl_control *control = sock->data;
	uint64_t tick = TICK_MS;

	(void)events;
	while (!kl_zsock_receive(sock, &control->message))
		if (on_message(control))
			break; /* what else has come stands first in the next turn */
	if (control->server.silence_ms / 4 < tick)
		tick = control->server.silence_ms / 4 + 1;
	if (control->open && !uv_is_active((uv_handle_t *)&control->timer))
		uv_timer_start(&control->timer, on_tick, tick, tick);
}

/* ---- begin and end ------------------------------------------------------------------------- */

/* ZeroMQ removes whatever stands at the path, so look first that it is an old socket. */
static int check_place(const char *path, struct kl_fault *fault)
{
	struct stat st;

	if (lstat(path, &st) == 0 && !S_ISSOCK(st.st_mode)) {
		kl_fault(fault, KL_E_CONFIG, "%s is in the way: it is not a socket", path);
		return kl_fault_hint(fault, "move it away, or choose another path with --control");
	}
	return KL_OK;
}

/* The endpoint of a path; one that is too long for a socket's address is reached through its
 * folder, which stays open in *ret_fd (or -1) until the socket is bound. */
static int make_endpoint(
	const char *path, struct kl_fault *fault, int *ret_fd, char out[ENDPOINT_MAX])
{
	const char *slash = strrchr(path, '/');
	char *folder;
	int fd;

	if (strlen(path) <= SOCKET_PATH_MAX) {
		snprintf(out, ENDPOINT_MAX, "ipc://%s", path);
		*ret_fd = -1;
		return KL_OK;
	}
	if (!slash || strlen(slash) > SOCKET_PATH_MAX - 32)
		return kl_fault(fault, KL_E_CONFIG, "%s: the name is too long for a socket", path);
	folder = strndup(path, (size_t)(slash - path) + 1);
	if (!folder)
		return kl_fault(fault, KL_E_NOMEM, "no memory for a path");
	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return kl_fault(fault, KL_E_IO, "%s: %s", path, strerror(errno));
	snprintf(out, ENDPOINT_MAX, "ipc:///proc/self/fd/%d%s", fd, slash);
	*ret_fd = fd;
	return KL_OK;
}

static int bind_socket(void *socket, const char *path, struct kl_fault *fault)
{
	char endpoint[ENDPOINT_MAX];
	int fd = -1, rc = check_place(path, fault);

	if (!rc)
		rc = make_endpoint(path, fault, &fd, endpoint);
	if (rc)
		return rc;
	if (zmq_bind(socket, endpoint) != 0) {
		rc = errno == EACCES || errno == EPERM ? KL_E_PERMISSION : KL_E_IO;
		kl_fault(fault, rc, "%s: cannot listen: %s", path, zmq_strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

static int make_socket(void *zmq, const char *path, struct kl_fault *fault, void **ret_socket)
{
	void *socket = zmq_socket(zmq, ZMQ_ROUTER);
	const int64_t frame_max = KL_CONTROL_BODY_MAX + 1024;
	const int one = 1, zero = 0, queue = RECEIVE_QUEUE;
	int rc;

	if (!socket)
		return kl_fault(fault, KL_E_IO, "no socket: %s", zmq_strerror(errno));
	/* None of these can fail on a new ROUTER with values that are in range. */
	zmq_setsockopt(socket, ZMQ_ROUTER_MANDATORY, &one, sizeof one);
	zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
	zmq_setsockopt(socket, ZMQ_RCVHWM, &queue, sizeof queue);
	zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max);
	rc = bind_socket(socket, path, fault);
	if (rc) {
		zmq_close(socket);
		return rc;
	}
	*ret_socket = socket;
	return KL_OK;
}

int kl_control_new(struct kl_zloop *loop, void *zmq, const struct kl_control_options *options,
	struct kl_fault *fault, struct kl_control **ret_control)
{
	/* The hashes inside want more alignment than malloc gives. */
	struct kl_control *control = aligned_alloc(_Alignof(struct kl_control), sizeof *control);
	void *socket = NULL;
	int rc = KL_E_NOMEM;

	if (!control)
		return kl_fault(fault, rc, "no memory for the command socket");
	memset(control, 0, sizeof *control);
	control->path = strdup(options->path);
	if (!control->path) {
		kl_fault(fault, rc, "no memory for the command socket");
		goto free_control;
	}
	rc = make_socket(zmq, control->path, fault, &socket);
	if (rc)
		goto free_path;
	rc = kl_zsock_open(&control->sock, loop, socket, ZMQ_POLLIN, on_socket, control);
	if (rc) {
		kl_fault(fault, rc, "%s: cannot be watched", control->path);
		goto close_socket;
	}
	control->loop = loop;
	control->options = *options;
	kl_control_server_init(&control->server,
		options->silence_ms ? options->silence_ms : KL_CONTROL_SILENCE_MS);
	kl_zmessage_init(&control->message);
	kl_writer_init(&control->body);
	uv_timer_init(loop->uv, &control->timer);
	control->timer.data = control;
	*ret_control = control;
	return KL_OK;

close_socket:
	zmq_close(socket);
	unlink(control->path);
free_path:
	free(control->path);
free_control:
	free(control);
	return rc;
}

static void one_closed(struct kl_control *control)
{
	void (*closed)(void *data) = control->closed;
	void *data = control->closed_data;

	if (--control->closing)
		return;
	kl_zmessage_deinit(&control->message);
	kl_writer_deinit(&control->body);
	free(control->path);
	free(control);
	if (closed)
		closed(data);
}

static void on_timer_closed(uv_handle_t *handle)
{
	one_closed(handle->data);
}

static void on_socket_closed(struct kl_zsock *sock)
{
	one_closed(sock->data);
}

void kl_control_close(struct kl_control *control, void (*closed)(void *data), void *data)
{
	const int flush = FLUSH_MS;

	for (unsigned i = 0; i < KL_CONTROL_CLIENTS; i++) {
		struct kl_ask *ask = &control->asks[i];

		if (!ask->open)
			continue;
		kl_fault(&ask->fault, KL_E_BUSY, "the daemon is stopping");
		kl_fault_hint(&ask->fault, "ask again when it has started");
		kl_ask_refuse(ask);
	}
	unlink(control->path); /* new commands learn at once that nobody is here */
	zmq_setsockopt(kl_zsock_handle(&control->sock), ZMQ_LINGER, &flush, sizeof flush);
	control->closed = closed;
	control->closed_data = data;
	control->closing = 2;
	uv_close((uv_handle_t *)&control->timer, on_timer_closed);
	kl_zsock_close(&control->sock, on_socket_closed);
}
