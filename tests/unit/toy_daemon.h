/* A daemon for tests of the command socket: daemon/control with a toy table of commands, served by a
 * thread, and client/link to talk to it over a real socket.
 *
 *     echo        says back its argument `text`; refuses without one, with a hint
 *     bare code   returns a code and no words
 *     no answer, half answer, big   break the rules for answers, each in its way
 *     hang        never answers; counts its abort
 *     late        answers from a timer, and tells its progress
 *     upload      counts parts and rows; the number 666 makes a row bad
 *     download    twenty parts, each with its number
 *     last words  answers, and stops the daemon at once */
#ifndef KL_TESTS_UNIT_TOY_DAEMON_H
#define KL_TESTS_UNIT_TOY_DAEMON_H

#include "client/link.h"
#include "daemon/control.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/* An empty map of arguments. */
extern const struct kl_bytes nothing;

/* Counters belong to the daemon's thread until it has ended. */
struct server {
	char folder[64], path[512];
	void *zmq;
	uv_loop_t uv;
	struct kl_zloop zloop;
	struct kl_control *control;
	uv_async_t stop;
	pthread_t thread;
	unsigned parts, rows, aborts, ends;
	bool closed;
};

/* A fresh folder in `server`, with the path of the socket that will be in it. */
void make_folder(struct server *server);

/* Starts the daemon at server->path; silence_ms 0 is the protocol's. */
void server_start_at(struct server *server, uint64_t silence_ms);

/* Both of the above, with the usual silence. */
void server_start(struct server *server);

/* Tells it to stop and waits; checks that nothing is left behind. */
void server_stop(struct server *server);

/* Only waits: somebody else told it to stop. */
void server_join(struct server *server);

/* A connection, or a failed test. `options` may be NULL. */
struct kl_link *link_to(const struct server *server, const struct kl_link_options *options);

/* Asks `echo` over the link, and fails unless it works. */
void says(struct kl_link *link, const char *text);

#endif
