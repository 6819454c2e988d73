#include "daemon/links.h"
#include "core/error.h"
#include "daemon/conns.h"
#include "daemon/log.h"
#include "daemon/zap.h"
#include "protocol/sync_frames.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROUTE_MAX = 32,
	GREETING_MAX = 1024,
	SILENT_BEATS = 4,
	RECONNECT_FIRST_MS = 200,
	RECONNECT_MAX_MS = 60000,
	HANDSHAKE_MS = 5000,
	REBIND_MS = 10, /* between attempts to listen again, the first REBIND_TRIES times */
	REBIND_TRIES = 200,
	/* Messages that wait to be sent to one peer; beyond it they are dropped and asked for again.
	 * Their bytes are bounded by what the peer has not read, see protocol/sync.h. */
	SEND_QUEUE = 1000,
	RECEIVE_QUEUE = 16,   /* beyond it a peer is not read from */
	LAST_WORDS_MS = 1000, /* for who is cut off to hear why */
};

struct in {
	bool open;
	uint8_t route[ROUTE_MAX];
	size_t route_len;
	struct kl_conn conn;
	struct kl_id member;
	uint64_t heard_ms;
	uint64_t mute_ms; /* not listened to before then; closed meanwhile */
};

/* One peer that we call. Its sockets outlive it until the loop has turned, so they are on the heap. */
struct wire {
	struct kl_zsock sock, monitor;
	struct out *out; /* NULL once the out-link has let go of it */
	unsigned open;   /* sockets that are not closed yet */
};

struct out {
	struct kl_links *links;
	struct wire *wire; /* NULL: waiting for `again_ms` */
	bool used, up, refused;
	struct kl_endpoint endpoint;
	struct kl_id member;
	uint64_t again_ms; /* dial then */
	uint64_t lost_ms;  /* when it went down, or was first called */
	uint32_t pause_ms;
};

struct kl_links {
	struct kl_links_config config;
	struct kl_links_hooks hooks;
	struct kl_zap *zap;
	struct kl_zsock router;
	bool routed, closing; /* routed: the ROUTER is there */
	unsigned deaf;        /* attempts to listen again that failed; 0: listening */
	uint64_t period_ms;   /* of the timer */
	unsigned open;        /* handles and sockets of ours that are not closed yet */
	char endpoint[KL_ENDPOINT_MAX];
	struct in in[KL_LINKS_IN];
	struct kl_conns conns; /* that no link needs any more */
	struct kl_shakes shakes;
	struct out out[KL_LINKS_OUT];
	uv_timer_t timer;
	unsigned monitors; /* numbers the inproc names */
	struct kl_log_quota full;
};

static uint64_t now(const struct kl_links *links)
{
	return uv_now(links->config.loop->uv);
}

static void release(struct kl_links *links)
{
	if (!--links->open)
		free(links);
}

/* ---- sockets ------------------------------------------------------------------------------- */

static int set_int(void *socket, int option, int value)
{
	return zmq_setsockopt(socket, option, &value, sizeof value);
}

static int set_int64(void *socket, int option, int64_t value)
{
	return zmq_setsockopt(socket, option, &value, sizeof value);
}

static int seconds(int ms)
{
	return ms > 1000 ? ms / 1000 : 1;
}

/* Heartbeats are the sync machine's. libzmq's own stay off: when a peer goes whose messages still wait to
 * be read, its heartbeat timer ends the process (4.3.4: "Assertion failed: !_io_error"). Connections
 * that nobody speaks on are looked after by TCP. */
static int set_common(struct kl_links *links, void *socket)
{
	const struct kl_box_keys *keys = links->config.keys;
	int beat = (int)links->config.beat_ms;

	return set_int(socket, ZMQ_LINGER, 0) || set_int(socket, ZMQ_SNDHWM, SEND_QUEUE) ||
			       set_int(socket, ZMQ_RCVHWM, RECEIVE_QUEUE) ||
			       set_int(socket, ZMQ_TCP_MAXRT, SILENT_BEATS * beat) ||
			       set_int64(socket, ZMQ_MAXMSGSIZE, KL_FRAME_MAX) ||
			       set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) ||
			       set_int(socket, ZMQ_TCP_KEEPALIVE, 1) ||
			       set_int(socket, ZMQ_TCP_KEEPALIVE_IDLE,
				       seconds(SILENT_BEATS * beat)) ||
			       set_int(socket, ZMQ_TCP_KEEPALIVE_INTVL, seconds(beat)) ||
			       set_int(socket, ZMQ_TCP_KEEPALIVE_CNT, SILENT_BEATS) ||
			       zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->secret,
				       sizeof keys->secret) ||
			       zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys->public_key.b,
				       sizeof keys->public_key.b)
		       ? KL_E_IO
		       : KL_OK;
}

/* ---- in ------------------------------------------------------------------------------------ */

static uint64_t silence_ms(const struct kl_links *links)
{
	return (uint64_t)SILENT_BEATS * links->config.beat_ms;
}

/* A connection that its link has left; the peer may hang up by itself before. */
static void in_leave(struct kl_links *links, const struct in *in, uint64_t delay_ms)
{
	kl_conns_add(&links->conns, &in->conn, &in->member, now(links) + delay_ms);
}

static void in_down(struct kl_links *links, size_t i)
{
	links->in[i].open = false;
	links->hooks.down(links->hooks.context, (uint32_t)i);
}

static struct in *in_by_route(struct kl_links *links, struct kl_bytes route)
{
	for (size_t i = 0; i < KL_LINKS_IN; i++)
		if (links->in[i].open &&
			kl_bytes_equal(kl_bytes(links->in[i].route, links->in[i].route_len), route))
			return &links->in[i];
	return NULL;
}

static bool is_mute(const struct kl_links *links, const struct kl_id *member)
{
	for (size_t i = 0; i < KL_LINKS_IN; i++)
		if (links->in[i].mute_ms > now(links) && kl_id_equal(&links->in[i].member, member))
			return true;
	return false;
}

/* A free place; one that is kept for somebody mute only if there is no other. */
static struct in *in_place(struct kl_links *links)
{
	struct in *mute = NULL;

	for (size_t i = 0; i < KL_LINKS_IN; i++) {
		if (links->in[i].open)
			continue;
		if (links->in[i].mute_ms <= now(links))
			return &links->in[i];
		mute = &links->in[i];
	}
	return mute;
}

/* libzmq may close a descriptor, and the system give it to another connection, before we have read
 * what came on the first: then nobody knows whose it is, and it is left alone. */
static struct kl_conn in_claim(struct kl_links *links, struct kl_conn conn)
{
	kl_conns_forget(&links->conns, &conn);
	for (size_t i = 0; i < KL_LINKS_IN; i++)
		if (links->in[i].open && kl_conn_equal(&links->in[i].conn, &conn))
			links->in[i].conn.fd = conn.fd = -1;
	return conn;
}

/* A new connection: the newer link of a member replaces its older one. Two connections of one member
 * would chase each other if the older one were cut at once. */
static struct in *in_accept(struct kl_links *links, struct kl_bytes route,
	const struct kl_id *member, struct kl_conn conn)
{
	struct in *in;

	conn = in_claim(links, conn);
	for (size_t i = 0; i < KL_LINKS_IN; i++)
		if (links->in[i].open && kl_id_equal(&links->in[i].member, member)) {
			in_leave(links, &links->in[i], silence_ms(links));
			in_down(links, i);
		}
	in = in_place(links);
	if (!in || route.len > ROUTE_MAX) {
		if (kl_log_may(&links->full, now(links)))
			kl_log(KL_LOG_WARNING, "all %d places for incoming links are taken",
				KL_LINKS_IN);
		return NULL;
	}
	*in = (struct in){.open = true, .route_len = route.len, .conn = conn, .member = *member};
	memcpy(in->route, route.data, route.len);
	links->hooks.up(links->hooks.context, (uint32_t)(in - links->in), member, false);
	return in->open ? in : NULL;
}

static bool is_greeting(struct kl_bytes frame)
{
	struct kl_value list, number;
	struct kl_cursor cursor;
	uint64_t kind;

	if (frame.len > GREETING_MAX || kl_value_open(frame, &list) || list.type != KL_WIRE_ARRAY)
		return false;
	cursor = kl_cursor(&list);
	return kl_cursor_next(&cursor, &number) && !kl_value_uint(&number, UINT32_MAX, &kind) &&
	       kind == KL_FRAME_HELLO;
}

/* Who was vouched for at the handshake. */
static bool sender_of(const struct kl_zmessage *m, struct kl_id *ret_member)
{
	const char *user = zmq_msg_gets(&m->frames[1], "User-Id");

	return user && !kl_hex_parse(user, ret_member->b, KL_ID_BYTES);
}

/* The first words on a connection: taken if somebody vouched for it at the handshake. */
static struct in *in_greeted(
	struct kl_links *links, const struct kl_zmessage *m, const struct kl_id *member)
{
	struct kl_conn conn;

	if (!links->hooks.knows(links->hooks.context, member) || is_mute(links, member) ||
		!is_greeting(kl_zmessage_frame(m, 1)))
		return NULL;
	conn = kl_conn_of(&m->frames[1]);
	if (conn.fd < 0)
		return NULL; /* it has hung up already */
	return in_accept(links, kl_zmessage_frame(m, 0), member, conn);
}

/* A peer may choose its route, also one that somebody else had before. */
static bool is_same(const struct in *in, const struct kl_zmessage *m, const struct kl_id *member)
{
	struct kl_conn conn;

	if (!kl_id_equal(&in->member, member))
		return false;
	if (in->conn.fd < 0)
		return true;
	conn = kl_conn_of(&m->frames[1]);
	return kl_conn_equal(&conn, &in->conn);
}

static void in_message(struct kl_links *links, const struct kl_zmessage *m)
{
	struct kl_id member;
	struct in *in;

	if (m->count != 2 || !sender_of(m, &member))
		return;
	in = in_by_route(links, kl_zmessage_frame(m, 0));
	if (in && !is_same(in, m, &member)) {
		in_down(links, (size_t)(in - links->in));
		in = NULL;
	}
	if (!in)
		in = in_greeted(links, m, &member);
	if (!in)
		return;
	in->heard_ms = now(links);
	links->hooks.frame(
		links->hooks.context, (uint32_t)(in - links->in), kl_zmessage_frame(m, 1));
}

static void on_router(struct kl_zsock *sock, int events)
{
	struct kl_links *links = sock->data;
	struct kl_zmessage m;

	(void)events;
	kl_zmessage_init(&m);
	while (!links->closing && !kl_zsock_receive(sock, &m))
		in_message(links, &m);
	kl_zmessage_deinit(&m);
}

static int bind_fault(const struct kl_links *links, struct kl_fault *fault)
{
	int error = errno;

	kl_fault(fault, KL_E_CONFIG, "cannot listen on %s: %s", links->config.bind,
		zmq_strerror(error));
	if (error == EADDRINUSE)
		kl_fault_hint(fault,
			"another program has this port; choose another with --bind or `bind =`");
	else
		kl_fault_hint(fault,
			"--bind takes an address of this machine, such as tcp://0.0.0.0:7700");
	return KL_E_CONFIG;
}

static int open_router(struct kl_links *links, struct kl_fault *fault)
{
	void *socket = zmq_socket(links->config.zmq, ZMQ_ROUTER);
	size_t len = sizeof links->endpoint;

	if (!socket)
		return kl_fault(fault, KL_E_IO, "cannot listen: %s", zmq_strerror(errno));
	if (set_common(links, socket) || set_int(socket, ZMQ_CURVE_SERVER, 1) ||
		set_int(socket, ZMQ_ROUTER_MANDATORY, 1) || set_int(socket, ZMQ_BACKLOG, 256) ||
		(strchr(links->config.bind, '[') && set_int(socket, ZMQ_IPV6, 1)) ||
		zmq_bind(socket, links->config.bind) ||
		zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, links->endpoint, &len)) {
		bind_fault(links, fault);
		zmq_close(socket);
		return KL_E_CONFIG;
	}
	if (kl_zsock_open(
		    &links->router, links->config.loop, socket, ZMQ_POLLIN, on_router, links)) {
		zmq_close(socket);
		return kl_fault(fault, KL_E_IO, "the listening socket cannot be watched");
	}
	links->routed = true;
	links->open++;
	return KL_OK;
}

/* ---- out ----------------------------------------------------------------------------------- */

static uint32_t number_of(const struct out *out)
{
	return KL_LINKS_IN + (uint32_t)(out - out->links->out);
}

static void out_down(struct out *out)
{
	if (!out->up)
		return;
	out->up = false;
	out->lost_ms = now(out->links);
	out->links->hooks.down(out->links->hooks.context, number_of(out));
}

static void wire_closed(struct kl_zsock *sock)
{
	struct wire *wire = sock->data;

	if (!--wire->open)
		free(wire);
}

/* Lets go of the sockets; they close by themselves once the loop has turned. */
static void out_unplug(struct out *out)
{
	struct wire *wire = out->wire;

	if (!wire)
		return;
	out->wire = NULL;
	wire->out = NULL;
	zmq_socket_monitor(kl_zsock_handle(&wire->sock), NULL, 0);
	kl_zsock_close(&wire->monitor, wire_closed);
	kl_zsock_close(&wire->sock, wire_closed);
}

/* As long as a silent link is taken to be up, and a minute at most. */
static uint32_t longest_pause(const struct kl_links *links)
{
	return links->config.beat_ms > RECONNECT_MAX_MS / SILENT_BEATS
		       ? RECONNECT_MAX_MS
		       : links->config.beat_ms * SILENT_BEATS;
}

/* Refused or faulty: libzmq gives such a connection up for good, so it is dialled anew, with pauses
 * that grow. */
static void out_pause(struct out *out, uint32_t least_ms)
{
	const uint32_t longest = longest_pause(out->links);

	out_unplug(out);
	if (out->pause_ms < least_ms)
		out->pause_ms = least_ms;
	out->again_ms = now(out->links) + out->pause_ms;
	out->pause_ms = out->pause_ms > longest / 2 ? longest : 2 * out->pause_ms;
}

static void on_dealer(struct kl_zsock *sock, int events)
{
	struct wire *wire = sock->data;
	struct kl_zmessage m;

	(void)events;
	kl_zmessage_init(&m);
	while (wire->out && !kl_zsock_receive(sock, &m)) {
		struct out *out = wire->out;

		if (m.count == 1 && out->up)
			out->links->hooks.frame(out->links->hooks.context, number_of(out),
				kl_zmessage_frame(&m, 0));
	}
	kl_zmessage_deinit(&m);
}

static void out_event(struct out *out, uint16_t event)
{
	switch (event) {
	case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
		out->refused = false;
		out->pause_ms = RECONNECT_FIRST_MS;
		out_down(out);
		out->up = true;
		out->links->hooks.up(out->links->hooks.context, number_of(out), &out->member, true);
		break;
	case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
		out->refused = true;
		out_down(out);
		out_pause(out, RECONNECT_FIRST_MS);
		break;
	case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
	case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
		out_down(out);
		out_pause(out, RECONNECT_FIRST_MS);
		break;
	case ZMQ_EVENT_DISCONNECTED:
		out_down(out);
		break;
	default:
		break;
	}
}

static void on_monitor(struct kl_zsock *sock, int events)
{
	struct wire *wire = sock->data;
	struct kl_zmessage m;

	(void)events;
	kl_zmessage_init(&m);
	while (wire->out && !kl_zsock_receive(sock, &m)) {
		struct kl_bytes frame = kl_zmessage_frame(&m, 0);
		uint16_t event;

		if (frame.len < sizeof event)
			continue;
		memcpy(&event, frame.data, sizeof event); /* in the machine's own order */
		out_event(wire->out, event);
	}
	kl_zmessage_deinit(&m);
}

static int set_dealer(struct out *out, void *socket)
{
	const int longest = (int)longest_pause(out->links);

	return set_common(out->links, socket) ||
			       zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, out->endpoint.curve_key,
				       sizeof out->endpoint.curve_key) ||
			       set_int(socket, ZMQ_IMMEDIATE, 1) ||
			       set_int(socket, ZMQ_RECONNECT_IVL, RECONNECT_FIRST_MS) ||
			       set_int(socket, ZMQ_RECONNECT_IVL_MAX, longest) ||
			       (strchr(out->endpoint.address, '[') && set_int(socket, ZMQ_IPV6, 1))
		       ? KL_E_IO
		       : KL_OK;
}

/* The socket's own news: when the handshake went well, when the connection is lost. */
static void *open_monitor(struct kl_links *links, void *socket)
{
	const int wanted = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
			   ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
			   ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED;
	char name[64];
	void *monitor;

	snprintf(name, sizeof name, "inproc://links-%p-%u", (void *)links, links->monitors++);
	if (zmq_socket_monitor(socket, name, wanted))
		return NULL;
	monitor = zmq_socket(links->config.zmq, ZMQ_PAIR);
	if (monitor && (set_int(monitor, ZMQ_LINGER, 0) || zmq_connect(monitor, name))) {
		zmq_close(monitor);
		monitor = NULL;
	}
	return monitor;
}

static int out_dial(struct out *out)
{
	struct kl_links *links = out->links;
	void *socket = zmq_socket(links->config.zmq, ZMQ_DEALER), *monitor = NULL;
	struct wire *wire = calloc(1, sizeof *wire);

	if (!socket || !wire || set_dealer(out, socket))
		goto fail;
	monitor = open_monitor(links, socket);
	if (!monitor || zmq_connect(socket, out->endpoint.address))
		goto fail;
	if (kl_zsock_open(
		    &wire->monitor, links->config.loop, monitor, ZMQ_POLLIN, on_monitor, wire))
		goto fail;
	wire->open++;
	if (kl_zsock_open(&wire->sock, links->config.loop, socket, ZMQ_POLLIN, on_dealer, wire)) {
		kl_zsock_close(&wire->monitor, wire_closed);
		zmq_close(socket);
		return KL_E_IO;
	}
	wire->open++;
	wire->out = out;
	out->wire = wire;
	return KL_OK;
fail:
	if (monitor)
		zmq_close(monitor);
	if (socket)
		zmq_close(socket);
	free(wire);
	return KL_E_IO;
}

int kl_links_call(
	struct kl_links *links, const struct kl_endpoint *endpoint, const struct kl_id *member)
{
	struct out *free_place = NULL;

	for (size_t i = 0; i < KL_LINKS_OUT; i++) {
		struct out *out = &links->out[i];

		if (!out->used)
			free_place = free_place ? free_place : out;
		else if (!strcmp(out->endpoint.address, endpoint->address) &&
			 !memcmp(out->endpoint.curve_key, endpoint->curve_key, KL_CURVE_KEY_BYTES))
			return KL_OK;
	}
	if (!free_place)
		return KL_E_RANGE;
	*free_place = (struct out){.links = links,
		.used = true,
		.endpoint = *endpoint,
		.member = *member,
		.lost_ms = now(links),
		.pause_ms = RECONNECT_FIRST_MS};
	if (out_dial(free_place))
		out_pause(free_place, RECONNECT_FIRST_MS);
	return KL_OK;
}

void kl_links_hang_up(struct kl_links *links, size_t number)
{
	struct out *out = &links->out[number];

	if (!out->used)
		return;
	out->used = false;
	out_down(out);
	out_unplug(out);
}

bool kl_links_out(const struct kl_links *links, size_t number, struct kl_out_view *ret_view)
{
	const struct out *out = &links->out[number];

	if (!out->used)
		return false;
	*ret_view = (struct kl_out_view){&out->endpoint, out->member, out->up, out->refused,
		out->up ? 0 : now(links) - out->lost_ms};
	return true;
}

/* ---- all ----------------------------------------------------------------------------------- */

bool kl_links_with(const struct kl_links *links, const struct kl_id *member)
{
	for (size_t i = 0; i < KL_LINKS_IN; i++)
		if (links->in[i].open && kl_id_equal(&links->in[i].member, member))
			return true;
	for (size_t i = 0; i < KL_LINKS_OUT; i++)
		if (links->out[i].used && links->out[i].up &&
			kl_id_equal(&links->out[i].member, member))
			return true;
	return false;
}

void kl_links_send(struct kl_links *links, uint32_t link, struct kl_bytes bytes)
{
	if (link < KL_LINKS_IN && links->in[link].open) {
		const struct in *in = &links->in[link];
		const struct kl_bytes frames[] = {kl_bytes(in->route, in->route_len), bytes};
		int rc = kl_zsock_send(&links->router, frames, 2);

		if (rc == KL_E_UNREACHABLE)
			in_down(links, link);
	} else if (link >= KL_LINKS_IN && link < KL_LINKS_MAX) {
		struct out *out = &links->out[link - KL_LINKS_IN];

		if (out->up && out->wire)
			(void)kl_zsock_send(&out->wire->sock, &bytes, 1);
	}
}

void kl_links_again(struct kl_links *links)
{
	for (uint32_t i = 0; i < KL_LINKS_IN; i++)
		if (links->in[i].open)
			links->hooks.up(links->hooks.context, i, &links->in[i].member, true);
	for (uint32_t i = 0; i < KL_LINKS_OUT; i++)
		if (links->out[i].used && links->out[i].up)
			links->hooks.up(
				links->hooks.context, KL_LINKS_IN + i, &links->out[i].member, true);
}

void kl_links_drop(struct kl_links *links, uint32_t link, uint32_t pause_ms)
{
	if (link < KL_LINKS_IN) {
		if (links->in[link].open)
			in_leave(links, &links->in[link], LAST_WORDS_MS);
		links->in[link].open = false;
		links->in[link].mute_ms = now(links) + pause_ms;
	} else if (link < KL_LINKS_MAX) {
		struct out *out = &links->out[link - KL_LINKS_IN];

		out->up = false;
		out->lost_ms = now(links);
		out_pause(out, pause_ms < RECONNECT_FIRST_MS ? RECONNECT_FIRST_MS : pause_ms);
	}
}

static void on_timer(uv_timer_t *timer);

/* libzmq unbinds in its own thread and says so before it is done: until then the port is taken, by
 * ourselves. It is tried again, soon at first. */
static void listen_again(struct kl_links *links)
{
	bool bound = !zmq_bind(kl_zsock_handle(&links->router), links->endpoint);
	uint64_t soon = links->period_ms;

	kl_zsock_touch(&links->router);
	links->deaf = bound ? 0 : links->deaf + 1;
	if (links->deaf == REBIND_TRIES)
		kl_log(KL_LOG_ERROR, "cannot listen on %s again: %s; trying on", links->endpoint,
			zmq_strerror(errno));
	if (links->deaf && links->deaf < REBIND_TRIES)
		soon = REBIND_MS;
	uv_timer_start(&links->timer, on_timer, soon, links->period_ms);
}

static void rebind(struct kl_links *links)
{
	if (!links->deaf && zmq_unbind(kl_zsock_handle(&links->router), links->endpoint))
		kl_log(KL_LOG_ERROR, "cannot cut links: %s", zmq_strerror(errno));
	listen_again(links);
}

void kl_links_review(struct kl_links *links)
{
	bool cut = false;

	for (size_t i = 0; i < KL_LINKS_IN; i++)
		if (links->in[i].open &&
			!links->hooks.knows(links->hooks.context, &links->in[i].member)) {
			in_down(links, i);
			cut = true;
		}
	for (size_t i = 0; i < KL_LINKS_OUT; i++)
		if (links->out[i].used &&
			!links->hooks.knows(links->hooks.context, &links->out[i].member))
			kl_links_hang_up(links, i);
	if (cut && links->routed)
		rebind(links);
}

static void on_timer(uv_timer_t *timer)
{
	struct kl_links *links = timer->data;
	uint64_t t = now(links), silence = silence_ms(links);

	for (size_t i = 0; i < KL_LINKS_IN; i++)
		if (links->in[i].open && t - links->in[i].heard_ms > silence) {
			in_leave(links, &links->in[i], 0);
			in_down(links, i);
		}
	kl_conns_due(&links->conns, t);
	for (size_t i = 0; i < KL_LINKS_OUT; i++) {
		struct out *out = &links->out[i];

		if (out->used && !out->wire && t >= out->again_ms && out_dial(out))
			out_pause(out, RECONNECT_FIRST_MS);
	}
	if (links->deaf)
		listen_again(links);
}

uint64_t kl_links_refused(const struct kl_links *links)
{
	return links->zap ? kl_zap_refused(links->zap) : 0;
}

static bool admits(void *context, const uint8_t curve_key[32], struct kl_id *ret_member)
{
	struct kl_links *links = context;

	return links->hooks.admits(links->hooks.context, curve_key, ret_member) &&
	       kl_shakes_may(&links->shakes, ret_member, now(links));
}

int kl_links_new(const struct kl_links_config *config, const struct kl_links_hooks *hooks,
	struct kl_fault *fault, struct kl_links **ret_links)
{
	struct kl_links *links = calloc(1, sizeof *links);
	int rc;

	if (!links)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	links->config = *config;
	links->hooks = *hooks;
	links->period_ms = config->beat_ms < 1000 ? config->beat_ms : 1000;
	links->open = 1; /* the timer */
	uv_timer_init(config->loop->uv, &links->timer);
	links->timer.data = links;
	rc = kl_zap_new(config->loop, config->zmq, admits, links, fault, &links->zap);
	if (!rc && config->bind[0])
		rc = open_router(links, fault);
	if (rc) {
		kl_links_close(links);
		return rc;
	}
	uv_timer_start(&links->timer, on_timer, links->period_ms, links->period_ms);
	*ret_links = links;
	return KL_OK;
}

const char *kl_links_endpoint(const struct kl_links *links)
{
	return links->endpoint;
}

static void timer_closed(uv_handle_t *handle)
{
	release(handle->data);
}

static void router_closed(struct kl_zsock *sock)
{
	release(sock->data);
}

void kl_links_end_admission(struct kl_links *links)
{
	kl_zap_close(links->zap);
	links->zap = NULL;
}

void kl_links_close(struct kl_links *links)
{
	if (!links)
		return;
	links->closing = true;
	for (size_t i = 0; i < KL_LINKS_OUT; i++)
		if (links->out[i].used) {
			links->out[i].used = links->out[i].up = false;
			out_unplug(&links->out[i]);
		}
	/* libuv ends handles last come, first served: admission outlives the socket that needs it */
	kl_links_end_admission(links);
	if (links->routed)
		kl_zsock_close(&links->router, router_closed);
	uv_close((uv_handle_t *)&links->timer, timer_closed);
}
