/* Many ZeroMQ sockets on one libuv loop.
 *
 * A ZeroMQ socket has one descriptor that becomes readable when *something* changed, and any send,
 * receive or question may swallow that signal. So the descriptor only says "look", and the truth is
 * ZMQ_EVENTS, read after the last call on the socket:
 *
 * hot list   sockets whose ZMQ_EVENTS may be out of date: everything that
 *            touches a socket puts it there, and it leaves only when ZMQ_EVENTS shows nothing that
 *            is wanted
 * prepare    before the loop sleeps: re-reads hot sockets, drops the quiet ones, and keeps the loop
 *            awake (idle) while any remain
 * check      after the loop polled: calls the hot sockets that have something wanted
 * budget     messages that one socket may receive in one turn, so that a flood on one socket delays
 *            neither the others nor the timers
 *
 * Use a socket only through the functions below once it was opened here, or call kl_zsock_touch()
 * after each direct call; zmq_setsockopt() and zmq_bind() are no exceptions. Want ZMQ_POLLOUT only
 * while something is queued: a socket that can send, and has nothing to send, burns a core. */
#ifndef KL_DAEMON_ZLOOP_H
#define KL_DAEMON_ZLOOP_H

#include "core/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>
#include <zmq.h>

enum {
	KL_ZSOCK_BUDGET = 64,  /* messages received per socket and turn */
	KL_ZMESSAGE_FRAMES = 8 /* frames in one message; longer ones are dropped and counted */
};

struct kl_zlink {
	struct kl_zlink *prev, *next;
};

struct kl_zloop;
struct kl_zsock;

/* The socket has what it wants: ZMQ_POLLIN and/or ZMQ_POLLOUT in `events`; ZMQ_POLLERR if its
 * context is being ended. May open, use and close any socket, this one too. */
typedef void kl_zsock_fn(struct kl_zsock *sock, int events);

/* The ZeroMQ socket is closed and the memory is the owner's again. */
typedef void kl_zsock_closed_fn(struct kl_zsock *sock);

/* Lies in the owner's memory until `closed` was called. */
struct kl_zsock {
	void *data;         /* the owner's */
	uint64_t oversized; /* messages dropped because they had too many frames */

	/* The rest is private. */
	struct kl_zlink link;
	struct kl_zloop *loop;
	void *socket;
	kl_zsock_fn *fn;
	kl_zsock_closed_fn *closed;
	uv_poll_t poll;
	int wanted, budget;
	bool closing;
};

struct kl_zloop {
	uv_loop_t *uv;
	uint64_t turns;  /* of the loop, since init: an idle one makes none */
	unsigned opened; /* sockets that are not closed yet */

	/* The rest is private. */
	struct kl_zlink hot;
	uv_prepare_t prepare;
	uv_check_t check;
	uv_idle_t idle;
};

/* Puts the trio on `uv`; it alone does not keep the loop running. */
void kl_zloop_init(struct kl_zloop *loop, uv_loop_t *uv);

/* Takes the trio off again. All sockets must be closed (kl_zsock_closed_fn called) before; the
 * memory is free once the loop has turned. */
void kl_zloop_close(struct kl_zloop *loop);

/* Takes over `socket` (made by zmq_socket, in any state) and calls `fn` when one of the `wanted`
 * events (ZMQ_POLLIN | ZMQ_POLLOUT) is there. KL_E_IO when it cannot be watched: the socket then
 * stays the caller's. */
int kl_zsock_open(struct kl_zsock *sock, struct kl_zloop *loop, void *socket, int wanted,
	kl_zsock_fn *fn, void *data);

void kl_zsock_want(struct kl_zsock *sock, int wanted);

/* Something was called on the ZeroMQ socket directly. */
void kl_zsock_touch(struct kl_zsock *sock);

/* The ZeroMQ socket, for zmq_bind, zmq_connect and options; touch it afterwards. */
void *kl_zsock_handle(const struct kl_zsock *sock);

/* Stops watching, and closes the ZeroMQ socket only after the loop has turned, then calls `closed`
 * (NULL is accepted). `fn` is not called any more; receiving from a socket that is closing finds
 * nothing (KL_E_BUSY) and sending fails (KL_E_IO). Once only. */
void kl_zsock_close(struct kl_zsock *sock, kl_zsock_closed_fn *closed);

/* Sends all frames as one message, or nothing: KL_E_BUSY when the queue is full now (want
 * ZMQ_POLLOUT, except on a ROUTER, where it says nothing about one peer), KL_E_UNREACHABLE when a
 * ROUTER does not know the peer, KL_E_IO otherwise. The frames are copied. */
int kl_zsock_send(struct kl_zsock *sock, const struct kl_bytes *frames, size_t count);

/* One received message. */
struct kl_zmessage {
	zmq_msg_t frames[KL_ZMESSAGE_FRAMES];
	size_t count;
};

void kl_zmessage_init(struct kl_zmessage *message);
void kl_zmessage_deinit(struct kl_zmessage *message);

/* The i-th frame, valid until the message is received into again or deinitialised. */
struct kl_bytes kl_zmessage_frame(const struct kl_zmessage *message, size_t i);

/* Receives a whole message, without waiting, into `message` (initialised before; its earlier frames
 * are freed): KL_E_BUSY when there is none, or when the budget of this turn is used up, so that
 *     while (!kl_zsock_receive(sock, &message)) ...
 * is always safe. KL_E_IO otherwise. */
int kl_zsock_receive(struct kl_zsock *sock, struct kl_zmessage *message);

#endif
