/* Who may connect: the handler that libzmq asks at every CURVE handshake (ZAP, RFC 27 of ZeroMQ).
 *
 * It has to be there when the port is opened: a libzmq that finds nobody to ask lets in whoever
 * knows the server's public key. It is asked at the handshake only; who is removed later keeps a live link
 * until the endpoint is bound anew (links.h). */
#ifndef KL_DAEMON_ZAP_H
#define KL_DAEMON_ZAP_H

#include "core/error.h"
#include "daemon/zloop.h"

struct kl_zap;

/* Whether a CURVE key (32 bytes) may come in, and as whom: the id becomes the User-Id of every
 * message on the link, as hex. */
typedef bool kl_zap_fn(void *context, const uint8_t curve_key[32], struct kl_id *ret_identity);

int kl_zap_new(struct kl_zloop *loop, void *zmq, kl_zap_fn *admits, void *context,
	struct kl_fault *fault, struct kl_zap **ret_zap);

/* Closes and frees it; NULL is accepted. */
void kl_zap_close(struct kl_zap *zap);

/* Handshakes that were refused so far. */
uint64_t kl_zap_refused(const struct kl_zap *zap);

#endif
