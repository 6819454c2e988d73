#include "daemon/zloop.h"
#include "core/error.h"

#include <errno.h>
#include <string.h>

/* ---- the hot list -------------------------------------------------------------------------- */

static void list_init(struct kl_zlink *l)
{
	l->prev = l->next = l;
}

static bool list_empty(const struct kl_zlink *l)
{
	return l->next == l;
}

static void list_remove(struct kl_zlink *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	list_init(l);
}

static void list_append(struct kl_zlink *list, struct kl_zlink *l)
{
	l->prev = list->prev;
	l->next = list;
	list->prev->next = l;
	list->prev = l;
}

/* Moves everything from `from` to the empty list `to`. */
static void list_move(struct kl_zlink *to, struct kl_zlink *from)
{
	list_init(to);
	if (list_empty(from))
		return;
	*to = *from;
	to->next->prev = to;
	to->prev->next = to;
	list_init(from);
}

static struct kl_zsock *sock_of(struct kl_zlink *link)
{
	return (struct kl_zsock *)(void *)((char *)link - offsetof(struct kl_zsock, link));
}

void kl_zsock_touch(struct kl_zsock *sock)
{
	if (!sock->closing && list_empty(&sock->link))
		list_append(&sock->loop->hot, &sock->link);
}

/* What the socket has of what its owner wants. */
static int pending(const struct kl_zsock *sock)
{
	int events;
	size_t size = sizeof events;

	while (zmq_getsockopt(sock->socket, ZMQ_EVENTS, &events, &size) != 0)
		if (errno != EINTR)
			return ZMQ_POLLERR;
	return events & (sock->wanted | ZMQ_POLLERR);
}

/* ---- the trio ------------------------------------------------------------------------------ */

static void on_idle(uv_idle_t *idle)
{
	(void)idle; /* Being active is its whole work: the loop polls without sleeping. */
}

static void on_prepare(uv_prepare_t *prepare)
{
	struct kl_zloop *loop = prepare->data;
	struct kl_zlink *next;

	loop->turns++;
	for (struct kl_zlink *l = loop->hot.next; l != &loop->hot; l = next) {
		next = l->next;
		if (!pending(sock_of(l)))
			list_remove(l); /* Quiet: from here on the descriptor will tell. */
	}
	if (list_empty(&loop->hot))
		uv_idle_stop(&loop->idle);
	else
		uv_idle_start(&loop->idle, on_idle);
}

static void on_check(uv_check_t *check)
{
	struct kl_zloop *loop = check->data;
	struct kl_zlink batch;

	/* A batch of its own: sockets that become hot meanwhile have their turn in the next round,
	 * and a callback may take any socket out of the batch by closing it. */
	list_move(&batch, &loop->hot);
	while (!list_empty(&batch)) {
		struct kl_zsock *sock = sock_of(batch.next);
		int events;

		list_remove(&sock->link);
		kl_zsock_touch(sock);
		events = pending(sock);
		sock->budget = KL_ZSOCK_BUDGET;
		if (events)
			sock->fn(sock, events);
	}
}

void kl_zloop_init(struct kl_zloop *loop, uv_loop_t *uv)
{
	memset(loop, 0, sizeof *loop);
	loop->uv = uv;
	list_init(&loop->hot);
	uv_prepare_init(uv, &loop->prepare);
	uv_check_init(uv, &loop->check);
	uv_idle_init(uv, &loop->idle);
	loop->prepare.data = loop->check.data = loop->idle.data = loop;
	uv_prepare_start(&loop->prepare, on_prepare);
	uv_check_start(&loop->check, on_check);
	uv_unref((uv_handle_t *)&loop->prepare);
	uv_unref((uv_handle_t *)&loop->check);
	uv_unref((uv_handle_t *)&loop->idle);
}

void kl_zloop_close(struct kl_zloop *loop)
{
	KL_ASSERT(loop->opened == 0);
	uv_close((uv_handle_t *)&loop->prepare, NULL);
	uv_close((uv_handle_t *)&loop->check, NULL);
	uv_close((uv_handle_t *)&loop->idle, NULL);
}

/* ---- sockets ------------------------------------------------------------------------------- */

/* READABLE whatever is wanted: the descriptor signals room for sending in the same way. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	kl_zsock_touch(poll->data);
}

int kl_zsock_open(struct kl_zsock *sock, struct kl_zloop *loop, void *socket, int wanted,
	kl_zsock_fn *fn, void *data)
{
	int fd;
	size_t size = sizeof fd;

	if (zmq_getsockopt(socket, ZMQ_FD, &fd, &size) != 0)
		return KL_E_IO;
	memset(sock, 0, sizeof *sock);
	if (uv_poll_init_socket(loop->uv, &sock->poll, fd) != 0)
		return KL_E_IO;
	list_init(&sock->link);
	sock->data = data;
	sock->loop = loop;
	sock->socket = socket;
	sock->fn = fn;
	sock->wanted = wanted;
	sock->poll.data = sock;
	loop->opened++;
	/* Fails only on a bad mask or a closing handle, which would be ours. */
	KL_ASSERT(uv_poll_start(&sock->poll, UV_READABLE, on_poll) == 0);
	kl_zsock_touch(sock); /* The signal may have come before anybody watched. */
	return KL_OK;
}

void kl_zsock_want(struct kl_zsock *sock, int wanted)
{
	if (sock->wanted == wanted)
		return;
	sock->wanted = wanted;
	kl_zsock_touch(sock);
}

void *kl_zsock_handle(const struct kl_zsock *sock)
{
	return sock->socket;
}

static void on_closed(uv_handle_t *handle)
{
	struct kl_zsock *sock = handle->data;

	zmq_close(sock->socket);
	sock->socket = NULL;
	sock->loop->opened--;
	if (sock->closed)
		sock->closed(sock);
}

void kl_zsock_close(struct kl_zsock *sock, kl_zsock_closed_fn *closed)
{
	KL_ASSERT(!sock->closing);
	list_remove(&sock->link);
	sock->closing = true;
	sock->budget = 0;
	sock->closed = closed;
	uv_poll_stop(&sock->poll);
	uv_close((uv_handle_t *)&sock->poll, on_closed);
}

/* ---- messages ------------------------------------------------------------------------------ */

static int translate(int error)
{
	switch (error) {
	case EAGAIN:
		return KL_E_BUSY;
	case EHOSTUNREACH:
		return KL_E_UNREACHABLE;
	case ENOMEM:
		return KL_E_NOMEM;
	default:
		return KL_E_IO;
	}
}

int kl_zsock_send(struct kl_zsock *sock, const struct kl_bytes *frames, size_t count)
{
	if (sock->closing)
		return KL_E_IO;
	kl_zsock_touch(sock);
	for (size_t i = 0; i < count; i++) {
		int flags = ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0);

		/* Only the first frame can meet a full queue; the rest follow their message. */
		while (zmq_send(sock->socket, frames[i].data, frames[i].len, flags) < 0)
			if (errno != EINTR)
				return translate(errno);
	}
	return KL_OK;
}

void kl_zmessage_init(struct kl_zmessage *message)
{
	message->count = 0;
}

void kl_zmessage_deinit(struct kl_zmessage *message)
{
	if (!message)
		return;
	for (size_t i = 0; i < message->count; i++)
		zmq_msg_close(&message->frames[i]);
	message->count = 0;
}

struct kl_bytes kl_zmessage_frame(const struct kl_zmessage *message, size_t i)
{
	KL_ASSERT(i < message->count);
	return kl_bytes(zmq_msg_data((zmq_msg_t *)(uintptr_t)&message->frames[i]),
		zmq_msg_size(&message->frames[i]));
}

/* Receives one frame; *ret_more tells whether the message goes on. */
static int receive_frame(void *socket, zmq_msg_t *frame, bool *ret_more)
{
	zmq_msg_init(frame);
	while (zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) < 0)
		if (errno != EINTR) {
			int rc = translate(errno);

			zmq_msg_close(frame);
			return rc;
		}
	*ret_more = zmq_msg_more(frame);
	return KL_OK;
}

static int drop_rest(void *socket)
{
	bool more = true;

	while (more) {
		zmq_msg_t frame;
		int rc = receive_frame(socket, &frame, &more);

		if (rc)
			return rc;
		zmq_msg_close(&frame);
	}
	return KL_OK;
}

/* One message, however long; *ret_fits tells whether it fitted. */
static int receive_message(struct kl_zsock *sock, struct kl_zmessage *message, bool *ret_fits)
{
	bool more = true;
	int rc;

	kl_zmessage_deinit(message);
	while (more && message->count < KL_ZMESSAGE_FRAMES) {
		rc = receive_frame(sock->socket, &message->frames[message->count], &more);
		if (rc)
			return rc;
		message->count++;
	}
	*ret_fits = !more;
	return more ? drop_rest(sock->socket) : KL_OK;
}

int kl_zsock_receive(struct kl_zsock *sock, struct kl_zmessage *message)
{
	kl_zsock_touch(sock);
	while (sock->budget > 0) {
		bool fits = false;
		int rc = receive_message(sock, message, &fits);

		if (rc)
			return rc;
		sock->budget--;
		if (fits)
			return KL_OK;
		sock->oversized++;
		kl_zmessage_deinit(message);
	}
	return KL_E_BUSY;
}
