#include "daemon/conns.h"

#include <string.h>

struct kl_conn kl_conn_of(const zmq_msg_t *message)
{
	struct kl_conn conn = {.fd = zmq_msg_get(message, ZMQ_SRCFD), .peer_len = sizeof conn.peer};

	if (conn.fd < 0 || getpeername(conn.fd, (struct sockaddr *)&conn.peer, &conn.peer_len))
		conn.fd = -1;
	return conn;
}

bool kl_conn_equal(const struct kl_conn *a, const struct kl_conn *b)
{
	return a->fd == b->fd && a->peer_len == b->peer_len &&
	       !memcmp(&a->peer, &b->peer, a->peer_len);
}

/* A descriptor with the same address and port at its other end is the same connection. */
void kl_conn_cut(const struct kl_conn *conn)
{
	struct kl_conn here = {.fd = conn->fd, .peer_len = sizeof here.peer};

	if (conn->fd < 0 || getpeername(here.fd, (struct sockaddr *)&here.peer, &here.peer_len) ||
		!kl_conn_equal(&here, conn))
		return;
	(void)shutdown(conn->fd, SHUT_RDWR); /* if it has gone just now, all the better */
}

static void cut(struct kl_cut *item)
{
	kl_conn_cut(&item->conn);
	item->used = false;
}

static struct kl_cut *sooner(struct kl_cut *a, struct kl_cut *b)
{
	return a && a->at_ms <= b->at_ms ? a : b;
}

/* A place for one more, by cutting the one that is due first if need be. */
static struct kl_cut *place(struct kl_conns *conns, const struct kl_id *member)
{
	struct kl_cut *first = NULL, *of_member = NULL, *free_place = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < KL_CONNS_MAX; i++) {
		struct kl_cut *item = &conns->items[i];

		if (!item->used) {
			free_place = item;
			continue;
		}
		first = sooner(first, item);
		if (!kl_id_equal(&item->member, member))
			continue;
		of_member = sooner(of_member, item);
		n++;
	}
	if (n < KL_CONNS_MEMBER_MAX && free_place)
		return free_place;
	first = n < KL_CONNS_MEMBER_MAX ? first : of_member;
	cut(first);
	return first;
}

void kl_conns_add(struct kl_conns *conns, const struct kl_conn *conn, const struct kl_id *member,
	uint64_t at_ms)
{
	struct kl_cut *item;

	if (conn->fd < 0)
		return;
	item = place(conns, member);
	*item = (struct kl_cut){true, *conn, *member, at_ms};
}

void kl_conns_forget(struct kl_conns *conns, const struct kl_conn *conn)
{
	for (size_t i = 0; i < KL_CONNS_MAX; i++)
		if (conns->items[i].used && kl_conn_equal(&conns->items[i].conn, conn))
			conns->items[i].used = false;
}

void kl_conns_due(struct kl_conns *conns, uint64_t now_ms)
{
	for (size_t i = 0; i < KL_CONNS_MAX; i++)
		if (conns->items[i].used && now_ms >= conns->items[i].at_ms)
			cut(&conns->items[i]);
}

bool kl_shakes_may(struct kl_shakes *shakes, const struct kl_id *member, uint64_t now_ms)
{
	unsigned n = 0;

	for (size_t i = 0; i < KL_SHAKES_MAX; i++)
		n += shakes->items[i].at_ms && now_ms - shakes->items[i].at_ms < KL_SHAKES_MS &&
		     kl_id_equal(&shakes->items[i].member, member);
	if (n >= KL_SHAKES_MEMBER_MAX)
		return false;
	shakes->items[shakes->next] = (struct kl_shake){*member, now_ms ? now_ms : 1};
	shakes->next = (shakes->next + 1) % KL_SHAKES_MAX;
	return true;
}
