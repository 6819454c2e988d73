#include "core/error.h"
#include "daemon/zloop.h"
#include "tests/unit/harness.h"

#include <poll.h>
#include <stdio.h>

/* Every test runs one loop with a watchdog: a stall is a failure, not a hanging test. */
struct bench {
	uv_loop_t uv;
	struct kl_zloop zloop;
	uv_timer_t dog;
	void *zmq;
	bool bitten;
};

enum { WATCHDOG_MS = 60000 };

static void on_dog(uv_timer_t *timer)
{
	struct bench *bench = timer->data;

	bench->bitten = true;
	uv_stop(&bench->uv);
}

static void bench_init(struct bench *bench)
{
	memset(bench, 0, sizeof *bench);
	bench->zmq = zmq_ctx_new();
	assert_non_null(bench->zmq);
	assert_int_equal(uv_loop_init(&bench->uv), 0);
	kl_zloop_init(&bench->zloop, &bench->uv);
	uv_timer_init(&bench->uv, &bench->dog);
	bench->dog.data = bench;
	uv_timer_start(&bench->dog, on_dog, WATCHDOG_MS, 0);
	uv_unref((uv_handle_t *)&bench->dog);
}

/* Runs until nothing is left to wait for. */
static void bench_run(struct bench *bench)
{
	uv_run(&bench->uv, UV_RUN_DEFAULT);
	assert_false(bench->bitten);
}

static void bench_deinit(struct bench *bench)
{
	uv_close((uv_handle_t *)&bench->dog, NULL);
	uv_run(&bench->uv, UV_RUN_DEFAULT);
	kl_zloop_close(&bench->zloop);
	uv_run(&bench->uv, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bench->uv), 0);
	assert_int_equal(zmq_ctx_term(bench->zmq), 0);
}

static void *make_socket(struct bench *bench, int type, int hwm)
{
	void *socket = zmq_socket(bench->zmq, type);
	int zero = 0;

	assert_non_null(socket);
	zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
	zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
	zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
	return socket;
}

/* Two DEALERs that talk to each other, over TCP or ipc. */
static void make_pair(struct bench *bench, bool tcp, int hwm, void **ret_a, void **ret_b)
{
	char endpoint[128];
	size_t size = sizeof endpoint;

	*ret_a = make_socket(bench, ZMQ_DEALER, hwm);
	*ret_b = make_socket(bench, ZMQ_DEALER, hwm);
	assert_int_equal(zmq_bind(*ret_a, tcp ? "tcp://127.0.0.1:*" : "ipc://*"), 0);
	assert_int_equal(zmq_getsockopt(*ret_a, ZMQ_LAST_ENDPOINT, endpoint, &size), 0);
	assert_int_equal(zmq_connect(*ret_b, endpoint), 0);
}

/* ---- everything arrives -------------------------------------------------------------------- */

/* 120 pairs with queues of three messages: one side sends numbers, half of them from its callback
 * and half from a timer, the other sends each back. Every way to lose a signal is in here: sends
 * outside callbacks, full queues on both sides, both events at once, closing in the midst. */
enum { PAIRS = 120, NUMBERS = 400, HWM = 3, BOX = 64 };

struct party {
	struct kl_zsock sock;
	struct stress *stress;
	struct party *peer;
	struct kl_zmessage message;
	uint32_t sent, got, box[BOX], box_head, box_tail;
	bool echo, open;
};

struct stress {
	struct bench bench;
	struct party a[PAIRS], b[PAIRS];
	uv_timer_t timer;
	unsigned done, closed, timer_runs, timer_sends;
};

static int send_number(struct party *party, uint32_t number)
{
	struct kl_bytes frames[2] = {kl_bytes("number", 6), kl_bytes(&number, sizeof number)};

	return kl_zsock_send(&party->sock, frames, 2);
}

static bool has_to_send(const struct party *party)
{
	return party->echo ? party->box_head != party->box_tail : party->sent < NUMBERS;
}

static void send_what_goes(struct party *party, int limit)
{
	while (has_to_send(party) && limit-- > 0) {
		uint32_t number = party->echo ? party->box[party->box_head % BOX] : party->sent;
		int rc = send_number(party, number);

		if (rc == KL_E_BUSY)
			break;
		assert_int_equal(rc, 0);
		if (party->echo)
			party->box_head++;
		party->sent++;
	}
}

static void receive_what_is_there(struct party *party)
{
	while (!party->echo || party->box_tail - party->box_head < BOX) {
		uint32_t number;

		if (kl_zsock_receive(&party->sock, &party->message))
			break;
		assert_int_equal(party->message.count, 2);
		assert_int_equal(kl_zmessage_frame(&party->message, 1).len, sizeof number);
		memcpy(&number, kl_zmessage_frame(&party->message, 1).data, sizeof number);
		assert_int_equal(number, party->got); /* in order, none lost, none twice */
		party->got++;
		if (party->echo)
			party->box[party->box_tail++ % BOX] = number;
	}
}

static void on_party_closed(struct kl_zsock *sock)
{
	struct party *party = sock->data;

	kl_zmessage_deinit(&party->message);
	party->stress->closed++;
}

static void finish_pair(struct party *a)
{
	a->open = a->peer->open = false;
	kl_zsock_close(&a->sock, on_party_closed);
	kl_zsock_close(&a->peer->sock, on_party_closed);
	if (++a->stress->done == PAIRS)
		uv_close((uv_handle_t *)&a->stress->timer, NULL);
}

static void on_party(struct kl_zsock *sock, int events)
{
	struct party *party = sock->data;

	assert_true(party->open);
	assert_false(events & ZMQ_POLLERR);
	receive_what_is_there(party);
	/* Even parties leave all sending to the timer. */
	if (party->echo || (party - party->stress->a) % 2)
		send_what_goes(party, KL_ZSOCK_BUDGET);
	kl_zsock_want(sock, ZMQ_POLLIN | (party->echo && has_to_send(party) ? ZMQ_POLLOUT : 0));
	if (!party->echo && party->got == NUMBERS)
		finish_pair(party);
}

static void on_stress_timer(uv_timer_t *timer)
{
	struct stress *stress = timer->data;

	stress->timer_runs++;
	for (unsigned i = 0; i < PAIRS; i++)
		if (stress->a[i].open && has_to_send(&stress->a[i])) {
			send_what_goes(&stress->a[i], HWM);
			stress->timer_sends++;
		}
}

static void open_party(struct party *party, struct stress *stress, void *socket)
{
	party->stress = stress;
	party->open = true;
	kl_zmessage_init(&party->message);
	assert_int_equal(kl_zsock_open(&party->sock, &stress->bench.zloop, socket, ZMQ_POLLIN,
				 on_party, party),
		0);
}

static void nothing_is_lost_among_many_sockets(void **state)
{
	static struct stress stress;

	(void)state;
	memset(&stress, 0, sizeof stress);
	bench_init(&stress.bench);
	for (unsigned i = 0; i < PAIRS; i++) {
		void *a, *b;

		make_pair(&stress.bench, i % 3 == 0, HWM, &a, &b);
		stress.a[i].peer = &stress.b[i];
		stress.b[i].peer = &stress.a[i];
		stress.b[i].echo = true;
		open_party(&stress.a[i], &stress, a);
		open_party(&stress.b[i], &stress, b);
	}
	uv_timer_init(&stress.bench.uv, &stress.timer);
	stress.timer.data = &stress;
	uv_timer_start(&stress.timer, on_stress_timer, 1, 1);
	bench_run(&stress.bench);
	assert_int_equal(stress.done, PAIRS);
	assert_int_equal(stress.closed, 2 * PAIRS);
	assert_true(stress.timer_sends >= PAIRS);
	assert_int_equal(stress.bench.zloop.opened, 0);
	bench_deinit(&stress.bench);
}

/* ---- an idle loop sleeps ------------------------------------------------------------------- */

/* Takes one message in each call. */
static void on_quiet(struct kl_zsock *sock, int events)
{
	struct kl_zmessage message;

	(void)events;
	kl_zmessage_init(&message);
	(*(unsigned *)sock->data)++;
	assert_int_equal(kl_zsock_receive(sock, &message), 0);
	kl_zmessage_deinit(&message);
}

static void on_pause(uv_timer_t *timer)
{
	uv_close((uv_handle_t *)timer, NULL);
	uv_stop(timer->loop);
}

static void pause_loop(struct bench *bench, unsigned ms)
{
	uv_timer_t timer;

	uv_timer_init(&bench->uv, &timer);
	uv_timer_start(&timer, on_pause, ms, 0);
	uv_run(&bench->uv, UV_RUN_DEFAULT);
	uv_run(&bench->uv, UV_RUN_NOWAIT); /* the timer's memory is ours again */
	assert_false(bench->bitten);
}

/* Sockets that could send at any time, but want to receive only: the loop makes a handful of turns
 * for their connections and then none, however long it runs. */
static void an_idle_loop_makes_no_turns(void **state)
{
	struct kl_bytes frame = kl_bytes("x", 1);
	struct bench bench;
	struct kl_zsock a, b;
	void *sa, *sb;
	unsigned called = 0;
	uint64_t before;

	(void)state;
	bench_init(&bench);
	make_pair(&bench, true, 1000, &sa, &sb);
	assert_int_equal(kl_zsock_open(&a, &bench.zloop, sa, ZMQ_POLLIN, on_quiet, &called), 0);
	assert_int_equal(kl_zsock_open(&b, &bench.zloop, sb, ZMQ_POLLIN, on_quiet, &called), 0);
	pause_loop(&bench, 100);
	/* Busy for a while, so that there is something to stop. */
	for (int i = 0; i < 500; i++)
		assert_int_equal(kl_zsock_send(&a, &frame, 1), 0);
	while (called < 500)
		pause_loop(&bench, 20);
	pause_loop(&bench, 50);
	before = bench.zloop.turns;
	pause_loop(&bench, 200);
	assert_true(bench.zloop.turns - before <= 10);
	assert_int_equal(called, 500);
	kl_zsock_close(&a, NULL);
	kl_zsock_close(&b, NULL);
	bench_run(&bench);
	bench_deinit(&bench);
}

/* ---- signals that were eaten --------------------------------------------------------------- */

/* One socket of ours, and one that the test uses directly. */
struct eaten {
	struct bench bench;
	struct kl_zsock sock;
	struct kl_zmessage message;
	void *theirs;
	unsigned calls, got, expected, per_call;
	bool lazy; /* does nothing in every other call */
};

static void on_eaten(struct kl_zsock *sock, int events)
{
	struct eaten *eaten = sock->data;

	(void)events;
	if (eaten->calls++ % 2 == 0 && eaten->lazy)
		return;
	for (unsigned i = 0; i < eaten->per_call; i++)
		if (!kl_zsock_receive(sock, &eaten->message))
			eaten->got++;
	if (eaten->got == eaten->expected)
		kl_zsock_close(sock, NULL);
}

static void *eaten_init(struct eaten *eaten)
{
	void *ours;

	memset(eaten, 0, sizeof *eaten);
	bench_init(&eaten->bench);
	kl_zmessage_init(&eaten->message);
	eaten->expected = eaten->per_call = 1;
	make_pair(&eaten->bench, false, 0, &ours, &eaten->theirs);
	return ours;
}

static void eaten_open(struct eaten *eaten, void *ours, int wanted)
{
	assert_int_equal(
		kl_zsock_open(&eaten->sock, &eaten->bench.zloop, ours, wanted, on_eaten, eaten), 0);
}

static void eaten_send(struct eaten *eaten, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(zmq_send(eaten->theirs, "x", 1, 0), 1);
}

/* Runs until everything arrived: a lost signal means that the watchdog bites. */
static void eaten_finish(struct eaten *eaten)
{
	bench_run(&eaten->bench);
	assert_int_equal(eaten->got, eaten->expected);
	kl_zmessage_deinit(&eaten->message);
	zmq_close(eaten->theirs);
	bench_deinit(&eaten->bench);
}

static bool fd_is_readable(void *socket, int timeout)
{
	struct pollfd fd = {.events = POLLIN};
	size_t size = sizeof fd.fd;

	assert_int_equal(zmq_getsockopt(socket, ZMQ_FD, &fd.fd, &size), 0);
	return poll(&fd, 1, timeout) == 1;
}

static void wait_for_message(void *socket)
{
	zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};

	assert_int_equal(zmq_poll(&item, 1, WATCHDOG_MS), 1);
}

/* The message is there and its signal was eaten before the loop saw the socket. */
static void before_the_socket_was_opened(void **state)
{
	struct eaten eaten;
	void *ours = eaten_init(&eaten);

	(void)state;
	eaten_send(&eaten, 1);
	wait_for_message(ours);
	eaten_open(&eaten, ours, ZMQ_POLLIN);
	eaten_finish(&eaten);
}

/* The signal came while the loop was busy elsewhere, and a send ate it. */
static void by_a_send_from_elsewhere(void **state)
{
	struct kl_bytes frame = kl_bytes("y", 1);
	struct eaten eaten;
	void *ours = eaten_init(&eaten);

	(void)state;
	eaten_open(&eaten, ours, ZMQ_POLLIN);
	pause_loop(&eaten.bench, 20); /* connected, and quiet */
	eaten_send(&eaten, 1);
	assert_true(fd_is_readable(ours, WATCHDOG_MS));
	while (fd_is_readable(ours, 0))
		assert_int_equal(kl_zsock_send(&eaten.sock, &frame, 1), 0);
	eaten_finish(&eaten);
}

/* As before, with a question that was asked directly. */
static void by_a_question_and_told_so(void **state)
{
	struct eaten eaten;
	void *ours = eaten_init(&eaten);

	(void)state;
	eaten_open(&eaten, ours, ZMQ_POLLIN);
	pause_loop(&eaten.bench, 20);
	eaten_send(&eaten, 1);
	wait_for_message(kl_zsock_handle(&eaten.sock));
	kl_zsock_touch(&eaten.sock);
	eaten_finish(&eaten);
}

/* It came while nobody wanted to receive. */
static void while_nothing_was_wanted(void **state)
{
	struct eaten eaten;
	void *ours = eaten_init(&eaten);

	(void)state;
	eaten_send(&eaten, 1);
	wait_for_message(ours);
	eaten_open(&eaten, ours, 0);
	pause_loop(&eaten.bench, 20);
	assert_int_equal(eaten.calls, 0);
	kl_zsock_want(&eaten.sock, ZMQ_POLLIN);
	eaten_finish(&eaten);
}

/* One signal for two hundred messages, and a reader that takes one, or none, at a time. */
static void by_the_first_of_many_messages(void **state)
{
	struct eaten eaten;
	void *ours = eaten_init(&eaten);

	(void)state;
	eaten.expected = 200;
	eaten.lazy = true;
	eaten_send(&eaten, 200);
	wait_for_message(ours);
	eaten_open(&eaten, ours, ZMQ_POLLIN);
	eaten_finish(&eaten);
}

/* ---- a flood holds nobody up --------------------------------------------------------------- */

enum { FLOOD = 2000 };

struct flood {
	struct bench bench;
	struct kl_zsock from, to;
	struct kl_zmessage message;
	unsigned sent, got, most_in_a_turn;
};

static void on_flood(struct kl_zsock *sock, int events)
{
	struct flood *flood = sock->data;
	unsigned got = 0;

	(void)events;
	while (!kl_zsock_receive(sock, &flood->message))
		got++;
	flood->got += got;
	if (got > flood->most_in_a_turn)
		flood->most_in_a_turn = got;
	if (flood->got < FLOOD)
		return;
	kl_zsock_close(&flood->from, NULL);
	kl_zsock_close(&flood->to, NULL);
}

static void on_source(struct kl_zsock *sock, int events)
{
	struct flood *flood = sock->data;
	struct kl_bytes frame = kl_bytes("x", 1);

	(void)events;
	while (flood->sent < FLOOD && !kl_zsock_send(sock, &frame, 1))
		flood->sent++;
	kl_zsock_want(sock, flood->sent < FLOOD ? ZMQ_POLLOUT : 0);
}

/* Counted, not timed: no turn takes more than the budget, so a timer waits for one budget at
 * most. */
static void a_socket_has_a_budget_in_each_turn(void **state)
{
	struct flood flood = {0};
	void *from, *to;

	(void)state;
	bench_init(&flood.bench);
	kl_zmessage_init(&flood.message);
	make_pair(&flood.bench, false, FLOOD, &to, &from);
	assert_int_equal(kl_zsock_open(&flood.from, &flood.bench.zloop, from, ZMQ_POLLOUT,
				 on_source, &flood),
		0);
	assert_int_equal(
		kl_zsock_open(&flood.to, &flood.bench.zloop, to, ZMQ_POLLIN, on_flood, &flood), 0);
	bench_run(&flood.bench);
	assert_int_equal(flood.got, FLOOD);
	assert_in_range(flood.most_in_a_turn, 1, KL_ZSOCK_BUDGET);
	kl_zmessage_deinit(&flood.message);
	bench_deinit(&flood.bench);
}

/* ---- single rules -------------------------------------------------------------------------- */

struct single {
	struct bench bench;
	struct kl_zsock sock;
	struct kl_zmessage message;
	unsigned got;
};

static void on_single(struct kl_zsock *sock, int events)
{
	struct single *single = sock->data;

	(void)events;
	while (!kl_zsock_receive(sock, &single->message)) {
		single->got++;
		assert_int_equal(single->message.count, 1);
		kl_zsock_close(sock, NULL);
		/* Closed in its own callback: no more messages, no more sends, no harm. */
		assert_int_equal(kl_zsock_receive(sock, &single->message), KL_E_BUSY);
		assert_int_equal(kl_zsock_send(sock, &(struct kl_bytes){NULL, 0}, 1), KL_E_IO);
	}
}

static void too_many_frames_are_dropped_and_counted(void **state)
{
	struct single single = {0};
	void *ours, *theirs;

	(void)state;
	bench_init(&single.bench);
	kl_zmessage_init(&single.message);
	make_pair(&single.bench, false, 10, &ours, &theirs);
	for (int i = 0; i < KL_ZMESSAGE_FRAMES; i++)
		assert_int_equal(zmq_send(theirs, "x", 1, ZMQ_SNDMORE), 1);
	assert_int_equal(zmq_send(theirs, "x", 1, 0), 1);
	assert_int_equal(zmq_send(theirs, "y", 1, 0), 1);
	assert_int_equal(zmq_send(theirs, "z", 1, 0), 1);
	assert_int_equal(kl_zsock_open(&single.sock, &single.bench.zloop, ours, ZMQ_POLLIN,
				 on_single, &single),
		0);
	bench_run(&single.bench);
	assert_int_equal(single.got, 1);
	assert_int_equal(single.sock.oversized, 1);
	kl_zmessage_deinit(&single.message);
	zmq_close(theirs);
	bench_deinit(&single.bench);
}

static void a_router_tells_of_unknown_peers_and_full_queues(void **state)
{
	struct bench bench;
	struct kl_zsock router, dealer;
	struct kl_bytes frames[2] = {kl_bytes("nobody", 6), kl_bytes("x", 1)};
	void *r, *d;
	int one = 1, sent = 0;
	unsigned called = 0;

	(void)state;
	bench_init(&bench);
	r = make_socket(&bench, ZMQ_ROUTER, HWM);
	zmq_setsockopt(r, ZMQ_ROUTER_MANDATORY, &one, sizeof one);
	d = make_socket(&bench, ZMQ_DEALER, HWM);
	assert_int_equal(zmq_bind(d, "inproc://full"), 0); /* nobody connects: no room at all */
	assert_int_equal(kl_zsock_open(&router, &bench.zloop, r, 0, on_quiet, &called), 0);
	assert_int_equal(kl_zsock_open(&dealer, &bench.zloop, d, 0, on_quiet, &called), 0);
	assert_int_equal(kl_zsock_send(&router, frames, 2), KL_E_UNREACHABLE);
	while (sent < 100 && kl_zsock_send(&dealer, frames, 2) == 0)
		sent++;
	assert_int_equal(kl_zsock_send(&dealer, frames, 2), KL_E_BUSY);
	kl_zsock_close(&router, NULL);
	kl_zsock_close(&dealer, NULL);
	bench_run(&bench);
	assert_int_equal(called, 0);
	bench_deinit(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost_among_many_sockets),
		cmocka_unit_test(an_idle_loop_makes_no_turns),
		cmocka_unit_test(before_the_socket_was_opened),
		cmocka_unit_test(by_a_send_from_elsewhere),
		cmocka_unit_test(by_a_question_and_told_so),
		cmocka_unit_test(while_nothing_was_wanted),
		cmocka_unit_test(by_the_first_of_many_messages),
		cmocka_unit_test(a_socket_has_a_budget_in_each_turn),
		cmocka_unit_test(too_many_frames_are_dropped_and_counted),
		cmocka_unit_test(a_router_tells_of_unknown_peers_and_full_queues),
	};

	return RUN(tests);
}
