#include "client/link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum {
	LOOK_MS = 1000,     /* how often we look whether the daemon is still there */
	LAST_LOOK_MS = 200, /* how long an answer may lag behind the end of its daemon */
	SEND_MS = 5000,
	RECONNECT_MS = 500,
	LINGER_MS = 200, /* for a last CANCEL */
	SOCKET_PATH_MAX = sizeof((struct sockaddr_un *)0)->sun_path - 1,
};

struct kl_link {
	struct kl_link_options options;
	void *zmq, *socket;
	char *path;                        /* as people know it */
	char address[SOCKET_PATH_MAX + 1]; /* as the kernel takes it */
	int folder_fd;                     /* what a long path goes through, or -1 */
	zmq_msg_t frames[KL_CONTROL_FRAMES];
	size_t frame_count;
	struct kl_writer body;
	struct kl_control_message message;
	uint32_t request;
	uint64_t heard_ms, said_ms;
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- the socket's path --------------------------------------------------------------------- */

/* A path that is too long for a socket's address is reached through its folder, which stays open
 * in *ret_fd (else -1). */
static int make_address(const char *path, int *ret_fd, char out[SOCKET_PATH_MAX + 1])
{
	const char *slash = strrchr(path, '/');
	char *folder;
	int fd, n;

	if (strlen(path) <= SOCKET_PATH_MAX) {
		strcpy(out, path);
		*ret_fd = -1;
		return KL_OK;
	}
	if (!slash)
		return KL_E_TOO_BIG;
	folder = strndup(path, (size_t)(slash - path) + 1);
	if (!folder)
		return KL_E_NOMEM;
	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return errno == EACCES ? KL_E_PERMISSION : KL_E_UNREACHABLE;
	n = snprintf(out, SOCKET_PATH_MAX + 1, "/proc/self/fd/%d%s", fd, slash);
	if (n > (int)SOCKET_PATH_MAX) {
		close(fd);
		return KL_E_TOO_BIG;
	}
	*ret_fd = fd;
	return KL_OK;
}

static int probe_address(const char *address)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), rc = KL_OK;

	if (fd < 0)
		return KL_E_IO;
	memcpy(sun.sun_path, address, strlen(address) + 1);
	if (connect(fd, (const struct sockaddr *)&sun, sizeof sun) != 0) {
		if (errno == EACCES || errno == EPERM)
			rc = KL_E_PERMISSION;
		else if (errno != EAGAIN) /* a full queue: somebody is there, and busy */
			rc = KL_E_UNREACHABLE;
	}
	close(fd);
	return rc;
}

int kl_link_probe(const char *path)
{
	char address[SOCKET_PATH_MAX + 1];
	int fd, rc = make_address(path, &fd, address);

	if (rc)
		return rc;
	rc = probe_address(address);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Not even the folder exists in which the socket would stand. */
static bool no_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash > path ? strndup(path, (size_t)(slash - path)) : NULL;
	bool missing = folder && access(folder, F_OK) != 0 && errno == ENOENT;

	free(folder);
	return missing;
}

static int unreachable(const struct kl_link *link, int rc, struct kl_fault *fault)
{
	static const char name[] = "/control"; /* in a home */
	size_t len = link->path ? strlen(link->path) : 0;

	if (rc == KL_E_PERMISSION) {
		kl_fault(fault, rc, "%s may not be used by this user", link->path);
		return kl_fault_hint(fault, "run keeplocal as the user that runs keeplocald");
	}
	if (rc != KL_E_UNREACHABLE || !link->path)
		return kl_fault(fault, rc, "%s: %s", link->path ? link->path : "the daemon",
			kl_error_text(rc));
	kl_fault(fault, rc, "no daemon answers at %s", link->path);
	if (no_folder(link->path))
		return kl_fault_hint(fault,
			"there is no home yet: make one with keeplocal init (its --help says how), "
			"then start keeplocald");
	if (len > strlen(name) && !strcmp(link->path + len - strlen(name), name))
		return kl_fault_hint(fault,
			"start it with keeplocald --home %.*s, or say with --home DIR "
			"which to ask",
			(int)(len - strlen(name)), link->path);
	return kl_fault_hint(fault, "say with --home DIR which daemon to ask");
}

/* ---- begin and end ------------------------------------------------------------------------- */

static int connect_socket(struct kl_link *link)
{
	const int linger = LINGER_MS, again = RECONNECT_MS, limit = SEND_MS;
	const int64_t frame_max = KL_CONTROL_BODY_MAX;
	char endpoint[SOCKET_PATH_MAX + 16];

	link->zmq = zmq_ctx_new();
	link->socket = link->zmq ? zmq_socket(link->zmq, ZMQ_DEALER) : NULL;
	if (!link->socket)
		return KL_E_IO;
	zmq_setsockopt(link->socket, ZMQ_LINGER, &linger, sizeof linger);
	zmq_setsockopt(link->socket, ZMQ_SNDTIMEO, &limit, sizeof limit);
	zmq_setsockopt(link->socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max);
	/* ZMQ_IMMEDIATE and "never reconnect" would both throw away answers that have arrived but were
	 * not read yet when the daemon closes. So we do reconnect, and a daemon that was started
	 * anew refuses what it knows nothing of. */
	zmq_setsockopt(link->socket, ZMQ_RECONNECT_IVL, &again, sizeof again);
	snprintf(endpoint, sizeof endpoint, "ipc://%s", link->address);
	return zmq_connect(link->socket, endpoint) == 0 ? KL_OK : KL_E_IO;
}

int kl_link_new(const char *path, const struct kl_link_options *options, struct kl_fault *fault,
	struct kl_link **ret_link)
{
	struct kl_link *link = calloc(1, sizeof *link);
	int rc;

	if (!link)
		return kl_fault(fault, KL_E_NOMEM, "no memory for a connection");
	link->folder_fd = -1;
	kl_writer_init(&link->body);
	if (options)
		link->options = *options;
	if (!link->options.silence_ms)
		link->options.silence_ms = KL_CONTROL_SILENCE_MS;
	link->path = strdup(path);
	rc = link->path ? make_address(path, &link->folder_fd, link->address) : KL_E_NOMEM;
	if (!rc)
		rc = probe_address(link->address);
	if (!rc)
		rc = connect_socket(link);
	if (rc) {
		unreachable(link, rc, fault);
		kl_link_destroy(link);
		return rc;
	}
	*ret_link = link;
	return KL_OK;
}

static void drop_frames(struct kl_link *link)
{
	for (size_t i = 0; i < link->frame_count; i++)
		zmq_msg_close(&link->frames[i]);
	link->frame_count = 0;
}

void kl_link_destroy(struct kl_link *link)
{
	if (!link)
		return;
	drop_frames(link);
	if (link->socket)
		zmq_close(link->socket);
	if (link->zmq)
		zmq_ctx_term(link->zmq);
	if (link->folder_fd >= 0)
		close(link->folder_fd);
	kl_writer_deinit(&link->body);
	free(link->path);
	free(link);
}

/* ---- sending ------------------------------------------------------------------------------- */

static int went_away(const struct kl_link *link, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_UNREACHABLE, "the daemon at %s went away before it answered",
		link->path);
	return kl_fault_hint(fault, "its messages tell why; start it and ask again");
}

/* Sends link->body under the current request. */
static int send_body(struct kl_link *link, enum kl_control_kind kind, struct kl_fault *fault)
{
	struct kl_control_head head;
	struct kl_bytes body, frames[KL_CONTROL_FRAMES];

	if (kl_writer_bytes(&link->body, &body))
		return kl_fault(fault, KL_E_NOMEM, "no memory for a message");
	if (body.len > KL_CONTROL_BODY_MAX)
		return kl_fault(fault, KL_E_TOO_BIG,
			"the request takes %zu bytes, at most %d can be sent", body.len,
			KL_CONTROL_BODY_MAX);
	kl_control_frames(&head, kind, link->request, body, frames);
	for (size_t i = 0; i < KL_CONTROL_FRAMES; i++) {
		int more = i + 1 < KL_CONTROL_FRAMES ? ZMQ_SNDMORE : 0;

		while (zmq_send(link->socket, frames[i].data, frames[i].len, more) < 0)
			if (errno != EINTR)
				return went_away(link, fault);
	}
	link->said_ms = now_ms();
	return KL_OK;
}

static int send_empty(struct kl_link *link, enum kl_control_kind kind, struct kl_fault *fault)
{
	kl_writer_reset(&link->body);
	kl_control_write_empty(&link->body);
	return send_body(link, kind, fault);
}

static int send_ask(
	struct kl_link *link, const char *command, struct kl_bytes args, struct kl_fault *fault)
{
	link->request++;
	link->heard_ms = now_ms();
	kl_writer_reset(&link->body);
	kl_control_write_ask(&link->body, command, args);
	return send_body(link, KL_CONTROL_ASK, fault);
}

/* ---- receiving ----------------------------------------------------------------------------- */

/* A whole message without waiting: KL_E_BUSY when there is none. Frames beyond the third are
 * dropped and make it malformed. */
static int receive_frames(struct kl_link *link, size_t *ret_count)
{
	size_t count = 0;
	bool more = true;

	drop_frames(link);
	while (more) {
		zmq_msg_t spare, *frame = count < KL_CONTROL_FRAMES ? &link->frames[count] : &spare;

		zmq_msg_init(frame);
		while (zmq_msg_recv(frame, link->socket, ZMQ_DONTWAIT) < 0)
			if (errno != EINTR) {
				int rc = errno == EAGAIN ? KL_E_BUSY : KL_E_IO;

				zmq_msg_close(frame);
				return rc;
			}
		more = zmq_msg_more(frame);
		if (frame == &spare)
			zmq_msg_close(frame);
		else
			link->frame_count++;
		count++;
	}
	*ret_count = count;
	return KL_OK;
}

/* Receives and decodes into link->message, without waiting. */
static int receive(struct kl_link *link, struct kl_fault *fault)
{
	struct kl_bytes frames[KL_CONTROL_FRAMES];
	uint32_t request;
	size_t count;
	int rc = receive_frames(link, &count);

	if (rc)
		return rc;
	for (size_t i = 0; i < link->frame_count; i++)
		frames[i] =
			kl_bytes(zmq_msg_data(&link->frames[i]), zmq_msg_size(&link->frames[i]));
	link->heard_ms = now_ms();
	rc = kl_control_decode(frames, count, fault, &request, &link->message);
	return rc ? kl_fault_at(fault, "the daemon at %s", link->path) : KL_OK;
}

/* Nothing came for a while: is anybody there, and do they know that we are? */
static int look_around(struct kl_link *link, struct kl_fault *fault)
{
	uint64_t now = now_ms();

	if (probe_address(link->address) != KL_OK) {
		zmq_pollitem_t item = {.socket = link->socket, .events = ZMQ_POLLIN};

		/* Its last words may still be on their way. */
		return zmq_poll(&item, 1, LAST_LOOK_MS) > 0 ? KL_OK : went_away(link, fault);
	}
	if (now - link->heard_ms >= link->options.silence_ms) {
		kl_fault(fault, KL_E_TIMEOUT, "the daemon at %s has not answered for %llu s",
			link->path, (unsigned long long)(link->options.silence_ms / 1000));
		return kl_fault_hint(fault, "it may be very busy: try again");
	}
	if (now - link->said_ms >= KL_CONTROL_ALIVE_MS ||
		now - link->said_ms >= link->options.silence_ms / 4)
		return send_empty(link, KL_CONTROL_ALIVE, fault);
	return KL_OK;
}

static void tell_progress(
	const struct kl_link *link, uint64_t done, uint64_t total, const char *what)
{
	if (link->options.progress)
		link->options.progress(link->options.data, done, total, what);
}

/* What of link->message concerns everybody: 1 when the caller should look at it, 0 when it is
 * settled, negative when it ends the request. */
static int sift(struct kl_link *link, struct kl_fault *fault)
{
	struct kl_control_message *m = &link->message;

	/* Request 0: the daemon could not read ours. */
	if (m->request != link->request && m->request != 0)
		return 0;
	switch (m->kind) {
	case KL_CONTROL_PROGRESS:
		tell_progress(link, m->u.progress.done, m->u.progress.total, m->u.progress.what);
		return 0;
	case KL_CONTROL_ALIVE:
		return 0;
	case KL_CONTROL_REFUSED:
		if (fault)
			*fault = m->u.refused;
		return m->u.refused.code;
	default:
		return 1;
	}
}

/* Waits for the next message that the caller should look at; `wait` false: only looks whether there
 * is one. 1, 0 (none now), or negative. */
static int next_message(struct kl_link *link, bool wait, struct kl_fault *fault)
{
	uint64_t look = link->options.silence_ms / 4;

	if (look > LOOK_MS)
		look = LOOK_MS;
	for (;;) {
		zmq_pollitem_t item = {.socket = link->socket, .events = ZMQ_POLLIN};
		int rc = receive(link, fault);

		if (rc == KL_OK)
			rc = sift(link, fault);
		else if (rc == KL_E_BUSY && !wait)
			return 0;
		else if (rc == KL_E_BUSY && zmq_poll(&item, 1, (long)look) <= 0)
			rc = look_around(link, fault);
		else if (rc == KL_E_BUSY)
			continue;
		else if (rc == KL_E_IO)
			return kl_fault(fault, rc, "%s: cannot receive", link->path);
		if (rc)
			return rc;
	}
}

static int unexpected(struct kl_link *link, struct kl_fault *fault)
{
	return kl_fault(fault, KL_E_MALFORMED,
		"the daemon at %s sent something unexpected (kind %d)", link->path,
		(int)link->message.kind);
}

/* The request ends on our side: its place shall be free at once, not after half a minute. */
static int give_up(struct kl_link *link, int rc)
{
	(void)send_empty(link, KL_CONTROL_CANCEL, NULL);
	return rc;
}

/* ---- requests ------------------------------------------------------------------------------ */

int kl_link_ask(struct kl_link *link, const char *command, struct kl_bytes args,
	struct kl_fault *fault, struct kl_value *ret_answer)
{
	int rc = send_ask(link, command, args, fault);

	if (!rc)
		rc = next_message(link, true, fault);
	if (rc < 0)
		return rc;
	if (link->message.kind != KL_CONTROL_ANSWER)
		return unexpected(link, fault);
	*ret_answer = link->message.body;
	return KL_OK;
}

struct upload {
	struct kl_writer rows;
	struct kl_hash hash;
	uint64_t credits, sent, total;
	const char *what;
	kl_link_next_fn *next;
	void *data;
	bool ended;
};

static int send_end(struct kl_link *link, struct upload *up, struct kl_fault *fault)
{
	struct kl_id hash;

	kl_hash_final(&up->hash, &hash);
	up->ended = true;
	kl_writer_reset(&link->body);
	kl_control_write_end(&link->body, up->sent, &hash);
	return send_body(link, KL_CONTROL_END, fault);
}

static int send_part(struct kl_link *link, struct upload *up, struct kl_fault *fault)
{
	struct kl_bytes rows;
	int rc;

	kl_writer_reset(&up->rows);
	rc = up->next(up->data, &up->rows, fault);
	if (rc < 0)
		return give_up(link, rc);
	if (rc == 0)
		return send_end(link, up, fault);
	if (kl_writer_bytes(&up->rows, &rows))
		return kl_fault(fault, KL_E_NOMEM, "no memory for a part");
	KL_ASSERT(rows.len <= KL_CONTROL_PART_MAX);
	kl_hash_add(&up->hash, rows);
	kl_writer_reset(&link->body);
	kl_control_write_part(&link->body, up->sent, rows);
	up->sent++;
	up->credits--;
	tell_progress(link, up->sent, up->total, up->what);
	return send_body(link, KL_CONTROL_PART, fault);
}

/* Sends while there is credit, listens in between; 0 when the answer is there. */
static int run_upload(struct kl_link *link, struct upload *up, struct kl_fault *fault)
{
	for (;;) {
		bool ready = up->credits > 0 && !up->ended;
		int rc = next_message(link, !ready, fault);

		if (rc < 0)
			return rc;
		if (rc == 0)
			rc = send_part(link, up, fault);
		else if (link->message.kind == KL_CONTROL_CREDIT)
			up->credits += link->message.u.credit, rc = 0;
		else if (link->message.kind == KL_CONTROL_ANSWER && up->ended)
			return KL_OK;
		else
			rc = unexpected(link, fault);
		if (rc < 0)
			return rc;
	}
}

int kl_link_upload(struct kl_link *link, const char *command, struct kl_bytes args,
	kl_link_next_fn *next, void *data, uint64_t parts, const char *what, struct kl_fault *fault,
	struct kl_value *ret_answer)
{
	struct upload up = {.total = parts, .what = what, .next = next, .data = data};
	int rc;

	kl_writer_init(&up.rows);
	kl_hash_init(&up.hash, KL_CONTROL_HASH_TAG);
	rc = send_ask(link, command, args, fault);
	if (!rc)
		rc = run_upload(link, &up, fault);
	kl_writer_deinit(&up.rows);
	if (rc)
		return rc;
	*ret_answer = link->message.body;
	return KL_OK;
}

int kl_link_download(struct kl_link *link, const char *command, struct kl_bytes args,
	kl_link_part_fn *part, void *data, struct kl_fault *fault, struct kl_value *ret_answer)
{
	int rc = send_ask(link, command, args, fault);

	while (!rc) {
		rc = next_message(link, true, fault);
		if (rc < 0)
			return rc;
		if (link->message.kind == KL_CONTROL_ANSWER) {
			*ret_answer = link->message.body;
			return KL_OK;
		}
		if (link->message.kind != KL_CONTROL_PART)
			return unexpected(link, fault);
		rc = part(data, &link->message.u.part.rows, fault);
		rc = rc ? give_up(link, rc) : send_empty(link, KL_CONTROL_MORE, fault);
	}
	return rc;
}
