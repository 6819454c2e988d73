/* Links: encrypted connections to peers, both ways, over one port.
 *
 * in        a peer called us: one ROUTER socket for all of them, if this member can be reached
 * out       we call a peer: one DEALER socket each, dialled again whenever the connection is lost
 * link      a number below KL_SYNC_LINKS_MAX: in below 64, out from there on
 * silent    an incoming link that said nothing for four heartbeats is taken to be down; the ROUTER
 *           itself would never tell
 *
 * Who a peer is says its CURVE key, checked at the handshake (zap.h) or dialled on purpose; the
 * newer of two incoming links of one member replaces the older. A link comes in with a greeting:
 * what trickles in behind an older connection does not bring it back. Connections that no link needs
 * any more are cut (conns.h), and with them goes what waits to be sent there. */
#ifndef KL_DAEMON_LINKS_H
#define KL_DAEMON_LINKS_H

#include "core/sign.h"
#include "daemon/zloop.h"
#include "protocol/ticket.h"

enum { KL_LINKS_IN = 64, KL_LINKS_OUT = 8, KL_LINKS_MAX = KL_LINKS_IN + KL_LINKS_OUT };

struct kl_links;

struct kl_links_hooks {
	void *context;
	/* Whether the holder of a CURVE key may come in, and who that is. */
	bool (*admits)(void *context, const uint8_t curve_key[32], struct kl_id *ret_member);
	/* Whether a member may (still) be linked with. */
	bool (*knows)(void *context, const struct kl_id *member);
	void (*up)(void *context, uint32_t link, const struct kl_id *member, bool called);
	void (*down)(void *context, uint32_t link);
	void (*frame)(void *context, uint32_t link, struct kl_bytes bytes);
};

struct kl_links_config {
	struct kl_zloop *loop;
	void *zmq;
	const struct kl_box_keys *keys; /* borrowed, while the links live */
	const char *bind;               /* empty: nobody can call us */
	uint32_t beat_ms;
};

/* Sets up admission, then binds. KL_E_CONFIG for an address that cannot be bound: the fault says
 * why and what to do. */
int kl_links_new(const struct kl_links_config *config, const struct kl_links_hooks *hooks,
	struct kl_fault *fault, struct kl_links **ret_links);

/* Where we really listen, such as tcp://127.0.0.1:40123; empty if nowhere. */
const char *kl_links_endpoint(const struct kl_links *links);

/* Keeps a connection to a member at an endpoint from now on. A second call for the same address and
 * key changes nothing. KL_E_RANGE when all KL_LINKS_OUT are taken, KL_E_IO. */
int kl_links_call(
	struct kl_links *links, const struct kl_endpoint *endpoint, const struct kl_id *member);

/* Stops calling an endpoint. */
void kl_links_hang_up(struct kl_links *links, size_t out);

/* What out-link number `out` (0..KL_LINKS_OUT-1) calls; NULL if nothing. */
struct kl_out_view {
	const struct kl_endpoint *endpoint;
	struct kl_id member;
	bool up, refused; /* refused: the other side does not know our key (yet) */
	uint64_t down_ms; /* since when it is not up; 0 while it is */
};
bool kl_links_out(const struct kl_links *links, size_t out, struct kl_out_view *ret_view);

/* Whether any link with the member is up. */
bool kl_links_with(const struct kl_links *links, const struct kl_id *member);

/* Sends, or drops if the socket does not take it: peers ask again. How much waits for a peer that
 * does not read is the caller's to bound. */
void kl_links_send(struct kl_links *links, uint32_t link, struct kl_bytes bytes);

/* Calls `up` for each link that is up, as if it had come up just now and we had called: for a network
 * that was opened anew. */
void kl_links_again(struct kl_links *links);

/* Forgets a link; `down` is not called. For `pause_ms` the peer is not dialled, nor listened to when
 * it calls: a minute for who broke the protocol, nothing for who was merely silent. */
void kl_links_drop(struct kl_links *links, uint32_t link, uint32_t pause_ms);

/* The roster changed: links with members that are no longer known are cut at once. The port is
 * bound anew for that, so the others reconnect within a moment. */
void kl_links_review(struct kl_links *links);

/* Handshakes refused so far. */
uint64_t kl_links_refused(const struct kl_links *links);

/* Ends admission, and so everything that comes in: libzmq lets everybody shake hands when nobody
 * answers for it, but nothing of a connection that nobody vouched for is taken. Links that are up
 * stay. For tests, and for closing. */
void kl_links_end_admission(struct kl_links *links);

/* Closes everything and frees it; no hook is called any more. NULL is accepted. */
void kl_links_close(struct kl_links *links);

#endif
