/* Connections behind the listening socket that nobody needs any more: they are cut, and with them
 * goes what libzmq still keeps for them.
 *
 * A ROUTER has no way to close one connection, and a peer that does not read keeps one, and its
 * queue, for as long as it likes. So the descriptor is shut down, which libzmq takes for the peer's
 * hanging up. Whose descriptor it is may have changed: it is looked at again before. */
#ifndef KL_DAEMON_CONNS_H
#define KL_DAEMON_CONNS_H

#include "core/bytes.h"

#include <stdbool.h>
#include <sys/socket.h>
#include <zmq.h>

enum {
	KL_CONNS_MAX = 64,
	KL_CONNS_MEMBER_MAX =
		2, /* that wait to be cut, of one member; the oldest goes for a third */
	KL_SHAKES_MAX = 256,
	KL_SHAKES_MEMBER_MAX = 24, /* handshakes of one member in KL_SHAKES_MS */
	KL_SHAKES_MS = 10000,
};

struct kl_conn {
	int fd; /* -1: not known */
	struct sockaddr_storage peer;
	socklen_t peer_len;
};

/* The connection that a message came on. */
struct kl_conn kl_conn_of(const zmq_msg_t *message);

bool kl_conn_equal(const struct kl_conn *a, const struct kl_conn *b);

/* Shuts it down, if it is still the same. */
void kl_conn_cut(const struct kl_conn *conn);

/* Those that wait for it. All zero is none. */
struct kl_conns {
	struct kl_cut {
		bool used;
		struct kl_conn conn;
		struct kl_id member;
		uint64_t at_ms;
	} items[KL_CONNS_MAX];
};

/* Cuts it at `at_ms`, or sooner if there are too many. */
void kl_conns_add(struct kl_conns *conns, const struct kl_conn *conn, const struct kl_id *member,
	uint64_t at_ms);
/* It is not to be cut any more. */
void kl_conns_forget(struct kl_conns *conns, const struct kl_conn *conn);
void kl_conns_due(struct kl_conns *conns, uint64_t now_ms);

/* Handshakes of late: connections that shake hands and say nothing cost a descriptor each. All zero
 * is none. */
struct kl_shakes {
	struct kl_shake {
		struct kl_id member;
		uint64_t at_ms; /* 0: free */
	} items[KL_SHAKES_MAX];
	size_t next;
};

/* Counts one; false if this member made too many. */
bool kl_shakes_may(struct kl_shakes *shakes, const struct kl_id *member, uint64_t now_ms);

#endif
