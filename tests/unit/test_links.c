/* Who gets a link, and who does not: real sockets, callers with keys of our choice. */
#include "daemon/links.h"
#include "protocol/sync_frames.h"
#include "tests/unit/harness.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MEMBERS = 3, BEAT_MS = 100, LIMIT_MS = 20000 };

/* What the daemon would know, and what it would hear. */
struct house {
	uv_loop_t uv;
	struct kl_zloop loop;
	void *zmq;
	struct kl_links *links;
	struct kl_box_keys own, keys[MEMBERS];
	bool member[MEMBERS]; /* on the roster */
	unsigned up, down, frames;
	char last; /* last byte of the last frame */
};

static struct kl_id id_of(unsigned i)
{
	return (struct kl_id){{(uint8_t)(i + 1)}};
}

static bool admits(void *context, const uint8_t curve_key[32], struct kl_id *ret_member)
{
	const struct house *h = context;

	for (unsigned i = 0; i < MEMBERS; i++)
		if (h->member[i] && !memcmp(h->keys[i].public_key.b, curve_key, 32)) {
			*ret_member = id_of(i);
			return true;
		}
	return false;
}

static bool knows(void *context, const struct kl_id *member)
{
	const struct house *h = context;

	return member->b[0] && member->b[0] <= MEMBERS && h->member[member->b[0] - 1];
}

static void on_up(void *context, uint32_t link, const struct kl_id *member, bool called)
{
	(void)link;
	(void)member;
	(void)called;
	((struct house *)context)->up++;
}

static void on_down(void *context, uint32_t link)
{
	(void)link;
	((struct house *)context)->down++;
}

static void on_frame(void *context, uint32_t link, struct kl_bytes bytes)
{
	struct house *h = context;

	(void)link;
	h->frames++;
	h->last = bytes.len ? (char)bytes.data[bytes.len - 1] : 0;
}

static void open_loop(struct house *h)
{
	uint8_t seed[KL_SEED_BYTES] = {200};

	memset(h, 0, sizeof *h);
	assert_int_equal(uv_loop_init(&h->uv), 0);
	kl_zloop_init(&h->loop, &h->uv);
	h->zmq = zmq_ctx_new();
	kl_box_keys_from_seed(seed, &h->own);
	for (unsigned i = 0; i < MEMBERS; i++) {
		seed[1] = (uint8_t)(i + 1); /* of byte 0 X25519 ignores the lowest bits */
		kl_box_keys_from_seed(seed, &h->keys[i]);
		h->member[i] = true;
	}
}

static int open_links(struct house *h, struct kl_fault *fault)
{
	const struct kl_links_config config = {.loop = &h->loop,
		.zmq = h->zmq,
		.keys = &h->own,
		.bind = "tcp://127.0.0.1:*",
		.beat_ms = BEAT_MS};
	const struct kl_links_hooks hooks = {h, admits, knows, on_up, on_down, on_frame};

	return kl_links_new(&config, &hooks, fault, &h->links);
}

static void close_house(struct house *h)
{
	kl_links_close(h->links);
	uv_run(&h->uv, UV_RUN_DEFAULT);
	kl_zloop_close(&h->loop);
	uv_run(&h->uv, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&h->uv), 0);
	zmq_ctx_term(h->zmq);
}

static void on_alarm(uv_timer_t *timer)
{
	(void)timer;
}

/* Turns the loop until `*count` has reached `wanted`; false after a generous time. */
static bool reached(struct house *h, const unsigned *count, unsigned wanted)
{
	uv_timer_t alarm; /* so that the loop never sleeps for long */
	uint64_t end = uv_hrtime() + (uint64_t)LIMIT_MS * 1000000;

	uv_timer_init(&h->uv, &alarm);
	uv_timer_start(&alarm, on_alarm, 5, 5);
	while (*count < wanted && uv_hrtime() < end)
		uv_run(&h->uv, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&alarm, NULL);
	uv_run(&h->uv, UV_RUN_NOWAIT);
	return *count >= wanted;
}

/* ---- callers ------------------------------------------------------------------------------- */

struct caller {
	void *zmq, *socket, *monitor;
	unsigned good, bad; /* handshakes */
	unsigned lost;      /* connections */
};

static void caller_open_as(
	struct caller *c, const struct house *h, const struct kl_box_keys *keys, const char *route)
{
	const int none = 0;
	char name[64];

	*c = (struct caller){.zmq = zmq_ctx_new()};
	c->socket = zmq_socket(c->zmq, ZMQ_DEALER);
	zmq_setsockopt(c->socket, ZMQ_LINGER, &none, sizeof none);
	if (route)
		zmq_setsockopt(c->socket, ZMQ_ROUTING_ID, route, strlen(route));
	zmq_setsockopt(c->socket, ZMQ_CURVE_SERVERKEY, h->own.public_key.b, 32);
	zmq_setsockopt(c->socket, ZMQ_CURVE_PUBLICKEY, keys->public_key.b, 32);
	zmq_setsockopt(c->socket, ZMQ_CURVE_SECRETKEY, keys->secret, 32);
	snprintf(name, sizeof name, "inproc://caller-%p", (void *)c);
	assert_int_equal(zmq_socket_monitor(c->socket, name, ZMQ_EVENT_ALL), 0);
	c->monitor = zmq_socket(c->zmq, ZMQ_PAIR);
	zmq_setsockopt(c->monitor, ZMQ_LINGER, &none, sizeof none);
	assert_int_equal(zmq_connect(c->monitor, name), 0);
	assert_int_equal(zmq_connect(c->socket, kl_links_endpoint(h->links)), 0);
}

static void caller_open(struct caller *c, const struct house *h, const struct kl_box_keys *keys)
{
	caller_open_as(c, h, keys, NULL);
}

static void caller_close(struct caller *c)
{
	zmq_close(c->monitor);
	zmq_close(c->socket);
	zmq_ctx_term(c->zmq);
}

static void read_events(struct caller *c)
{
	uint8_t frame[256];
	uint16_t event;
	int n;

	while ((n = zmq_recv(c->monitor, frame, sizeof frame, ZMQ_DONTWAIT)) >= 0) {
		if (n != 6)
			continue; /* the address that belongs to it */
		memcpy(&event, frame, sizeof event);
		c->good += event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
		c->bad += event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
		c->lost += event == ZMQ_EVENT_DISCONNECTED;
	}
}

/* Turns the loop until the caller's handshake was decided. */
static void shake_hands(struct house *h, struct caller *c)
{
	uint64_t end = uv_hrtime() + (uint64_t)LIMIT_MS * 1000000;
	unsigned good = c->good, bad = c->bad;

	while (c->good == good && c->bad == bad && uv_hrtime() < end) {
		uv_run(&h->uv, UV_RUN_NOWAIT);
		read_events(c);
	}
	assert_true(c->good > good || c->bad > bad);
}

/* Turns the loop until the caller was hung up on. */
static bool was_cut(struct house *h, struct caller *c)
{
	uint64_t end = uv_hrtime() + (uint64_t)LIMIT_MS * 1000000;

	while (!c->lost && uv_hrtime() < end) {
		uv_run(&h->uv, UV_RUN_NOWAIT);
		read_events(c);
	}
	return c->lost;
}

static void say(struct caller *c, const char *words)
{
	assert_int_equal(zmq_send(c->socket, words, strlen(words), 0), (int)strlen(words));
}

static void greet(struct caller *c)
{
	const struct kl_hello hello = {.version_min = 1, .version_max = 1};
	struct kl_writer w;
	struct kl_bytes bytes;

	kl_writer_init(&w);
	kl_frame_hello_write(&w, false, &hello);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	assert_int_equal(zmq_send(c->socket, bytes.data, bytes.len, 0), (int)bytes.len);
	kl_writer_deinit(&w);
}

/* ---- tests --------------------------------------------------------------------------------- */

static void a_member_comes_in_with_a_greeting(void **state)
{
	struct house h;
	struct caller c;

	(void)state;
	open_loop(&h);
	assert_int_equal(open_links(&h, NULL), KL_OK);
	caller_open(&c, &h, &h.keys[0]);
	shake_hands(&h, &c);
	assert_int_equal(c.good, 1);
	say(&c, "a"); /* before the greeting: nobody listens */
	greet(&c);
	say(&c, "z");
	assert_true(reached(&h, &h.frames, 2));
	assert_int_equal(h.up, 1);
	assert_int_equal(h.frames, 2);
	assert_int_equal(h.last, 'z');
	caller_close(&c);
	close_house(&h);
}

static void a_stranger_is_refused_at_the_handshake(void **state)
{
	struct house h;
	struct caller c;

	(void)state;
	open_loop(&h);
	h.member[1] = false;
	assert_int_equal(open_links(&h, NULL), KL_OK);
	caller_open(&c, &h, &h.keys[1]);
	shake_hands(&h, &c);
	assert_int_equal(c.good, 0);
	assert_true(kl_links_refused(h.links) >= 1);
	assert_int_equal(h.up + h.frames, 0);
	caller_close(&c);
	close_house(&h);
}

/* Without a handler for ZAP libzmq lets every CURVE client shake hands. Then nothing that a stranger
 * says is taken, since nobody vouched for it, and even members cannot come in anew; a link that was
 * up goes on. */
static void without_admission_nobody_comes_in(void **state)
{
	struct house h;
	struct caller member, late, stranger;

	(void)state;
	open_loop(&h);
	h.member[2] = false;
	assert_int_equal(open_links(&h, NULL), KL_OK);
	caller_open(&member, &h, &h.keys[0]);
	shake_hands(&h, &member);
	greet(&member);
	assert_true(reached(&h, &h.up, 1));

	kl_links_end_admission(h.links);
	for (unsigned i = 0; i < 4; i++) /* the handler's socket closes when the loop has turned */
		uv_run(&h.uv, UV_RUN_NOWAIT);
	caller_open(&stranger, &h, &h.keys[2]);
	shake_hands(&h, &stranger);
	assert_int_equal(stranger.good, 1); /* libzmq's doing, and why this test stands here */
	greet(&stranger);
	say(&stranger, "x");
	caller_open(&late, &h, &h.keys[1]);
	shake_hands(&h, &late);
	greet(&late);
	say(&late, "y");
	for (unsigned i = 0; i < 100; i++) { /* whatever came before these has been read */
		unsigned before = h.frames;

		say(&member, "m");
		assert_true(reached(&h, &h.frames, before + 1));
		assert_int_equal(h.last, 'm');
	}
	assert_int_equal(h.up, 1);
	assert_int_equal(h.frames, 101);
	caller_close(&late);
	caller_close(&stranger);
	caller_close(&member);
	close_house(&h);
}

static void without_admission_no_port_is_opened(void **state)
{
	struct house h;
	struct kl_fault fault = {0};
	void *other;

	(void)state;
	open_loop(&h);
	other = zmq_socket(h.zmq, ZMQ_REP); /* somebody has the handler's place */
	assert_int_equal(zmq_bind(other, "inproc://zeromq.zap.01"), 0);
	assert_int_equal(open_links(&h, &fault), KL_E_IO);
	assert_non_null(strstr(fault.message, "admission"));
	assert_null(h.links);
	zmq_close(other);
	close_house(&h);
}

static void the_newer_link_of_a_member_replaces_the_older(void **state)
{
	struct house h;
	struct caller older, newer;

	(void)state;
	open_loop(&h);
	assert_int_equal(open_links(&h, NULL), KL_OK);
	caller_open(&older, &h, &h.keys[0]);
	greet(&older);
	assert_true(reached(&h, &h.up, 1));
	caller_open(&newer, &h, &h.keys[0]);
	greet(&newer);
	assert_true(reached(&h, &h.up, 2));
	assert_int_equal(h.down, 1);
	say(&older, "o"); /* what trickles in behind does not bring it back */
	for (unsigned i = 0; i < 50; i++) {
		unsigned before = h.frames;

		say(&newer, "n");
		assert_true(reached(&h, &h.frames, before + 1));
		assert_int_equal(h.last, 'n');
	}
	assert_int_equal(h.up, 2);
	assert_true(was_cut(&h, &older)); /* and what waits for it does not wait for ever */
	caller_close(&newer);
	caller_close(&older);
	close_house(&h);
}

/* A peer chooses its route itself, perhaps one that somebody else has just left. */
static void a_route_is_not_enough_to_be_somebody(void **state)
{
	struct house h;
	struct caller first, second, other;

	(void)state;
	open_loop(&h);
	assert_int_equal(open_links(&h, NULL), KL_OK);
	caller_open_as(&first, &h, &h.keys[0], "route");
	greet(&first);
	assert_true(reached(&h, &h.up, 1));
	caller_close(&first);
	caller_open(&other, &h, &h.keys[2]);
	shake_hands(&h, &other); /* by then it is known that the first has hung up */
	caller_open_as(&second, &h, &h.keys[1], "route");
	shake_hands(&h, &second);
	say(&second, "s");
	assert_true(reached(&h, &h.down, 1));
	assert_int_equal(h.frames, 1); /* the greeting of the first */
	caller_close(&second);
	caller_close(&other);
	close_house(&h);
}

static void a_removed_member_is_cut_and_the_others_come_back(void **state)
{
	struct house h;
	struct caller out, stays;

	(void)state;
	open_loop(&h);
	assert_int_equal(open_links(&h, NULL), KL_OK);
	for (unsigned round = 0; round < 8; round++) { /* a port is not always free again at once */
		h.member[0] = true;
		h.up = h.down = 0;
		caller_open(&out, &h, &h.keys[0]);
		caller_open(&stays, &h, &h.keys[1]);
		greet(&out);
		greet(&stays);
		assert_true(reached(&h, &h.up, 2));
		shake_hands(&h, &out);
		shake_hands(&h, &stays);

		h.member[0] = false;
		kl_links_review(h.links);
		assert_true(h.down >= 1);
		assert_false(kl_links_with(h.links, &(struct kl_id){{1}}));
		shake_hands(&h, &out);
		assert_true(out.bad >= 1);
		shake_hands(&h, &stays);
		greet(&stays);
		assert_true(reached(&h, &h.up, 3));
		assert_true(kl_links_with(h.links, &(struct kl_id){{2}}));
		caller_close(&stays);
		caller_close(&out);
	}
	close_house(&h);
}

/* Greets again and again, for so many milliseconds; whether that brought a link up. */
static bool heard(struct house *h, struct caller *c, uint64_t ms)
{
	uint64_t end = uv_hrtime() + ms * 1000000;
	unsigned up = h->up;

	while (h->up == up && uv_hrtime() < end) {
		uint64_t next = uv_hrtime() + 2000000;

		greet(c);
		while (uv_hrtime() < next)
			uv_run(&h->uv, UV_RUN_NOWAIT);
	}
	return h->up > up;
}

static void who_is_dropped_is_not_heard_for_a_while(void **state)
{
	struct house h;
	struct caller c;
	const struct kl_id member = id_of(0);

	(void)state;
	open_loop(&h);
	assert_int_equal(open_links(&h, NULL), KL_OK);
	caller_open(&c, &h, &h.keys[0]);
	greet(&c);
	assert_true(reached(&h, &h.up, 1));
	kl_links_drop(h.links, 0, 400);
	assert_false(kl_links_with(h.links, &member));
	assert_false(heard(&h, &c, 100)); /* however often it greets */
	assert_true(heard(&h, &c, LIMIT_MS));
	assert_true(kl_links_with(h.links, &member));
	kl_links_drop(h.links, 0, 0);
	greet(&c);
	assert_true(reached(&h, &h.up, 3));
	caller_close(&c);
	close_house(&h);
}

static void who_is_silent_is_down(void **state)
{
	struct house h;
	struct caller c;

	(void)state;
	open_loop(&h);
	assert_int_equal(open_links(&h, NULL), KL_OK);
	caller_open(&c, &h, &h.keys[0]);
	greet(&c);
	assert_true(reached(&h, &h.up, 1));
	assert_true(reached(&h, &h.down, 1)); /* after four beats; the connection itself stands */
	assert_false(kl_links_with(h.links, &(struct kl_id){{1}}));
	caller_close(&c);
	close_house(&h);
}

/* A member in a process of its own, which says more than is read and waits for its end. */
static void talk_until_killed(int endpoint)
{
	enum { SAID = 2000 };
	static const char words[2048];
	uint8_t seed[KL_SEED_BYTES] = {200};
	struct kl_box_keys own, keys;
	char address[256] = "";
	struct caller c = {.zmq = zmq_ctx_new()};

	kl_box_keys_from_seed(seed, &own);
	seed[1] = 1;
	kl_box_keys_from_seed(seed, &keys);
	if (read(endpoint, address, sizeof address - 1) <= 0)
		_exit(1);
	c.socket = zmq_socket(c.zmq, ZMQ_DEALER);
	zmq_setsockopt(c.socket, ZMQ_CURVE_SERVERKEY, own.public_key.b, 32);
	zmq_setsockopt(c.socket, ZMQ_CURVE_PUBLICKEY, keys.public_key.b, 32);
	zmq_setsockopt(c.socket, ZMQ_CURVE_SECRETKEY, keys.secret, 32);
	(void)zmq_connect(c.socket, address);
	greet(&c);
	for (unsigned i = 0; i < SAID; i++)
		(void)zmq_send(c.socket, words, sizeof words, 0);
	for (;;)
		pause();
}

/* libzmq's own heartbeats end the process in that case (an assertion in their timer): they stay off. */
static void a_peer_that_dies_while_much_of_it_waits(void **state)
{
	struct house h;
	int to_peer[2];
	pid_t peer;

	(void)state;
	assert_int_equal(pipe(to_peer), 0);
	peer = fork();
	assert_true(peer >= 0);
	if (!peer)
		talk_until_killed(to_peer[0]);
	open_loop(&h);
	assert_int_equal(open_links(&h, NULL), KL_OK);
	assert_true(write(to_peer[1], kl_links_endpoint(h.links),
			    strlen(kl_links_endpoint(h.links)) + 1) > 0);
	assert_true(reached(&h, &h.up, 1));
	usleep(2 * BEAT_MS * 1000); /* nothing is read meanwhile */
	kill(peer, SIGKILL);
	assert_int_equal(waitpid(peer, NULL, 0), peer);
	usleep(5 * BEAT_MS * 1000);
	assert_true(reached(&h, &h.down, 1));
	close(to_peer[0]);
	close(to_peer[1]);
	close_house(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_comes_in_with_a_greeting),
		cmocka_unit_test(a_stranger_is_refused_at_the_handshake),
		cmocka_unit_test(without_admission_nobody_comes_in),
		cmocka_unit_test(without_admission_no_port_is_opened),
		cmocka_unit_test(the_newer_link_of_a_member_replaces_the_older),
		cmocka_unit_test(a_route_is_not_enough_to_be_somebody),
		cmocka_unit_test(a_removed_member_is_cut_and_the_others_come_back),
		cmocka_unit_test(who_is_dropped_is_not_heard_for_a_while),
		cmocka_unit_test(who_is_silent_is_down),
		cmocka_unit_test(a_peer_that_dies_while_much_of_it_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
