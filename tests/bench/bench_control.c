/* What the command socket costs over raw ZeroMQ on the same kind of socket: a command that does
 * nothing, asked and answered, against two frames sent and sent back. Both servers run beside each
 * other as processes of their own; rounds of questions take turns. */
#include "client/link.h"
#include "daemon/control.h"
#include "tests/bench/bench.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

enum { ROUNDS = 15, ASKS = 300 };

static const uint8_t no_args[] = {0x80};

/* ---- the servers --------------------------------------------------------------------------- */

static int say_yes(void *node, struct kl_ask *ask)
{
	(void)node;
	kl_write_map(&ask->out, 0);
	return kl_ask_answer(ask);
}

static const struct kl_command_handler commands[] = {{"yes", say_yes}};

static _Noreturn void serve_commands(const char *path)
{
	struct kl_control_options options = {
		.path = path, .commands = commands, .command_count = 1};
	struct kl_control *control;
	struct kl_fault fault = {0};
	struct kl_zloop loop;
	uv_loop_t uv;

	if (uv_loop_init(&uv))
		give_up("no loop");
	kl_zloop_init(&loop, &uv);
	if (kl_control_new(&loop, zmq_ctx_new(), &options, &fault, &control))
		give_up(fault.message);
	uv_run(&uv, UV_RUN_DEFAULT);
	exit(1);
}

static _Noreturn void serve_raw(const char *endpoint)
{
	void *socket = zmq_socket(zmq_ctx_new(), ZMQ_ROUTER);

	if (zmq_bind(socket, endpoint))
		give_up("the raw socket cannot be bound");
	while (true) {
		zmq_msg_t part;
		int more;

		zmq_msg_init(&part);
		if (zmq_msg_recv(&part, socket, 0) < 0)
			give_up("the raw socket does not receive");
		more = zmq_msg_more(&part);
		if (zmq_msg_send(&part, socket, more ? ZMQ_SNDMORE : 0) < 0)
			give_up("the raw socket does not send");
	}
}

/* ---- the questions ------------------------------------------------------------------------- */

/* Microseconds for one question, on average over a round. */
static double ask_commands(struct kl_link *link)
{
	double start = now();

	for (int i = 0; i < ASKS; i++) {
		struct kl_fault fault = {0};
		struct kl_value answer;

		if (kl_link_ask(link, "yes", kl_bytes(no_args, sizeof no_args), &fault, &answer))
			give_up(fault.message);
	}
	return (now() - start) / ASKS * 1e6;
}

/* As the client does: wait with a limit, then receive. */
static double ask_raw(void *socket)
{
	double start = now();

	for (int i = 0; i < ASKS; i++) {
		zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
		char buffer[64];

		if (zmq_send(socket, "q", 1, ZMQ_SNDMORE) < 0 ||
			zmq_send(socket, no_args, sizeof no_args, 0) < 0 ||
			zmq_poll(&item, 1, 5000) != 1)
			give_up("no raw answer");
		for (int more = 1; more;) {
			size_t size = sizeof more;

			if (zmq_recv(socket, buffer, sizeof buffer, 0) < 0)
				give_up("no raw frame");
			zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size);
		}
	}
	return (now() - start) / ASKS * 1e6;
}

static void measure(const char *path, const char *endpoint)
{
	void *zmq = zmq_ctx_new(), *raw = zmq_socket(zmq, ZMQ_DEALER);
	double of_commands[ROUNDS], of_raw[ROUNDS];
	struct kl_fault fault = {0};
	struct kl_link *link;
	int none = 0;

	zmq_setsockopt(raw, ZMQ_LINGER, &none, sizeof none);
	if (zmq_connect(raw, endpoint))
		give_up("the raw socket does not connect");
	for (int tries = 0; kl_link_probe(path) && tries < 500; tries++)
		usleep(10000);
	if (kl_link_new(path, NULL, &fault, &link))
		give_up(fault.message);
	ask_commands(link);
	ask_raw(raw);
	for (int i = 0; i < ROUNDS; i++) {
		of_commands[i] = ask_commands(link);
		of_raw[i] = ask_raw(raw);
	}
	printf("control_round_trip_us %.1f\n", median(of_commands, ROUNDS));
	printf("control_raw_round_trip_us %.1f\n", median(of_raw, ROUNDS));
	kl_link_destroy(link);
	zmq_close(raw);
	zmq_ctx_term(zmq);
}

int main(void)
{
	char folder[] = "/tmp/keeplocal-bench-XXXXXX", path[64], endpoint[80];
	pid_t servers[2];

	if (!mkdtemp(folder))
		give_up("no folder");
	snprintf(path, sizeof path, "%s/control", folder);
	snprintf(endpoint, sizeof endpoint, "ipc://%s/raw", folder);
	for (int i = 0; i < 2; i++) {
		servers[i] = fork();
		if (servers[i] < 0)
			give_up("no process");
		if (!servers[i])
			i ? serve_raw(endpoint) : serve_commands(path);
	}
	measure(path, endpoint);
	for (int i = 0; i < 2; i++) {
		kill(servers[i], SIGKILL);
		waitpid(servers[i], NULL, 0);
	}
	unlink(path);
	unlink(endpoint + strlen("ipc://"));
	rmdir(folder);
	return 0;
}
